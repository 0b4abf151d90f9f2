package region

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"liandong/node"
	"liandong/rules/division"
	"liandong/store"
)

const rows = `
CREATE TABLE region_org (
	book TEXT NOT NULL,
	org TEXT NOT NULL,
	side TEXT NOT NULL,
	sort BIGINT NOT NULL,
	is_group BIGINT NOT NULL,
	closed BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, org)
);
CREATE TABLE region_person (
	book TEXT NOT NULL,
	person TEXT NOT NULL,
	gone BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, person)
);
CREATE TABLE region_seat (
	book TEXT NOT NULL,
	person TEXT NOT NULL,
	org TEXT NOT NULL,
	seat TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, person, org, seat)
);
CREATE TABLE region_circle (
	book TEXT NOT NULL,
	circle TEXT NOT NULL,
	member TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, member)
);
CREATE TABLE region_left (
	book TEXT PRIMARY KEY,
	idx BIGINT NOT NULL
);
CREATE TABLE region_neighbour (
	book TEXT NOT NULL,
	member TEXT NOT NULL,
	origin TEXT NOT NULL,
	pubkey TEXT NOT NULL,
	witness TEXT NOT NULL,
	request TEXT NOT NULL,
	suspended BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, member)
);
CREATE TABLE region_roll (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	pubkey TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
`

// Org is an organisation of the directory.
type Org struct {
	ID      string
	Side    string // GB/T 2260 code of its member
	Name    string // short form, as lists name it
	Aliases []string
	Group   bool     // 各县(市、区)人民政府 stands for several
	Members []string // of a group
	Closed  bool
	Under   string // the organisation that it is a section of
	Local   bool   // a government below this one
	Seen    int64  // the newest entry of its name and its place
}

// Orgs reads the directory in its order. Names that were erased read as the id.
func Orgs(ctx context.Context, tx *store.Tx) ([]Org, error) {
	rows, err := tx.Query(ctx, `SELECT o.org, o.side, o.is_group, o.closed, COALESCE(p.under, ''), COALESCE(p.local, 0), o.idx, COALESCE(p.idx, -1), e.words
		FROM region_org o JOIN book_entry e ON e.book = o.book AND e.idx = o.idx
		LEFT JOIN region_place p ON p.book = o.book AND p.org = o.org
		ORDER BY o.side, o.sort, o.org`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (o Org, err error) {
		var raw []byte
		var placed int64
		if err := scan(&o.ID, &o.Side, &o.Group, &o.Closed, &o.Under, &o.Local, &o.Seen, &placed, &raw); err != nil {
			return o, err
		}
		o.Seen = max(o.Seen, placed)
		var w OrgWords
		if raw != nil {
			if w, err = OrgNamed.WordsOf(raw); err != nil {
				return o, err
			}
		}
		o.Name, o.Aliases, o.Members = w.Name, w.Aliases, w.Members
		if o.Name == "" {
			o.Name = o.ID
		}
		return o, nil
	})
}

// OrgNames maps ids to short names; what the directory does not know is called as this member's books of its circles call it.
func OrgNames(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	orgs, err := Orgs(ctx, tx)
	if err != nil {
		return nil, err
	}
	gone, err := lost(ctx, tx)
	names := make(map[string]string, len(orgs)+len(gone))
	for _, o := range gone {
		names[o.ID] = o.Name
	}
	for _, o := range orgs {
		names[o.ID] = o.Name
	}
	return names, err
}

// SeatAt is a seat that a person has for an organisation.
type SeatAt struct {
	Org     string
	OrgName string
	Seat    Seat
	For     string // the person whose seat it is and for whom it is taken (代); empty: one's own
	ForName string
}

// SeatsOf lists a person's seats; none if he has left.
func SeatsOf(ctx context.Context, tx *store.Tx, person string) ([]SeatAt, error) {
	rows, err := tx.Query(ctx, `SELECT s.org, s.seat, e.words FROM region_seat s
		JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
		JOIN region_org o ON o.book = s.book AND o.org = s.org
		JOIN book_entry e ON e.book = o.book AND e.idx = o.idx
		WHERE s.person = ? ORDER BY o.sort, s.org, s.seat`, person)
	if err != nil {
		return nil, err
	}
	seats, err := store.Collect(rows, func(scan func(...any) error) (s SeatAt, err error) {
		var raw []byte
		if err := scan(&s.Org, &s.Seat, &raw); err != nil {
			return s, err
		}
		s.OrgName = s.Org
		if w, err := OrgNamed.WordsOf(raw); err == nil && w.Name != "" {
			s.OrgName = w.Name
		}
		return s, nil
	})
	// The seat in which there is most to do comes first: it is the one he signs in with.
	slices.SortStableFunc(seats, func(a, b SeatAt) int { return slices.Index(Seats, a.Seat) - slices.Index(Seats, b.Seat) })
	return seats, err
}

