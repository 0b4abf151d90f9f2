package intake_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/rules/refuse"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// own is an invented list (演示数据) with as many rows as make a list.
var own = [][]string{
	{"序号", "工作任务", "牵头单位", "完成时限"},
	{"1", "改造跨省客运站点三处", "市交通运输局", "年底前"},
	{"2", "建成蔬菜育苗中心一座", "市农业农村局", "6月底前"},
	{"3", "编制产业园区总体规划", "市发展改革委", "9月底前"},
	{"4", "开通城际公交线路两条", "市交通运输局", "年底前"},
}

const asksSame = "是同一份清单吗"

// TestTheSameListUnderAnotherKeyIsAsked: nothing is linked unasked, and both answers are one press.
func TestTheSameListUnderAnotherKeyIsAsked(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	if _, err := o.desk.ImportFile(context.Background(), o.coordinator(), "清单.csv", asCSV(own), plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "演示清单"}); err != nil {
		t.Fatal(err)
	}
	revised := append(append([][]string{}, own...), []string{"5", "新建船闸管理用房", "市交通运输局", "年底前"})
	other := fields("later-2023", "")
	other["year"] = "2023"
	for _, c := range []struct {
		name   string
		rows   [][]string
		fields map[string]string
		asked  bool
		links  int
	}{
		{"the same", own, fields("again", ""), true, 0},
		{"most rows are others", [][]string{own[0], own[1], {"2", "整治河道岸线", "市发展改革委", "年底前"}, {"3", "绿化城区道路", "市发展改革委", "年底前"}}, fields("other", ""), false, 1},
		{"less than nine in ten", revised, fields("more", ""), false, 4},
		{"of another circle", own, fields("circle", "suitong"), false, 4},
		{"of another year", own, other, false, 4},
		{"two rows only", own[:3], fields("few", ""), false, 2},
	} {
		page, _, status := b.upload("/plan/import", "清单.csv", asCSV(c.rows), c.fields)
		links := 0
		for name := range formOf(page) {
			if strings.HasPrefix(name, "link:") {
				links++
			}
		}
		if status != 200 || strings.Contains(page, asksSame) != c.asked || links != c.links {
			t.Errorf("%s: %d, asked %v, %d links ticked", c.name, status, strings.Contains(page, asksSame), links)
		}
	}

	page, _, status := b.upload("/plan/own-2022/import", "清单.csv", asCSV(own), nil)
	if status != 200 || strings.Contains(page, asksSame) {
		t.Errorf("a revision: %d %s", status, text(page))
	}
	page, at, _ := b.upload("/plan/import", "清单.csv", asCSV(own), fields("again-2022", ""))
	if !strings.Contains(text(page), "文件的 4 行中有 4 行与它的任务名称和牵头单位相同") {
		t.Errorf("the question reads %s", text(page))
	}
	page, _, _ = b.post(at, map[string][]string{"do": {"another"}})
	form := titled(formOf(page))
	if strings.Contains(page, asksSame) || len(form["pair"]) != 4 || form.Get("link:"+form["pair"][0]) == "" {
		t.Errorf("said to be another: %s", text(page))
	}
	if page, _, _ = b.post(at, form); !strings.Contains(text(page), "关联已有事项 4") {
		t.Errorf("imported as another: %s", text(page))
	}

	_, at, _ = b.upload("/plan/import", "清单.csv", asCSV(own), fields("third-2022", ""))
	page, at, _ = b.post(at, map[string][]string{"do": {"revise"}})
	if strings.Contains(page, asksSame) || strings.HasPrefix(at, "/plan/third-2022/") {
		t.Errorf("said to be the same, at %s: %s", at, text(page))
	}
	if page, _, _ = b.post(at, titled(formOf(page))); !strings.Contains(page, "导入完成") {
		t.Errorf("imported as a revision: %s", text(page))
	}
	if n := count(t, o, `SELECT count(*) FROM plan_plan WHERE plan LIKE '%third%'`); n != 0 {
		t.Error("the same list stands twice")
	}
}

// TestAFileAloneIsNotTakenInTwice: where no page can ask, the call is refused until it says which.
func TestAFileAloneIsNotTakenInTwice(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	opt := plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "演示清单"}
	if _, err := o.desk.ImportFile(ctx, o.coordinator(), "清单.csv", asCSV(own), opt); err != nil {
		t.Fatal(err)
	}
	opt.Plan = "again-2022"
	if _, err := o.desk.ImportFile(ctx, o.coordinator(), "清单.csv", asCSV(own), opt); !refuse.Is(err, "plan.import-same-list") {
		t.Errorf("unasked: %v", err)
	}
	p, err := o.desk.PreviewFile(ctx, "清单.csv", asCSV(own), opt)
	if err != nil || p.Same == nil || *p.Same != (plan.SameList{Plan: "own-2022", Title: "演示清单", Same: 4, Rows: 4}) || len(p.EveryProposal().Links) != 0 {
		t.Errorf("%+v %v", p.Same, err)
	}
	opt.Another = true
	if done, err := o.desk.ImportFile(ctx, o.coordinator(), "清单.csv", asCSV(own), opt); err != nil || done.New != 4 || done.Linked != 4 {
		t.Errorf("said to be another: %+v %v", done, err)
	}
}

// TestTheQuestionIsSeen: in a browser, wide and on a phone, and answered there.
func TestTheQuestionIsSeen(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	if _, err := o.desk.ImportFile(context.Background(), o.coordinator(), "清单.csv", asCSV(own), plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "演示清单"}); err != nil {
		t.Fatal(err)
	}
	p := webtest.Start(t).Open(t, o.base, webtest.Desk)
	p.SignIn("coordinator", webtest.Password)
	p.Go("/plan/import")
	choose(p, saved(t, "清单.csv", asCSV(own)))
	p.Fill("key", "again-2022")
	p.Fill("title", "演示清单")
	p.Fill("year", "2022")
	p.Press(`main form .primary`)
	if got := p.Text("main"); !strings.Contains(got, asksSame) {
		t.Fatalf("the preview says %q", got)
	}
	p.Shot("intake-same")
	p.Axe()
	p.Look(webtest.Phone)
	p.FitsWidth()
	p.Shot("intake-same-phone")
	p.Press(`.notice [value=revise]`)
	if got := p.Text("main"); strings.Contains(got, asksSame) || !strings.Contains(p.Address(), "/plan/own-2022/import/") {
		t.Errorf("revising at %s says %q", p.Address(), got)
	}
	p.Shot("intake-same-revise-phone")
	clean(t, o)
}
