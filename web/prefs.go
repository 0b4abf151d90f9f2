package web

import (
	"encoding/base64"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"liandong/web/lang"
	"liandong/web/ui"
)

const year = 365 * 24 * 60 * 60

func cookie(name, value string, age int, secure bool) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: secure,
		SameSite: http.SameSiteLaxMode,
	}
}

// langOf reads the language: ?lang= first (chosen now), then the cookie. What a browser prefers does
// not count: the language of the platform is Chinese until somebody chooses.
func langOf(r *http.Request) (l lang.Lang, chosen bool) {
	if q := r.URL.Query().Get("lang"); q != "" {
		if l, ok := lang.Parse(q); ok {
			return l, true
		}
	}
	if c, err := r.Cookie("lang"); err == nil {
		l, _ = lang.Parse(c.Value)
		return l, false
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return accepted(r.Header.Get("Accept-Language")), false
	}
	return lang.Zh, false
}

// accepted is the language that Accept-Language wants most among ours, Chinese if none (RFC 9110, 12.5.4).
func accepted(header string) lang.Lang {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return lang.Zh
	}
	for _, tag := range tags {
		if l, ok := lang.Parse(tag.String()); ok {
			return l
		}
	}
	return lang.Zh
}

// keepLang remembers the language and leads to the same page without the parameter.
func keepLang(w http.ResponseWriter, r *http.Request, l lang.Lang, secure bool) {
	http.SetCookie(w, cookie("lang", string(l), year, secure))
	q := r.URL.Query()
	q.Del("lang")
	to := r.URL.Path
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	http.Redirect(w, r, Local(to), http.StatusSeeOther)
}

func themeOf(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

func (s *Site) setTheme(w http.ResponseWriter, r *http.Request) error {
	switch theme := r.PostFormValue("theme"); theme {
	case "light", "dark":
		http.SetCookie(w, cookie("theme", theme, year, s.BehindTLS))
	default:
		http.SetCookie(w, cookie("theme", "", -1, s.BehindTLS))
	}
	return Redirect(w, r, r.PostFormValue("back"))
}

// Flash says text once on the next page that the reader sees.
func Flash(w http.ResponseWriter, r *http.Request, tone ui.Tone, text string) {
	value := base64.RawURLEncoding.EncodeToString([]byte(string(tone) + "\n" + text))
	http.SetCookie(w, cookie("said", value, 60, stateOf(r.Context()).behindTLS()))
}

// behindTLS says that people reach the site by https://; a handler that a test calls alone has none.
func (st *state) behindTLS() bool { return st.site != nil && st.site.BehindTLS }

// takeFlash reads what was to be said and forgets it. A page that is fetched ahead, for nobody's eyes yet, leaves it; one that says it is
// not kept on a device, which would say it again.
func takeFlash(w http.ResponseWriter, r *http.Request) *ui.Flash {
	c, err := r.Cookie("said")
	if err != nil || r.Header.Get("Liandong-Ahead") != "" {
		return nil
	}
	w.Header().Del(keepHeader)
	http.SetCookie(w, cookie("said", "", -1, false))
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	tone, text, ok := strings.Cut(string(raw), "\n")
	if !ok || text == "" {
		return nil
	}
	switch t := ui.Tone(tone); t {
	case ui.Good, ui.Risk, ui.Late:
		return &ui.Flash{Tone: t, Text: text}
	}
	return &ui.Flash{Tone: ui.Info, Text: text}
}

func helpHTTP(w http.ResponseWriter, r *http.Request) error {
	secure := stateOf(r.Context()).site.BehindTLS || r.TLS != nil
	return Show(w, r, httpPage(secure))
}

func helpKeys(w http.ResponseWriter, r *http.Request) error { return Show(w, r, keysPage()) }
