package plan

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// ShareFacts: which part of an item its lead asks of another unit of this member.
type ShareFacts struct {
	Share     string       `json:"share"`
	Item      string       `json:"item"`
	Org       string       `json:"org"`       // that is asked
	Once      bool         `json:"once"`      // for the period only; else for every period of its cycle from it on
	Period    judge.Period `json:"period"`    // the first
	Due       judge.Date   `json:"due"`       // the last day for it, in time on that day
	Ahead     int          `json:"ahead"`     // for later periods: working days before the lead's own last day
	Indicator string       `json:"indicator"` // of which a share is given; empty: of none
	Target    string       `json:"target"`    // that share, a canonical decimal in the indicator's unit
}

func (f *ShareFacts) ids() []*string { return []*string{&f.Item} }

// ShareWords: what is asked.
type ShareWords struct {
	Text string `json:"text"`
}

// ShareAsked 分解任务: the lead asks a section of its own, a county or a supporting unit for a part of the item. Asked again under the
// same id it replaces what was asked, and what came for its period is waited for once more. It never leaves the member.
var ShareAsked = kind(node.Kind[ShareFacts, ShareWords]{
	Name: "plan.share.asked/1", Action: string(region.PlanSplit),
	Allow: allowShare,
	Check: checkShare,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ShareFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_share (book, share, item, org, lead, once, period, due, ahead, indicator, target, day, idx)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (book, share) DO UPDATE SET once = excluded.once, period = excluded.period,
			due = excluded.due, ahead = excluded.ahead, indicator = excluded.indicator, target = excluded.target, day = excluded.day, idx = excluded.idx`,
			f.Share, f.Item, f.Org, e.Org, bit(f.Once), string(f.Period), string(f.Due), f.Ahead, f.Indicator, f.Target, string(dayOf(e)), own.Index)
		return nil, err
	},
})

// allowShare: whom the lead may ask, and by when: on a working day of the period, before the lead's own last day unless that is over.
func allowShare(ctx context.Context, w *node.Writing, _ string, f ShareFacts, said *ShareWords) error {
	if said == nil || strings.TrimSpace(said.Text) == "" {
		return refuse.New("plan.share-text").At("text")
	}
	item := idOf(w.Node().Member, f.Item)
	asked, err := askableFor(ctx, w.Tx(), w.Node(), item, w.Actor.Org)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(asked, func(u Askable) bool { return u.Org == f.Org }) {
		return refuse.New("plan.share-unit").At("org")
	}
	cutoff, err := cutoffOf(ctx, w.Tx(), item, f.Period, judge.DateIn(w.Now(), judge.Beijing))
	if err != nil {
		return err
	}
	days, err := calendarOf(ctx, w.Tx())
	if err != nil {
		return err
	}
	return dueFits(f, cutoff, judge.DateIn(w.Now(), judge.Beijing), days)
}

func dueFits(f ShareFacts, cutoff, today judge.Date, days calendar) error {
	day, err := judge.ParseDate(string(f.Due))
	switch {
	case err != nil:
		return refuse.New("plan.day", "day", string(f.Due)).At("due")
	case day < today:
		return refuse.New("plan.share-past", "day", day.Zh()).At("due")
	case cutoff >= today && day >= cutoff && cutoff > f.Period.First():
		return refuse.New("plan.share-after", "cutoff", cutoff.Zh()).At("due")
	case f.Period.Cycle() != judge.AdHoc && day < f.Period.First():
		return refuse.New("plan.share-before", "period", f.Period.Zh()).At("due")
	}
	if !days.works(day) {
		return refuse.New("plan.share-day-off", "day", day.Zh(), "other", days.before(day, 0).Zh()).At("due")
	}
	return nil
}

// mostAhead is the most working days by which a part may be due before the report that it belongs to.
const mostAhead = 60

func checkShare(ctx context.Context, own *node.Own, e book.Entry, f ShareFacts) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	if !book.IsID(f.Share) || !book.IsID(f.Org) || f.Org == e.Org || f.Ahead < 0 || f.Ahead > mostAhead {
		return refuse.New("plan.share-form").At("share")
	}
	if _, err := judge.ParsePeriod(string(f.Period)); err != nil {
		return refuse.New("plan.period", "period", string(f.Period)).At("period")
	}
	if err := needDays(f.Due, "due", f.Due, "due"); err != nil {
		return err
	}
	if err := needItem(ctx, own, f.Item); err != nil {
		return err
	}
	err := needRow(ctx, own, `SELECT 1 FROM plan_item_unit WHERE book = ? AND item = ? AND org = ? AND leads = 1`, f.Item, e.Org)
	if err := refuseMissing(err, "plan.share-not-lead"); err != nil {
		return err
	}
	if err := checkShareTarget(ctx, own, f); err != nil {
		return err
	}
	var item, org, lead string
	err = own.Row(ctx, `SELECT item, org, lead FROM plan_share WHERE book = ? AND share = ?`, f.Share).Scan(&item, &org, &lead)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && (item != f.Item || org != f.Org || lead != e.Org) {
		err = refuse.New("plan.share-taken")
	}
	return err
}

func checkShareTarget(ctx context.Context, own *node.Own, f ShareFacts) error {
	if f.Indicator == "" && f.Target == "" {
		return nil
	}
	if !canonicalDecimal(f.Target) {
		return refuse.New("plan.figure-form", "indicator", f.Indicator).At("target")
	}
	err := needRow(ctx, own, `SELECT 1 FROM plan_indicator WHERE book = ? AND item = ? AND indicator = ?`, f.Item, f.Indicator)
	return refuseMissing(err, "plan.indicator-unknown", "indicator", f.Indicator)
}

// ShareReportFacts: which part, for which period, with which figures of the item.
type ShareReportFacts struct {
	Share   string        `json:"share"`
	Period  judge.Period  `json:"period"`
	Figures []FigureFacts `json:"figures"`
}

// ShareReported 报送分工: what the unit that was asked did. Again for the same period it replaces the earlier.
var ShareReported = &node.Kind[ShareReportFacts, ReportWords]{
	Name: "plan.share.reported/1", Action: string(region.ShareAnswer),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f ShareReportFacts, w *ReportWords) error {
		if (w == nil || strings.TrimSpace(w.Progress) == "") && len(f.Figures) == 0 {
			return refuse.New("plan.report-empty").At("progress")
		}
		return nil
	},
	Check: checkShareReport,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ShareReportFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_share_report (book, idx, share, period, day) VALUES (?, ?, ?, ?, ?)`,
			own.Index, f.Share, string(f.Period), string(dayOf(e)))
		return nil, err
	},
}

