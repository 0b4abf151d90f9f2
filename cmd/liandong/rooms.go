package main

import (
	"liandong/node"
	"liandong/plan"
	"liandong/plan/bulletin"
	"liandong/plan/intake"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/api"
	"liandong/web/people"
)

// mountRooms adds the pages of every room to the site.
func mountRooms(site *web.Site, n *node.Node, accounts *account.Accounts) {
	accounts.Mount(site)
	people.Mount(site, n, accounts)
	desk := plan.NewDesk(n)
	bulletin.Routes(site, desk)
	intake.Routes(site, desk)
	calls := api.New(site, "1")
	intake.API(calls, desk)
}
