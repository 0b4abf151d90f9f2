package reform

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct{ desk *plan.Desk }

// Routes adds the pages. Who keeps the directory reads and renames; who says what the work is merges.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d}
	site.Handle("GET /admin/orgs/{org}/reform", region.OrgWrite, p.unit)
	site.Handle("POST /admin/orgs/{org}/rename", region.OrgWrite, p.rename).Keep()
	site.Handle("GET /admin/orgs/{org}/merge", region.OrgMerge, p.count)
	site.Handle("POST /admin/orgs/{org}/merge", region.OrgMerge, p.merge).Keep()
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "reform."+key, args...)
}

type unitView struct {
	Org      region.Org
	Others   []region.Org // of the same member that are not ended
	Past     region.OrgPast
	Record   plan.UnitRecord
	Own      string // name of the own book
	Request  string
	Under    string // whose form the errors are of: rename or merge
	Name     string
	Day      string
	Document string
	Merge    plan.UnitMerging
	Errors   []ui.FieldError
}

func (p pages) read(r *http.Request) (v unitView, err error) {
	ctx := r.Context()
	n := p.desk.Node()
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.Orgs(ctx, tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(o region.Org) bool { return o.ID == r.PathValue("org") })
		if at < 0 {
			return web.ErrNotFound
		}
		v.Org = all[at]
		v.Others = slices.DeleteFunc(all, func(o region.Org) bool {
			return o.ID == v.Org.ID || o.Closed || o.Group || o.Side != v.Org.Side
		})
		v.Past, err = region.PastOf(ctx, tx, v.Org.ID)
		return err
	})
	if err != nil {
		return v, err
	}
	v.Own, v.Request, v.Day = n.BookName(node.Self), web.NewRequestKey(), string(p.desk.Today())
	v.Record, err = p.desk.RecordOf(ctx, v.Org.ID)
	return v, err
}

// unit shows what reform made of a unit, and the forms. GET /admin/orgs/{org}/reform
func (p pages) unit(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, unitPage(v))
}

// again shows the page with what was typed and what is wrong with it.
func (p pages) again(w http.ResponseWriter, r *http.Request, wrong error, typed func(v *unitView)) error {
	fields, ok := web.FieldErrors(r.Context(), wrong)
	if !ok {
		return wrong
	}
	v, err := p.read(r)
	if err != nil {
		return err
	}
	typed(&v)
	v.Errors = fields
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, unitPage(v))
}

// rename 更名. POST /admin/orgs/{org}/rename
func (p pages) rename(w http.ResponseWriter, r *http.Request) error {
	to := region.Renaming{Org: r.PathValue("org"), Name: strings.TrimSpace(r.PostFormValue("name")), Day: r.PostFormValue("day"), Document: r.PostFormValue("document")}
	_, err := p.desk.Node().Write(r.Context(), web.RequestOf(r), func(ctx context.Context, w *node.Writing) error { return region.Rename(ctx, w, to) })
	if err != nil {
		return p.again(w, r, err, func(v *unitView) { v.Under, v.Name, v.Day, v.Document = "rename", to.Name, to.Day, to.Document })
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "renamed", "name", to.Name))
	return web.Redirect(w, r, "/admin/orgs/"+to.Org+"/reform")
}

// mergingOf reads the form: the unit of the page ends, with others that are ticked.
func mergingOf(r *http.Request, get url.Values) plan.UnitMerging {
	m := plan.UnitMerging{
		From: []string{r.PathValue("org")}, Into: get.Get("into"), NewName: strings.TrimSpace(get.Get("newName")), Day: judge.Date(get.Get("day")),
		Document: strings.TrimSpace(get.Get("document")), Note: strings.TrimSpace(get.Get("note")),
	}
	for _, also := range get["also"] {
		if !slices.Contains(m.From, also) {
			m.From = append(m.From, also)
		}
	}
	return m
}

type countView struct {
	unitView
	Ends   []string // names of the units that end
	Heir   string   // name of the one that goes on
	Passes plan.Passes
}

// count says what would pass, and asks. GET /admin/orgs/{org}/merge
func (p pages) count(w http.ResponseWriter, r *http.Request) error {
	m := mergingOf(r, r.URL.Query())
	if err := p.desk.MergeFits(r.Context(), m); err != nil {
		return p.again(w, r, err, func(v *unitView) { v.Under, v.Merge = "merge", m })
	}
	u, err := p.read(r)
	if err != nil {
		return err
	}
	u.Merge = m
	v := countView{unitView: u, Heir: m.NewName}
	for _, o := range append([]region.Org{u.Org}, u.Others...) {
		if slices.Contains(m.From, o.ID) {
			v.Ends = append(v.Ends, o.Name)
		}
		if o.ID == m.Into {
			v.Heir = o.Name
		}
	}
	if v.Passes, err = p.desk.Passing(r.Context(), m.From); err != nil {
		return err
	}
	return web.Show(w, r, countPage(v))
}

// merge 撤并. POST /admin/orgs/{org}/merge
func (p pages) merge(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	m := mergingOf(r, r.PostForm)
	into, err := p.desk.MergeUnits(r.Context(), web.RequestOf(r), m)
	if err != nil {
		return p.again(w, r, err, func(v *unitView) { v.Under, v.Merge = "merge", m })
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "merged"))
	return web.Redirect(w, r, "/admin/orgs/"+into+"/reform")
}
