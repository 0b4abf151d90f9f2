package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold is the form for comparing: NFKC (full-width letters, digits and signs become half-width),
// lower case, without any space. "工　作 任务" and "工作任务" are the same word.
func fold(s string) string {
	if plainASCII(s) {
		return strings.ToLower(strings.Join(strings.Fields(s), ""))
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func invisible(r rune) bool {
	return r == 0xFEFF || (r >= 0x200B && r <= 0x200F) || r == 0x2060 || r == 0xAD ||
		(unicode.IsControl(r) && r != '\n' && r != '\t')
}

var escaped = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// asShown is a cell's text as a person sees it: half-width digits and letters, one kind of line
// break, no invisible signs, no space at the ends. Chinese punctuation stays as written.
func asShown(s string) string {
	if strings.Contains(s, "_x") {
		s = escaped.ReplaceAllStringFunc(s, unescape)
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\v' || r == '\f' || r == 0x2028 || r == 0x2029 || r == 0x85:
			return '\n'
		case r == '\t' || r == 0xA0 || r == 0x3000 || (unicode.IsSpace(r) && r != '\n'):
			return ' '
		case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
			return r - 0xFEE0
		case invisible(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return trimLines(widePoint.ReplaceAllString(s, "$1.$2"))
}

// widePoint is a decimal point typed full-width between digits, as in １２．５.
var widePoint = regexp.MustCompile(`(\d)．(\d)`)

// unescape undoes the _x000D_ writing of control characters in workbooks.
func unescape(m string) string {
	n, err := strconv.ParseUint(m[2:6], 16, 32)
	if err != nil || n >= 0xD800 && n < 0xE000 {
		return m
	}
	return string(rune(n))
}

func trimLines(s string) string {
	if !strings.Contains(s, "\n") && !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	for _, l := range lines {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

// prose takes the spaces out that stand between Chinese characters: they align, they do not part words.
func prose(s string) string {
	if !strings.Contains(s, " ") {
		return s
	}
	in := []rune(s)
	out := make([]rune, 0, len(in))
	for i, r := range in {
		if r == ' ' && i > 0 && i+1 < len(in) && (wide(in[i-1]) || wide(in[i+1])) {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// oneLine joins the lines of a title: a break inside a title is there for the width of the cell.
func oneLine(s string) string {
	if !strings.Contains(s, "\n") {
		return prose(s)
	}
	return prose(strings.ReplaceAll(s, "\n", " "))
}

func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || (r >= 0x3000 && r <= 0x303F) || (r >= 0xFF00 && r <= 0xFF0F) ||
		(r >= 0xFF1A && r <= 0xFF20) || r == '“' || r == '”'
}

func length(s string) int { return len([]rune(s)) }

// columnName is "A" for 0, "AA" for 26.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

func cellName(row, col int) string { return columnName(col) + strconv.Itoa(row) }
