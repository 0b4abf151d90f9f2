package board

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

func itemTitle(ctx context.Context, p plan.ItemPage) string {
	if p.Words.Title == "" {
		return t(ctx, "erased")
	}
	return p.Words.Title
}

// itemLede says who leads an item; one that stands for what a neighbour was asked may have nobody.
func itemLede(ctx context.Context, p plan.ItemPage) string {
	if len(p.Leads) == 0 {
		return t(ctx, "item.lede.none", "n", len(p.Listings))
	}
	return t(ctx, "item.lede", "leads", unitNames(ctx, p.Leads), "n", len(p.Listings))
}

func itemCrumbs(ctx context.Context, p plan.ItemPage, v view) []ui.Link {
	crumbs := []ui.Link{{Label: t(ctx, "overview.title"), Href: v.to("/plan")}}
	if len(p.Listings) > 0 {
		crumbs = append(crumbs, ui.Link{Label: listName(p.Listings[0]), Href: v.to("/plan/" + p.Listings[0].Key)})
	}
	return crumbs
}

func listName(l plan.ItemListing) string {
	if l.PlanTitle == "" {
		return l.Key
	}
	return l.PlanTitle
}

func milestoneWord(ctx context.Context, m plan.ItemMilestone, asOf judge.Date) string {
	switch {
	case m.Done != "":
		return t(ctx, "milestone.done", "day", ui.Date(ctx, string(m.Done)))
	case m.Due < asOf:
		return t(ctx, "milestone.missed")
	}
	return t(ctx, "milestone.open")
}

func indicatorTitle(i plan.ItemIndicator) string {
	if i.Unit == "" {
		return i.Name
	}
	return i.Name + "（" + i.Unit + "）"
}

func targetText(i plan.ItemIndicator) string {
	if i.Text != "" {
		return i.Text
	}
	return ui.Number(i.Target) + i.Unit
}

// chart draws the last twelve figures; the drawing alone rounds.
func chart(ctx context.Context, i plan.ItemIndicator) ui.Chart {
	c := ui.Chart{Title: indicatorTitle(i), Target: height(i.Target)}
	if i.Target != "" {
		c.TargetLabel = t(ctx, "item.target", "target", ui.Number(i.Target))
	}
	for _, p := range i.Points[max(0, len(i.Points)-12):] {
		c.Points = append(c.Points, ui.Point{Label: shortPeriod(ctx, p.Period), Value: ui.Number(p.Value), Height: height(p.Value)})
	}
	return c
}

func height(decimal string) float64 {
	h, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return 0
	}
	return h
}

func storyNext(v view, cursor string) string {
	if cursor == "" {
		return ""
	}
	return ui.With(v.URL, "after", cursor) + "#story"
}

func placeName(ctx context.Context, circles []region.Circle, book string) string {
	_, circle, _ := strings.Cut(book, "/")
	return circleName(ctx, circle, region.NameIn(circles, circle))
}

// event says what happened, who did it and when.
func event(ctx context.Context, h plan.Happening) ui.Happening {
	e := ui.Happening{What: eventWords(ctx, h), At: h.At, Who: who(ctx, h)}
	if len(h.Places) > 0 {
		e.Proof = web.ProofHref(h.Places[0].Book, h.Places[0].Index)
	}
	switch h.Kind {
	case "plan.report.accepted":
		e.Tone = ui.Good
		if h.Done {
			e.Icon = "checks"
		}
	case "plan.report.returned":
		e.Tone, e.Icon = ui.Risk, "arrow-back-up"
	case "plan.report.filed", "plan.part.filed":
		e.Tone, e.Icon = ui.Info, "send"
	case "plan.verdict.given":
		e.Tone, e.Icon = ui.Risk, "flag"
	case "plan.report.called":
		e.Tone, e.Icon = ui.Info, "bell"
	case "plan.report.uncalled":
		e.Tone, e.Icon = ui.Gone, "ban"
	case "plan.instruction.given", "plan.instruction.returned":
		e.Tone, e.Icon = ui.Risk, "pencil"
	case "plan.instruction.answered":
		e.Tone, e.Icon = ui.Info, "send"
	case "plan.meeting.called", "plan.meeting.minuted", "plan.minutes.corrected":
		e.Tone, e.Icon = ui.Info, "users"
	case "plan.listing.pointed":
		e.Icon = "link"
	case "plan.listed":
		e.Icon = "list-check"
	case "plan.share.asked", "plan.share.reported":
		e.Icon = "git-merge"
	case "plan.listing.dropped":
		e.Tone, e.Icon = ui.Gone, "ban"
	default:
		e.Icon = "file-text"
	}
	return e
}

func eventWords(ctx context.Context, h plan.Happening) string {
	kind := h.Kind
	switch {
	case h.Done:
		kind += ".done"
	case kind == "plan.verdict.given" && h.State == "":
		kind += ".withdrawn"
	}
	return t(ctx, "event."+kind, "period", period(ctx, h.Period), "state", stateWord(ctx, h.State), "unit", h.Unit)
}

// partWords says what was written together with something else, and what the list's office said with its yes.
func partWords(ctx context.Context, h plan.Happening) string {
	if h.Kind == "plan.amendment.answered" && h.Text != "" {
		return eventWords(ctx, h) + t(ctx, "colon") + h.Text
	}
	return eventWords(ctx, h)
}

func who(ctx context.Context, h plan.Happening) string {
	switch {
	case h.Person == "":
		return h.Org
	case h.For != "":
		return h.Org + " · " + t(ctx, "acting-for", "person", h.Person, "for", h.For)
	}
	return h.Org + " · " + h.Person
}

// fileHref leads to the n-th file of an entry, of whichever member's book.
func fileHref(at node.Position, n int) string {
	return "/file/" + at.Book + "/" + strconv.FormatInt(at.Index, 10) + "/" + strconv.Itoa(n)
}

func fileSize(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt(max(1, n>>10), 10) + " KB"
	}
	return strconv.FormatInt(n>>20, 10) + " MB"
}

// shareHref leads to a part that the lead asked for.
func shareHref(l plan.ShareLine) string {
	return "/share/" + l.ID + "?period=" + url.QueryEscape(string(l.Period))
}

// shareStatus is how a part stands that was asked, as a chip.
func shareStatus(ctx context.Context, l plan.ShareLine) ui.Status {
	s := ui.Status{Word: t(ctx, "share."+string(l.State))}
	switch l.State {
	case plan.ShareIsReported:
		s.Tone, s.Icon = ui.Good, "send"
	case plan.ShareIsLate:
		s.Tone, s.Icon, s.Why = ui.Late, "clock-exclamation", t(ctx, "share.was", "day", ui.Date(ctx, string(l.Due)))
	case plan.ShareIsDeclined:
		s.Tone, s.Icon, s.Why = ui.Risk, "arrow-back-up", l.Reason
	default:
		s.Tone, s.Icon, s.Why = ui.Info, "clock", t(ctx, "share.by", "day", ui.Date(ctx, string(l.Due)))
	}
	return s
}
