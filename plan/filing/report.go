package filing

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/figure"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// reportForm is the form of one report or part with what was typed so far.
type reportForm struct {
	*plan.FilingForm
	Today judge.Date

	Progress, Problem, Next string
	Reason                  string // of a correction
	Claim, DoneOn           string
	Figures                 map[string]string // as typed, by indicator
	Met                     map[string]string // milestone -> day as typed, of those that are ticked
	Merged                  []int64
	Files                   []plan.FileRef
	Answers                 map[string]string
	Questions               []plan.Question
	Errors                  []ui.FieldError
	Request                 string
	Limit                   int64 // bytes of one attachment
	Seen                    int64 // the newest filing that the writer knows
	Newer                   bool  // another was filed since
	Draft                   draft
}

// reportPage is the guided form. GET /item/{id}/report?period=
func (p *pages) reportPage(w http.ResponseWriter, r *http.Request) error {
	f, err := p.form(r, judge.Period(r.URL.Query().Get("period")))
	if err != nil {
		return err
	}
	if f.Share != "" {
		return web.Redirect(w, r, "/share/"+f.Share+"?period="+url.QueryEscape(string(f.Period)))
	}
	f.prefill()
	if err := p.resume(r, f); err != nil {
		return err
	}
	web.KeepOnDevice(w, r)
	return web.Show(w, r, reportView(f))
}

// form reads the form of an item for the actor's unit; who has nothing to do with the item is
// turned away.
func (p *pages) form(r *http.Request, period judge.Period) (*reportForm, error) {
	if _, err := judge.ParsePeriod(string(period)); err != nil && period != "" {
		return nil, web.ErrNotFound
	}
	form, err := p.desk.FilingForm(r.Context(), web.Actor(r), r.PathValue("id"), period)
	if refuse.Is(err, "plan.not-your-item") {
		return nil, web.ErrForbidden
	}
	if err != nil {
		return nil, err
	}
	return &reportForm{
		FilingForm: form, Seen: newestOf(form), Today: p.desk.Today(), Figures: map[string]string{}, Met: map[string]string{},
		Answers: map[string]string{}, Request: web.NewRequestKey(), Limit: p.limits.File,
	}, nil
}

// newestOf is the unit's newest filing on a form.
func newestOf(f *plan.FilingForm) int64 {
	if f.Current == nil {
		return plan.NoFiling
	}
	return f.Current.Index
}

// prefill carries over: what was filed for this period, or what its shorter reports add up to, or
// of the last period what seldom changes.
func (f *reportForm) prefill() {
	f.Claim = string(judge.OnTime)
	switch {
	case f.Submitted != nil: // it is newer than what was filed
		f.take(f.Submitted.Facts, f.Submitted.Words)
		f.Merged, f.Reason = f.Submitted.Facts.Parts, f.Submitted.Words.Reason
	case f.Compose != nil && f.State != judge.Filed && f.State != judge.Returned:
		f.take(f.Compose.Facts, f.Compose.Words)
	case f.Current != nil:
		f.take(f.Current.Facts, f.Current.Words)
		f.Merged = f.Current.Facts.Parts
		if f.Accepted != nil && f.Current.Index > f.Accepted.Index {
			f.Reason = f.Current.Words.Reason // of the correction that waits or came back
		}
	case f.Accepted != nil && !f.AsPart:
		f.take(f.Accepted.Facts, f.Accepted.Words)
	case f.Last != nil && f.Last.Facts.Claim != judge.Done && f.Last.Facts.Claim != "":
		f.Claim = string(f.Last.Facts.Claim)
	}
}

func (f *reportForm) take(facts plan.ReportFacts, words plan.ReportWords) {
	f.Progress, f.Problem, f.Next, f.Files = words.Progress, words.Problem, words.Next, words.Files
	f.DoneOn = string(facts.DoneOn)
	if facts.Claim != "" {
		f.Claim = string(facts.Claim)
	}
	for _, x := range facts.Figures {
		f.Figures[x.Indicator] = x.Value
	}
	for _, m := range facts.Met {
		f.Met[m.Milestone] = string(m.Day)
	}
	for id, a := range words.Answers {
		f.Answers[id] = a
	}
}

// postReport files, or merges a part and shows the form again. POST /item/{id}/report
func (p *pages) postReport(w http.ResponseWriter, r *http.Request) error {
	if err := web.CheckWho(r); err != nil {
		return err
	}
	f, err := p.form(r, judge.Period(r.URL.Query().Get("period")))
	if err != nil {
		return err
	}
	s, err := p.readSent(r)
	if err != nil {
		return err
	}
	if err := p.fill(r, f, s); err != nil {
		return err
	}
	if f.takeParts(r.Context(), s.Get("merge"), s.Get("figure")) {
		return web.Show(w, r, reportView(f))
	}
	facts, words := f.said(r.Context())
	if len(f.Errors) == 0 {
		err = p.send(r, f, s, facts, words)
		if err == nil {
			return p.filed(w, r, f)
		}
		if f.Errors = p.wrong(r.Context(), err); f.Errors == nil {
			return err
		}
	}
	f.Newer = f.Seen != plan.AnyFiling && f.Seen != newestOf(f.FilingForm) && !f.AsPart
	if f.Newer {
		f.Seen = newestOf(f.FilingForm)
	}
	if f.Questions, err = p.desk.Ask(r.Context(), facts); err != nil {
		return err
	}
	if fromScript(r) {
		return sayRefused(w, r, f)
	}
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, reportView(f))
}

