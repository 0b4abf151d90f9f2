package people_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/people"
	"liandong/web/ui"
	"liandong/web/webtest"
)

func rooms(t *testing.T) (*webtest.Stand, webtest.Room) {
	t.Helper()
	s := webtest.NewStand(t)
	for _, seat := range region.Seats {
		s.Account(t, string(seat))
	}
	waiting := func(_ context.Context, at region.SeatAt) (int, error) {
		if at.Seat == region.Reporter {
			return 3, nil
		}
		return 0, nil
	}
	return s, webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) {
		people.Mount(site, s.Node, s.Accounts, waiting)
		site.Handle("GET /{$}", region.SelfAct, func(w http.ResponseWriter, r *http.Request) error {
			return web.Show(w, r, ui.Layout(ui.Page{Title: "x"}))
		})
	}}
}

func as(seat region.Seat) node.Actor {
	return node.Actor{Person: string(seat), Org: "fgw", Seat: string(seat), Member: "510900"}
}

func seatsOf(t *testing.T, s *webtest.Stand, person string) (text string) {
	t.Helper()
	err := s.Node.Store.Read(context.Background(), func(tx *store.Tx) error {
		all, err := region.SeatsOf(context.Background(), tx, person)
		for _, a := range all {
			text += string(a.Seat) + "@" + a.Org + " "
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text)
}

// TestWhoMayDoWhatWithPeople: the administrator registers, the security administrator gives seats, the auditor reads, all others are refused.
func TestWhoMayDoWhatWithPeople(t *testing.T) {
	_, room := rooms(t)
	for _, c := range []struct {
		path  string
		form  url.Values
		sends map[region.Seat]int
	}{
		{"/people", nil, map[region.Seat]int{region.Administrator: 200, region.Security: 200, region.Auditor: 200}},
		{"/people/new", nil, map[region.Seat]int{region.Administrator: 200}},
		{"/security", nil, map[region.Seat]int{region.Administrator: 200, region.Security: 200}},
		{"/security", url.Values{"password": {"12"}, "idle": {"12"}, "most": {"7"}, "separation": {"yes"}}, map[region.Seat]int{region.Administrator: 422, region.Security: 303}},
		{"/people/reader/give", url.Values{"org": {"jtj"}, "seat": {"reporter"}}, map[region.Seat]int{region.Administrator: 422, region.Security: 303}},
		{"/people/reader/take", url.Values{"seat": {"reporter@jtj"}}, map[region.Seat]int{region.Administrator: 422, region.Security: 303}},
		{"/people/reader/move", nil, map[region.Seat]int{region.Administrator: 200, region.Security: 200}},
		{"/people/reader/move", url.Values{"org": {"jtj"}, "seat": {"reader"}, "to-fgw": {"nobody"}, "to-jtj": {"nobody"}}, map[region.Seat]int{region.Administrator: 422, region.Security: 303}},
		{"/people/reader/end", url.Values{}, map[region.Seat]int{region.Administrator: 403, region.Security: 303}},
		{"/people/reader/link", url.Values{}, map[region.Seat]int{region.Administrator: 200}},
	} {
		for _, seat := range region.Seats {
			want := c.sends[seat]
			if want == 0 {
				want = http.StatusForbidden
			}
			if w := room.Ask(as(seat), c.path, c.form); w.Code != want {
				t.Errorf("%s of %s (form %v): %d, want %d", seat, c.path, c.form != nil, w.Code, want)
			}
		}
	}
}

// TestTheAdministratorMakesNobodyAWayIn into the account of one who watches him: the link is the account.
func TestTheAdministratorMakesNobodyAWayIn(t *testing.T) {
	_, room := rooms(t)
	for _, person := range []string{"security", "auditor"} {
		room.Want("link for "+person, room.Ask(as(region.Administrator), "/people/"+person+"/link", url.Values{}), 422, "三员之一")
		page := room.Want("page of "+person, room.Ask(as(region.Administrator), "/people/"+person, nil), 200, "liandong account link").Body.String()
		if strings.Contains(page, `action="/people/`+person+`/link"`) {
			t.Errorf("the page of %s offers a link", person)
		}
	}
	room.Want("link for another", room.Ask(as(region.Administrator), "/people/reader/link", url.Values{}), 200, "/link/")
}

// TestWhoMovesLeavesHisSeatsBehind: the seats of before go, the new one comes, devices are signed out; what waits is told first.
func TestWhoMovesLeavesHisSeatsBehind(t *testing.T) {
	s, room := rooms(t)
	ctx := context.Background()
	sec := as(region.Security)
	room.Want("asked", room.Ask(sec, "/people/reporter/move", nil), 200, "市发展改革委：交接前清点", "填报员：3 件待办", "没有别人担任这个席位")
	room.Want("without a seat", room.Ask(sec, "/people/reporter/move", url.Values{"org": {"jtj"}, "to-fgw": {"nobody"}}), 422, "席位")
	if got := seatsOf(t, s, "reporter"); got != "reporter@fgw" {
		t.Errorf("refused, and yet %q", got)
	}
	room.Want("moved", room.Ask(sec, "/people/reporter/move", url.Values{"org": {"jtj"}, "seat": {"reviewer"}, "to-fgw": {"nobody"}}), 303)
	if got := seatsOf(t, s, "reporter"); got != "reviewer@jtj" {
		t.Errorf("moved: %q", got)
	}
	var ended bool
	err := s.Node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := account.Records(ctx, tx, account.Query{Person: "reporter", Act: account.ActEnded})
		ended = len(all) == 1 && all[0].Actor == "security"
		return err
	})
	if err != nil || !ended {
		t.Errorf("his devices were signed out: %v (%v)", ended, err)
	}
}

