package plan

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/plan/figure"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// ShareState is how a part stands on a day, for one period.
type ShareState string

// The states: 待报, 逾期, 已报, 已退回, 已撤回.
const (
	ShareIsAsked     ShareState = "asked"
	ShareIsLate      ShareState = "late"
	ShareIsReported  ShareState = "reported"
	ShareIsDeclined  ShareState = "declined"
	ShareIsWithdrawn ShareState = "withdrawn"
)

// Share is a part (分工) that the lead of an item asks of another unit.
type Share struct {
	ID        string       `json:"id"`
	Item      string       `json:"item"`
	Title     string       `json:"title"`
	Org       string       `json:"org"`
	Name      string       `json:"name"`
	Lead      string       `json:"lead"`
	LeadName  string       `json:"leadName"`
	Text      string       `json:"text"`
	Erased    bool         `json:"erased"`
	Once      bool         `json:"once"`
	From      judge.Period `json:"from"`
	Ahead     int          `json:"ahead"` // working days before the lead's last day, for later periods
	Indicator string       `json:"indicator"`
	Target    string       `json:"target"`
	Day       judge.Date   `json:"day"` // on which it was asked last
	Book      string       `json:"book"`
	Index     int64        `json:"index"`

	due                 judge.Date // for From
	declined, withdrawn int64      // index of the last; -1: never
}

// ShareLine is a part for one period.
type ShareLine struct {
	Share
	Period judge.Period `json:"period"`
	Due    judge.Date   `json:"due"`
	State  ShareState   `json:"state"`
	Said   *Said        `json:"said,omitempty"`   // what came, the newest
	Reason string       `json:"reason,omitempty"` // for which it was declined or withdrawn
	// Answered says that the lead's report for the period was filed before the part was asked for or came: only filing it again tells it.
	Answered bool `json:"answered,omitempty"`
}

// Unmerged says that the part came after the lead's report, which does not tell it.
func (l ShareLine) Unmerged() bool { return l.Answered && l.State == ShareIsReported }

// Waits says that the unit that was asked has still to answer.
func (l ShareLine) Waits() bool { return l.State == ShareIsAsked || l.State == ShareIsLate }

// Askable is a unit that a lead may ask for a part.
type Askable struct {
	Org  string      `json:"org"`
	Name string      `json:"name"`
	As   AskableKind `json:"as"`
}

// AskableKind is why a unit may be asked.
type AskableKind string

// A section (内设科室) of the lead, a supporting unit (配合单位) of the item, a county, district or town (下级政府).
const (
	AsSection AskableKind = "section"
	AsSupport AskableKind = "support"
	AsLocal   AskableKind = "local"
)

// askableFor lists whom an organisation may ask for a part of an item: its own sections, then supporting units, then the governments below.
// A neighbour's unit is none of them: it is asked in a circle's list, and answers in its own book.
func askableFor(ctx context.Context, tx *store.Tx, n *node.Node, item, lead string) (all []Askable, err error) {
	orgs, err := region.Orgs(ctx, tx)
	if err != nil {
		return nil, err
	}
	facts, _, _, err := readItemEntry(ctx, tx, n.BookName(node.Self), item)
	if err != nil {
		return nil, err
	}
	sorts := map[AskableKind]func(region.Org) bool{
		AsSection: func(o region.Org) bool { return region.Below(orgs, o.ID, lead) },
		AsSupport: func(o region.Org) bool { return slices.Contains(facts.Supports, o.ID) },
		AsLocal:   func(o region.Org) bool { return o.Local },
	}
	for _, as := range []AskableKind{AsSection, AsSupport, AsLocal} {
		for _, o := range orgs {
			known := slices.ContainsFunc(all, func(u Askable) bool { return u.Org == o.ID })
			if !known && o.ID != lead && o.Side == n.Member && !o.Group && !o.Closed && sorts[as](o) {
				all = append(all, Askable{o.ID, o.Name, as})
			}
		}
	}
	return all, nil
}

