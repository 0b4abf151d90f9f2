package people

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

func (p *Pages) securityRoutes(s *web.Site) {
	s.Handle("GET /security", region.SecurityWrite, p.security)
	s.Handle("POST /security", region.SecurityWrite, p.setSecurity)
	s.Nav(web.NavItem{LabelKey: "people.security.nav", Href: "/security", Action: region.SecurityWrite})
	s.Watch(web.Home, p.amiss)
}

// securityData is what stands on the page of the rules of safety.
type securityData struct {
	Key    string
	Form   securityForm
	State  region.Separation
	May    bool // the reader may set them now
	Errors []ui.FieldError
}

// securityForm is what stands in its fields, as typed.
type securityForm struct {
	Separation                   bool
	Second, Password, Idle, Most string
}

func (p *Pages) securityOf(r *http.Request) (d securityData, err error) {
	d.Key = web.NewRequestKey()
	err = p.node.Store.Read(r.Context(), func(tx *store.Tx) error {
		if d.State, err = region.SeparationOf(r.Context(), tx); err != nil {
			return err
		}
		d.May, err = region.MayAuthorise(r.Context(), tx, region.Seat(web.Actor(r).Seat))
		return err
	})
	f := d.State.Rules
	d.Form = securityForm{f.Separation, f.Second, strconv.Itoa(f.Password), strconv.Itoa(f.Idle), strconv.Itoa(f.Most)}
	return d, err
}

// security shows the rules of safety, and who the three administrators are. GET /security
func (p *Pages) security(w http.ResponseWriter, r *http.Request) error {
	d, err := p.securityOf(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, securityView(d))
}

// setSecurity 设定安全策略. POST /security
func (p *Pages) setSecurity(w http.ResponseWriter, r *http.Request) error {
	d, err := p.securityOf(r)
	if err != nil {
		return err
	}
	d.Form = securityForm{
		r.PostFormValue("separation") != "", r.PostFormValue("second"),
		strings.TrimSpace(r.PostFormValue("password")), strings.TrimSpace(r.PostFormValue("idle")), strings.TrimSpace(r.PostFormValue("most")),
	}
	facts := region.SecurityFacts{Separation: d.Form.Separation, Second: d.Form.Second}
	// What is no number is out of bounds.
	facts.Password, _ = strconv.Atoi(d.Form.Password)
	facts.Idle, _ = strconv.Atoi(d.Form.Idle)
	facts.Most, _ = strconv.Atoi(d.Form.Most)
	err = p.setRules(r.Context(), web.RequestOf(r), facts)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		d.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, securityView(d))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "people.security.done"))
	return web.Redirect(w, r, "/security")
}

func (p *Pages) setRules(ctx context.Context, req node.Request, facts region.SecurityFacts) error {
	_, err := p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		_, err := region.SecuritySet.Say(ctx, w, node.Said[region.SecurityFacts, region.NoWords]{Circle: node.Self, Facts: facts})
		return err
	})
	return err
}

// amiss tells those who can mend it what is wrong with the three administrators.
func (p *Pages) amiss(ctx context.Context) (all []ui.Standing, err error) {
	if !web.May(ctx, region.SecurityWrite) {
		return nil, nil
	}
	var s region.Separation
	var seatless int
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		if s, err = region.SeparationOf(ctx, tx); err != nil {
			return err
		}
		seatless, err = region.Seatless(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	more := ui.Link{Label: web.T(ctx, "people.security.go"), Href: "/security"}
	say := func(key string, args ...any) {
		all = append(all, ui.Standing{Tone: ui.Risk, Title: web.T(ctx, key, args...), Text: web.T(ctx, key+".text"), More: more})
	}
	if s.Rules.Separation {
		if !s.Apart {
			say("people.three.no-security")
		}
		if len(s.Both) > 0 {
			say("people.three.both", "names", strings.Join(s.Both, web.T(ctx, "account.list-comma")))
		}
		if s.Apart && len(s.Held[region.Auditor]) == 0 {
			say("people.three.no-auditor")
		}
	}
	if seatless > 0 && web.ActorOf(ctx).Seat == string(region.Security) {
		say("people.seatless", "n", seatless)
		all[len(all)-1].More = ui.Link{Label: web.T(ctx, "people.title"), Href: "/people"}
	}
	return all, nil
}

// secondOptions are who may be asked for a second factor.
func secondOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: region.SecondNobody, Label: web.T(ctx, "people.security.second.nobody")},
		{Value: region.SecondThree, Label: web.T(ctx, "people.security.second.three")},
		{Value: region.SecondAll, Label: web.T(ctx, "people.security.second.everyone")},
	}
}

// holders are the names of those who hold one of the three seats.
func (d securityData) holders(ctx context.Context, seat region.Seat) string {
	if names := d.State.Held[seat]; len(names) > 0 {
		return strings.Join(names, web.T(ctx, "account.list-comma"))
	}
	return web.T(ctx, "people.three.nobody")
}

func seatName(ctx context.Context, s region.Seat) string { return web.SeatName(lang.Of(ctx), s) }
