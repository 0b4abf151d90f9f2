package plan

import (
	"context"
	"maps"
	"slices"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// Choice is a unit or a neighbour that may be asked for comments.
type Choice struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Named bool   `json:"named"` // a row of the list names it
}

// ConsultChoices are whom a list in the making may be sent to: the units of this member's directory, and the neighbours of its circle.
func (d *Desk) ConsultChoices(ctx context.Context, m Making) (orgs, members []Choice, err error) {
	named, sides := m.names()
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.Orgs(ctx, tx)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Closed || o.Group || o.Side != d.node.Member {
				continue
			}
			c := Choice{ID: o.ID, Name: o.Name}
			for _, name := range append(slices.Clone(o.Aliases), o.Name) {
				c.Named = c.Named || named[name]
			}
			orgs = append(orgs, c)
		}
		if m.Circle == "" {
			return nil
		}
		neighbours, err := region.Neighbours(ctx, tx, d.node.Member, m.Circle)
		for _, n := range neighbours {
			if !n.Left && !n.Suspended && n.Member != d.node.Member {
				members = append(members, Choice{ID: n.Member, Name: n.Name, Named: sides[n.Member]})
			}
		}
		return err
	})
	return orgs, members, err
}

// names are the units that rows name, by name, and the members that have a side.
func (m Making) names() (units, sides map[string]bool) {
	units, sides = map[string]bool{}, map[string]bool{}
	for _, r := range m.Rows {
		for _, name := range slices.Concat(r.Words.Lead, r.Words.Support) {
			units[name] = true
		}
		for member := range r.Words.Sides {
			sides[member] = true
		}
	}
	return units, sides
}

// IssuedList is a list as its notice prints it.
type IssuedList struct {
	Head PlanHead
	Rows []ListingRow // that stand in it, in order
}

// IssuedList reads a list for its notice (印发通知), nil if there is none.
func (d *Desk) IssuedList(ctx context.Context, plan string) (l *IssuedList, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		head, err := planHead(ctx, tx, d.PlanID(plan))
		if err != nil || head == nil {
			return err
		}
		l = &IssuedList{Head: *head}
		l.Rows, err = listingsOf(ctx, tx, head.Facts.Plan)
		l.Rows = slices.DeleteFunc(l.Rows, func(r ListingRow) bool { return r.Dropped != "" })
		return err
	})
	return l, err
}

// CommentDays is how many working days the form proposes for comments. It has no source; it is ours, and each consultation sets its own day.
const CommentDays = 5

// CommentsBy is the day that the form proposes: CommentDays working days from today.
func (d *Desk) CommentsBy(ctx context.Context) (judge.Date, error) {
	return d.daysFromToday(ctx, CommentDays)
}

// Heads are the lists of this node, of all members and years, this member's own first.
func (d *Desk) Heads(ctx context.Context) (all []PlanHead, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = planHeads(ctx, tx, ``)
		slices.SortStableFunc(all, func(a, b PlanHead) int { return bit(d.oursBook(a.Book) != nil) - bit(d.oursBook(b.Book) != nil) })
		return err
	})
	return all, err
}

// MakingOf is the list in the making that a consultation asks about, empty where there is none any more.
func (d *Desk) MakingOf(ctx context.Context, consultation string) (id string, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := makings(ctx, tx, `WHERE m.consultation = ?`, saidID(consultation))
		if len(all) > 0 {
			id = all[0].ID
		}
		return err
	})
	return id, err
}

// By is the name of the member that issued the list.
func (l *IssuedList) By() string { return region.MemberName(memberOfBook(l.Head.Book)) }

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
