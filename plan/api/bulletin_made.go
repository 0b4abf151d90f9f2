package api

import (
	"context"
	"slices"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
)

// BulletinDraft is a month's bulletin as it is being made.
type BulletinDraft struct {
	Month    judge.Period      `json:"month" example:"2022-05"`
	Circle   string            `json:"circle,omitempty"`
	AsOf     judge.Date        `json:"asOf"`
	Head     plan.BulletinHead `json:"head"`
	Sections []BulletinText    `json:"sections"`
	Fields   map[string]string `json:"fields" doc:"The figures that stand in the texts as {name}"`
	Edited   bool              `json:"edited" doc:"The texts are a person's: they are not composed anew"`
	Version  int64             `json:"version" doc:"Saving over another's is refused"`
	Lists    []BulletinList    `json:"lists"`
	Reports  []BulletinReport  `json:"reports" doc:"Accepted reports that it may quote"`
	Sum      string            `json:"sum" doc:"Of the files that issuing would freeze: who issues says which he saw"`
	Seen     int               `json:"seen" doc:"So many bulletins of the month were issued before: who issues says how many he saw, so that none is issued over a colleague's"`
}

// BulletinText is a section of a bulletin.
type BulletinText struct {
	Key   string `json:"key" enum:"overall,progress,problems,next,outcome" example:"overall"`
	Title string `json:"title,omitempty" example:"总体情况"`
	Text  string `json:"text"`
}

// BulletinList is a list that a bulletin may take in.
type BulletinList struct {
	Plan   string `json:"plan"`
	Title  string `json:"title"`
	Chosen bool   `json:"chosen"`
}

// BulletinReport is an accepted report that a bulletin may quote.
type BulletinReport struct {
	Item     string       `json:"item"`
	Title    string       `json:"title"`
	Unit     string       `json:"unit"`
	Period   judge.Period `json:"period"`
	Progress string       `json:"progress"`
	Chosen   bool         `json:"chosen"`
	Proof    string       `json:"proof"`
}

var exampleBulletinDraft = BulletinDraft{
	Month: "2022-05", AsOf: "2022-05-31", Head: plan.BulletinHead{Title: "关于2022年5月重点任务进展情况的通报", CopyTo: []string{}},
	Sections: []BulletinText{{"overall", "总体情况", "截至5月31日，共有重点任务{items}项……"}}, Fields: map[string]string{"items": "27"}, Version: 2,
	Lists:   []BulletinList{{"510900:suitong-2022", exampleList.Title, true}},
	Reports: []BulletinReport{{"i-77aa", exampleItem.Title, "市交通运输局", "2022-05", "完成路基工程的80%。", true, "/proof/self/41?member=510900"}}, Sum: "9f2c…",
}

// BulletinPath names a bulletin.
type BulletinPath struct {
	Month  string `path:"month" example:"2022-05" doc:"A month; of a summary 2022-H1 or 2022"`
	Circle string `query:"circle" doc:"The circle's bulletin; empty: the member's own"`
}

// bulletinsMade are the calls on which a bulletin is written and issued.
func (c *calls) bulletinsMade() {
	api.Register(c.api, get("bulletin-draft", "/bulletins/{month}/draft", "A month's bulletin as it is being made, with its figures", exampleBulletinDraft), region.BulletinIssue, c.bulletinDraft)
	api.Register(c.api, post("save-bulletin", "/bulletins/{month}/draft", "Keep what was chosen and written; what is left out stays",
		map[string]any{"version": 2, "lists": []string{"510900:suitong-2022"}, "reports": []string{"i-77aa"}, "sections": []any{map[string]any{"key": "next", "text": "下一步……"}}}, exampleBulletinDraft),
		region.BulletinIssue, c.saveBulletin)
	api.Register(c.api, post("issue-bulletin", "/bulletins/{month}/issue", "Issue the bulletin as it was seen (印发通报)",
		map[string]any{"sum": "9f2c…", "seen": 0}, issuedBulletin{"b-21f0"}), region.BulletinIssue, c.issueBulletin)
}

type issuedBulletin struct {
	Bulletin string `json:"bulletin" example:"b-21f0"`
}

func (c *calls) bulletinPage(ctx context.Context, in BulletinPath) (*plan.BulletinPage, error) {
	office, err := c.desk.Office(ctx, web.ActorOf(ctx).Org)
	if err != nil {
		return nil, err
	}
	p, err := c.desk.Bulletin(ctx, plan.BulletinQuery{Month: judge.Period(in.Month), Circle: in.Circle, Office: office})
	return &p, absent(err)
}

