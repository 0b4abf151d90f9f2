// Package web is the shell around every page and every call of the API: routing with permission,
// sign-in's place, errors as pages or problem+json, languages, logs, metrics and headers.
//
// Words: a site (站点) is what one node serves; a route (路由) names a pattern and the action that a
// seat must have for it; an identity (身份) is who asks and for which seat; a trouble (问题) is an
// error as its reader sees it; an accident (事故) is a trouble that nobody foresaw, with a number
// that finds its line in the log.
//
// A handler returns an error, and one place makes it into a page:
//
//	site.Handle("GET /plan/{key}", region.PlanRead, func(w http.ResponseWriter, r *http.Request) error {
//		page, err := m.planPage(r.Context(), r.PathValue("key"))
//		if err != nil {
//			return err // web.ErrNotFound, a *refuse.Refusal, or an accident
//		}
//		return web.Show(w, r, planView(page))
//	})
package web
