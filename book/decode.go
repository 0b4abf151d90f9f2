package book

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// DecodeFacts reads facts or words into the struct that v points to. It is strict: what Scan refuses in facts is
// refused (but escapes need not be the shortest, since words are kept as they were written), and so are keys that
// the struct does not have in exactly this case, values of another type, null where the field cannot be absent, and
// numbers that do not fit. Keys that are missing leave their fields as they are. Struct tags are those of
// encoding/json; types with UnmarshalJSON or UnmarshalText read themselves. The error is a *ScanError, or that of
// such a type.
func DecodeFacts(raw []byte, v any) error {
	to := reflect.ValueOf(v)
	if to.Kind() != reflect.Pointer || to.IsNil() || to.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("decode facts into %T: not a pointer to a struct", v)
	}
	p, err := planFor(to.Type().Elem())
	if err != nil {
		return err
	}
	if bytes.IndexByte(raw, '\\') >= 0 {
		raw = appendShortest(make([]byte, 0, len(raw)), raw)
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.b = raw
	if d.peek() != '{' {
		return &ScanError{Reason: BadFacts}
	}
	ok := p.read(d, to.Elem(), 1)
	if ok && d.i != len(raw) {
		ok = d.fault(d.i, Trailing, "")
	}
	switch {
	case ok:
		return nil
	case d.err != nil:
		return d.err
	}
	return d.fail()
}

// decoders are used again: a rebuild decodes millions of facts.
var decoders = sync.Pool{New: func() any { return &decoder{} }}

// decoder is a scanner that also remembers the error of a type that reads itself.
type decoder struct {
	scanner
	err error
}

// release keeps nothing of what was read.
func (d *decoder) release() {
	d.b, d.i, d.err, d.name, d.open, d.rest = nil, 0, nil, "", 0, d.rest[:0]
	decoders.Put(d)
}

func (d *decoder) wrongType() bool { return d.fault(d.i, d.spaceOr(WrongType), "") }

func (d *decoder) readString(v reflect.Value, _ int) bool {
	s, ok := d.stringValue()
	if ok {
		v.SetString(s)
	}
	return ok
}

// stringValue reads a string without its quotes and escapes.
func (d *decoder) stringValue() (string, bool) {
	if d.peek() != '"' {
		return "", d.wrongType()
	}
	from := d.i + 1
	if !d.str() {
		return "", false
	}
	return plainText(d.b[from : d.i-1]), true
}

// plainText undoes the escapes of a string that was scanned.
func plainText(b []byte) string {
	at := bytes.IndexByte(b, '\\')
	if at < 0 {
		return string(b)
	}
	var s strings.Builder
	for ; at >= 0; at = bytes.IndexByte(b, '\\') {
		r, n, _ := unescape(b[at:])
		s.Write(b[:at])
		s.WriteRune(r)
		b = b[at+n:]
	}
	s.Write(b)
	return s.String()
}

func (d *decoder) readBool(v reflect.Value, _ int) bool {
	switch d.peek() {
	case 't':
		v.SetBool(true)
		return d.literal("true")
	case 'f':
		v.SetBool(false)
		return d.literal("false")
	}
	return d.wrongType()
}

func (d *decoder) readInt(v reflect.Value, _ int) bool {
	at := d.i
	n, ok := d.number()
	if ok && v.OverflowInt(n) {
		return d.fault(at, IntegerRange, "")
	}
	if ok {
		v.SetInt(n)
	}
	return ok
}

func (d *decoder) readUint(v reflect.Value, _ int) bool {
	at := d.i
	n, ok := d.number()
	if ok && (n < 0 || v.OverflowUint(uint64(n))) {
		return d.fault(at, IntegerRange, "")
	}
	if ok {
		v.SetUint(uint64(n))
	}
	return ok
}

func (d *decoder) number() (int64, bool) {
	if c := d.peek(); c != '-' && !isDigit(c) {
		return 0, d.wrongType()
	}
	return d.integer()
}

// readText is for types with UnmarshalText.
func (d *decoder) readText(v reflect.Value, _ int) bool {
	s, ok := d.stringValue()
	if ok {
		d.err = v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
	}
	return ok && d.err == nil
}

// readRaw keeps a value as it stands, once it was found to be in order.
func (d *decoder) readRaw(v reflect.Value, depth int) bool {
	from := d.i
	ok := d.value(depth)
	if ok {
		v.SetBytes(bytes.Clone(d.b[from:d.i]))
	}
	return ok
}

// readJSON is for types with UnmarshalJSON and for the few shapes left to encoding/json.
func (d *decoder) readJSON(v reflect.Value, depth int) bool {
	from := d.i
	if !d.value(depth) {
		return false
	}
	d.err = json.Unmarshal(d.b[from:d.i], v.Addr().Interface())
	return d.err == nil
}

// enter reads the bracket that begins a list or object, and also its end when nothing is in it.
func (d *decoder) enter(begin, end byte, depth int) (empty, ok bool) {
	if d.peek() != begin {
		return false, d.wrongType()
	}
	if depth > maxDepth {
		return false, d.fault(d.i, TooDeep, "")
	}
	d.i++
	if d.peek() == end {
		d.i++
		return true, true
	}
	return false, true
}

// more reads the comma before a next part, or the end.
func (d *decoder) more(end byte) (more, ok bool) {
	if d.peek() == end {
		d.i++
		return false, true
	}
	return true, d.byte(',')
}

// key reads a key with its colon.
func (d *decoder) key() (at int, key []byte, ok bool) {
	at = d.i
	if d.peek() != '"' {
		return at, nil, d.fault(at, d.spaceOr(Syntax), "")
	}
	if !d.str() {
		return at, nil, false
	}
	key = d.b[at+1 : d.i-1]
	return at, key, d.byte(':')
}
