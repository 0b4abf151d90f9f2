package plan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// PlanFacts: which list, of which year, with which rhythm of reports.
type PlanFacts struct {
	Plan     string       `json:"plan"` // "510900:suitong-2022": the member and the list's key
	Year     int          `json:"year"`
	Cycle    judge.Cycle  `json:"cycle"`
	Rhythm   judge.Rhythm `json:"rhythm"`
	WarnDays int          `json:"warnDays"` // 0: judge.DefaultWarnDays
	Issued   judge.Date   `json:"issued"`   // 印发日期, empty where the list gives none
}

// PlanWords: its title and document, and the layout in which it came, so that it can go out in
// that layout again.
type PlanWords struct {
	Title      string   `json:"title"`
	DocumentNo string   `json:"documentNo,omitempty"`
	Issuer     string   `json:"issuer,omitempty"`
	Source     *FileRef `json:"source,omitempty"`
	Shape      string   `json:"shape,omitempty"`
}

// PlanIssued 印发清单: a later entry on the same plan replaces its head, not its rows.
var PlanIssued = &node.Kind[PlanFacts, PlanWords]{
	Name: "plan.issued/1", Action: string(region.PlanImport),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f PlanFacts) error {
		if !book.IsID(f.Plan) || !strings.HasPrefix(f.Plan, e.Member+":") { // nobody issues a neighbour's list
			return refuse.New("plan.key-form", "plan", f.Plan).At("plan")
		}
		if f.Year < 2000 || f.Year > 2200 {
			return refuse.New("plan.year", "year", f.Year).At("year")
		}
		if _, err := judge.ParseCycle(string(f.Cycle)); err != nil {
			return refuse.New("plan.cycle", "cycle", string(f.Cycle)).At("cycle")
		}
		if err := f.Rhythm.Check(); err != nil {
			return refuse.New("plan.rhythm").At("cutoff")
		}
		return needDay(f.Issued, "issued")
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f PlanFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_plan
			(book, plan, circle, year, cycle, cutoff_day, ten_day_grace, open_days, warn_days, issued, begun, idx)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (book, plan) DO UPDATE SET year = excluded.year, cycle = excluded.cycle,
			cutoff_day = excluded.cutoff_day, ten_day_grace = excluded.ten_day_grace,
			open_days = excluded.open_days, warn_days = excluded.warn_days,
			issued = excluded.issued, idx = excluded.idx`,
			f.Plan, e.Circle, f.Year, string(f.Cycle), f.Rhythm.CutoffDay, f.Rhythm.TenDayGrace,
			f.Rhythm.OpenDays, f.WarnDays, string(f.Issued), string(dayOf(e)), own.Index)
		return []string{"p:" + f.Plan}, err
	},
}

// ListingFacts: one row of a list, and the items it points at.
type ListingFacts struct {
	Plan     string         `json:"plan"`
	Listing  string         `json:"listing"`
	Order    int            `json:"order"` // place in the list, from 1
	Items    []string       `json:"items"` // at least one, each once
	Deadline judge.Deadline `json:"deadline"`
}

// ListingWords: the row as its office wrote it.
type ListingWords struct {
	Number   string            `json:"number,omitempty"`
	Section  []string          `json:"section,omitempty"`
	Title    string            `json:"title"`
	Measures string            `json:"measures,omitempty"`
	Target   string            `json:"target,omitempty"`
	Lead     []string          `json:"lead,omitempty"`    // names as read
	Support  []string          `json:"support,omitempty"` // names as read
	Sides    map[string]Side   `json:"sides,omitempty"`   // of other members, by GB/T 2260 code
	Leader   string            `json:"leader,omitempty"`
	Deadline string            `json:"deadline,omitempty"` // as read: 6月底前
	Note     string            `json:"note,omitempty"`
	Extra    map[string]string `json:"extra,omitempty"` // columns we do not know, by header
	Sheet    string            `json:"sheet,omitempty"`
	Row      int               `json:"row,omitempty"`
	Part     int               `json:"part,omitempty"` // where one cell held several tasks
}

// Side are the units that one member named for its share of a row.
type Side struct {
	Lead    []string `json:"lead,omitempty"`
	Support []string `json:"support,omitempty"`
}

// Listed 列入清单: a later entry on the same listing is its revision.
var Listed = kind(node.Kind[ListingFacts, ListingWords]{
	Name: "plan.listed/1", Action: string(region.PlanImport),
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f ListingFacts) error {
		if !isID(f.Listing) {
			return refuse.New("plan.listing-form").At("listing")
		}
		if err := needRow(ctx, own, `SELECT 1 FROM plan_plan WHERE book = ? AND plan = ?`, f.Plan); err != nil {
			return refuseMissing(err, "plan.unknown", "plan", f.Plan)
		}
		var other string
		err := own.Row(ctx, `SELECT plan FROM plan_listing WHERE book = ? AND listing = ?`, f.Listing).Scan(&other)
		if err == nil && other != f.Plan {
			return refuse.New("plan.listing-elsewhere", "plan", other)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := needDay(f.Deadline.Date, "deadline"); err != nil {
			return err
		}
		return needItems(ctx, own, f.Items)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ListingFacts) ([]string, error) {
		day := string(dayOf(e))
		_, err := own.Exec(ctx, `INSERT INTO plan_listing
			(book, listing, plan, circle, ord, deadline_kind, deadline, listed, idx)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (book, listing) DO UPDATE SET ord = excluded.ord, deadline_kind = excluded.deadline_kind, deadline = excluded.deadline, idx = excluded.idx`,
			f.Listing, f.Plan, e.Circle, f.Order, string(f.Deadline.Kind), string(f.Deadline.Date), day, own.Index)
		if err != nil {
			return nil, err
		}
		if _, err := own.Exec(ctx, `DELETE FROM plan_dropped WHERE book = ? AND listing = ?`, f.Listing); err != nil {
			return nil, err
		}
		return point(ctx, own, f.Listing, f.Items)
	},
})

// DropFacts: which row is taken out of its list.
type DropFacts struct {
	Listing string `json:"listing"`
}

// ReasonWords say why.
type ReasonWords struct {
	Reason string `json:"reason"`
}

// ListingDropped 移出清单.
var ListingDropped = kind(node.Kind[DropFacts, ReasonWords]{
	Name: "plan.listing.dropped/1", Action: string(region.PlanImport),
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f DropFacts) error {
		return needListing(ctx, own, f.Listing)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f DropFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_dropped (book, listing, day, idx) VALUES (?, ?, ?, ?)
			ON CONFLICT (book, listing) DO NOTHING`, f.Listing, string(dayOf(e)), own.Index)
		return []string{"l:" + f.Listing}, err
	},
})

