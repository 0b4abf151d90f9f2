// Package people is where an administrator registers people, gives and takes their seats, and hands
// out the links by which they set their passwords.
//
// Words: the register (人员名册) is region's, written into the member's own book; accounts are
// account's. Everything here is one request to the node and its answer on a page.
package people

import (
	"context"
	"crypto/rand"
	"embed"
	"log/slog"
	"net/http"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// Pages are the pages of the register.
type Pages struct {
	node     *node.Node
	accounts *account.Accounts
	waiting  Waiting
	rooms    []region.HandRoom
	log      *slog.Logger
}

// Waiting counts what waits for a seat of an organisation; what it is about is no administrator's to read.
type Waiting func(ctx context.Context, seat region.SeatAt) (int, error)

// Mount adds the pages to the site; API adds the calls. waiting is handed in by who knows the work; nil: nothing ever waits. rooms are those in which something may
// hang on a person, beside the accounts.
func Mount(s *web.Site, n *node.Node, accounts *account.Accounts, waiting Waiting, rooms ...region.HandRoom) *Pages {
	p := &Pages{node: n, accounts: accounts, waiting: waiting, rooms: append([]region.HandRoom{accounts}, rooms...), log: s.Log}
	p.securityRoutes(s)
	s.Handle("GET /people", region.PeopleRead, p.list)
	s.Handle("POST /people", region.PeopleRead, p.list) // a search: names stand in no address
	s.Handle("GET /people/new", region.PersonWrite, p.newForm)
	s.Handle("POST /people/new", region.PersonWrite, p.register)
	s.Handle("GET /people/{person}", region.PeopleRead, p.person)
	s.Handle("POST /people/{person}/give", region.SeatGive, p.give)
	s.Handle("POST /people/{person}/take", region.SeatGive, p.take)
	s.Handle("GET /people/{person}/move", region.SeatGive, p.askMove)
	s.Handle("POST /people/{person}/move", region.SeatGive, p.move)
	s.Handle("POST /people/{person}/end", region.SecurityWrite, p.end)
	s.Handle("GET /people/{person}/leave", region.PersonWrite, p.askLeave)
	s.Handle("POST /people/{person}/leave", region.PersonWrite, p.leave)
	s.Handle("POST /people/{person}/link", region.PersonWrite, p.link)
	s.Handle("GET /people/{person}/second", region.PersonWrite, p.askFree)
	s.Handle("POST /people/{person}/second", region.PersonWrite, p.free)
	s.Nav(web.NavItem{LabelKey: "people.nav", Href: "/people", Action: region.PeopleRead})
	return p
}

type listed struct {
	People   []region.Person
	Standing []region.Substitution // that hold, or come
	Logins   map[string]string
	Query    string
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	d := listed{Query: strings.TrimSpace(r.PostFormValue("q"))}
	all, logins, err := p.everybody(r.Context())
	if err != nil {
		return err
	}
	d.Logins = logins
	err = p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		d.Standing, err = region.Substitutions(r.Context(), tx, region.Today(p.node.Now()))
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range all {
		if d.Query == "" || strings.Contains(one.Name+" "+d.Logins[one.ID], d.Query) {
			d.People = append(d.People, one)
		}
	}
	return web.Show(w, r, listView(d))
}

// form is what stands in the forms of registering and of giving a seat.
type form struct {
	Name, Org, Seat, Key string
	Orgs                 []region.Org
	Errors               []ui.FieldError
	Seats                bool // who asks may give seats
}

func (p *Pages) formOf(r *http.Request) (f form, err error) {
	f = form{
		Name: strings.TrimSpace(r.PostFormValue("name")), Org: r.PostFormValue("org"),
		Seat: r.PostFormValue("seat"), Key: web.NewRequestKey(),
	}
	err = p.node.Store.Read(r.Context(), func(tx *store.Tx) error {
		all, err := region.Orgs(r.Context(), tx)
		if err != nil {
			return err
		}
		f.Seats, err = region.MayAuthorise(r.Context(), tx, region.Seat(web.Actor(r).Seat))
		for _, o := range all {
			if !o.Closed && !o.Group && o.Side == p.node.Member {
				f.Orgs = append(f.Orgs, o)
			}
		}
		return err
	})
	return f, err
}

func (p *Pages) newForm(w http.ResponseWriter, r *http.Request) error {
	f, err := p.formOf(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, newView(f))
}

// enter puts a person into the register.
func enter(ctx context.Context, w *node.Writing, id, name string) error {
	_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
		Circle: node.Self, Facts: region.PersonFacts{Person: id}, Words: &region.PersonWords{Name: name},
	})
	return err
}

// enterAt does, and gives him a seat.
func enterAt(ctx context.Context, w *node.Writing, id, name, org, seat string) error {
	if err := enter(ctx, w, id, name); err != nil {
		return err
	}
	return giveSeat(ctx, w, id, org, seat)
}

// newPerson is the id of somebody who is registered.
func newPerson() string { return "p-" + strings.ToLower(rand.Text()[:12]) }

