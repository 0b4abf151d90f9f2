package api

import (
	"context"
	"mime"
	"path"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// Bulletin is a bulletin (月度通报) as it was issued.
type Bulletin struct {
	Bulletin string          `json:"bulletin" example:"b-21f0"`
	Month    judge.Period    `json:"month" example:"2022-05"`
	AsOf     judge.Date      `json:"asOf"`
	Title    string          `json:"title"`
	Number   string          `json:"number,omitempty"`
	Text     string          `json:"text"`
	Sources  []node.Position `json:"sources" doc:"The entries behind its sentences"`
	Heads    []Head          `json:"heads" doc:"The books as they stood"`
	Proof    string          `json:"proof"`
}

// Head is a book as it stood.
type Head struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root" doc:"base64"`
}

func (c *calls) bulletins() {
	example := Bulletin{
		Bulletin: "b-21f0", Month: "2022-05", AsOf: "2022-05-31", Title: "关于2022年5月重点任务进展情况的通报", Text: "一、总体情况……",
		Sources: []node.Position{{Book: "510900/self", Index: 88}}, Heads: []Head{{"suining.example/suitong", 120, "5jsu…"}}, Proof: "/proof/self/130",
	}
	api.Register(c.api, get("bulletins", "/bulletins", "Bulletins that were issued, newest first", []Bulletin{example}), region.BulletinRead, c.issued)
	out := get("bulletin", "/bulletins/{month}/file", "A month's bulletin as docx or xlsx: as issued, else the draft as it stands", nil)
	out.Responses = api.Binary("application/octet-stream")
	api.Register(c.api, out, region.BulletinRead, c.bulletin)
}

func (c *calls) issued(ctx context.Context, _ *struct{}) (*api.Answer[[]Bulletin], error) {
	found, err := c.desk.Bulletins(ctx)
	all := []Bulletin{}
	for _, b := range found {
		one := Bulletin{
			Bulletin: b.ID, Month: b.Month, AsOf: b.AsOf, Title: b.Words.Title, Number: b.Words.Number, Text: b.Words.Text,
			Sources: b.Words.Sources, Heads: []Head{}, Proof: proof(b.Book, b.Index),
		}
		for _, h := range b.Facts.Heads {
			one.Heads = append(one.Heads, Head{h.Origin, h.Size, h.Root.String()})
		}
		if one.Sources == nil {
			one.Sources = []node.Position{}
		}
		all = append(all, one)
	}
	return &api.Answer[[]Bulletin]{Body: all}, err
}

type inBulletin struct {
	Month  string `path:"month" example:"2022-05" doc:"A month; of a summary 2022-H1 or 2022"`
	Kind   string `query:"kind" enum:"docx,xlsx" default:"docx"`
	Circle string `query:"circle" doc:"The circle's bulletin; empty: the member's own"`
	Draft  bool   `query:"draft" doc:"The draft as it stands, even if one was issued"`
}

func (c *calls) bulletin(ctx context.Context, in *inBulletin) (*api.File, error) {
	office, err := c.desk.Office(ctx, web.ActorOf(ctx).Org)
	if err != nil {
		return nil, err
	}
	p, err := c.desk.Bulletin(ctx, plan.BulletinQuery{Month: judge.Period(in.Month), Circle: in.Circle, Office: office})
	if err != nil {
		return nil, absent(err)
	}
	if len(p.Issued) > 0 && !in.Draft {
		ref, content, err := c.desk.IssuedFile(p.Issued[0], in.Kind)
		return api.FileOf(ref.Name, ref.Type, content), absent(err)
	}
	if !web.May(ctx, region.BulletinIssue) {
		return nil, web.ErrNotFound // what is not issued stays with who writes it
	}
	return draft(p, in.Kind, c.api.Demo())
}

func draft(p plan.BulletinPage, kind string, demo bool) (*api.File, error) {
	content, err := p.Xlsx(true, demo)
	if kind == "docx" {
		content, err = p.Docx(true, demo)
	}
	name := p.Draft.Title() + "." + kind
	return api.FileOf(name, mime.TypeByExtension(path.Ext(name)), content), err
}
