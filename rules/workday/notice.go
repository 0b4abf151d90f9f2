package workday

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Read is what was understood of a text that names days.
type Read struct {
	Year
	Left    []string // sentences in which a day is named that was not taken: a word of advice, say
	Strange []string // spans that end before they begin, or are far too long
	Counts  []Miscount
}

// Miscount is a span of which the text says another number of days than it has.
type Miscount struct {
	Text       string // the span as it was written
	Said, Read int
}

// A day or a span of days: 10月1日（周四）至7日, 2022年12月31日至2023年1月2日, 2027-02-06..2027-02-12.
var (
	span = regexp.MustCompile(`(?:(\d{4})\s*年)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*(?:至|到|—+|–|-|~|～)\s*(?:(\d{4})\s*年)?\s*(?:(\d{1,2})\s*月)?\s*(\d{1,2})\s*日)?` +
		`|(\d{4})-(\d{1,2})-(\d{1,2})(?:\s*(?:\.\.|至|到|—+|–|~|～|/)\s*(\d{4})-(\d{1,2})-(\d{1,2}))?`)
	aside  = regexp.MustCompile(`（[^（）]*）|\([^()]*\)`)
	counts = regexp.MustCompile(`共\s*(\d+)\s*天`)
)

// longest bounds a span, in days: more is a slip of the pen.
const longest = 60

// Notice reads the text of a notice as the State Council's General Office writes it: of a sentence that says 放假 its days are off, of one that
// says 上班 they are worked. What year is not said is the notice's. Weekend days of the year before, with which a holiday at New Year may
// begin, are off anyway and left out.
func Notice(year int, text string) (r Read) {
	text = aside.ReplaceAllString(strings.ReplaceAll(text, "\r", ""), "")
	for _, sentence := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("。；;\n", c) }) {
		spans := spansOf(year, sentence)
		if len(spans) == 0 {
			continue
		}
		works := strings.Contains(sentence, "上班")
		if !works && !strings.Contains(sentence, "放假") {
			r.Left = append(r.Left, strings.TrimSpace(sentence))
			continue
		}
		n := 0
		for _, s := range spans {
			n += len(s.days)
			if s.days == nil {
				r.Strange = append(r.Strange, s.text)
			}
			for _, d := range s.days {
				switch day, err := time.Parse(time.DateOnly, d); {
				case err == nil && day.Year() < year && Weekend(day) && !works:
				case works:
					r.Work = append(r.Work, d)
				default:
					r.Off = append(r.Off, d)
				}
			}
		}
		if m := counts.FindStringSubmatch(sentence); m != nil && !works {
			if said, _ := strconv.Atoi(m[1]); said != n {
				r.Counts = append(r.Counts, Miscount{spans[0].text, said, n})
			}
		}
	}
	return r
}

// List reads days and spans of days, one a line or with commas between. Of what is neither, Strange names each.
func List(year int, text string) (days, strange []string) {
	text = aside.ReplaceAllString(strings.ReplaceAll(text, "\r", ""), "")
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("、，,；;。\n", c) }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		spans := spansOf(year, part)
		odd := len(spans) == 0
		for _, s := range spans {
			days, odd = append(days, s.days...), odd || s.days == nil
		}
		if rest := strings.TrimSpace(span.ReplaceAllString(part, "")); odd || rest != "" {
			strange = append(strange, strings.TrimSpace(part))
		}
	}
	return days, strange
}

// found is a span as it was written, with its days; none if it is none.
type found struct {
	text string
	days []string
}

func spansOf(year int, text string) (all []found) {
	for _, m := range span.FindAllStringSubmatch(text, -1) {
		if m[7] != "" {
			m = []string{m[0], m[7], m[8], m[9], m[10], m[11], m[12]}
		}
		n := func(i, other int) int {
			if v, err := strconv.Atoi(m[i]); err == nil {
				return v
			}
			return other
		}
		y, month, day := n(1, year), n(2, 0), n(3, 0)
		first := civil(y, month, day)
		if m[6] == "" {
			all = append(all, found{m[0], []string{first}})
			continue
		}
		last := civil(n(4, y), n(5, month), n(6, 0))
		all = append(all, found{m[0], between(first, last)})
	}
	return all
}

// civil writes a date, also one that there is none of: it is named as it was typed.
func civil(y, month, day int) string {
	return pad(y, 4) + "-" + pad(month, 2) + "-" + pad(day, 2)
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

// between lists the days of a span, none if it ends before it begins or is far too long. Ends that are no dates are named as such.
func between(first, last string) (all []string) {
	a, err := time.Parse(time.DateOnly, first)
	b, wrong := time.Parse(time.DateOnly, last)
	if err != nil || wrong != nil {
		return []string{first, last}
	}
	if b.Sub(a) > longest*24*time.Hour {
		return nil
	}
	for ; !a.After(b); a = a.AddDate(0, 0, 1) {
		all = append(all, a.Format(time.DateOnly))
	}
	return all
}

// Spans puts days that follow one another together: their first and last, rising.
func Spans(days []string) (all [][2]string) {
	for _, d := range (Year{Off: days}).Sorted().Off {
		if n := len(all); n > 0 {
			if last, err := time.Parse(time.DateOnly, all[n-1][1]); err == nil && last.AddDate(0, 0, 1).Format(time.DateOnly) == d {
				all[n-1][1] = d
				continue
			}
		}
		all = append(all, [2]string{d, d})
	}
	return all
}
