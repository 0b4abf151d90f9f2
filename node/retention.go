package node

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"liandong/book"
	"liandong/store"
)

// EraseOlder erases the words of entries of a kind, by its name without version, that were said before a time: a
// retention rule of the operator. It says how many.
func (n *Node) EraseOlder(ctx context.Context, kind string, before time.Time, reference string) (erased int, err error) {
	var circles []string
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		circles, err = Circles(ctx, tx, n.Member)
		return err
	})
	for _, c := range circles {
		if err != nil {
			return erased, err
		}
		var more int
		more, err = n.eraseOlderIn(ctx, c, kind, before, reference)
		erased += more
	}
	return erased, err
}

func (n *Node) eraseOlderIn(ctx context.Context, circle, kind string, before time.Time, reference string) (erased int, err error) {
	for {
		var old []int64
		err := n.Store.Read(ctx, func(tx *store.Tx) (err error) {
			old, err = older(ctx, tx, n.BookName(circle), kind, before)
			return err
		})
		if err != nil || len(old) == 0 {
			return erased, err
		}
		_, err = n.Erase(ctx, Request{Actor: n.machine()}, map[string]ErasedFacts{circle: {Indexes: old, Reason: EraseRetention}}, ErasedWords{Reference: reference})
		if err != nil {
			return erased, err
		}
		erased += len(old)
	}
}

// older are the first entries of a kind with words that were said before a time.
func older(ctx context.Context, tx *store.Tx, name, kind string, before time.Time) (old []int64, err error) {
	for next := int64(0); ; {
		rows, err := tx.Query(ctx, `SELECT idx, entry FROM book_entry WHERE book = ? AND idx >= ? AND words IS NOT NULL
			ORDER BY idx LIMIT `+strconv.Itoa(replayPage), name, next)
		if err != nil {
			return nil, err
		}
		page, err := store.Collect(rows, func(scan func(...any) error) (e stored, err error) {
			err = scan(&e.index, &e.entry)
			return e, err
		})
		if err != nil || len(page) == 0 {
			return old, err
		}
		for _, one := range page {
			e, err := book.Scan(one.entry)
			if err != nil {
				return nil, fmt.Errorf("entry %s/%d: %w", name, one.index, err)
			}
			if !e.At.Before(before) || len(old) == mostErased {
				return old, nil
			}
			if base, _, _ := strings.Cut(e.Kind, "/"); base == kind {
				old = append(old, one.index)
			}
			next = one.index + 1
		}
	}
}
