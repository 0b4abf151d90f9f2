package meetings_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/meetings"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const list = `序号,工作任务,牵头单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,6月底前
2,推进智慧农业示范建设,市农业农村局,年底前
`

const roads, farms, schools, office = "市交通运输局", "市农业农村局", "市教育和体育局", "市发展改革委"

type desk struct {
	*plantest.Office
	webtest.Room
	road string
}

// open is an office on 1 July whose motorway is late.
func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	o.Day("2022-07-01")
	d := desk{Office: o, Room: webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { meetings.Routes(s, o.Desk) }}}
	_, d.road = o.Row("加快推进遂渝高速公路扩容工程建设")
	return d
}

var hidden = regexp.MustCompile(`name="version" value="([0-9]+)"`)

// version is that of the draft which a page shows.
func version(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	m := hidden.FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatal("the page has no version")
	}
	return m[1]
}

// text is what a document says, and what stands at the foot of its pages.
func text(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, part := range []string{"word/document.xml", "word/footer1.xml"} {
		f, err := z.Open(part)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(all), "")
}

// TestAMeetingThroughItsPages: a group is set up, its meeting drawn, called, answered, minuted and confirmed; a decision becomes a row.
func TestAMeetingThroughItsPages(t *testing.T) {
	d := open(t)
	who, road, farm := d.Coordinator().Actor, d.As(region.Reporter, roads).Actor, d.As(region.Reporter, farms).Actor
	d.Want("empty", d.Ask(who, "/meetings", nil), 200, "没有要开的会", "没有专班")
	d.Want("the form", d.Ask(who, "/meetings/groups/new", nil), 200, "召集单位", roads)
	form := url.Values{"name": {""}, "duties": {"统筹交通项目"}, "convener": {d.Units[office]}, "orgs": {d.Units[roads], d.Units[farms]}}
	d.Want("no name", d.Ask(who, "/meetings/groups/new", form), 422, "没有写专班名称", "统筹交通项目")
	form.Set("name", "遂渝交通工作专班")
	group := d.Want("set up", d.Ask(who, "/meetings/groups/new", form), 303).Header().Get("Location")
	d.Want("contacts", d.Ask(who, group+"/contacts", url.Values{"unit-0": {roads}, "name-0": {"王演示"}, "phone-0": {"13800001234"}}), 303)
	d.Want("the unit sees them", d.Ask(road, group, nil), 200, "遂渝交通工作专班", "王演示", "13800001234")
	if got := d.Want("the auditor", d.Ask(d.As(region.Auditor, office).Actor, group, nil), 200, "138****1234").Body.String(); strings.Contains(got, "13800001234") {
		t.Error("a telephone is not masked")
	}
	d.Want("changed without a reason", d.Ask(who, group+"/edit", form), 422, "为什么调整")

	draft := d.Want("begun", d.Ask(who, "/meetings/new", url.Values{"of": {"group:" + strings.TrimPrefix(group, "/group/")}}), 303).Header().Get("Location")
	page := d.Want("the draft", d.Ask(who, draft, nil), 200, "遂渝交通工作专班会议", "还缺：会议名称、日期、时间")
	head := url.Values{
		"version": {version(t, page)}, "title": {"7月交通调度会"}, "kind": {"调度会"}, "day": {"2022-07-05"}, "clock": {"9:30"}, "place": {"二会议室"},
		"convener": {d.Units[office]}, "orgs": {d.Units[roads], d.Units[farms]},
	}
	d.Want("saved", d.Ask(who, draft, head), 303)
	d.Want("an older version", d.Ask(who, draft, head), 422, "别人刚刚改过")
	d.Want("a wrong time", d.Ask(who, draft+"/call", url.Values{}), 422, "会议时间要写成")
	head.Set("version", version(t, d.Ask(who, draft, nil)))
	head.Set("clock", "08:30")
	d.Want("mended", d.Ask(who, draft, head), 303)
	d.Want("no number of days", d.Ask(who, draft+"?days=x", nil), 422, "天数应为 0 至 366")
	page = d.Want("drawn", d.Ask(who, draft+"?days=15", nil), 200, "可以列入的（1）", "加快推进遂渝高速公路扩容工程建设", "滞后")
	d.Want("nothing ticked", d.Ask(who, draft+"/take", url.Values{"days": {"15"}, "version": {version(t, page)}}), 422, "没有选议题")
	drawn, err := d.DrawAgenda(context.Background(), strings.TrimPrefix(draft, "/meetings/draft/"), 15, plan.ViewerOf(who))
	if err != nil || len(drawn) != 1 {
		t.Fatalf("%+v, %v", drawn, err)
	}
	d.Want("taken", d.Ask(who, draft+"/take", url.Values{"days": {"15"}, "version": {version(t, page)}, "take": {drawn[0].Key()}}), 303)
	change := func(n string, form url.Values) *httptest.ResponseRecorder {
		form.Set("version", version(t, d.Ask(who, draft, nil)))
		return d.Ask(who, draft+"/point/"+n, form)
	}
	d.Want("a free point", change("new", url.Values{"point": {"下半年安排"}}), 303)
	d.Want("an empty point", change("new", url.Values{"point": {" "}, "point-text": {"只有说明"}}), 422, "没有写议题", "只有说明")
	d.Want("moved up", change("1", url.Values{"do": {"up"}}), 303)
	d.Want("another", change("new", url.Values{"point": {"多余的"}}), 303)
	d.Want("dropped", change("2", url.Values{"do": {"drop"}}), 303)
	d.Want("edited", change("0", url.Values{"point": {"下半年交通项目安排"}}), 303)
	d.Want("ready", d.Ask(who, draft, nil), 200, "议程（2）", "共 2 个议题", "通知发给市交通运输局、市农业农村局")
	at := d.Want("called", d.Ask(who, draft+"/call", url.Values{}), 303).Header().Get("Location")

	d.Want("the unit's list", d.Ask(road, "/meetings", nil), 200, "7月交通调度会", "待报送回执")
	d.Want("the meeting", d.Ask(road, at, nil), 200, "1", "下半年交通项目安排", "加快推进遂渝高速公路扩容工程建设", "滞后", "报送回执")
	d.Want("comes without a name", d.Ask(road, at+"/reply", url.Values{"reply": {"comes"}, "people": {""}}), 422, "请写谁参加")
	d.Want("comes", d.Ask(road, at+"/reply", url.Values{"reply": {"comes"}, "people": {"张演示（副局长）"}}), 303)
	d.Want("excused without a reason", d.Ask(farm, at+"/reply", url.Values{"reply": {"excused"}}), 422)
	d.Want("excused", d.Ask(farm, at+"/reply", url.Values{"reply": {"excused"}, "excuse": {"防汛值守"}}), 303)
	d.Want("proposes", d.Ask(road, at+"/propose", url.Values{"point": {"征地补偿"}}), 303)
	d.Want("proposes nothing", d.Ask(road, at+"/propose", url.Values{"point": {""}}), 422, "没有写议题")
	d.Want("the office", d.Ask(who, at, nil), 200, "张演示（副局长）", "防汛值守", "征地补偿")
	m, err := d.Meeting(context.Background(), strings.TrimPrefix(at, "/meeting/"), plan.ViewerOf(who))
	if err != nil || len(m.Proposed) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	point := url.Values{"book": {m.Proposed[0].Book}, "index": {"x"}, "do": {"decline"}}
	d.Want("no point", d.Ask(who, at+"/point", point), 404)
	point.Set("index", strconv.FormatInt(m.Proposed[0].Index, 10))
	d.Want("declined without a reason", d.Ask(who, at+"/point", point), 422)
	point.Set("do", "take")
	d.Want("taken", d.Ask(who, at+"/point", point), 303)
	notice := text(t, d.Want("the invitation", d.Ask(road, at+"/notice.docx", nil), 200))
	for _, part := range []string{"关于召开7月交通调度会的通知", "2022年7月5日08:30", "二会议室", "1．下半年交通项目安排", "3．征地补偿", "演示数据"} {
		if !strings.Contains(notice, part) {
			t.Errorf("the invitation lacks %s", part)
		}
	}
	d.Want("no minutes yet", d.Ask(road, at+"/minutes.docx", nil), 404)
	d.Want("too early", d.Ask(who, at+"/minutes", nil), 200, "会议2022年7月5日召开后才能印发")
	d.Day("2022-07-05")
	page = d.Want("the form of minutes", d.Ask(who, at+"/minutes", nil), 200, "3. 征地补偿", "张演示（副局长）", "列为新事项", "并入：加快推进遂渝高速公路扩容工程建设")
	form = url.Values{
		"version": {version(t, page)}, "chair": {""}, "recorder": {"李演示"}, "present-0": {"present"}, "people-0": {"张演示"}, "people-own": {"赵演示"}, "present-1": {""},
		"title-0": {"下半年交通项目安排"}, "text-0": {"会议原则同意安排方案。"}, "item-0": {""},
		"title-1": {"加快推进遂渝高速公路扩容工程建设"}, "text-1": {"会议分析了滞后原因。"}, "item-1": {d.road},
		"decision-0": {"7月底前完成遂宁段征地"}, "unit-0": {d.Units[roads]}, "supports-0": {d.Units[farms]}, "due-0": {"2022-07-31"}, "follow-0": {"new"}, "point-0": {"2"},
		"decision-1": {"增加两个作业面"}, "unit-1": {d.Units[roads]}, "follow-1": {d.road}, "point-1": {"2"}, "decision-2": {""}, "follow-2": {"new"}, "do": {"save"},
	}
	d.Want("saved", d.Ask(who, at+"/minutes", form), 303)
	d.Want("nothing is lost", d.Ask(who, at+"/minutes", nil), 200, "会议分析了滞后原因。", "7月底前完成遂宁段征地", "李演示")
	form.Set("do", "issue")
	d.Want("whether it was there", d.Ask(who, at+"/minutes", form), 422, "请填写每个受邀单位的出席情况")
	form.Set("present-1", "excused")
	form.Set("title-2", "征地补偿")
	form.Set("text-2", "")
	d.Want("nobody in the chair", d.Ask(who, at+"/minutes", form), 422, "没有写主持人", "会议分析了滞后原因。")
	form.Set("chair", "演示副市长")
	d.Want("issued", d.Ask(who, at+"/minutes", form), 303)
	d.Want("the minutes", d.Ask(road, at, nil), 200, "纪要〔2022〕1号", "7月底前完成遂宁段征地", "配合：市农业农村局", "确认会议纪要")
	minutes := text(t, d.Want("the document", d.Ask(road, at+"/minutes.docx", nil), 200))
	for _, part := range []string{
		"遂宁市会议纪要", "〔2022〕1号", "演示副市长主持召开", "二、加快推进", "（一）7月底前完成遂宁段征地。（责任单位：市交通运输局；配合单位：市农业农村局；完成时限：2022年7月31日前）",
		"主持：演示副市长", "出席：" + office + " 赵演示；市交通运输局 张演示", "请假：市农业农村局", "记录：李演示",
	} {
		if !strings.Contains(minutes, part) {
			t.Errorf("the minutes lack %s: %s", part, minutes)
		}
	}
	if strings.Contains(minutes, "征地补偿") {
		t.Error("a point of which nothing was said is printed")
	}
	d.Want("no more form", d.Ask(who, at+"/minutes", nil), 404)
	d.Want("objects without a reason", d.Ask(road, at+"/confirm", url.Values{"do": {"object"}}), 422)
	d.Want("objects", d.Ask(road, at+"/confirm", url.Values{"do": {"object"}, "objection": {"时限应为8月"}}), 303)
	d.Want("seen", d.Ask(who, at, nil), 200, "有异议", "时限应为8月")
	d.Want("confirms", d.Ask(road, at+"/confirm", url.Values{"do": {"agree"}}), 303)
	list, err := d.List(context.Background(), plan.ListQuery{Plan: "meeting-2022"})
	if err != nil || len(list.Rows) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	d.corrects(t, who, road, farm, at)
	next := d.Want("the next", d.Ask(who, "/meetings/new", url.Values{"of": {"group:" + strings.TrimPrefix(group, "/group/")}}), 303).Header().Get("Location")
	d.Want("opens with the decisions", d.Ask(who, next+"?days=0", nil), 200, "上次议定，未办结", "7月底前完成遂宁段征地", "增加三个作业面")
	d.Want("given up", d.Ask(who, next+"/drop", url.Values{}), 303)
	d.Want("it is gone", d.Ask(who, next, nil), 404)
	d.Want("dissolved without a reason", d.Ask(who, group+"/dissolve", url.Values{"reason": {""}}), 422)
	d.Want("dissolved", d.Ask(who, group+"/dissolve", url.Values{"reason": {"任务完成"}}), 303)
	d.Want("its end", d.Ask(road, group, nil), 200, "已撤销", "任务完成", "7月交通调度会")
}

// TestWhoMayNotTouchAMeeting: each page and act refuses those whose it is not, and another unit does not even see that it is there.
func TestWhoMayNotTouchAMeeting(t *testing.T) {
	d := open(t)
	ctx := context.Background()
	group, err := d.SetGroup(ctx, d.Coordinator(), "", plan.NewGroup{Orgs: []string{d.Units[roads]}, Words: plan.GroupWords{Name: "交通专班"}})
	if err != nil {
		t.Fatal(err)
	}
	prepare := func() string {
		id, err := d.NewMeetingDraft(ctx, d.Coordinator().Actor, plan.MeetingDraft{Group: group})
		if err != nil {
			t.Fatal(err)
		}
		m, err := d.MeetingDraft(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		m.Day, m.Clock, m.Words.Title = "2022-07-05", "08:30", "专班调度会"
		if err := d.SetMeetingDraft(ctx, m); err != nil {
			t.Fatal(err)
		}
		return id
	}
	id, err := d.CallMeeting(ctx, d.Coordinator(), prepare())
	if err != nil {
		t.Fatal(err)
	}
	at, of, draft := "/meeting/"+id, "/group/"+group, "/meetings/draft/"+prepare()
	say := url.Values{"reply": {"comes"}, "people": {"越权"}, "point": {"越权"}, "do": {"agree"}, "cancel": {"越权"}, "reason": {"越权"}, "index": {"1"}, "version": {"2"}, "days": {"9"}, "name": {"越权"}}
	refused := []struct {
		seat   region.Seat
		unit   string
		method string
		path   string
		status int
	}{
		{region.Reader, office, "GET", "/meetings", 403},
		{region.Reviewer, office, "GET", "/meetings", 403},
		{region.Administrator, office, "GET", "/meetings", 403},
		{region.Reader, roads, "GET", at, 403},
		{region.Reader, roads, "GET", of, 403},
		{region.Reporter, schools, "GET", at, 404},
		{region.Reporter, schools, "GET", of, 404},
		{region.Reporter, schools, "GET", at + "/notice.docx", 404},
		{region.Reporter, schools, "GET", at + "/minutes.docx", 404},
		{region.Reporter, schools, "POST", at + "/reply", 404},
		{region.Reporter, schools, "POST", at + "/propose", 404},
		{region.Reporter, schools, "POST", at + "/confirm", 404},
		{region.Reporter, roads, "POST", at + "/confirm", 422},
		{region.Auditor, office, "POST", at + "/reply", 403},
		{region.Leader, office, "POST", at + "/reply", 403},
		{region.Coordinator, office, "POST", at + "/reply", 422},
		{region.Coordinator, office, "GET", at + "/correct", 404}, // there are no minutes
		{region.Coordinator, office, "POST", at + "/correct", 404},
		{region.Coordinator, office, "GET", "/meeting/m-none/correct", 404},
		{region.Coordinator, office, "GET", "/meeting/m-none", 404},
		{region.Coordinator, office, "GET", "/group/g-none", 404},
		{region.Coordinator, office, "GET", "/meetings/draft/d-none", 404},
		{region.Coordinator, office, "POST", "/meetings/draft/d-none/call", 404},
		{region.Auditor, office, "GET", "/meetings", 200},
		{region.Auditor, office, "GET", at, 200},
		{region.Leader, office, "GET", at, 200},
	}
	for _, path := range []string{"/meetings/groups/new", of + "/edit", draft, at + "/minutes", at + "/correct"} {
		for _, seat := range []region.Seat{region.Reporter, region.Auditor, region.Leader} {
			refused = append(refused, struct {
				seat   region.Seat
				unit   string
				method string
				path   string
				status int
			}{seat, roads, "GET", path, 403})
		}
	}
	for _, path := range []string{
		"/meetings/groups/new", of + "/edit", of + "/contacts", of + "/dissolve", "/meetings/new", draft, draft + "/take", draft + "/point/new",
		draft + "/call", draft + "/drop", at + "/change", at + "/cancel", at + "/point", at + "/minutes", at + "/correct",
	} {
		for _, seat := range []region.Seat{region.Reporter, region.Auditor, region.Leader} {
			refused = append(refused, struct {
				seat   region.Seat
				unit   string
				method string
				path   string
				status int
			}{seat, roads, "POST", path, 403})
		}
	}
	for _, c := range refused {
		form := say
		if c.method == "GET" {
			form = nil
		}
		w := d.Ask(d.As(c.seat, c.unit).Actor, c.path, form)
		if w.Code != c.status {
			t.Errorf("%s of %s %s %s: %d, want %d", c.seat, c.unit, c.method, c.path, w.Code, c.status)
		}
		if c.status == 404 && strings.Contains(w.Body.String(), "专班调度会") {
			t.Errorf("%s of %s reads %s", c.seat, c.unit, c.path)
		}
	}
	if got := d.Ask(d.As(region.Reporter, schools).Actor, "/meetings", nil).Body.String(); strings.Contains(got, "专班调度会") {
		t.Error("another unit's list has it")
	}
	m, err := d.Meeting(ctx, id, plan.ViewerOf(d.Coordinator().Actor))
	if err != nil || m.State != plan.MeetingIsCalled || m.Asked[0].Reply != "" || len(m.Proposed) != 0 {
		t.Errorf("something was done: %+v, %v", m, err)
	}
}
