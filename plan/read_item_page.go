package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// ItemUnit is a unit of an item.
type ItemUnit struct{ Org, Name string }

// ItemListing is one list an item stands in, with its own deadline, state and reason.
type ItemListing struct {
	Listing, Plan, Key string
	PlanTitle          string
	Circle             string
	Own                bool // of a list of this member: only there it is linked and judged from here
	Cycle              judge.Cycle
	Book               string
	Index              int64
	Words              ListingWords
	Deadline           judge.Deadline
	Work               judge.WorkSpan
	Why                string
	Period             judge.Period
	Filing             judge.FilingSpan
	Owes               bool
	Shared             int              // how many items the row stands for
	Asked              []AskedOf        // neighbours that the row asks
	Parts              []RowPart        // where other members do it too, or alone
	Legend             judge.Legend     // of the list
	Said               []region.Hearsay // what members without a node said of the row
	Silent             bool             // a member of its circle writes no book yet: its word can be recorded
}

// ItemReport is what was accepted of an item for a period, in its newest version.
type ItemReport struct {
	Accepted
	Waiting judge.Date // day of a filing newer than what was accepted; only for who may see it
	Figures []ReportFigure
}

// ReportFigure is a figure of a report with its indicator's name and unit.
type ReportFigure struct{ Name, Value, Unit string }

// ItemPage is a piece of work with all that is known of it.
type ItemPage struct {
	Item       string
	AsOf       judge.Date
	Book       string // that describes it
	Index      int64
	Facts      ItemFacts
	Words      ItemWords
	Leads      []ItemUnit
	Supports   []ItemUnit
	Work       judge.WorkSpan // over all lists
	WorkWhy    string
	Milestones Steps
	Indicators []ItemIndicator
	Listings   []ItemListing
	Reports    []ItemReport // newest period first
	Inside     bool         // the viewer sees filings and returns
	Shares     []ShareLine  // the parts that the viewer may read, for the newest period
	Leading    bool         // the viewer's organisation leads it
	Supporting bool
	Own        bool        // this member's own item
	Member     string      // name of the neighbour whose item it is; empty: this member's
	Heard      *Heard      // from that neighbour
	Gone       bool        // it stands in no list any more
	Into       []NamedItem // what its rows stand for now
	Legend     judge.Legend
}

// ItemMilestone is a milestone and whether it was reached.
type ItemMilestone struct {
	ID, Name string
	Due      judge.Date
	Done     judge.Date // "": not yet
	Weight   int        // percent; 0: none was typed
}

// ItemIndicator is an indicator with what was accepted of it, by period.
type ItemIndicator struct {
	IndicatorFacts
	Name   string
	Text   string // the target as the list words it
	Points []IndicatorPoint
}

// IndicatorPoint is the accepted figure of a period, a canonical decimal.
type IndicatorPoint struct {
	Period judge.Period
	Value  string
}

// Item reads one item as a viewer may see it. asOf "" is today.
func (d *Desk) Item(ctx context.Context, id string, asOf judge.Date, v Viewer) (p ItemPage, err error) {
	id = d.ID(id)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		p, err = d.item(ctx, tx, id, asOf, v)
		return err
	})
	return p, err
}

func (d *Desk) item(ctx context.Context, tx *store.Tx, id string, asOf judge.Date, v Viewer) (p ItemPage, err error) {
	if p.AsOf, err = d.asOf(asOf); err != nil {
		return p, err
	}
	legends, err := readLegends(ctx, tx)
	if err != nil {
		return p, err
	}
	p.Item, p.Legend = id, legends.of("")
	rows, err := tx.Query(ctx, `SELECT book, idx FROM plan_item_now WHERE item = ?`, id)
	if err != nil {
		return p, err
	}
	found, err := store.Collect(rows, func(scan func(...any) error) (at node.Position, err error) {
		err = scan(&at.Book, &at.Index)
		return at, err
	})
	if err != nil {
		return p, err
	}
	if len(found) == 0 {
		return p, refuse.New("plan.item-unknown", "item", id)
	}
	p.Book, p.Index = found[0].Book, found[0].Index
	if p.Facts, p.Words, _, err = readItemEntry(ctx, tx, p.Book, id); err != nil {
		return p, err
	}
	p.Own, p.Member = strings.HasPrefix(p.Book, d.node.Member+"/"), d.neighbour(p.Book)
	if p.Heard, err = d.heardOf(ctx, tx, p.Book); err != nil {
		return p, err
	}
	r := itemReading{counting{ctx: ctx, tx: tx, asOf: p.AsOf, today: d.Today(), sums: &d.sums}, d, &p}
	for _, read := range []func() error{func() error { return r.units(v) }, r.work, r.listings, r.milestones, r.reports} {
		if err := read(); err != nil {
			return p, err
		}
	}
	if p.Own {
		if p.Shares, err = d.newestLines(ctx, tx, id, v); err != nil {
			return p, err
		}
	}
	if len(p.Listings) == 0 {
		if p.Gone, p.Into, err = movedTo(ctx, tx, id); err != nil {
			return p, err
		}
	}
	for i := range p.Listings {
		p.Listings[i].Legend = legends.of(p.Listings[i].Plan)
	}
	return p, nil
}

