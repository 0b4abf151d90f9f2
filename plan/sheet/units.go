package sheet

import (
	"cmp"
	"slices"
	"strings"
)

// Directory is what the node knows of organisations: the names a list may use.
type Directory struct {
	Self   string // GB/T 2260 code of the member whose list it is
	Units  []Unit
	Groups []Group
	Sides  []Side
}

// Unit is one organisation. Name is the usual short one (市发展改革委).
type Unit struct {
	ID      string
	Name    string
	Aliases []string
	Member  string // GB/T 2260 code
}

// Group is a name that stands for several units: 各县（市、区）人民政府.
type Group struct {
	ID      string
	Name    string
	Aliases []string
	Units   []string // ids
	Member  string
}

// UnitMatch is what the directory says to a name. ID is set when it is known; Group when the name
// stands for several; Proposals are near names, best first.
type UnitMatch struct {
	Name      string     `json:"name"`
	Side      string     `json:"side,omitempty"` // under which side it was read
	ID        string     `json:"id,omitempty"`
	Group     []string   `json:"group,omitempty"`
	By        string     `json:"by,omitempty"` // name, form, group, remembered, new
	Proposals []Proposal `json:"proposals,omitempty"`
	Of        string     `json:"of,omitempty"` // code of the member whose new unit it is taken for: 绵阳市卫健委
	Place     string     `json:"-"`            // code of the other member whose name it begins with, whatever a person said
	As        string     `json:"-"`            // the new unit's other name, if a person agreed to it
	Form      string     `json:"-"`            // of a name that is not known: names of one form and side are one unit
}

// Known says whether the name means an organisation or a group.
func (m UnitMatch) Known() bool { return m.ID != "" || len(m.Group) > 0 }

// AsNew stands in Shape.Units where a person said that a name means none of the units that are near
// it but a new one.
const AsNew = "new"

// NewUnit is that answer in full: new@510700:绵阳市卫生健康委 is the new unit of 绵阳市 that the file calls by that
// other name too. Without a member it is one of the list's own, or of the side that the cell named.
type NewUnit struct{ Of, As string }

// String is the answer as Shape.Units keeps it.
func (n NewUnit) String() string {
	s := AsNew
	if n.Of != "" {
		s += "@" + n.Of
	}
	if n.As != "" {
		s += ":" + n.As
	}
	return s
}

// OpensNew says that an answer of Shape.Units is a new unit, and which.
func OpensNew(answer string) (n NewUnit, ok bool) {
	rest, ok := strings.CutPrefix(answer, AsNew)
	if !ok || rest != "" && rest[0] != '@' && rest[0] != ':' {
		return n, false
	}
	of, as, _ := strings.Cut(rest, ":")
	return NewUnit{Of: strings.TrimPrefix(of, "@"), As: as}, true
}

// Taken is the unit that a name is taken for unless a person says otherwise: the nearest, if it is
// near enough and no other comes close.
func (m UnitMatch) Taken() (id string, ok bool) {
	if m.Known() || m.By == AsNew || len(m.Proposals) == 0 || m.Proposals[0].Score < takeFrom {
		return "", false
	}
	if len(m.Proposals) > 1 && m.Proposals[0].Score-m.Proposals[1].Score < takeLead-rounding {
		return "", false
	}
	return m.Proposals[0].ID, true
}

// Proposal is a near name. Score is between 0 and 1.
type Proposal struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Score float64 `json:"score"`
}

// UnitKey is the key of Resolved and of Shape.Units: the name, with its side before it where the
// cell named one.
func UnitKey(side, name string) string {
	if side == "" {
		return name
	}
	return side + "/" + name
}

// unitBook answers names from a directory.
type unitBook struct {
	dir     *Directory
	sides   *sideBook
	exact   map[string][]int // folded name to units
	form    map[string][]int // core form to units
	groups  map[string]int
	forms   [][]unitForm // of each unit, for near names
	given   map[string]string
	members map[string]bool // codes of those whose units stand in the directory
}

func newUnitBook(d *Directory, sides *sideBook, given map[string]string) *unitBook {
	b := &unitBook{dir: d, sides: sides, exact: map[string][]int{}, form: map[string][]int{}, groups: map[string]int{}, given: given, members: map[string]bool{d.Self: true}}
	for _, u := range d.Units {
		b.members[u.Member] = true
	}
	for i, u := range d.Units {
		var forms []unitForm
		for _, n := range append([]string{u.Name}, u.Aliases...) {
			b.exact[plainName(n)] = addOnce(b.exact[plainName(n)], i)
			f := b.formOf(n)
			if f.member == "" {
				f.member = u.Member
			}
			forms = append(forms, f)
			b.form[f.key()] = addOnce(b.form[f.key()], i)
		}
		b.forms = append(b.forms, forms)
	}
	for i, g := range d.Groups {
		for _, n := range append([]string{g.Name}, g.Aliases...) {
			b.groups[groupName(n)] = i
		}
	}
	return b
}

func addOnce(to []int, i int) []int {
	if slices.Contains(to, i) {
		return to
	}
	return append(to, i)
}

// plainName drops what does not tell units apart: spaces, width, brackets with a person.
func plainName(s string) string {
	s = fold(s)
	if cut := brackets.ReplaceAllString(s, ""); cut != "" && !strings.HasPrefix(s, "各") {
		s = cut
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "党组"), "党委")
	return strings.ReplaceAll(s, "人民政府", "政府")
}

var groupDrop = strings.NewReplacer("人民政府", "", "政府", "", "(", "", ")", "", "、", "", "/", "", "管委会", "")

func groupName(s string) string { return groupDrop.Replace(fold(s)) }

// match finds a name; side is the code the cell put before it, or "".
func (b *unitBook) match(side, name string) UnitMatch {
	m := UnitMatch{Name: name, Side: side}
	id, given := b.given[UnitKey(side, name)]
	fresh, opens := OpensNew(id)
	if given && !opens {
		m.ID, m.By = id, "remembered"
		if i := slices.IndexFunc(b.dir.Groups, func(g Group) bool { return g.ID == id }); i >= 0 {
			m.Group = b.dir.Groups[i].Units
		}
		return m
	}
	if i, ok := b.groups[groupName(name)]; ok {
		m.ID, m.Group, m.By = b.dir.Groups[i].ID, b.dir.Groups[i].Units, "group"
		return m
	}
	f := b.formOf(name)
	member := side
	if f.member != "" {
		member = f.member
	}
	exact := b.exact[plainName(name)]
	of := side
	if len(exact) > 1 { // units of several members bear it: it is that one's whose name it begins with
		of = member
	}
	if id := b.only(exact, of); id != "" {
		m.ID, m.By = id, "name"
		return m
	}
	if id := b.only(b.form[f.key()], member); id != "" && !given {
		m.ID, m.By = id, "form"
		return m
	}
	m.Form, m.As, m.Of = f.key(), fresh.As, fresh.Of
	if side == "" {
		m.Place = b.placeOf(name)
	}
	if !given {
		m.Of = m.Place
	}
	if m.Proposals = b.near(f, cmp.Or(m.Of, member)); given {
		m.By = AsNew
	}
	return m
}

// only picks the one unit of the candidates; among several, that of the member, then of the list's own.
func (b *unitBook) only(found []int, member string) string {
	if member == "" && len(found) > 1 {
		member = b.dir.Self
	}
	id, n := "", 0
	for _, i := range found {
		if u := b.dir.Units[i]; member == "" || u.Member == member || u.Member == "" {
			id = u.ID
			n++
		}
	}
	if n != 1 {
		return ""
	}
	return id
}
