package books

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// Written names the entries that a call wrote.
type Written struct {
	Entries []Entry `json:"entries"`
}

// Entry names one entry and how to prove it.
type Entry struct {
	Book  string `json:"book" doc:"The book, member and circle" example:"510900/suitong"`
	Index int64  `json:"index" doc:"Number in the book, from 0" example:"12"`
	Leaf  string `json:"leaf" doc:"RFC 6962 leaf hash, base64"`
	Proof string `json:"proof" doc:"Address of the page that proves it"`
}

// Verification is how far the verification of all books is, and what the last one found.
type Verification struct {
	Running bool           `json:"running"`
	View    bool           `json:"view" doc:"The tables of the pages were made anew of the books and compared, too"`
	Done    int64          `json:"done" doc:"Entries so far"`
	Of      int64          `json:"of"`
	Began   *time.Time     `json:"began,omitempty" doc:"None: there was none since the node started"`
	Ended   *time.Time     `json:"ended,omitempty"`
	Failed  bool           `json:"failed,omitempty" doc:"It could not run; the log says why"`
	Clean   bool           `json:"clean" doc:"It ended and found nothing wrong"`
	Books   []VerifiedBook `json:"books"`
	Faults  []node.Fault   `json:"faults"`
}

// Standing is how a book stands.
type Standing struct {
	Book  string     `json:"book" example:"510900/suitong"`
	Title string     `json:"title"`
	Own   bool       `json:"own"`
	Size  int64      `json:"size" doc:"Entries"`
	Root  string     `json:"root" doc:"RFC 6962, base64"`
	Last  *time.Time `json:"last,omitempty" doc:"When its newest entry was written; none: it has no entry"`
	Aside []SetAside `json:"aside" doc:"Entries that broke a rule, at most 100 (搁置): kept, shown, never applied"`
}

// SetAside is an entry that broke a rule.
type SetAside struct {
	Index  int64  `json:"index"`
	Reason string `json:"reason"`
}

// VerifiedBook is a book that was verified.
type VerifiedBook struct {
	Book string `json:"book" example:"510900/suitong"`
	Size int64  `json:"size" doc:"Entries"`
	Root string `json:"root" doc:"RFC 6962, base64"`
}

// Note is what a member told others of a circle.
type Note struct {
	Member string    `json:"member" example:"510900"`
	Circle string    `json:"circle" example:"suitong"`
	At     time.Time `json:"at"`
	State  string    `json:"state" doc:"Of its words: here, erased, withheld, not-ours or broken"`
	Title  string    `json:"title,omitempty"`
	Text   string    `json:"text,omitempty"`
	To     []string  `json:"to" doc:"Codes of the members that may read it; none: all of the circle"`
	Proof  string    `json:"proof"`
}

func operation(method, id, path, summary string, in, out any) huma.Operation {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"books"}, Responses: api.Example(out)}
	if in != nil {
		op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: in}}}
	}
	return op
}

var exampleWritten = Written{[]Entry{{"510900/suitong", 12, "J1fB…", "/proof/suitong/12?member=510900"}}}

// API adds the calls.
func (r *Room) API(calls *api.API) {
	p := r.pages
	began := time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)
	verified := Verification{Done: 812, Of: 812, Began: &began, Ended: &began, Clean: true, Books: []VerifiedBook{{"510900/suitong", 812, "5jsu…"}}, Faults: []node.Fault{}}
	api.Register(calls, operation(http.MethodGet, "list-books", "/books", "How each book stands, own and received ones (账本)", nil,
		[]Standing{{Book: "510900/suitong", Title: "遂潼一体化", Own: true, Size: 812, Root: "5jsu…", Last: &began, Aside: []SetAside{}}}), region.BookRead, p.listCall)
	api.Register(calls, operation(http.MethodGet, "verification", "/books/verification", "How far the verification of all books is, and what the last one found (核验)", nil, verified), region.BookVerify, p.verificationCall)
	api.Register(calls, operation(http.MethodPost, "verify-books", "/books/verification", "Verify all books now; where one runs, it goes on (立即核验)",
		map[string]any{"view": true}, verified), region.BookVerify, p.verifyCall)
	api.Register(calls, operation(http.MethodGet, "proof", "/proofs/{member}/{circle}/{index}", "The file that proves an entry by itself (存证), as `liandong proof export` writes it", nil, book.Evidence{
		Format: "liandong-evidence/1", Origin: "suining.example/suitong", MemberName: "遂宁市", Index: 12, Entry: `{"v":1,…}`, Checkpoint: "suining.example/suitong\n…", Key: "suining.example/suitong+…",
	}), region.BookRead, p.proofCall)
	api.Register(calls, operation(http.MethodGet, "notes", "/notes", "What members told each other, the newest first, at most 100 (函告)", nil,
		[]Note{{Member: "510900", Circle: "suitong", At: began, State: "here", Title: "商请协调断面数据", To: []string{}, Proof: "/proof/suitong/12?member=510900"}}), region.NoteRead, p.notesCall)
	api.Register(calls, operation(http.MethodPost, "say-note", "/notes", "Tell a circle something, or some of its members alone (函告)",
		map[string]any{"circle": "suitong", "title": "商请协调断面数据", "text": "请于周五前商定", "to": []string{"500152"}}, exampleWritten), region.NoteSay, p.noteCall)
	p.hearsayCalls(calls)
	p.auditCall(calls)
}

