package board_test

import (
	"net/http"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// TestOneDocumentOnTheBoard: two members took in one document. Both coordinators say so, without scripts, and the circle's board shows
// it once on either side; who may not is refused.
func TestOneDocumentOnTheBoard(t *testing.T) {
	suining, tongnan := opened(t), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	opt := plan.ImportOptions{Plan: "same-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼合作备忘录任务", Number: "遂潼办〔2022〕9号"}
	suining.Take(opt, "序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,潼南区：区水利局,6月底前\n2,互设服务窗口,市发展改革委,年底前\n")
	opt.Title = "合作备忘录任务分解"
	tongnan.Take(opt, "序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,市农业农村局,6月底前\n3,共建实训基地,市教育和体育局,年底前\n")
	suining.Hear(tongnan)
	tongnan.Hear(suining)

	b := webtest.Start(t)
	here := site(t, suining, region.Coordinator, "市发展改革委")
	for _, look := range []webtest.Look{webtest.Phone, webtest.Dark} {
		p := b.Open(t, here, look)
		p.Go("/plan/same-2022/same?with=500152:same-2022")
		p.Axe()
		p.FitsWidth()
	}
	p := b.Open(t, here, webtest.NoJS)
	p.Go("/plan/same-2022")
	if got := p.Text("main"); !strings.Contains(got, "潼南区也录入了《合作备忘录任务分解》，文号或名称相同") {
		t.Errorf("the list does not say that there is another copy: %s", got)
	}
	p.Press(`a[href*="/same?with="]`)
	if got := p.Text("#same"); !strings.Contains(got, "看起来是同一条") || !strings.Contains(got, "共建实训基地") {
		t.Errorf("side by side: %s", got)
	}
	p.Press("form[action$='/same'] button.primary")
	if got := p.Text("main"); !strings.Contains(got, "等潼南区认定") {
		t.Errorf("after the first word: %s", got)
	}

	tongnan.Hear(suining)
	there := b.Open(t, site(t, tongnan, region.Coordinator, "市发展改革委"), webtest.NoJS)
	there.Go("/plan/same-2022")
	there.Press(`a[href*="/same?with="]`)
	there.Press("form[action$='/same'] button.primary")
	if got := there.Text("main"); !strings.Contains(got, "是同一份文件，1条已对应，遂宁市另有1条未对应") {
		t.Errorf("after both words: %s", got)
	}
	suining.Hear(tongnan)
	for name, page := range map[string]*webtest.Page{"遂宁市": p, "潼南区": there} {
		page.Go("/plan?circle=" + plantest.Circle)
		if got := page.Text("#lists"); strings.Count(got, "合作备忘录任务") != 1 || !strings.Contains(got, "另有1条未对应") {
			t.Errorf("%s shows %s", name, got)
		}
	}
	p.Go("/plan/same-2022/same?with=500152:same-2022")
	p.Press("button[name=not]")
	p.Go("/plan/same-2022")
	if got := p.Text("main"); !strings.Contains(got, "请核对后认定") {
		t.Errorf("after taking it back: %s", got)
	}
	reader := site(t, suining, region.Reader, "市发展改革委")
	if res, err := http.Get(reader + "/plan/same-2022/same?with=500152:same-2022"); err != nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("a reader compares lists: %v, %v", res.StatusCode, err)
	}
}
