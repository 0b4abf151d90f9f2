package admin

import (
	"embed"
	"net/http"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct {
	node       *node.Node
	accounts   *account.Accounts
	neighbours Neighbours
}

// Routes adds the pages.
func Routes(site *web.Site, n *node.Node, accounts *account.Accounts, neighbours Neighbours) {
	p := &pages{node: n, accounts: accounts, neighbours: neighbours}
	site.Watch("", p.onlyReads)
	site.Handle("GET /admin", region.OrgWrite, p.home)
	site.Handle("GET /admin/orgs", region.OrgWrite, p.orgs)
	site.Handle("POST /admin/orgs", region.OrgWrite, p.addOrg)
	site.Handle("GET /admin/orgs/{org}", region.OrgWrite, p.org)
	site.Handle("POST /admin/orgs/{org}", region.OrgWrite, p.saveOrg)
	site.Handle("GET /admin/directory", region.OrgWrite, p.directory)
	site.Handle("POST /admin/directory", region.OrgWrite, p.importDirectory).Body(mostDirectory)
	site.Handle("GET /admin/circles", region.CircleOpen, p.circles)
	site.Handle("POST /admin/circles", region.CircleOpen, p.openCircle)
	site.Handle("GET /admin/sessions", region.PersonWrite, p.sessions)
	site.Handle("GET /admin/node", region.ClockConfirm, p.state)
	site.Handle("POST /admin/node/clock", region.ClockConfirm, p.confirmClock)
	site.Handle("POST /admin/node/resume", region.NodeResume, p.resume).Slow()
	site.Nav(web.NavItem{LabelKey: "admin.nav", Href: "/admin", Action: region.OrgWrite})
}

// say sends one request to the node; print tells a retry from another request under its key.
func (p *pages) say(r *http.Request, print string, act node.Act) error {
	_, err := p.node.Write(r.Context(), request(r, print), act)
	return err
}

// request is what a form asks to be written.
func request(r *http.Request, print string) node.Request {
	return node.Request{ID: web.RequestKey(r), Print: []byte(r.URL.Path + "\n" + print), Actor: web.Actor(r)}
}

// home leads to what the seat may do here.
func (p *pages) home(w http.ResponseWriter, r *http.Request) error {
	var d homeData
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) error {
		orgs, err := region.Orgs(r.Context(), tx)
		if err != nil {
			return err
		}
		for _, o := range orgs {
			if !o.Closed {
				d.Orgs++
			}
		}
		circles, err := region.CirclesOf(r.Context(), tx, p.node.Member)
		if err != nil {
			return err
		}
		d.Circles = len(circles)
		return nil
	})
	if err != nil {
		return err
	}
	return web.Show(w, r, homeView(d))
}

type homeData struct{ Orgs, Circles int }
