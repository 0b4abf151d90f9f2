package filing

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
)

// cellOf says in which cell a refusal shows.
func cellOf(field string) string {
	switch {
	case field == "reason":
		return "r"
	case field == "figures":
		return "f"
	case field == "problem":
		return "t"
	case strings.HasPrefix(field, "answer-"):
		return "a"
	}
	return "p"
}

// fileRow files one row; what is wrong with it stays in the row, any other error ends the request.
func (p *pages) fileRow(r *http.Request, row *gridRow) error {
	ctx := r.Context()
	facts := plan.ReportFacts{Item: row.Item, Period: row.Period, Claim: judge.WorkState(row.Claim)}
	words := plan.ReportWords{Progress: row.Progress, Reason: row.Reason, Answers: map[string]string{}}
	words.Problem, words.Next = cutNext(row.Problem)
	figures, wrong := readFigures(ctx, row.Figures, row.Indicators)
	for _, text := range wrong {
		row.wrong("f", text)
	}
	if facts.Figures = figures; len(row.Errors) > 0 {
		return nil
	}
	row.carryOver(&facts, &words)
	if row.Same = row.says(facts, words); row.Same {
		return nil
	}
	asked, err := p.desk.Ask(ctx, facts)
	if err != nil {
		return err
	}
	for _, q := range asked {
		words.Answers[q.ID] = row.Answer
	}
	filed, err := p.desk.FileSeen(ctx, rowRequest(r, row, facts), facts, words, row.Seen)
	if fields, refused := web.FieldErrors(ctx, err); refused {
		row.Questions = asked
		row.Newer = row.Seen != plan.AnyFiling && row.Seen != newestOf(row.FilingForm)
		for _, f := range fields {
			row.wrong(cellOf(f.Field), f.Text)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if row.Filed, row.State = true, judge.Filed; !row.Signed && len(filed.Entries) > 0 {
		row.Seen = filed.Entries[0].Index
	}
	row.Progress, row.Figures, row.Problem, row.Answer, row.Reason = "", "", "", "", ""
	return nil
}

// carryOver keeps what was filed for the period and has no cell in the row, or an empty one: who corrects a
// figure does not take back the text, the evidence and what was merged.
func (row *gridRow) carryOver(f *plan.ReportFacts, w *plan.ReportWords) {
	c := row.Current
	if c == nil {
		return
	}
	w.Files, f.Parts, f.Met = c.Words.Files, c.Facts.Parts, c.Facts.Met
	w.Progress = cmp.Or(w.Progress, c.Words.Progress)
	if row.Problem == "" {
		w.Problem, w.Next = c.Words.Problem, c.Words.Next
	}
	if row.Figures == "" {
		f.Figures = c.Facts.Figures
	}
}

func rowRequest(r *http.Request, row *gridRow, facts plan.ReportFacts) node.Request {
	print := strings.Join([]string{row.Item, string(facts.Period), row.Progress, row.Figures, row.Problem, row.Claim, row.Answer, row.Reason}, "\x00")
	return node.Request{ID: rowKey(r, row.Item), Print: []byte(print), Actor: web.Actor(r)}
}

// says tells whether a row says what stands already, filed or accepted: pasting a whole table again
// files nothing again. What was returned may be filed again as it was.
func (row *gridRow) says(f plan.ReportFacts, w plan.ReportWords) bool {
	c := row.Current
	return c != nil && row.State != judge.Returned && c.Words.Progress == w.Progress && c.Words.Problem == w.Problem && c.Words.Next == w.Next &&
		c.Facts.Claim == f.Claim && slices.Equal(c.Facts.Figures, f.Figures)
}
