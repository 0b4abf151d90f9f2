package stage

import (
	"embed"
	"net/http"
	"slices"
	"strconv"

	"liandong/exchange"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

const home = "/demo"

// Mount adds the page of the stage to the site of a node of the demonstration. Whoever is signed in may use it: the
// demonstration holds nothing that it could harm.
func (s *Stage) Mount(site *web.Site) {
	site.Handle("GET "+home, region.SelfAct, s.page)
	site.Handle("GET "+home+"/evidence/{member}/{id}", region.SelfAct, s.evidence)
	site.Handle("POST "+home+"/wire", region.SelfAct, s.cutWire)
	site.Handle("POST "+home+"/node/{member}/{what}", region.SelfAct, s.act)
	site.Stage(home)
}

// everySeconds is how often the page is read anew while somebody watches.
const everySeconds = 3

type pageData struct {
	Links []wireState
	Nodes []noticed
	Live  bool
}

func (s *Stage) page(w http.ResponseWriter, r *http.Request) error {
	nodes, err := s.notice(r.Context())
	if err != nil {
		return err
	}
	d := pageData{s.links(), nodes, r.URL.Query().Get("live") == "1"}
	if d.Live {
		w.Header().Set("Refresh", strconv.Itoa(everySeconds))
	}
	return web.Show(w, r, stageView(d))
}

func (s *Stage) cutWire(w http.ResponseWriter, r *http.Request) error {
	a, b := r.PostFormValue("a"), r.PostFormValue("b")
	if !s.Cut(a, b, r.PostFormValue("do") == "cut") {
		return web.ErrNotFound
	}
	return web.Redirect(w, r, home+"?live=1")
}

// act does one thing to a node.
func (s *Stage) act(w http.ResponseWriter, r *http.Request) error {
	member := r.PathValue("member")
	if s.post(member) == nil {
		return web.ErrNotFound
	}
	var err error
	switch r.PathValue("what") {
	case "byte":
		err = s.ChangeByte(r.Context(), member)
	case "fork":
		if to := s.post(r.PostFormValue("to")); to == nil || to.Member == member {
			return web.ErrNotFound
		}
		err = s.Fork(r.Context(), member, r.PostFormValue("to"))
	case "verify":
		err = s.Verify(r.Context(), member)
	case "right":
		err = s.Right(r.Context(), member)
	default:
		return web.ErrNotFound
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Info, web.T(r.Context(), "stage.done."+r.PathValue("what"), "name", s.post(member).Name))
	return web.Redirect(w, r, home+"?live=1")
}

// evidence sends a file of evidence that a node found.
func (s *Stage) evidence(w http.ResponseWriter, r *http.Request) error {
	p := s.post(r.PathValue("member"))
	if p == nil {
		return web.ErrNotFound
	}
	var found []exchange.Found
	err := p.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		found, err = exchange.Evidences(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(found, func(f exchange.Found) bool { return f.ID == r.PathValue("id") })
	if at < 0 {
		return web.ErrNotFound
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="fork-`+found[at].ID+`.json"`)
	_, _ = w.Write(found[at].Fork) // the reader may have gone
	return nil
}
