package notice_test

import (
	"context"
	"testing"

	"liandong/node"
	"liandong/notice"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// TestWhatSomebodyWasToldOfIsHisSuccessors: what is open waits in the colleague's inbox, what of it was read stays read, nothing is told twice; the
// hours pass, the address does not; a letter that waited for who left is not sent, and his calendar opens nothing.
func TestWhatSomebodyWasToldOfIsHisSuccessors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		st := newStand(t, s, nil)
		st.waits = []notice.Matter{matter("路", "2022-06-20"), matter("桥", "2022-06-20")}
		st.mail(func(p *notice.Pref) { p.DigestHour = 10 })
		if err := st.Tell(ctx); err != nil {
			t.Fatal(err)
		}
		all, err := st.Inbox(ctx, "reporter")
		if err != nil || len(all) != 2 {
			t.Fatalf("%+v, %v", all, err)
		}
		err = s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE notice_inbox SET read_at = 1 WHERE ref = '路'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		path, err := st.NewCalendar(ctx, node.Actor{Person: "reporter", Org: "fgw", Seat: "reporter"})
		if err != nil {
			t.Fatal(err)
		}
		h := region.Handover{Person: "reporter", To: "reader", Org: "fgw", Leaves: true, Last: true}
		_, err = st.Node.Write(ctx, node.Request{Actor: node.Actor{Person: "security", Org: "fgw", Seat: "security", Member: "510900"}}, func(ctx context.Context, w *node.Writing) error {
			of := func(person string) node.Said[region.SeatFacts, region.NoWords] {
				return node.Said[region.SeatFacts, region.NoWords]{Circle: node.Self, Facts: region.SeatFacts{Person: person, Org: "fgw", Seat: region.Reporter}}
			}
			if _, err := region.SeatGiven.Say(ctx, w, of("reader")); err != nil { // before the work passes
				return err
			}
			if err := region.HandOver(ctx, w, []region.HandRoom{st.Desk}, h); err != nil {
				return err
			}
			_, err := region.SeatTaken.Say(ctx, w, of("reporter"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Read(ctx, func(tx *store.Tx) error {
			handed, err := region.HandedBy(ctx, tx, "reader")
			if err != nil || len(handed) != 1 || len(handed[0].Passed) != 3 || handed[0].Passed[1] != (region.Passed{What: "inbox", N: 2}) {
				t.Errorf("it is said as %+v", handed)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the next rounds tell nothing again
			if err := st.Tell(ctx); err != nil {
				t.Fatal(err)
			}
			all, err = st.Inbox(ctx, "reader")
			if err != nil || len(all) != 2 || all[0].Ended || all[1].Ended || all[0].Read == all[1].Read {
				t.Errorf("the colleague's inbox: %+v, %v", all, err)
			}
		}
		if n, err := st.Unread(ctx, "reporter"); err != nil || n != 0 {
			t.Errorf("who left is still told of %d, %v", n, err)
		}
		if p, err := st.Pref(ctx, "reader"); err != nil || p.DigestHour != 10 || p.Mail != "" || p.ByMail {
			t.Errorf("he is told %+v, %v", p, err)
		}
		if p, err := st.Pref(ctx, "reporter"); err != nil || p.Mail != "" {
			t.Errorf("the address of who left is kept: %+v, %v", p, err)
		}
		if w := st.ask("", path, nil); w.Code != 404 {
			t.Errorf("his calendar opens: %d", w.Code)
		}
	})
}

// TestALeadersLinesAreNoReporters: an inbox is read by person, so a colleague takes over lines of seats that he holds, and no others.
func TestALeadersLinesAreNoReporters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		st := newStand(t, s, nil)
		st.waits = []notice.Matter{matter("路", "2022-06-20")}
		if err := st.Tell(ctx); err != nil {
			t.Fatal(err)
		}
		err := s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO notice_inbox (person, matter, day, org, seat, kind, ref, period, due, href, n, urgent, told_at, read_at, ended_at)
				SELECT person, matter || 'x', day, org, 'leader', kind, '领导的事', period, due, href, n, urgent, told_at, read_at, ended_at FROM notice_inbox WHERE person = 'reporter'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		passed := map[string]int{}
		hand := func(h region.Handover, heir region.Seat) {
			t.Helper()
			_, err := st.Node.Write(ctx, node.Request{Actor: node.Actor{Person: "security", Org: "fgw", Seat: "security", Member: "510900"}}, func(ctx context.Context, w *node.Writing) error {
				if heir != "" {
					_, err := region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{Circle: node.Self, Facts: region.SeatFacts{Person: h.To, Org: h.Org, Seat: heir}})
					if err != nil {
						return err
					}
				}
				if err := region.HandOver(ctx, w, []region.HandRoom{st.Desk}, h); err != nil {
					return err
				}
				handed, err := region.HandedBy(ctx, w.Tx(), h.To)
				if err != nil {
					return err
				}
				clear(passed)
				for _, p := range handed[len(handed)-1].Passed {
					passed[p.What] = p.N
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		hand(region.Handover{Person: "reporter", To: "reader", Org: "fgw"}, region.Reporter)
		all, err := st.Inbox(ctx, "reader")
		if err != nil || len(all) != 1 || all[0].Ref != "路" || passed["inbox"] != 1 {
			t.Errorf("the colleague reads %+v, it is said that %v passed, %v", all, passed, err)
		}
		if n, err := st.Unread(ctx, "reporter"); err != nil || n != 0 {
			t.Errorf("who moved is still told of %d, %v", n, err)
		}
	})
}

// TestHoursPassToEachSuccessor who has set none himself, and the address goes with the last organisation.
func TestHoursPassToEachSuccessor(t *testing.T) {
	ctx := context.Background()
	st := newStand(t, storetest.OpenSQLite(t), nil)
	st.mail(func(p *notice.Pref) { p.DigestHour = 10 })
	if err := st.SetPref(ctx, "reviewer", notice.Pref{DigestHour: 6, QuietFrom: 21, QuietUntil: 7, Lang: "zh"}); err != nil {
		t.Fatal(err)
	}
	counted := func(to string) (n int) {
		t.Helper()
		err := st.Node.Store.Read(ctx, func(tx *store.Tx) error {
			all, err := st.Held(ctx, tx, region.Handover{Person: "reporter", To: to, Org: "fgw"})
			for _, x := range all {
				if x.What == "reminders" {
					n = x.N
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for to, want := range map[string]int{"": 1, "reader": 1, "reviewer": 0} {
		if got := counted(to); got != want {
			t.Errorf("hours that pass to %q: %d", to, got)
		}
	}
	who := node.Actor{Person: "security", Org: "fgw", Seat: "security", Member: "510900"}
	_, err := st.Node.Write(ctx, node.Request{Actor: who}, func(ctx context.Context, w *node.Writing) error {
		for _, h := range []region.Handover{{To: "reader", Org: "fgw"}, {To: "coordinator", Org: "jtj", Last: true}} {
			h.Person, h.Leaves = "reporter", true
			if err := st.Pass(ctx, w, h); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, heir := range []string{"reader", "coordinator"} {
		if p, err := st.Pref(ctx, heir); err != nil || p.DigestHour != 10 || p.Mail != "" {
			t.Errorf("%s is told %+v, %v", heir, p, err)
		}
	}
	if p, err := st.Pref(ctx, "reporter"); err != nil || p.Mail != "" {
		t.Errorf("the address of who left is kept: %+v, %v", p, err)
	}
}
