package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/region"
	"liandong/store"
)

// UninvitedLeads are who leads the work of a draft's points and is not invited: units of this member, and neighbours where the meeting is with them.
func (d *Desk) UninvitedLeads(ctx context.Context, m MeetingDraft) (all []MeetingUnit, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		names, err := d.orgNames(ctx, tx)
		if err != nil {
			return err
		}
		invited := append(append(saidAll(m.Orgs), m.Members...), saidID(m.Convener))
		add := func(u MeetingUnit) {
			if !slices.Contains(invited, u.Who) {
				invited, all = append(invited, u.Who), append(all, u)
			}
		}
		for _, p := range m.Points {
			if p.Item == "" {
				continue
			}
			item := d.ID(p.Item)
			if member := memberOf(item); member != d.node.Member {
				known, err := region.NeighbourIn(ctx, tx, d.node.Member, m.Circle, member)
				if err != nil {
					return err
				}
				if known != nil && !known.Left && !known.Suspended {
					add(MeetingUnit{Who: member, Neighbour: true, Name: known.Name})
				}
				continue
			}
			rows, err := tx.Query(ctx, `SELECT u.org FROM plan_item_now i JOIN plan_item_unit u ON u.book = i.book AND u.item = i.item
				WHERE i.item = ? AND u.leads = 1 ORDER BY u.org`, item)
			if err != nil {
				return err
			}
			leads, err := texts(rows)
			if err != nil {
				return err
			}
			for _, org := range leads {
				add(MeetingUnit{Who: saidID(org), Name: cmp.Or(names[idOf(d.node.Member, saidID(org))], org)})
			}
		}
		return nil
	})
	return all, err
}
