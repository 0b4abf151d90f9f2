package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
)

// GroupFacts: a working group (工作专班): who convenes it and who belongs to it. It stands in the own book, or with neighbours in their circle's.
type GroupFacts struct {
	Group    string   `json:"group"`
	Convener string   `json:"convener"` // 召集单位: a unit of the group's own member
	Orgs     []string `json:"orgs"`     // its other member units of the own member, each once
	Members  []string `json:"members"`  // neighbours that belong to it, in a circle's book: GB/T 2260 codes, each once
	Plans    []string `json:"plans"`    // ids of the lists that it looks after; none: all of its circle, or all of the member's
}

// GroupWords are what a group is called and is for.
type GroupWords struct {
	Name   string            `json:"name"`
	Duties string            `json:"duties,omitempty"`
	Sides  map[string]string `json:"sides,omitempty"`  // units that neighbours send, by code
	Reason string            `json:"reason,omitempty"` // of a change
}

// GroupSet 成立专班: a later entry on the same group changes it, and says why.
var GroupSet = &node.Kind[GroupFacts, GroupWords]{
	Name: "plan.group.set/1", Action: string(region.PlanMeeting),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ GroupFacts, said *GroupWords) error {
		if said == nil || strings.TrimSpace(said.Name) == "" {
			return refuse.New("plan.group-name").At("name")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f GroupFacts) error {
		if !book.IsID(f.Group) || !book.IsID(f.Convener) {
			return refuse.New("plan.group-form").At("convener")
		}
		if err := checkInvited(e, f.Convener, f.Orgs, f.Members); err != nil {
			return err
		}
		for i, p := range f.Plans {
			if !book.IsID(p) || slices.Contains(f.Plans[:i], p) {
				return refuse.New("plan.key-form", "plan", p).At("plans")
			}
		}
		var over int
		err := own.Row(ctx, `SELECT count(*) FROM plan_group_over WHERE book = ? AND grp = ?`, f.Group).Scan(&over)
		if err == nil && over > 0 {
			err = refuse.New("plan.group-unknown", "group", f.Group)
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f GroupFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_group (book, grp, convener, day, idx) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (book, grp) DO UPDATE SET convener = excluded.convener, idx = excluded.idx`, f.Group, f.Convener, string(dayOf(e)), own.Index)
		if err != nil {
			return nil, err
		}
		if _, err := own.Exec(ctx, `DELETE FROM plan_group_of WHERE book = ? AND grp = ?`, f.Group); err != nil {
			return nil, err
		}
		return nil, eachInvited(f.Convener, f.Orgs, f.Members, func(who string, neighbour int) error {
			_, err := own.Exec(ctx, `INSERT INTO plan_group_of (book, grp, who, neighbour) VALUES (?, ?, ?, ?)`, f.Group, who, neighbour)
			return err
		})
	},
}

// checkInvited: units of the own member each once, neighbours only in a circle's book and each once, and somebody besides the convener.
func checkInvited(e book.Entry, convener string, orgs, members []string) error {
	if err := eachOnce(append([]string{convener}, orgs...)); err != nil {
		return err
	}
	if len(orgs)+len(members) == 0 {
		return refuse.New("plan.meeting-nobody").At("orgs")
	}
	if e.Circle == node.Self && len(members) > 0 {
		return refuse.New("plan.meeting-circle").At("members")
	}
	for i, m := range members {
		if !book.IsMember(m) || m == e.Member || slices.Contains(members[:i], m) {
			return refuse.New("plan.ask-member", "member", m).At("members")
		}
	}
	return nil
}

// eachInvited does something for each unit and each neighbour; convener "" is left out.
func eachInvited(convener string, orgs, members []string, do func(who string, neighbour int) error) error {
	if convener != "" {
		if err := do(convener, 0); err != nil {
			return err
		}
	}
	for _, o := range orgs {
		if err := do(o, 0); err != nil {
			return err
		}
	}
	for _, m := range members {
		if err := do(m, 1); err != nil {
			return err
		}
	}
	return nil
}

// GroupSaidFacts: which group.
type GroupSaidFacts struct {
	Group string `json:"group"`
}

// Contact is a contact person (联络员) of a unit: personal data, so it stands in words that can be erased by themselves.
type Contact struct {
	Unit  string `json:"unit"` // by name
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

// ContactWords are the contacts of a group.
type ContactWords struct {
	Contacts []Contact `json:"contacts"`
}

// mostContacts bounds the contacts of a group.
const mostContacts = 100

// GroupContacts 专班联络员: a later entry on the same group replaces them all.
var GroupContacts = &node.Kind[GroupSaidFacts, ContactWords]{
	Name: "plan.group.contacts/1", Action: string(region.PlanMeeting),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ GroupSaidFacts, said *ContactWords) error {
		if said == nil || len(said.Contacts) > mostContacts {
			return refuse.New("plan.group-contacts", "most", mostContacts).At("contacts")
		}
		for _, c := range said.Contacts {
			if strings.TrimSpace(c.Name) == "" {
				return refuse.New("plan.group-contact-name").At("contacts")
			}
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f GroupSaidFacts) error {
		return needGroup(ctx, own, f.Group)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f GroupSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_group_contacts (book, grp, idx) VALUES (?, ?, ?)
			ON CONFLICT (book, grp) DO UPDATE SET idx = excluded.idx`, f.Group, own.Index)
		return nil, err
	},
}

// GroupDissolved 撤销专班; what it decided stays.
var GroupDissolved = &node.Kind[GroupSaidFacts, ReasonWords]{
	Name: "plan.group.dissolved/1", Action: string(region.PlanMeeting),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ GroupSaidFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f GroupSaidFacts) error {
		return needGroup(ctx, own, f.Group)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f GroupSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_group_over (book, grp, day, idx) VALUES (?, ?, ?, ?)`, f.Group, string(dayOf(e)), own.Index)
		return nil, err
	},
}

// needGroup: one of this book that is not dissolved.
func needGroup(ctx context.Context, own *node.Own, group string) error {
	err := needRow(ctx, own, `SELECT 1 FROM plan_group g WHERE g.book = ? AND g.grp = ?
		AND NOT EXISTS (SELECT 1 FROM plan_group_over o WHERE o.book = g.book AND o.grp = g.grp)`, group)
	return refuseMissing(err, "plan.group-unknown", "group", group)
}

// groupRows: a group, who belongs to it, and where its contacts stand, in the convening member's book.
const groupRows = `
CREATE TABLE plan_group (
	book TEXT NOT NULL,
	grp TEXT NOT NULL,
	convener TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, grp)
);
CREATE TABLE plan_group_of (
	book TEXT NOT NULL,
	grp TEXT NOT NULL,
	who TEXT NOT NULL,
	neighbour BIGINT NOT NULL,
	PRIMARY KEY (book, grp, who, neighbour)
);
CREATE TABLE plan_group_contacts (
	book TEXT NOT NULL,
	grp TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, grp)
);
CREATE TABLE plan_group_over (
	book TEXT NOT NULL,
	grp TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, grp)
);
`
