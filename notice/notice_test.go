package notice_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/node"
	"liandong/notice"
	"liandong/region"
	"liandong/rules/civil"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/webtest"
)

func quoted(r io.Reader) io.Reader   { return quotedprintable.NewReader(r) }
func base64Of(r io.Reader) io.Reader { return base64.NewDecoder(base64.StdEncoding, r) }

// stand is a desk over a real node, with a clock and with what waits for the reporters in the test's hands.
type stand struct {
	*notice.Desk
	*webtest.Stand
	t *testing.T

	mu    sync.Mutex
	now   time.Time
	waits []notice.Matter
	log   *strings.Builder
}

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, civil.Beijing)
	if err != nil {
		panic(err)
	}
	return t
}

func newStand(t *testing.T, s *store.Store, box *mailbox) *stand {
	t.Helper()
	st := &stand{Stand: webtest.NewStandOn(t, s, notice.Module()), t: t, now: at("2022-06-20 09:00"), log: &strings.Builder{}}
	o := notice.Options{Source: st.source(), Site: "https://suining.example", Log: slog.New(slog.NewTextHandler(st, nil))}
	if box != nil {
		o.Mail = &notice.Mail{Server: box.Address, From: "notice@suining.example", Security: "none"}
	}
	st.Desk = notice.NewDesk(st.Node, o)
	st.SetClock(st.Now)
	return st
}

// Write takes the log.
func (s *stand) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *stand) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stand) moveTo(to time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = to
}

func (s *stand) source() notice.Source {
	return notice.Source{
		Standing: func(_ context.Context, seat node.Actor) ([]notice.Matter, error) {
			if seat.Seat != string(region.Reporter) || seat.Org != "fgw" {
				return nil, nil
			}
			return slices.Clone(s.waits), nil
		},
		Word: func(ctx context.Context, all []notice.Matter) (texts []string, err error) {
			for _, m := range all {
				texts = append(texts, lang.Pick(ctx, "待办", "to do")+" "+m.Ref)
			}
			return texts, nil
		},
	}
}

// matter is one that waits from a day on.
func matter(ref, day string) notice.Matter {
	return notice.Matter{Kind: "due", Ref: ref, Day: day, Due: "2022-06-25", Href: "/item/" + ref}
}

// mail lets the reporter be told by mail.
func (s *stand) mail(change func(p *notice.Pref)) {
	s.t.Helper()
	p := notice.Pref{Lang: lang.Zh, Mail: "reporter@example.cn", ByMail: true, DigestHour: 8, QuietFrom: 21, QuietUntil: 7}
	if change != nil {
		change(&p)
	}
	if err := s.SetPref(context.Background(), "reporter", p); err != nil {
		s.t.Fatal(err)
	}
}

