package notice_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"liandong/notice"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/webtest"
)

func (s *stand) calls() webtest.Room {
	return webtest.Room{T: s.t, Now: s.Now, Routes: func(site *web.Site) { s.API(api.New(site, "test")) }}
}

// TestInboxByCalls: what a person was told is his own; notices are marked all or none, or those that are his.
func TestInboxByCalls(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	s.waits = []notice.Matter{matter("i-1", "2022-06-20"), matter("i-2", "2022-06-20")}
	s.turn()
	r, reporter, reader := s.calls(), webtest.At("reporter", "fgw"), webtest.At("reader", "fgw")
	var inbox []notice.Line
	read := func() {
		t.Helper()
		if err := json.Unmarshal([]byte(r.Call(reporter, "GET", "/inbox", "", 200)), &inbox); err != nil || len(inbox) != 2 {
			t.Fatalf("%+v, %v", inbox, err)
		}
	}
	read()
	if inbox[0].Kind != "due" || inbox[0].Read || inbox[0].Page == "" || inbox[0].Seat != region.Reporter {
		t.Errorf("%+v", inbox[0])
	}
	body := func(ids ...string) string {
		text, err := json.Marshal(map[string]any{"notices": ids})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	r.Call(reporter, "POST", "/bulk/notices", body(inbox[0].Notice, "due i-9 "), 422, "api.rows-refused", `"index":1`, "notice.unknown")
	if read(); inbox[0].Read || inbox[1].Read {
		t.Error("one that is not there, and another is marked")
	}
	r.Call(reader, "POST", "/bulk/notices", body(inbox[0].Notice), 422, "notice.unknown")
	first := inbox[0].Notice
	r.Call(reporter, "POST", "/bulk/notices?partial=true", body(first, "due i-9 "), 200, `"done":1`, `"refused":1`)
	read()
	for _, l := range inbox {
		if l.Read != (l.Notice == first) {
			t.Errorf("%+v", l)
		}
	}
	r.Call(reporter, "POST", "/bulk/notices", `{}`, 200)
	if read(); !inbox[0].Read || !inbox[1].Read {
		t.Errorf("%+v", inbox)
	}
	if got := r.Call(reader, "GET", "/inbox", "", 200); strings.TrimSpace(got) != "[]" {
		t.Errorf("another's inbox: %s", got)
	}
}

// TestWishesByCalls: how a person wants to be told, with the refusals of the page; and his calendar.
func TestWishesByCalls(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	r, reporter := s.calls(), webtest.At("reporter", "fgw")
	r.Call(reporter, "GET", "/me/notices", "", 200, `"digestHour":8`)
	wish := func(mail string) string {
		return `{"mail":"` + mail + `","byMail":true,"bySMS":false,"digestHour":7,"quietFrom":22,"quietUntil":6,"atOnce":true}`
	}
	r.Call(reporter, "POST", "/me/notices", wish("not an address"), 422, "notice.mail-form", `"field":"mail"`)
	r.Call(reporter, "POST", "/me/notices", wish("zhang@example.cn"), 200, `"mail":"zhang@example.cn"`, `"atOnce":true`)
	if p, err := s.Pref(t.Context(), "reporter"); err != nil || p.DigestHour != 7 || p.Mail != "zhang@example.cn" {
		t.Errorf("%+v, %v", p, err)
	}
	var feed notice.Feed
	if err := json.Unmarshal([]byte(r.Call(reporter, "POST", "/me/calendar", "", 200)), &feed); err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(feed.Address, "https://suining.example")
	s.want("the calendar", s.ask("", path, nil), http.StatusOK, "BEGIN:VCALENDAR")
	r.Call(reporter, "POST", "/me/calendar/end", "", 200)
	if w := s.ask("", path, nil); w.Code != http.StatusNotFound {
		t.Errorf("an ended calendar: %d", w.Code)
	}
}

// TestLinesByCalls are the administrator's: a secret is told once, an address never.
func TestLinesByCalls(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	r, admin := s.calls(), webtest.At("administrator", "fgw")
	for _, c := range []struct{ method, path string }{
		{"GET", "/notices/lines"},
		{"POST", "/notices/lines"},
		{"POST", "/notices/lines/x/remove"},
		{"POST", "/notices/lines/x/try"},
		{"GET", "/notices/deliveries"},
		{"POST", "/notices/deliveries/retry"},
	} {
		r.Call(webtest.At("coordinator", "fgw"), c.method, c.path, `{}`, 403)
	}
	takes := openReceiver(t, nil)
	r.Call(admin, "POST", "/notices/lines", `{"kind":"card","name":"工作群","url":"ftp://x"}`, 422, "notice.hook-url", `"field":"org"`)
	var line notice.NewLine
	if err := json.Unmarshal([]byte(r.Call(admin, "POST", "/notices/lines", `{"kind":"card","name":"工作群","org":"fgw","url":"`+takes.URL+`/send?key=k-1234567"}`, 200, "whsec_")), &line); err != nil {
		t.Fatal(err)
	}
	if all := r.Call(admin, "GET", "/notices/lines", "", 200, line.Line); strings.Contains(all, "k-1234567") || strings.Contains(all, "whsec_") {
		t.Errorf("a key is told: %s", all)
	}
	r.Call(admin, "POST", "/notices/lines/"+line.Line+"/try", "", 200, `"arrived":true`)
	r.Call(admin, "POST", "/notices/lines/none/try", "", 404)
	takes.answers(status(http.StatusGone))
	s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
	s.turn()
	var sent notice.Sendings
	if err := json.Unmarshal([]byte(r.Call(admin, "GET", "/notices/deliveries", "", 200, "410")), &sent); err != nil || len(sent.Deliveries) != 1 || sent.Counts[notice.Dead] != 1 {
		t.Fatalf("%+v, %v", sent, err)
	}
	takes.answers(nil)
	r.Call(admin, "POST", "/notices/deliveries/retry", `{"delivery":"`+sent.Deliveries[0].Delivery+`"}`, 200, `"retried":1`)
	s.turn()
	r.Call(admin, "GET", "/notices/deliveries?state=sent", "", 200, sent.Deliveries[0].Delivery)
	r.Call(admin, "POST", "/notices/lines/"+line.Line+"/remove", "", 200)
	if all := r.Call(admin, "GET", "/notices/lines", "", 200); strings.TrimSpace(all) != "[]" {
		t.Error(all)
	}
}
