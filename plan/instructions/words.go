package instructions

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

// number is how the office's register calls a word: 批〔2022〕3号.
func number(i plan.Instruction) string {
	return "批〔" + strconv.Itoa(i.Year) + "〕" + strconv.Itoa(i.Number) + "号"
}

func said(ctx context.Context, i plan.Instruction) string {
	if i.Erased {
		return t(ctx, "erased")
	}
	return i.Words.Text
}

// about is what a word is about; both are empty where it is about neither item nor list.
func about(ctx context.Context, i plan.Instruction) (title, href string) {
	switch {
	case i.Item != "":
		return i.ItemTitle, "/item/" + i.Item
	case i.Plan != "":
		return t(ctx, "list.named", "title", i.PlanTitle), "/plan/" + i.Plan
	}
	return "", ""
}

// status is how far a word is, as a chip.
func status(ctx context.Context, i plan.Instruction) ui.Status {
	s := stateOf(ctx, i.State, i.Due)
	if answered := answeredOf(i); i.Outcome == "" && len(i.Units) > 1 && answered < len(i.Units) {
		s.Why = t(ctx, "answered.of", "n", answered, "all", len(i.Units))
	}
	return s
}

func answeredOf(i plan.Instruction) (n int) {
	for _, u := range i.Units {
		if u.State == plan.InstructionIsAnswered {
			n++
		}
	}
	return n
}

func unitStatus(ctx context.Context, u plan.InstructionUnit) ui.Status {
	return stateOf(ctx, u.State, u.Due)
}

func stateOf(ctx context.Context, s plan.InstructionState, due judge.Date) ui.Status {
	word := t(ctx, "state."+string(s))
	switch s {
	case plan.InstructionIsDone:
		return ui.Status{Tone: ui.Good, Icon: "checks", Word: word}
	case plan.InstructionIsCancelled:
		return ui.Status{Tone: ui.Gone, Icon: "ban", Word: word}
	case plan.InstructionIsAnswered:
		return ui.Status{Tone: ui.Good, Icon: "send", Word: word}
	case plan.InstructionIsOverdue:
		return ui.Status{Tone: ui.Late, Icon: "clock-exclamation", Word: word, Why: t(ctx, "due.was", "day", ui.Date(ctx, string(due)))}
	}
	return ui.Status{Tone: ui.Info, Icon: "clock", Word: word, Why: t(ctx, "due.by", "day", ui.Date(ctx, string(due)))}
}

func unitNames(ctx context.Context, i plan.Instruction) (names string) {
	for n, u := range i.Units {
		if n > 0 {
			names += t(ctx, "comma")
		}
		names += u.Name
	}
	return names
}

func happening(ctx context.Context, e plan.InstructionEvent) ui.Happening {
	h := ui.Happening{
		What: t(ctx, "event."+e.Kind, "unit", e.Unit, "due", ui.Date(ctx, string(e.Due))), Who: ui.Date(ctx, string(e.Day)), Proof: web.ProofHref(e.Book, e.Index),
	}
	switch e.Kind {
	case "plan.instruction.answered":
		h.Tone, h.Icon = ui.Info, "send"
	case "plan.instruction.returned":
		h.Tone, h.Icon = ui.Risk, "arrow-back-up"
	case "plan.instruction.closed":
		h.Tone, h.Icon = ui.Good, "checks"
	default:
		h.Icon = "pencil"
	}
	return h
}

// fileHref leads to the n-th file of an entry of the own book.
func fileHref(index int64, n int) string {
	return "/file/self/" + strconv.FormatInt(index, 10) + "/" + strconv.Itoa(n)
}

func unitOptions(all []plan.ItemUnit) (options []ui.Option) {
	for _, u := range all {
		options = append(options, ui.Option{Value: u.Org, Label: u.Name})
	}
	return options
}

func leaders(ctx context.Context, v newView) []ui.Option {
	options := []ui.Option{{Value: "", Label: t(ctx, "by.name")}}
	for _, p := range v.Leaders {
		options = append(options, ui.Option{Value: p.ID, Label: p.Name})
	}
	return options
}

// typed is what was typed into a form that was not accepted.
func (v oneView) typed(under string) string {
	if v.Under == under {
		return v.Text
	}
	return ""
}

// wrong is what is wrong with a field of one of the forms.
func (v oneView) wrong(under, field string) string {
	if v.Under != under {
		return ""
	}
	return ui.ErrorOf(v.Errors, field)
}

func (v newView) chosen(org string) bool { return slices.Contains(v.Orgs, org) }

func scanLabel(ctx context.Context, v newView) string {
	if v.Own {
		return t(ctx, "files")
	}
	return t(ctx, "scan")
}

func giveLabel(ctx context.Context, v newView) string {
	if v.Own {
		return t(ctx, "give")
	}
	return t(ctx, "enter")
}

func refs(all []plan.ToldFile) (files []plan.FileRef) {
	for _, f := range all {
		files = append(files, f.FileRef)
	}
	return files
}

// answeredUnits are those whose answer can be returned.
func answeredUnits(i plan.Instruction) (options []ui.Option) {
	for _, u := range i.Units {
		if u.State == plan.InstructionIsAnswered {
			options = append(options, ui.Option{Value: u.Org, Label: u.Name})
		}
	}
	return options
}

func (v listView) newHref() string {
	if v.Plan == "" {
		return "/instructions/new"
	}
	return "/instructions/new?plan=" + url.QueryEscape(v.Plan)
}
