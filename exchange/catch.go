package exchange

import (
	"context"
	"errors"
	"math"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// The ways in which a neighbour's book cannot be followed. Everything else is the line's trouble and is tried again.
var (
	ErrNoKey   = errors.New("账头不是所认可的密钥签的 (the head is not signed by a recognised key)")
	ErrForked  = errors.New("该成员出示了两本不同的账 (the member shows two different books)")
	ErrRolled  = errors.New("该成员更换了密钥:请在“各方”页认可新密钥;它的账本里没有更换记录的,请它重发邀请 (the member has another key: recognise it, or ask for another invitation)")
	ErrOldHead = errors.New("邻方给出的是旧账头 (an older head than was seen before)")
)

// Catching takes a neighbour's book from a source up to its newest head.
type Catching struct {
	Node *node.Node
	Book string // 500152/suitong
	// Keys are the verifier keys that our book of the circle recognises for it.
	Keys []Key
	// Seen is told of the head that held, once all its entries are here. May be nil.
	Seen func(ctx context.Context, head signedHead, grown bool) error
	// Found is told of fork evidence. May be nil.
	Found func(ctx context.Context, f book.Fork) error
	// Unproven is told that the member contradicted itself where no file can show it to others: nothing more is taken. Nil: such a head is refused
	// and says no more, since another source may have what a file needs.
	Unproven func(ctx context.Context, why error) error
	// Beyond gives the tiles under heads that the member signed as far as their entries are not here: it may hold back the end of its book,
	// or have shown more of it to our witness. May be nil.
	Beyond book.Loader
	// Ties lead from one verifier key of the book to another, by entries in which its holder named the next; nil or none: nobody
	// tied them. May be nil.
	Ties func(ctx context.Context, from, to string) ([]book.Evidence, error)
	// Fill asks the source also for the words that were withheld when their entries came: a copy may lack what another holds.
	Fill bool
}

// Key is a verifier key with the size up to which heads under it are good; 0: without end.
type Key struct {
	Verifier string
	Until    int64
}

// Recognised lists the keys of a member's book of a circle that our book of the circle recognises, the newest first.
func Recognised(ctx context.Context, tx *store.Tx, ours, member string) ([]Key, error) {
	rows, err := tx.Query(ctx, `SELECT verifier, until FROM node_key WHERE book = ? AND member = ? ORDER BY idx DESC`, ours, member)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (k Key, err error) {
		err = scan(&k.Verifier, &k.Until)
		return k, err
	})
}

// signedHead is a head whose signature held.
type signedHead struct {
	book.Checkpoint
	note     []byte // with the line of the book's key alone: what others add is not kept with the book
	verifier string
	came     []byte // as it came, with the lines of witnesses
	// since proves that it continues the head that stands here, where that one is larger than what came.
	since []tlog.Hash
}

// opened checks a head against the recognised keys.
func (c Catching) opened(note []byte) (signedHead, error) {
	other := ErrNoKey
	for _, k := range c.Keys {
		v, err := book.Verifier(k.Verifier)
		if err != nil {
			return signedHead{}, err
		}
		head, err := book.OpenCheckpoint(note, v.Name(), v)
		if err == nil && (k.Until == 0 || head.Size <= k.Until) {
			alone, err := book.WithoutCosignatures(note, k.Verifier)
			return signedHead{Checkpoint: head, note: alone, verifier: k.Verifier, came: note}, err
		}
		if err != nil && !errors.Is(err, book.ErrNoSignature) && !errors.Is(err, book.ErrBadSignature) {
			other = err
		}
	}
	return signedHead{}, other
}

// From reads the source's head, proves it to continue what stands here, and takes what is new: every entry's hash is
// proven to lie under the head, its words to match its commitment, before the node checks and applies it. It returns
// the sizes before and after.
func (c Catching) From(ctx context.Context, src Source) (before, after int64, err error) {
	note, err := src.Checkpoint(ctx)
	if err != nil {
		return 0, 0, err
	}
	head, err := c.opened(note)
	var rolled error
	if errors.Is(err, ErrNoKey) {
		if head, err = c.rolled(ctx, src); err == nil {
			rolled = ErrRolled
		}
	}
	if err != nil {
		return 0, 0, err
	}
	here, ours, err := c.stands(ctx)
	if err != nil {
		return 0, 0, err
	}
	tiles := newLoader(ctx, src)
	if err := c.holds(ctx, here, ours, head, tiles.load); err != nil {
		return here.Size, here.Size, err
	}
	if head.since, err = c.since(here, ours, head, tiles.load); err != nil {
		return here.Size, here.Size, err
	}
	after, err = c.take(ctx, src, head, tiles, stretch{here.Size, until(src, head.Size)})
	if err == nil && c.Fill {
		err = c.fill(ctx, src, head, tiles)
	}
	if err == nil && after == head.Size && c.Seen != nil {
		err = c.Seen(ctx, head, after > here.Size)
	}
	if err == nil && after == here.Size && c.heldBack(here, ours).Size > head.Size {
		err = ErrOldHead
	}
	return here.Size, after, errors.Join(err, rolled)
}

// mostFilled is for how many entries a source is asked for their words at once.
const mostFilled = 10_000

// fill takes the words that are still withheld here and that the source has.
func (c Catching) fill(ctx context.Context, src Source, head signedHead, tiles *loader) error {
	var missing []int64
	err := c.Node.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT idx FROM book_entry WHERE book = ? AND idx < ? AND erased = ? ORDER BY idx LIMIT ?`,
			c.Book, until(src, head.Size), node.WordsWithheld, mostFilled)
		if err != nil {
			return err
		}
		missing, err = store.Column[int64](rows)
		return err
	})
	for len(missing) > 0 && err == nil {
		n := 1
		for n < len(missing) && n < lightEntries && missing[n] == missing[0]+int64(n) {
			n++
		}
		var page node.Page
		page, err = c.fetch(ctx, src, head, tiles, missing[0], missing[0]+int64(n), math.MaxInt)
		switch {
		case errors.Is(err, errNotInPart): // the part of the bundle does not have these
			err = nil
		case err == nil:
			_, err = c.Node.Receive(ctx, page)
		}
		missing = missing[n:]
	}
	return err
}

// rolled is the last head under a key that we recognise, where the member goes on under another one. Its last
// entry says which: people recognise that key with the entry as the cause.
func (c Catching) rolled(ctx context.Context, src Source) (signedHead, error) {
	former, ok := src.(interface {
		Rolled(ctx context.Context, id string) ([]byte, error)
	})
	if !ok {
		return signedHead{}, ErrNoKey
	}
	for _, k := range c.Keys {
		v, err := book.Verifier(k.Verifier)
		if err != nil {
			return signedHead{}, err
		}
		if note, err := former.Rolled(ctx, book.KeyID(v)); err == nil {
			return c.opened(note)
		}
	}
	return signedHead{}, ErrNoKey
}

// stands is the book as it is here; empty where nothing was received yet.
func (c Catching) stands(ctx context.Context) (here node.BookVerified, checkpoint []byte, err error) {
	err = c.Node.Store.Read(ctx, func(tx *store.Tx) error {
		here, checkpoint, err = node.Head(ctx, tx, c.Book)
		if errors.Is(err, node.ErrNoBook) {
			here, err = node.BookVerified{Book: c.Book, Root: (&book.Tree{}).Root()}, nil
		}
		return err
	})
	return here, checkpoint, err
}
