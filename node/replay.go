package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// ViewTables names all tables of the view.
func (n *Node) ViewTables() []string { return viewTables(n.modules) }

// currentView makes the view anew when modules or tables are others than it was made with.
func (n *Node) currentView(ctx context.Context, progress func(done, total int64)) error {
	var stored string
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		if err := n.notOlder(ctx, tx); err != nil {
			return err
		}
		return tx.Row(ctx, `SELECT generation, view_schema FROM node_state WHERE id = 1`).
			Scan(&n.generation, &stored)
	})
	if err != nil {
		return fmt.Errorf("state of the node: %w", err)
	}
	if stored == shape(n.modules) {
		return n.Store.Write(ctx, func(tx *store.Tx) error { return n.notesViews(ctx, tx) })
	}
	return n.rebuild(ctx, true, progress)
}

// ViewFits says whether the view that stands was made with the modules and tables of this program: who only
// reads can make no other.
func (n *Node) ViewFits(ctx context.Context) (fits bool, err error) {
	var stored string
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT view_schema FROM node_state WHERE id = 1`).Scan(&stored)
	})
	if err != nil {
		return false, fmt.Errorf("state of the node: %w", err)
	}
	return stored == shape(n.modules), nil
}

// errFits: another process made the view anew while this one waited for it.
var errFits = errors.New("the view fits")

// Rebuild drops the view and replays all books in one transaction; readers see the old view
// until it is whole, and who writes waits: what it wrote would stand in no view. progress may be nil.
func (n *Node) Rebuild(ctx context.Context, progress func(done, total int64)) error {
	return n.rebuild(ctx, false, progress)
}

// rebuild, where it is asked to, leaves a view as it is that another process has made to fit meanwhile.
func (n *Node) rebuild(ctx context.Context, unlessFits bool, progress func(done, total int64)) error {
	var old []string
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		old, err = n.oldTables(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	begin := func(tx *store.Tx) error {
		var generation int64
		var stored string
		err := tx.Row(ctx, `SELECT generation, view_schema FROM node_state WHERE id = 1`+tx.ForUpdate()).Scan(&generation, &stored)
		if err == nil && unlessFits && stored == shape(n.modules) {
			n.generation = generation
			return errFits
		}
		return err
	}
	err = n.Store.Rebuild(ctx, old, begin, func(tx *store.Tx) error {
		if err := n.makeView(ctx, tx, tx, progress); err != nil {
			return err
		}
		if err := n.notesViews(ctx, tx); err != nil {
			return err
		}
		return tx.Row(ctx, `UPDATE node_state SET generation = generation + 1, view_schema = ?
			WHERE id = 1 RETURNING generation`, shape(n.modules)).Scan(&n.generation)
	})
	if errors.Is(err, errFits) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("rebuild the view: %w", err)
	}
	return nil
}

// oldTables: those of the present modules that stand. A table that a module gave up is dropped
// by a migration of that module.
func (n *Node) oldTables(ctx context.Context, tx *store.Tx) ([]string, error) {
	standing, err := tx.Tables(ctx)
	if err != nil {
		return nil, err
	}
	ours := map[string]bool{}
	for _, t := range n.ViewTables() {
		ours[t] = true
	}
	var old []string
	for _, t := range standing {
		if ours[t] {
			old = append(old, t)
		}
	}
	return old, nil
}

func (n *Node) createView(ctx context.Context, tx *store.Tx) error {
	for _, m := range n.modules {
		if err := script(ctx, tx, m, m.Rows+m.Joint); err != nil {
			return err
		}
	}
	return nil
}

// makeView makes the tables of the view in to and fills them from the books of from. Joint tables
// get their indexes last: sorting all rows once costs less than finding each its place.
func (n *Node) makeView(ctx context.Context, from, to *store.Tx, progress func(done, total int64)) error {
	for _, m := range n.modules {
		tables, _ := split(m.Joint)
		if err := script(ctx, to, m, m.Rows+tables); err != nil {
			return err
		}
	}
	if err := n.replay(ctx, from, to, progress); err != nil {
		return err
	}
	for _, m := range n.modules {
		_, indexes := split(m.Joint)
		if err := script(ctx, to, m, indexes); err != nil {
			return err
		}
	}
	return nil
}

var createIndex = regexp.MustCompile(`(?is)CREATE\s+(UNIQUE\s+)?INDEX\s[^;]*;`)

// split parts the indexes of a schema from its tables.
func split(schema string) (tables, indexes string) {
	return createIndex.ReplaceAllString(schema, ""), strings.Join(createIndex.FindAllString(schema, -1), "\n")
}

func script(ctx context.Context, tx *store.Tx, m Module, schema string) error {
	if strings.TrimSpace(schema) == "" {
		return nil
	}
	if err := tx.Script(ctx, schema); err != nil {
		return fmt.Errorf("tables of %s: %w", m.Name, err)
	}
	return nil
}

// replay reads the books of from and writes the rows they add up to into to.
func (n *Node) replay(ctx context.Context, from, to *store.Tx, progress func(done, total int64)) error {
	books, err := heads(ctx, from)
	if err != nil {
		return err
	}
	var done, total int64
	for _, h := range books {
		total += h.size
	}
	touched := &Writing{node: n}
	for _, h := range books {
		var inOrder order
		err := eachEntry(ctx, from, h.book, h.size, func(index int64, raw []byte) error {
			if done++; progress != nil && done%4096 == 0 {
				progress(done, total)
			}
			return n.apply(ctx, touched, &Own{tx: to, books: from, Book: h.book, Index: index, order: &inOrder}, raw)
		})
		if err != nil {
			return err
		}
	}
	touched.batch = &batch{node: n, tx: to}
	if err := touched.project(ctx); err != nil {
		return err
	}
	if progress != nil {
		progress(total, total)
	}
	return nil
}

// apply checks and applies one entry that stands in a book. What breaks a rule is set aside:
// kept, shown, never applied.
func (n *Node) apply(ctx context.Context, touched *Writing, own *Own, raw []byte) error {
	e, err := book.Scan(raw)
	if err != nil {
		return own.setAside(ctx, "malformed: "+err.Error())
	}
	if e.Member+"/"+e.Circle != own.Book {
		return own.setAside(ctx, "other-book")
	}
	if own.order != nil && !own.order.follows(e.At) {
		return own.setAside(ctx, "time-order")
	}
	k, known := n.kinds[e.Kind]
	if !known {
		return own.setAside(ctx, "unknown-kind: "+e.Kind)
	}
	if err := k.check(ctx, own, e); err != nil {
		if r, ok := refuse.As(err); ok {
			return own.setAside(ctx, r.Code)
		}
		return fmt.Errorf("check %s/%d: %w", own.Book, own.Index, err)
	}
	if err := own.index(ctx, e); err != nil {
		return err
	}
	keys, err := k.apply(ctx, own, e)
	if err != nil {
		return fmt.Errorf("apply %s/%d: %w", own.Book, own.Index, err)
	}
	if err := k.last(ctx, n, own, e); err != nil {
		return err
	}
	touched.touch(k, keys)
	return nil
}

func (o *Own) setAside(ctx context.Context, reason string) error {
	_, err := o.Exec(ctx, `INSERT INTO node_aside (book, idx, reason) VALUES (?, ?, ?)`, o.Index, reason)
	return err
}

// heads lists the committed heads in the order of their books' names.
func heads(ctx context.Context, tx *store.Tx) ([]head, error) {
	rows, err := tx.Query(ctx, `SELECT book, circle, origin, size, last_at FROM book_head ORDER BY book`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (h head, err error) {
		err = scan(&h.book, &h.circle, &h.origin, &h.size, &h.lastAt)
		return h, err
	})
}

const replayPage = 1024

// eachEntry hands over the entries of a book in order. The slices are the callee's to keep.
func eachEntry(ctx context.Context, tx *store.Tx, name string, size int64, f func(index int64, entry []byte) error) error {
	for next := int64(0); next < size; next += replayPage {
		rows, err := tx.Query(ctx, `SELECT idx, entry FROM book_entry
			WHERE book = ? AND idx >= ? AND idx < ? ORDER BY idx`, name, next, next+replayPage)
		if err != nil {
			return err
		}
		var room room
		page, err := store.Collect(rows, func(scan func(...any) error) (e stored, err error) {
			var raw sql.RawBytes
			err = scan(&e.index, &raw)
			e.entry = room.keep(raw)
			return e, err
		})
		if err != nil {
			return fmt.Errorf("entries of %s from %d: %w", name, next, err)
		}
		if len(page) == 0 {
			return fmt.Errorf("entries of %s from %d are missing, the head has %d", name, next, size)
		}
		for _, e := range page {
			if err := f(e.index, e.entry); err != nil {
				return err
			}
		}
	}
	return nil
}
