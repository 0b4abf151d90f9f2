package plan

import (
	"cmp"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/store"
)

// bulletinReading reads the lists of a bulletin, their rows, and what they add up to with each
// piece of work counted once.
type bulletinReading struct {
	counting
	d      *Desk
	month  judge.Period
	circle string // "": the member's own bulletin
	named  []region.Circle
	chosen []string // lists that a person chose; nil: those chosen at first
	lists  []BulletinList
	items  map[string]*bulletinItem
	rowsOf map[string][]Row // that were read, by list
	same   sameInCircle
	byID   map[string]PlanHead // of the circle
}

// bulletinItem is a piece of work as it stands over the lists of the bulletin, and no others.
type bulletinItem struct {
	title, section, list, unit string // as the first of its lists has them
	number                     string
	lists, order               int
	state                      judge.WorkState
	dropped                    bool // from all lists so far
	owes, alone                bool // alone: its report was read from a row that stands for it only
	filing                     judge.FilingState
	inTime                     bool
	cutoff                     judge.Date
}

// input reads the lists chosen with their rows, and the totals now and a month before.
func (r *bulletinReading) input() (in letter.BulletinInput, err error) {
	heads, err := r.heads()
	if err != nil {
		return in, err
	}
	if heads, err = r.known(heads); err != nil {
		return in, err
	}
	year := yearNumber(r.month.First())
	heads = slices.DeleteFunc(heads, func(h PlanHead) bool {
		return h.Facts.Year != year || r.circle != "" && h.Circle != r.circle
	})
	heads = r.choose(heads)
	legends, err := readLegends(r.ctx, r.tx)
	if err != nil {
		return in, err
	}
	in = letter.BulletinInput{
		Shared: r.circle != "", Subject: r.subject(), Month: string(r.month), AsOf: string(r.asOf),
		NextDue: string(nextDue(heads, judge.PeriodOf(judge.Month, r.month.Last()).Next())), GroupBy: letter.ByList, Labels: map[letter.State]string{},
	}
	for s, l := range letterStates {
		in.Labels[l] = legends.of("").Lamp(s).Label
	}
	for _, h := range heads {
		list, err := r.list(h)
		if err != nil {
			return in, err
		}
		in.Lists = append(in.Lists, list)
	}
	nameShort(in.Lists, heads, r.named)
	in.Total, in.Missing = r.total(in.Lists), r.missing()
	in.Cutoff = string(r.cutoff())
	if in.Summary() {
		if err := r.summarise(heads, &in); err != nil {
			return in, err
		}
	}
	in.Previous, err = r.before(heads)
	return in, err
}

// nextDue is the last cut-off of the lists that ask for the next month's reports; "" if none does.
func nextDue(heads []PlanHead, month judge.Period) (day judge.Date) {
	for _, h := range heads {
		if h.Facts.Cycle == judge.Month && h.Facts.Year == yearNumber(month.First()) {
			day = max(day, h.Facts.Rhythm.Cutoff(month))
		}
	}
	return day
}

// heads are the lists that may be in it: this member's, or those of the circle's members.
func (r *bulletinReading) heads() ([]PlanHead, error) {
	if r.circle == "" {
		return r.d.ownHeads(r.ctx, r.tx)
	}
	all, err := planHeads(r.ctx, r.tx, `WHERE p.circle = ?`, r.circle)
	if err != nil {
		return nil, err
	}
	if r.same, err = readSame(r.ctx, r.tx, r.circle); err != nil {
		return nil, err
	}
	for _, h := range all {
		r.byID[h.Facts.Plan] = h
	}
	return slices.DeleteFunc(all, func(h PlanHead) bool { return r.same.shown(h.Facts.Plan) != h.Facts.Plan }), nil
}

// unit names a unit in the text: with its member where lists of several members stand together.
func (r *bulletinReading) unit(org, name string) string {
	if member := memberOf(org); r.circle != "" && name != "" && !strings.HasPrefix(name, region.MemberName(member)) {
		return region.MemberName(member) + name
	}
	return name
}

// subject is what the default title speaks of.
func (r *bulletinReading) subject() string {
	if r.circle == "" {
		return "区域协同发展重点任务"
	}
	return region.NameIn(r.named, r.circle) + "重点任务"
}

// choose marks the lists: those of the draft, or at first all lists of circles. What is only the
// member's own comes in when somebody says so, or when there is nothing else.
func (r *bulletinReading) choose(heads []PlanHead) (chosen []PlanHead) {
	shared := slices.ContainsFunc(heads, func(h PlanHead) bool { return h.Circle != node.Self })
	for _, h := range heads {
		l := BulletinList{Plan: h.Facts.Plan, Title: cmp.Or(h.Words.Title, r.d.PlanKey(h.Facts.Plan)), Circle: h.Circle}
		l.Chosen = h.Circle != node.Self || !shared
		if r.chosen != nil {
			l.Chosen = slices.Contains(r.chosen, l.Plan)
		}
		if l.Chosen {
			chosen = append(chosen, h)
		}
		r.lists = append(r.lists, l)
	}
	return chosen
}

