package notice_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/arran4/golang-ical"

	"liandong/node"
	"liandong/notice"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

var calendarAddress = regexp.MustCompile(`/calendar/[A-Z2-7]{26}`)

// TestACalendar: the address is shown once, opens to whoever has it, follows what waits, and ends with a new one and with the seat.
func TestACalendar(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newStand(t, db, nil)
		ctx := context.Background()
		later := matter("i-later", "2022-12-28")
		later.Due = "2022-12-31"
		s.waits = []notice.Matter{matter("i-1", "2022-06-20"), later, {Kind: "review", Day: "2022-06-20", N: 2}}
		address := func() string {
			t.Helper()
			page := s.want("made", s.ask(region.Reporter, "/me/calendar", url.Values{}), 200, "只显示这一次")
			return calendarAddress.FindString(page)
		}
		first := address()
		if page := s.want("the page again", s.ask(region.Reporter, "/me/notices", nil), 200); calendarAddress.MatchString(page) {
			t.Error("the address is shown again")
		}
		c, err := ics.ParseCalendar(s.ask("", first, nil).Body)
		if err != nil {
			t.Fatal(err)
		}
		events := c.Events()
		if len(events) != 2 {
			t.Fatalf("%d events", len(events))
		}
		start, wrong := events[1].GetAllDayStartAt()
		end, worse := events[1].GetAllDayEndAt()
		if wrong != nil || worse != nil || start.Format("2006-01-02") != "2022-12-31" || end.Format("2006-01-02") != "2023-01-01" {
			t.Errorf("from %v until %v: %v, %v", start, end, wrong, worse)
		}
		if got := events[0].GetProperty(ics.ComponentPropertySummary).Value; got != "待办 i-1" {
			t.Errorf("summary %q", got)
		}
		if got := events[0].GetProperty(ics.ComponentPropertyUrl).Value; got != "https://suining.example/item/i-1" {
			t.Errorf("url %q", got)
		}
		id := events[0].Id()
		s.waits = s.waits[:1]
		c, err = ics.ParseCalendar(s.ask("", first, nil).Body)
		if err != nil || len(c.Events()) != 1 || c.Events()[0].Id() != id {
			t.Errorf("after one was done: %v, %v", c, err)
		}
		meeting := matter("m-1", "2022-06-23")
		meeting.Due, meeting.Clock = "2022-06-24", "09:30"
		s.waits = []notice.Matter{meeting}
		if c, err = ics.ParseCalendar(s.ask("", first, nil).Body); err != nil || len(c.Events()) != 1 {
			t.Fatalf("a meeting: %v, %v", c, err)
		}
		if at, err := c.Events()[0].GetStartAt(); err != nil || at.UTC().Format("2006-01-02T15:04") != "2022-06-24T01:30" {
			t.Errorf("a meeting begins %v, %v", at, err)
		}
		second := address()
		if w := s.ask("", first, nil); w.Code != 404 {
			t.Errorf("the old address answers %d", w.Code)
		}
		if w := s.ask("", "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAA", nil); w.Code != 404 || strings.Contains(w.Body.String(), "i-1") {
			t.Errorf("a made-up address answers %d", w.Code)
		}
		if w := s.ask("", second, nil); w.Code != 200 {
			t.Errorf("the new address answers %d", w.Code)
		}
		s.leave("reporter")
		if w := s.ask("", second, nil); w.Code != 404 {
			t.Errorf("without the seat the address answers %d", w.Code)
		}
		// Others end only their own.
		if _, err := s.NewCalendar(ctx, node.Actor{Person: "coordinator", Org: "fgw", Seat: "coordinator"}); err != nil {
			t.Fatal(err)
		}
		s.want("nobody", s.ask("", "/me/calendar", url.Values{}), 401)
		s.want("nobody ends", s.ask("", "/me/calendar/end", url.Values{}), 401)
	})
}

// TestACalendarIsEnded by its person, and by no other.
func TestACalendarIsEnded(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	path, err := s.NewCalendar(context.Background(), node.Actor{Person: "reporter", Org: "fgw", Seat: "reporter"})
	if err != nil {
		t.Fatal(err)
	}
	s.want("ended by another", s.ask(region.Reader, "/me/calendar/end", url.Values{}), 303)
	if w := s.ask("", path, nil); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/calendar") {
		t.Errorf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
	s.want("ended", s.ask(region.Reporter, "/me/calendar/end", url.Values{}), 303)
	if w := s.ask("", path, nil); w.Code != 404 {
		t.Errorf("ended, it answers %d", w.Code)
	}
}
