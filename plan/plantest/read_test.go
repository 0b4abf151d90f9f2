package plantest_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

const suitong = `序号,工作任务,年度目标,牵头单位,配合单位,完成时限
一、基础设施,,,,,
1,加快推进遂渝高速公路扩容工程建设,年底前完成路基工程80%,市交通运输局,市发展改革委,6月15日前
2,建设渝遂绵优质蔬菜生产带船山基地,建成核心基地2万亩,市农业农村局,市经济和信息化局,6月底前
二、产业协作,,,,,
3,推进遂潼涪江创新产业园区规划建设,完成总体规划编制,市发展改革委,市经济和信息化局、市交通运输局,三季度
`

const chengyu = `序号,重点任务,责任单位,完成时限
1,实施遂渝高速公路扩容改造工程,市交通运输局,2022年12月
2,共建锂电产业集群,市经济和信息化局,持续推进
`

func open(t *testing.T, s *store.Store) *plantest.Office {
	o := plantest.New(t, s)
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitong)
	o.Take(plan.ImportOptions{Plan: "chengyu", Year: 2022, Circle: "chengyu", Title: "双城经济圈工作要点"}, chengyu)
	return o
}

// One piece of work, two lists with different deadlines: late in one, on time in the other. The
// clock passes midnight without an entry, the board changes, and the view is still what the books
// add up to.
func TestLateHereOnTimeThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-05-20")
		o.FileAs("市交通运输局", item, "2022-05", judge.OnTime, "路基工程完成三成")
		o.AcceptNow(item, "2022-05", false)

		o.Day("2022-06-15")
		p, err := o.Item(ctx, item, "", plan.ViewerOf(o.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Listings) != 2 {
			t.Fatalf("stands in %d lists", len(p.Listings))
		}
		before := counts(t, o, "")
		o.Day("2022-06-16")
		after := counts(t, o, "")
		if before[judge.Late] != 0 || after[judge.Late] != 1 {
			t.Errorf("late before midnight %d, after %d", before[judge.Late], after[judge.Late])
		}
		if p, err = o.Item(ctx, item, "", plan.ViewerOf(o.Coordinator().Actor)); err != nil {
			t.Fatal(err)
		}
		states := map[string]string{}
		for _, l := range p.Listings {
			states[l.Key] = string(l.Work.State) + " " + l.Work.Zh(l.Why, p.AsOf)
		}
		if !strings.HasPrefix(states["suitong"], "late") || !strings.HasPrefix(states["chengyu"], "on-time") {
			t.Errorf("states: %v", states)
		}
		if past := counts(t, o, "2022-06-15"); past[judge.Late] != 0 {
			t.Errorf("yesterday, seen today: %v", past)
		}
		o.Clean()
	})
}

func counts(t *testing.T, o *plantest.Office, asOf judge.Date) plan.Counts {
	t.Helper()
	b, err := o.Board(context.Background(), plan.BoardQuery{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	return b.Totals
}

// A reader never sees what was filed and not accepted, nor why something was returned; a reporter
// only where his organisation leads or supports.
func TestWhoSeesWhatStaysInside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-02-20")
		o.FileAs("市交通运输局", item, "2022-02", judge.OnTime, "征地拆迁完成八成")
		if err := o.Return(ctx, o.Coordinator(), item, "2022-02", "数字请与国土部门核对"); err != nil {
			t.Fatal(err)
		}
		o.FileAs("市交通运输局", item, "2022-02", judge.OnTime, "征地拆迁完成七成")
		o.AcceptNow(item, "2022-02", false)
		o.FileAs("市交通运输局", item, "2022-02", judge.OnTime, "征地拆迁完成七成五")
		stop, err := o.FollowSearch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		if err := o.CatchUpSearch(ctx); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			seat   region.Seat
			unit   string
			inside bool
		}{
			{region.Coordinator, "市发展改革委", true},
			{region.Reviewer, "市交通运输局", true},
			{region.Reviewer, "市教育和体育局", false},
			{region.Auditor, "市教育和体育局", true},
			{region.Reporter, "市交通运输局", true},   // leads
			{region.Reporter, "市发展改革委", true},   // supports
			{region.Reporter, "市教育和体育局", false}, // has nothing to do with it
			{region.Reader, "市交通运输局", false},
		} {
			v := plan.ViewerOf(o.As(c.seat, c.unit).Actor)
			text := seen(t, o, item, v)
			for _, secret := range []string{"八成", "核对", "七成五"} {
				if strings.Contains(text, secret) != c.inside {
					t.Errorf("%s of %s: sees %q is %v", c.seat, c.unit, secret, !c.inside)
				}
			}
			if !strings.Contains(text, "完成七成") {
				t.Errorf("%s of %s does not see what was accepted", c.seat, c.unit)
			}
			hits, err := o.Search(ctx, plan.SearchQuery{Text: "七成五", Viewer: v})
			if err != nil {
				t.Fatal(err)
			}
			if (len(hits.Groups) > 0) != c.inside {
				t.Errorf("%s of %s finds the filing: %v", c.seat, c.unit, len(hits.Groups) > 0)
			}
		}
	})
}

