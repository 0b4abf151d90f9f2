package api_test

import (
	"context"
	"fmt"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/region"
)

// instructions are the calls of a leader's word from its beginning to its end, and of the papers that are laid before him.
func (d *desk) instructions() []call {
	_, road := d.Row("快捷通道")
	ctx, leader := context.Background(), d.As(region.Leader, "")
	scan, err := d.Attach(ctx, leader.Actor, "附图.txt", strings.NewReader("示意"), plan.DefaultFileLimit)
	if err != nil {
		d.t.Fatal(err)
	}
	give := plan.NewInstruction{Item: road, Orgs: []string{d.Units[jtj]}, Due: "2100-12-31", Words: plan.InstructionWords{Text: "请抓紧", Leader: "演示市长", Files: []plan.FileRef{scan}}}
	id, err := d.GiveInstruction(ctx, leader, give)
	if err != nil {
		d.t.Fatal(err)
	}
	given, err := d.Instruction(ctx, id, plan.ViewerOf(leader.Actor))
	if err != nil {
		d.t.Fatal(err)
	}
	at, file := "/instructions/"+id, fmt.Sprintf("/files/%s/%d/", given.Book, given.Index)
	return []call{
		{"give-instruction", region.Leader, "", "POST", "/instructions", `{"item":"` + road + `","orgs":["` + d.Units[jtj] + `"],"due":"2100-12-31","text":"请再抓紧","leader":"演示市长"}`, 200},
		{"give-instruction", region.Coordinator, "", "POST", "/instructions", `{"plan":"suitong","orgs":["` + d.Units[jtj] + `"],"due":"2100-12-31","text":"纸上的话","leader":"演示市长"}`, 422},
		{"give-instruction", region.Coordinator, "", "POST", "/instructions", `{"orgs":["` + d.Units[jtj] + `"],"due":"2100-12-31","text":"纸上的话","leader":"演示市长","files":["b-none"]}`, 422},
		{"instructions", region.Auditor, "", "GET", "/instructions?open=true&item=" + road, "", 200},
		{"instruction", region.Reporter, jtj, "GET", at, "", 200},
		{"instruction", region.Reporter, "市农业农村局", "GET", at, "", 404},
		{"file", region.Reporter, jtj, "GET", file + "0", "", 200},
		{"file", region.Reporter, jtj, "GET", file + "1", "", 404},
		{"file", region.Reporter, "市农业农村局", "GET", file + "0", "", 404},
		{"needs-word", region.Leader, "", "GET", "/glance", "", 200},
		{"sign-instruction", region.Reporter, jtj, "POST", at + "/sign", `{}`, 200},
		{"answer-instruction", region.Reporter, "市农业农村局", "POST", at + "/answer", `{"text":"越权"}`, 404},
		{"answer-instruction", region.Reporter, jtj, "POST", at + "/answer", `{"text":"完成九成"}`, 200},
		{"return-instruction", region.Leader, "", "POST", at + "/return", `{"org":"` + d.Units[jtj] + `","reason":"还差一成","due":"2100-12-31"}`, 200},
		{"close-instruction", region.Coordinator, "", "POST", at + "/close", `{"outcome":"done","reason":"未答先结"}`, 422},
		{"close-instruction", region.Leader, "", "POST", at + "/close", `{"outcome":"done","reason":"知道了"}`, 200},
		{"item-submission", region.Coordinator, "", "GET", "/items/" + road + "/submission?to=%E5%B8%82%E9%95%BF", "", 200},
		{"item-submission", region.Leader, "", "GET", "/items/i-none/submission", "", 404},
		{"list-submission", region.Leader, "", "GET", "/plans/suitong/submission", "", 200},
	}
}

