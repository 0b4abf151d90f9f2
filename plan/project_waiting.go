package plan

import (
	"database/sql"
	"errors"
)

// waiting is the table of what was filed and not answered yet, so that a queue of twenty is found
// among a million reports.
const waiting = `
CREATE TABLE plan_waiting (
	item TEXT NOT NULL,
	period TEXT NOT NULL,
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	org TEXT NOT NULL,
	claim TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (item, period)
);
CREATE INDEX plan_waiting_idx ON plan_waiting (idx);
`

// waits brings the row of one item and period ("ITEM@PERIOD") up to date: its newest filing, as
// long as nobody answered it.
func (p *projector) waits(key string) error {
	item, period := cutPeriod(key)
	if !p.anew {
		if _, err := p.tx.Exec(p.ctx, `DELETE FROM plan_waiting WHERE item = ? AND period = ?`, item, period); err != nil {
			return err
		}
	}
	var book, org, claim, day string
	var idx int64
	err := p.tx.Row(p.ctx, `SELECT book, idx, org, claim, day FROM plan_filed WHERE item = ? AND period = ?
		ORDER BY idx DESC, book LIMIT 1`, item, period).Scan(&book, &idx, &org, &claim, &day)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var answers int
	err = p.tx.Row(p.ctx, `SELECT
		(SELECT count(*) FROM plan_accepted WHERE item = ? AND period = ? AND book = ? AND cause = ?) +
		(SELECT count(*) FROM plan_returned WHERE item = ? AND period = ? AND book = ? AND filed = ?)`,
		item, period, book, idx, item, period, book, idx).Scan(&answers)
	if err != nil || answers > 0 {
		return err
	}
	return p.tx.Later(p.ctx, waitingTable, item, period, book, idx, org, claim, day)
}
