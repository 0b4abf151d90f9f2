package sheet

import (
	"context"
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// numberStyle is as much of a number format as is needed to show what the person sees.
type numberStyle struct {
	year, month, day bool
	percent          bool
	decimals         int // -1: as many as there are
}

// builtin formats of ECMA-376 Part 1, 18.8.30, with the Chinese ones (27-36, 50-58).
var builtin = map[int]numberStyle{
	2: {decimals: 2}, 4: {decimals: 2}, 9: {percent: true}, 10: {percent: true, decimals: 2},
	14: {year: true, month: true, day: true}, 15: {year: true, month: true, day: true},
	16: {month: true, day: true}, 17: {year: true, month: true},
	22: {year: true, month: true, day: true}, 27: {year: true, month: true},
	28: {month: true, day: true}, 29: {month: true, day: true}, 30: {year: true, month: true, day: true},
	31: {year: true, month: true, day: true}, 36: {year: true, month: true},
	50: {year: true, month: true}, 51: {month: true, day: true}, 52: {year: true, month: true},
	53: {month: true, day: true}, 54: {month: true, day: true}, 57: {year: true, month: true},
	58: {month: true, day: true},
}

func (w *workbook) readStyles(ctx context.Context, part string) error {
	formats := map[int]numberStyle{}
	in := false
	return w.p.walk(ctx, part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "cellXfs" {
				in = false
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				if id, err := strconv.Atoi(attr(t, "numFmtId")); err == nil && len(formats) < 10_000 {
					formats[id] = styleOf(attr(t, "formatCode"))
				}
			case "cellXfs":
				in = true
			case "xf":
				if in && len(w.styles) < 100_000 {
					w.styles = append(w.styles, lookUp(formats, attr(t, "numFmtId")))
				}
			}
		}
		return nil
	})
}

func lookUp(formats map[int]numberStyle, id string) numberStyle {
	n, err := strconv.Atoi(id)
	if err != nil {
		return numberStyle{decimals: -1}
	}
	if s, ok := formats[n]; ok {
		return s
	}
	if s, ok := builtin[n]; ok {
		return s
	}
	return numberStyle{decimals: -1}
}

var (
	quoted    = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|上午/下午|E[+-]|General|G/通用格式`)
	decimals  = regexp.MustCompile(`0\.(0+)`)
	hasClock  = regexp.MustCompile(`[hs]`)
	firstPart = regexp.MustCompile(`^[^;]*`)
)

// styleOf reads a format code such as `yyyy"年"m"月";@` or `0.00%`.
func styleOf(code string) numberStyle {
	code = firstPart.FindString(quoted.ReplaceAllString(code, ""))
	low := strings.ToLower(code)
	s := numberStyle{decimals: -1}
	s.year = strings.ContainsAny(low, "ye")
	s.day = strings.Contains(low, "d")
	s.month = strings.Contains(low, "m") && (s.year || s.day || !hasClock.MatchString(low))
	s.percent = strings.Contains(low, "%")
	if m := decimals.FindStringSubmatch(code); m != nil {
		s.decimals = len(m[1])
	} else if s.percent {
		s.decimals = 0
	}
	return s
}

// number shows a stored number as the sheet does: dates as "2022-09-30" or "2022年9月", percents
// with their sign, without the noise of binary fractions.
func (w *workbook) number(stored string, style int) string {
	s := numberStyle{decimals: -1}
	if style >= 0 && style < len(w.styles) {
		s = w.styles[style]
	}
	if s.year || s.month || s.day {
		if text, ok := w.date(stored, s); ok {
			return text
		}
	}
	if !s.percent && s.decimals < 0 && len(stored) < 12 && !strings.ContainsAny(stored, "eE") {
		return stored
	}
	return decimal(stored, s)
}

var fifteen = apd.BaseContext.WithPrecision(15)

// decimal rounds to the 15 digits a spreadsheet knows, then to the decimals of the format.
func decimal(stored string, s numberStyle) string {
	d, _, err := apd.NewFromString(stored)
	if err != nil || d.Form != apd.Finite || d.Exponent > 400 || d.Exponent < -400 {
		return stored
	}
	if _, err = fifteen.Round(d, d); err != nil {
		return stored
	}
	if s.percent {
		d.Exponent += 2
	}
	if s.decimals >= 0 {
		if _, err = fifteen.Quantize(d, d, -int32(s.decimals)); err != nil {
			return stored
		}
	} else {
		d.Reduce(d)
	}
	text := d.Text('f')
	if s.percent {
		text += "%"
	}
	return text
}

// date reads a serial day number: days since 1899-12-30, or 1904-01-01 in old Macintosh files.
func (w *workbook) date(stored string, s numberStyle) (string, bool) {
	f, err := strconv.ParseFloat(stored, 64)
	if err != nil || f < 1 || f > 2958465 {
		return "", false
	}
	zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if w.date04 {
		zero = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	d := zero.AddDate(0, 0, int(f))
	switch {
	case s.day:
		return d.Format("2006-01-02"), true
	case s.month:
		return d.Format("2006年1月"), true
	}
	return d.Format("2006年"), true
}
