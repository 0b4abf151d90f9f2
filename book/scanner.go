package book

import (
	"strings"
	"unicode/utf8"
)

const (
	maxDepth = 16
	maxInt   = 1 << 53
	// crowded: above so many keys an object's doubles are looked for in a map, so that no entry costs quadratic time.
	crowded = 24
)

// scanner walks JSON in the one exact form. Its methods return false after noting the first fault.
type scanner struct {
	b      []byte
	i      int
	open   int // keys in use of room
	room   [crowded]span
	rest   []span // keys beyond room, when objects are nested or crowded
	at     int
	reason Reason
	name   string
}

func (s *scanner) fail() error { return &ScanError{Offset: s.at, Reason: s.reason, Key: s.name} }

func (s *scanner) fault(at int, why Reason, key string) bool {
	if at >= len(s.b) && why != TooLong {
		at, why = len(s.b), CutShort
	}
	s.at, s.reason, s.name = at, why, key
	return false
}

// peek gives the next byte, 0 at the end (0 is refused everywhere).
func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

// spaceOr names blanks as such: the commonest way in which a copy differs.
func (s *scanner) spaceOr(why Reason) Reason {
	switch s.peek() {
	case ' ', '\t', '\n', '\r':
		return Whitespace
	}
	return why
}

func (s *scanner) byte(c byte) bool {
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return s.fault(s.i, s.spaceOr(Syntax), "")
}

func (s *scanner) literal(word string) bool {
	if len(s.b)-s.i >= len(word) && text(s.b[s.i:s.i+len(word)]) == word {
		s.i += len(word)
		return true
	}
	return s.fault(s.i, Syntax, "")
}

// value reads any value; depth is the level that an array or object here would have.
func (s *scanner) value(depth int) bool {
	switch c := s.peek(); {
	case c == '"':
		return s.str()
	case c == '{':
		return s.object(depth)
	case c == '[':
		return s.array(depth)
	case c == '-' || isDigit(c):
		_, ok := s.integer()
		return ok
	case c == 't':
		return s.literal("true")
	case c == 'f':
		return s.literal("false")
	case c == 'n':
		return s.literal("null")
	}
	return s.fault(s.i, s.spaceOr(Syntax), "")
}

func (s *scanner) array(depth int) bool {
	if depth > maxDepth {
		return s.fault(s.i, TooDeep, "")
	}
	s.i++
	if s.peek() == ']' {
		s.i++
		return true
	}
	for {
		if !s.value(depth + 1) {
			return false
		}
		if s.peek() == ']' {
			s.i++
			return true
		}
		if !s.byte(',') {
			return false
		}
	}
}

func (s *scanner) object(depth int) bool {
	if depth > maxDepth {
		return s.fault(s.i, TooDeep, "")
	}
	s.i++
	if s.peek() == '}' {
		s.i++
		return true
	}
	keys := keySet{s: s, open: s.open, more: len(s.rest)}
	for {
		from := s.i
		if s.peek() != '"' {
			return s.fault(s.i, s.spaceOr(Syntax), "")
		}
		if !s.str() {
			return false
		}
		if !keys.add(span{from, s.i}) {
			return s.fault(from, KeyDoubled, string(s.b[from+1:s.i-1]))
		}
		if !s.byte(':') || !s.value(depth+1) {
			return false
		}
		if s.peek() == '}' {
			s.i++
			keys.close()
			return true
		}
		if !s.byte(',') {
			return false
		}
	}
}

// keySet finds doubled keys of one object. Escapes have one form, so equal bytes are equal keys.
type keySet struct {
	s          *scanner
	open, more int // where the object's keys begin in room and more
	n          int
	seen       map[string]bool
}

func (k *keySet) add(p span) bool {
	key := text(k.s.b[p.from:p.to])
	if k.seen != nil {
		if k.seen[key] {
			return false
		}
		k.seen[key] = true
		return true
	}
	for _, q := range k.s.room[k.open:k.s.open] {
		if text(k.s.b[q.from:q.to]) == key {
			return false
		}
	}
	for _, q := range k.s.rest[k.more:] {
		if text(k.s.b[q.from:q.to]) == key {
			return false
		}
	}
	k.note(p)
	return true
}

