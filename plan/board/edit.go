package board

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/figure"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// editForm is an item's description as a coordinator types it: units by name, a milestone and an
// indicator a line.
type editForm struct {
	Title, Leads, Supports, Leader, Milestones, Indicators string
	Request                                                string
	Errors                                                 []ui.FieldError
}

func (b board) edit(w http.ResponseWriter, r *http.Request) error {
	page, err := b.own(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, editPage(page, formOf(r.Context(), page, b.desk.Node().RandomText())))
}

// own reads an item of this member's: a neighbour's item is described by the neighbour.
func (b board) own(r *http.Request) (plan.ItemPage, error) {
	page, err := b.desk.Item(r.Context(), r.PathValue("id"), "", plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return page, gone(err)
	}
	if !page.Own {
		return page, web.ErrForbidden
	}
	return page, nil
}

func formOf(ctx context.Context, p plan.ItemPage, request string) editForm {
	f := editForm{
		Title: p.Words.Title, Leads: unitNames(ctx, p.Leads), Supports: unitNames(ctx, p.Supports), Leader: p.Words.Leader, Request: request,
	}
	var lines []string
	for _, m := range p.Milestones {
		line := string(m.Due) + " " + m.Name
		if m.Weight > 0 {
			line += fmt.Sprintf(" %d%%", m.Weight)
		}
		lines = append(lines, line)
	}
	f.Milestones = strings.Join(lines, "\n")
	lines = nil
	for _, i := range p.Indicators {
		lines = append(lines, strings.Join([]string{i.Name, i.Unit, i.Base, i.Target, t(ctx, "direction."+i.Direction), t(ctx, "mode."+i.Mode)}, " | "))
	}
	f.Indicators = strings.Join(lines, "\n")
	return f
}

func (b board) postEdit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := b.own(r)
	if err != nil {
		return err
	}
	f := editForm{
		Title: strings.TrimSpace(r.PostFormValue("title")), Leads: r.PostFormValue("leads"), Supports: r.PostFormValue("supports"),
		Leader: strings.TrimSpace(r.PostFormValue("leader")), Milestones: r.PostFormValue("milestones"),
		Indicators: r.PostFormValue("indicators"), Request: r.PostFormValue("request"),
	}
	e, err := b.editing(ctx, page)
	if err != nil {
		return err
	}
	facts, words := e.read(f)
	if len(e.errors) == 0 {
		err := b.desk.ReviseItem(ctx, web.RequestOf(r), facts, words)
		if err == nil {
			web.Flash(w, r, ui.Good, web.T(ctx, "board.edit.done"))
			return web.Redirect(w, r, "/item/"+page.Item)
		}
		fields, ok := web.FieldErrors(ctx, err)
		if !ok {
			return err
		}
		e.errors = fields
	}
	f.Errors = e.errors
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, editPage(page, f))
}

// editing reads a form against what stands, and collects everything that is wrong with it.
type editing struct {
	ctx    context.Context
	was    plan.ItemPage
	units  map[string]string // name or other name -> id
	used   map[string]bool   // ids of milestones and indicators that the item has or had
	errors []ui.FieldError
}

func (b board) editing(ctx context.Context, p plan.ItemPage) (*editing, error) {
	e := &editing{ctx: ctx, was: p, units: map[string]string{}}
	err := b.desk.Node().Store.Read(ctx, func(tx *store.Tx) error {
		var err error
		if e.used, err = b.desk.IDsOf(ctx, tx, p.Item); err != nil {
			return err
		}
		orgs, err := region.Orgs(ctx, tx)
		for _, o := range orgs {
			for _, name := range append(slices.Clone(o.Aliases), o.Name) {
				e.units[name] = o.ID
			}
		}
		return err
	})
	return e, err
}

func (e *editing) wrong(field, key string, args ...any) {
	e.errors = append(e.errors, ui.FieldError{Field: field, Text: t(e.ctx, key, args...)})
}

func (e *editing) read(f editForm) (plan.ItemFacts, plan.ItemWords) {
	facts := plan.ItemFacts{Item: e.was.Item, Leads: e.orgs("leads", f.Leads), Supports: e.orgs("supports", f.Supports)}
	words := e.was.Words
	words.Title, words.Leader = f.Title, f.Leader
	if f.Title == "" {
		e.wrong("title", "edit.title.missing")
	}
	if len(facts.Leads) == 0 {
		e.wrong("leads", "edit.leads.missing")
	}
	facts.Supports = slices.DeleteFunc(facts.Supports, func(id string) bool { return slices.Contains(facts.Leads, id) })
	facts.Milestones, words.Milestones, words.Weights = e.milestones(f.Milestones)
	facts.Indicators, words.Indicators, words.Targets = e.indicators(f.Indicators)
	return facts, words
}

