package api

import (
	"context"
	"embed"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/plan"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type calls struct {
	api  *api.API
	desk *plan.Desk
}

// Routes adds the calls on plans.
func Routes(a *api.API, d *plan.Desk) {
	c := &calls{api: a, desk: d}
	c.lists()
	c.files()
	c.items()
	c.reports()
	c.reviews()
	c.rows()
	c.terms()
	c.bulletins()
	c.slips()
	c.instructions()
	c.meetings()
	c.shares()
	c.signing()
	c.making()
	c.amendments()
	c.finding()
	c.bulk()
	c.claims()
	c.same()
	c.settings()
	c.boards()
	c.made()
	c.bulletinsMade()
	c.meetingsChanged()
	c.minutesCorrected()
	c.meetingGroups()
}

// get is an operation that reads, post one that writes.
func get(id, path, summary string, example any) huma.Operation {
	return operation(http.MethodGet, id, path, summary, nil, example)
}

func post(id, path, summary string, in, out any) huma.Operation {
	return operation(http.MethodPost, id, path, summary, in, out)
}

// operation describes a call with an example of its body and of its answer.
func operation(method, id, path, summary string, in, out any) huma.Operation {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"plans"}}
	if in != nil {
		op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: in}}}
	}
	if out != nil {
		op.Responses = api.Example(out)
	}
	return op
}

// request is what a call asks to be written.
func request(ctx context.Context, operation string, in any) (node.Request, error) {
	return api.Request(ctx, operation, in)
}

// missing are the refusals that mean, to who reads, that there is no such thing.
var missing = []string{"plan.unknown", "plan.item-unknown", "plan.listing-unknown", "plan.file-unknown", "plan.nothing-filed", "plan.slip-unknown", "plan.instruction-unknown", "plan.meeting-unknown", "plan.group-unknown", "plan.share-unknown", "plan.not-submitted", "plan.making-unknown", "plan.consultation-unknown", "plan.not-asked", "plan.not-claimed", "plan.same-with"}

// absent makes what does not stand here the answer 404.
func absent(err error) error {
	for _, code := range missing {
		if refuse.Is(err, code) {
			return web.Hide(err)
		}
	}
	return err
}

// Written is the answer to a call that wrote: the entries, each with the address of its proof.
type Written struct {
	Entries []Entry `json:"entries" doc:"The entries that stand now, in the order of saying them"`
}

// Entry names an entry and how to prove it.
type Entry struct {
	Book  string `json:"book" doc:"The book, member and circle" example:"510900/suitong"`
	Index int64  `json:"index" doc:"Number in the book, from 0" example:"12"`
	Leaf  string `json:"leaf" doc:"RFC 6962 leaf hash, base64"`
	Proof string `json:"proof" doc:"Address of the page that proves it" example:"/proof/suitong/12"`
}

func written(r node.Receipt) *api.Answer[Written] { return &api.Answer[Written]{Body: writtenOf(r)} }

func writtenOf(r node.Receipt) Written {
	w := Written{Entries: []Entry{}}
	for _, p := range r.Entries {
		w.Entries = append(w.Entries, Entry{Book: p.Book, Index: p.Index, Leaf: p.Leaf.String(), Proof: proof(p.Book, p.Index)})
	}
	return w
}

// done is the answer to a call of which nothing but its being done is to be told.
type done struct {
	Done bool `json:"done" doc:"Always true: what is not done is a problem"`
}

func isDone(err error) (*api.Answer[done], error) {
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[done]{Body: done{true}}, nil
}

func proof(book string, index int64) string {
	circle := book
	for i := range book {
		if book[i] == '/' {
			circle = book[i+1:]
		}
	}
	return fmt.Sprintf("/proof/%s/%d", circle, index)
}

// viewer is who reads, as the room knows him.
func viewer(ctx context.Context) plan.Viewer { return plan.ViewerOf(web.ActorOf(ctx)) }
