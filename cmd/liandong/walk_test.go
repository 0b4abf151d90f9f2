package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
)

// records keeps what is logged.
type records struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

// since returns what was logged from a place on, and the place after it.
func (r *records) since(at int) (string, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()[at:], r.b.Len()
}

const walkPassword = "五月的涪江水很清很凉"

// walk is a whole node with its site, a person for each seat, and what it logs.
type walk struct {
	*app
	t    *testing.T
	log  *records
	http http.Handler
}

func startWalk(t *testing.T) *walk {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2022, 1, 24, 1, 0, 0, 0, time.UTC)
	f, err := node.OpenFolder(ctx, dir, modules(), node.FolderOptions{May: region.Permit, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	w := &walk{t: t, log: &records{}}
	if w.app, err = newApp(ctx, f, appOptions{log: slog.New(slog.NewJSONHandler(w.log, nil))}); err != nil {
		t.Fatal(err)
	}
	w.http = w.site.Handler()
	w.people()
	return w
}

// people registers a person for each seat, of the seat's name, at o-jtj; the coordinator is of o-office.
func (w *walk) people() {
	w.t.Helper()
	act := func(ctx context.Context, by *node.Writing) error {
		_, err := region.OrgNamed.Say(ctx, by, node.Said[region.OrgFacts, region.OrgWords]{
			Circle: node.Self, Facts: region.OrgFacts{Org: "o-jtj", Side: "510900"}, Words: &region.OrgWords{Name: "市交通运输局"},
		})
		last := slices.Index(region.Seats, region.Security) // from then on seats are his to give
		for _, seat := range append(slices.Delete(slices.Clone(region.Seats), last, last+1), region.Security) {
			if err != nil {
				return err
			}
			_, err = region.PersonNamed.Say(ctx, by, node.Said[region.PersonFacts, region.PersonWords]{
				Circle: node.Self, Facts: region.PersonFacts{Person: string(seat)}, Words: &region.PersonWords{Name: "演示" + string(seat)},
			})
			if err != nil {
				return err
			}
			_, err = region.SeatGiven.Say(ctx, by, node.Said[region.SeatFacts, region.NoWords]{
				Circle: node.Self, Facts: region.SeatFacts{Person: string(seat), Org: "o-jtj", Seat: seat},
			})
		}
		return err
	}
	admin := node.Actor{Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: "510900"}
	if _, err := w.folder.Write(context.Background(), node.Request{Actor: admin}, act); err != nil {
		w.t.Fatal(err)
	}
}

// asker is who walks: a person with a seat, nobody, or a token.
type asker struct {
	name string
	id   web.Identity
}

func askers() []asker {
	all := []asker{{name: "nobody"}}
	for _, seat := range region.Seats {
		id := web.Identity{Actor: node.Actor{Person: string(seat), Org: "o-jtj", Seat: string(seat), Member: "510900"}}
		all = append(all, asker{string(seat), id})
		id.Token = true
		all = append(all, asker{string(seat) + " by a token of no scope", id})
	}
	return append(all, asker{"a person without a seat", web.Identity{Actor: node.Actor{Person: "reader", Member: "510900"}}})
}

// may is what the permission table says of an asker.
func (a asker) may(act region.Action) bool {
	switch {
	case act == region.Public:
		return true
	case a.id.Actor.Person == "" || a.id.Token:
		return false
	case act == region.SelfAct:
		return true
	}
	return region.May(region.Seat(a.id.Actor.Seat), act)
}

var pathParts = regexp.MustCompile(`\{[^}]*\}`)

// address fills the parts of a pattern with ids of which nothing is known.
func address(pattern string) string {
	return pathParts.ReplaceAllStringFunc(pattern, func(part string) string {
		switch {
		case part == "{$}":
			return ""
		case strings.Contains(part, "index"), part == "{n}":
			return "0"
		case strings.Contains(part, "month"), strings.Contains(part, "period"):
			return "2022-01"
		}
		return "x"
	})
}

// TestEveryRouteWithEverySeat: whoever the table names passes the gate, and nobody else; what is
// refused is logged by route, seat and opaque id; nothing that a stranger may send is an accident.
func TestEveryRouteWithEverySeat(t *testing.T) {
	w := startWalk(t)
	var who web.Identity
	w.site.Identify = func(*http.Request) (web.Identity, error) { return who, nil }
	for _, route := range w.site.Routes() {
		for _, a := range askers() {
			who = a.id
			name := route.Method + " " + route.Pattern + " by " + a.name
			r := httptest.NewRequest(route.Method, address(route.Pattern), strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json")
			got := httptest.NewRecorder()
			_, at := w.log.since(0)
			w.http.ServeHTTP(got, r)
			logged, _ := w.log.since(at)
			refused := strings.Contains(logged, "refused by the permission table") || got.Code == http.StatusUnauthorized
			switch {
			case a.may(route.Action) == refused:
				t.Errorf("%s (%s): %d, and the table says %v", name, route.Action, got.Code, a.may(route.Action))
			case refused && got.Code != 401 && got.Code != 403:
				t.Errorf("%s: refused with %d", name, got.Code)
			case got.Code >= 500 && route.Pattern != "/readyz":
				t.Errorf("%s: %d %s\n%s", name, got.Code, got.Body, logged)
			}
			if strings.Contains(logged, "演示") {
				t.Errorf("%s: a name is in the log: %s", name, logged)
			}
		}
	}
}

// TestPagesLeadNobodyToTheSignIn: a browser of nobody is led to the sign-in page, whatever it asks for.
func TestPagesLeadNobodyToTheSignIn(t *testing.T) {
	w := startWalk(t)
	for _, route := range w.site.Routes() {
		if route.Action == region.Public || route.Method != http.MethodGet || strings.HasPrefix(route.Pattern, "/api/") {
			continue
		}
		r := httptest.NewRequest("GET", address(route.Pattern), nil)
		r.Header.Set("Accept", "text/html")
		got := httptest.NewRecorder()
		w.http.ServeHTTP(got, r)
		if got.Code != http.StatusSeeOther || !strings.HasPrefix(got.Header().Get("Location"), "/signin?to=") {
			t.Errorf("%s: %d to %q", route.Pattern, got.Code, got.Header().Get("Location"))
		}
	}
}

// errUndo undoes what a kind that may be said has said.
var errUndo = errors.New("undo")

// TestEveryKindWithEverySeat says each kind of each module with empty facts: seats that the table does
// not name are refused for that reason, the others never are.
func TestEveryKindWithEverySeat(t *testing.T) {
	w := startWalk(t)
	for _, m := range w.folder.Modules() {
		for _, k := range m.Kinds {
			act := region.Action(reflect.ValueOf(k).Elem().FieldByName("Action").String())
			if act == region.Public || act == region.SelfAct || act == "" {
				t.Errorf("%s may be said by anyone: %q", k.KindName(), act)
			}
			for _, seat := range append([]region.Seat{"", "king"}, region.Seats...) {
				err := w.say(k, seat)
				if refused := refuse.Is(err, "node.not-permitted"); refused == region.May(seat, act) {
					t.Errorf("%s by %q: %v, and the table says %v", k.KindName(), seat, err, region.May(seat, act))
				}
			}
		}
	}
}

// say says a kind with empty facts and no words, and undoes it.
func (w *walk) say(k node.AnyKind, seat region.Seat) error {
	req := node.Request{Actor: node.Actor{Person: "p-1", Org: "o-jtj", Seat: string(seat), Member: "510900"}}
	_, err := w.folder.Write(context.Background(), req, func(ctx context.Context, by *node.Writing) error {
		method := reflect.ValueOf(k).MethodByName("Say")
		said := reflect.New(method.Type().In(2)).Elem()
		said.FieldByName("Circle").SetString(node.Self)
		out := method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(by), said})
		if err, _ := out[1].Interface().(error); err != nil {
			return err
		}
		return errUndo
	})
	return err
}

