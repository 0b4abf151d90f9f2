package plan

import (
	"cmp"
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

// sameNow are the items of rows that two members both said to be one row of one document (docs/decisions/0016). A row counts the
// neighbour's item where either of them says that the neighbour does the work; it is the neighbour's alone where neither says that the
// row's own member does any.
const sameNow = `SELECT DISTINCT s.listing, t.item, t.book, CASE WHEN s.we_do = 0 AND o.they_do = 0 THEN 1 ELSE 0 END AS alone
	FROM plan_same s JOIN plan_same o ON o.listing = s.theirs AND o.theirs = s.listing AND o.plan = s.with_plan AND o.with_plan = s.plan
	AND substr(o.book, 7) = substr(s.book, 7) AND o.book <> s.book
	JOIN plan_pointer t ON t.book = o.book AND t.listing = o.listing AND (s.they_do = 1 OR o.we_do = 1)`

var claimedTable = store.TableOf("plan_claimed", "listing", "item", "book", "alone")

// claiming says whether anything was ever asked or said to be the same: where nothing was, nothing more is looked for.
func (p *projector) claiming() (bool, error) {
	if p.asks == nil {
		var any int
		err := p.tx.Row(p.ctx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM plan_answer) OR EXISTS (SELECT 1 FROM plan_same)
			OR EXISTS (SELECT 1 FROM plan_claimed) THEN 1 ELSE 0 END`).Scan(&any)
		if err != nil {
			return false, err
		}
		asks := any == 1
		p.asks = &asks
	}
	return *p.asks, nil
}

// claims are those for which one condition holds on an asking row a and its answer w, or the other on a row s that is the same as one
// with the item t; both have the same arguments.
func (p *projector) claims(asked, same string, args ...any) ([]claim, error) {
	if any, err := p.claiming(); err != nil || !any {
		return nil, err
	}
	var all []claim
	for _, query := range []string{claimsNow + ` WHERE ` + asked, sameNow + ` WHERE ` + same} {
		rows, err := p.tx.Query(p.ctx, query, args...)
		if err != nil {
			return nil, err
		}
		some, err := store.Collect(rows, func(scan func(...any) error) (c claim, err error) {
			var alone int
			err = scan(&c.listing, &c.item, &c.book, &alone)
			c.alone = alone == 1
			return c, err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	// Who said more than once that somebody does it alone is taken at the word that leaves work to the row's own member.
	slices.SortFunc(all, func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.listing, b.listing), cmp.Compare(a.item, b.item), bit(a.alone)-bit(b.alone), cmp.Compare(a.book, b.book))
	})
	return slices.CompactFunc(all, func(a, b claim) bool { return a.listing == b.listing && a.item == b.item }), nil
}

// claimsOf are the items of neighbours that stand for a listing in the book at hand.
func (p *projector) claimsOf(l *listingFacts) ([]claim, error) {
	return p.claims(`a.book = ? AND a.listing = ?`, `s.book = ? AND s.listing = ?`, l.book, l.id)
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
		if err := p.tx.Later(p.ctx, claimedTable, l.id, c.item, c.book, bit(l.elsewhere())); err != nil {
			return err
		}
	}
	return nil
}

// listingsClaiming are the listings that count an item of a neighbour's, and the items of neighbours that a listing counts or
// counted: what changes with one changes with the others.
func (p *projector) listingsClaiming(item string) ([]string, error) {
	all, err := p.claims(`w.item = ?`, `t.item = ?`, item)
	var listings []string
	for _, c := range all {
		if !slices.Contains(listings, c.listing) {
			listings = append(listings, c.listing)
		}
	}
	return listings, err
}

func (p *projector) itemsClaimed(listing string) ([]string, error) {
	all, err := p.claims(`a.listing = ?`, `s.listing = ?`, listing)
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

// sameBeside are the rows that are said to be one with a row: what they count changes with what it points at.
func (p *projector) sameBeside(listing string) ([]string, error) {
	if any, err := p.claiming(); err != nil || !any {
		return nil, err
	}
	return p.texts(`SELECT l.listing FROM plan_listing l WHERE l.listing IN (SELECT theirs FROM plan_same WHERE listing = ?
		UNION SELECT listing FROM plan_same WHERE theirs = ?)`, listing, listing)
}
