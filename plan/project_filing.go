package plan

import (
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// filings brings the rows of one item and period ("ITEM@PERIOD") up to date: one for each list
// whose cycle that period is or that called for it, and the item's own where it is the shortest or called for.
func (p *projector) filings(key string) error {
	item, period := cutPeriod(key)
	listings, err := p.listingsOf(item)
	if err != nil {
		return err
	}
	for _, id := range listings {
		s, err := p.stand(id)
		if err != nil {
			return err
		}
		if !s.counts(period) {
			continue
		}
		if _, err := p.listingFiling(s.facts, period); err != nil {
			return err
		}
		if err := p.closeGap(id, s.facts.cycle, s.owed); err != nil {
			return err
		}
	}
	items := []string{item}
	for _, id := range listings {
		if s := p.stood[id]; s.facts.elsewhere() { // what the neighbour reports is its own items' report too
			items = append(items, s.facts.items...)
		}
	}
	for _, item := range items {
		now, err := p.newItem(item)
		if err != nil {
			return err
		}
		if now.counts(period) {
			if err := p.itemFiling(item, now, period); err != nil {
				return err
			}
		}
		for scope := range now.spans {
			if err := p.sharedItemFiling(item, now, scope, period); err != nil {
				return err
			}
		}
	}
	return nil
}

// cutPeriod takes "ITEM@PERIOD" apart.
func cutPeriod(key string) (item, period string) {
	at := strings.LastIndexByte(key, '@')
	return key[:at], key[at+1:]
}

// closeGap brings the gap of a listing up to date after one of its reports came in.
func (p *projector) closeGap(id string, cycle judge.Cycle, owed window) error {
	had, err := p.texts(`SELECT gap FROM plan_now WHERE listing = ?`, id)
	if err != nil {
		return err
	}
	filed := map[string]bool{}
	if err := p.periodsHad(id, filed); err != nil {
		return err
	}
	gap := owed.gap(cycle, filed)
	if first(had) == gap {
		return nil
	}
	_, err = p.tx.Exec(p.ctx, `UPDATE plan_now SET gap = ? WHERE listing = ?`, gap, id)
	return err
}

// allFilings recomputes every period of a listing, also those that an earlier cycle left. filed
// are those for which there is a row now.
func (p *projector) allFilings(l *listingFacts) (filed map[string]bool, err error) {
	periods := map[string]bool{}
	if err := p.periodsHad(l.id, periods); err != nil {
		return nil, err
	}
	s, err := p.stand(l.id)
	if err != nil {
		return nil, err
	}
	for _, item := range l.workItems() {
		if err := p.periodsOf(item, l.circle, s.counts, periods); err != nil {
			return nil, err
		}
	}
	for _, period := range sortedKeys(periods) {
		if periods[period], err = p.listingFiling(l, period); err != nil {
			return nil, err
		}
	}
	return periods, nil
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

// periodsOf collects the periods that count for which anything was said about an item.
func (p *projector) periodsOf(item, circle string, counts func(period string) bool, into map[string]bool) error {
	all, err := p.texts(`SELECT period FROM plan_filed WHERE item = ?
		UNION SELECT period FROM plan_accepted WHERE item = ? AND circle = ?`, item, item, circle)
	if err != nil {
		return err
	}
	for _, period := range all {
		if counts(period) {
			into[period] = true
		}
	}
	return nil
}

// listingFiling keeps a report's row also where none was owed, but counts it only where one was:
// who owes less who filed are those who have not.
func (p *projector) listingFiling(l *listingFacts, period string) (filed bool, err error) {
	s, err := p.stand(l.id)
	if err != nil {
		return false, err
	}
	var now filingRow
	if s.counts(period) {
		if now, err = p.filing(l.workItems(), l.circle, period, l.rhythm); err != nil {
			return false, err
		}
	}
	now.plan, now.lead = l.plan, l.lead
	if s.owes(period) {
		now.scopes = filedSince(l.since, planScopes(l.plan, l.lead))
	}
	if err := p.storeFiling(l.id, period, now); err != nil {
		return false, err
	}
	return now.state != "", p.sharedFiling(s, period)
}

// itemFilings recomputes every period of an item, also in the circles in which it stood before.
func (p *projector) itemFilings(id string, old, now itemRow) error {
	for scope := range union(old.spans, now.spans) {
		circle, ok := sharedIn(scope)
		if !ok {
			continue
		}
		periods := map[string]bool{}
		if err := p.periodsHad(sharedItem(circle, id), periods); err != nil {
			return err
		}
		if err := p.periodsOf(id, circle, func(string) bool { return true }, periods); err != nil {
			return err
		}
		for _, period := range sortedKeys(periods) {
			if err := p.sharedItemFiling(id, now, scope, period); err != nil {
				return err
			}
		}
	}
	periods := map[string]bool{}
	if err := p.periodsHad(itemOwner(id), periods); err != nil {
		return err
	}
	items, circles := now.reporters(id)
	for _, circle := range circles {
		for _, item := range items {
			if err := p.periodsOf(item, circle, now.counts, periods); err != nil {
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
	var err error
	var scopes []string
	for scope := range now.spans {
		if _, shared := sharedIn(scope); !shared && now.owes(scope, period) {
			scopes = append(scopes, filedSince(begins(now.spans[scope]), counted(scope, now.leads))...)
		}
	}
	if now.counts(period) {
		items, circles := now.reporters(id)
		for _, circle := range circles {
			if row, err = p.filing(items, circle, period, now.rhythm); err != nil {
				return err
			}
			if row.state != "" {
				break
			}
		}
	}
	row.scopes = sortedTexts(scopes)
	return p.storeFiling(itemOwner(id), period, row)
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
	rows, err := p.tx.Query(p.ctx, `SELECT state, on_time, steps, scopes FROM plan_filing WHERE listing = ? AND period = ?`, id, period)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (r filingRow, err error) {
		var scopes string
		err = scan(&r.state, &r.onTime, &r.steps, &scopes)
		if scopes != "" {
			r.scopes = strings.Split(scopes, "\n")
		}
		return r, err
	})
}
