package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"liandong/node"
	"liandong/store"
)

// From is a neighbour's node that is asked before it is known here.
type From struct {
	Origin  string // tongnan.example
	Address string // https://tongnan.example
}

// Built (重建) is what a node that had nothing has from its neighbours.
type Built struct {
	Recovery Recovery     `json:"recovery"` // of this member's books
	Words    []BuiltWords `json:"words"`
	Problems []string     `json:"problems"` // of the neighbours' own books, and of whom was asked
}

// BuiltWords counts the words of this member's book of a circle: neighbours hold only what they may read.
type BuiltWords struct {
	Circle   string `json:"circle"`
	Here     int64  `json:"here"`
	Erased   int64  `json:"erased"`
	Withheld int64  `json:"withheld"`
}

// Complete tells whether all is proven up to the highest head that anyone knows.
func (b Built) Complete() bool { return len(b.Problems) == 0 && b.Recovery.Complete() }

// Build fills a node that only reads, and has its key and identity, from its neighbours: its own books of the circles
// from their copies, and their books from themselves. What it has already is compared, so it may be run again.
func (f *Follower) Build(ctx context.Context, from []From) (b Built, err error) {
	b = Built{Words: []BuiltWords{}, Problems: []string{}}
	for _, one := range from {
		if err := f.buildFrom(ctx, one); err != nil {
			b.Problems = append(b.Problems, one.Address+": "+Explain(err))
		}
		if ctx.Err() != nil {
			return b, ctx.Err()
		}
	}
	if b.Recovery, err = f.Recover(ctx); err != nil {
		return b, err
	}
	wanted, err := f.targets(ctx)
	if err != nil {
		return b, err
	}
	for t := range wanted {
		if _, err := f.Once(ctx, t.circle, t.member, f.remote(t, "/book/"+t.circle+"/")); err != nil {
			b.Problems = append(b.Problems, t.book()+": "+Explain(err))
		}
	}
	slices.Sort(b.Problems)
	b.Words, err = f.wordsHere(ctx, b.Recovery)
	return b, err
}

// buildFrom takes this member's books of all circles in which a neighbour lets it read.
func (f *Follower) buildFrom(ctx context.Context, from From) error {
	r := &Remote{Address: from.Address, Path: "/", Origin: from.Origin, Client: f.Client, Signer: f.Signer}
	books, err := r.Books(ctx)
	if err != nil {
		return err
	}
	met := false
	for _, l := range books {
		if l.Circle == node.Self || l.Origin != from.Origin+"/"+l.Circle {
			continue
		}
		_, err := f.takeBack(ctx, target{circle: l.Circle, origin: from.Origin, address: from.Address})
		if err != nil && l.Open && refusedRead(err) {
			continue // anyone may read it; in this circle it does not know us
		}
		if err != nil {
			return fmt.Errorf("%s: %w", l.Circle, err)
		}
		met = true
	}
	if !met {
		return fmt.Errorf("来源 %[1]s 的节点没有向本方开放账本。请核对来源:它的账本来源不是 %[1]s 的,写作 来源=网址;来源无误的,请对方核对是否认可本方的密钥 (it lets us read no book: if its origin is another, give origin=address; else ask whether it recognises this key)", from.Origin)
	}
	return nil
}

// Books lists the books that the neighbour lets us read.
func (r *Remote) Books(ctx context.Context) (all []Listed, err error) {
	body, _, err := r.get(ctx, "books", "", 4<<20)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, fmt.Errorf("books of a neighbour: %w", err)
	}
	return all, nil
}

func (f *Follower) wordsHere(ctx context.Context, r Recovery) (all []BuiltWords, err error) {
	all = []BuiltWords{}
	err = f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		for _, b := range r.Books {
			w := BuiltWords{Circle: b.Circle}
			err := tx.Row(ctx, `SELECT COUNT(words), COALESCE(SUM(CASE erased WHEN 1 THEN 1 ELSE 0 END), 0),
				COALESCE(SUM(CASE erased WHEN 2 THEN 1 ELSE 0 END), 0) FROM book_entry WHERE book = ?`, f.Node.BookName(b.Circle)).
				Scan(&w.Here, &w.Erased, &w.Withheld)
			if err != nil {
				return err
			}
			all = append(all, w)
		}
		return nil
	})
	return all, err
}

// refusedRead tells whether a neighbour does not let us read.
func refusedRead(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Status == http.StatusNotFound
}