// say sends one request to the node; print tells a retry from another request under its key.
func (p *Pages) say(r *http.Request, print string, act node.Act) (node.Receipt, error) {
	return p.node.Write(r.Context(), node.Request{
		ID: web.RequestKey(r), Print: []byte(r.URL.Path + "\n" + print), Actor: web.Actor(r),
	}, act)
}

// register 登记人员: a person, and a link for his password; his first seat too, by who may give one.
func (p *Pages) register(w http.ResponseWriter, r *http.Request) error {
	f, err := p.formOf(r)
	if err != nil {
		return err
	}
	id := newPerson()
	receipt, err := p.say(r, f.Name+"\n"+f.Org+"\n"+f.Seat, func(ctx context.Context, w *node.Writing) error {
		w.Note(id)
		if !f.Seats {
			return enter(ctx, w, id, f.Name)
		}
		return enterAt(ctx, w, id, f.Name, f.Org, f.Seat)
	})
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		f.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, newView(f))
	}
	if err != nil {
		return err
	}
	path, err := p.newLink(r.Context(), receipt.Note)
	if err != nil {
		return err
	}
	return p.showLink(w, r, receipt.Note, path)
}

func giveSeat(ctx context.Context, w *node.Writing, person, org, seat string) error {
	_, err := region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
		Circle: node.Self, Facts: region.SeatFacts{Person: person, Org: org, Seat: region.Seat(seat)},
	})
	return err
}

type single struct {
	shown
	Link    string // just made, shown this once
	Give    form
	Leaving []leaving // what hangs on him, by organisation
	Along   bool      // his seats go to who takes over
	Seen    string    // mark of what hangs on him as it is shown
}

func (p *Pages) single(r *http.Request, person string) (d single, err error) {
	if d.Give, err = p.formOf(r); err != nil {
		return d, err
	}
	d.shown, err = p.shown(r.Context(), person)
	return d, err
}

func (p *Pages) person(w http.ResponseWriter, r *http.Request) error {
	d, err := p.single(r, r.PathValue("person"))
	if err != nil {
		return err
	}
	if err := p.noteRead(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, personView(d))
}

// give 授予席位.
func (p *Pages) give(w http.ResponseWriter, r *http.Request) error {
	person, org, seat := r.PathValue("person"), r.PostFormValue("org"), r.PostFormValue("seat")
	_, err := p.say(r, org+"\n"+seat, func(ctx context.Context, w *node.Writing) error {
		return giveSeat(ctx, w, person, org, seat)
	})
	return p.done(w, r, err, "people.given")
}

// take 收回席位.
func (p *Pages) take(w http.ResponseWriter, r *http.Request) error {
	person, value := r.PathValue("person"), r.PostFormValue("seat")
	seat, org, _ := strings.Cut(value, "@")
	_, err := p.say(r, value, func(ctx context.Context, w *node.Writing) error {
		return takeSeat(ctx, w, person, region.SeatAt{Org: org, Seat: region.Seat(seat)})
	})
	return p.done(w, r, err, "people.taken")
}

func (p *Pages) askFree(w http.ResponseWriter, r *http.Request) error {
	d, err := p.single(r, r.PathValue("person"))
	if err != nil {
		return err
	}
	if !d.Second || d.Guarded {
		return web.ErrNotFound
	}
	return web.Show(w, r, freeView(d))
}

// free 解除二次验证. POST /people/{person}/second
func (p *Pages) free(w http.ResponseWriter, r *http.Request) error {
	return p.done(w, r, p.freeSecond(r.Context(), r.PathValue("person")), "people.free.done")
}

// keepAdministrator refuses to take the last administrator's seat: nobody could give one again.
func keepAdministrator(ctx context.Context, tx *store.Tx, person string, taken region.SeatAt) error {
	if taken.Seat != region.Administrator {
		return nil
	}
	all, err := region.People(ctx, tx)
	if err != nil {
		return err
	}
	for _, one := range all {
		for _, s := range one.Seats {
			if s.Seat == region.Administrator && one.ID != person {
				return nil
			}
		}
	}
	return refuse.New("people.last-administrator")
}

// done shows the person again, with what was done or what was wrong.
func (p *Pages) done(w http.ResponseWriter, r *http.Request, err error, said string) error {
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		d, err := p.single(r, r.PathValue("person"))
		if err != nil {
			return err
		}
		d.Give.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, personView(d))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), said))
	return web.Redirect(w, r, "/people/"+r.PathValue("person"))
}

func (p *Pages) link(w http.ResponseWriter, r *http.Request) error {
	path, err := p.newLink(r.Context(), r.PathValue("person"))
	if err != nil {
		return p.done(w, r, err, "")
	}
	return p.showLink(w, r, r.PathValue("person"), path)
}

// showLink shows a link that was just made, this once; it goes to its owner by another way.
func (p *Pages) showLink(w http.ResponseWriter, r *http.Request, person, path string) error {
	d, err := p.single(r, person)
	if err != nil {
		return err
	}
	d.Link = web.Here(r, path)
	return web.Show(w, r, personView(d))
}
