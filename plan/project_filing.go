package plan

import (
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// filings brings the rows of one item and period ("ITEM@PERIOD") up to date: one for each list
// whose cycle that period is, and the item's own where it is the shortest.
func (p *projector) filings(key string) error {
	item, period, _ := strings.Cut(key, "@")
	cycle := judge.Period(period).Cycle()
	listings, err := p.texts(`SELECT DISTINCT listing FROM plan_pointer WHERE item = ? ORDER BY listing`, item)
	if err != nil {
		return err
	}
	for _, id := range listings {
		s, err := p.stand(id)
		if err != nil {
			return err
		}
		if s.facts.cycle != cycle {
			continue
		}
		if err := p.listingFiling(s.facts, period); err != nil {
			return err
		}
	}
	now, err := p.newItem(item)
	if err != nil || now.cycle != cycle {
		return err
	}
	return p.itemFiling(item, now, period)
}

// allFilings recomputes every period of a listing, also those that an earlier cycle left.
func (p *projector) allFilings(l *listingFacts) error {
	periods := map[string]bool{}
	if err := p.periodsHad(l.id, periods); err != nil {
		return err
	}
	for _, item := range l.items {
		if err := p.periodsOf(item, l.circle, l.cycle, periods); err != nil {
			return err
		}
	}
	for _, period := range sortedKeys(periods) {
		if err := p.listingFiling(l, period); err != nil {
			return err
		}
	}
	return nil
}

// periodsHad collects the periods for which there are rows of a listing or item.
func (p *projector) periodsHad(id string, into map[string]bool) error {
	if p.anew {
		return nil
	}
	had, err := p.texts(`SELECT period FROM plan_filing WHERE listing = ?`, id)
	for _, period := range had {
		into[period] = true
	}
	return err
}

// periodsOf collects the periods of a cycle for which anything was said about an item.
func (p *projector) periodsOf(item, circle string, cycle judge.Cycle, into map[string]bool) error {
	all, err := p.texts(`SELECT period FROM plan_filed WHERE item = ?
		UNION SELECT period FROM plan_accepted WHERE item = ? AND circle = ?`, item, item, circle)
	if err != nil {
		return err
	}
	for _, period := range all {
		if judge.Period(period).Cycle() == cycle {
			into[period] = true
		}
	}
	return nil
}

// holds says whether a report for the period is owed.
func (w window) holds(period string) bool {
	day := judge.Period(period).First()
	return w.from != "" && w.from <= day && day < w.until
}

// listingFiling keeps a report's row also where none was owed, but counts it only where one was:
// who owes less who filed are those who have not.
func (p *projector) listingFiling(l *listingFacts, period string) error {
	var now filingRow
	if judge.Period(period).Cycle() == l.cycle {
		var err error
		if now, err = p.filing(l.items, l.circle, period, l.rhythm); err != nil {
			return err
		}
	}
	now.plan, now.lead = l.plan, l.lead
	s, err := p.stand(l.id)
	if err != nil {
		return err
	}
	if s.owed.holds(period) {
		now.scopes = planScopes(l.plan, l.lead)
	}
	return p.storeFiling(l.id, period, now)
}

func (p *projector) itemFilings(id string, now itemRow) error {
	periods := map[string]bool{}
	if err := p.periodsHad(id, periods); err != nil {
		return err
	}
	for scope := range now.spans {
		if circle, ok := strings.CutPrefix(scope, "circle:"); ok {
			if err := p.periodsOf(id, circle, now.cycle, periods); err != nil {
				return err
			}
		}
	}
	for _, period := range sortedKeys(periods) {
		if err := p.itemFiling(id, now, period); err != nil {
			return err
		}
	}
	return nil
}

// itemFiling counts the report of an item once, whatever lists hold it.
func (p *projector) itemFiling(id string, now itemRow, period string) error {
	row := filingRow{}
	var circles, scopes []string
	for scope := range now.spans {
		if now.owed[scope].holds(period) {
			scopes = append(scopes, counted(scope, now.leads)...)
		}
		if circle, ok := strings.CutPrefix(scope, "circle:"); ok {
			circles = append(circles, circle)
		}
	}
	if judge.Period(period).Cycle() == now.cycle {
		for _, circle := range sortedTexts(circles) {
			var err error
			if row, err = p.filing([]string{id}, circle, period, now.rhythm); err != nil {
				return err
			}
			if row.state != "" {
				break
			}
		}
	}
	row.scopes = sortedTexts(scopes)
	return p.storeFiling(id, period, row)
}

// storeFiling replaces a row and moves the sums by the difference. Which sums the old row was
// counted in stands beside it, for leads and lists may have changed since.
func (p *projector) storeFiling(id, period string, now filingRow) error {
	old, err := p.oldFilings(id, period)
	if err != nil {
		return err
	}
	for _, o := range old {
		p.tallies.filing(o.scopes, period, o, -1)
	}
	if now.state == "" {
		if len(old) == 0 {
			return nil
		}
		_, err := p.tx.Exec(p.ctx, `DELETE FROM plan_filing WHERE listing = ? AND period = ?`, id, period)
		return err
	}
	p.tallies.filing(now.scopes, period, now, 1)
	if p.anew && !p.again {
		return p.tx.Later(p.ctx, filingTable, id, period, now.plan, now.lead, now.state, now.onTime, now.steps, strings.Join(now.scopes, "\n"))
	}
	_, err = p.tx.Exec(p.ctx, `INSERT INTO plan_filing (listing, period, plan, lead, state, on_time, steps, scopes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (listing, period) DO UPDATE SET plan = excluded.plan,
		lead = excluded.lead, state = excluded.state, on_time = excluded.on_time, steps = excluded.steps,
		scopes = excluded.scopes`,
		id, period, now.plan, now.lead, now.state, now.onTime, now.steps, strings.Join(now.scopes, "\n"))
	return err
}

func (p *projector) oldFilings(id, period string) ([]filingRow, error) {
	if p.anew {
		return nil, nil
	}
	rows, err := p.tx.Query(p.ctx, `SELECT state, on_time, scopes FROM plan_filing WHERE listing = ? AND period = ?`, id, period)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (r filingRow, err error) {
		var scopes string
		err = scan(&r.state, &r.onTime, &scopes)
		if scopes != "" {
			r.scopes = strings.Split(scopes, "\n")
		}
		return r, err
	})
}
