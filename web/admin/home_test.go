package admin_test

import (
	"testing"

	"liandong/node"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/admin"
	"liandong/web/webtest"
)

// TestTheFirstPageLeadsToTheRulesOfWork: to what colours mean and to the steps of supervision, and not for who may not open it.
func TestTheFirstPageLeadsToTheRulesOfWork(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	room := webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { admin.Routes(s, o.Node(), nil, admin.Neighbours{}) }}
	as := func(seat region.Seat) node.Actor { return o.As(seat, plantest.UnitNames[0]).Actor }
	for _, seat := range []region.Seat{region.Administrator, region.Coordinator} {
		room.Want(string(seat), room.Ask(as(seat), "/admin", nil), 200, `href="/legend"`, `href="/slips/ladder"`, "督办等次", "状态图例")
	}
	room.Want("a reader", room.Ask(as(region.Reader), "/admin", nil), 403)
}
