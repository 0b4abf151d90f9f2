package admin

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web/api"
)

// State says whether the node writes.
type State struct {
	Reading string   `json:"reading,omitempty" doc:"Why it only reads; none: it writes" example:"restored"`
	Answers []string `json:"answers" doc:"What neighbours said last of this member's books, a line for each"`
	Told    bool     `json:"told" doc:"Every neighbour answered, and none knows more than stands here"`
}

// Circle is some members that share what they say in it (圈).
type Circle struct {
	Circle  string   `json:"circle" example:"suitong"`
	Name    string   `json:"name" example:"遂潼一体化"`
	Members []string `json:"members" doc:"GB/T 2260 codes" example:"500152"`
}

// Circles are those in which this member keeps a book.
type Circles struct {
	Circles []Circle `json:"circles"`
	Known   []Circle `json:"known" doc:"Of the region, not opened here yet"`
}

func circlesOf(all []region.Circle) []Circle {
	out := []Circle{}
	for _, c := range all {
		out = append(out, Circle{c.ID, c.Name, append([]string{}, c.Members...)})
	}
	return out
}

// API adds the calls on the node itself and on its directory.
func API(calls *api.API, n *node.Node, neighbours Neighbours) {
	p := &pages{node: n, neighbours: neighbours}
	unitCalls(calls, p)
	api.Register(calls, huma.Operation{
		OperationID: "list-circles", Method: http.MethodGet, Path: "/circles", Tags: []string{"administration"}, Summary: "The circles in which this member keeps a book (圈), and those that the design knows",
		Responses: api.Example(Circles{Circles: []Circle{{"suitong", "遂潼一体化", []string{"500152", "510900"}}}, Known: []Circle{}}),
	}, region.CircleOpen, p.circlesCall)
	api.Register(calls, huma.Operation{
		OperationID: "node-state", Method: http.MethodGet, Path: "/node/state", Tags: []string{"node"}, Summary: "Whether the node writes, and why not",
		Responses: api.Example(State{Reading: "restored", Answers: []string{"500152 knows 510900/suitong to 812"}, Told: true}),
	}, region.ClockConfirm, p.stateCall)
	api.Register(calls, huma.Operation{
		OperationID: "resume-node", Method: http.MethodPost, Path: "/node/resume", Tags: []string{"node"}, Summary: "Let a node that only reads write again (恢复写入)",
		Description: "Either on the statement that nothing was published beyond the heads that stand here, or because every neighbour says so when it is asked now. As `liandong resume`.",
		Responses:   api.Example(State{Answers: []string{}}),
	}, region.NodeResume, p.resumeCall)
}

func (p *pages) circlesCall(ctx context.Context, _ *struct{}) (*api.Answer[Circles], error) {
	var all []region.Circle
	err := p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = region.CirclesOf(ctx, tx, p.node.Member)
		return err
	})
	return &api.Answer[Circles]{Body: Circles{circlesOf(all), circlesOf(region.KnownBut(all))}}, err
}

func (p *pages) stateCall(ctx context.Context, _ *struct{}) (*api.Answer[State], error) {
	s := State{Answers: []string{}}
	err := p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if s.Reading, err = node.Reading(ctx, tx); err != nil || s.Reading == "" || p.neighbours.Answers == nil {
			return err
		}
		a, err := p.neighbours.Answers(ctx, tx)
		s.Answers, s.Told = append(s.Answers, a.Lines...), a.Complete
		return err
	})
	return &api.Answer[State]{Body: s}, err
}

func (p *pages) resumeCall(ctx context.Context, in *struct {
	Body struct {
		Reason      string `json:"reason" minLength:"1"`
		Unpublished bool   `json:"unpublished,omitempty" doc:"Nothing was published beyond the heads that stand here"`
		Ask         bool   `json:"ask,omitempty" doc:"Ask the neighbours now"`
	}
},
) (*api.Answer[State], error) {
	b := in.Body
	req, err := api.Request(ctx, "resume-node", in)
	if err != nil {
		return nil, err
	}
	if err := p.resumes(ctx, req, strings.TrimSpace(b.Reason), b.Unpublished, b.Ask); err != nil {
		return nil, err
	}
	return p.stateCall(ctx, nil)
}

// resumes lets the node write, on a statement or on what neighbours say. Refused: admin.resume.unstated.
func (p *pages) resumes(ctx context.Context, req node.Request, reason string, unpublished, ask bool) error {
	switch {
	case unpublished:
		_, err := p.node.Resume(ctx, req, reason)
		return err
	case ask && p.neighbours.Resume != nil:
		return p.neighbours.Resume(ctx, req, reason)
	}
	return refuse.New("admin.resume.unstated").At("unpublished")
}
