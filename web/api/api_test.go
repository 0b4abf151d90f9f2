package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/getkin/kin-openapi/openapi3"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
)

type ask struct {
	Body struct {
		Title string `json:"title" minLength:"1"`
		N     int    `json:"n"`
	}
}

type told struct {
	Key   string `json:"key"`
	Actor string `json:"actor"`
}

func served(t *testing.T, id web.Identity) http.Handler {
	t.Helper()
	site := web.New(web.Options{Member: "遂宁市", Identify: func(r *http.Request) (web.Identity, error) {
		if r.Header.Get("Authorization") == "" {
			return web.Identity{}, nil
		}
		return id, nil
	}})
	a := api.New(site, "test")
	api.Register(a, huma.Operation{OperationID: "file", Method: http.MethodPost, Path: "/reports", Summary: "File a report"},
		region.ReportFile, func(ctx context.Context, in *ask) (*api.Answer[told], error) {
			switch in.Body.Title {
			case "refuse":
				return nil, refuse.New("node.request-reused").At("title")
			case "crash":
				return nil, errors.New("password of the database")
			}
			return &api.Answer[told]{Body: told{web.RequestKeyOf(ctx), web.ActorOf(ctx).Person}}, nil
		})
	api.Register(a, huma.Operation{OperationID: "plans", Method: http.MethodGet, Path: "/plans", Summary: "List plans"},
		region.PlanRead, func(_ context.Context, in *struct{ api.Paging }) (*api.Listed[string], error) {
			if _, err := web.ParseCursor(in.After, 2); err != nil {
				return nil, err
			}
			return &api.Listed[string]{Body: api.List[string]{Items: []string{"a"}, Next: web.Cursor("a", "1")}}, nil
		})
	return site.Handler()
}

func call(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var reporter = web.Identity{
	Actor: node.Actor{Person: "p1", Org: "jtj", Seat: "reporter"}, Token: true,
	Scopes: []region.Action{region.ReportFile},
}

func TestCalls(t *testing.T) {
	h := served(t, reporter)
	for _, c := range []struct {
		name, method, path, body, auth string
		status                         int
		code                           string
	}{
		{"done", "POST", "/api/v1/reports", `{"title":"x","n":1}`, "Bearer t", 200, ""},
		{"nobody", "POST", "/api/v1/reports", `{"title":"x","n":1}`, "", 401, "web.unauthorized"},
		{"outside the token's scopes", "GET", "/api/v1/plans", "", "Bearer t", 403, "web.forbidden"},
		{"a rule refuses", "POST", "/api/v1/reports", `{"title":"refuse","n":1}`, "Bearer t", 409, "node.request-reused"},
		{"an accident", "POST", "/api/v1/reports", `{"title":"crash","n":1}`, "Bearer t", 500, "web.accident"},
		{"a field missing", "POST", "/api/v1/reports", `{"title":"x"}`, "Bearer t", 422, "api.malformed"},
		{"a field unknown", "POST", "/api/v1/reports", `{"title":"x","n":1,"m":2}`, "Bearer t", 422, "api.malformed"},
		{"no JSON", "POST", "/api/v1/reports", `{`, "Bearer t", 400, "api.malformed"},
		{"no such call", "GET", "/api/v1/nothing", "", "Bearer t", 404, "web.not-found"},
		{"another method", "DELETE", "/api/v1/plans", "", "Bearer t", 405, "web.method"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var header []string
			if c.auth != "" {
				header = []string{"Authorization", c.auth}
			}
			w := call(h, c.method, c.path, c.body, header...)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if c.code == "" {
				return
			}
			var p web.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatalf("no problem: %v: %s", err, w.Body)
			}
			if p.Code != c.code || p.Status != c.status || p.Title == "" || p.Detail == "" || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %+v", w.Header().Get("Content-Type"), p)
			}
			if strings.Contains(w.Body.String(), "password") {
				t.Error("an accident shows its cause")
			}
			if c.status == 500 && p.Accident == "" {
				t.Error("an accident without its number")
			}
		})
	}
}

func TestRequestKeyIsThePersonsOwn(t *testing.T) {
	key := func(person, key string) string {
		id := reporter
		id.Actor.Person = person
		w := call(served(t, id), "POST", "/api/v1/reports", `{"title":"x","n":1}`, "Authorization", "Bearer t", "Idempotency-Key", key)
		var a told
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.Actor != person {
			t.Fatalf("%v: %s", err, w.Body)
		}
		return a.Key
	}
	first, again := key("p1", "k"), key("p1", "k")
	if first != again || first == key("p2", "k") || first == key("p1", "l") {
		t.Error("keys of persons mix")
	}
	if key("p1", "") != "" {
		t.Error("no header, no key")
	}
}

func TestDescriptionIsValidOpenAPI31(t *testing.T) {
	w := call(served(t, reporter), "GET", "/api/openapi.json", "")
	if w.Code != 200 {
		t.Fatal(w.Code)
	}
	doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %s", doc.OpenAPI)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	// What is refused has the form that is described: the fields that programs go by stand in it.
	refused := doc.Paths.Find("/reports").Post.Responses.Value("422").Value.Content.Get("application/problem+json").Schema.Value
	for _, field := range []string{"code", "detail", "errors", "rows", "status"} {
		if refused.Properties[field] == nil {
			t.Errorf("a refusal is described without %s", field)
		}
	}
	if doc.Paths.Find("/reports").Post.Extensions["x-action"] != "plan.report.file" {
		t.Error("the operation does not say its action")
	}
	if !bytes.Contains(w.Body.Bytes(), []byte("Idempotency-Key")) {
		t.Error("a call that writes does not offer Idempotency-Key")
	}
}
