package plantest_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// The same document as each of two members took it in, with a row that the other's copy does not have.
const (
	sameOfSuining = `序号,工作任务,牵头单位,完成时限
1,建设遂潼产业园,遂宁市：市经济和信息化局；潼南区：区经济信息委,6月底前
2,整治琼江潼南段,潼南区：区水利局,6月底前
3,扩容遂渝高速公路,市交通运输局,年底前
4,互设政务服务窗口,市发展改革委,年底前
`
	sameOfTongnan = `序号,工作任务,牵头单位,完成时限
1,建设遂潼产业园,潼南区：市经济和信息化局；遂宁市：市经信局,6月底前
2,整治琼江潼南段,市农业农村局,6月底前
3,扩容遂渝高速公路,遂宁市：市交通局,年底前
5,共建职业教育基地,市教育和体育局,年底前
`
)

// sameOffices are two offices that took in one document each for itself.
func sameOffices(t *testing.T, s *store.Store) (suining, tongnan *plantest.Office) {
	t.Helper()
	suining, tongnan = plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	opt := plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼一体化发展重点任务"}
	suining.Take(opt, sameOfSuining)
	tongnan.Take(opt, sameOfTongnan)
	suining.Hear(tongnan)
	tongnan.Hear(suining)
	return suining, tongnan
}

const (
	suiningsList = "510900:suitong-2022"
	tongnansList = "500152:suitong-2022"
)

// sayLikely says of all rows that look like one that they are.
func sayLikely(t *testing.T, o *plantest.Office, with string) plan.SamePage {
	t.Helper()
	ctx := context.Background()
	p, err := o.Same(ctx, "suitong-2022", with)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []plan.SamePair
	for _, l := range p.Lines {
		if l.Ours.ID != "" && l.Theirs.ID != "" {
			pairs = append(pairs, plan.SamePair{Listing: l.Ours.ID, Theirs: l.Theirs.ID})
		}
	}
	if _, err := o.SayWith(ctx, o.Coordinator(), "suitong-2022", with, pairs); err != nil {
		t.Fatal(err)
	}
	return p
}

func circleBoard(t *testing.T, o *plantest.Office) plan.Board {
	t.Helper()
	b, err := o.Board(context.Background(), plan.BoardQuery{Circle: plantest.Circle, Period: "2022-06"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestOneDocumentTakenInTwice: it is two lists until both members say that it is one; then it is shown once on both nodes, and each
// piece of work in it is counted once, by whoever does it.
func TestOneDocumentTakenInTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, tongnan := sameOffices(t, s)
		if b := circleBoard(t, suining); b.Lists != 2 || b.Totals.Total() != 8 {
			t.Fatalf("%d lists and %d pieces of work at first", b.Lists, b.Totals.Total())
		}
		p := sayLikely(t, suining, tongnansList)
		if len(p.Lines) != 5 || !p.Lines[0].Likely || p.Lines[3].Theirs.ID != "" || p.Lines[4].Ours.ID != "" || p.Ours {
			t.Fatalf("side by side: %+v", p.Lines)
		}
		tongnan.Hear(suining)
		if b := circleBoard(t, tongnan); b.Lists != 2 || b.Totals.Total() != 8 {
			t.Errorf("one side's word joined them: %d lists, %d pieces", b.Lists, b.Totals.Total())
		}
		if p := sayLikely(t, tongnan, suiningsList); !p.Theirs || !p.Lines[0].SaidTheirs {
			t.Errorf("Tongnan does not see what Suining said: %+v", p.Lines[0])
		}
		suining.Hear(tongnan)
		a, b := circleBoard(t, suining), circleBoard(t, tongnan)
		// The park has a part of each side; the river is Tongnan's, the road Suining's; two rows stand in one copy only.
		if a.Lists != 1 || a.Totals.Total() != 6 || !maps.Equal(a.Totals, b.Totals) || a.Report != b.Report || b.Lists != 1 {
			t.Errorf("%d lists, %v %+v; and %d lists, %v %+v", a.Lists, a.Totals, a.Report, b.Lists, b.Totals, b.Report)
		}
		if len(a.Rows) != 1 || a.Rows[0].Plan.Facts.Plan != tongnansList || len(a.Rows[0].Same) != 1 || a.Rows[0].Same[0].Pairs != 3 || a.Rows[0].Same[0].Left != 1 {
			t.Errorf("shown as %+v", a.Rows)
		}
		checkWork(t, suining, tongnan)
	})
}

// rowIn finds a row of one list by words of its title: its listing and its own item.
func rowIn(t *testing.T, o *plantest.Office, list, title string) (listing, item string) {
	t.Helper()
	p, err := o.List(context.Background(), plan.ListQuery{Plan: list})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		if strings.Contains(r.Words.Title, title) {
			return r.Listing, r.Item
		}
	}
	t.Fatalf("no row %s in %s", title, list)
	return "", ""
}

