package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/figure"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/lang"
	"liandong/web/ui"
)

// Said is what a unit says of an item for a period.
type Said struct {
	Period   judge.Period      `json:"period" example:"2022-06"`
	Claim    judge.WorkState   `json:"claim,omitempty" doc:"on-time, at-risk or done"`
	DoneOn   judge.Date        `json:"doneOn,omitempty" doc:"With done: the day the work was done"`
	Progress string            `json:"progress,omitempty"`
	Problem  string            `json:"problem,omitempty"`
	Next     string            `json:"next,omitempty" doc:"下一步打算"`
	Figures  map[string]string `json:"figures,omitempty" doc:"By id of the indicator; 3500万元 is understood where the unit is 亿元"`
	Met      map[string]string `json:"met,omitempty" doc:"Milestones reached: id and day"`
	Parts    []int64           `json:"parts,omitempty" doc:"Indexes of the parts of supporting units that are merged"`
	Composed bool              `json:"composed,omitempty" doc:"A longer period, confirmed from its shorter ones"`
	Answers  map[string]string `json:"answers,omitempty" doc:"To what was asked, by id of the question"`
	Files    []string          `json:"files,omitempty" doc:"Files that were sent before"`
	Reason   string            `json:"reason,omitempty" doc:"Why what was accepted for this period is corrected; needed then, and only for the coordinator"`
	Seen     *int64            `json:"seen,omitempty" doc:"Index of the newest filing of the period that the writer knows (current.index of the form), -2 for none: one filed since is not replaced unread. Without it whichever is replaced"`
}

// newest is the filing of the period that the writer knows.
func (s Said) newest() int64 {
	if s.Seen == nil {
		return plan.AnyFiling
	}
	return *s.Seen
}

var exampleSaid = Said{
	Period: "2022-06", Claim: judge.OnTime, Progress: "完成路基工程的90%,启动路面施工。", Next: "7月完成首段路面。",
	Figures: map[string]string{"k1": "8.1亿元"},
}

var exampleWritten = Written{Entries: []Entry{{Book: "510900/self", Index: 88, Leaf: "J1fB…", Proof: "/proof/self/88"}}}

var exampleQuestion = plan.Question{ID: "k1.figure.fell", Indicator: "k1", Name: "完成投资", Question: figure.Question{
	Code: "figure.fell", Zh: "累计数比上期少,是否更正上期?", En: "The cumulative figure fell: does it correct the one before?",
}}

var exampleForm = plan.FilingForm{
	Item: "i-77aa", Title: "加快遂潼快捷通道建设", Leads: []string{"市交通运输局"}, Period: "2022-06", State: judge.Due, Cutoff: "2022-06-25",
	Periods: []plan.PeriodState{{Period: "2022-06", State: judge.Due}},
	Lists:   []plan.ListRef{{Plan: "510900:suitong-2022", Title: "遂潼一体化2022年重点任务清单", Listing: "l-4c1d", Circle: "suitong", Cycle: judge.Month}},
}

type inSaid struct {
	ItemPath
	Body Said
}

func (c *calls) reports() {
	api.Register(c.api, get("form", "/items/{item}/form", "What a unit needs to report on an item", exampleForm), region.ReportFile, c.form)
	api.Register(c.api, post("questions", "/items/{item}/questions", "What would be asked before this is filed; nothing is written",
		exampleSaid, []plan.Question{exampleQuestion}), region.ReportFile, c.questions)
	file := post("report", "/items/{item}/reports", "File a report as the lead unit (进展填报)", exampleSaid, exampleWritten)
	file.Description = "Questions that are open are refused with plan.question-open, one error for each at answers.<id>; " +
		"nothing is written. Send the report again with the answers, or with the figure that was meant. " +
		"Where something was accepted for the period it is a correction and needs a reason: plan.correction-reason."
	api.Register(c.api, file, region.ReportFile, c.file)
	api.Register(c.api, post("part", "/items/{item}/parts", "File a part as a supporting unit (协办填报)", exampleSaid, exampleWritten), region.ReportFile, c.part)
}

func (c *calls) form(ctx context.Context, in *struct {
	ItemPath
	Period string `query:"period" doc:"Empty: the most urgent one"`
},
) (*api.Answer[plan.FilingForm], error) {
	f, err := c.desk.FilingForm(ctx, web.ActorOf(ctx), in.Item, judge.Period(in.Period))
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[plan.FilingForm]{Body: *f}, nil
}

func (c *calls) questions(ctx context.Context, in *inSaid) (*api.Answer[[]plan.Question], error) {
	facts, _, err := c.read(ctx, in)
	if err != nil {
		return nil, absent(err)
	}
	all, err := c.desk.Ask(ctx, facts)
	if all == nil {
		all = []plan.Question{}
	}
	return &api.Answer[[]plan.Question]{Body: all}, err
}

