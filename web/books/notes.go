package books

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// mostNotes is how many notes the page lists.
const mostNotes = 100

type notesData struct {
	Notes   []noteShown
	Circles []ui.Option // in which somebody may be told something
	Circle  string
	To      []ui.Option
	Chosen  []string
	Title   string
	Text    string
	Key     string
	Errors  []ui.FieldError
}

// noteShown is one note as a reader sees it.
type noteShown struct {
	From, Circle, Href string
	At                 time.Time
	Title, Text        string
	State              string   // node.Plain
	To                 []string // empty: all of the circle
}

// notesPage lists what members told each other, and takes a note. GET /notes
func (p *pages) notesPage(w http.ResponseWriter, r *http.Request) error {
	d := notesData{Circle: r.URL.Query().Get("circle")}
	if err := p.readNotes(r.Context(), &d); err != nil {
		return err
	}
	return web.Show(w, r, notesView(d))
}

func (p *pages) readNotes(ctx context.Context, d *notesData) error {
	d.Key = web.NewRequestKey()
	return p.node.Store.Read(ctx, func(tx *store.Tx) error {
		circles, err := p.circleNames(ctx, tx)
		if err != nil {
			return err
		}
		notes, err := region.Notes(ctx, tx, p.node, mostNotes)
		if err != nil {
			return err
		}
		for _, n := range notes {
			shown := noteShown{
				From: p.memberName(n.Member), Circle: cmp.Or(circles[n.Circle], n.Circle), At: n.At, State: n.Plain.State,
				Title: n.Words.Title, Text: n.Words.Text, Href: p.proofOf(n.Member, n.Circle, n.Index),
			}
			for _, member := range n.Plain.To {
				if member != n.Member {
					shown.To = append(shown.To, p.memberName(member))
				}
			}
			d.Notes = append(d.Notes, shown)
		}
		return p.readAddressees(ctx, tx, circles, d)
	})
}

// readAddressees lists the circles in which somebody is recognised, and who in the chosen one.
func (p *pages) readAddressees(ctx context.Context, tx *store.Tx, names map[string]string, d *notesData) error {
	all, err := region.CirclesOf(ctx, tx, p.node.Member)
	if err != nil {
		return err
	}
	for _, c := range all {
		to, err := region.Addressees(ctx, tx, p.node.Member, c.ID)
		if err != nil {
			return err
		}
		if len(to) == 0 {
			continue
		}
		d.Circles = append(d.Circles, ui.Option{Value: c.ID, Label: cmp.Or(names[c.ID], c.ID)})
		if d.Circle = cmp.Or(d.Circle, c.ID); d.Circle != c.ID {
			continue
		}
		for _, one := range to {
			o := ui.Option{Value: one.Member, Label: one.Name}
			if !one.Sealing {
				o.Hint = web.T(ctx, "books.note.no-key")
			}
			d.To = append(d.To, o)
		}
	}
	return nil
}

// postNote 函告. POST /notes
func (p *pages) postNote(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return web.ErrNotFound
	}
	d := notesData{
		Circle: r.PostFormValue("circle"), Chosen: r.PostForm["to"],
		Title: strings.TrimSpace(r.PostFormValue("title")), Text: strings.TrimSpace(r.PostFormValue("text")),
	}
	print := strings.Join(append([]string{r.URL.Path, d.Circle, d.Title, d.Text}, d.Chosen...), "\n")
	_, err := p.node.Write(ctx, node.Request{ID: web.RequestKey(r), Print: []byte(print), Actor: web.Actor(r)}, func(ctx context.Context, w *node.Writing) error {
		_, err := region.NoteSaid.Say(ctx, w, node.Said[region.NoteFacts, region.NoteWords]{
			Circle: d.Circle, Words: &region.NoteWords{Title: d.Title, Text: d.Text}, To: d.Chosen,
		})
		return err
	})
	if fields, ok := web.FieldErrors(ctx, err); ok {
		d.Errors = fields
		if err := p.readNotes(ctx, &d); err != nil {
			return err
		}
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, notesView(d))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "books.note.done"))
	return web.Redirect(w, r, "/notes")
}

// unread says why a note shows no text.
func (n noteShown) unread(ctx context.Context) string {
	switch n.State {
	case node.PlainErased, node.PlainWithheld, node.PlainNotOurs, node.PlainBroken:
		return web.T(ctx, "books.words."+n.State)
	}
	return ""
}
