package board

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

func t(ctx context.Context, key string, args ...any) string { return ui.T(ctx, "board."+key, args...) }

func english(ctx context.Context) bool { return lang.Of(ctx) == lang.En }

// stateWord is a work state in the reader's language.
func stateWord[S judge.StateWord](ctx context.Context, s S) string {
	if english(ctx) {
		return ui.Capital(s.En())
	}
	return s.Zh()
}

// lampWord is what a legend calls a state, in the reader's language.
func lampWord(ctx context.Context, l judge.Legend, s judge.WorkState) string {
	return ui.Capital(l.Word(s, english(ctx)))
}

// tones of work states by the legend's light; what is done has an icon of its own, for it shares
// its colour with what runs on time.
func tone(l judge.Legend, s judge.WorkState) (ui.Tone, string) {
	icon := ""
	switch s {
	case judge.Done, judge.DoneLate:
		icon = "checks"
	case judge.Dropped:
		icon = "ban"
	}
	switch l.Lamp(s).Light {
	case judge.Green:
		return ui.Good, icon
	case judge.Yellow:
		return ui.Risk, icon
	case judge.Orange:
		return ui.Grave, icon
	case judge.Red:
		return ui.Late, icon
	case judge.Blue:
		return ui.Info, icon
	}
	if s == judge.Dropped {
		return ui.Gone, icon
	}
	return ui.Plain, icon
}

func workStatus(ctx context.Context, l judge.Legend, s judge.WorkSpan, why string, asOf judge.Date) ui.Status {
	tone, icon := tone(l, s.State)
	zh, en := s.Reason.Words(why, asOf)
	if english(ctx) {
		zh = en
	}
	return ui.Status{Tone: tone, Icon: icon, Word: lampWord(ctx, l, s.State), Why: zh}
}

func filingTone(s judge.FilingState) (ui.Tone, string) {
	switch s {
	case judge.Accepted:
		return ui.Good, ""
	case judge.Filed:
		return ui.Info, "send"
	case judge.Returned:
		return ui.Late, "arrow-back-up"
	case judge.Due:
		return ui.Info, "calendar-due"
	case judge.Missed:
		return ui.Late, ""
	}
	return ui.Plain, ""
}

func filingStatus(ctx context.Context, s judge.FilingSpan, asOf judge.Date, shared bool) ui.Status {
	tone, icon := filingTone(s.State)
	if shared && s.State != judge.Accepted {
		return ui.Status{Tone: tone, Icon: icon, Word: t(ctx, "filing.unaccepted")}
	}
	zh, en := s.Reason.Words("", asOf)
	if english(ctx) {
		zh = en
	}
	return ui.Status{Tone: tone, Icon: icon, Word: stateWord(ctx, s.State), Why: zh}
}

// states in the order in which a bar shows them: done first, worst last.
var barOrder = []judge.WorkState{judge.Done, judge.DoneLate, judge.OnTime, judge.Planned, judge.AtRisk, judge.Late, judge.Dropped}

// bar is a bar of states whose parts lead to their rows.
func bar(ctx context.Context, l judge.Legend, c plan.Counts, href func(judge.WorkState) string) ui.Bar {
	var b ui.Bar
	for _, s := range barOrder {
		tone, icon := tone(l, s)
		b.Parts = append(b.Parts, ui.BarPart{Tone: tone, Icon: icon, Word: lampWord(ctx, l, s), N: c[s], Href: href(s)})
	}
	return b
}

func period(ctx context.Context, p judge.Period) string {
	if english(ctx) {
		return p.En()
	}
	return p.Zh()
}

func shortPeriod(ctx context.Context, p judge.Period) string {
	if english(ctx) {
		return p.En()
	}
	return p.ShortZh()
}

func circleName(ctx context.Context, id, name string) string {
	if id == "self" || id == "" {
		return t(ctx, "circle.self")
	}
	if name == "" {
		return id
	}
	return name
}

// optional are the columns that a reader may add to those that always stand.
var optional = []string{"measures", "target", "support", "leader", "note", "extra"}

// columns of a list beside number, title and state.
type columns map[string]bool

var usual = []string{"lead", "deadline", "filing", "last"}

func columnsOf(chosen []string) columns {
	c := columns{}
	if len(chosen) == 0 {
		chosen = usual
	}
	for _, name := range chosen {
		if slices.Contains(usual, name) || slices.Contains(optional, name) {
			c[name] = true
		}
	}
	return c
}

