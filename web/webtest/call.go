package webtest

import (
	"net/http/httptest"
	"strings"

	"liandong/node"
)

// Call makes a call below /api/v1 as somebody, and returns the answer when it has its status and texts.
func (r Room) Call(who node.Actor, method, path, body string, status int, says ...string) string {
	r.T.Helper()
	req := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	return r.Want(who.Seat+" "+method+" "+path+" "+body, r.Send(who, req), status, says...).Body.String()
}

// At is a person with his seat at an organisation of the stand.
func At(seat, org string) node.Actor {
	return node.Actor{Person: seat, Org: org, Seat: seat, Member: "510900"}
}
