package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// NewGroup is a working group as a coordinator writes it.
type NewGroup struct {
	Circle   string // with neighbours; empty: inside
	Convener string // empty: the office of who writes it
	Orgs     []string
	Members  []string
	Plans    []string // keys or ids
	Words    GroupWords
}

// SetGroup 成立专班 and returns its id; with an id it changes that group, for a reason. Who belongs to it keeps its contacts.
func (d *Desk) SetGroup(ctx context.Context, req node.Request, id string, n NewGroup) (string, error) {
	if err := textsShort(map[string]string{"name": n.Words.Name, "duties": n.Words.Duties, "reason": n.Words.Reason}); err != nil {
		return "", err
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		f := GroupFacts{Group: d.newID("g"), Convener: n.Convener, Orgs: saidAll(n.Orgs), Members: slices.Clone(n.Members), Plans: []string{}}
		if f.Convener = saidID(f.Convener); f.Convener == "" {
			f.Convener = w.Actor.Org
		}
		f.Orgs = slices.DeleteFunc(f.Orgs, func(o string) bool { return o == f.Convener })
		circle := bookCircle(n.Circle)
		if id != "" {
			g, err := d.ownGroup(ctx, w.Tx(), id)
			if err != nil {
				return err
			}
			if strings.TrimSpace(n.Words.Reason) == "" {
				return refuse.New("plan.reason-missing").At("reason")
			}
			f.Group, circle = saidID(g.ID), bookCircle(g.Circle)
		}
		for _, p := range n.Plans {
			f.Plans = append(f.Plans, d.PlanID(p))
		}
		if err := d.invitable(ctx, w, circle, f.Convener, f.Orgs, f.Members); err != nil {
			return err
		}
		w.Note(idOf(d.node.Member, f.Group))
		said := n.Words
		_, err := GroupSet.Say(ctx, w, node.Said[GroupFacts, GroupWords]{Circle: circle, Subjects: []string{f.Group}, Facts: f.whole(), Words: &said})
		return err
	})
	return receipt.Note, err
}

func (f GroupFacts) whole() GroupFacts {
	if f.Members == nil {
		f.Members = []string{}
	}
	return f
}

// bookCircle is the circle in whose book something stands; an empty one is the own book.
func bookCircle(circle string) string {
	if circle == "" {
		return node.Self
	}
	return circle
}

// saidAll are ids as entries say them, each once.
func saidAll(ids []string) []string {
	all := []string{}
	for _, id := range ids {
		if id = saidID(strings.TrimSpace(id)); id != "" && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// invitable refuses units that the directory does not have and neighbours whom this member does not recognise in the circle, and tells the circle
// what the units are called.
func (d *Desk) invitable(ctx context.Context, w *node.Writing, circle, convener string, orgs, members []string) error {
	all, err := region.Orgs(ctx, w.Tx())
	if err != nil {
		return err
	}
	for _, id := range append([]string{convener}, orgs...) {
		if !slices.ContainsFunc(all, func(o region.Org) bool { return o.ID == id && !o.Closed && !o.Group && o.Side == d.node.Member }) {
			return refuse.New("plan.meeting-unit").At("orgs")
		}
	}
	if circle == node.Self {
		return nil
	}
	circles, err := region.CirclesOf(ctx, w.Tx(), d.node.Member)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(circles, func(c region.Circle) bool { return c.ID == circle }) {
		return refuse.New("plan.meeting-circle").At("circle")
	}
	if err := d.neighboursOf(ctx, w, circle, members); err != nil {
		return err
	}
	return region.Show(ctx, w, circle, append([]string{convener}, orgs...)...)
}

// ownGroup is one of this member's that is not dissolved.
func (d *Desk) ownGroup(ctx context.Context, tx *store.Tx, id string) (Group, error) {
	g, err := d.group(ctx, tx, id)
	if err == nil && !g.Ours {
		err = notOurs(memberOf(g.ID))
	}
	if err == nil && g.Over != "" {
		err = refuse.New("plan.group-unknown", "group", id)
	}
	return g, err
}

// SetContacts 专班联络员: all of them, anew.
func (d *Desk) SetContacts(ctx context.Context, req node.Request, id string, contacts []Contact) error {
	said := ContactWords{Contacts: []Contact{}}
	for _, c := range contacts {
		c = Contact{Unit: strings.TrimSpace(c.Unit), Name: strings.TrimSpace(c.Name), Phone: strings.TrimSpace(c.Phone)}
		if c == (Contact{}) {
			continue
		}
		if err := textsShort(map[string]string{"contacts": c.Unit + c.Name + c.Phone}); err != nil {
			return err
		}
		said.Contacts = append(said.Contacts, c)
	}
	return d.changesGroup(ctx, req, id, func(ctx context.Context, w *node.Writing, circle string, f GroupSaidFacts) error {
		_, err := GroupContacts.Say(ctx, w, node.Said[GroupSaidFacts, ContactWords]{Circle: circle, Subjects: []string{f.Group}, Facts: f, Words: &said})
		return err
	})
}

// DissolveGroup 撤销专班.
func (d *Desk) DissolveGroup(ctx context.Context, req node.Request, id, reason string) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	return d.changesGroup(ctx, req, id, func(ctx context.Context, w *node.Writing, circle string, f GroupSaidFacts) error {
		_, err := GroupDissolved.Say(ctx, w, node.Said[GroupSaidFacts, ReasonWords]{
			Circle: circle, Subjects: []string{f.Group}, Facts: f, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
}

func (d *Desk) changesGroup(ctx context.Context, req node.Request, id string, say func(context.Context, *node.Writing, string, GroupSaidFacts) error) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		g, err := d.ownGroup(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		return say(ctx, w, bookCircle(g.Circle), GroupSaidFacts{Group: saidID(g.ID)})
	})
	return err
}
