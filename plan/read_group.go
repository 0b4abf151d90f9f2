package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/division"
	"liandong/rules/refuse"
	"liandong/store"
)

// Group is a working group (工作专班).
type Group struct {
	ID       string          `json:"id"`     // "g-4c1d@510900"
	Circle   string          `json:"circle"` // empty: inside
	Ours     bool            `json:"ours"`
	By       string          `json:"by"`       // name of its member
	Convener string          `json:"convener"` // name of the unit
	Units    []MeetingUnit   `json:"units"`    // that belong to it, without the convener
	Plans    []string        `json:"plans"`
	Since    judge.Date      `json:"since"`
	Words    GroupWords      `json:"words"`
	Erased   bool            `json:"erased"`
	Over     judge.Date      `json:"over"` // dissolved; empty: it is not
	Why      string          `json:"why"`
	Contacts []Contact       `json:"contacts"` // telephones are masked for who does not need them
	History  []GroupHappened `json:"history"`  // of one group only, in order
	Book     string          `json:"book"`
	Index    int64           `json:"index"`
	facts    GroupFacts
	contacts int64 // index of the entry; -1: none
}

// Caller is its convener with its member: 遂宁市发展改革委.
func (g Group) Caller() string { return division.Unit(g.By, g.Convener) }

// Facts are the group's as its newest entry says them.
func (g Group) Facts() GroupFacts { return g.facts }

// GroupHappened is one change of a group.
type GroupHappened struct {
	Kind  string     `json:"kind"` // name of the kind, without version
	Day   judge.Date `json:"day"`
	Text  string     `json:"text"`
	Book  string     `json:"book"`
	Index int64      `json:"index"`
}

// MeetingUnit is a unit or a neighbour that belongs to a group or is invited.
type MeetingUnit struct {
	Who       string `json:"who"`       // id of a unit of the convening member, or code of a neighbour
	Neighbour bool   `json:"neighbour"` // it is a member
	Name      string `json:"name"`
}

// Groups lists those that a viewer may see, those that stand first, the newest first.
func (d *Desk) Groups(ctx context.Context, v Viewer) (all []Group, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.groupsWhere(ctx, tx, ``)
		return err
	})
	all = slices.DeleteFunc(all, func(g Group) bool { return !d.seesGroup(g, v) })
	slices.SortStableFunc(all, func(a, b Group) int {
		return cmp.Or(bit(a.Over != "")-bit(b.Over != ""), cmp.Compare(b.Since, a.Since))
	})
	for i := range all {
		all[i].Contacts = nil // of one group only
	}
	return all, err
}

// seesGroup: groups are for coordinators, leaders and auditors, and for the units that belong to them.
func (d *Desk) seesGroup(g Group, v Viewer) bool {
	return v.allSlips() || g.Ours && v.Org != "" && (v.Org == g.facts.Convener || slices.Contains(g.facts.Orgs, v.Org))
}

// Group reads one with its contacts and its history. Refused: plan.group-unknown, also for one that is not the viewer's to see.
func (d *Desk) Group(ctx context.Context, id string, v Viewer) (g Group, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if g, err = d.group(ctx, tx, id); err != nil {
			return err
		}
		if !d.seesGroup(g, v) {
			return refuse.New("plan.group-unknown", "group", id)
		}
		if g.contacts >= 0 {
			said, _, err := wordsAt[ContactWords](ctx, tx, g.Book, g.contacts)
			if err != nil {
				return err
			}
			g.Contacts = said.Contacts
		}
		if v.Seat != region.Coordinator && (!g.Ours || v.allSlips()) { // a leader and an auditor telephone nobody
			for i := range g.Contacts {
				g.Contacts[i].Phone = maskPhone(g.Contacts[i].Phone)
			}
		}
		g.History, err = groupHistory(ctx, tx, g)
		return err
	})
	return g, err
}

// maskPhone hides the middle of a telephone number: 138****1234. A short one is hidden whole.
func maskPhone(phone string) string {
	if len(phone) < len("0825") || strings.ContainsFunc(phone, func(r rune) bool { return r > '~' }) {
		return strings.Repeat("*", min(len([]rune(phone)), len("****")))
	}
	if len(phone) < len("13800001234") {
		return strings.Repeat("*", len(phone)-2) + phone[len(phone)-2:]
	}
	return phone[:3] + strings.Repeat("*", len(phone)-7) + phone[len(phone)-4:]
}

