package region

import (
	"context"
	"slices"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/civil"
	"liandong/rules/refuse"
	"liandong/store"
)

// SubstituteFacts: who acts for whom (AB岗), in which seat of which organisation, on which days. Both days are included; a day is one in Beijing.
type SubstituteFacts struct {
	Substitute string `json:"substitute"` // id of the substitution
	Person     string `json:"person"`     // that is away
	By         string `json:"by"`         // that acts for him
	Org        string `json:"org"`
	Seat       Seat   `json:"seat"`
	From       string `json:"from"`  // 2022-06-20
	Until      string `json:"until"` // 2022-06-24
}

// standable are the seats in which somebody may act for another: those of the work. Who manages people, and who audits, does it himself.
var standable = []Seat{Coordinator, Leader, Reporter, Reviewer}

// Standable says whether somebody may act for another in a seat.
func Standable(s Seat) bool { return slices.Contains(standable, s) }

// mostStanding is the longest substitution, in days. Who is away longer is replaced. It has no source; it is ours.
const mostStanding = 93

// SubstituteNamed AB岗代办: a person, or for him who gives seats, names a colleague of the same organisation who acts for him. The colleague
// acts in his own name; every entry says for whom.
var SubstituteNamed = &node.Kind[SubstituteFacts, NoWords]{
	Name: "region.substitute.named/1", Action: string(SubstituteWrite),
	Allow: func(ctx context.Context, w *node.Writing, _ string, f SubstituteFacts, _ *NoWords) error {
		if May(Seat(w.Actor.Seat), SeatGive) { // a seat is lent by who gives seats
			if err := onlySecurity(ctx, w); err != nil {
				return err
			}
			if w.Actor.Person == f.By { // nor lends it to himself
				return refuse.New("region.seat.oneself").At("by")
			}
		} else if w.Actor.Person != f.Person || w.Actor.For != "" {
			return refuse.New("region.substitute.whose").At("person")
		}
		if f.Until < Today(w.Now()) {
			return refuse.New("region.substitute.past").At("until")
		}
		return nil
	},
	Check: checkSubstitute,
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SubstituteFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_substitute (book, substitute, person, by_person, org, seat, from_day, until_day, idx) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			f.Substitute, f.Person, f.By, f.Org, string(f.Seat), f.From, f.Until, own.Index)
		return nil, err
	},
}

func checkSubstitute(ctx context.Context, own *node.Own, e book.Entry, f SubstituteFacts) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	if err := needID(f.Substitute, "substitute"); err != nil {
		return err
	}
	from, err := time.Parse(time.DateOnly, f.From)
	if err != nil {
		return refuse.New("region.substitute.day", "day", f.From).At("from")
	}
	until, err := time.Parse(time.DateOnly, f.Until)
	if err != nil {
		return refuse.New("region.substitute.day", "day", f.Until).At("until")
	}
	if until.Before(from) || until.Sub(from) >= mostStanding*24*time.Hour {
		return refuse.New("region.substitute.days", "most", mostStanding).At("until")
	}
	if f.Person == f.By || f.By == "" {
		return refuse.New("region.substitute.self").At("by")
	}
	if !Standable(f.Seat) {
		return refuse.New("region.substitute.seat", "seat", string(f.Seat)).At("seat")
	}
	for _, need := range []struct {
		count, code, field string
		args               []any
	}{
		{`SELECT count(*) FROM region_seat s JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
			WHERE s.book = ? AND s.person = ? AND s.org = ? AND s.seat = ?`, "region.substitute.no-seat", "seat", []any{f.Person, f.Org, string(f.Seat)}},
		{`SELECT count(*) FROM region_seat s JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
			WHERE s.book = ? AND s.person = ? AND s.org = ?`, "region.substitute.colleague", "by", []any{f.By, f.Org}},
	} {
		var n int
		if err := own.Row(ctx, need.count, need.args...).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return refuse.New(need.code).At(need.field)
		}
	}
	var taken int
	err = own.Row(ctx, `SELECT count(*) FROM region_substitute WHERE book = ? AND substitute = ?`, f.Substitute).Scan(&taken)
	if err == nil && taken > 0 {
		err = refuse.New("region.id-form").At("substitute")
	}
	return err
}

// SubstituteEndFacts name the substitution that is over.
type SubstituteEndFacts struct {
	Substitute string `json:"substitute"`
}

