package ui

import (
	"context"
	"net/url"
	"testing"
	"time"

	"liandong/web/lang"
)

func TestNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "-1234567.50": "-1,234,567.50", "12.5": "12.5",
		"约30": "约30", "": "", "-": "-", "100000": "100,000",
	} {
		if got := Number(in); got != want {
			t.Errorf("Number(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int
		want        string
	}{{26, 30, "87 %"}, {1, 8, "13 %"}, {0, 5, "0 %"}, {5, 5, "100 %"}, {0, 0, "—"}, {1, 200, "1 %"}} {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	zh, en := context.Background(), lang.In(context.Background(), lang.En)
	if got := Date(zh, "2022-06-30"); got != "2022年6月30日" {
		t.Error(got)
	}
	if got := Date(en, "2022-06-30"); got != "30 June 2022" {
		t.Error(got)
	}
	if got := Date(zh, "6月底前"); got != "6月底前" {
		t.Error("what is no date must stay as it was:", got)
	}
	now := time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)
	ctx := WithFrame(zh, Frame{Now: now})
	for _, c := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"within a minute", now.Add(-time.Second), "刚刚"},
		{"minutes", now.Add(-59 * time.Minute), "59 分钟前"},
		{"hours", now.Add(-23 * time.Hour), "23 小时前"},
		{"a day is absolute, in Beijing time", now.Add(-24 * time.Hour), "2022-06-19 09:00"},
		{"the future is absolute", now.Add(time.Hour), "2022-06-20 10:00"},
	} {
		if got := Ago(ctx, c.at); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWithKeepsTheRestOfTheAddress(t *testing.T) {
	u, err := url.Parse("/plan/x?status=late&after=abc&org=jt")
	if err != nil {
		t.Fatal(err)
	}
	if got := With(u, "sort", "-due", "org", ""); got != "/plan/x?sort=-due&status=late" {
		t.Error(got)
	}
	if got := With(&url.URL{Path: "/plan", RawQuery: "a=1"}, "a", ""); got != "/plan" {
		t.Error(got)
	}
}

func TestBarShowsEveryPart(t *testing.T) {
	b := Bar{Parts: []BarPart{{Word: "a", N: 1000000}, {Word: "b", N: 0}, {Word: "c", N: 1}}}
	s := b.spans()
	if len(s) != 2 || s[1].width != "4" {
		t.Errorf("a part with one row of a million must stay visible: %+v", s)
	}
	if len((Bar{}).spans()) != 0 {
		t.Error("an empty bar has no parts")
	}
}

func TestChartScale(t *testing.T) {
	for most, want := range map[float64]float64{12.5: 20, 1: 1, 0.3: 0.5, 2.4: 2.5, 99: 100, 0: 1} {
		if got := (Chart{Points: []Point{{Height: most}}}).top(); got < want*0.999 || got > want*1.001 {
			t.Errorf("scale over %v ends at %v, want %v", most, got, want)
		}
	}
}
