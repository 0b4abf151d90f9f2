package plan

import (
	"context"
	"errors"
	"strings"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// What a writer knew of the newest filing of a period, where it is not its index in the own book.
const (
	AnyFiling int64 = -1 // whichever is the newest
	NoFiling  int64 = -2 // there was none
)

// FileSeen is File by somebody who knew the filing seen as the newest of the item and period: one
// that a colleague filed since is not replaced unread (plan.filing-newer).
func (d *Desk) FileSeen(ctx context.Context, req node.Request, f ReportFacts, words ReportWords, seen int64) (node.Receipt, error) {
	if words.Progress == "" && len(f.Figures) == 0 {
		return node.Receipt{}, refuse.New("plan.report-empty").At("progress")
	}
	f.Item = d.ID(f.Item)
	if err := errors.Join(words.fit(), d.ours(f.Item)); err != nil {
		return node.Receipt{}, err
	}
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		err := errors.Join(d.mayFile(ctx, w, f), d.sawNewest(ctx, w.Tx(), f, seen), d.reasoned(ctx, w.Tx(), f, words), d.answered(ctx, w, f, words))
		if err != nil {
			return err
		}
		if err := d.used(ctx, w, f.Item, words.Files); err != nil {
			return err
		}
		kind := ReportFiled
		signed, err := signs(ctx, w.Tx(), d.node.BookName(node.Self), w.Actor.Org)
		if err != nil {
			return err
		}
		if signed {
			kind = ReportSubmitted
		}
		_, err = say(ctx, w, kind, node.Said[ReportFacts, ReportWords]{
			Circle: node.Self, Subjects: []string{f.Item}, Facts: complete(f), Words: &words,
		})
		return err
	})
}

func (d *Desk) sawNewest(ctx context.Context, tx *store.Tx, f ReportFacts, seen int64) error {
	if seen == AnyFiling {
		return nil
	}
	newest := NoFiling
	err := tx.Row(ctx, `SELECT COALESCE(max(idx), -2) FROM plan_filed WHERE book = ? AND item = ? AND period = ?`,
		d.node.BookName(node.Self), f.Item, string(f.Period)).Scan(&newest)
	if err == nil && newest != seen {
		err = refuse.New("plan.filing-newer").At("progress")
	}
	return err
}

// NewestFiling is the last entry of the own book by which a unit filed a report; NoFiling if none did yet.
func (d *Desk) NewestFiling(ctx context.Context) (newest int64, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT COALESCE(max(idx), -2) FROM plan_filed WHERE book = ?`, d.node.BookName(node.Self)).Scan(&newest)
	})
	return newest, err
}

// reasoned: what was accepted is corrected on purpose and with a reason, never in passing.
func (d *Desk) reasoned(ctx context.Context, tx *store.Tx, f ReportFacts, words ReportWords) error {
	if strings.TrimSpace(words.Reason) != "" {
		return nil
	}
	var accepted int
	err := tx.Row(ctx, `SELECT count(*) FROM plan_accepted WHERE book = ? AND item = ? AND period = ?`,
		d.node.BookName(node.Self), f.Item, string(f.Period)).Scan(&accepted)
	if err == nil && accepted > 0 {
		err = refuse.New("plan.correction-reason", "period", f.Period.Zh()).At("reason")
	}
	return err
}
