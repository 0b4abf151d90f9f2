package people

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web/api"
)

// SeatRequest names a seat of a person.
type SeatRequest struct {
	Org  string `json:"org" doc:"Id of the unit" example:"o-77aa"`
	Seat string `json:"seat" doc:"Which seat" example:"reporter"`
}

// Seated says which seats a person has now.
type Seated struct {
	Person string        `json:"person" example:"p-1a2b"`
	Seats  []SeatRequest `json:"seats"`
}

type seating struct {
	Person string `path:"person" example:"p-1a2b"`
	Body   SeatRequest
}

// seatCalls adds the calls that give and take seats.
func (p *Pages) seatCalls(calls *api.API) {
	example := api.Example(Seated{"p-1a2b", []SeatRequest{{"o-77aa", "reporter"}}})
	api.Register(calls, huma.Operation{
		OperationID: "give-seat", Method: http.MethodPost, Path: "/people/{person}/seats", Tags: []string{"administration"}, Summary: "Give a person a seat (授予席位)", Responses: example,
	}, region.SeatGive, func(ctx context.Context, in *seating) (*api.Answer[Seated], error) {
		if err := seatByToken(ctx, in.Body.Seat); err != nil {
			return nil, err
		}
		return p.seats(ctx, "give-seat", in.Person, in, func(ctx context.Context, w *node.Writing) error {
			return giveSeat(ctx, w, in.Person, in.Body.Org, in.Body.Seat)
		})
	})
	api.Register(calls, huma.Operation{
		OperationID: "take-seat", Method: http.MethodPost, Path: "/people/{person}/seats/take", Tags: []string{"administration"}, Summary: "Take a seat from a person (收回席位)", Responses: example,
	}, region.SeatGive, func(ctx context.Context, in *seating) (*api.Answer[Seated], error) {
		return p.seats(ctx, "take-seat", in.Person, in, func(ctx context.Context, w *node.Writing) error {
			return takeSeat(ctx, w, in.Person, region.SeatAt{Org: in.Body.Org, Seat: region.Seat(in.Body.Seat)})
		})
	})
}

// seats does what changes a person's seats, and answers with those he has then.
func (p *Pages) seats(ctx context.Context, operation, person string, in any, act node.Act) (*api.Answer[Seated], error) {
	req, err := api.Request(ctx, operation, in)
	if err != nil {
		return nil, err
	}
	out := Seated{person, []SeatRequest{}}
	if _, err = p.node.Write(ctx, req, act); err != nil {
		return nil, err
	}
	var held []region.SeatAt
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		held, err = region.SeatsOf(ctx, tx, person)
		return err
	})
	for _, s := range held {
		out.Seats = append(out.Seats, SeatRequest{s.Org, string(s.Seat)})
	}
	return &api.Answer[Seated]{Body: out}, err
}
