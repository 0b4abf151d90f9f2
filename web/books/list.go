package books

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
)

// standing is a book as the page shows it.
type standing struct {
	node.BookVerified
	Name  string // of its circle
	Last  time.Time
	Own   bool
	Aside []aside
}

// aside is an entry that broke a rule (搁置): kept, shown, never applied.
type aside struct {
	Index  int64
	Reason string
}

type listData struct {
	Books   []standing
	Entries int64
	Verify  bool // the reader may verify
	Last    outcome
}

// list shows how each book stands. GET /books/
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	d := listData{Verify: web.May(r.Context(), region.BookVerify), Last: p.now.outcome()}
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) error {
		heads, err := node.Books(r.Context(), tx)
		if err != nil {
			return err
		}
		names, err := p.circleNames(r.Context(), tx)
		if err != nil {
			return err
		}
		for _, h := range heads {
			s, err := p.standing(r.Context(), tx, h)
			if err != nil {
				return err
			}
			s.Name = names[h.Circle]
			d.Books, d.Entries = append(d.Books, s), d.Entries+h.Size
		}
		return nil
	})
	if err != nil {
		return err
	}
	return web.Show(w, r, listView(d))
}

func (p *pages) standing(ctx context.Context, tx *store.Tx, h node.BookVerified) (s standing, err error) {
	s = standing{BookVerified: h, Own: h.Member == p.node.Member}
	if h.Size > 0 {
		e, err := entryAt(ctx, tx, h.Book, h.Size-1)
		if err != nil {
			return s, err
		}
		s.Last = e.At
	}
	rows, err := tx.Query(ctx, `SELECT idx, reason FROM node_aside WHERE book = ? ORDER BY idx LIMIT 100`, h.Book)
	if err != nil {
		return s, err
	}
	s.Aside, err = store.Collect(rows, func(scan func(...any) error) (a aside, err error) {
		return a, scan(&a.Index, &a.Reason)
	})
	return s, err
}

// circleNames are the names of circles by id, with that of the own book.
func (p *pages) circleNames(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	circles, err := region.CirclesOf(ctx, tx, p.node.Member)
	names := map[string]string{node.Self: web.T(ctx, "books.self")}
	for _, c := range circles {
		names[c.ID] = c.Name
	}
	return names, err
}

// entryAt reads one entry.
func entryAt(ctx context.Context, tx *store.Tx, name string, index int64) (book.Entry, error) {
	raw, err := node.Entries(ctx, tx, name, index, 1)
	if err != nil {
		return book.Entry{}, err
	}
	if len(raw) == 0 {
		return book.Entry{}, web.ErrNotFound
	}
	return book.Scan(raw[0])
}

func proofHref(circle string, index int64) string {
	return "/proof/" + circle + "/" + strconv.FormatInt(index, 10)
}

// proofOf leads to an entry of any member's book.
func (p *pages) proofOf(member, circle string, index int64) string {
	href := proofHref(circle, index)
	if member != p.node.Member {
		href += "?member=" + member
	}
	return href
}

// circleIn is the circle of a book's name: "510900/suitong".
func circleIn(name string) string {
	_, circle, _ := strings.Cut(name, "/")
	return circle
}

// short is enough of a hash to compare by eye.
func short(hash string) string { return hash[:min(10, len(hash))] + "…" }
