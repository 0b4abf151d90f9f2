package signins_test

import (
	"testing"

	"liandong/web"
	"liandong/web/api"
	"liandong/web/signins"
	"liandong/web/webtest"
)

// TestTheRecordIsCheckedByCall, by the auditor and nobody else.
func TestTheRecordIsCheckedByCall(t *testing.T) {
	s, _ := stand(t)
	r := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { signins.API(api.New(site, "test"), s.Node, s.Accounts) }}
	r.Call(webtest.At("administrator", "fgw"), "POST", "/sign-ins/check", "", 403)
	r.Call(webtest.At("auditor", "fgw"), "POST", "/sign-ins/check", "", 200, `"broken":0`, `"lines":`)
}

// TestTheRecordIsReadByCall, by the auditor and nobody else, and its reading is recorded.
func TestTheRecordIsReadByCall(t *testing.T) {
	s, _ := stand(t)
	r := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { signins.API(api.New(site, "test"), s.Node, s.Accounts) }}
	r.Call(webtest.At("administrator", "fgw"), "GET", "/sign-ins", "", 403)
	r.Call(webtest.At("auditor", "fgw"), "GET", "/sign-ins?from=soon", "", 422, "signins.day")
	r.Call(webtest.At("auditor", "fgw"), "GET", "/sign-ins?outcome=wrong", "", 200, `"address":"10.6.6.6"`, `"outcome":"wrong"`)
	r.Call(webtest.At("auditor", "fgw"), "GET", "/sign-ins?act=record-read", "", 200, `"act":"record-read"`)
	r.Call(webtest.At("auditor", "fgw"), "GET", "/sign-ins?before=1", "", 200, `"lines":[]`)
}
