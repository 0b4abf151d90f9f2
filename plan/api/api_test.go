package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"liandong/plan"
	planapi "liandong/plan/api"
	"liandong/plan/board"
	"liandong/plan/judge"
	"liandong/plan/making"
	"liandong/plan/meetings"
	"liandong/plan/plantest"
	"liandong/plan/slips"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/api"
)

const csv = "序号,工作任务,牵头单位,配合单位,完成时限\n" +
	"1,加快遂潼快捷通道建设,市交通运输局,市发展改革委,6月底前\n2,共建农业园区,市农业农村局,,年底前\n"

// desk is an office with a list, and its site: who asks says so by headers.
type desk struct {
	*plantest.Office
	t    *testing.T
	http http.Handler

	met *plantest.Office // Tongnan, once it is met
}

// tongnan is the neighbour, which stands on the same day.
func (d *desk) tongnan() *plantest.Office {
	d.t.Helper()
	if d.met == nil {
		d.met = plantest.Of(d.t, storetest.OpenSQLite(d.t), plantest.Tongnan)
		plantest.Meet(d.Office, d.met)
	}
	d.met.Day(d.Today())
	return d.met
}

func open(t *testing.T) *desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	site := web.New(web.Options{Member: "遂宁市", Now: o.Clock, Identify: func(r *http.Request) (web.Identity, error) {
		seat := r.Header.Get("Test-Seat")
		if seat == "" {
			return web.Identity{}, nil
		}
		unit := r.Header.Get("Test-Unit")
		if unit == "" {
			unit = plantest.UnitNames[0]
		}
		id := web.Identity{Actor: o.As(region.Seat(seat), unit).Actor}
		if r.Header.Get("Test-Scopes") == "none" {
			id.Token = true
		}
		return id, nil
	}})
	calls := api.New(site, "test")
	board.API(calls, o.Desk)
	slips.API(calls, o.Desk)
	making.API(calls, o.Desk)
	meetings.API(calls, o.Desk)
	planapi.Routes(calls, o.Desk)
	d := &desk{Office: o, t: t, http: site.Handler()}
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼清单(演示数据)"}, csv)
	o.Day("2022-01-24")
	stop, err := d.FollowSearch(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	if err := d.CatchUpSearch(context.Background()); err != nil {
		t.Fatal(err)
	}
	return d
}

// ask makes a call; unit may be empty.
func (d *desk) ask(seat region.Seat, unit, method, path, body string, header ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Test-Seat", string(seat))
	r.Header.Set("Content-Type", "application/json")
	if unit != "" {
		r.Header["Test-Unit"] = []string{unit}
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.http.ServeHTTP(w, r)
	return w
}

// get reads an answer into out.
func get[T any](d *desk, w *httptest.ResponseRecorder, status int) (out T) {
	d.t.Helper()
	if w.Code != status {
		d.t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		d.t.Fatalf("%v: %s", err, w.Body)
	}
	return out
}

const jtj = "市交通运输局"

func TestDescriptionIsWholeAndValid(t *testing.T) {
	d := open(t)
	w := d.ask("", "", "GET", "/api/openapi.json", "")
	doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			ok := op.Responses.Value("200")
			if op.Summary == "" || ok == nil {
				t.Errorf("%s %s: no summary or no answer", method, path)
				continue
			}
			for kind, media := range ok.Value.Content {
				if media.Example == nil && media.Schema.Value.Format != "binary" {
					t.Errorf("%s %s: no example of its answer (%s)", method, path, kind)
				}
			}
			if op.RequestBody != nil && op.RequestBody.Value.Content["application/json"] != nil &&
				op.RequestBody.Value.Content["application/json"].Example == nil {
				t.Errorf("%s %s: no example of its body", method, path)
			}
			if op.Responses.Value("403") == nil {
				t.Errorf("%s %s: 403 is not described", method, path)
			}
		}
	}
}

