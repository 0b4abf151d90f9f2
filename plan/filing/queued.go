package filing

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"liandong/web"
	"liandong/web/ui"
)

// queueAnswer is what the script of a page learns of a filing that it sends: it may have waited on the device for a line.
type queueAnswer struct {
	Text   string      `json:"text,omitempty"`   // what was done
	Errors []string    `json:"errors,omitempty"` // why not
	Other  *queueOther `json:"other,omitempty"`  // what somebody else filed meanwhile
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
		a.Other = &queueOther{By: web.T(ctx, "filing.newer", "unit", f.Current.Name, "day", ui.Date(ctx, string(f.Current.Day))), Text: f.theirText(ctx)}
	}
	return sayJSON(w, http.StatusUnprocessableEntity, a)
}

// theirText is what stands in the newest filing, as one text.
func (f *reportForm) theirText(ctx context.Context) string {
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
