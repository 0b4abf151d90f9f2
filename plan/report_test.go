package plan_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

const quarterly = `序号,重点任务,责任单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,年底前
`

const motorway = "加快推进遂渝高速公路扩容工程建设"

// twoRhythms is an office whose motorway stands in a monthly and in a quarterly list, and has one
// indicator.
func twoRhythms(t *testing.T, s *store.Store) (o *office, item string) {
	t.Helper()
	o = newOffice(t, s)
	o.take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
	o.take(plan.ImportOptions{Plan: "year", Year: 2022, Title: "政府工作报告分工", Cycle: judge.Quarter}, quarterly)
	item = o.itemOf(motorway)
	err := o.ReviseItem(context.Background(), o.coordinator(), plan.ItemFacts{
		Item: item, Leads: []string{o.names["市交通运输局"]}, Supports: []string{o.names["市发展改革委"]},
		Milestones: []plan.MilestoneFacts{{ID: "m1", Day: "2022-03-31"}},
		Indicators: []plan.IndicatorFacts{{ID: "k1", Unit: "亿元", Target: "20", Direction: "up", Mode: "cumulative", Decimals: 2}},
	}, plan.ItemWords{
		Title: motorway, Milestones: map[string]string{"m1": "征地完成"}, Indicators: map[string]string{"k1": "完成投资"},
		Targets: map[string]string{"k1": "完成投资20亿元"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, item
}

func (o *office) reporter() node.Request { return o.as(region.Reporter, "市交通运输局") }

// month files and accepts a month of the motorway.
func (o *office) month(item string, p judge.Period, day, text, value string) {
	o.t.Helper()
	o.day(day)
	f := plan.ReportFacts{Item: item, Period: p, Claim: judge.OnTime, Figures: []plan.FigureFacts{{Indicator: "k1", Value: value}}}
	if _, err := o.File(context.Background(), o.reporter(), f, plan.ReportWords{Progress: text}); err != nil {
		o.t.Fatalf("%s: %v", p, err)
	}
	if _, err := o.Accept(context.Background(), o.coordinator(), item, p, false); err != nil {
		o.t.Fatalf("%s: %v", p, err)
	}
}

func TestLongerReportsAreComposed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := twoRhythms(t, s)
		o.month(item, "2022-01", "2022-01-20", "征地启动", "1.5")
		o.month(item, "2022-02", "2022-02-20", "路基10%", "3")
		o.day("2022-03-20")
		lead := o.reporter()

		_, err := o.Compose(ctx, lead.Actor, item, "2022-Q1")
		if !refuse.Is(err, "plan.longer-not-composed") {
			t.Fatalf("composed although March is not accepted: %v", err)
		}
		byHand := plan.ReportFacts{Item: item, Period: "2022-Q1", Claim: judge.OnTime, Longer: true}
		if _, err := o.File(ctx, lead, byHand, plan.ReportWords{Progress: "自行填写"}); !refuse.Is(err, "plan.longer-not-composed") {
			t.Fatalf("a quarter was filed without its months: %v", err)
		}
		for _, d := range o.todo(lead).Reports {
			if d.Composed {
				t.Errorf("the quarter waits although March is missing: %+v", d)
			}
		}
		o.month(item, "2022-03", "2022-03-21", "路基30%", "5")
		waits := o.todo(lead).Reports
		if len(waits) != 1 || !waits[0].Composed || waits[0].Period != "2022-Q1" {
			t.Fatalf("after March waits %+v, want the quarter to confirm", waits)
		}
		c, err := o.Compose(ctx, lead.Actor, item, "2022-Q1")
		if err != nil {
			t.Fatal(err)
		}
		if want := "1月：征地启动\n2月：路基10%\n3月：路基30%"; c.Words.Progress != want {
			t.Errorf("composed %q, want %q", c.Words.Progress, want)
		}
		if len(c.Facts.Figures) != 1 || c.Facts.Figures[0].Value != "5" {
			t.Errorf("a cumulative figure is the last one: %+v", c.Facts.Figures)
		}
		if _, err := o.File(ctx, lead, c.Facts, c.Words); err != nil {
			t.Fatal(err)
		}
		if left := o.todo(lead); len(left.Reports) != 0 || left.Waiting != 1 {
			t.Errorf("after confirming: %d wait, %d are under review", len(left.Reports), left.Waiting)
		}
		o.clean()
	})
}