func seen(t *testing.T, o *plantest.Office, item string, v plan.Viewer) string {
	t.Helper()
	ctx := context.Background()
	p, err := o.Item(ctx, item, "", v)
	if err != nil {
		t.Fatal(err)
	}
	s, err := o.Story(ctx, item, "", v)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v %+v", p, s)
	if waits := len(p.Reports) > 0 && p.Reports[0].Waiting != ""; waits != p.Inside {
		t.Errorf("%s %s: changed since accepted shows: %v", v.Seat, v.Org, waits)
	}
	return text
}

func TestSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		v := plan.ViewerOf(o.As(region.Reader, "市发展改革委").Actor)
		for _, c := range []struct {
			text string
			want string // kinds found, with how many
		}{
			{"高速公路", "item 1 listing 2"},
			{"蔬菜 基地", "item 1 listing 1"},
			{"桥", ""},
			{"菜", "item 1 listing 1"}, // inside a run
			{"２万亩", "listing 1"},      // full width
			{"速高", ""},                // a pair that is no word here
			{"扩容改造", "listing 1"},     // only in one list's wording
			{"渝遂绵蔬菜", ""},             // pairs do not join over what stands between
			{"' OR 1=1 --", ""},       // nobody's syntax
			{"plan", ""},              // what the index marks its entries with
			{"kind", ""},
			{"ｋlisting", ""},
			{"listing", ""},
			{"市交通运输局", "listing 3"}, // units as read, lead or support
		} {
			p, err := o.Search(ctx, plan.SearchQuery{Text: c.text, Viewer: v})
			if err != nil {
				t.Fatalf("%s: %v", c.text, err)
			}
			var got []string
			for _, g := range p.Groups {
				got = append(got, fmt.Sprintf("%s %d", g.Kind, len(g.Hits)))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s: %v, want %s", c.text, got, c.want)
			}
		}
		page, err := o.List(ctx, plan.ListQuery{Plan: "suitong", Section: "一、基础设施", Text: "蔬菜"})
		if err != nil || len(page.Rows) != 1 || len(page.Sections) != 2 {
			t.Errorf("filtered: %d rows, sections %v, %v", len(page.Rows), page.Sections, err)
		}
		erase(t, o, "plan.listed/1", "蔬菜")
		if p, _ := o.Search(ctx, plan.SearchQuery{Text: "蔬菜生产", Kind: "listing", Viewer: v}); len(p.Groups) > 0 {
			t.Error("erased words are found")
		}
	})
}

