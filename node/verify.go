package node

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/store"
)

// VerifyOptions say how much is recomputed.
type VerifyOptions struct {
	// View also replays all books and compares every table of the view with the replay, and looks
	// for every entry that was answered.
	View bool
	// Attachments looks at what the books name and that is kept beside them, in the snapshot that is
	// verified, and reports what is missing or damaged. nil: attachments are not looked at.
	Attachments func(ctx context.Context, tx *store.Tx, fault func(Fault)) error
	// Progress is told how many entries are done, from one goroutine at a time. May be nil.
	Progress func(done, total int64)
}

// BookVerified is a book as it stood when it was verified.
type BookVerified struct {
	Book   string    `json:"book"`   // 510900/suitong
	Member string    `json:"member"` // GB/T 2260 code
	Circle string    `json:"circle"`
	Origin string    `json:"origin"` // suining.example/suitong
	Key    string    `json:"key"`    // C2SP verifier key
	Size   int64     `json:"size"`   // entries
	Root   tlog.Hash `json:"root"`   // RFC 6962, base64
}

// Fault (破损) is one thing that verification found wrong. Codes of books are the Damage… codes of
// package book and the Fault… codes here.
type Fault struct {
	Book  string `json:"book"`  // empty: not of one book
	Index int64  `json:"index"` // of the entry, from 0; -1: none can be named
	Code  string `json:"code"`
	What  string `json:"what"` // for people, Chinese first
}

// The codes of faults that are the node's and not the log's.
const (
	FaultMissing    = "missing"    // an index of the book has no entry
	FaultBeyond     = "beyond"     // an entry beyond the signed size, or of a book without a head
	FaultCheckpoint = "checkpoint" // the stored checkpoint is not one of the book's key
	FaultHead       = "head"       // the stored head is not what its checkpoint says
	FaultFile       = "file"       // the file of the database itself is damaged
	FaultReceipt    = "receipt"    // an answer that was given names an entry that does not stand
	FaultShape      = "view-shape" // the view was made by another version, or its state is lost
	FaultView       = "view"       // a row of the view is not what the books add up to
	FaultAttachment = "attachment" // a file that an entry names is missing, or not what its hash says
)

// maxFaults bounds what is listed: a broken disk breaks everything.
const maxFaults = 1000

// Verified is what verification found.
type Verified struct {
	Books   []BookVerified `json:"books"`
	Entries int64          `json:"entries"`
	Faults  []Fault        `json:"faults"`
}

// Clean says that nothing was found wrong.
func (v Verified) Clean() bool { return len(v.Faults) == 0 }

// Verify recomputes all books from their entries and trusts nothing that was derived: every
// hash, stored leaf, tile, checkpoint and commitment, and the order of time. It reads one
// snapshot and may run while the node is served. An error means that it could not run; what is
// broken stands in Faults.
func (n *Node) Verify(ctx context.Context, o VerifyOptions) (Verified, error) {
	v := &verifier{ctx: ctx, node: n, progress: o.Progress}
	var wg sync.WaitGroup
	var fileErr error
	if o.View {
		wg.Go(func() { fileErr = v.file(false) })
	}
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		v.tx = tx
		if err := v.books(o.View); err != nil {
			return err
		}
		if o.Attachments != nil {
			err := o.Attachments(ctx, tx, func(f Fault) { v.fault(f.Book, f.Index, f.Code, f.What) })
			if err := v.damaged("", err); err != nil {
				return err
			}
		}
		if o.View {
			return v.view()
		}
		return nil
	})
	wg.Wait()
	if err = errors.Join(v.damaged("", err), fileErr); err != nil {
		return Verified{}, fmt.Errorf("verify: %w", err)
	}
	slices.SortStableFunc(v.found.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Book, b.Book), cmp.Compare(uint64(a.Index), uint64(b.Index)))
	})
	return v.found, nil
}

