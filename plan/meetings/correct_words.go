package meetings

import (
	"context"
	"strings"

	"liandong/plan"
	"liandong/web/lang"
	"liandong/web/ui"
)

// minutesHead names minutes, and says that they were corrected.
func minutesHead(ctx context.Context, m *plan.Minutes) string {
	head := t(ctx, "minutes") + " " + number(m)
	if len(m.Corrections) > 0 {
		head += t(ctx, "bracket", "text", t(ctx, "corrected.mark"))
	}
	return head
}

// answerStatus is what one of those who were there said to the minutes, as a chip.
func answerStatus(ctx context.Context, a plan.Invited) ui.Status {
	switch {
	case !a.Was:
		return ui.Status{Tone: ui.Plain, Icon: "minus", Word: t(ctx, "answer.absent")}
	case a.Before && a.Objected != "":
		return ui.Status{Tone: ui.Risk, Icon: "clock", Word: t(ctx, "answer.before"), Why: t(ctx, "answer.before.objected", "text", a.Objection)}
	case a.Before:
		return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "answer.before"), Why: t(ctx, "answer.before.confirmed", "day", ui.Date(ctx, string(a.Confirmed)))}
	case a.Confirmed != "":
		return ui.Status{Tone: ui.Good, Icon: "check", Word: t(ctx, "answer.confirmed"), Why: ui.Date(ctx, string(a.Confirmed))}
	case a.Objected != "":
		return ui.Status{Tone: ui.Late, Icon: "alert-triangle", Word: t(ctx, "answer.objected"), Why: a.Objection}
	}
	return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "answer.waiting")}
}

// correctedPart names a part: the attendance of a unit, what was said of a point, the unit of a decision.
func correctedPart(ctx context.Context, x plan.CorrectedText) string {
	name := t(ctx, "part."+string(x.Part))
	switch {
	case x.At == 0:
		return name
	case x.Part == plan.PartPresent && x.Of != "":
		return t(ctx, "part.of", "part", name, "of", x.Of)
	}
	return t(ctx, "part.at", "part", name, "n", x.At)
}

// correctedText is what stood, or stands, in a part.
func correctedText(ctx context.Context, x plan.CorrectedText, state plan.Attendance, text string) string {
	switch {
	case x.Unread:
		return t(ctx, "erased")
	case x.Part == plan.PartPresent:
		return strings.TrimSpace(t(ctx, "present."+string(state)) + " " + text)
	case x.Part == plan.PartDue && text != "":
		return ui.Date(ctx, text)
	case text == "":
		return t(ctx, "corrected.empty")
	}
	return text
}

func correctedBefore(ctx context.Context, x plan.CorrectedText) string {
	return correctedText(ctx, x, x.WasState, x.Was)
}

func correctedNow(ctx context.Context, x plan.CorrectedText) string {
	return correctedText(ctx, x, x.IsState, x.Is)
}

// correctedBy is who corrected minutes, and when.
func correctedBy(ctx context.Context, c plan.CorrectedMinutes) string {
	who := c.Unit
	if c.Person != "" {
		who += " · " + c.Person
	}
	if c.For != "" {
		who += t(ctx, "bracket", "text", lang.Pick(ctx, "代"+c.For, "for "+c.For))
	}
	return ui.Date(ctx, string(c.Day)) + " " + who
}

// amendHref is where the item of a decision is changed after all: by amending the row that it became, or for a neighbour by proposing it; empty: on
// its own page.
func (v meetingView) amendHref(x plan.CorrectedText) string {
	switch {
	case x.Listing == "":
		return ""
	case v.Ours:
		return "/listing/" + x.Listing + "/amend"
	}
	return "/listing/" + x.Listing + "/terms"
}
