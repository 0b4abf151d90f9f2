package region

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// Three are the seats of the three administrators (三员): one runs the system, one says who may do what, one watches both.
var Three = []Seat{Administrator, Security, Auditor}

// Who needs a second factor.
const (
	SecondNobody = ""
	SecondThree  = "three"    // the three administrators
	SecondAll    = "everyone" // whoever signs in
)

// SecurityFacts are the rules of safety that this member sets for itself (安全策略).
type SecurityFacts struct {
	Separation bool   `json:"separation"` // no person holds two of the three administrators' seats
	Second     string `json:"second"`     // who needs a second factor: "", "three" or "everyone"
	Password   int    `json:"password"`   // characters that a new password has at least, 10 to 64
	Idle       int    `json:"idle"`       // hours without a request after which a session ends, 1 to 12
	Most       int    `json:"most"`       // days after which it ends whatever was done, 1 to 7
}

// usualSecurity holds where nothing was set.
var usualSecurity = SecurityFacts{Separation: true, Password: 10, Idle: 12, Most: 7}

// SecuritySet 设定安全策略: the last one counts.
var SecuritySet = &node.Kind[SecurityFacts, NoWords]{
	Name: "region.security.set/1", Action: string(SecurityWrite),
	Allow: func(ctx context.Context, w *node.Writing, _ string, _ SecurityFacts, _ *NoWords) error {
		return onlySecurity(ctx, w)
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f SecurityFacts) error {
		for _, bound := range []struct {
			field         string
			n, least, max int
		}{{"password", f.Password, 10, 64}, {"idle", f.Idle, 1, 12}, {"most", f.Most, 1, 7}} {
			if bound.n < bound.least || bound.n > bound.max {
				return refuse.New("region.security.bounds", "least", bound.least, "most", bound.max).At(bound.field)
			}
		}
		if !slices.Contains([]string{SecondNobody, SecondThree, SecondAll}, f.Second) {
			return refuse.New("region.security.second").At("second")
		}
		return onlySelf(e)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SecurityFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_security (book, separation, second, password, idle, most, idx) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (book) DO UPDATE SET separation = excluded.separation, second = excluded.second, password = excluded.password,
			idle = excluded.idle, most = excluded.most, idx = excluded.idx`,
			bit(f.Separation), f.Second, f.Password, f.Idle, f.Most, own.Index)
		return nil, err
	},
}

const securityRows = `
CREATE TABLE region_security (
	book TEXT PRIMARY KEY,
	separation BIGINT NOT NULL,
	second TEXT NOT NULL,
	password BIGINT NOT NULL,
	idle BIGINT NOT NULL,
	most BIGINT NOT NULL,
	idx BIGINT NOT NULL
);`

// SecurityOf is what this member has set; a neighbour's own book is never here.
func SecurityOf(ctx context.Context, tx *store.Tx) (f SecurityFacts, err error) {
	f = usualSecurity
	err = tx.Row(ctx, `SELECT separation, second, password, idle, most FROM region_security`).
		Scan(&f.Separation, &f.Second, &f.Password, &f.Idle, &f.Most)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return f, err
}

// Apart (三员分立) says whether the three administrators are apart now: it is set, and somebody is the security administrator. Until one is
// appointed the administrator stands in for him, so that a new node and one from before there was such a seat can be worked with.
func Apart(ctx context.Context, tx *store.Tx) (bool, error) {
	f, err := SecurityOf(ctx, tx)
	if err != nil || !f.Separation {
		return false, err
	}
	all, err := Seated(ctx, tx)
	return slices.ContainsFunc(all, func(h Holder) bool { return h.Seat == Security }), err
}

// MayAuthorise says whether a seat may give and take seats, set the rules of safety and end sessions now.
func MayAuthorise(ctx context.Context, tx *store.Tx, seat Seat) (bool, error) {
	if seat != Administrator {
		return May(seat, SeatGive), nil
	}
	apart, err := Apart(ctx, tx)
	return !apart, err
}

// onlySecurity keeps the administrator from what is the security administrator's.
func onlySecurity(ctx context.Context, w *node.Writing) error {
	may, err := MayAuthorise(ctx, w.Tx(), Seat(w.Actor.Seat))
	if err == nil && !may && w.Actor.Seat == string(Administrator) {
		err = refuse.New("region.security.only").At("seat")
	}
	return err
}

// allowGive: nobody gives himself a seat while the three are apart, and nobody gets two of the three.
func allowGive(ctx context.Context, w *node.Writing, _ string, f SeatFacts, _ *NoWords) error {
	if err := onlySecurity(ctx, w); err != nil {
		return err
	}
	if ended, err := Ended(ctx, w.Tx(), f.Org); err != nil || ended {
		return errors.Join(err, refuse.New("region.reform.ended").At("org"))
	}
	apart, err := Apart(ctx, w.Tx())
	if err != nil {
		return err
	}
	if apart && w.Actor.Person == f.Person {
		return refuse.New("region.seat.oneself").At("seat")
	}
	rules, err := SecurityOf(ctx, w.Tx())
	if err != nil || !rules.Separation || !slices.Contains(Three, f.Seat) {
		return err
	}
	held, err := SeatsOf(ctx, w.Tx(), f.Person)
	for _, s := range held {
		if s.Seat != f.Seat && slices.Contains(Three, s.Seat) {
			return refuse.New("region.seat.apart").At("seat")
		}
	}
	return err
}

// allowTake: the last security administrator's seat stays while the three are apart.
func allowTake(ctx context.Context, w *node.Writing, _ string, f SeatFacts, _ *NoWords) error {
	if err := onlySecurity(ctx, w); err != nil || f.Seat != Security {
		return err
	}
	rules, err := SecurityOf(ctx, w.Tx())
	if err != nil || !rules.Separation {
		return err
	}
	all, err := Seated(ctx, w.Tx())
	if err == nil && !slices.ContainsFunc(all, func(h Holder) bool { return h.Seat == Security && (h.Person != f.Person || h.Org != f.Org) }) {
		err = refuse.New("region.seat.last-security").At("seat")
	}
	return err
}

// allowPerson: who holds one of the three seats leaves once the security administrator has taken it; the one who is watched
// is not to send away who watches him.
func allowPerson(ctx context.Context, w *node.Writing, _ string, f PersonFacts, words *PersonWords) error {
	if words == nil || words.Name == "" {
		return refuse.New("region.person.unnamed").At("name")
	}
	if !f.Left {
		return nil
	}
	may, err := MayAuthorise(ctx, w.Tx(), Seat(w.Actor.Seat))
	if err != nil || may || w.Actor.Seat != string(Administrator) {
		return err
	}
	held, err := SeatsOf(ctx, w.Tx(), f.Person)
	if slices.ContainsFunc(held, func(s SeatAt) bool { return slices.Contains(Three, s.Seat) }) {
		return refuse.New("region.person.of-three").At("name")
	}
	return err
}

// Separation (三员) is who the three administrators are, for pages.
type Separation struct {
	Rules SecurityFacts
	Apart bool
	Held  map[Seat][]string // names of those who hold each of the three
	Both  []string          // names of those who hold two or three of them
}

// SeparationOf reads who holds the three seats.
func SeparationOf(ctx context.Context, tx *store.Tx) (s Separation, err error) {
	if s.Rules, err = SecurityOf(ctx, tx); err != nil {
		return s, err
	}
	all, err := Seated(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Held = map[Seat][]string{}
	holds := map[string][]Seat{}
	for _, h := range all { // by person
		if !slices.Contains(Three, h.Seat) || slices.Contains(holds[h.Person], h.Seat) {
			continue
		}
		name, err := PersonName(ctx, tx, h.Person)
		if err != nil {
			return s, err
		}
		s.Held[h.Seat] = append(s.Held[h.Seat], name)
		if holds[h.Person] = append(holds[h.Person], h.Seat); len(holds[h.Person]) == 2 {
			s.Both = append(s.Both, name)
		}
	}
	s.Apart = s.Rules.Separation && len(s.Held[Security]) > 0
	return s, nil
}
