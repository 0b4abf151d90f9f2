package books

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/rules/civil"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// mostHearsay is how many records the page lists.
const mostHearsay = 200

type hearsayData struct {
	All     []hearsayShown
	Circles []ui.Option // in which a member has no node yet
	Form    hearsayForm
	Members []ui.Option
	Of      string // id of the one that Errors are about: its answer or its withdrawal; empty: the form's
	Errors  []ui.FieldError
	Key     string
}

// hearsayForm is what a coordinator records.
type hearsayForm struct {
	Circle, Member, Source, Day, Who, Text, About string
	AboutName                                     string
}

// hearsayShown is one record as a reader sees it.
type hearsayShown struct {
	region.Hearsay
	ByName, OfName, CircleName string
	About                      []string // names of what it is about
	Proof, AnswerProof         string   // addresses
	Ours, ForUs                bool     // this member recorded it; it waits for this member's answer
	Text                       string   // typed and not accepted
}

// ID names it on the page and in addresses: no book's name holds a blank.
func (h hearsayShown) ID() string {
	return h.By + "-" + h.Circle + "-" + strconv.FormatInt(h.Index, 10)
}

// field is the name of what is typed under it.
func (h hearsayShown) field() string { return h.ID() + "-text" }

// hearsayPage lists what was recorded of members that had no node, and takes another record. GET /hearsay
func (p *pages) hearsayPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	d := hearsayData{Form: hearsayForm{Circle: q.Get("circle"), Member: q.Get("member"), About: q.Get("about"), Day: p.node.Now().In(civil.Beijing).Format(time.DateOnly)}}
	if err := p.readHearsay(r.Context(), &d); err != nil {
		return err
	}
	return web.Show(w, r, hearsayView(d))
}

func (p *pages) readHearsay(ctx context.Context, d *hearsayData) error {
	d.Key = web.NewRequestKey()
	return p.node.Store.Read(ctx, func(tx *store.Tx) error {
		circles, err := p.circleNames(ctx, tx)
		if err != nil {
			return err
		}
		all, err := region.Hearsays(ctx, tx, mostHearsay)
		if err != nil {
			return err
		}
		for _, h := range all {
			s := hearsayShown{
				Hearsay: h, ByName: p.memberName(h.By), OfName: p.memberName(h.Of), CircleName: cmp.Or(circles[h.Circle], h.Circle),
				Proof: p.proofOf(h.By, h.Circle, h.Index), AnswerProof: p.proofOf(h.Of, h.Circle, h.AnswerIndex),
				Ours: h.By == p.node.Member, ForUs: h.Of == p.node.Member && h.Waits(),
			}
			if s.About, err = p.subjectNames(ctx, tx, h.Book(), h.Index); err != nil {
				return err
			}
			d.All = append(d.All, s)
		}
		slices.SortStableFunc(d.All, func(a, b hearsayShown) int { return cmp.Compare(rank(a), rank(b)) })
		if !web.May(ctx, region.HearsaySay) {
			return nil
		}
		return p.readSilent(ctx, tx, circles, d)
	})
}

// rank puts first what waits for this member.
func rank(h hearsayShown) int {
	if h.ForUs {
		return 0
	}
	return 1
}

// subjectNames are the names of what an entry is about.
func (p *pages) subjectNames(ctx context.Context, tx *store.Tx, name string, index int64) (all []string, err error) {
	e, err := entryAt(ctx, tx, name, index)
	if err != nil || len(e.Subjects) == 0 {
		return nil, err
	}
	names, err := p.names(ctx, tx, e)
	for _, id := range e.Subjects {
		all = append(all, cmp.Or(names[id], id))
	}
	return all, err
}

// readSilent lists the circles of this member in which somebody writes no book yet, and whom in the chosen one.
func (p *pages) readSilent(ctx context.Context, tx *store.Tx, names map[string]string, d *hearsayData) error {
	circles, err := region.CirclesOf(ctx, tx, p.node.Member)
	if err != nil {
		return err
	}
	for _, c := range circles {
		silent, err := region.Silent(ctx, tx, p.node.Member, c)
		if err != nil {
			return err
		}
		if len(silent) == 0 {
			continue
		}
		d.Circles = append(d.Circles, ui.Option{Value: c.ID, Label: cmp.Or(names[c.ID], c.ID)})
		if d.Form.Circle = cmp.Or(d.Form.Circle, c.ID); d.Form.Circle != c.ID {
			continue
		}
		for _, m := range silent {
			d.Members = append(d.Members, ui.Option{Value: m, Label: region.MemberName(m)})
		}
	}
	if d.Form.About != "" {
		d.Form.AboutName, err = p.nameOf(ctx, tx, d.Form.Circle, d.Form.About)
	}
	return err
}

// nameOf is what the rooms call something of this member's, by its newest entry in a circle's book.
func (p *pages) nameOf(ctx context.Context, tx *store.Tx, circle, id string) (string, error) {
	about, err := node.EntriesAbout(ctx, tx, p.node.BookName(circle), id)
	if err != nil || len(about) == 0 {
		return id, err
	}
	names, err := p.names(ctx, tx, about[len(about)-1])
	return cmp.Or(names[id], id), err
}

