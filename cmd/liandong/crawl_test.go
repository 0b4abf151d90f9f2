package main

import (
	"context"
	"html"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"liandong/demo"
	"liandong/node"
	"liandong/region"
	"liandong/web/lang"
	"liandong/web/webtest"
)

// crawl is the demonstration, walked through by its links as its people see them.
type crawl struct {
	t       *testing.T
	http    http.Handler
	routes  *http.ServeMux // says which pattern an address belongs to
	foreign map[lang.Lang]map[string]bool
}

// TestEveryPageOfTheDemonstration follows the links of every seat's pages, one address for each
// pattern, in both languages: no link leads nowhere, no text is in the other language, no key or code
// stands where words belong. Then a browser looks at one page of each pattern: no breach of WCAG, and
// nothing wider than the screen. Every second page is looked at on a desk in Chinese by day, the others
// on a telephone in English by night; the rooms' own tests look at theirs in every look.
func TestEveryPageOfTheDemonstration(t *testing.T) {
	c := startCrawl(t)
	signIns, err := demo.SignIns(demo.Identity.Member, officeOrg)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{} // pattern → login that saw it first
	addresses := map[string][]string{}
	done := map[region.Seat]bool{}
	for _, s := range signIns {
		if done[s.Seat] {
			continue
		}
		done[s.Seat] = true
		for pattern, address := range c.follow(s) {
			if seen[pattern] == "" {
				seen[pattern] = s.Login
				addresses[s.Login] = append(addresses[s.Login], address)
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d patterns were reached: this walk looks at little", len(seen))
	}
	c.look(addresses)
}

func startCrawl(t *testing.T) *crawl {
	t.Helper()
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "demo")
	founder := node.Actor{Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: demo.Identity.Member}
	clock, _, err := demo.Open(ctx, demo.Options{Dir: dir, Modules: modules(), Founder: founder, Found: found})
	if err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(ctx, dir, modules(), node.FolderOptions{May: region.Permit, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	a, err := newApp(ctx, f, appOptions{log: slog.New(slog.DiscardHandler), openBooks: demo.Circles, clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	c := &crawl{t: t, http: a.site.Handler(), routes: http.NewServeMux(), foreign: foreignTexts(t)}
	for _, r := range a.site.Routes() {
		c.routes.HandleFunc(r.Method+" "+r.Pattern, http.NotFound)
	}
	return c
}

// foreignTexts are, for each language, the texts of the interface that are in the other one.
func foreignTexts(t *testing.T) map[lang.Lang]map[string]bool {
	t.Helper()
	texts := map[lang.Lang]map[string]bool{lang.Zh: {}, lang.En: {}}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "locales/zh.toml") {
			return err
		}
		all, err := lang.Read(root, path)
		for _, key := range lang.Keys(all) {
			zh, en := lang.Text(lang.Zh, key), lang.Text(lang.En, key)
			if zh != en && !strings.ContainsAny(zh+en, "{") {
				texts[lang.En][zh], texts[lang.Zh][en] = true, true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

var (
	linkAddress = regexp.MustCompile(`<a [^>]*href="([^"#]+)`)
	unread      = regexp.MustCompile(`(?s)<(script|style|textarea|code|pre|ins|del)\b.*?</(script|style|textarea|code|pre|ins|del)>|<article [^>]*lang=.*?</article>`)
	spoken      = regexp.MustCompile(`(?:aria-label|title|placeholder|alt)="([^"]*)"`)
	tags        = regexp.MustCompile(`(?s)<[^>]*>`)
	textKey     = regexp.MustCompile(`^[a-z]+(\.[a-z-]+)+$|\{[a-z]+\}|%!|<nil>`)
)

// follow walks as one person and returns an address for each pattern that answered with a page.
func (c *crawl) follow(s demo.SignIn) map[string]string {
	c.t.Helper()
	cookie := c.signIn(s.Login)
	pages, asked := map[string]string{}, map[string]bool{}
	from := map[string]string{"/": "the start"}
	for queue := []string{"/"}; len(queue) > 0; queue = queue[1:] {
		address := queue[0]
		_, pattern := c.routes.Handler(httptest.NewRequest("GET", address, nil))
		if asked[pattern] {
			continue
		}
		asked[pattern] = true
		for _, l := range lang.All {
			got := c.get(address, cookie, l)
			switch {
			case got.Code >= 400:
				c.t.Errorf("%s: %s (from %s): %d", s.Login, address, from[address], got.Code)
			case strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") && got.Code == 200:
				pages[pattern] = address
				c.read(s.Login+" "+address, l, got.Body.String())
			}
			for _, next := range links(got) {
				if from[next] == "" {
					from[next] = address
					queue = append(queue, next)
				}
			}
		}
	}
	return pages
}

func (c *crawl) signIn(login string) *http.Cookie {
	c.t.Helper()
	r := httptest.NewRequest("POST", "/signin", strings.NewReader("login="+login+"&password="+demo.Password))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := httptest.NewRecorder()
	c.http.ServeHTTP(got, r)
	for _, k := range got.Result().Cookies() {
		if strings.HasSuffix(k.Name, "session") {
			return k
		}
	}
	c.t.Fatalf("%s could not sign in: %d", login, got.Code)
	return nil
}

func (c *crawl) get(address string, session *http.Cookie, l lang.Lang) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", address, nil)
	r.Header.Set("Accept", "text/html")
	r.AddCookie(session)
	r.AddCookie(&http.Cookie{Name: "lang", Value: string(l)})
	got := httptest.NewRecorder()
	c.http.ServeHTTP(got, r)
	return got
}

// links are the addresses of this site that an answer leads to.
func links(got *httptest.ResponseRecorder) (all []string) {
	if to := got.Header().Get("Location"); strings.HasPrefix(to, "/") {
		return []string{to}
	}
	for _, m := range linkAddress.FindAllStringSubmatch(got.Body.String(), -1) {
		if to := html.UnescapeString(m[1]); strings.HasPrefix(to, "/") && !strings.Contains(to, "lang=") {
			all = append(all, to)
		}
	}
	return all
}

// read looks at the texts of a page, one element at a time.
func (c *crawl) read(where string, l lang.Lang, page string) {
	c.t.Helper()
	page = unread.ReplaceAllString(page, "")
	texts := tags.Split(page, -1)
	for _, m := range spoken.FindAllStringSubmatch(page, -1) {
		texts = append(texts, m[1])
	}
	for _, text := range texts {
		text = strings.Join(strings.Fields(html.UnescapeString(text)), " ")
		if c.foreign[l][text] && !otherLanguage[text] {
			c.t.Errorf("%s in %s: %q is in the other language", where, l, text)
		}
		if textKey.MatchString(text) {
			c.t.Errorf("%s in %s: %q is no text for a reader", where, l, text)
		}
		if l == lang.Zh && englishOnly(text) {
			c.t.Errorf("%s in %s: %q has no Chinese", where, l, text)
		}
	}
}

// otherLanguage are texts that stand in the other language on purpose: the switch, and the words of
// lists and bulletins themselves where a text of ours happens to be the same.
var otherLanguage = map[string]bool{"English": true, "中文": true, "、": true, "持续推进": true, "每月": true, "每季度": true, "存在问题": true}

// englishOnly: three words or more, and no Chinese among them.
func englishOnly(text string) bool {
	chinese := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	return len(strings.Fields(text)) > 2 && strings.ContainsFunc(text, unicode.IsLower) && !strings.ContainsFunc(text, chinese)
}

// looks are how the pages are looked at, in turn.
var looks = []struct {
	lang lang.Lang
	look webtest.Look
}{{lang.Zh, webtest.Desk}, {lang.En, webtest.Look{Width: 390, Height: 844, Dark: true}}}

// look opens the addresses of each login in a browser.
func (c *crawl) look(addresses map[string][]string) {
	c.t.Helper()
	base, browser := webtest.Serve(c.t, c.http), webtest.Start(c.t)
	for login, all := range addresses {
		p := browser.Open(c.t, base, webtest.Desk)
		p.SignIn(login, demo.Password)
		slices.Sort(all)
		for i, as := range looks {
			p.Look(as.look)
			p.Go("/help/keys?lang=" + string(as.lang))
			for n := i; n < len(all); n += len(looks) {
				p.Go(all[n])
				p.FitsWidth()
				p.Axe()
			}
			for _, width := range []int64{1271, 1366, 1440, 1600} { // the head of each seat, whose menus differ
				p.Look(webtest.Look{Width: width})
				p.Go("/help/keys?lang=" + string(as.lang))
				p.FitsWidth()
			}
		}
	}
}
