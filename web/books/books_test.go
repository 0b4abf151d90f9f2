package books_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/books"
	"liandong/web/ui"
	"liandong/web/webtest"
)

type toyFacts struct {
	Item   string `json:"item"`
	Period string `json:"period"`
	State  string `json:"state"`
}

type toyWords struct {
	Progress string `json:"progress"`
}

// toy is a kind of a room above: shown by its JSON.
var toy = &node.Kind[toyFacts, toyWords]{
	Name: "plan.report.filed/1", Action: string(region.ReportFile),
	Apply: func(context.Context, *node.Own, book.Entry, toyFacts) ([]string, error) { return nil, nil },
}

// toyNames is what the room of the toy calls its item.
func toyNames(context.Context, *store.Tx, book.Entry) (map[string]string, error) {
	return map[string]string{"i-1": "遂潼快捷通道"}, nil
}

const secret = "路基完成了百分之八十"

// stand has books with some entries; who asks says his seat by a header. Entries of the toy in the
// own book may be read by coordinators and by the organisation that made them.
func stand(t *testing.T) (*webtest.Stand, http.Handler) {
	t.Helper()
	s := webtest.NewStand(t, node.Module{Name: "toy", Kinds: []node.AnyKind{toy}})
	mayRead := func(_ context.Context, _ *store.Tx, a node.Actor, e book.Entry) (bool, error) {
		return a.Seat == string(region.Coordinator) || a.Org == e.Org && a.Seat == string(region.Reporter), nil
	}
	books.Routes(s.Site, s.Node, mayRead, toyNames, books.Outside{})
	write(t, s, region.Coordinator, "fgw", func(ctx context.Context, w *node.Writing) error {
		return region.OpenCircle(ctx, w, region.KnownCircle("suitong"))
	})
	for i := range 120 {
		circle := []string{node.Self, "suitong"}[i%2]
		write(t, s, region.Reporter, "jtj", func(ctx context.Context, w *node.Writing) error {
			_, err := toy.Say(ctx, w, node.Said[toyFacts, toyWords]{
				Circle: circle, Subjects: []string{"i-1"},
				Facts: toyFacts{"i-1", "2022-06", "on-time"}, Words: &toyWords{secret},
			})
			return err
		})
	}
	plain := web.New(web.Options{Member: "遂宁市", Now: s.Node.Now, Identify: func(r *http.Request) (web.Identity, error) {
		seat, org, _ := strings.Cut(r.Header.Get("Test-Seat"), "@")
		if seat == "" {
			return web.Identity{}, nil
		}
		return web.Identity{Actor: node.Actor{Person: seat, Org: org, Seat: seat, Member: "510900"}}, nil
	}})
	books.Routes(plain, s.Node, mayRead, toyNames, books.Outside{})
	plain.Handle("GET /{$}", region.SelfAct, func(w http.ResponseWriter, r *http.Request) error {
		return web.Show(w, r, ui.Layout(ui.Page{Title: "我的工作台"}))
	})
	return s, plain.Handler()
}

func write(t *testing.T, s *webtest.Stand, seat region.Seat, org string, act node.Act) {
	t.Helper()
	req := node.Request{Actor: node.Actor{Person: string(seat), Org: org, Seat: string(seat), Member: "510900"}}
	if _, err := s.Node.Write(context.Background(), req, act); err != nil {
		t.Fatal(err)
	}
}