func (e *editing) orgs(field, text string) []string {
	ids := []string{}
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，;；\r\n\t ", r) }) {
		id, ok := e.units[name]
		if !ok {
			e.wrong(field, "edit.unit.unknown", "unit", name)
		} else if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func lines(text string) (all []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// fresh is an id that nothing of the item has or had: what a name was once reported for stays so.
func fresh(letter string, used map[string]bool) string {
	for n := 1; ; n++ {
		id := fmt.Sprintf("%s%d", letter, n)
		if !used[id] {
			used[id] = true
			return id
		}
	}
}

// weightForm is what may stand at the end of a milestone's line.
var weightForm = regexp.MustCompile(`^(.*\S)\s+(\d{1,3})[%％]$`)

func (e *editing) milestones(text string) ([]plan.MilestoneFacts, map[string]string, map[string]int) {
	facts, names, weights := []plan.MilestoneFacts{}, map[string]string{}, map[string]int{}
	ids := map[string]string{}
	for _, m := range e.was.Facts.Milestones {
		ids[e.was.Words.Milestones[m.ID]] = m.ID
	}
	for _, line := range lines(text) {
		day, name, _ := strings.Cut(line, " ")
		name = strings.TrimSpace(name)
		weight := 0
		if m := weightForm.FindStringSubmatch(name); m != nil {
			name = m[1]
			if weight, _ = strconv.Atoi(m[2]); weight == 0 { // three digits always fit
				name = ""
			}
		}
		if _, err := judge.ParseDate(day); err != nil || name == "" {
			e.wrong("milestones", "edit.milestone.form", "line", line)
			continue
		}
		id := ids[name]
		if id == "" || names[id] != "" {
			id = fresh("m", e.used)
		}
		names[id] = name
		if weight > 0 {
			weights[id] = weight
		}
		facts = append(facts, plan.MilestoneFacts{ID: id, Day: judge.Date(day)})
	}
	if sum, fit := plan.WeightsFit(weights, len(facts)); !fit {
		e.wrong("milestones", "edit.milestone.weights", "sum", sum)
	}
	return facts, names, weights
}

func (e *editing) indicators(text string) ([]plan.IndicatorFacts, map[string]string, map[string]string) {
	facts, names, targets := []plan.IndicatorFacts{}, map[string]string{}, map[string]string{}
	was := map[string]plan.ItemIndicator{}
	for _, i := range e.was.Indicators {
		was[i.Name] = i
	}
	for _, line := range lines(text) {
		parts := strings.Split(strings.ReplaceAll(line, "｜", "|"), "|")
		for len(parts) < 6 {
			parts = append(parts, "")
		}
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		i, old := plan.IndicatorFacts{Unit: parts[1], Decimals: 2}, was[parts[0]]
		if old.ID != "" {
			i.Decimals = old.Decimals
		}
		i.Direction, i.Mode = e.chosen("direction", parts[4], "up", "down", "none"), e.chosen("mode", parts[5], "cumulative", "period")
		base, target := e.value(i, parts[2], line), e.value(i, parts[3], line)
		if parts[0] == "" || i.Direction == "" || i.Mode == "" {
			e.wrong("indicators", "edit.indicator.form", "line", line)
			continue
		}
		i.Base, i.Target = base, target
		if i.ID = old.ID; i.ID == "" || names[i.ID] != "" {
			i.ID = fresh("k", e.used)
		}
		names[i.ID] = parts[0]
		if old.ID != "" && old.Target == target && old.Text != "" {
			targets[i.ID] = old.Text
		}
		facts = append(facts, i)
	}
	return facts, names, targets
}

// value reads a figure in the indicator's unit: "3500万元" under 亿元 is 0.35.
func (e *editing) value(i plan.IndicatorFacts, typed, line string) string {
	if typed == "" {
		return ""
	}
	v, err := figure.Indicator{Unit: i.Unit, Direction: figure.Direction(i.Direction), Mode: figure.Mode(i.Mode), Decimals: 6}.Value(typed)
	if err != nil {
		e.wrong("indicators", "edit.figure.form", "figure", typed, "line", line)
	}
	return v
}

// chosen finds which of some codes a text names, in the reader's words or as the code; empty text
// is the first.
func (e *editing) chosen(what, text string, codes ...string) string {
	if text == "" {
		return codes[0]
	}
	for _, code := range codes {
		if text == code || text == t(e.ctx, what+"."+code) {
			return code
		}
	}
	return ""
}
