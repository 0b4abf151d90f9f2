package sheet

import (
	"strings"
	"testing"
)

func TestParseDeadline(t *testing.T) {
	for _, c := range []struct{ text, want, remark string }{
		{"6月底前", "by 2022-06-30", ""},
		{"６月底前", "by 2022-06-30", "full width"},
		{"六月底前", "by 2022-06-30", "Chinese numeral"},
		{"十二月三十一日", "by 2022-12-31", ""},
		{"6 月 底 前", "by 2022-06-30", "spaces"},
		{"年底前", "by 2022-12-31", ""},
		{"年内", "by 2022-12-31", ""},
		{"2022年内", "by 2022-12-31", ""},
		{"2022年底", "by 2022-12-31", ""},
		{"2022年", "by 2022-12-31", ""},
		{"2022年度", "by 2022-12-31", ""},
		{"本年度", "by 2022-12-31", ""},
		{"今年底", "by 2022-12-31", ""},
		{"明年6月底前", "by 2023-06-30", ""},
		{"上半年", "by 2022-06-30", ""},
		{"2022年上半年", "by 2022-06-30", ""},
		{"下半年", "by 2022-12-31", ""},
		{"三季度", "by 2022-09-30", ""},
		{"第三季度", "by 2022-09-30", ""},
		{"3季度末", "by 2022-09-30", ""},
		{"前三季度", "by 2022-09-30", ""},
		{"2022年四季度", "by 2022-12-31", ""},
		{"Q3", "by 2022-09-30", ""},
		{"6月上旬", "by 2022-06-10", ""},
		{"6月中旬", "by 2022-06-20", ""},
		{"6月下旬", "by 2022-06-30", ""},
		{"2022年12月", "by 2022-12-31", ""},
		{"2022年2月", "by 2022-02-28", ""},
		{"2024年2月底", "by 2024-02-29", "leap year"},
		{"2022.9", "by 2022-09-30", ""},
		{"2022.09", "by 2022-09-30", ""},
		{"2022-9", "by 2022-09-30", ""},
		{"2022-09-30", "by 2022-09-30", ""},
		{"2022/9/1", "by 2022-09-01", ""},
		{"2022.9.1", "by 2022-09-01", ""},
		{"2022-09-30 00:00:00", "by 2022-09-30", "with clock"},
		{"20220930", "by 2022-09-30", ""},
		{"202209", "by 2022-09-30", ""},
		{"44834", "by 2022-09-30", "serial day"},
		{"9月1日前", "by 2022-09-01", "includes that day"},
		{"9月1日之前", "by 2022-09-01", ""},
		{"9.30", "by 2022-09-30", "month and day"},
		{"9/30前", "by 2022-09-30", ""},
		{"22年9月", "by 2022-09-30", "short year"},
		{"二〇二二年九月", "by 2022-09-30", ""},
		{"12月份", "by 2022-12-31", ""},
		{"6月15号", "by 2022-06-15", ""},
		{"2022年3月—12月", "by 2022-12-31 after 2022-03-31", ""},
		{"2021年9月至2023年6月", "by 2023-06-30 after 2021-09-30", ""},
		{"2021-2025年", "by 2025-12-31", ""},
		{"2021—2025", "by 2025-12-31", ""},
		{"1-6月", "by 2022-06-30", ""},
		{"“十四五”期间", "by 2025-12-31", ""},
		{"十四五末", "by 2025-12-31", ""},
		{"3月底前出台方案，12月底前完成建设", "by 2022-12-31 after 2022-03-31", ""},
		{"2022年6月底前开工，2023年底前完工", "by 2023-12-31 after 2022-06-30", ""},
		{"国庆前", "by 2022-09-30", ""},
		{"2022年12月底前并长期坚持", "by 2022-12-31", "a month is firmer than the rhythm"},
		{"持续推进", "ongoing", ""},
		{"长期坚持", "ongoing", ""},
		{"全年", "ongoing", ""},
		{"2022年全年", "ongoing", ""},
		{"2022年持续推进", "ongoing", ""},
		{"常态化开展", "ongoing", ""},
		{"每月", "every-month", ""},
		{"每月25日前", "every-month", ""},
		{"按月推进", "every-month", ""},
		{"每季度", "every-quarter", ""},
		{"每季度末", "every-quarter", ""},
		{"按季度推进", "every-quarter", ""},
		{"尽快", "unclear", ""},
		{"按上级要求", "unclear", ""},
		{"即时", "unclear", ""},
		{"6月31日前", "unclear", "no such day"},
		{"13月底", "unclear", "no such month"},
		{"3年内", "unclear", "from when?"},
		{"印发后1个月内", "unclear", ""},
		{"", "none", ""}, {"/", "none", ""}, {"—", "none", ""}, {"无", "none", ""},
	} {
		t.Run(c.text+" "+c.remark, func(t *testing.T) {
			if got := describe(ParseDeadline(c.text, 2022)); got != c.want {
				t.Errorf("ParseDeadline(%q) = %s, want %s", c.text, got, c.want)
			}
		})
	}
}

func describe(d *Deadline) string {
	if d == nil {
		return "none"
	}
	s := strings.TrimSpace(d.Kind + " " + d.Date)
	if len(d.Steps) > 0 {
		s += " after " + strings.Join(d.Steps, ",")
	}
	return s
}

func TestDeadlineWithoutYear(t *testing.T) {
	for text, want := range map[string]string{"6月底前": "unclear", "2023年6月": "by 2023-06-30", "持续推进": "ongoing"} {
		if got := describe(ParseDeadline(text, 0)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func FuzzDeadline(f *testing.F) {
	for _, s := range []string{"6月底前", "2022-09-30", "三季度", "十四五", "每月25日前", "2021—2025年", "9.30"} {
		f.Add(s, 2022)
	}
	f.Fuzz(func(t *testing.T, s string, year int) {
		d := ParseDeadline(s, year)
		if d != nil && (d.Kind == By) != (d.Date != "") {
			t.Errorf("%q: kind %s with date %q", s, d.Kind, d.Date)
		}
	})
}
