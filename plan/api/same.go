package api

import (
	"context"

	"liandong/plan"
	"liandong/region"
	"liandong/web/api"
)

// SameRow is a row of one of the two lists.
type SameRow struct {
	Listing string `json:"listing" example:"l-4c1d"`
	Number  string `json:"number,omitempty"`
	Title   string `json:"title"`
	Dropped bool   `json:"dropped,omitempty"`
}

// SameLine is a row of this member's list beside the one of the neighbour's that it is, or may be, one with.
type SameLine struct {
	Ours       *SameRow `json:"ours,omitempty" doc:"None: only the neighbour has it"`
	Theirs     *SameRow `json:"theirs,omitempty" doc:"None: only this member has it"`
	SaidOurs   bool     `json:"saidOurs" doc:"This member said that they are one"`
	SaidTheirs bool     `json:"saidTheirs" doc:"The neighbour did"`
	Likely     bool     `json:"likely,omitempty" doc:"Nobody said so yet, but number and title, or the title, are the same"`
}

// Same is two lists side by side.
type Same struct {
	Plan   string     `json:"plan" example:"510900:suitong-2022"`
	With   string     `json:"with" example:"500152:suitong-2022"`
	Member string     `json:"member" doc:"Name of the neighbour"`
	Ours   bool       `json:"ours" doc:"This member said that they are one document"`
	Theirs bool       `json:"theirs" doc:"The neighbour did: with both it holds, and circles count it once"`
	Lines  []SameLine `json:"lines"`
}

// same are the calls on a document that two members took in (认作同一清单).
func (c *calls) same() {
	row := SameRow{Listing: "l-4c1d", Number: "3", Title: exampleRow.Title}
	api.Register(c.api, get("same", "/plans/{plan}/same", "A list beside a neighbour's that may be the same document",
		Same{"510900:suitong-2022", "500152:suitong-2022", "潼南区", true, false, []SameLine{{Ours: &row, Theirs: &row, SaidOurs: true}}}), region.PlanImport, c.sideBySide)
	api.Register(c.api, post("say-same", "/plans/{plan}/same", "Say that it is, and which rows are one; with no pairs, that it is not",
		map[string]any{"with": "500152:suitong-2022", "pairs": []any{map[string]any{"ours": "l-4c1d", "theirs": "l-77b2@500152"}}}, exampleWritten), region.PlanImport, c.saySame)
}

func (c *calls) sideBySide(ctx context.Context, in *struct {
	PlanPath
	With string `query:"with" required:"true" doc:"Id of the neighbour's list" example:"500152:suitong-2022"`
},
) (*api.Answer[Same], error) {
	p, err := c.desk.Same(ctx, in.Plan, in.With)
	if err != nil {
		return nil, absent(err)
	}
	out := Same{Plan: p.Plan.Facts.Plan, With: p.With.Facts.Plan, Member: p.Member, Ours: p.Ours, Theirs: p.Theirs, Lines: []SameLine{}}
	for _, l := range p.Lines {
		out.Lines = append(out.Lines, SameLine{sameRow(l.Ours), sameRow(l.Theirs), l.SaidOurs, l.SaidTheirs, l.Likely})
	}
	return &api.Answer[Same]{Body: out}, nil
}

func sameRow(r plan.ListingRow) *SameRow {
	if r.ID == "" {
		return nil
	}
	return &SameRow{Listing: r.ID, Number: r.Words.Number, Title: r.Words.Title, Dropped: r.Dropped != ""}
}

func (c *calls) saySame(ctx context.Context, in *struct {
	PlanPath
	Body struct {
		With  string `json:"with" minLength:"1" doc:"Id of the neighbour's list"`
		Pairs []struct {
			Ours   string `json:"ours" minLength:"1"`
			Theirs string `json:"theirs" minLength:"1"`
		} `json:"pairs,omitempty" doc:"All rows that are one; none: the lists are not the same"`
	}
},
) (*api.Answer[Written], error) {
	req, err := request(ctx, "say-same", in)
	if err != nil {
		return nil, err
	}
	var pairs []plan.SamePair
	for _, p := range in.Body.Pairs {
		pairs = append(pairs, plan.SamePair{Listing: p.Ours, Theirs: p.Theirs})
	}
	receipt, err := c.desk.SayWith(ctx, req, in.Plan, in.Body.With, pairs)
	if err != nil {
		return nil, absent(err)
	}
	return written(receipt), nil
}