// TestEveryActionGuardsSomething: a line of the table that no route and no kind names is a promise
// that nobody keeps.
func TestEveryActionGuardsSomething(t *testing.T) {
	w := startWalk(t)
	used := map[region.Action]bool{}
	for _, r := range w.site.Routes() {
		used[r.Action] = true
	}
	for _, m := range w.folder.Modules() {
		for _, k := range m.Kinds {
			used[region.Action(reflect.ValueOf(k).Elem().FieldByName("Action").String())] = true
		}
	}
	for _, act := range region.Actions() {
		if !used[act] {
			t.Errorf("nothing stands under %s", act)
		}
	}
}

func TestTheWholeDescriptionIsValid(t *testing.T) {
	w := startWalk(t)
	got := httptest.NewRecorder()
	w.http.ServeHTTP(got, httptest.NewRequest("GET", "/api/openapi.json", nil))
	doc, err := openapi3.NewLoader().LoadFromData(got.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			described[method+" /api/v1"+path] = true
			for _, media := range op.Responses.Value("200").Value.Content {
				if media.Example == nil && media.Schema.Value.Format != "binary" {
					t.Errorf("%s %s has no example of its answer", method, path)
				}
			}
		}
	}
	for _, r := range w.site.Routes() {
		if strings.HasPrefix(r.Pattern, "/api/v1/") && !described[r.Method+" "+r.Pattern] {
			t.Errorf("%s %s is not described", r.Method, r.Pattern)
		}
	}
}

