package intake

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
)

// API adds the calls that import and export lists.
func API(a *api.API, d *plan.Desk) {
	p := &pages{desk: d}
	api.Register(a, huma.Operation{
		OperationID: "preview-list", Method: http.MethodPost, Path: "/plans/{key}/preview", MaxBodyBytes: maxUpload,
		Summary:   "What would be understood of a file, and what importing it would change (试读清单); nothing is written",
		Responses: api.Example(exampleUnderstood),
	}, region.PlanImport, p.apiPreview)
	api.Register(a, huma.Operation{
		OperationID: "import-list", Method: http.MethodPost, Path: "/plans/{key}/import", MaxBodyBytes: maxUpload,
		Summary:   "Import a file with every proposal (导入清单): unknown units are the ones they come near to or become new ones, likely twins are linked",
		Responses: api.Example(plan.Imported{Plan: "510900:suitong-2022", New: 24, Linked: 3, Units: 2, Links: []plan.LinkedRow{{Listing: "l-4c1d", Item: "i-77aa"}}, Asking: exampleAsking}),
	}, region.PlanImport, p.apiImport)
	api.Register(a, huma.Operation{
		OperationID: "export-list", Method: http.MethodGet, Path: "/plans/{key}/export",
		Summary:   "A list as xlsx in the layout it came in, progress filled in, and the rows it cannot show (导出清单)",
		Responses: api.Example(plan.Exported{Name: "遂潼清单.xlsx", Content: []byte("PK"), AsOf: "2022-06-20", Written: 24, Unshown: []plan.UnshownRow{}}),
	}, region.PlanExport, p.apiExport)
}

// exampleAsking is whom the rows of a list ask and whom not.
var exampleAsking = plan.Asking{
	Asks:    []plan.AskedMember{{Member: "500152", Name: "潼南区", Rows: 3}},
	Unasked: []plan.UnaskedMember{{Member: "510700", Name: "绵阳市", Why: plan.Unrecognised, Units: []string{"绵阳市卫健委"}, Rows: 1}},
}

// exampleUnderstood shows a list as DESIGN prints it.
var exampleUnderstood = Understood{
	Plan: "510900:suitong-2022", Title: "遂潼一体化2022年重点任务清单", Year: 2022, Circle: "suitong", NewBook: true,
	Changes: Tally{New: 1, Linked: 1}, NewUnits: []string{}, NearUnits: map[string]string{"市发改局": "市发展改革委"},
	NeighbourUnits: map[string]string{"潼南区水利局": "500152"},
	Asking:         exampleAsking,
	List: &sheet.List{
		Sheets: []sheet.Sheet{{
			Name: "Sheet1", HeaderRows: []int{3, 4}, Columns: []sheet.Column{{Column: "B", Header: "工作任务", Field: sheet.Title}},
			Rows: []sheet.Row{{
				Row: 5, Number: "1", Section: []string{"一、基础设施"}, Title: "加快遂潼快捷通道建设", Lead: []string{"市发展改革委"},
				Deadline: &sheet.Deadline{Text: "6月底前", Date: "2022-06-30", Kind: "by"},
			}},
		}},
		Problems: []sheet.Problem{{Sheet: "Sheet1", Cell: "E7", Code: "deadline-unclear", Message: "看不出完成时限", Suggestion: "请写明日期"}},
		Twins:    []sheet.Twin{{Row: 5, Item: "i-77aa", Score: 0.93, Reason: "名称几乎相同"}},
	},
}

// fileInput is a file in the body of a call, and which list it becomes.
type fileInput struct {
	Key     string `path:"key" doc:"Key of the list, such as suitong-2022"`
	Name    string `query:"name" required:"true" doc:"Name of the file; its ending says what it claims to be"`
	Year    int    `query:"year" doc:"Year of the list; 0: as the file says"`
	Circle  string `query:"circle" doc:"Circle of a new list; empty: a list of our own"`
	Title   string `query:"title" doc:"Empty: as the file says"`
	Another bool   `query:"another" doc:"It is another list, though its rows stand in one already"`
	Cycle   string `query:"cycle" doc:"Reporting cycle of a new list; empty: month"`
	Cutoff  int    `query:"cutoff" minimum:"0" maximum:"31" doc:"Day of the last month of a period by which reports are due; 0: as the list has it, or the 25th"`
	Open    int    `query:"open" minimum:"0" maximum:"366" doc:"Days before the cut-off from which a report is waited for; 0: as the list has them, or 10"`
	Grace   int    `query:"grace" minimum:"0" maximum:"10" doc:"Days after a ten-day period by which its report is due"`
	Reason  string `query:"reason" maxLength:"4000" doc:"Why deadlines or targets of rows that stand are otherwise"`
	Warn    int    `query:"warn" minimum:"0" maximum:"365" doc:"Days before a deadline from which work is at risk; 0: as the list has them, or 15"`
	RawBody []byte `contentType:"application/octet-stream"`
}

