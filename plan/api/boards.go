package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/api"
)

// Board is the overview of lists (总览): each number that the page shows.
type Board struct {
	AsOf    judge.Date     `json:"asOf"`
	Year    int            `json:"year" example:"2022"`
	Years   []int          `json:"years" doc:"Of which there are lists"`
	Lists   int            `json:"lists" doc:"On all pages"`
	Items   plan.Counts    `json:"items" doc:"By state of the work, each item once in however many lists"`
	Reports plan.Reporting `json:"reports" doc:"Of items, each once"`
	Plans   []BoardList    `json:"plans" doc:"The lists of this page"`
	Units   []BoardUnit    `json:"units" doc:"Lead units, the worst first"`
	Heard   []HeardOf      `json:"heard" doc:"How far the books of the neighbours are known here whose lists are counted"`
	Next    string         `json:"next,omitempty" doc:"Give it as after to get the next page"`
}

// BoardList is one list of the overview.
type BoardList struct {
	List
	Member string `json:"member,omitempty" doc:"Name of the neighbour whose list it is; empty: this member's own"`
}

// BoardUnit is one lead unit of the overview.
type BoardUnit struct {
	Unit
	Items   plan.Counts    `json:"items" doc:"By state of the work, each item once"`
	Reports plan.Reporting `json:"reports"`
}

// HeardOf is how far a neighbour's book is known here.
type HeardOf struct {
	Member string `json:"member" doc:"GB/T 2260 code" example:"500152"`
	Circle string `json:"circle" example:"suitong"`
	Size   int64  `json:"size" doc:"Entries of its book"`
	Until  string `json:"until,omitempty" doc:"Time of the last of them"`
	Whole  string `json:"whole,omitempty" doc:"When the neighbour last answered and nothing was missing; empty: not known here"`
}

// ItemLine is one item as it stands over the lists asked for.
type ItemLine struct {
	Item   string            `json:"item" example:"i-77aa"`
	Title  string            `json:"title"`
	Leads  []Unit            `json:"leads"`
	Lists  int               `json:"lists" doc:"In how many of the lists it stands"`
	State  judge.WorkState   `json:"state"`
	Period judge.Period      `json:"period,omitempty" doc:"Of the report; only where reports were asked for"`
	Filing judge.FilingState `json:"filing,omitempty"`
}

// Items is one page of items.
type Items struct {
	AsOf  judge.Date `json:"asOf"`
	Total int        `json:"total" doc:"On all pages; -1: not summed"`
	Items []ItemLine `json:"items"`
	Next  string     `json:"next,omitempty" doc:"Give it as after to get the next page"`
}

// boards are the figures of the pages that sum up.
func (c *calls) boards() {
	unit := BoardUnit{Unit{"o-4f", "市交通运输局"}, plan.Counts{judge.OnTime: 4, judge.Late: 1}, exampleList.Reporting}
	api.Register(c.api, get("board", "/board", "The overview of lists with all its figures (总览)", Board{
		AsOf: "2022-06-20", Year: 2022, Years: []int{2022}, Lists: 1, Items: plan.Counts{judge.OnTime: 18}, Reports: exampleList.Reporting,
		Plans: []BoardList{{List: exampleList}}, Units: []BoardUnit{unit}, Heard: []HeardOf{{"500152", "suitong", 812, "2022-06-20T01:00:00Z", ""}},
	}), region.PlanRead, c.board)
	api.Register(c.api, get("items", "/items", "The items behind a figure of the overview, each once", Items{
		AsOf: "2022-06-20", Total: 1, Items: []ItemLine{{Item: "i-77aa", Title: exampleItem.Title, Leads: exampleItem.Leads, Lists: 2, State: judge.AtRisk}},
	}), region.PlanRead, c.itemLines)
	api.Register(c.api, get("year", "/plans/{plan}/year", "What a list planned against what came of it by a day (年度成效)", exampleYear), region.PlanRead, c.year)
}

func (c *calls) board(ctx context.Context, in *inBoard) (*api.Answer[Board], error) {
	b, err := c.desk.Board(ctx, in.query())
	if err != nil {
		return nil, absent(err)
	}
	out := Board{
		AsOf: b.Query.AsOf, Year: b.Query.Year, Years: append([]int{}, b.Years...), Lists: b.Lists, Items: counted(b.Totals), Reports: b.Report,
		Plans: []BoardList{}, Units: []BoardUnit{}, Heard: []HeardOf{}, Next: b.Next,
	}
	for _, r := range b.Rows {
		out.Plans = append(out.Plans, BoardList{listOf(r.Plan, r.Key, r.States, r.Report), r.Member})
	}
	for _, u := range b.Units {
		out.Units = append(out.Units, BoardUnit{Unit{u.Org, u.Name}, counted(u.States), u.Report})
	}
	for _, h := range b.Heard {
		out.Heard = append(out.Heard, HeardOf{h.Member, h.Circle, h.Size, moment(h.Until), moment(h.Reached)})
	}
	return &api.Answer[Board]{Body: out}, nil
}

// counted has no null where nothing is counted.
func counted(c plan.Counts) plan.Counts {
	if c == nil {
		return plan.Counts{}
	}
	return c
}

func (c *calls) itemLines(ctx context.Context, in *struct {
	AsOf
	api.Paging
	Circle string `query:"circle" doc:"Only of lists of this circle; self: the member's own"`
	Unit   string `query:"unit" doc:"Only items that this organisation leads"`
	Year   int    `query:"year" doc:"Only in a list of that year; 0: all"`
	State  string `query:"state" doc:"Only in this state of the work; standing: all but the dropped; finished" example:"late"`
	Filing string `query:"filing" doc:"Only items whose report stands so" example:"missed"`
	Period string `query:"period" doc:"Of reports; empty: the newest of each cycle that has opened"`
},
) (*api.Answer[Items], error) {
	p, err := c.desk.Items(ctx, plan.ItemsQuery{
		Circle: in.Circle, Unit: in.Unit, Year: in.Year, State: judge.WorkState(in.State), Filing: judge.FilingState(in.Filing),
		Period: judge.Period(in.Period), AsOf: judge.Date(in.Day), After: in.After, Size: in.Limit,
	})
	if err != nil {
		return nil, absent(err)
	}
	out := Items{AsOf: p.Query.AsOf, Total: p.Total, Items: []ItemLine{}, Next: p.Next}
	for _, r := range p.Rows {
		out.Items = append(out.Items, ItemLine{
			Item: r.Item, Title: r.Title, Leads: unitsOf(r.Leads), Lists: r.Lists, State: r.Work.State, Period: r.Period, Filing: r.Filing.State,
		})
	}
	return &api.Answer[Items]{Body: out}, nil
}
