package making

import (
	"context"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

func makes(ctx context.Context) bool { return web.May(ctx, region.PlanDraft) }

// titleOf is a consultation's title, or that it was erased.
func titleOf(ctx context.Context, c *plan.Consultation) string {
	if c.Erased {
		return t(ctx, "erased")
	}
	return c.Title
}

// units joins names as a list writes them.
func units(names []string) string { return strings.Join(names, "、") }

// statusOf is how far a consultation is, as a chip; waits says that the next step is the reader's.
func statusOf(ctx context.Context, c *plan.Consultation, today judge.Date, waits bool) ui.Status {
	switch {
	case c.Outcome == plan.ConsultationIssued:
		return ui.Status{Tone: ui.Good, Icon: "checks", Word: t(ctx, "outcome.issued")}
	case c.Outcome == plan.ConsultationWithdrawn:
		return ui.Status{Tone: ui.Gone, Icon: "ban", Word: t(ctx, "outcome.withdrawn")}
	case c.Outcome == plan.ConsultationRepeated:
		return ui.Status{Tone: ui.Gone, Icon: "refresh", Word: t(ctx, "outcome.repeated")}
	case waits && c.Ours && c.Undecided > 0 && makes(ctx):
		return ui.Status{Tone: ui.Risk, Icon: "clipboard-check", Word: t(ctx, "state.decide", "n", c.Undecided)}
	case waits:
		return ui.Status{Tone: ui.Risk, Icon: "message", Word: t(ctx, "state.comment")}
	case today > c.Due:
		return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "state.over")}
	}
	return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "state.open")}
}

// heard says how many of those asked have answered.
func heard(ctx context.Context, c *plan.Consultation) string {
	return t(ctx, "heard", "n", len(c.Asked)-len(c.Silent()), "all", len(c.Asked))
}

// askedStatus is what one of those asked has done, as a chip.
func askedStatus(ctx context.Context, c *plan.Consultation, a plan.ConsultationAsked, today judge.Date) ui.Status {
	switch {
	case a.Day == "" && today > c.Due:
		return ui.Status{Tone: ui.Late, Icon: "clock-exclamation", Word: t(ctx, "asked.silent"), Why: t(ctx, "asked.due", "day", ui.Date(ctx, string(c.Due)))}
	case a.Day == "":
		return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "asked.waiting")}
	case a.Texts == 0:
		return ui.Status{Tone: ui.Good, Icon: "check", Word: t(ctx, "asked.none"), Why: lateNote(ctx, a)}
	}
	return ui.Status{Tone: ui.Good, Icon: "message", Word: t(ctx, "asked.texts", "n", a.Texts), Why: lateNote(ctx, a)}
}

func lateNote(ctx context.Context, a plan.ConsultationAsked) string {
	if a.Late {
		return t(ctx, "asked.late")
	}
	return ""
}

// decisionStatus is what became of a comment, as a chip.
func decisionStatus(ctx context.Context, c plan.RowComment) ui.Status {
	switch c.Decision {
	case plan.Adopted:
		return ui.Status{Tone: ui.Good, Icon: "check", Word: t(ctx, "decision.adopted")}
	case plan.PartlyAdopted:
		return ui.Status{Tone: ui.Info, Icon: "circle-dot", Word: t(ctx, "decision.partly")}
	case plan.NotAdopted:
		return ui.Status{Tone: ui.Gone, Icon: "x", Word: t(ctx, "decision.declined")}
	}
	return ui.Status{Tone: ui.Risk, Icon: "clock", Word: t(ctx, "decision.none")}
}

func decisions(ctx context.Context) (all []ui.Option) {
	for _, d := range plan.Decisions {
		all = append(all, ui.Option{Value: string(d), Label: t(ctx, "decision."+string(d))})
	}
	return all
}

// commentsOn says how many comments a row has, and how many of them wait.
func commentsOn(ctx context.Context, c *plan.Consultation, row int) string {
	l := c.Row(row)
	if l == nil || len(l.Comments) == 0 {
		return ""
	}
	waiting := 0
	for _, one := range l.Comments {
		if one.Decision == "" {
			waiting++
		}
	}
	if waiting > 0 {
		return t(ctx, "comments.waiting", "n", len(l.Comments), "waiting", waiting)
	}
	return t(ctx, "comments.decided", "n", len(l.Comments))
}

func rowField(row int) string { return "row-" + strconv.Itoa(row) }

func rowPath(id string, row int) string { return "/making/" + id + "/row/" + strconv.Itoa(row) }

// fact is a field of a row as a page shows it.
type fact struct{ Name, Text string }

// factsOf are the fields of a row of a member's list that say something.
func factsOf(ctx context.Context, w plan.ListingWords, own string) (all []fact) {
	for _, f := range []fact{
		{t(ctx, "section"), strings.Join(w.Section, " / ")},
		{t(ctx, "measures"), w.Measures},
		{t(ctx, "target"), w.Target},
		{t(ctx, "lead"), w.LeadText(own)},
		{t(ctx, "support"), w.SupportText(own)},
		{t(ctx, "leader"), w.Leader},
		{t(ctx, "deadline"), w.Deadline},
		{t(ctx, "note"), w.Note},
	} {
		if f.Text != "" {
			all = append(all, f)
		}
	}
	return all
}

func lineNumber(l plan.ConsultationLine) string {
	if l.Words.Number != "" {
		return l.Words.Number
	}
	return strconv.Itoa(l.Order)
}

func lineTitle(ctx context.Context, l plan.ConsultationLine) string {
	if l.Erased {
		return lineNumber(l) + " " + t(ctx, "erased")
	}
	return lineNumber(l) + " " + l.Words.Title
}

// decideLabel opens the form that decides on a comment.
func decideLabel(ctx context.Context, c plan.RowComment) string {
	if c.Decision == "" {
		return t(ctx, "decide")
	}
	return t(ctx, "decide.again")
}
