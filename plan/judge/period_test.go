package judge

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	for _, c := range []struct {
		remark, in string
		ok         bool
	}{
		{"a day", "2022-06-30", true},
		{"leap day", "2024-02-29", true},
		{"no leap day", "2022-02-29", false},
		{"one digit", "2022-6-30", false},
		{"none", "", false},
		{"a time behind it", "2022-06-30T00:00:00Z", false},
		{"full-width digits", "２０２２-06-30", false},
		{"five-digit year", "12022-06-30", false},
	} {
		if got, err := ParseDate(c.in); (err == nil) != c.ok || c.ok && string(got) != c.in {
			t.Errorf("%s: %q %v", c.remark, got, err)
		}
	}
	var p *Problem
	if _, err := ParseDate("30.6."); !errors.As(err, &p) || p.Code != "date-malformed" {
		t.Errorf("%v", err)
	}
	for _, c := range []struct {
		remark    string
		got, want any
	}{
		{"over a year's end", Date("2022-12-31").AddDays(1), Date("2023-01-01")},
		{"back over a leap day", Date("2024-03-01").AddDays(-1), Date("2024-02-29")},
		{"none stays none", Date("").AddDays(5), Date("")},
		{"the end of time", lastDay.AddDays(1), lastDay},
		{"the beginning of time", Date("0000-01-01").AddDays(-1), Date("0000-01-01")},
		{"end of February", Date("2022-02-03").EndOfMonth(), Date("2022-02-28")},
		{"end of December", Date("2022-12-03").EndOfMonth(), Date("2022-12-31")},
		{"no month", Date("").EndOfMonth(), Date("")},
		{"prose", Date("2022-06-30").Zh(), "2022年6月30日"},
		{"short", Date("2022-06-30").ShortZh(), "6月30日"},
		{"English", Date("2022-06-30").En(), "30 June 2022"},
		{"none in words", Date("").Zh() + Date("").ShortZh() + Date("").En(), ""},
		{"late evening in UTC is the next day here", DateIn(time.Date(2022, 6, 19, 16, 0, 0, 0, time.UTC), Beijing), Date("2022-06-20")},
		{"a second before", DateIn(time.Date(2022, 6, 19, 15, 59, 59, 0, time.UTC), Beijing), Date("2022-06-19")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.remark, c.got, c.want)
		}
	}
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		id          Period
		cycle       Cycle
		first, last Date
		next, prev  Period
		zh, en      string
	}{
		{"2022-06-x1", TenDay, "2022-06-01", "2022-06-10", "2022-06-x2", "2022-05-x3", "2022年6月上旬", "1st–10th of June 2022"},
		{"2022-12-x3", TenDay, "2022-12-21", "2022-12-31", "2023-01-x1", "2022-12-x2", "2022年12月下旬", "21st to the end of December 2022"},
		{"2022-02", Month, "2022-02-01", "2022-02-28", "2022-03", "2022-01", "2022年2月", "February 2022"},
		{"2022-12", Month, "2022-12-01", "2022-12-31", "2023-01", "2022-11", "2022年12月", "December 2022"},
		{"2022-Q2", Quarter, "2022-04-01", "2022-06-30", "2022-Q3", "2022-Q1", "2022年第二季度", "Q2 2022"},
		{"2022-H1", HalfYear, "2022-01-01", "2022-06-30", "2022-H2", "2021-H2", "2022年上半年", "H1 2022"},
		{"2022", Year, "2022-01-01", "2022-12-31", "2023", "2021", "2022年", "2022"},
		{"9999", Year, "9999-01-01", "9999-12-31", "", "9998", "9999年", "9999"},
		{"2022-06-15", AdHoc, "2022-06-15", "2022-06-15", "", "", "2022年6月15日", "15 June 2022"},
	} {
		p, err := ParsePeriod(string(c.id))
		if err != nil || p.Cycle() != c.cycle || p.First() != c.first || p.Last() != c.last ||
			p.Next() != c.next || p.Prev() != c.prev || p.Zh() != c.zh || p.En() != c.en {
			t.Errorf("%s: %v %s %s..%s next %s prev %s %s %s", c.id, err, p.Cycle(), p.First(), p.Last(), p.Next(), p.Prev(), p.Zh(), p.En())
		}
	}
	for _, bad := range []string{
		"", "22", "2022-6", "2022-13", "2022-00", "2022-Q0", "2022-Q5", "2022-H3", "2022-06-x4",
		"2022-06-x0", "2022-13-x1", "2022-06-31", "2022/06", "+022", "2022-q2", "2022 Q2", "2022-06 ", "2022-06-x1 ", "二〇二二",
	} {
		if p, err := ParsePeriod(bad); err == nil {
			t.Errorf("%q was read as %v", bad, p)
		}
		if p := Period(bad); p.Cycle() != "" || p.First() != "" || p.Next() != "" || p.Zh() != bad || p.En() != bad {
			t.Errorf("%q is malformed but answers", bad)
		}
	}
	if Period("2022").ShortZh() != "全年" || Period("2022-Q4").ShortZh() != "第四季度" {
		t.Error("short names")
	}
}

