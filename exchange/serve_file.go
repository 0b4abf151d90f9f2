package exchange

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"strconv"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// errGone: the words that named the file were erased, and it with them. Nobody is to ask again.
var errGone = errors.New("erased")

// attachment answers the n-th file that the words of an entry name, from 0, to a neighbour that may read these words: as bytes that
// no browser opens as a page, whole or from a place on (RFC 9110, 14.2). What is damaged here is given to nobody.
func (b Books) attachment(w http.ResponseWriter, r *http.Request, name string) error {
	index, err := strconv.ParseInt(r.URL.Query().Get("of"), 10, 64)
	n, err2 := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || err2 != nil || index < 0 || n < 0 || b.Attached == nil || b.Node.Blobs == nil {
		return errNotHere
	}
	a, err := b.named(r.Context(), name, index, n)
	if err != nil {
		return err
	}
	f, err := b.Node.Blobs.Open(a.Blob)
	if errors.Is(err, node.ErrErased) {
		return errNotHere
	}
	if err != nil {
		return err
	}
	defer f.Close()
	etag := `"` + a.Hash + `"`
	if r.Header.Get("Range") == "" || r.Header.Get("If-Range") != etag { // who goes on has been given its beginning already
		if err := undamaged(f, a); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

func undamaged(f node.File, a Attachment) error {
	if !a.matches(f) {
		return errNotHere
	}
	_, err := f.Seek(0, 0)
	return err
}

// named is the n-th file that the words of an entry name.
func (b Books) named(ctx context.Context, name string, index int64, n int) (a Attachment, err error) {
	var raw, words []byte
	err = b.Node.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`, name, index).Scan(&raw, &words)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return a, errNotHere
	}
	if err != nil {
		return a, err
	}
	e, err := book.Scan(raw)
	switch {
	case err != nil:
		return a, errNotHere // an entry that cannot be read names nothing
	case words == nil && e.Words != nil:
		return a, errGone
	}
	all := b.Attached(e, words)
	if n >= len(all) {
		return a, errNotHere
	}
	return all[n], nil
}
