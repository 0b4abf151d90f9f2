package plantest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
)

// Bulk is how much a generated office holds. Everything in it is made up (演示数据).
type Bulk struct {
	Lists   int // each of one circle and one rhythm; 0: 27
	Items   int // spread over the lists, one in ten stands in two
	Units   int // lead units; 0: 40
	Reports int // accepted, spread over items and the months of 2022; at most 12 an item
	Seed    uint64
	// Batch is how many entries share a request; 0: 200.
	Batch int
}

var bulkWords = []string{"推进", "遂渝", "高速公路", "蔬菜", "基地", "锂电", "产业园", "航电枢纽", "职业教育", "会商", "城际公交", "通办", "水资源", "配置", "工程", "平台", "联合", "监测", "改造", "扩容"}

// FillBulk writes lists, items and accepted reports straight into the books, as the acts of the
// desk would leave them but without filings, in large requests. The clock ends at 2022-12-20.
func FillBulk(t testing.TB, o *Office, b Bulk) {
	t.Helper()
	b.Lists, b.Units, b.Batch = or(b.Lists, 27), or(b.Units, 40), or(b.Batch, 200)
	for len(o.Units) < b.Units {
		o.AddUnits(fmt.Sprintf("演示单位%d", len(o.Units)+1))
	}
	f := &bulk{Bulk: b, t: t, o: o, r: rand.New(rand.NewPCG(b.Seed, 7))}
	f.lists()
	f.items()
	f.reports()
	o.Day("2022-12-20")
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

type bulk struct {
	Bulk
	t testing.TB
	o *Office
	r *rand.Rand
}

func circleOf(list int) string { return []string{"suitong", "chengyu", "chengduplain"}[list%3] }

func (f *bulk) write(act node.Act) {
	f.t.Helper()
	if _, err := f.o.Node().Write(context.Background(), f.o.Coordinator(), act); err != nil {
		f.t.Fatal(err)
	}
}

func (f *bulk) planID(list int) string { return fmt.Sprintf("510900:bulk-%d", list) }

func (f *bulk) lists() {
	f.write(func(ctx context.Context, w *node.Writing) error {
		for i := range f.Lists {
			if err := w.OpenBook(ctx, circleOf(i)); err != nil {
				return err
			}
			_, err := plan.PlanIssued.Say(ctx, w, node.Said[plan.PlanFacts, plan.PlanWords]{
				Circle: circleOf(i), Subjects: []string{f.planID(i)},
				Facts: plan.PlanFacts{Plan: f.planID(i), Year: 2022, Cycle: judge.Month},
				Words: &plan.PlanWords{Title: fmt.Sprintf("演示清单%d", i+1)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *bulk) title(n int) string {
	return fmt.Sprintf("%s%s%s%s第%d项", f.word(), f.word(), f.word(), f.word(), n)
}

func (f *bulk) word() string { return bulkWords[f.r.IntN(len(bulkWords))] }

func itemID(n int) string { return fmt.Sprintf("i-bulk%d", n) }

func (f *bulk) items() {
	for from := 0; from < f.Items; from += f.Batch {
		to := min(f.Items, from+f.Batch)
		f.write(func(ctx context.Context, w *node.Writing) error {
			for n := from; n < to; n++ {
				if err := f.item(ctx, w, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (f *bulk) item(ctx context.Context, w *node.Writing, n int) error {
	list := n % f.Lists
	title := f.title(n)
	facts := plan.ItemFacts{
		Item: itemID(n), Leads: []string{fmt.Sprintf("o-%d", 1+n%f.Units)}, Supports: []string{},
		Milestones: []plan.MilestoneFacts{}, Indicators: []plan.IndicatorFacts{},
	}
	lists := []int{list}
	if n%10 == 0 {
		lists = append(lists, (list+1)%f.Lists)
	}
	for _, circle := range append([]string{node.Self}, circlesOf(lists)...) {
		_, err := plan.ItemOpened.Say(ctx, w, node.Said[plan.ItemFacts, plan.ItemWords]{
			Circle: circle, Subjects: []string{facts.Item}, Facts: facts, Words: &plan.ItemWords{Title: title},
		})
		if err != nil {
			return err
		}
	}
	for _, l := range lists {
		id := fmt.Sprintf("l-bulk%d-%d", n, l)
		deadline := judge.Deadline{Kind: judge.By, Date: judge.Date("2022-03-31").AddDays(f.r.IntN(270))}
		_, err := plan.Listed.Say(ctx, w, node.Said[plan.ListingFacts, plan.ListingWords]{
			Circle: circleOf(l), Subjects: []string{id, facts.Item},
			Facts: plan.ListingFacts{Plan: f.planID(l), Listing: id, Order: n/f.Lists + 1, Items: []string{facts.Item}, Deadline: deadline},
			Words: &plan.ListingWords{Number: fmt.Sprint(n/f.Lists + 1), Title: title, Section: []string{fmt.Sprintf("第%d部分", 1+n%6)}, Deadline: deadline.Date.ShortZh() + "前"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func circlesOf(lists []int) (all []string) {
	seen := map[string]bool{}
	for _, l := range lists {
		if c := circleOf(l); !seen[c] {
			seen[c] = true
			all = append(all, c)
		}
	}
	return all
}

// reports accepts month by month, so that the clock runs on with them.
func (f *bulk) reports() {
	left := f.Reports
	for month := 1; month <= 12 && left > 0; month++ {
		period := judge.Period(fmt.Sprintf("2022-%02d", month))
		f.o.Day(later(f.o.Today(), period.First().AddDays(14)))
		share := min(left, f.Items, (left+12-month)/(13-month))
		for from := 0; from < share; from += f.Batch {
			to := min(share, from+f.Batch)
			f.write(func(ctx context.Context, w *node.Writing) error {
				for n := from; n < to; n++ {
					if err := f.report(ctx, w, n, period); err != nil {
						return err
					}
				}
				return nil
			})
		}
		left -= share
	}
}

func later(a, b judge.Date) judge.Date {
	if a > b {
		return a
	}
	return b
}

// report stands in the book of the item's first circle, as a neighbour would read it.
func (f *bulk) report(ctx context.Context, w *node.Writing, n int, p judge.Period) error {
	r := plan.ReportFacts{
		Item: itemID(n), Period: p, Claim: []judge.WorkState{judge.OnTime, judge.OnTime, judge.AtRisk}[f.r.IntN(3)],
		Figures: []plan.FigureFacts{}, Met: []plan.MetFacts{}, Parts: []int64{},
	}
	confirmed := f.r.IntN(60) == 0
	if confirmed {
		r.Claim, r.DoneOn = judge.Done, f.o.Today()
	}
	_, err := plan.ReportAccepted.Say(ctx, w, node.Said[plan.AcceptFacts, plan.ReportWords]{
		Circle: circleOf(n % f.Lists), Subjects: []string{r.Item},
		Facts: plan.AcceptFacts{Report: r, Org: fmt.Sprintf("o-%d", 1+n%f.Units), Filed: f.o.Today(), Confirmed: confirmed},
		Words: &plan.ReportWords{Progress: f.word() + f.word() + "按计划推进，" + f.word() + "已完成。"},
	})
	return err
}

// SomeItem and SomeList name what a bulk office surely has.
func SomeItem(n int) string { return itemID(n) }

// SomeList is the key of a generated list.
func SomeList(n int) string { return fmt.Sprintf("bulk-%d", n) }
