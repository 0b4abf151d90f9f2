package book

import "time"

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
	cause                                 causeSpans // the last one
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
		s.key(&envelopeKeys, 1) && s.quoted(&f.kind, "kind", BadKind, &kindChar, isKind) &&
		s.key(&envelopeKeys, 2) && s.fixed(&f.member, 6, "member", BadMember, isMember) &&
		s.key(&envelopeKeys, 3) && s.quoted(&f.circle, "circle", BadCircle, &lowerChar, isCircle) &&
		s.key(&envelopeKeys, 4) && s.quoted(&f.org, "org", BadID, &idChar, fitsIDOrEmpty) &&
		s.key(&envelopeKeys, 5) && s.quoted(&f.person, "person", BadID, &idChar, fitsIDOrEmpty) &&
		s.key(&envelopeKeys, 6) && s.fixed(&f.at, len(timeLayout), "at", BadTime, isTime) &&
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

// quoted reads a string of characters of set that test accepts.
func (s *scanner) quoted(p *span, key string, why Reason, set *[256]bool, test func([]byte) bool) bool {
	if !s.byte('"') {
		return false
	}
	b, from, i := s.b, s.i, s.i
	for i < len(b) && set[b[i]] {
		i++
	}
	if i == len(b) {
		return s.fault(i, CutShort, key)
	}
	if b[i] != '"' || !test(b[from:i]) {
		return s.fault(from, why, key)
	}
	*p, s.i = span{from, i}, i+1
	return true
}

// fixed reads a string of n characters that test accepts; test refuses quotes.
func (s *scanner) fixed(p *span, n int, key string, why Reason, test func([]byte) bool) bool {
	if !s.byte('"') {
		return false
	}
	from, to := s.i, s.i+n
	if to >= len(s.b) {
		return s.fault(len(s.b), CutShort, key)
	}
	if s.b[to] != '"' || !test(s.b[from:to]) {
		return s.fault(from, why, key)
	}
	*p, s.i = span{from, to}, to+1
	return true
}

func (s *scanner) subjects(f *fields) bool {
	f.subjects.from = s.i
	if !s.byte('[') {
		return false
	}
	for s.peek() != ']' || f.nSubjects > 0 {
		var one span
		if !s.quoted(&one, "subjects", BadID, &idChar, fitsID) {
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
		if !s.cause(&f.cause) {
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
	if !s.key(&causeKeys, 0) || !s.quoted(&c.origin, "origin", BadOrigin, &originChar, isOrigin) || !s.key(&causeKeys, 1) {
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
	return s.key(&causeKeys, 2) && s.fixed(&c.leaf, hashText, "leaf", BadHash, isHash) && s.byte('}')
}

func (s *scanner) words(f *fields) bool {
	if s.peek() == 'n' {
		f.words = span{s.i, s.i}
		return s.literal("null")
	}
	return s.fixed(&f.words, hashText, "words", BadHash, isHash)
}

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
