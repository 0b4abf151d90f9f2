package plan_test

import (
	"context"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// TestMyDayIsWhatTheActsSay: whatever was said, a reporter's day is the one that a reading of every item with all its lists and
// acts comes to; the page's is the same, worded as far as it shows it.
func TestMyDayIsWhatTheActsSay(t *testing.T) {
	fewChecks()
	rapid.Check(t, func(r *rapid.T) {
		w := &world{office: newOffice(t, storetest.OpenSQLite(t)), r: r}
		for range 2 {
			if err := w.importList(); err != nil {
				r.Fatal(err)
			}
		}
		for range rapid.IntRange(2, 4).Draw(r, "rounds") {
			for range rapid.IntRange(3, 12).Draw(r, "acts") {
				w.act()
			}
			for range rapid.IntRange(1, 4).Draw(r, "links") {
				if err := w.linkSome(); err != nil {
					if _, refused := refuse.As(err); !refused {
						r.Fatal(err)
					}
				}
			}
			w.catchUp()
		}
		for _, unit := range units {
			req := w.as(region.Reporter, "")
			req.Actor.Org = w.names[unit]
			dayAlike(r, w.Desk, req.Actor)
		}
	})
}

// linkSome points a row at one item or two, mostly of other lists.
func (w *world) linkSome() error {
	l, ok := w.some(`SELECT listing FROM plan_now ORDER BY listing`)
	item, also := w.someItem()
	if !ok || !also {
		return nil
	}
	items := []string{item}
	if other, _ := w.someItem(); other != item && rapid.Bool().Draw(w.r, "two") {
		items = append(items, other)
	}
	return w.Link(context.Background(), w.coordinator(), l, items, "同一事项")
}

// catchUp lets nearly everybody file what is due, the oldest first, and most of it be answered.
func (w *world) catchUp() {
	ctx := context.Background()
	for _, unit := range units {
		req := w.as(region.Reporter, "")
		req.Actor.Org = w.names[unit]
		todo, err := w.Todo(ctx, req.Actor)
		if err != nil {
			w.r.Fatal(err)
		}
		for _, duty := range todo.Reports {
			if duty.Composed || rapid.IntRange(0, 9).Draw(w.r, "left") == 0 {
				continue
			}
			f := plan.ReportFacts{Item: duty.Item, Period: duty.Period, Claim: judge.OnTime}
			if _, err := w.File(ctx, req, f, plan.ReportWords{Progress: "进展", Reason: "补报"}); err != nil {
				if _, refused := refuse.As(err); !refused {
					w.r.Fatal(err)
				}
				continue
			}
			switch rapid.IntRange(0, 9).Draw(w.r, "answered") {
			case 0:
			case 1:
				err = w.Return(ctx, w.coordinator(), duty.Item, duty.Period, "请补充")
			default:
				_, err = w.Accept(ctx, w.coordinator(), duty.Item, duty.Period, false)
			}
			if _, refused := refuse.As(err); err != nil && !refused {
				w.r.Fatal(err)
			}
		}
	}
}

// TestMyDayOfNeighbours: the same for two offices that do each other's work.
func TestMyDayOfNeighbours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, o := range neighboursAtWork(t, s) {
			for _, unit := range plantest.UnitNames {
				dayAlike(t, o.Desk, o.As(region.Reporter, unit).Actor)
			}
		}
	})
}

func dayAlike(t rapid.TB, d *plan.Desk, actor node.Actor) {
	ctx := context.Background()
	want, err := plan.PlainTodo(ctx, d, actor.Org)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Todo(ctx, actor)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("the day of %s is\n%+v\nwant\n%+v", actor.Org, got, want)
	}
	const worded = 2
	some, err := d.Day(ctx, actor, worded)
	if err != nil {
		t.Fatal(err)
	}
	if len(some.Reports) != len(got.Reports) || len(some.Parts) != len(got.Parts) ||
		!reflect.DeepEqual(some.Reports[:min(worded, len(got.Reports))], got.Reports[:min(worded, len(got.Reports))]) ||
		!reflect.DeepEqual(some.Parts[:min(worded, len(got.Parts))], got.Parts[:min(worded, len(got.Parts))]) {
		t.Fatalf("the day's page of %s is\n%+v\nwant\n%+v", actor.Org, some, got)
	}
}