// calls are one call of each operation that succeeds, in an order in which each finds what it needs.
func (d *desk) calls() []call {
	_, road := d.Row("快捷通道")
	farm, _ := d.Row("农业园区")
	return []call{
		{"plans", region.Reader, "", "GET", "/plans", "", 200},
		{"plan", region.Reader, "", "GET", "/plans/suitong", "", 200},
		{"status", region.Auditor, "", "GET", "/status?as-of=2022-06-20", "", 200},
		{"listings", region.Reviewer, "", "GET", "/plans/suitong/listings?limit=1", "", 200},
		{"missing", region.Coordinator, "", "GET", "/plans/suitong/missing", "", 200},
		{"item", region.Reporter, jtj, "GET", "/items/" + road, "", 200},
		{"revise", region.Coordinator, "", "PATCH", "/items/" + road, `{"indicators":[{"id":"k1","unit":"亿元","base":"","target":"12","direction":"up","mode":"cumulative","decimals":2,"name":"完成投资"}]}`, 200},
		{"form", region.Reporter, jtj, "GET", "/items/" + road + "/form", "", 200},
		{"questions", region.Reporter, jtj, "POST", "/items/" + road + "/questions", `{"period":"2022-01","figures":{"k1":"3500万元"}}`, 200},
		{"attach", region.Reporter, jtj, "POST", "/files?name=a.txt", "x", 200},
		{"part", region.Reporter, "", "POST", "/items/" + road + "/parts", `{"period":"2022-01","progress":"配合。"}`, 200},
		{"report", region.Reporter, jtj, "POST", "/items/" + road + "/reports", `{"period":"2022-01","claim":"on-time","progress":"推进中。","figures":{"k1":"3500万元"}}`, 200},
		{"queue", region.Reviewer, "", "GET", "/queue", "", 200},
		{"return", region.Reviewer, "", "POST", "/items/" + road + "/reports/2022-01/return", `{"reason":"请补充。"}`, 200},
		{"report", region.Reporter, jtj, "POST", "/items/" + road + "/reports", `{"period":"2022-01","claim":"on-time","progress":"完成路基。"}`, 200},
		{"accept", region.Reviewer, "", "POST", "/items/" + road + "/reports/2022-01/accept", `{}`, 200},
		{"verdict", region.Coordinator, "", "POST", "/listings/" + farm + "/verdict", `{"state":"at-risk","reason":"用地未批"}`, 200},
		{"link", region.Coordinator, "", "POST", "/listings/" + farm + "/link", `{"items":["` + road + `"]}`, 200},
		{"remove-item", region.Coordinator, "", "POST", "/listings/" + farm + "/items/" + road + "/remove", "", 200},
		{"link", region.Coordinator, "", "POST", "/listings/" + farm + "/link", `{"items":["` + road + `"]}`, 200},
		{"unlink", region.Coordinator, "", "DELETE", "/listings/" + farm + "/link", "", 200},
		{"call", region.Coordinator, "", "POST", "/plans/suitong/calls", `{"day":"2022-12-30","text":"请报最新进度","listings":["` + farm + `"]}`, 200},
		{"plan-calls", region.Reader, "", "GET", "/plans/suitong/calls", "", 200},
		{"withdraw-call", region.Coordinator, "", "POST", "/plans/suitong/calls/2022-12-30/withdraw", `{"reason":"改期"}`, 200},
		{"bulletins", region.Reader, "", "GET", "/bulletins", "", 200},
		{"bulletin", region.Coordinator, "", "GET", "/bulletins/2022-01/file?kind=xlsx", "", 200},
		{"search", region.Reader, "", "GET", "/search?q=%E9%80%9A%E9%81%93", "", 200},
		{"todo", region.Reporter, jtj, "GET", "/todo", "", 200},
	}
}

