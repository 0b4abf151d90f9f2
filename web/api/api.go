// Package api serves the JSON calls below /api/v1 and their description, OpenAPI 3.1.
//
// An operation names its action like any route, and errors are translated in the same place, so a
// page and a call refuse alike:
//
//	api.Register(a, huma.Operation{
//		OperationID: "plans", Method: http.MethodGet, Path: "/plans", Summary: "List plans (清单)",
//	}, region.PlanRead, func(ctx context.Context, in *struct{ api.Paging }) (*api.Listed[Plan], error) {
//		return m.plans(ctx, in.Paging)
//	})
package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"liandong/region"
	"liandong/web"
)

// Prefix is where all calls of this version stand.
const Prefix = "/api/v1"

// API collects operations and describes them.
type API struct {
	huma huma.API
	gate *gate
}

// Demo says that the site is a demonstration: what goes out of it is marked 演示数据.
func (a *API) Demo() bool { return a.gate.site.Demo }

// gate makes the routes of huma's adapter routes of the site, each under its action.
type gate struct {
	site *web.Site
	mu   sync.Mutex
	act  region.Action // of the operation being registered
	body int64         // most bytes of its body, if more than other routes take
	slow bool          // it gets ten minutes
}

// HandleFunc is how humago adds a route.
func (g *gate) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	route := g.site.Handle(pattern, g.act, func(w http.ResponseWriter, r *http.Request) error {
		h(w, r)
		return nil
	})
	if g.body > 0 {
		route.Body(g.body)
	}
	if g.slow {
		route.Slow()
	}
}

// ServeHTTP is part of humago's interface for its own tests; the site serves.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.site.Handler().ServeHTTP(w, r) }

// New adds the API to a site; version is that of the program.
func New(site *web.Site, version string) *API {
	config := huma.DefaultConfig("Liandong 联动", version)
	config.Info.Description = "Reads and writes the same as the pages do, with the same rules and refusals. " +
		"Errors are problem+json (RFC 9457) with a stable code. Calls that write take an Idempotency-Key: " +
		"sent again under it, a call gets the first answer and writes nothing."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "An API token, made at /me/tokens."},
		"session": {Type: "apiKey", In: "cookie", Name: "session", Description: "The session of a signed-in browser; behind TLS the cookie is __Host-session, and beside other members' nodes on one host MEMBER-session."},
	}
	config.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	g := &gate{site: site}
	a := &API{huma: humago.NewWithPrefix(g, Prefix, config), gate: g}
	site.Handle("GET /api/openapi.json", region.Public, a.describe)
	return a
}

// Example describes the answer of an operation by an example of it.
func Example(answer any) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "Done", Content: map[string]*huma.MediaType{"application/json": {Example: answer}},
	}}
}

// schemaName puts the room before the name of a type: two rooms may each have a Row.
func schemaName(t reflect.Type, hint string) (rooms string) {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	for room := range strings.SplitSeq(strings.TrimPrefix(t.PkgPath(), "liandong/"), "/") {
		if room != "" {
			rooms += strings.ToUpper(room[:1]) + room[1:]
		}
	}
	return rooms + name
}

// describe answers with the description of all operations. GET /api/openapi.json
func (a *API) describe(w http.ResponseWriter, _ *http.Request) error {
	body, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, err = w.Write(body)
	return err
}

// slow is where an operation says that it takes long.
const slow = "slow"

// Slow gives an operation ten minutes, as web's routes that read much have.
func Slow(op huma.Operation) huma.Operation {
	op.Metadata = map[string]any{slow: true}
	return op
}

// Register adds an operation under its action. The path stands below Prefix. What the handler
// returns as an error is translated as a page's is. An operation
// that takes files says how large by MaxBodyBytes.
func Register[I, O any](a *API, op huma.Operation, act region.Action, handler func(context.Context, *I) (*O, error)) {
	a.gate.mu.Lock()
	defer a.gate.mu.Unlock()
	a.gate.act, a.gate.body, a.gate.slow = act, op.MaxBodyBytes, op.Metadata[slow] != nil
	if op.MaxBodyBytes > 0 {
		op.BodyReadTimeout = 10 * time.Minute // as the route has
	}
	describe(&op, act)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, &problem{Problem: web.ProblemOf(ctx, err), Rows: rowsOf(err)}
		}
		return out, nil
	})
}

// describe adds what all operations have in common.
func describe(op *huma.Operation, act region.Action) {
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	op.Extensions["x-action"] = string(act)
	if act == region.Public {
		op.Security = []map[string][]string{}
	} else {
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	op.Errors = append(op.Errors, http.StatusUnprocessableEntity)
	if op.Method != http.MethodGet && op.Method != http.MethodHead {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "Any text unique to this call, such as a UUID; sent again, it gets the first answer.",
		})
		op.Errors = append(op.Errors, http.StatusConflict)
	}
}

// problem is web's problem+json in the shape that huma writes.
type problem struct {
	web.Problem
	Rows []RowProblem `json:"rows,omitempty"` // of a call on many, those that are wrong
}

// Error, GetStatus and ContentType are what huma asks of an error.
func (p *problem) Error() string             { return p.Code }
func (p *problem) GetStatus() int            { return p.Status }
func (p *problem) ContentType(string) string { return "application/problem+json" }

// Paging is the part of a list that a call asks for; embed it in the input.
type Paging struct {
	After string `query:"after" doc:"Value of next from the page before; empty for the first page"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Most rows to return"`
}

// List is one page of a list; Next is empty on the last.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Give it as after to get the next page"`
}

// Listed is an answer with one page of a list.
type Listed[T any] struct{ Body List[T] }

// Answer is an answer with one value.
type Answer[T any] struct{ Body T }
