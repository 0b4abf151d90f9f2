package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// ContactPassed 联络员移交: who takes over from somebody is the contact in his place. The contacts' entry is a coordinator's to say; this one may
// change nobody else: Allow compares it with the list that stands. Words can be erased, so no Check can do that.
var ContactPassed = &node.Kind[GroupSaidFacts, ContactWords]{
	Name: "plan.group.contact.passed/1", Action: string(region.PersonHand),
	Allow: func(ctx context.Context, w *node.Writing, circle string, f GroupSaidFacts, said *ContactWords) error {
		if said == nil || len(said.Contacts) == 0 || len(said.Contacts) > mostContacts {
			return refuse.New("plan.group-contacts", "most", mostContacts).At("contacts")
		}
		stood, err := contactsNow(ctx, w, circle, f.Group)
		if err != nil {
			return err
		}
		return onePassed(ctx, w, stood, said.Contacts)
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f GroupSaidFacts) error {
		return needGroup(ctx, own, f.Group)
	},
	Apply: GroupContacts.Apply,
}

// contactsNow are the contacts of a group of the own book as they stand.
func contactsNow(ctx context.Context, w *node.Writing, circle, group string) ([]Contact, error) {
	own, at := w.Node().BookName(circle), int64(-1)
	err := w.Tx().Row(ctx, `SELECT COALESCE(max(idx), -1) FROM plan_group_contacts WHERE book = ? AND grp = ?`, own, group).Scan(&at)
	if err != nil || at < 0 {
		return nil, err
	}
	said, _, err := wordsAt[ContactWords](ctx, w.Tx(), own, at)
	return said.Contacts, err
}

// onePassed refuses a list that differs from the one that stands in more than the lines of one person, whose colleague stands in them now.
func onePassed(ctx context.Context, w *node.Writing, stood, said []Contact) error {
	people, err := region.People(ctx, w.Tx())
	if err != nil {
		return err
	}
	for _, from := range people {
		for _, at := range from.Seats {
			leaves := func(c Contact) bool { return c.Name == from.Name && sameUnit(c.Unit, at.OrgName, w.Node().Member) }
			if from.Left || !slices.ContainsFunc(stood, leaves) {
				continue
			}
			for _, to := range people {
				if to.ID == from.ID || to.Left || !slices.ContainsFunc(to.Seats, func(s region.SeatAt) bool { return s.Org == at.Org }) {
					continue
				}
				for _, c := range said { // his telephone is what it is said to be
					if c.Name == to.Name && slices.Equal(said, passContacts(stood, leaves, to.Name, c.Phone)) {
						return nil
					}
				}
			}
		}
	}
	return refuse.New("plan.group-passed").At("contacts")
}