// postHearsay 记转述. POST /hearsay
func (p *pages) postHearsay(w http.ResponseWriter, r *http.Request) error {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f := hearsayForm{
		Circle: field("circle"), Member: field("member"), Source: field("source"), Day: field("day"),
		Who: field("who"), Text: field("text"), About: field("about"),
	}
	said := node.Said[region.HearsayFacts, region.HearsayWords]{
		Circle: f.Circle, Facts: region.HearsayFacts{Member: f.Member, Source: region.Source(f.Source), Day: f.Day},
		Words: &region.HearsayWords{Text: f.Text, Who: f.Who},
	}
	if f.About != "" {
		said.Subjects = []string{f.About}
	}
	print := strings.Join([]string{r.URL.Path, f.Circle, f.Member, f.Source, f.Day, f.Who, f.Text, f.About}, "\n")
	return p.heard(w, r, print, hearsayData{Form: f}, "books.hearsay.done", func(ctx context.Context, w *node.Writing) error {
		_, err := region.HearsaySaid.Say(ctx, w, said)
		return err
	})
}

// postWithdraw 撤回转述. POST /hearsay/{circle}/{index}/withdraw
func (p *pages) postWithdraw(w http.ResponseWriter, r *http.Request) error {
	circle := r.PathValue("circle")
	d := hearsayData{Of: p.node.Member + "-" + circle + "-" + r.PathValue("index")}
	reason := strings.TrimSpace(r.PostFormValue(d.Of + "-text"))
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	if err != nil {
		return web.ErrNotFound
	}
	return p.heard(w, r, r.URL.Path+"\n"+reason, d, "books.hearsay.withdrawn", func(ctx context.Context, w *node.Writing) error {
		return region.WithdrawHearsay(ctx, w, index, circle, reason)
	})
}

// postAnswer 确认(不认可)转述. POST /hearsay/{member}/{circle}/{index}/answer
func (p *pages) postAnswer(w http.ResponseWriter, r *http.Request) error {
	book := r.PathValue("member") + "/" + r.PathValue("circle")
	d := hearsayData{Of: strings.ReplaceAll(book, "/", "-") + "-" + r.PathValue("index")}
	text := strings.TrimSpace(r.PostFormValue(d.Of + "-text"))
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	if err != nil {
		return web.ErrNotFound
	}
	confirmed, done := r.PostFormValue("confirmed") == "yes", "books.hearsay.contradicted"
	if confirmed {
		done = "books.hearsay.confirmed"
	}
	print := strings.Join([]string{r.URL.Path, r.PostFormValue("confirmed"), text}, "\n")
	return p.heard(w, r, print, d, done, func(ctx context.Context, w *node.Writing) error {
		h, err := region.HearsayAt(ctx, w.Tx(), book, index)
		if err != nil {
			return err
		}
		return region.AnswerHearsay(ctx, w, h, confirmed, text)
	})
}

// heard does one of the acts of the page; what was refused is shown where it was typed.
func (p *pages) heard(w http.ResponseWriter, r *http.Request, print string, d hearsayData, done string, act node.Act) error {
	ctx := r.Context()
	_, err := p.node.Write(ctx, node.Request{ID: web.RequestKey(r), Print: []byte(print), Actor: web.Actor(r)}, act)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		if d.Errors = fields; d.Of != "" { // the fields of one of the records
			for i := range d.Errors {
				d.Errors[i].Field = d.Of + "-text"
			}
		}
		if err := p.readHearsay(ctx, &d); err != nil {
			return err
		}
		for i := range d.All {
			if d.All[i].ID() == d.Of {
				d.All[i].Text = r.PostFormValue(d.All[i].field())
			}
		}
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, hearsayView(d))
	}
	if err != nil {
		return found(err)
	}
	web.Flash(w, r, ui.Good, web.T(ctx, done))
	return web.Redirect(w, r, "/hearsay")
}

// errors of one record's form.
func (d hearsayData) errors(of string) []ui.FieldError {
	if d.Of != of {
		return nil
	}
	return d.Errors
}

// HearsayStatus is what became of a record (转述), as a chip.
func HearsayStatus(ctx context.Context, h region.Hearsay) ui.Status {
	of := region.MemberName(h.Of)
	switch {
	case h.WasWrong:
		return ui.Status{Tone: ui.Gone, Icon: "ban", Word: web.T(ctx, "books.hearsay.is.withdrawn")}
	case h.Confirmed:
		return ui.Status{Tone: ui.Good, Icon: "circle-check", Word: web.T(ctx, "books.hearsay.is.confirmed", "member", of)}
	case h.Answered:
		return ui.Status{Tone: ui.Late, Icon: "alert-triangle", Word: web.T(ctx, "books.hearsay.is.contradicted", "member", of)}
	}
	return ui.Status{Tone: ui.Risk, Icon: "clock", Word: web.T(ctx, "books.hearsay.is.open", "member", of)}
}

func sourceOptions(ctx context.Context) (all []ui.Option) {
	for _, s := range region.Sources {
		all = append(all, ui.Option{Value: string(s), Label: web.T(ctx, "books.hearsay.source."+string(s))})
	}
	return all
}
