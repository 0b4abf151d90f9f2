package plan

import (
	"liandong/plan/judge"
	"liandong/store"
)

// manyKeys is how many keys make it worth a look whether there are joint rows at all.
var manyKeys = 1000 // tests set it

// look finds out whether the view is being made from nothing, as rebuild and verify do.
func (p *projector) look(keys int) error {
	if keys < manyKeys {
		return nil
	}
	var rows int
	err := p.tx.Row(p.ctx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM plan_now) OR EXISTS (SELECT 1 FROM plan_item_now)
		OR EXISTS (SELECT 1 FROM plan_filing) OR EXISTS (SELECT 1 FROM plan_waiting) OR EXISTS (SELECT 1 FROM plan_tally)
		OR EXISTS (SELECT 1 FROM plan_tally_month) OR EXISTS (SELECT 1 FROM plan_filing_tally) OR EXISTS (SELECT 1 FROM plan_span)
		OR EXISTS (SELECT 1 FROM plan_item_span) OR EXISTS (SELECT 1 FROM plan_item_owed)
		OR EXISTS (SELECT 1 FROM plan_asked) OR EXISTS (SELECT 1 FROM plan_claimed) THEN 1 ELSE 0 END`).Scan(&rows)
	p.anew = err == nil && rows == 0
	if err != nil || !p.anew {
		return err
	}
	return p.readPointers()
}

func (p *projector) readPointers() error {
	p.pointers = pointers{map[string][]string{}, map[string][]string{}}
	rows, err := p.tx.Query(p.ctx, `SELECT DISTINCT listing, item FROM plan_pointer ORDER BY listing, item`)
	if err != nil {
		return err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var listing, item string
		err = scan(&listing, &item)
		p.pointers.items[listing] = append(p.pointers.items[listing], item)
		p.pointers.listings[item] = append(p.pointers.listings[item], listing)
		return none, err
	})
	if err != nil {
		return err
	}
	claims, err := p.claims(`1 = 1`, `1 = 1`)
	for _, c := range claims {
		p.pointers.items[c.listing] = append(p.pointers.items[c.listing], c.item)
		p.pointers.listings[c.item] = append(p.pointers.listings[c.item], c.listing)
	}
	return err
}

// listingsOf are those in which an item stands, in order, and those of neighbours that count it.
func (p *projector) listingsOf(item string) ([]string, error) {
	if p.anew {
		return p.pointers.listings[item], nil
	}
	all, err := p.texts(`SELECT DISTINCT listing FROM plan_pointer WHERE item = ? ORDER BY listing`, item)
	if err != nil {
		return nil, err
	}
	theirs, err := p.listingsClaiming(item)
	return append(all, theirs...), err
}

// itemsIn are those that stand in a listing, in whatever book.
func (p *projector) itemsIn(listing string) ([]string, error) {
	if p.anew {
		return p.pointers.items[listing], nil
	}
	all, err := p.texts(`SELECT item FROM plan_pointer WHERE listing = ?`, listing)
	if err != nil {
		return nil, err
	}
	theirs, err := p.itemsClaimed(listing)
	return append(all, theirs...), err
}

// pointers are which items stand in which listings, both ways.
type pointers struct{ items, listings map[string][]string }

// forget lets go of what was read of an item that is done with.
func (p *projector) forget(item string) {
	delete(p.said, item)
	for _, l := range p.pointers.listings[item] {
		f := p.stood[l].facts
		delete(p.facts, itemKey(f.book, f.circle, item))
	}
}

// saidOf is what was done with the reports of one item, by period, and how they were judged.
type saidOf struct {
	steps   map[string][]judge.Step
	filings map[filingKey]filingRow
}

type filingKey struct {
	circle, period string
	rhythm         judge.Rhythm
}

// allWaiting reads at once what waits of those items and periods, when the view is made from nothing.
func (p *projector) allWaiting(keys map[string]bool) error {
	rows, err := p.tx.Query(p.ctx, `SELECT f.item, f.period, f.book, f.idx, f.org, f.claim, f.day FROM plan_filed f
		WHERE NOT EXISTS (SELECT 1 FROM plan_filed n WHERE n.item = f.item AND n.period = f.period
			AND (n.idx > f.idx OR n.idx = f.idx AND n.book < f.book))
		AND NOT EXISTS (SELECT 1 FROM plan_accepted a
			WHERE a.item = f.item AND a.period = f.period AND a.book = f.book AND a.cause = f.idx)
		AND NOT EXISTS (SELECT 1 FROM plan_returned r
			WHERE r.item = f.item AND r.period = f.period AND r.book = f.book AND r.filed = f.idx)
		ORDER BY f.item, f.period`)
	if err != nil {
		return err
	}
	type row struct {
		item, period, book, org, claim, day string
		idx                                 int64
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (r row, err error) {
		err = scan(&r.item, &r.period, &r.book, &r.idx, &r.org, &r.claim, &r.day)
		return r, err
	})
	if err != nil {
		return err
	}
	for _, r := range all {
		if !keys[r.item+"@"+r.period] {
			continue
		}
		if err := p.tx.Later(p.ctx, waitingTable, r.item, r.period, r.book, r.idx, r.org, r.claim, r.day); err != nil {
			return err
		}
	}
	return nil
}
