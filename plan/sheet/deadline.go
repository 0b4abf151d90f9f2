package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseDeadline reads a deadline as offices write it, for a list of that year (0: unknown).
// nil where the text says nothing ("", "/", "—"). Rules: RULES 2.1.
func ParseDeadline(text string, year int) *Deadline {
	shown := strings.TrimSpace(asShown(text))
	if nothing.MatchString(shown) {
		return nil
	}
	d := &Deadline{Text: shown, Kind: Unclear}
	s := normalDate(shown, year)
	dates := findDates(s, year)
	switch {
	case monthly.MatchString(s) && coarse(dates):
		d.Kind = EveryMonth
	case quarterly.MatchString(s) && !yearEnds(dates):
		d.Kind = EveryQuarter
	case ongoing.MatchString(s) && coarse(dates):
		d.Kind = Ongoing
	case len(dates) > 0:
		d.settle(dates)
	}
	return d
}

var (
	monthly   = regexp.MustCompile(`每个?月|按月|逐月|月度|每旬|每周|每半?月|每双?周|月报|每日|每天`)
	quarterly = regexp.MustCompile(`每个?季|按季|逐季|季度末?报|各季度|季报|^季度$`)
	ongoing   = regexp.MustCompile(`持续|长期|常态|全年|贯穿|经常性|不间断|动态|始终|坚持|日常|每半年|每年(推进|开展|实施)?$|滚动`)
)

// found is a date in a text. step tells how exact it is.
type found struct {
	at, year, month, day int
	step                 byte // y, q, m, d
}

// yearEnds: "每季度调度，年底前完成" ends with the year.
func yearEnds(dates []found) bool {
	return slices.ContainsFunc(dates, func(f found) bool { return f.step == 'Y' })
}

// coarse: the text names at most a year, "2022年持续推进".
func coarse(dates []found) bool {
	return !slices.ContainsFunc(dates, func(f found) bool { return f.step != 'y' })
}

