package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
)

// figured are the calls that read what the pages sum up.
func (d *desk) figured() []call {
	row, _ := d.Row("快捷通道")
	return []call{
		{"board", region.Leader, "", "GET", "/board?as-of=2022-06-20", "", 200},
		{"items", region.Reader, "", "GET", "/items?state=standing&limit=1", "", 200},
		{"year", region.Auditor, "", "GET", "/plans/suitong/year?as-of=soon", "", 422},
		{"year", region.Auditor, "", "GET", "/plans/suitong/year", "", 200},
		{"year", region.Auditor, "", "GET", "/plans/none/year", "", 404},
		{"year-sheet", region.Auditor, "", "GET", "/plans/suitong/year/sheet?as-of=2022-06-30", "", 200},
		{"year-sheet", region.Auditor, "", "GET", "/plans/none/year/sheet", "", 404},
		{"twins", region.Coordinator, "", "GET", "/listings/" + row + "/twins", "", 200},
		{"twins", region.Coordinator, "", "GET", "/listings/l-none/twins", "", 404},
	}
}

// set are the calls on lights and the ladder of supervision.
func (d *desk) set() []call {
	lights, err := json.Marshal(map[string]any{"lights": judge.DefaultLegend()})
	if err != nil {
		d.t.Fatal(err)
	}
	return []call{
		{"legend", region.Administrator, "", "GET", "/legend", "", 200},
		{"set-legend", region.Coordinator, "", "POST", "/legend", string(lights), 200},
		{"set-legend", region.Coordinator, "", "POST", "/legend", `{"lights":[{"state":"late","light":"pink","label":"?"}]}`, 422},
		{"plan-legend", region.Coordinator, "", "GET", "/plans/suitong/legend", "", 200},
		{"set-plan-legend", region.Coordinator, "", "POST", "/plans/suitong/legend", `{}`, 200},
		{"set-plan-legend", region.Coordinator, "", "POST", "/plans/none/legend", `{}`, 404},
		{"ladder", region.Administrator, "", "GET", "/slip-ladder", "", 200},
		{"set-ladder", region.Coordinator, "", "POST", "/slip-ladder", `{"steps":[{"level":"blue","days":5},{"level":"red","name":"约谈","days":2}]}`, 200},
		{"set-ladder", region.Coordinator, "", "POST", "/slip-ladder", `{"steps":[{"level":"blue","days":5},{"level":"blue","days":2}]}`, 422},
	}
}

// bulk are the calls on many rows. Each refuses all when one is wrong, and takes the good ones when it is asked to.
func (d *desk) bulk() []call {
	d.Take(plan.ImportOptions{Plan: "bulk", Year: 2022, Title: "批量试验(演示数据)"}, "序号,工作任务,牵头单位,完成时限\n1,新建遂潼三桥,"+jtj+",6月底前\n2,新建遂潼四桥,"+jtj+",6月底前\n")
	_, one := d.Row("新建遂潼三桥")
	_, two := d.Row("新建遂潼四桥")
	reports := func(second string) string {
		return `{"reports":[{"item":"` + one + `","period":"2022-01","claim":"on-time","progress":"桥墩完成。"},{"item":"` + second + `","period":"2022-01","claim":"on-time","progress":"桥台完成。"}]}`
	}
	review := func(second string) string {
		return `{"reviews":[{"item":"` + one + `","period":"2022-01","accept":true},{"item":"` + two + `","period":"2022-01",` + second + `}]}`
	}
	slip := func(ground string) string {
		return `{"slips":[{"item":"` + one + `","org":"` + d.Units[jtj] + `","ground":"` + ground + `","matter":"三桥","demand":"说明原因"}]}`
	}
	return []call{
		{"report-many", region.Reporter, jtj, "POST", "/bulk/reports", reports("i-none"), 422},
		{"report-many", region.Reporter, jtj, "POST", "/bulk/reports", reports(two), 200},
		{"review-many", region.Reviewer, "", "POST", "/bulk/reviews", review(`"accept":true,"reason":"两样都有"`), 422},
		{"review-many", region.Reviewer, "", "POST", "/bulk/reviews", review(`"reason":"请写明工程量"`), 200},
		{"issue-slips", region.Coordinator, "", "POST", "/bulk/slips", slip("whim"), 422},
		{"issue-slips", region.Coordinator, "", "POST", "/bulk/slips", slip("late"), 200},
	}
}

