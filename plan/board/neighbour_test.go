package board_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// besideTongnan is the office of Suining after it heard of a list of Tongnan's in their circle.
func besideTongnan(t *testing.T) (o *plantest.Office, tongnan *plantest.Office, theirs string) {
	t.Helper()
	o = opened(t)
	tongnan = plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(o, tongnan)
	tongnan.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "潼南区遂潼合作清单"},
		"序号,工作任务,牵头单位,完成时限\n1,建设潼南柠檬交易中心,市农业农村局,6月底前\n2,联合执法巡查涪江,市交通运输局,年底前\n")
	tongnan.Day("2022-06-19")
	_, theirs = tongnan.Row("柠檬交易中心")
	tongnan.FileAs("市农业农村局", theirs, "2022-06", judge.Done, "交易中心已经开业。")
	tongnan.AcceptNow(theirs, "2022-06", true)
	o.Hear(tongnan)
	if err := o.CatchUpSearch(context.Background()); err != nil {
		t.Fatal(err)
	}
	return o, tongnan, theirs
}

func TestTheRegionIsSeen(t *testing.T) {
	o, tongnan, theirs := besideTongnan(t)
	ctx := context.Background()
	own, err := o.Board(ctx, plan.BoardQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range own.Rows {
		if r.Member != "" {
			t.Errorf("%s stands among the member's own lists", r.Plan.Words.Title)
		}
	}
	circle, err := o.Board(ctx, plan.BoardQuery{Circle: plantest.Circle})
	if err != nil {
		t.Fatal(err)
	}
	there, err := tongnan.Board(ctx, plan.BoardQuery{Circle: plantest.Circle})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := circle.Totals.Total(), there.Totals.Total()+own.Totals.Total(); got >= want || got <= there.Totals.Total() {
		t.Errorf("the circle has %d items", got)
	}
	if len(circle.Heard) != 1 || circle.Heard[0].Name != "潼南区" || circle.Heard[0].Until.IsZero() {
		t.Errorf("heard %+v", circle.Heard)
	}
	var lemon *plan.UnitRow
	for i, u := range circle.Units {
		if strings.Contains(u.Name, "潼南区") && strings.Contains(u.Name, "市农业农村局") {
			lemon = &circle.Units[i]
		}
	}
	if lemon == nil || lemon.States[judge.Done] != 1 {
		t.Errorf("the unit that reported stands as %+v", lemon)
	}

	tongnan.Hear(o)
	if there, err = tongnan.Board(ctx, plan.BoardQuery{Circle: plantest.Circle}); err != nil {
		t.Fatal(err)
	}
	for _, s := range judge.WorkStates() {
		if circle.Totals[s] != there.Totals[s] {
			t.Errorf("%s: %d here, %d there", s, circle.Totals[s], there.Totals[s])
		}
	}

	base := site(t, o, region.Coordinator, "市发展改革委")
	for _, c := range []struct {
		path        string
		says, never []string
	}{
		{"/plan?circle=suitong", []string{"潼南区遂潼合作清单", "潼南区：截至", "潼南区市农业农村局"}, nil},
		{"/plan", nil, []string{"潼南区遂潼合作清单", "潼南区 · "}},
		{"/plan/500152:suitong-2022", []string{"建设潼南柠檬交易中心", "这是潼南区的内容", "交易中心已经开业"}, []string{"导入修订", "/call\"", "/legend\""}},
		{"/item/" + theirs, []string{"交易中心已经开业", "这是潼南区的内容", "member=500152"}, []string{"/edit\"", "/verdict\"", "/twins\"", "/report\""}},
		{"/items?circle=suitong", []string{"建设潼南柠檬交易中心", "潼南区市农业农村局"}, nil},
		{"/search?q=%E6%9F%A0%E6%AA%AC", []string{"柠檬", "潼南区"}, nil},
	} {
		_, body := get(t, base+c.path)
		for _, s := range c.says {
			if !strings.Contains(body, s) {
				t.Errorf("%s does not say %q", c.path, s)
			}
		}
		for _, s := range c.never {
			if strings.Contains(body, s) {
				t.Errorf("%s says %q", c.path, s)
			}
		}
	}
	o.Reaches(func(context.Context, *store.Tx) (map[string]time.Time, error) {
		return map[string]time.Time{"500152/suitong": time.Date(2022, 6, 20, 1, 31, 0, 0, time.UTC)}, nil
	})
	if _, body := get(t, base+"/plan?circle=suitong"); !strings.Contains(body, "09:31已收齐") {
		t.Error("the page does not say when the neighbour's book was complete")
	}
}

// TestAForeignEntryHasItsProof: what a neighbour said is proven as our own entries are.
func TestAForeignEntryHasItsProof(t *testing.T) {
	o, _, theirs := besideTongnan(t)
	ctx := context.Background()
	p, err := o.Item(ctx, theirs, "", plan.ViewerOf(o.Coordinator().Actor))
	if err != nil || len(p.Reports) != 1 || p.Reports[0].Book != "500152/suitong" {
		t.Fatalf("%+v, %v", p.Reports, err)
	}
	err = o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		ev, err := node.Evidence(ctx, tx, p.Reports[0].Book, p.Reports[0].Index, "")
		if err != nil {
			return err
		}
		_, err = ev.Verify(ev.Key)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestANeighbourIsAnswered: what a neighbour's list asks stands on the page and in the day of the coordinator, who claims
// and declines it there; the page of the asking item shows the answers.
func TestANeighbourIsAnswered(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	tongnan := plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(o, tongnan)
	o.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"},
		"序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,潼南区：区水利局,6月底前\n2,共建柠檬基地,遂宁市：市农业农村局；潼南区：区农业农村委,年底前\n")
	listing, item := o.Row("整治琼江")
	second, _ := o.Row("柠檬基地")
	tongnan.Hear(o)
	base := site(t, tongnan, region.Coordinator, "市发展改革委")
	if _, body := get(t, base+"/asked"); !strings.Contains(body, "整治琼江潼南段") || !strings.Contains(body, "遂宁市") || strings.Count(body, "待答复") != 2 {
		t.Errorf("the page of what is asked: %.3000s", body)
	}
	_, form := get(t, base+"/asked/"+listing)
	if !strings.Contains(form, "新立一个事项") {
		t.Errorf("the form: %.2000s", form)
	}
	b := webtest.Start(t).Open(t, base, webtest.Desk)
	b.Go("/asked/" + listing)
	b.Axe()
	b.FitsWidth()
	b.Choose("lead", "市农业农村局")
	b.Press(`form[action$="/claim"] button`)
	if got := b.Text("body"); !strings.Contains(got, "已认领") {
		t.Errorf("after the claim: %s", got)
	}
	b.Go("/asked/" + second)
	b.Press(`form[action$="/decline"] button`)
	if got := b.Text("body"); !strings.Contains(got, "请写明原因") {
		t.Errorf("declined without a reason: %s", got)
	}
	b.Fill("reason", "资金没有落实")
	b.Press(`form[action$="/decline"] button`)
	b.Go("/asked")
	b.Axe()
	if got := b.Text("body"); !strings.Contains(got, "已谢绝") || !strings.Contains(got, "资金没有落实") || strings.Contains(got, "待答复") {
		t.Errorf("after both answers: %s", got)
	}
	o.Hear(tongnan)
	own := site(t, o, region.Coordinator, "市发展改革委")
	if _, body := get(t, own+"/item/"+item); !strings.Contains(body, "已认领") || !strings.Contains(body, "@500152") {
		t.Error("the page of the asking item does not show who claimed it")
	}
}
