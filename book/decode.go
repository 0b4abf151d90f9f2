package book

import (
	"bytes"
	"encoding/json"
)

// DecodeFacts reads facts or words into the struct that v points to. It is strict: what Scan refuses in facts is
// refused (but escapes need not be the shortest, since words are kept as they were written), and so are keys that
// the struct does not have in exactly this case, and values of another type. Keys that are missing leave their
// fields as they are.
func DecodeFacts(raw []byte, v any) error {
	if bytes.IndexByte(raw, '\\') >= 0 {
		raw = appendShortest(make([]byte, 0, len(raw)), raw)
	}
	s := scanner{b: raw}
	if s.peek() != '{' {
		return &ScanError{Reason: BadFacts}
	}
	if !s.value(1) {
		return s.fail()
	}
	if s.i != len(raw) {
		return &ScanError{Offset: s.i, Reason: Trailing}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
