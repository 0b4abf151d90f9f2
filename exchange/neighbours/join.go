package neighbours

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// inviting is the page of our own invitation.
type inviting struct {
	Circles []region.Circle // that may be chosen
	Chosen  []string
	Address string
	exchange.Invitation
	Text   string
	Errors []ui.FieldError
}

// invitation shows this member's invitation to copy. Which circles and which address stand in the address of the
// page. GET /neighbours/invitation
func (p *pages) invitation(w http.ResponseWriter, r *http.Request) error {
	d, err := p.invites(r)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		d.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, invitationView(d))
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, invitationView(d))
}

// invitationFile gives it as a file. GET /neighbours/invitation.txt
func (p *pages) invitationFile(w http.ResponseWriter, r *http.Request) error {
	d, err := p.invites(r)
	if err != nil {
		return err
	}
	if d.Text == "" {
		return web.ErrNotFound
	}
	return sendFile(w, "text/plain; charset=utf-8", "invitation-"+p.node.Member+".txt", []byte(d.Text))
}

func (p *pages) invites(r *http.Request) (d inviting, err error) {
	d.Circles, err = p.ourCircles(r.Context())
	if err != nil || len(d.Circles) == 0 {
		return d, err
	}
	q := r.URL.Query()
	d.Chosen, d.Address = q["circle"], strings.TrimSpace(q.Get("address"))
	if !q.Has("address") {
		d.Address = p.addressOf(r)
	}
	if len(d.Chosen) == 0 {
		d.Chosen = []string{d.Circles[0].ID}
	}
	d.Invitation, d.Text, err = write(p.node, d.Circles, d.Chosen, d.Address)
	return d, err
}

// addressOf proposes the address by which the reader reached this site.
func (p *pages) addressOf(r *http.Request) string {
	scheme := "http"
	if p.tls {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host}).String()
}

// write makes and signs an invitation into some of our circles.
func write(n *node.Node, ours []region.Circle, chosen []string, address string) (i exchange.Invitation, text string, err error) {
	var circles []region.Circle
	for _, id := range chosen {
		at := slices.IndexFunc(ours, func(c region.Circle) bool { return c.ID == id })
		if at < 0 {
			return i, "", refuse.New("node.book-unknown", "circle", id).At("circle")
		}
		circles = append(circles, ours[at])
	}
	if i, err = exchange.Invite(n, circles, address); err != nil {
		return i, "", err
	}
	text, err = i.Text(n.SigningKey())
	return i, text, err
}

// joining is the form into which an invitation is pasted, and the page that shows what it says.
type joining struct {
	Invitation string // as pasted
	Read       exchange.Invitation
	Steps      []Step
	How        string
	Key        string
	Errors     []ui.FieldError
}

// join takes a pasted invitation. GET /neighbours/join
func (p *pages) join(w http.ResponseWriter, r *http.Request) error {
	return web.Show(w, r, joinView(joining{}))
}

// preview shows what an invitation says and what recognising by it would do; it writes nothing. POST /neighbours/join
func (p *pages) preview(w http.ResponseWriter, r *http.Request) error {
	d, err := p.reads(r)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		d.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, joinView(d))
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, previewView(d))
}

// reads reads the pasted invitation and what it would do.
func (p *pages) reads(r *http.Request) (d joining, err error) {
	d = joining{Invitation: r.PostFormValue("invitation"), How: strings.TrimSpace(r.PostFormValue("how")), Key: web.NewRequestKey()}
	if d.Read, err = exchange.ReadInvitation(d.Invitation); err != nil {
		return d, err
	}
	err = p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		d.Steps, err = Plan(r.Context(), tx, p.node.Identity, d.Read, nil)
		return err
	})
	if err == nil && !slices.ContainsFunc(d.Steps, Step.changes) {
		err = refuse.New("neighbours.unchanged", "name", d.Read.Name).At("invitation")
	}
	return d, err
}

// recognise 认可: the fingerprint was compared. POST /neighbours/recognise
func (p *pages) recognise(w http.ResponseWriter, r *http.Request) error {
	again := web.RequestKey(r)
	d, err := p.reads(r)
	if refuse.Is(err, "neighbours.unchanged") && again != "" {
		err = nil // perhaps by this very request, sent twice: its answer is known
	}
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		d.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, joinView(d))
	}
	if err != nil {
		return err
	}
	chosen := r.PostForm["circle"]
	err = confirmed(r, d, chosen)
	if err == nil {
		err = p.say(r, d.Read.Fingerprint()+"\n"+strings.Join(chosen, " ")+"\n"+d.How, func(ctx context.Context, w *node.Writing) error {
			return Recognise(ctx, w, Joining{d.Read, chosen, d.How})
		})
	}
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		d.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, previewView(d))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "neighbours.recognised.done", "name", d.Read.Name))
	return web.Redirect(w, r, oneHref(chosen[0], d.Read.Member))
}

// confirmed: people compared the fingerprint, said with whom, and chose where.
func confirmed(r *http.Request, d joining, chosen []string) error {
	switch {
	case len(chosen) == 0:
		return refuse.New("neighbours.circle-missing").At("circle")
	case r.PostFormValue("same") != "yes":
		return refuse.New("neighbours.not-compared").At("same")
	case d.How == "":
		return refuse.New("neighbours.how-missing").At("how")
	}
	return nil
}
