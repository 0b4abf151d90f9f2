package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/lang"
	"liandong/web/ui"
	"liandong/web/webtest"
)

// seated is a site where the header X-Seat says who asks.
func seated(log io.Writer) *web.Site {
	return web.New(web.Options{
		Member: "遂宁市", Log: slog.New(slog.NewTextHandler(log, nil)),
		Identify: func(r *http.Request) (web.Identity, error) {
			seat := r.Header.Get("X-Seat")
			if seat == "" {
				return web.Identity{}, nil
			}
			return web.Identity{
				Name: "演示某人", Actor: node.Actor{Person: "p1", Org: "fgw", Seat: seat},
				Seats: []region.SeatAt{{Org: "fgw", OrgName: "市发展改革委", Seat: region.Coordinator}},
			}, nil
		},
	})
}

func get(h http.Handler, method, target, seat string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	if seat != "" {
		r.Header.Set("X-Seat", seat)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestGate walks every action of the table with every seat: the handler runs exactly where the
// table says so.
func TestGate(t *testing.T) {
	s := seated(io.Discard)
	ran := false
	for i, act := range append(region.Actions(), region.Public) {
		s.Handle(fmt.Sprintf("GET /act/%d", i), act, func(http.ResponseWriter, *http.Request) error { ran = true; return nil })
	}
	h := s.Handler()
	for i, act := range append(region.Actions(), region.Public) {
		_ = i
		path := ""
		for _, r := range s.Routes() {
			if r.Action == act && strings.HasPrefix(r.Pattern, "/act/") {
				path = r.Pattern
			}
		}
		for _, seat := range append([]region.Seat{"", "made-up"}, region.Seats...) {
			ran = false
			w := get(h, "GET", path, string(seat))
			want := act == region.Public || seat != "" && (act == region.SelfAct || region.May(seat, act))
			if ran != want {
				t.Errorf("%s as %q: ran %v, want %v (status %d)", act, seat, ran, want, w.Code)
			}
		}
	}
}

// TestEveryRouteOfTheShellWithEverySeat holds the real routes to the table: no seat gets past it.
func TestEveryRouteOfTheShellWithEverySeat(t *testing.T) {
	s := seated(io.Discard)
	accounts, err := account.Open(context.Background(), webtest.NewStand(t).Node.Store, "510900", false)
	if err != nil {
		t.Fatal(err)
	}
	accounts.Mount(s)
	h := s.Handler()
	for _, route := range s.Routes() {
		path := strings.NewReplacer("{secret}", "x", "{key}", "x", "{id}", "x").Replace(route.Pattern)
		for _, seat := range append([]region.Seat{""}, region.Seats...) {
			w := get(h, route.Method, path, string(seat))
			may := route.Action == region.Public || seat != "" && (route.Action == region.SelfAct || region.May(seat, route.Action))
			refused := w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized ||
				strings.HasPrefix(w.Header().Get("Location"), "/signin?to=")
			// A seat that is not the person's is refused by the page itself.
			if route.Pattern != "/me/seat" && refused == may {
				t.Errorf("%s %s as %q: %d, may %v", route.Method, route.Pattern, seat, w.Code, may)
			}
			if w.Code >= 500 {
				t.Errorf("%s %s as %q: %d", route.Method, route.Pattern, seat, w.Code)
			}
		}
	}
}

func TestHandleRefusesRoutesWithoutKnownAction(t *testing.T) {
	for _, c := range []struct {
		pattern string
		act     region.Action
	}{{"GET /x", ""}, {"GET /x", "plan.made-up"}, {"/x", region.Public}, {"GET", region.Public}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q under %q was accepted", c.pattern, c.act)
				}
			}()
			seated(io.Discard).Handle(c.pattern, c.act, nil)
		}()
	}
}

