package node

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"liandong/book"
	"liandong/store"
)

// Erasure is one entry by which words were erased, with who confirmed it since.
type Erasure struct {
	Book      string // 510900/suitong
	Index     int64  // of the erasure
	Entry     book.Entry
	Facts     ErasedFacts
	Words     ErasedWords // empty where they were erased themselves
	Finished  bool        // their bytes are gone here too, not only their rows
	Confirmed []Confirmation
}

// Confirmation is one member's word that it has carried an erasure out.
type Confirmation struct {
	Member string
	At     time.Time // of its entry
	Book   string
	Index  int64
}

// Erasures lists those of the books that stand here, the newest first, at most limit. With a book and an index: only
// what erased that entry, and that entry itself where it is an erasure.
func Erasures(ctx context.Context, tx *store.Tx, name string, index int64, limit int) ([]Erasure, error) {
	rows, err := tx.Query(ctx, `SELECT x.book, x.erasure, e.entry, e.words,
		(SELECT count(*) FROM book_forget f JOIN node_erased y ON y.book = f.book AND y.idx = f.idx
			WHERE y.book = x.book AND y.erasure = x.erasure)
		FROM (SELECT DISTINCT book, erasure FROM node_erased WHERE ? = '' OR book = ? AND (idx = ? OR erasure = ?)) AS x
		JOIN book_entry e ON e.book = x.book AND e.idx = x.erasure`, name, name, index, index)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (x Erasure, err error) {
		var raw, words []byte
		var left int
		if err := scan(&x.Book, &x.Index, &raw, &words, &left); err != nil {
			return x, err
		}
		x.Finished = left == 0
		return x, x.read(raw, words)
	})
	if err != nil {
		return nil, err
	}
	newestFirst(all)
	all = all[:min(limit, len(all))]
	for i := range all {
		if all[i].Confirmed, err = confirmations(ctx, tx, all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (x *Erasure) read(raw, words []byte) (err error) {
	if x.Entry, err = book.Scan(raw); err != nil {
		return fmt.Errorf("erasure %s/%d: %w", x.Book, x.Index, err)
	}
	if x.Facts, err = WordsErased.facts(x.Entry); err != nil || words == nil {
		return err
	}
	if json.Unmarshal(words, &x.Words) != nil {
		x.Words = ErasedWords{} // words that nobody can read are as good as erased
	}
	return nil
}

func confirmations(ctx context.Context, tx *store.Tx, x Erasure) ([]Confirmation, error) {
	rows, err := tx.Query(ctx, `SELECT h.member, g.at, g.book, g.idx FROM node_gone g JOIN book_head h ON h.book = g.book
		WHERE g.member = ? AND g.erasure = ? AND h.circle = ? ORDER BY g.at, h.member`, x.Entry.Member, x.Index, x.Entry.Circle)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (c Confirmation, err error) {
		var at int64
		err = scan(&c.Member, &at, &c.Book, &c.Index)
		c.At = time.UnixMilli(at).UTC()
		return c, err
	})
}

func newestFirst(all []Erasure) {
	slices.SortFunc(all, func(a, b Erasure) int {
		return cmp.Or(b.Entry.At.Compare(a.Entry.At), cmp.Compare(a.Book, b.Book), cmp.Compare(b.Index, a.Index))
	})
}
