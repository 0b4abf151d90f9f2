package plan

import (
	"slices"

	"liandong/store"
)

// claim is an item of a neighbour that stands for a listing, or for that neighbour's part of it.
type claim struct {
	listing, item, book string
	alone               bool // nothing of the listing's own member does the work
}

// claimsNow joins what was asked with what was answered: the present asking entry of a row, and the answer to it in the
// book of the same circle of a member that it asks.
const claimsNow = `SELECT DISTINCT a.listing, w.item, w.book, a.alone FROM plan_ask a JOIN plan_answer w ON w.listing = a.listing
	AND w.ask = a.idx AND w.answer = 'claimed' AND w.book = a.member || substr(a.book, 7)`

var claimedTable = store.TableOf("plan_claimed", "listing", "item", "book", "alone")

// claimed says whether anything was ever asked: where nothing was, nothing more is looked for.
func (p *projector) claiming() (bool, error) {
	if p.asks == nil {
		var any int
		err := p.tx.Row(p.ctx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM plan_answer) OR EXISTS (SELECT 1 FROM plan_claimed) THEN 1 ELSE 0 END`).Scan(&any)
		if err != nil {
			return false, err
		}
		asks := any == 1
		p.asks = &asks
	}
	return *p.asks, nil
}

func (p *projector) claims(where string, args ...any) ([]claim, error) {
	if any, err := p.claiming(); err != nil || !any {
		return nil, err
	}
	rows, err := p.tx.Query(p.ctx, claimsNow+` WHERE `+where+` ORDER BY a.listing, w.item, w.book`, args...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (c claim, err error) {
		var alone int
		err = scan(&c.listing, &c.item, &c.book, &alone)
		c.alone = alone == 1
		return c, err
	})
	return slices.CompactFunc(all, func(a, b claim) bool { return a.listing == b.listing && a.item == b.item }), err
}

// claimsOf are the items of neighbours that stand for a listing in the book at hand.
func (p *projector) claimsOf(l *listingFacts) ([]claim, error) {
	return p.claims(`a.book = ? AND a.listing = ?`, l.book, l.id)
}

// storeClaims keeps which items of neighbours a listing counts.
func (p *projector) storeClaims(l *listingFacts) error {
	if any, err := p.claiming(); err != nil || !any {
		return err
	}
	if !p.anew {
		if _, err := p.tx.Exec(p.ctx, `DELETE FROM plan_claimed WHERE listing = ?`, l.id); err != nil {
			return err
		}
	}
	for _, c := range l.claims {
		if err := p.tx.Later(p.ctx, claimedTable, l.id, c.item, c.book, bit(c.alone)); err != nil {
			return err
		}
	}
	return nil
}

// claimsBeside are the listings that count an item of a neighbour's, and the items of neighbours that a listing counts or
// counted: what changes with one changes with the others.
func (p *projector) listingsClaiming(item string) ([]string, error) {
	all, err := p.claims(`w.item = ?`, item)
	var listings []string
	for _, c := range all {
		if !slices.Contains(listings, c.listing) {
			listings = append(listings, c.listing)
		}
	}
	return listings, err
}

func (p *projector) itemsClaimed(listing string) ([]string, error) {
	all, err := p.claims(`a.listing = ?`, listing)
	if err != nil || p.asks == nil || !*p.asks {
		return nil, err
	}
	items, err := p.texts(`SELECT item FROM plan_claimed WHERE listing = ?`, listing)
	for _, c := range all {
		if !slices.Contains(items, c.item) {
			items = append(items, c.item)
		}
	}
	return items, err
}