// made are the calls that change a list in the making, and issue it.
func (d *desk) made() []call {
	ctx := context.Background()
	id, err := d.NewMaking(ctx, plan.Making{Title: "印发试验(演示数据)", Year: 2023, Plan: "made"}, []plan.ListingWords{
		{Title: "开通遂潼公交", Lead: []string{jtj}, Deadline: "6月底前"}, {Title: "重复的一行"},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	at := "/makings/" + id
	return []call{
		{"set-making", region.Coordinator, "", "POST", at + "/head", `{"title":"印发试验二(演示数据)","year":2023,"key":"made"}`, 200},
		{"set-making", region.Coordinator, "", "POST", at + "/head", `{"title":"印发试验","year":1923}`, 422},
		{"move-making-row", region.Coordinator, "", "POST", at + "/rows/2/move", `{"by":-1}`, 200},
		{"drop-making-row", region.Coordinator, "", "POST", at + "/rows/2/drop", "", 200},
		{"issue-making", region.Coordinator, "", "POST", at + "/issue", `{"issued":"一月","cycle":"month","cutoff":25}`, 422},
		{"issue-making", region.Coordinator, "", "POST", at + "/issue", `{"issued":"2022-01-20","cycle":"month","cutoff":25}`, 200},
		{"issue-making", region.Coordinator, "", "POST", at + "/issue", `{"issued":"2022-01-20","cycle":"month","cutoff":25}`, 404},
		{"list-notice", region.Reader, "", "GET", "/plans/made/notice", "", 200},
		{"list-notice", region.Reader, "", "GET", "/plans/none/notice", "", 404},
	}
}

// changed are the calls of a meeting's convener after it was called, on a point that a unit proposed.
func (d *desk) changed() []call {
	ctx, office := context.Background(), d.As(region.Coordinator, "")
	office.Actor.Org = d.Units[plantest.UnitNames[0]]
	id, err := d.CallAtOnce(ctx, office, plan.MeetingDraft{Orgs: []string{d.Units[jtj]}, Day: d.Today(), Clock: "09:30", Words: plan.MeetingWords{Title: "调度会"}})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.ProposePoint(ctx, d.As(region.Reporter, jtj), id, plan.AgendaWords{Title: "征地补偿"}); err != nil {
		d.t.Fatal(err)
	}
	m, err := d.Meeting(ctx, id, plan.ViewerOf(office.Actor))
	if err != nil {
		d.t.Fatal(err)
	}
	point := fmt.Sprintf("/meetings/%s/points/%s/%d/answer", id, m.Proposed[0].Book, m.Proposed[0].Index)
	return []call{
		{"change-meeting", region.Coordinator, plantest.UnitNames[0], "POST", "/meetings/" + id + "/change", `{"clock":"25:00","reason":"改时间"}`, 422},
		{"change-meeting", region.Coordinator, plantest.UnitNames[0], "POST", "/meetings/" + id + "/change", `{"clock":"15:00","points":[{"title":"快捷通道"}],"reason":"改时间"}`, 200},
		{"change-meeting", region.Coordinator, plantest.UnitNames[0], "POST", "/meetings/m-none/change", `{"clock":"15:00","reason":"改时间"}`, 404},
		{"answer-point", region.Coordinator, plantest.UnitNames[0], "POST", point, `{"accepted":false}`, 422},
		{"answer-point", region.Coordinator, plantest.UnitNames[0], "POST", point, `{"accepted":false,"reason":"下次再议"}`, 200},
	}
}

// bulletinCalls are those on which a bulletin is written and issued.
func (d *desk) bulletinCalls() []call {
	at := "/bulletins/2022-01"
	return []call{
		{"bulletin-draft", region.Coordinator, "", "GET", at + "/draft", "", 200},
		{"bulletin-draft", region.Coordinator, "", "GET", "/bulletins/maytime/draft", "", 422},
		{"save-bulletin", region.Coordinator, "", "POST", at + "/draft", `{"version":0,"sections":[{"key":"overall","text":"本月无事。"},{"key":"next","text":"继续推进。"}]}`, 200},
		{"save-bulletin", region.Coordinator, "", "POST", at + "/draft", `{"version":0,"sections":[{"key":"overall","text":"另一位的文字。"}]}`, 422},
		{"issue-bulletin", region.Coordinator, "", "POST", at + "/issue", `{"sum":"stale","seen":0}`, 422},
	}
}

// neighbours are the calls on what a neighbour asks, and on a document that both took in.
func (d *desk) neighbours() []call {
	d.t.Helper()
	tongnan := d.tongnan()
	const head = "序号,工作任务,牵头单位,完成时限\n"
	both := head + "1,共治涪江,市水利局,6月底前\n2,共修步道,市水利局,6月底前\n"
	d.Take(plan.ImportOptions{Plan: "both", Year: 2022, Circle: plantest.Circle, Title: "同一清单(演示数据)"}, both)
	tongnan.Take(plan.ImportOptions{Plan: "both", Year: 2022, Circle: plantest.Circle, Title: "同一清单(演示数据)"}, both)
	tongnan.Take(plan.ImportOptions{Plan: "claims", Year: 2022, Circle: plantest.Circle, Title: "请遂宁办"}, head+"1,疏浚涪江遂宁段一期,遂宁市：市水利局,6月底前\n2,疏浚涪江遂宁段二期,遂宁市：市水利局,6月底前\n")
	d.Take(plan.ImportOptions{Plan: "asks", Year: 2022, Circle: plantest.Circle, Title: "请潼南办"}, head+"1,建设遂潼步道潼南段,潼南区：市水利局,6月底前\n")
	ours, _ := d.Row("共治涪江")
	refused, _ := d.Row("步道潼南段")
	theirs, _ := tongnan.Row("共治涪江")
	tongnan.Hear(d.Office)
	if _, err := tongnan.Decline(context.Background(), tongnan.Coordinator(), refused, "没有资金", ""); err != nil {
		d.t.Fatal(err)
	}
	d.Hear(tongnan)
	claimed, _ := tongnan.Row("遂宁段一期")
	declined, _ := tongnan.Row("遂宁段二期")
	const with = "500152:both"
	return []call{
		{"asked", region.Reader, "", "GET", "/asked", "", 200},
		{"asked-row", region.Coordinator, "", "GET", "/asked/" + url.PathEscape(claimed), "", 200},
		{"asked-row", region.Coordinator, "", "GET", "/asked/l-none", "", 404},
		{"claim", region.Coordinator, "", "POST", "/asked/" + claimed + "/claim", `{}`, 422},
		{"claim", region.Coordinator, "", "POST", "/asked/" + claimed + "/claim", `{"leads":["` + d.Units[jtj] + `"]}`, 200},
		{"decline", region.Coordinator, "", "POST", "/asked/" + declined + "/decline", `{"reason":"汛期","deadline":"2022-10-31"}`, 200},
		{"ask-neighbours", region.Coordinator, "", "POST", "/plans/both/ask", "", 200},
		{"ask-neighbours", region.Coordinator, "", "POST", "/plans/none/ask", "", 404},
		{"refused", region.Reader, "", "GET", "/refused", "", 200},
		{"ask-again", region.Coordinator, "", "POST", "/listings/" + refused + "/ask-again", `{"member":"511500"}`, 422},
		{"ask-again", region.Coordinator, "", "POST", "/listings/" + refused + "/ask-again", `{"member":"500152"}`, 200},
		{"same", region.Coordinator, "", "GET", "/plans/both/same?with=" + with, "", 200},
		{"same", region.Coordinator, "", "GET", "/plans/both/same?with=none", "", 404},
		{"say-same", region.Coordinator, "", "POST", "/plans/both/same", `{"with":"` + with + `","pairs":[{"ours":"` + ours + `","theirs":"` + theirs + `"}]}`, 200},
		{"say-same", region.Coordinator, "", "POST", "/plans/both/same", `{"with":"` + with + `"}`, 200},
	}
}
