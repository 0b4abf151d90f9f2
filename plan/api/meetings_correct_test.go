package api_test

import (
	"strconv"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// TestMinutesAreCorrectedByACall: what is sent is otherwise, what is left out stays, who was slower is told, and the unit confirms what it has read.
func TestMinutesAreCorrectedByACall(t *testing.T) {
	d := open(t)
	office, at := plantest.UnitNames[0], ""
	for _, c := range d.meetings() {
		if c.id == "issue-minutes" {
			at = api.Prefix + strings.TrimSuffix(c.path, "/minutes")
		}
		if c.id != "correct-minutes" && c.id != "cancel-meeting" {
			d.ask(c.seat, c.unit, c.method, api.Prefix+c.path, c.body)
		}
	}
	read := func() plan.Meeting {
		return get[plan.Meeting](d, d.ask(region.Coordinator, office, "GET", at, ""), 200)
	}
	was := read().Minutes
	seen := strconv.FormatInt(was.Now, 10)
	correct := func(body string, status int) string {
		return get[web.Problem](d, d.ask(region.Coordinator, office, "POST", at+"/minutes/corrections", body), status).Code
	}
	for body, code := range map[string]string{
		`{"seen":` + seen + `,"reason":"笔误"}`:                                             "plan.correction-none",
		`{"seen":` + seen + `,"reason":"笔误","points":[{"at":9,"text":"没有"}]}`:             "plan.correction-place",
		`{"seen":` + seen + `,"reason":"笔误","present":[{"at":9,"people":"没有"}]}`:          "plan.correction-place",
		`{"seen":` + seen + `,"reason":"笔误","resolutions":[{"at":9,"text":"没有"}]}`:        "plan.correction-place",
		`{"seen":` + seen + `,"reason":"笔误","resolutions":[{"at":1,"org":"o-none"}]}`:     "plan.resolution-unit",
		`{"seen":` + seen + `,"reason":"笔误","resolutions":[{"at":1,"due":"2022-99-01"}]}`: "plan.day",
		`{"seen":` + seen + `,"reason":"笔误","resolutions":[{"at":1,"member":"500152"}]}`:  "plan.consultation-stranger",
		`{"seen":` + seen + `,"reason":"笔误","present":[{"at":2,"state":"sleeping"}]}`:     "plan.minutes-present",
		`{"seen":` + seen + `,"reason":"笔误","points":[{"at":1,"title":""}]}`:              "plan.meeting-point",
		`{"seen":` + seen + `,"reason":"笔误","chair":" ","recorder":"王演示","points":null}`:  "plan.minutes-chair",
		`{"seen":` + seen + `,"reason":" ","chair":"另一位"}`:                                "plan.reason-missing",
	} {
		if got := correct(body, 422); got != code {
			t.Errorf("%s: %s, want %s", body, got, code)
		}
	}
	right := `{"seen":` + seen + `,"reason":"笔误","present":[{"at":2,"people":"张演示、李演示"}],"points":[{"at":1,"text":"听取并讨论了汇报"}],"resolutions":[{"at":1,"text":"月底前完成全线征地","due":"2022-12-31"}]}`
	get[map[string]any](d, d.ask(region.Coordinator, office, "POST", at+"/minutes/corrections", right, "Idempotency-Key", "k"), 200)
	get[map[string]any](d, d.ask(region.Coordinator, office, "POST", at+"/minutes/corrections", right, "Idempotency-Key", "k"), 200)
	if got := correct(right, 409); got != "plan.minutes-newer" {
		t.Errorf("who was slower: %s", got)
	}
	m := read().Minutes
	if len(m.Corrections) != 1 || len(m.Corrections[0].Texts) != 4 || m.Words.Chair != was.Words.Chair || m.Resolutions[0].Due != "2022-12-31" || m.Resolutions[0].Unit != was.Resolutions[0].Unit {
		t.Errorf("%+v", m)
	}
	if got := get[web.Problem](d, d.ask(region.Reporter, jtj, "POST", at+"/answer", `{"agrees":true,"seen":`+seen+`}`), 409).Code; got != "plan.minutes-newer" {
		t.Errorf("confirmed unread: %s", got)
	}
	get[map[string]any](d, d.ask(region.Reporter, jtj, "POST", at+"/answer", `{"agrees":true,"seen":`+strconv.FormatInt(m.Now, 10)+`}`), 200)
	get[web.Problem](d, d.ask(region.Coordinator, office, "POST", api.Prefix+"/meetings/m-none/minutes/corrections", right), 404)
	d.Clean()
}
