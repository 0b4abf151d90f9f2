package sheet

import (
	"strings"

	"liandong/rules/division"
)

// Side is a member (成员) a list may name: code of GB/T 2260, full name, other names.
type Side struct {
	Code    string
	Name    string
	Aliases []string
}

// sideBook finds sides by name.
type sideBook struct {
	self  string
	byKey map[string]string // folded name to code
	full  []Side            // longest name first is not needed: names of places do not begin each other
}

func newSideBook(d *Directory) *sideBook {
	b := &sideBook{self: d.Self, byKey: map[string]string{}}
	for _, s := range d.Sides {
		b.add(s)
	}
	// A list may name any place around before a colon; a directory's own sides come first.
	for _, p := range division.Known() {
		b.add(Side{Code: p.Code, Name: p.Name})
	}
	return b
}

func (b *sideBook) add(s Side) {
	b.full = append(b.full, s)
	for _, n := range append([]string{s.Name, shortPlace(s.Name), s.Name + "方", shortPlace(s.Name) + "方", s.Name + "人民政府", s.Name + "政府"}, s.Aliases...) {
		if k := fold(n); length(k) >= 2 {
			if _, taken := b.byKey[k]; !taken {
				b.byKey[k] = s.Code
			}
		}
	}
}

// shortPlace is 遂宁 for 遂宁市; names of two characters stay whole.
func shortPlace(name string) string {
	r := []rune(name)
	if len(r) > 2 && strings.ContainsRune("市区县州省", r[len(r)-1]) {
		return string(r[:len(r)-1])
	}
	return name
}

// code of the side a label names: "遂宁市", "潼南方", "我市". own is true for the list's own side.
func (b *sideBook) code(name string) (string, bool) {
	k := strings.TrimSuffix(fold(name), "侧")
	switch k {
	case "我市", "本市", "我区", "本区", "我县", "本县":
		if b.self != "" {
			return b.self, true
		}
	}
	c, ok := b.byKey[k]
	return c, ok
}

// before cuts a side's full name off the front: "潼南区责任单位" is 500152 and "责任单位".
func (b *sideBook) before(name string) (code, rest string) {
	for _, s := range b.full {
		if r, ok := strings.CutPrefix(name, s.Name); ok && r != "" {
			return s.Code, strings.TrimLeft(r, "方侧")
		}
	}
	return "", name
}

// shortBefore cuts a side's short name off the front: 遂宁经开区 is of 510900.
func (b *sideBook) shortBefore(name string) (code, rest string) {
	for _, s := range b.full {
		if short := shortPlace(s.Name); short != s.Name {
			if r, ok := strings.CutPrefix(name, short); ok {
				return s.Code, r
			}
		}
	}
	return "", name
}

// name of the side of a code; "" if it is not known.
func (b *sideBook) name(code string) string {
	for _, s := range b.full {
		if s.Code == code {
			return s.Name
		}
	}
	return ""
}