func TestPartsAndWithin(t *testing.T) {
	for _, c := range []struct {
		remark string
		longer Period
		cycle  Cycle
		want   []Period
	}{
		{"a quarter of months", "2022-Q2", Month, []Period{"2022-04", "2022-05", "2022-06"}},
		{"a month of ten-days", "2022-06", TenDay, []Period{"2022-06-x1", "2022-06-x2", "2022-06-x3"}},
		{"a half of quarters", "2022-H2", Quarter, []Period{"2022-Q3", "2022-Q4"}},
		{"of itself", "2022-06", Month, []Period{"2022-06"}},
		{"a month is not made of quarters", "2022-06", Quarter, nil},
		{"no rhythm", "2022-06", AdHoc, nil},
		{"an ad hoc call has no parts", "2022-06-15", TenDay, nil},
	} {
		if got := Parts(c.longer, c.cycle); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.remark, got, c.want)
		}
	}
	for _, c := range []struct {
		shorter, longer Period
		want            bool
	}{
		{"2022-06", "2022-Q2", true},
		{"2022-07", "2022-Q2", false},
		{"2021-06", "2022-Q2", false},
		{"2022-Q2", "2022-06", false},
		{"2022-06-x3", "2022-H1", true},
		{"2022-06-30", "2022-Q2", true},
		{"2022-07-01", "2022-Q2", false},
		{"2022-Q2", "2022-06-30", false},
		{"", "2022", false},
	} {
		if got := Within(c.shorter, c.longer); got != c.want {
			t.Errorf("%q within %q: %v", c.shorter, c.longer, got)
		}
	}
}

func TestCycles(t *testing.T) {
	for _, c := range []struct {
		remark string
		in     []Cycle
		want   Cycle
	}{
		{"month before quarter", []Cycle{Quarter, Month}, Month},
		{"ten-day before all", []Cycle{Year, Month, TenDay, AdHoc}, TenDay},
		{"ad hoc has no rhythm", []Cycle{AdHoc, Year}, Year},
		{"only ad hoc", []Cycle{AdHoc}, AdHoc},
		{"none", nil, ""},
		{"unknown", []Cycle{"weekly"}, ""},
	} {
		if got := Shortest(c.in...); got != c.want {
			t.Errorf("%s: %q, want %q", c.remark, got, c.want)
		}
	}
	for _, c := range Cycles() {
		if got, err := ParseCycle(string(c)); err != nil || got != c || c.Zh() == "" || c.En() == "" {
			t.Errorf("%s: %v", c, err)
		}
		if n := len(PeriodsOf(c, 2022)); n != c.PerYear() {
			t.Errorf("%s has %d periods in 2022", c, n)
		}
	}
	if _, err := ParseCycle("monthly"); err == nil {
		t.Error("codes have one spelling")
	}
	if PeriodOf(Month, "") != "" || PeriodOf("weekly", "2022-06-30") != "" {
		t.Error("a period of nothing")
	}
}

// TestDatesAsPackageTime: what is no day for package time is none here, and days count alike.
func TestDatesAsPackageTime(t *testing.T) {
	for day := time.Date(1899, 12, 25, 0, 0, 0, 0, time.UTC); day.Year() < 2105; day = day.AddDate(0, 0, 1) {
		text := day.Format("2006-01-02")
		if d, err := ParseDate(text); err != nil || d.AddDays(1) != Date(day.AddDate(0, 0, 1).Format("2006-01-02")) {
			t.Fatalf("%s: %v %s", text, err, d.AddDays(1))
		}
		for i := range text { // one byte in another way
			for _, c := range []byte("0139-x/ +") {
				changed := text[:i] + string(c) + text[i+1:]
				_, err := time.Parse("2006-01-02", changed)
				if _, ours := ParseDate(changed); (err == nil) != (ours == nil) {
					t.Fatalf("%q: package time says %v, we %v", changed, err, ours)
				}
			}
		}
		if day.Year() > 1900 && day.Year() < 2099 {
			day = day.AddDate(0, 0, 36) // the whole calendar would take seconds
		}
	}
}