func checkShareReport(ctx context.Context, own *node.Own, e book.Entry, f ShareReportFacts) error {
	item, err := needShare(ctx, own, e, f.Share, "org")
	if err != nil {
		return err
	}
	if _, err := judge.ParsePeriod(string(f.Period)); err != nil {
		return refuse.New("plan.period", "period", string(f.Period)).At("period")
	}
	var once bool
	var from judge.Period
	if err := own.Row(ctx, `SELECT once, period FROM plan_share WHERE book = ? AND share = ?`, f.Share).Scan(&once, &from); err != nil {
		return err
	}
	if !covers(once, from, f.Period) {
		return refuse.New("plan.share-period", "period", f.Period.Zh()).At("period")
	}
	seen := map[string]bool{}
	for _, x := range f.Figures {
		if !canonicalDecimal(x.Value) || seen[x.Indicator] {
			return refuse.New("plan.figure-form", "indicator", x.Indicator).At("figures")
		}
		seen[x.Indicator] = true
		err := needRow(ctx, own, `SELECT 1 FROM plan_indicator WHERE book = ? AND item = ? AND indicator = ?`, item, x.Indicator)
		if err := refuseMissing(err, "plan.indicator-unknown", "indicator", x.Indicator); err != nil {
			return err
		}
	}
	return nil
}

