package filing_test

import (
	"net/http"
	"strings"
	"testing"

	"liandong/web/webtest"
)

// A browser that is killed while the server does not answer has kept what was typed until then.
func TestAKilledBrowserLosesNothing(t *testing.T) {
	f := newFieldOf(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/report/draft") {
				<-r.Context().Done() // a line that says nothing
				return
			}
			h.ServeHTTP(w, r)
		})
	})
	profile := t.TempDir()
	own := webtest.StartOwn(t, profile)
	f.Page = own.Open(t, f.line.URL, webtest.Phone)
	f.Go("/as/reporter/" + jtj)
	f.Go(f.form)
	f.types("规划初稿写到一半。")
	webtest.Eval[int](f.Page, `new Promise((go) => setTimeout(go, 2000, 0))`)
	own.Kill(t)
	f.Page = webtest.StartOwn(t, profile).Open(t, f.line.URL, webtest.Phone)
	f.Go("/as/reporter/" + jtj)
	f.Go(f.form)
	f.Until("it stands in the form again", `document.querySelector("#progress").value === "规划初稿写到一半。"`)
	f.filed(0)
}

// Who leaves the page with the last key loses nothing either.
func TestAPageThatIsLeftAtOnceLosesNothing(t *testing.T) {
	f := newField(t)
	f.Go("/as/reporter/" + jtj)
	f.Go(f.form)
	webtest.Eval[int](f.Page, `(() => { const a = document.querySelector("#progress"); a.value = "写到一半就离开。"; a.dispatchEvent(new Event("input", {bubbles: true}));
		location.assign("/outbox"); return 0; })()`)
	f.Until("away", `location.pathname === "/outbox"`)
	f.Go(f.form)
	f.Until("it stands in the form again", `document.querySelector("#progress").value === "写到一半就离开。"`)
}
