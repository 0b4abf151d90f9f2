package bulletin

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// askView says what issuing will freeze.
type askView struct {
	*plan.BulletinPage
	Sum     string // names the files that are confirmed
	Request string
	Office  string
	Changed bool // since the page that was confirmed
}

func (p *pages) askView(r *http.Request) (askView, error) {
	b, err := p.page(r)
	if err != nil {
		return askView{}, err
	}
	v := askView{BulletinPage: b, Request: web.NewRequestKey()}
	if v.Office, err = p.office(r); err != nil {
		return v, err
	}
	v.Sum, err = b.Sum(p.demo)
	return v, err
}

// ask is the page before issuing: what is frozen, as of when, from which books, and by whom.
func (p *pages) ask(w http.ResponseWriter, r *http.Request) error {
	v, err := p.askView(r)
	if err != nil {
		return err
	}
	if err := v.Check(); err != nil {
		fields, ok := web.FieldErrors(r.Context(), err)
		if !ok {
			return err
		}
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, editPage(editView{v.BulletinPage, fields, v.Request}))
	}
	return web.Show(w, r, askPage(v))
}

// issue freezes what was confirmed; if figures have moved since, the page asks anew.
func (p *pages) issue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.askView(r)
	if err != nil {
		return err
	}
	if v.Sum != r.FormValue("sum") {
		v.Changed = true
		return web.ShowStatus(w, r, http.StatusConflict, askPage(v))
	}
	if v.Seen, err = strconv.Atoi(r.FormValue("seen")); err != nil {
		return web.ErrNotFound
	}
	receipt, err := p.desk.IssueBulletin(ctx, node.Request{ID: web.RequestKey(r), Actor: web.Actor(r)}, v.BulletinPage, p.demo)
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "bulletin.was-issued"))
	return web.Redirect(w, r, "/issued/"+receipt.Note)
}

// issuedView is a bulletin as issued, and what was said otherwise since.
type issuedView struct {
	plan.IssuedBulletin
	Office      string
	Who         string // who pressed the button; "" for a reader who may not see names
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
			return b.IssuedBulletin, nil
		}
	}
	return plan.IssuedBulletin{}, web.ErrNotFound
}

func (p *pages) issued(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := p.find(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := issuedView{IssuedBulletin: b}
	err = p.desk.Node().Store.Read(ctx, func(tx *store.Tx) error {
		names, err := region.OrgNames(ctx, tx)
		if v.Office = names[b.By]; err != nil {
			return err
		}
		v.Who, err = nameOf(ctx, tx, b.Person)
		return err
	})
	if err != nil {
		return err
	}
	if v.Corrections, v.Figures, err = p.desk.Corrections(ctx, b); err != nil {
		return err
	}
	return web.Show(w, r, issuedPage(v))
}

// nameOf is a person's name for those who may read the register of people, and for himself; for
// others "".
func nameOf(ctx context.Context, tx *store.Tx, person string) (string, error) {
	if person == "" || !web.May(ctx, region.PeopleRead) && web.ActorOf(ctx).Person != person {
		return "", nil
	}
	return region.PersonName(ctx, tx, person)
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
	return web.Download(w, f.Name, types[kind], content)
}

func chosenLists(b *plan.BulletinPage) (titles []string) {
	for _, l := range b.Lists {
		if l.Chosen {
			titles = append(titles, l.Title)
		}
	}
	return titles
}

// circleTitle names whose bulletin it is.
func circleTitle(ctx context.Context, b *plan.BulletinPage) string {
	for _, c := range b.Circles {
		if c.ID == b.Circle {
			return c.Name
		}
	}
	return web.T(ctx, "bulletin.own")
}

// scopes lead from one month's bulletins to another: the member's own and one for each circle.
func scopes(ctx context.Context, b *plan.BulletinPage) []ui.FilterGroup {
	own := "/bulletin/" + string(b.Month)
	g := ui.FilterGroup{Label: web.T(ctx, "bulletin.scope"), Choices: []ui.Choice{
		{Label: web.T(ctx, "bulletin.own"), Href: own, Chosen: b.Circle == ""},
	}}
	for _, c := range b.Circles {
		g.Choices = append(g.Choices, ui.Choice{Label: c.Name, Href: own + "?circle=" + c.ID, Chosen: b.Circle == c.ID})
	}
	return []ui.FilterGroup{g}
}

// figureLink leads to the rows behind a live figure; empty where it counts nothing that is listed.
func figureLink(b *plan.BulletinPage, field string) string {
	q := "?as-of=" + string(b.AsOf)
	if b.Circle != "" {
		q += "&circle=" + b.Circle
	}
	if s, ok := stateFields[field]; ok {
		return "/items" + q + "&state=" + string(s)
	}
	if f, ok := filingFields[field]; ok && !b.Draft.In.Summary() { // a summary counts the reports of many periods
		return "/items" + q + "&period=" + string(b.Month) + "&filing=" + string(f)
	}
	return ""
}

var stateFields = map[string]judge.WorkState{
	"事项数": plan.Standing, "完成数": plan.Finished, "逾期完成数": judge.DoneLate, "正常数": judge.OnTime, "风险数": judge.AtRisk,
	"滞后数": judge.Late, "未启动数": judge.Planned, "退出数": judge.Dropped,
}

var filingFields = map[string]judge.FilingState{
	"应报数": plan.Owed, "按时报送数": plan.InTime, "未报数": judge.Missed,
}

// heading is a line of an issued text that heads a section.
var heading = regexp.MustCompile(`^[一二三四五六七八九十]+、`)
