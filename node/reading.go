package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// A node that was restored or promoted only reads: what it holds may be older than what was
// published, and writing on would fork its books (DESIGN rule 3).

// Reading says why the node only reads; empty: it writes.
func Reading(ctx context.Context, tx *store.Tx) (why string, err error) {
	err = tx.Row(ctx, `SELECT reading_why FROM node_state WHERE id = 1 AND reading_since <> 0`).Scan(&why)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("state of the node: %w", err)
	}
	return why, nil
}

// OnlyRead stops all writing, for a reason that people are shown. It says so once: a second
// reason does not replace the first.
func (n *Node) OnlyRead(ctx context.Context, why string) error {
	return n.Store.Write(ctx, func(tx *store.Tx) error { return n.onlyRead(ctx, tx, why) })
}

func (n *Node) onlyRead(ctx context.Context, tx *store.Tx, why string) error {
	_, err := tx.Exec(ctx, `UPDATE node_state SET reading_since = ?, reading_why = ?
		WHERE id = 1 AND reading_since = 0`, n.Now().UnixMilli(), why)
	return err
}

// ResumedFacts: from which heads the member's books go on.
type ResumedFacts struct {
	Since int64         `json:"since"` // when the node began only to read, Unix ms
	Heads []ResumedHead `json:"heads"`
}

// ResumedHead is one book as it stood then.
type ResumedHead struct {
	Circle string `json:"circle"`
	Size   int64  `json:"size"`
	Root   string `json:"root"` // base64
}

// ResumedWords say why it only read, and what the operator states.
type ResumedWords struct {
	Why    string `json:"why"`
	Reason string `json:"reason"`
}

// Resumed 恢复写入: "nothing beyond these heads was published; the books go on from them". It
// stands in the member's own book.
var Resumed = &Kind[ResumedFacts, ResumedWords]{
	Name: "node.resumed/1", Action: "node.resume",
	Apply: func(context.Context, *Own, book.Entry, ResumedFacts) ([]string, error) { return nil, nil },
}

// Resume lets a node write again that only read, on the operator's word that no head beyond
// those stored was published. His reason also stands for a clock that a book doubts, as it must where the backup is older
// than a week: a node that only reads could not confirm it first.
func (n *Node) Resume(ctx context.Context, req Request, reason string) (Receipt, error) {
	if reason == "" {
		return Receipt{}, refuse.New("node.reason-missing").At("reason")
	}
	return n.ask(ctx, &waiting{req: req, resumes: true, act: func(ctx context.Context, w *Writing) error {
		facts := ResumedFacts{}
		words := ResumedWords{Reason: reason}
		err := w.Tx().Row(ctx, `SELECT reading_since, reading_why FROM node_state WHERE id = 1`).
			Scan(&facts.Since, &words.Why)
		if err != nil {
			return fmt.Errorf("state of the node: %w", err)
		}
		if facts.Since == 0 {
			return refuse.New("node.not-only-reading")
		}
		if facts.Heads, err = resumedHeads(ctx, w); err != nil {
			return err
		}
		if err := w.OpenBook(ctx, Self); err != nil { // one that was built from its neighbours' copies has none
			return err
		}
		if _, err := w.Tx().Exec(ctx, `UPDATE node_state SET reading_since = 0, reading_why = '' WHERE id = 1`); err != nil {
			return err
		}
		if err := w.confirmClock(ctx, reason); err != nil {
			return err
		}
		_, err = Resumed.Say(ctx, w, Said[ResumedFacts, ResumedWords]{Circle: Self, Facts: facts, Words: &words})
		return err
	}})
}

func resumedHeads(ctx context.Context, w *Writing) ([]ResumedHead, error) {
	books, err := Books(ctx, w.Tx())
	if err != nil {
		return nil, err
	}
	var heads []ResumedHead
	for _, b := range books {
		if b.Member == w.node.Member {
			heads = append(heads, ResumedHead{Circle: b.Circle, Size: b.Size, Root: b.Root.String()})
		}
	}
	return heads, nil
}
