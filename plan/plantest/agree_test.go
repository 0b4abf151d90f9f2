package plantest_test

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// TestNodesAgree: two or three offices work at random and hear each other's books in pieces, late, twice and across
// restarts. Whoever has the same books has the same tables of the circle, and they are those of a replay.
func TestNodesAgree(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		// Each opens some offices; make soak draws many more.
		flag.Set("rapid.checks", "12")
	}
	rapid.Check(t, func(r *rapid.T) {
		w := &neighbours{r: r}
		for _, id := range []node.Identity{plantest.Suining, plantest.Tongnan, plantest.Yibin}[:rapid.IntRange(2, 3).Draw(r, "members")] {
			w.all = append(w.all, plantest.Of(t, storetest.OpenSQLite(t), id))
		}
		plantest.Meet(w.all...)
		for _, o := range w.all {
			w.take(o)
		}
		for range rapid.IntRange(5, 40).Draw(r, "steps") {
			w.step()
		}
		for _, o := range w.all {
			for _, of := range w.all {
				if of != o {
					o.Hear(of)
				}
			}
			o.Clean()
		}
		first := circleTables(t, w.all[0])
		for _, o := range w.all[1:] {
			if got := circleTables(t, o); sum(got) != sum(first) {
				r.Fatalf("%s and %s differ: %s", w.all[0].Node().Name, o.Node().Name, differ(first, got))
			}
		}
		if t.Failed() {
			r.Fatalf("after %s", strings.Join(w.story, "; "))
		}
	})
}

func sum(rows []string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(rows, "\n"))))
}

func differ(a, b []string) string {
	var out strings.Builder
	for _, x := range a {
		if !slices.Contains(b, x) {
			fmt.Fprintf(&out, "\nonly first: %s", x)
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			fmt.Fprintf(&out, "\nonly second: %s", x)
		}
	}
	return out.String()
}

// neighbours are offices at work.
type neighbours struct {
	r     *rapid.T
	all   []*plantest.Office
	story []string
}

func (w *neighbours) step() {
	o := rapid.SampledFrom(w.all).Draw(w.r, "who")
	acts := []func(*plantest.Office) error{w.hear, w.hear, w.hear, w.file, w.file, w.answer, w.answer, w.link, w.verdict, w.call, w.take, w.later, w.restart, w.claim, w.claim, w.claim, w.decline, w.ask, w.propose, w.propose, w.settle, w.settle, w.judgePart, w.judgePart, w.object, w.same, w.same}
	n := rapid.IntRange(0, len(acts)-1).Draw(w.r, "act")
	err := acts[n](o)
	if _, refused := refuse.As(err); err != nil && !refused {
		w.r.Fatalf("%s, act %d: %v", o.Node().Name, n, err)
	}
	w.story = append(w.story, fmt.Sprintf("%s %d: %v", o.Node().Name, n, err))
}

// hear takes a stretch of a neighbour's book from anywhere up to what is here: some of it again, and not all.
func (w *neighbours) hear(o *plantest.Office) error {
	of := rapid.SampledFrom(w.all).Draw(w.r, "of")
	if of == o {
		return nil
	}
	have := o.Size(of)
	from := rapid.Int64Range(0, have).Draw(w.r, "from")
	o.HearPart(of, from, rapid.IntRange(1, 60).Draw(w.r, "count"))
	return nil
}

func (w *neighbours) take(o *plantest.Office) error {
	var text strings.Builder
	text.WriteString("序号,工作任务,牵头单位,完成时限\n")
	for i, title := range []string{"扩容遂渝高速公路", "建设蔬菜生产基地", "编制园区总体规划", "推行一卡通一码通"} {
		if i == 0 || rapid.Bool().Draw(w.r, "has") {
			lead := rapid.SampledFrom(plantest.UnitNames).Draw(w.r, "lead")
			switch other := rapid.SampledFrom(w.all).Draw(w.r, "side"); {
			case other == o:
			case rapid.Bool().Draw(w.r, "alone"):
				lead = other.Node().Name + "：区水利局"
			default:
				lead = o.Node().Name + "：" + lead + "；" + other.Node().Name + "：区水利局"
			}
			fmt.Fprintf(&text, "%d,%s,%s,%s\n", i+1, title, lead,
				rapid.SampledFrom([]string{"3月底前", "6月底前", "年底前", "持续推进"}).Draw(w.r, "deadline"))
		}
	}
	circle := rapid.SampledFrom([]string{plantest.Circle, plantest.Circle, ""}).Draw(w.r, "circle")
	o.Take(plan.ImportOptions{
		Plan: "list-2022" + circle, Year: 2022, Circle: circle, Title: "清单",
		Cycle: rapid.SampledFrom([]judge.Cycle{judge.Month, judge.Quarter, judge.TenDay}).Draw(w.r, "cycle"),
	}, text.String())
	return nil
}

