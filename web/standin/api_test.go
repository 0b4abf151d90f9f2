package standin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/standin"
	"liandong/web/webtest"
)

// TestSubstitutesByCalls: who is away names a colleague and sees his own only, who gives seats sees and names everybody's, either of the two ends it,
// and everybody else is refused.
func TestSubstitutesByCalls(t *testing.T) {
	stand := webtest.NewStand(t)
	r := webtest.Room{T: t, Now: stand.Node.Now, Routes: func(s *web.Site) { standin.API(api.New(s, "test"), stand.Node) }}
	day := region.Today(stand.Node.Now())
	ask := func(who, method, path, body string, status int, says ...string) string {
		t.Helper()
		req := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		actor := node.Actor{Person: who, Org: "fgw", Seat: who, Member: "510900"}
		if who == "two-seats" {
			actor.Seat = "coordinator"
		}
		return r.Want(who+" "+method+" "+path+" "+body, r.Send(actor, req), status, says...).Body.String()
	}
	form := func(person, by, seat string) string {
		return `{"person":"` + person + `","by":"` + by + `","org":"fgw","seat":"` + seat + `","from":"` + day + `","until":"` + day + `"}`
	}
	named := func(text string) string {
		t.Helper()
		var out standin.Named
		if err := json.Unmarshal([]byte(text), &out); err != nil || out.ID == "" {
			t.Fatalf("%s: %v", text, err)
		}
		return out.ID
	}
	for _, who := range []string{"reader", "auditor"} {
		ask(who, http.MethodGet, "/substitutes", "", 403)
		ask(who, http.MethodPost, "/substitutes", form(who, "reporter", "reporter"), 403)
		ask(who, http.MethodPost, "/substitutes/b-1/end", "", 403)
	}
	ask("reporter", http.MethodGet, "/substitutes", "", 200, `"substitutes":[]`, `"person":"reviewer"`)
	ask("reporter", http.MethodPost, "/substitutes", form("reviewer", "leader", "reviewer"), 422, "region.substitute.whose")
	ask("reporter", http.MethodPost, "/substitutes", form("", "reporter", "reporter"), 422, "region.substitute.self")
	ask("reporter", http.MethodPost, "/substitutes", form("", "reviewer", "administrator"), 422)
	ask("administrator", http.MethodPost, "/substitutes", form("reporter", "reviewer", "reporter"), 422, "region.security.only")
	own := named(ask("reporter", http.MethodPost, "/substitutes", form("", "reviewer", "reporter"), 200))
	theirs := named(ask("security", http.MethodPost, "/substitutes", form("leader", "coordinator", "leader"), 200))
	list := ask("reporter", http.MethodGet, "/substitutes", "", 200, own, `"personName":"演示reporter"`, `"now":true`)
	if strings.Contains(list, theirs) {
		t.Error("a reporter reads who stands in for a leader")
	}
	ask("reviewer", http.MethodGet, "/substitutes", "", 200, own)
	ask("security", http.MethodGet, "/substitutes", "", 200, own, theirs)
	ask("reporter", http.MethodPost, "/substitutes/"+theirs+"/end", "", 422, "region.substitute.unknown")
	ask("two-seats", http.MethodPost, "/substitutes/"+own+"/end", "", 422, "region.substitute.unknown")
	ask("security", http.MethodPost, "/substitutes/b-nothing/end", "", 422, "region.substitute.unknown")
	ask("reviewer", http.MethodPost, "/substitutes/"+own+"/end", "", 200)
	ask("reviewer", http.MethodPost, "/substitutes/"+own+"/end", "", 422, "region.substitute.unknown")
	ask("security", http.MethodPost, "/substitutes/"+theirs+"/end", "", 200)
	ask("security", http.MethodGet, "/substitutes", "", 200, `"substitutes":[]`)
}

// TestNamingSentAgain gets the first answer, and names nobody twice.
func TestNamingSentAgain(t *testing.T) {
	stand := webtest.NewStand(t)
	r := webtest.Room{T: t, Now: stand.Node.Now, Routes: func(s *web.Site) { standin.API(api.New(s, "test"), stand.Node) }}
	day := region.Today(stand.Node.Now())
	who := node.Actor{Person: "reporter", Org: "fgw", Seat: "reporter", Member: "510900"}
	var answers []string
	for range 2 {
		req := httptest.NewRequest(http.MethodPost, api.Prefix+"/substitutes", strings.NewReader(`{"by":"reviewer","org":"fgw","seat":"reporter","from":"`+day+`","until":"`+day+`"}`))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "once")
		answers = append(answers, r.Want("named", r.Send(who, req), 200).Body.String())
	}
	if answers[0] != answers[1] {
		t.Errorf("%s, then %s", answers[0], answers[1])
	}
}
