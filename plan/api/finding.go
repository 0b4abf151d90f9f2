package api

import (
	"context"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// Hit is a text that was found.
type Hit struct {
	Kind         plan.HitKind `json:"kind" doc:"item, listing, report, filing, instruction, slip, comment, meeting or minutes"`
	Item         string       `json:"item,omitempty" doc:"Also what a leader's word or a slip is about"`
	Listing      string       `json:"listing,omitempty"`
	Instruction  string       `json:"instruction,omitempty" doc:"A leader's word; the text may be an answer to it"`
	Slip         string       `json:"slip,omitempty" doc:"The text may be an answer to it"`
	Consultation string       `json:"consultation,omitempty" doc:"The draft list on which the comment is"`
	Row          int          `json:"row,omitempty" doc:"Of the draft list; none: the list as a whole"`
	Unit         string       `json:"unit,omitempty" doc:"Whom the word or the slip asks, or who comments"`
	Meeting      string       `json:"meeting,omitempty"`
	Plan         string       `json:"plan,omitempty"`
	Period       judge.Period `json:"period,omitempty"`
	Title        string       `json:"title"`
	Snippet      string       `json:"snippet,omitempty"`
	Proof        string       `json:"proof"`
}

func (c *calls) finding() {
	hit := Hit{Kind: "item", Item: "i-77aa", Title: "加快遂潼快捷通道建设", Proof: "/proof/suitong/2"}
	api.Register(c.api, get("search", "/search", "Find items, rows, reports, leaders' words, slips, comments and meetings by words", []Hit{hit}), region.PlanRead, c.search)
	api.Register(c.api, get("todo", "/todo", "What waits for the caller's seat", plan.Todo{AsOf: "2022-06-20"}), region.PlanRead, c.todo)
}

func (c *calls) search(ctx context.Context, in *struct {
	Text string `query:"q" doc:"Words in Chinese or Latin letters: all must be there" required:"true" example:"快捷通道"`
	Kind string `query:"kind" doc:"Only this sort" enum:"item,listing,report,filing,instruction,slip,comment,meeting,minutes"`
},
) (*api.Answer[[]Hit], error) {
	p, err := c.desk.Search(ctx, plan.SearchQuery{Text: in.Text, Kind: plan.HitKind(in.Kind), Viewer: viewer(ctx)})
	if err != nil {
		return nil, err
	}
	all := []Hit{}
	for _, g := range p.Groups {
		for _, h := range g.Hits {
			all = append(all, Hit{
				Kind: h.Kind, Item: h.Item, Listing: h.Listing, Meeting: h.Meeting, Plan: h.Plan, Period: h.Period,
				Instruction: h.Instruction, Slip: h.Slip, Consultation: h.Consultation, Row: h.Row, Unit: h.Unit,
				Title: text(h.Title), Snippet: text(h.Snippet), Proof: web.ProofHref(h.Book, h.Index),
			})
		}
	}
	return &api.Answer[[]Hit]{Body: all}, nil
}

func text(pieces []plan.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

func (c *calls) todo(ctx context.Context, _ *struct{}) (*api.Answer[plan.Todo], error) {
	t, err := c.desk.Todo(ctx, web.ActorOf(ctx))
	return &api.Answer[plan.Todo]{Body: t}, err
}
