package filing

import (
	"context"
	"net/http"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// todayView is my day: what waits for the seat.
type todayView struct {
	plan.Todo
	Reports, Parts bool // the seat writes reports
	Reviews        bool // the seat answers them
	Admin          bool // the seat has no say in the work
	Seatless       bool // he has signed in and was given no seat yet
}

// today shows what waits for the person's seat, and nothing else; a leader's day is his one screen. GET /
func (p *pages) today(w http.ResponseWriter, r *http.Request) error {
	if region.Seat(web.Actor(r).Seat) == region.Leader {
		return web.Redirect(w, r, "/glance") // his day is one screen
	}
	todo, err := p.desk.Day(r.Context(), web.Actor(r), dutiesShown)
	if err != nil {
		return err
	}
	v := todayView{Todo: todo}
	for i := range v.Plans {
		v.Plans[i].Plan = p.desk.PlanKey(v.Plans[i].Plan)
	}
	v.Reports = web.May(r.Context(), region.ReportFile)
	v.Reviews = web.May(r.Context(), region.ReportReview)
	v.Seatless = web.Actor(r).Seat == ""
	v.Admin = !v.Seatless && !web.May(r.Context(), region.PlanRead)
	return web.Show(w, r, todayPage(v))
}

// dutiesShown is how many of a unit's duties stand on its day, the most urgent first.
const dutiesShown = 100

func shownDuties(all []plan.Duty) []plan.Duty { return all[:min(len(all), dutiesShown)] }

func shownShares(all []plan.ShareLine) []plan.ShareLine { return all[:min(len(all), dutiesShown)] }

// nothing says that no work waits.
func (v todayView) nothing() bool {
	return len(v.Todo.Reports) == 0 && len(v.Todo.Parts) == 0 && v.Review.Filings == 0 && v.Asked == 0 && v.Refused == 0 && v.Changes == 0 && v.Hearsay == 0 && v.Slips == 0 && v.Drafts == 0 && v.Amendments == 0 && v.Words == 0 && len(v.Todo.Shares) == 0 && v.Owed == 0 && v.Signing == 0 && v.Meetings == 0
}

func todayLede(ctx context.Context, v todayView) string {
	switch {
	case v.Reports && v.Waiting > 0:
		return web.T(ctx, "filing.today.lede.waiting", "n", v.Waiting)
	case v.Reports:
		return web.T(ctx, "filing.today.lede.reports")
	case v.Reviews:
		return web.T(ctx, "filing.today.lede.reviews")
	}
	return ""
}

// planHref leads to the list, of a call to its rows.
func planHref(l plan.PlanLine) string {
	if l.Period.Cycle() == judge.AdHoc {
		return "/plan/" + l.Plan + "?period=" + string(l.Period)
	}
	return "/plan/" + l.Plan
}

// calledFor says that a report was asked for out of turn, and why.
func calledFor(ctx context.Context, c plan.Call) string {
	return web.T(ctx, "filing.called.why", "list", c.Title, "text", c.Text)
}

func periodOrDash(ctx context.Context, p judge.Period) string {
	if p == "" {
		return "—"
	}
	return periodName(ctx, p)
}

func filedOf(l plan.PlanLine) string {
	if l.Owed == 0 {
		return "—"
	}
	return ui.Count(l.Filed) + " / " + ui.Count(l.Owed)
}
