package neighbours

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"liandong/exchange"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// State is how the exchange goes: what the page of neighbours shows of lines, witnesses and evidence.
type State struct {
	Follows  []Follow   `json:"follows" doc:"Books of neighbours that are followed, by name"`
	Seen     []HeadSeen `json:"seen" doc:"For each book and witness the largest head that the witness cosigned, as far as is known here (见证)"`
	Evidence []Evidence `json:"evidence" doc:"Proofs that a member showed two books (分叉)"`
	Files    []Waiting  `json:"files" doc:"Files that entries name and that are not here yet, at most 1000"`
}

// Follow is how the following of a book goes.
type Follow struct {
	Book    string     `json:"book" example:"500152/suitong"`
	Head    int64      `json:"head" doc:"Entries under the newest head that held"`
	Reached *time.Time `json:"reached,omitempty" doc:"The neighbour last answered as it should; none: never"`
	Grown   *time.Time `json:"grown,omitempty" doc:"Entries last came"`
	Failed  *time.Time `json:"failed,omitempty" doc:"None: the last try went well"`
	Tries   int        `json:"tries" doc:"That failed, one after the other"`
	Why     string     `json:"why,omitempty" doc:"Of the last failure"`
	Stopped bool       `json:"stopped" doc:"Until an administrator lets it go on: the member showed two books"`
}

// HeadSeen is a head that a witness cosigned.
type HeadSeen struct {
	Origin  string    `json:"origin" example:"suining.example/suitong"`
	Witness string    `json:"witness" example:"tongnan.example/witness"`
	Size    int64     `json:"size"`
	At      time.Time `json:"at"`
}

// Evidence names a file that proves a fork.
type Evidence struct {
	ID   string    `json:"id" doc:"Of the file: /exchange/evidence/{id}"`
	Book string    `json:"book" example:"500152/suitong"`
	At   time.Time `json:"at" doc:"Found"`
}

// Waiting is a file that an entry names and that is not here yet.
type Waiting struct {
	Book  string `json:"book" example:"500152/suitong"`
	Index int64  `json:"index"`
	N     int    `json:"n" doc:"Which of the entry's files, from 0"`
	Size  int64  `json:"size" doc:"Bytes"`
	Tries int    `json:"tries"`
	Why   string `json:"why,omitempty" doc:"It did not come the last time; empty: not tried yet"`
}

// stateCalls tell how the exchange goes, and give the files that prove a fork.
func (p *pages) stateCalls(calls *api.API, tags []string) {
	at := time.Date(2026, 11, 26, 7, 0, 0, 0, time.UTC)
	api.Register(calls, huma.Operation{
		OperationID: "exchange-state", Method: http.MethodGet, Path: "/exchange/state", Tags: tags, Summary: "How the exchange goes: lines, witnesses, evidence, files to come",
		Responses: api.Example(State{[]Follow{{Book: "500152/suitong", Head: 812, Reached: &at}}, []HeadSeen{}, []Evidence{}, []Waiting{}}),
	}, region.ExchangeRead, p.stateCall)
	api.RegisterFile(calls, huma.Operation{
		OperationID: "evidence", Method: http.MethodGet, Path: "/exchange/evidence/{id}", Tags: tags,
		Summary: "The file that proves a member to have shown two books, as `liandong book verify-evidence` reads it",
	}, region.ExchangeRead, "application/json", func(ctx context.Context, id string) (string, []byte, error) {
		f, err := p.evidenceOf(ctx, id)
		return "fork-" + f.ID + ".json", f.Fork, err
	})
}

func (p *pages) evidenceOf(ctx context.Context, id string) (f exchange.Found, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		found, err := exchange.Evidences(ctx, tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(found, func(f exchange.Found) bool { return f.ID == id })
		if at < 0 {
			return web.ErrNotFound
		}
		f = found[at]
		return nil
	})
	return f, err
}

// known is a time that happened; nil is one that did not.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func (p *pages) stateCall(ctx context.Context, _ *struct{}) (*api.Answer[State], error) {
	out := State{[]Follow{}, []HeadSeen{}, []Evidence{}, []Waiting{}}
	err := p.node.Store.Read(ctx, func(tx *store.Tx) error {
		follows, err := exchange.Follows(ctx, tx)
		if err != nil {
			return err
		}
		for _, f := range follows {
			out.Follows = append(out.Follows, Follow{f.Book, f.HeadSize, known(f.ReachedAt), known(f.GrownAt), known(f.FailedAt), f.Tries, f.Why, f.Stopped})
		}
		seen, err := exchange.Sightings(ctx, tx)
		if err != nil {
			return err
		}
		for _, s := range seen {
			out.Seen = append(out.Seen, HeadSeen(s))
		}
		found, err := exchange.Evidences(ctx, tx)
		if err != nil {
			return err
		}
		for _, f := range found {
			out.Evidence = append(out.Evidence, Evidence{f.ID, f.Book, f.At})
		}
		files, err := exchange.FilesWaiting(ctx, tx, mostFilesShown)
		for _, f := range files {
			out.Files = append(out.Files, Waiting{f.Book, f.Index, f.N, f.Size, f.Tries, f.Why})
		}
		return err
	})
	return &api.Answer[State]{Body: out}, err
}