// slips are the calls of a slip from its issue to its end. It cannot be raised while it is answered in time.
func (d *desk) slips() []call {
	_, road := d.Row("快捷通道")
	id, err := d.IssueSlip(context.Background(), d.Coordinator(), plan.NewSlip{
		Item: road, Org: d.Units[jtj], Ground: plan.SlipLate, Words: plan.SlipWords{Matter: "快捷通道", Demand: "说明原因"},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return []call{
		{"slip-proposals", region.Coordinator, "", "GET", "/slip-proposals", "", 200},
		{"issue-slip", region.Coordinator, "", "POST", "/slips", `{"item":"` + road + `","org":"` + d.Units[jtj] + `","ground":"missed","matter":"快捷通道","demand":"请补报"}`, 200},
		{"slips", region.Auditor, "", "GET", "/slips?open=true", "", 200},
		{"slip", region.Reporter, jtj, "GET", "/slips/" + id, "", 200},
		{"slip", region.Reporter, "市农业农村局", "GET", "/slips/" + id, "", 404},
		{"slip-document", region.Reporter, jtj, "GET", "/slips/" + id + "/document", "", 200},
		{"slip-document", region.Reporter, "市农业农村局", "GET", "/slips/" + id + "/document", "", 404},
		{"sign-slip", region.Reporter, jtj, "POST", "/slips/" + id + "/sign", `{}`, 200},
		{"answer-slip", region.Reporter, jtj, "POST", "/slips/" + id + "/answer", `{"text":"已增加两个作业面"}`, 200},
		{"return-slip", region.Coordinator, "", "POST", "/slips/" + id + "/return", `{"reason":"没有时间表","days":3}`, 200},
		{"raise-slip", region.Coordinator, "", "POST", "/slips/" + id + "/raise", `{"reason":"未反馈"}`, 422},
		{"answer-slip", region.Reporter, jtj, "POST", "/slips/" + id + "/answer", `{"text":"七月底前补齐"}`, 200},
		{"close-slip", region.Coordinator, "", "POST", "/slips/" + id + "/close", `{"outcome":"done","reason":"措施到位"}`, 200},
	}
}

// meetings are the calls of a meeting from its agenda to the answer to its minutes.
func (d *desk) meetings() []call {
	ctx, office := context.Background(), d.As(region.Coordinator, "")
	office.Actor.Org = d.Units[plantest.UnitNames[0]]
	_, road := d.Row("快捷通道")
	group, err := d.SetGroup(ctx, office, "", plan.NewGroup{Orgs: []string{d.Units[jtj]}, Words: plan.GroupWords{Name: "交通专班"}})
	if err != nil {
		d.t.Fatal(err)
	}
	day := string(d.Today())
	id, err := d.CallAtOnce(ctx, office, plan.MeetingDraft{Group: group, Day: judge.Date(day), Clock: "08:30", Words: plan.MeetingWords{Title: "调度会"}})
	if err != nil {
		d.t.Fatal(err)
	}
	at := "/meetings/" + id
	return []call{
		{"groups", region.Reporter, jtj, "GET", "/groups", "", 200},
		{"meetings", region.Auditor, "", "GET", "/meetings", "", 200},
		{"meeting", region.Reporter, jtj, "GET", at, "", 200},
		{"meeting", region.Reporter, "市农业农村局", "GET", at, "", 404},
		{"meeting-notice", region.Reporter, jtj, "GET", at + "/notice", "", 200},
		{"meeting-notice", region.Reporter, "市农业农村局", "GET", at + "/notice", "", 404},
		{"minutes-document", region.Reporter, jtj, "GET", at + "/minutes/document", "", 404}, // there are none yet
		{"draw-agenda", region.Coordinator, plantest.UnitNames[0], "POST", "/agendas", `{"group":"` + group + `","days":366}`, 200},
		{"draw-agenda", region.Coordinator, plantest.UnitNames[0], "POST", "/agendas", `{"group":"g-none","days":15}`, 404},
		{"call-meeting", region.Coordinator, plantest.UnitNames[0], "POST", "/meetings", `{"group":"` + group + `","day":"` + day + `","clock":"15:00","title":"再次调度","points":[{"title":"快捷通道","ground":"late","item":"` + road + `"}]}`, 200},
		{"call-meeting", region.Coordinator, plantest.UnitNames[0], "POST", "/meetings", `{"day":"` + day + `","clock":"15:00","title":"没有人参加"}`, 422},
		{"reply-meeting", region.Reporter, jtj, "POST", at + "/reply", `{"reply":"comes","people":"张演示"}`, 200},
		{"reply-meeting", region.Reporter, "市农业农村局", "POST", at + "/reply", `{"reply":"comes","people":"越权"}`, 422},
		{"propose-point", region.Reporter, jtj, "POST", at + "/points", `{"title":"征地补偿"}`, 200},
		{"issue-minutes", region.Coordinator, plantest.UnitNames[0], "POST", at + "/minutes", `{"chair":"演示副市长","present":[]}`, 422},
		{"issue-minutes", region.Coordinator, plantest.UnitNames[0], "POST", at + "/minutes", `{"chair":"演示副市长","present":[{"who":"` + d.Units[jtj] + `","state":"present"}],"points":[{"title":"快捷通道","text":"听取了汇报","item":"` + road + `"}],"resolutions":[{"text":"月底前完成征地","org":"` + d.Units[jtj] + `","follow":"new","point":1}]}`, 200},
		{"minutes-document", region.Reporter, jtj, "GET", at + "/minutes/document", "", 200},
		{"answer-minutes", region.Reporter, jtj, "POST", at + "/answer", `{"agrees":false}`, 422},
		{"answer-minutes", region.Reporter, jtj, "POST", at + "/answer", `{"agrees":true}`, 200},
		{"cancel-meeting", region.Coordinator, plantest.UnitNames[0], "POST", at + "/cancel", `{"reason":"已有纪要"}`, 422},
		{"correct-minutes", region.Coordinator, plantest.UnitNames[0], "POST", at + "/minutes/corrections", `{"seen":1,"reason":"笔误","chair":"王演示"}`, 409},
	}
}

// makings are the calls on which a list is made and commented on. The comment that is decided on was given before.
func (d *desk) makings() []call {
	ctx := context.Background()
	id, err := d.NewMaking(ctx, plan.Making{Title: "新清单(演示数据)", Year: 2023}, []plan.ListingWords{{Title: "快捷通道二期"}})
	if err != nil {
		d.t.Fatal(err)
	}
	gone, err := d.NewMaking(ctx, plan.Making{Title: "另一份(演示数据)", Year: 2023}, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	sent, err := d.Consult(ctx, d.Coordinator(), id, plan.NewConsultation{Orgs: []string{d.Units[jtj]}, Due: "2100-12-31"})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.Comment(ctx, d.As(region.Reporter, jtj), sent, map[int]string{1: "时限过紧"}); err != nil {
		d.t.Fatal(err)
	}
	c, err := d.Consultation(ctx, sent, plan.ViewerOf(d.Coordinator().Actor))
	if err != nil {
		d.t.Fatal(err)
	}
	said := c.Comments()[0]
	decide := fmt.Sprintf(`{"book":%q,"index":%d,"row":1,"decision":"declined","reason":"按原计划"}`, said.Book, said.Index)
	return []call{
		{"makings", region.Coordinator, "", "GET", "/makings", "", 200},
		{"making", region.Coordinator, "", "GET", "/makings/" + id, "", 200},
		{"making", region.Coordinator, "", "GET", "/makings/m-none", "", 404},
		{"begin-making", region.Coordinator, "", "POST", "/makings", `{"title":"再一份","year":2023,"plan":"suitong","unfinished":true}`, 200},
		{"set-making-row", region.Coordinator, "", "POST", "/makings/" + id + "/rows", `{"words":{"title":"开行遂潼公交"}}`, 200},
		{"set-making-row", region.Coordinator, "", "POST", "/makings/" + id + "/rows", `{"row":1,"version":7,"words":{"title":"旧版"}}`, 422},
		{"drop-making", region.Coordinator, "", "POST", "/makings/" + gone + "/drop", `{}`, 200},
		{"consultations", region.Auditor, "", "GET", "/consultations", "", 200},
		{"consultation", region.Reporter, jtj, "GET", "/consultations/" + sent, "", 200},
		{"consultation", region.Reporter, "市农业农村局", "GET", "/consultations/" + sent, "", 404},
		{"consultation-letter", region.Reporter, jtj, "GET", "/consultations/" + sent + "/letter", "", 200},
		{"consultation-letter", region.Reporter, "市农业农村局", "GET", "/consultations/" + sent + "/letter", "", 404},
		{"consultation-comments", region.Coordinator, "", "GET", "/consultations/" + sent + "/comments/document", "", 200},
		{"decide-comment", region.Coordinator, "", "POST", "/consultations/" + sent + "/decide", decide, 200},
		{"widen-consultation", region.Reporter, jtj, "POST", "/consultations/" + sent + "/recipients", `{"orgs":["` + d.Units[jtj] + `"]}`, 403},
		{"widen-consultation", region.Coordinator, "", "POST", "/consultations/" + sent + "/recipients", `{"orgs":["` + d.Units[jtj] + `"]}`, 422},
		{"widen-consultation", region.Coordinator, "", "POST", "/consultations/" + sent + "/recipients", `{"orgs":["` + d.Units["市农业农村局"] + `"]}`, 200},
		{"comment", region.Reporter, jtj, "POST", "/consultations/" + sent + "/comment", `{"texts":{"0":"建议按季度调度"}}`, 200},
		{"comment", region.Reporter, jtj, "POST", "/consultations/" + sent + "/comment", `{"texts":{"x":"?"}}`, 422},
		{"consult", region.Coordinator, "", "POST", "/makings/" + id + "/consult", `{"orgs":["` + d.Units[jtj] + `"],"due":"2100-12-31"}`, 200},
		{"withdraw-consultation", region.Coordinator, "", "POST", "/consultations/" + sent + "/withdraw", `{"reason":"已有下一轮"}`, 422},
	}
}

// amendments are the calls on which a row is amended: one application waits, and the row of another is free to apply for.
func (d *desk) amendments() []call {
	ctx := context.Background()
	d.Take(plan.ImportOptions{Plan: "amend", Year: 2022, Title: "调整试验(演示数据)"}, "序号,工作任务,牵头单位,完成时限\n1,新建遂潼大道,"+jtj+",6月底前\n2,新建遂潼二桥,"+jtj+",6月底前\n")
	waits, _ := d.Row("新建遂潼大道")
	free, _ := d.Row("新建遂潼二桥")
	id, err := d.ProposeAmendment(ctx, d.As(region.Reporter, jtj), waits, plan.Amendment{Deadline: "9月底前", Reason: "征地"})
	if err != nil {
		d.t.Fatal(err)
	}
	return []call{
		{"amendments", region.Coordinator, "", "GET", "/amendments", "", 200},
		{"answer-amendment", region.Coordinator, "", "POST", "/amendments/" + id + "/answer", `{"accepted":true}`, 200},
		{"listing-amendments", region.Reader, "", "GET", "/listings/" + waits + "/amendments", "", 200},
		{"listing-amendments", region.Reader, "", "GET", "/listings/l-none/amendments", "", 404},
		{"amend-listing", region.Coordinator, "", "POST", "/listings/" + free + "/amend", `{"deadline":"8月底前","reason":"议定"}`, 200},
		{"apply-amendment", region.Reporter, jtj, "POST", "/listings/" + free + "/apply", `{"deadline":"10月底前","reason":"征地"}`, 200},
	}
}

type call struct {
	id                 string
	seat               region.Seat
	unit, method, path string
	body               string
	status             int
}

// TestEveryOperation calls each operation as it is described with every seat that may not, with
// nobody, with a token of no scope, and then with a seat that may.
func TestEveryOperation(t *testing.T) {
	d := open(t)
	site := d.ask("", "", "GET", "/api/openapi.json", "")
	var doc struct {
		Paths map[string]map[string]struct {
			ID     string        `json:"operationId"`
			Action region.Action `json:"x-action"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(site.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	actions := map[string]region.Action{}
	for _, item := range doc.Paths {
		for _, op := range item {
			actions[op.ID] = op.Action
		}
	}
	called := map[string]bool{}
	for _, c := range slices.Concat(d.calls(), d.slips(), d.instructions(), d.meetings(), d.groups(), d.shares(), d.signing(), d.makings(), d.amendments(), d.equals(), d.figured(), d.set(), d.bulk(), d.made(), d.changed(), d.bulletinCalls(), d.neighbours()) {
		act := actions[c.id]
		if act == "" {
			t.Fatalf("%s is not described", c.id)
		}
		path := api.Prefix + c.path
		for _, seat := range region.Seats {
			if !region.May(seat, act) {
				if w := d.ask(seat, c.unit, c.method, path, c.body); w.Code != http.StatusForbidden {
					t.Errorf("%s by %s: %d", c.id, seat, w.Code)
				}
			}
		}
		if w := d.ask("", "", c.method, path, c.body); w.Code != http.StatusUnauthorized {
			t.Errorf("%s by nobody: %d", c.id, w.Code)
		}
		if w := d.ask(c.seat, c.unit, c.method, path, c.body, "Test-Scopes", "none"); w.Code != http.StatusForbidden {
			t.Errorf("%s by a token of no scope: %d", c.id, w.Code)
		}
		if w := d.ask(c.seat, c.unit, c.method, path, c.body); w.Code != c.status {
			t.Fatalf("%s: %d %s", c.id, w.Code, w.Body)
		}
		called[c.id] = true
	}
	for id := range actions {
		if !called[id] {
			t.Errorf("no call of %s", id)
		}
	}
	d.Clean()
}

func TestQuestionsMustBeAnswered(t *testing.T) {
	d := open(t)
	_, road := d.Row("快捷通道")
	for _, c := range d.calls() {
		if c.id == "revise" {
			get[map[string]any](d, d.ask(c.seat, c.unit, c.method, api.Prefix+c.path, c.body), 200)
		}
	}
	said := func(period, figure, answer string) *httptest.ResponseRecorder {
		return d.ask(region.Reporter, jtj, "POST", api.Prefix+"/items/"+road+"/reports",
			`{"period":"`+period+`","claim":"on-time","progress":"推进中。","figures":{"k1":"`+figure+`"}`+answer+`}`)
	}
	get[planapi.Written](d, said("2022-01", "5亿元", ""), 200)
	d.AcceptNow(road, "2022-01", false)
	d.Day("2022-02-24")
	p := get[web.Problem](d, said("2022-02", "4亿元", ""), 422)
	if p.Code != "plan.question-open" || len(p.Errors) != 1 || p.Errors[0].Field != "answers.k1.figure.fell" {
		t.Fatalf("%+v", p)
	}
	get[planapi.Written](d, said("2022-02", "4亿元", `,"answers":{"k1.figure.fell":"上期多报"}`), 200)
	p = get[web.Problem](d, said("2022-02", "很多", ""), 422)
	if len(p.Errors) != 1 || p.Errors[0].Field != "figures.k1" {
		t.Errorf("%+v", p)
	}
}

func TestSentAgainGetsTheFirstAnswer(t *testing.T) {
	d := open(t)
	_, road := d.Row("快捷通道")
	send := func(text string) *httptest.ResponseRecorder {
		return d.ask(region.Reporter, jtj, "POST", api.Prefix+"/items/"+road+"/reports", `{"period":"2022-01","progress":"`+text+`"}`, "Idempotency-Key", "k")
	}
	first := get[planapi.Written](d, send("一"), 200)
	if again := get[planapi.Written](d, send("一"), 200); again.Entries[0] != first.Entries[0] {
		t.Errorf("written twice: %v %v", first, again)
	}
	if p := get[web.Problem](d, send("二"), 409); p.Code != "node.request-reused" {
		t.Errorf("%+v", p)
	}
}

func TestPagingEndsAndSkipsNothing(t *testing.T) {
	d := open(t)
	var titles []string
	for after := ""; ; {
		p := get[planapi.Rows](d, d.ask(region.Reader, "", "GET", api.Prefix+"/plans/suitong/listings?limit=1&after="+after, ""), 200)
		for _, r := range p.Items {
			titles = append(titles, r.Title)
		}
		if after = p.Next; after == "" {
			break
		}
	}
	if len(titles) != 2 {
		t.Error(titles)
	}
}

func TestWhatIsNotHereIsNotFound(t *testing.T) {
	d := open(t)
	for _, path := range []string{"/plans/none", "/plans/none/listings", "/items/none"} {
		if p := get[web.Problem](d, d.ask(region.Reader, "", "GET", api.Prefix+path, ""), 404); p.Code != "web.not-found" {
			t.Errorf("%s: %+v", path, p)
		}
	}
}
