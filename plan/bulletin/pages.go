package bulletin

import (
	"context"
	"embed"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
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
	site.Handle("GET /issued/{id}", region.BulletinRead, p.issued)
	site.Handle("GET /issued/{id}/{file}", region.BulletinRead, p.issuedFile)
	site.Nav(web.NavItem{LabelKey: "bulletin.nav", Href: "/bulletin", Action: region.BulletinRead})
}

// indexView is the year's months, newest first, with what was issued for each.
type indexView struct {
	Months []monthLine
	May    bool // make and issue
}

type monthLine struct {
	Month  judge.Period
	Issued []plan.IssuedBulletin
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
		months = append(months, m)
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

// office is who issues a bulletin when nobody typed another name.
func (p *pages) office(r *http.Request) (name string, err error) {
	ctx := r.Context()
	err = p.desk.Node().Store.Read(ctx, func(tx *store.Tx) error {
		name, err = region.OfficialName(ctx, tx, p.desk.Node().Name, web.Actor(r).Org)
		return err
	})
	return name, err
}

func (p *pages) page(r *http.Request) (*plan.BulletinPage, error) {
	office, err := p.office(r)
	if err != nil {
		return nil, err
	}
	b, err := p.desk.Bulletin(r.Context(), judge.Period(r.PathValue("month")), judge.Date(r.FormValue("as-of")), office)
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

func (p *pages) save(w http.ResponseWriter, r *http.Request) error {
	b, err := p.page(r)
	if err != nil {
		return err
	}
	if r.FormValue("act") == "recompose" {
		if err := p.desk.ForgetBulletin(r.Context(), b.Month); err != nil {
			return err
		}
		web.Flash(w, r, ui.Good, web.T(r.Context(), "bulletin.recomposed"))
		return web.Redirect(w, r, "/bulletin/"+string(b.Month))
	}
	take(b, r)
	err = p.keep(w, r, b)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		v := editView{BulletinPage: b, Errors: fields, Request: r.FormValue("request")}
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, editPage(v))
	}
	return err
}

// keep saves the draft, and issues it if that was asked for.
func (p *pages) keep(w http.ResponseWriter, r *http.Request, b *plan.BulletinPage) error {
	ctx := r.Context()
	if err := p.desk.SaveBulletin(ctx, b.Month, b.Head, b.Draft.Sections, chosenItems(b), b.Version); err != nil {
		return err
	}
	b.Version++
	if r.FormValue("act") != "issue" {
		web.Flash(w, r, ui.Good, web.T(ctx, "bulletin.saved"))
		return web.Redirect(w, r, "/bulletin/"+string(b.Month))
	}
	fresh, err := p.page(r) // with the figures of this moment
	if err != nil {
		return err
	}
	receipt, err := p.desk.IssueBulletin(ctx, node.Request{ID: web.RequestKey(r), Actor: web.Actor(r)}, fresh, p.demo)
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "bulletin.was-issued"))
	return web.Redirect(w, r, "/issued/"+receipt.Note)
}

// take puts what was typed into the page.
func take(b *plan.BulletinPage, r *http.Request) {
	h := &b.Head
	h.Head, h.Number, h.Title = r.FormValue("head"), r.FormValue("number"), r.FormValue("title")
	h.To, h.Signer, h.Date = r.FormValue("to"), r.FormValue("signer"), r.FormValue("date")
	h.PrintedBy = r.FormValue("printedBy")
	h.CopyTo = nil
	for name := range strings.FieldsFuncSeq(r.FormValue("copyTo"), func(c rune) bool { return strings.ContainsRune("，,；;\n", c) }) {
		if name = strings.TrimSpace(name); name != "" {
			h.CopyTo = append(h.CopyTo, name)
		}
	}
	for i := range b.Draft.Sections {
		s := &b.Draft.Sections[i]
		s.Text = strings.ReplaceAll(r.FormValue("text-"+s.Key), "\r\n", "\n")
	}
	chosen := r.Form["chosen"]
	for i := range b.Candidates {
		b.Candidates[i].Chosen = slices.Contains(chosen, b.Candidates[i].Item)
	}
	if v, err := strconv.ParseInt(r.FormValue("version"), 10, 64); err == nil {
		b.Version = v
	}
}

func chosenItems(b *plan.BulletinPage) (items []string) {
	for _, c := range b.Candidates {
		if c.Chosen {
			items = append(items, c.Item)
		}
	}
	return items
}

func (p *pages) draft(kind string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		b, err := p.page(r)
		if err != nil {
			return err
		}
		content, err := b.Xlsx()
		if kind == "docx" {
			content, err = b.Docx(true, p.demo)
		}
		if err != nil {
			return err
		}
		send(w, b.Draft.Title()+"（草稿）."+kind, kind, content)
		return nil
	}
}

var types = map[string]string{
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

func send(w http.ResponseWriter, name, kind string, content []byte) {
	w.Header().Set("Content-Type", types[kind])
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Cache-Control", "private, no-store")
	w.Write(content)
}

// issuedView is a bulletin as issued, and what was said otherwise since.
type issuedView struct {
	plan.IssuedBulletin
	Corrections []plan.Correction
	Figures     []plan.FigureChange
}

func (p *pages) find(ctx context.Context, id string) (plan.IssuedBulletin, error) {
	all, err := p.desk.Bulletins(ctx)
	if err != nil {
		return plan.IssuedBulletin{}, err
	}
	for _, b := range all {
		if b.ID == id {
			return b, nil
		}
	}
	return plan.IssuedBulletin{}, web.ErrNotFound
}

func (p *pages) issued(w http.ResponseWriter, r *http.Request) error {
	b, err := p.find(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := issuedView{IssuedBulletin: b}
	if v.Corrections, v.Figures, err = p.desk.Corrections(r.Context(), b); err != nil {
		return err
	}
	return web.Show(w, r, issuedPage(v))
}

func (p *pages) issuedFile(w http.ResponseWriter, r *http.Request) error {
	b, err := p.find(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	kind := strings.TrimPrefix(r.PathValue("file"), "file.")
	if types[kind] == "" {
		return web.ErrNotFound
	}
	f, content, err := p.desk.IssuedFile(b, kind)
	if refuse.Is(err, "plan.file-unknown") {
		return errors.Join(web.ErrNotFound, err)
	}
	if err != nil {
		return err
	}
	send(w, f.Name, kind, content)
	return nil
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