func (in *fileInput) options() plan.ImportOptions {
	return plan.ImportOptions{
		Plan: in.Key, Year: in.Year, Circle: in.Circle, Title: in.Title, Cycle: judge.Cycle(in.Cycle), Another: in.Another,
		Rhythm: judge.Rhythm{CutoffDay: in.Cutoff, OpenDays: in.Open, TenDayGrace: in.Grace}, WarnDays: in.Warn, Reason: in.Reason,
	}
}

// Understood is what a preview says to a program.
type Understood struct {
	List     *sheet.List `json:"list"`
	Plan     string      `json:"plan"`
	Title    string      `json:"title"`
	Year     int         `json:"year"`
	Circle   string      `json:"circle"`
	Existing bool        `json:"existing"` // the list stands already: this is a revision
	NewBook  bool        `json:"newBook"`  // the circle's book would be opened
	Changes  Tally       `json:"changes"`

	// SameList is one of the same circle and year in which all or nearly all rows stand already: import
	// under its key to revise it, or with another.
	SameList *plan.SameList `json:"sameList,omitempty"`

	NewUnits []string `json:"newUnits"`

	NearUnits map[string]string `json:"nearUnits"` // unknown name to the unit of the directory that it is taken for

	// NeighbourUnits: unknown name to the code of the member whose new unit it is taken for.
	NeighbourUnits map[string]string `json:"neighbourUnits,omitempty"`

	plan.Asking // if every proposal is taken
}

// Tally counts what importing would do with the rows.
type Tally struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	Moved   int `json:"moved"`
	Same    int `json:"same"`
	Dropped int `json:"dropped"`
	Linked  int `json:"linked"`
}

// UnderstoodOf sums a preview up.
func UnderstoodOf(p *plan.Preview) Understood {
	u := Understood{
		List: p.List, Plan: p.Options.Plan, Title: p.Options.Title, Year: p.Options.Year, Circle: p.Options.Circle,
		Existing: p.Existing, NewBook: p.NewBook, NewUnits: []string{}, NearUnits: map[string]string{}, SameList: p.Same, Asking: p.Asking,
	}
	for _, c := range p.Changes {
		switch c.What {
		case plan.RowNew:
			u.Changes.New++
		case plan.RowChanged:
			u.Changes.Changed++
		case plan.RowMoved:
			u.Changes.Moved++
		case plan.RowSame:
			u.Changes.Same++
		case plan.RowDropped:
			u.Changes.Dropped++
		}
	}
	u.Changes.Linked = len(p.EveryProposal().Links)
	u.NewUnits = append(u.NewUnits, p.NewUnits()...)
	for _, n := range p.Unknown {
		if n.Is != "" {
			u.NearUnits[n.Name] = n.Proposals[0].Name
		}
		if n.Of != "" {
			if u.NeighbourUnits == nil {
				u.NeighbourUnits = map[string]string{}
			}
			u.NeighbourUnits[n.Name] = n.Of
		}
	}
	return u
}

func (p *pages) apiPreview(ctx context.Context, in *fileInput) (*api.Answer[Understood], error) {
	preview, err := p.desk.PreviewFile(ctx, in.Name, in.RawBody, in.options())
	if err != nil {
		return nil, refused(err)
	}
	return &api.Answer[Understood]{Body: UnderstoodOf(preview)}, nil
}

func (p *pages) apiImport(ctx context.Context, in *fileInput) (*api.Answer[plan.Imported], error) {
	req := node.Request{ID: web.RequestKeyOf(ctx), Print: append([]byte(in.Key+"\n"+in.Name+"\n"), in.RawBody...), Actor: web.ActorOf(ctx)}
	done, err := p.desk.ImportFile(ctx, req, in.Name, in.RawBody, in.options())
	if err != nil {
		return nil, refused(err)
	}
	return &api.Answer[plan.Imported]{Body: done}, nil
}

type exportInput struct {
	Key  string `path:"key" doc:"Key of the list"`
	AsOf string `query:"as-of" doc:"Civil day, such as 2022-06-20; empty: today"`
}

func (p *pages) apiExport(ctx context.Context, in *exportInput) (*api.Answer[plan.Exported], error) {
	asOf, err := p.asOf(in.AsOf)
	if err != nil {
		return nil, err
	}
	e, err := p.desk.Export(ctx, in.Key, asOf)
	if err != nil {
		return nil, err
	}
	return &api.Answer[plan.Exported]{Body: *e}, nil
}

// refused makes the refusal of a file one of a call, with a code of its own.
func refused(err error) error {
	var no *sheet.Refusal
	if !errors.As(err, &no) {
		return err
	}
	return refuse.New("plan.sheet."+no.Code, "zh", no.Message+no.Suggestion, "en", no.English).At("file")
}
