package account_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/rules/civil"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/webtest"
)

// TestAStandInsSeatIsThereOnItsDays: who stands in finds the seat among his own on the days that were named, in Beijing, and takes it; when the
// days are over his session is his own again. A token never acts for anybody.
func TestAStandInsSeatIsThereOnItsDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		stand := webtest.NewStandOn(t, s)
		a := stand.Accounts
		a.Cheap()
		day := stand.Node.Now().In(civil.Beijing)
		first, last := day.AddDate(0, 0, 2).Format(time.DateOnly), day.AddDate(0, 0, 3).Format(time.DateOnly)
		who := node.Actor{Person: "reporter", Org: "fgw", Seat: "reporter", Member: "510900"}
		_, err := stand.Node.Write(ctx, node.Request{Actor: who}, func(ctx context.Context, w *node.Writing) error {
			_, err := region.SubstituteNamed.Say(ctx, w, node.Said[region.SubstituteFacts, region.NoWords]{Circle: node.Self, Facts: region.SubstituteFacts{
				Substitute: "b-1", Person: "reporter", By: "two-seats", Org: "fgw", Seat: region.Reporter, From: first, Until: last,
			}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		stand.Account(t, "two-seats")
		at := func(day, hour string) time.Time {
			moment, err := time.ParseInLocation(time.DateTime, day+" "+hour, civil.Beijing)
			if err != nil {
				t.Fatal(err)
			}
			a.SetClock(func() time.Time { return moment })
			return moment
		}
		at(day.AddDate(0, 0, 1).Format(time.DateOnly), "23:59:59")
		secret, err := account.SignIn(a, ctx, "two-seats", webtest.Password, "10.0.0.1", "Chrome")
		if err != nil {
			t.Fatal(err)
		}
		const acting = "reporter@fgw@reporter"
		id, err := a.Identify(request(secret))
		if err != nil || len(id.Seats) != 2 {
			t.Fatalf("the day before: %+v, %v", id.Seats, err)
		}
		if _, err := account.TakeSeat(a, ctx, secret, id, acting); !errors.Is(err, web.ErrForbidden) {
			t.Errorf("taken the day before: %v", err)
		}
		at(first, "00:00:00")
		if id, err = a.Identify(request(secret)); err != nil || len(id.Seats) != 3 || id.Actor.For != "" {
			t.Fatalf("on the first day: %+v, %v", id, err)
		}
		if secret, err = account.TakeSeat(a, ctx, secret, id, acting); err != nil {
			t.Fatal(err)
		}
		id, err = a.Identify(request(secret))
		if want := (node.Actor{Person: "two-seats", Org: "fgw", Seat: "reporter", Member: "510900", For: "reporter"}); err != nil || id.Actor != want {
			t.Errorf("he acts as %+v, want %+v, %v", id.Actor, want, err)
		}
		at(last, "08:00:00")
		fresh, err := account.SignIn(a, ctx, "two-seats", webtest.Password, "10.0.0.1", "Chrome")
		if err != nil {
			t.Fatal(err)
		}
		if id, err := a.Identify(request(fresh)); err != nil || id.Actor.For != "" || id.Actor.Seat != "coordinator" {
			t.Errorf("he signs in for his own work: %+v, %v", id.Actor, err)
		}
		if secret, err = account.TakeSeat(a, ctx, fresh, id, acting); err != nil {
			t.Fatal(err)
		}
		at(last, "18:00:00")
		if id, _ := a.Identify(request(secret)); id.Actor.For != "reporter" {
			t.Errorf("on the last evening he acts as %+v", id.Actor)
		}
		at(day.AddDate(0, 0, 4).Format(time.DateOnly), "00:00:00")
		if id, err := a.Identify(request(secret)); err != nil || id.Actor.For != "" || len(id.Seats) != 2 || id.Actor.Person != "two-seats" || id.Actor.Seat != "coordinator" {
			t.Errorf("when it is over: %+v, %v", id, err)
		}
	})
}