// cutoffOf is the lead's own last day for an item and period.
func cutoffOf(ctx context.Context, tx *store.Tx, item string, p judge.Period, today judge.Date) (judge.Date, error) {
	if _, err := judge.ParsePeriod(string(p)); err != nil {
		return "", refuse.New("plan.period", "period", string(p)).At("period")
	}
	it := unitItem{id: item}
	var err error
	if it.lists, err = listsOf(ctx, tx, item); err != nil {
		return "", err
	}
	rhythm, asked := it.rhythmOf(p, today)
	if !asked {
		return "", refuse.New("plan.period-not-asked", "period", string(p)).At("period")
	}
	return rhythm.Cutoff(p), nil
}

// seesShares is the rule of who reads a part and all that is said of it: the unit that was asked, the lead, and the auditor.
func (v Viewer) seesShares(org, lead string) bool {
	return region.May(v.Seat, region.ShareRead) && (v.Seat == region.Auditor || v.Org != "" && (v.Org == org || v.Org == lead))
}

// seesShare asks the rule about one entry.
func (r sight) seesShare(ctx context.Context, tx *store.Tx, e book.Entry) (bool, error) {
	var f struct {
		Share string `json:"share"`
	}
	if json.Unmarshal(e.Facts, &f) != nil || f.Share == "" {
		return false, nil
	}
	var org, lead string
	err := tx.Row(ctx, `SELECT COALESCE(max(org), ''), COALESCE(max(lead), '') FROM plan_share WHERE book = ? AND share = ?`, e.Member+"/"+e.Circle, f.Share).Scan(&org, &lead)
	return err == nil && r.seesShares(org, lead), err
}

// isShare: the kinds of what is said about a part.
func isShare(kind string) bool {
	switch kind {
	case ShareAsked.Name, ShareReported.Name, ShareDeclined.Name, ShareWithdrawn.Name:
		return true
	}
	return false
}

// share reads a part. Refused: plan.share-unknown, also for one that is not the viewer's to read.
func (d *Desk) share(ctx context.Context, tx *store.Tx, id string, v Viewer) (Share, error) {
	all, err := d.sharesWhere(ctx, tx, `s.share = ?`, id)
	if err != nil {
		return Share{}, err
	}
	if len(all) == 0 || !v.seesShares(all[0].Org, all[0].Lead) {
		return Share{}, refuse.New("plan.share-unknown", "share", id)
	}
	return all[0], nil
}

func (d *Desk) sharesWhere(ctx context.Context, tx *store.Tx, which string, args ...any) ([]Share, error) {
	ended := func(what string) string {
		return `COALESCE((SELECT max(x.idx) FROM plan_share_end x WHERE x.book = s.book AND x.share = s.share AND x.what = '` + what + `'), -1)`
	}
	rows, err := tx.Query(ctx, `SELECT s.share, s.item, s.org, s.lead, s.once, s.period, s.due, s.ahead, s.indicator, s.target, s.day, s.book, s.idx, e.words,
		`+ended("declined")+`, `+ended("withdrawn")+`
		FROM plan_share s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx WHERE s.book || '' = ? AND `+which+` ORDER BY s.item, s.idx`,
		append([]any{d.node.BookName(node.Self)}, args...)...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (s Share, err error) {
		var raw []byte
		err = scan(&s.ID, &s.Item, &s.Org, &s.Lead, &s.Once, &s.From, &s.due, &s.Ahead, &s.Indicator, &s.Target, &s.Day, &s.Book, &s.Index, &raw, &s.declined, &s.withdrawn)
		if err != nil {
			return s, err
		}
		said, erased, err := words[ShareWords](raw)
		s.Text, s.Erased = said.Text, erased
		return s, err
	})
	if err != nil || len(all) == 0 { // as in most units on most days
		return nil, err
	}
	return all, d.nameShares(ctx, tx, all)
}

func (d *Desk) nameShares(ctx context.Context, tx *store.Tx, all []Share) error {
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return err
	}
	var items []string
	for _, s := range all {
		items = append(items, s.Item)
	}
	titles, err := wordsById[ItemWords](ctx, tx, `SELECT i.item, e.words FROM plan_item i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.book = ? AND i.item`, items, d.node.BookName(node.Self))
	for i := range all {
		s := &all[i]
		s.Name, s.LeadName, s.Title = cmp.Or(names[s.Org], s.Org), cmp.Or(names[s.Lead], s.Lead), titles[s.Item].Title
	}
	return err
}

