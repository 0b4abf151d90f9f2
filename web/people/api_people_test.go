package people_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/api"
	"liandong/web/people"
	"liandong/web/webtest"
)

// calls are a stand with an account for each seat, and the calls on its people.
func calls(t *testing.T) (*webtest.Stand, webtest.Room) {
	t.Helper()
	s := webtest.NewStand(t)
	for _, seat := range region.Seats {
		s.Account(t, string(seat))
	}
	return s, webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) {
		people.Mount(site, s.Node, s.Accounts, nil).API(api.New(site, "test"))
	}}
}

// noted is the last line of the record of sign-ins on somebody's account.
func noted(t *testing.T, s *webtest.Stand, person string, act account.Act) (last account.Record) {
	t.Helper()
	err := s.Node.Store.Read(t.Context(), func(tx *store.Tx) error {
		all, err := account.Records(t.Context(), tx, account.Query{Person: person, Act: act})
		if len(all) > 0 {
			last = all[0]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// read is an answer as a program reads it.
func read[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// TestTheRegisterByCalls: who reads the page reads the call, and that he did is recorded with his address.
func TestTheRegisterByCalls(t *testing.T) {
	s, r := calls(t)
	for _, path := range []string{"/people", "/people/reporter"} {
		for _, seat := range region.Seats {
			want := 403
			if region.May(seat, region.PeopleRead) {
				want = 200
			}
			r.Call(as(seat), "GET", path, "", want)
		}
	}
	if line := noted(t, s, "auditor", account.ActPeopleRead); line.Person != "auditor" || line.Address != "192.0.2.1" || line.Device == "" {
		t.Errorf("recorded: %+v", line)
	}
	all := read[people.Everybody](t, r.Call(as(region.Auditor), "GET", "/people", "", 200))
	states := map[string]string{}
	for _, p := range all.People {
		states[p.Person] = p.State + " " + p.Login
	}
	if states["reporter"] != "ready reporter" || len(all.People) < len(region.Seats) {
		t.Errorf("the register: %v", states)
	}
	r.Call(as(region.Administrator), "GET", "/people/reporter", "", 200, `"name":"演示reporter"`, `"unit":"市发展改革委"`, `"handed":[]`)
	r.Call(as(region.Administrator), "GET", "/people/auditor", "", 200, `"guarded":true`)
	if got := r.Call(as(region.Auditor), "GET", "/people/auditor", "", 200); strings.Contains(got, "guarded") {
		t.Error("who changes nothing is told what he may not")
	}
	r.Call(as(region.Auditor), "GET", "/people/p-nobody", "", 404)
}

// keyed makes a call under a key.
func keyed(r webtest.Room, who node.Actor, path, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/api/v1"+path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", "once")
	return r.Send(who, req)
}

// TestInvitingByACall: the person stands in the register, his link is told once, and it is in no log.
func TestInvitingByACall(t *testing.T) {
	s, r := calls(t)
	admin := as(region.Administrator)
	const one = `{"name":" 张演示 "}`
	for _, seat := range region.Seats {
		if seat != region.Administrator {
			r.Call(as(seat), "POST", "/people", one, 403)
		}
	}
	r.Call(admin, "POST", "/people", `{"name":"  "}`, 422, `"field":"name"`)
	r.Call(admin, "POST", "/people", `{"name":"李演示","org":"fgw","seat":"reader"}`, 422, "region.security.only")
	first := read[people.Invited](t, r.Want("first", keyed(r, admin, "/people", one), 200).Body.String())
	if !strings.HasPrefix(first.Path, "/link/") {
		t.Fatalf("invited: %+v", first)
	}
	again := read[people.Invited](t, r.Want("again", keyed(r, admin, "/people", one), 200).Body.String())
	if again.Person != first.Person || again.Path != "" {
		t.Errorf("sent again: %+v", again)
	}
	r.Want("another under its key", keyed(r, admin, "/people", `{"name":"王演示"}`), 409, "node.request-reused")
	r.Call(admin, "GET", "/people/"+first.Person, "", 200, `"name":"张演示"`, `"state":"none"`, `"seats":[]`)
	if line := noted(t, s, first.Person, account.ActLink); line.Actor != "administrator" || line.Address != "192.0.2.1" {
		t.Errorf("recorded: %+v", line)
	}
}

// TestWaysInByCalls: links, ended sign-ins and second factors, with the refusals of the pages and a line of the record for each.
func TestWaysInByCalls(t *testing.T) {
	s, r := calls(t)
	admin, sec := as(region.Administrator), as(region.Security)
	for path, may := range map[string]region.Seat{"link": region.Administrator, "second": region.Administrator, "end": region.Security} {
		for _, seat := range region.Seats {
			if seat != may {
				r.Call(as(seat), "POST", "/people/reader/"+path, "", 403)
			}
		}
		r.Call(as(may), "POST", "/people/p-nobody/"+path, "", 404)
	}
	if line := noted(t, s, "reader", account.ActEnded); line.Seq != 0 {
		t.Errorf("refused, and yet %+v", line)
	}
	r.Call(sec, "POST", "/people/reader/end", "", 200, `"person":"reader"`)
	r.Call(admin, "POST", "/people/auditor/link", "", 422, "people.guarded")
	r.Call(admin, "POST", "/people/auditor/second", "", 422, "people.guarded")
	first := read[people.Invited](t, r.Call(admin, "POST", "/people/reader/link", "", 200))
	second := read[people.Invited](t, r.Call(admin, "POST", "/people/reader/link", "", 200))
	if !strings.HasPrefix(first.Path, "/link/") || first.Path == second.Path {
		t.Errorf("links: %+v %+v", first, second)
	}
	r.Call(admin, "POST", "/people/reader/second", "", 422, "people.free.none")
	r.Call(admin, "POST", "/people/administrator/second", "", 422, "people.free.self")
	err := s.Node.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO account_second (person, secret, step, fails, since_at) VALUES ('reader', 'x', 1, 0, 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Call(admin, "GET", "/people/reader", "", 200, `"second":true`)
	r.Call(admin, "POST", "/people/reader/second", "", 200)
	if has, err := s.Accounts.HasSecond(t.Context(), "reader"); has || err != nil {
		t.Errorf("the second factor stays: %v", err)
	}
	for act, by := range map[account.Act]string{account.ActEnded: "security", account.ActLink: "administrator", account.ActSecondOff: "administrator"} {
		if line := noted(t, s, "reader", act); line.Actor != by || line.Address != "192.0.2.1" || line.Device == "" {
			t.Errorf("%s is recorded as %+v", act, line)
		}
	}
}

// TestATokenLetsNoAdministratorIn: it would outlive its end, be it the token's owner himself.
func TestATokenLetsNoAdministratorIn(t *testing.T) {
	s, _ := calls(t)
	site := web.New(web.Options{Member: "遂宁市", Now: s.Node.Now, Identify: func(*http.Request) (web.Identity, error) {
		return web.Identity{Actor: as(region.Administrator), Token: true, Scopes: []region.Action{region.PersonWrite, region.SeatGive}}, nil
	}})
	people.Mount(site, s.Node, s.Accounts, nil).API(api.New(site, "test"))
	for path, code := range map[string]string{
		"/people/administrator/link": "people.guarded.token", "/people/security/link": "people.guarded.token",
		"/people/administrator/second": "people.guarded.token", "/people/reader/link": "",
	} {
		w := httptest.NewRecorder()
		site.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/api/v1"+path, nil))
		if problem := read[web.Problem](t, w.Body.String()); problem.Code != code {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for path, body := range map[string]string{
		"/people":              `{"name":"张演示","org":"fgw","seat":"auditor"}`,
		"/bulk/people":         `{"people":[{"name":"张演示","org":"fgw","seat":"security"}]}`,
		"/people/reader/seats": `{"org":"fgw","seat":"administrator"}`,
		"/people/reader/move":  `{"org":"fgw","seat":"auditor","seen":"0"}`,
	} {
		w := httptest.NewRecorder()
		req := httptest.NewRequest(http.MethodPost, "/api/v1"+path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		site.Handler().ServeHTTP(w, req)
		if w.Code != 422 || !strings.Contains(w.Body.String(), "people.guarded.token") {
			t.Errorf("%s seats one of the three: %d %s", path, w.Code, w.Body)
		}
	}
}

// TestMovingAndLeavingByCalls: counted, handed over and done in one step, as the page does it, and nothing of it where it was refused.
func TestMovingAndLeavingByCalls(t *testing.T) {
	s, r := calls(t)
	sec, admin := as(region.Security), as(region.Administrator)
	for _, seat := range region.Seats {
		if !region.May(seat, region.SeatGive) {
			r.Call(as(seat), "GET", "/people/reporter/move", "", 403)
			r.Call(as(seat), "POST", "/people/reporter/move", `{}`, 403)
		}
		if seat != region.Administrator {
			r.Call(as(seat), "GET", "/people/reporter/leave", "", 403)
			r.Call(as(seat), "POST", "/people/reporter/leave", `{}`, 403)
		}
	}
	counted := read[people.HandOver](t, r.Call(sec, "GET", "/people/reporter/move", "", 200))
	if counted.Seen == "" || !counted.Seats || len(counted.Units) != 1 || counted.Units[0].Org != "fgw" || len(counted.Units[0].Heirs) == 0 {
		t.Fatalf("counted: %+v", counted)
	}
	const to = `"to":{"fgw":{"person":"reviewer"}},"along":true`
	move := func(text, seen string) string {
		return `{"org":"jtj","seat":"reader",` + text + `"seen":"` + seen + `"}`
	}
	r.Call(sec, "POST", "/people/reporter/move", `{"org":"jtj","seat":"reader"}`, 422, "seen")
	r.Call(sec, "POST", "/people/reporter/move", move("", counted.Seen), 422, "people.hand.choose", `"field":"to-fgw"`)
	r.Call(sec, "POST", "/people/reporter/move", move(to+",", "0000"), 409, "people.hand.changed")
	r.Call(admin, "POST", "/people/reporter/move", move(to+",", counted.Seen), 422, "region.security.only")
	if got := seatsOf(t, s, "reporter") + "|" + seatsOf(t, s, "reviewer"); got != "reporter@fgw|reviewer@fgw" {
		t.Fatalf("refused, and yet %q", got)
	}
	first := r.Want("moved", keyed(r, sec, "/people/reporter/move", move(to+",", counted.Seen)), 200, `"org":"jtj","seat":"reader"`).Body.String()
	if again := r.Want("again", keyed(r, sec, "/people/reporter/move", move(to+",", counted.Seen)), 200).Body.String(); again != first {
		t.Errorf("sent again: %s", again)
	}
	if got := seatsOf(t, s, "reporter") + "|" + seatsOf(t, s, "reviewer"); got != "reader@jtj|reporter@fgw reviewer@fgw" {
		t.Errorf("moved: %q", got)
	}
	if line := noted(t, s, "reporter", account.ActEnded); line.Actor != "security" || line.Address != "192.0.2.1" {
		t.Errorf("recorded: %+v", line)
	}
	r.Call(admin, "GET", "/people/reviewer", "", 200, `"fromName":"演示reporter"`)

	counted = read[people.HandOver](t, r.Call(admin, "GET", "/people/reader/leave", "", 200))
	leave := `{"to":{"fgw":{"person":"nobody"}},"seen":"` + counted.Seen + `"}`
	r.Call(admin, "POST", "/people/reader/leave", leave, 200, `"person":"reader"`)
	r.Call(admin, "GET", "/people/reader", "", 200, `"state":"left"`)
	r.Call(admin, "GET", "/people/reader/leave", "", 404)
	r.Call(admin, "POST", "/people/reader/leave", leave, 404)
	r.Call(admin, "POST", "/people/reader/link", "", 422, "people.left")
	if line := noted(t, s, "reader", account.ActEnded); line.Actor != "administrator" {
		t.Errorf("recorded: %+v", line)
	}
	last := read[people.HandOver](t, r.Call(admin, "GET", "/people/administrator/leave", "", 200))
	r.Call(admin, "POST", "/people/administrator/leave", `{"to":{"fgw":{"person":"nobody"}},"seen":"`+last.Seen+`"}`, 422, "people.last-administrator")
}