func (d *Desk) group(ctx context.Context, tx *store.Tx, id string) (Group, error) {
	id = d.ID(id)
	all, err := d.groupsWhere(ctx, tx, `WHERE g.grp = ? AND h.member = ?`, saidID(id), memberOf(id))
	if err != nil {
		return Group{}, err
	}
	if len(all) == 0 {
		return Group{}, refuse.New("plan.group-unknown", "group", id)
	}
	return all[0], nil
}

func (d *Desk) groupsWhere(ctx context.Context, tx *store.Tx, which string, args ...any) ([]Group, error) {
	rows, err := tx.Query(ctx, `SELECT g.grp, g.book, g.idx, g.day, e.entry, e.words, COALESCE(o.day, ''), y.words, COALESCE(c.idx, -1)
		FROM plan_group g JOIN book_head h ON h.book = g.book JOIN book_entry e ON e.book = g.book AND e.idx = g.idx
		LEFT JOIN plan_group_over o ON o.book = g.book AND o.grp = g.grp LEFT JOIN book_entry y ON y.book = o.book AND y.idx = o.idx
		LEFT JOIN plan_group_contacts c ON c.book = g.book AND c.grp = g.grp `+which+` ORDER BY g.book, g.idx`, args...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (g Group, err error) {
		var id string
		var raw, said, why []byte
		if err := scan(&id, &g.Book, &g.Index, &g.Since, &raw, &said, &g.Over, &why, &g.contacts); err != nil {
			return g, err
		}
		if err := factsOf(raw, &g.facts); err != nil {
			return g, err
		}
		member := memberOfBook(g.Book)
		g.ID, g.By, g.Ours, g.Plans = idOf(member, id), region.MemberName(member), member == d.node.Member, g.facts.Plans
		if g.Circle = circleOfBook(g.Book); g.Circle == node.Self {
			g.Circle = ""
		}
		if g.Why, err = slipText(why); err != nil {
			return g, err
		}
		g.Words, g.Erased, err = words[GroupWords](said)
		return g, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := d.orgNames(ctx, tx)
	for i := range all {
		g := &all[i]
		member := memberOfBook(g.Book)
		g.Convener = cmp.Or(names[idOf(member, g.facts.Convener)], g.facts.Convener)
		g.Units = unitsOf(member, g.facts.Orgs, g.facts.Members, names)
	}
	return all, err
}

// unitsOf are units of a member and its neighbours by their names.
func unitsOf(member string, orgs, members []string, names map[string]string) (all []MeetingUnit) {
	for _, o := range orgs {
		all = append(all, MeetingUnit{Who: o, Name: cmp.Or(names[idOf(member, o)], o)})
	}
	for _, m := range members {
		all = append(all, MeetingUnit{Who: m, Neighbour: true, Name: region.MemberName(m)})
	}
	return all
}

// groupHistory tells what was said of a group since it was set up. That contacts changed is told, not who they are.
func groupHistory(ctx context.Context, tx *store.Tx, g Group) (all []GroupHappened, err error) {
	rows, err := tx.Query(ctx, `SELECT e.idx, e.entry, e.words FROM node_subject s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		WHERE s.book = ? AND s.subject = ? ORDER BY e.idx`, g.Book, saidID(g.ID))
	if err != nil {
		return nil, err
	}
	all, err = store.Collect(rows, func(scan func(...any) error) (h GroupHappened, err error) {
		var raw, said []byte
		if err := scan(&h.Index, &raw, &said); err != nil {
			return h, err
		}
		e, err := book.Scan(raw)
		if err != nil {
			return h, err
		}
		h.Book, h.Day = g.Book, dayOf(e)
		h.Kind, _, _ = strings.Cut(e.Kind, "/")
		if e.Kind != GroupContacts.Name && e.Kind != ContactPassed.Name {
			h.Text, err = slipText(said)
		}
		return h, err
	})
	return slices.DeleteFunc(all, func(h GroupHappened) bool { return !strings.HasPrefix(h.Kind, "plan.group.") }), err
}
