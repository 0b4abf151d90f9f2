package node

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liandong/book"
	"liandong/store"
)

// WordsHeld says of each kind, by its name without version, when the entries of this member's books were said whose words are still here: in
// seconds since 1970, rising. It reads all of them.
func (n *Node) WordsHeld(ctx context.Context) (map[string][]int64, error) {
	held := map[string][]int64{}
	var circles []string
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		circles, err = Circles(ctx, tx, n.Member)
		return err
	})
	for _, c := range circles {
		for next := int64(0); err == nil && next >= 0; {
			err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
				next, err = heldPage(ctx, tx, n.BookName(c), next, held)
				return err
			})
		}
	}
	for _, at := range held {
		slices.Sort(at)
	}
	return held, err
}

// heldPage reads one page of a book, and says where the next begins; -1: nowhere.
func heldPage(ctx context.Context, tx *store.Tx, name string, from int64, held map[string][]int64) (next int64, err error) {
	rows, err := tx.Query(ctx, `SELECT idx, entry FROM book_entry WHERE book = ? AND idx >= ? AND words IS NOT NULL ORDER BY idx LIMIT `+strconv.Itoa(replayPage), name, from)
	if err != nil {
		return -1, err
	}
	page, err := store.Collect(rows, func(scan func(...any) error) (e stored, err error) {
		err = scan(&e.index, &e.entry)
		return e, err
	})
	if err != nil || len(page) == 0 {
		return -1, err
	}
	for _, one := range page {
		e, err := book.Scan(one.entry)
		if err != nil {
			return -1, fmt.Errorf("entry %s/%d: %w", name, one.index, err)
		}
		kind, _, _ := strings.Cut(e.Kind, "/")
		held[kind] = append(held[kind], e.At.Unix())
	}
	return page[len(page)-1].index + 1, nil
}
