package reform_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan/reform"
	"liandong/region"
	"liandong/web"
	"liandong/web/admin"
	"liandong/web/api"
)

func (d desk) call(who node.Actor, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return d.Send(who, r)
}

// TestTheDirectoryByCalls: what the pages do and refuse, by who may.
func TestTheDirectoryByCalls(t *testing.T) {
	d := open(t)
	d.Routes = func(s *web.Site) {
		calls := api.New(s, "test")
		reform.API(calls, d.Desk)
		admin.API(calls, d.Node(), admin.Neighbours{})
	}
	who, office := d.As(region.Administrator, office).Actor, d.Coordinator().Actor
	d.Want("listed", d.call(who, http.MethodGet, "/units", ""), 200, roads, `"side":"510900"`)
	added := d.Want("added", d.call(who, http.MethodPost, "/units", `{"name":"市水利局","aliases":["市水务局"]}`), 200, `"name":"市水利局"`, `"aliases":["市水务局"]`).Body.String()
	id := added[strings.Index(added, `"id":"`)+6:]
	id = id[:strings.Index(id, `"`)]
	d.Want("a name that is taken", d.call(who, http.MethodPost, "/units", `{"name":"市水务局"}`), 422, "admin.org.taken")
	d.Want("no name", d.call(who, http.MethodPost, "/units", `{"name":" "}`), 422, "region.org.unnamed")
	seen := regexp.MustCompile(`"seen":\d+`).FindString(added)
	d.Want("nothing seen", d.call(who, http.MethodPut, "/units/"+id, `{"name":"市水利局"}`), 422, "seen")
	d.Want("changed", d.call(who, http.MethodPut, "/units/"+id, `{"name":"市水利局","under":"`+d.Units[roads]+`",`+seen+`}`), 200, `"aliases":[]`, `"under":"`+d.Units[roads]+`"`)
	d.Want("changed since", d.call(who, http.MethodPut, "/units/"+id, `{"name":"市水务局",`+seen+`}`), 409, "admin.org.newer")
	changed := d.call(who, http.MethodGet, "/units", "")
	seen = regexp.MustCompile(`"id":"` + id + `"[^}]*("seen":\d+)`).FindStringSubmatch(changed.Body.String())[1]
	d.Want("below itself", d.call(who, http.MethodPut, "/units/"+id, `{"name":"市水利局","under":"`+id+`",`+seen+`}`), 422, "region.place.circle")
	d.Want("nowhere", d.call(who, http.MethodPut, "/units/o-nowhere", `{"name":"x","seen":1}`), 404)
	d.Want("imported", d.call(who, http.MethodPost, "/units/import", `{"csv":"名称,别名\n市水利局,市水务局\n市林业局,\n"}`), 200, `"new":1`, `"changed":1`)
	d.Want("a wrong line", d.call(who, http.MethodPost, "/units/import", `{"csv":"市教育局,,潼南\n"}`), 422, "admin.directory.side")
	d.Want("renamed", d.call(who, http.MethodPost, "/units/"+d.Units[roads]+"/rename", `{"name":"市交通局","document":"遂委〔2022〕7号"}`), 200, `"name":"市交通局"`)
	d.Want("the same name", d.call(who, http.MethodPost, "/units/"+d.Units[roads]+"/rename", `{"name":"市交通局"}`), 422, "region.reform.same-name")
	d.Want("renamed nowhere", d.call(who, http.MethodPost, "/units/o-nowhere/rename", `{"name":"x"}`), 404)

	into := `{"into":"` + d.Units[farms] + `","document":"遂委〔2022〕7号"}`
	at := "/units/" + d.Units[roads] + "/merge"
	d.Want("the administrator counts no work", d.call(who, http.MethodPost, at+"/check", into), 403)
	d.Want("nor merges", d.call(who, http.MethodPost, at, into), 403)
	d.Want("counted", d.call(office, http.MethodPost, at+"/check", into), 200, `"leads":1`)
	d.Want("without a document", d.call(office, http.MethodPost, at, strings.Replace(into, "遂委〔2022〕7号", "", 1)), 422, "region.reform.document")
	d.Want("into itself", d.call(office, http.MethodPost, at, strings.Replace(into, d.Units[farms], d.Units[roads], 1)), 422, "plan.passed-form")
	d.Want("merged nowhere", d.call(office, http.MethodPost, "/units/o-nowhere/merge", into), 404)
	d.Want("merged", d.call(office, http.MethodPost, at, into), 200, d.Units[farms])
	d.Want("it ended", d.call(office, http.MethodPost, at, into), 422, "region.reform.ended")

	for _, seat := range region.Seats {
		if seat == region.Administrator || seat == region.Coordinator {
			continue
		}
		other := d.As(seat, roads).Actor
		for _, c := range [][3]string{
			{http.MethodGet, "/units", ""},
			{http.MethodPost, "/units", `{"name":"x"}`},
			{http.MethodPut, "/units/" + id, `{"name":"x","seen":1}`},
			{http.MethodPost, "/units/import", `{"csv":"x"}`},
			{http.MethodPost, "/units/" + id + "/rename", `{"name":"x"}`},
			{http.MethodPost, "/units/" + id + "/merge", into},
			{http.MethodPost, "/units/" + id + "/merge/check", into},
		} {
			d.Want(string(seat)+" "+c[0]+" "+c[1], d.call(other, c[0], c[1], c[2]), 403)
		}
	}
}
