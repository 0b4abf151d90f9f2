package meetings_test

import (
	"context"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
)

var hiddenSeen = regexp.MustCompile(`name="seen" value="([0-9]+)"`)

// seenOf is by which entry the minutes held that a page shows.
func seenOf(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	m := hiddenSeen.FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatal("the page does not say which minutes it shows")
	}
	return m[1]
}

// corrects is what a meeting's minutes are corrected by on their pages: road was there, farm was excused. Decision 1 became a row, decision 2 is tied to an
// item that stood.
func (d desk) corrects(t *testing.T, who, road, farm node.Actor, at string) {
	t.Helper()
	page := d.Want("the form", d.Ask(who, at+"/correct", nil), 200, "更正会议纪要", "演示副市长", "7月底前完成遂宁段征地", "会议分析了滞后原因。", "事项不随更正改变")
	d.Want("there is a way to it", d.Ask(who, at, nil), 200, at+"/correct")
	if strings.Contains(d.Ask(road, at, nil).Body.String(), at+"/correct") {
		t.Error("a unit is offered what it may not do")
	}
	form := url.Values{
		"seen": {seenOf(t, page)}, "reason": {""}, "chair": {"演示副市长"}, "recorder": {"李演示"}, "people-0": {"赵演示"}, "present-1": {"present"}, "people-1": {"张演示、孙演示"},
		"present-2": {"excused"}, "people-2": {""},
		"title-0": {"下半年交通项目安排"}, "text-0": {"会议同意安排方案。"}, "title-1": {"加快推进遂渝高速公路扩容工程建设"}, "text-1": {"会议分析了滞后原因。"}, "title-2": {"征地补偿"}, "text-2": {""},
		"decision-0": {"7月底前完成遂宁段征地"}, "unit-0": {d.Units[roads]}, "supports-0": {d.Units[farms]}, "due-0": {"2022-08-15"},
		"decision-1": {"增加三个作业面"}, "unit-1": {d.Units[roads]}, "due-1": {""},
	}
	d.Want("no reason", d.Ask(who, at+"/correct", form), 422, "增加三个作业面", "2022-08-15")
	form.Set("reason", "记录有误")
	form.Set("chair", "")
	d.Want("nobody in the chair", d.Ask(who, at+"/correct", form), 422, "没有写主持人", "记录有误")
	form.Set("chair", "演示副市长")
	old := d.Want("a neighbour opens the same", d.Ask(who, at+"/correct", nil), 200)
	d.Want("corrected", d.Ask(who, at+"/correct", form), 303)

	slower := url.Values{"seen": {seenOf(t, old)}, "reason": {"记录人写错"}, "chair": {"演示副市长"}, "recorder": {"周演示"}, "text-0": {"会议原则同意安排方案。"}, "decision-1": {"增加两个作业面"}, "unit-1": {d.Units[roads]}}
	page = d.Want("who was slower is told", d.Ask(who, at+"/correct", slower), 409, "您打开以后", "周演示", "记录人写错", "会议同意安排方案。", "增加三个作业面")
	if strings.Contains(page.Body.String(), "会议原则同意安排方案。") {
		t.Error("what the other corrected would be set back")
	}
	slower.Set("seen", seenOf(t, page))
	slower.Set("text-0", "会议同意安排方案。")
	slower.Set("decision-1", "增加三个作业面")
	d.Want("and corrects what holds", d.Ask(who, at+"/correct", slower), 303)
	slower.Set("seen", seenOf(t, d.Ask(who, at+"/correct", nil)))
	d.Want("nothing more", d.Ask(who, at+"/correct", slower), 422, "没有改动")

	d.Want("the minutes as they hold", d.Ask(road, at, nil), 200, "纪要〔2022〕1号（更正）", "增加三个作业面", "会议同意安排方案。", "第 1 次更正，讨论情况原为：", "<del>会议原则同意安排方案。</del>",
		"第 2 次更正", "更正（2）", "记录有误", "记录人写错", "更正前2022年7月5日已确认", "纪要已有 2 次更正", "去调整清单里的这一条", "/amend")
	d.Want("who was excused reads it", d.Ask(farm, at, nil), 200, "增加三个作业面", "记录有误")
	minutes := text(t, d.Want("the document", d.Ask(road, at+"/minutes.docx", nil), 200))
	for _, part := range []string{
		"7月交通调度会纪要（更正）", "〔2022〕1号", "2022年7月5日第2次更正", "（二）增加三个作业面", "完成时限：2022年8月15日前", "出席：" + office + " 赵演示；市交通运输局 张演示、孙演示", "记录：周演示",
		"更正说明：第 1 次更正", "更正原因：记录有误。", "讨论情况 1，原为“会议原则同意安排方案。”，现为“会议同意安排方案。”。", "完成时限 1，原为“2022年7月31日”，现为“2022年8月15日”。",
	} {
		if !strings.Contains(minutes, part) {
			t.Errorf("the corrected minutes lack %s: %s", part, minutes)
		}
	}
	d.Want("the one that was read before is not confirmed", d.Ask(road, at+"/confirm", url.Values{"do": {"agree"}, "seen": {seenOf(t, old)}}), 409, "纪要被更正过")
	d.Want("confirmed as it holds", d.Ask(road, at+"/confirm", url.Values{"do": {"agree"}, "seen": {seenOf(t, d.Ask(road, at, nil))}}), 303)
	list, err := d.List(context.Background(), plan.ListQuery{Plan: "meeting-2022"})
	if err != nil || len(list.Rows) != 1 || list.Rows[0].Words.Deadline != "2022年7月31日前" {
		t.Errorf("the row was changed silently: %+v, %v", list.Rows, err)
	}
}