type verifier struct {
	ctx      context.Context
	node     *Node
	tx       *store.Tx
	progress func(done, total int64)
	done     atomic.Int64
	total    int64

	mu    sync.Mutex // the file is checked beside the books
	found Verified
}

func (v *verifier) fault(name string, index int64, code, what string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.found.Faults) < maxFaults {
		v.found.Faults = append(v.found.Faults, Fault{Book: name, Index: index, Code: code, What: what})
	}
}

// damage takes the error of a book.Checker.
func (v *verifier) damage(name string, err error) {
	if err == nil {
		return
	}
	var d *book.Damage
	if errors.As(err, &d) {
		v.fault(name, d.Index, d.Code, d.Err.Error())
	}
}

// damaged turns the engine's word that its file is broken into a fault, and lets other errors
// pass.
func (v *verifier) damaged(name string, err error) error {
	switch {
	case err == nil:
	case store.Damaged(err):
		v.broken(err.Error())
	case store.NoSuchTable(err):
		v.fault(name, -1, FaultFile, "数据库缺少本版本所用的表或列:文件损坏,或属于另一版本 (a table or column is missing: damage, or another version): "+err.Error())
	default:
		return err
	}
	return nil
}

// file lets the engine check its own pages, and unless quickly also that every index has just the rows of its table.
func (v *verifier) file(quick bool) error {
	err := v.node.Store.Read(v.ctx, func(tx *store.Tx) error {
		wrong, err := tx.Integrity(v.ctx, quick)
		for _, line := range wrong {
			v.broken(line)
		}
		return err
	})
	return v.damaged("", err)
}

// broken names damage of the file itself.
func (v *verifier) broken(what string) {
	v.fault("", -1, FaultFile, "数据库文件损坏,请从备份恢复 (the file of the database is damaged; restore the backup): "+what)
}

func (v *verifier) books(withView bool) error {
	heads, err := storedHeads(v.ctx, v.tx)
	if err != nil {
		return err
	}
	for _, h := range heads {
		v.total += h.Size
	}
	if withView {
		v.total *= 2
	}
	if err := v.damaged("", v.columns()); err != nil {
		return err
	}
	clean, err := v.byPages(heads)
	if err != nil {
		return err
	}
	for _, h := range heads {
		v.found.Books = append(v.found.Books, h.BookVerified)
		v.found.Entries += h.Size
		if clean[h.Book] {
			continue
		}
		if err := v.damaged(h.Book, v.book(h)); err != nil {
			return fmt.Errorf("%s: %w", h.Book, err)
		}
	}
	return v.orphans(heads)
}

// columns asks for the columns of the books' tables by their names. Their rows are read from the pages by place, which
// does not notice when the schema names them otherwise, and whoever reads them by name does.
func (v *verifier) columns() error {
	for _, query := range []string{
		selectHeads + ` LIMIT 0`, `SELECT book, idx, entry, leaf, salt, words, erased FROM book_entry LIMIT 0`,
		`SELECT book, level, n, hashes FROM book_tile LIMIT 0`,
	} {
		rows, err := v.tx.Query(v.ctx, query)
		if err != nil {
			return err
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

// orphans looks for entries of books that have no head, from name to name along the index.
func (v *verifier) orphans(heads []storedHead) error {
	for last := ""; ; {
		var name sql.NullString
		err := v.tx.Row(v.ctx, `SELECT MIN(book) FROM book_entry WHERE book > ?`, last).Scan(&name)
		if err != nil || !name.Valid {
			return v.damaged("", err)
		}
		if name.String <= last {
			v.fault("", -1, FaultFile, "book_entry 的索引次序错乱 (the index of book_entry is out of order)")
			return nil
		}
		last = name.String
		if !slices.ContainsFunc(heads, func(h storedHead) bool { return h.Book == last }) {
			v.fault(last, -1, FaultBeyond, "有记录而无账头 (entries of a book that has no head)")
		}
	}
}
