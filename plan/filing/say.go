package filing

import (
	"context"
	"net/http"
	"strings"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// periodName is the period in the reader's language: 2022年6月.
func periodName(ctx context.Context, p judge.Period) string {
	return lang.Pick(ctx, p.Zh(), p.En())
}

func shortPeriod(ctx context.Context, p judge.Period) string {
	return lang.Pick(ctx, p.ShortZh(), p.En())
}

func cycleName(ctx context.Context, c judge.Cycle) string {
	return lang.Pick(ctx, c.Zh(), c.En())
}

func questionText(ctx context.Context, q plan.Question) string {
	return lang.Pick(ctx, q.Zh, q.En)
}

var filingTones = map[judge.FilingState]struct {
	tone ui.Tone
	icon string
}{
	judge.Due: {ui.Info, "calendar-due"}, judge.Missed: {ui.Late, "clock-exclamation"},
	judge.Returned: {ui.Late, "arrow-back-up"}, judge.Filed: {ui.Info, "send"},
	judge.Accepted: {ui.Good, "circle-check"}, judge.NotDue: {ui.Plain, "circle-dashed"},
}

// filingStatus is the chip of how a report stands.
func filingStatus(ctx context.Context, s judge.FilingState) ui.Status {
	word := s.Zh()
	if lang.Of(ctx) == lang.En {
		word = ui.Capital(s.En())
	}
	return ui.Status{Tone: filingTones[s].tone, Icon: filingTones[s].icon, Word: word}
}

// partStatus is the chip of what a supporting unit may add: the lead's state is none of its own.
func partStatus(ctx context.Context, d plan.Duty) ui.Status {
	if d.State == judge.Filed {
		return ui.Status{Tone: ui.Plain, Icon: "send", Word: web.T(ctx, "filing.part.lead-filed")}
	}
	return ui.Status{Tone: ui.Info, Icon: "pencil", Word: web.T(ctx, "filing.part.open")}
}

// claimStatus is the chip of what a lead claims.
func claimStatus(ctx context.Context, s judge.WorkState) ui.Status {
	switch s {
	case judge.OnTime:
		return ui.Status{Tone: ui.Good, Word: web.T(ctx, "filing.claim.on-time")}
	case judge.AtRisk:
		return ui.Status{Tone: ui.Risk, Word: web.T(ctx, "filing.claim.at-risk")}
	case judge.Done:
		return ui.Status{Tone: ui.Info, Icon: "flag", Word: web.T(ctx, "filing.claim.done")}
	}
	return ui.Status{Word: web.T(ctx, "filing.claim.none")}
}

// until says how far a cut-off is away.
func until(ctx context.Context, today, cutoff judge.Date) string {
	switch n := daysBetween(today, cutoff); {
	case n < 0:
		return web.T(ctx, "filing.days.over", "n", -n)
	case n == 0:
		return web.T(ctx, "filing.days.today")
	default:
		return web.T(ctx, "filing.days.left", "n", n)
	}
}

// dayWithWeek is a day with its day of the week: 6月25日 周六.
func dayWithWeek(ctx context.Context, d judge.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	switch {
	case err != nil:
		return string(d)
	case lang.Of(ctx) == lang.En:
		return t.Format("Mon 2 January")
	}
	return d.ShortZh() + " 周" + string([]rune("日一二三四五六")[t.Weekday()])
}

// daysBetween counts days by steps: a cut-off is never far.
func daysBetween(from, to judge.Date) (n int) {
	for from < to && n < 999 {
		from, n = from.AddDays(1), n+1
	}
	for from > to && n > -999 {
		from, n = from.AddDays(-1), n-1
	}
	return n
}

// listNames joins the lists in which a report counts: 遂潼工作计划（3）、…
func listNames(ctx context.Context, all []plan.ListRef) string {
	var names []string
	for _, l := range all {
		name := l.Title
		if l.Member != "" {
			name = l.Member + web.T(ctx, "filing.colon") + name
		}
		if l.Number != "" {
			name += web.T(ctx, "filing.list.number", "n", l.Number)
		}
		names = append(names, name)
	}
	return strings.Join(names, web.T(ctx, "filing.comma"))
}

// countsIn says in how many lists a report counts; in none if a list that is over asked for such periods
// and only longer reports are composed from it.
func countsIn(ctx context.Context, all []plan.ListRef) string {
	if len(all) == 0 {
		return web.T(ctx, "filing.counts-none")
	}
	return web.T(ctx, "filing.counts-in", "n", len(all))
}

func countsOnceAccepted(ctx context.Context, all []plan.ListRef) string {
	if len(all) == 0 {
		return web.T(ctx, "filing.counts-none")
	}
	return web.T(ctx, "filing.review.counts", "n", len(all))
}

func periodNames(ctx context.Context, all []judge.Period) string {
	var names []string
	for _, p := range all {
		names = append(names, shortPeriod(ctx, p))
	}
	return strings.Join(names, web.T(ctx, "filing.comma"))
}

// clockOf is a moment in Beijing: 6月20日 10:05.
func clockOf(at time.Time) string {
	return judge.DateIn(at, judge.Beijing).ShortZh() + " " + at.In(judge.Beijing).Format("15:04")
}

func reportHref(item string, p judge.Period) string {
	return "/item/" + item + "/report?period=" + string(p)
}

func reviewHref(item string, p judge.Period) string { return "/review/" + item + "/" + string(p) }

// told adds to what was filed that it is signed first, in a unit that does so. Where that cannot be read it is left out: what was filed stands.
func (p *pages) told(r *http.Request, text string) string {
	if set, err := p.desk.SigningOf(r.Context(), web.Actor(r).Org); err == nil && set.On {
		text += web.T(r.Context(), "filing.signing.also")
	}
	return text
}
