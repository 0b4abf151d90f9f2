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
