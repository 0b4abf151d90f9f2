package sheet

import (
	"slices"
	"strings"

	"liandong/rules/division"
)

// Names answers single names from a directory as the reading of a list does.
type Names struct{ book *unitBook }

// NewNames makes ready to answer names; given are a person's answers as Shape.Units keeps them.
func NewNames(d *Directory, given map[string]string) *Names {
	return &Names{newUnitBook(d, newSideBook(d), given)}
}

// Member is the code of the member whose unit or group a name means; "" for a name that means none.
func (n *Names) Member(name string) string {
	m, d := n.book.match("", name), n.book.dir
	id := m.ID
	if taken, ok := m.Taken(); ok {
		id = taken
	}
	if i := slices.IndexFunc(d.Units, func(u Unit) bool { return id != "" && u.ID == id }); i >= 0 {
		return d.Units[i].Member
	}
	if i := slices.IndexFunc(d.Groups, func(g Group) bool { return id != "" && g.ID == id }); i >= 0 {
		return d.Groups[i].Member
	}
	return ""
}

// Place is the code of the other member whose name a name begins with; "" where it begins with none.
func (n *Names) Place(name string) string { return n.book.placeOf(name) }

// placeOf is the other member whose name a unit's name begins with: 绵阳市卫健委 is of 510700, whatever the directory
// knows. A part of the own place and what it is a part of are no others, unless they are named as sides.
func (b *unitBook) placeOf(name string) string {
	s, _ := strings.CutPrefix(plainName(name), "国家税务总局")
	if cut := provinces.ReplaceAllString(s, ""); cut != s && length(cut) > 3 {
		if code, rest := b.sides.before(cut); code != "" && rest != "" {
			s = cut
		}
	}
	code, ok := b.sides.code(s)
	if !ok {
		code, _ = b.sides.before(s)
	}
	self := b.dir.Self
	if code == "" || code == self || self == "" {
		return ""
	}
	if slices.ContainsFunc(b.dir.Sides, func(s Side) bool { return s.Code == code }) || division.Apart(self, code) {
		return code
	}
	return ""
}
