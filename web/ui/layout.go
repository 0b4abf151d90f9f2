package ui

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"liandong/web/lang"
)

// PageHead is the top of a page.
type PageHead struct {
	Crumbs []Link // the pages above this one, outermost first
	Title  string
	Lede   string // one sentence on what stands here; may be empty
	AsOf   string // civil date that states were judged for; empty: none stand here
}

var themes = []struct{ value, theme, icon, label string }{
	{"auto", "", "device-laptop", "ui.theme.auto"},
	{"light", "light", "sun", "ui.theme.light"},
	{"dark", "dark", "moon", "ui.theme.dark"},
}

// darkMedia is where the dark theme's sheet applies: on the screen, when the reader chose it or leaves
// it to his system; empty for who chose light.
func darkMedia(theme string) string {
	switch theme {
	case "light":
		return ""
	case "dark":
		return "screen"
	}
	return "screen and (prefers-color-scheme: dark)"
}

func current(yes bool) templ.Attributes {
	if !yes {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

func pressed(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-pressed": "true"}
	}
	return templ.Attributes{"aria-pressed": "false"}
}

func otherLang(ctx context.Context) lang.Lang {
	if lang.Of(ctx) == lang.Zh {
		return lang.En
	}
	return lang.Zh
}

// langHref is this page in another language.
func langHref(here string, l lang.Lang) string {
	u, err := url.Parse(here)
	if err != nil || here == "" {
		return "/?lang=" + string(l)
	}
	q := u.Query()
	q.Set("lang", string(l))
	return u.Path + "?" + q.Encode()
}

// bellCount keeps the bell small.
func bellCount(n int) string {
	if n > 99 {
		return "99+"
	}
	return Count(n)
}

// oneRow is how wide name and menu may be, in CSS pixels, to stand in a row with the search and the person on a screen of 1271 pixels, the narrowest that
// has such a row (layout.css).
const oneRow = 680

// long says whether name and menu want a row each on a screen of middle width: by their letters, since a style sheet cannot ask.
func (f Frame) long(ctx context.Context) bool {
	wide := func(text string) (n int) {
		for _, r := range text {
			if r < 0x2000 {
				n += 8
			} else {
				n += 15
			}
		}
		return n
	}
	n := 60 + wide(f.Brand.ProductName(ctx)+f.Member)
	for _, l := range f.Nav {
		n += 26 + wide(l.Label)
		if len(l.Menu) > 0 {
			n += 22
		}
		if l.Count > 0 {
			n += 28
		}
	}
	return n > oneRow
}
