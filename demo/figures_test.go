package demo

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"liandong/node"
	pages "liandong/plan/board"
	"liandong/region"
	"liandong/web"
)

// figures walks pages and compares each figure with the rows that its link opens.
type figures struct {
	t     *testing.T
	http  http.Handler
	pages map[string]string
	rows  map[string]int // by address, over all of its pages
	seen  int
}

var (
	anchor  = regexp.MustCompile(`(?s)<a ([^>]*)>(.*?)</a>`)
	address = regexp.MustCompile(`href="([^"]*)"`)
	onward  = regexp.MustCompile(`<a class="button small" rel="next" href="([^"]*)"`)
	// A figure is a card's, a key's or a filter's count, or a cell with a number only.
	counted = regexp.MustCompile(`(?s)class="(?:figure-n|n)">\s*([\d,]+)|^\s*([\d,]+)\s*$`)
)

// checkFigures: no figure is dead, and none counts otherwise than the rows behind it, for all lists
// and for each circle, today and on a day past.
func checkFigures(t *testing.T, s stand) {
	who := node.Actor{Person: "xietiao", Org: "o-fgw", Seat: string(region.Coordinator), Member: Identity.Member}
	site := web.New(web.Options{Member: Identity.Name, Demo: true, Now: s.Node.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Identify: func(*http.Request) (web.Identity, error) {
		return web.Identity{Actor: who, Name: "演示", Seats: []region.SeatAt{{Org: who.Org, Seat: region.Coordinator}}}, nil
	}})
	pages.Routes(site, s.desk)
	f := figures{t: t, http: site.Handler(), pages: map[string]string{}, rows: map[string]int{}}
	for _, day := range []string{"", "&as-of=2022-05-27"} {
		for _, circle := range []string{"", "suitong", "chengyu", "chengduplain", node.Self} {
			f.check("/plan?circle=" + circle + day)
		}
		f.check("/plan?period=2022-05" + day)
		f.check("/plan?unit=" + f.unit() + day)
		for _, key := range f.lists() {
			f.check("/plan/" + key + "?period=" + day)
			f.check("/plan/" + key + "/missing?period=" + day)
		}
	}
	if f.seen < 1000 {
		t.Errorf("only %d figures were found", f.seen)
	}
}

// check follows each figure of a page.
func (f *figures) check(page string) {
	for _, a := range anchor.FindAllStringSubmatch(f.get(page), -1) {
		n, ok := figureIn(a[2])
		href := address.FindStringSubmatch(a[1])
		if !ok || href == nil || strings.Contains(href[1], "#lists") || strings.HasPrefix(href[1], "/item/") {
			continue
		}
		f.seen++
		if got := f.count(html.UnescapeString(href[1])); got != n {
			f.t.Errorf("%s says %d where %s has %d rows", page, n, html.UnescapeString(href[1]), got)
		}
	}
}

func figureIn(inner string) (n int, ok bool) {
	m := counted.FindStringSubmatch(inner)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1]+m[2], ",", ""))
	return n, err == nil
}

// count is how many rows stand on an address and the pages that follow it.
func (f *figures) count(page string) (n int) {
	page, _, _ = strings.Cut(page, "#")
	if n, ok := f.rows[page]; ok {
		return n
	}
	for at := page; at != ""; {
		text := f.get(at)
		n += strings.Count(text, `class="row-link"`)
		next := onward.FindStringSubmatch(text)
		if at = ""; next != nil {
			at = html.UnescapeString(next[1])
		}
	}
	f.rows[page] = n
	return n
}

func (f *figures) get(page string) string {
	f.t.Helper()
	if text, ok := f.pages[page]; ok {
		return text
	}
	w := httptest.NewRecorder()
	f.http.ServeHTTP(w, httptest.NewRequest(http.MethodGet, page, nil))
	if w.Code != http.StatusOK {
		f.t.Fatalf("%s is %d", page, w.Code)
	}
	f.pages[page] = w.Body.String()
	return f.pages[page]
}

// lists are the keys of the lists on the overview.
func (f *figures) lists() (keys []string) {
	for _, m := range regexp.MustCompile(`class="row-link" href="/plan/([^"?]+)`).FindAllStringSubmatch(f.get("/plan"), -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// unit is a unit of the overview.
func (f *figures) unit() string {
	m := regexp.MustCompile(`class="row-link" href="/plan\?unit=([^"&]+)`).FindStringSubmatch(f.get("/plan"))
	if m == nil {
		f.t.Fatal("the overview names no unit")
	}
	return m[1]
}