// checkWork: what either side accepts counts in the rows of both copies.
func checkWork(t *testing.T, suining, tongnan *plantest.Office) {
	t.Helper()
	ctx := context.Background()
	for _, o := range []*plantest.Office{suining, tongnan} {
		o.Day("2022-06-20")
	}
	_, road := rowIn(t, suining, suiningsList, "扩容遂渝高速公路")
	river, item := rowIn(t, tongnan, tongnansList, "整治琼江潼南段")
	suining.FileAs("市交通运输局", road, "2022-06", judge.OnTime, "路基完成")
	suining.AcceptNow(road, "2022-06", false)
	tongnan.FileAs("市农业农村局", item, "2022-06", judge.Done, "完工")
	tongnan.AcceptNow(item, "2022-06", true)
	suining.Hear(tongnan)
	tongnan.Hear(suining)
	if got := stateOf(t, tongnan, tongnansList, river); got != judge.Done {
		t.Errorf("the river is %s in Tongnan's copy", got)
	}
	listing, _ := rowIn(t, suining, suiningsList, "整治琼江潼南段")
	for _, o := range []*plantest.Office{suining, tongnan} {
		if got := stateOf(t, o, suiningsList, listing); got != judge.Done {
			t.Errorf("%s: the river is %s in Suining's copy", o.Node().Name, got)
		}
		if b := circleBoard(t, o); b.Report.Accepted != 2 || b.Report.Owed != 6 {
			t.Errorf("%s: reports %+v", o.Node().Name, b.Report)
		}
		p, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-06", Circle: plantest.Circle})
		if err != nil {
			t.Fatal(err)
		}
		if f := p.Draft.Fields; f["事项数"] != "6" || f["清单数"] != "1" || f["条目数"] != "5" || f["已报数"] != "2" {
			t.Errorf("%s: the bulletin says %v", o.Node().Name, f)
		}
		o.Clean()
	}
	// Said by mistake: both copies stand by themselves again.
	if _, err := suining.SayWith(ctx, suining.Coordinator(), "suitong-2022", tongnansList, nil); err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	if b := circleBoard(t, tongnan); b.Lists != 2 || b.Totals.Total() != 8 {
		t.Errorf("taken back: %d lists, %d pieces", b.Lists, b.Totals.Total())
	}
	suining.Clean()
	tongnan.Clean()
}

// TestWhatIsNotTheSame: no list outside the circle, no list of one's own, no neighbour's row as one's own.
func TestWhatIsNotTheSame(t *testing.T) {
	suining, tongnan := sameOffices(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	for _, c := range []struct {
		name, plan, with string
		pairs            []plan.SamePair
		code             string
	}{
		{"with itself", "suitong-2022", suiningsList, nil, "plan.same-with"},
		{"with none", "suitong-2022", "500152:nothing", nil, "plan.same-with"},
		{"a neighbour's as one's own", tongnansList, suiningsList, nil, "plan.not-ours"},
		{"a row of no list", "suitong-2022", tongnansList, []plan.SamePair{{Listing: "l-none", Theirs: "l-a"}}, "plan.listing-unknown"},
	} {
		if _, err := suining.SayWith(ctx, suining.Coordinator(), c.plan, c.with, c.pairs); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	row, _ := rowIn(t, suining, suiningsList, "扩容遂渝高速公路")
	twice := []plan.SamePair{{Listing: row, Theirs: "l-a"}, {Listing: row, Theirs: "l-b"}}
	if _, err := suining.SayWith(ctx, suining.Coordinator(), "suitong-2022", tongnansList, twice); !refuse.Is(err, "plan.same-row") {
		t.Errorf("a row that is one with two: %v", err)
	}
	if _, err := suining.SayWith(ctx, suining.As(region.Reporter, "市交通运输局"), "suitong-2022", tongnansList, nil); err == nil {
		t.Error("a reporter said that two lists are one")
	}
	if p, err := tongnan.Same(ctx, "suitong-2022", suiningsList); err != nil || p.Theirs {
		t.Errorf("something was kept: %+v, %v", p, err)
	}
}

// TestSameListsKeepTheirMeaning holds the kind by a replay of entries that were written once.
func TestSameListsKeepTheirMeaning(t *testing.T) {
	suining, tongnan := sameOffices(t, storetest.OpenSQLite(t))
	sayLikely(t, suining, tongnansList)
	tongnan.Hear(suining)
	sayLikely(t, tongnan, suiningsList)
	suining.Hear(tongnan)
	kindtest.Prove(t, suining.Node())
	kindtest.Golden(t, suining.Node(), "testdata/golden-same.txt")
}
