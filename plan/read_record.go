package plan

import (
	"context"

	"liandong/node"
	"liandong/store"
)

// UnitRecord is what a unit itself did, whoever leads the work now: a reform takes nothing of it away and gives it to nobody.
type UnitRecord struct {
	Reports      int `json:"reports"`      // that it filed first, each of an item and period
	InTime       int `json:"inTime"`       // of these by the cut-off
	Slips        int `json:"slips"`        // closed as done while they asked it
	SlipsInTime  int `json:"slipsInTime"`  // of these answered by the first day
	Instructions int `json:"instructions"` // leaders' words that are closed as done and asked it
}

// RecordOf reads the record of a unit.
func (d *Desk) RecordOf(ctx context.Context, org string) (r UnitRecord, err error) {
	self := d.node.BookName(node.Self)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		for _, c := range []struct {
			n     *int
			query string
		}{
			{&r.Reports, `SELECT count(*) FROM plan_filed f WHERE f.book = ? AND f.org = ? AND ` + firstFiled},
			{&r.InTime, `SELECT count(*) FROM plan_filed f WHERE f.book = ? AND f.org = ? AND ` + firstFiled + ` AND EXISTS (SELECT 1 FROM plan_filing x
				WHERE x.listing = ` + itemOwnerSQL + `f.item AND x.period = f.period AND x.on_time = 1)`},
			{&r.Slips, `SELECT count(*) FROM plan_slip s JOIN plan_slip_closed c ON c.book = s.book AND c.slip = s.slip AND c.outcome = 'done'
				WHERE s.book = ? AND s.org = ?`},
			{&r.SlipsInTime, `SELECT count(*) FROM plan_slip s JOIN plan_slip_closed c ON c.book = s.book AND c.slip = s.slip AND c.outcome = 'done'
				WHERE s.book = ? AND s.org = ? AND EXISTS (SELECT 1 FROM plan_slip_answer a WHERE a.book = s.book AND a.slip_idx = s.idx AND a.day <= s.due)`},
			{&r.Instructions, `SELECT count(*) FROM plan_instruction_unit u JOIN plan_instruction_closed c ON c.book = u.book AND c.instruction = u.instruction AND c.outcome = 'done'
				WHERE u.book = ? AND u.org = ?`},
		} {
			if err := tx.Row(ctx, c.query, self, org).Scan(c.n); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// firstFiled: filing f is the first of its item and period.
const firstFiled = `f.idx = (SELECT min(y.idx) FROM plan_filed y WHERE y.book = f.book AND y.item = f.item AND y.period = f.period)`
