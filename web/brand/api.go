package brand

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web/api"
)

// Site is how the platform is called on the pages, and whom they name.
type Site struct {
	Name   string `json:"name" doc:"Of the platform; empty: as the program has it" example:"遂潼联动平台"`
	Line   string `json:"line" doc:"Short, on the sign-in page"`
	Office string `json:"office" doc:"Whom to call" example:"市发展改革委区域合作科"`
	Phone  string `json:"phone" doc:"Of that office" example:"0825-0000000"`
	Hours  string `json:"hours" example:"工作日 9:00—17:30"`
	Notice string `json:"notice" doc:"On the sign-in page"`
	Footer string `json:"footer"`
	Filing string `json:"filing" doc:"备案号" example:"蜀ICP备00000000号-1"`
	Mark   string `json:"mark" doc:"Address of the mark; empty: the program's own" example:"/mark/71.svg"`
	Seen   int64  `json:"seen" doc:"Index of the newest entry of texts and mark; -1: none. Who sets the texts says which he saw" example:"71"`
}

// SiteRequest is the body of PUT /site: all texts as they are to be.
type SiteRequest struct {
	Name   string `json:"name,omitempty"`
	Line   string `json:"line,omitempty"`
	Office string `json:"office,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Hours  string `json:"hours,omitempty"`
	Notice string `json:"notice,omitempty"`
	Footer string `json:"footer,omitempty"`
	Filing string `json:"filing,omitempty"`
	Seen   int64  `json:"seen" doc:"Of the texts that were read: what somebody else changed since is not replaced" example:"71"`
}

func (r SiteRequest) form() formView {
	return formView{Seen: strconv.FormatInt(r.Seen, 10), SiteWords: region.SiteWords{
		Name: r.Name, Line: r.Line, Office: r.Office, Phone: r.Phone, Hours: r.Hours, Notice: r.Notice, Footer: r.Footer, Filing: r.Filing,
	}}
}

// MarkRequest is the body of PUT /site/mark.
type MarkRequest struct {
	Picture []byte `json:"picture" doc:"SVG or PNG, in base64" maxLength:"40000"`
}

// API adds the calls.
func API(calls *api.API, n *node.Node) {
	p := &pages{n}
	tags := []string{"administration"}
	example := Site{Name: "遂潼联动平台", Office: "市发展改革委区域合作科", Phone: "0825-0000000", Hours: "工作日 9:00—17:30", Mark: "/mark/71.svg", Seen: 71}
	read := func(ctx context.Context) (*api.Answer[Site], error) {
		s, err := p.read(ctx)
		b := brandOf(s)
		return &api.Answer[Site]{Body: Site{b.Name, b.Line, b.Office, b.Phone, b.Hours, b.Notice, b.Footer, b.Filing, b.Mark, s.Seen}}, err
	}
	api.Register(calls, huma.Operation{
		OperationID: "read-site", Method: http.MethodGet, Path: "/site", Tags: tags, Summary: "What the platform is called on the pages, and whom they name (标识与文字)",
		Responses: api.Example(example),
	}, region.SiteWrite, func(ctx context.Context, _ *struct{}) (*api.Answer[Site], error) { return read(ctx) })
	type setting struct{ Body SiteRequest }
	api.Register(calls, huma.Operation{
		OperationID: "name-site", Method: http.MethodPut, Path: "/site", Tags: tags, Summary: "Set all texts of the pages; the mark stays", Responses: api.Example(example),
	}, region.SiteWrite, func(ctx context.Context, in *setting) (*api.Answer[Site], error) {
		req, err := api.Request(ctx, "name-site", in)
		if err != nil {
			return nil, err
		}
		if err := p.write(ctx, req, in.Body.form(), nil); err != nil {
			return nil, err
		}
		return read(ctx)
	})
	draw := func(ctx context.Context, req node.Request, picture []byte) (*api.Answer[Site], error) {
		if err := p.draw(ctx, req, picture); err != nil {
			return nil, err
		}
		return read(ctx)
	}
	type picturing struct{ Body MarkRequest }
	api.Register(calls, huma.Operation{
		OperationID: "set-mark", Method: http.MethodPut, Path: "/site/mark", Tags: tags, Summary: "Set the mark of the pages", Responses: api.Example(example),
	}, region.SiteWrite, func(ctx context.Context, in *picturing) (*api.Answer[Site], error) {
		req, err := api.Request(ctx, "set-mark", in)
		if err != nil {
			return nil, err
		}
		if len(in.Body.Picture) == 0 {
			return nil, refuse.New("region.mark.form").At("mark")
		}
		return draw(ctx, req, in.Body.Picture)
	})
	api.Register(calls, huma.Operation{
		OperationID: "drop-mark", Method: http.MethodDelete, Path: "/site/mark", Tags: tags, Summary: "The program's own mark again", Responses: api.Example(Site{Name: "遂潼联动平台"}),
	}, region.SiteWrite, func(ctx context.Context, _ *struct{}) (*api.Answer[Site], error) {
		req, err := api.Request(ctx, "drop-mark", nil)
		if err != nil {
			return nil, err
		}
		return draw(ctx, req, nil)
	})
}