func (o *office) todo(req node.Request) plan.Todo {
	o.t.Helper()
	t, err := o.Todo(context.Background(), req.Actor)
	if err != nil {
		o.t.Fatal(err)
	}
	return t
}

func TestQuestionsAreAnsweredBeforeFiling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := twoRhythms(t, s)
		o.month(item, "2022-01", "2022-01-20", "征地启动", "3")
		o.day("2022-02-20")
		for _, c := range []struct {
			name, value, code string
		}{
			{"a cumulative figure falls", "2", "figure.fell"},
			{"ten times the last", "31", "figure.tenfold"},
			{"万元 typed as 亿元", "35000", "figure.unit-slip"},
			{"an ordinary step", "4", ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				f := plan.ReportFacts{Item: item, Period: "2022-02", Claim: judge.OnTime, Figures: []plan.FigureFacts{{Indicator: "k1", Value: c.value}}}
				asked, err := o.Ask(ctx, f)
				if err != nil {
					t.Fatal(err)
				}
				if c.code == "" {
					if len(asked) > 0 {
						t.Errorf("asked %+v", asked)
					}
					return
				}
				if len(asked) == 0 || asked[len(asked)-1].Code != c.code {
					t.Fatalf("asked %+v, want %s", asked, c.code)
				}
				if _, err := o.File(ctx, o.reporter(), f, plan.ReportWords{Progress: "…"}); !refuse.Is(err, "plan.question-open") {
					t.Errorf("filed without an answer: %v", err)
				}
				answers := map[string]string{}
				for _, q := range asked {
					answers[q.ID] = "审计核减"
				}
				if _, err := o.File(ctx, o.reporter(), f, plan.ReportWords{Progress: "…", Answers: answers}); err != nil {
					t.Error(err)
				}
			})
		}
	})
}

func TestOneAnswerWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := twoRhythms(t, s)
		o.day("2022-01-20")
		f := plan.ReportFacts{Item: item, Period: "2022-01", Claim: judge.OnTime}
		if _, err := o.File(ctx, o.reporter(), f, plan.ReportWords{Progress: "征地启动"}); err != nil {
			t.Fatal(err)
		}
		q, err := o.Queue(ctx, o.coordinator().Actor, "")
		if err != nil || len(q.Rows) != 1 || q.Total != 1 {
			t.Fatalf("queue %+v, %v", q, err)
		}
		seen := q.Rows[0].Index
		errs := make([]error, 2)
		var both sync.WaitGroup
		both.Go(func() { _, errs[0] = o.AcceptSeen(ctx, o.coordinator(), item, "2022-01", seen, false) })
		both.Go(func() {
			errs[1] = o.ReturnSeen(ctx, o.as(region.Reviewer, "市交通运输局"), item, "2022-01", seen, "请补充")
		})
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !refuse.Is(errors.Join(errs...), "plan.filing-answered") {
			t.Errorf("accept: %v, return: %v; want exactly one to win", errs[0], errs[1])
		}
		if q, err := o.Queue(ctx, o.coordinator().Actor, ""); err != nil || q.Total != 0 {
			t.Errorf("the queue still has %d, %v", q.Total, err)
		}
		if _, err := o.File(ctx, o.reporter(), f, plan.ReportWords{Progress: "征地完成", Reason: "核对后更正"}); err != nil { // whichever answer won
			t.Fatal(err)
		}
		if _, err := o.AcceptSeen(ctx, o.coordinator(), item, "2022-01", seen, false); !refuse.Is(err, "plan.filing-not-newest") {
			t.Errorf("a filing was accepted unread: %v", err)
		}
		o.clean()
		if err := o.Node().Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if q, _ := o.Queue(ctx, o.coordinator().Actor, ""); q.Total != 1 {
			t.Errorf("after a rebuild %d wait, want 1", q.Total)
		}
	})
}