// itemReading fills one item's page.
type itemReading struct {
	counting
	d *Desk
	p *ItemPage
}

func (r itemReading) units(v Viewer) error {
	names, err := r.d.orgNames(r.ctx, r.tx)
	if err != nil {
		return err
	}
	for _, org := range r.p.Facts.Leads {
		r.p.Leads = append(r.p.Leads, r.unit(names, org))
		r.p.Leading = r.p.Leading || r.p.Own && org == v.Org
	}
	for _, org := range r.p.Facts.Supports {
		r.p.Supports = append(r.p.Supports, r.unit(names, org))
		r.p.Supporting = r.p.Supporting || r.p.Own && org == v.Org
	}
	role, err := v.roleIn(r.ctx, r.tx, r.p.Item)
	if err != nil {
		return err
	}
	reach, err := r.d.sightOf(r.ctx, r.tx, v)
	r.p.Inside = reach.all || reach.inside() && role != ""
	return err
}

func (r itemReading) unit(names map[string]string, org string) ItemUnit {
	org = idOf(memberOf(r.p.Item), org)
	return ItemUnit{org, cmp.Or(names[org], saidID(org))}
}

func (r itemReading) work() error {
	rows, err := r.tx.Query(r.ctx, `SELECT from_day, until_day, state, code, day, on_day, ref FROM plan_item_span
		WHERE item = ? AND scope = ? ORDER BY seq`, r.p.Item, allOf(memberOf(r.p.Item)))
	if err != nil {
		return err
	}
	spans, err := store.Collect(rows, scanSpan)
	r.p.Work = judge.At(spans, r.asOf)
	return err
}

func (r itemReading) listings() error {
	rows, err := r.tx.Query(r.ctx, `SELECT n.listing, n.plan, n.circle, n.cycle, n.book, n.idx, n.items, n.owed_from, n.owed_until,
		l.deadline_kind, l.deadline, s.from_day, s.until_day, s.state, s.code, s.day, s.on_day, s.ref, e.words
		FROM (SELECT listing FROM plan_pointer WHERE item = ? UNION SELECT listing FROM plan_claimed WHERE item = ?) AS p JOIN plan_now n ON n.listing = p.listing
		JOIN plan_listing l ON l.book = n.book AND l.listing = n.listing
		JOIN plan_span s ON s.listing = n.listing AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)
		JOIN book_entry e ON e.book = n.book AND e.idx = n.idx ORDER BY n.plan, n.ord`,
		r.p.Item, r.p.Item, string(r.asOf), string(r.asOf))
	if err != nil {
		return err
	}
	owed := map[string]window{}
	r.p.Listings, err = store.Collect(rows, func(scan func(...any) error) (l ItemListing, err error) {
		var raw []byte
		var w window
		s := &l.Work
		err = scan(&l.Listing, &l.Plan, &l.Circle, &l.Cycle, &l.Book, &l.Index, &l.Shared, &w.from, &w.until,
			&l.Deadline.Kind, &l.Deadline.Date, &s.From, &s.Until, &s.State, &s.Reason.Code, &s.Reason.Date,
			&s.Reason.On, &s.Reason.Ref, &raw)
		if err != nil {
			return l, err
		}
		owed[l.Listing] = w
		l.Words, _, err = words[ListingWords](raw)
		return l, err
	})
	if err != nil {
		return err
	}
	silent, err := r.silent()
	for i := range r.p.Listings {
		if err != nil {
			return err
		}
		l := &r.p.Listings[i]
		l.Own = memberOfBook(l.Book) == r.d.node.Member
		l.Silent = silent[l.Circle] && l.Own
		err = r.finish(l, owed)
	}
	return err
}

// silent are the circles of this member in which somebody writes no book yet.
func (r itemReading) silent() (map[string]bool, error) {
	circles, err := region.CirclesOf(r.ctx, r.tx, r.d.node.Member)
	silent := map[string]bool{}
	for _, c := range circles {
		if err != nil {
			break
		}
		var members []string
		members, err = region.Silent(r.ctx, r.tx, r.d.node.Member, c)
		silent[c.ID] = len(members) > 0
	}
	return silent, err
}