// erase takes the words of entries of a kind away, as erasing on request does.
func erase(t *testing.T, o *plantest.Office, kind, text string) {
	t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT book, idx, entry, words FROM book_entry WHERE words IS NOT NULL`)
		if err != nil {
			return err
		}
		var at []node.Position
		for rows.Next() {
			var p node.Position
			var raw, words []byte
			if err := rows.Scan(&p.Book, &p.Index, &raw, &words); err != nil {
				return err
			}
			if strings.Contains(string(raw), kind) && strings.Contains(string(words), text) {
				at = append(at, p)
			}
		}
		rows.Close()
		for _, p := range at {
			if _, err := tx.Exec(ctx, `UPDATE book_entry SET words = NULL, erased = 1 WHERE book = ? AND idx = ?`, p.Book, p.Index); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever people did and whatever day is asked for, the figures of the board are those that one
// gets by counting the rows of the lists one by one.
func TestBoardEqualsNaiveCount(t *testing.T) {
	ctx := context.Background()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		flag.Set("rapid.checks", "30") // each is a whole office
	}
	rapid.Check(t, func(r *rapid.T) {
		o := open(t, storetest.OpenSQLite(t))
		items := []string{}
		for _, title := range []string{"遂渝高速公路扩容工程", "蔬菜生产带", "创新产业园区", "锂电产业"} {
			_, item := o.Row(title)
			items = append(items, item)
		}
		leads := []string{"市交通运输局", "市农业农村局", "市发展改革委", "市经济和信息化局"}
		day := judge.Date("2022-01-12")
		for range rapid.IntRange(3, 25).Draw(r, "acts") {
			day = day.AddDays(rapid.IntRange(0, 20).Draw(r, "days"))
			o.Day(day)
			i := rapid.IntRange(0, len(items)-1).Draw(r, "item")
			p := judge.PeriodOf(judge.Month, day)
			claim := rapid.SampledFrom([]judge.WorkState{judge.OnTime, judge.AtRisk, judge.Done}).Draw(r, "claim")
			f := plan.ReportFacts{Item: items[i], Period: p, Claim: claim}
			if claim == judge.Done {
				f.DoneOn = day
			}
			// Refusals are part of a random office's life.
			_, _ = o.File(ctx, o.As(region.Reporter, leads[i]), f, plan.ReportWords{Progress: "有进展"})
			switch rapid.IntRange(0, 4).Draw(r, "then") {
			case 0:
				_ = o.Return(ctx, o.Coordinator(), items[i], p, "请补充")
			case 1, 2:
				_, _ = o.Accept(ctx, o.Coordinator(), items[i], p, claim == judge.Done)
			case 3:
				l, _ := o.Row("蔬菜生产带")
				_ = o.GiveVerdict(ctx, o.Coordinator(), l, judge.AtRisk, "资金未到位")
			}
		}
		asOf := judge.Date("2022-01-01").AddDays(rapid.IntRange(0, 400).Draw(r, "as-of"))
		b, err := o.Board(ctx, plan.BoardQuery{AsOf: asOf, Year: 2022})
		if err != nil {
			r.Fatal(err)
		}
		if got, want := told(b), recount(ctx, r, o, b); got != want {
			r.Fatalf("as of %s (today %s)\n board %s\nrecount %s", asOf, o.Today(), got, want)
		}
	})
}

func told(b plan.Board) string {
	var out []string
	for _, row := range b.Rows {
		r := row.Report
		out = append(out, fmt.Sprintf("%s %v %s owed %d filed %d returned %d accepted %d missing %d",
			row.Key, row.States, r.Period, r.Owed, r.Filed, r.Returned, r.Accepted, r.Missing))
	}
	return strings.Join(append(out, fmt.Sprintf("items %v", b.Totals)), "\n")
}

// recount counts rows as the list pages show them, and items by their pages.
func recount(ctx context.Context, r *rapid.T, o *plantest.Office, b plan.Board) string {
	var out []string
	items := map[string]bool{}
	for _, row := range b.Rows {
		page, err := o.List(ctx, plan.ListQuery{Plan: row.Key, AsOf: b.Query.AsOf, Size: 1})
		states := plan.Counts{}
		var n plan.Reporting
		for {
			if err != nil {
				r.Fatal(err)
			}
			for _, l := range page.Rows {
				states[l.Work.State]++
				items[l.Item] = true
				if !l.Owes {
					continue
				}
				n.Owed++
				switch l.Filing.State {
				case judge.Filed:
					n.Filed++
				case judge.Returned:
					n.Returned++
				case judge.Accepted:
					n.Accepted++
				default:
					n.Missing++
				}
			}
			if page.Next == "" {
				break
			}
			page, err = o.List(ctx, plan.ListQuery{Plan: row.Key, AsOf: b.Query.AsOf, Size: 1, After: page.Next})
		}
		out = append(out, fmt.Sprintf("%s %v %s owed %d filed %d returned %d accepted %d missing %d",
			row.Key, states, page.Query.Period, n.Owed, n.Filed, n.Returned, n.Accepted, n.Missing))
	}
	totals := plan.Counts{}
	for item := range items {
		p, err := o.Item(ctx, item, b.Query.AsOf, plan.Viewer{Seat: region.Reader})
		if err != nil {
			r.Fatal(err)
		}
		totals[p.Work.State]++
	}
	return strings.Join(append(out, fmt.Sprintf("items %v", totals)), "\n")
}
