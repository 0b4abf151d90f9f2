package node

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MostName is how long the name of a member or a circle may be, in bytes.
const MostName = 200

// IsName tells whether a text may name a member or a circle to others: one line of a sensible length, so that nothing on a page or a
// terminal stands for something else.
func IsName(s string) bool {
	return s != "" && len(s) <= MostName && strings.TrimSpace(s) == s && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
