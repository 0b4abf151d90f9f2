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

// legendForm is a legend as it is typed.
type legendForm struct {
	Legend  judge.Legend
	Errors  []ui.FieldError
	Request string
}

func (b board) legend(w http.ResponseWriter, r *http.Request) error {
	page, err := b.desk.Legend(r.Context(), r.PathValue("key"))
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, legendPage(page, legendForm{Legend: page.Legend, Request: b.desk.Node().RandomText()}))
}

func (b board) postLegend(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := b.desk.Legend(ctx, r.PathValue("key"))
	if err != nil {
		return gone(err)
	}
	f := legendForm{Request: r.PostFormValue("request")}
	for _, l := range page.Legend {
		f.Legend = append(f.Legend, judge.Lamp{
			State: l.State, Light: judge.Light(r.PostFormValue("light-" + string(l.State))),
			Label: strings.TrimSpace(r.PostFormValue("label-" + string(l.State))),
		})
	}
	if r.PostFormValue("act") == "reset" {
		f.Legend = judge.DefaultLegend()
	}
	err = b.desk.SetLegend(ctx, web.RequestOf(r), r.PathValue("key"), f.Legend)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		f.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, legendPage(page, f))
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "legend.done"))
	return web.Redirect(w, r, legendBack(ctx, page))
}

func legendAddress(p plan.LegendPage) string {
	if p.Key == "" {
		return "/legend"
	}
	return "/plan/" + p.Key + "/legend"
}

// legendBack leads back to where the colours show; the administrator, who has no say in the work,
// stays.
func legendBack(ctx context.Context, p plan.LegendPage) string {
	switch {
	case !web.May(ctx, region.PlanRead):
		return legendAddress(p)
	case p.Key == "":
		return "/plan"
	}
	return "/plan/" + p.Key
}

func legendCrumbs(ctx context.Context, p plan.LegendPage) []ui.Link {
	if !web.May(ctx, region.PlanRead) {
		return nil
	}
	crumbs := []ui.Link{{Label: t(ctx, "overview.title"), Href: "/plan"}}
	if p.Key != "" {
		crumbs = append(crumbs, ui.Link{Label: p.Plan.Words.Title, Href: "/plan/" + p.Key})
	}
	return crumbs
}

func legendLede(ctx context.Context, p plan.LegendPage) string {
	switch {
	case p.Key == "":
		return t(ctx, "legend.lede")
	case p.Own:
		return t(ctx, "legend.lede.own", "plan", p.Plan.Words.Title)
	}
	return t(ctx, "legend.lede.plan", "plan", p.Plan.Words.Title)
}

// lightWord is a colour in the reader's language.
func lightWord(ctx context.Context, l judge.Light) string {
	if english(ctx) {
		return l.En()
	}
	return l.Zh() + "灯"
}
