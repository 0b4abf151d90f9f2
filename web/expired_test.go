package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"liandong/region"
)

// TestWhatWasTypedIsGivenBackByItsName: what people typed stands under the names of its fields, what the form brought along goes back unseen.
func TestWhatWasTypedIsGivenBackByItsName(t *testing.T) {
	s := seated(io.Discard)
	s.Handle("POST /item/{id}/report", region.ReportFile, func(http.ResponseWriter, *http.Request) error { return nil }).Keep()
	form := url.Values{
		"progress": {"路基四成"}, "p-i-77aa": {"桥梁过半"}, "next": {""}, "claim": {"on-time"}, "other": {"说明文字 有空格"},
		"request": {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"}, "version": {"12"},
	}
	r := httptest.NewRequest("POST", "/item/i-77aa/report", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	body := w.Body.String()
	shown := map[string]string{}
	for _, m := range regexp.MustCompile(`<label for="kept-\d+">([^<]*)</label> ?<textarea[^>]* name="([^"]*)" readonly>([^<]*)</textarea>`).FindAllStringSubmatch(body, -1) {
		shown[m[2]] = m[1] + "：" + m[3]
	}
	if len(shown) != 3 || shown["progress"] != "进展：路基四成" || shown["p-i-77aa"] != "进展：桥梁过半" || shown["other"] != "您填写的内容：说明文字 有空格" {
		t.Errorf("shown %v\n%s", shown, body)
	}
	for name, values := range form {
		if _, ok := shown[name]; !ok && !strings.Contains(body, `<input type="hidden" name="`+name+`" value="`+values[0]+`">`) {
			t.Errorf("%s does not go back", name)
		}
	}
}
