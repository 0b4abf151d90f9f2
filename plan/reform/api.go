package reform

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// RenameRequest is the body of POST /units/{unit}/rename.
type RenameRequest struct {
	Name     string `json:"name" example:"市交通局"`
	Day      string `json:"day,omitempty" doc:"The first on which it is called so; empty: today" example:"2022-05-01"`
	Document string `json:"document,omitempty" maxLength:"2000" example:"遂委〔2022〕7号"`
}

// Renamed is the unit with its name.
type Renamed struct {
	Unit string `json:"unit" example:"o-77aa"`
	Name string `json:"name" example:"市交通局"`
}

// MergeRequest is the body of POST /units/{unit}/merge: that unit ends.
type MergeRequest struct {
	Also     []string   `json:"also,omitempty" doc:"Ids of other units that end with it" maxItems:"49"`
	Into     string     `json:"into,omitempty" doc:"Id of the unit that goes on; empty: a new one"`
	NewName  string     `json:"newName,omitempty" doc:"What the new one is called"`
	Day      judge.Date `json:"day,omitempty" doc:"Empty: today" example:"2022-05-01"`
	Document string     `json:"document" example:"遂委〔2022〕7号"`
	Note     string     `json:"note,omitempty"`
}

func (m MergeRequest) merging(unit string, today judge.Date) plan.UnitMerging {
	u := plan.UnitMerging{
		From: []string{unit}, Into: m.Into, NewName: strings.TrimSpace(m.NewName), Day: m.Day, Document: strings.TrimSpace(m.Document), Note: strings.TrimSpace(m.Note),
	}
	if u.Day == "" {
		u.Day = today
	}
	for _, also := range m.Also {
		if !slices.Contains(u.From, also) {
			u.From = append(u.From, also)
		}
	}
	return u
}

// Merged names the unit that goes on.
type Merged struct {
	Unit string `json:"unit" example:"o-55bb"`
}

type merging struct {
	Unit string `path:"unit" example:"o-77aa"`
	Body MergeRequest
}

// History is what reform made of a unit, and what the unit itself did.
type History struct {
	Unit   string          `json:"unit" example:"o-77aa"`
	Names  []Former        `json:"names" doc:"Names that it had, the newest first"`
	From   []Passed        `json:"from" doc:"Units whose work it does"`
	Into   *Passed         `json:"into,omitempty" doc:"The unit that does its work; none: it goes on, or was merged into none"`
	Record plan.UnitRecord `json:"record"`
}

// Former is a name that a unit had.
type Former struct {
	Name     string `json:"name" doc:"Empty: its words were erased" example:"市水务局"`
	Until    string `json:"until,omitempty" doc:"First day of the next name; none: it was not said" example:"2022-05-01"`
	Document string `json:"document,omitempty"`
}

// Passed is the unit at the other end of a merging.
type Passed struct {
	Unit     string `json:"unit"`
	Name     string `json:"name"`
	Day      string `json:"day,omitempty"`
	Document string `json:"document,omitempty"`
	Note     string `json:"note,omitempty"`
}

func passed(p region.Passing) Passed { return Passed{p.Org, p.Name, p.Day, p.Document, p.Note} }

