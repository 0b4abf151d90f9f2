package sheet

import "strings"

// guard keeps a text from being taken for a formula when the file is opened or saved as text: a
// quote goes before = + - @ and tabs (also their full-width forms). unguard takes it off again.
func guard(s string) string {
	if risky(s) || strings.HasPrefix(s, "'") && risky(s[1:]) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if strings.HasPrefix(s, "'") && (risky(s[1:]) || strings.HasPrefix(s[1:], "'") && risky(s[2:])) {
		return s[1:]
	}
	return s
}

func risky(s string) bool {
	if len(s) < 2 {
		return false // "-" stands for "none"
	}
	switch r := []rune(s[:min(len(s), 4)])[0]; r {
	case '=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠':
		return !plainNumber(s)
	}
	return false
}

// plainNumber: -12.5 is a figure, not a formula.
func plainNumber(s string) bool { return figure.MatchString(s) }
