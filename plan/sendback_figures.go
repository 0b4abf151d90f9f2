package plan

import (
	"regexp"
	"strings"

	"liandong/plan/figure"
	"liandong/plan/sheet"
)

var (
	// aims are words of a clause that speaks of what shall be, not of what is.
	aims = regexp.MustCompile(`目标|计划|力争|预计|争取|确保|将[于在]?|拟|下一步|全年任务|还需|尚需|缺口`)
	// ofPeriod and sofar tell a value of the period from one since the beginning of the year.
	ofPeriod = regexp.MustCompile(`本月|当月|本旬|本季|当季|本期`)
	sofar    = regexp.MustCompile(`累计|截至|截止|共`)
	// reporting are words of columns in which figures are reported.
	reporting = regexp.MustCompile(`完成|累计|实际|截至|截止|本期|本月|达到|进度|现值`)
	planned   = regexp.MustCompile(`目标|计划|基数|去年|上年|同期|总投资|任务数`)
	clauseEnd = regexp.MustCompile(`[，,。；;\n]`)
	inHeader  = regexp.MustCompile(`[（(]([^（）()]+)[)）]$`)
)

// figuresIn reads the figures that a returned row reports, as a person would type them in the grid:
// "产值：12.5亿元；签约项目：66". A figure is taken from a column that reports the indicator, from a
// cell that holds nothing but a number, or from the words of the progress. Where two values could be
// meant none is taken: the preview leaves the field open.
func figuresIn(r sheet.Returned, indicators []IndicatorLine) string {
	var all []string
	for _, i := range indicators {
		typed := inColumns(r, i)
		if typed == "" && len(indicators) == 1 {
			typed = bareFigure(r, i)
		}
		if typed == "" {
			typed = inWords(r.Progress.Done, i, indicators)
		}
		if _, err := i.Value(typed); typed != "" && err == nil {
			all = append(all, i.Name+"："+typed)
		}
	}
	return strings.Join(all, "；")
}

// inColumns finds the one column that reports the indicator: it bears its name and a word such as 完成.
func inColumns(r sheet.Returned, i IndicatorLine) string {
	found := ""
	for header, text := range r.Extra {
		if !strings.Contains(header, i.Name) || !reporting.MatchString(header) && header != i.Name || planned.MatchString(header) {
			continue
		}
		if found != "" {
			return ""
		}
		found = withUnit(text, header)
	}
	return found
}

// withUnit is a plain number with the unit that the header gives in brackets.
func withUnit(text, header string) string {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", "")
	if m := inHeader.FindStringSubmatch(header); m != nil && isNumber(text) {
		if unit, ok := figure.UnitName(m[1]); ok {
			return text + unit
		}
	}
	return text
}

func isNumber(s string) bool {
	_, err := figure.Canonical(s)
	return err == nil
}

// bareFigure is a progress that is a number and nothing else; a column of units must fit.
func bareFigure(r sheet.Returned, i IndicatorLine) string {
	text := strings.TrimSpace(r.Progress.Done)
	if !isNumber(text) {
		return ""
	}
	for _, header := range []string{"单位", "计量单位"} {
		unit, ok := figure.UnitName(r.Extra[header])
		if !ok {
			continue
		}
		if _, err := figure.Convert(text, unit, i.Unit); err != nil {
			return ""
		}
		return text + unit
	}
	return text
}

// inWords finds the value of an indicator in prose. It is named there, or it is the only figure of
// its sort beside the only indicator of that sort.
func inWords(text string, i IndicatorLine, indicators []IndicatorLine) string {
	var named, open []figure.Found
	for _, f := range figure.Extract(text) {
		clause := clauseOf(text, f.Start, f.End)
		if aims.MatchString(clause) || !i.counts(clause) || !i.measures(f) {
			continue
		}
		switch {
		case f.Name != "" && (strings.Contains(f.Name, i.Name) || strings.Contains(i.Name, f.Name)):
			named = append(named, f)
		case f.Name == "":
			open = append(open, f)
		}
	}
	if len(named) == 0 && i.alone(indicators) {
		named = open
	}
	if len(named) != 1 {
		return ""
	}
	return named[0].Figure.Value + named[0].Figure.Unit
}

// counts: a clause about the month says nothing of a figure that is counted from the beginning of the
// year, nor the other way round.
func (i IndicatorLine) counts(clause string) bool {
	if i.Mode == string(figure.Cumulative) {
		return !ofPeriod.MatchString(clause) || sofar.MatchString(clause)
	}
	return !strings.Contains(clause, "累计")
}

// measures: the figure's unit can be told in the indicator's.
func (i IndicatorLine) measures(f figure.Found) bool {
	_, err := figure.Convert(f.Figure.Value, f.Figure.Unit, i.Unit)
	return err == nil
}

// alone: no other indicator of the item is told in such a unit.
func (i IndicatorLine) alone(indicators []IndicatorLine) bool {
	for _, other := range indicators {
		if _, err := figure.Convert("1", other.Unit, i.Unit); err == nil && other.ID != i.ID {
			return false
		}
	}
	return true
}

func clauseOf(text string, from, to int) string {
	start := 0
	if all := clauseEnd.FindAllStringIndex(text[:from], -1); len(all) > 0 {
		start = all[len(all)-1][1]
	}
	if m := clauseEnd.FindStringIndex(text[to:]); m != nil {
		return text[start : to+m[0]]
	}
	return text[start:]
}