// API adds the calls.
func API(calls *api.API, d *plan.Desk) {
	p, tags := pages{d}, []string{"administration"}
	api.Register(calls, huma.Operation{
		OperationID: "unit-history", Method: http.MethodGet, Path: "/units/{unit}/history", Tags: tags, Summary: "Former names of a unit, what it was merged with, and what it did itself (沿革)",
		Responses: api.Example(History{Unit: "o-77aa", Names: []Former{{Name: "市水务局", Until: "2022-05-01"}}, From: []Passed{}}),
	}, region.OrgWrite, p.historyCall)
	api.Register(calls, huma.Operation{
		OperationID: "rename-unit", Method: http.MethodPost, Path: "/units/{unit}/rename", Tags: tags, Summary: "Rename a unit (更名): the former name stays an alias",
		Responses: api.Example(Renamed{"o-77aa", "市交通局"}),
	}, region.OrgWrite, p.renameCall)
	api.Register(calls, huma.Operation{
		OperationID: "check-merge", Method: http.MethodPost, Path: "/units/{unit}/merge/check", Tags: tags, Summary: "Count what would pass if units were merged; writes nothing",
		Responses: api.Example(plan.Passes{Leads: 12, Slips: 1, Seats: 3, People: 2}),
	}, region.OrgMerge, func(ctx context.Context, in *merging) (*api.Answer[plan.Passes], error) {
		m := in.Body.merging(in.Unit, d.Today())
		if err := p.known(ctx, in.Unit); err != nil {
			return nil, err
		}
		if err := d.MergeFits(ctx, m); err != nil {
			return nil, err
		}
		passes, err := d.Passing(ctx, m.From)
		return &api.Answer[plan.Passes]{Body: passes}, err
	})
	api.Register(calls, huma.Operation{
		OperationID: "merge-units", Method: http.MethodPost, Path: "/units/{unit}/merge", Tags: tags, Summary: "Merge units (撤并): all their open work passes, in one step",
		Responses: api.Example(Merged{"o-55bb"}),
	}, region.OrgMerge, func(ctx context.Context, in *merging) (*api.Answer[Merged], error) {
		if err := p.known(ctx, in.Unit); err != nil {
			return nil, err
		}
		req, err := api.Request(ctx, "merge-units", in)
		if err != nil {
			return nil, err
		}
		into, err := d.MergeUnits(ctx, req, in.Body.merging(in.Unit, d.Today()))
		return &api.Answer[Merged]{Body: Merged{into}}, err
	})
}

func (p pages) historyCall(ctx context.Context, in *struct {
	Unit string `path:"unit" example:"o-77aa"`
},
) (*api.Answer[History], error) {
	if err := p.known(ctx, in.Unit); err != nil {
		return nil, err
	}
	out := History{Unit: in.Unit, Names: []Former{}, From: []Passed{}}
	err := p.desk.Node().Store.Read(ctx, func(tx *store.Tx) error {
		past, err := region.PastOf(ctx, tx, in.Unit)
		for _, n := range past.Names {
			out.Names = append(out.Names, Former{n.Name, n.Until, n.Document})
		}
		for _, f := range past.From {
			out.From = append(out.From, passed(f))
		}
		if past.Into != nil {
			into := passed(*past.Into)
			out.Into = &into
		}
		return err
	})
	if err == nil {
		out.Record, err = p.desk.RecordOf(ctx, in.Unit)
	}
	return &api.Answer[History]{Body: out}, err
}

func (p pages) renameCall(ctx context.Context, in *struct {
	Unit string `path:"unit" example:"o-77aa"`
	Body RenameRequest
},
) (*api.Answer[Renamed], error) {
	if err := p.known(ctx, in.Unit); err != nil {
		return nil, err
	}
	req, err := api.Request(ctx, "rename-unit", in)
	if err != nil {
		return nil, err
	}
	to := region.Renaming{Org: in.Unit, Name: strings.TrimSpace(in.Body.Name), Day: in.Body.Day, Document: in.Body.Document}
	if to.Day == "" {
		to.Day = string(p.desk.Today())
	}
	_, err = p.desk.Node().Write(ctx, req, func(ctx context.Context, w *node.Writing) error { return region.Rename(ctx, w, to) })
	return &api.Answer[Renamed]{Body: Renamed{to.Org, to.Name}}, err
}

// known refuses a unit that there is none of.
func (p pages) known(ctx context.Context, unit string) error {
	return p.desk.Node().Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.Orgs(ctx, tx)
		if err == nil && !slices.ContainsFunc(all, func(o region.Org) bool { return o.ID == unit }) {
			err = web.ErrNotFound
		}
		return err
	})
}
