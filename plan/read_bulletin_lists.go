package plan

import (
	"cmp"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
)

// bulletinReading reads the lists of a bulletin, their rows, and what they add up to with each
// piece of work counted once.
type bulletinReading struct {
	counting
	d      *Desk
	month  judge.Period
	circle string // "": the member's own bulletin
	named  []region.Circle
	units  map[string]string // of a circle's: what its books call the units, each with its member
	chosen []string          // lists that a person chose; nil: those chosen at first
	lists  []BulletinList
	items  map[string]*bulletinItem
	joint  int              // rows that items of several members stand for
	rowsOf map[string][]Row // that were read, by list
	same   sameInCircle
	byID   map[string]PlanHead // of the circle
}

// input reads the lists chosen with their rows, and the totals now and a month before.
func (r *bulletinReading) input() (in letter.BulletinInput, err error) {
	heads, err := r.heads()
	if err == nil {
		err = r.readUnits()
	}
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
	in.Cutoff, in.Joint = string(r.cutoff()), r.joint
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

// unit names a unit in the text. Where lists of several members stand together it stands with its member, by what that member's own book of the
// circle calls it: an id means something within its member only, and each node knows its own directory alone. A unit without a name there
// reads as its member.
func (r *bulletinReading) unit(org, name string) string {
	if r.circle == "" || org == "" {
		return name
	}
	return cmp.Or(r.units[org], region.MemberName(memberOf(org)))
}

// readUnits reads what a circle's books call units.
func (r *bulletinReading) readUnits() error {
	if r.circle == "" {
		return nil
	}
	all, err := region.ShownIn(r.ctx, r.tx, r.circle)
	r.units = make(map[string]string, len(all))
	for _, o := range all {
		r.units[idOf(o.Member, o.ID)] = region.UnitOf(o.Side, o.Name)
	}
	return err
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
		if err := r.takeRow(of[row.Listing], h, row, report); err != nil {
			return l, err
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
