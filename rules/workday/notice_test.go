package workday

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The facts of the notice of 2026 (RULES 5), in the form in which such notices are written.
const notice2026 = `一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日至21日放假，共3天。
六、中秋节：9月25日至27日放假，共3天。
七、国庆节：10月1日至7日放假调休，共7天。9月20日、10月10日上班。`

// TestANoticeIsRead as the shipped arrangement of its year has it.
func TestANoticeIsRead(t *testing.T) {
	r := Notice(2026, notice2026)
	shipped, _ := Shipped(2026)
	if !slices.Equal(r.Sorted().Off, shipped.Sorted().Off) || !slices.Equal(r.Sorted().Work, shipped.Sorted().Work) {
		t.Errorf("read\n%v\nwant\n%v", r.Sorted(), shipped.Sorted())
	}
	if len(r.Left)+len(r.Strange)+len(r.Counts) > 0 || len(Check(2026, r.Year)) > 0 {
		t.Errorf("%+v, %v", r, Check(2026, r.Year))
	}
}

// TestWhatANoticeSaysBesides: a holiday that begins in the year before, a word of advice, a span that is miscounted or ends before it begins.
func TestWhatANoticeSaysBesides(t *testing.T) {
	r := Notice(2023, "元旦：2022年12月31日至2023年1月2日放假调休，共3天。")
	if want := []string{"2023-01-01", "2023-01-02"}; !slices.Equal(r.Off, want) || len(r.Counts) > 0 {
		t.Errorf("%+v", r)
	}
	r = Notice(2024, "春节：2月10日至17日放假调休，共8天。鼓励安排职工在除夕（2月9日）休息，2月9日可以不上班的另定。\n清明节：4月6日至4日放假。5月1日至5日放假，共6天。")
	if len(r.Left) != 0 || !slices.Contains(r.Work, "2024-02-09") {
		t.Errorf("a sentence that says 上班 is taken so, and checked: %+v", r)
	}
	if len(r.Strange) != 1 || len(r.Counts) != 1 || r.Counts[0] != (Miscount{"5月1日至5日", 6, 5}) {
		t.Errorf("%+v", r)
	}
	if r = Notice(2024, "安排职工在2月9日休息。"); len(r.Left) != 1 || len(r.Off) > 0 {
		t.Errorf("%+v", r)
	}
}

// TestAListIsRead in the ways in which people write one.
func TestAListIsRead(t *testing.T) {
	days, strange := List(2027, "1月1日至3日（周日）、2027-02-06..2027-02-08\n10月1日, 大年初七\n2月30日")
	want := []string{"2027-01-01", "2027-01-02", "2027-01-03", "2027-02-06", "2027-02-07", "2027-02-08", "2027-10-01", "2027-02-30"}
	if !slices.Equal(days, want) || !slices.Equal(strange, []string{"大年初七"}) {
		t.Errorf("%v, strange %v", days, strange)
	}
}

// TestEverythingWrongIsNamedAtOnce: each of the rules by a day that breaks it.
func TestEverythingWrongIsNamedAtOnce(t *testing.T) {
	got := Check(2027, Year{
		Off:  []string{"2027-01-01", "2027-01-01", "2026-12-30", "2027-02-30", "2027-01-09"},
		Work: []string{"2027-01-09", "2027-01-11", "2027-01-16", "2027-01-16"},
	})
	want := []Problem{
		{Twice, "2027-01-01", "off"},
		{OtherYear, "2026-12-30", "off"},
		{NoDay, "2027-02-30", "off"},
		{Both, "2027-01-09", "work"},
		{NoWeekend, "2027-01-11", "work"},
		{Twice, "2027-01-16", "work"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if got := Check(2027, Year{Off: []string{"2027-01-02"}}); !slices.Equal(got, []Problem{{NothingOff, "", "off"}}) {
		t.Errorf("a year without holidays: %v", got)
	}
	if got := Check(2027, Year{Off: make([]string, mostOff+1)}); len(got) != 1 || got[0].Code != TooMany {
		t.Errorf("too many: %v", got)
	}
	for _, y := range Official.Years() {
		if shipped, _ := Shipped(y); len(Check(y, shipped)) > 0 {
			t.Errorf("%d: %v", y, Check(y, shipped))
		}
	}
}

// TestWhatIsSaidLaterChangesNoDayBefore: whatever is said in whatever order of days, a day is judged by the last that was said up to it.
func TestWhatIsSaidLaterChangesNoDayBefore(t *testing.T) {
	c := Official.With(Setting{Year: 2027, Day: "2027-03-01", Days: Year{Off: []string{"2027-01-01", "2027-04-05"}}})
	for text, want := range map[string]struct{ works, known bool }{
		"2027-01-01": {true, false}, "2027-04-05": {false, true}, "2027-04-06": {true, true}, "2027-02-26": {true, false},
	} {
		if works, known := c.Is(day(text)); works != want.works || known != want.known {
			t.Errorf("%s: %v, known %v", text, works, known)
		}
	}
	back := Official.With(Setting{Year: 2026, Day: "2025-12-01", Days: Year{Off: []string{"2026-05-06"}}}, Setting{Year: 2026, Day: "2026-06-01", Shipped: true})
	for text, want := range map[string]bool{"2026-05-06": false, "2026-05-05": true, "2026-06-19": false} {
		if works, _ := back.Is(day(text)); works != want {
			t.Errorf("%s: %v", text, works)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		said, before := day("2026-01-01").AddDate(0, 0, rapid.IntRange(0, 700).Draw(t, "said")), []Setting{}
		more := Setting{Year: rapid.IntRange(2026, 2027).Draw(t, "year"), Day: said.Format(time.DateOnly), Days: Year{Off: []string{"2026-07-01", "2027-07-01"}}}
		was, is := Official.With(before...), Official.With(append(before, more)...)
		for d := day("2025-12-01"); d.Before(said); d = d.AddDate(0, 0, 1) {
			a, b := is.Is(d)
			x, y := was.Is(d)
			if a != x || b != y {
				t.Fatalf("%s changed by what was said on %s", d.Format(time.DateOnly), more.Day)
			}
		}
	})
}

// TestSpansAndSame put days together, and tell arrangements that mean the same.
func TestSpansAndSame(t *testing.T) {
	if got := Spans([]string{"2027-01-03", "2027-01-01", "2027-01-02", "2027-05-01"}); !slices.Equal(got, [][2]string{{"2027-01-01", "2027-01-03"}, {"2027-05-01", "2027-05-01"}}) {
		t.Errorf("%v", got)
	}
	shipped, _ := Shipped(2026)
	bare := Year{Work: shipped.Work}
	for _, d := range shipped.Off {
		if !Weekend(day(d)) {
			bare.Off = append(bare.Off, d)
		}
	}
	if !Same(2026, shipped, bare) || Same(2026, shipped, Year{Off: shipped.Off}) {
		t.Error("arrangements are told apart by their names, not their days")
	}
}

// FuzzNotice: whatever is pasted, days that are taken are either dates or named as none.
func FuzzNotice(f *testing.F) {
	f.Add(notice2026)
	f.Add("1月1日至99日放假")
	f.Fuzz(func(t *testing.T, text string) {
		r := Notice(2027, text)
		for _, d := range append(r.Off, r.Work...) {
			if _, err := time.Parse(time.DateOnly, d); err != nil && !slices.ContainsFunc(Check(2027, r.Year), func(p Problem) bool { return p.Day == d || p.Code == TooMany }) {
				t.Errorf("%q is no day and is not named", d)
			}
		}
		List(2027, strings.ToUpper(text))
	})
}
