package api

import (
	"context"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web/api"
)

// Year is a list over its year.
type Year struct {
	AsOf       judge.Date `json:"asOf"`
	Year       int        `json:"year" example:"2022"`
	Plan       string     `json:"plan" example:"510900:suitong-2022"`
	Measured   int        `json:"measured" doc:"Targets with a figure to reach"`
	Met        int        `json:"met" doc:"Those of them that were reached"`
	Milestones int        `json:"milestones" doc:"Of all rows, each once"`
	Due        int        `json:"due" doc:"Those due by the day"`
	Reached    int        `json:"reached" doc:"Those that are behind"`
	Rows       []YearRow  `json:"rows"`
}

// YearRow is a row of a list over its year.
type YearRow struct {
	Row
	Half       judge.WorkState `json:"half,omitempty" doc:"How it stood at the end of June; none: that is to come, or it was not listed yet"`
	From       judge.Date      `json:"from" doc:"Listed"`
	By         judge.Date      `json:"by,omitempty" doc:"Its deadline; none: the year's end, or it goes on"`
	All        []string        `json:"all" doc:"Items by which it is done, those of neighbours too"`
	Milestones []Milestone     `json:"milestones"`
	Outcomes   []Outcome       `json:"outcomes"`
	Goes       []string        `json:"goes" doc:"Rows of later years that go on with it"`
}

// Outcome (目标完成情况) is an indicator with what was reported of it by the day.
type Outcome struct {
	plan.IndicatorFacts
	Name    string       `json:"name"`
	Text    string       `json:"text,omitempty" doc:"The target as the list words it"`
	Value   string       `json:"value,omitempty" doc:"Decimal in the indicator's unit; none: nothing was reported"`
	Period  judge.Period `json:"period,omitempty" doc:"The last that told it"`
	Share   string       `json:"share,omitempty" doc:"Of the way from the base to the target, a decimal; 1 is reached" example:"0.675"`
	Reached bool         `json:"reached"`
	Item    string       `json:"item" doc:"Whose outcome it is: of several, each has its own" example:"i-77aa"`
	Whose   string       `json:"whose,omitempty" doc:"Where the row has several items: the lead of this one, with its title where another has the same lead"`
}

var exampleYear = Year{
	AsOf: "2022-12-31", Year: 2022, Plan: "510900:suitong-2022", Measured: 1, Milestones: 1, Due: 1, Reached: 1,
	Rows: []YearRow{{
		Row: exampleRow, Half: judge.AtRisk, From: "2022-01-24", By: "2022-06-30", All: []string{"i-77aa"},
		Milestones: []Milestone{{ID: "m1", Name: "路基完工", Due: "2022-06-30", Done: "2022-06-28"}},
		Outcomes:   []Outcome{{IndicatorFacts: exampleItem.Indicators[0].IndicatorFacts, Name: "完成投资", Value: "8.1", Period: "2022-06", Share: "0.675", Item: "i-77aa"}},
		Goes:       []string{},
	}},
}

func (c *calls) year(ctx context.Context, in *struct {
	PlanPath
	AsOf
},
) (*api.Answer[Year], error) {
	p, err := c.desk.Year(ctx, in.Plan, judge.Date(in.Day))
	if err != nil {
		return nil, absent(err)
	}
	out := Year{
		AsOf: p.Query.AsOf, Year: p.Year, Plan: p.Plan.Facts.Plan, Measured: p.Measured, Met: p.Met,
		Milestones: p.Steps, Due: p.Due, Reached: p.Reached, Rows: []YearRow{},
	}
	for _, r := range p.Rows {
		out.Rows = append(out.Rows, yearRow(r, p.Query.AsOf))
	}
	return &api.Answer[Year]{Body: out}, nil
}

func yearRow(r plan.YearRow, asOf judge.Date) YearRow {
	out := YearRow{
		Row: rowOf(r.Row, asOf), Half: r.Half, From: r.From, By: r.By, All: append([]string{}, r.Items...),
		Milestones: []Milestone{}, Outcomes: []Outcome{}, Goes: []string{},
	}
	for _, m := range r.Steps {
		out.Milestones = append(out.Milestones, Milestone{ID: m.ID, Name: m.Name, Due: m.Due, Done: m.Done, Weight: m.Weight})
	}
	for _, o := range r.Outcomes {
		out.Outcomes = append(out.Outcomes, Outcome{
			IndicatorFacts: o.IndicatorFacts, Name: o.Name, Text: o.Text, Value: o.Value, Period: o.As, Share: o.Share, Reached: o.Reached(), Item: o.Item, Whose: o.Whose,
		})
	}
	for _, l := range r.Goes {
		out.Goes = append(out.Goes, l.Listing)
	}
	return out
}

// moment is a time as answers have it; none where it is not known.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