// wrong makes refusals into lines of the form; nil for anything else.
func (p *pages) wrong(ctx context.Context, err error) []ui.FieldError {
	fields, ok := web.FieldErrors(ctx, err)
	if !ok {
		return nil
	}
	return fields
}

func (p *pages) send(r *http.Request, f *reportForm, s *sent, facts plan.ReportFacts, words plan.ReportWords) error {
	req := node.Request{ID: web.RequestKey(r), Print: s.print[:], Actor: web.Actor(r)}
	var err error
	if f.AsPart {
		_, err = p.desk.FilePart(r.Context(), req, facts, words)
	} else {
		_, err = p.desk.FileSeen(r.Context(), req, facts, words, f.Seen)
	}
	if err != nil {
		return err
	}
	return p.desk.DropTyping(r.Context(), req.Actor, f.draftName(), s.version(), f.draftText(s))
}

func (p *pages) filed(w http.ResponseWriter, r *http.Request, f *reportForm) error {
	ctx := r.Context()
	text := web.T(ctx, "filing.done", "period", periodName(ctx, f.Period), "title", f.Title, "n", len(f.Counts()))
	switch {
	case f.AsPart:
		text = web.T(ctx, "filing.part.done", "lead", strings.Join(f.Leads, web.T(ctx, "filing.comma")))
	case f.Signed:
		text = web.T(ctx, "filing.done.signing", "period", periodName(ctx, f.Period), "title", f.Title)
	case len(f.Counts()) == 0:
		text = web.T(ctx, "filing.done.none", "period", periodName(ctx, f.Period), "title", f.Title)
	}
	return done(w, r, text)
}

// fill takes what was typed into the form, so that it stands there again if anything is wrong.
func (p *pages) fill(r *http.Request, f *reportForm, s *sent) error {
	f.Progress, f.Problem, f.Next = s.text("progress"), s.text("problem"), s.text("next")
	f.Claim, f.DoneOn, f.Reason = s.Get("claim"), s.text("doneOn"), s.text("reason")
	f.Draft.Known, f.Seen = s.version(), s.seen()
	for _, i := range f.Indicators {
		f.Figures[i.ID] = s.text("fig-" + i.ID)
	}
	for _, m := range f.Milestones {
		if s.has("met", m.ID) {
			f.Met[m.ID] = s.text("met-" + m.ID)
		}
	}
	for name := range s.Values {
		if id, ok := strings.CutPrefix(name, "answer-"); ok && s.text(name) != "" {
			f.Answers[id] = s.text(name)
		}
	}
	for _, v := range s.Values["part"] {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && f.part(n) != nil {
			f.Merged = append(f.Merged, n)
		}
	}
	if key := s.Get("request"); key != "" {
		f.Request = key
	}
	f.Errors = s.errors
	return p.keepFiles(r, f, s)
}

// keepFiles: those of the earlier filing and of earlier tries that are still ticked, and the new ones.
func (p *pages) keepFiles(r *http.Request, f *reportForm, s *sent) error {
	uploaded, err := p.desk.Uploaded(r.Context(), web.Actor(r).Person, s.Values["keep"])
	if err != nil {
		return err
	}
	known := uploaded
	if f.Submitted != nil {
		known = append(known, f.Submitted.Words.Files...)
	}
	for _, said := range []*plan.Said{f.Current, f.Accepted} {
		if said != nil {
			known = append(known, said.Words.Files...)
		}
	}
	for _, n := range f.Merged {
		known = append(known, f.part(n).Words.Files...)
	}
	f.Files = nil
	for _, ref := range append(known, s.files...) {
		kept := s.has("keep", ref.Blob) || slices.ContainsFunc(s.files, func(n plan.FileRef) bool { return n.Blob == ref.Blob })
		double := slices.ContainsFunc(f.Files, func(n plan.FileRef) bool { return n.Blob == ref.Blob })
		if kept && !double {
			f.Files = append(f.Files, ref)
		}
	}
	return nil
}

// part is the supporting unit's part with that index.
func (f *reportForm) part(n int64) *plan.Said {
	for i := range f.Parts {
		if f.Parts[i].Index == n {
			return &f.Parts[i]
		}
	}
	return nil
}