// TestWhoLeavesIsToldOf: what waits for his seats, and that one of the three leaves by the security administrator only.
func TestWhoLeavesIsToldOf(t *testing.T) {
	_, room := rooms(t)
	room.Want("asked", room.Ask(as(region.Administrator), "/people/reporter/leave", nil), 200, "3 件待办", "没有别人担任这个席位")
	room.Want("the auditor", room.Ask(as(region.Administrator), "/people/auditor/leave", url.Values{"to-fgw": {"nobody"}}), 422, "三员")
	room.Want("a reporter", room.Ask(as(region.Administrator), "/people/reporter/leave", url.Values{"to-fgw": {"nobody"}}), 303)
	room.Want("once left", room.Ask(as(region.Security), "/people/reporter/move", nil), 404)
}

// TestWhatIsAmissStandsOnTop of the first page of those who can mend it.
func TestWhatIsAmissStandsOnTop(t *testing.T) {
	s, room := rooms(t)
	says := func(name string, seat region.Seat, text string, want bool) {
		t.Helper()
		if got := strings.Contains(room.Ask(as(seat), "/", nil).Body.String(), text); got != want {
			t.Errorf("%s: %q stands there: %v", name, text, got)
		}
	}
	say := func(act func(ctx context.Context, w *node.Writing) error) {
		t.Helper()
		_, err := s.Node.Write(context.Background(), node.Request{Actor: node.Actor{Person: "setup", Seat: "setup", Member: "510900"}}, act)
		if err != nil {
			t.Fatal(err)
		}
	}
	says("all is well", region.Security, "三员", false)
	say(func(ctx context.Context, w *node.Writing) error { return webtest.Seated(ctx, w, "newcomer") })
	says("somebody waits for a seat", region.Security, "有 1 人还没有席位", true)
	says("and it is the security administrator's", region.Administrator, "有 1 人还没有席位", false)
	// From before there was the rule: the same person is two of the three.
	err := s.Node.Store.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), `INSERT INTO region_seat (book, person, org, seat, idx) VALUES ('510900/self', 'auditor', 'fgw', 'administrator', 0)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	says("two in one", region.Security, "演示auditor同时担任三员中的两员", true)
	says("others need not know", region.Reader, "演示auditor", false)
	err = s.Node.Store.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), `DELETE FROM region_seat WHERE seat = 'security'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	says("nobody is appointed", region.Administrator, "还没有安全管理员", true)
}

// TestRulesOfSafetyOnThePage: what was typed is kept when it is refused, and what was set stands there.
func TestRulesOfSafetyOnThePage(t *testing.T) {
	_, room := rooms(t)
	sec := as(region.Security)
	form := func(change func(url.Values)) url.Values {
		v := url.Values{"separation": {"yes"}, "second": {"everyone"}, "password": {"12"}, "idle": {"4"}, "most": {"2"}}
		change(v)
		return v
	}
	w := room.Want("a word for a number", room.Ask(sec, "/security", form(func(v url.Values) { v.Set("password", "long") })), 422, "应为 10 至 64 的整数")
	if !strings.Contains(w.Body.String(), `value="long"`) {
		t.Error("what was typed is lost")
	}
	room.Want("set", room.Ask(sec, "/security", form(func(url.Values) {})), 303)
	page := room.Want("seen", room.Ask(sec, "/security", nil), 200).Body.String()
	for _, want := range []string{`value="12"`, `value="4"`, `value="2"`, `演示administrator`, `演示security`, `演示auditor`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	room.Want("the administrator reads", room.Ask(as(region.Administrator), "/security", nil), 200, "所有人必须", "由安全管理员设定")
}