// covers says whether a part that is asked from a period on is asked for another.
func covers(once bool, from, p judge.Period) bool {
	return p == from || !once && p.Cycle() == from.Cycle() && p.Cycle() != judge.AdHoc && p.First() >= from.First()
}

// ShareSaidFacts: the part that is spoken of.
type ShareSaidFacts struct {
	Share string `json:"share"`
}

// ShareDeclined 退回分工: the unit that was asked says why the part is not its own. Asked again it is open again.
var ShareDeclined = &node.Kind[ShareSaidFacts, ReasonWords]{
	Name: "plan.share.declined/1", Action: string(region.ShareAnswer),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ ShareSaidFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ShareSaidFacts) error {
		_, err := needShare(ctx, own, e, f.Share, "org")
		return err
	},
	Apply: applyShareEnd("declined"),
}

// ShareWithdrawn 撤回分工: the lead asks for the part no longer.
var ShareWithdrawn = &node.Kind[ShareSaidFacts, ReasonWords]{
	Name: "plan.share.withdrawn/1", Action: string(region.PlanSplit),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ShareSaidFacts) error {
		_, err := needShare(ctx, own, e, f.Share, "lead")
		return err
	},
	Apply: applyShareEnd("withdrawn"),
}

func applyShareEnd(what string) func(context.Context, *node.Own, book.Entry, ShareSaidFacts) ([]string, error) {
	return func(ctx context.Context, own *node.Own, e book.Entry, f ShareSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_share_end (book, idx, share, what, day) VALUES (?, ?, ?, ?, ?)`,
			own.Index, f.Share, what, string(dayOf(e)))
		return nil, err
	}
}

// needShare: the part is asked, was not withdrawn since, and the entry's organisation is the one in column by: org or lead. It gives
// the item.
func needShare(ctx context.Context, own *node.Own, e book.Entry, share, by string) (item string, err error) {
	if err := onlySelf(e); err != nil {
		return "", err
	}
	var withdrawn int
	var whose string
	err = own.Row(ctx, `SELECT s.item, s.`+by+`, (SELECT count(*) FROM plan_share_end x WHERE x.book = s.book AND x.share = s.share AND x.what = 'withdrawn' AND x.idx > s.idx)
		FROM plan_share s WHERE s.book = ? AND s.share = ?`, share).Scan(&item, &whose, &withdrawn)
	if err := refuseMissing(err, "plan.share-unknown", "share", share); err != nil {
		return "", err
	}
	if whose != e.Org {
		return "", refuse.New("plan.share-not-yours")
	}
	if withdrawn > 0 {
		err = refuse.New("plan.share-over")
	}
	return item, err
}

// shareRows all belong to own books: what was asked last under each id, what came, and how it ended.
const shareRows = `
CREATE TABLE plan_share (
	book TEXT NOT NULL,
	share TEXT NOT NULL,
	item TEXT NOT NULL,
	org TEXT NOT NULL,
	lead TEXT NOT NULL,
	once BIGINT NOT NULL,
	period TEXT NOT NULL,
	due TEXT NOT NULL,
	ahead BIGINT NOT NULL,
	indicator TEXT NOT NULL,
	target TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, share)
);
CREATE INDEX plan_share_item ON plan_share (item, share);
CREATE INDEX plan_share_org ON plan_share (org, share);
CREATE INDEX plan_share_lead ON plan_share (lead, share);
CREATE TABLE plan_share_report (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	share TEXT NOT NULL,
	period TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_share_report_of ON plan_share_report (share, period, idx);
CREATE TABLE plan_share_end (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	share TEXT NOT NULL,
	what TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx, share)
);
CREATE INDEX plan_share_end_of ON plan_share_end (share, what, idx);
`
