package filing

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"liandong/plan"
	"liandong/web"
	"liandong/web/ui"
)

// queueAnswer is what the script of a page learns of a filing that it sends: it may have waited on the device for a line.
type queueAnswer struct {
	Text   string      `json:"text,omitempty"`   // what was done
	Errors []string    `json:"errors,omitempty"` // why not
	Other  *queueOther `json:"other,omitempty"`  // what somebody else filed meanwhile
	Done   []string    `json:"done,omitempty"`   // items of a table whose rows are filed: they need not be sent again
	Open   string      `json:"open,omitempty"`   // the page of a file that was read
}

type queueOther struct {
	By   string `json:"by"`
	Text string `json:"text"`
}

// sayRefused says why a filing was not taken, and shows the other side where somebody else filed meanwhile.
func sayRefused(w http.ResponseWriter, r *http.Request, f *reportForm) error {
	ctx := r.Context()
	var a queueAnswer
	for _, e := range f.Errors {
		a.Errors = append(a.Errors, e.Text)
	}
	for _, q := range f.Questions {
		a.Errors = append(a.Errors, q.Name+web.T(ctx, "filing.colon")+questionText(ctx, q))
	}
	if f.Newer && f.Current != nil {
		a.Other = &queueOther{By: web.T(ctx, "filing.newer", "unit", f.Current.Name, "day", ui.Date(ctx, string(f.Current.Day))), Text: theirText(ctx, f.FilingForm)}
	}
	return sayJSON(w, http.StatusUnprocessableEntity, a)
}

// theirText is what stands in the newest filing, as one text.
func theirText(ctx context.Context, f *plan.FilingForm) string {
	words := f.Current.Words
	lines := []string{words.Progress}
	for _, i := range f.Indicators {
		if v := valueIn(f.Current, i.ID); v != "" {
			lines = append(lines, i.Name+web.T(ctx, "filing.colon")+ui.Number(v)+i.Unit)
		}
	}
	if words.Problem != "" {
		lines = append(lines, web.T(ctx, "filing.problem")+web.T(ctx, "filing.colon")+words.Problem)
	}
	if words.Next != "" {
		lines = append(lines, web.T(ctx, "filing.next")+web.T(ctx, "filing.colon")+words.Next)
	}
	return strings.Join(lines, "\n")
}

func sayJSON(w http.ResponseWriter, status int, a queueAnswer) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(a)
}

// done says what was filed: on the next page, or of what a script sent while nobody looked at once.
func done(w http.ResponseWriter, r *http.Request, text string) error {
	if !fromScript(r) {
		web.Flash(w, r, ui.Good, text)
		return web.Redirect(w, r, "/")
	}
	if pressed(r) {
		web.Flash(w, r, ui.Good, text)
		web.Took(w, r)
	}
	return sayJSON(w, http.StatusOK, queueAnswer{Text: text})
}

// pressed says that somebody waits for the answer to what the script sends.
func pressed(r *http.Request) bool { return r.Header.Get("Liandong-Pressed") != "" }

// cellNames are the keys of the columns' names in tables of reports.
var cellNames = map[string]string{"p": "filing.progress", "f": "filing.figures", "t": "filing.problem-next", "a": "filing.answer", "r": "filing.reason"}

// tell adds what became of a row: that it is filed, or why not and in which cell, with what somebody else filed meanwhile. at is where the
// row stands, if the answer is about a file.
func (a *queueAnswer) tell(ctx context.Context, row *gridRow, at string) {
	if row.Filed || row.Same {
		a.Done = append(a.Done, row.Item)
		return
	}
	if len(row.Errors) == 0 {
		return
	}
	colon := web.T(ctx, "filing.colon")
	for _, e := range row.Errors {
		a.Errors = append(a.Errors, at+web.T(ctx, "filing.queue.cell", "title", row.Title, "cell", web.T(ctx, cellNames[e.Column]))+colon+e.Text)
	}
	for _, q := range row.Questions {
		a.Errors = append(a.Errors, at+row.Title+web.T(ctx, "filing.queue.dot")+q.Name+colon+questionText(ctx, q))
	}
	if row.Newer && row.Current != nil {
		if a.Other == nil {
			a.Other = &queueOther{By: web.T(ctx, "filing.queue.theirs")}
		}
		theirs := row.Title + "\n" + web.T(ctx, "filing.newer", "unit", row.Current.Name, "day", ui.Date(ctx, string(row.Current.Day))) + "\n" + theirText(ctx, row.FilingForm)
		a.Other.Text = strings.TrimSpace(a.Other.Text + "\n\n" + theirs)
	}
}
