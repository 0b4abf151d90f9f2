package plan

import (
	"context"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// BulletinFacts freeze what a bulletin was made from.
type BulletinFacts struct {
	Bulletin string       `json:"bulletin"`
	Month    judge.Period `json:"month"` // a month; of a summary half a year or a year
	AsOf     judge.Date   `json:"asOf"`
	Circle   string       `json:"circle"` // "": the member's own
	Plans    []string     `json:"plans"`  // the lists it speaks of
	Heads    []HeadFacts  `json:"heads"`  // of the books it was read from
}

// firstBulletin are the facts of plan.bulletin.issued/1, which spoke of all lists.
type firstBulletin struct {
	Bulletin string       `json:"bulletin"`
	Month    judge.Period `json:"month"`
	AsOf     judge.Date   `json:"asOf"`
	Heads    []HeadFacts  `json:"heads"`
}

// HeadFacts: a book as it stood.
type HeadFacts struct {
	Origin string    `json:"origin"`
	Size   int64     `json:"size"`
	Root   tlog.Hash `json:"root"`
}

// BulletinWords: the document as issued, and the entries behind each sentence and figure.
type BulletinWords struct {
	Title    string            `json:"title"`
	Number   string            `json:"number,omitempty"` // 发文字号
	Files    []FileRef         `json:"files"`
	Text     string            `json:"text"`    // the edited text with its fields
	Figures  map[string]string `json:"figures"` // the fields' values when issued
	Sources  []node.Position   `json:"sources"`
	Sections []string          `json:"sections,omitempty"`
}

// BulletinIssued 印发通报. It stands in the member's own book.
var BulletinIssued = &node.Kind[BulletinFacts, BulletinWords]{
	Name: "plan.bulletin.issued/2", Action: string(region.BulletinIssue),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f BulletinFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		if f.Circle != "" && !book.IsID(f.Circle) {
			return refuse.New("plan.bulletin-circle", "circle", f.Circle).At("circle")
		}
		for _, p := range f.Plans {
			if !book.IsID(p) {
				return refuse.New("plan.key-form", "plan", p).At("plans")
			}
		}
		return checkBulletin(f.Bulletin, f.Month, f.AsOf)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f BulletinFacts) ([]string, error) {
		return nil, applyBulletin(ctx, own, f.Bulletin, f.Month, f.AsOf)
	},
}

// bulletinIssuedFirst is how bulletins were issued before their lists could be chosen.
var bulletinIssuedFirst = &node.Kind[firstBulletin, BulletinWords]{
	Name: "plan.bulletin.issued/1", Action: string(region.BulletinIssue),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f firstBulletin) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		return checkBulletin(f.Bulletin, f.Month, f.AsOf)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f firstBulletin) ([]string, error) {
		return nil, applyBulletin(ctx, own, f.Bulletin, f.Month, f.AsOf)
	},
}

func checkBulletin(id string, month judge.Period, asOf judge.Date) error {
	if !book.IsID(id) {
		return refuse.New("plan.bulletin-form").At("bulletin")
	}
	if !hasBulletin(month) {
		return refuse.New("plan.period", "period", string(month)).At("month")
	}
	if asOf == "" {
		return refuse.New("plan.day", "day", "").At("asOf")
	}
	return needDay(asOf, "asOf")
}

// hasBulletin tells whether a period can have a bulletin: a month has one, half a year and a year a summary (RULES 2.2).
func hasBulletin(p judge.Period) bool {
	_, err := judge.ParsePeriod(string(p))
	return err == nil && slices.Contains([]judge.Cycle{judge.Month, judge.HalfYear, judge.Year}, p.Cycle())
}

func applyBulletin(ctx context.Context, own *node.Own, id string, month judge.Period, asOf judge.Date) error {
	_, err := own.Exec(ctx, `INSERT INTO plan_bulletin (book, bulletin, month, as_of, idx) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (book, bulletin) DO UPDATE SET month = excluded.month, as_of = excluded.as_of, idx = excluded.idx`,
		id, string(month), string(asOf), own.Index)
	return err
}
