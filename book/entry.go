package book

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxEntry is the greatest length of an entry in bytes: c2sp.org/tlog-tiles writes lengths as uint16.
const MaxEntry = 65_535

// Version is the only version of the envelope so far.
const Version = 1

// Self is the circle of a member's own book (内部账), which no one else ever reads.
const Self = "self"

// timeLayout is the one form of Entry.At. Equal width makes the order of bytes the order of time.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Entry (记录) is the fact envelope: what stands in the log for ever.
type Entry struct {
	V        int             // version of the envelope: 1
	Kind     string          // name and version of the kind: "plan.report.accepted/1"
	Member   string          // who says it: GB/T 2260 code
	Circle   string          // circle id, or Self
	Org      string          // opaque id of the organisation, may be empty
	Person   string          // opaque id of the person, may be empty
	At       time.Time       // UTC, whole milliseconds
	Subjects []string        // ids of what it is about, may be empty
	Facts    json.RawMessage // JSON object; decimals are strings; nil stands for {}
	Causes   []Cause         // the entries it answers, may be empty
	Words    *Commitment     // commitment to the words beside the log, nil when there are none
}

// Cause (起因) names the entry that this one answers.
type Cause struct {
	Origin string    // the book: ORIGIN/circle
	Index  int64     // from 0
	Leaf   tlog.Hash // LeafHash of that entry
}

// Bytes gives the one exact form of e. It refuses, with a *ScanError, whatever Scan would refuse. Facts as
// json.Marshal writes them are accepted: escapes that it adds (\u003c) are written in their shortest form.
func (e Entry) Bytes() ([]byte, error) {
	facts := []byte(e.Facts)
	if len(facts) == 0 {
		facts = []byte("{}")
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	b := make([]byte, 0, 256+len(facts)+128*len(e.Causes))
	b = strconv.AppendInt(append(b, `{"v":`...), int64(e.V), 10)
	b = appendQuoted(append(b, `,"kind":`...), e.Kind)
	b = appendQuoted(append(b, `,"member":`...), e.Member)
	b = appendQuoted(append(b, `,"circle":`...), e.Circle)
	b = appendQuoted(append(b, `,"org":`...), e.Org)
	b = appendQuoted(append(b, `,"person":`...), e.Person)
	b = append(b, `,"at":"`...)
	b = e.At.UTC().AppendFormat(b, timeLayout)
	b = appendSubjects(append(b, `","subjects":`...), e.Subjects)
	b = appendShortest(append(b, `,"facts":`...), facts)
	b = appendCauses(append(b, `,"causes":`...), e.Causes)
	b = appendWords(append(b, `,"words":`...), e.Words)
	b = append(b, '}')
	var f fields
	if err := scanFields(b, &f); err != nil {
		return nil, err
	}
	return b, nil
}

// check judges all that is written without escaping, so that no string can pose as structure. Offsets are unknown
// here and left 0.
func (e Entry) check() error {
	var why *ScanError
	need := func(ok bool, r Reason, key string) {
		if !ok && why == nil {
			why = &ScanError{Reason: r, Key: key}
		}
	}
	need(e.V == Version, BadVersion, "v")
	need(isKind([]byte(e.Kind)), BadKind, "kind")
	need(IsMember(e.Member), BadMember, "member")
	need(IsCircle(e.Circle), BadCircle, "circle")
	need(e.Org == "" || IsID(e.Org), BadID, "org")
	need(e.Person == "" || IsID(e.Person), BadID, "person")
	// Rounding silently would give the book another time than the caller has.
	need(e.At.Nanosecond()%int(time.Millisecond) == 0, BadTime, "at")
	for _, id := range e.Subjects {
		need(IsID(id), BadID, "subjects")
	}
	for _, c := range e.Causes {
		need(IsOrigin(c.Origin), BadOrigin, "origin")
		need(c.Index >= 0 && c.Index <= maxInt, BadIndex, "index")
	}
	if why != nil {
		return why
	}
	return nil
}

// appendQuoted writes a string that needs no escaping.
func appendQuoted(b []byte, s string) []byte {
	return append(append(append(b, '"'), s...), '"')
}

func appendSubjects(b []byte, ids []string) []byte {
	b = append(b, '[')
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, id)
	}
	return append(b, ']')
}

func appendCauses(b []byte, causes []Cause) []byte {
	b = append(b, '[')
	for i, c := range causes {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(append(b, `{"origin":`...), c.Origin)
		b = strconv.AppendInt(append(b, `,"index":`...), c.Index, 10)
		b = base64.StdEncoding.AppendEncode(append(b, `,"leaf":"`...), c.Leaf[:])
		b = append(b, `"}`...)
	}
	return append(b, ']')
}

func appendWords(b []byte, c *Commitment) []byte {
	if c == nil {
		return append(b, "null"...)
	}
	b = base64.StdEncoding.AppendEncode(append(b, '"'), c[:])
	return append(b, '"')
}

// Scan reads the one exact form in one pass. It refuses all else with a *ScanError that names offset and
// reason, so that e.Bytes() of what it returns equals b. The entry's Facts point into b: do not change b after.
func Scan(b []byte) (Entry, error) {
	var f fields
	if err := scanFields(b, &f); err != nil {
		return Entry{}, err
	}
	// One copy carries all short strings; they stay right even when the caller reuses b.
	head := string(b[:f.subjectsAt])
	e := Entry{
		V: Version, Kind: f.kind.of(head), Member: f.member.of(head), Circle: f.circle.of(head),
		Org: f.org.of(head), Person: f.person.of(head), At: parseTime(b[f.at.from:f.at.to]),
		Facts: json.RawMessage(b[f.facts.from:f.facts.to:f.facts.to]),
	}
	e.Subjects = readSubjects(head[f.subjects.from:f.subjects.to], f.nSubjects)
	switch f.nCauses {
	case 0:
	case 1:
		e.Causes = []Cause{f.cause.read(b)}
	default:
		e.Causes = readCauses(b[f.causes.from:f.causes.to], f.nCauses)
	}
	if f.words.to > f.words.from {
		c, _ := decodeHash(b[f.words.from:f.words.to])
		e.Words = (*Commitment)(&c)
	}
	return e, nil
}

// readSubjects cuts `["a","b"]`, which was scanned before.
func readSubjects(s string, n int) []string {
	if n == 0 {
		return nil
	}
	ids := make([]string, 0, n)
	for i := 2; i < len(s); {
		j := i
		for s[j] != '"' {
			j++
		}
		ids = append(ids, s[i:j])
		i = j + 3 // `","`
	}
	return ids
}

// readCauses reads the array of causes once more; it was found to be in order before.
func readCauses(b []byte, n int) []Cause {
	causes := make([]Cause, 0, n)
	s := scanner{b: b, i: 1}
	for range n {
		var p causeSpans
		s.cause(&p)
		causes = append(causes, p.read(b))
		s.i++ // comma or bracket
	}
	return causes
}

func (p causeSpans) read(b []byte) Cause {
	leaf, _ := decodeHash(b[p.leaf.from:p.leaf.to])
	return Cause{string(b[p.origin.from:p.origin.to]), p.index, leaf}
}

// LeafHash is the hash of an entry as a leaf of its book: SHA-256(0x00 ‖ entry), RFC 6962 section 2.1.
func LeafHash(entry []byte) tlog.Hash {
	var room [1024]byte // spares the streaming hash and its allocation for all but long entries
	return sum(append(append(room[:0], 0), entry...))
}

func sum(b []byte) tlog.Hash { return sha256.Sum256(b) }

// text shows b as a string without a copy; only for comparing while b stands still.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