func (c *calls) file(ctx context.Context, in *inSaid) (*api.Answer[Written], error) {
	return c.say(ctx, in, "report", func(ctx context.Context, req node.Request, f plan.ReportFacts, w plan.ReportWords) (node.Receipt, error) {
		return c.desk.FileSeen(ctx, req, f, w, in.Body.newest())
	})
}

func (c *calls) part(ctx context.Context, in *inSaid) (*api.Answer[Written], error) {
	return c.say(ctx, in, "part", c.desk.FilePart)
}

func (c *calls) say(ctx context.Context, in *inSaid, name string,
	act func(context.Context, node.Request, plan.ReportFacts, plan.ReportWords) (node.Receipt, error),
) (*api.Answer[Written], error) {
	facts, words, err := c.read(ctx, in)
	if err != nil {
		return nil, absent(err)
	}
	req, err := request(ctx, name, in)
	if err != nil {
		return nil, err
	}
	receipt, err := act(ctx, req, facts, words)
	if err != nil {
		return nil, absent(asked(err))
	}
	return written(receipt), nil
}

// asked names the questions that are open as the call names its answers.
func asked(err error) error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range all.Unwrap() {
			asked(one)
		}
	}
	if r, ok := refuse.As(err); ok {
		if id, ok := strings.CutPrefix(r.Field, "answer-"); ok {
			r.Field = "answers." + id
		}
	}
	return err
}

// read makes facts and words of what was sent; figures are read in the unit of their indicator.
func (c *calls) read(ctx context.Context, in *inSaid) (f plan.ReportFacts, w plan.ReportWords, err error) {
	form, err := c.desk.FilingForm(ctx, web.ActorOf(ctx), in.Item, in.Body.Period)
	if err != nil {
		return f, w, err
	}
	b := in.Body
	f = plan.ReportFacts{Item: in.Item, Period: b.Period, Claim: b.Claim, DoneOn: b.DoneOn, Parts: b.Parts, Longer: b.Composed}
	if f.Figures, err = figures(ctx, b.Figures, form.Indicators); err != nil {
		return f, w, err
	}
	for _, id := range sorted(b.Met) {
		f.Met = append(f.Met, plan.MetFacts{Milestone: id, Day: judge.Date(b.Met[id])})
	}
	w = plan.ReportWords{Progress: b.Progress, Problem: b.Problem, Next: b.Next, Answers: b.Answers, Reason: strings.TrimSpace(b.Reason)}
	if len(b.Files) > 0 {
		if w.Files, err = c.desk.Uploaded(ctx, web.ActorOf(ctx).Person, b.Files); err != nil {
			return f, w, err
		}
		for _, said := range []*plan.Said{form.Current, form.Accepted} { // a correction keeps what lay with the report before
			if said == nil {
				continue
			}
			for _, ref := range said.Words.Files {
				if slices.Contains(b.Files, ref.Blob) && !holdsFile(w.Files, ref.Blob) {
					w.Files = append(w.Files, ref)
				}
			}
		}
		for _, name := range b.Files {
			if !holdsFile(w.Files, name) {
				return f, w, refuse.New("plan.file-gone", "name", name).At("files")
			}
		}
	}
	return f, w, err
}

func holdsFile(all []plan.FileRef, blob string) bool {
	return slices.ContainsFunc(all, func(f plan.FileRef) bool { return f.Blob == blob })
}

func figures(ctx context.Context, typed map[string]string, known []plan.IndicatorLine) (all []plan.FigureFacts, err error) {
	var wrong web.Invalid
	for _, id := range sorted(typed) {
		at := slices.IndexFunc(known, func(k plan.IndicatorLine) bool { return k.ID == id })
		if at < 0 {
			wrong.Fields = append(wrong.Fields, ui.FieldError{Field: "figures." + id, Text: web.T(ctx, "api.no-indicator")})
			continue
		}
		value, err := known[at].Value(typed[id])
		var unclear *figure.Error
		switch {
		case errors.As(err, &unclear):
			wrong.Fields = append(wrong.Fields, ui.FieldError{Field: "figures." + id, Text: figureText(ctx, unclear)})
		case err != nil:
			return nil, err
		}
		all = append(all, plan.FigureFacts{Indicator: id, Value: value})
	}
	if len(wrong.Fields) > 0 {
		return nil, &wrong
	}
	return all, nil
}

func figureText(ctx context.Context, e *figure.Error) string {
	return lang.Pick(ctx, e.Zh, e.En)
}

func sorted(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
