package admin

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

type orgsData struct {
	Orgs   []region.Org // that are shown
	All    []region.Org
	Query  string
	Form   orgForm
	Errors []ui.FieldError
	Total  int
}

// orgForm is an organisation as typed.
type orgForm struct {
	ID, Name, Aliases, Side, Sort string
	Under                         string // id of the organisation above, of a section
	Group, Closed, Local          bool
	Members                       []string
	Key                           string
	Seen                          string // newest entry of what stood when the form was opened
}

func formOf(r *http.Request) orgForm {
	return orgForm{
		ID: r.PathValue("org"), Name: strings.TrimSpace(r.PostFormValue("name")), Aliases: r.PostFormValue("aliases"),
		Side: strings.TrimSpace(r.PostFormValue("side")), Sort: strings.TrimSpace(r.PostFormValue("sort")),
		Group: r.PostFormValue("group") != "", Closed: r.PostFormValue("closed") != "", Members: r.PostForm["members"],
		Under: r.PostFormValue("under"), Local: r.PostFormValue("local") != "", Key: web.NewRequestKey(), Seen: r.PostFormValue("seen"),
	}
}

// names splits 别名 as people write them: one a line, or with 、 ， ； between.
func names(text string) (all []string) {
	for _, n := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n、，,；;", r) }) {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

func (p *pages) readOrgs(ctx context.Context) (all []region.Org, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = region.Orgs(ctx, tx)
		return err
	})
	return all, err
}

// orgs shows the directory. GET /admin/orgs
func (p *pages) orgs(w http.ResponseWriter, r *http.Request) error {
	return p.showOrgs(w, r, http.StatusOK, orgForm{Side: p.node.Member, Key: web.NewRequestKey()}, nil)
}

func (p *pages) showOrgs(w http.ResponseWriter, r *http.Request, status int, f orgForm, errs []ui.FieldError) error {
	all, err := p.readOrgs(r.Context())
	if err != nil {
		return err
	}
	d := orgsData{Query: strings.TrimSpace(r.URL.Query().Get("q")), Form: f, Errors: errs, All: all, Total: len(all)}
	for _, o := range all {
		if d.Query == "" || strings.Contains(o.Name+" "+strings.Join(o.Aliases, " "), d.Query) {
			d.Orgs = append(d.Orgs, o)
		}
	}
	return web.ShowStatus(w, r, status, orgsView(d))
}

// addOrg 登记单位. POST /admin/orgs
func (p *pages) addOrg(w http.ResponseWriter, r *http.Request) error {
	f := formOf(r)
	var err error
	if f.ID, err = p.newOrg(r.Context(), f); err == nil {
		_, err = p.sayOrg(r.Context(), request(r, f.print()), f)
	}
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return p.showOrgs(w, r, http.StatusUnprocessableEntity, f, fields)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "admin.org.added", "name", f.Name))
	return web.Redirect(w, r, "/admin/orgs")
}

// newOrg is the id of an organisation to be registered: that which circles know it by, if it was lost here, else a fresh one.
func (p *pages) newOrg(ctx context.Context, f orgForm) (id string, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		again, err := region.LostOrg(ctx, tx, f.Side, f.Name)
		id = cmp.Or(again, "o-"+strings.ToLower(rand.Text()[:12]))
		return err
	})
	return id, err
}

// print tells what is asked from what else may be asked under the same key.
func (f orgForm) print() string {
	return strings.Join([]string{f.Name, f.Aliases, f.Side, f.Sort, strconv.FormatBool(f.Group), strconv.FormatBool(f.Closed), f.Under, strconv.FormatBool(f.Local), strings.Join(f.Members, " ")}, "\n")
}

// sayOrg writes an organisation as it is typed, and notes its id.
func (p *pages) sayOrg(ctx context.Context, req node.Request, f orgForm) (node.Receipt, error) {
	sort := 1000
	if f.Sort != "" {
		n, err := strconv.Atoi(f.Sort)
		if err != nil || n < 0 || n > 1_000_000 {
			return node.Receipt{}, refuse.New("admin.org.sort-form").At("sort")
		}
		sort = n
	}
	return p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		w.Note(f.ID)
		if err := stillSeen(ctx, w.Tx(), f); err != nil {
			return err
		}
		words := region.OrgWords{Name: f.Name, Aliases: names(f.Aliases)}
		if f.Group {
			words.Members = f.Members
		}
		if err := nameFree(ctx, w.Tx(), f.ID, f.Side, words, f.Closed); err != nil {
			return err
		}
		_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
			Circle: node.Self, Subjects: []string{f.ID},
			Facts: region.OrgFacts{Org: f.ID, Side: f.Side, Sort: sort, Group: f.Group, Closed: f.Closed}, Words: &words,
		})
		if err != nil {
			return err
		}
		return placeOrg(ctx, w, region.PlaceFacts{Org: f.ID, Under: f.Under, Local: f.Local})
	})
}

