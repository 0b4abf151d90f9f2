package region

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// ShownFacts: which organisation of the directory a circle hears of, and of which member it is.
type ShownFacts struct {
	Org  string `json:"org"`
	Side string `json:"side"` // GB/T 2260 code of its member
}

// ShownWords are its names.
type ShownWords struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
}

// OrgShown 单位公示: the directory stands in the own book, which no neighbour reads; where a circle's book first names an
// organisation by its id, it says what that is called. A later entry on the same organisation replaces the earlier.
// Whoever says what names one says this with it, so its action is the least of theirs.
var OrgShown = &node.Kind[ShownFacts, ShownWords]{
	Name: "region.org.shown/1", Action: string(ReportReview),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ ShownFacts, words *ShownWords) error {
		if words == nil || words.Name == "" {
			return refuse.New("region.org.unnamed").At("name")
		}
		return nil
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f ShownFacts) error {
		if err := notSelf(e); err != nil {
			return err
		}
		if err := needID(f.Org, "org"); err != nil {
			return err
		}
		return needMember(f.Side)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f ShownFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_shown (book, org, side, idx) VALUES (?, ?, ?, ?)
			ON CONFLICT (book, org) DO UPDATE SET side = excluded.side, idx = excluded.idx`, f.Org, f.Side, own.Index)
		return nil, err
	},
}

const shownRows = `
CREATE TABLE region_shown (
	book TEXT NOT NULL,
	org TEXT NOT NULL,
	side TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, org)
);
`

// Show says in a circle's book what organisations are called there, as far as it does not know or not so.
// What the directory does not know, or whose name was erased, is left out.
func Show(ctx context.Context, w *node.Writing, circle string, orgs ...string) error {
	if circle == node.Self {
		return nil
	}
	for _, org := range orgs {
		side, now, err := named(ctx, w, org)
		if err != nil {
			return err
		}
		known, err := shownIn(ctx, w, circle, org)
		if err != nil {
			return err
		}
		if now.Name == "" || reflect.DeepEqual(known, now) {
			continue
		}
		_, err = OrgShown.Say(ctx, w, node.Said[ShownFacts, ShownWords]{
			Circle: circle, Subjects: []string{org}, Facts: ShownFacts{Org: org, Side: side}, Words: &now,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func named(ctx context.Context, w *node.Writing, org string) (side string, s ShownWords, err error) {
	var raw []byte
	err = w.Tx().Row(ctx, `SELECT o.side, e.words FROM region_org o JOIN book_entry e ON e.book = o.book AND e.idx = o.idx
		WHERE o.book = ? AND o.org = ?`, w.Node().BookName(node.Self), org).Scan(&side, &raw)
	if errors.Is(err, sql.ErrNoRows) || err == nil && raw == nil {
		return "", s, nil
	}
	if err != nil {
		return "", s, fmt.Errorf("name of %s: %w", org, err)
	}
	full, err := OrgNamed.WordsOf(raw)
	s.Name = full.Name
	if len(full.Aliases) > 0 {
		s.Aliases = full.Aliases
	}
	return side, s, err
}

func shownIn(ctx context.Context, w *node.Writing, circle, org string) (s ShownWords, err error) {
	var raw []byte
	err = w.Tx().Row(ctx, `SELECT e.words FROM region_shown s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		WHERE s.book = ? AND s.org = ?`, w.Node().BookName(circle), org).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) || err == nil && raw == nil {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("name of %s in %s: %w", org, circle, err)
	}
	return OrgShown.WordsOf(raw)
}

// ShownOrg is an organisation as its member's book of a circle calls it.
type ShownOrg struct {
	Member string // whose book it is
	ID     string
	Side   string // GB/T 2260 code of its member
	Name   string
}

// Shown lists the organisations that neighbours' books show. Names that are erased or cannot be read are left out.
func Shown(ctx context.Context, tx *store.Tx, ours string) ([]ShownOrg, error) {
	rows, err := tx.Query(ctx, `SELECT h.member, s.org, s.side, e.words FROM region_shown s JOIN book_head h ON h.book = s.book
		JOIN book_entry e ON e.book = s.book AND e.idx = s.idx WHERE h.member <> ? AND e.words IS NOT NULL ORDER BY s.book, s.org`, ours)
	if err != nil {
		return nil, err
	}
	return scanShown(rows)
}

// ShownIn lists what the books of one circle call organisations, each by the book of its own member: the same on every node that has
// these books. Names that are erased or cannot be read are left out.
func ShownIn(ctx context.Context, tx *store.Tx, circle string) ([]ShownOrg, error) {
	rows, err := tx.Query(ctx, `SELECT h.member, s.org, s.side, e.words FROM region_shown s JOIN book_head h ON h.book = s.book
		JOIN book_entry e ON e.book = s.book AND e.idx = s.idx WHERE h.circle = ? AND e.words IS NOT NULL ORDER BY s.book, s.org`, circle)
	if err != nil {
		return nil, err
	}
	return scanShown(rows)
}

func scanShown(rows *sql.Rows) (all []ShownOrg, err error) {
	defer rows.Close()
	for rows.Next() {
		var o ShownOrg
		var raw []byte
		if err := rows.Scan(&o.Member, &o.ID, &o.Side, &raw); err != nil {
			return nil, err
		}
		var w ShownWords
		if json.Unmarshal(raw, &w) != nil || w.Name == "" || len(w.Name) > mostName {
			continue
		}
		o.Name = w.Name
		all = append(all, o)
	}
	return all, rows.Err()
}

// lost are the organisations that this member's own books of its circles name and its directory does not know: what a node that was
// built from neighbours' copies has left of the directory. Names that are erased or cannot be read are left out; a later book's name
// of one comes after an earlier's.
func lost(ctx context.Context, tx *store.Tx) (all []ShownOrg, err error) {
	rows, err := tx.Query(ctx, `SELECT substr(s.book, 1, 6), s.org, s.side, e.words FROM region_shown s
		JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		LEFT JOIN region_org o ON o.book = substr(s.book, 1, 6) || '/self' AND o.org = s.org
		WHERE o.org IS NULL AND e.words IS NOT NULL
		AND EXISTS (SELECT 1 FROM book_head h WHERE h.book = substr(s.book, 1, 6) || '/self') ORDER BY s.book, s.org`)
	if err != nil {
		return nil, err
	}
	return scanShown(rows)
}

// LostOrg is the id under which this member's own books of its circles show an organisation of a member that its directory does not
// know; "" where they show none of that name. Registered again under it, what the books say of it is its own again.
func LostOrg(ctx context.Context, tx *store.Tx, side, name string) (id string, err error) {
	all, err := lost(ctx, tx)
	for _, o := range all {
		if o.Side == side && o.Name == name {
			id = o.ID
		}
	}
	return id, err
}

// mostName is how long a neighbour's name may be to be shown, in bytes.
const mostName = 300
