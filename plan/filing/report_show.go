package filing

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"liandong/plan"
	"liandong/plan/figure"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

// merged says whether a part's text is in the form already.
func (f *reportForm) merged(n int64) bool { return slices.Contains(f.Merged, n) }

// shareHref leads to a part that was asked.
func shareHref(l plan.ShareLine) string {
	return "/share/" + l.ID + "?period=" + url.QueryEscape(string(l.Period))
}

// shareStatus is how a part stands that was asked, as a chip.
func shareStatus(ctx context.Context, l plan.ShareLine) ui.Status {
	s := ui.Status{Word: web.T(ctx, "filing.share."+string(l.State))}
	switch l.State {
	case plan.ShareIsLate:
		s.Tone, s.Icon, s.Why = ui.Late, "clock-exclamation", web.T(ctx, "filing.share.was", "day", ui.Date(ctx, string(l.Due)))
	case plan.ShareIsDeclined:
		s.Tone, s.Icon, s.Why = ui.Risk, "arrow-back-up", l.Reason
	default:
		s.Tone, s.Icon, s.Why = ui.Info, "clock", web.T(ctx, "filing.share.by", "day", ui.Date(ctx, string(l.Due)))
	}
	return s
}

// filesOf are the files of a part for the script that merges it in the page.
func filesOf(p plan.Said) string {
	type file struct {
		Blob string `json:"blob"`
		Name string `json:"name"`
	}
	all := []file{}
	for _, f := range p.Words.Files {
		all = append(all, file{f.Blob, f.Name})
	}
	b, _ := json.Marshal(all) // of texts: cannot fail
	return string(b)
}

// open says that the form itself is shown at once: what is accepted is corrected only on demand.
func (f *reportForm) open() bool {
	return f.State != judge.Accepted || len(f.Errors) > 0 || f.Submitted != nil || len(f.Questions) > 0 || f.AsPart || f.Draft.Version > 0
}

// blocked says why the form cannot be sent, empty if it can.
func (f *reportForm) blocked(ctx context.Context) string {
	if !f.Composed || f.AsPart || f.Compose != nil {
		return ""
	}
	return web.T(ctx, "filing.compose.missing", "periods", periodNames(ctx, f.Missing))
}

func (f *reportForm) submitLabel(ctx context.Context) string {
	switch {
	case f.AsPart:
		return web.T(ctx, "filing.submit.part")
	case f.Signed:
		return web.T(ctx, "filing.submit.sign")
	case f.Accepted != nil:
		return web.T(ctx, "filing.submit.correct")
	case f.Composed:
		return web.T(ctx, "filing.submit.confirm")
	}
	return web.T(ctx, "filing.submit")
}

// status is how the report stands; of a period for which none is owed and none came, that.
func (f *reportForm) status(ctx context.Context) ui.Status {
	if f.Unowed && f.State == judge.NotDue {
		return ui.Status{Word: web.T(ctx, "filing.unowed.chip")}
	}
	return filingStatus(ctx, f.State)
}

func (f *reportForm) lede(ctx context.Context) string {
	key := "filing.report.lede"
	switch {
	case f.AsPart:
		key = "filing.part.lede"
	case f.Unowed:
		key = "filing.unowed.lede"
	case f.State == judge.Filed || f.State == judge.Accepted:
		key = "filing.report.lede.filed"
	}
	return web.T(ctx, key, "period", periodName(ctx, f.Period), "cutoff", ui.Date(ctx, string(f.Cutoff)),
		"left", until(ctx, f.Today, f.Cutoff), "lead", strings.Join(f.Leads, web.T(ctx, "filing.comma")))
}

// lastTitle heads the words of the period before: 上期（5月）.
func (f *reportForm) lastTitle(ctx context.Context) string {
	return web.T(ctx, "filing.last", "period", shortPeriod(ctx, f.Last.Facts.Period))
}

func (f *reportForm) lastWords() plan.ReportWords {
	if f.Last == nil {
		return plan.ReportWords{}
	}
	return f.Last.Words
}

// figureHint is the target and the last value beside a figure.
func figureHint(ctx context.Context, i plan.IndicatorLine) string {
	var all []string
	switch {
	case i.TargetText != "":
		all = append(all, web.T(ctx, "filing.figure.target", "value", i.TargetText))
	case i.Target != "":
		all = append(all, web.T(ctx, "filing.figure.target", "value", ui.Number(i.Target)+i.Unit))
	}
	if i.Last != "" {
		all = append(all, web.T(ctx, "filing.figure.last", "period", shortPeriod(ctx, i.LastPeriod), "value", ui.Number(i.Last)+i.Unit))
	}
	mode := "filing.figure.period"
	if i.Mode == string(figure.Cumulative) {
		mode = "filing.figure.cumulative"
	}
	return strings.Join(append(all, web.T(ctx, mode)), web.T(ctx, "filing.semicolon"))
}

func fileSize(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt(max(1, n>>10), 10) + " KB"
	}
	return strconv.FormatInt(n>>20, 10) + " MB"
}

// image says that a file may be shown in the page.
func image(f plan.FileRef) bool { return f.Type == "image/png" || f.Type == "image/jpeg" }

func fileHref(circle string, index int64, n int) string {
	return "/file/" + circle + "/" + strconv.FormatInt(index, 10) + "/" + strconv.Itoa(n)
}

// tabs are the periods to choose from: the newest of each cycle and whatever waits.
func (f *reportForm) tabs() (all []plan.PeriodState) {
	shown := map[judge.Cycle]int{}
	for _, p := range f.Periods {
		c := p.Period.Cycle()
		waits := p.State != judge.Accepted && p.State != judge.Filed
		if p.Period == f.Period || waits || shown[c] < 3 {
			all = append(all, p)
			shown[c]++
		}
	}
	return all
}

func currentTab(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func joined(ctx context.Context, names []string) string {
	return strings.Join(names, web.T(ctx, "filing.comma"))
}

func valueIn(s *plan.Said, indicator string) string {
	for _, x := range s.Facts.Figures {
		if x.Indicator == indicator {
			return x.Value
		}
	}
	return ""
}

func (f *reportForm) ticked(m plan.MilestoneLine) bool {
	_, ok := f.Met[m.ID]
	return ok || m.Reached != ""
}

func (f *reportForm) metDay(m plan.MilestoneLine) string {
	if day, ok := f.Met[m.ID]; ok {
		return day
	}
	return string(m.Reached)
}

func milestoneHint(ctx context.Context, m plan.MilestoneLine) string {
	if m.Reached != "" {
		return web.T(ctx, "filing.milestone.reached", "day", ui.Date(ctx, string(m.Reached)))
	}
	return web.T(ctx, "filing.milestone.due", "day", ui.Date(ctx, string(m.Due)))
}
