package api

import (
	"context"
	"maps"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// List is a list with how its rows and reports stand.
type List struct {
	Plan       string                  `json:"plan" example:"510900:suitong-2022"`
	Key        string                  `json:"key" doc:"Short form of plan, for this member's lists" example:"suitong-2022"`
	Title      string                  `json:"title"`
	DocumentNo string                  `json:"documentNo,omitempty" doc:"Number of the document (发文字号)"`
	Circle     string                  `json:"circle" doc:"self: the member's own" example:"suitong"`
	Year       int                     `json:"year" example:"2022"`
	Cycle      judge.Cycle             `json:"cycle" doc:"How often reports are due" example:"month"`
	Rows       int                     `json:"rows" doc:"Rows that stand, without the dropped"`
	States     map[judge.WorkState]int `json:"states" doc:"Rows by state of the work on the as-of date"`
	Reporting  plan.Reporting          `json:"reporting"`
	Proof      string                  `json:"proof" doc:"Address of the proof of its head"`
}

var exampleList = List{
	Plan: "510900:suitong-2022", Key: "suitong-2022", Title: "遂潼一体化2022年重点任务清单", DocumentNo: "遂发改〔2022〕12号",
	Circle: "suitong", Year: 2022, Cycle: judge.Month, Rows: 27,
	States:    map[judge.WorkState]int{judge.OnTime: 18, judge.Late: 2, judge.Planned: 7},
	Reporting: plan.Reporting{Period: "2022-05", Opens: "2022-05-16", Cutoff: "2022-05-25", Owed: 27, Accepted: 24, Missing: 3, OnTime: 23, OpenState: judge.Missed},
	Proof:     "/proof/suitong/0",
}

var exampleStatus = plan.Status{
	AsOf: "2022-06-20", Items: plan.Counts{judge.OnTime: 18},
	Plans: []plan.PlanStatus{{
		Plan: "510900:suitong-2022", Key: "suitong-2022", Title: exampleList.Title, Circle: "suitong", Year: 2022, Cycle: judge.Month,
		Rows: 27, States: plan.Counts{judge.OnTime: 18, judge.Late: 2, judge.Planned: 7}, Filings: []plan.Reporting{exampleList.Reporting},
		Calls: []plan.Reporting{}, Listing: []plan.ListingStatus{},
	}},
}

// AsOf is the day for which states are judged.
type AsOf struct {
	Day string `query:"as-of" doc:"Day for which states are judged; empty: today" example:"2022-06-20"`
}

type inBoard struct {
	AsOf
	Circle string `query:"circle" doc:"Only lists of this circle; self: the member's own"`
	Unit   string `query:"unit" doc:"Count only rows that this organisation leads"`
	Year   int    `query:"year" doc:"Of this year; 0: the present"`
	Period string `query:"period" doc:"Period of reports that is counted; empty: each list's current one" example:"2022-06"`
	After  string `query:"after" doc:"Value of next from the page before; empty for the first page"`
}

func (in inBoard) query() plan.BoardQuery {
	return plan.BoardQuery{
		Circle: in.Circle, Unit: in.Unit, Year: in.Year, AsOf: judge.Date(in.Day), Period: judge.Period(in.Period), After: in.After,
	}
}

// PlanPath names a list.
type PlanPath struct {
	Plan string `path:"plan" doc:"Key or id of the list" example:"suitong-2022"`
}

func (c *calls) lists() {
	listed := api.List[List]{Items: []List{exampleList}}
	api.Register(c.api, get("plans", "/plans", "List the lists (清单)", listed), region.PlanRead, c.plans)
	api.Register(c.api, get("plan", "/plans/{plan}", "A list with how it stands", exampleList), region.PlanRead, c.plan)
	api.Register(c.api, get("status", "/status", "How all lists stand on a day (plan status)",
		exampleStatus), region.PlanRead, c.status)
	api.Register(c.api, get("listings", "/plans/{plan}/listings", "The rows of a list (清单事项)",
		Rows{AsOf: "2022-06-20", Period: "2022-06", Items: []Row{exampleRow}}), region.PlanRead, c.listings)
	api.Register(c.api, get("missing", "/plans/{plan}/missing", "Who has not reported (未报单位)",
		[]Missing{{Org: "o-4f", Name: "市交通运输局", Rows: []Row{exampleRow}}}), region.PlanRead, c.missing)
	c.asked()
}

func (c *calls) plans(ctx context.Context, in *inBoard) (*api.Listed[List], error) {
	b, err := c.desk.Board(ctx, in.query())
	if err != nil {
		return nil, err
	}
	return &api.Listed[List]{Body: api.List[List]{Items: listsOf(b), Next: b.Next}}, nil
}

func listsOf(b plan.Board) []List {
	all := []List{}
	for _, r := range b.Rows {
		all = append(all, listOf(r.Plan, r.Key, r.States, r.Report))
	}
	return all
}

func listOf(h plan.PlanHead, key string, states plan.Counts, r plan.Reporting) List {
	l := List{
		Plan: h.Facts.Plan, Key: key, Title: h.Words.Title, DocumentNo: h.Words.DocumentNo, Circle: h.Circle,
		Year: h.Facts.Year, Cycle: h.Facts.Cycle, Rows: states.Standing(), States: states, Reporting: r, Proof: web.ProofHref(h.Book, h.Index),
	}
	if l.States == nil {
		l.States = map[judge.WorkState]int{}
	}
	return l
}

type inListings struct {
	PlanPath
	AsOf
	api.Paging
	Period  string `query:"period" doc:"Period of reports; empty: the current one"`
	State   string `query:"state" doc:"Only rows in this state of the work" example:"late"`
	Filing  string `query:"filing" doc:"Only rows whose report stands so" example:"missed"`
	Known   string `query:"known" enum:",circle" doc:"circle: reports as the circle's books know them, the same on every node; empty: as this node does"`
	Unit    string `query:"unit" doc:"Only rows that this organisation leads"`
	Section string `query:"section" doc:"Only rows under this first heading"`
	Text    string `query:"q" doc:"Only rows that have these words"`
}

func (in inListings) query() plan.ListQuery {
	return plan.ListQuery{
		Plan: in.Plan, AsOf: judge.Date(in.Day), Period: judge.Period(in.Period), State: judge.WorkState(in.State),
		Filing: judge.FilingState(in.Filing), Unit: in.Unit, Section: in.Section, Text: in.Text, After: in.After, Size: in.Limit,
		Shared: in.Known == "circle",
	}
}

func (c *calls) plan(ctx context.Context, in *struct {
	PlanPath
	AsOf
},
) (*api.Answer[List], error) {
	p, err := c.desk.List(ctx, plan.ListQuery{Plan: in.Plan, AsOf: judge.Date(in.Day), Size: 1})
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[List]{Body: listOf(p.Plan, p.Key, p.States, p.Report)}, nil
}

func (c *calls) status(ctx context.Context, in *struct {
	AsOf
	Plan string `query:"plan" doc:"Only this list, by key or id"`
},
) (*api.Answer[plan.Status], error) {
	s, err := c.desk.Status(ctx, in.Plan, judge.Date(in.Day))
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[plan.Status]{Body: s}, nil
}

// Missing is an organisation that owes reports, with the rows it owes.
type Missing struct {
	Org  string `json:"org"`
	Name string `json:"name"`
	Rows []Row  `json:"rows"`
}

func (c *calls) missing(ctx context.Context, in *struct {
	PlanPath
	AsOf
	Period string `query:"period" doc:"Empty: the current one"`
},
) (*api.Answer[[]Missing], error) {
	m, err := c.desk.Missing(ctx, in.Plan, judge.Period(in.Period), judge.Date(in.Day))
	if err != nil {
		return nil, absent(err)
	}
	all := []Missing{}
	for _, u := range m.Units {
		all = append(all, Missing{Org: u.Org, Name: u.Name, Rows: rowsOf(u.Rows, m.Page.Query.AsOf)})
	}
	return &api.Answer[[]Missing]{Body: all}, nil
}

// Rows is one page of a list's rows.
type Rows struct {
	AsOf   judge.Date   `json:"asOf"`
	Period judge.Period `json:"period" doc:"Of the reports"`
	Items  []Row        `json:"items"`
	Next   string       `json:"next,omitempty" doc:"Give it as after to get the next page"`
}

// Row is a row of a list, in its own wording, with how it stands.
type Row struct {
	Listing  string            `json:"listing" example:"l-4c1d"`
	Item     string            `json:"item" doc:"The piece of work; the first if there are several" example:"i-77aa"`
	Items    int               `json:"items" doc:"How many pieces of work it stands for"`
	Number   string            `json:"number,omitempty" doc:"The list's own number"`
	Section  []string          `json:"section,omitempty"`
	Title    string            `json:"title" doc:"Empty when the words were erased"`
	Measures string            `json:"measures,omitempty"`
	Target   string            `json:"target,omitempty"`
	Lead     []string          `json:"lead,omitempty" doc:"Names as read"`
	Support  []string          `json:"support,omitempty"`
	Leader   string            `json:"leader,omitempty"`
	Deadline string            `json:"deadline,omitempty" doc:"As read: 6月底前"`
	Extra    map[string]string `json:"extra,omitempty" doc:"Other columns, by header"`
	LeadOrg  string            `json:"leadOrg,omitempty" doc:"Id of the first lead organisation"`
	State    judge.WorkState   `json:"state"`
	Why      string            `json:"why" doc:"Reason of the state, in Chinese"`
	WhyEn    string            `json:"whyEn" doc:"Reason of the state, in English"`
	Filing   judge.FilingState `json:"filing"`
	Owes     bool              `json:"owes" doc:"A report is owed for the period"`
	Last     *Last             `json:"last,omitempty" doc:"The newest accepted report"`
	Proof    string            `json:"proof"`
}

// Last is the newest accepted report of a row.
type Last struct {
	Period   judge.Period `json:"period"`
	Day      judge.Date   `json:"day" doc:"Of acceptance"`
	Progress string       `json:"progress"`
	Proof    string       `json:"proof"`
}

var exampleRow = Row{
	Listing: "l-4c1d", Item: "i-77aa", Items: 1, Number: "3", Section: []string{"一、基础设施"}, Title: "加快遂潼快捷通道建设",
	Lead: []string{"市交通运输局"}, Deadline: "6月底前", LeadOrg: "o-4f", State: judge.AtRisk,
	Why: "临近6月30日时限", WhyEn: "due on 30 June", Filing: judge.Due, Owes: true,
	Last:  &Last{Period: "2022-05", Day: "2022-05-26", Progress: "完成路基工程的80%。", Proof: "/proof/suitong/41"},
	Proof: "/proof/suitong/3",
}

func (c *calls) listings(ctx context.Context, in *inListings) (*api.Answer[Rows], error) {
	p, err := c.desk.List(ctx, in.query())
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[Rows]{Body: Rows{
		AsOf: p.Query.AsOf, Period: p.Query.Period, Items: rowsOf(p.Rows, p.Query.AsOf), Next: p.Next,
	}}, nil
}

func rowsOf(all []plan.Row, asOf judge.Date) []Row {
	out := []Row{}
	for _, r := range all {
		out = append(out, rowOf(r, asOf))
	}
	return out
}

func rowOf(r plan.Row, asOf judge.Date) Row {
	w := r.Words
	row := Row{
		Listing: r.Listing, Item: r.Item, Items: r.Items, Number: w.Number, Section: w.Section, Title: w.Title,
		Measures: w.Measures, Target: w.Target, Lead: w.Lead, Support: w.Support, Leader: w.Leader, Deadline: w.Deadline,
		Extra: maps.Clone(w.Extra), LeadOrg: r.Lead, State: r.Work.State, Filing: r.Filing.State, Owes: r.Owes, Proof: web.ProofHref(r.Book, r.Index),
	}
	row.Why, row.WhyEn = r.Work.Reason.Words(r.Why, asOf)
	if r.Last.Period != "" {
		row.Last = &Last{Period: r.Last.Period, Day: r.Last.Day, Progress: r.Last.Text, Proof: web.ProofHref(r.Last.Book, r.Last.Index)}
	}
	return row
}