func get(h http.Handler, seat, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Test-Seat", seat)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// size of the own book, to name its last entries.
func size(t *testing.T, s *webtest.Stand, circle string) (n int64) {
	t.Helper()
	err := s.Node.Store.Read(context.Background(), func(tx *store.Tx) error {
		h, _, err := node.Head(context.Background(), tx, s.Node.BookName(circle))
		n = h.Size
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhoSeesWhatOfAnEntry(t *testing.T) {
	s, h := stand(t)
	inside := fmt.Sprintf("/proof/self/%d", size(t, s, "self")-1)
	outside := fmt.Sprintf("/proof/suitong/%d", size(t, s, "suitong")-1)
	for _, c := range []struct {
		name, seat, path string
		status           int
		words            bool
	}{
		{"the auditor, inside", "auditor@fgw", inside, 200, true},
		{"the coordinator, inside", "coordinator@fgw", inside, 200, true},
		{"the organisation that filed", "reporter@jtj", inside, 200, true},
		{"another organisation", "reporter@fgw", inside, 404, false},
		{"a reader, inside", "reader@fgw", inside, 404, false},
		{"a reader, of a circle", "reader@fgw", outside, 200, true},
		{"the administrator sees that it stands", "administrator@fgw", inside, 200, false},
		{"the administrator, of a circle", "administrator@fgw", outside, 200, false},
		{"no such entry", "auditor@fgw", "/proof/self/99999", 404, false},
		{"no such book", "auditor@fgw", "/proof/nowhere/0", 404, false},
		{"no number", "auditor@fgw", "/proof/self/-1", 404, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := get(h, c.seat, c.path)
			if w.Code != c.status || strings.Contains(w.Body.String(), secret) != c.words {
				t.Errorf("%d, words %v", w.Code, strings.Contains(w.Body.String(), secret))
			}
			e := get(h, c.seat, c.path+"/evidence.json")
			if (e.Code == 200) != c.words || strings.Contains(e.Body.String(), secret) != c.words {
				t.Errorf("evidence: %d", e.Code)
			}
		})
	}
}

// TestNoLinkLeadsToWhatTheReaderMayNotOpen: an entry names another that is not for him; he reads that it does.
func TestNoLinkLeadsToWhatTheReaderMayNotOpen(t *testing.T) {
	s, h := stand(t)
	var first node.Position
	for _, org := range []string{"fgw", "jtj"} {
		req := node.Request{Actor: node.Actor{Person: "p", Org: org, Seat: string(region.Reporter), Member: "510900"}}
		r, err := s.Node.Write(context.Background(), req, func(ctx context.Context, w *node.Writing) error {
			said := node.Said[toyFacts, toyWords]{Circle: node.Self, Facts: toyFacts{"i-1", "2022-06", "on-time"}, Words: &toyWords{secret}}
			if first.Book != "" {
				said.Causes = []node.Position{first}
			}
			_, err := toy.Say(ctx, w, said)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if first.Book == "" {
			first = r.Entries[0]
		}
	}
	at, link := fmt.Sprintf("/proof/self/%d", size(t, s, "self")-1), fmt.Sprintf(`href="/proof/self/%d"`, first.Index)
	for seat, want := range map[string]bool{"reporter@jtj": false, "coordinator@fgw": true} {
		w := get(h, seat, at)
		if w.Code != 200 || strings.Contains(w.Body.String(), link) != want {
			t.Errorf("%s: %d, linked %v", seat, w.Code, strings.Contains(w.Body.String(), link))
		}
	}
}

func TestWhatAnEntryNamesIsShownByItsName(t *testing.T) {
	s, h := stand(t)
	for _, page := range []string{fmt.Sprintf("/proof/suitong/%d", size(t, s, "suitong")-1), "/audit"} {
		if body := get(h, "auditor@fgw", page).Body.String(); !strings.Contains(body, ">遂潼快捷通道<") || strings.Contains(body, ">i-1<") {
			t.Errorf("%s shows the code of an item that has a name", page)
		}
	}
	for i := range size(t, s, "self") { // people: by name for who reads the register
		if body := get(h, "auditor@fgw", fmt.Sprintf("/proof/self/%d", i)).Body.String(); strings.Contains(body, "<dd>reader</dd>") {
			t.Errorf("entry %d shows the code of a person to the auditor", i)
		}
	}
}

func TestNamesAreForTheRegistersReadersOnly(t *testing.T) {
	s, h := stand(t)
	for i := range size(t, s, "self") {
		path := fmt.Sprintf("/proof/self/%d", i)
		for _, seat := range []string{"coordinator@fgw", "reporter@jtj", "reviewer@fgw", "reader@fgw"} {
			body := get(h, seat, path).Body.String()
			own, _, _ := strings.Cut(seat, "@")
			if strings.Contains(strings.ReplaceAll(body, "演示"+own, ""), "演示") {
				t.Errorf("%s shows %s the name of somebody else", path, seat)
			}
		}
	}
	last := fmt.Sprintf("/proof/self/%d", size(t, s, "self")-1)
	if !strings.Contains(get(h, "auditor@fgw", last).Body.String(), "演示reporter") {
		t.Error("the auditor is not told who")
	}
}

func TestEvidenceHoldsWithoutUs(t *testing.T) {
	s, h := stand(t)
	for _, circle := range []string{"self", "suitong"} {
		for i := range size(t, s, circle) {
			w := get(h, "auditor@fgw", fmt.Sprintf("/proof/%s/%d/evidence.json", circle, i))
			e, err := book.ReadEvidence(w.Body.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if r, err := e.Verify(""); err != nil || r.Index != i {
				t.Fatalf("%s %d: %v", circle, i, err)
			}
			if w := get(h, "auditor@fgw", fmt.Sprintf("/proof/%s/%d", circle, i)); w.Code != 200 {
				t.Fatalf("the page draws no path for %s %d: %d", circle, i, w.Code) // it checks that the path ends at the root
			}
		}
	}
}

// TestCommandsNameTheSiteAsItIsReached: an address with http:// that nobody can open helps nobody.
func TestCommandsNameTheSiteAsItIsReached(t *testing.T) {
	s, _ := stand(t)
	for _, c := range []struct {
		tls  bool
		says string
	}{{false, "curl http://example.com/book/suitong/checkpoint"}, {true, "curl https://example.com/book/suitong/checkpoint"}} {
		site := web.New(web.Options{Member: "遂宁市", Now: s.Node.Now, BehindTLS: c.tls, Identify: func(*http.Request) (web.Identity, error) {
			return web.Identity{Actor: node.Actor{Person: "auditor", Org: "fgw", Seat: "auditor", Member: "510900"}}, nil
		}})
		books.Routes(site, s.Node, nil, toyNames, books.Outside{})
		if w := get(site.Handler(), "", "/proof/suitong/1"); w.Code != 200 || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("by https %v: %d lacks %s", c.tls, w.Code, c.says)
		}
	}
}

// entries walks all pages of the audit and returns the proofs in their order.
func entries(t *testing.T, h http.Handler, query string) (all []string) {
	t.Helper()
	for path := "/audit?" + query; path != ""; {
		body := get(h, "auditor@fgw", path).Body.String()
		for _, part := range strings.Split(body, `class="row-link" href="`)[1:] {
			at, _, _ := strings.Cut(part, `"`)
			all = append(all, at)
		}
		path = ""
		if _, rest, ok := strings.Cut(body, `rel="next" href="`); ok {
			next, _, _ := strings.Cut(rest, `"`)
			path = strings.ReplaceAll(next, "&amp;", "&")
		}
		if len(all) > 10_000 {
			t.Fatal("the pages do not end")
		}
	}
	return all
}

func TestAuditShowsEachEntryOnce(t *testing.T) {
	s, h := stand(t)
	self, suitong := int(size(t, s, "self")), int(size(t, s, "suitong"))
	for _, c := range []struct {
		name, query string
		want        int
	}{
		{"all", "", self + suitong},
		{"one book", "book=suitong", suitong},
		{"one kind", "kind=plan.report.filed", 120},
		{"one organisation", "org=jtj", 120},
		{"kind and book", "kind=region.circle.opened&book=self", 0},
		{"the day", "from=2022-06-20&until=2022-06-20", self + suitong},
		{"the day before", "until=2022-06-19", 0},
		{"the day after", "from=2022-06-21", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := entries(t, h, c.query)
			seen := map[string]bool{}
			for _, e := range all {
				if seen[e] {
					t.Errorf("%s twice", e)
				}
				seen[e] = true
			}
			if len(all) != c.want {
				t.Errorf("%d entries, want %d", len(all), c.want)
			}
		})
	}
	if w := get(h, "auditor@fgw", "/audit?from=yesterday"); w.Code != 422 {
		t.Errorf("no day: %d", w.Code)
	}
	if w := get(h, "auditor@fgw", "/audit?after=%21"); w.Code != 422 {
		t.Errorf("no cursor: %d", w.Code)
	}
	if w := get(h, "coordinator@fgw", "/audit"); w.Code != 403 {
		t.Errorf("a coordinator: %d", w.Code)
	}
}

// flip changes one byte of an entry in the store, as a thief of the file would.
func flip(t *testing.T, s *webtest.Stand, index int64) {
	t.Helper()
	flipIn(t, s, "suitong", index)
}

func flipIn(t *testing.T, s *webtest.Stand, circle string, index int64) {
	t.Helper()
	err := s.Node.Store.Write(context.Background(), func(tx *store.Tx) error {
		var raw []byte
		name := s.Node.BookName(circle)
		err := tx.Row(context.Background(), `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, name, index).Scan(&raw)
		if err != nil {
			return err
		}
		changed := strings.Replace(string(raw), `"on-time"`, `"at-risk"`, 1)
		if changed == string(raw) {
			return errors.New("nothing to change")
		}
		_, err = tx.Exec(context.Background(), `UPDATE book_entry SET entry = ? WHERE book = ? AND idx = ?`, []byte(changed), name, index)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestThePages(t *testing.T) {
	s, _ := stand(t)
	for _, seat := range []string{"auditor", "coordinator"} {
		s.Account(t, seat)
	}
	base := webtest.Serve(t, s.Site.Handler())
	b := webtest.Start(t)
	last := fmt.Sprintf("/proof/suitong/%d", size(t, s, "suitong")-1)
	p := b.Open(t, base, webtest.Desk)
	p.SignIn("auditor", webtest.Password)
	for page, path := range map[string]string{"list": "/books/", "audit": "/audit", "proof": last, "first": "/proof/self/0", "verify": "/books/verify"} {
		p.Go(path)
		for name, look := range webtest.Looks {
			p.Look(look)
			p.Axe()
			p.FitsWidth()
			p.Shot("books-" + page + "-" + name)
		}
	}
	p = b.Open(t, base, webtest.NoJS)
	p.SignIn("coordinator", webtest.Password)
	verify := func() string {
		p.Go("/books/")
		p.Press(".page-head form button")
		for strings.Contains(p.Text("main"), "正在核验") {
			p.Go("/books/verify")
		}
		return p.Text("main")
	}
	if got := verify(); !strings.Contains(got, "全部相符") {
		t.Fatalf("verify says %q", got)
	}
	flip(t, s, 7)
	if got := verify(); !strings.Contains(got, "不符") || !strings.Contains(got, "第 7 条") {
		t.Errorf("after a byte was changed verify says %q", got)
	}
	p.Look(webtest.Desk) // axe is a script itself
	p.Go("/books/verify")
	p.Axe()
	p.Shot("books-verify-broken")
}
