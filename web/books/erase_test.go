package books_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"liandong/store"
)

func post(h http.Handler, seat, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Test-Seat", seat)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestWordsAreErasedOnThePage: only the administrator, only with a ground, a reference and a confirmation; then the entry,
// and the list for the auditor, say so.
func TestWordsAreErasedOnThePage(t *testing.T) {
	s, h := stand(t)
	last := size(t, s, "suitong") - 1
	proof := fmt.Sprintf("/proof/suitong/%d", last)
	page := get(h, "administrator@fgw", proof+"/erase")
	same := fmt.Sprintf("suitong/%d", last-1)
	if b := page.Body.String(); page.Code != 200 || !strings.Contains(b, `value="`+same+`"`) || strings.Contains(b, `value="suitong/`+fmt.Sprint(last)+`"`) {
		t.Errorf("the page that asks: %d, and does not name the entries with the same text", page.Code)
	}
	good := url.Values{"reason": {"asked"}, "reference": {"申请第 7 号"}, "sure": {"yes"}, "same": {same}, "request": {"a-request-of-the-test"}}
	without := func(field string) url.Values {
		some := url.Values{}
		for k, v := range good {
			if k != field {
				some[k] = v
			}
		}
		return some
	}
	for _, c := range []struct {
		name, seat, path string
		form             url.Values
		status           int
	}{
		{"the auditor only reads", "auditor@fgw", proof, good, 403},
		{"no ground", "administrator@fgw", proof, without("reason"), 422},
		{"no reference", "administrator@fgw", proof, without("reference"), 422},
		{"not confirmed", "administrator@fgw", proof, without("sure"), 422},
		{"no such entry", "administrator@fgw", "/proof/suitong/99999", good, 404},
	} {
		if w := post(h, c.seat, c.path+"/erase", c.form); w.Code != c.status {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
		}
	}
	// All that is missing is told at once, beside its field, with what was typed.
	b := post(h, "administrator@fgw", proof+"/erase", url.Values{"askedBy": {"市信访局"}}).Body.String()
	for _, said := range []string{"有 3 处需要修改", `href="#reason`, `href="#reference"`, `href="#sure`, "没有选择理由", "没有写明依据", `value="市信访局"`} {
		if !strings.Contains(b, said) {
			t.Errorf("the form that says nothing lacks %q", said)
		}
	}
	if b := get(h, "auditor@fgw", proof).Body.String(); !strings.Contains(b, secret) {
		t.Fatal("refused, and the words are gone all the same")
	}
	if w := post(h, "administrator@fgw", proof+"/erase", good); w.Code != 303 || w.Header().Get("Location") != proof {
		t.Fatalf("erased: %d to %q\n%s", w.Code, w.Header().Get("Location"), w.Body)
	}
	for _, at := range []string{proof, "/proof/" + same} {
		b := get(h, "auditor@fgw", at).Body.String()
		if strings.Contains(b, secret) || !strings.Contains(b, "申请第 7 号") || !strings.Contains(b, "当事人申请") {
			t.Errorf("%s does not say that and why its words are gone", at)
		}
	}
	list := get(h, "auditor@fgw", "/erasures")
	if b := list.Body.String(); list.Code != 200 || !strings.Contains(b, proof) || !strings.Contains(b, "申请第 7 号") {
		t.Errorf("the list of erasures: %d", list.Code)
	}
	if w := get(h, "reporter@jtj", "/erasures"); w.Code != 403 {
		t.Errorf("a reporter reads the list of erasures: %d", w.Code)
	}
	var left int
	err := s.Node.Store.Read(t.Context(), func(tx *store.Tx) error {
		return tx.Row(t.Context(), `SELECT count(*) FROM book_entry WHERE erased = 1`).Scan(&left)
	})
	if err != nil || left != 2 {
		t.Errorf("%d entries are erased, %v; want the two that were chosen", left, err)
	}
}
