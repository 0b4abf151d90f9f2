package standin

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// Substitutes are the substitutions that a caller may see, and whom he can name.
type Substitutes struct {
	Substitutes []Substitute `json:"substitutes" doc:"Those that hold or come, the first to begin first"`
	Colleagues  []Colleague  `json:"colleagues" doc:"Whom the caller can name for his own seats"`
}

// Substitute is one substitution.
type Substitute struct {
	ID         string      `json:"id" example:"b-2kq7"`
	Person     string      `json:"person" doc:"Id of who is away"`
	PersonName string      `json:"personName"`
	By         string      `json:"by" doc:"Id of who acts for him"`
	ByName     string      `json:"byName"`
	Org        string      `json:"org"`
	OrgName    string      `json:"orgName"`
	Seat       region.Seat `json:"seat"`
	From       string      `json:"from" example:"2022-06-20" doc:"First day, in Beijing"`
	Until      string      `json:"until" example:"2022-06-24" doc:"Last day, in Beijing"`
	Now        bool        `json:"now" doc:"It holds today"`
}

// Colleague is somebody of the same organisation.
type Colleague struct {
	Person string `json:"person"`
	Name   string `json:"name"`
}

// Named is the answer to a substitution that was arranged.
type Named struct {
	ID string `json:"id"`
}

// Ended is the answer to one that was ended.
type Ended struct {
	Done bool `json:"done"`
}

type nameInput struct {
	Body struct {
		Person string      `json:"person,omitempty" doc:"Who is away; empty: the caller. For others only by who gives seats"`
		By     string      `json:"by" doc:"Who acts for him: a colleague of the same organisation"`
		Org    string      `json:"org" example:"o-2"`
		Seat   region.Seat `json:"seat" enum:"coordinator,leader,reporter,reviewer"`
		From   string      `json:"from" example:"2022-06-20"`
		Until  string      `json:"until" example:"2022-06-24" doc:"Included; at most 93 days"`
	}
}

type endInput struct {
	ID string `path:"id" doc:"Id of the substitution" example:"b-2kq7"`
}

// API adds the calls of substitutes (AB岗).
func API(calls *api.API, n *node.Node) {
	tags := []string{"people"}
	p := pages{n}
	api.Register(calls, huma.Operation{
		OperationID: "list-substitutes", Method: http.MethodGet, Path: "/substitutes", Tags: tags,
		Summary: "Who stands in for whom (AB岗代办): the caller's own, and everybody's for who gives seats",
		Responses: api.Example(Substitutes{[]Substitute{{
			ID: "b-2kq7", Person: "p-tianbao", PersonName: "周禾", By: "p-jtj2", ByName: "林书", Org: "o-2", OrgName: "市交通运输局", Seat: region.Reporter, From: "2022-06-20", Until: "2022-06-24", Now: true,
		}}, []Colleague{{"p-jtj2", "林书"}}}),
	}, region.SubstituteWrite, p.listed)
	api.Register(calls, huma.Operation{
		OperationID: "name-substitute", Method: http.MethodPost, Path: "/substitutes", Tags: tags,
		Summary: "Let a colleague act for the caller, or for another by who gives seats (安排代办)", Responses: api.Example(Named{"b-2kq7"}),
	}, region.SubstituteWrite, p.named)
	api.Register(calls, huma.Operation{
		OperationID: "end-substitute", Method: http.MethodPost, Path: "/substitutes/{id}/end", Tags: tags,
		Summary: "End a substitution early, by either of the two or who gives seats (提前结束代办)", Responses: api.Example(Ended{true}),
	}, region.SubstituteWrite, p.ended)
}

func (p pages) listed(ctx context.Context, _ *struct{}) (*api.Answer[Substitutes], error) {
	actor := web.ActorOf(ctx)
	out := Substitutes{Substitutes: []Substitute{}, Colleagues: []Colleague{}}
	err := p.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.Substitutions(ctx, tx, region.Today(p.node.Now()))
		if err != nil {
			return err
		}
		for _, s := range all {
			if region.May(region.Seat(actor.Seat), region.SeatGive) || s.Person == actor.Person || s.By == actor.Person {
				out.Substitutes = append(out.Substitutes, Substitute{s.ID, s.Person, s.PersonName, s.By, s.ByName, s.Org, s.OrgName, s.Seat, s.From, s.Until, s.Now})
			}
		}
		people, err := region.People(ctx, tx)
		if err != nil {
			return err
		}
		v := view{Person: actor.Person}
		v.fill(people)
		for _, o := range v.Others {
			out.Colleagues = append(out.Colleagues, Colleague{o.ID, o.Name})
		}
		return nil
	})
	return &api.Answer[Substitutes]{Body: out}, err
}

func (p pages) named(ctx context.Context, in *nameInput) (*api.Answer[Named], error) {
	req, err := api.Request(ctx, "name-substitute", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.Person == "" {
		b.Person = req.Actor.Person
	}
	receipt, err := p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		id := "b-" + strings.ToLower(rand.Text()[:12])
		w.Note(id) // sent again, the call is answered with the first one's
		_, err := region.SubstituteNamed.Say(ctx, w, node.Said[region.SubstituteFacts, region.NoWords]{
			Circle: node.Self, Subjects: concerned(b.Person, b.By),
			Facts: region.SubstituteFacts{Substitute: id, Person: b.Person, By: b.By, Org: b.Org, Seat: b.Seat, From: b.From, Until: b.Until},
		})
		return err
	})
	return &api.Answer[Named]{Body: Named{receipt.Note}}, err
}

func (p pages) ended(ctx context.Context, in *endInput) (*api.Answer[Ended], error) {
	req, err := api.Request(ctx, "end-substitute", in)
	if err != nil {
		return nil, err
	}
	_, err = p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		rows, err := w.Tx().Query(ctx, `SELECT person FROM region_substitute WHERE substitute = ?`, in.ID)
		if err != nil {
			return err
		}
		persons, err := store.Column[string](rows)
		if err != nil {
			return err
		}
		if len(persons) == 0 {
			return refuse.New("region.substitute.unknown")
		}
		_, err = region.SubstituteEnded.Say(ctx, w, node.Said[region.SubstituteEndFacts, region.NoWords]{
			Circle: node.Self, Subjects: persons[:1], Facts: region.SubstituteEndFacts{Substitute: in.ID},
		})
		return err
	})
	return &api.Answer[Ended]{Body: Ended{err == nil}}, err
}
