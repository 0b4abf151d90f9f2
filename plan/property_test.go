package plan_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// TestProjectionEqualsRecomputation: whatever people do in whatever order, the joint rows that
// were kept up by differences are those of a replay from nothing, key by key and all at once.
func TestProjectionEqualsRecomputation(t *testing.T) {
	fewChecks()
	rapid.Check(t, func(r *rapid.T) {
		w := &world{office: newOffice(t, storetest.OpenSQLite(t)), r: r}
		if rapid.Bool().Draw(r, "all at once") {
			defer plan.ManyKeys(1)()
		}
		for range 2 {
			if err := w.importList(); err != nil {
				r.Fatal(err)
			}
		}
		for range rapid.IntRange(5, 40).Draw(r, "acts") {
			w.act()
		}
		w.clean()
		if t.Failed() {
			r.Fatalf("after: %s", strings.Join(w.story, "; "))
		}
	})
}

// fewChecks: each opens an office of its own.
func fewChecks() {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		flag.Set("rapid.checks", "30")
	}
}

// world lets people act at random.
type world struct {
	*office
	r     *rapid.T
	story []string
}

func (w *world) act() {
	acts := []func() error{
		w.importList, w.file, w.file, w.file, w.review, w.review, w.link, w.unlink, w.verdict,
		w.later, w.call, w.call, w.uncall,
	}
	n := rapid.IntRange(0, len(acts)-1).Draw(w.r, "act")
	err := acts[n]()
	if _, refused := refuse.As(err); err != nil && !refused {
		w.r.Fatalf("act %d: %v", n, err)
	}
	w.story = append(w.story, fmt.Sprintf("%d:%v", n, err))
}

var (
	titles    = []string{"扩容遂渝高速公路", "建设蔬菜生产基地", "编制园区总体规划", "推行一卡通一码通", "共建锂电产业集群", "联合监测空气质量"}
	deadlines = []string{"3月底前", "6月底前", "年底前", "持续推进", "上半年", ""}
	circles   = []string{"suitong", "chengyu", ""}
	cycles    = []judge.Cycle{judge.Month, judge.Quarter, judge.TenDay, judge.AdHoc}
)

// importList takes a list in, new or revised: rows come, go and change.
func (w *world) importList() error {
	which := rapid.IntRange(0, 2).Draw(w.r, "list")
	var text strings.Builder
	text.WriteString("序号,工作任务,牵头单位,配合单位,完成时限\n")
	for i, title := range titles {
		if rapid.Bool().Draw(w.r, "has") {
			fmt.Fprintf(&text, "%d,%s,%s,%s,%s\n", i+1, title,
				rapid.SampledFrom(units).Draw(w.r, "lead"), rapid.SampledFrom(append(units, "")).Draw(w.r, "support"),
				rapid.SampledFrom(deadlines).Draw(w.r, "deadline"))
		}
	}
	p, err := w.Preview(context.Background(), source("清单.csv", text.String()), plan.ImportOptions{
		Plan: fmt.Sprintf("list-%d", which), Year: 2022, Circle: circles[which], Title: "清单",
		Cycle: rapid.SampledFrom(cycles).Draw(w.r, "cycle"),
	})
	if err != nil {
		return nil // an empty list is no task list
	}
	_, err = w.Import(context.Background(), w.coordinator(), p, p.EveryProposal())
	return err
}

func (w *world) some(query string) (id string, ok bool) {
	ctx := context.Background()
	var all []string
	err := w.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, query)
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
		return "", false
	}
	return rapid.SampledFrom(all).Draw(w.r, "of"), true
}

func (w *world) someItem() (string, bool) {
	return w.some(`SELECT item FROM plan_item_now ORDER BY item`)
}

