package signins

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"liandong/node"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/civil"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// onPage is how many lines stand on a page; mostTaken how many a file holds: as many as a spreadsheet opens quickly.
const (
	onPage    = 50
	mostTaken = 100_000
)

type pages struct {
	node     *node.Node
	accounts *account.Accounts
}

// Routes adds the pages.
func Routes(site *web.Site, n *node.Node, accounts *account.Accounts) {
	p := &pages{n, accounts}
	site.Handle("GET /audit/sign-ins", region.SignInsRead, p.list)
	site.Handle("POST /audit/sign-ins/check", region.SignInsRead, p.check).Slow()
	site.Handle("GET /audit/sign-ins/file.xlsx", region.SignInsRead, p.workbook).Slow()
	site.Handle("GET /audit/sign-ins/file.csv", region.SignInsRead, p.table).Slow()
	site.Nav(web.NavItem{LabelKey: "signins.nav", Href: "/audit/sign-ins", Action: region.SignInsRead})
}

// asked is what stands in the filters; the address holds the same.
type asked struct{ Person, Act, Outcome, From, Until string }

func (a asked) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"person": a.Person, "act": a.Act, "outcome": a.Outcome, "from": a.From, "until": a.Until} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// file is the address of the same lines as a file.
func (a asked) file(kind string) string {
	return "/audit/sign-ins/file." + kind + "?" + a.values().Encode()
}

func askedBy(r *http.Request) asked {
	v := r.URL.Query()
	return asked{v.Get("person"), v.Get("act"), v.Get("outcome"), v.Get("from"), v.Get("until")}
}

func (a asked) query() (q account.Query, err error) {
	q = account.Query{Person: a.Person, Act: account.Act(a.Act), Outcome: account.Outcome(a.Outcome)}
	if q.From, err = day(a.From, "from", 0); err == nil {
		q.Until, err = day(a.Until, "until", 1)
	}
	return q, err
}

// day is when a civil day begins in Beijing, or the day so many days later; zero for "".
func day(text, field string, plus int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation("2006-01-02", text, civil.Beijing)
	if err != nil {
		return t, refuse.New("signins.day", "day", text).At(field)
	}
	return t.AddDate(0, 0, plus), nil
}

// named gives people the names that stand in the register; who was never in it is told by his id.
type named map[string]string

func names(ctx context.Context, tx *store.Tx) (named, error) {
	people, err := region.People(ctx, tx)
	all := named{}
	for _, p := range people {
		all[p.ID] = p.Name
	}
	return all, err
}

func (n named) of(person string) string { return cmp.Or(n[person], person) }

// options are the people in the order of their names.
func (n named) options(ctx context.Context) []ui.Option {
	all := []ui.Option{}
	for id, name := range n {
		all = append(all, ui.Option{Value: id, Label: name})
	}
	slices.SortFunc(all, func(a, b ui.Option) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
	return append([]ui.Option{{Label: web.T(ctx, "signins.any")}}, all...)
}

type listData struct {
	Asked   asked
	Lines   []account.Record
	Names   named
	Next    int64 // the next page is of lines before this one; 0: none
	Checked *account.Checked
	Errors  []ui.FieldError
}

// list shows the lines, the newest first. GET /audit/sign-ins
func (p *pages) list(w http.ResponseWriter, r *http.Request) error { return p.show(w, r, listData{}) }

func (p *pages) show(w http.ResponseWriter, r *http.Request, d listData) error {
	d.Asked = askedBy(r)
	q, err := d.Asked.query()
	fields, wrong := web.FieldErrors(r.Context(), err)
	if err != nil && !wrong {
		return err
	}
	d.Errors = fields
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // what is no number is the beginning
	q.Before, q.Limit = before, onPage+1
	err = p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if d.Names, err = names(r.Context(), tx); err == nil && !wrong {
			d.Lines, err = account.Records(r.Context(), tx, q)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(d.Lines) > onPage {
		d.Lines = d.Lines[:onPage]
		d.Next = d.Lines[onPage-1].Seq
	}
	if err := p.accounts.Note(p.accounts.As(r.Context()), account.ActRecordRead); err != nil {
		return err
	}
	if wrong {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, listView(d))
	}
	return web.Show(w, r, listView(d))
}

// check goes over the whole record. POST /audit/sign-ins/check
func (p *pages) check(w http.ResponseWriter, r *http.Request) error {
	var c account.Checked
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		c, err = account.CheckRecords(r.Context(), tx, p.node.Member)
		return err
	})
	if err != nil {
		return err
	}
	return p.show(w, r, listData{Checked: &c})
}

// taken are the lines that are asked for, as they go into a file.
func (p *pages) taken(r *http.Request) (head []string, lines [][]string, err error) {
	ctx := r.Context()
	q, err := askedBy(r).query()
	if err != nil {
		return nil, nil, err
	}
	q.Limit = mostTaken
	if err := p.accounts.Note(p.accounts.As(r.Context()), account.ActRecordTaken); err != nil {
		return nil, nil, err
	}
	var all []account.Record
	var people named
	err = p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if people, err = names(ctx, tx); err == nil {
			all, err = account.Records(ctx, tx, q)
		}
		return err
	})
	for _, key := range []string{"number", "at", "person", "actor", "act", "way", "outcome", "address", "device"} {
		head = append(head, web.T(ctx, "signins."+key))
	}
	for _, l := range all {
		lines = append(lines, []string{
			strconv.FormatInt(l.Seq, 10), l.At.In(civil.Beijing).Format("2006-01-02 15:04:05"), people.of(l.Person), people.of(l.Actor),
			l.Act.Name(ctx), l.WayName(ctx), l.Outcome.Status(ctx).Word, l.Address, l.Device,
		})
	}
	return head, lines, err
}

// workbook is the lines as a workbook. GET /audit/sign-ins/file.xlsx
func (p *pages) workbook(w http.ResponseWriter, r *http.Request) error {
	head, lines, err := p.taken(r)
	if err != nil {
		return err
	}
	title := web.T(r.Context(), "signins.title")
	s := letter.Sheet{Name: title, Title: p.node.Name + title}
	for i, h := range head {
		s.Columns = append(s.Columns, letter.SheetColumn{Title: h, Width: []float64{8, 20, 14, 14, 18, 14, 24, 20, 20}[i]})
	}
	for _, l := range lines {
		row := []letter.Cell{letter.Number(l[0])}
		for _, text := range l[1:] {
			row = append(row, letter.Text(text))
		}
		s.Rows = append(s.Rows, row)
	}
	content, err := letter.Xlsx(letter.Workbook{Title: s.Title, Creator: p.node.Name, Sheets: []letter.Sheet{s}})
	if err != nil {
		return err
	}
	return web.Download(w, s.Title+".xlsx", letter.XlsxType, content)
}

// table is the lines as text. GET /audit/sign-ins/file.csv
func (p *pages) table(w http.ResponseWriter, r *http.Request) error {
	head, lines, err := p.taken(r)
	if err != nil {
		return err
	}
	out := bytes.NewBufferString("\ufeff") // by which spreadsheets know UTF-8
	c := csv.NewWriter(out)
	if err := c.WriteAll(append([][]string{head}, lines...)); err != nil {
		return err
	}
	return web.Download(w, p.node.Name+web.T(r.Context(), "signins.title")+".csv", "text/csv; charset=utf-8", out.Bytes())
}