func (c *calls) draftOf(p *plan.BulletinPage) (*api.Answer[BulletinDraft], error) {
	d := BulletinDraft{
		Month: p.Month, Circle: p.Circle, AsOf: p.AsOf, Head: p.Head, Sections: []BulletinText{}, Fields: p.Draft.Fields, Edited: p.Edited, Version: p.Version,
		Lists: []BulletinList{}, Reports: []BulletinReport{}, Seen: p.Seen,
	}
	d.Head.CopyTo = append([]string{}, d.Head.CopyTo...)
	for _, s := range p.Draft.Sections {
		d.Sections = append(d.Sections, BulletinText(s))
	}
	for _, l := range p.Lists {
		d.Lists = append(d.Lists, BulletinList{l.Plan, l.Title, l.Chosen})
	}
	for _, r := range p.Candidates {
		d.Reports = append(d.Reports, BulletinReport{r.Item, r.Title, r.Unit, r.Period, r.Words.Progress, r.Chosen, web.ProofHref(r.Position.Book, r.Position.Index)})
	}
	sum, err := p.Sum(c.api.Demo())
	d.Sum = sum
	return &api.Answer[BulletinDraft]{Body: d}, err
}

func (c *calls) bulletinDraft(ctx context.Context, in *BulletinPath) (*api.Answer[BulletinDraft], error) {
	p, err := c.bulletinPage(ctx, *in)
	if err != nil {
		return nil, err
	}
	return c.draftOf(p)
}

// SaveBulletin is what is chosen and written of a bulletin.
type SaveBulletin struct {
	Version   int64              `json:"version" doc:"Of the draft that the caller knows; 0: none was saved"`
	AsOf      judge.Date         `json:"asOf,omitempty"`
	Head      *plan.BulletinHead `json:"head,omitempty"`
	Sections  []BulletinText     `json:"sections,omitempty" doc:"Those that are written otherwise"`
	Recompose bool               `json:"recompose,omitempty" doc:"Compose all texts anew of the chosen reports"`
	Lists     *[]string          `json:"lists,omitempty" doc:"Ids of all lists that are taken in"`
	Reports   *[]string          `json:"reports,omitempty" doc:"Items of all reports that are quoted"`
}

// over lays what is said over the draft as it stands.
func (b SaveBulletin) over(p *plan.BulletinPage) {
	p.Version = b.Version
	if b.AsOf != "" {
		p.AsOfAsked = b.AsOf
	}
	set(&p.Head, b.Head)
	for _, s := range b.Sections {
		at := slices.IndexFunc(p.Draft.Sections, func(was letter.Section) bool { return was.Key == s.Key })
		if at >= 0 && p.Draft.Sections[at].Text != s.Text {
			p.Draft.Sections[at].Text, p.Edited = s.Text, true
		}
	}
	if b.Recompose {
		p.Edited = false
	}
	for i := range p.Lists {
		if b.Lists != nil {
			p.Lists[i].Chosen = slices.Contains(*b.Lists, p.Lists[i].Plan)
		}
	}
	for i := range p.Candidates {
		if b.Reports != nil {
			p.Candidates[i].Chosen = slices.Contains(*b.Reports, p.Candidates[i].Item)
		}
	}
}

func (c *calls) saveBulletin(ctx context.Context, in *struct {
	BulletinPath
	Body SaveBulletin
},
) (*api.Answer[BulletinDraft], error) {
	p, err := c.bulletinPage(ctx, in.BulletinPath)
	if err != nil {
		return nil, err
	}
	in.Body.over(p)
	if err := c.desk.SaveBulletin(ctx, p); err != nil {
		return nil, err
	}
	return c.bulletinDraft(ctx, &in.BulletinPath)
}

func (c *calls) issueBulletin(ctx context.Context, in *struct {
	BulletinPath
	Body struct {
		Sum  string `json:"sum" minLength:"1" doc:"Of the draft that was seen: where figures have moved since, nothing is issued"`
		Seen int    `json:"seen" minimum:"0" doc:"Of that draft: where another bulletin was issued since, nothing is"`
	}
},
) (*api.Answer[issuedBulletin], error) {
	p, err := c.bulletinPage(ctx, in.BulletinPath)
	if err != nil {
		return nil, err
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	sum, err := p.Sum(c.api.Demo())
	if err != nil {
		return nil, err
	}
	if sum != in.Body.Sum {
		return nil, refuse.New("api.bulletin-moved").At("sum")
	}
	p.Seen = in.Body.Seen // what the caller knew, and not what was issued while he read
	// As on the page, a repeated call under its key gets the first answer, whatever the draft has become.
	receipt, err := c.desk.IssueBulletin(ctx, node.Request{ID: web.RequestKeyOf(ctx), Actor: web.ActorOf(ctx)}, p, c.api.Demo())
	return &api.Answer[issuedBulletin]{Body: issuedBulletin{receipt.Note}}, err
}
