package region

import (
	"context"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
)

// Module is what region brings to a node.
func Module() node.Module {
	return node.Module{
		Name: "region", View: 9,
		Rows:   rows + shownRows + noteRows + hearsayRows + placeRows + securityRows + substituteRows + reformRows + calendarRows + siteRows + keepRows + handedRows,
		Stands: stands,
		Kinds: []node.AnyKind{
			OrgNamed, OrgPlaced, PersonNamed, SeatGiven, SeatTaken, SubstituteNamed, SubstituteEnded, CircleOpened,
			CircleLeft, MemberRecognised, MemberSuspended, KeyRolled, OrgShown, SealShown, SealSM2Shown, NoteSaid, QuorumSet,
			HearsaySaid, HearsayWithdrawn, HearsayAnswered, SignInsSealed, SecuritySet,
			OrgRenamed, OrgsMerged, CalendarSet, SiteNamed, MarkSet, KeepSet, WorkHanded,
		},
	}
}

// OrgFacts: which organisation, of which member, and whether it still exists.
type OrgFacts struct {
	Org    string `json:"org"`
	Side   string `json:"side"` // GB/T 2260 code of its member
	Sort   int    `json:"sort"` // order in lists
	Group  bool   `json:"group"`
	Closed bool   `json:"closed"`
}

// OrgWords: its short name as lists use it, its other names, and for a group its members.
type OrgWords struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
	Members []string `json:"members,omitempty"` // ids of the organisations of a group
}

// OrgNamed 单位登记: a later entry on the same organisation replaces the earlier; the directory
// keeps its history because names change with reforms.
var OrgNamed = &node.Kind[OrgFacts, OrgWords]{
	Name: "region.org.named/1", Action: string(OrgWrite),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ OrgFacts, words *OrgWords) error {
		if words == nil || words.Name == "" {
			return refuse.New("region.org.unnamed").At("name")
		}
		return nil
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f OrgFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		if err := needID(f.Org, "org"); err != nil {
			return err
		}
		return needMember(f.Side)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f OrgFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_org (book, org, side, sort, is_group, closed, idx)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (book, org) DO UPDATE SET side = excluded.side, sort = excluded.sort,
			is_group = excluded.is_group, closed = excluded.closed, idx = excluded.idx`,
			f.Org, f.Side, f.Sort, bit(f.Group), bit(f.Closed), own.Index)
		return nil, err
	},
}

// PersonFacts name the person by an opaque id.
type PersonFacts struct {
	Person string `json:"person"`
	Left   bool   `json:"left"`
}

// PersonWords hold what names him: erased on request, the id stays.
type PersonWords struct {
	Name string `json:"name"`
}

// PersonNamed 人员登记.
var PersonNamed = &node.Kind[PersonFacts, PersonWords]{
	Name: "region.person.named/1", Action: string(PersonWrite),
	Allow: allowPerson,
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f PersonFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		return needID(f.Person, "person")
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f PersonFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_person (book, person, gone, idx) VALUES (?, ?, ?, ?)
			ON CONFLICT (book, person) DO UPDATE SET gone = excluded.gone, idx = excluded.idx`,
			f.Person, bit(f.Left), own.Index)
		return nil, err
	},
}

// SeatFacts: which person gets or loses which seat for which organisation.
type SeatFacts struct {
	Person string `json:"person"`
	Org    string `json:"org"`
	Seat   Seat   `json:"seat"`
}

// NoWords is for kinds whose facts say all.
type NoWords struct{}

// SeatGiven 授予席位.
var SeatGiven = &node.Kind[SeatFacts, NoWords]{
	Name: "region.seat.given/1", Action: string(SeatGive),
	Allow: allowGive,
	Check: checkSeat,
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SeatFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_seat (book, person, org, seat, idx) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (book, person, org, seat) DO NOTHING`, f.Person, f.Org, string(f.Seat), own.Index)
		return nil, err
	},
}

// SeatTaken 收回席位.
var SeatTaken = &node.Kind[SeatFacts, NoWords]{
	Name: "region.seat.taken/1", Action: string(SeatGive),
	Allow: allowTake,
	Check: checkSeat,
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SeatFacts) ([]string, error) {
		_, err := own.Exec(ctx, `DELETE FROM region_seat WHERE book = ? AND person = ? AND org = ? AND seat = ?`,
			f.Person, f.Org, string(f.Seat))
		return nil, err
	},
}

func checkSeat(ctx context.Context, own *node.Own, e book.Entry, f SeatFacts) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	if f.Seat == "" {
		return refuse.New("region.seat.missing").At("seat")
	}
	if !slices.Contains(Seats, f.Seat) {
		return refuse.New("region.seat.unknown", "seat", string(f.Seat)).At("seat")
	}
	var n int
	err := own.Row(ctx, `SELECT count(*) FROM region_person WHERE book = ? AND person = ?`, f.Person).Scan(&n)
	if err != nil {
		return err
	}
	if n == 0 {
		return refuse.New("region.person.unknown").At("person")
	}
	err = own.Row(ctx, `SELECT count(*) FROM region_org WHERE book = ? AND org = ?`, f.Org).Scan(&n)
	if err != nil {
		return err
	}
	if n == 0 {
		return refuse.New("region.org.unknown", "org", f.Org).At("org")
	}
	return nil
}

// CircleFacts name the circle and the members that act in it.
type CircleFacts struct {
	Circle  string   `json:"circle"`
	Members []string `json:"members"` // GB/T 2260 codes
}

// CircleWords hold its name: 遂潼川渝毗邻地区一体化发展先行区.
type CircleWords struct {
	Name string `json:"name"`
}

// CircleOpened 建圈: the first entry of a member's book for a circle.
var CircleOpened = &node.Kind[CircleFacts, CircleWords]{
	Name: "region.circle.opened/1", Action: string(CircleOpen),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f CircleFacts) error {
		if e.Circle != f.Circle || e.Circle == node.Self {
			return refuse.New("region.circle.elsewhere", "circle", f.Circle)
		}
		for _, m := range f.Members {
			if err := needMember(m); err != nil {
				return err
			}
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f CircleFacts) ([]string, error) {
		for _, table := range []string{"region_circle", "region_left"} {
			if _, err := own.Exec(ctx, `DELETE FROM `+table+` WHERE book = ?`); err != nil {
				return nil, err
			}
		}
		for _, m := range f.Members {
			_, err := own.Exec(ctx, `INSERT INTO region_circle (book, circle, member, idx) VALUES (?, ?, ?, ?)
				ON CONFLICT (book, member) DO NOTHING`, f.Circle, m, own.Index)
			if err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

// onlySelf: who there is in a member, and who may do what, stands in its own book. A neighbour's entry
// that says it of anybody is set aside.
func onlySelf(e book.Entry) error {
	if e.Circle != node.Self {
		return refuse.New("region.only-self")
	}
	return nil
}

func needID(id, field string) error {
	if !book.IsID(id) {
		return refuse.New("region.id-form").At(field)
	}
	return nil
}

func needMember(code string) error {
	if !book.IsMember(code) {
		return refuse.New("region.member-code", "code", code).At("member")
	}
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