// leave takes a person's seat.
func (s *stand) leave(person string) {
	s.t.Helper()
	setup := node.Request{Actor: node.Actor{Person: "setup", Seat: "setup", Member: "510900"}}
	_, err := s.Node.Write(context.Background(), setup, func(ctx context.Context, w *node.Writing) error {
		_, err := region.SeatTaken.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
			Circle: node.Self, Facts: region.SeatFacts{Person: person, Org: "fgw", Seat: region.Seat(person)},
		})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// turn tells and sends once.
func (s *stand) turn() {
	s.t.Helper()
	ctx := context.Background()
	if err := s.Tell(ctx); err != nil {
		s.t.Fatal(err)
	}
	if err := s.SendNow(ctx); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) count(state notice.State) int {
	s.t.Helper()
	_, all, err := s.Deliveries(context.Background(), state)
	if err != nil {
		s.t.Fatal(err)
	}
	return all[state]
}

// site is a site with the desk's pages, as who asks.
func (s *stand) site(change func(o *web.Options), who web.Identity) *web.Site {
	o := web.Options{Member: "遂宁市", Now: s.Now, Log: slog.New(slog.DiscardHandler), Identify: func(*http.Request) (web.Identity, error) { return who, nil }}
	change(&o)
	site := web.New(o)
	s.Accounts.Mount(site)
	s.Routes(site)
	return site
}

// lines counts lines of the bodies that name a matter.
func lines(all []taken, ref string) (n int) {
	for _, l := range all {
		for line := range strings.SplitSeq(l.body, "\n") {
			if strings.HasSuffix(line, " "+ref) {
				n++
			}
		}
	}
	return n
}

// TestOneLetterADay: what waits stands in the inbox once, goes out in one letter after the hour, and is not told again however often it is looked.
func TestOneLetterADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		box := openMailbox(t, "")
		s := newStand(t, db, box)
		ctx := context.Background()
		s.mail(nil)
		s.waits = []notice.Matter{matter("i-1", "2022-06-20"), matter("i-2", "2022-06-20"), matter("i-later", "2022-06-22")}
		s.moveTo(at("2022-06-20 07:30"))
		s.turn()
		if got := box.letters(); len(got) != 0 {
			t.Fatalf("before the hour: %+v", got)
		}
		if n, err := s.Unread(ctx, "reporter"); err != nil || n != 2 {
			t.Errorf("%d unread, %v", n, err)
		}
		if n, err := s.Unread(ctx, "reader"); err != nil || n != 0 {
			t.Errorf("%d unread of somebody else, %v", n, err)
		}
		for hour := 8; hour < 21; hour++ {
			s.moveTo(at(fmt.Sprintf("2022-06-20 %02d:05", hour)))
			s.turn()
		}
		got := box.letters()
		if len(got) != 1 || got[0].to != "reporter@example.cn" || !strings.Contains(got[0].subject, "2 项待办") || lines(got, "i-1") != 1 || lines(got, "i-2") != 1 {
			t.Fatalf("%+v", got)
		}
		if !strings.Contains(got[0].body, "https://suining.example/item/i-1") || !strings.Contains(got[0].body, "https://suining.example/inbox") {
			t.Errorf("no links in %s", got[0].body)
		}
		all, err := s.Inbox(ctx, "reporter")
		if err != nil || len(all) != 2 || all[0].Org != "市发展改革委" || all[0].Text != "待办 i-1" {
			t.Errorf("%+v, %v", all, err)
		}
		s.moveTo(at("2022-06-22 09:00"))
		s.turn()
		if got := box.letters(); len(got) != 2 || lines(got, "i-later") != 1 || lines(got, "i-1") != 1 {
			t.Errorf("two days later: %+v", got)
		}
	})
}

// TestWhatIsDoneOrReadIsNotTold: neither a matter that was done before the letter went out, nor one that was read on the page.
func TestWhatIsDoneOrReadIsNotTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		box := openMailbox(t, "")
		s := newStand(t, db, box)
		ctx := context.Background()
		s.mail(nil)
		s.waits = []notice.Matter{matter("done", "2022-06-20"), matter("read", "2022-06-20"), matter("told", "2022-06-20")}
		s.moveTo(at("2022-06-20 07:30"))
		s.turn()
		s.waits = s.waits[1:]
		if err := s.MarkRead(ctx, "reporter", "due read "); err != nil {
			t.Fatal(err)
		}
		s.moveTo(at("2022-06-20 08:30"))
		s.turn()
		if got := box.letters(); len(got) != 1 || lines(got, "told") != 1 || lines(got, "done")+lines(got, "read") != 0 {
			t.Errorf("%+v", got)
		}
		if n, err := s.Unread(ctx, "reporter"); err != nil || n != 1 {
			t.Errorf("%d unread, %v", n, err)
		}
		// Queued for a mail server that is away, and done before it is back.
		box.Close()
		s.waits = []notice.Matter{matter("gone", "2022-06-21")}
		s.moveTo(at("2022-06-21 08:30"))
		s.turn()
		s.waits = nil
		s.moveTo(at("2022-06-21 09:30"))
		if err := s.Tell(ctx); err != nil {
			t.Fatal(err)
		}
		back := openMailbox(t, box.Address)
		s.turn()
		if len(back.letters()) != 0 || s.count(notice.Moot) != 1 {
			t.Errorf("%+v, %d moot", back.letters(), s.count(notice.Moot))
		}
	})
}

