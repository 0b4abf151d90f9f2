package api

import (
	"context"
	"net/http"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// Item is a piece of work (事项) with all that the reader may know of it.
type Item struct {
	Item       string          `json:"item" example:"i-77aa"`
	AsOf       judge.Date      `json:"asOf"`
	Title      string          `json:"title"`
	Leader     string          `json:"leader,omitempty" doc:"责任领导"`
	Leads      []Unit          `json:"leads"`
	Supports   []Unit          `json:"supports"`
	State      judge.WorkState `json:"state" doc:"Over all lists it stands in"`
	Why        string          `json:"why"`
	WhyEn      string          `json:"whyEn"`
	Milestones []Milestone     `json:"milestones"`
	Indicators []Indicator     `json:"indicators"`
	Listings   []Listing       `json:"listings" doc:"The lists it stands in, each with its own deadline and state"`
	Reports    []Report        `json:"reports" doc:"What was accepted, newest period first"`
	Proof      string          `json:"proof"`
}

// Unit is an organisation (单位).
type Unit struct {
	Org  string `json:"org" example:"o-4f"`
	Name string `json:"name,omitempty" example:"市交通运输局"`
}

// Milestone is a 节点.
type Milestone struct {
	ID   string     `json:"id,omitempty"`
	Name string     `json:"name,omitempty"`
	Due  judge.Date `json:"due" doc:"That day included"`
	Done judge.Date `json:"done,omitempty"`
	// Weight (权重) among the item's milestones, percent.
	Weight int `json:"weight,omitempty" minimum:"0" maximum:"100" doc:"Percent; 0: shares what the others leave of 100"`
}

// Indicator is an 指标; figures are decimals in its unit.
type Indicator struct {
	plan.IndicatorFacts
	Name   string  `json:"name"`
	Text   string  `json:"text,omitempty" doc:"The target as the list words it"`
	Points []Point `json:"points,omitempty" doc:"Accepted figures by period"`
}

// Point is the accepted figure of a period.
type Point struct {
	Period judge.Period `json:"period"`
	Value  string       `json:"value"`
}

// Listing is a row in which an item stands.
type Listing struct {
	Listing  string            `json:"listing"`
	Plan     string            `json:"plan"`
	Title    string            `json:"title" doc:"Of the list"`
	Circle   string            `json:"circle"`
	Number   string            `json:"number,omitempty"`
	Wording  string            `json:"wording"`
	Measures string            `json:"measures,omitempty" doc:"主要举措 of the row"`
	Deadline judge.Date        `json:"deadline,omitempty"`
	State    judge.WorkState   `json:"state"`
	Why      string            `json:"why"`
	WhyEn    string            `json:"whyEn"`
	Period   judge.Period      `json:"period,omitempty"`
	Filing   judge.FilingState `json:"filing,omitempty"`
	Proof    string            `json:"proof"`
}

// Report is a report as it was accepted.
type Report struct {
	Period   judge.Period    `json:"period"`
	Day      judge.Date      `json:"day" doc:"Of acceptance"`
	Claim    judge.WorkState `json:"claim"`
	Progress string          `json:"progress"`
	Problem  string          `json:"problem,omitempty"`
	Next     string          `json:"next,omitempty"`
	Figures  []Figure        `json:"figures"`
	Erased   bool            `json:"erased,omitempty" doc:"The words were erased; the proof that they existed stays"`
	Proof    string          `json:"proof"`
}

// Figure is an indicator's value.
type Figure struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Unit  string `json:"unit"`
}

var exampleItem = Item{
	Item: "i-77aa", AsOf: "2022-06-20", Title: "加快遂潼快捷通道建设", Leads: []Unit{{"o-4f", "市交通运输局"}}, Supports: []Unit{},
	State: judge.AtRisk, Why: "临近6月30日时限", WhyEn: "due on 30 June",
	Milestones: []Milestone{{ID: "m1", Name: "路基完工", Due: "2022-06-30"}},
	Indicators: []Indicator{{IndicatorFacts: plan.IndicatorFacts{ID: "k1", Unit: "亿元", Base: "0", Target: "12", Direction: "up", Mode: "cumulative", Decimals: 2}, Name: "完成投资", Points: []Point{{"2022-05", "7.35"}}}},
	Listings:   []Listing{{Listing: "l-4c1d", Plan: "510900:suitong-2022", Title: "遂潼一体化2022年重点任务清单", Circle: "suitong", Number: "3", Wording: "加快遂潼快捷通道建设", Deadline: "2022-06-30", State: judge.AtRisk, Period: "2022-06", Filing: judge.Due, Proof: "/proof/suitong/3"}},
	Reports:    []Report{{Period: "2022-05", Day: "2022-05-26", Claim: judge.OnTime, Progress: "完成路基工程的80%。", Figures: []Figure{{"完成投资", "7.35", "亿元"}}, Proof: "/proof/suitong/41"}},
	Proof:      "/proof/suitong/2",
}

// ItemPath names a piece of work.
type ItemPath struct {
	Item string `path:"item" doc:"Id of the item" example:"i-77aa"`
}

