package retention

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web/api"
)

// Kept is how long the words of all kinds are kept, and what is over.
type Kept struct {
	Source string `json:"source" doc:"The rule that the entry names; empty: none was set"`
	Kinds  []Kind `json:"kinds"`
	Seen   int64  `json:"seen" doc:"Index of the entry that stands; -1: none. Who sets the rules says which he saw" example:"71"`
	Over   int    `json:"over" doc:"Entries whose words are over, of all kinds" example:"2"`
}

// Set are the rules as they were set.
type Set struct {
	Source string `json:"source"`
	Rules  []Rule `json:"rules"`
	Seen   int64  `json:"seen" doc:"Index of the entry that says so" example:"72"`
}

// Rule is how long the words of a kind are kept.
type Rule struct {
	Kind string `json:"kind" doc:"Without version" example:"plan.report.filed"`
	Days int    `json:"days" minimum:"365" maximum:"36500" example:"3650"`
}

// SetRequest is the body of PUT /retention: all rules as they are to be, and what of them was checked.
type SetRequest struct {
	CheckRequest
	Seen int64 `json:"seen" doc:"Of the check that was read: where other rules were set since, nothing is" example:"71"`
	Over int   `json:"over" minimum:"0" doc:"Of that check: where more would be erased, nothing is set" example:"2"`
}

// CheckRequest is the body of POST /retention/check.
type CheckRequest struct {
	Source string `json:"source" maxLength:"200" doc:"Name of the rule"`
	Rules  []Rule `json:"rules" maxItems:"200"`
}

// API adds the calls.
func API(calls *api.API, n *node.Node, operator []region.KeepRule) {
	p := &pages{n, operator}
	tags := []string{"administration"}
	example := Kept{"机关档案保存办法（演示数据）", []Kind{{Kind: "plan.report.filed", Days: 3650, Held: 812, Oldest: "2022-01-24", Next: "2032-01-22"}}, 71, 0}
	api.Register(calls, api.Slow(huma.Operation{
		OperationID: "read-retention", Method: http.MethodGet, Path: "/retention", Tags: tags, Summary: "How long words are kept (保存期限), and what is over", Responses: api.Example(example),
	}), region.RetentionRead, func(ctx context.Context, _ *struct{}) (*api.Answer[Kept], error) {
		v, err := p.read(ctx)
		return &api.Answer[Kept]{Body: Kept{v.Said, v.Kinds, v.Index, over(v.Kinds)}}, err
	})
	api.Register(calls, api.Slow(huma.Operation{
		OperationID: "check-retention", Method: http.MethodPost, Path: "/retention/check", Tags: tags,
		Summary: "What rules would erase, and when; writes nothing", Responses: api.Example(example),
	}), region.RetentionWrite, func(ctx context.Context, in *struct{ Body CheckRequest }) (*api.Answer[Kept], error) {
		all, err := in.Body.rules(n)
		if err != nil {
			return nil, err
		}
		_, now, err := Rules(ctx, n, operator)
		if err != nil {
			return nil, err
		}
		out, err := kinds(ctx, n, p.with(all), all)
		return &api.Answer[Kept]{Body: Kept{in.Body.Source, out, now.Index, over(out)}}, err
	})
	api.Register(calls, api.Slow(huma.Operation{
		OperationID: "set-retention", Method: http.MethodPut, Path: "/retention", Tags: tags,
		Summary:   "Set how long words are kept, as it was checked; what is over is erased within the hour, for good",
		Responses: api.Example(Set{example.Source, []Rule{{"plan.report.filed", 3650}}, 72}),
	}), region.RetentionWrite, p.setByCall)
}

// setByCall answers with what was set and counts nothing: it is done by then, and must not seem undone for a count that takes long.
func (p *pages) setByCall(ctx context.Context, in *struct{ Body SetRequest }) (*api.Answer[Set], error) {
	all, err := in.Body.rules(p.node)
	if err != nil {
		return nil, err
	}
	req, err := api.Request(ctx, "set-retention", in)
	if err != nil {
		return nil, err
	}
	if err := p.set(ctx, req, all, in.Body.Source, seen{in.Body.Seen, in.Body.Over}); err != nil {
		return nil, err
	}
	_, now, err := Rules(ctx, p.node, nil)
	out := Set{now.Source, []Rule{}, now.Index}
	for _, r := range now.Rules {
		out.Rules = append(out.Rules, Rule(r))
	}
	return &api.Answer[Set]{Body: out}, err
}

// rules reads them, each kind once.
func (c CheckRequest) rules(n *node.Node) ([]region.KeepRule, error) {
	days, twice := map[string]string{}, []error{}
	for _, r := range c.Rules {
		if days[r.Kind] != "" {
			twice = append(twice, refuse.New("region.retention.kind", "kind", r.Kind).At(r.Kind))
		}
		days[r.Kind] = strconv.Itoa(r.Days)
	}
	all, wrong := typedRules(n, days)
	return all, errors.Join(append(twice, wrong...)...)
}