// SubstituteEnded 提前结束代办, by either of the two or who gives seats.
var SubstituteEnded = &node.Kind[SubstituteEndFacts, NoWords]{
	Name: "region.substitute.ended/1", Action: string(SubstituteWrite),
	Allow: func(ctx context.Context, w *node.Writing, _ string, f SubstituteEndFacts, _ *NoWords) error {
		if May(Seat(w.Actor.Seat), SeatGive) {
			return onlySecurity(ctx, w)
		}
		var n int
		err := w.Tx().Row(ctx, `SELECT count(*) FROM region_substitute WHERE substitute = ? AND (person = ? OR by_person = ?)`, f.Substitute, w.Actor.Person, w.Actor.Person).Scan(&n)
		if err == nil && n == 0 {
			err = refuse.New("region.substitute.unknown")
		}
		return err
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f SubstituteEndFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		var n int
		err := own.Row(ctx, `SELECT count(*) FROM region_substitute s WHERE s.book = ? AND s.substitute = ?
			AND NOT EXISTS (SELECT 1 FROM region_substitute_end x WHERE x.book = s.book AND x.substitute = s.substitute)`, f.Substitute).Scan(&n)
		if err == nil && n == 0 {
			err = refuse.New("region.substitute.unknown")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SubstituteEndFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_substitute_end (book, substitute, idx) VALUES (?, ?, ?)`, f.Substitute, own.Index)
		return nil, err
	},
}

const substituteRows = `
CREATE TABLE region_substitute (
	book TEXT NOT NULL,
	substitute TEXT NOT NULL,
	person TEXT NOT NULL,
	by_person TEXT NOT NULL,
	org TEXT NOT NULL,
	seat TEXT NOT NULL,
	from_day TEXT NOT NULL,
	until_day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, substitute)
);
CREATE INDEX region_substitute_by ON region_substitute (by_person, until_day);
CREATE TABLE region_substitute_end (
	book TEXT NOT NULL,
	substitute TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, substitute)
);`

// Today is the civil day of a moment in Beijing, where all members live.
func Today(now time.Time) string { return now.In(civil.Beijing).Format(time.DateOnly) }

// Substitution is one that is not over.
type Substitution struct {
	ID                 string
	Person, PersonName string
	By, ByName         string
	Org, OrgName       string
	Seat               Seat
	From, Until        string
	Now                bool // it holds today
}

// Substitutions lists those that hold on a day or come after it, the first to begin first. Where a person left, or lost the seat, or his
// colleague left the organisation, there is none any more.
func Substitutions(ctx context.Context, tx *store.Tx, today string) ([]Substitution, error) {
	return substitutions(ctx, tx, today, ``)
}

// substitutions are those of a further condition, such as of one substitute: each request of somebody asks for his.
func substitutions(ctx context.Context, tx *store.Tx, today, which string, args ...any) ([]Substitution, error) {
	rows, err := tx.Query(ctx, `SELECT s.substitute, s.person, s.by_person, s.org, s.seat, s.from_day, s.until_day FROM region_substitute s
		JOIN region_seat t ON t.book = s.book AND t.person = s.person AND t.org = s.org AND t.seat = s.seat
		JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
		JOIN region_person b ON b.book = s.book AND b.person = s.by_person AND b.gone = 0
		WHERE s.until_day >= ? AND NOT EXISTS (SELECT 1 FROM region_substitute_end x WHERE x.book = s.book AND x.substitute = s.substitute)
		AND EXISTS (SELECT 1 FROM region_seat c WHERE c.book = s.book AND c.person = s.by_person AND c.org = s.org)
		`+which+` ORDER BY s.from_day, s.until_day, s.substitute`, append([]any{today}, args...)...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (s Substitution, err error) {
		err = scan(&s.ID, &s.Person, &s.By, &s.Org, &s.Seat, &s.From, &s.Until)
		s.Now = s.From <= today
		return s, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	orgs, err := OrgNames(ctx, tx)
	for i := range all {
		s := &all[i]
		s.OrgName = orgs[s.Org]
		if err == nil {
			s.PersonName, err = PersonName(ctx, tx, s.Person)
		}
		if err == nil {
			s.ByName, err = PersonName(ctx, tx, s.By)
		}
	}
	return all, err
}

// StandsIn lists the seats in which a person acts for others on a day.
func StandsIn(ctx context.Context, tx *store.Tx, person, today string) (seats []SeatAt, err error) {
	all, err := substitutions(ctx, tx, today, `AND s.by_person = ? AND s.from_day <= ?`, person, today)
	for _, s := range all {
		seats = append(seats, SeatAt{Org: s.Org, OrgName: s.OrgName, Seat: s.Seat, For: s.Person, ForName: s.PersonName})
	}
	return seats, err
}

// stands holds a substitute to his days: the batch's clock decides, not the moment at which he was identified.
func stands(ctx context.Context, w *node.Writing) error {
	seats, err := StandsIn(ctx, w.Tx(), w.Actor.Person, Today(w.Now()))
	if err != nil {
		return err
	}
	for _, s := range seats {
		if s.For == w.Actor.For && s.Org == w.Actor.Org && string(s.Seat) == w.Actor.Seat {
			return nil
		}
	}
	return refuse.New("region.substitute.over")
}

// ActingName is the name of a person, and of whom he acts for: 周禾（代陈岚）.
func ActingName(ctx context.Context, tx *store.Tx, person, stoodFor string) (string, error) {
	name, err := PersonName(ctx, tx, person)
	if err != nil || stoodFor == "" {
		return name, err
	}
	other, err := PersonName(ctx, tx, stoodFor)
	return name + "（代" + other + "）", err
}