// file lets mostly the lead file, mostly for a period that a list asks for.
func (w *world) file() error {
	item, ok := w.someItem()
	if !ok {
		return nil
	}
	org, ok := w.some(`SELECT org FROM plan_item_unit WHERE item = '` + item + `' AND leads = 1 ORDER BY org`)
	if !ok || rapid.IntRange(0, 9).Draw(w.r, "stranger") == 0 {
		org = w.names[units[0]]
	}
	cycle, _ := w.some(`SELECT n.cycle FROM plan_now n JOIN plan_pointer p ON p.listing = n.listing WHERE p.item = '` + item + `' ORDER BY n.listing`)
	f := plan.ReportFacts{
		Item: item, Period: judge.PeriodOf(judge.Cycle(cycle), w.Today()),
		Claim: rapid.SampledFrom([]judge.WorkState{"", judge.OnTime, judge.AtRisk, judge.Done, judge.Done}).Draw(w.r, "claim"),
	}
	if called, ok := w.some(`SELECT DISTINCT day FROM plan_asked ORDER BY day`); ok && rapid.Bool().Draw(w.r, "called") {
		f.Period = judge.Period(called)
	}
	if rapid.IntRange(0, 3).Draw(w.r, "earlier") == 0 && f.Period.Prev() != "" {
		f.Period = f.Period.Prev()
	}
	req := w.as(region.Reporter, "")
	req.Actor.Org = org
	words := plan.ReportWords{Progress: "进展", Reason: rapid.SampledFrom([]string{"", "核减"}).Draw(w.r, "reason")}
	_, err := w.File(context.Background(), req, f, words)
	return err
}

func (w *world) review() error {
	filed, ok := w.some(`SELECT f.item || '@' || f.period || '@' || f.claim FROM plan_filed f WHERE NOT EXISTS (
		SELECT 1 FROM plan_filed g WHERE g.item = f.item AND g.period = f.period AND g.idx > f.idx) ORDER BY f.idx`)
	if !ok {
		return nil
	}
	ctx := context.Background()
	of := strings.Split(filed, "@")
	if rapid.IntRange(0, 3).Draw(w.r, "return") == 0 {
		return w.Return(ctx, w.coordinator(), of[0], judge.Period(of[1]), "请补充")
	}
	confirm := of[2] == string(judge.Done) && rapid.Bool().Draw(w.r, "confirm")
	_, err := w.Accept(ctx, w.coordinator(), of[0], judge.Period(of[1]), confirm)
	return err
}

func (w *world) link() error {
	l, ok := w.some(`SELECT listing FROM plan_now ORDER BY listing`)
	item, also := w.someItem()
	if !ok || !also {
		return nil
	}
	return w.Link(context.Background(), w.coordinator(), l, []string{item}, "同一事项")
}

func (w *world) unlink() error {
	l, ok := w.some(`SELECT listing FROM plan_now ORDER BY listing`)
	if !ok {
		return nil
	}
	return w.Unlink(context.Background(), w.coordinator(), l)
}

func (w *world) verdict() error {
	l, ok := w.some(`SELECT listing FROM plan_now ORDER BY listing`)
	if !ok {
		return nil
	}
	state := rapid.SampledFrom([]judge.WorkState{"", judge.Late, judge.OnTime, judge.Done}).Draw(w.r, "state")
	return w.GiveVerdict(context.Background(), w.coordinator(), l, state, "经核实")
}

// call asks for reports of some or all rows of a list, within the next days.
func (w *world) call() error {
	list, ok := w.some(`SELECT plan FROM plan_plan ORDER BY plan`)
	if !ok {
		return nil
	}
	f := plan.CallFacts{Plan: list, Day: w.Today().AddDays(rapid.IntRange(0, 20).Draw(w.r, "due"))}
	for range rapid.IntRange(0, 2).Draw(w.r, "rows") {
		if l, ok := w.some(`SELECT listing FROM plan_now WHERE plan = '` + list + `' ORDER BY listing`); ok {
			f.Listings = append(f.Listings, l)
		}
	}
	_, err := w.Call(context.Background(), w.coordinator(), f, "请报最新进展")
	return err
}

func (w *world) uncall() error {
	called, ok := w.some(`SELECT plan || ' ' || day FROM plan_call ORDER BY plan, day`)
	if !ok {
		return nil
	}
	list, day, _ := strings.Cut(called, " ")
	return w.Uncall(context.Background(), w.coordinator(), list, judge.Date(day), "已另行开会听取")
}

func (w *world) later() error {
	days := rapid.IntRange(1, 45).Draw(w.r, "days")
	w.day(string(judge.DateIn(w.clock().Add(time.Duration(days)*24*time.Hour), judge.Beijing)))
	return nil
}
