package exchange

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// What a member signed is compared here: a new head with the entries that came, and with the heads that it signed before.

// holds proves that a head belongs to the book that stands here, and to the one of every head that its member signed before.
func (c Catching) holds(ctx context.Context, here node.BookVerified, ours []byte, head signedHead, load book.Loader) error {
	old := c.continues(ctx, here, ours, head, load)
	if old != nil && !errors.Is(old, ErrOldHead) {
		return old
	}
	if err := c.keepsTo(ctx, here, ours, head, load); err != nil {
		return err
	}
	return old
}

// keepsTo proves it of the heads of which the entries may not be here: the one whose end was held back, and the one that our witness cosigned last.
// Whoever holds back the end of one book and goes on with another, or shows one to the witness and another to the reader, is found as soon as the
// reader comes as far.
func (c Catching) keepsTo(ctx context.Context, here node.BookVerified, ours []byte, head signedHead, load book.Loader) error {
	seen, err := c.cosigned(ctx, head.Origin)
	if err != nil {
		return err
	}
	shown := side{head, load}
	stands := side{signedHead{Checkpoint: book.Checkpoint{Origin: head.Origin, Size: here.Size, Root: here.Root}, note: ours, verifier: here.Key}, c.underOurs(ctx)}
	held := side{c.heldBack(here, ours), c.underOurs(ctx)}
	cosigned := side{seen, c.underOurs(ctx)}
	if held.Size > 0 && held.Size == cosigned.Size {
		if err := c.agree(ctx, held, cosigned); err != nil {
			return err
		}
	}
	for _, earlier := range []side{held, cosigned} {
		var err error
		switch {
		case earlier.Size == 0: // there is none
		case earlier.Size <= here.Size:
			err = c.agree(ctx, earlier, stands)
		case earlier.Size <= head.Size:
			err = c.agree(ctx, earlier, shown)
		case head.Size > here.Size && errors.Is(consistent(head.Size, earlier.Size, head.Root, earlier.Root, earlier.load), errOtherPast):
			err = c.agree(ctx, shown, earlier)
		} // where the tiles under a larger one are not to be had, it is compared when its entries come
		if err != nil {
			return err
		}
	}
	return nil
}

// side is one of two heads that are compared, with its tiles.
type side struct {
	signedHead
	load book.Loader
}

// heldBack is the signed head that stands here where not all its entries came; of no size where they did, or where its key is recognised no more.
func (c Catching) heldBack(here node.BookVerified, ours []byte) signedHead {
	if ours == nil || whole(ours, here) {
		return signedHead{}
	}
	held, err := c.opened(ours)
	if err != nil || held.Size <= here.Size {
		return signedHead{}
	}
	return held
}

// since proves to the node that a head continues the one that was held back.
func (c Catching) since(here node.BookVerified, ours []byte, head signedHead, load book.Loader) ([]tlog.Hash, error) {
	held := c.heldBack(here, ours)
	if held.Size >= head.Size {
		return nil, nil
	}
	return book.ProveConsistency(held.Size, head.Size, load)
}

