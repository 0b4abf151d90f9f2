package api

import (
	"context"
	"maps"

	"liandong/plan"
	"liandong/region"
	"liandong/web/api"
)

// meetingGroups are the calls that set up a working group (专班), change it and end it.
func (c *calls) meetingGroups() {
	body := map[string]any{"name": "交通专班", "orgs": []string{"o-2", "o-3"}, "duties": "统筹交通项目"}
	api.Register(c.api, get("group", "/groups/{id}", "One working group with its contacts and its history", plan.Group{
		ID: "g-1@510900", Ours: true, By: "遂宁市", Convener: "市发展改革委", Units: []plan.MeetingUnit{{Who: "o-2", Name: "市交通运输局"}}, Plans: []string{}, Since: "2022-06-02",
		Words: plan.GroupWords{Name: "交通专班"}, Contacts: []plan.Contact{{Unit: "市交通运输局", Name: "演示联络员"}}, History: []plan.GroupHappened{}, Book: "510900/self", Index: 12,
	}), region.MeetingRead, c.group)
	api.Register(c.api, post("set-up-group", "/groups", "Set up a working group (成立专班)", body, setGroup{"g-1@510900"}), region.PlanMeeting, c.setUpGroup)
	changed := maps.Clone(body)
	changed["reason"] = "增补成员单位"
	api.Register(c.api, post("change-group", "/groups/{id}", "Say anew who belongs to a working group and what it is for (调整专班)", changed, setGroup{"g-1@510900"}), region.PlanMeeting, c.changeGroup)
	api.Register(c.api, post("set-contacts", "/groups/{id}/contacts", "All contacts of a working group, anew (专班联络员)",
		map[string]any{"contacts": []map[string]any{{"unit": "市交通运输局", "name": "演示联络员", "phone": "13900000001"}}}, done{true}), region.PlanMeeting, c.setContacts)
	api.Register(c.api, post("dissolve-group", "/groups/{id}/dissolve", "Dissolve a working group; what it decided stays (撤销专班)",
		map[string]any{"reason": "任务完成"}, done{true}), region.PlanMeeting, c.dissolveGroup)
}

// GroupPath names a working group in an address.
type GroupPath struct {
	ID string `path:"id" doc:"Id of the group" example:"g-1@510900"`
}

type setGroup struct {
	Group string `json:"group"`
}

// GroupBody is a working group as a call gives it.
type GroupBody struct {
	Name     string            `json:"name" minLength:"1"`
	Duties   string            `json:"duties,omitempty"`
	Convener string            `json:"convener,omitempty" doc:"Unit that convenes; empty: the caller's"`
	Orgs     []string          `json:"orgs,omitempty" doc:"Its other units of this member"`
	Members  []string          `json:"members,omitempty" doc:"Neighbours that belong to it: GB/T 2260 codes; only with a circle"`
	Sides    map[string]string `json:"sides,omitempty" doc:"Units that neighbours send, by their codes"`
	Plans    []string          `json:"plans,omitempty" doc:"Keys of the lists that it looks after; none: all"`
}

func (b GroupBody) group() plan.NewGroup {
	return plan.NewGroup{
		Convener: b.Convener, Orgs: b.Orgs, Members: b.Members, Plans: b.Plans, Words: plan.GroupWords{Name: b.Name, Duties: b.Duties, Sides: b.Sides},
	}
}

func (c *calls) group(ctx context.Context, in *GroupPath) (*api.Answer[plan.Group], error) {
	g, err := c.desk.Group(ctx, in.ID, viewer(ctx))
	if g.Contacts == nil {
		g.Contacts = []plan.Contact{}
	}
	return &api.Answer[plan.Group]{Body: g}, absent(err)
}

func (c *calls) setUpGroup(ctx context.Context, in *struct {
	Body struct {
		GroupBody
		Circle string `json:"circle,omitempty" doc:"Of a group with neighbours: their circle; empty: inside"`
	}
},
) (*api.Answer[setGroup], error) {
	req, err := request(ctx, "set-up-group", in)
	if err != nil {
		return nil, err
	}
	n := in.Body.group()
	n.Circle = in.Body.Circle
	id, err := c.desk.SetGroup(ctx, req, "", n)
	return &api.Answer[setGroup]{Body: setGroup{id}}, absent(err)
}

func (c *calls) changeGroup(ctx context.Context, in *struct {
	GroupPath
	Body struct {
		GroupBody
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[setGroup], error) {
	req, err := request(ctx, "change-group", in)
	if err != nil {
		return nil, err
	}
	n := in.Body.group()
	n.Words.Reason = in.Body.Reason
	id, err := c.desk.SetGroup(ctx, req, in.ID, n)
	return &api.Answer[setGroup]{Body: setGroup{id}}, absent(err)
}

func (c *calls) setContacts(ctx context.Context, in *struct {
	GroupPath
	Body struct {
		Contacts []apiContact `json:"contacts" maxItems:"100"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "set-contacts", in)
	if err != nil {
		return nil, err
	}
	var all []plan.Contact
	for _, p := range in.Body.Contacts {
		all = append(all, plan.Contact(p))
	}
	return isDone(c.desk.SetContacts(ctx, req, in.ID, all))
}

type apiContact struct {
	Unit  string `json:"unit" doc:"By name"`
	Name  string `json:"name" minLength:"1"`
	Phone string `json:"phone,omitempty"`
}

func (c *calls) dissolveGroup(ctx context.Context, in *struct {
	GroupPath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "dissolve-group", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.DissolveGroup(ctx, req, in.ID, in.Body.Reason))
}
