package plan

import (
	"context"
	"maps"
	"slices"
	"strings"

	"liandong/plan/sheet"
	"liandong/region"
	"liandong/store"
)

// Choice is a unit or a neighbour that may be asked for comments.
type Choice struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Named bool   `json:"named"` // a row of the list names it
}

// ConsultChoices are whom a list in the making may be sent to, and what of its rows nobody can be found for.
type ConsultChoices struct {
	Orgs    []Choice      `json:"orgs"`    // units of this member's directory
	Members []Choice      `json:"members"` // neighbours of the list's circle
	Unknown []UnknownName `json:"unknown"`
}

// UnknownName is a unit that a row names and this member's directory does not have.
type UnknownName struct {
	Row    int    `json:"row"`
	Number string `json:"number"`
	Title  string `json:"title"` // of the row
	Name   string `json:"name"`
	Near   string `json:"near"` // unit of the directory that may be meant; empty: none comes near
}

// ConsultChoices reads them. Names mean what they mean where a list is taken in: by name, other name, form or group.
func (d *Desk) ConsultChoices(ctx context.Context, m Making) (c ConsultChoices, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		names, err := d.namesIn(ctx, tx, m.Circle)
		if err != nil {
			return err
		}
		named, sides, unknown := m.named(names)
		c.Unknown = unknown
		all, err := region.Orgs(ctx, tx)
		if err != nil {
			return err
		}
		for _, o := range all {
			if !o.Closed && !o.Group && o.Side == d.node.Member {
				c.Orgs = append(c.Orgs, Choice{ID: o.ID, Name: o.Name, Named: named[o.ID]})
			}
		}
		if m.Circle == "" {
			return nil
		}
		neighbours, err := region.Neighbours(ctx, tx, d.node.Member, m.Circle)
		for _, n := range neighbours {
			if !n.Left && !n.Suspended && n.Member != d.node.Member {
				c.Members = append(c.Members, Choice{ID: n.Member, Name: n.Name, Named: sides[n.Member]})
			}
		}
		return err
	})
	return c, err
}

// namesIn reads names as a list of a circle means them.
func (d *Desk) namesIn(ctx context.Context, tx *store.Tx, circle string) (*sheet.Names, error) {
	dir, err := directory(ctx, tx, d.node.Member)
	if err != nil {
		return nil, err
	}
	known, err := recognised(ctx, tx, d.node.Member, circle)
	dir.Sides = sidesOf(known)
	return sheet.NewNames(&dir, nil), err
}

// named are the units that rows name, by id, the members that have a side or whose units are named, and the names that mean none.
func (m Making) named(names *sheet.Names) (units, sides map[string]bool, unknown []UnknownName) {
	units, sides = map[string]bool{}, map[string]bool{}
	for _, r := range m.Rows {
		for member := range r.Words.Sides {
			sides[member] = true
		}
		for _, name := range slices.Concat(r.Words.Lead, r.Words.Support) {
			match := names.Match("", name)
			switch {
			case len(match.Group) > 0:
				for _, id := range match.Group {
					units[id] = true
				}
			case match.ID != "":
				units[match.ID] = true
				sides[names.Member(name)] = true
			case match.Of != "": // it begins with another member's name
				sides[match.Of] = true
			default:
				u := UnknownName{Row: r.Row, Number: r.Words.Number, Title: r.Words.Title, Name: name}
				if _, ok := match.Taken(); ok {
					u.Near = match.Proposals[0].Name
				}
				unknown = append(unknown, u)
			}
		}
	}
	return units, sides, unknown
}

// sided puts units that are typed under the name of their side there: 遂宁市：市商务局；潼南区：区商务委.
func sided(names *sheet.Names, w ListingWords) ListingWords {
	sides := maps.Clone(w.Sides)
	part := func(typed []string, into func(*Side) *[]string) []string {
		own, others := names.Typed(strings.Join(typed, "；"))
		for member, more := range others {
			s := sides[member]
			for _, name := range more {
				if to := into(&s); !slices.Contains(*to, name) {
					*to = append(slices.Clone(*to), name)
				}
			}
			if sides == nil {
				sides = map[string]Side{}
			}
			sides[member] = s
		}
		return own
	}
	w.Lead = part(w.Lead, func(s *Side) *[]string { return &s.Lead })
	w.Support = part(w.Support, func(s *Side) *[]string { return &s.Support })
	w.Sides = sides
	return w
}

// NamedSide is a member's share of a row with the member's name.
type NamedSide struct {
	Name string
	Side
}

// SidesInOrder are the shares of other members, by code.
func (w ListingWords) SidesInOrder() (all []NamedSide) {
	for _, code := range slices.Sorted(maps.Keys(w.Sides)) {
		all = append(all, NamedSide{region.MemberName(code), w.Sides[code]})
	}
	return all
}

// LeadText is who leads a row, as a list of the member called own writes it: each side under its name where there are several.
func (w ListingWords) LeadText(own string) string {
	return w.sideText(own, w.Lead, func(s Side) []string { return s.Lead })
}

// SupportText is who supports a row, likewise.
func (w ListingWords) SupportText(own string) string {
	return w.sideText(own, w.Support, func(s Side) []string { return s.Support })
}

func (w ListingWords) sideText(own string, units []string, of func(Side) []string) string {
	var parts []string
	for _, s := range w.SidesInOrder() {
		if names := of(s.Side); len(names) > 0 {
			parts = append(parts, s.Name+"："+strings.Join(names, "、"))
		}
	}
	if len(units) == 0 {
		return strings.Join(parts, "；")
	}
	text := strings.Join(units, "、")
	if len(parts) > 0 {
		text = own + "：" + text
	}
	return strings.Join(append([]string{text}, parts...), "；")
}
