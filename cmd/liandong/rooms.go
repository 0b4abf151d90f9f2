package main

import (
	"context"
	"time"

	"liandong/exchange"
	"liandong/exchange/neighbours"
	"liandong/node"
	"liandong/plan"
	planapi "liandong/plan/api"
	"liandong/plan/board"
	"liandong/plan/bulletin"
	"liandong/plan/filing"
	"liandong/plan/intake"
	"liandong/plan/slips"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/admin"
	"liandong/web/api"
	"liandong/web/books"
	"liandong/web/people"
)

// mountRooms adds the pages and calls of every room to the site.
func mountRooms(site *web.Site, f *node.Folder, accounts *account.Accounts, follower *exchange.Follower) {
	n := f.Node
	accounts.Mount(site)
	desk := plan.NewDesk(n)
	desk.Reaches(reached)
	filing.Routes(site, desk)
	board.Routes(site, desk)
	bulletin.Routes(site, desk)
	intake.Routes(site, desk)
	slips.Routes(site, desk)
	calls := api.New(site, "1")
	intake.API(calls, desk)
	planapi.Routes(calls, desk)
	clockCall(calls, n)
	rollCall(calls, f)
	neighbours.API(calls, n)
	neighbours.Routes(site, n)
	wordsCalls(calls, n)
	books.Routes(site, n, desk.MayRead, desk.NamesIn, outside(n))
	people.Mount(site, n, accounts)
	admin.Routes(site, n, accounts, asking(follower))
}

// reached tells the pages of plans when neighbours' books were last complete here.
func reached(ctx context.Context, tx *store.Tx) (map[string]time.Time, error) {
	all, err := exchange.Follows(ctx, tx)
	at := map[string]time.Time{}
	for _, f := range all {
		at[f.Book] = f.ReachedAt
	}
	return at, err
}