// placeOrg says where an organisation stands, if that is new.
func placeOrg(ctx context.Context, w *node.Writing, f region.PlaceFacts) error {
	all, err := region.Orgs(ctx, w.Tx())
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID == f.Org && o.Under == f.Under && o.Local == f.Local {
			return nil
		}
	}
	_, err = region.OrgPlaced.Say(ctx, w, node.Said[region.PlaceFacts, region.NoWords]{Circle: node.Self, Subjects: []string{f.Org}, Facts: f})
	return err
}

func stoodText(o region.Org) string { return strconv.FormatInt(o.Seen, 10) }

// stillSeen refuses to replace what somebody said of an organisation since the form was opened. One that is registered just now has not been seen.
func stillSeen(ctx context.Context, tx *store.Tx, f orgForm) error {
	all, err := region.Orgs(ctx, tx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID == f.ID && stoodText(o) != f.Seen {
			return refuse.New("admin.org.newer", "name", o.Name, "aliases", cmp.Or(strings.Join(o.Aliases, "、"), "—")).At("name")
		}
	}
	return nil
}

// nameFree refuses a name that means another organisation of the same member: a list could not tell
// them apart.
func nameFree(ctx context.Context, tx *store.Tx, id, side string, w region.OrgWords, closed bool) error {
	if closed {
		return nil
	}
	all, err := region.Orgs(ctx, tx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID == id || o.Side != side || o.Closed {
			continue
		}
		for i, n := range append([]string{w.Name}, w.Aliases...) {
			if n == o.Name || slices.Contains(o.Aliases, n) {
				return refuse.New("admin.org.taken", "name", n, "other", o.Name).At([]string{"name", "aliases"}[min(i, 1)])
			}
		}
	}
	return nil
}

type orgData struct {
	Form   orgForm
	Others []region.Org // that a group may hold
	Past   region.OrgPast
	Own    bool // of this member: how its reports are signed and what becomes of it is settled here
	Errors []ui.FieldError
}

// org shows one organisation to be changed. GET /admin/orgs/{org}
func (p *pages) org(w http.ResponseWriter, r *http.Request) error {
	all, err := p.readOrgs(r.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(o region.Org) bool { return o.ID == r.PathValue("org") })
	if at < 0 {
		return web.ErrNotFound
	}
	o := all[at]
	sort, err := p.sortOf(r.Context(), o.ID)
	if err != nil {
		return err
	}
	var past region.OrgPast
	err = p.node.Store.Read(r.Context(), func(tx *store.Tx) error {
		past, err = region.PastOf(r.Context(), tx, o.ID)
		return err
	})
	if err != nil {
		return err
	}
	return web.Show(w, r, orgView(orgData{Own: o.Side == p.node.Member, Past: past, Others: others(all, o.ID), Form: orgForm{
		ID: o.ID, Name: o.Name, Aliases: strings.Join(o.Aliases, "\n"), Side: o.Side, Sort: sort, Group: o.Group, Closed: o.Closed,
		Members: o.Members, Under: o.Under, Local: o.Local, Key: web.NewRequestKey(), Seen: stoodText(o),
	}}))
}

func (p *pages) sortOf(ctx context.Context, org string) (sort string, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT sort FROM region_org WHERE org = ?`, org).Scan(&sort)
	})
	return sort, err
}

func others(all []region.Org, id string) []region.Org {
	return slices.DeleteFunc(slices.Clone(all), func(o region.Org) bool { return o.ID == id || o.Group || o.Closed })
}

// saveOrg 更名、别名、成员、撤销. POST /admin/orgs/{org}
func (p *pages) saveOrg(w http.ResponseWriter, r *http.Request) error {
	f := formOf(r)
	all, err := p.readOrgs(r.Context())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(o region.Org) bool { return o.ID == f.ID }) {
		return web.ErrNotFound
	}
	_, err = p.sayOrg(r.Context(), request(r, f.print()), f)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		status := http.StatusUnprocessableEntity
		if refuse.Is(err, "admin.org.newer") { // it may be saved once that was read
			status = http.StatusConflict
			if all, err = p.readOrgs(r.Context()); err != nil {
				return err
			}
			f.Seen = stoodText(all[slices.IndexFunc(all, func(o region.Org) bool { return o.ID == f.ID })])
		}
		return web.ShowStatus(w, r, status, orgView(orgData{Own: f.Side == p.node.Member, Form: f, Others: others(all, f.ID), Errors: fields}))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "admin.org.saved", "name", f.Name))
	return web.Redirect(w, r, "/admin/orgs")
}
