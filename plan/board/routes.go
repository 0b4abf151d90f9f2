package board

import (
	"net/http"
	"net/url"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
)

type board struct {
	desk *plan.Desk
	demo bool // documents say 演示数据
}

// Routes adds the pages to a site.
func Routes(site *web.Site, d *plan.Desk) {
	b := board{d, site.Demo}
	site.Handle("GET /plan", region.PlanRead, b.overview)
	site.Handle("GET /plan/{key}", region.PlanRead, b.list)
	site.Handle("GET /plan/{key}/missing", region.PlanRead, b.missing)
	site.Handle("GET /plan/{key}/year", region.PlanRead, b.year)
	site.Handle("GET /plan/{key}/calendar", region.PlanRead, b.calendar)
	site.Handle("GET /plan/{key}/year.xlsx", region.PlanExport, b.yearSheet)
	site.Handle("GET /items", region.PlanRead, b.items)
	site.Handle("GET /item/{id}", region.PlanRead, b.item)
	site.Handle("GET /search", region.PlanRead, b.search)

	site.Handle("GET /listing/{id}/twins", region.PlanLink, b.twins)
	site.Handle("GET /listing/{id}/link", region.PlanLink, b.pair)
	site.Handle("POST /listing/{id}/link", region.PlanLink, b.postLink)
	site.Handle("GET /listing/{id}/unlink", region.PlanLink, b.askUnlink)
	site.Handle("POST /listing/{id}/unlink", region.PlanLink, b.postUnlink)
	site.Handle("GET /listing/{id}/verdict", region.PlanVerdict, b.verdict)
	site.Handle("POST /listing/{id}/verdict", region.PlanVerdict, b.postVerdict)
	site.Handle("GET /plan/{key}/call", region.PlanCall, b.askCall)
	site.Handle("POST /plan/{key}/call", region.PlanCall, b.postCall)
	site.Handle("GET /plan/{key}/call/{day}/withdraw", region.PlanCall, b.askWithdraw)
	site.Handle("POST /plan/{key}/call/{day}/withdraw", region.PlanCall, b.postWithdraw)
	site.Handle("GET /listing/{id}/terms", region.PlanRead, b.terms)
	site.Handle("POST /listing/{id}/propose", region.PlanChange, b.postPropose)
	site.Handle("POST /listing/{id}/answer", region.PlanChange, b.postAnswer)
	site.Handle("POST /listing/{id}/judge", region.PlanVerdict, b.postJudge)
	site.Handle("POST /listing/{id}/object", region.PlanObject, b.postObject)
	site.Handle("GET /asked", region.PlanRead, b.asked)
	site.Handle("GET /asked/{id}", region.PlanImport, b.askAnswer)
	site.Handle("POST /asked/{id}/claim", region.PlanImport, b.postClaim)
	site.Handle("POST /asked/{id}/decline", region.PlanImport, b.postDecline)
	site.Handle("POST /asked/{id}/again", region.PlanImport, b.postAgain)
	site.Handle("POST /plan/{key}/ask", region.PlanImport, b.postAsk)
	site.Handle("GET /plan/{key}/same", region.PlanImport, b.same)
	site.Handle("POST /plan/{key}/same", region.PlanImport, b.postSame)
	site.Handle("GET /item/{id}/edit", region.PlanImport, b.edit)
	site.Handle("POST /item/{id}/edit", region.PlanImport, b.postEdit)
	site.Handle("GET /legend", region.PlanLegend, b.legend)
	site.Handle("POST /legend", region.PlanLegend, b.postLegend)
	site.Handle("GET /plan/{key}/legend", region.PlanLegend, b.legend)
	site.Handle("POST /plan/{key}/legend", region.PlanLegend, b.postLegend)
	site.Search("/search")
	site.Nav(web.NavItem{LabelKey: "board.overview.title", Href: "/plan", Action: region.PlanRead, Under: []string{"/items", "/item/*", "/item/*/edit", "/listing/*/*", "/legend", "/asked", "/asked/*", "/making", "/making/*", "/making/*/*", "/making/*/*/*", "/consultation/*", "/amendments"}})
}

