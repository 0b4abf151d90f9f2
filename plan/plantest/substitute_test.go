package plantest_test

import (
	"context"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// pair is an office whose roads have two reporters, one of whom is the head besides.
func pair(t *testing.T, s *store.Store) (o *plantest.Office, item string) {
	t.Helper()
	o = open(t, s)
	o.Write(func(ctx context.Context, w *node.Writing) error {
		for _, p := range []struct {
			id, name string
			seats    []region.Seat
		}{{"p-a", "演示甲", []region.Seat{region.Reporter, region.Administrator}}, {"p-b", "演示乙", []region.Seat{region.Reader, region.Reviewer}}, {"p-c", "演示丙", nil}} {
			_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
				Circle: node.Self, Facts: region.PersonFacts{Person: p.id}, Words: &region.PersonWords{Name: p.name},
			})
			for _, seat := range p.seats {
				if err == nil {
					_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
						Circle: node.Self, Facts: region.SeatFacts{Person: p.id, Org: o.Units[roads], Seat: seat},
					})
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	_, item = o.Row("遂渝高速公路扩容")
	return o, item
}

func name(o *plantest.Office, who node.Actor, f region.SubstituteFacts) error {
	_, err := o.Node().Write(context.Background(), node.Request{Actor: who}, func(ctx context.Context, w *node.Writing) error {
		_, err := region.SubstituteNamed.Say(ctx, w, node.Said[region.SubstituteFacts, region.NoWords]{Circle: node.Self, Subjects: []string{f.Person, f.By}, Facts: f})
		return err
	})
	return err
}

// TestASubstituteActsOnHisDays: from the first moment of the first day in Beijing to the last of the last he files in his own name, marked with
// whom he stands for; before, after and when it was ended he is refused.
func TestASubstituteActsOnHisDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := pair(t, s)
		o.Day("2022-06-14")
		away := o.As(region.Reporter, roads).Actor
		away.Person = "p-a"
		f := region.SubstituteFacts{Substitute: "b-1", Person: "p-a", By: "p-b", Org: o.Units[roads], Seat: region.Reporter, From: "2022-06-16", Until: "2022-06-17"}
		if err := name(o, away, f); err != nil {
			t.Fatal(err)
		}
		stand := away
		stand.Person, stand.For = "p-b", "p-a"
		file := func(who node.Actor, text string) (node.Receipt, error) {
			return o.File(ctx, node.Request{Actor: who}, plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime}, plan.ReportWords{Progress: text})
		}
		seats := func() (n int) {
			err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
				all, err := region.StandsIn(ctx, tx, "p-b", region.Today(o.Clock()))
				n = len(all)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return n
		}
		for _, c := range []struct {
			at   string
			acts bool
		}{
			{"2022-06-15 23:59:59", false},
			{"2022-06-16 00:00:00", true},
			{"2022-06-17 23:59:59", true},
			{"2022-06-18 00:00:00", false},
		} {
			o.At(c.at)
			receipt, err := file(stand, "代报："+c.at)
			if c.acts && err != nil || !c.acts && !refuse.Is(err, "region.substitute.over") || (seats() == 1) != c.acts {
				t.Errorf("at %s: %v, %d seats", c.at, err, seats())
			}
			if !c.acts || err != nil {
				continue
			}
			err = o.Node().Store.Read(ctx, func(tx *store.Tx) error {
				var raw []byte
				if err := tx.Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, receipt.Entries[0].Book, receipt.Entries[0].Index).Scan(&raw); err != nil {
					return err
				}
				e, err := book.Scan(raw)
				if e.Person != "p-b" || node.ForOf(e) != "p-a" || len(node.About(e)) != 1 || len(node.Persons(e)) != 2 {
					t.Errorf("the entry is %s's for %s, about %v", e.Person, node.ForOf(e), node.About(e))
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		story, err := o.Story(ctx, item, "", plan.ViewerOf(away))
		if err != nil || story.Events[0].Person != "演示乙" || story.Events[0].For != "演示甲" {
			t.Errorf("the story tells %+v, %v", story.Events[0], err)
		}
		o.AcceptNow(item, "2022-06", false)

		// Ended early, by who stands in.
		f.Substitute, f.From, f.Until = "b-2", "2022-06-18", "2022-06-30"
		if err := name(o, away, f); err != nil {
			t.Fatal(err)
		}
		end := func(who node.Actor) error {
			_, err := o.Node().Write(ctx, node.Request{Actor: who}, func(ctx context.Context, w *node.Writing) error {
				_, err := region.SubstituteEnded.Say(ctx, w, node.Said[region.SubstituteEndFacts, region.NoWords]{Circle: node.Self, Facts: region.SubstituteEndFacts{Substitute: "b-2"}})
				return err
			})
			return err
		}
		if err := end(o.As(region.Reporter, farms).Actor); !refuse.Is(err, "region.substitute.unknown") {
			t.Errorf("a stranger ends it: %v", err)
		}
		own := stand
		own.For, own.Seat = "", string(region.Reviewer)
		if seats() != 1 || end(own) != nil || seats() != 0 || !refuse.Is(end(own), "region.substitute.unknown") {
			t.Error("it was not ended, or twice")
		}
		if _, err := file(stand, "结束以后"); !refuse.Is(err, "region.substitute.over") {
			t.Errorf("after its end: %v", err)
		}

		// Who signs does not sign what he drafted for another, nor what another drafted for him.
		f.Substitute = "b-3"
		if err := name(o, away, f); err != nil {
			t.Fatal(err)
		}
		if err := o.SetSigning(ctx, node.Request{Actor: own}, plan.SigningFacts{Org: o.Units[roads], On: true}); err != nil {
			t.Fatal(err)
		}
		o.Day("2022-06-20")
		_, err = o.File(ctx, node.Request{Actor: stand}, plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime}, plan.ReportWords{Progress: "代拟", Reason: "更正"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.SignReport(ctx, node.Request{Actor: own}, item, "2022-06", plan.AnyFiling); !refuse.Is(err, "plan.signing-own") {
			t.Errorf("he signs what he drafted for another: %v", err)
		}
		o.Clean()
		kindtest.Prove(t, o.Node())
		if strings.HasSuffix(t.Name(), "/sqlite") {
			kindtest.Golden(t, o.Node(), "testdata/golden-substitute.txt")
		}
	})
}

// TestWhoMayStandInForWhom: each rule refuses by itself.
func TestWhoMayStandInForWhom(t *testing.T) {
	o, item := pair(t, storetest.OpenSQLite(t))
	o.Day("2022-06-14")
	away := o.As(region.Reporter, roads).Actor
	away.Person = "p-a"
	other, admin := o.As(region.Reporter, farms).Actor, o.As(region.Administrator, plantest.UnitNames[0]).Actor
	good := region.SubstituteFacts{Substitute: "b-1", Person: "p-a", By: "p-b", Org: o.Units[roads], Seat: region.Reporter, From: "2022-06-16", Until: "2022-06-17"}
	for _, c := range []struct {
		name string
		who  node.Actor
		but  func(*region.SubstituteFacts)
		want string
	}{
		{"a stranger names", other, func(*region.SubstituteFacts) {}, "region.substitute.whose"},
		{"the substitute names himself", func() node.Actor { a := away; a.Person = "p-b"; return a }(), func(*region.SubstituteFacts) {}, "region.substitute.whose"},
		{"days that are over", away, func(f *region.SubstituteFacts) { f.From, f.Until = "2022-06-10", "2022-06-13" }, "region.substitute.past"},
		{"no day", away, func(f *region.SubstituteFacts) { f.Until = "2022-06-31" }, "region.substitute.day"},
		{"the end before the beginning", away, func(f *region.SubstituteFacts) { f.Until = "2022-06-15" }, "region.substitute.days"},
		{"too long", away, func(f *region.SubstituteFacts) { f.Until = "2022-10-01" }, "region.substitute.days"},
		{"himself", away, func(f *region.SubstituteFacts) { f.By = "p-a" }, "region.substitute.self"},
		{"an administrator's seat", away, func(f *region.SubstituteFacts) { f.Seat = region.Administrator }, "region.substitute.seat"},
		{"a seat that he has not", away, func(f *region.SubstituteFacts) { f.Seat = region.Leader }, "region.substitute.no-seat"},
		{"somebody of no seat there", away, func(f *region.SubstituteFacts) { f.By = "p-c" }, "region.substitute.colleague"},
		{"who gives seats lends it to himself", func() node.Actor { a := admin; a.Person = "p-b"; return a }(), func(*region.SubstituteFacts) {}, "region.seat.oneself"},
		{"an administrator for him", admin, func(*region.SubstituteFacts) {}, ""},
	} {
		f := good
		c.but(&f)
		if err := name(o, c.who, f); c.want == "" && err != nil || c.want != "" && !refuse.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	o.Day("2022-06-16")
	for name, a := range map[string]node.Actor{
		"nobody named him":      {Person: "p-c", For: "p-a", Org: o.Units[roads], Seat: string(region.Reporter)},
		"another seat":          {Person: "p-b", For: "p-a", Org: o.Units[roads], Seat: string(region.Coordinator)},
		"another organisation":  {Person: "p-b", For: "p-a", Org: o.Units[farms], Seat: string(region.Reporter)},
		"for somebody else too": {Person: "p-b", For: "p-c", Org: o.Units[roads], Seat: string(region.Reporter)},
	} {
		a.Member = "510900"
		_, err := o.File(context.Background(), node.Request{Actor: a}, plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime}, plan.ReportWords{Progress: "冒名"})
		if !refuse.Is(err, "region.substitute.over") {
			t.Errorf("%s: %v", name, err)
		}
	}
	stand := node.Actor{Person: "p-b", For: "p-a", Org: o.Units[roads], Seat: string(region.Reporter), Member: "510900"}
	good.Substitute, good.Person, good.By = "b-2", "p-b", "p-a"
	if err := name(o, stand, good); !refuse.Is(err, "region.substitute.whose") {
		t.Errorf("a substitute names another: %v", err)
	}
}
