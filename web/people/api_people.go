package people

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/web/api"
)

// PersonLine is somebody of the register.
type PersonLine struct {
	Person string       `json:"person" example:"p-1a2b"`
	Name   string       `json:"name"`
	Login  string       `json:"login,omitempty" doc:"What he signs in with; missing before he set a password"`
	State  string       `json:"state" enum:"ready,none,seatless,left" doc:"Can sign in; has set no password; has no seat; has left"`
	Seats  []PersonSeat `json:"seats"`
}

// PersonSeat is a seat with the name of its unit.
type PersonSeat struct {
	Org  string `json:"org" doc:"Id of the unit"`
	Unit string `json:"unit" doc:"Its name"`
	Seat string `json:"seat"`
}

// PersonPage is what stands on a person's page.
type PersonPage struct {
	PersonLine
	Second  bool         `json:"second,omitempty" doc:"He has a second factor that the caller may remove"`
	Guarded bool         `json:"guarded,omitempty" doc:"One of the three administrators: another way in is made for him at the machine only"`
	Handed  []HandedLine `json:"handed" doc:"Handovers that he gave or took"`
}

// HandedLine is a handover with what passed.
type HandedLine struct {
	Org      string          `json:"org"`
	Unit     string          `json:"unit"`
	From     string          `json:"from"`
	FromName string          `json:"fromName"`
	To       string          `json:"to"`
	ToName   string          `json:"toName"`
	Day      string          `json:"day" example:"2022-06-20"`
	Passed   []region.Passed `json:"passed"`
}

// Invited is somebody who was registered or whose way in is made anew, with the link that is his.
type Invited struct {
	Person string `json:"person" example:"p-5ngh2k4x7abc"`
	Path   string `json:"path,omitempty" doc:"Put it behind the site's address and hand it to its owner by another way: whoever has it sets the password. Once, within a day; it is told this once" example:"/link/7KQ…"`
}

// Acted names the person with whom something was done.
type Acted struct {
	Person string `json:"person" example:"p-1a2b"`
}

type onPerson struct {
	Person string `path:"person" example:"p-1a2b"`
}

// personCalls read the register, invite, and see to the ways in.
func (p *Pages) personCalls(calls *api.API) {
	line := PersonLine{"p-1a2b", "张演示", "zhang", stateReady, []PersonSeat{{"o-77aa", "市交通运输局", "reporter"}}}
	add := func(method, id, path, summary, text string, answer any) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: path, Tags: []string{"administration"}, Summary: summary, Description: text, Responses: api.Example(answer),
		}
	}
	const noted = "That it was read stands in the record of sign-ins."
	api.Register(calls, add(http.MethodGet, "people", "/people", "The register: people, their seats and whether they can sign in (人员名册)", noted, Everybody{[]PersonLine{line}}),
		region.PeopleRead, p.peopleCall)
	api.Register(calls, add(http.MethodGet, "person", "/people/{person}", "One person of the register", noted, PersonPage{PersonLine: line, Handed: []HandedLine{}}),
		region.PeopleRead, p.personCall)
	invite := add(http.MethodPost, "register-person", "/people", "Register a person, and make the link by which he sets his password (登记人员并生成链接)",
		"With a first seat, by who may give one. Sent again under its key the call names the person without a link; new-link makes another.", Invited{"p-5ngh2k4x7abc", "/link/7KQ…"})
	invite.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: NewPerson{"张演示", "o-4f", "reporter"}}}}
	api.Register(calls, invite, region.PersonWrite, p.inviteCall)
	api.Register(calls, add(http.MethodPost, "new-link", "/people/{person}/link", "Make another link by which a person sets his password (生成登录链接)",
		"Each call makes another link, and the ones before no longer work. A token makes none for the three administrators.", Invited{"p-1a2b", "/link/7KQ…"}),
		region.PersonWrite, func(ctx context.Context, in *onPerson) (*api.Answer[Invited], error) {
			path, err := p.newLink(ctx, in.Person)
			return &api.Answer[Invited]{Body: Invited{in.Person, path}}, err
		})
	api.Register(calls, add(http.MethodPost, "end-sign-ins", "/people/{person}/end", "End all that a person is signed in with (结束全部登录)",
		"His sessions, tokens and unused links; his password stays. Sent again, it ends what was begun since.", Acted{"p-1a2b"}),
		region.SecurityWrite, func(ctx context.Context, in *onPerson) (*api.Answer[Acted], error) {
			return &api.Answer[Acted]{Body: Acted(*in)}, p.endAll(ctx, in.Person)
		})
	api.Register(calls, add(http.MethodPost, "free-second", "/people/{person}/second", "Remove a person's second factor (解除二次验证)",
		"For who has lost his telephone and his recovery codes; make sure first who it is. A token removes none of the three administrators'.", Acted{"p-1a2b"}),
		region.PersonWrite, func(ctx context.Context, in *onPerson) (*api.Answer[Acted], error) {
			return &api.Answer[Acted]{Body: Acted(*in)}, p.freeSecond(ctx, in.Person)
		})
}