// TestAMailServerAwayForAWeek: nothing is lost and nothing comes twice; while it is away one letter is tried, not all.
func TestAMailServerAwayForAWeek(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		box := openMailbox(t, "")
		s := newStand(t, db, box)
		s.mail(nil)
		box.Close()
		start := at("2021-12-29 07:00") // over new year
		for hour := range 7 * 24 {
			now := start.Add(time.Duration(hour) * time.Hour)
			day := now.In(civil.Beijing).Format(time.DateOnly)
			if hour%24 == 0 {
				s.waits = append(s.waits, matter("m-"+day, day))
			}
			s.moveTo(now)
			s.turn()
		}
		if n := s.count(notice.Waiting); n != 7 {
			t.Fatalf("%d letters wait, want one of each day", n)
		}
		back := openMailbox(t, box.Address)
		for hour := range 36 {
			s.moveTo(start.Add(time.Duration(7*24+hour) * time.Hour))
			s.turn()
		}
		got := back.letters()
		for day := range 7 {
			ref := "m-" + start.AddDate(0, 0, day).In(civil.Beijing).Format(time.DateOnly)
			if n := lines(got, ref); n != 1 {
				t.Errorf("%s was told %d times", ref, n)
			}
		}
		if len(got) != 7 || s.count(notice.Sent) != 7 || s.count(notice.Dead) != 0 {
			t.Errorf("%d letters, %d sent, %d dead", len(got), s.count(notice.Sent), s.count(notice.Dead))
		}
		if !strings.Contains(s.log.String(), "a line is not reached") || strings.Contains(s.log.String(), "reporter@") {
			t.Errorf("the log says %s", s.log)
		}
	})
}

// TestQuietHoursAndUrgentMatters: a slip comes at once by day, and in the evening it waits until the morning; over midnight, and over new year.
func TestQuietHoursAndUrgentMatters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		box := openMailbox(t, "")
		s := newStand(t, db, box)
		s.mail(func(p *notice.Pref) { p.AtOnce = true })
		urgent := func(ref, day string) notice.Matter {
			m := matter(ref, day)
			m.Urgent = true
			return m
		}
		s.moveTo(at("2021-12-31 09:00"))
		s.waits = []notice.Matter{matter("plain", "2021-12-31")}
		s.turn()
		s.waits = append(s.waits, urgent("by-day", "2021-12-31"), matter("tomorrow", "2021-12-31"))
		s.moveTo(at("2021-12-31 15:00"))
		s.turn()
		got := box.letters()
		if len(got) != 2 || lines(got[1:], "by-day") != 1 || lines(got[1:], "tomorrow") != 0 {
			t.Fatalf("by day: %+v", got)
		}
		s.waits = append(s.waits, urgent("at-night", "2021-12-31"))
		for _, night := range []string{"2021-12-31 23:59", "2022-01-01 00:01", "2022-01-01 06:59"} {
			s.moveTo(at(night))
			s.turn()
			if got := box.letters(); len(got) != 2 {
				t.Fatalf("%s: %+v", night, got[2:])
			}
		}
		s.moveTo(at("2022-01-01 07:00"))
		s.turn()
		if got := box.letters(); len(got) != 3 || lines(got[2:], "at-night") != 1 {
			t.Fatalf("in the morning: %+v", got)
		}
		s.moveTo(at("2022-01-01 08:00"))
		s.turn()
		if got := box.letters(); len(got) != 4 || lines(got[3:], "tomorrow") != 1 || lines(got, "at-night") != 1 {
			t.Errorf("the next day's letter: %+v", got)
		}
	})
}

// TestTwoProcessesTellOnce: several desks over one database that tell and send at the same moment, as when a lease has just passed on.
func TestTwoProcessesTellOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		box := openMailbox(t, "")
		s := newStand(t, db, box)
		s.mail(nil)
		for i := range 30 {
			s.waits = append(s.waits, matter(fmt.Sprintf("m-%d", i), "2022-06-20"))
		}
		var all sync.WaitGroup
		for range 4 {
			other := notice.NewDesk(s.Node, s.Options)
			other.SetClock(s.Now)
			all.Go(func() {
				for range 3 {
					if err := other.Tell(context.Background()); err != nil {
						t.Error(err)
					}
					if err := other.SendNow(context.Background()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		got := box.letters()
		if len(got) != 1 || lines(got, "m-0") != 1 || lines(got, "m-29") != 1 {
			t.Errorf("%d letters", len(got))
		}
	})
}
