package admin

import (
	"context"
	"net/http"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

type circlesData struct {
	Circles []region.Circle
	ID      string
	Name    string
	Members string
	Known   []region.Circle // of the design, not opened yet
	Key     string
	Errors  []ui.FieldError
}

// circles lists the circles in which this member keeps a book. GET /admin/circles
func (p *pages) circles(w http.ResponseWriter, r *http.Request) error {
	return p.showCircles(w, r, http.StatusOK, circlesData{Members: p.node.Member})
}

func (p *pages) showCircles(w http.ResponseWriter, r *http.Request, status int, d circlesData) error {
	d.Key = web.NewRequestKey()
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		d.Circles, err = region.CirclesOf(r.Context(), tx, p.node.Member)
		return err
	})
	if err != nil {
		return err
	}
	d.Known = region.KnownBut(d.Circles)
	return web.ShowStatus(w, r, status, circlesView(d))
}

// openCircle 建圈. POST /admin/circles
func (p *pages) openCircle(w http.ResponseWriter, r *http.Request) error {
	c := region.Circle{ID: strings.TrimSpace(r.PostFormValue("id")), Name: strings.TrimSpace(r.PostFormValue("name")), Members: names(strings.ReplaceAll(r.PostFormValue("members"), " ", ","))}
	if r.PostFormValue("known") != "" {
		c = region.KnownCircle(r.PostFormValue("known"))
	}
	err := p.say(r, c.ID+"\n"+c.Name+"\n"+strings.Join(c.Members, " "), func(ctx context.Context, w *node.Writing) error {
		return region.OpenNewCircle(ctx, w, c)
	})
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return p.showCircles(w, r, http.StatusUnprocessableEntity, circlesData{ID: c.ID, Name: c.Name, Members: strings.Join(c.Members, " "), Errors: fields})
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "admin.circle.opened", "name", c.Name))
	return web.Redirect(w, r, "/admin/circles")
}
