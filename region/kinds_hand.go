package region

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/rules/civil"
	"liandong/rules/refuse"
	"liandong/store"
)

// Passed is how much of one sort passes from a person to who takes over.
type Passed struct {
	What  string `json:"what"` // a word of the room that keeps it: imports, tokens …
	N     int    `json:"n"`
	Ended bool   `json:"ended"` // it is over instead: nobody else may use it
}

// HandedFacts: whose work in an organisation is another's, and how much of it passed with the same step.
type HandedFacts struct {
	Person string   `json:"person"` // who leaves or moves
	To     string   `json:"to"`     // who takes over; a colleague of the same organisation
	Org    string   `json:"org"`
	Passed []Passed `json:"passed"`
}

// mostPassed bounds the sorts that one entry counts.
const mostPassed = 40

// WorkHanded 工作交接: what a person held rather than his organisation is his colleague's. Substitutions that are not over end where he was
// away, and are the colleague's where he stood in. What lies beside the books (files under preview, uploads, notices) is passed with it, in
// the same transaction, by the rooms that keep it. What was filed stays in the name of who filed it.
var WorkHanded = &node.Kind[HandedFacts, NoWords]{
	Name: "region.work.handed/1", Action: string(PersonHand),
	Allow: func(_ context.Context, w *node.Writing, _ string, f HandedFacts, _ *NoWords) error {
		if w.Actor.Person == f.To { // who has no say in the work does not hand it to himself
			return refuse.New("region.hand.oneself").At("to")
		}
		return nil
	},
	Check: checkHanded,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f HandedFacts) ([]string, error) {
		day := e.At.In(civil.Beijing).Format(dateOnly)
		seats, err := seatsHanded(ctx, own, f)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO region_handed (book, idx, person, to_person, org, seats) VALUES (?, ?, ?, ?, ?, ?)`, own.Index, f.Person, f.To, f.Org, seats)
		if err != nil {
			return nil, err
		}
		// Ended: where he is away, or stands in for who takes over. The rest is the colleague's.
		_, err = own.Exec(ctx, `WITH way (book, idx) AS (SELECT CAST(? AS TEXT), CAST(? AS BIGINT))
			INSERT INTO region_substitute_end (book, substitute, idx) SELECT s.book, s.substitute, way.idx FROM region_substitute s, way
			WHERE s.book = way.book AND s.org = ? AND (s.person = ? OR s.by_person = ? AND s.person = ?) AND s.until_day >= ? AND `+standsYet,
			own.Index, f.Org, f.Person, f.Person, f.To, day)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `WITH way (book, into_person) AS (SELECT CAST(? AS TEXT), CAST(? AS TEXT))
			UPDATE region_substitute SET by_person = (SELECT into_person FROM way) WHERE book = (SELECT book FROM way) AND org = ? AND by_person = ? AND until_day >= ?
			AND NOT EXISTS (SELECT 1 FROM region_substitute_end x WHERE x.book = region_substitute.book AND x.substitute = region_substitute.substitute)`,
			f.To, f.Org, f.Person, day)
		return nil, err
	},
}

// seatsHanded are the seats that a person held in the organisation when his work there passed: " leader reporter ".
func seatsHanded(ctx context.Context, own *node.Own, f HandedFacts) (string, error) {
	rows, err := own.Query(ctx, `SELECT seat FROM region_seat WHERE book = ? AND person = ? AND org = ? ORDER BY seat`, f.Person, f.Org)
	if err != nil {
		return "", err
	}
	seats, err := store.Column[string](rows)
	return " " + strings.Join(seats, " ") + " ", err
}

// standsYet: substitution s was not ended early.
const standsYet = `NOT EXISTS (SELECT 1 FROM region_substitute_end x WHERE x.book = s.book AND x.substitute = s.substitute)`

// dateOnly is how the books write a day.
const dateOnly = "2006-01-02"

func checkHanded(ctx context.Context, own *node.Own, e book.Entry, f HandedFacts) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	if f.Person == f.To || f.To == "" {
		return refuse.New("region.hand.self").At("to")
	}
	if len(f.Passed) > mostPassed {
		return refuse.New("region.hand.form").At("to")
	}
	for i, p := range f.Passed {
		if !book.IsID(p.What) || p.N < 1 || i > 0 && f.Passed[i-1].What >= p.What {
			return refuse.New("region.hand.form").At("to")
		}
	}
	for _, need := range []struct{ person, code string }{{f.Person, "region.hand.no-seat"}, {f.To, "region.hand.colleague"}} {
		var n int
		err := own.Row(ctx, `SELECT count(*) FROM region_seat s JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
			WHERE s.book = ? AND s.person = ? AND s.org = ?`, need.person, f.Org).Scan(&n)
		if err != nil {
			return err
		}
		if n == 0 {
			return refuse.New(need.code).At("to")
		}
	}
	return nil
}

const handedRows = `
CREATE TABLE region_handed (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	person TEXT NOT NULL,
	to_person TEXT NOT NULL,
	org TEXT NOT NULL,
	seats TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX region_handed_person ON region_handed (person, idx);`

// Handed is a handover as pages show it.
type Handed struct {
	Person, PersonName string
	To, ToName         string
	Org, OrgName       string
	Passed             []Passed
	Day                string // in Beijing
	Book               string
	Index              int64
}

// HandedBy are the handovers that a person gave or took, in order.
func HandedBy(ctx context.Context, tx *store.Tx, person string) ([]Handed, error) {
	rows, err := tx.Query(ctx, `SELECT h.book, h.idx, h.person, h.to_person, h.org, e.entry FROM region_handed h
		JOIN book_entry e ON e.book = h.book AND e.idx = h.idx WHERE h.person = ? OR h.to_person = ? ORDER BY h.idx`, person, person)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (h Handed, err error) {
		var raw []byte
		if err := scan(&h.Book, &h.Index, &h.Person, &h.To, &h.Org, &raw); err != nil {
			return h, err
		}
		e, err := book.Scan(raw)
		if err != nil {
			return h, err
		}
		var f HandedFacts
		err = json.Unmarshal(e.Facts, &f)
		h.Passed, h.Day = f.Passed, e.At.In(civil.Beijing).Format(dateOnly)
		return h, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := OrgNames(ctx, tx)
	for i := range all {
		h := &all[i]
		if h.OrgName = names[h.Org]; h.OrgName == "" {
			h.OrgName = h.Org
		}
		if err == nil {
			h.PersonName, err = PersonName(ctx, tx, h.Person)
		}
		if err == nil {
			h.ToName, err = PersonName(ctx, tx, h.To)
		}
	}
	return all, err
}

// Heirs tells for each person who handed over what he did in a seat whose it is now: only the work of organisations in which he held that seat, and
// what was handed on in turn in the same one, or in the one that it was merged into.
func Heirs(ctx context.Context, tx *store.Tx, seat Seat) (map[string][]string, error) {
	rows, err := tx.Query(ctx, `SELECT person, to_person, org FROM region_handed WHERE seats LIKE ? ORDER BY idx DESC`, "% "+string(seat)+" %")
	if err != nil {
		return nil, err
	}
	type at struct{ person, org string }
	type handed struct {
		at
		to string
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (h handed, err error) {
		return h, scan(&h.person, &h.to, &h.org)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if rows, err = tx.Query(ctx, `SELECT org, into_org FROM region_merged`); err != nil {
		return nil, err
	}
	into := map[string]string{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var org, to string
		err = scan(&org, &to)
		into[org] = to
		return none, err
	})
	heirs, by := map[string][]string{}, map[at][]string{}
	for _, h := range all {
		for range into { // what is merged may be merged again, but not in a ring
			if to, merged := into[h.org]; merged {
				h.org = to
			}
		}
		for _, one := range append([]string{h.to}, by[at{h.to, h.org}]...) { // the later ones are known: the newest came first
			if one == h.person {
				continue
			}
			if !slices.Contains(by[h.at], one) {
				by[h.at] = append(by[h.at], one)
			}
			if !slices.Contains(heirs[h.person], one) {
				heirs[h.person] = append(heirs[h.person], one)
			}
		}
	}
	return heirs, err
}

// StandingOf counts the substitutions of an organisation that are not over on a day: where a person is away, and where he stands in.
func StandingOf(ctx context.Context, tx *store.Tx, person, org, today string) (away, standsIn int, err error) {
	err = tx.Row(ctx, `SELECT COALESCE(sum(CASE WHEN s.person = ? THEN 1 ELSE 0 END), 0), COALESCE(sum(CASE WHEN s.by_person = ? THEN 1 ELSE 0 END), 0)
		FROM region_substitute s WHERE s.org = ? AND s.until_day >= ? AND `+standsYet, person, person, org, today).Scan(&away, &standsIn)
	return away, standsIn, err
}
