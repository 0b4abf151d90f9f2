package book

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
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
	d := decoder{scanner: scanner{b: raw}}
	if d.peek() != '{' {
		return &ScanError{Reason: BadFacts}
	}
	ok := p.read(&d, to.Elem(), 1)
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

// decoder is a scanner that also remembers the error of a type that reads itself.
type decoder struct {
	scanner
	err error
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

// readList reads [ … ], calling item before each value.
func (d *decoder) readList(depth int, item func(n int) bool) bool {
	if d.peek() != '[' {
		return d.wrongType()
	}
	if depth > maxDepth {
		return d.fault(d.i, TooDeep, "")
	}
	d.i++
	if d.peek() == ']' {
		d.i++
		return true
	}
	for n := 0; ; n++ {
		if !item(n) {
			return false
		}
		if d.peek() == ']' {
			d.i++
			return true
		}
		if !d.byte(',') {
			return false
		}
	}
}

// readKeys reads { … }, calling field behind each key's colon.
func (d *decoder) readKeys(depth int, field func(at int, key []byte) bool) bool {
	if d.peek() != '{' {
		return d.wrongType()
	}
	if depth > maxDepth {
		return d.fault(d.i, TooDeep, "")
	}
	d.i++
	if d.peek() == '}' {
		d.i++
		return true
	}
	for {
		at := d.i
		if d.peek() != '"' {
			return d.fault(at, d.spaceOr(Syntax), "")
		}
		if !d.str() {
			return false
		}
		key := d.b[at+1 : d.i-1]
		if !d.byte(':') || !field(at, key) {
			return false
		}
		if d.peek() == '}' {
			d.i++
			return true
		}
		if !d.byte(',') {
			return false
		}
	}
}