func (c *calls) items() {
	api.Register(c.api, get("item", "/items/{item}", "A piece of work with the lists it stands in", exampleItem), region.PlanRead, c.item)
	revise := operation(http.MethodPatch, "revise", "/items/{item}", "Revise who leads, milestones and indicators",
		map[string]any{"leader": "张副市长(演示数据)", "milestones": []any{map[string]any{"id": "m1", "name": "路基完工", "due": "2022-07-15"}}}, done{true})
	api.Register(c.api, revise, region.PlanImport, c.revise)
}

func (c *calls) item(ctx context.Context, in *struct {
	ItemPath
	AsOf
},
) (*api.Answer[Item], error) {
	p, err := c.desk.Item(ctx, in.Item, judge.Date(in.Day), viewer(ctx))
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[Item]{Body: itemOf(p)}, nil
}

func itemOf(p plan.ItemPage) Item {
	i := Item{
		Item: p.Item, AsOf: p.AsOf, Title: p.Words.Title, Leader: p.Words.Leader, Leads: unitsOf(p.Leads), Supports: unitsOf(p.Supports),
		State: p.Work.State, Milestones: []Milestone{}, Indicators: []Indicator{}, Listings: []Listing{}, Reports: []Report{},
		Proof: web.ProofHref(p.Book, p.Index),
	}
	i.Why, i.WhyEn = p.Work.Reason.Words(p.WorkWhy, p.AsOf)
	for _, m := range p.Milestones {
		i.Milestones = append(i.Milestones, Milestone{ID: m.ID, Name: m.Name, Due: m.Due, Done: m.Done, Weight: m.Weight})
	}
	for _, k := range p.Indicators {
		line := Indicator{IndicatorFacts: k.IndicatorFacts, Name: k.Name, Text: k.Text}
		for _, x := range k.Points {
			line.Points = append(line.Points, Point{x.Period, x.Value})
		}
		i.Indicators = append(i.Indicators, line)
	}
	for _, l := range p.Listings {
		i.Listings = append(i.Listings, listingOf(l, p.AsOf))
	}
	for _, r := range p.Reports {
		i.Reports = append(i.Reports, reportOf(r))
	}
	return i
}

func unitsOf(all []plan.ItemUnit) []Unit {
	out := []Unit{}
	for _, u := range all {
		out = append(out, Unit(u))
	}
	return out
}

func listingOf(l plan.ItemListing, asOf judge.Date) Listing {
	out := Listing{
		Listing: l.Listing, Plan: l.Plan, Title: l.PlanTitle, Circle: l.Circle, Number: l.Words.Number, Wording: l.Words.Title,
		Measures: l.Words.Measures,
		Deadline: l.Deadline.Date, State: l.Work.State, Period: l.Period, Filing: l.Filing.State, Proof: web.ProofHref(l.Book, l.Index),
	}
	out.Why, out.WhyEn = l.Work.Reason.Words(l.Why, asOf)
	return out
}

func reportOf(r plan.ItemReport) Report {
	f := r.Facts.Report
	out := Report{
		Period: f.Period, Day: r.Day, Claim: f.Claim, Progress: r.Words.Progress, Problem: r.Words.Problem, Next: r.Words.Next,
		Figures: []Figure{}, Erased: r.Erased, Proof: web.ProofHref(r.Book, r.Index),
	}
	for _, x := range r.Figures {
		out.Figures = append(out.Figures, Figure(x))
	}
	return out
}

// inRevise changes what it names; what it leaves out stays.
type inRevise struct {
	ItemPath
	Body struct {
		Title      *string      `json:"title,omitempty"`
		Leader     *string      `json:"leader,omitempty"`
		Leads      *[]string    `json:"leads,omitempty" doc:"Ids of organisations"`
		Supports   *[]string    `json:"supports,omitempty"`
		Milestones *[]Milestone `json:"milestones,omitempty" doc:"All of them; ids stay what they were"`
		Indicators *[]Indicator `json:"indicators,omitempty" doc:"All of them; ids stay what they were"`
	}
}

func (c *calls) revise(ctx context.Context, in *inRevise) (*api.Answer[done], error) {
	p, err := c.desk.Item(ctx, in.Item, "", viewer(ctx))
	if err != nil {
		return nil, absent(err)
	}
	f, w := in.over(p)
	req, err := request(ctx, "revise", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.ReviseItem(ctx, req, f, w))
}

// over lays the call over what stands.
func (in *inRevise) over(p plan.ItemPage) (plan.ItemFacts, plan.ItemWords) {
	f, w, b := p.Facts, p.Words, in.Body
	set(&w.Title, b.Title)
	set(&w.Leader, b.Leader)
	set(&f.Leads, b.Leads)
	set(&f.Supports, b.Supports)
	if b.Milestones != nil {
		f.Milestones, w.Milestones, w.Weights = []plan.MilestoneFacts{}, map[string]string{}, map[string]int{}
		for _, m := range *b.Milestones {
			f.Milestones = append(f.Milestones, plan.MilestoneFacts{ID: m.ID, Day: m.Due})
			if w.Milestones[m.ID] = m.Name; m.Weight != 0 {
				w.Weights[m.ID] = m.Weight
			}
		}
	}
	if b.Indicators != nil {
		f.Indicators, w.Indicators, w.Targets = []plan.IndicatorFacts{}, map[string]string{}, map[string]string{}
		for _, k := range *b.Indicators {
			f.Indicators = append(f.Indicators, k.IndicatorFacts)
			w.Indicators[k.ID], w.Targets[k.ID] = k.Name, k.Text
		}
	}
	return f, w
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
