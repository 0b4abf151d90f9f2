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
	r := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { signins.API(api.New(site, "test"), s.Node) }}
	r.Call(webtest.At("administrator", "fgw"), "POST", "/sign-ins/check", "", 403)
	r.Call(webtest.At("auditor", "fgw"), "POST", "/sign-ins/check", "", 200, `"broken":0`, `"lines":`)
}