// some draws one of what a query over the office's own books finds.
func (w *neighbours) some(o *plantest.Office, query string) string {
	ctx := context.Background()
	var all []string
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, query, o.Node().Member)
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (s string, err error) {
			err = scan(&s)
			return s, err
		})
		return err
	})
	if err != nil {
		w.r.Fatal(err)
	}
	if len(all) == 0 {
		return ""
	}
	return rapid.SampledFrom(all).Draw(w.r, "of")
}

func (w *neighbours) file(o *plantest.Office) error {
	item := w.some(o, `SELECT item FROM plan_item WHERE substr(book, 1, 6) = ? AND book LIKE '%/self' ORDER BY item`)
	cycle := w.some(o, `SELECT cycle FROM plan_now WHERE substr(book, 1, 6) = ? AND item = '`+item+`' ORDER BY listing`)
	f := plan.ReportFacts{
		Item: item, Period: judge.PeriodOf(judge.Cycle(cycle), o.Today()),
		Claim: rapid.SampledFrom([]judge.WorkState{judge.OnTime, judge.AtRisk, judge.Done}).Draw(w.r, "claim"),
	}
	req := o.As(region.Reporter, "")
	req.Actor.Org = w.some(o, `SELECT org FROM plan_item_unit WHERE substr(book, 1, 6) = ? AND item = '`+item+`' AND leads = 1 ORDER BY org`)
	_, err := o.File(context.Background(), req, f, plan.ReportWords{Progress: "进展", Reason: "核对"})
	return err
}

func (w *neighbours) answer(o *plantest.Office) error {
	item, period, ok := strings.Cut(w.some(o, `SELECT item || ' ' || period FROM plan_waiting WHERE substr(book, 1, 6) = ? ORDER BY item, period`), " ")
	if !ok {
		return nil
	}
	if rapid.IntRange(0, 3).Draw(w.r, "return") == 0 {
		return o.Return(context.Background(), o.Coordinator(), item, judge.Period(period), "请补充")
	}
	_, err := o.Accept(context.Background(), o.Coordinator(), item, judge.Period(period), false)
	return err
}

func (w *neighbours) listing(o *plantest.Office) string {
	return w.some(o, `SELECT listing FROM plan_now WHERE substr(book, 1, 6) = ? ORDER BY listing`)
}

func (w *neighbours) link(o *plantest.Office) error {
	item := w.some(o, `SELECT item FROM plan_item_now WHERE substr(book, 1, 6) = ? ORDER BY item`)
	return o.Link(context.Background(), o.Coordinator(), w.listing(o), []string{item}, "同一事项")
}

func (w *neighbours) verdict(o *plantest.Office) error {
	return o.GiveVerdict(context.Background(), o.Coordinator(), w.listing(o), judge.Late, "经核实")
}

func (w *neighbours) call(o *plantest.Office) error {
	list := w.some(o, `SELECT plan FROM plan_plan WHERE substr(book, 1, 6) = ? ORDER BY plan`)
	due := o.Today().AddDays(rapid.IntRange(0, 20).Draw(w.r, "due"))
	_, err := o.Call(context.Background(), o.Coordinator(), plan.CallFacts{Plan: list, Day: due}, "请报最新进展")
	return err
}

// asked is a row of a neighbour's that asks the office, which has heard all by then.
func (w *neighbours) asked(o *plantest.Office) string {
	for _, of := range w.all {
		if of != o {
			o.Hear(of)
		}
	}
	return w.some(o, `SELECT listing FROM plan_ask WHERE member = ? ORDER BY listing`)
}

func (w *neighbours) claim(o *plantest.Office) error {
	var item string
	if rapid.IntRange(0, 3).Draw(w.r, "known") == 0 {
		item = w.some(o, `SELECT item FROM plan_item_now WHERE substr(book, 1, 6) = ? ORDER BY item`)
	}
	lead := o.Units[rapid.SampledFrom(plantest.UnitNames).Draw(w.r, "lead")]
	_, err := o.Claim(context.Background(), o.Coordinator(), w.asked(o), item, []string{lead})
	return err
}

func (w *neighbours) decline(o *plantest.Office) error {
	_, err := o.Decline(context.Background(), o.Coordinator(), w.asked(o), "没有资金", "")
	return err
}

func (w *neighbours) ask(o *plantest.Office) error {
	list := w.some(o, `SELECT plan FROM plan_plan WHERE substr(book, 1, 6) = ? ORDER BY plan`)
	_, err := o.AskNeighbours(context.Background(), o.Coordinator(), list)
	return err
}

// propose speaks of a part of a row that asks a neighbour, from either side, by what the office has heard.
func (w *neighbours) propose(o *plantest.Office) error {
	listing, member, _ := strings.Cut(w.some(o, `SELECT listing || ' ' || member FROM plan_ask WHERE substr(book, 1, 6) = ? ORDER BY 1`), " ")
	if theirs := w.some(o, `SELECT listing FROM plan_ask WHERE member = ? ORDER BY 1`); theirs != "" && rapid.Bool().Draw(w.r, "theirs") {
		listing, member = theirs, ""
	}
	p := plan.Proposed{Words: plan.ChangeWords{Reason: "工期有变"}}
	if rapid.Bool().Draw(w.r, "deadline") {
		p.Deadline = judge.Deadline{Kind: judge.By, Date: rapid.SampledFrom([]judge.Date{"2022-05-31", "2022-09-30", "2022-12-31"}).Draw(w.r, "by")}
	} else {
		p.Words.Target = "整治12公里"
	}
	_, err := o.ProposeChange(context.Background(), o.Coordinator(), listing, member, p)
	return err
}