// list reads one list with all its rows, and the rows that only another member's copy of the document has.
func (r *bulletinReading) list(h PlanHead) (letter.List, error) {
	l, err := r.rows(h, nil)
	for _, id := range r.same.others(h.Facts.Plan) {
		if err != nil {
			return l, err
		}
		var paired map[string]bool
		var more letter.List
		if paired, err = r.paired(id); err == nil {
			more, err = r.rows(r.byID[id], paired)
		}
		l.Rows = append(l.Rows, more.Rows...)
		l.Figures = l.Figures.Plus(more.Figures)
	}
	return l, err
}

// paired are the rows of a list that are one with a row of a list that comes before it.
func (r *bulletinReading) paired(plan string) (map[string]bool, error) {
	ids, err := r.tx.Query(r.ctx, `SELECT s.listing FROM plan_same s JOIN plan_same o ON o.listing = s.theirs AND o.theirs = s.listing
		WHERE s.plan = ? AND s.with_plan < s.plan`, plan)
	if err != nil {
		return nil, err
	}
	all, err := texts(ids)
	paired := map[string]bool{}
	for _, id := range all {
		paired[id] = true
	}
	return paired, err
}

// rows reads the rows of one list, but for some, with what they add up to.
func (r *bulletinReading) rows(h PlanHead, but map[string]bool) (letter.List, error) {
	title := cmp.Or(h.Words.Title, r.d.PlanKey(h.Facts.Plan))
	l := letter.List{Title: title, Short: shortTitle(title)}
	page, err := r.d.list(r.ctx, r.tx, ListQuery{Plan: h.Facts.Plan, AsOf: r.asOf, Period: r.month, Shared: r.circle != "", Size: 1 << 20})
	if err != nil {
		return l, err
	}
	r.rowsOf[h.Facts.Plan] = page.Rows
	of, err := r.work(h.Facts.Plan)
	if err != nil {
		return l, err
	}
	report := page.Report
	if report.Period != r.month {
		report = Reporting{} // asked for by the quarter or the year
	}
	states := page.States
	if but != nil {
		page.Rows = slices.DeleteFunc(page.Rows, func(w Row) bool { return but[w.Listing] })
		states, report = page.added(report)
	}
	l.Figures = figuresOf(states, report, r.asOf)
	l.Figures.Lists, l.Figures.Listings = 1, states.Standing()
	for _, row := range page.Rows {
		row.LeadName = r.unit(row.Lead, row.LeadName)
		for _, item := range of[row.Listing] {
			r.take(item, title, row, report)
		}
		if row.Work.State != judge.Dropped {
			l.Rows = append(l.Rows, r.row(row, report))
		}
	}
	return l, nil
}

// added adds up the rows of a page by themselves.
func (p *ListPage) added(of Reporting) (states Counts, report Reporting) {
	states, report = Counts{}, Reporting{Period: of.Period, Opens: of.Opens, Cutoff: of.Cutoff, OpenState: of.OpenState}
	for _, w := range p.Rows {
		states[w.Work.State]++
		if !w.Owes || of.Period == "" {
			continue
		}
		report.Owed++
		if nothingFiled(w.Filing.State) {
			report.Missing++
			continue
		}
		report = report.plus(w.Filing.State, w.onTime, 1)
	}
	return states, report
}

// work is by which items the rows of a list are done: in a circle by what neighbours claimed, and by the list's own items but where
// neighbours do the work alone.
func (r *bulletinReading) work(plan string) (map[string][]string, error) {
	of, err := pointersOf(r.ctx, r.tx, plan)
	if err != nil || r.circle == "" {
		return of, err
	}
	rows, err := r.tx.Query(r.ctx, `SELECT c.listing, c.item, c.alone FROM plan_claimed c JOIN plan_listing l ON l.listing = c.listing
		WHERE l.plan = ? ORDER BY c.listing, c.item`, plan)
	if err != nil {
		return nil, err
	}
	alone := map[string]bool{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var listing, item string
		var only int
		err = scan(&listing, &item, &only)
		if only == 1 && !alone[listing] {
			alone[listing], of[listing] = true, nil
		}
		of[listing] = append(of[listing], item)
		return none, err
	})
	return of, err
}

