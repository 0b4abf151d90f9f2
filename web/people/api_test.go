package people_test

import (
	"testing"

	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/people"
	"liandong/web/webtest"
)

// TestRulesOfSafetyByCalls: the security administrator sets them within their bounds, the administrator only as long as there is none.
func TestRulesOfSafetyByCalls(t *testing.T) {
	s := webtest.NewStand(t)
	r := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { people.Mount(site, s.Node, s.Accounts, nil).API(api.New(site, "test")) }}
	rules := func(password string) string {
		return `{"separation":true,"second":"three","password":` + password + `,"idle":8,"most":5}`
	}
	for _, seat := range region.Seats {
		if !region.May(seat, region.SecurityWrite) {
			r.Call(webtest.At(string(seat), "fgw"), "GET", "/security", "", 403)
			r.Call(webtest.At(string(seat), "fgw"), "POST", "/security", rules("12"), 403)
		}
	}
	r.Call(webtest.At("administrator", "fgw"), "GET", "/security", "", 200, `"may":false`)
	r.Call(webtest.At("administrator", "fgw"), "POST", "/security", rules("12"), 422, "region.security.only")
	security := webtest.At("security", "fgw")
	r.Call(security, "POST", "/security", rules("3"), 422, `"field":"password"`)
	r.Call(security, "POST", "/security", rules("12"), 200, `"password":12`, `"may":true`)
	r.Call(security, "GET", "/security", "", 200, `"idle":8`, `"second":"three"`)
}

// TestManyPeopleAreRegisteredOrNone: by the administrator, with seats by who may give them, and once under a key.
func TestManyPeopleAreRegisteredOrNone(t *testing.T) {
	s := webtest.NewStand(t)
	r := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { people.Mount(site, s.Node, s.Accounts, nil).API(api.New(site, "test")) }}
	count := func() (n int) {
		t.Helper()
		err := s.Node.Store.Read(t.Context(), func(tx *store.Tx) error {
			all, err := region.People(t.Context(), tx)
			n = len(all)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	admin, before := webtest.At("administrator", "fgw"), count()
	const two = `{"people":[{"name":"张演示"},{"name":"李演示"}]}`
	for _, seat := range []string{"security", "coordinator", "reporter", "auditor"} {
		r.Call(webtest.At(seat, "fgw"), "POST", "/bulk/people", two, 403)
	}
	r.Call(admin, "POST", "/bulk/people", `{"people":[{"name":"张演示"},{"name":"  "}]}`, 422, "api.rows-refused", `"index":1`)
	r.Call(admin, "POST", "/bulk/people", `{"people":[{"name":"张演示"},{"name":"李演示","org":"fgw","seat":"reader"}]}`, 422, `"index":1`, "region.security.only")
	if n := count(); n != before {
		t.Errorf("%d people of refused calls", n-before)
	}
	r.Call(admin, "POST", "/bulk/people?partial=true", `{"people":[{"name":"张演示"},{"name":"李演示","org":"fgw","seat":"reader"}]}`, 200, `"done":1`, `"refused":1`)
	r.Call(admin, "POST", "/bulk/people", two, 200, `"done":2`, `"person":"p-`)
	if n := count(); n != before+3 {
		t.Errorf("%d people", n-before)
	}
}
