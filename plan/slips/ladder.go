package slips

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// ladderRows is how many steps the form offers.
const ladderRows = 5

type ladderView struct {
	plan.Ladder
	Key    string
	Errors []ui.FieldError
}

// ladderPage shows the steps as they stand. GET /slips/ladder
func (p pages) ladderPage(w http.ResponseWriter, r *http.Request) error {
	l, err := p.desk.Ladder(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, ladderForm(ladderView{Ladder: l, Key: web.NewRequestKey()}))
}

// setLadder 设定督办等次. POST /slips/ladder
func (p pages) setLadder(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := plan.Ladder{Source: strings.TrimSpace(r.PostFormValue("source"))}
	for i := range ladderRows {
		n := strconv.Itoa(i)
		level, days := strings.TrimSpace(r.PostFormValue("level-"+n)), strings.TrimSpace(r.PostFormValue("days-"+n))
		if level == "" && days == "" {
			continue
		}
		count, _ := strconv.Atoi(days) // what is no number is refused as 0
		l.Steps = append(l.Steps, plan.Step{Level: level, Name: strings.TrimSpace(r.PostFormValue("name-" + n)), Days: count})
	}
	err := p.desk.SetLadder(ctx, web.RequestOf(r), l)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, ladderForm(ladderView{Ladder: l, Key: web.NewRequestKey(), Errors: fields}))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, "ladder.done"))
	return web.Redirect(w, r, above(r.Context()).Href)
}

// above is from where the ladder was come to: an administrator, who reads no slips, comes from the first page of administration.
func above(ctx context.Context) ui.Link {
	if web.May(ctx, region.SlipRead) {
		return ui.Link{Label: t(ctx, "title"), Href: "/slips"}
	}
	return ui.Link{Label: web.T(ctx, "admin.title"), Href: "/admin"}
}
