package webtest

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/account"
)

// Password signs in every person of a stand; a person's login is the name of his seat.
const Password = "五月的涪江水很清很凉"

// Start of the clock that a stand shows: the demonstration's first morning.
var standClock = time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)

// Stand is a node with its site and one person for each seat, for tests of pages.
type Stand struct {
	Node     *node.Node
	Accounts *account.Accounts
	Site     *web.Site
}

// NewStand opens a node on a fresh SQLite with region and the given modules. Each seat has a person
// of the seat's name, for the organisation fgw (市发展改革委); "two-seats" also reports for jtj.
func NewStand(t testing.TB, modules ...node.Module) *Stand {
	t.Helper()
	return NewStandOn(t, storetest.OpenSQLite(t), modules...)
}

// NewStandOn is NewStand on a store of the test's choice.
func NewStandOn(t testing.TB, s *store.Store, modules ...node.Module) *Stand {
	t.Helper()
	ctx := context.Background()
	n, err := OpenNode(ctx, s, modules...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	accounts, err := account.Open(ctx, s, "510900", false)
	if err != nil {
		t.Fatal(err)
	}
	stand := &Stand{Node: n, Accounts: accounts}
	stand.people(t)
	stand.Site = web.New(web.Options{Member: "遂宁市", Demo: true, Log: slog.New(slog.DiscardHandler), Now: n.Now, Identify: accounts.Identify})
	accounts.Mount(stand.Site)
	return stand
}

// OpenNode opens the node of a stand: a process of its own that a test starts shares it over the same store.
func OpenNode(ctx context.Context, s *store.Store, modules ...node.Module) (*node.Node, error) {
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat("liandong", 8)))
	if err != nil {
		return nil, err
	}
	return node.Open(ctx, node.Config{
		Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"},
		Key:      key, Store: s, Modules: append([]node.Module{region.Module()}, modules...),
		Clock: func() time.Time { return standClock },
		May:   func(a node.Actor, act string) bool { return a.Seat == "setup" || region.Permit(a, act) },
	})
}

func (s *Stand) people(t testing.TB) {
	t.Helper()
	setup := node.Request{Actor: node.Actor{Person: "setup", Seat: "setup", Member: "510900"}}
	_, err := s.Node.Write(context.Background(), setup, func(ctx context.Context, w *node.Writing) error {
		if err := w.OpenBook(ctx, node.Self); err != nil {
			return err
		}
		for org, name := range map[string]string{"fgw": "市发展改革委", "jtj": "市交通运输局"} {
			_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
				Circle: node.Self, Facts: region.OrgFacts{Org: org, Side: "510900"}, Words: &region.OrgWords{Name: name},
			})
			if err != nil {
				return err
			}
		}
		for _, seat := range region.Seats {
			if err := Seated(ctx, w, string(seat), region.SeatAt{Org: "fgw", Seat: seat}); err != nil {
				return err
			}
		}
		return Seated(ctx, w, "two-seats", region.SeatAt{Org: "fgw", Seat: region.Coordinator},
			region.SeatAt{Org: "jtj", Seat: region.Reporter})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Seated registers a person with seats, under the name 演示 and his id.
func Seated(ctx context.Context, w *node.Writing, person string, seats ...region.SeatAt) error {
	_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
		Circle: node.Self, Facts: region.PersonFacts{Person: person}, Words: &region.PersonWords{Name: "演示" + person},
	})
	if err != nil {
		return err
	}
	for _, s := range seats {
		_, err := region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
			Circle: node.Self, Facts: region.SeatFacts{Person: person, Org: s.Org, Seat: s.Seat},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Account gives a person of the stand his account, with his id as login and Password.
func (s *Stand) Account(t testing.TB, person string) {
	t.Helper()
	if err := s.Accounts.Create(context.Background(), person, person, Password); err != nil {
		t.Fatal(err)
	}
}
