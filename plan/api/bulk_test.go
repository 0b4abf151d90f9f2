package api_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"liandong/plan"
	planapi "liandong/plan/api"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// refusedRows is a problem with its rows.
type refusedRows struct {
	web.Problem
	Rows []api.RowProblem
}

// twoBridges are two items that a unit reports on, and the body of a call that reports on both.
func (d *desk) twoBridges() (one, two string, body func(progress string) string) {
	d.Take(plan.ImportOptions{Plan: "bridges", Year: 2022, Title: "桥梁(演示数据)"}, "序号,工作任务,牵头单位,完成时限\n1,新建遂潼五桥,"+jtj+",6月底前\n2,新建遂潼六桥,"+jtj+",6月底前\n")
	_, one = d.Row("新建遂潼五桥")
	_, two = d.Row("新建遂潼六桥")
	return one, two, func(progress string) string {
		return fmt.Sprintf(`{"reports":[{"item":%q,"period":"2022-01","claim":"on-time","progress":"桥墩完成。"},{"item":%q,"period":"2022-01","claim":"on-time","progress":%q}]}`, one, two, progress)
	}
}

// TestManyReportsStandOrNone: all rows or none, each with what is wrong with it and in which field; with partial the good
// ones; and under a key nothing is written twice.
func TestManyReportsStandOrNone(t *testing.T) {
	d := open(t)
	one, two, body := d.twoBridges()
	send := func(query, body, key string) *httptest.ResponseRecorder {
		return d.ask(region.Reporter, jtj, "POST", api.Prefix+"/bulk/reports"+query, body, "Idempotency-Key", key)
	}
	filed := func(item string) bool {
		form := get[plan.FilingForm](d, d.ask(region.Reporter, jtj, "GET", api.Prefix+"/items/"+item+"/form?period=2022-01", ""), 200)
		return form.Current != nil
	}
	p := get[refusedRows](d, send("", body(""), "k"), 422)
	if p.Code != "api.rows-refused" || len(p.Rows) != 1 || p.Rows[0].Index != 1 || p.Rows[0].Code != "plan.report-empty" || p.Rows[0].Errors[0].Field != "progress" {
		t.Fatalf("%+v", p)
	}
	if filed(one) || filed(two) {
		t.Error("something of a refused call stands")
	}
	part := get[api.Many[planapi.Written]](d, send("?partial=true", body(""), "p"), 200)
	if part.Done != 1 || part.Refused != 1 || part.Rows[0].Answer == nil || part.Rows[1].Problem == nil || part.Rows[1].Problem.Status != 422 || !filed(one) || filed(two) {
		t.Fatalf("%+v", part)
	}
	again := get[api.Many[planapi.Written]](d, send("?partial=true", body(""), "p"), 200)
	if again.Rows[0].Answer.Entries[0] != part.Rows[0].Answer.Entries[0] {
		t.Error("a row was written twice under one key")
	}
	all := get[api.Many[planapi.Written]](d, send("", body("桥台完成。"), "k2"), 200)
	if all.Done != 2 || len(all.Rows) != 2 || len(all.Rows[1].Answer.Entries) != 1 || !filed(two) {
		t.Fatalf("%+v", all)
	}
	same := get[api.Many[planapi.Written]](d, send("", body("桥台完成。"), "k2"), 200)
	if same.Rows[0].Answer.Entries[0] != all.Rows[0].Answer.Entries[0] || same.Rows[1].Answer.Entries[0] != all.Rows[1].Answer.Entries[0] {
		t.Errorf("written twice: %+v %+v", all, same)
	}
	if p := get[web.Problem](d, send("", body("另一段话。"), "k2"), 409); p.Code != "node.request-reused" {
		t.Errorf("%+v", p)
	}
	d.Clean()
}