// write says something under the call's key.
func (p *pages) write(ctx context.Context, print string, act node.Act) (*api.Answer[Written], error) {
	r, err := p.node.Write(ctx, node.Request{ID: web.RequestKeyOf(ctx), Print: []byte(print), Actor: web.ActorOf(ctx)}, act)
	if refuse.Is(err, "region.hearsay.unknown") {
		err = web.Hide(err)
	}
	if err != nil {
		return nil, found(err)
	}
	out := Written{Entries: []Entry{}}
	for _, at := range r.Entries {
		out.Entries = append(out.Entries, Entry{at.Book, at.Index, at.Leaf.String(), web.ProofHref(at.Book, at.Index)})
	}
	return &api.Answer[Written]{Body: out}, nil
}

func (p *pages) listCall(ctx context.Context, _ *struct{}) (*api.Answer[[]Standing], error) {
	out := []Standing{}
	d, err := p.readList(ctx)
	for _, s := range append(d.Own, d.Theirs...) {
		one := Standing{Book: s.Book, Title: s.Title, Own: s.Own, Size: s.Size, Root: s.Root.String(), Aside: []SetAside{}}
		if !s.Last.IsZero() {
			at := s.Last.UTC()
			one.Last = &at
		}
		for _, a := range s.Aside {
			one.Aside = append(one.Aside, SetAside(a))
		}
		out = append(out, one)
	}
	return &api.Answer[[]Standing]{Body: out}, err
}

func (p *pages) verificationCall(context.Context, *struct{}) (*api.Answer[Verification], error) {
	o := p.now.outcome()
	v := Verification{
		Running: o.Running, View: o.View, Done: o.Done, Of: o.Of, Failed: o.Failed, Clean: o.Ever() && !o.Running && !o.Failed && o.Found.Clean(),
		Books: []VerifiedBook{}, Faults: append([]node.Fault{}, o.Found.Faults...),
	}
	if o.Ever() {
		v.Began = &o.Began
	}
	if !o.Ended.IsZero() {
		v.Ended = &o.Ended
	}
	for _, b := range o.Found.Books {
		v.Books = append(v.Books, VerifiedBook{b.Book, b.Size, b.Root.String()})
	}
	return &api.Answer[Verification]{Body: v}, nil
}

func (p *pages) verifyCall(ctx context.Context, in *struct {
	Body struct {
		View bool `json:"view,omitempty" doc:"Make the tables of the pages anew of the books and compare, too"`
	}
},
) (*api.Answer[Verification], error) {
	p.verify(ctx, in.Body.View)
	return p.verificationCall(ctx, nil)
}

func (p *pages) proofCall(ctx context.Context, in *struct {
	Member string `path:"member" doc:"Whose book it is" example:"510900"`
	Circle string `path:"circle" doc:"Circle of the book; self: the own book" example:"suitong"`
	Index  int64  `path:"index" doc:"Number of the entry" example:"12"`
},
) (*api.Answer[book.Evidence], error) {
	d, err := p.readAt(ctx, in.Member, in.Circle, in.Index)
	if _, bad := err.(*unproven); bad {
		return nil, refuse.New("books.unproven", "n", in.Index)
	}
	if err == nil && !d.Whole {
		err = web.ErrNotFound
	}
	return &api.Answer[book.Evidence]{Body: d.Evidence}, err
}

func (p *pages) notesCall(ctx context.Context, _ *struct{}) (*api.Answer[[]Note], error) {
	out := []Note{}
	err := p.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.Notes(ctx, tx, p.node, mostNotes)
		for _, n := range all {
			out = append(out, Note{
				Member: n.Member, Circle: n.Circle, At: n.At.UTC(), State: n.Plain.State, Title: n.Words.Title, Text: n.Words.Text,
				To: append([]string{}, n.Plain.To...), Proof: web.ProofHref(n.Member+"/"+n.Circle, n.Index),
			})
		}
		return err
	})
	return &api.Answer[[]Note]{Body: out}, err
}

func (p *pages) noteCall(ctx context.Context, in *struct {
	Body struct {
		Circle string   `json:"circle" example:"suitong"`
		Title  string   `json:"title"`
		Text   string   `json:"text,omitempty"`
		To     []string `json:"to,omitempty" doc:"Codes of the members that alone may read it; none: all of the circle"`
	}
},
) (*api.Answer[Written], error) {
	b := in.Body
	print := strings.Join(append([]string{"say-note", b.Circle, b.Title, b.Text}, b.To...), "\n")
	return p.write(ctx, print, func(ctx context.Context, w *node.Writing) error {
		_, err := region.NoteSaid.Say(ctx, w, node.Said[region.NoteFacts, region.NoteWords]{
			Circle: b.Circle, Words: &region.NoteWords{Title: strings.TrimSpace(b.Title), Text: strings.TrimSpace(b.Text)}, To: b.To,
		})
		return err
	})
}
