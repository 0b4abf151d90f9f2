package web

import (
	"context"
	"net/http"
	"slices"

	"liandong/node"
	"liandong/region"
	"liandong/web/lang"
)

// Identity is who asks (身份). The zero value is nobody.
type Identity struct {
	Actor node.Actor      // Seat is empty for a person without any seat
	Name  string          // of the person, for his own pages only
	Seats []region.SeatAt // all he may choose from
	Token bool            // came by an API token
	// Scopes are the actions of the token; a session has none and may do what its seat may.
	Scopes []region.Action
}

// May says whether the identity may do act. Deny by default.
func (i Identity) May(act region.Action) bool {
	switch {
	case act == region.Public:
		return true
	case i.Actor.Person == "":
		return false
	case i.Token && !slices.Contains(i.Scopes, act):
		return false
	case act == region.SelfAct:
		return true // also without a seat: signing out must always work
	}
	return region.May(region.Seat(i.Actor.Seat), act)
}

// state is what the site keeps for one request.
type state struct {
	site     *Site
	identity Identity
	id       string // of the request, in answer and log
	lang     lang.Lang
	theme    string
	route    string // pattern, for log and metrics
	errored  error  // what made a 500
	accident string
}

type stateKey struct{}

func stateOf(ctx context.Context) *state {
	if st, ok := ctx.Value(stateKey{}).(*state); ok {
		return st
	}
	return &state{lang: lang.Zh}
}

// Actor is who acts in the request; its Person is empty when nobody is signed in.
func Actor(r *http.Request) node.Actor { return stateOf(r.Context()).identity.Actor }

// ActorOf is Actor for functions that have the context only, such as those of the API.
func ActorOf(ctx context.Context) node.Actor { return stateOf(ctx).identity.Actor }

// IdentityOf is who asks in the request of ctx.
func IdentityOf(ctx context.Context) Identity { return stateOf(ctx).identity }

// May says whether who asks may do act: for what a page offers. The route decides for itself.
func May(ctx context.Context, act region.Action) bool { return stateOf(ctx).identity.May(act) }

// T is the text of key in the reader's language; args are pairs of name and value.
func T(ctx context.Context, key string, args ...any) string { return lang.T(ctx, key, args...) }

// RequestKey is the id under which a retry of the request gets the first answer: the header
// Idempotency-Key of a call, the hidden field "request" of a form; empty if there is none.
func RequestKey(r *http.Request) string {
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		return key
	}
	if r.Method == http.MethodPost {
		return r.PostFormValue("request")
	}
	return ""
}