// finish joins what a listing's list says, its reporting and its reason.
func (r itemReading) finish(l *ItemListing, owed map[string]window) error {
	head, err := planHead(r.ctx, r.tx, l.Plan)
	if err != nil || head == nil {
		return err
	}
	l.Key, l.PlanTitle = r.d.PlanKey(l.Plan), head.Words.Title
	if l.Asked, err = answersTo(r.ctx, r.tx, l.Listing); err != nil {
		return err
	}
	if l.Period = periodOf(head.Facts, "", r.asOf); l.Period != "" {
		steps, err := r.steps(l.Listing, l.Period)
		if err != nil {
			return err
		}
		l.Owes = owed[l.Listing].holds(string(l.Period))
		l.Filing = filingAt(l.Period, head.Facts.Rhythm, steps, r.asOf)
		parts, err := r.partsOf([]string{l.Listing}, l.Period, head.Facts.Rhythm, r.d.node.Member)
		if err != nil {
			return err
		}
		l.Parts = parts[l.Listing]
	}
	if l.Said, err = region.HearsayAbout(r.ctx, r.tx, l.Book, saidID(l.Listing)); err != nil {
		return err
	}
	if l.Why, err = whyOf(r.counting, l.Book, r.p.Item, l.Shared, l.Listing, l.Work); err != nil {
		return err
	}
	if l.Work.State == r.p.Work.State && l.Work.Reason == r.p.Work.Reason {
		r.p.WorkWhy = l.Why
	}
	return nil
}

func (r itemReading) steps(listing string, p judge.Period) (string, error) {
	rows, err := r.tx.Query(r.ctx, `SELECT steps FROM plan_filing WHERE listing = ? AND period = ?`, listing, string(p))
	if err != nil {
		return "", err
	}
	found, err := texts(rows)
	return strings.Join(found, ""), err
}

func (r itemReading) milestones() error {
	met, err := metBy(r.ctx, r.tx, `?`, []any{r.p.Item}, r.asOf)
	r.p.Milestones = stepsOf(r.p.Facts, r.p.Words, met)
	return err
}

// reports are what was accepted by the as-of date, and of the indicators the figures in them.
func (r itemReading) reports() error {
	all, err := acceptedBy(r.ctx, r.tx, r.p.Book, r.p.Item, r.asOf)
	if err != nil {
		return err
	}
	for _, f := range r.p.Facts.Indicators {
		line := ItemIndicator{IndicatorFacts: f, Name: cmp.Or(r.p.Words.Indicators[f.ID], f.ID), Text: r.p.Words.Targets[f.ID]}
		for _, a := range all {
			for _, v := range a.Facts.Report.Figures {
				if v.Indicator == f.ID {
					line.Points = append(line.Points, IndicatorPoint{a.Facts.Report.Period, v.Value})
				}
			}
		}
		r.p.Indicators = append(r.p.Indicators, line)
	}
	waiting, err := r.waiting()
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(all) {
		line := ItemReport{Accepted: a, Waiting: waiting[a.Facts.Report.Period]}
		for _, v := range a.Facts.Report.Figures {
			for _, i := range r.p.Indicators {
				if i.ID == v.Indicator {
					line.Figures = append(line.Figures, ReportFigure{i.Name, v.Value, i.Unit})
				}
			}
		}
		r.p.Reports = append(r.p.Reports, line)
	}
	return nil
}

// acceptedBy is acceptedOf without what was accepted after a day.
func acceptedBy(ctx context.Context, tx *store.Tx, book, item string, asOf judge.Date) ([]Accepted, error) {
	rows, err := tx.Query(ctx, `SELECT a.book, a.idx, a.day, e.entry, e.words FROM plan_accepted a
		JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		WHERE a.item = ? AND a.book = ? AND a.day <= ? ORDER BY a.period_last, a.idx`, item, book, string(asOf))
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (a Accepted, err error) {
		var raw, wordsRaw []byte
		if err := scan(&a.Book, &a.Index, &a.Day, &raw, &wordsRaw); err != nil {
			return a, err
		}
		if err := factsOf(raw, &a.Facts); err != nil {
			return a, err
		}
		a.Words, a.Erased, err = words[ReportWords](wordsRaw)
		return a, err
	})
	newest := map[judge.Period]int64{}
	for _, a := range all {
		newest[a.Facts.Report.Period] = a.Index
	}
	return slices.DeleteFunc(all, func(a Accepted) bool { return newest[a.Facts.Report.Period] != a.Index }), err
}

// waiting are the days of filings that are newer than what was accepted for the same period.
func (r itemReading) waiting() (map[judge.Period]judge.Date, error) {
	all := map[judge.Period]judge.Date{}
	if !r.p.Inside || !r.p.Own {
		return all, nil
	}
	rows, err := r.tx.Query(r.ctx, `SELECT f.period, f.day FROM plan_filed f WHERE f.item = ? AND f.day <= ?
		AND NOT EXISTS (SELECT 1 FROM plan_returned x WHERE x.item = f.item AND x.period = f.period AND x.idx > f.idx)
		AND NOT EXISTS (SELECT 1 FROM plan_accepted x WHERE x.item = f.item AND x.circle = '`+node.Self+`' AND x.period = f.period AND x.idx > f.idx)`,
		r.p.Item, string(r.asOf))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p judge.Period
		var day judge.Date
		if err := rows.Scan(&p, &day); err != nil {
			return nil, err
		}
		all[p] = day
	}
	return all, rows.Err()
}
