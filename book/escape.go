package book

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// escape judges the escape at the start of b in the one exact form: \" \\ \b \t \n \f \r, and \u00xx in lower
// case for the other control characters but U+0000, which one of the stores cannot hold.
func escape(b []byte) (n int, why Reason) {
	if len(b) < 2 {
		return 0, CutShort
	}
	if bytes.IndexByte([]byte(`"\btnfr`), b[1]) >= 0 {
		return 2, ""
	}
	r, n, why := unescape(b)
	if why != "" {
		return 0, why
	}
	if want := appendEscaped(nil, r); !bytes.Equal(want, b[:n]) {
		return 0, LongEscape
	}
	return n, ""
}

// unescape reads any escape of JSON at the start of b.
func unescape(b []byte) (r rune, n int, why Reason) {
	if len(b) < 2 {
		return 0, 0, CutShort
	}
	if at := bytes.IndexByte([]byte(`"\/btnfr`), b[1]); at >= 0 {
		return rune("\"\\/\b\t\n\f\r"[at]), 2, ""
	}
	if b[1] != 'u' {
		return 0, 0, Syntax
	}
	r, why = hex4(b)
	switch {
	case why != "":
		return 0, 0, why
	case r == 0:
		return 0, 0, NulCharacter
	case !utf16.IsSurrogate(r):
		return r, 6, ""
	}
	if len(b) < 8 || b[6] != '\\' || b[7] != 'u' {
		return 0, 0, LoneSurrogate
	}
	low, why := hex4(b[6:])
	if why != "" {
		return 0, 0, why
	}
	if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
		return 0, 0, LoneSurrogate
	}
	return r, 12, ""
}

// hex4 reads the four digits of \uXXXX.
func hex4(b []byte) (r rune, why Reason) {
	if len(b) < 6 {
		return 0, CutShort
	}
	for _, c := range b[2:6] {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, Syntax
		}
		r = r<<4 | rune(c)
	}
	return r, ""
}

// appendEscaped writes one character of a string in its one form.
func appendEscaped(b []byte, r rune) []byte {
	const named = "\"\\\b\t\n\f\r"
	if at := bytes.IndexRune([]byte(named), r); at >= 0 {
		return append(b, '\\', `"\btnfr`[at])
	}
	if r < ' ' {
		const hex = "0123456789abcdef"
		return append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
	}
	return utf8.AppendRune(b, r)
}

// appendShortest copies JSON and writes each escape in its one form. What is wrong with it stays wrong and is
// left to the scanner to name: an escape outside a text is none.
func appendShortest(dst, b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return append(dst, b...)
	}
	text := false
	for {
		at := bytes.IndexAny(b, `"\`)
		if at < 0 {
			return append(dst, b...)
		}
		if b[at] == '"' {
			text = !text
			dst, b = append(dst, b[:at+1]...), b[at+1:]
			continue
		}
		dst, b = append(dst, b[:at]...), b[at:]
		r, n, why := unescape(b)
		if why != "" || !text {
			return append(dst, b...)
		}
		dst, b = appendEscaped(dst, r), b[n:]
	}
}
