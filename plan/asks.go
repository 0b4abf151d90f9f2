package plan

import (
	"context"
	"maps"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/division"
	"liandong/store"
)

// asker tells which neighbours the rows of a list ask, and of which units it names nobody is asked.
type asker struct {
	own    string
	circle map[string]region.Neighbour // whom this member recognises in the list's circle
	dir    sheet.Directory
	given  map[string]string // what a person said that names of the list mean
	exact  map[string]string // member of the units of a name; "" where they are of several
	asNew  map[string]string // member of the units that an import would register, by their names in the list
	names  *sheet.Names      // made when a name is no unit's as it stands
	read   map[string]string // what names said
	places map[string]string // whose names they begin with
}

// askerOf reads whom the rows of a list may ask; shape is that of the file it came as.
func (d *Desk) askerOf(ctx context.Context, tx *store.Tx, circle, shape string) (*asker, error) {
	dir, err := directory(ctx, tx, d.node.Member)
	if err != nil {
		return nil, err
	}
	a := &asker{own: d.node.Member, dir: dir, read: map[string]string{}, places: map[string]string{}}
	if a.circle, err = recognised(ctx, tx, d.node.Member, circle); err != nil {
		return nil, err
	}
	a.dir.Sides = sidesOf(a.circle)
	if a.exact, err = unitSides(ctx, tx); err != nil || shape == "" {
		return a, err
	}
	s, err := recall(ctx, tx, shape)
	if s != nil {
		a.given = s.Units
	}
	return a, err
}

// recognised are the members that one recognises in a circle, by their codes.
func recognised(ctx context.Context, tx *store.Tx, member, circle string) (map[string]region.Neighbour, error) {
	by := map[string]region.Neighbour{}
	if circle == node.Self || circle == "" {
		return by, nil
	}
	all, err := region.Neighbours(ctx, tx, member, circle)
	for _, n := range all {
		by[n.Member] = n
	}
	return by, err
}

// sidesOf are neighbours as names of a list may begin with them.
func sidesOf(all map[string]region.Neighbour) (sides []sheet.Side) {
	for _, code := range slices.Sorted(maps.Keys(all)) {
		if name := all[code].Name; name != code {
			sides = append(sides, sheet.Side{Code: code, Name: name})
		}
	}
	return sides
}

// may says whether a member can be asked in the list's circle.
func (a *asker) may(member string) bool {
	n, ok := a.circle[member]
	return ok && !n.Left && !n.Suspended
}

// anybody says whether somebody can be asked at all.
func (a *asker) anybody() bool {
	for member := range a.circle {
		if a.may(member) {
			return true
		}
	}
	return false
}

// sideOf is the member whose unit a name of a row means: the own one where nobody knows.
func (a *asker) sideOf(name string) string {
	if side := a.asNew[name]; side != "" {
		return side
	}
	if side := a.exact[name]; side != "" {
		return side
	}
	side, ok := a.read[name]
	if !ok {
		if side = a.book().Member(name); side == "" {
			side = a.own
		}
		a.read[name] = side
	}
	return side
}

func (a *asker) book() *sheet.Names {
	if a.names == nil {
		a.names = sheet.NewNames(&a.dir, a.given)
	}
	return a.names
}

// named are the neighbours whose units a row names as its leads, and whether none of this member's leads it.
func (a *asker) named(words ListingWords) (members []string, alone bool) {
	alone = true
	add := func(member string) {
		alone = alone && a.may(member)
		if a.may(member) && !slices.Contains(members, member) {
			members = append(members, member)
		}
	}
	for _, name := range words.Lead {
		add(a.sideOf(name))
	}
	for _, member := range slices.Sorted(maps.Keys(words.Sides)) {
		if len(words.Sides[member].Lead) > 0 {
			add(member)
		}
	}
	slices.Sort(members)
	return members, alone
}

// AskedMember is a neighbour that rows of a list ask (请办), with how many.
type AskedMember struct {
	Member string `json:"member"`
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
}

// UnaskedMember is a member whose units rows of a list name although nobody is asked for them, with how many rows.
type UnaskedMember struct {
	Member string     `json:"member"`
	Name   string     `json:"name"`
	Why    UnaskedWhy `json:"why"`
	Units  []string   `json:"units"` // as the list names them
	Rows   int        `json:"rows"`
}

// UnaskedWhy is why nobody is asked although a row names a neighbour's unit.
type UnaskedWhy string

// The reasons.
const (
	OnlySupports UnaskedWhy = "only-supports" // 配合单位: only who leads is asked
	OursByName   UnaskedWhy = "ours"          // the directory has it as a unit of this member
	Unrecognised UnaskedWhy = "unrecognised"  // this member does not recognise it in the list's circle
	OnHold       UnaskedWhy = "suspended"     // exchange with it is suspended
	HasLeft      UnaskedWhy = "left"          // it left the circle
)

// Asking is which neighbours the rows of a list ask, and which members' units it names although nobody is asked.
type Asking struct {
	Asks    []AskedMember   `json:"asks,omitempty"`
	Unasked []UnaskedMember `json:"unasked,omitempty"`
}

