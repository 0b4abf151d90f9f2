package board

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/plan/twin"
	"liandong/region"
	"liandong/web/api"
)

// Twins is a row with the items that may be the same work.
type Twins struct {
	Listing    string      `json:"listing" example:"l-3f20@510900"`
	Candidates []Candidate `json:"candidates" doc:"The likeliest first, at most 10"`
}

// Candidate is an item that may be the same work as a row.
type Candidate struct {
	Item    string            `json:"item" example:"i-77aa@510900"`
	Title   string            `json:"title"`
	Score   float64           `json:"score" doc:"From 0 to 1; an import proposes from 0.5 on by itself"`
	Reason  twin.Reason       `json:"reason"`
	Differs []twin.Difference `json:"differs"`
	Lists   []string          `json:"lists" doc:"Titles of the lists it stands in"`
}

// API adds the calls that only this room answers: a year as a table, and what may be the same work. The others stand in plan/api.
func API(calls *api.API, d *plan.Desk) {
	b, tags := board{d, calls.Demo()}, []string{"plans"}
	year := huma.Operation{
		OperationID: "year-sheet", Method: http.MethodGet, Path: "/plans/{plan}/year/sheet", Tags: tags, Summary: "A list's plan against its outcome as xlsx (年度成效)",
		Responses: api.Binary(letter.XlsxType),
	}
	api.Register(calls, year, region.PlanExport, func(ctx context.Context, in *struct {
		Plan string `path:"plan" doc:"Id or key of the list" example:"suitong-2022"`
		Day  string `query:"as-of" doc:"As it stood on that day; empty: today" example:"2022-12-31"`
	},
	) (*api.File, error) {
		name, content, err := b.yearXlsx(ctx, in.Plan, judge.Date(in.Day))
		if err != nil {
			return nil, gone(err)
		}
		return api.FileOf(name, letter.XlsxType, content), nil
	})
	api.Register(calls, huma.Operation{
		OperationID: "twins", Method: http.MethodGet, Path: "/listings/{listing}/twins", Tags: tags, Summary: "Items that may be the same work as a row (疑似同一事项)",
		Responses: api.Example(Twins{Listing: "l-3f20@510900", Candidates: []Candidate{}}),
	}, region.PlanLink, b.twinsCall)
}

func (b board) twinsCall(ctx context.Context, in *struct {
	Listing string `path:"listing" doc:"Id of the row" example:"l-3f20"`
},
) (*api.Answer[Twins], error) {
	p, err := b.desk.Twins(ctx, in.Listing)
	out := Twins{Listing: p.Listing.Facts.Listing, Candidates: []Candidate{}}
	for _, c := range p.Candidates {
		c.Reason.Words, c.Reason.Doubts = append([]string{}, c.Reason.Words...), append([]string{}, c.Reason.Doubts...)
		out.Candidates = append(out.Candidates, Candidate{
			Item: c.Item, Title: c.Title, Score: c.Score, Reason: c.Reason, Differs: append([]twin.Difference{}, c.Differs...), Lists: append([]string{}, c.Lists...),
		})
	}
	return &api.Answer[Twins]{Body: out}, gone(err)
}
