package board_test

import (
	"bytes"
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/plan"
	"liandong/plan/board"
	"liandong/region"
	"liandong/web"
	"liandong/web/webtest"
)

// TestACalendarPrintsOnA3: every sheet of it, the first too; a list prints on A4 as ever.
func TestACalendarPrintsOnA3(t *testing.T) {
	o := opened(t)
	p := webtest.Start(t).Open(t, site(t, o, region.Coordinator, "市发展改革委"), webtest.Look{Print: true})
	for path, want := range map[string]string{"/plan/suitong-2022/calendar": "1191 841", "/plan/suitong-2022": "594 841"} {
		p.Go(path)
		boxes := regexp.MustCompile(`/MediaBox ?\[0 0 (\d+)\.?\d* (\d+)\.?\d*\]`).FindAllSubmatch(p.PDF(), -1)
		if len(boxes) == 0 {
			t.Fatalf("%s: no pages", path)
		}
		for i, b := range boxes {
			if got := string(b[1]) + " " + string(b[2]); got != want {
				t.Errorf("%s: sheet %d is %s points, want %s", path, i+1, got, want)
			}
		}
	}
}

// TestAYearIsExported as a table that says what the page says.
func TestAYearIsExported(t *testing.T) {
	o := opened(t)
	r := webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { board.Routes(s, o.Desk) }}
	w := r.Want("the table", r.Ask(o.As(region.Reader, "市发展改革委").Actor, "/plan/suitong-2022/year.xlsx", nil), 200)
	x, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := x.GetRows(x.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, row := range rows {
		all = append(all, strings.Join(row, " | "))
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"遂渝高速公路", "征地拆迁全部完成 · 已过期，未完成", "完成投资：5.13亿元，目标 12.5亿元，完成 41%", "演示数据", "截至2022年6月20日"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// TestMilestonesAreWeighed on the edit page, and shown weighed; what makes no whole stands there again.
func TestMilestonesAreWeighed(t *testing.T) {
	o := opened(t)
	_, road := o.Row("遂渝高速公路扩容")
	r := webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { board.Routes(s, o.Desk) }}
	who := o.Coordinator().Actor
	form := url.Values{"title": {"遂渝高速公路"}, "leads": {"市交通运输局"}, "supports": {""}, "leader": {""}, "indicators": {""}}
	form.Set("milestones", "2022-05-31 征地拆迁全部完成 30%\n2022-10-31 隧道贯通 60%")
	r.Want("no whole", r.Ask(who, "/item/"+road+"/edit", form), 422, "合计 90%", "征地拆迁全部完成 30%")
	form.Set("milestones", "2022-05-31 征地拆迁全部完成 0%\n2022-10-31 隧道贯通")
	r.Want("nought", r.Ask(who, "/item/"+road+"/edit", form), 422, "看不懂")
	form.Set("milestones", "2022-05-31 征地拆迁全部完成 30%\n2022-10-31 隧道贯通 70%")
	r.Want("weighed", r.Ask(who, "/item/"+road+"/edit", form), 303)
	r.Want("shown", r.Ask(who, "/item/"+road, nil), 200, "权重30%", "按节点计已完成 0%，按计划应完成 30%")
	r.Want("to edit again", r.Ask(who, "/item/"+road+"/edit", nil), 200, "2022-10-31 隧道贯通 70%")
	p, err := o.Item(context.Background(), road, "", plan.ViewerOf(who))
	if err != nil || p.Milestones[0].ID != "m1" || p.Milestones[0].Weight != 30 {
		t.Errorf("%+v %v", p.Milestones, err)
	}
}

// TestWhoMayNotReadAYear: administrators have no say in the work.
func TestWhoMayNotReadAYear(t *testing.T) {
	o := opened(t)
	r := webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { board.Routes(s, o.Desk) }}
	for _, path := range []string{"/plan/suitong-2022/year", "/plan/suitong-2022/calendar", "/plan/suitong-2022/year.xlsx"} {
		r.Want(path, r.Ask(o.As(region.Administrator, "市发展改革委").Actor, path, nil), 403)
		r.Want(path, r.Ask(o.Coordinator().Actor, strings.Replace(path, "suitong-2022", "nowhere", 1), nil), 404)
	}
}