// cosigned is the head that this node cosigned last as a witness; of no size where there is none, or none under a key that is still recognised.
func (c Catching) cosigned(ctx context.Context, origin string) (seen signedHead, err error) {
	var note []byte
	err = c.Node.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT checkpoint FROM exchange_seen WHERE origin = ? AND size > 0`, origin)
		if err != nil {
			return err
		}
		all, err := store.Column[[]byte](rows)
		if len(all) > 0 {
			note = all[0]
		}
		return err
	})
	if err != nil || note == nil {
		return seen, err
	}
	if seen, err = c.opened(note); errors.Is(err, ErrNoKey) {
		return signedHead{}, nil
	}
	return seen, err
}

// agree proves that the book of a later head begins with that of an earlier one.
func (c Catching) agree(ctx context.Context, earlier, later side) error {
	err := consistent(earlier.Size, later.Size, earlier.Root, later.Root, later.load)
	if !errors.Is(err, errInconsistent) {
		return err
	}
	err = c.fork(ctx, earlier, later, err)
	if errors.Is(err, errUntied) {
		return nil // whoever has the one key is not known to have had the other
	}
	return err
}

// continues proves that of what stands here and the head one is the beginning of the other.
func (c Catching) continues(ctx context.Context, here node.BookVerified, ours []byte, head signedHead, load book.Loader) error {
	older, newer, tiles := here.Size, head.Size, load
	olderRoot, newerRoot := here.Root, head.Root
	if older > newer {
		older, newer, olderRoot, newerRoot = newer, older, newerRoot, olderRoot
		tiles = c.local(ctx)
	}
	err := consistent(older, newer, olderRoot, newerRoot, tiles)
	switch {
	case errors.Is(err, errInconsistent):
		stands := side{signedHead{note: ours, verifier: here.Key}, c.underOurs(ctx)}
		return c.fork(ctx, stands, side{head, load}, err)
	case err != nil:
		return err
	case head.Size < here.Size:
		return ErrOldHead
	}
	return nil
}

var (
	// errInconsistent: two heads that are signed and do not show themselves to belong to one book. Tiles that a source made up end here too:
	// then it is the source that is wrong.
	errInconsistent = errors.New("inconsistent")
	// errOtherPast: and cannot belong to one book, by tiles that lead to the newer of them.
	errOtherPast = fmt.Errorf("%w: another past", errInconsistent)
)

func consistent(older, newer int64, olderRoot, newerRoot tlog.Hash, load book.Loader) error {
	root, err := book.RootWithin(older, newer, newerRoot, load)
	switch {
	case errors.Is(err, book.ErrFalseTiles):
		return fmt.Errorf("%w: %w", errInconsistent, err)
	case err == nil && root != olderRoot:
		return fmt.Errorf("%w: %d, %d", errOtherPast, older, newer)
	}
	return err
}

// local reads the tiles of the book as it stands here.
func (c Catching) local(ctx context.Context) book.Loader {
	return func(level int, n int64, width int) (data []byte, err error) {
		err = c.Node.Store.Read(ctx, func(tx *store.Tx) error {
			data, err = node.Tile(ctx, tx, c.Book, level, n, width)
			return err
		})
		return data, err
	}
}

// underOurs reads the tiles under the head that stands here: those of the entries that are here, and the others from elsewhere.
func (c Catching) underOurs(ctx context.Context) book.Loader {
	local := c.local(ctx)
	if c.Beyond == nil {
		return local
	}
	return func(level int, n int64, width int) ([]byte, error) {
		if data, err := local(level, n, width); err == nil && len(data) == width*tlog.HashSize {
			return data, nil
		}
		return c.Beyond(level, n, width)
	}
}

// fork looks for evidence. Where the source's tiles do not lead to its own head, it proves nothing of the member. Where they do, and only tiles
// for a file are missing, following stops all the same.
func (c Catching) fork(ctx context.Context, before, now side, cause error) error {
	f, err := c.evidence(ctx, before, now)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && (c.Unproven == nil || errors.Is(err, errUntied) || !errors.Is(cause, errOtherPast)) {
		return fmt.Errorf("%w (没有找到分叉证据: %w)", cause, err)
	}
	if err != nil {
		why := fmt.Errorf("%w:它此前签的账头与现在出示的不能属于同一本账,但缺少作成证据文件的数据 (no file of evidence: %w)", ErrForked, err)
		return errors.Join(why, c.Unproven(ctx, why))
	}
	if c.Found != nil {
		if err := c.Found(ctx, f); err != nil {
			return err
		}
	}
	return ErrForked
}

// errUntied: the two heads are under keys of which none was rolled to the other, so that they accuse nobody.
var errUntied = fmt.Errorf("%w: 两把密钥之间没有更换记录 (no roll leads from one key to the other)", book.ErrNoFork)

// evidence is that of a fork between two heads, also across a roll of the key, in whichever direction.
func (c Catching) evidence(ctx context.Context, one, other side) (book.Fork, error) {
	shown := func(s side) book.Shown { return book.Shown{Checkpoint: s.note, Load: s.load} }
	if one.verifier == other.verifier {
		return book.FindFork(one.verifier, shown(one), shown(other))
	}
	if c.Ties == nil {
		return book.Fork{}, errUntied
	}
	for _, s := range [][2]side{{one, other}, {other, one}} {
		ties, err := c.Ties(ctx, s[0].verifier, s[1].verifier)
		if err != nil {
			return book.Fork{}, err
		}
		if len(ties) > 0 {
			return book.FindForkTied(s[0].verifier, s[1].verifier, ties, region.RolledTo, shown(s[0]), shown(s[1]))
		}
	}
	return book.Fork{}, errUntied
}