func (k *keySet) note(p span) {
	k.n++
	if k.n > crowded {
		k.crowd(p)
		return
	}
	if k.s.open < len(k.s.room) && len(k.s.rest) == k.more {
		k.s.room[k.s.open] = p
		k.s.open++
		return
	}
	k.s.rest = append(k.s.rest, p)
}

// crowd moves on to a map.
func (k *keySet) crowd(p span) {
	k.seen = map[string]bool{text(k.s.b[p.from:p.to]): true}
	for _, q := range k.s.room[k.open:k.s.open] {
		k.seen[text(k.s.b[q.from:q.to])] = true
	}
	for _, q := range k.s.rest[k.more:] {
		k.seen[text(k.s.b[q.from:q.to])] = true
	}
}

func (k *keySet) close() { k.s.open, k.s.rest = k.open, k.s.rest[:k.more] }

// integer reads -?(0|[1-9][0-9]*) with at most 2^53 as magnitude.
func (s *scanner) integer() (int64, bool) {
	from := s.i
	if s.peek() == '-' {
		s.i++
	}
	first := s.i
	n := int64(0)
	for s.i < len(s.b) && isDigit(s.b[s.i]) {
		if n <= maxInt { // beyond that it is refused anyway; no overflow
			n = n*10 + int64(s.b[s.i]-'0')
		}
		s.i++
	}
	negative := first > from
	switch c := s.peek(); {
	case s.i == first:
		return 0, s.fault(s.i, s.spaceOr(Syntax), "")
	case c == '.':
		return 0, s.fault(from, Float, "")
	case c == 'e' || c == 'E':
		return 0, s.fault(from, Exponent, "")
	case s.b[first] == '0' && s.i > first+1:
		return 0, s.fault(from, LeadingZero, "")
	case negative && n == 0:
		return 0, s.fault(from, MinusZero, "")
	case n > maxInt:
		return 0, s.fault(from, IntegerRange, "")
	case negative:
		return -n, true
	}
	return n, true
}

// inString: bytes of a string that need no second look.
var inString = tableOf(func(c byte) bool { return c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' })

// str reads a string with its quotes.
func (s *scanner) str() bool {
	b, i := s.b, s.i+1
	for {
		for i < len(b) && inString[b[i]] {
			i++
		}
		if i == len(b) {
			return s.fault(i, CutShort, "")
		}
		switch c := b[i]; {
		case c == '"':
			s.i = i + 1
			return true
		case c == '\\':
			n, why := escape(b[i:])
			if why != "" {
				return s.fault(i, why, "")
			}
			i += n
		case c < ' ':
			return s.fault(i, RawControl, "")
		default:
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				s.at, s.reason, s.name = i, BadUTF8, ""
				return false
			}
			i += n
		}
	}
}

// keyFault finds out what stands where key number k of row was expected.
func (s *scanner) keyFault(row *keyRow, k int) bool {
	if s.i >= len(s.b) {
		return s.fault(s.i, CutShort, row.names[k])
	}
	if s.b[s.i] != row.marks[k][0] {
		why := s.spaceOr(Syntax)
		if k > 0 && s.b[s.i] == '}' {
			why = KeyOrder
		}
		return s.fault(s.i, why, row.names[k])
	}
	s.i++
	if s.peek() != '"' {
		return s.fault(s.i, s.spaceOr(Syntax), row.names[k])
	}
	at := s.i
	if !s.str() {
		return false
	}
	key := string(s.b[at+1 : s.i-1])
	return s.fault(at, row.judge(key, k, s), key)
}

func (row *keyRow) judge(key string, k int, s *scanner) Reason {
	for j, n := range row.names {
		switch {
		case key == n && j < k:
			return KeyDoubled
		case key == n && j > k:
			return KeyOrder
		case key == n:
			return s.spaceOr(Syntax) // the right key without its colon
		case strings.EqualFold(key, n):
			return KeyCase
		}
	}
	return KeyUnknown
}