// browser is one person's browser.
type browser struct {
	w      *walk
	cookie []*http.Cookie
	seen   *strings.Builder // addresses it was led to
}

func (b *browser) send(method, path, contentType string, body io.Reader) *httptest.ResponseRecorder {
	b.w.t.Helper()
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Content-Type", contentType)
	for _, c := range b.cookie {
		r.AddCookie(c)
	}
	got := httptest.NewRecorder()
	b.w.http.ServeHTTP(got, r)
	b.seen.WriteString(got.Header().Get("Location") + "\n")
	for _, c := range got.Result().Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			b.cookie = []*http.Cookie{c}
		}
	}
	return got
}

func (b *browser) post(path string, pairs ...string) *httptest.ResponseRecorder {
	b.w.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return b.send("POST", path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

func (b *browser) call(method, path, body string, into any) {
	b.w.t.Helper()
	got := b.send(method, path, "application/json", strings.NewReader(body))
	if got.Code != 200 {
		b.w.t.Fatalf("%s %s: %d %s", method, path, got.Code, got.Body)
	}
	if into != nil {
		if err := json.Unmarshal(got.Body.Bytes(), into); err != nil {
			b.w.t.Fatal(err)
		}
	}
}

// as signs a person of the walk in, by a login of the test's choice.
func (w *walk) as(seat region.Seat, login string, seen *strings.Builder) *browser {
	w.t.Helper()
	if err := w.accounts.Create(context.Background(), string(seat), login, walkPassword); err != nil {
		w.t.Fatal(err)
	}
	b := &browser{w: w, seen: seen}
	if got := b.post("/signin", "login", login, "password", walkPassword); got.Code != http.StatusSeeOther {
		w.t.Fatalf("%s signs in: %d", seat, got.Code)
	}
	return b
}

// What must stay where it was said.
const (
	seedName   = "欧阳惠兰芝"
	seedPhone  = "13890877345"
	seedDraft  = "征地款尚未拨付到村"
	seedReason = "数字与统计局的不一致"
	seedWrong  = "猜来的密码七五三"
)

// TestNothingLeaks drives a day of work with seeded names, numbers, returned texts and passwords, and
// then looks for them where they must not be: facts of any book, words of circles' books, the log,
// the metrics, addresses.
func TestNothingLeaks(t *testing.T) {
	w := startWalk(t)
	var seen strings.Builder
	admin, coordinator := w.as(region.Administrator, "admin", &seen), w.as(region.Coordinator, "xietiao", &seen)
	reporter, reviewer := w.as(region.Reporter, seedPhone, &seen), w.as(region.Reviewer, "shenhe", &seen)

	if got := admin.post("/people/new", "name", seedName, "org", "o-jtj", "seat", "reader"); got.Code >= 400 || !strings.Contains(got.Body.String(), seedName) {
		t.Fatalf("register a person: %d", got.Code)
	}
	(&browser{w: w, seen: &seen}).post("/signin", "login", seedPhone, "password", seedWrong)
	coordinator.send("POST", "/api/v1/plans/suitong/import?name=a.csv&year=2022&circle=suitong&title=x", "application/octet-stream",
		strings.NewReader("序号,工作任务,牵头单位,完成时限\n1,加快快捷通道建设,市交通运输局,6月底前\n2,共建农业园区,市农业农村局,年底前\n"))
	var rows struct {
		Items []struct{ Listing, Item, Title string }
	}
	reporter.call("GET", "/api/v1/plans/suitong/listings", "", &rows)
	if len(rows.Items) != 2 {
		t.Fatalf("rows: %+v", rows)
	}
	reports := "/api/v1/items/" + rows.Items[0].Item + "/reports"
	reporter.call("POST", reports, `{"period":"2022-01","claim":"at-risk","progress":"`+seedDraft+`,联系人`+seedName+seedPhone+`"}`, nil)
	reviewer.call("POST", reports+"/2022-01/return", `{"reason":"`+seedReason+`"}`, nil)
	reporter.call("POST", reports, `{"period":"2022-01","claim":"on-time","progress":"路基完成八成。"}`, nil)
	reviewer.call("POST", reports+"/2022-01/accept", `{}`, nil)
	for _, path := range []string{"/", "/plan", "/item/" + rows.Items[0].Item, "/search?q=" + url.QueryEscape(seedName), "/me/sessions"} {
		if got := reporter.send("GET", path, "", http.NoBody); got.Code >= 500 {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	places := w.places()
	places["addresses"] = seen.String()
	if !strings.Contains(places["words of 510900/self"], seedDraft) || !strings.Contains(places["words of 510900/suitong"], "路基完成八成") {
		t.Fatal("the day's work is not in the books: this test looks at nothing")
	}
	delete(places, "words of 510900/self")
	for place, text := range places {
		for _, seed := range []string{seedName, seedPhone, seedDraft, seedReason, seedWrong, walkPassword} {
			if strings.Contains(text, seed) || strings.Contains(text, url.QueryEscape(seed)) || strings.Contains(text, fmt.Sprintf("%+q", seed)) {
				t.Errorf("%q stands in %s", seed, place)
			}
		}
	}
}

// places are the texts that are searched, by name.
func (w *walk) places() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	all["the log"], _ = w.log.since(0)
	metrics := httptest.NewRecorder()
	w.http.ServeHTTP(metrics, httptest.NewRequest("GET", "/metrics", nil))
	all["the metrics"] = metrics.Body.String()
	for _, open := range []string{"/books", "/book/suitong/checkpoint", "/book/suitong/tile/entries/0.p/1"} {
		got := httptest.NewRecorder()
		w.http.ServeHTTP(got, httptest.NewRequest("GET", open, nil))
		all[open+" for nobody"] = got.Body.String()
	}
	err := w.folder.Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT book, entry, COALESCE(words, entry) FROM book_entry`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var entry, words []byte
			if err := rows.Scan(&name, &entry, &words); err != nil {
				return err
			}
			all["facts of "+name] += string(entry) + "\n"
			all["words of "+name] += string(words) + "\n"
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}
