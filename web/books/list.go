package books

import (
	"cmp"
	"context"
	"net/http"
	"slices"
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
	Title string // "成渝地区双城经济圈", of a neighbour "潼南区 · 成渝地区双城经济圈"
	Last  time.Time
	// LastHidden: its last entry is not for who reads this page, so no link leads there.
	LastHidden bool
	Own        bool
	Aside      []aside
}

// aside is an entry that broke a rule (搁置): kept, shown, never applied.
type aside struct {
	Index  int64
	Reason string
}

type listData struct {
	Member  string     // whose node it is
	Own     []standing // the inside one first
	Theirs  []standing // of neighbours, as they were received
	Entries int64
	Verify  bool // the reader may verify
	Last    outcome
}

// list shows how each book stands. GET /books/
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	d, err := p.readList(r.Context())
	if err != nil {
		return err
	}
	d.Verify, d.Last = web.May(r.Context(), region.BookVerify), p.now.outcome()
	return web.Show(w, r, listView(d))
}

func (p *pages) readList(ctx context.Context) (d listData, err error) {
	d.Member = p.node.Member
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		heads, err := node.Books(ctx, tx)
		if err != nil {
			return err
		}
		names, err := p.circleNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, h := range heads {
			s, err := p.standing(ctx, tx, h)
			if err != nil {
				return err
			}
			s.Title = p.bookTitle(names, h.Member, h.Circle)
			d.Entries += h.Size
			switch {
			case h.Circle == node.Self:
				d.Own = slices.Insert(d.Own, 0, s)
			case s.Own:
				d.Own = append(d.Own, s)
			default:
				d.Theirs = append(d.Theirs, s)
			}
		}
		return nil
	})
	return d, err
}

func (p *pages) standing(ctx context.Context, tx *store.Tx, h node.BookVerified) (s standing, err error) {
	s = standing{BookVerified: h, Own: h.Member == p.node.Member}
	if h.Size > 0 {
		e, err := entryAt(ctx, tx, h.Book, h.Size-1)
		if err != nil {
			return s, err
		}
		seen, err := p.sightOf(ctx, tx, e)
		if err != nil {
			return s, err
		}
		s.Last, s.LastHidden = e.At, seen == nothing
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

// bookTitle says whose book it is; the own ones go by their circle alone.
func (p *pages) bookTitle(circles map[string]string, member, circle string) string {
	title := cmp.Or(circles[circle], circle)
	if member == p.node.Member {
		return title
	}
	return p.memberName(member) + " · " + title
}

// anchor is where a book stands on the page of books: the own of a circle by its circle, one of a neighbour by that one too.
func anchor(of, circle string) string {
	if of == "" {
		return "book-" + circle
	}
	return "book-" + of + "-" + circle
}

func (s standing) anchor() string {
	if s.Own {
		return anchor("", s.Circle)
	}
	return anchor(s.Member, s.Circle)
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
	return entryIn(p.node.Member, member+"/"+circle, index)
}

// entryIn leads to an entry of a book that is called by its name, "510900/suitong", on the node of a member.
func entryIn(member, name string, index int64) string {
	of, circle, _ := strings.Cut(name, "/")
	href := proofHref(circle, index)
	if of != member {
		href += "?member=" + of
	}
	return href
}

// short is enough of a hash to compare by eye.
func short(hash string) string { return hash[:min(10, len(hash))] + "…" }
