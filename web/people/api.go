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

// Rules are the rules of safety (安全策略).
type Rules struct {
	Separation bool   `json:"separation" doc:"No person holds two of the three administrators' seats"`
	Second     string `json:"second" enum:",three,everyone" doc:"Who needs a second factor: nobody, the three administrators or everyone"`
	Password   int    `json:"password" doc:"Characters that a new password has at least, 10 to 64" example:"10"`
	Idle       int    `json:"idle" doc:"Hours without a request after which a session ends, 1 to 12" example:"12"`
	Most       int    `json:"most" doc:"Days after which it ends whatever was done, 1 to 7" example:"7"`
}

// Safety is the rules as they stand, and how the three administrators are.
type Safety struct {
	Rules
	Apart bool `json:"apart" doc:"There is a security administrator: seats are his to give"`
	May   bool `json:"may" doc:"The caller may set the rules now"`
}

// API adds the calls on people, their seats, and the rules of safety.
func (p *Pages) API(calls *api.API) {
	p.personCalls(calls)
	p.handCalls(calls)
	p.manyCalls(calls)
	p.seatCalls(calls)
	rules := Rules{Separation: true, Second: region.SecondThree, Password: 12, Idle: 8, Most: 5}
	api.Register(calls, huma.Operation{
		OperationID: "security", Method: http.MethodGet, Path: "/security", Tags: []string{"node"}, Summary: "The rules of safety (安全策略)",
		Responses: api.Example(Safety{rules, true, true}),
	}, region.SecurityWrite, p.safetyCall)
	api.Register(calls, huma.Operation{
		OperationID: "set-security", Method: http.MethodPost, Path: "/security", Tags: []string{"node"}, Summary: "Set the rules of safety (设定安全策略)",
		RequestBody: &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: rules}}}, Responses: api.Example(Safety{rules, true, true}),
	}, region.SecurityWrite, p.setSafetyCall)
}

func (p *Pages) safetyCall(ctx context.Context, _ *struct{}) (*api.Answer[Safety], error) {
	var s Safety
	err := p.node.Store.Read(ctx, func(tx *store.Tx) error {
		now, err := region.SeparationOf(ctx, tx)
		if err != nil {
			return err
		}
		s.Rules, s.Apart = Rules(now.Rules), now.Apart
		s.May, err = region.MayAuthorise(ctx, tx, region.Seat(web.ActorOf(ctx).Seat))
		return err
	})
	return &api.Answer[Safety]{Body: s}, err
}

func (p *Pages) setSafetyCall(ctx context.Context, in *struct{ Body Rules }) (*api.Answer[Safety], error) {
	req, err := api.Request(ctx, "set-security", in)
	if err != nil {
		return nil, err
	}
	if err := p.setRules(ctx, req, region.SecurityFacts(in.Body)); err != nil {
		return nil, err
	}
	return p.safetyCall(ctx, nil)
}
