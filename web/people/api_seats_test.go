package people_test

import (
	"slices"
	"strings"
	"testing"

	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/people"
	"liandong/web/webtest"
)

// TestSeatsByCalls: who gives seats on the page gives them by a call, with the same refusals.
func TestSeatsByCalls(t *testing.T) {
	s := webtest.NewStand(t)
	r := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { people.Mount(site, s.Node, s.Accounts, nil).API(api.New(site, "test")) }}
	var reporter region.Person
	err := s.Node.Store.Read(t.Context(), func(tx *store.Tx) error {
		all, err := region.People(t.Context(), tx)
		at := slices.IndexFunc(all, func(p region.Person) bool {
			return slices.ContainsFunc(p.Seats, func(at region.SeatAt) bool { return at.Seat == region.Reporter })
		})
		if at >= 0 {
			reporter = all[at]
		}
		return err
	})
	if err != nil || reporter.ID == "" {
		t.Fatalf("no reporter: %v", err)
	}
	at, reader := "/people/"+reporter.ID+"/seats", `{"org":"fgw","seat":"reader"}`
	for _, seat := range region.Seats {
		if !region.May(seat, region.SeatGive) {
			r.Call(webtest.At(string(seat), "fgw"), "POST", at, reader, 403)
			r.Call(webtest.At(string(seat), "fgw"), "POST", at+"/take", reader, 403)
		}
	}
	r.Call(webtest.At("administrator", "fgw"), "POST", at, reader, 422, "region.security.only")
	security := webtest.At("security", "fgw")
	r.Call(security, "POST", at, reader, 200, `"seat":"reader"`, `"person":"`+reporter.ID+`"`)
	r.Call(security, "POST", at, `{"org":"fgw","seat":"king"}`, 422, "region.seat.unknown")
	r.Call(security, "POST", at, `{"org":"o-nowhere","seat":"reader"}`, 422, "region.org.unknown")
	r.Call(security, "POST", "/people/p-nobody/seats", reader, 422, "region.person.unknown")
	if got := r.Call(security, "POST", at+"/take", reader, 200); strings.Contains(got, `"seat":"reader"`) {
		t.Errorf("taken: %s", got)
	}
	r.Call(webtest.At("administrator", "fgw"), "POST", at+"/take", reader, 422, "region.security.only")
}
