package books

import (
	"context"
	"net/http"
	"time"

	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// Audited is an entry of this member's books in the auditor's list: who wrote what, and on what.
type Audited struct {
	Book   string         `json:"book" example:"510900/suitong"`
	Index  int64          `json:"index" example:"12"`
	At     time.Time      `json:"at"`
	Kind   string         `json:"kind" doc:"Without its version" example:"plan.report.filed"`
	Org    string         `json:"org,omitempty" doc:"Name of the organisation it was written for"`
	Person string         `json:"person,omitempty"`
	For    string         `json:"for,omitempty" doc:"Name of the person for whom a substitute acted (代)"`
	About  []AuditSubject `json:"about"`
	Proof  string         `json:"proof"`
}

// AuditSubject is what an entry is about.
type AuditSubject struct {
	ID   string `json:"id" example:"i-77aa"`
	Name string `json:"name,omitempty"`
}

// Audit is a page of the auditor's list.
type Audit struct {
	Entries []Audited `json:"entries" doc:"The newest first, at most 50"`
	Next    string    `json:"next,omitempty" doc:"Goes on from here as after=; empty: that was all"`
	Cut     bool      `json:"cut" doc:"So many entries were read without filling the page; next goes on"`
}

// auditCall adds the auditor's list (审计): a call sees what the page shows.
func (p *pages) auditCall(calls *api.API) {
	example := Audit{Entries: []Audited{{
		Book: "510900/suitong", Index: 12, At: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC), Kind: "plan.report.filed", Org: "市交通运输局",
		Person: "周禾（演示）", About: []AuditSubject{{"i-77aa", "加快遂潼快捷通道建设"}}, Proof: "/proof/suitong/12",
	}}}
	api.Register(calls, operation(http.MethodGet, "audit", "/audit", "All entries of this member's books, the newest first (审计)", nil, example), region.AuditRead, func(ctx context.Context, in *struct {
		Circle string `query:"circle" doc:"Only the book of this circle; self: the own book"`
		Kind   string `query:"kind" example:"plan.report.filed"`
		Org    string `query:"org" doc:"Id of an organisation"`
		From   string `query:"from" doc:"First day" format:"date"`
		Until  string `query:"until" doc:"Last day" format:"date"`
		After  string `query:"after" doc:"Where an earlier answer said to go on"`
	},
	) (*api.Answer[Audit], error) {
		d := auditData{Query: auditQuery{in.Circle, in.Kind, in.Org, in.From, in.Until, in.After}}
		err := p.node.Store.Read(ctx, func(tx *store.Tx) error {
			l := auditing{ctx: ctx, tx: tx, pages: p, q: d.Query, people: map[string]string{}}
			return l.run(&d)
		})
		out := Audit{Entries: []Audited{}, Next: d.Next, Cut: d.Cut}
		for _, e := range d.Entries {
			name := p.node.BookName(e.Circle)
			one := Audited{
				Book: name, Index: e.Index, At: e.At.UTC(), Kind: e.Kind, Org: e.Org, Person: e.Person, For: e.For, About: []AuditSubject{}, Proof: web.ProofHref(name, e.Index),
			}
			for _, s := range e.Subjects {
				one.About = append(one.About, AuditSubject(s))
			}
			out.Entries = append(out.Entries, one)
		}
		return &api.Answer[Audit]{Body: out}, found(err)
	})
}