// gone makes "there is no such thing" the page for it.
func gone(err error) error {
	for _, code := range []string{"plan.unknown", "plan.item-unknown", "plan.listing-unknown", "plan.not-asked", "plan.not-claimed", "plan.same-with"} {
		if refuse.Is(err, code) {
			return web.ErrNotFound
		}
	}
	return err
}

// view is what every page here needs: its address, and who looks.
type view struct {
	URL    *url.URL
	AsOf   judge.Date
	Asked  bool // the as-of date stands in the address: links carry it on
	Viewer plan.Viewer
}

func viewOf(r *http.Request, asOf judge.Date) view {
	return view{URL: r.URL, AsOf: asOf, Asked: r.URL.Query().Get("as-of") != "", Viewer: plan.ViewerOf(web.Actor(r))}
}

// to is another page's address with the as-of date carried on; pairs are parameters.
func (v view) to(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if v.Asked {
		q.Set("as-of", string(v.AsOf))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (b board) overview(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	asked := plan.BoardQuery{
		Circle: q.Get("circle"), Unit: q.Get("unit"), Year: number(q.Get("year")), AsOf: judge.Date(q.Get("as-of")),
		Period: judge.Period(q.Get("period")), After: q.Get("after"),
	}
	page, err := b.desk.Board(r.Context(), asked)
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, overviewPage(page, viewOf(r, page.Query.AsOf)))
}

func number(text string) (n int) {
	for _, c := range text {
		if c < '0' || c > '9' || n > 9999 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func listQuery(r *http.Request) plan.ListQuery {
	q := r.URL.Query()
	return plan.ListQuery{
		Plan: r.PathValue("key"), AsOf: judge.Date(q.Get("as-of")), Period: judge.Period(q.Get("period")),
		State: judge.WorkState(q.Get("state")), Filing: judge.FilingState(q.Get("filing")), Unit: q.Get("unit"),
		Section: q.Get("section"), Text: q.Get("q"), After: q.Get("after"), Shared: q.Get("known") == "circle",
	}
}

func (b board) list(w http.ResponseWriter, r *http.Request) error {
	page, err := b.desk.List(r.Context(), listQuery(r))
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, listPage(page, viewOf(r, page.Query.AsOf), columnsOf(r.URL.Query()["col"])))
}

func (b board) missing(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	m, err := b.desk.Missing(r.Context(), r.PathValue("key"), judge.Period(q.Get("period")), judge.Date(q.Get("as-of")))
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, missingPage(m, viewOf(r, m.Page.Query.AsOf)))
}

func (b board) items(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	page, err := b.desk.Items(r.Context(), plan.ItemsQuery{
		Circle: q.Get("circle"), Unit: q.Get("unit"), Year: number(q.Get("year")), State: judge.WorkState(q.Get("state")),
		Filing: judge.FilingState(q.Get("filing")), Period: judge.Period(q.Get("period")),
		AsOf: judge.Date(q.Get("as-of")), After: q.Get("after"),
	})
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, itemsPage(page, viewOf(r, page.Query.AsOf)))
}

func (b board) item(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := plan.ViewerOf(web.Actor(r))
	page, err := b.desk.Item(r.Context(), r.PathValue("id"), judge.Date(q.Get("as-of")), v)
	if err != nil {
		return gone(err)
	}
	story, err := b.desk.Story(r.Context(), page.Item, q.Get("after"), v)
	if err != nil {
		return err
	}
	terms, err := b.openTerms(r.Context(), page.Listings)
	if err != nil {
		return err
	}
	return web.Show(w, r, itemPage(page, story, terms, viewOf(r, page.AsOf)))
}

func (b board) search(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	page, err := b.desk.Search(r.Context(), plan.SearchQuery{
		Text: q.Get("q"), Kind: plan.HitKind(q.Get("kind")), Viewer: plan.ViewerOf(web.Actor(r)),
	})
	refusal, refused := refuse.As(err)
	if err != nil && !refused {
		return err
	}
	why := ""
	if refused {
		why = web.RefusalText(r.Context(), refusal)
	}
	page.Query.Text = q.Get("q")
	return web.Show(w, r, searchPage(page, why, viewOf(r, b.desk.Today())))
}
