package plan

import (
	"slices"

	"liandong/plan/judge"
	"liandong/region"
)

// RowPart is what one member does of a row that it does with others, or for another, and how its report stands.
type RowPart struct {
	Member string // code
	Name   string
	Own    bool // this member's
	Filing judge.FilingSpan
}

// partsOf are, by row, the parts of those members that do it together or for another; rows that only their own member does are left
// out. Of several works of one member the one of which nothing came counts. What reports in other periods is left out.
func (c counting) partsOf(listings []string, period judge.Period, rhythm judge.Rhythm, own string) (map[string][]RowPart, error) {
	all := map[string][]RowPart{}
	if len(listings) == 0 || period == "" {
		return all, nil
	}
	in, args := padded(listings)
	rows, err := c.tx.Query(c.ctx, `SELECT x.listing, x.book, COALESCE(i.cycle, ''), COALESCE(f.steps, '') FROM (
			SELECT p.listing, p.item, p.book FROM plan_pointer p WHERE p.listing IN (`+in+`)
				AND EXISTS (SELECT 1 FROM plan_claimed k WHERE k.listing = p.listing AND k.alone = 0)
			UNION SELECT listing, item, book FROM plan_claimed WHERE listing IN (`+in+`)) AS x
		LEFT JOIN plan_item_now i ON i.item = x.item
		LEFT JOIN plan_filing f ON f.listing = `+itemOwnerSQL+`x.item AND f.period = ?
		ORDER BY x.listing, x.book, x.item`, append(slices.Concat(args, args), string(period))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var listing, book, cycle, steps string
		if err := rows.Scan(&listing, &book, &cycle, &steps); err != nil {
			return nil, err
		}
		if judge.Cycle(cycle) != period.Cycle() && !adHoc(string(period)) {
			continue
		}
		member := memberOfBook(book)
		part := RowPart{Member: member, Name: region.MemberName(member), Own: member == own, Filing: filingAt(period, rhythm, steps, c.asOf)}
		parts := all[listing]
		if n := len(parts); n > 0 && parts[n-1].Member == member {
			if nothingFiled(part.Filing.State) {
				parts[n-1] = part
			}
			continue
		}
		all[listing] = append(parts, part)
	}
	return all, rows.Err()
}

// share gives each row of a page the parts of which it is done.
func (r rowReading) share(all []Row, own string) error {
	listings := make([]string, len(all))
	for i, row := range all {
		listings[i] = row.Listing
	}
	parts, err := r.partsOf(listings, r.q.Period, r.rhythm, own)
	for i := range all {
		all[i].Parts = parts[all[i].Listing]
	}
	return err
}
