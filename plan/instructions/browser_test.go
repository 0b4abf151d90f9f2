package instructions_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/region"
	"liandong/web/webtest"
)

// TestPagesLookRight: the leader's screen, the list, a word that one of two units has answered, and the form, in every look.
func TestPagesLookRight(t *testing.T) {
	ctx := context.Background()
	d := open(t)
	boss := d.As(region.Leader, office)
	_, farm := d.Row("推进智慧农业示范建设")
	id, err := d.GiveInstruction(ctx, boss, plan.NewInstruction{
		Item: farm, Orgs: []string{d.Units[farms], d.Units[roads]}, Due: "2022-07-08",
		Words: plan.InstructionWords{Text: "示范点要早定，请两家会商后一周内报方案，拿不准的地方先报我。", Leader: "演示市长"},
	})
	if err == nil {
		err = d.AnswerInstruction(ctx, d.As(region.Reporter, farms), id, "已选定三个示范点，方案初稿完成，正在征求意见，七月五日前报送。", nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	base, b := webtest.Serve(t, d.Site(boss.Actor)), webtest.Start(t)
	for _, c := range []struct{ name, path, says string }{
		{"glance", "/glance", "要批示的（1）"},
		{"list", "/instructions", "批〔2022〕1号"},
		{"word", "/instruction/" + id, "1/2 个单位已回复"},
		{"new", "/instructions/new?item=" + d.road, "承办单位"},
	} {
		for name, look := range map[string]webtest.Look{"desk": webtest.Desk, "dark": webtest.Dark, "phone": webtest.Phone, "nojs": webtest.NoJS} {
			p := b.Open(t, base, look)
			p.Go(c.path)
			if got := p.Text("main"); !strings.Contains(got, c.says) {
				t.Fatalf("%s does not say %q: %.300s", c.path, c.says, got)
			}
			if name != "nojs" {
				p.Axe()
				p.FitsWidth()
			}
			p.Shot("instructions-" + c.name + "-" + name)
		}
	}
}
