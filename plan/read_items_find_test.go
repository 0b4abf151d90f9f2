package plan_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/store"
	"liandong/store/storetest"
)

// TestItemsAreFoundAsTheyStand: whatever was said, each filter finds, page by page, the items of all those that owe a
// report which it is meant for and no others; by index and along the scope, in both stores. The total is that of
// the rows.
func TestItemsAreFoundAsTheyStand(t *testing.T) {
	sqlite := func(t *testing.T) *store.Store { return storetest.OpenSQLite(t) }
	t.Run("by index", func(t *testing.T) {
		plan.Seeking(t)
		findsItems(t, sqlite)
	})
	t.Run("by index, in PostgreSQL", func(t *testing.T) {
		plan.Seeking(t)
		findsItems(t, func(t *testing.T) *store.Store { return storetest.OpenPostgres(t) })
	})
	t.Run("along the scope", func(t *testing.T) {
		plan.Walking(t)
		findsItems(t, sqlite)
	})
	t.Run("by cost", func(t *testing.T) { findsItems(t, sqlite) })
}

func findsItems(t *testing.T, open func(*testing.T) *store.Store) {
	fewChecks()
	rapid.Check(t, func(r *rapid.T) {
		w := &world{office: newOffice(t, open(t)), r: r}
		for range rapid.IntRange(3, 40).Draw(r, "acts") {
			w.act()
		}
		q := plan.ItemsQuery{AsOf: w.Today().AddDays(rapid.IntRange(-120, 60).Draw(r, "day")), Size: 2}
		if rapid.Bool().Draw(r, "of a circle") {
			q.Circle = rapid.SampledFrom([]string{"suitong", "chengyu", node.Self}).Draw(r, "circle")
		}
		if rapid.Bool().Draw(r, "of a unit") {
			q.Unit = w.names[rapid.SampledFrom(units).Draw(r, "unit")]
		}
		if rapid.IntRange(0, 3).Draw(r, "of a year") == 0 {
			q.Year = 2022
		}
		switch rapid.IntRange(0, 3).Draw(r, "of a period") {
		case 0:
			q.Period = judge.PeriodOf(judge.Month, q.AsOf)
		case 1:
			if day, ok := w.some(`SELECT DISTINCT day FROM plan_asked ORDER BY day`); ok {
				q.Period = judge.Period(day)
			}
		}
		w.findsItems(q)
	})
}

func (w *world) findsItems(q plan.ItemsQuery) {
	whole := q
	whole.Filing, whole.Size = plan.Owed, 1000
	owing, _ := w.itemsShown(whole)
	whole.Filing = ""
	all, _ := w.itemsShown(whole)
	inTime := w.inTime()
	for _, filing := range append(judge.FilingStates(), plan.Owed, plan.Reported, plan.InTime, "") {
		for _, state := range append(judge.WorkStates(), plan.Standing, plan.Finished, "") {
			q.Filing, q.State = filing, state
			var want []string
			from := owing
			if filing == "" {
				from = all
			}
			for _, i := range from {
				row := plan.Row{Work: i.Work, Filing: i.Filing, Owes: true}
				late := filing == plan.InTime && !inTime[i.Item+"@"+string(i.Period)]
				asked := filing
				if filing == plan.InTime {
					asked = plan.Owed
					late = late || slices.Contains([]judge.FilingState{judge.NotDue, judge.Due, judge.Missed}, i.Filing.State)
				}
				if len(meant([]plan.Row{row}, plan.ListQuery{State: state, Filing: asked})) > 0 && !late {
					want = append(want, i.Item)
				}
			}
			rows, total := w.itemsShown(q)
			var got []string
			for _, i := range rows {
				got = append(got, i.Item)
			}
			if !slices.Equal(got, want) {
				w.r.Fatalf("%+v: %v, want %v", q, got, want)
			}
			if total >= 0 && total != len(got) {
				w.r.Fatalf("%+v: %d in all, %d rows", q, total, len(got))
			}
		}
	}
}

// itemsShown reads items to the end, and their total on the first page.
func (w *world) itemsShown(q plan.ItemsQuery) (all []plan.ItemRow, total int) {
	for {
		p, err := w.Items(context.Background(), q)
		if err != nil {
			w.r.Fatal(err)
		}
		if q.After == "" {
			total = p.Total
		}
		all = append(all, p.Rows...)
		if q.After = p.Next; q.After == "" {
			return all, total
		}
	}
}

// inTime are the reports ("ITEM@PERIOD") that first came in by their cut-off.
func (w *world) inTime() map[string]bool {
	all := map[string]bool{}
	err := w.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT substr(listing, 6) || '@' || period FROM plan_filing WHERE plan = '' AND on_time = 1`)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var key string
			err = scan(&key)
			all[key] = true
			return none, err
		})
		return err
	})
	if err != nil {
		w.r.Fatal(err)
	}
	return all
}
