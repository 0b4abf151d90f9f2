package split

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

func periodName(ctx context.Context, p judge.Period) string { return lang.Pick(ctx, p.Zh(), p.En()) }

func shareHref(l plan.ShareLine) string {
	return "/share/" + l.ID + "?period=" + url.QueryEscape(string(l.Period))
}

// status is how a part stands, as a chip.
func status(ctx context.Context, l plan.ShareLine) ui.Status {
	s := ui.Status{Word: t(ctx, "state."+string(l.State))}
	switch l.State {
	case plan.ShareIsReported:
		if l.Unmerged() {
			s.Why = t(ctx, "unmerged")
		}
		s.Tone, s.Icon = ui.Good, "send"
	case plan.ShareIsLate:
		s.Tone, s.Icon, s.Why = ui.Late, "clock-exclamation", t(ctx, "due.was", "day", ui.Date(ctx, string(l.Due)))
	case plan.ShareIsDeclined:
		s.Tone, s.Icon, s.Why = ui.Risk, "arrow-back-up", l.Reason
	case plan.ShareIsWithdrawn:
		s.Tone, s.Icon, s.Why = ui.Gone, "ban", l.Reason
	default:
		s.Tone, s.Icon, s.Why = ui.Info, "clock", t(ctx, "due.by", "day", ui.Date(ctx, string(l.Due)))
	}
	return s
}

func asked(ctx context.Context, s plan.Share) string {
	if s.Erased {
		return t(ctx, "erased")
	}
	return s.Text
}

// given is a share of a target with the indicator's name and unit.
func (v itemView) given(l plan.ShareLine) string {
	for _, i := range v.Targets {
		if i.ID == l.Indicator {
			return i.Name + " " + ui.Number(l.Target) + i.Unit
		}
	}
	return ""
}

func givenOf(l plan.ShareLine, all []plan.IndicatorLine) string {
	for _, i := range all {
		if i.ID == l.Indicator {
			return i.Name + " " + ui.Number(l.Target) + i.Unit
		}
	}
	return ""
}

// sumText says how the shares of a target add up against it.
func sumText(ctx context.Context, s plan.TargetSum) string {
	if s.Target == "" {
		return t(ctx, "sum.untargeted", "name", s.Name, "sum", ui.Number(s.Sum)+s.Unit)
	}
	args := []any{"name", s.Name, "sum", ui.Number(s.Sum) + s.Unit, "target", ui.Number(s.Target) + s.Unit, "left", ui.Number(s.Left) + s.Unit}
	switch {
	case s.Left == "0":
		return t(ctx, "sum.whole", args...)
	case s.Left[0] == '-':
		return t(ctx, "sum.over", append(args, "over", ui.Number(s.Left[1:])+s.Unit)...)
	}
	return t(ctx, "sum.less", args...)
}

func figuresText(ctx context.Context, l plan.ShareLine, all []plan.TargetSum) (text string) {
	if l.Said == nil {
		return ""
	}
	for _, f := range l.Said.Facts.Figures {
		for _, i := range all {
			if i.ID == f.Indicator {
				text += t(ctx, "figure", "name", i.Name, "value", ui.Number(f.Value)+i.Unit)
			}
		}
	}
	return text
}

// unitOptions are those who may be asked, of one sort.
func (v itemView) unitOptions(as plan.AskableKind) (all []plan.Askable) {
	return slices.DeleteFunc(slices.Clone(v.Askable), func(u plan.Askable) bool { return u.As != as })
}

func (v itemView) chosen(org string) bool { return slices.Contains(v.Form.Orgs, org) }

func onceOptions(ctx context.Context, p judge.Period) []ui.Option {
	return []ui.Option{
		{Value: "every", Label: t(ctx, "every"), Hint: t(ctx, "every.hint")},
		{Value: "once", Label: t(ctx, "once", "period", periodName(ctx, p))},
	}
}

func indicatorOptions(ctx context.Context, all []plan.TargetSum) []ui.Option {
	options := []ui.Option{{Value: "", Label: t(ctx, "indicator.none")}}
	for _, i := range all {
		label := i.Name
		if i.Target != "" {
			label += t(ctx, "indicator.of", "target", ui.Number(i.Target)+i.Unit)
		}
		options = append(options, ui.Option{Value: i.ID, Label: label})
	}
	return options
}

func lineOptions(ctx context.Context, all []plan.IndicatorLine) []ui.Option {
	options := []ui.Option{{Value: "", Label: t(ctx, "indicator.none")}}
	for _, i := range all {
		options = append(options, ui.Option{Value: i.ID, Label: i.Name})
	}
	return options
}

// shownPeriods is how many periods stand above the parts; older ones are reached by address.
const shownPeriods = 6

func (v itemView) tabs(ctx context.Context) (all []ui.NavLink) {
	for i, p := range v.Periods {
		if i < shownPeriods || p == v.Period {
			all = append(all, ui.NavLink{Label: periodName(ctx, p), Href: "/item/" + v.Item + "/split?period=" + url.QueryEscape(string(p)), Current: p == v.Period})
		}
	}
	return all
}

func fileHref(index int64, n int) string {
	return "/file/self/" + strconv.FormatInt(index, 10) + "/" + strconv.Itoa(n)
}

// wrong is what is wrong with a field of one of the forms.
func (v shareView) wrong(under, field string) string {
	if v.Under != under {
		return ""
	}
	return ui.ErrorOf(v.Errors, field)
}

func (v shareView) reasonOf(under string) string {
	if v.Under == under {
		return v.Reason
	}
	return ""
}

func (v shareView) submitLabel(ctx context.Context) string {
	if v.Said != nil {
		return t(ctx, "report.again")
	}
	return t(ctx, "report.do")
}

func proofOf(l plan.ShareLine) string { return web.ProofHref(l.Book, l.Index) }

// valueOf is a figure of what came, empty where none did.
func valueOf(s *plan.Said, indicator string) string {
	for _, f := range s.Facts.Figures {
		if f.Indicator == indicator {
			return f.Value
		}
	}
	return ""
}

// unitLabel heads the column of the other side: whom the unit asked, or who asks it.
func unitLabel(ctx context.Context, asked bool) string {
	if asked {
		return t(ctx, "unit")
	}
	return t(ctx, "lead")
}

func otherUnit(l plan.ShareLine, asked bool) string {
	if asked {
		return l.Name
	}
	return l.LeadName
}

func clockOf(at time.Time) string {
	return judge.DateIn(at, judge.Beijing).ShortZh() + " " + at.In(judge.Beijing).Format("15:04")
}
