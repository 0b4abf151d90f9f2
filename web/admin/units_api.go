package admin

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// Unit is an organisation of the directory (单位).
type Unit struct {
	ID      string   `json:"id" example:"o-77aa"`
	Name    string   `json:"name" example:"市水利局"`
	Aliases []string `json:"aliases" doc:"Other names by which lists may call it"`
	Side    string   `json:"side" doc:"Code of its member" example:"510900"`
	Group   bool     `json:"group" doc:"Stands for several: 各县（市、区）人民政府"`
	Members []string `json:"members" doc:"Ids of the units of a group"`
	Closed  bool     `json:"closed" doc:"It is no more"`
	Under   string   `json:"under,omitempty" doc:"Id of the unit that it is a section of"`
	Local   bool     `json:"local" doc:"A government below this one"`
	Seen    int64    `json:"seen" doc:"Index of the newest entry on it. Who changes it says which he saw" example:"71"`
}

// Units is the directory.
type Units struct {
	Units []Unit `json:"units"`
}

// UnitRequest is the body of POST /units, and all of the unit as it is to be.
type UnitRequest struct {
	Name    string   `json:"name" maxLength:"60" example:"市水利局"`
	Aliases []string `json:"aliases,omitempty" maxItems:"50"`
	Side    string   `json:"side,omitempty" doc:"Code of its member; empty: this one" example:"510900"`
	Sort    *int     `json:"sort,omitempty" doc:"Place in lists; empty: last, or as it was" minimum:"0" maximum:"1000000"`
	Group   bool     `json:"group,omitempty"`
	Members []string `json:"members,omitempty" maxItems:"500"`
	Closed  bool     `json:"closed,omitempty"`
	Under   string   `json:"under,omitempty"`
	Local   bool     `json:"local,omitempty"`
}

// SetUnitRequest is the body of PUT /units/{unit}.
type SetUnitRequest struct {
	UnitRequest
	Seen int64 `json:"seen" doc:"Of the unit that was read: what somebody else changed since is not replaced" example:"71"`
}

// form is what a page would have sent.
func (u UnitRequest) form(id, own string) orgForm {
	f := orgForm{
		ID: id, Name: strings.TrimSpace(u.Name), Aliases: strings.Join(u.Aliases, "\n"), Side: cmp.Or(u.Side, own),
		Group: u.Group, Members: u.Members, Closed: u.Closed, Under: u.Under, Local: u.Local,
	}
	if u.Sort != nil {
		f.Sort = strconv.Itoa(*u.Sort)
	}
	return f
}

// ImportRequest is the body of POST /units/import.
type ImportRequest struct {
	CSV string `json:"csv" maxLength:"1048576" doc:"Lines of name, aliases and code of the member; the last two may be left out" example:"名称,别名,成员代码\n市水利局,市水务局,510900\n"`
}

// Taken says what an import did.
type Taken struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
}

// unitCalls adds the calls on the directory.
func unitCalls(calls *api.API, p *pages) {
	tags := []string{"administration"}
	example := Unit{ID: "o-77aa", Name: "市水利局", Aliases: []string{"市水务局"}, Side: "510900", Members: []string{}, Seen: 71}
	api.Register(calls, huma.Operation{
		OperationID: "list-units", Method: http.MethodGet, Path: "/units", Tags: tags, Summary: "The directory of units (单位名录)", Responses: api.Example(Units{[]Unit{example}}),
	}, region.OrgWrite, func(ctx context.Context, _ *struct{}) (*api.Answer[Units], error) {
		all, err := p.readOrgs(ctx)
		out := Units{[]Unit{}}
		for _, o := range all {
			out.Units = append(out.Units, unitOf(o))
		}
		return &api.Answer[Units]{Body: out}, err
	})
	type adding struct{ Body UnitRequest }
	api.Register(calls, huma.Operation{
		OperationID: "add-unit", Method: http.MethodPost, Path: "/units", Tags: tags, Summary: "Register a unit (登记单位)", Responses: api.Example(example),
	}, region.OrgWrite, func(ctx context.Context, in *adding) (*api.Answer[Unit], error) {
		f := in.Body.form("", p.node.Member)
		id, err := p.newOrg(ctx, f)
		if err != nil {
			return nil, err
		}
		f.ID = id
		return p.unitSaid(ctx, "add-unit", in, f)
	})
	api.Register(calls, huma.Operation{
		OperationID: "set-unit", Method: http.MethodPut, Path: "/units/{unit}", Tags: tags,
		Summary: "Change a unit: corrections of its name, aliases, place, whether it is no more. A renaming by document is rename-unit", Responses: api.Example(example),
	}, region.OrgWrite, p.setUnit)
	type importing struct{ Body ImportRequest }
	api.Register(calls, huma.Operation{
		OperationID: "import-units", Method: http.MethodPost, Path: "/units/import", Tags: tags, MaxBodyBytes: 2 * mostDirectory,
		Summary: "Take in a file of units, all of it or nothing (导入单位名录)", Responses: api.Example(Taken{3, 1}),
	}, region.OrgWrite, func(ctx context.Context, in *importing) (*api.Answer[Taken], error) {
		req, err := api.Request(ctx, "import-units", in)
		if err != nil {
			return nil, err
		}
		fresh, changed, err := p.takeUnits(ctx, req, []byte(in.Body.CSV))
		return &api.Answer[Taken]{Body: Taken{fresh, changed}}, err
	})
}

func (p *pages) setUnit(ctx context.Context, in *struct {
	Unit string `path:"unit" example:"o-77aa"`
	Body SetUnitRequest
},
) (*api.Answer[Unit], error) {
	all, err := p.readOrgs(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(o region.Org) bool { return o.ID == in.Unit }) {
		return nil, web.ErrNotFound
	}
	f := in.Body.form(in.Unit, p.node.Member)
	f.Seen = strconv.FormatInt(in.Body.Seen, 10)
	if f.Sort == "" {
		if f.Sort, err = p.sortOf(ctx, in.Unit); err != nil {
			return nil, err
		}
	}
	return p.unitSaid(ctx, "set-unit", in, f)
}

func (p *pages) unitSaid(ctx context.Context, operation string, in any, f orgForm) (*api.Answer[Unit], error) {
	req, err := api.Request(ctx, operation, in)
	if err != nil {
		return nil, err
	}
	var receipt node.Receipt
	if receipt, err = p.sayOrg(ctx, req, f); err != nil {
		return nil, err
	}
	all, err := p.readOrgs(ctx)
	at := slices.IndexFunc(all, func(o region.Org) bool { return o.ID == receipt.Note })
	if err != nil || at < 0 {
		return nil, cmp.Or(err, web.ErrNotFound)
	}
	return &api.Answer[Unit]{Body: unitOf(all[at])}, nil
}

func unitOf(o region.Org) Unit {
	return Unit{
		ID: o.ID, Name: o.Name, Aliases: append([]string{}, o.Aliases...), Side: o.Side, Group: o.Group, Members: append([]string{}, o.Members...),
		Closed: o.Closed, Under: o.Under, Local: o.Local, Seen: o.Seen,
	}
}