// TestManyNameEachRowInTheCallersLanguage: the rows of others and figures that are none are refused as on a call of one.
func TestManyNameEachRowInTheCallersLanguage(t *testing.T) {
	d := open(t)
	_, farm := d.Row("农业园区")
	one, _, _ := d.twoBridges()
	rows := `{"reports":[{"item":"` + farm + `","period":"2022-01","progress":"不是我的。"},{"item":"` + one + `","period":"2022-01","progress":"x","figures":{"k9":"1"}},{"item":"` + one + `","period":"2031-01","progress":"还没有到。"}]}`
	p := get[refusedRows](d, d.ask(region.Reporter, jtj, "POST", api.Prefix+"/bulk/reports", rows, "Accept-Language", "en"), 422)
	if len(p.Rows) != 3 || p.Rows[1].Errors[0].Field != "figures.k9" || p.Rows[1].Errors[0].Detail != "The item has no such indicator; check its id" || p.Rows[2].Code != "plan.period-not-begun" {
		t.Fatalf("%+v", p.Rows)
	}
}

// TestABulletinIsIssuedAsItWasSeen.
func TestABulletinIsIssuedAsItWasSeen(t *testing.T) {
	d := open(t)
	at := api.Prefix + "/bulletins/2022-01"
	save := func(version int64, text string) planapi.BulletinDraft {
		return get[planapi.BulletinDraft](d, d.ask(region.Coordinator, "", "POST", at+"/draft", fmt.Sprintf(`{"version":%d,"sections":[{"key":"overall","text":%q},{"key":"next","text":"继续推进。"}]}`, version, text)), 200)
	}
	first := save(0, "本月共{items}项。")
	second := save(first.Version, "本月无事。")
	if !second.Edited || second.Sections[0].Text != "本月无事。" || second.Sum == first.Sum {
		t.Fatalf("%+v", second)
	}
	issue := func(sum string, status int) map[string]any {
		return get[map[string]any](d, d.ask(region.Coordinator, "", "POST", at+"/issue", `{"sum":"`+sum+`","seen":0}`, "Idempotency-Key", "issue"), status)
	}
	if p := issue(first.Sum, 422); p["code"] != "api.bulletin-moved" {
		t.Errorf("%v", p)
	}
	id, again := issue(second.Sum, 200)["bulletin"], issue(second.Sum, 200)["bulletin"]
	if id != again {
		t.Errorf("issued twice: %v %v", id, again)
	}
	late := func(seen int, status int) map[string]any { // a colleague who saw the same draft
		return get[map[string]any](d, d.ask(region.Coordinator, "", "POST", at+"/issue", fmt.Sprintf(`{"sum":%q,"seen":%d}`, second.Sum, seen), "Idempotency-Key", fmt.Sprint("late", seen)), status)
	}
	if p := late(second.Seen, 422); second.Seen != 0 || p["code"] != "plan.bulletin-since" {
		t.Errorf("%d, %v", second.Seen, p)
	}
	get[map[string]any](d, d.ask(region.Coordinator, "", "POST", at+"/issue", fmt.Sprintf(`{"sum":%q}`, second.Sum)), 422)
	issued := get[[]planapi.Bulletin](d, d.ask(region.Reader, "", "GET", api.Prefix+"/bulletins", ""), 200)
	if len(issued) != 1 || issued[0].Bulletin != id {
		t.Errorf("%+v", issued)
	}
}

// TestAListIsIssuedOnce: sent again under its key it says what was written, though the list in the making is gone.
func TestAListIsIssuedOnce(t *testing.T) {
	d := open(t)
	id, err := d.NewMaking(t.Context(), plan.Making{Title: "印发一次(演示数据)", Year: 2022, Plan: "once"}, []plan.ListingWords{{Title: "开通遂潼公交", Lead: []string{jtj}, Deadline: "6月底前"}})
	if err != nil {
		t.Fatal(err)
	}
	issue := func() plan.Imported {
		return get[plan.Imported](d, d.ask(region.Coordinator, "", "POST", api.Prefix+"/makings/"+id+"/issue", `{"issued":"2022-01-20","cycle":"month","cutoff":25}`, "Idempotency-Key", "k"), 200)
	}
	first, again := issue(), issue()
	if first.New != 1 || again.New != 1 || first.Plan != again.Plan {
		t.Errorf("%+v %+v", first, again)
	}
	list := get[planapi.List](d, d.ask(region.Reader, "", "GET", api.Prefix+"/plans/once", ""), 200)
	if list.Rows != 1 || list.Title != "印发一次(演示数据)" {
		t.Errorf("%+v", list)
	}
	if drafts, err := d.Makings(t.Context()); err != nil || len(drafts) != 0 {
		t.Errorf("%v, %v", drafts, err)
	}
}
