package plan

import (
	"slices"

	"liandong/plan/judge"
	"liandong/plan/letter"
)

// before are the totals of the same lists at the end of the month before; of a year and its second half, of the first half. Nil if none was
// known, and of a first half: its lists are of the year.
func (r *bulletinReading) before(heads []PlanHead) (*letter.Figures, error) {
	prev := r.of(r.month.Prev())
	if r.month.Cycle() == judge.Year {
		prev.month = judge.PeriodOf(judge.HalfYear, r.month.First())
	}
	if prev.month == "" || r.month.Cycle() != judge.Month && prev.month.First() < judge.PeriodOf(judge.Year, r.month.Last()).First() {
		return nil, nil
	}
	prev.asOf = prev.month.Last()
	if prev.asOf >= r.asOf {
		return nil, nil
	}
	heads, err := prev.known(slices.Clone(heads))
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	var lists []letter.List
	for _, h := range heads {
		l, err := prev.list(h)
		if err != nil {
			return nil, err
		}
		lists = append(lists, l)
	}
	in := letter.BulletinInput{Month: string(prev.month), Lists: lists, Total: prev.total(lists)}
	if in.Summary() {
		err = prev.summarise(heads, &in)
	}
	return &in.Total, err
}

// of reads the same lists for another period.
func (r *bulletinReading) of(p judge.Period) bulletinReading {
	return bulletinReading{counting: r.counting, d: r.d, month: p, circle: r.circle, named: r.named, units: r.units, items: map[string]*bulletinItem{}, rowsOf: map[string][]Row{}, same: r.same, byID: r.byID}
}

// summarise makes of a bulletin's input that of a summary: the reports of all the months and quarters in it, and what came of the targets.
func (r *bulletinReading) summarise(heads []PlanHead, in *letter.BulletinInput) error {
	if err := r.addReports(heads, in); err != nil {
		return err
	}
	in.Outcome = &letter.Outcome{}
	seen := map[string]bool{}
	for i, h := range heads {
		if err := r.addOutcome(h, in.Lists[i], in.Outcome, seen); err != nil {
			return err
		}
	}
	return nil
}

// addReports counts the reports that were owed for the shorter periods within, each list by its own cycle. A report that was owed for the
// longer period itself was counted already.
func (r *bulletinReading) addReports(heads []PlanHead, in *letter.BulletinInput) error {
	for _, cycle := range []judge.Cycle{judge.TenDay, judge.Month, judge.Quarter, judge.HalfYear} {
		if cycle == r.month.Cycle() || !slices.ContainsFunc(heads, func(h PlanHead) bool { return h.Facts.Cycle == cycle }) {
			continue
		}
		for _, part := range judge.Parts(r.month, cycle) {
			if part.First() > r.asOf {
				break
			}
			within := r.of(part)
			for i, h := range heads {
				if h.Facts.Cycle != cycle {
					continue
				}
				l, err := within.list(h)
				if err != nil {
					return err
				}
				in.Lists[i].Figures = in.Lists[i].Figures.PlusReports(l.Figures)
			}
			in.Total = in.Total.PlusReports(within.total(nil))
			in.Missing = append(in.Missing, within.missing()...)
			in.Cutoff = string(max(judge.Date(in.Cutoff), within.cutoff()))
		}
	}
	return nil
}

// addOutcome adds what came of the targets and milestones of a list's work that no list before it has.
func (r *bulletinReading) addOutcome(h PlanHead, list letter.List, o *letter.Outcome, seen map[string]bool) error {
	y := yearReading{counting: r.counting, d: r.d, plan: h.Facts.Plan}
	if err := y.readItems(); err != nil {
		return err
	}
	if err := y.readWork(); err != nil {
		return err
	}
	for _, row := range r.rowsOf[h.Facts.Plan] {
		for _, item := range y.items[row.Listing] {
			if row.Work.State == judge.Dropped || seen[item] {
				continue
			}
			seen[item] = true
			addAims(o, y.work[item], letter.Aim{
				List: list.Short, No: row.Words.Number, Item: row.Words.Title, Lead: r.unit(row.Lead, row.LeadName), State: letterStates[row.Work.State],
			}, r.asOf)
		}
	}
	return nil
}

func addAims(o *letter.Outcome, w yearWork, aim letter.Aim, asOf judge.Date) {
	for _, s := range w.steps {
		o.Steps++
		if s.Due <= asOf {
			o.Due++
		}
		if s.Done != "" {
			o.Reached++
		}
	}
	for _, k := range w.outcomes {
		if k.Target == "" {
			continue
		}
		o.Targets++
		if k.Reached() {
			o.Met++
		}
		aim.Name, aim.Target, aim.Value, aim.Share = k.Name, k.Target+k.Unit, "未报", "—"
		if k.Value != "" {
			aim.Value, aim.Share = k.Value+k.Unit, k.Percent()
		}
		o.Rows = append(o.Rows, aim)
	}
}
