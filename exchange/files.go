package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// DefaultFileLimit is how large a neighbour's file may be that is fetched, in bytes.
const DefaultFileLimit int64 = 64 << 20

// Waits for a file that did not come: doubled each time.
const (
	firstFileWait = time.Minute
	mostFileWait  = 6 * time.Hour
)

// filePace is how often files are looked for when nobody says that there are any.
const filePace = time.Minute

// FileWaiting is a neighbour's file that an entry here names and that is not here yet.
type FileWaiting struct {
	Book  string
	Index int64 // of the entry
	N     int   // of its files, from 0
	Blob  string
	Size  int64 // bytes
	Tries int
	Why   string // it did not come the last time; empty: not tried yet
}

// FilesWaiting lists the files of neighbours that are not here yet, at most limit of them.
func FilesWaiting(ctx context.Context, tx *store.Tx, limit int) ([]FileWaiting, error) {
	return waiting(ctx, tx, `1 = 1 ORDER BY book, idx, n`, limit)
}

func waiting(ctx context.Context, tx *store.Tx, which string, limit int, args ...any) ([]FileWaiting, error) {
	rows, err := tx.Query(ctx, `SELECT book, idx, n, blob, size, tries, why FROM exchange_file WHERE `+which+` LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (w FileWaiting, err error) {
		err = scan(&w.Book, &w.Index, &w.N, &w.Blob, &w.Size, &w.Tries, &w.Why)
		return w, err
	})
}

func filesByBook(ctx context.Context, tx *store.Tx) (map[string]int, error) {
	rows, err := tx.Query(ctx, `SELECT book, count(*) FROM exchange_file GROUP BY book`)
	if err != nil {
		return nil, err
	}
	all := map[string]int{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var name string
		var n int
		err = scan(&name, &n)
		all[name] = n
		return none, err
	})
	return all, err
}

// files fetches the files that a neighbour's entries name, beside the following of the entries, which never waits for them.
func (f *Follower) files(ctx context.Context, t target) {
	if f.Attached == nil || f.Node.Blobs == nil {
		return
	}
	src := f.remote(t, "/book/"+t.circle+"/")
	for ctx.Err() == nil {
		next, hurried := f.news.Next(), f.hurried.Next()
		if err := f.FetchFiles(ctx, t.book(), src); err != nil && ctx.Err() == nil {
			f.Log.Warn("a neighbour's files could not be fetched", "book", t.book(), "error", err)
		}
		sleep(ctx, time.Second) // a burst of entries is looked at once
		select {
		case <-next:
		case <-hurried:
		case <-time.After(jitter(filePace)):
		case <-ctx.Done():
		}
	}
}

// FetchFiles fetches what the entries of a neighbour's book name that stand here, each file once; a file that does not come is tried
// again later. Each is taken only with the content that its entry binds.
func (f *Follower) FetchFiles(ctx context.Context, name string, src *Remote) error {
	if err := errors.Join(f.lookForFiles(ctx, name), f.lookAgain(ctx, name)); err != nil {
		return err
	}
	for ctx.Err() == nil {
		var due []FileWaiting
		err := f.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
			due, err = waiting(ctx, tx, `book = ? AND next_at <= ? ORDER BY next_at, idx, n`, 1, name, f.Node.Now().UnixMilli())
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		if err := f.fetch(ctx, due[0], src); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// sweepFiles drops what came of files that no entry waits for any more.
func (f *Follower) sweepFiles(ctx context.Context) error {
	if f.Node.Blobs == nil {
		return nil
	}
	var names []string
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT DISTINCT blob FROM exchange_file`)
		if err == nil {
			names, err = store.Column[string](rows)
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.Node.Blobs.SweepPartials(func(name string) bool { return slices.Contains(names, name) })
}

// lookForFiles notes which files the entries name that came since the last look.
func (f *Follower) lookForFiles(ctx context.Context, name string) error {
	for {
		var upto, size int64
		err := f.Node.Store.Read(ctx, func(tx *store.Tx) error {
			return tx.Row(ctx, `SELECT COALESCE((SELECT size FROM exchange_file_upto WHERE book = ?), 0), COALESCE(max(size), 0)
				FROM book_head WHERE book = ?`, name, name).Scan(&upto, &size)
		})
		if err != nil || upto >= size {
			return err
		}
		to := min(size, upto+book.TileWidth)
		err = f.Node.Store.Write(ctx, func(tx *store.Tx) error {
			if err := f.noteFiles(ctx, tx, name, upto, to); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO exchange_file_upto (book, size) VALUES (?, ?) ON CONFLICT (book) DO UPDATE SET size = excluded.size`, name, to)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// lookAgain notes which files the entries name whose words came after their entry was looked at: a bundle may bring what the network withheld.
func (f *Follower) lookAgain(ctx context.Context, name string) error {
	for {
		var came []int64
		err := f.Node.Store.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.Query(ctx, `SELECT u.idx FROM exchange_file_unread u JOIN book_entry e ON e.book = u.book AND e.idx = u.idx
				WHERE u.book = ? AND e.erased <> ? ORDER BY u.idx LIMIT 100`, name, node.WordsWithheld)
			if err != nil {
				return err
			}
			came, err = store.Column[int64](rows)
			return err
		})
		if err != nil || len(came) == 0 {
			return err
		}
		err = f.Node.Store.Write(ctx, func(tx *store.Tx) error {
			for _, idx := range came {
				if _, err := tx.Exec(ctx, `DELETE FROM exchange_file_unread WHERE book = ? AND idx = ?`, name, idx); err != nil {
					return err
				}
				if err := f.noteFiles(ctx, tx, name, idx, idx+1); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

func (f *Follower) noteFiles(ctx context.Context, tx *store.Tx, name string, from, to int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO exchange_file_unread (book, idx) SELECT book, idx FROM book_entry
		WHERE book = ? AND idx >= ? AND idx < ? AND erased = ?`, name, from, to, node.WordsWithheld)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT idx, entry, words FROM book_entry WHERE book = ? AND idx >= ? AND idx < ? AND words IS NOT NULL ORDER BY idx`, name, from, to)
	if err != nil {
		return err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (some []FileWaiting, err error) {
		var index int64
		var raw, words []byte
		if err := scan(&index, &raw, &words); err != nil {
			return nil, err
		}
		e, err := book.Scan(raw)
		if err != nil {
			return nil, nil // an entry that cannot be read is set aside and names nothing
		}
		for n, a := range f.Attached(e, words) {
			if !a.honest(e.Member) {
				continue
			}
			some = append(some, FileWaiting{Book: name, Index: index, N: n, Blob: a.Blob, Size: a.Size})
		}
		return some, nil
	})
	if err != nil {
		return err
	}
	for _, some := range all {
		for _, w := range some {
			if f.Node.Blobs.Has(w.Blob) {
				continue
			}
			_, err := tx.Exec(ctx, `INSERT INTO exchange_file (book, idx, n, blob, size, tries, next_at, why) VALUES (?, ?, ?, ?, ?, 0, 0, '')
				ON CONFLICT (book, idx, n) DO NOTHING`, w.Book, w.Index, w.N, w.Blob, w.Size)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// fetch tries to get one file, and notes how that went.
func (f *Follower) fetch(ctx context.Context, w FileWaiting, src *Remote) error {
	err := f.fetchOne(ctx, w, src)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var status *StatusError
	gone := errors.As(err, &status) && status.Status == http.StatusGone || errors.Is(err, errNotNamed)
	if gone {
		if err := f.Node.Blobs.DropPartial(w.Blob); err != nil {
			return err
		}
	}
	return f.Node.Store.Write(ctx, func(tx *store.Tx) error {
		if err == nil || gone {
			_, err := tx.Exec(ctx, `DELETE FROM exchange_file WHERE book = ? AND idx = ? AND n = ?`, w.Book, w.Index, w.N)
			return err
		}
		wait := min(firstFileWait<<min(w.Tries, 16), mostFileWait)
		_, err := tx.Exec(ctx, `UPDATE exchange_file SET tries = tries + 1, next_at = ?, why = ? WHERE book = ? AND idx = ? AND n = ?`,
			f.Node.Now().Add(jitter(wait)).UnixMilli(), explainFile(err), w.Book, w.Index, w.N)
		return err
	})
}

// errNotNamed: the words that named the file are not here any more.
var errNotNamed = errors.New("no words name the file")

func (f *Follower) fetchOne(ctx context.Context, w FileWaiting, src *Remote) error {
	a, err := Books{Node: f.Node, Attached: f.Attached}.named(ctx, w.Book, w.Index, w.N)
	if errors.Is(err, errGone) || errors.Is(err, errNotHere) {
		return errNotNamed
	}
	if err != nil {
		return err
	}
	if limit := f.fileLimit(); a.Size < 0 || a.Size > limit {
		return fmt.Errorf("%w: %d > %d", errFileTooLarge, a.Size, limit)
	}
	if f.Node.Blobs.Has(a.Blob) { // another entry named it, and it came for that one
		return nil
	}
	part, err := f.Node.Blobs.Partial(a.Blob)
	if errors.Is(err, node.ErrErased) { // no name that a node gives
		return errNotNamed
	}
	if err != nil {
		return err
	}
	defer part.Close()
	if err := src.file(ctx, w, a, part); err != nil {
		return err
	}
	// Erased while it came: then nobody is to have it.
	if _, err := (Books{Node: f.Node, Attached: f.Attached}).named(ctx, w.Book, w.Index, w.N); err != nil {
		return errors.Join(errNotNamed, part.Discard())
	}
	sum := sha256.New()
	sum.Write(a.Salt[:])
	return part.Keep(sum, func() bool { return hex.EncodeToString(sum.Sum(nil)) == a.Hash })
}

func (f *Follower) fileLimit() int64 {
	if f.FileLimit > 0 {
		return f.FileLimit
	}
	return DefaultFileLimit
}

var errFileTooLarge = errors.New("附件超过本方的接收上限 (the file is larger than this node takes)")

// explainFile says in words for the operator why a file did not come.
func explainFile(err error) string {
	var status *StatusError
	switch {
	case errors.Is(err, node.ErrOtherContent), errors.Is(err, node.ErrFetching):
		return Explain(err)
	case errors.As(err, &status) && status.Status == http.StatusNotFound:
		return "对方没有这个附件:请对方检查附件文件夹或从备份找回 (the neighbour does not have the file)"
	}
	return Explain(err)
}

// file goes on with a file of the book from where its part here ends, up to the size that its entry names.
func (r *Remote) file(ctx context.Context, w FileWaiting, a Attachment, part *node.Partial) error {
	if part.Size() > a.Size {
		if err := part.Discard(); err != nil {
			return err
		}
	}
	path := "file?of=" + strconv.FormatInt(w.Index, 10) + "&n=" + strconv.Itoa(w.N)
	if a.Size == 0 || part.Size() == a.Size {
		return nil
	}
	res, err := r.ask(ctx, path, func(h http.Header) {
		if from := part.Size(); from > 0 {
			h.Set("Range", "bytes="+strconv.FormatInt(from, 10)+"-")
			h.Set("If-Range", `"`+a.Hash+`"`)
		}
	})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusPartialContent:
	case http.StatusOK:
		if err := part.Discard(); err != nil {
			return err
		}
	default:
		return &StatusError{res.StatusCode, path}
	}
	left := a.Size - part.Size()
	got, err := io.Copy(part, &counted{io.LimitReader(res.Body, left+1), r.Budget})
	switch {
	case err != nil:
		return err // what came stays, and is gone on with
	case got > left:
		return errors.Join(node.ErrOtherContent, part.Discard())
	case got < left:
		return io.ErrUnexpectedEOF
	}
	return nil
}
