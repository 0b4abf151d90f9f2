package people

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
)

func (p *Pages) askMove(w http.ResponseWriter, r *http.Request) error {
	d, err := p.leaver(r, false)
	if err != nil {
		return err
	}
	if d.Left {
		return web.ErrNotFound
	}
	return web.Show(w, r, moveView(d))
}

// move 调动: his work is handed over, all his seats are taken, and he gets one for another organisation; his sessions and tokens end, his
// account stays. All of it or nothing.
func (p *Pages) move(w http.ResponseWriter, r *http.Request) error {
	ctx, person, h := r.Context(), r.PathValue("person"), handingOf(r)
	org, seat := r.PostFormValue("org"), r.PostFormValue("seat")
	_, err := p.say(r, "move\n"+org+"\n"+seat+h.print(), p.moving(p.accounts.As(ctx), person, org, seat, h))
	if _, refused := refuse.As(err); refused {
		return p.askedAgain(w, r, err, false, moveView)
	}
	return p.done(w, r, err, "people.moved")
}

// moving is the act of it. asked is who signs him out.
func (p *Pages) moving(asked context.Context, person, org, seat string, h handing) node.Act {
	return func(ctx context.Context, w *node.Writing) error {
		if _, err := stillHere(ctx, w, person); err != nil {
			return err
		}
		left, err := p.handOver(ctx, w, person, h, false)
		if err != nil {
			return err
		}
		for _, l := range left {
			for _, s := range l.Seats {
				if err := takeSeat(ctx, w, person, s.SeatAt); err != nil {
					return err
				}
			}
		}
		if err := giveSeat(ctx, w, person, org, seat); err != nil {
			return err
		}
		return p.accounts.EndAllIn(context.WithoutCancel(asked), w.Tx(), person)
	}
}

// stillHere is somebody of the register who has not left.
func stillHere(ctx context.Context, w *node.Writing, person string) (region.Person, error) {
	all, err := region.People(ctx, w.Tx())
	if err != nil {
		return region.Person{}, err
	}
	at := slices.IndexFunc(all, func(p region.Person) bool { return p.ID == person && !p.Left })
	if at < 0 {
		return region.Person{}, web.ErrNotFound
	}
	return all[at], nil
}

// leaver is somebody with what hangs on him.
func (p *Pages) leaver(r *http.Request, leaves bool) (d single, err error) {
	if d, err = p.single(r, r.PathValue("person")); err != nil {
		return d, err
	}
	d.Along = r.Method == http.MethodGet || r.PostFormValue("along") == "yes"
	d.Leaving, d.Seen, err = p.readLeaving(r.Context(), d.ID, leaves, handingOf(r))
	return d, err
}

// askedAgain shows the question again, with what hangs on him now, what was typed, and what was wrong.
func (p *Pages) askedAgain(w http.ResponseWriter, r *http.Request, why error, leaves bool, view func(single) templ.Component) error {
	d, err := p.leaver(r, leaves)
	if err != nil {
		return err
	}
	d.Give.Errors, _ = web.FieldErrors(r.Context(), why)
	return web.ShowStatus(w, r, web.Translate(r.Context(), why).Status, view(d))
}

func (p *Pages) askLeave(w http.ResponseWriter, r *http.Request) error {
	d, err := p.leaver(r, true)
	if err != nil {
		return err
	}
	if d.Left {
		return web.ErrNotFound
	}
	return web.Show(w, r, leaveView(d))
}

// leave 离岗: his work is handed over; he keeps his name in what he did and can no longer sign in for any seat. All of it or nothing.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request) error {
	h := handingOf(r)
	_, err := p.say(r, "leave"+h.print(), p.leavingAct(p.accounts.As(r.Context()), r.PathValue("person"), h))
	if _, refused := refuse.As(err); refused {
		return p.askedAgain(w, r, err, true, leaveView)
	}
	return p.done(w, r, err, "people.left-done")
}

// leavingAct is the act of it. asked is who signs him out.
func (p *Pages) leavingAct(asked context.Context, person string, h handing) node.Act {
	return func(ctx context.Context, w *node.Writing) error {
		who, err := stillHere(ctx, w, person)
		if err != nil {
			return err
		}
		for _, s := range who.Seats {
			if err := keepAdministrator(ctx, w.Tx(), person, s); err != nil {
				return err
			}
		}
		if _, err := p.handOver(ctx, w, person, h, true); err != nil {
			return err
		}
		_, err = region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
			Circle: node.Self, Facts: region.PersonFacts{Person: person, Left: true}, Words: &region.PersonWords{Name: who.Name},
		})
		if err != nil {
			return err
		}
		return p.accounts.EndAllIn(context.WithoutCancel(asked), w.Tx(), person)
	}
}

// takeSeat takes a seat, but the last administrator's.
func takeSeat(ctx context.Context, w *node.Writing, person string, s region.SeatAt) error {
	if err := keepAdministrator(ctx, w.Tx(), person, s); err != nil {
		return err
	}
	_, err := region.SeatTaken.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
		Circle: node.Self, Facts: region.SeatFacts{Person: person, Org: s.Org, Seat: s.Seat},
	})
	return err
}

// end 结束登录. POST /people/{person}/end
func (p *Pages) end(w http.ResponseWriter, r *http.Request) error {
	return p.done(w, r, p.endAll(r.Context(), r.PathValue("person")), "people.ended")
}
