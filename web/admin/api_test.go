package admin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/node"
	"liandong/store"
	"liandong/web"
	"liandong/web/admin"
	"liandong/web/api"
	"liandong/web/webtest"
)

// TestResumeByCalls: a node that only reads writes again on a statement or on what neighbours say, and never on neither.
func TestResumeByCalls(t *testing.T) {
	s := webtest.NewStand(t)
	asked := ""
	neighbours := admin.Neighbours{
		Answers: func(context.Context, *store.Tx) (admin.Answers, error) {
			return admin.Answers{Lines: []string{"500152 知道"}, Complete: true}, nil
		},
		Resume: func(_ context.Context, _ node.Request, reason string) error {
			asked = reason
			return nil
		},
	}
	r := webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { admin.API(api.New(site, "test"), s.Node, neighbours) }}
	admin := webtest.At("administrator", "fgw")
	r.Call(webtest.At("coordinator", "fgw"), "GET", "/node/state", "", 403)
	r.Call(webtest.At("coordinator", "fgw"), "POST", "/node/resume", `{"reason":"试"}`, 403)
	r.Call(admin, "GET", "/node/state", "", 200, `"told":false`)
	r.Call(admin, "POST", "/node/resume", `{"reason":"已核对"}`, 422, "admin.resume.unstated", `"field":"unpublished"`)
	r.Call(admin, "POST", "/node/resume", `{"reason":"已核对","ask":true}`, 200)
	// Under one key, another statement is another request.
	keyed := func(body string, status int, says ...string) {
		t.Helper()
		req := httptest.NewRequest(http.MethodPost, "/api/v1/node/resume", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "resume-once")
		r.Want(body, r.Send(admin, req), status, says...)
	}
	if err := s.Node.OnlyRead(t.Context(), "restored"); err != nil {
		t.Fatal(err)
	}
	keyed(`{"reason":"已核对","unpublished":true}`, 200)
	keyed(`{"reason":"已核对","unpublished":true}`, 200)
	keyed(`{"reason":"已核对","unpublished":true,"ask":true}`, 409, "node.request-reused")
	if asked != "已核对" {
		t.Errorf("neighbours were asked with %q", asked)
	}
}
