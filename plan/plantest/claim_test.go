package plantest_test

import (
	"context"
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

const askingRows = `序号,工作任务,牵头单位,完成时限
1,建设遂潼产业园,遂宁市：市经济和信息化局；潼南区：区经济信息委,6月底前
2,整治琼江潼南段,潼南区：区水利局,6月底前
3,扩容遂渝高速公路,市交通运输局,年底前
`

func stateOf(t *testing.T, o *plantest.Office, list, listing string) judge.WorkState {
	t.Helper()
	p, err := o.List(context.Background(), plan.ListQuery{Plan: list})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		if r.Listing == listing {
			return r.Work.State
		}
	}
	t.Fatalf("no row %s", listing)
	return ""
}

// TestANeighbourIsAskedAndClaims: rows that name a neighbour's units ask it; it claims one by an item of its own, whose
// accepted reports the row counts on both nodes, and declines the other.
func TestANeighbourIsAskedAndClaims(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining := plantest.New(t, s)
		tongnan, yibin := plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan), plantest.Of(t, storetest.OpenSQLite(t), plantest.Yibin)
		plantest.Meet(suining, tongnan, yibin)
		suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
		both, _ := suining.Row("遂潼产业园")
		alone, own := suining.Row("整治琼江")
		tongnan.Hear(suining)

		asked, err := tongnan.AskedOfUs(ctx)
		if err != nil || len(asked) != 2 || asked[0].Member != "遂宁市" || asked[0].Alone || !asked[1].Alone {
			t.Fatalf("asked %+v, %v", asked, err)
		}
		if todo, err := tongnan.Todo(ctx, tongnan.Coordinator().Actor); err != nil || todo.Asked != 2 {
			t.Errorf("%d wait for an answer, %v", todo.Asked, err)
		}
		if _, err := suining.Claim(ctx, suining.Coordinator(), alone, "", []string{suining.Units["市农业农村局"]}); !refuse.Is(err, "plan.not-asked") {
			t.Errorf("the one who asks claimed: %v", err)
		}
		if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), alone, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
			t.Fatal(err)
		}
		if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), alone, "", []string{tongnan.Units["市农业农村局"]}); !refuse.Is(err, "plan.ask-answered") {
			t.Errorf("claimed twice: %v", err)
		}
		if _, err := tongnan.Decline(ctx, tongnan.Coordinator(), both, "本年度没有资金", "2023-03-31"); err != nil {
			t.Fatal(err)
		}
		tongnan.Day("2022-06-20")
		suining.Day("2022-06-20")
		yibin.Day("2022-06-20")
		asked, _ = tongnan.AskedOfUs(ctx)
		var item string
		for _, a := range asked {
			item += a.Item
		}
		tongnan.FileAs("市农业农村局", item, "2022-06", judge.Done, "琼江整治完工")
		tongnan.AcceptNow(item, "2022-06", true)
		suining.Hear(tongnan)
		yibin.Hear(tongnan, suining) // the answers before what they answer
		for _, o := range []*plantest.Office{suining, tongnan, yibin} {
			name := o.Node().Name
			if got := stateOf(t, o, "510900:suitong-2022", alone); got != judge.Done {
				t.Errorf("%s: the claimed row is %s", name, got)
			}
			if got := stateOf(t, o, "510900:suitong-2022", both); got == judge.Done {
				t.Errorf("%s: the declined row is %s", name, got)
			}
			b, err := o.Board(ctx, plan.BoardQuery{Circle: plantest.Circle})
			if err != nil || b.Totals[judge.Done] != 1 || b.Totals.Total() != 3 {
				t.Errorf("%s: the circle counts %v, %v", name, b.Totals, err)
			}
			kindtest.Prove(t, o.Node())
		}
		if b, err := suining.Board(ctx, plan.BoardQuery{}); err != nil || b.Totals[judge.Done] != 1 || b.Totals.Total() != 3 {
			t.Errorf("the asking member's own figures are %v, %v", b.Totals, err)
		}
		p, err := suining.Item(ctx, own, "", plan.ViewerOf(suining.Coordinator().Actor))
		if err != nil || len(p.Listings) != 1 || len(p.Listings[0].Asked) != 1 || p.Listings[0].Asked[0].Item != item {
			t.Errorf("the asking item shows %+v, %v", p.Listings, err)
		}
		list, err := suining.List(ctx, plan.ListQuery{Plan: "suitong-2022"})
		if err != nil || list.Rows[1].Last.Text != "琼江整治完工" {
			t.Errorf("the row's last report is %+v, %v", list.Rows[1].Last, err)
		}
		if err := suining.Node().Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		suining.Clean()
		if got := stateOf(t, suining, "suitong-2022", alone); got != judge.Done {
			t.Errorf("after a rebuild the claimed row is %s", got)
		}
		if _, err := tongnan.Claim(ctx, tongnan.As(region.Reporter, "市农业农村局"), both, item, nil); !refuse.Is(err, "node.not-permitted") {
			t.Errorf("a reporter claimed: %v", err)
		}
	})
}

// TestAListThatCameFirstAsksByHand: a neighbour that is recognised after the list was taken in is asked when somebody
// says so, once.
func TestAListThatCameFirstAsksByHand(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
	plantest.Meet(suining, tongnan)
	for _, want := range []int{1, 0} {
		p, err := suining.List(ctx, plan.ListQuery{Plan: "suitong-2022"})
		if err != nil || len(p.Neighbours) != want {
			t.Errorf("%v could be asked, %v; want %d", p.Neighbours, err, want)
		}
		before := suining.Size(suining)
		if n, err := suining.AskNeighbours(ctx, suining.Coordinator(), "suitong-2022"); err != nil || n != 2 {
			t.Errorf("%d rows ask, %v", n, err)
		}
		if wrote := suining.Size(suining) - before; wrote != int64(2*want) {
			t.Errorf("%d entries were written, want %d", wrote, 2*want)
		}
	}
	suining.Clean()
}
