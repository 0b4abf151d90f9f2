package plan

import (
	"context"

	"liandong/node"
	"liandong/store"
)

// Named is what things are called now, by their ids: items of this member, rows of lists, supervision slips and meetings of any member. What has no name
// or was erased is missing.
func (d *Desk) Named(ctx context.Context, ids []string) (map[string]string, error) {
	all := map[string]string{}
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		items, err := wordsById[ItemWords](ctx, tx, `SELECT i.item, e.words FROM plan_item i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
			WHERE i.book = ? AND i.item`, ids, d.node.BookName(node.Self))
		if err != nil {
			return err
		}
		rows, err := wordsById[ListingWords](ctx, tx, `SELECT l.listing, e.words FROM plan_listing l JOIN book_entry e ON e.book = l.book AND e.idx = l.idx
			WHERE l.listing`, ids)
		if err != nil {
			return err
		}
		slips, err := wordsById[SlipWords](ctx, tx, `SELECT s.slip || '@' || h.member, e.words FROM plan_slip s JOIN book_head h ON h.book = s.book
			JOIN book_entry e ON e.book = s.book AND e.idx = s.idx WHERE s.slip || '@' || h.member`, ids)
		if err != nil {
			return err
		}
		meetings, err := wordsById[MeetingWords](ctx, tx, `SELECT m.meeting || '@' || h.member, e.words FROM plan_meeting m JOIN book_head h ON h.book = m.book
			JOIN book_entry e ON e.book = m.book AND e.idx = m.idx WHERE m.meeting || '@' || h.member`, ids)
		if err != nil {
			return err
		}
		for id, w := range rows {
			all[id] = w.Title
		}
		for id, w := range meetings {
			all[id] = w.Title
		}
		for id, w := range items {
			all[id] = w.Title
		}
		for id, w := range slips {
			all[id] = w.Matter
		}
		return nil
	})
	return all, err
}
