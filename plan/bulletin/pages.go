package bulletin

import (
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct {
	desk *plan.Desk
	demo bool
}

// Routes adds the pages of the bulletin.
func Routes(site *web.Site, d *plan.Desk) {
	p := &pages{desk: d, demo: site.Demo}
	site.Handle("GET /bulletin", region.BulletinRead, p.index)
	site.Handle("GET /bulletin/{month}", region.BulletinIssue, p.edit)
	site.Handle("POST /bulletin/{month}", region.BulletinIssue, p.save)
	site.Handle("GET /bulletin/{month}/draft.docx", region.BulletinIssue, p.draft("docx"))
	site.Handle("GET /bulletin/{month}/draft.xlsx", region.BulletinIssue, p.draft("xlsx"))
	site.Handle("GET /bulletin/{month}/issue", region.BulletinIssue, p.ask)
	site.Handle("POST /bulletin/{month}/issue", region.BulletinIssue, p.issue)
	site.Handle("GET /issued/{id}", region.BulletinRead, p.issued)
	site.Handle("GET /issued/{id}/{file}", region.BulletinRead, p.issuedFile)
	site.Nav(web.NavItem{LabelKey: "bulletin.nav", Href: "/bulletin", Action: region.BulletinRead, Under: []string{"/issued/*"}})
}

// indexView is the year's months, newest first, with what was issued for each.
type indexView struct {
	Months []monthLine
	May    bool // make and issue
}

type monthLine struct {
	Month  judge.Period
	Issued []plan.IssuedLine
}

func (p *pages) index(w http.ResponseWriter, r *http.Request) error {
	all, err := p.desk.Bulletins(r.Context())
	if err != nil {
		return err
	}
	v := indexView{May: web.May(r.Context(), region.BulletinIssue)}
	today := p.desk.Today()
	months := []judge.Period{}
	for m := judge.PeriodOf(judge.Month, today); m.First() >= judge.Date(today[:4]+"-01-01"); m = m.Prev() {
		months = append(months, append(endingIn(m), m)...)
	}
	for _, b := range all {
		if !slices.Contains(months, b.Month) {
			months = append(months, b.Month)
		}
	}
	for _, m := range months {
		line := monthLine{Month: m}
		for _, b := range all {
			if b.Month == m {
				line.Issued = append(line.Issued, b)
			}
		}
		if v.May || len(line.Issued) > 0 {
			v.Months = append(v.Months, line)
		}
	}
	return web.Show(w, r, indexPage(v))
}

// endingIn are the half year and the year that end in a month: each has a summary, the longer first.
func endingIn(m judge.Period) (all []judge.Period) {
	for _, cycle := range []judge.Cycle{judge.Year, judge.HalfYear} {
		if p := judge.PeriodOf(cycle, m.First()); p.Last() == m.Last() && !(cycle == judge.HalfYear && judge.PeriodOf(judge.Year, m.First()).Last() == m.Last()) {
			all = append(all, p) // nobody sums up the second half beside the year
		}
	}
	return all
}

// office is who issues a bulletin when nobody typed another name.
func (p *pages) office(r *http.Request) (string, error) {
	return p.desk.Office(r.Context(), web.Actor(r).Org)
}

// page reads the bulletin that an address names: a month, and with "circle" that of a circle.
func (p *pages) page(r *http.Request) (*plan.BulletinPage, error) {
	office, err := p.office(r)
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	b, err := p.desk.Bulletin(r.Context(), plan.BulletinQuery{
		Month: judge.Period(r.PathValue("month")), Circle: q.Get("circle"), AsOf: judge.Date(q.Get("as-of")), Office: office,
	})
	return &b, err
}

// editView is the bulletin as it will print, its text to edit, and its sources.
type editView struct {
	*plan.BulletinPage
	Errors  []ui.FieldError
	Request string
}

func (p *pages) edit(w http.ResponseWriter, r *http.Request) error {
	b, err := p.page(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, editPage(editView{BulletinPage: b, Request: web.NewRequestKey()}))
}

// save keeps what was typed and chosen; before issuing, a page asks.
func (p *pages) save(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := p.page(r)
	if err != nil {
		return err
	}
	take(b, r)
	act := r.FormValue("act")
	if act == "recompose" {
		b.Edited = false
	}
	if err = p.desk.SaveBulletin(ctx, b); err == nil && act == "issue" {
		err = b.Check()
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, editPage(editView{b, fields, r.FormValue("request")}))
	}
	switch {
	case err != nil:
		return err
	case act == "issue":
		return web.Redirect(w, r, address(b, "/issue"))
	case act == "recompose":
		web.Flash(w, r, ui.Good, web.T(ctx, "bulletin.recomposed"))
	default:
		web.Flash(w, r, ui.Good, web.T(ctx, "bulletin.saved"))
	}
	return web.Redirect(w, r, address(b, ""))
}

