package book

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// plan knows how to read one Go type; it is worked out once for each.
type plan struct {
	read     func(d *decoder, v reflect.Value, depth int) bool
	nullable bool
}

var plans sync.Map // reflect.Type → *plan

var (
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
	rawJSON    = reflect.TypeFor[json.RawMessage]()
)

func planFor(t reflect.Type) (*plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*plan), nil
	}
	m := planning{}
	p, err := m.plan(t)
	if err != nil {
		return nil, fmt.Errorf("decode facts into %s: %w", t, err)
	}
	for t, p := range m { // only whole plans are published
		plans.Store(t, p)
	}
	return p, nil
}

// planning holds the plans being made; a type that contains itself finds its own.
type planning map[reflect.Type]*plan

func (m planning) plan(t reflect.Type) (*plan, error) {
	if p, ok := m[t]; ok {
		return p, nil
	}
	p := &plan{}
	m[t] = p
	err := m.fill(p, t)
	return p, err
}

func (m planning) fill(p *plan, t reflect.Type) error {
	switch {
	case t == rawJSON:
		p.read, p.nullable = (*decoder).readRaw, false
		return nil
	case reflect.PointerTo(t).Implements(jsonReader):
		p.read = (*decoder).readJSON
		return nil
	case reflect.PointerTo(t).Implements(textReader):
		p.read = (*decoder).readText
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		p.read = (*decoder).readString
	case reflect.Bool:
		p.read = (*decoder).readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.read = (*decoder).readInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		p.read = (*decoder).readUint
	case reflect.Interface:
		p.read = (*decoder).readJSON
	case reflect.Struct:
		return m.structure(p, t)
	case reflect.Pointer, reflect.Slice, reflect.Map:
		p.nullable = true
		return m.container(p, t)
	default: // floats, above all
		return fmt.Errorf("%s cannot stand in facts", t)
	}
	return nil
}

func (m planning) container(p *plan, t reflect.Type) error {
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
		p.read = (*decoder).readJSON // base64
		return nil
	}
	elem, err := m.plan(t.Elem())
	switch t.Kind() {
	case reflect.Pointer:
		p.read = func(d *decoder, v reflect.Value, depth int) bool {
			v.Set(reflect.New(t.Elem()))
			return elem.field(d, v.Elem(), depth)
		}
	case reflect.Slice:
		p.read = elem.readSlice(t)
	case reflect.Map:
		if t.Key().Kind() != reflect.String || reflect.PointerTo(t.Key()).Implements(textReader) {
			return fmt.Errorf("%s: keys must be strings", t)
		}
		p.read = elem.readMap(t)
	}
	return err
}

// field reads a value, or null where the type can be absent.
func (p *plan) field(d *decoder, v reflect.Value, depth int) bool {
	if p.nullable && d.peek() == 'n' {
		v.SetZero()
		return d.literal("null")
	}
	return p.read(d, v, depth)
}

func (p *plan) readSlice(t reflect.Type) func(*decoder, reflect.Value, int) bool {
	return func(d *decoder, v reflect.Value, depth int) bool {
		empty, ok := d.enter('[', ']', depth)
		if empty || !ok {
			v.Set(reflect.MakeSlice(t, 0, 0))
			return ok
		}
		v.Set(reflect.MakeSlice(t, 0, 4))
		for more := true; more && ok; {
			n := v.Len()
			v.Grow(1)
			v.SetLen(n + 1)
			v.Index(n).SetZero()
			if ok = p.field(d, v.Index(n), depth+1); ok {
				more, ok = d.more(']')
			}
		}
		return ok
	}
}

func (p *plan) readMap(t reflect.Type) func(*decoder, reflect.Value, int) bool {
	return func(d *decoder, v reflect.Value, depth int) bool {
		v.Set(reflect.MakeMap(t))
		empty, ok := d.enter('{', '}', depth)
		for more := !empty; more && ok; {
			at, key, found := d.key()
			if !found {
				return false
			}
			k := reflect.ValueOf(plainText(key)).Convert(t.Key())
			if v.MapIndex(k).IsValid() {
				return d.fault(at, KeyDoubled, string(key))
			}
			one := reflect.New(t.Elem()).Elem()
			if ok = p.field(d, one, depth+1); ok {
				v.SetMapIndex(k, one)
				more, ok = d.more('}')
			}
		}
		return ok
	}
}

// member is a field of a struct.
type member struct {
	name  string
	index []int
	plan  *plan
}

func (m planning) structure(p *plan, t reflect.Type) error {
	var members []member
	for _, f := range reflect.VisibleFields(t) {
		name, ok := jsonName(f)
		if !ok {
			continue
		}
		fp, err := m.plan(f.Type)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		members = append(members, member{name, f.Index, fp})
	}
	if len(members) > 64 {
		return fmt.Errorf("%s has more than 64 fields", t)
	}
	p.read = func(d *decoder, v reflect.Value, depth int) bool { return readStruct(d, v, depth, members) }
	return nil
}

// jsonName is the key of a field by the rules of encoding/json; embedded structs lend their fields.
func jsonName(f reflect.StructField) (string, bool) {
	tag := f.Tag.Get("json")
	name, _, _ := strings.Cut(tag, ",")
	if tag == "-" || !f.IsExported() || f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
		return "", false
	}
	if name == "" {
		name = f.Name
	}
	return name, true
}

func readStruct(d *decoder, v reflect.Value, depth int, members []member) bool {
	seen, next := uint64(0), 0
	empty, ok := d.enter('{', '}', depth)
	for more := !empty; more && ok; {
		at, key, found := d.key()
		if !found {
			return false
		}
		i := find(members, next, key)
		if i < 0 {
			return d.fault(at, strangeKey(members, key), string(key))
		}
		if seen&(1<<i) != 0 {
			return d.fault(at, KeyDoubled, string(key))
		}
		seen, next = seen|1<<i, i+1
		if !members[i].read(d, v, depth+1) {
			return d.named(members[i].name)
		}
		more, ok = d.more('}')
	}
	return ok
}

// read reads the member's value into its field of v.
func (m *member) read(d *decoder, v reflect.Value, depth int) bool {
	for _, n := range m.index {
		v = v.Field(n)
	}
	return m.plan.field(d, v, depth)
}

// named adds the key to a fault that has none yet.
func (d *decoder) named(key string) bool {
	if d.name == "" {
		d.name = key
	}
	return false
}

// find looks from where the last key was found: facts come in the order of the struct's fields.
func find(members []member, next int, key []byte) int {
	for i := range members {
		if at := (next + i) % len(members); members[at].name == text(key) {
			return at
		}
	}
	return -1
}

func strangeKey(members []member, key []byte) Reason {
	for _, m := range members {
		if strings.EqualFold(m.name, string(key)) {
			return KeyCase
		}
	}
	return KeyUnknown
}
