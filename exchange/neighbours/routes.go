package neighbours

import (
	"embed"
	"net/http"

	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct {
	node *node.Node
	tls  bool // people reach the site by https://
}

// Routes adds the pages.
func Routes(site *web.Site, n *node.Node) {
	p := &pages{n, site.BehindTLS}
	site.Watch(web.Home, p.twoBooks)
	site.Handle("GET /neighbours", region.ExchangeRead, p.list)
	site.Handle("GET /neighbours/invitation", region.ExchangeRead, p.invitation)
	site.Handle("GET /neighbours/invitation.txt", region.ExchangeRead, p.invitationFile)
	site.Handle("GET /neighbours/join", region.MemberRecognise, p.join)
	site.Handle("POST /neighbours/join", region.MemberRecognise, p.preview)
	site.Handle("POST /neighbours/recognise", region.MemberRecognise, p.recognise)
	site.Handle("GET /neighbours/evidence/{id}", region.ExchangeRead, p.evidence)
	site.Handle("GET /neighbours/circle/{circle}/leave", region.CircleOpen, p.askLeave)
	site.Handle("POST /neighbours/circle/{circle}/leave", region.CircleOpen, p.leave)
	site.Handle("POST /neighbours/circle/{circle}/quorum", region.CircleOpen, p.quorum)
	site.Handle("GET /neighbours/in/{circle}/{member}", region.ExchangeRead, p.one)
	site.Handle("POST /neighbours/in/{circle}/{member}/suspend", region.MemberRecognise, p.suspend)
	site.Handle("POST /neighbours/in/{circle}/{member}/resume", region.MemberRecognise, p.resume)
	site.Handle("POST /neighbours/in/{circle}/{member}/rolled", region.MemberRecognise, p.rolled)
	site.Handle("POST /neighbours/in/{circle}/{member}/go-on", region.MemberRecognise, p.goOn)
	site.Nav(web.NavItem{LabelKey: "neighbours.nav", Href: "/neighbours", Group: "web.nav.books", Action: region.ExchangeRead})
}

// say sends one request to the node; print tells a retry from another request under its key.
func (p *pages) say(r *http.Request, print string, act node.Act) error {
	_, err := p.node.Write(r.Context(), node.Request{
		ID: web.RequestKey(r), Print: []byte(r.URL.Path + "\n" + print), Actor: web.Actor(r),
	}, act)
	return err
}