// PersonName is the name of a person, or his id where the name was erased or never known here.
func PersonName(ctx context.Context, tx *store.Tx, person string) (string, error) {
	var raw []byte
	err := tx.Row(ctx, `SELECT e.words FROM region_person p
		JOIN book_entry e ON e.book = p.book AND e.idx = p.idx WHERE p.person = ?`, person).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) || err == nil && raw == nil {
		return person, nil
	}
	if err != nil {
		return "", fmt.Errorf("name of a person: %w", err)
	}
	var w PersonWords
	if err := json.Unmarshal(raw, &w); err != nil || w.Name == "" {
		return person, nil
	}
	return w.Name, nil
}

// Holder is a person with one of his seats.
type Holder struct {
	Person, Org string
	Seat        Seat
}

// Seated lists who holds which seat, of those who have not left, by person.
func Seated(ctx context.Context, tx *store.Tx) ([]Holder, error) {
	rows, err := tx.Query(ctx, `SELECT s.person, s.org, s.seat FROM region_seat s
		JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0 ORDER BY s.person, s.org, s.seat`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (h Holder, err error) {
		err = scan(&h.Person, &h.Org, &h.Seat)
		return h, err
	})
}

// Person is one line of the register of people.
type Person struct {
	ID, Name string
	Left     bool
	Seats    []SeatAt
}

// People reads the register with everybody's seats.
func People(ctx context.Context, tx *store.Tx) ([]Person, error) {
	rows, err := tx.Query(ctx, `SELECT person, gone FROM region_person ORDER BY idx, person`)
	if err != nil {
		return nil, err
	}
	people, err := store.Collect(rows, func(scan func(...any) error) (p Person, err error) {
		err = scan(&p.ID, &p.Left)
		return p, err
	})
	if err != nil {
		return nil, err
	}
	for i := range people {
		if people[i].Name, err = PersonName(ctx, tx, people[i].ID); err != nil {
			return nil, err
		}
		if people[i].Seats, err = SeatsOf(ctx, tx, people[i].ID); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// Seatless counts the people who have not left and hold no seat.
func Seatless(ctx context.Context, tx *store.Tx) (n int, err error) {
	err = tx.Row(ctx, `SELECT count(*) FROM region_person p WHERE p.gone = 0
		AND NOT EXISTS (SELECT 1 FROM region_seat s WHERE s.book = p.book AND s.person = p.person)`).Scan(&n)
	return n, err
}

// Circle is a circle in which this member keeps a book.
type Circle struct {
	ID      string
	Name    string
	Members []string // GB/T 2260 codes
}

// CirclesOf lists the circles of a member's books, without its own book.
func CirclesOf(ctx context.Context, tx *store.Tx, member string) ([]Circle, error) {
	rows, err := tx.Query(ctx, `SELECT c.circle, c.member, e.words FROM region_circle c
		JOIN book_head h ON h.book = c.book AND h.member = ?
		JOIN book_entry e ON e.book = c.book AND e.idx = c.idx ORDER BY c.circle, c.member`, member)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Circle
	for rows.Next() {
		var id, code string
		var raw []byte
		if err := rows.Scan(&id, &code, &raw); err != nil {
			return nil, err
		}
		if len(all) == 0 || all[len(all)-1].ID != id {
			all = append(all, Circle{ID: id, Name: circleName(id, raw)})
		}
		last := &all[len(all)-1]
		last.Members = append(last.Members, code)
	}
	return all, rows.Err()
}

func circleName(id string, raw []byte) string {
	if w, err := CircleOpened.WordsOf(raw); err == nil && w.Name != "" {
		return w.Name
	}
	return id
}

// OpenCircle makes this member's book for a circle and says so in it. Opening it again changes
// nothing.
func OpenCircle(ctx context.Context, w *node.Writing, c Circle) error {
	var stands int
	err := w.Tx().Row(ctx, `SELECT count(*) FROM book_head WHERE book = ?`, w.Node().BookName(c.ID)).Scan(&stands)
	if err != nil || stands > 0 {
		return err
	}
	if err := w.OpenBook(ctx, c.ID); err != nil {
		return err
	}
	_, err = CircleOpened.Say(ctx, w, node.Said[CircleFacts, CircleWords]{
		Circle: c.ID, Facts: CircleFacts{Circle: c.ID, Members: c.Members}, Words: &CircleWords{Name: c.Name},
	})
	return err
}

// OfficialName is an organisation as documents to the outside name it: a department of 遂宁市 that is
// called 市发展改革委 at home is 遂宁市发展改革委.
func OfficialName(ctx context.Context, tx *store.Tx, member, org string) (string, error) {
	names, err := OrgNames(ctx, tx)
	if err != nil || names[org] == "" {
		return "", err
	}
	return division.Unit(member, names[org]), nil
}
