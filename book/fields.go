package book

import (
	"encoding/base64"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// span is a part of the scanned bytes.
type span struct{ from, to int }

func (p span) of(s string) string { return s[p.from:p.to] }

// fields tells where the parts of an entry stand, so that a checker can look at them without any allocation.
type fields struct {
	kind, member, circle, org, person, at span
	subjects                              span // with brackets
	subjectsAt                            int  // end of the head, which holds all short strings
	facts                                 span
	causes                                span // with brackets
	words                                 span // base64 without quotes; empty when null
	nSubjects, nCauses                    int
}

// The keys of the envelope in their one order, each with what must stand before its value.
var (
	envelopeKeys = keysOf("v", "kind", "member", "circle", "org", "person", "at", "subjects", "facts", "causes", "words")
	causeKeys    = keysOf("origin", "index", "leaf")
)

type keyRow struct{ names, marks []string }

func keysOf(names ...string) keyRow {
	row := keyRow{names: names}
	for i, n := range names {
		before := ","
		if i == 0 {
			before = "{"
		}
		row.marks = append(row.marks, before+`"`+n+`":`)
	}
	return row
}

// scanFields is the scanner of docs/reference/entry.md.
func scanFields(b []byte, f *fields) error {
	if len(b) > MaxEntry {
		return &ScanError{Offset: MaxEntry, Reason: TooLong}
	}
	s := scanner{b: b}
	ok := s.head(f) && s.body(f) && s.byte('}')
	if ok && s.i != len(b) {
		ok = s.fault(s.i, Trailing, "")
	}
	if !ok {
		return s.fail()
	}
	return nil
}

// head reads v to subjects.
func (s *scanner) head(f *fields) bool {
	return s.key(&envelopeKeys, 0) && s.version() &&
		s.key(&envelopeKeys, 1) && s.quoted(&f.kind, "kind", BadKind, isKind) &&
		s.key(&envelopeKeys, 2) && s.quoted(&f.member, "member", BadMember, isMember) &&
		s.key(&envelopeKeys, 3) && s.quoted(&f.circle, "circle", BadCircle, isCircle) &&
		s.key(&envelopeKeys, 4) && s.quoted(&f.org, "org", BadID, isIDOrEmpty) &&
		s.key(&envelopeKeys, 5) && s.quoted(&f.person, "person", BadID, isIDOrEmpty) &&
		s.key(&envelopeKeys, 6) && s.quoted(&f.at, "at", BadTime, isTime) &&
		s.key(&envelopeKeys, 7) && s.subjects(f)
}

// body reads facts to words.
func (s *scanner) body(f *fields) bool {
	return s.key(&envelopeKeys, 8) && s.facts(f) &&
		s.key(&envelopeKeys, 9) && s.causes(f) &&
		s.key(&envelopeKeys, 10) && s.words(f)
}

func (s *scanner) version() bool {
	if s.i+1 < len(s.b) && s.b[s.i] == '0'+Version && !isDigit(s.b[s.i+1]) {
		s.i++
		return true
	}
	return s.fault(s.i, BadVersion, "v")
}

// key expects the key number k of the row, with what precedes it.
func (s *scanner) key(row *keyRow, k int) bool {
	mark := row.marks[k]
	if len(s.b)-s.i >= len(mark) && text(s.b[s.i:s.i+len(mark)]) == mark {
		s.i += len(mark)
		return true
	}
	return s.keyFault(row, k)
}

// quoted reads a string of plain characters that test accepts.
func (s *scanner) quoted(p *span, key string, why Reason, test func([]byte) bool) bool {
	if !s.byte('"') {
		return false
	}
	from := s.i
	for s.i < len(s.b) && plain[s.b[s.i]] {
		s.i++
	}
	if s.i == len(s.b) {
		return s.fault(s.i, CutShort, key)
	}
	if s.b[s.i] != '"' || !test(s.b[from:s.i]) {
		return s.fault(from, why, key)
	}
	*p = span{from, s.i}
	s.i++
	return true
}

func (s *scanner) subjects(f *fields) bool {
	f.subjects.from = s.i
	if !s.byte('[') {
		return false
	}
	for s.peek() != ']' || f.nSubjects > 0 {
		var one span
		if !s.quoted(&one, "subjects", BadID, isID) {
			return false
		}
		f.nSubjects++
		if s.peek() == ']' {
			break
		}
		if !s.byte(',') {
			return false
		}
	}
	s.i++
	f.subjects.to, f.subjectsAt = s.i, s.i
	return true
}

func (s *scanner) facts(f *fields) bool {
	f.facts.from = s.i
	if s.peek() != '{' {
		return s.fault(s.i, s.spaceOr(BadFacts), "facts")
	}
	ok := s.value(2) // the envelope itself is the first level
	f.facts.to = s.i
	return ok
}

func (s *scanner) causes(f *fields) bool {
	f.causes.from = s.i
	if !s.byte('[') {
		return false
	}
	for s.peek() != ']' || f.nCauses > 0 {
		var one causeSpans
		if !s.cause(&one) {
			return false
		}
		f.nCauses++
		if s.peek() == ']' {
			break
		}
		if !s.byte(',') {
			return false
		}
	}
	s.i++
	f.causes.to = s.i
	return true
}

type causeSpans struct {
	origin, leaf span
	index        int64
}

// cause reads {"origin":…,"index":…,"leaf":…}.
func (s *scanner) cause(c *causeSpans) bool {
	if !s.key(&causeKeys, 0) || !s.quoted(&c.origin, "origin", BadOrigin, isOrigin) || !s.key(&causeKeys, 1) {
		return false
	}
	at := s.i
	n, ok := s.integer()
	if !ok {
		return false
	}
	if n < 0 {
		return s.fault(at, BadIndex, "index")
	}
	c.index = n
	return s.key(&causeKeys, 2) && s.quoted(&c.leaf, "leaf", BadHash, isHash) && s.byte('}')
}

func (s *scanner) words(f *fields) bool {
	if s.peek() == 'n' {
		f.words = span{s.i, s.i}
		return s.literal("null")
	}
	return s.quoted(&f.words, "words", BadHash, isHash)
}

// decodeHash reads 32 bytes in standard base64 whose unused bits are zero.
func decodeHash(b []byte) (h tlog.Hash, ok bool) {
	var room [33]byte
	if len(b) != 44 {
		return h, false
	}
	n, err := base64Strict.Decode(room[:], b)
	copy(h[:], room[:])
	return h, err == nil && n == len(h)
}

var base64Strict = base64.StdEncoding.Strict()

func isHash(b []byte) bool { _, ok := decodeHash(b); return ok }

// parseTime reads the form that isTime accepts.
func parseTime(b []byte) time.Time {
	return time.Date(number(b[:4]), time.Month(number(b[5:7])), number(b[8:10]),
		number(b[11:13]), number(b[14:16]), number(b[17:19]), number(b[20:23])*int(time.Millisecond), time.UTC)
}

// number reads digits that were checked before.
func number(b []byte) int {
	n := 0
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n
}
