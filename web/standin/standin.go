// Package standin is where a person names who acts for him while he is away (AB岗), and where it is ended early; an administrator does it for others.
//
// Words: a substitute (代办人) acts in his own name in the seat of who is away, on the days that were named; every entry says for whom. The rules
// are region's.
package standin

import (
	"context"
	"crypto/rand"
	"embed"
	"net/http"
	"slices"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct{ node *node.Node }

// Mount adds the pages.
func Mount(s *web.Site, n *node.Node) {
	p := pages{n}
	s.Handle("GET /me/substitutes", region.SelfAct, p.mine)
	s.Handle("POST /me/substitutes", region.SubstituteWrite, p.nameMine).Keep()
	s.Handle("POST /me/substitutes/{id}/end", region.SubstituteWrite, p.endMine)
	s.Handle("GET /people/{person}/substitutes", region.SeatGive, p.theirs)
	s.Handle("POST /people/{person}/substitutes", region.SeatGive, p.nameTheirs).Keep()
	s.Handle("POST /people/{person}/substitutes/{id}/end", region.SeatGive, p.endTheirs)
	s.Mine(web.NavItem{LabelKey: "standin.title", Href: "/me/substitutes", Icon: "users"})
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "standin."+key, args...)
}

type view struct {
	Person string // whose
	Name   string
	At     string // address of the page
	Own    bool
	Away   []region.Substitution // he is away
	Stands []region.Substitution // he stands in
	Seats  []region.SeatAt       // in which somebody may act for him
	Others []region.Person       // of the same organisations
	Seat   string
	By     string
	From   string
	Until  string
	Key    string
	Errors []ui.FieldError
}

func (p pages) mine(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, web.Actor(r).Person, view{})
}

func (p pages) theirs(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, r.PathValue("person"), view{})
}

func (p pages) show(w http.ResponseWriter, r *http.Request, status int, person string, v view) error {
	ctx := r.Context()
	v.Person, v.Own, v.Key, v.At = person, r.PathValue("person") == "", web.NewRequestKey(), "/people/"+person+"/substitutes"
	if v.Own {
		v.At = "/me/substitutes"
	}
	today := region.Today(p.node.Now())
	if status == http.StatusOK {
		v.From = today
	}
	err := p.node.Store.Read(ctx, func(tx *store.Tx) error {
		people, err := region.People(ctx, tx)
		if err != nil {
			return err
		}
		v.fill(people)
		all, err := region.Substitutions(ctx, tx, today)
		for _, s := range all {
			switch person {
			case s.Person:
				v.Away = append(v.Away, s)
			case s.By:
				v.Stands = append(v.Stands, s)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if v.Name == "" && !v.Own {
		return web.ErrNotFound
	}
	return web.ShowStatus(w, r, status, page(v))
}

// fill finds the person's seats and his colleagues.
func (v *view) fill(people []region.Person) {
	for _, one := range people {
		if one.ID != v.Person || one.Left {
			continue
		}
		v.Name = one.Name
		for _, s := range one.Seats {
			if region.Standable(s.Seat) {
				v.Seats = append(v.Seats, s)
			}
		}
	}
	for _, one := range people {
		if one.ID != v.Person && !one.Left && v.colleague(one) {
			v.Others = append(v.Others, one)
		}
	}
}

func (v *view) colleague(one region.Person) bool {
	for _, theirs := range one.Seats {
		for _, own := range v.Seats {
			if theirs.Org == own.Org {
				return true
			}
		}
	}
	return false
}

func (p pages) nameMine(w http.ResponseWriter, r *http.Request) error {
	return p.name(w, r, web.Actor(r).Person)
}

func (p pages) nameTheirs(w http.ResponseWriter, r *http.Request) error {
	return p.name(w, r, r.PathValue("person"))
}

// name AB岗代办.
func (p pages) name(w http.ResponseWriter, r *http.Request, person string) error {
	v := view{Seat: r.PostFormValue("seat"), By: r.PostFormValue("by"), From: r.PostFormValue("from"), Until: r.PostFormValue("until")}
	seat, org, _ := strings.Cut(v.Seat, "@")
	_, err := p.node.Write(r.Context(), web.RequestOf(r), func(ctx context.Context, w *node.Writing) error {
		_, err := region.SubstituteNamed.Say(ctx, w, node.Said[region.SubstituteFacts, region.NoWords]{
			Circle: node.Self, Subjects: concerned(person, v.By), Facts: region.SubstituteFacts{
				Substitute: "b-" + strings.ToLower(rand.Text()[:12]), Person: person, By: v.By, Org: org, Seat: region.Seat(seat), From: v.From, Until: v.Until,
			},
		})
		return err
	})
	return p.did(w, r, person, v, "named", err)
}

func (p pages) endMine(w http.ResponseWriter, r *http.Request) error {
	return p.end(w, r, web.Actor(r).Person)
}

func (p pages) endTheirs(w http.ResponseWriter, r *http.Request) error {
	return p.end(w, r, r.PathValue("person"))
}

// end 提前结束.
func (p pages) end(w http.ResponseWriter, r *http.Request, person string) error {
	_, err := p.node.Write(r.Context(), web.RequestOf(r), func(ctx context.Context, w *node.Writing) error {
		_, err := region.SubstituteEnded.Say(ctx, w, node.Said[region.SubstituteEndFacts, region.NoWords]{
			Circle: node.Self, Subjects: []string{person}, Facts: region.SubstituteEndFacts{Substitute: r.PathValue("id")},
		})
		return err
	})
	return p.did(w, r, person, view{}, "ended", err)
}

func (p pages) did(w http.ResponseWriter, r *http.Request, person string, v view, done string, err error) error {
	if wrong, ok := web.FieldErrors(r.Context(), err); ok {
		v.Errors = wrong
		return p.show(w, r, http.StatusUnprocessableEntity, person, v)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), done))
	if r.PathValue("person") != "" {
		return web.Redirect(w, r, "/people/"+person+"/substitutes")
	}
	return web.Redirect(w, r, "/me/substitutes")
}

func seatOptions(ctx context.Context, all []region.SeatAt) (options []ui.Option) {
	for _, s := range all {
		options = append(options, ui.Option{Value: web.SeatValue(s), Label: s.OrgName + " · " + web.SeatName(lang.Of(ctx), s.Seat)})
	}
	return options
}

func peopleOptions(ctx context.Context, all []region.Person) []ui.Option {
	options := []ui.Option{{Value: "", Label: t(ctx, "choose")}}
	for _, one := range all {
		options = append(options, ui.Option{Value: one.ID, Label: one.Name})
	}
	return options
}

func state(ctx context.Context, s region.Substitution) ui.Status {
	if s.Now {
		return ui.Status{Tone: ui.Good, Icon: "check", Word: t(ctx, "now")}
	}
	return ui.Status{Icon: "clock", Word: t(ctx, "later")}
}

// other is the name of the other one of a substitution.
func other(s region.Substitution, stands bool) string {
	if stands {
		return s.PersonName
	}
	return s.ByName
}

func (v view) crumbs(ctx context.Context) []ui.Link {
	if v.Own {
		return nil
	}
	return []ui.Link{{Label: web.T(ctx, "people.title"), Href: "/people"}, {Label: v.Name, Href: "/people/" + v.Person}}
}

func (v view) title(ctx context.Context) string {
	if v.Own {
		return t(ctx, "title")
	}
	return t(ctx, "title.of", "name", v.Name)
}

// concerned are the people whom an entry names, but for one that was not chosen.
func concerned(people ...string) []string {
	return slices.DeleteFunc(people, func(p string) bool { return p == "" })
}
