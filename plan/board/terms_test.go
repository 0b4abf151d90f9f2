package board_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// TestTermsBetweenEquals: a coordinator answers what Tongnan proposes of a row, proposes himself and judges its part, without
// scripts, on a narrow screen; who may not is refused.
func TestTermsBetweenEquals(t *testing.T) {
	ctx := context.Background()
	o := opened(t)
	tongnan := plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(o, tongnan)
	o.Take(plan.ImportOptions{Plan: "asks-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"},
		"序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,潼南区：区水利局,6月底前\n")
	row, item := o.Row("整治琼江")
	tongnan.Hear(o)
	if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), row, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
		t.Fatal(err)
	}
	proposed := plan.Proposed{Deadline: judge.Deadline{Kind: judge.By, Date: "2022-09-30"}, Words: plan.ChangeWords{Reason: "汛期不能施工"}}
	if _, err := tongnan.ProposeChange(ctx, tongnan.Coordinator(), row, "", proposed); err != nil {
		t.Fatal(err)
	}
	o.Hear(tongnan)
	b := webtest.Start(t)
	for _, look := range []webtest.Look{webtest.Phone, webtest.Dark} {
		p := b.Open(t, site(t, o, region.Coordinator, "市发展改革委"), look)
		p.Go("/listing/" + row + "/terms")
		p.Axe()
		p.FitsWidth()
	}
	p := b.Open(t, site(t, o, region.Coordinator, "市发展改革委"), webtest.NoJS)
	p.Go("/item/" + item)
	if got := p.Text("#lists"); !strings.Contains(got, "潼南区提议：完成时限改为2022年9月30日前") || !strings.Contains(got, "待遂宁市答复") || !strings.Contains(got, "6月底前") {
		t.Errorf("both versions are not shown: %s", got)
	}
	p.Go("/asked")
	p.Press(`#changes a[href$="/terms"]`)
	p.Press("#changes form button.danger")
	if got := p.Text(".errors"); got == "" {
		t.Error("refused without a reason")
	}
	p.Press("#changes form button.primary")
	if got := p.Text("main"); !strings.Contains(got, "双方商定：2022年9月30日前") || !strings.Contains(got, "清单原定：6月底前") {
		t.Errorf("after the acceptance: %s", got)
	}
	p.Do(chromedp.Click(`details:has(input[name=version]) > summary`), chromedp.Click(`input[name^=state][value=at-risk]`))
	p.Do(chromedp.SendKeys(`form[action$="/judge"] textarea`, "尚未开工"))
	p.Press(`form[action$="/judge"] button.primary`)
	if got := p.Text("#verdicts"); !strings.Contains(got, "遂宁市认定潼南区承担部分为“有风险”") || !strings.Contains(got, "尚未开工") {
		t.Errorf("after the verdict: %s", got)
	}
	if got := stateAt(t, o, row); got != judge.AtRisk {
		t.Errorf("the judged row is %s", got)
	}

	// On the other side the coordinator objects; a reader sees all of it and may do nothing.
	tongnan.Hear(o)
	there := b.Open(t, site(t, tongnan, region.Coordinator, "市发展改革委"), webtest.NoJS)
	there.Go("/listing/" + row + "/terms")
	there.Do(chromedp.Click(`#verdicts summary`), chromedp.SendKeys(`form[action$="/object"] textarea`, "机械在下游作业"))
	there.Press(`form[action$="/object"] button.primary`)
	if got := there.Text("#verdicts"); !strings.Contains(got, "潼南区异议") || !strings.Contains(got, "机械在下游作业") {
		t.Errorf("after the objection: %s", got)
	}
	reader := b.Open(t, site(t, tongnan, region.Reader, "市发展改革委"), webtest.NoJS)
	reader.Go("/listing/" + row + "/terms")
	if got := reader.Text("main"); !strings.Contains(got, "机械在下游作业") || strings.Contains(got, "提议变更\n") {
		t.Errorf("a reader sees %s", got)
	}
	if html := reader.Text("main"); strings.Contains(html, "接受\n不接受") || strings.Contains(html, "提出异议") {
		t.Errorf("a reader is offered forms: %s", html)
	}
}

func stateAt(t *testing.T, o *plantest.Office, listing string) judge.WorkState {
	t.Helper()
	p, err := o.List(context.Background(), plan.ListQuery{Plan: "asks-2022"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		if r.Listing == listing {
			return r.Work.State
		}
	}
	return ""
}
