package board_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/region"
	"liandong/web/webtest"
)

// TestACallWithoutScripts asks for a report out of turn on the list's page, sees who owes it, and takes
// the call back; what is wrong is said and nothing typed is lost.
func TestACallWithoutScripts(t *testing.T) {
	o := opened(t)
	p := webtest.Start(t).Open(t, site(t, o, region.Coordinator, "市发展改革委"), webtest.NoJS)
	p.Go("/plan/suitong-2022")
	p.Press(`main a[href="/plan/suitong-2022/call"]`)
	p.Fill("text", "迎接省督查，请报截至昨日的进度")
	p.Fill("day", "2022-06-19")
	p.Press("main form button.primary")
	if got := p.Text(".errors"); !strings.Contains(got, "已经过去") {
		t.Errorf("a day that is over: %q", got)
	}
	if got := p.Text("main"); !strings.Contains(got, "迎接省督查") {
		t.Errorf("what was typed is lost: %.300s", got)
	}
	p.Fill("day", "2022-06-24")
	p.Press("main form button.primary")
	if at := p.Address(); at != "/plan/suitong-2022?period=2022-06-24" {
		t.Errorf("after the call: %s", at)
	}
	got := p.Text("main")
	for _, says := range []string{"已发起临时调度", "迎接省督查", "待报", "全部未办结条目"} {
		if !strings.Contains(got, says) {
			t.Errorf("the list does not say %q: %.600s", says, got)
		}
	}
	p.Go("/plan/suitong-2022/missing?period=2022-06-24")
	if got := p.Text("main"); !strings.Contains(got, "临时调度") || !strings.Contains(got, "市农业农村局") {
		t.Errorf("who has not reported: %.300s", got)
	}
	p.Go("/plan/suitong-2022/call/2022-06-24/withdraw")
	p.Press("main form button.danger")
	if got := p.Text(".errors"); !strings.Contains(got, "请写明原因") {
		t.Errorf("withdrawn without a reason: %q", got)
	}
	p.Fill("reason", "督查改期")
	p.Press("main form button.danger")
	if got := p.Text("main"); !strings.Contains(got, "调度已撤回") || strings.Contains(got, "迎接省督查") {
		t.Errorf("after the withdrawal: %.300s", got)
	}
}

// TestPagesOfCallsLookRight: on the desk and on a phone.
func TestPagesOfCallsLookRight(t *testing.T) {
	o := opened(t)
	_, err := o.Call(context.Background(), o.Coordinator(), plan.CallFacts{Plan: "suitong-2022", Day: "2022-06-24"}, "迎接省督查，请报截至昨日的进度")
	if err != nil {
		t.Fatal(err)
	}
	base, b := site(t, o, region.Coordinator, "市发展改革委"), webtest.Start(t)
	for _, path := range []string{"?period=2022-06-24", "/call"} {
		for name, look := range map[string]webtest.Look{"desk": webtest.Desk, "phone": webtest.Phone} {
			p := b.Open(t, base, look)
			p.Go("/plan/suitong-2022" + path)
			p.Axe()
			p.FitsWidth()
			p.Shot("board-call-" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path) + "-" + name)
		}
	}
}

// TestOnlyTheCoordinatorIsOfferedACall: others see neither button nor page.
func TestOnlyTheCoordinatorIsOfferedACall(t *testing.T) {
	o := opened(t)
	for _, seat := range []region.Seat{region.Reporter, region.Reviewer, region.Reader, region.Auditor} {
		base := site(t, o, seat, "市交通运输局")
		if _, text := get(t, base+"/plan/suitong-2022"); strings.Contains(text, "/plan/suitong-2022/call") {
			t.Errorf("%s is offered a call", seat)
		}
		if status, _ := get(t, base+"/plan/suitong-2022/call"); status != http.StatusForbidden {
			t.Errorf("%s opens the page of calls: %d", seat, status)
		}
	}
}
