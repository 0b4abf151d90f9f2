package main

import (
	"context"
	"strings"

	"github.com/chromedp/chromedp"

	"liandong/plan"
	"liandong/web/webtest"
)

// termsCross: Tongnan's coordinator proposes another deadline for a row of Suining's that it claimed, Suining's accepts it on
// its own node, and both nodes show what was agreed. Nothing goes from one to the other but by HTTP.
func (d *three) termsCross() {
	d.t.Helper()
	asked, err := plan.NewDesk(d.tongnan.app.folder.Node).AskedOfUs(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	row := ""
	for _, a := range asked {
		if a.Answer == plan.Claimed {
			row = a.Listing
		}
	}
	if row == "" {
		d.t.Fatal("the demonstration claims no row")
	}
	path := "/listing/" + row + "/terms"
	there := d.at(d.tongnan, "xietiao", webtest.NoJS)
	there.Go(path)
	there.Do(
		chromedp.Click(`details:has(form[action$="/propose"]) > summary`),
		chromedp.SetValue(`form[action$="/propose"] input[type=date]`, "2022-11-30"),
		chromedp.SendKeys(`form[action$="/propose"] textarea[name^=reason]`, "汛期不能施工（演示）。"),
	)
	there.Press(`form[action$="/propose"] button.primary`)
	here := d.at(d.suining, "xietiao", webtest.NoJS)
	d.sees(here, path, "潼南区提议：完成时限改为2022年11月30日前", "待遂宁市答复")
	here.Press(`#changes form button.primary`)
	d.sees(there, path, "双方商定：2022年11月30日前")
	if got := here.Text("main"); !strings.Contains(got, "双方商定：2022年11月30日前") {
		d.t.Errorf("Suining shows %s", got)
	}
}
