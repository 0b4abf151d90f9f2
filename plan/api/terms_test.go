package api_test

import (
	"context"
	"fmt"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
)

// equals are calls about rows between this member and Tongnan, which asks it and is asked.
func (d *desk) equals() []call {
	d.t.Helper()
	ctx := context.Background()
	tongnan := d.tongnan()
	const head = "序号,工作任务,牵头单位,完成时限\n"
	d.Take(plan.ImportOptions{Plan: "ours", Year: 2022, Circle: plantest.Circle, Title: "请潼南办"}, head+"1,整治琼江潼南段,潼南区：区水利局,6月底前\n")
	tongnan.Take(plan.ImportOptions{Plan: "theirs", Year: 2022, Circle: plantest.Circle, Title: "请遂宁办"}, head+"1,疏浚涪江遂宁段,遂宁市：市水利局,6月底前\n")
	ours, _ := d.Row("整治琼江")
	theirs, _ := tongnan.Row("疏浚涪江")
	tongnan.Hear(d.Office)
	d.Hear(tongnan)
	must := func(err error) {
		if err != nil {
			d.t.Fatal(err)
		}
	}
	unit := plantest.UnitNames[0]
	_, err := tongnan.Claim(ctx, tongnan.Coordinator(), ours, "", []string{tongnan.Units[unit]})
	must(err)
	_, err = d.Claim(ctx, d.Coordinator(), theirs, "", []string{d.Units[unit]})
	must(err)
	proposed := plan.Proposed{Deadline: judge.Deadline{Kind: judge.By, Date: "2022-09-30"}, Words: plan.ChangeWords{Reason: "汛期"}}
	_, err = tongnan.ProposeChange(ctx, tongnan.Coordinator(), ours, "", proposed)
	must(err)
	tongnan.Hear(d.Office)
	their, err := tongnan.Terms(ctx, theirs)
	must(err)
	_, err = tongnan.JudgePart(ctx, tongnan.Coordinator(), theirs, their.Parts[0].Item, their.Parts[0].Version, judge.AtRisk, "未开工")
	must(err)
	d.Hear(tongnan)
	p, err := d.Terms(ctx, ours)
	must(err)
	judged, err := d.Terms(ctx, theirs)
	must(err)
	change, part, verdict := p.Changes[0], p.Parts[0], judged.Verdicts[0]
	return []call{
		{"terms", region.Reader, "", "GET", "/listings/" + ours + "/terms", "", 200},
		{"changesForUs", region.Reader, "", "GET", "/changes", "", 200},
		{"propose", region.Coordinator, "", "POST", "/listings/" + ours + "/changes", `{"member":"500152","deadline":"2022-08-31","reason":"省里检查"}`, 200},
		{"answerChange", region.Coordinator, "", "POST", fmt.Sprintf("/changes/%s/%d/answer", change.Book, change.Index), `{"accepted":true}`, 200},
		{"judgePart", region.Coordinator, "", "POST", "/listings/" + ours + "/parts/" + part.Item + "/verdict", fmt.Sprintf(`{"version":%d,"state":"at-risk","reason":"未开工"}`, part.Version), 200},
		{"object", region.Coordinator, "", "POST", fmt.Sprintf("/verdicts/%s/%d/objection", verdict.Book, verdict.Index), `{"reason":"设备已到"}`, 200},
	}
}