// Everybody is the register.
type Everybody struct {
	People []PersonLine `json:"people"`
}

func (p *Pages) peopleCall(ctx context.Context, _ *struct{}) (*api.Answer[Everybody], error) {
	all, logins, err := p.everybody(ctx)
	if err != nil {
		return nil, err
	}
	out := Everybody{[]PersonLine{}}
	for _, one := range all {
		out.People = append(out.People, lineOf(one, logins[one.ID]))
	}
	return &api.Answer[Everybody]{Body: out}, nil
}

func lineOf(one region.Person, login string) PersonLine {
	return PersonLine{one.ID, one.Name, login, stateOf(one, login), seatLines(one.Seats)}
}

func seatLines(held []region.SeatAt) []PersonSeat {
	all := []PersonSeat{}
	for _, s := range held {
		all = append(all, PersonSeat{s.Org, s.OrgName, string(s.Seat)})
	}
	return all
}

func (p *Pages) personCall(ctx context.Context, in *onPerson) (*api.Answer[PersonPage], error) {
	d, err := p.shown(ctx, in.Person)
	if err == nil {
		err = p.noteRead(ctx)
	}
	if err != nil {
		return nil, err
	}
	out := PersonPage{PersonLine: lineOf(d.Person, d.Login), Handed: []HandedLine{}}
	if d.May {
		out.Second, out.Guarded = d.Second && !d.Guarded, d.Guarded
	}
	for _, h := range d.Handed {
		out.Handed = append(out.Handed, HandedLine{h.Org, h.OrgName, h.Person, h.PersonName, h.To, h.ToName, h.Day, h.Passed})
	}
	return &api.Answer[PersonPage]{Body: out}, nil
}

func (p *Pages) inviteCall(ctx context.Context, in *struct{ Body NewPerson }) (*api.Answer[Invited], error) {
	req, err := api.Request(ctx, "register-person", in)
	if err != nil {
		return nil, err
	}
	said := in.Body
	if err := seatByToken(ctx, said.Seat); err != nil {
		return nil, err
	}
	id := newPerson()
	receipt, err := p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		w.Note(id)
		return enterWith(ctx, w, id, said)
	})
	out := Invited{Person: receipt.Note}
	if err == nil && !receipt.Again { // a link is told once: who repeats the call asks for another
		out.Path, err = p.newLink(ctx, out.Person)
	}
	return &api.Answer[Invited]{Body: out}, err
}

// enterWith puts a person into the register, with his first seat where one is named.
func enterWith(ctx context.Context, w *node.Writing, id string, said NewPerson) error {
	name := strings.TrimSpace(said.Name)
	if said.Org == "" && said.Seat == "" {
		return enter(ctx, w, id, name)
	}
	return enterAt(ctx, w, id, name, said.Org, said.Seat)
}