// PointFacts: the items a row now points at. Linking re-points listings and never merges items.
type PointFacts struct {
	Listing string   `json:"listing"`
	Items   []string `json:"items"`
}

// Pointed 关联事项.
var Pointed = kind(node.Kind[PointFacts, ReasonWords]{
	Name: "plan.listing.pointed/1", Action: string(region.PlanLink),
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f PointFacts) error {
		if err := needListing(ctx, own, f.Listing); err != nil {
			return err
		}
		return needItems(ctx, own, f.Items)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f PointFacts) ([]string, error) {
		return point(ctx, own, f.Listing, f.Items)
	},
})

// VerdictFacts: how the coordinator says that a listing stands; an empty state withdraws it.
type VerdictFacts struct {
	Listing string          `json:"listing"`
	State   judge.WorkState `json:"state"`
}

// VerdictGiven 协调单位认定.
var VerdictGiven = kind(node.Kind[VerdictFacts, ReasonWords]{
	Name: "plan.verdict.given/1", Action: string(region.PlanVerdict),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ VerdictFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f VerdictFacts) error {
		if _, err := judge.ParseWorkState(string(f.State)); f.State != "" && err != nil {
			return refuse.New("plan.state", "state", string(f.State)).At("state")
		}
		return needListing(ctx, own, f.Listing)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f VerdictFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_verdict (book, idx, listing, state, day) VALUES (?, ?, ?, ?, ?)`,
			own.Index, f.Listing, string(f.State), string(dayOf(e)))
		return []string{"l:" + f.Listing}, err
	},
})

// point writes a listing's items and returns the keys of all that changes.
func point(ctx context.Context, own *node.Own, listing string, items []string) ([]string, error) {
	keys := []string{"l:" + listing}
	rows, err := own.Query(ctx, `SELECT item FROM plan_pointer WHERE book = ? AND listing = ?`, listing)
	if err != nil {
		return nil, err
	}
	old, err := texts(rows)
	if err != nil {
		return nil, err
	}
	if _, err := own.Exec(ctx, `DELETE FROM plan_pointer WHERE book = ? AND listing = ?`, listing); err != nil {
		return nil, err
	}
	for i, item := range items {
		_, err := own.Exec(ctx, `INSERT INTO plan_pointer (book, listing, item, ord) VALUES (?, ?, ?, ?)`, listing, item, i)
		if err != nil {
			return nil, err
		}
	}
	for _, item := range append(old, items...) {
		keys = append(keys, "i:"+item)
	}
	return keys, nil
}

func needItems(ctx context.Context, own *node.Own, items []string) error {
	if len(items) == 0 {
		return refuse.New("plan.listing-without-item").At("items")
	}
	seen := map[string]bool{}
	for _, item := range items {
		if seen[item] {
			return refuse.New("plan.item-twice", "item", item).At("items")
		}
		seen[item] = true
		if err := needItem(ctx, own, item); err != nil {
			return err
		}
	}
	return nil
}

func needItem(ctx context.Context, own *node.Own, item string) error {
	err := needRow(ctx, own, `SELECT 1 FROM plan_item WHERE book = ? AND item = ?`, item)
	return refuseMissing(err, "plan.item-unknown", "item", item)
}

func needListing(ctx context.Context, own *node.Own, listing string) error {
	err := needRow(ctx, own, `SELECT 1 FROM plan_listing WHERE book = ? AND listing = ?`, listing)
	return refuseMissing(err, "plan.listing-unknown", "listing", listing)
}

func needRow(ctx context.Context, own *node.Own, query string, args ...any) error {
	var one int
	return own.Row(ctx, query, args...).Scan(&one)
}

func refuseMissing(err error, code string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return refuse.New(code, args...)
	}
	return err
}

func needDay(d judge.Date, field string) error {
	if d == "" {
		return nil
	}
	if _, err := judge.ParseDate(string(d)); err != nil {
		return refuse.New("plan.day", "day", string(d)).At(field)
	}
	return nil
}

func needReason(w *ReasonWords) error {
	if w == nil || w.Reason == "" {
		return refuse.New("plan.reason-missing").At("reason")
	}
	return nil
}

// dayOf is the civil day of an entry in Beijing.
func dayOf(e book.Entry) judge.Date { return judge.DateIn(e.At, judge.Beijing) }

func texts(rows *sql.Rows) ([]string, error) {
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("read a name: %w", err)
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
