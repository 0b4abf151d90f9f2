package people

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// HandOver is what hangs on somebody who leaves or moves, as it is counted now.
type HandOver struct {
	Person string        `json:"person" example:"p-1a2b"`
	Name   string        `json:"name"`
	Seen   string        `json:"seen" doc:"Mark of what was counted: send it with the act" example:"9f86d081884c7d65"`
	Seats  bool          `json:"seats" doc:"The caller may give seats: with along=true who takes over gets those that he lacks"`
	Units  []UnitLeaving `json:"units"`
}

// UnitLeaving is what is left behind in one unit.
type UnitLeaving struct {
	Org   string     `json:"org" example:"o-77aa"`
	Unit  string     `json:"unit"`
	Seats []SeatLeft `json:"seats"`
	Held  []Held     `json:"held"`
	Heirs []Named    `json:"heirs" doc:"Colleagues who may take over; where there are some, the act says who does"`
}

// SeatLeft is a seat that is given up.
type SeatLeft struct {
	Seat    string `json:"seat"`
	Waiting int    `json:"waiting" doc:"Matters that wait for it"`
	Others  bool   `json:"others" doc:"Somebody else of the unit holds it too"`
}

// Held is something that hangs on the person.
type Held struct {
	What string `json:"what" example:"drafts"`
	N    int    `json:"n"`
	Fate string `json:"fate" enum:"passes,ends,stays" doc:"Goes to who takes over; ends; is the unit's"`
}

// Named is a person with his name.
type Named struct {
	Person string `json:"person"`
	Name   string `json:"name"`
}

// HandRequest says who takes over.
type HandRequest struct {
	To    map[string]Heir `json:"to,omitempty" doc:"By unit. A refusal names it to-UNIT or phone-UNIT"`
	Along bool            `json:"along,omitempty" doc:"Who takes over gets the seats that he lacks, but the three administrators'; where the caller may give seats"`
	Seen  string          `json:"seen" minLength:"1" doc:"Mark of what was counted; where it has changed, nothing is done (409)"`
}

func (h HandRequest) handing() handing { return handing(h) }

// MoveRequest says where somebody goes.
type MoveRequest struct {
	SeatRequest
	HandRequest
}

// handCalls count what hangs on a person, and hand it over.
func (p *Pages) handCalls(calls *api.API) {
	counted := HandOver{"p-1a2b", "张演示", "9f86d081884c7d65", true, []UnitLeaving{{
		"o-77aa", "市交通运输局", []SeatLeft{{"reporter", 3, false}}, []Held{{"drafts", 2, "passes"}}, []Named{{"p-3c4d", "李演示"}},
	}}}
	to := HandRequest{map[string]Heir{"o-77aa": {Person: "p-3c4d"}}, true, counted.Seen}
	op := func(method, id, path, summary string, in, out any) huma.Operation {
		o := huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"administration"}, Summary: summary, Responses: api.Example(out)}
		if in != nil {
			o.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: in}}}
		}
		return o
	}
	api.Register(calls, op(http.MethodGet, "check-move", "/people/{person}/move", "Count what hangs on a person who moves (调动前清点)", nil, counted),
		region.SeatGive, func(ctx context.Context, in *onPerson) (*api.Answer[HandOver], error) {
			return p.countCall(ctx, in.Person, false)
		})
	api.Register(calls, op(http.MethodPost, "move-person", "/people/{person}/move", "Move a person to another unit: his work is handed over, his seats are taken, he gets one there (调动)",
		MoveRequest{SeatRequest{"o-4f", "reporter"}, to}, Seated{"p-1a2b", []SeatRequest{{"o-4f", "reporter"}}}), region.SeatGive, p.moveCall)
	api.Register(calls, op(http.MethodGet, "check-leave", "/people/{person}/leave", "Count what hangs on a person who leaves (离岗前清点)", nil, counted),
		region.PersonWrite, func(ctx context.Context, in *onPerson) (*api.Answer[HandOver], error) {
			return p.countCall(ctx, in.Person, true)
		})
	api.Register(calls, op(http.MethodPost, "leave-person", "/people/{person}/leave", "A person leaves: his work is handed over, his seats end (离岗)", to, Acted{"p-1a2b"}),
		region.PersonWrite, p.leaveCall)
}

func (p *Pages) countCall(ctx context.Context, person string, leaves bool) (*api.Answer[HandOver], error) {
	d, err := p.shown(ctx, person)
	if err == nil && d.Left {
		err = web.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	all, seen, err := p.readLeaving(ctx, person, leaves, handing{})
	if err != nil {
		return nil, err
	}
	out := HandOver{Person: d.ID, Name: d.Name, Seen: seen, Units: []UnitLeaving{}}
	err = p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		out.Seats, err = region.MayAuthorise(ctx, tx, region.Seat(web.ActorOf(ctx).Seat))
		return err
	})
	for _, l := range all {
		out.Units = append(out.Units, l.counted())
	}
	return &api.Answer[HandOver]{Body: out}, err
}

func (l leaving) counted() UnitLeaving {
	u := UnitLeaving{Org: l.Org, Unit: l.OrgName, Seats: []SeatLeft{}, Held: []Held{}, Heirs: []Named{}}
	for _, s := range l.Seats {
		u.Seats = append(u.Seats, SeatLeft{string(s.Seat), s.Waiting, s.Others})
	}
	for _, h := range l.Held {
		u.Held = append(u.Held, Held{h.What, h.N, string(h.Fate)})
	}
	for _, o := range l.Others {
		u.Heirs = append(u.Heirs, Named{o.ID, o.Name})
	}
	return u
}

func (p *Pages) moveCall(ctx context.Context, in *struct {
	Person string `path:"person"`
	Body   MoveRequest
},
) (*api.Answer[Seated], error) {
	to := in.Body
	if err := seatByToken(ctx, to.Seat); err != nil {
		return nil, err
	}
	return p.seats(ctx, "move-person", in.Person, in, p.moving(p.accounts.As(ctx), in.Person, to.Org, to.Seat, to.handing()))
}

func (p *Pages) leaveCall(ctx context.Context, in *struct {
	Person string `path:"person"`
	Body   HandRequest
},
) (*api.Answer[Acted], error) {
	req, err := api.Request(ctx, "leave-person", in)
	if err == nil {
		_, err = p.node.Write(ctx, req, p.leavingAct(p.accounts.As(ctx), in.Person, in.Body.handing()))
	}
	return &api.Answer[Acted]{Body: Acted{in.Person}}, err
}