// line is a part for one period: cutoff is the lead's own last day for it.
func (d *Desk) line(ctx context.Context, tx *store.Tx, s Share, p judge.Period, cutoff, today judge.Date) (ShareLine, error) {
	l := ShareLine{Share: s, Period: p, Due: s.due, State: ShareIsAsked}
	if p != s.From && cutoff != "" {
		days, err := calendarOf(ctx, tx)
		if err != nil {
			return l, err
		}
		l.Due = days.before(cutoff, s.Ahead)
	}
	var reported int64
	err := tx.Row(ctx, `SELECT COALESCE(max(idx), -1) FROM plan_share_report WHERE book = ? AND share = ? AND period = ?`, s.Book, s.ID, string(p)).Scan(&reported)
	if err != nil {
		return l, err
	}
	if reported >= 0 {
		if l.Said, err = d.saidAt(ctx, tx, reported, map[string]string{s.Org: s.Name}); err != nil {
			return l, err
		}
	}
	ended := int64(-1)
	switch {
	case reported > s.Index || reported >= 0 && p.First() < s.From.First():
		l.State = ShareIsReported
	case s.withdrawn > s.Index:
		l.State, ended = ShareIsWithdrawn, s.withdrawn
	case s.declined > s.Index:
		l.State, ended = ShareIsDeclined, s.declined
	case today > l.Due:
		l.State = ShareIsLate
	}
	if l.State == ShareIsReported && s.declined > reported {
		l.State, ended = ShareIsDeclined, s.declined
	}
	if ended >= 0 {
		said, _, err := wordsAt[ReasonWords](ctx, tx, s.Book, ended)
		if err != nil {
			return l, err
		}
		l.Reason = said.Reason
	}
	return l, nil
}

// linesFor are the parts of an item for a period, as a viewer may read them: of those that were withdrawn only what came before.
func (d *Desk) linesFor(ctx context.Context, tx *store.Tx, item string, p judge.Period, v Viewer) (all []ShareLine, err error) {
	shares, err := d.sharesWhere(ctx, tx, `s.item = ?`, item)
	shares = slices.DeleteFunc(shares, func(s Share) bool { return !v.seesShares(s.Org, s.Lead) })
	if err != nil || len(shares) == 0 {
		return nil, err
	}
	it := unitItem{id: item}
	if it.lists, err = listsOf(ctx, tx, item); err != nil {
		return nil, err
	}
	for _, s := range shares {
		l, err := d.lineOf(ctx, tx, s, it, p)
		if err != nil {
			return nil, err
		}
		if l.State != ShareIsWithdrawn && (covers(s.Once, s.From, p) || l.Said != nil) {
			all = append(all, l)
		}
	}
	return all, nil
}

// TargetSum is what is given out of an indicator's target, beside it.
type TargetSum struct {
	IndicatorFacts
	Name string `json:"name"`
	Sum  string `json:"sum"`  // of the shares that stand; empty: none is given out
	Left string `json:"left"` // of the target; empty: none is set
}

// sumTargets adds up the shares of targets that stand.
func sumTargets(facts ItemFacts, said ItemWords, lines []ShareLine) (all []TargetSum) {
	for _, i := range facts.Indicators {
		var given []string
		for _, l := range lines {
			if l.Indicator == i.ID && l.State != ShareIsDeclined {
				given = append(given, l.Target)
			}
		}
		sum := TargetSum{IndicatorFacts: i, Name: said.Indicators[i.ID]}
		if len(given) > 0 {
			sum.Sum, _ = figure.Sum(given...)
		}
		if i.Target != "" && sum.Sum != "" {
			sum.Left, _ = figure.Sum(i.Target, negative(sum.Sum))
		}
		all = append(all, sum)
	}
	return all
}

func negative(s string) string {
	if s == "0" {
		return s
	}
	if s[0] == '-' {
		return s[1:]
	}
	return "-" + s
}