// passContacts puts a person's colleague into his lines; he may be a contact already.
func passContacts(stood []Contact, leaves func(Contact) bool, name, phone string) []Contact {
	all := []Contact{}
	for _, c := range stood {
		if leaves(c) {
			c.Name, c.Phone = name, phone
		}
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// Held counts what of plans hangs on a person in an organisation.
func (d *Desk) Held(ctx context.Context, tx *store.Tx, h region.Handover) (all []region.Holding, err error) {
	seats, err := seatsIn(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	groups, err := d.contactsOf(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	all = []region.Holding{{What: "contacts", N: len(groups), Fate: region.Passes}}
	for _, c := range []struct {
		what   string
		fate   region.Fate
		seat   region.Seat // whose it is only; empty: anybody's
		query  string
		person bool
		org    bool
	}{
		{"imports", region.Passes, "", `SELECT count(*) FROM plan_import WHERE person = ? AND org = ?`, true, true},
		{"uploads", region.Passes, "", `SELECT count(*) FROM plan_upload WHERE person = ? AND ` + uploadOf, true, true},
		{"drafts", region.Stays, "", `SELECT count(*) FROM plan_report_draft WHERE person = ? AND org = ?`, true, true},
		{"submissions", region.Stays, region.Reviewer, `SELECT count(*) FROM plan_submitted s WHERE s.book = '` + d.node.BookName(node.Self) + `' AND s.org = ? AND ` + submissionWaits, false, true},
		{"makings", region.Stays, region.Coordinator, `SELECT count(*) FROM plan_making`, false, false},
		{"meeting-drafts", region.Stays, region.Coordinator, `SELECT count(*) FROM plan_meeting_draft`, false, false},
		{"instructions", region.Passes, region.Leader, `SELECT count(*) FROM plan_instruction i WHERE i.leader = ? AND ` + openInstruction, true, false},
	} {
		if c.seat != "" && !slices.Contains(seats, c.seat) {
			continue
		}
		var args []any
		if c.person {
			args = append(args, h.Person)
		}
		if c.org {
			args = append(args, h.Org)
		}
		x := region.Holding{What: c.what, Fate: c.fate}
		if err := tx.Row(ctx, c.query, args...).Scan(&x.N); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}

// uploadOf: an attachment that was not filed yet is an organisation's whose draft names it; one that no draft names goes with the first.
const uploadOf = `(EXISTS (SELECT 1 FROM plan_report_draft r WHERE r.org = ? AND r.text LIKE '%' || plan_upload.blob || '%')
	OR NOT EXISTS (SELECT 1 FROM plan_report_draft r WHERE r.text LIKE '%' || plan_upload.blob || '%'))`

func seatsIn(ctx context.Context, tx *store.Tx, h region.Handover) (seats []region.Seat, err error) {
	all, err := region.SeatsOf(ctx, tx, h.Person)
	for _, s := range all {
		if s.Org == h.Org {
			seats = append(seats, s.Seat)
		}
	}
	return seats, err
}

// Pass gives a colleague the files under preview of a person, the attachments that he sent and did not file, and his place among contacts.
// Drafts of reports, lists in the making and meetings in preparation are the organisation's: whoever sits in it goes on with them.
func (d *Desk) Pass(ctx context.Context, w *node.Writing, h region.Handover) error {
	if _, err := w.Tx().Exec(ctx, `UPDATE plan_import SET person = ? WHERE person = ? AND org = ?`, h.To, h.Person, h.Org); err != nil {
		return err
	}
	if _, err := w.Tx().Exec(ctx, `UPDATE plan_upload SET person = ? WHERE person = ? AND `+uploadOf, h.To, h.Person, h.Org); err != nil {
		return err
	}
	groups, err := d.contactsOf(ctx, w.Tx(), h)
	if err != nil || len(groups) == 0 {
		return err
	}
	to, err := region.PersonName(ctx, w.Tx(), h.To)
	if err != nil {
		return err
	}
	if err := textsShort(map[string]string{"phone": h.Phone}); err != nil {
		return err
	}
	for _, g := range groups {
		said := ContactWords{Contacts: passContacts(g.Contacts, g.leaves, to, strings.TrimSpace(h.Phone))}
		_, err := ContactPassed.Say(ctx, w, node.Said[GroupSaidFacts, ContactWords]{
			Circle: bookCircle(g.Circle), Subjects: []string{saidID(g.ID)}, Facts: GroupSaidFacts{Group: saidID(g.ID)}, Words: &said,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// contactOf is a group with its contacts, and which of them is the person who leaves.
type contactOf struct {
	Group
	leaves func(Contact) bool
}

// contactsOf are this member's groups among whose contacts a person stands for an organisation. Contacts are typed, so he is found by his name and
// by that of his organisation.
func (d *Desk) contactsOf(ctx context.Context, tx *store.Tx, h region.Handover) (all []contactOf, err error) {
	person, err := region.PersonName(ctx, tx, h.Person)
	if err != nil {
		return nil, err
	}
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	leaves := func(c Contact) bool { return c.Name == person && sameUnit(c.Unit, names[h.Org], d.node.Member) }
	groups, err := d.groupsWhere(ctx, tx, `WHERE h.member = ? AND c.idx IS NOT NULL AND o.day IS NULL`, d.node.Member)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		said, _, err := wordsAt[ContactWords](ctx, tx, g.Book, g.contacts)
		if err != nil {
			return nil, err
		}
		if g.Contacts = said.Contacts; slices.ContainsFunc(g.Contacts, leaves) {
			all = append(all, contactOf{g, leaves})
		}
	}
	return all, nil
}

// sameUnit: a unit as somebody typed it is that of the directory, with or without the place of its member before it: 市交通运输局, 遂宁市交通运输局.
// A neighbour's may end like it (潼南区交通运输局), so nothing less is the same.
func sameUnit(typed, name, member string) bool {
	place := region.MemberName(member)
	return name != "" && (typed == name || typed == place+name || typed == region.UnitOf(member, name))
}