func TestReturnedTextStaysInside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := twoRhythms(t, s)
		o.day("2022-01-20")
		f := plan.ReportFacts{Item: item, Period: "2022-01", Claim: judge.OnTime}
		part := plan.ReportFacts{Item: item, Period: "2022-01"}
		if _, err := o.FilePart(ctx, o.as(region.Reporter, "市发展改革委"), part, plan.ReportWords{Progress: "内部字样甲"}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.File(ctx, o.reporter(), f, plan.ReportWords{Progress: "内部字样乙"}); err != nil {
			t.Fatal(err)
		}
		if err := o.Return(ctx, o.coordinator(), item, "2022-01", "内部字样丙"); err != nil {
			t.Fatal(err)
		}
		lead, err := o.FilingForm(ctx, o.reporter().Actor, item, "2022-01")
		if err != nil || lead.Returned == nil || lead.Returned.Words.Progress != "内部字样丙" || len(lead.Parts) != 1 {
			t.Fatalf("the lead sees %+v, %v", lead, err)
		}
		support, err := o.FilingForm(ctx, o.as(region.Reporter, "市发展改革委").Actor, item, "2022-01")
		if err != nil || !support.AsPart || support.Returned != nil || len(support.Parts) != 0 {
			t.Errorf("the supporting unit sees %+v, %v", support, err)
		}
		if _, err := o.FilingForm(ctx, o.as(region.Reporter, "市农业农村局").Actor, item, "2022-01"); !refuse.Is(err, "plan.not-your-item") {
			t.Errorf("a unit that has nothing to do with it: %v", err)
		}
		f.Parts = []int64{lead.Parts[0].Index}
		if _, err := o.File(ctx, o.reporter(), f, plan.ReportWords{Progress: "采用字样"}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Accept(ctx, o.coordinator(), item, "2022-01", false); err != nil {
			t.Fatal(err)
		}
		outside := o.wordsOutside()
		if strings.Contains(outside, "内部字样") || !strings.Contains(outside, "采用字样") {
			t.Errorf("the circle's book says %s", outside)
		}
		for _, seat := range []region.Seat{region.Reader, region.Auditor, region.Administrator} {
			if _, err := o.Queue(ctx, o.as(seat, "市发展改革委").Actor, ""); err == nil {
				t.Errorf("%s reads the queue", seat)
			}
			if _, err := o.Reviewing(ctx, o.as(seat, "市发展改革委").Actor, item, "2022-01"); err == nil {
				t.Errorf("%s reads a filing", seat)
			}
		}
	})
}

// wordsOutside is all that stands in the books of circles.
func (o *office) wordsOutside() string {
	o.t.Helper()
	var all strings.Builder
	err := o.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT words FROM book_entry WHERE book <> ?`, o.Node().BookName(node.Self))
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var raw []byte
			err = scan(&raw)
			all.Write(raw)
			return none, err
		})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all.String()
}

func TestARetryFilesOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o, item := twoRhythms(t, s)
		o.day("2022-01-20")
		req := o.reporter()
		req.ID, req.Print = "form-1", []byte("as typed")
		f := plan.ReportFacts{Item: item, Period: "2022-01", Claim: judge.OnTime}
		first, err := o.File(context.Background(), req, f, plan.ReportWords{Progress: "征地启动"})
		if err != nil {
			t.Fatal(err)
		}
		again, err := o.File(context.Background(), req, f, plan.ReportWords{Progress: "征地启动"})
		if err != nil || !again.Again || again.Entries[0] != first.Entries[0] {
			t.Errorf("the same form again: %+v, %v", again, err)
		}
	})
}

// TestAFormPromisesOnlyTheListsThatCountTheReport: a month counts in the monthly list, the quarter's list
// only composes it; the quarter counts in its own list, and no list is composed from it.
func TestAFormPromisesOnlyTheListsThatCountTheReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o, item := twoRhythms(t, s)
		o.day("2022-04-20")
		for _, c := range []struct {
			period           judge.Period
			counts, composes []judge.Cycle
		}{
			{"2022-02", []judge.Cycle{judge.Month}, []judge.Cycle{judge.Quarter}},
			{"2022-Q1", []judge.Cycle{judge.Quarter}, nil},
		} {
			f, err := o.FilingForm(context.Background(), o.reporter().Actor, item, c.period)
			if err != nil {
				t.Fatal(err)
			}
			var counts, composes []judge.Cycle
			for _, l := range f.Lists {
				counts = append(counts, l.Cycle)
			}
			for _, l := range f.Other {
				if l.Composes(c.period) {
					composes = append(composes, l.Cycle)
				}
			}
			if !slices.Equal(counts, c.counts) || !slices.Equal(composes, c.composes) {
				t.Errorf("%s counts in %v and is composed into %v, want %v and %v", c.period, counts, composes, c.counts, c.composes)
			}
		}
	})
}
