package exchange

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// cosigned are the newest heads of the recipients' books that stand here whole, with the line of this member's witness.
func (x Exporting) cosigned(ctx context.Context, to []string) (all []CosignedHead, err error) {
	all = []CosignedHead{}
	if x.Cosign == nil {
		return all, nil
	}
	for _, member := range to {
		submission, checkpoint, err := x.submission(ctx, member+"/"+x.Circle)
		if err != nil {
			return nil, err
		}
		if submission == nil {
			continue
		}
		lines, err := x.Cosign(ctx, submission)
		if err != nil {
			return nil, fmt.Errorf("见证 %s 的账头 (cosign): %w", member, err)
		}
		all = append(all, CosignedHead{member, string(checkpoint), string(lines)})
	}
	return all, nil
}

// submission is what the book's owner would send to this member's witness; nil where there is nothing to cosign.
func (x Exporting) submission(ctx context.Context, name string) (submission, checkpoint []byte, err error) {
	err = x.Node.Store.Read(ctx, func(tx *store.Tx) error {
		head, stored, err := node.Head(ctx, tx, name)
		if errors.Is(err, node.ErrNoBook) {
			return nil
		}
		if err != nil || head.Size == 0 || !whole(stored, head) {
			return err
		}
		var seen int64
		err = tx.Row(ctx, `SELECT size FROM exchange_seen WHERE origin = ?`, head.Origin).Scan(&seen)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if seen > head.Size {
			return nil // a longer head was cosigned already
		}
		proof, err := book.ProveConsistency(seen, head.Size, func(level int, n int64, width int) ([]byte, error) {
			return node.Tile(ctx, tx, name, level, n, width)
		})
		if err != nil {
			return err
		}
		if checkpoint, err = book.WithoutCosignatures(stored, head.Key); err == nil {
			submission = Submission(seen, proof, checkpoint)
		}
		return err
	})
	return submission, checkpoint, err
}

// cosigned keeps the line by which the maker of the bundle cosigned a head of ours, after it was compared with our book.
func (im Importing) cosigned(ctx context.Context, o *opening, c CosignedHead) error {
	n := im.Follower.Node
	own, err := im.ownHead(o.Circle, []byte(c.Checkpoint))
	if err != nil {
		return err
	}
	var maker region.Neighbour
	var root [32]byte
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		one, err := region.NeighbourIn(ctx, tx, n.Member, o.Circle, o.From.Member)
		if err != nil {
			return err
		}
		if one != nil {
			maker = *one
		}
		here, _, err := node.Head(ctx, tx, n.BookName(o.Circle))
		if err != nil {
			return err
		}
		if own.Size > here.Size {
			return ErrBehind
		}
		tree, err := book.OpenTree(own.Size, func(level int, at int64, width int) ([]byte, error) {
			return node.Tile(ctx, tx, here.Book, level, at, width)
		})
		if err == nil {
			root = tree.Root()
		}
		return err
	})
	if err != nil {
		return err
	}
	if root != own.Root {
		return fmt.Errorf("%s 见证的本方账头与本方账本不符 (a head of ours that is not ours): %w", o.From.Member, node.ErrOtherBook)
	}
	head := node.BookVerified{
		Book: n.BookName(o.Circle), Origin: own.Origin, Size: own.Size, Root: own.Root,
		Key: book.VerifierKey(own.Origin, n.SigningKey().Public()),
	}
	return im.Follower.keepLines(ctx, maker, head, []byte(c.Checkpoint), []byte(c.Lines))
}

// ErrBehind: others hold more of our book than stands here.
var ErrBehind = errors.New("邻方持有本方更长的账,本节点可能是从旧备份恢复的,请勿写入 (a neighbour holds more of our book than stands here)")

// ownHead opens a head of this member's book.
func (im Importing) ownHead(circle string, checkpoint []byte) (book.Checkpoint, error) {
	n := im.Follower.Node
	v, err := book.Verifier(book.VerifierKey(n.OriginOf(circle), n.SigningKey().Public()))
	if err != nil {
		return book.Checkpoint{}, err
	}
	return book.OpenCheckpoint(checkpoint, v.Name(), v)
}
