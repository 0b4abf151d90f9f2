package plan

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
	"liandong/web/lang"
)

// Heard is how far a neighbour's book of a circle is known here: what it said later is in no figure.
type Heard struct {
	Member string // GB/T 2260 code
	Name   string
	Circle string
	Size   int64     // entries
	Until  time.Time // of the last entry; zero: none
	// Reached is when the neighbour last answered and nothing was missing; zero where that is not known here.
	Reached time.Time
}

// Reaching tells when neighbours' books, by name, were last known to be complete here. The exchange knows.
type Reaching func(ctx context.Context, tx *store.Tx) (map[string]time.Time, error)

// Reaches lets the desk ask that.
func (d *Desk) Reaches(f Reaching) { d.reaching = f }

// heard lists the neighbours whose books of a circle are here, in the order of their codes; circle "" is all.
func (d *Desk) heard(ctx context.Context, tx *store.Tx, circle string) ([]Heard, error) {
	rows, err := tx.Query(ctx, `SELECT book, member, circle, size, last_at FROM book_head
		WHERE member <> ? AND (? = '' OR circle = ?) ORDER BY circle, member`, d.node.Member, circle, circle)
	if err != nil {
		return nil, err
	}
	reached := map[string]time.Time{}
	if d.reaching != nil {
		if reached, err = d.reaching(ctx, tx); err != nil {
			rows.Close()
			return nil, err
		}
	}
	return store.Collect(rows, func(scan func(...any) error) (h Heard, err error) {
		var book string
		var last int64
		err = scan(&book, &h.Member, &h.Circle, &h.Size, &last)
		if h.Name, h.Reached = region.MemberName(h.Member), reached[book]; last > 0 {
			h.Until = time.UnixMilli(last).UTC()
		}
		return h, err
	})
}

// seenMost is how many neighbours a document names one by one.
const seenMost = 4

// seenText says on a document up to when each neighbour's book was read, by the time of its last entry: 账册读至：潼南区2022年6月20日10时05分.
// When a neighbour last answered changes by the second, and a document that was confirmed must be the one that is issued.
func seenText(all []Heard) string {
	var parts []string
	first := Heard{}
	for _, h := range all {
		if first.Name == "" || h.Until.Before(first.Until) {
			first = h
		}
		parts = append(parts, h.Name+h.untilText())
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(parts) > seenMost:
		return fmt.Sprintf("%d方账册读至：最早为%s%s", len(parts), first.Name, first.untilText())
	}
	return "账册读至：" + strings.Join(parts, "，")
}

// Text says to a reader of a page how far the neighbour's book is known here.
func (h Heard) Text(ctx context.Context) string {
	switch {
	case !h.Reached.IsZero():
		return lang.T(ctx, "plan.heard.reached", "member", h.Name, "time", moment(ctx, h.Reached))
	case !h.Until.IsZero():
		return lang.T(ctx, "plan.heard.until", "member", h.Name, "time", moment(ctx, h.Until))
	}
	return lang.T(ctx, "plan.heard.nothing", "member", h.Name)
}

func moment(ctx context.Context, at time.Time) string {
	day := judge.DateIn(at, judge.Beijing)
	return lang.Pick(ctx, day.Zh(), day.En()) + " " + at.In(judge.Beijing).Format("15:04")
}

func (h Heard) untilText() string {
	if h.Until.IsZero() {
		return "（尚无数据）"
	}
	return h.Until.In(judge.Beijing).Format("2006年1月2日15时04分")
}

// neighbour is the name of the member whose book it is; empty for this member's own.
func (d *Desk) neighbour(book string) string {
	if member := memberOfBook(book); member != d.node.Member {
		return cmp.Or(region.MemberName(member), member)
	}
	return ""
}

// heardOf is what is known of the member whose book it is; nil for this member's own.
func (d *Desk) heardOf(ctx context.Context, tx *store.Tx, book string) (*Heard, error) {
	member, circle := memberOfBook(book), book[len(memberOfBook(book))+1:]
	if member == d.node.Member || circle == node.Self {
		return nil, nil
	}
	all, err := d.heard(ctx, tx, circle)
	for i := range all {
		if all[i].Member == member {
			return &all[i], err
		}
	}
	return nil, err
}
