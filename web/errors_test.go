package web_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

func TestOnlyRefusedWritingsSpeakOfSaving(t *testing.T) {
	s := seated(io.Discard)
	for name, err := range map[string]error{
		"rule":    refuse.New("region.member-code", "code", "1").At("member"),
		"two":     errors.Join(refuse.New("region.not-self"), refuse.New("region.member-code", "code", "1").At("member")),
		"invalid": &web.Invalid{Fields: []ui.FieldError{{Field: "n", Text: "应为数字"}}},
		"code":    refuse.New("nobody.wrote-a-text"),
	} {
		refused := func(http.ResponseWriter, *http.Request) error { return err }
		s.Handle("GET /"+name, region.Public, refused)
		s.Handle("POST /"+name, region.Public, refused)
		for _, accept := range []string{"text/html", "application/json"} {
			for l, says := range map[string]string{"zh": "没有保存", "en": "nothing was saved"} {
				read := get(s.Handler(), "GET", "/"+name, "reader", "Accept", accept, "Cookie", "lang="+l)
				if body := read.Body.String(); read.Code != 422 || strings.Contains(body, says) || strings.Contains(body, "{") && accept == "text/html" {
					t.Errorf("read %s in %s: %d %s", name, l, read.Code, body)
				}
				body := read.Body.String()
				if accept == "text/html" && (strings.Contains(body, `href="#member"`) || strings.Count(body, "GB/T 2260") > 1) {
					t.Errorf("%s in %s is said twice, or by a link that leads nowhere", name, l)
				}
				wrote := get(s.Handler(), "POST", "/"+name, "reader", "Accept", accept, "Cookie", "lang="+l)
				if wrote.Code != 422 || !strings.Contains(wrote.Body.String(), says) {
					t.Errorf("write %s in %s: %d %s", name, l, wrote.Code, wrote.Body)
				}
			}
		}
	}
}
