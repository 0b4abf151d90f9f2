package api

import (
	"context"
	"net/http"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/api"
)

// ListingPath names a row of a list.
type ListingPath struct {
	Listing string `path:"listing" doc:"Id of the row" example:"l-4c1d"`
}

func (c *calls) rows() {
	api.Register(c.api, post("link", "/listings/{listing}/link", "Say that a row is the same work as an item (关联)",
		map[string]any{"items": []string{"i-77aa"}, "reason": "同一工程"}, done{true}), region.PlanLink, c.link)
	api.Register(c.api, operation(http.MethodDelete, "unlink", "/listings/{listing}/link", "Undo a link", nil, done{true}), region.PlanLink, c.unlink)
	api.Register(c.api, post("remove-item", "/listings/{listing}/items/{item}/remove", "Take one item from a row: undoes a link that an import made (撤销关联)",
		nil, done{true}), region.PlanLink, c.removeItem)
	api.Register(c.api, post("verdict", "/listings/{listing}/verdict", "The coordinator's own judgement of a row (认定)",
		map[string]any{"state": "at-risk", "reason": "用地批复尚未取得"}, done{true}), region.PlanVerdict, c.verdict)
}

func (c *calls) link(ctx context.Context, in *struct {
	ListingPath
	Body struct {
		Items  []string `json:"items" minItems:"1" doc:"Ids of the items it stands for from now on"`
		Reason string   `json:"reason,omitempty"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "link", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.Link(ctx, req, in.Listing, in.Body.Items, in.Body.Reason))
}

func (c *calls) removeItem(ctx context.Context, in *struct {
	ListingPath
	Item string `path:"item" doc:"Id of the item" example:"i-77aa"`
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "remove-item", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.RemoveItem(ctx, req, in.Listing, in.Item))
}

func (c *calls) unlink(ctx context.Context, in *ListingPath) (*api.Answer[done], error) {
	req, err := request(ctx, "unlink", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.Unlink(ctx, req, in.Listing))
}

func (c *calls) verdict(ctx context.Context, in *struct {
	ListingPath
	Body struct {
		State  string `json:"state,omitempty" doc:"Empty: the judgement is withdrawn" example:"at-risk"`
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "verdict", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.GiveVerdict(ctx, req, in.Listing, judge.WorkState(in.Body.State), in.Body.Reason))
}
