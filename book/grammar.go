package book

// Sets of characters as tables: one look-up a byte.
var (
	idChar = tableOf(func(c byte) bool {
		return isLetter(c) || isDigit(c) || c == '.' || c == '_' || c == ':' || c == '-'
	})
	lowerChar  = tableOf(func(c byte) bool { return isLower(c) || isDigit(c) || c == '-' })
	kindChar   = tableOf(func(c byte) bool { return lowerChar[c] || c == '.' || c == '/' })
	originChar = tableOf(func(c byte) bool { return idChar[c] || c == '/' })
)

func tableOf(in func(byte) bool) (t [256]bool) {
	for c := range t {
		t[c] = in(byte(c))
	}
	return t
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isLetter(c byte) bool { return isLower(c|0x20) && c >= 'A' }

func all(b []byte, set *[256]bool) bool {
	for _, c := range b {
		if !set[c] {
			return false
		}
	}
	return true
}

// fitsID: opaque ids, [A-Za-z0-9._:-]{1,64}; the characters were looked at before.
func fitsID(b []byte) bool { return len(b) > 0 && len(b) <= 64 }

func fitsIDOrEmpty(b []byte) bool { return len(b) <= 64 }

// isMember: a GB/T 2260 code (县级以上行政区划代码) has six digits, the first of which is not 0.
func isMember(b []byte) bool {
	if len(b) != 6 || b[0] == '0' {
		return false
	}
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

// isCircle: [a-z][a-z0-9-]{0,31}; it is part of origins and addresses.
func isCircle(b []byte) bool {
	return len(b) > 0 && len(b) <= 32 && isLower(b[0]) && all(b, &lowerChar)
}

// isKind: names of [a-z][a-z0-9-]* joined by dots, a slash, the version from 1 to 999; at most 64 bytes.
func isKind(b []byte) bool {
	if len(b) > 64 {
		return false
	}
	start := true
	for i, c := range b {
		switch {
		case start && !isLower(c):
			return false
		case start:
			start = false
		case c == '.':
			start = true
		case c == '/':
			return isKindVersion(b[i+1:])
		case !lowerChar[c]:
			return false
		}
	}
	return false
}

func isKindVersion(b []byte) bool {
	if len(b) == 0 || len(b) > 3 || b[0] == '0' {
		return false
	}
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

// isOrigin: one or more names of id characters, each followed by a slash, and a circle; at most 255 bytes.
func isOrigin(b []byte) bool {
	if len(b) > 255 {
		return false
	}
	part := 0
	for i, c := range b {
		if c == '/' {
			if i == part {
				return false
			}
			part = i + 1
		} else if !idChar[c] {
			return false
		}
	}
	return part > 0 && isCircle(b[part:])
}

// IsID tells whether s may stand as organisation, person or subject: [A-Za-z0-9._:-]{1,64}.
func IsID(s string) bool { return fitsID([]byte(s)) && all([]byte(s), &idChar) }

// IsMember tells whether s has the form of a GB/T 2260 code.
func IsMember(s string) bool { return isMember([]byte(s)) }

// IsCircle tells whether s may name a circle: [a-z][a-z0-9-]{0,31}.
func IsCircle(s string) bool { return isCircle([]byte(s)) }

// IsOrigin tells whether s may name a book: "suining.example/suitong", at most 255 bytes.
func IsOrigin(s string) bool { return isOrigin([]byte(s)) }

// digitAt tells where timeLayout has digits.
var digitAt = [...]uint8{0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 22}

// isTime: a real moment from 1970 on, in UTC, with exactly three decimals; no leap seconds.
func isTime(b []byte) bool {
	if len(b) != len(timeLayout) {
		return false
	}
	b = b[:len(timeLayout)]
	if (b[4]^'-')|(b[7]^'-')|(b[10]^'T')|(b[13]^':')|(b[16]^':')|(b[19]^'.')|(b[23]^'Z') != 0 {
		return false
	}
	for _, at := range digitAt {
		if !isDigit(b[at]) {
			return false
		}
	}
	year, month, day := number(b[:4]), number(b[5:7]), number(b[8:10])
	return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) &&
		number(b[11:13]) < 24 && number(b[14:16]) < 60 && number(b[17:19]) < 60
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
