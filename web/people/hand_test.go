package people_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/people"
	"liandong/web/webtest"
)

// TestHandingOverOnPages: what hangs on a person stands there before, a colleague is chosen, in one step it passes with the seats, the ways in end,
// and what passed stands there after, for good. A refused step passes nothing.
func TestHandingOverOnPages(t *testing.T) {
	s, room := rooms(t)
	ctx := context.Background()
	now := time.Now().UnixMilli()
	err := s.Node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO account_session (id, secret, person, seat, org, device, made_at, seen_at, ends_at)
			VALUES ('s', 's', 'reporter', 'reporter', 'fgw', 'Chrome', ?, ?, ?)`, now, now, now+1e9)
		if err == nil {
			_, err = tx.Exec(ctx, `INSERT INTO account_token (id, secret, person, seat, org, name, scopes, made_at, seen_at, ends_at)
				VALUES ('t', 't', 'reporter', 'reporter', 'fgw', '对接', 'plan.read', ?, 0, ?)`, now, now+1e9)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ways := func() (n int) {
		t.Helper()
		err := s.Node.Store.Read(ctx, func(tx *store.Tx) error {
			return tx.Row(ctx, `SELECT (SELECT count(*) FROM account_session WHERE person = 'reporter') + (SELECT count(*) FROM account_token WHERE person = 'reporter')`).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	substitute := func(id, person, by string, seat region.Seat) {
		t.Helper()
		who := node.Actor{Person: person, Org: "fgw", Seat: string(seat), Member: "510900"}
		_, err := s.Node.Write(ctx, node.Request{Actor: who}, func(ctx context.Context, w *node.Writing) error {
			_, err := region.SubstituteNamed.Say(ctx, w, node.Said[region.SubstituteFacts, region.NoWords]{Circle: node.Self, Facts: region.SubstituteFacts{
				Substitute: id, Person: person, By: by, Org: "fgw", Seat: seat, From: "2022-06-20", Until: "2022-06-24",
			}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	substitute("b-1", "reporter", "leader", region.Reporter)         // he is away: over
	substitute("b-2", "coordinator", "reporter", region.Coordinator) // he stands in: the colleague does
	substitute("b-3", "reviewer", "reporter", region.Reviewer)       // he stands in for who takes over: over

	sec := as(region.Security)
	page := room.Want("asked", room.Ask(sec, "/people/reporter/move", nil), 200, "市发展改革委：交接前清点", "代别人办（AB岗）", "别人代本人办（AB岗）", "登录中的设备", "接口令牌", "随即失效", "演示reviewer · 审核员").Body.String()
	_, choice, _ := strings.Cut(page, `name="to-fgw"`)
	choice, _, _ = strings.Cut(choice, "</select>")
	if strings.Contains(choice, "演示security") || strings.Contains(choice, "演示reporter") || !strings.Contains(choice, "不移交") {
		t.Error("who hands over, or who leaves, is offered as the one who takes over")
	}
	form := url.Values{"org": {"jtj"}, "seat": {"reader"}, "along": {"yes"}}
	room.Want("nobody chosen", room.Ask(sec, "/people/reporter/move", form), 422, "请选择市发展改革委的接手人", "没有改动")
	form.Set("to-fgw", "two-seats-of-nobody")
	room.Want("a stranger", room.Ask(sec, "/people/reporter/move", form), 422, "接手人要在同一个单位有席位")
	form.Set("to-fgw", "security")
	room.Want("himself", room.Ask(sec, "/people/reporter/move", form), 422, "不能把别人的工作交接给自己")
	form.Set("to-fgw", "reviewer")
	form.Set("seat", "nothing")
	room.Want("a wrong seat", room.Ask(sec, "/people/reporter/move", form), 422, `value="reviewer" selected`)
	if ways() != 2 {
		t.Error("refused, and yet a way in ended")
	}
	if got := standing(t, s); got != "coordinator<reporter reporter<leader reviewer<reporter" {
		t.Errorf("refused, and yet %q", got)
	}
	if got := seatsOf(t, s, "reviewer"); got != "reviewer@fgw" {
		t.Errorf("refused, and yet %q", got)
	}
	form.Set("seat", "reader")
	room.Want("handed over", room.Ask(sec, "/people/reporter/move", form), 303)
	if ways() != 0 {
		t.Error("a way in stays")
	}
	if got := standing(t, s); got != "coordinator<reviewer" {
		t.Errorf("substitutes after it: %q", got)
	}
	if got := seatsOf(t, s, "reviewer") + "|" + seatsOf(t, s, "reporter"); got != "reporter@fgw reviewer@fgw|reader@jtj" {
		t.Errorf("seats after it: %q", got)
	}
	for _, person := range []string{"reporter", "reviewer"} {
		room.Want("as it was, at "+person, room.Ask(as(region.Auditor), "/people/"+person, nil), 200,
			"市发展改革委：演示reporter 交给 演示reviewer", "代别人办（AB岗） 2", "别人代本人办（AB岗） 1（失效）", "登录中的设备 1（失效）", "接口令牌 1（失效）", "2022-06-20", "/proof/self/")
	}
	r, err := s.Node.Verify(ctx, node.VerifyOptions{View: true})
	if err != nil || !r.Clean() {
		t.Errorf("the books: %+v, %v", r, err)
	}
}

// errUndo takes back what was said.
var errUndo = errors.New("undone")

// standing is who is stood in for by whom.
func standing(t *testing.T, s *webtest.Stand) string {
	t.Helper()
	var all []string
	err := s.Node.Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT person || '<' || by_person FROM region_substitute s WHERE NOT EXISTS
			(SELECT 1 FROM region_substitute_end x WHERE x.substitute = s.substitute) ORDER BY person`)
		if err == nil {
			all, err = store.Column[string](rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

// TestAnAdministratorHandsOverWithoutSeats while the three are apart: what hung on the person passes, the seat is the security
// administrator's to give. Nobody but the two hands anything over.
func TestAnAdministratorHandsOverWithoutSeats(t *testing.T) {
	s, room := rooms(t)
	form := url.Values{"to-fgw": {"reviewer"}, "along": {"yes"}}
	for _, seat := range region.Seats {
		if seat == region.Administrator {
			continue
		}
		if w := room.Ask(as(seat), "/people/reporter/leave", form); w.Code != http.StatusForbidden {
			t.Errorf("%s ends a person: %d", seat, w.Code)
		}
	}
	for seat, code := range map[region.Seat]string{region.Coordinator: "", region.Reader: "", region.Administrator: "ok", region.Security: "ok"} {
		who := as(seat)
		_, err := s.Node.Write(context.Background(), node.Request{Actor: who}, func(ctx context.Context, w *node.Writing) error {
			if err := region.HandOver(ctx, w, nil, region.Handover{Person: "reader", To: "leader", Org: "fgw"}); err != nil {
				return err
			}
			return errUndo
		})
		if (code == "ok") != errors.Is(err, errUndo) {
			t.Errorf("%s says it: %v", seat, err)
		}
	}
	room.Want("asked", room.Ask(as(region.Administrator), "/people/reporter/leave", nil), 200, "由安全管理员授予", "3 件待办")
	room.Want("left", room.Ask(as(region.Administrator), "/people/reporter/leave", form), 303)
	if got := seatsOf(t, s, "reviewer"); got != "reviewer@fgw" {
		t.Errorf("the administrator gave a seat: %q", got)
	}
	room.Want("after it", room.Ask(as(region.Administrator), "/people/reporter", nil), 200, "已离岗", "演示reporter 交给 演示reviewer")
	room.Want("twice", room.Ask(as(region.Administrator), "/people/reporter/leave", nil), 404)
}

// TestAMoveSentTwiceIsDoneOnce: under its key the second gets the first answer, and another choice under it is refused.
func TestAMoveSentTwiceIsDoneOnce(t *testing.T) {
	s, room := rooms(t)
	sec := as(region.Security)
	for _, c := range []struct {
		path string
		form url.Values
	}{
		{"/people/reporter/move", url.Values{"org": {"jtj"}, "seat": {"reader"}, "along": {"yes"}, "to-fgw": {"reviewer"}, "request": {"move-once"}}},
		{"/people/reader/leave", url.Values{"to-fgw": {"nobody"}, "request": {"leave-once"}}},
	} {
		who := sec
		if strings.HasSuffix(c.path, "leave") {
			who = as(region.Administrator)
		}
		room.Want("once", room.Ask(who, c.path, c.form), 303)
		room.Want("twice", room.Ask(who, c.path, c.form), 303)
		c.form.Set("to-fgw", "leader")
		room.Want("another under its key", room.Ask(who, c.path, c.form), 409, "编号已经用于另一项内容")
	}
	if got := seatsOf(t, s, "reporter") + "|" + seatsOf(t, s, "reviewer"); got != "reader@jtj|reporter@fgw reviewer@fgw" {
		t.Errorf("seats after it: %q", got)
	}
}

// TestWhatChangedSinceThePageIsShownAgain: a seat given meanwhile is nobody's unseen.
func TestWhatChangedSinceThePageIsShownAgain(t *testing.T) {
	s, room := rooms(t)
	sec := as(region.Security)
	page := room.Ask(sec, "/people/reporter/move", nil).Body.String()
	seen := func(page string) string {
		_, after, _ := strings.Cut(page, `name="seen" value="`)
		value, _, _ := strings.Cut(after, `"`)
		return value
	}
	if seen(page) == "" {
		t.Fatal("the page does not say what it shows")
	}
	room.Want("a seat more", room.Ask(sec, "/people/reporter/give", url.Values{"org": {"fgw"}, "seat": {"coordinator"}}), 303)
	form := url.Values{"org": {"jtj"}, "seat": {"reader"}, "along": {"yes"}, "to-fgw": {"reviewer"}, "seen": {seen(page)}}
	again := room.Want("as it was shown", room.Ask(sec, "/people/reporter/move", form), 409, "有变化", "协调员", `value="reviewer" selected`).Body.String()
	if got := seatsOf(t, s, "reporter") + "|" + seatsOf(t, s, "reviewer"); got != "coordinator@fgw reporter@fgw|reviewer@fgw" {
		t.Errorf("refused, and yet %q", got)
	}
	form.Set("seen", seen(again))
	room.Want("as it is", room.Ask(sec, "/people/reporter/move", form), 303)
}

// TestASeatComesBeforeTheWork that is told by seat, and a stranger does not become a colleague by it.
func TestASeatComesBeforeTheWork(t *testing.T) {
	s, _ := rooms(t)
	held := ""
	room := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) {
		people.Mount(site, s.Node, s.Accounts, nil, handRoom(func(ctx context.Context, w *node.Writing, h region.Handover) error {
			seats, err := region.SeatsOf(ctx, w.Tx(), h.To)
			for _, at := range seats {
				held += string(at.Seat) + " "
			}
			return err
		}))
	}}
	form := url.Values{"org": {"jtj"}, "seat": {"reader"}, "along": {"yes"}, "to-fgw": {"two-seats-of-nobody"}}
	room.Want("a stranger", room.Ask(as(region.Security), "/people/reporter/move", form), 422, "接手人要在同一个单位有席位")
	form.Set("to-fgw", "reviewer")
	room.Want("moved", room.Ask(as(region.Security), "/people/reporter/move", form), 303)
	if held != "reporter reviewer " {
		t.Errorf("when the work passed he held %q", held)
	}
}

// handRoom is a room in which nothing is counted.
type handRoom func(ctx context.Context, w *node.Writing, h region.Handover) error

func (handRoom) Held(context.Context, *store.Tx, region.Handover) ([]region.Holding, error) {
	return nil, nil
}

func (r handRoom) Pass(ctx context.Context, w *node.Writing, h region.Handover) error {
	return r(ctx, w, h)
}