func TestErrorsBecomePages(t *testing.T) {
	var log bytes.Buffer
	s := seated(&log)
	fail := map[string]error{
		"none":    fmt.Errorf("look for it: %w", web.ErrNotFound),
		"rule":    fmt.Errorf("say: %w", refuse.New("node.circle-name", "circle", "<b>").At("circle")),
		"two":     errors.Join(refuse.New("region.org.unnamed").At("name"), refuse.New("region.member-code", "code", "1").At("member")),
		"crash":   errors.New("the secret cause"),
		"invalid": &web.Invalid{Fields: []ui.FieldError{{Field: "n", Text: "应为数字"}}},
		"code":    refuse.New("nobody.wrote-a-text"),
	}
	for name, err := range fail {
		s.Handle("GET /"+name, region.Public, func(http.ResponseWriter, *http.Request) error { return err })
	}
	s.Handle("GET /panic", region.Public, func(http.ResponseWriter, *http.Request) error { panic("the secret cause") })
	h := s.Handler()
	for _, c := range []struct {
		path   string
		status int
		says   string
	}{
		{"/none", 404, "没有这一页"},
		{"/nowhere", 404, "没有这一页"},
		{"/rule", 422, "圈的标识“&lt;b&gt;”"},
		{"/two", 422, "请填写单位名称"},
		{"/crash", 500, "事故编号"},
		{"/panic", 500, "事故编号"},
		{"/invalid", 422, "应为数字"},
		{"/code", 422, "nobody.wrote-a-text"},
	} {
		w := get(h, "GET", c.path, "reader")
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "secret cause") {
			t.Errorf("%s shows its cause", c.path)
		}
		w = get(h, "GET", c.path, "reader", "Accept", "application/json")
		var p web.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != c.status || p.Code == "" {
			t.Errorf("%s as problem: %v %s", c.path, err, w.Body)
		}
		if c.status == 500 && !strings.Contains(log.String(), "accident="+p.Accident) {
			t.Errorf("%s: the log has no line of accident %s", c.path, p.Accident)
		}
	}
}