// texts of a row's optional columns.
func columnText(r plan.Row, name string) string {
	w := r.Words
	switch name {
	case "measures":
		return w.Measures
	case "target":
		return w.Target
	case "support":
		return strings.Join(w.Support, "、")
	case "leader":
		return w.Leader
	case "note":
		return w.Note
	case "extra":
		var all []string
		for _, k := range lang.Keys(w.Extra) {
			if w.Extra[k] != "" {
				all = append(all, k+"："+w.Extra[k])
			}
		}
		return strings.Join(all, "；")
	}
	return ""
}

// leadText is who leads a row in its own wording, neighbours with their names before, or by the directory.
func leadText(r plan.Row) string {
	var all []string
	if len(r.Words.Lead) > 0 {
		all = append(all, strings.Join(r.Words.Lead, "、"))
	}
	for _, code := range lang.Keys(r.Words.Sides) {
		if leads := r.Words.Sides[code].Lead; len(leads) > 0 {
			all = append(all, region.MemberName(code)+"："+strings.Join(leads, "、"))
		}
	}
	if len(all) == 0 {
		return r.LeadName
	}
	return strings.Join(all, "；")
}

// partsText says how the report of each member stands that does a part of a row: 本方待报 · 潼南区已报.
func partsText(ctx context.Context, parts []plan.RowPart) string {
	var all []string
	for _, p := range parts {
		name := p.Name
		if p.Own {
			name = t(ctx, "part.ours")
		}
		all = append(all, t(ctx, "part", "name", name, "state", stateWord(ctx, p.Filing.State)))
	}
	return strings.Join(all, " · ")
}

// saidBy is the member that said a row's last progress where it is not the list's own; "" where it is.
func saidBy(r plan.Row) string {
	by, _, _ := strings.Cut(r.Last.Book, "/")
	if of, _, _ := strings.Cut(r.Book, "/"); by == of {
		return ""
	}
	return region.MemberName(by)
}

func deadlineText(ctx context.Context, words plan.ListingWords) string {
	if words.Deadline == "" {
		return t(ctx, "deadline.none")
	}
	return words.Deadline
}

func sectionText(w plan.ListingWords) string { return strings.Join(w.Section, " · ") }

// keep are the hidden fields of a form that changes only some parameters of the address.
func keep(u *url.URL, but ...string) [][2]string {
	var out [][2]string
	for _, k := range lang.Keys(u.Query()) {
		if k == "after" || slices.Contains(but, k) {
			continue
		}
		for _, v := range u.Query()[k] {
			out = append(out, [2]string{k, v})
		}
	}
	return out
}

// reminder is the text that asks those who have not reported.
func reminder(ctx context.Context, m plan.Missing) string {
	var b strings.Builder
	b.WriteString(t(ctx, "missing.reminder", "plan", m.Page.Plan.Words.Title, "period", period(ctx, m.Page.Query.Period),
		"cutoff", ui.Date(ctx, string(m.Page.Report.Cutoff))))
	for _, u := range m.Units {
		b.WriteString("\n" + u.Name + "：")
		for i, r := range u.Rows {
			if i > 0 {
				b.WriteString("；")
			}
			if r.Words.Number != "" {
				b.WriteString(r.Words.Number + ". ")
			}
			b.WriteString(r.Words.Title)
		}
	}
	return b.String()
}

// amends says that the reader may ask for, or make, another deadline or target of a row of this member's.
func amends(ctx context.Context, p plan.ItemPage) bool {
	return p.Own && (web.May(ctx, region.PlanImport) || p.Leading && web.May(ctx, region.PlanAmend))
}

func amendLabel(ctx context.Context) string {
	if web.May(ctx, region.PlanImport) {
		return t(ctx, "amend")
	}
	return t(ctx, "amend.apply")
}

// making is what the page of lists in the making is called for the reader: who makes none comments on what is sent to him.
func making(ctx context.Context) string {
	if web.May(ctx, region.PlanDraft) {
		return t(ctx, "making")
	}
	return t(ctx, "making.comment")
}

// hitHref is the page of what a search found.
func hitHref(h plan.Hit) string {
	switch {
	case h.Meeting != "":
		return "/meeting/" + h.Meeting
	case h.Instruction != "":
		return "/instruction/" + h.Instruction
	case h.Slip != "":
		return "/slip/" + h.Slip
	case h.Consultation != "":
		return "/consultation/" + h.Consultation + "#line-" + strconv.Itoa(h.Row)
	}
	return "/item/" + h.Item
}
