package people

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/web/api"
)

// NewPerson is somebody who is to be registered.
type NewPerson struct {
	Name string `json:"name" minLength:"1"`
	Org  string `json:"org,omitempty" doc:"Organisation of his first seat; who may give none leaves it out" example:"o-4f"`
	Seat string `json:"seat,omitempty" doc:"administrator, security, coordinator, leader, reporter, reviewer, reader or auditor" example:"reporter"`
}

// Registered is somebody who was registered.
type Registered struct {
	Person string `json:"person" doc:"His id, which stays" example:"p-5ngh2k4x7abc"`
}

// manyCalls register people.
func (p *Pages) manyCalls(calls *api.API) {
	api.Register(calls, huma.Operation{
		OperationID: "register-people", Method: http.MethodPost, Path: "/bulk/people", Tags: []string{"node"}, MaxBodyBytes: api.MostManyBytes,
		Summary: "Register people, with their first seats (人员登记)",
		Description: "All of them, or none where one is wrong (api.rows-refused); with partial=true the good ones. At most 500. Seats are given by who may: where there is a security " +
			"administrator, the administrator registers and he gives the seats. The links by which they set their passwords are made one by one, by new-link.",
		RequestBody: &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: map[string]any{
			"people": []NewPerson{{"张演示", "o-4f", "reporter"}},
		}}}},
		Responses: api.Example(api.Many[Registered]{Done: 1, Rows: []api.Did[Registered]{{Answer: &Registered{"p-5ngh2k4x7abc"}}}}),
	}, region.PersonWrite, p.registerMany)
}

func (p *Pages) registerMany(ctx context.Context, in *struct {
	api.Partial
	Body struct {
		People []NewPerson `json:"people" minItems:"1" maxItems:"500"`
	}
},
) (*api.Answer[api.Many[Registered]], error) {
	rows := make([]api.Row[Registered], len(in.Body.People))
	for i, said := range in.Body.People {
		refused := seatByToken(ctx, said.Seat)
		rows[i] = api.Row[Registered]{Print: said, Do: func(ctx context.Context, req node.Request) (Registered, error) {
			if refused != nil {
				return Registered{}, refused
			}
			receipt, err := p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
				id := newPerson()
				w.Note(id)
				return enterWith(ctx, w, id, said)
			})
			return Registered{receipt.Note}, err
		}}
	}
	return api.Each(ctx, p.node, "register-people", in.Partial.Partial, rows, func(err error) error { return err })
}