// shares are the calls of a part from its asking to its end.
func (d *desk) shares() []call {
	_, road := d.Row("快捷通道")
	county := "船山区"
	d.AddUnits(county)
	d.Write(func(ctx context.Context, w *node.Writing) error {
		_, err := region.OrgPlaced.Say(ctx, w, node.Said[region.PlaceFacts, region.NoWords]{Circle: node.Self, Facts: region.PlaceFacts{Org: d.Units[county], Local: true}})
		return err
	})
	ids, err := d.AskShare(context.Background(), d.As(region.Reporter, jtj), plan.NewShare{Item: road, Orgs: []string{d.Units[county]}, Period: "2022-03", Text: "报本区进展"})
	if err != nil {
		d.t.Fatal(err)
	}
	at := "/shares/" + ids[0]
	return []call{
		{"ask-shares", region.Reporter, jtj, "POST", "/items/" + road + "/shares", `{"orgs":["` + d.Units[county] + `"],"period":"2022-03","once":true,"text":"报征地"}`, 200},
		{"ask-shares", region.Reporter, "市农业农村局", "POST", "/items/" + road + "/shares", `{"orgs":["` + d.Units[county] + `"],"period":"2022-03","text":"越权"}`, 422},
		{"shares", region.Reporter, jtj, "GET", "/shares", "", 200},
		{"share", region.Reporter, county, "GET", at + "?period=2022-03", "", 200},
		{"share", region.Reporter, "市农业农村局", "GET", at, "", 404},
		{"report-share", region.Reporter, "市农业农村局", "POST", at + "/reports", `{"period":"2022-03","progress":"越权"}`, 404},
		{"report-share", region.Reporter, county, "POST", at + "/reports", `{"period":"2022-03","progress":"征地完成","figures":{"k9":"3"}}`, 422},
		{"report-share", region.Reporter, county, "POST", at + "/reports", `{"period":"2022-03","progress":"征地完成"}`, 200},
		{"decline-share", region.Reporter, jtj, "POST", at + "/decline", `{"reason":"越权"}`, 422},
		{"decline-share", region.Reporter, county, "POST", at + "/decline", `{"reason":"下月起不归本区"}`, 200},
		{"withdraw-share", region.Reporter, county, "POST", at + "/withdraw", `{}`, 422},
		{"withdraw-share", region.Reporter, jtj, "POST", at + "/withdraw", `{"reason":"不再请"}`, 200},
	}
}

// signing are the calls of a report that is signed before it is filed, and of the setting.
func (d *desk) signing() []call {
	const farm = "市农业农村局"
	org := d.Units[farm]
	_, item := d.Row("农业园区")
	at := "/items/" + item + "/reports/2022-01"
	return []call{
		{"signing-setting", region.Reviewer, farm, "GET", "/units/" + org + "/signing", "", 200},
		{"signing-setting", region.Reviewer, jtj, "GET", "/units/" + org + "/signing", "", 404},
		{"signing-setting", region.Administrator, "", "GET", "/units/o-none/signing", "", 404},
		{"set-signing", region.Reviewer, jtj, "POST", "/units/" + org + "/signing", `{"on":true}`, 422},
		{"set-signing", region.Administrator, "", "POST", "/units/" + org + "/signing", `{"on":true}`, 200},
		{"report", region.Reporter, farm, "POST", "/items/" + item + "/reports", `{"period":"2022-01","claim":"on-time","progress":"送审。"}`, 200},
		{"to-sign", region.Reviewer, farm, "GET", "/signing", "", 200},
		{"sign-report", region.Reviewer, jtj, "POST", at + "/sign", `{}`, 404},
		{"unsign-report", region.Reviewer, farm, "POST", at + "/unsigned", `{"reason":"写清楚"}`, 200},
		{"report", region.Reporter, farm, "POST", "/items/" + item + "/reports", `{"period":"2022-01","claim":"on-time","progress":"再送审。"}`, 200},
		{"sign-report", region.Reviewer, farm, "POST", at + "/sign", `{"seen":1}`, 422},
		{"sign-report", region.Reviewer, farm, "POST", at + "/sign", `{}`, 200},
	}
}