func TestForbiddenOffersASeatThatMay(t *testing.T) {
	s := seated(io.Discard)
	s.Handle("GET /import", region.PlanImport, func(http.ResponseWriter, *http.Request) error { return nil })
	w := get(s.Handler(), "GET", "/import", "reader")
	if w.Code != 403 || !strings.Contains(w.Body.String(), `value="coordinator@fgw"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestComingBackAfterAPost: the page that answers a POST offers to come back to where its form stood,
// never to an address that only takes a POST.
func TestComingBackAfterAPost(t *testing.T) {
	s := seated(io.Discard)
	s.Handle("POST /do", region.SelfAct, func(http.ResponseWriter, *http.Request) error { return web.ErrNotFound })
	for referer, want := range map[string]string{
		"http://example.com/plan/x?sort=due": `name="back" value="/plan/x?sort=due"`,
		"http://evil.example/plan":           `name="back" value="/"`,
		"":                                   `name="back" value="/"`,
	} {
		if w := get(s.Handler(), "POST", "http://example.com/do", "reader", "Referer", referer); !strings.Contains(w.Body.String(), want) {
			t.Errorf("from %q: no %s", referer, want)
		}
	}
}

func TestCrossSiteRequestsAreRefused(t *testing.T) {
	s := seated(io.Discard)
	s.Handle("POST /do", region.SelfAct, func(http.ResponseWriter, *http.Request) error { return nil })
	h := s.Handler()
	for _, c := range []struct {
		name   string
		header []string
		status int
	}{
		{"same origin, new browser", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"another site, new browser", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a sister host", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"same origin over plain HTTP, which has no Sec-Fetch-Site", []string{"Origin", "http://example.com"}, 200},
		{"another site over plain HTTP", []string{"Origin", "http://evil.example"}, 403},
		{"no browser", nil, 200},
	} {
		if w := get(h, "POST", "http://example.com/do", "reader", c.header...); w.Code != c.status {
			t.Errorf("%s: %d", c.name, w.Code)
		}
	}
}

func TestLogNamesNoTextsAndNoAddresses(t *testing.T) {
	var log bytes.Buffer
	s := seated(&log)
	s.Handle("GET /search/{words}", region.SelfAct, func(w http.ResponseWriter, r *http.Request) error { return web.ErrNotFound })
	h := s.Handler()
	get(h, "GET", "/search/"+url.PathEscape("张三")+"?q="+url.QueryEscape("李四")+"&tel=13800001111", "reader", "User-Agent", "王五", "Cookie", "x=赵六")
	get(h, "GET", "/metrics", "")
	metrics := get(h, "GET", "/metrics", "").Body.String()
	for _, secret := range []string{"张三", url.PathEscape("张三"), "李四", url.QueryEscape("李四"), "13800001111", "王五", "赵六", "192.0.2.1", "演示某人"} {
		if strings.Contains(log.String(), secret) || strings.Contains(metrics, secret) {
			t.Errorf("log or metrics name %q:\n%s", secret, log.String())
		}
	}
	if !strings.Contains(metrics, `liandong_http_requests_total{method="GET",route="/search/{words}",status="404"} 1`) {
		t.Error("the request was not counted under its route")
	}
}

// TestTryingWhatIsNotOnesOwnStandsInTheLog: once, by code, seat, organisation and route, and nobody's name.
func TestTryingWhatIsNotOnesOwnStandsInTheLog(t *testing.T) {
	notMine := refuse.New("plan.not-your-item", "name", "演示某人")
	for _, c := range []struct {
		remark string
		h      web.Handler
		status int
		code   string
	}{
		{"a refusal", func(http.ResponseWriter, *http.Request) error { return notMine }, 422, "plan.not-your-item"},
		{"a refusal that a form shows", func(w http.ResponseWriter, r *http.Request) error {
			_, _ = web.FieldErrors(r.Context(), notMine)
			return nil
		}, 200, "plan.not-your-item"},
		{"as a program reads it", func(w http.ResponseWriter, r *http.Request) error {
			w.WriteHeader(web.ProblemOf(r.Context(), refuse.New("node.not-permitted")).Status)
			return nil
		}, 403, "node.not-permitted"},
		{"another's file", func(http.ResponseWriter, *http.Request) error { return web.Hide(refuse.New("plan.file-unknown")) }, 404, "plan.file-unknown"},
		{"forbidden", func(http.ResponseWriter, *http.Request) error { return web.ErrForbidden }, 403, "web.forbidden"},
		{"no file there", func(http.ResponseWriter, *http.Request) error { return web.Hide(node.ErrErased) }, 404, ""},
		{"a slip of the pen", func(http.ResponseWriter, *http.Request) error { return refuse.New("plan.report-empty") }, 422, ""},
		{"a wrong address", func(http.ResponseWriter, *http.Request) error { return web.ErrNotFound }, 404, ""},
	} {
		var log bytes.Buffer
		s := seated(&log)
		s.Handle("GET /try/{item}", region.SelfAct, c.h)
		w := get(s.Handler(), "GET", "/try/i-77aa?q=13800001111", "reporter")
		line, _, _ := strings.Cut(log.String(), "\n")
		warned := strings.Count(log.String(), "level=WARN")
		if w.Code != c.status || (c.code == "") != (warned == 0) || warned > 1 {
			t.Errorf("%s: %d, %d warnings:\n%s", c.remark, w.Code, warned, log.String())
		}
		for _, part := range []string{"code=" + c.code, "seat=reporter", "org=fgw", "route=/try/{item}"} {
			if c.code != "" && !strings.Contains(line, part) {
				t.Errorf("%s: no %s in %s", c.remark, part, line)
			}
		}
		for _, secret := range []string{"i-77aa", "13800001111", "演示某人"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s: the log names %s", c.remark, secret)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	w := get(seated(io.Discard).Handler(), "GET", "/help/http", "reader")
	for name, part := range map[string]string{
		"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "same-origin", "Content-Language": "zh-CN", "Cache-Control": "private",
	} {
		if !strings.Contains(w.Header().Get(name), part) {
			t.Errorf("%s: %q", name, w.Header().Get(name))
		}
	}
	if strings.Contains(w.Header().Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy allows inline code")
	}
	for _, inline := range []string{"<style", "style=", "onclick=", "<script>"} {
		if strings.Contains(w.Body.String(), inline) {
			t.Errorf("the page has inline code: %s", inline)
		}
	}
}

func TestLanguageAndTheme(t *testing.T) {
	h := seated(io.Discard).Handler()
	w := get(h, "GET", "/help/keys?x=1&lang=en", "")
	if w.Code != 303 || w.Header().Get("Location") != "/help/keys?x=1" || !strings.Contains(w.Header().Get("Set-Cookie"), "lang=en") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	w = get(h, "GET", "/help/keys", "", "Cookie", "lang=en; theme=dark")
	if !strings.Contains(w.Body.String(), `<html lang="en">`) || !strings.Contains(w.Body.String(), "Keyboard") {
		t.Error(w.Body)
	}
	for cookie, want := range map[string]string{
		"theme=dark": `media="screen"`, "": `media="screen and (prefers-color-scheme: dark)"`, "theme=light": "",
	} {
		body := get(h, "GET", "/help/keys", "", "Cookie", cookie).Body.String()
		if want == "" && strings.Contains(body, "media=") || !strings.Contains(body, want) {
			t.Errorf("cookie %q: the dark sheet does not apply to %q", cookie, want)
		}
	}
	if w = get(h, "GET", "/help/keys", "", "Accept-Language", "en"); !strings.Contains(w.Body.String(), `lang="zh-CN"`) {
		t.Error("Chinese is the default, whatever the browser prefers")
	}
}

func TestLocalNeverLeadsElsewhere(t *testing.T) {
	for in, want := range map[string]string{
		"/plan?x=1": "/plan?x=1", "": "/", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/",
		"javascript:alert(1)": "/", "/a\nb": "/", "plan": "/",
	} {
		if got := web.Local(in); got != want {
			t.Errorf("Local(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPagesAreCompressed(t *testing.T) {
	w := get(seated(io.Discard).Handler(), "GET", "/help/http", "reader", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal(err, w.Header())
	}
	body, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(body, []byte("</html>")) {
		t.Errorf("%v: %d bytes", err, len(body))
	}
}

func TestBodiesAreLimited(t *testing.T) {
	s := seated(io.Discard)
	read := func(_ http.ResponseWriter, r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	}
	s.Handle("POST /small", region.Public, read)
	s.Handle("POST /large", region.Public, read).Body(4 << 20)
	for path, want := range map[string]int{"/small": 413, "/large": 200} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("POST", path, strings.NewReader(strings.Repeat("x", 2<<20))))
		if w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestReady(t *testing.T) {
	broken := errors.New("the store is away")
	s := web.New(web.Options{Log: slog.New(slog.DiscardHandler), Ready: map[string]func(context.Context) error{
		"store": func(context.Context) error { return broken },
	}})
	w := get(s.Handler(), "GET", "/readyz", "")
	if w.Code != 503 || strings.Contains(w.Body.String(), "away") || !strings.Contains(w.Body.String(), "store: failed") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	broken = nil
	if w := get(s.Handler(), "GET", "/readyz", ""); w.Code != 200 {
		t.Error(w.Code)
	}
}

// TestEveryActionAndSeatHasAName: they stand on the pages of tokens and seats.
func TestEveryActionAndSeatHasAName(t *testing.T) {
	for _, act := range region.Actions() {
		if act != region.SelfAct && !lang.Has("web.action."+string(act)) {
			t.Errorf("no text for the action %s", act)
		}
	}
	for _, seat := range region.Seats {
		if !lang.Has("web.seat." + string(seat)) {
			t.Errorf("no text for the seat %s", seat)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(web.Cursor("2022-06-30", "i1"))
	f.Add("!!")
	f.Fuzz(func(t *testing.T, c string) {
		if v, err := web.ParseCursor(c, 2); err == nil && c != "" && len(v) != 2 {
			t.Errorf("%q gave %v", c, v)
		}
	})
}

// TestSearchIsOfferedToWhoMaySearch: a field that leads to a refusal is a dead end.
func TestSearchIsOfferedToWhoMaySearch(t *testing.T) {
	s := seated(io.Discard)
	s.Handle("GET /search", region.PlanRead, func(w http.ResponseWriter, r *http.Request) error { return nil })
	s.Search("/search")
	for seat, want := range map[string]bool{"reader": true, "administrator": false, "": false} {
		body := get(s.Handler(), "GET", "/help/keys", seat).Body.String()
		if strings.Contains(body, `action="/search"`) != want {
			t.Errorf("%q: the search field stands there %v", seat, !want)
		}
	}
}
