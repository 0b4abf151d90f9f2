package plan

import (
	"context"

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
	Month    judge.Period `json:"month"`
	AsOf     judge.Date   `json:"asOf"`
	Heads    []HeadFacts  `json:"heads"` // of the books it was read from
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
	Name: "plan.bulletin.issued/1", Action: string(region.BulletinIssue),
	Check: func(_ context.Context, _ *node.Own, _ book.Entry, f BulletinFacts) error {
		if !book.IsID(f.Bulletin) {
			return refuse.New("plan.bulletin-form").At("bulletin")
		}
		if p, err := judge.ParsePeriod(string(f.Month)); err != nil || p.Cycle() != judge.Month {
			return refuse.New("plan.period", "period", string(f.Month)).At("month")
		}
		if f.AsOf == "" {
			return refuse.New("plan.day", "day", "").At("asOf")
		}
		return needDay(f.AsOf, "asOf")
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f BulletinFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_bulletin (book, bulletin, month, as_of, idx) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (book, bulletin) DO UPDATE SET month = excluded.month, as_of = excluded.as_of, idx = excluded.idx`,
			f.Bulletin, string(f.Month), string(f.AsOf), own.Index)
		return nil, err
	},
}