// merge appends a part to the progress and remembers its entry.
func (f *reportForm) merge(ctx context.Context, n int64) {
	part := f.part(n)
	if part == nil || slices.Contains(f.Merged, n) {
		return
	}
	f.Progress = strings.TrimSpace(f.Progress + "\n" + withUnit(ctx, part.Name, part.Words.Progress))
	f.Problem = strings.TrimSpace(f.Problem + "\n" + withUnit(ctx, part.Name, part.Words.Problem))
	f.Merged = append(f.Merged, n)
	f.Files = append(f.Files, part.Words.Files...)
}

// withUnit is what a unit said with its name before it; nothing stays nothing.
func withUnit(ctx context.Context, unit, text string) string {
	if text == "" {
		return ""
	}
	return web.T(ctx, "filing.part.merged", "unit", unit, "text", text)
}

// takeParts puts what the lead pressed into the form: a part or "all", a part's figure ("k1:830") or the sum of all ("k1:sum").
func (f *reportForm) takeParts(ctx context.Context, merge, take string) bool {
	n, err := strconv.ParseInt(merge, 10, 64)
	indicator, from, chosen := strings.Cut(take, ":")
	switch {
	case err == nil:
		f.merge(ctx, n)
	case merge == "all":
		for _, part := range f.Parts {
			f.merge(ctx, part.Index)
		}
	case chosen:
		for _, v := range f.valuesOf(indicator) {
			if v.From == from {
				f.Figures[indicator] = v.Value
			}
		}
	default:
		return false
	}
	return true
}

// partValue is a figure that units gave in their parts.
type partValue struct{ From, Name, Value string } // From is the index of a part, or "sum"

// valuesOf are the figures that units gave of an indicator, and what they add up to.
func (f *reportForm) valuesOf(indicator string) (all []partValue) {
	var values []string
	for i := range f.Parts {
		if v := valueIn(&f.Parts[i], indicator); v != "" {
			values = append(values, v)
			all = append(all, partValue{strconv.FormatInt(f.Parts[i].Index, 10), f.Parts[i].Name, v})
		}
	}
	if sum, ok := figure.Sum(values...); ok && len(values) > 1 {
		all = append(all, partValue{From: "sum", Value: sum})
	}
	return all
}

// unmerged counts the parts that are not in the form yet.
func (f *reportForm) unmerged() (n int) {
	for _, p := range f.Parts {
		if !f.merged(p.Index) {
			n++
		}
	}
	return n
}

// missingParts are the parts that were asked and have not come, and those that were declined.
func (f *reportForm) missingParts() (all []plan.ShareLine) {
	for _, l := range f.Shares {
		if l.State != plan.ShareIsReported {
			all = append(all, l)
		}
	}
	return all
}

// said reads what was typed; what is wrong goes to the form's errors.
func (f *reportForm) said(ctx context.Context) (plan.ReportFacts, plan.ReportWords) {
	facts := plan.ReportFacts{Item: f.Item, Period: f.Period, Parts: f.Merged, Longer: f.Composed && !f.AsPart}
	words := plan.ReportWords{Progress: f.Progress, Problem: f.Problem, Next: f.Next, Files: f.Files, Answers: f.Answers}
	if f.AsPart {
		return facts, words
	}
	if f.Accepted != nil {
		words.Reason = f.Reason
	}
	facts.Claim = judge.WorkState(f.Claim)
	if facts.Claim == judge.Done {
		facts.DoneOn = f.day(ctx, "doneOn", f.DoneOn)
	}
	if f.Composed && f.Compose != nil { // what the shorter reports add up to is confirmed as it is
		facts.Figures, facts.Met = f.Compose.Facts.Figures, f.Compose.Facts.Met
		return facts, words
	}
	for _, i := range f.Indicators {
		typed := f.Figures[i.ID]
		if typed == "" {
			continue
		}
		value, err := i.Value(typed)
		if err != nil {
			f.Errors = append(f.Errors, ui.FieldError{Field: "fig-" + i.ID, Text: i.Name + web.T(ctx, "filing.colon") + figureError(ctx, err)})
			continue
		}
		facts.Figures = append(facts.Figures, plan.FigureFacts{Indicator: i.ID, Value: value})
	}
	for _, m := range f.Milestones {
		if typed, ticked := f.Met[m.ID]; ticked {
			facts.Met = append(facts.Met, plan.MetFacts{Milestone: m.ID, Day: f.day(ctx, "met-"+m.ID, typed)})
		}
	}
	return facts, words
}

func (f *reportForm) day(ctx context.Context, field, typed string) judge.Date {
	day, err := judge.ParseDate(typed)
	if err != nil {
		f.Errors = append(f.Errors, ui.FieldError{Field: field, Text: web.T(ctx, "filing.day-needed")})
	}
	return day
}

func figureError(ctx context.Context, err error) string {
	var e *figure.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	return lang.Pick(ctx, e.Zh, e.En)
}

// composedInto are the lists whose longer reports are composed from this one.
func (f *reportForm) composedInto() (all []plan.ListRef) {
	for _, l := range f.Other {
		if l.Composes(f.Period) {
			all = append(all, l)
		}
	}
	return all
}
