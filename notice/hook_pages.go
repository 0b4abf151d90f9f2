package notice

import (
	"context"
	"net/http"

	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

func (d *Desk) hookRoutes(site *web.Site) {
	site.Handle("GET /admin/notices/lines", region.NoticeManage, d.hooksPage)
	site.Handle("POST /admin/notices/lines", region.NoticeManage, d.postHook)
	site.Handle("POST /admin/notices/lines/remove", region.NoticeManage, d.postRemove)
	site.Handle("POST /admin/notices/lines/try", region.NoticeManage, d.postTry)
}

type hooksData struct {
	All    []Hook
	Units  []region.Org
	Names  map[string]string
	Form   Hook
	Fresh  string // the secret of the hook that was just added, shown once
	Mail   bool
	Errors []ui.FieldError
}

// hooksPage shows the lines of this node. GET /admin/notices/lines
func (d *Desk) hooksPage(w http.ResponseWriter, r *http.Request) error {
	return d.showHooks(w, r, http.StatusOK, hooksData{Form: Hook{Kind: Card}})
}

func (d *Desk) showHooks(w http.ResponseWriter, r *http.Request, status int, v hooksData) (err error) {
	if v.All, err = d.Hooks(r.Context()); err != nil {
		return err
	}
	v.Mail, v.Names = d.Mail != nil, map[string]string{}
	err = d.store.Read(r.Context(), func(tx *store.Tx) error {
		orgs, err := region.Orgs(r.Context(), tx)
		for _, o := range orgs {
			v.Names[o.ID] = o.Name
			if !o.Closed && !o.Group && o.Side == d.node.Member {
				v.Units = append(v.Units, o)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, hooksView(v))
}

// postHook 添加线路. POST /admin/notices/lines
func (d *Desk) postHook(w http.ResponseWriter, r *http.Request) error {
	h := Hook{
		Kind: HookKind(r.PostFormValue("kind")), Name: r.PostFormValue("name"), Org: r.PostFormValue("org"),
		URL: r.PostFormValue("url"), Template: r.PostFormValue("template"),
	}
	added, err := d.AddHook(r.Context(), h)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return d.showHooks(w, r, http.StatusUnprocessableEntity, hooksData{Form: h, Errors: fields})
	}
	if err != nil {
		return err
	}
	d.Log.InfoContext(r.Context(), "a line of notices was added", "hook", added.ID, "kind", string(added.Kind), "person", web.Actor(r).Person)
	return d.showHooks(w, r, http.StatusOK, hooksData{Form: Hook{Kind: Card}, Fresh: added.Secret})
}

// postRemove 删除线路. POST /admin/notices/lines/remove
func (d *Desk) postRemove(w http.ResponseWriter, r *http.Request) error {
	if err := d.RemoveHook(r.Context(), r.PostFormValue("hook")); err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "lines.removed"))
	return web.Redirect(w, r, "/admin/notices/lines")
}

// postTry 试发. POST /admin/notices/lines/try
func (d *Desk) postTry(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := d.Hooks(ctx)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.ID != r.PostFormValue("hook") || h.Kind != Card { // a short message needs a number, and costs
			continue
		}
		why, err := d.TryHook(ctx, h, t(ctx, "lines.try.text", "member", d.node.Name))
		if err != nil {
			return err
		}
		if why != "" {
			web.Flash(w, r, ui.Late, t(ctx, "lines.try.failed", "why", why))
		} else {
			web.Flash(w, r, ui.Good, t(ctx, "lines.try.done"))
		}
		return web.Redirect(w, r, "/admin/notices/lines")
	}
	return web.ErrNotFound
}

func unitOptions(ctx context.Context, v hooksData) []ui.Option {
	all := []ui.Option{{Value: "", Label: t(ctx, "lines.org.none")}}
	for _, o := range v.Units {
		all = append(all, ui.Option{Value: o.ID, Label: o.Name})
	}
	return all
}