func (r *bulletinReading) row(w Row, report Reporting) letter.Row {
	row := letter.Row{
		No: w.Words.Number, Section: first(w.Words.Section), Title: w.Words.Title, Lead: w.LeadName, Due: w.Words.Deadline,
		State: letterStates[w.Work.State], Progress: w.Last.Text,
	}
	row.Why, _ = w.Work.Reason.Words(w.Why, r.asOf)
	if w.Owes && report.Period == r.month {
		row.Filing = w.Filing.State.Zh()
	}
	return row
}

// take adds a row of a list to an item, which stands under the first of its rows that was not dropped.
func (r *bulletinReading) take(id, list string, w Row, report Reporting) {
	at, ok := r.items[id]
	dropped := w.Work.State == judge.Dropped
	if !ok || at.dropped && !dropped {
		order := len(r.items)
		if ok {
			order = at.order
		}
		at = &bulletinItem{
			title: w.Words.Title, section: first(w.Words.Section), list: list, unit: w.LeadName, number: w.Words.Number,
			order: order, state: w.Work.State, dropped: dropped,
		}
		r.items[id] = at
	}
	if dropped && !at.dropped {
		return
	}
	at.lists++
	at.state = judge.Worst(at.state, w.Work.State)
	if !w.Owes || report.Period != r.month {
		return
	}
	if alone := w.Items == 1; !at.owes || alone && !at.alone {
		at.owes, at.alone, at.filing, at.inTime, at.cutoff = true, alone, w.Filing.State, w.onTime, report.Cutoff
	}
}

// total counts each piece of work of the lists once.
func (r *bulletinReading) total(lists []letter.List) letter.Figures {
	states, report := Counts{}, Reporting{Cutoff: r.cutoff()}
	for _, at := range r.items {
		states[at.state]++
		if !at.owes {
			continue
		}
		report.Owed++
		if nothingFiled(at.filing) {
			report.Missing++
			continue
		}
		report = report.plus(at.filing, at.inTime, 1)
	}
	f := figuresOf(states, report, r.asOf)
	f.Missed = 0
	for _, at := range r.items {
		if at.owes && at.filing == judge.Missed {
			f.Missed++
		}
	}
	f.Lists = len(lists)
	for _, l := range lists {
		f.Listings += l.Figures.Listings
	}
	return f
}

// cutoff is the last of the days by which the month's reports are owed; "" if none is.
func (r *bulletinReading) cutoff() (day judge.Date) {
	for _, at := range r.items {
		day = max(day, at.cutoff)
	}
	return day
}

// missing are the pieces of work of which no report came, each once, in the order of the lists.
func (r *bulletinReading) missing() (all []letter.Missing) {
	var late []*bulletinItem
	for _, at := range r.items {
		if at.owes && at.filing == judge.Missed {
			late = append(late, at)
		}
	}
	slices.SortFunc(late, func(a, b *bulletinItem) int { return a.order - b.order })
	for _, at := range late {
		all = append(all, letter.Missing{Unit: at.unit, List: at.list, No: at.number, Item: at.title, Due: string(at.cutoff)})
	}
	return all
}

func figuresOf(c Counts, r Reporting, asOf judge.Date) letter.Figures {
	f := letter.Figures{
		Items: c.Standing(), Planned: c[judge.Planned], OnTime: c[judge.OnTime], AtRisk: c[judge.AtRisk],
		Late: c[judge.Late], Done: c[judge.Done], DoneLate: c[judge.DoneLate], Dropped: c[judge.Dropped],
		Due: r.Owed, FiledOnTime: r.OnTime, FiledLate: max(0, r.Filed+r.Accepted+r.Returned-r.OnTime),
	}
	if r.Cutoff != "" && r.Cutoff < asOf {
		f.Missed = r.Missing
	}
	return f
}

var letterStates = map[judge.WorkState]letter.State{
	judge.Planned: letter.Planned, judge.OnTime: letter.OnTime, judge.AtRisk: letter.AtRisk, judge.Late: letter.Late,
	judge.Done: letter.Done, judge.DoneLate: letter.DoneLate, judge.Dropped: letter.Dropped,
}

// nameShort calls a list by its circle where no other list of the bulletin is of it.
func nameShort(lists []letter.List, heads []PlanHead, circles []region.Circle) {
	of := map[string]int{}
	for _, h := range heads {
		of[h.Circle]++
	}
	for i, h := range heads {
		if name := region.NameIn(circles, h.Circle); h.Circle != node.Self && of[h.Circle] == 1 && name != "" {
			lists[i].Short = shortTitle(name)
		}
	}
}

// shortTitle fits under a column of a chart and on the tab of a sheet.
func shortTitle(title string) string {
	const most = 12 // characters
	if r := []rune(title); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return title
}
