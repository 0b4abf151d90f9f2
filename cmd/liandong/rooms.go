package main

import (
	"context"
	"time"

	"liandong/exchange"
	"liandong/exchange/neighbours"
	"liandong/node"
	"liandong/notice"
	"liandong/plan"
	"liandong/plan/amend"
	planapi "liandong/plan/api"
	"liandong/plan/board"
	"liandong/plan/bulletin"
	"liandong/plan/filing"
	"liandong/plan/instructions"
	"liandong/plan/intake"
	"liandong/plan/making"
	"liandong/plan/meetings"
	"liandong/plan/notices"
	"liandong/plan/reform"
	"liandong/plan/signing"
	"liandong/plan/slips"
	"liandong/plan/split"
	"liandong/plan/workdays"
	"liandong/region"
	"liandong/store"
	"liandong/web/admin"
	"liandong/web/api"
	"liandong/web/books"
	"liandong/web/brand"
	"liandong/web/people"
	"liandong/web/retention"
	"liandong/web/signins"
	"liandong/web/standin"
)

// mountRooms adds the pages and calls of every room to the site.
func (a *app) mountRooms(o notice.Options) {
	site, f, accounts := a.site, a.folder, a.accounts
	n := f.Node
	accounts.Mount(site)
	desk := plan.NewDesk(n)
	desk.Reaches(reached)
	o.Source, o.Log = notices.Source(desk), a.log
	a.notices = notice.NewDesk(n, o)
	a.notices.Routes(site)
	filing.Routes(site, desk)
	board.Routes(site, desk)
	bulletin.Routes(site, desk)
	intake.Routes(site, desk)
	slips.Routes(site, desk)
	split.Routes(site, desk)
	signing.Routes(site, desk)
	making.Routes(site, desk)
	amend.Routes(site, desk)
	instructions.Routes(site, desk)
	meetings.Routes(site, desk)
	reform.Routes(site, desk)
	workdays.Routes(site, desk)
	calls := api.New(site, "1")
	a.notices.API(calls)
	intake.API(calls, desk)
	workdays.API(calls, desk)
	reform.API(calls, desk)
	board.API(calls, desk)
	slips.API(calls, desk)
	making.API(calls, desk)
	meetings.API(calls, desk)
	planapi.Routes(calls, desk)
	clockCall(calls, n)
	rollCall(calls, f)
	neighbours.API(calls, n)
	neighbours.Routes(site, n)
	wordsCalls(calls, n)
	brand.API(calls, n)
	retention.API(calls, n, a.keep)
	retention.Routes(site, n, a.keep)
	brand.Routes(site, n)
	books := books.Routes(site, n, desk.MayRead, desk.NamesIn, outside(n))
	books.API(calls)
	signins.Routes(site, n, accounts)
	signins.API(calls, n, accounts)
	people.Mount(site, n, accounts, waits(n, o.Source), desk, a.notices).API(calls)
	standin.Mount(site, n)
	standin.API(calls, n)
	admin.Routes(site, n, accounts, asking(a.follower))
	admin.API(calls, n, asking(a.follower))
}

// waits counts for the register of people what waits for a seat.
func waits(n *node.Node, s notice.Source) people.Waiting {
	return func(ctx context.Context, seat region.SeatAt) (count int, err error) {
		all, err := s.Standing(ctx, node.Actor{Org: seat.Org, Seat: string(seat.Seat), Member: n.Member})
		for _, m := range all {
			count += max(1, m.N)
		}
		return count, err
	}
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
