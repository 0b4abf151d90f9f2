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
