package plan_test

import (
	"context"
	"flag"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// TestItemsAreFoundAsTheyStand: whatever was said, each filter over each scope finds, page by page, the items that a reading
// without any search finds, each shown by the same report; by index and along the scope, in both stores. The total is that
// of the rows.
func TestItemsAreFoundAsTheyStand(t *testing.T) {
	sqlite := func(t *testing.T) *store.Store { return storetest.OpenSQLite(t) }
	t.Run("by index", func(t *testing.T) {
		plan.Seeking(t)
		findsItems(t, sqlite)
	})
	t.Run("by index, in PostgreSQL", func(t *testing.T) {
		plan.Seeking(t)
		fewerChecks(t, 5)
		findsItems(t, func(t *testing.T) *store.Store { return storetest.OpenPostgres(t) })
	})
	t.Run("along the scope", func(t *testing.T) {
		plan.Walking(t)
		findsItems(t, sqlite)
	})
	t.Run("by cost", func(t *testing.T) { findsItems(t, sqlite) })
}

// fewerChecks: of those that nobody asked for, where each takes seconds.
func fewerChecks(t *testing.T, n int) {
	fewChecks()
	f := flag.Lookup("rapid.checks")
	if had := f.Value.String(); had == "30" {
		flag.Set("rapid.checks", strconv.Itoa(n))
		t.Cleanup(func() { flag.Set("rapid.checks", had) })
	}
}

func findsItems(t *testing.T, open func(*testing.T) *store.Store) {
	fewChecks()
	rapid.Check(t, func(r *rapid.T) {
		w := &world{office: newOffice(t, open(t)), r: r}
		for range rapid.IntRange(3, 40).Draw(r, "acts") {
			w.act()
		}
		day := w.Today().AddDays(rapid.IntRange(-120, 60).Draw(r, "day"))
		period := judge.Period("")
		switch rapid.IntRange(0, 3).Draw(r, "of a period") {
		case 0:
			period = judge.PeriodOf(judge.Month, day)
		case 1:
			if day, ok := w.some(`SELECT DISTINCT day FROM plan_asked ORDER BY day`); ok {
				period = judge.Period(day)
			}
		}
		year := 2022 * rapid.IntRange(0, 1).Draw(r, "of a year")
		plain := readPlain(r, w.Desk)
		for _, circle := range []string{"", "suitong", "chengyu", node.Self} {
			for _, unit := range []string{"", w.ID(w.names[rapid.SampledFrom(units).Draw(r, "unit")])} {
				findAlike(r, w.Desk, plain, plan.ItemsQuery{
					Circle: circle, Unit: unit, Year: year, Period: period, AsOf: day, Size: rapid.IntRange(1, 4).Draw(r, "size"),
				})
			}
		}
	})
}

// TestItemsOfNeighboursAreFound: the same for two offices that share a circle, each of which knows more of its own reports than
// the circle's books say, with items that neighbours do and lists that no neighbour knows.
func TestItemsOfNeighboursAreFound(t *testing.T) {
	for name, how := range map[string]func(testing.TB){"by index": plan.Seeking, "along the scope": plan.Walking} {
		t.Run(name, func(t *testing.T) {
			how(t)
			for _, o := range neighboursAtWork(t, storetest.OpenSQLite(t)) {
				plain := readPlain(t, o.Desk)
				for _, circle := range []string{"", plantest.Circle, node.Self} {
					for _, unit := range []string{"", o.Units["市交通运输局"]} {
						for _, day := range []judge.Date{"2022-06-20", "2022-07-21"} {
							for _, period := range []judge.Period{"", "2022-06"} {
								findAlike(t, o.Desk, plain, plan.ItemsQuery{Circle: circle, Unit: o.ID(unit), Period: period, AsOf: day, Size: 2})
							}
						}
					}
				}
			}
		})
	}
}

// neighboursAtWork are two offices that share a circle: one asks the other for a row together and one alone, which it does, and
// keeps a list of its own there and one that no neighbour knows. Reports wait, were sent back, accepted, and corrected.
func neighboursAtWork(t *testing.T, s *store.Store) []*plantest.Office {
	suining, tongnan := plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务", Issued: "2022-06-01"},
		"序号,工作任务,牵头单位,完成时限\n1,建设遂潼产业园,遂宁市：市经济和信息化局；潼南区：区经济信息委,6月底前\n"+
			"2,整治琼江潼南段,潼南区：区水利局,6月底前\n3,扩容遂渝高速公路,市交通运输局,年底前\n4,编制园区规划,市发展改革委,3月底前\n")
	_, road := suining.Row("扩容遂渝高速公路")
	_, park := suining.Row("遂潼产业园")
	tongnan.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Circle: plantest.Circle, Title: "潼南任务", Cycle: judge.Quarter},
		"序号,工作任务,牵头单位,完成时限\n1,建设智慧交通,市交通运输局,年底前\n2,推行一卡通一码通,市发展改革委,9月底前\n")
	tongnan.Take(plan.ImportOptions{Plan: "inside-2022", Year: 2022, Title: "内部台账", Cycle: judge.TenDay},
		"序号,工作任务,牵头单位,完成时限\n1,推行一卡通一码通,市发展改革委,9月底前\n")
	tongnan.Hear(suining)
	together := "" // by what Tongnan does the park
	for _, title := range []string{"整治琼江", "遂潼产业园"} {
		listing, _ := suining.Row(title)
		if _, err := tongnan.Claim(context.Background(), tongnan.Coordinator(), listing, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
			t.Fatal(err)
		}
		asked, err := tongnan.AskedOfUs(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		together = asked[slices.IndexFunc(asked, func(a plan.Asked) bool { return a.Listing == listing })].Item
	}
	for _, day := range []judge.Date{"2022-06-20", "2022-07-20"} {
		suining.Day(day)
		tongnan.Day(day)
		month := judge.PeriodOf(judge.Month, day)
		suining.FileAs("市交通运输局", road, month, judge.OnTime, "路基完成")
		suining.FileAs("市经济和信息化局", park, month, judge.AtRisk, "等待审核")
		suining.AcceptNow(road, month, false)
		if month == "2022-06" { // in July what both do together waits for the neighbour alone
			tongnan.FileAs("市农业农村局", together, month, judge.OnTime, "已供地")
			tongnan.AcceptNow(together, month, false)
		}
		suining.Hear(tongnan)
		tongnan.Hear(suining)
	}
	suining.Day("2022-07-21")
	suining.FileAs("市交通运输局", road, "2022-07", judge.OnTime, "更正")
	return []*plantest.Office{suining, tongnan}
}

func readPlain(t rapid.TB, d *plan.Desk) plan.PlainItems {
	plain, err := plan.ReadPlain(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// findAlike asks for all states of work and of reports over one scope.
func findAlike(t rapid.TB, d *plan.Desk, plain plan.PlainItems, q plan.ItemsQuery) {
	for _, q.Filing = range append(judge.FilingStates(), plan.Owed, plan.Reported, plan.InTime, "") {
		for _, q.State = range append(judge.WorkStates(), plan.Standing, plan.Finished, "") {
			want, err := plain.Of(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			total, next := -1, q
			for {
				p, err := d.Items(context.Background(), next)
				if err != nil {
					t.Fatal(err)
				}
				if next.After == "" {
					total = p.Total
				}
				for _, i := range p.Rows {
					got = append(got, strings.Join([]string{i.Item, string(i.Work.State), string(i.Period), string(i.Filing.State)}, " "))
				}
				if next.After = p.Next; next.After == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%+v:\n%s\nwant\n%s", q, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if total >= 0 && total != len(got) {
				t.Fatalf("%+v: %d in all, %d rows", q, total, len(got))
			}
		}
	}
}
