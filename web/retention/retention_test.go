package retention_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/retention"
	"liandong/web/webtest"
)

const roads = "市交通运输局"

type desk struct {
	*plantest.Office
	webtest.Room
	admin node.Actor
}

// open is an office that has reported for half a year, and whose operator keeps slips three years.
func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Title: "工作计划"}, "序号,工作任务,牵头单位,完成时限\n1,新建遂潼大道遂宁段,市交通运输局,年底前\n")
	_, item := o.Row("新建遂潼大道遂宁段")
	for _, period := range []judge.Period{"2022-02", "2022-03", "2022-06"} {
		o.Day(judge.Date(period) + "-20")
		o.FileAs(roads, item, period, judge.OnTime, "完成路基工程")
	}
	operator := []region.KeepRule{{Kind: "plan.slip.issued", Days: 1095}}
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) {
		retention.Routes(s, o.Node(), operator)
		retention.API(api.New(s, "test"), o.Node(), operator)
	}}, o.As(region.Administrator, plantest.UnitNames[0]).Actor}
}

func (d desk) call(who node.Actor, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return d.Send(who, r)
}

// years sets the clock to when the reports of February and March 2022 have been kept for two years.
func (d desk) years() {
	for _, day := range []judge.Date{"2022-12-20", "2023-06-20", "2023-12-20", "2024-05-01"} {
		d.Day(day)
	}
}

// confirmed is the form of a page that was checked, as it would be sent: with all that the page brings along.
func (d desk) confirmed(page *httptest.ResponseRecorder, form url.Values) url.Values {
	d.T.Helper()
	out := url.Values{}
	for name, all := range form {
		out[name] = all
	}
	for _, name := range []string{"seen", "over", "checked"} {
		m := regexp.MustCompile(`name="` + name + `"[^>]* value="([^"]*)"`).FindStringSubmatch(page.Body.String())
		if m == nil {
			d.T.Fatalf("the page does not say %s", name)
		}
		out.Set(name, m[1])
	}
	return out
}

// TestWhatWouldGoIsSaidBeforeItGoes: of three reports two are over; nothing is set until it is confirmed, and then the rule is what is erased by.
func TestWhatWouldGoIsSaidBeforeItGoes(t *testing.T) {
	d := open(t)
	d.years()
	d.Want("nothing set", d.Ask(d.admin, "/admin/retention", nil), 200, "还没有设定", "1095 天（启动参数）", "plan.report.filed", "一直保存")
	form := url.Values{"days-plan.report.filed": {"730"}, "source": {"机关档案保存办法（演示）"}}
	checked := d.Want("checked", d.Ask(d.admin, "/admin/retention/check", form), 200, "还没有设定。确认以后，一小时内删除 2 条记录的正文", "2024-06-19", `value="730"`)
	d.Want("still not set", d.Ask(d.admin, "/admin/retention", nil), 200, "还没有设定：")
	d.Want("set", d.Ask(d.admin, "/admin/retention", d.confirmed(checked, form)), 303)
	d.Want("it stands", d.Ask(d.admin, "/admin/retention", nil), 200, "机关档案保存办法（演示）", `value="730"`)
	rules, _, err := retention.Rules(t.Context(), d.Node(), []region.KeepRule{{Kind: "plan.report.filed", Days: 10}, {Kind: "plan.slip.issued", Days: 1095}})
	if err != nil || len(rules) != 2 || rules[0] != (region.KeepRule{Kind: "plan.report.filed", Days: 730}) || rules[1].Kind != "plan.slip.issued" {
		t.Errorf("what an entry says goes over what the operator set: %v, %v", rules, err)
	}
	d.Want("the auditor reads", d.Ask(d.As(region.Auditor, plantest.UnitNames[0]).Actor, "/admin/retention", nil), 200, "730 天", "机关档案保存办法（演示）")
	kindtest.Prove(t, d.Node())
}