// address is that of a bulletin's page, or of what lies below it.
func address(b *plan.BulletinPage, below string) string {
	at := "/bulletin/" + string(b.Month) + below
	if b.Circle != "" {
		at += "?circle=" + url.QueryEscape(b.Circle)
	}
	return at
}

// take puts what was typed into the page. A text that nobody touched stays composed: it follows
// the lists and reports that are chosen.
func take(b *plan.BulletinPage, r *http.Request) {
	takeHead(&b.Head, r)
	for i := range b.Draft.Sections {
		s := &b.Draft.Sections[i]
		text := strings.ReplaceAll(r.FormValue("text-"+s.Key), "\r\n", "\n")
		b.Edited = b.Edited || text != s.Text
		s.Text = text
	}
	chosen, lists := r.Form["chosen"], r.Form["lists"]
	for i := range b.Candidates {
		b.Candidates[i].Chosen = slices.Contains(chosen, b.Candidates[i].Item)
	}
	for i := range b.Lists {
		b.Lists[i].Chosen = slices.Contains(lists, b.Lists[i].Plan)
	}
	if day := judge.Date(r.FormValue("as-of-day")); day != b.AsOf {
		b.AsOfAsked = day
	}
	if v, err := strconv.ParseInt(r.FormValue("version"), 10, 64); err == nil {
		b.Version = v
	}
}

func takeHead(h *plan.BulletinHead, r *http.Request) {
	h.Head, h.Number, h.Title = r.FormValue("head"), r.FormValue("number"), r.FormValue("title")
	h.To, h.Signer, h.Date = r.FormValue("to"), r.FormValue("signer"), r.FormValue("date")
	h.PrintedBy = r.FormValue("printedBy")
	h.CopyTo = nil
	for name := range strings.FieldsFuncSeq(r.FormValue("copyTo"), func(c rune) bool { return strings.ContainsRune("，,；;\n", c) }) {
		if name = strings.TrimSpace(name); name != "" {
			h.CopyTo = append(h.CopyTo, name)
		}
	}
}

func (p *pages) draft(kind string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		b, err := p.page(r)
		if err != nil {
			return err
		}
		content, err := b.Xlsx(true, p.demo)
		if kind == "docx" {
			content, err = b.Docx(true, p.demo)
		}
		if err != nil {
			return err
		}
		return web.Download(w, b.Draft.Title()+"（草稿）."+kind, types[kind], content)
	}
}

var types = map[string]string{
	"docx": letter.DocxType,
	"xlsx": letter.XlsxType,
}

// segments cuts a section's text for the preview.
func segments(v editView, s letter.Section) [][]letter.Segment {
	var lines [][]letter.Segment
	for line := range strings.SplitSeq(strings.TrimSpace(s.Text), "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, letter.Segments(line, v.Draft.Fields))
		}
	}
	return lines
}

// unknown are the fields of the text that have no figure, in words.
func unknown(v editView) (all []string) {
	_, bad := v.Draft.Text()
	for _, s := range v.Draft.Sections {
		for _, u := range bad[s.Key] {
			all = append(all, u.Message())
		}
	}
	return all
}
