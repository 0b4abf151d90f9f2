package stage

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/store"
)

// history (另一份账) is a book as somebody shows it who holds its key: the true one but for one entry, and one entry longer.
// Two heads of one size would prove as much; of two sizes, the proof names the entry.
type history struct {
	to    *Post
	index int64
	entry []byte // instead of the true one
}

// Fork has a member's node show another history of its book to one other.
func (s *Stage) Fork(ctx context.Context, member, to string) error {
	p, q := s.post(member), s.post(to)
	index, entry, err := s.published(ctx, p, q)
	if err != nil {
		return err
	}
	s.mu.Lock()
	p.forked = &history{q, index, minuteLater(entry)}
	s.mu.Unlock()
	q.Follower.Hurry()
	return nil
}

// Right sets right whatever was done to a member's node, and lets the others follow it again. The evidence that they
// found stays with them.
func (s *Stage) Right(ctx context.Context, member string) error {
	p := s.post(member)
	s.mu.Lock()
	defer s.mu.Unlock()
	p.forked = nil
	if err := Mend(ctx, p.Folder); err != nil {
		return err
	}
	p.changed = nil
	if p.verified != nil {
		if err := p.verify(ctx); err != nil {
			return err
		}
	}
	for _, q := range s.others(p) {
		err := q.Store.Write(ctx, func(tx *store.Tx) error { return exchange.GoOn(ctx, tx, p.BookName(circle)) })
		if err != nil {
			return err
		}
		q.Follower.Hurry()
	}
	return nil
}

// Before stands before a member's site and shows the other history to whom it is meant for.
func (s *Stage) Before(member string) func(site http.Handler) http.Handler {
	p := s.post(member)
	return func(site http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.show(p, site, w, r) })
	}
}

func (s *Stage) show(p *Post, site http.Handler, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	h := p.forked
	s.mu.Unlock()
	path, ok := addressed(r)
	if h == nil || !ok || !h.asks(r, p) {
		site.ServeHTTP(w, r)
		return
	}
	body, ok := h.answer(r.Context(), p, path)
	if !ok {
		site.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the reader may have gone
}

// asks tells whether it is the one the history is meant for who asks.
func (h *history) asks(r *http.Request, p *Post) bool {
	_, err := exchange.Asker(r, p.Origin, func(_ context.Context, asker string) ([]ed25519.PublicKey, error) {
		key, err := h.to.RequestKey()
		if err != nil || asker != h.to.Origin {
			return nil, err
		}
		return []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}, nil
	})
	return err == nil
}

// answer is what stands at a path of the other history; not ok where the true answer does.
func (h *history) answer(ctx context.Context, p *Post, path string) (body []byte, ok bool) {
	at, err := book.ParsePath(path)
	if err != nil && path != "checkpoint" {
		return nil, false
	}
	entries, err := h.entries(ctx, p)
	if err != nil {
		return nil, false
	}
	if path == "checkpoint" {
		body, err = book.SignCheckpoint(p.OriginOf(circle), int64(len(entries)), treeOf(entries).Root(), p.SigningKey().Signer(p.OriginOf(circle)))
		return body, err == nil
	}
	from, to := int(at.N*book.TileWidth), int(at.N*book.TileWidth)+at.Width
	switch {
	case at.Entries && to <= len(entries):
		body, err = book.EntryBundle(entries[from:to])
		return body, err == nil
	case at.Level == 0 && to <= len(entries):
		for _, e := range entries[from:to] {
			leaf := book.LeafHash(e)
			body = append(body, leaf[:]...)
		}
		return body, true
	}
	for _, t := range slices.Backward(treeOf(entries).Pending()) {
		if t.Level == at.Level && t.N == at.N && len(t.Data) >= at.Width*tlog.HashSize {
			return t.Data[:at.Width*tlog.HashSize], true
		}
	}
	return nil, false
}

// entries are the true ones as they stand now, but for one, and the last once more.
func (h *history) entries(ctx context.Context, p *Post) (all [][]byte, err error) {
	err = p.Store.Read(ctx, func(tx *store.Tx) error {
		head, _, err := node.Head(ctx, tx, p.BookName(circle))
		if err != nil {
			return err
		}
		all, err = node.Entries(ctx, tx, p.BookName(circle), 0, int(head.Size))
		return err
	})
	if err != nil {
		return nil, err
	}
	all[h.index] = h.entry
	return append(all, all[len(all)-1]), nil
}

func treeOf(entries [][]byte) *book.Tree {
	t := &book.Tree{}
	for _, e := range entries {
		t.Append(book.LeafHash(e))
	}
	return t
}