// TestNothingIsSetUnseen: not without the check, not with other days than were checked, not over what a colleague set since, and not where more
// would go than was said; each time what would go now is shown, and may be confirmed.
func TestNothingIsSetUnseen(t *testing.T) {
	d := open(t)
	form := url.Values{"days-plan.report.filed": {"730"}, "source": {"办法甲"}}
	d.Want("unchecked", d.Ask(d.admin, "/admin/retention", form), 409, "还没有核对", "确认设定", "办法甲")
	early := d.confirmed(d.Want("checked", d.Ask(d.admin, "/admin/retention/check", form), 200), form)
	early.Set("days-plan.report.filed", "731")
	d.Want("with other days", d.Ask(d.admin, "/admin/retention", early), 409, "还没有核对", `value="731"`)
	early.Set("days-plan.report.filed", "730")
	d.years()
	d.Want("more have come due", d.Ask(d.admin, "/admin/retention", early), 409, "现在会删除 2 条，核对时是 0 条", "一小时内删除 2 条")
	d.Want("nothing was set", d.Ask(d.admin, "/admin/retention", nil), 200, "还没有设定：")

	first := d.confirmed(d.Ask(d.admin, "/admin/retention/check", form), form)
	other := url.Values{"days-plan.report.filed": {"3650"}, "source": {"办法乙"}}
	d.Want("a colleague", d.Ask(d.admin, "/admin/retention", d.confirmed(d.Ask(d.admin, "/admin/retention/check", other), other)), 303)
	shown := d.Want("opened first, saved last", d.Ask(d.admin, "/admin/retention", first), 409, "已由别人重新设定", "现行设定的依据：办法乙", `value="730"`)
	d.Want("seen, and pressed again", d.Ask(d.admin, "/admin/retention", d.confirmed(shown, form)), 303)
	body := `{"source":"办法丙","rules":[],"seen":-1,"over":0}`
	d.Want("by a call", d.call(d.admin, http.MethodPut, "/retention", body), 409, "region.retention.newer")
}

