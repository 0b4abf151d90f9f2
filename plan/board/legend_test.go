package board_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
)

// legendForm is the form of a legend as it stands at first, with one state changed.
func legendForm(request string, state judge.WorkState, light judge.Light, label string) url.Values {
	form := url.Values{"request": {request}}
	for _, l := range judge.DefaultLegend() {
		form.Set("light-"+string(l.State), string(l.Light))
		form.Set("label-"+string(l.State), l.Label)
	}
	form.Set("light-"+string(state), string(light))
	form.Set("label-"+string(state), label)
	return form
}

func post(t *testing.T, address string, form url.Values) (int, string) {
	t.Helper()
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text := make([]byte, 1<<20)
	n := 0
	for {
		k, err := answer.Body.Read(text[n:])
		if n += k; err != nil {
			return answer.StatusCode, string(text[:n])
		}
	}
}

// exported is the text of all cells of the list's file.
func exported(t *testing.T, o *plantest.Office) string {
	t.Helper()
	file, err := o.Export(t.Context(), "suitong-2022", o.Today())
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file.Content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all strings.Builder
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all.WriteString(strings.Join(row, " ") + "\n")
		}
	}
	return all.String()
}

// TestLegend: who may say what colours mean, where it shows, and what is refused.
func TestLegend(t *testing.T) {
	o := opened(t)
	const own, list = "/legend", "/plan/suitong-2022/legend"
	for _, c := range []struct {
		seat region.Seat
		want int
	}{
		{region.Coordinator, http.StatusSeeOther},
		{region.Administrator, http.StatusSeeOther},
		{region.Reviewer, http.StatusForbidden},
		{region.Reporter, http.StatusForbidden},
		{region.Reader, http.StatusForbidden},
		{region.Auditor, http.StatusForbidden},
	} {
		got, _ := post(t, site(t, o, c.seat, "市发展改革委")+own, legendForm("may-"+string(c.seat), judge.Late, judge.Red, "进度落后"))
		if got != c.want {
			t.Errorf("%s sets the legend: %d, want %d", c.seat, got, c.want)
		}
	}
	base := site(t, o, region.Coordinator, "市发展改革委")
	if _, page := get(t, base+"/plan/suitong-2022"); !strings.Contains(page, "进度落后") {
		t.Error("a list without a legend of its own does not follow the member's")
	}
	if got, page := post(t, base+list, legendForm("own", judge.Late, judge.Orange, "需赶进度")); got != http.StatusSeeOther {
		t.Fatalf("the list's legend: %d %.300s", got, page)
	}
	if _, page := get(t, base+"/plan/suitong-2022"); !strings.Contains(page, "需赶进度") || strings.Contains(page, "进度落后") {
		t.Error("the list's chips do not say what its legend says")
	} else if !strings.Contains(page, `chip grave`) {
		t.Error("orange looks like yellow")
	}
	if said := exported(t, o); !strings.Contains(said, "需赶进度") {
		t.Errorf("the exported list says %.600s", said)
	}
	for _, c := range []struct {
		remark string
		form   url.Values
	}{
		{"a colour that no board has", legendForm("bad1", judge.Late, "pink", "滞后")},
		{"no label", legendForm("bad2", judge.Late, judge.Red, " ")},
		{"a label of thirteen characters", legendForm("bad3", judge.Late, judge.Red, strings.Repeat("字", 13))},
	} {
		if got, page := post(t, base+list, c.form); got != http.StatusUnprocessableEntity || !strings.Contains(page, `class="errors"`) {
			t.Errorf("%s: %d", c.remark, got)
		}
	}
	if got, _ := post(t, base+"/plan/none/legend", legendForm("none", judge.Late, judge.Red, "滞后")); got != http.StatusNotFound {
		t.Errorf("a list that is not there: %d", got)
	}
	reset := url.Values{"request": {"reset"}, "act": {"reset"}}
	if got, _ := post(t, base+list, reset); got != http.StatusSeeOther {
		t.Errorf("reset: %d", got)
	}
	if _, page := get(t, base+"/plan/suitong-2022"); strings.Contains(page, "需赶进度") {
		t.Error("after the reset the list still says its former words")
	}
}