// asks adds up what rows ask of whom.
type asks struct {
	asked   map[string]int
	unasked map[unaskedKey]*UnaskedMember
}

type unaskedKey struct {
	member string
	why    UnaskedWhy
}

// add counts a row.
func (s *asks) add(a *asker, words ListingWords) {
	members, _ := a.named(words)
	if s.asked == nil {
		s.asked, s.unasked = map[string]int{}, map[unaskedKey]*UnaskedMember{}
	}
	for _, m := range members {
		s.asked[m]++
	}
	seen := map[unaskedKey]bool{}
	miss := func(member string, why UnaskedWhy, unit string) {
		if slices.Contains(members, member) || why == "" {
			return
		}
		at := unaskedKey{member, why}
		u := s.unasked[at]
		if u == nil {
			u = &UnaskedMember{Member: member, Name: a.nameOf(member), Why: why}
			s.unasked[at] = u
		}
		if !seen[at] {
			seen[at] = true
			u.Rows++
		}
		if !slices.Contains(u.Units, unit) {
			u.Units = append(u.Units, unit)
		}
	}
	for _, name := range words.Lead {
		miss(a.unaskedLead(name))
	}
	for _, name := range words.Support {
		if member := a.memberBy(name); member != "" {
			miss(member, OnlySupports, name)
		}
	}
	for _, member := range slices.Sorted(maps.Keys(words.Sides)) {
		side := words.Sides[member]
		for _, name := range side.Lead {
			miss(member, a.whyNot(member), name)
		}
		for _, name := range side.Support {
			if a.may(member) {
				miss(member, OnlySupports, name)
			}
		}
	}
}

// unaskedLead is why a lead's name asks nobody; "" where it asks, or is this member's own.
func (a *asker) unaskedLead(name string) (member string, why UnaskedWhy, unit string) {
	if side := a.sideOf(name); side != a.own {
		return side, a.whyNot(side), name
	}
	if place := a.memberBy(name); place != "" {
		return place, OursByName, name
	}
	return "", "", name
}

// memberBy is the neighbour that can be asked and whose unit a name means, or with whose name it begins; "" if none.
func (a *asker) memberBy(name string) string {
	member := a.sideOf(name)
	if member == a.own && a.anybody() {
		place, ok := a.places[name]
		if !ok {
			place = a.book().Place(name)
			a.places[name] = place
		}
		member = place
	}
	if !a.may(member) {
		return ""
	}
	return member
}

// whyNot is why a member is not asked; "" where it is.
func (a *asker) whyNot(member string) UnaskedWhy {
	n, ok := a.circle[member]
	switch {
	case !ok && !division.Apart(a.own, member): // a part of the own place, or what that is a part of
		return ""
	case !ok:
		return Unrecognised
	case n.Left:
		return HasLeft
	case n.Suspended:
		return OnHold
	}
	return ""
}

func (a *asker) nameOf(member string) string {
	if n, ok := a.circle[member]; ok && n.Name != member {
		return n.Name
	}
	return region.MemberName(member)
}

// sums are the counts in the order of the members.
func (s *asks) sums(a *asker) (all Asking) {
	for _, m := range slices.Sorted(maps.Keys(s.asked)) {
		all.Asks = append(all.Asks, AskedMember{Member: m, Name: a.nameOf(m), Rows: s.asked[m]})
	}
	for _, u := range s.unasked {
		all.Unasked = append(all.Unasked, *u)
	}
	slices.SortFunc(all.Unasked, func(x, y UnaskedMember) int {
		return strings.Compare(x.Member+string(x.Why), y.Member+string(y.Why))
	})
	return all
}

// unitSides are the members of the directory's organisations by every name; "" where those of several bear it. An
// organisation that was closed gives its names up to one that is open.
func unitSides(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	orgs, err := region.Orgs(ctx, tx)
	sides := map[string]string{}
	for _, closed := range []bool{false, true} {
		open := maps.Clone(sides)
		for _, o := range orgs {
			if o.Closed != closed {
				continue
			}
			for _, name := range append([]string{o.Name}, o.Aliases...) {
				if _, taken := open[name]; closed && taken {
					continue
				}
				if was, ok := sides[name]; ok && was != o.Side {
					sides[name] = ""
					continue
				}
				sides[name] = o.Side
			}
		}
	}
	return sides, err
}

// reckonAsks tells whom the rows of a file would ask, if every proposal is taken.
func (d *Desk) reckonAsks(ctx context.Context, tx *store.Tx, p *Preview) error {
	if p.Options.Circle == "" {
		return nil
	}
	a, err := d.askerOf(ctx, tx, p.Options.Circle, p.List.Shape)
	if err != nil {
		return err
	}
	a.asNew = map[string]string{}
	for _, u := range p.Unknown {
		if u.Is == "" && u.Key == u.Name {
			a.asNew[u.Name] = u.Side
		}
	}
	var sum asks
	for _, c := range p.Changes {
		if c.What != RowDropped {
			sum.add(a, c.Words)
		}
	}
	p.Asking = sum.sums(a)
	return nil
}