// TestHalfTheRulesAreNoRules: where the entry's rules cannot be read, there are none, rather than the operator's, which may be shorter.
func TestHalfTheRulesAreNoRules(t *testing.T) {
	d := open(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if rules, _, err := retention.Rules(ctx, d.Node(), []region.KeepRule{{Kind: "plan.report.filed", Days: 30}}); err == nil || rules != nil {
		t.Errorf("%v, %v", rules, err)
	}
}

// TestEveryKindThatIsOfferedIsSaid: the table names no kind that there is none of, and none that is read as what holds now.
func TestEveryKindThatIsOfferedIsSaid(t *testing.T) {
	d := open(t)
	offered, words := region.KeepKinds(d.Node()), map[string]bool{}
	for _, m := range d.Node().Modules() {
		for _, k := range m.Kinds {
			base, _, _ := strings.Cut(k.KindName(), "/")
			words[base] = words[base] || k.HasWords()
		}
	}
	for _, kind := range region.KeptKinds() {
		if !words[kind] || !slices.Contains(offered, kind) {
			t.Errorf("%s is in the table, and nobody says such words", kind)
		}
	}
	for _, holds := range []string{"plan.item.", "plan.list", "plan.issued", "plan.group.", "plan.bulletin.", "region.org", "region.person.", "node."} {
		if i := slices.IndexFunc(offered, func(kind string) bool { return strings.HasPrefix(kind, holds) }); i >= 0 {
			t.Errorf("a time is offered for %s", offered[i])
		}
	}
}

// TestWhatWasTypedIsGivenBack to somebody whose session ended.
func TestWhatWasTypedIsGivenBack(t *testing.T) {
	d := open(t)
	for _, path := range []string{"/admin/retention", "/admin/retention/check"} {
		d.Want(path, d.Ask(node.Actor{}, path, url.Values{"source": {"机关档案保存办法（演示）"}}), 401, "机关档案保存办法（演示）")
	}
}

// TestEverythingWrongIsNamedAtOnce at its field, with what was typed.
func TestEverythingWrongIsNamedAtOnce(t *testing.T) {
	d := open(t)
	form := url.Values{"days-plan.report.filed": {"三年"}, "days-plan.slip.answered": {"364"}}
	d.Want("checked", d.Ask(d.admin, "/admin/retention/check", form), 422, "请填写依据", "730 至 36500 的整数", "365 至 36500 的整数", `value="三年"`, `value="364"`, `href="#days-plan.report.filed"`)
	d.Want("saved", d.Ask(d.admin, "/admin/retention", form), 422, "730 至 36500 的整数", `value="三年"`)
	d.Want("without a source", d.Ask(d.admin, "/admin/retention", url.Values{"days-plan.report.filed": {"3650"}, "seen": {"-1"}, "over": {"0"}, "checked": {"plan.report.filed=3650"}}), 422, "请填写依据")
	d.Want("the directory", d.Ask(d.admin, "/admin/retention", url.Values{"days-region.org.named": {"365"}, "source": {"x"}}), 422, "没有“region.org.named”这个类别")
	d.Want("titles of items", d.Ask(d.admin, "/admin/retention/check", url.Values{"days-plan.item.opened": {"3650"}, "source": {"x"}}), 422, "没有“plan.item.opened”这个类别")
}

// TestOnlyTheAdministratorSetsIt on pages and by calls; the calls refuse as the pages do.
func TestOnlyTheAdministratorSetsIt(t *testing.T) {
	d := open(t)
	d.years()
	check := `{"source":"机关档案保存办法","rules":[{"kind":"plan.report.filed","days":730}]}`
	body := strings.Replace(check, "}]", `}],"seen":-1,"over":2`, 1)
	for _, seat := range region.Seats {
		who := d.As(seat, plantest.UnitNames[0]).Actor
		want := map[bool]int{true: 200, false: 403}[seat == region.Administrator || seat == region.Auditor]
		d.Want(string(seat)+" looks", d.Ask(who, "/admin/retention", nil), want)
		d.Want(string(seat)+" reads by a call", d.call(who, http.MethodGet, "/retention", ""), want)
		if seat == region.Administrator {
			continue
		}
		d.Want(string(seat)+" checks", d.Ask(who, "/admin/retention/check", url.Values{}), 403)
		d.Want(string(seat)+" sets", d.Ask(who, "/admin/retention", url.Values{}), 403)
		d.Want(string(seat)+" checks by a call", d.call(who, http.MethodPost, "/retention/check", check), 403)
		d.Want(string(seat)+" sets by a call", d.call(who, http.MethodPut, "/retention", body), 403)
	}
	d.Want("checked by a call", d.call(d.admin, http.MethodPost, "/retention/check", check), 200, `"over":2`, `"next":"2024-06-19"`, `"seen":-1`)
	d.Want("unchecked", d.call(d.admin, http.MethodPut, "/retention", check), 422, "seen", "over")
	d.Want("with fewer seen", d.call(d.admin, http.MethodPut, "/retention", strings.Replace(body, `"over":2`, `"over":1`, 1)), 409, "region.retention.unseen")
	set := d.Want("set by a call", d.call(d.admin, http.MethodPut, "/retention", body), 200, `"source":"机关档案保存办法"`, `"days":730`, `"seen":`)
	if strings.Contains(set.Body.String(), "held") {
		t.Error("what is set counts again")
	}
	d.Want("twice", d.call(d.admin, http.MethodPut, "/retention", strings.Replace(body, "]", `,{"kind":"plan.report.filed","days":3650}]`, 1)), 422, "region.retention.kind")
	d.Want("the directory by a call", d.call(d.admin, http.MethodPut, "/retention", strings.Replace(body, "plan.report.filed", "region.org.named", 1)), 422, "region.retention.kind")
}
