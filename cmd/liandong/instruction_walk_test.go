package main

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/web"
)

// What a leader says, and what is answered.
const (
	seedWord   = "此事只在市内说到为止"
	seedAnswer = "已按要求只报市里知道"
)

// TestALeadersWordStaysWhereItIsSaid: a leader speaks of an item that stands in a circle's list, a unit answers, the report is accepted
// into the circle. Then every page and call that reads is asked for by every seat that may not read words, by another unit's reporter and
// by nobody, and everything that a circle is given is looked through: books, exports, bulletins, boards over the circle.
func TestALeadersWordStaysWhereItIsSaid(t *testing.T) {
	w := startWalk(t)
	var seen strings.Builder
	coordinator, boss, reporter := w.as(region.Coordinator, "xietiao", &seen), w.as(region.Leader, "lingdao", &seen), w.as(region.Reporter, "tianbao", &seen)
	coordinator.send("POST", "/api/v1/plans/suitong/import?name=a.csv&year=2022&circle=suitong&title=x", "application/octet-stream",
		strings.NewReader("序号,工作任务,牵头单位,完成时限\n1,加快快捷通道建设,市交通运输局,6月底前\n"))
	var rows struct {
		Items []struct{ Listing, Item string }
	}
	reporter.call("GET", "/api/v1/plans/suitong/listings", "", &rows)
	var given struct{ Instruction string }
	boss.call("POST", "/api/v1/instructions", `{"item":"`+rows.Items[0].Item+`","orgs":["o-jtj"],"due":"2022-02-10","text":"`+seedWord+`","leader":"演示市长"}`, &given)
	reporter.call("POST", "/api/v1/instructions/"+given.Instruction+"/answer", `{"text":"`+seedAnswer+`"}`, nil)
	reports := "/api/v1/items/" + rows.Items[0].Item + "/reports"
	reporter.call("POST", reports, `{"period":"2022-01","claim":"on-time","progress":"路基完成八成。"}`, nil)
	coordinator.call("POST", reports+"/2022-01/accept", `{}`, nil)

	var who web.Identity
	w.site.Identify = func(*http.Request) (web.Identity, error) { return who, nil }
	ask := func(a asker, path string) string {
		who = a.id
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept", "text/html")
		got := httptest.NewRecorder()
		w.http.ServeHTTP(got, r)
		return unpacked(got.Body.Bytes())
	}
	names := strings.NewReplacer("{key}", "suitong", "{circle}", "suitong", "{month}", "2022-01", "{period}", "2022-01", "{member}", "510900", "{n}", "0", "{index}", "5", "{$}", "")
	fill := func(pattern, id string) string {
		return pathParts.ReplaceAllString(names.Replace(pattern), id)
	}
	boss0 := asker{"leader", web.Identity{Actor: node.Actor{Person: "leader", Org: "o-jtj", Seat: string(region.Leader), Member: "510900"}}}
	office := asker{"coordinator", web.Identity{Actor: node.Actor{Person: "coordinator", Org: "o-jtj", Seat: string(region.Coordinator), Member: "510900"}}}
	if page := ask(boss0, "/item/"+rows.Items[0].Item); !strings.Contains(page, seedWord) || !strings.Contains(page, seedAnswer) {
		t.Fatal("the word is not in the item's story: this test looks at nothing")
	}

	others := []asker{{name: "nobody"}, {"another unit's reporter", web.Identity{Actor: node.Actor{Person: "reporter", Org: officeOrg, Seat: string(region.Reporter), Member: "510900"}}}}
	for _, seat := range region.Seats {
		if !region.May(seat, region.InstructRead) {
			others = append(others, asker{string(seat), web.Identity{Actor: node.Actor{Person: string(seat), Org: "o-jtj", Seat: string(seat), Member: "510900"}}})
		}
	}
	asked := 0
	for _, route := range w.site.Routes() {
		if route.Method != http.MethodGet {
			continue
		}
		for _, id := range []string{given.Instruction, rows.Items[0].Item, rows.Items[0].Listing, "self"} {
			for _, a := range others {
				asked++
				if page := ask(a, fill(route.Pattern, id)); strings.Contains(page, seedWord) || strings.Contains(page, seedAnswer) {
					t.Errorf("%s reads it at %s", a.name, fill(route.Pattern, id))
				}
			}
		}
	}
	if asked < 500 {
		t.Errorf("only %d pages were asked for", asked)
	}
	for index := range 60 { // the entries of the own book, one by one
		for _, a := range others {
			at := strconv.Itoa(index)
			for _, path := range []string{"/proof/self/" + at, "/file/self/" + at + "/0"} {
				if page := ask(a, path); strings.Contains(page, seedWord) || strings.Contains(page, seedAnswer) {
					t.Errorf("%s reads it at %s", a.name, path)
				}
			}
		}
	}
	for _, path := range []string{
		"/plan", "/plan?circle=suitong", "/plan/suitong", "/plan/suitong?known=circle", "/plan/suitong/export.xlsx", "/bulletin/2022-01?circle=suitong", "/bulletin/2022-01/draft.docx?circle=suitong",
		"/bulletin/2022-01/draft.xlsx?circle=suitong", "/bulletin/2022-01/draft.docx", "/search?q=" + url.QueryEscape(seedWord[:12]),
		"/api/v1/plans", "/api/v1/plans/suitong", "/api/v1/plans/suitong/listings", "/api/v1/status", "/api/v1/search?q=" + url.QueryEscape(seedWord[:12]),
		"/api/v1/bulletins/2022-01/file?kind=docx&circle=suitong", "/api/v1/bulletins/2022-01/file?kind=xlsx",
	} {
		if page := ask(office, path); strings.Contains(page, seedWord) || strings.Contains(page, seedAnswer) {
			t.Errorf("it stands in %s", path)
		} else if len(page) < 20 {
			t.Errorf("%s is empty", path)
		}
	}
	w.site.Identify = w.accounts.Identify
	places := w.places()
	if !strings.Contains(places["words of 510900/self"], seedWord) || !strings.Contains(places["words of 510900/suitong"], "路基完成八成") {
		t.Fatal("the day's work is not in the books: this test looks at nothing")
	}
	delete(places, "words of 510900/self")
	places["addresses"] = seen.String()
	for place, text := range places {
		if strings.Contains(text, seedWord) || strings.Contains(text, seedAnswer) || place != "facts of 510900/self" && place != "the log" && strings.Contains(text, "plan.instruction") {
			t.Errorf("it stands in %s", place)
		}
	}
}

// unpacked is a body with the parts of the package that it may be.
func unpacked(body []byte) string {
	text := string(body)
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return text
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return text
		}
		part, err := io.ReadAll(r)
		if err != nil {
			return text
		}
		text += string(part)
	}
	return text
}