func (w *neighbours) settle(o *plantest.Office) error {
	w.asked(o) // hears all
	of := w.some(o, `SELECT book || ' ' || idx FROM plan_change WHERE addressee = ? ORDER BY 1`)
	book, idx, _ := strings.Cut(of, " ")
	_, err := o.AnswerChange(context.Background(), o.Coordinator(), book, number(idx), rapid.IntRange(0, 3).Draw(w.r, "accept") > 0, "已商")
	return err
}

func (w *neighbours) judgePart(o *plantest.Office) error {
	w.asked(o)
	of := w.some(o, `SELECT listing || ' ' || item FROM plan_claimed WHERE substr(listing, length(listing) - 5) = ? ORDER BY 1`)
	listing, item, ok := strings.Cut(of, " ")
	if !ok {
		return nil
	}
	p, err := o.Terms(context.Background(), listing)
	if err != nil {
		return err
	}
	for _, part := range p.Parts {
		if part.Item == item {
			state := rapid.SampledFrom([]judge.WorkState{judge.Late, judge.Done, ""}).Draw(w.r, "state")
			_, err = o.JudgePart(context.Background(), o.Coordinator(), listing, item, part.Version, state, "经核实")
		}
	}
	return err
}

func (w *neighbours) object(o *plantest.Office) error {
	w.asked(o)
	of := w.some(o, `SELECT book || ' ' || idx FROM plan_part_verdict WHERE substr(of_book, 1, 6) = ? ORDER BY 1`)
	book, idx, _ := strings.Cut(of, " ")
	_, err := o.Object(context.Background(), o.Coordinator(), book, number(idx), "与事实不符")
	return err
}

// same says of some rows of a list and of a neighbour's, as the office has heard them, that they are one.
func (w *neighbours) same(o *plantest.Office) error {
	w.asked(o)
	ours := w.some(o, `SELECT plan FROM plan_plan WHERE substr(book, 1, 6) = ? AND circle <> 'self' ORDER BY plan`)
	theirs := w.some(o, `SELECT plan FROM plan_plan WHERE substr(book, 1, 6) <> ? AND circle <> 'self' ORDER BY plan`)
	var pairs []plan.SamePair
	for range rapid.IntRange(0, 3).Draw(w.r, "pairs") {
		pairs = append(pairs, plan.SamePair{
			Listing: w.some(o, `SELECT listing FROM plan_now WHERE substr(book, 1, 6) = ? AND plan = '`+ours+`' ORDER BY listing`),
			Theirs:  w.some(o, `SELECT listing FROM plan_now WHERE substr(book, 1, 6) <> ? AND plan = '`+theirs+`' ORDER BY listing`),
		})
	}
	_, err := o.SayWith(context.Background(), o.Coordinator(), ours, theirs, pairs)
	return err
}

func number(text string) (n int64) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (w *neighbours) later(o *plantest.Office) error {
	o.Day(o.Today().AddDays(rapid.IntRange(1, 40).Draw(w.r, "days")))
	return nil
}

func (w *neighbours) restart(o *plantest.Office) error {
	o.Restart()
	return nil
}

// circleTables are all rows that the books of the circle add up to. How far reports came before they were accepted
// stays inside each member, and with it what hangs on that: what is compared of reports is how the circle knows them.
func circleTables(t *testing.T, o *plantest.Office) (all []string) {
	t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		for _, table := range o.Node().ViewTables() {
			err := node.EachRow(ctx, tx, table, func(r node.Row) error {
				var line strings.Builder
				circle := false
				for _, c := range r.Columns {
					v := r.Get(c)
					if c == "gap" {
						continue
					}
					circle = circle || ofCircle(table, c, v)
					line.WriteString(" " + c + "=" + v)
				}
				if circle && !strings.Contains(line.String(), "circle:self") && !strings.Contains(line.String(), "circleunit:self") {
					all = append(all, table+line.String())
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// ofCircle says that a value of a row makes it one that every member of the circle has alike.
func ofCircle(table, column, value string) bool {
	if table == "plan_filing" {
		return column == "listing" && strings.HasPrefix(value, "circle")
	}
	if table == "plan_filing_tally" {
		return column == "scope" && strings.HasPrefix(value, "circle")
	}
	switch column {
	case "book":
		return strings.HasSuffix(value, "/"+plantest.Circle) && table != "plan_item_now"
	case "scope":
		return strings.HasPrefix(value, "circle") || strings.HasPrefix(value, "plan:") && strings.HasSuffix(value, plantest.Circle)
	case "plan":
		return strings.HasSuffix(value, plantest.Circle)
	}
	return false
}