// settle takes the last date as the deadline and the earlier ones as steps. A bare year beside a
// month says nothing more: "2022年，6月底前".
func (d *Deadline) settle(dates []found) {
	var days []string
	exact := !coarse(dates)
	for _, f := range dates {
		if exact && f.step == 'y' {
			continue
		}
		day, ok := f.civil()
		if !ok {
			return
		}
		days = append(days, day)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	d.Kind, d.Date = By, days[len(days)-1]
	if len(days) > 1 {
		d.Steps = days[:len(days)-1]
	}
}

// civil is the date; the last day of the month where no day is named. False for the 31st of June.
func (f found) civil() (string, bool) {
	if f.year < 1990 || f.year > 2100 || f.month < 1 || f.month > 12 {
		return "", false
	}
	last := time.Date(f.year, time.Month(f.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if f.day == 0 {
		f.day = last
	}
	if f.day < 1 || f.day > last {
		return "", false
	}
	return fmt.Sprintf("%04d-%02d-%02d", f.year, f.month, f.day), true
}

var (
	chineseYear  = regexp.MustCompile(`[二][〇○零0oO]([〇○零一二三四五六七八九])([〇○零一二三四五六七八九])年`)
	chineseCount = regexp.MustCompile(`[一二三四五六七八九十]{1,3}([月日号])|第?([一二三四])季|前([一二三四])个?季`)
	plans        = regexp.MustCompile(`"?“?十([三四五六])五["”]?(规划)?(期间|末|时期|期末|中后期)?`)
	relative     = regexp.MustCompile(`(明|次|来|翌|今|本|当|去|上)年(度)?`)
)

// normalDate folds a text, writes Chinese numerals before 年月日季 as digits, and relative years as years.
func normalDate(text string, year int) string {
	s := fold(text)
	s = plans.ReplaceAllStringFunc(s, func(m string) string {
		n := map[string]int{"三": 2020, "四": 2025, "五": 2030, "六": 2035}[plans.FindStringSubmatch(m)[1]]
		return strconv.Itoa(n) + "年底"
	})
	s = chineseYear.ReplaceAllStringFunc(s, func(m string) string {
		r := []rune(m)
		return "20" + strconv.Itoa(digit(r[2])) + strconv.Itoa(digit(r[3])) + "年"
	})
	s = chineseCount.ReplaceAllStringFunc(s, func(m string) string {
		i := strings.IndexAny(m, "一二三四五六七八九十")
		j := strings.LastIndexAny(m, "一二三四五六七八九十") + len("一")
		return m[:i] + strconv.Itoa(numeral(m[i:j])) + m[j:]
	})
	s = strings.NewReplacer("月份", "月", "〇", "0", "~", "-", "—", "-", "–", "―", "至", "-", "到", "-", "元月", "1月").Replace(s)
	if year == 0 {
		return s
	}
	return relative.ReplaceAllStringFunc(s, func(m string) string {
		shift := 0
		switch []rune(m)[0] {
		case '明', '次', '来', '翌':
			shift = 1
		case '去', '上':
			if strings.HasPrefix(m, "上") {
				return m // 上年度 may be part of 上半年's kin; leave it
			}
			shift = -1
		}
		return strconv.Itoa(year+shift) + "年"
	})
}

func digit(r rune) int {
	if r == '〇' || r == '○' {
		return 0
	}
	return max(0, slices.Index(chineseDigits, r))
}

// numeral reads 一 to 九十九.
func numeral(s string) int {
	n := 0
	for _, r := range s {
		if r == '十' {
			n = max(n, 1) * 10
		} else {
			n += digit(r)
		}
	}
	return n
}

// dateForm is one way to write a date. Its groups are y, m, d, q and w (旬, 底 …).
type dateForm struct {
	re   *regexp.Regexp
	step byte
	fix  func(f *found, word string)
}

const tail = `(?P<w>上旬|中旬|下旬|初|中|底|末)?`

// forms in the order they are tried; what one has read is not read again.
var forms = []dateForm{
	{re: regexp.MustCompile(`(?:(?P<y>20\d\d|\d\d)年度?)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]`), step: 'd'},
	{re: regexp.MustCompile(`(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:\D|$)`), step: 'd'},
	{re: regexp.MustCompile(`(?P<y>20\d\d)[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})(?:\D|$)`), step: 'd'},
	{re: regexp.MustCompile(`(?:^|\D)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?:\D|$)`), step: 'd'},
	{re: regexp.MustCompile(`20\d\d年?-(?P<y>20\d\d)年?(?:底|末|内|度|前)?(?:[^\d./月]|$)`), step: 'y', fix: yearEnd},
	{re: regexp.MustCompile(`(?P<y>20\d\d)年(?:\d{1,2}[-、,])+(?P<m>\d{1,2})月` + tail), step: 'm', fix: tenDays},
	{re: regexp.MustCompile(`(?:(?P<y>20\d\d|\d\d)年度?)?(?P<m>\d{1,2})月` + tail), step: 'm', fix: tenDays},
	{re: regexp.MustCompile(`(?:(?P<y>20\d\d)年度?)?(?:第|前)?(?P<q>[1-4])个?季度?(?:末|底)?`), step: 'q', fix: quarter},
	{re: regexp.MustCompile(`(?:(?P<y>20\d\d)年?)?q(?P<q>[1-4])`), step: 'q', fix: quarter},
	{re: regexp.MustCompile(`(?:(?P<y>20\d\d)年?度?)?(?P<w>上半年|下半年|年中)`), step: 'q', fix: halfYear},
	{re: regexp.MustCompile(`(?P<y>20\d\d)[-./](?P<m>\d{1,2})(?:[^\d]|$)`), step: 'm'},
	{re: regexp.MustCompile(`(?:^|\D)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?:\D|$)`), step: 'm'},
	{re: regexp.MustCompile(`(?P<y>20\d\d)年度?(?:底|末|内|终|前)`), step: 'Y', fix: yearEnd},
	{re: regexp.MustCompile(`(?P<y>20\d\d)年?度?(?:[^\d.]|$)`), step: 'y', fix: yearEnd},
	{re: regexp.MustCompile(`(?:^|[^\d#])年(?:底|末|内|终)|年度内|岁末|^本?年度?$`), step: 'Y', fix: yearEnd},
	{re: regexp.MustCompile(`^(?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?:日?(?:之|以)?前)?$`), step: 'd'},
	{re: regexp.MustCompile(`(?:国庆|十一)节?前`), step: 'd', fix: onDay(9, 30)},
	{re: regexp.MustCompile(`(?:五一|劳动)节?前`), step: 'd', fix: onDay(4, 30)},
	{re: regexp.MustCompile(`七一前`), step: 'd', fix: onDay(6, 30)},
}

func onDay(m, d int) func(*found, string) {
	return func(f *found, _ string) { f.month, f.day = m, d }
}

func yearEnd(f *found, _ string) { f.month, f.day = 12, 31 }

func quarter(f *found, _ string) { f.month *= 3 }

func halfYear(f *found, word string) {
	f.month = 6
	if word == "下半年" {
		f.month = 12
	}
}

func tenDays(f *found, word string) {
	switch word {
	case "上旬", "初":
		f.day = 10
	case "中旬":
		f.day = 20
	case "中":
		f.day = 15
	}
}

var serial = regexp.MustCompile(`^[34567]\d{4}(\.\d+)?$`)

// findDates collects the dates of a normal text, in its order, years filled in.
func findDates(s string, year int) []found {
	if serial.MatchString(s) {
		n, _ := strconv.Atoi(s[:5])
		d := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		return []found{{year: d.Year(), month: int(d.Month()), day: d.Day(), step: 'd'}}
	}
	var dates []found
	for _, form := range forms {
		s = form.collect(s, &dates)
	}
	slices.SortStableFunc(dates, func(a, b found) int { return a.at - b.at })
	last := year
	for i := range dates {
		switch y := dates[i].year; {
		case y == 0:
			dates[i].year = last
		case y < 100:
			dates[i].year = 2000 + y
		}
		last = dates[i].year
	}
	return dates
}

// collect takes what one form reads out of the text and blanks it.
func (form dateForm) collect(s string, dates *[]found) string {
	for {
		m := form.re.FindStringSubmatchIndex(s)
		if m == nil {
			return s
		}
		f, word := found{at: m[0], step: form.step}, ""
		for g, name := range form.re.SubexpNames() {
			if name == "" || m[2*g] < 0 {
				continue
			}
			word = f.take(name, s[m[2*g]:m[2*g+1]], word)
		}
		if form.fix != nil {
			form.fix(&f, word)
		}
		*dates = append(*dates, f)
		s = s[:m[0]] + strings.Repeat("#", m[1]-m[0]) + s[m[1]:]
	}
}

func (f *found) take(name, text, word string) string {
	n, _ := strconv.Atoi(text)
	switch name {
	case "y":
		f.year = n
	case "m", "q":
		f.month = n
	case "d":
		f.day = n
	case "w":
		return text
	}
	return word
}
