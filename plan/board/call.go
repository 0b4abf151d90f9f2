package board

import (
	"context"
	"net/http"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// callForm is what a coordinator asks for out of turn.
type callForm struct {
	Day, Text, Request string
	Rows               []string // ids; none: the whole list
	Errors             []ui.FieldError
}

func (b board) askCall(w http.ResponseWriter, r *http.Request) error {
	return b.showCall(w, r, http.StatusOK, callForm{Rows: r.URL.Query()["rows"]})
}

// callRows is how many rows of a list may be chosen from; a longer one is called whole.
const callRows = 500

func (b board) showCall(w http.ResponseWriter, r *http.Request, status int, f callForm) error {
	page, err := b.desk.List(r.Context(), plan.ListQuery{Plan: r.PathValue("key"), Size: callRows})
	if err != nil {
		return gone(err)
	}
	if !page.Own {
		return web.ErrForbidden
	}
	f.Request = b.desk.Node().RandomText()
	return web.ShowStatus(w, r, status, callPage(page, f))
}

func (b board) postCall(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := callForm{Day: r.PostFormValue("day"), Text: strings.TrimSpace(r.PostFormValue("text")), Rows: r.PostForm["rows"]}
	facts := plan.CallFacts{Plan: r.PathValue("key"), Day: judge.Date(f.Day), Listings: f.Rows}
	_, err := b.desk.Call(ctx, web.RequestOf(r), facts, f.Text)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		f.Errors = atRows(fields)
		return b.showCall(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "call.done", "day", ui.Date(ctx, f.Day)))
	return web.Redirect(w, r, "/plan/"+r.PathValue("key")+"?period="+f.Day)
}

// atRows puts what is wrong with the rows chosen beside them.
func atRows(fields []ui.FieldError) []ui.FieldError {
	for i := range fields {
		if fields[i].Field == "" || fields[i].Field == "listings" {
			fields[i].Field = "rows"
		}
	}
	return fields
}

// withdrawForm takes a call back.
type withdrawForm struct {
	Call    plan.Call
	Reason  string
	Request string
	Errors  []ui.FieldError
}

func (b board) askWithdraw(w http.ResponseWriter, r *http.Request) error {
	return b.showWithdraw(w, r, http.StatusOK, withdrawForm{})
}

func (b board) showWithdraw(w http.ResponseWriter, r *http.Request, status int, f withdrawForm) error {
	day := judge.Date(r.PathValue("day"))
	page, err := b.desk.List(r.Context(), plan.ListQuery{Plan: r.PathValue("key"), Period: judge.Period(day), Size: 1})
	if err != nil {
		return gone(err)
	}
	if !page.Own {
		return web.ErrForbidden
	}
	for _, c := range page.Calls {
		if c.Day == day {
			f.Call, f.Request = c, b.desk.Node().RandomText()
			return web.ShowStatus(w, r, status, withdrawPage(page, f))
		}
	}
	return web.ErrNotFound
}

func (b board) postWithdraw(w http.ResponseWriter, r *http.Request) error {
	ctx, key := r.Context(), r.PathValue("key")
	f := withdrawForm{Reason: strings.TrimSpace(r.PostFormValue("reason"))}
	err := b.desk.Uncall(ctx, web.RequestOf(r), key, judge.Date(r.PathValue("day")), f.Reason)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		f.Errors = fields
		return b.showWithdraw(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "call.withdrawn"))
	return web.Redirect(w, r, "/plan/"+key)
}

// mayCall says that the reader may call for reports of the list.
func mayCall(ctx context.Context, p plan.ListPage) bool {
	return p.Own && web.May(ctx, region.PlanCall)
}

func callCrumbs(ctx context.Context, p plan.ListPage) []ui.Link {
	return []ui.Link{{Label: t(ctx, "overview.title"), Href: "/plan"}, {Label: listTitle(p), Href: "/plan/" + p.Key}}
}

func callHref(p plan.ListPage, c plan.Call) string {
	return "/plan/" + p.Key + "/call/" + string(c.Day) + "/withdraw"
}

func rowOptions(p plan.ListPage) (all []ui.Option) {
	for _, r := range p.Rows {
		if r.Work.State != judge.Dropped {
			all = append(all, ui.Option{Value: r.Listing, Label: strings.TrimSpace(r.Words.Number + " " + r.Words.Title), Hint: leadText(r)})
		}
	}
	return all
}

// periodWord names a period, and of a call that it is one.
func periodWord(ctx context.Context, p plan.ListPage, of judge.Period) string {
	for _, c := range p.Calls {
		if c.Period() == of {
			return t(ctx, "call.period", "day", period(ctx, of))
		}
	}
	return period(ctx, of)
}
