package region

import (
	"context"
	"fmt"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// NoteFacts: a note decides nothing.
type NoteFacts struct{}

// NoteWords are what it says.
type NoteWords struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// NoteSaid 函告: a member tells its circle, or named members of it only, what belongs to no list and no report.
var NoteSaid = &node.Kind[NoteFacts, NoteWords]{
	Name: "region.note.said/1", Action: string(NoteSay),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ NoteFacts, words *NoteWords) error {
		if words == nil || strings.TrimSpace(words.Title) == "" {
			return refuse.New("region.note.untitled").At("title")
		}
		return nil
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, _ NoteFacts) error { return notSelf(e) },
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ NoteFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_note (book, idx, at) VALUES (?, ?, ?)`, own.Index, e.At.UnixMilli())
		return nil, err
	},
}

const noteRows = `
CREATE TABLE region_note (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);`

// Note is one note as this member can read it.
type Note struct {
	Member string
	Circle string
	Index  int64
	At     time.Time
	Plain  node.Plain
	Words  NoteWords // in state PlainHere
}

// Notes lists the notes of all books that stand here, the newest first, at most limit.
func Notes(ctx context.Context, tx *store.Tx, n *node.Node, limit int) (all []Note, err error) {
	rows, err := tx.Query(ctx, `SELECT h.member, h.circle, x.idx FROM region_note x JOIN book_head h ON h.book = x.book
		ORDER BY x.at DESC, x.book, x.idx DESC LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	all, err = store.Collect(rows, func(scan func(...any) error) (x Note, err error) {
		err = scan(&x.Member, &x.Circle, &x.Index)
		return x, err
	})
	for i := range all {
		if err != nil {
			return nil, err
		}
		err = all[i].read(ctx, tx, n)
	}
	return all, err
}

func (x *Note) read(ctx context.Context, tx *store.Tx, n *node.Node) error {
	e, plain, err := n.PlainAt(ctx, tx, x.Member+"/"+x.Circle, x.Index)
	if err != nil {
		return err
	}
	x.At, x.Plain = e.At, plain
	if plain.State != node.PlainHere {
		return nil
	}
	if x.Words, err = NoteSaid.WordsOf(plain.Text); err != nil { // a neighbour's doing
		x.Plain = node.Plain{State: node.PlainBroken, To: plain.To}
	}
	return nil
}

// Addressee is a member of a circle to whom something may be said, alone where it shows a sealing key.
type Addressee struct {
	Neighbour
	Sealing bool
}

// Addressees lists whom this member recognises in a circle.
func Addressees(ctx context.Context, tx *store.Tx, member, circle string) (all []Addressee, err error) {
	neighbours, err := Neighbours(ctx, tx, member, circle)
	for _, n := range neighbours {
		key, err := node.SealingShown(ctx, tx, node.SealHPKE, n.Member, circle)
		if err != nil {
			return nil, fmt.Errorf("addressees in %s: %w", circle, err)
		}
		all = append(all, Addressee{n, key != nil})
	}
	return all, err
}
