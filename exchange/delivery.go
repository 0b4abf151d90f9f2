package exchange

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Delivered (送达) says when an entry of this member counts as delivered to another. There is one definition: at the
// first head covering the entry that the other member cosigned, by its witness's clock; or, where that came earlier or
// alone, at the time of the first entry in the other's book that names the entry as a cause. So it is the receiver who
// proves that he has it, and nobody can say that he delivered.
type Delivered struct {
	Member string
	At     time.Time // zero: not yet
	By     string    // "witness" or "answer"; empty: not yet
	Size   int64     // of the head that was cosigned
	// Cosigned is when it first cosigned a head that covers the entry, also where it had answered before; zero: not yet.
	Cosigned time.Time
}

// DeliveredTo lists the members whom this node recognises in the circle of its book, and when the entry reached each.
func DeliveredTo(ctx context.Context, tx *store.Tx, member, circle string, index int64) ([]Delivered, error) {
	neighbours, err := region.Neighbours(ctx, tx, member, circle)
	if err != nil {
		return nil, err
	}
	var origin string
	if err := tx.Row(ctx, `SELECT origin FROM book_head WHERE book = ?`, member+"/"+circle).Scan(&origin); err != nil {
		return nil, err
	}
	var all []Delivered
	for _, n := range neighbours {
		d := Delivered{Member: n.Member}
		at, size, err := firstCosigned(ctx, tx, origin, node.WitnessName(n.Origin), index)
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			d.At, d.By, d.Size, d.Cosigned = at, "witness", size, at
		}
		answered, err := firstAnswer(ctx, tx, n.Member+"/"+circle, origin, index)
		if err != nil {
			return nil, err
		}
		if !answered.IsZero() && (d.At.IsZero() || answered.Before(d.At)) {
			d.At, d.By, d.Size = answered, "answer", 0
		}
		all = append(all, d)
	}
	return all, nil
}

// firstCosigned is the witness's first line under a head that covers an entry.
func firstCosigned(ctx context.Context, tx *store.Tx, origin, witness string, index int64) (at time.Time, size int64, err error) {
	var ms int64
	err = tx.Row(ctx, `SELECT size, at FROM exchange_cosigned WHERE origin = ? AND witness = ? AND size > ? ORDER BY size LIMIT 1`,
		origin, witness, index).Scan(&size, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, 0, nil
	}
	return moment(ms), size, err
}

// firstAnswer is the time of the first entry of a book that names an entry as its cause.
func firstAnswer(ctx context.Context, tx *store.Tx, name, origin string, index int64) (time.Time, error) {
	var raw []byte
	err := tx.Row(ctx, `SELECT e.entry FROM book_cause c JOIN book_entry e ON e.book = c.book AND e.idx = c.idx
		WHERE c.origin = ? AND c.of_idx = ? AND c.book = ?
		AND NOT EXISTS (SELECT 1 FROM node_aside a WHERE a.book = c.book AND a.idx = c.idx) ORDER BY c.idx LIMIT 1`, origin, index, name).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	e, err := book.Scan(raw)
	return e.At, err
}

// Effective (生效) is when a decision counts where k members must have cosigned it: the time of the k-th, by the
// witnesses' clocks. Zero: not yet, or fewer than k are recognised. k 0 or less asks for nobody.
func Effective(all []Delivered, k int) time.Time {
	var times []time.Time
	for _, d := range all {
		if !d.Cosigned.IsZero() {
			times = append(times, d.Cosigned)
		}
	}
	if k <= 0 || len(times) < k {
		return time.Time{}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times[k-1]
}

// CosignedEvidence is the evidence of an entry of this member under the newest head that neighbours cosigned, their
// lines included; that of the newest head where none covers the entry.
func CosignedEvidence(ctx context.Context, tx *store.Tx, name string, index int64, memberName string) (book.Evidence, error) {
	e, err := node.Evidence(ctx, tx, name, index, memberName)
	if err != nil {
		return e, err
	}
	newest := e
	var size int64
	var checkpoint []byte
	err = tx.Row(ctx, `SELECT size, checkpoint FROM exchange_cosigned WHERE origin = ? AND size > ? ORDER BY size DESC LIMIT 1`,
		e.Origin, index).Scan(&size, &checkpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	lines, err := Cosigned(ctx, tx, e.Origin, size)
	if err != nil {
		return e, err
	}
	e.Inclusion, err = book.ProveInclusion(size, index, func(level int, n int64, width int) ([]byte, error) {
		return node.Tile(ctx, tx, name, level, n, width)
	})
	if err != nil {
		return e, err
	}
	e.Checkpoint = strings.Join([]string{string(checkpoint), string(lines)}, "")
	if _, err = e.Verify(e.Key); errors.Is(err, book.ErrNoSignature) { // cosigned before the key was rolled
		return newest, nil
	}
	return e, err
}
