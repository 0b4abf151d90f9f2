package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"time"

	"liandong/rules/refuse"
	"liandong/store"
)

// Machine is the seat under which a node says by itself what nobody asks it to say. No person has it.
const Machine = "machine"

// machine is the actor of what the node says by itself.
func (n *Node) machine() Actor { return Actor{Member: n.Member, Seat: Machine} }

// forgetAgain is after how long a node tries again what it could not finish.
const forgetAgain = 30 * time.Second

// forget finishes erasures after their commit, until the node closes: at the start what an earlier process left.
func (n *Node) forget() {
	defer close(n.forgot)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-n.stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	for ctx.Err() == nil {
		err := n.FinishErasures(ctx)
		if err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "an erasure is not finished yet and is tried again", "error", err)
		}
		again := time.NewTimer(forgetAgain)
		if err == nil {
			again.Stop()
		}
		select {
		case <-ctx.Done():
		case <-n.wakeForget:
		case <-again.C:
		}
		again.Stop()
	}
}

// FinishErasures does what an erasure leaves to be done after its commit: attachments are deleted, and the words' bytes
// leave the file of the database, its log and what modules made of them. What neighbours erased is then confirmed in our
// books of their circles. Nothing is done twice, and what is cut off is taken up again.
func (n *Node) FinishErasures(ctx context.Context) error {
	n.finishing.Lock()
	defer n.finishing.Unlock()
	if err := n.scrub(ctx); err != nil {
		return err
	}
	return n.confirmErasures(ctx)
}

// left is an erased entry whose bytes may still stand somewhere.
type left struct {
	book  string
	index int64
	files []string
}

func (n *Node) scrub(ctx context.Context) error {
	var all []left
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT book, idx, files FROM book_forget ORDER BY book, idx`)
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (l left, err error) {
			var files string
			if err := scan(&l.book, &l.index, &files); err != nil {
				return l, err
			}
			return l, json.Unmarshal([]byte(files), &l.files)
		})
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	files := map[string]bool{}
	for _, l := range all {
		for _, f := range l.files {
			files[f] = true
		}
	}
	if err := n.dropFiles(ctx, files); err != nil {
		return err
	}
	for _, m := range n.modules {
		if m.Scrub == nil {
			continue
		}
		if err := m.Scrub(ctx, n.Store); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	if err := n.Store.Scrub(ctx, "book_entry"); err != nil {
		return err
	}
	return n.Store.Write(ctx, func(tx *store.Tx) error {
		for _, l := range all {
			if _, err := tx.Exec(ctx, `DELETE FROM book_forget WHERE book = ? AND idx = ?`, l.book, l.index); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropFiles deletes the attachments that no words here name any more: one file may lie with a report and with what a
// circle was told of it, and a neighbour may write the name of a file that is ours.
func (n *Node) dropFiles(ctx context.Context, files map[string]bool) error {
	if n.Blobs == nil || len(files) == 0 {
		return nil
	}
	err := n.Store.Read(ctx, func(tx *store.Tx) error { return keepNamed(ctx, tx, files) })
	if err != nil {
		return fmt.Errorf("which attachments are still named: %w", err)
	}
	for name := range files {
		if err := n.Blobs.Delete(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete an attachment: %w", err)
		}
		if err := n.Blobs.DropPartial(name); err != nil {
			return err
		}
	}
	return nil
}

// keepNamed takes out of files what words still name with right, in one reading of all that name any: a neighbour that knows a file's hash
// may write both into its own words, and keeps nothing by it.
func keepNamed(ctx context.Context, tx *store.Tx, files map[string]bool) error {
	rows, err := tx.Query(ctx, `SELECT h.member, e.words FROM book_entry e JOIN book_head h ON h.book = e.book
		WHERE e.words IS NOT NULL AND `+holds(tx), []byte(`"f-`))
	if err != nil {
		return err
	}
	defer rows.Close()
	var member string
	var words sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&member, &words); err != nil {
			return err
		}
		for _, name := range namedBy(member, words) {
			delete(files, name)
		}
	}
	return rows.Err()
}

// holds is the condition that words hold some bytes.
func holds(tx *store.Tx) string {
	if tx.Dialect() == store.Postgres {
		return `position(? in e.words) > 0`
	}
	return `instr(e.words, ?) > 0`
}

// unconfirmed are erasures of neighbours that were carried out here, of whose words nothing is left to be done, also by
// another process, and that are not confirmed in our book of the circle.
const unconfirmed = `SELECT DISTINCT x.book, x.erasure, e.leaf, o.circle FROM node_erased x
	JOIN book_head h ON h.book = x.book AND h.member <> ?
	JOIN book_head o ON o.circle = h.circle AND o.member = ?
	JOIN book_entry e ON e.book = x.book AND e.idx = x.erasure
	LEFT JOIN node_gone g ON g.book = o.book AND g.member = h.member AND g.erasure = x.erasure
	WHERE g.book IS NULL AND NOT EXISTS (SELECT 1 FROM book_forget f JOIN node_erased y ON y.book = f.book AND y.idx = f.idx
		WHERE y.book = x.book AND y.erasure = x.erasure)
	ORDER BY x.book, x.erasure`

type confirming struct {
	cause  Position
	circle string
}

func (n *Node) confirmErasures(ctx context.Context) error {
	var all []confirming
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if why, err := Reading(ctx, tx); err != nil || why != "" {
			return err // it may only read now; it is asked again when it writes
		}
		rows, err := tx.Query(ctx, unconfirmed, n.Member, n.Member)
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (c confirming, err error) {
			var leaf []byte
			err = scan(&c.cause.Book, &c.cause.Index, &leaf, &c.circle)
			copy(c.cause.Leaf[:], leaf)
			return c, err
		})
		return err
	})
	if err != nil {
		return err
	}
	var failed error
	for _, c := range all {
		_, err := n.Write(ctx, Request{Actor: n.machine()}, func(ctx context.Context, w *Writing) error {
			_, err := WordsGone.Say(ctx, w, Said[GoneFacts, NoWords]{Circle: c.circle, Causes: []Position{c.cause}})
			return err
		})
		if refuse.Is(err, "node.gone.twice") { // by another process over the same store
			continue
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("confirm the erasure %s/%d: %w", c.cause.Book, c.cause.Index, err))
		}
	}
	return failed
}

// Erase 删除正文 of entries of the member's books, by their circles, in one request.
func (n *Node) Erase(ctx context.Context, req Request, what map[string]ErasedFacts, words ErasedWords) (Receipt, error) {
	return n.Write(ctx, req, func(ctx context.Context, w *Writing) error {
		for _, circle := range slices.Sorted(maps.Keys(what)) {
			_, err := WordsErased.Say(ctx, w, Said[ErasedFacts, ErasedWords]{Circle: circle, Facts: what[circle], Words: &words})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
