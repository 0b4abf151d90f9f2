package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/web/lang"
)

// Identity is who asks (身份). The zero value is nobody.
type Identity struct {
	Actor node.Actor      // Seat is empty for a person without any seat
	Name  string          // of the person, for his own pages only
	Seats []region.SeatAt // all he may choose from
	Held  []region.SeatAt // those he gets only when he has signed in with a second factor
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

// waits says that act is refused only because a seat is held back.
func (i Identity) waits(act region.Action) bool {
	return !i.May(act) && !i.Token && slices.ContainsFunc(i.Held, func(s region.SeatAt) bool { return region.May(s.Seat, act) })
}

// state is what the site keeps for one request.
type state struct {
	site     *Site
	identity Identity
	asked    *http.Request // as it came
	id       string        // of the request, in answer and log
	key      string        // header Idempotency-Key
	lang     lang.Lang
	theme    string
	reading  bool   // the request asks to read: its method is safe (RFC 9110, 9.2.1)
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

// Who names the seat that a person sits on in the request, for what his device keeps of it; empty when nobody is signed in. It tells
// apart and says nothing else.
func Who(r *http.Request) string { return stateOf(r.Context()).who() }

func (st *state) who() string {
	a := st.identity.Actor
	if a.Person == "" {
		return ""
	}
	return digest(a.Person + "\n" + a.Seat + "\n" + a.Org + "\n" + a.For)
}

// owner is who, whatever seat the person sits on.
func (st *state) owner() string {
	if st.identity.Actor.Person == "" {
		return ""
	}
	return digest("owner\n" + st.identity.Actor.Person)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// ActorOf is Actor for functions that have the context only, such as those of the API.
func ActorOf(ctx context.Context) node.Actor { return stateOf(ctx).identity.Actor }

// Asked is the request of ctx as it came, for functions that have the context only; nil where there is none.
func Asked(ctx context.Context) *http.Request { return stateOf(ctx).asked }

// IdentityOf is who asks in the request of ctx.
func IdentityOf(ctx context.Context) Identity { return stateOf(ctx).identity }

// May says whether who asks may do act: for what a page offers. The route decides for itself.
func May(ctx context.Context, act region.Action) bool { return stateOf(ctx).identity.May(act) }

// T is the text of key in the reader's language; args are pairs of name and value.
func T(ctx context.Context, key string, args ...any) string { return lang.T(ctx, key, args...) }

// RequestOf is what the form of a page asks to be written: the same pressed twice is written once.
func RequestOf(r *http.Request) node.Request {
	_ = r.ParseForm() // what cannot be read is refused where it is missing
	return node.Request{ID: RequestKey(r), Print: []byte(r.URL.Path + "?" + r.PostForm.Encode()), Actor: Actor(r)}
}

// ProofHref is the address of the page that proves an entry, of whichever member's book: "510900/suitong".
func ProofHref(book string, index int64) string {
	member, circle, _ := strings.Cut(book, "/")
	return "/proof/" + url.PathEscape(circle) + "/" + strconv.FormatInt(index, 10) + "?member=" + url.QueryEscape(member)
}

// RequestKey is the id under which a retry of the request gets the first answer, ready for
// node.Request: made of the person and the header Idempotency-Key of a call, or the hidden field
// "request" of a form; empty if there is none.
func RequestKey(r *http.Request) string {
	if key := RequestKeyOf(r.Context()); key != "" || r.Method != http.MethodPost {
		return key
	}
	return requestKey(Actor(r).Person, r.PostFormValue("request"))
}

// RequestKeyOf is RequestKey for functions that have the context only, such as those of the API.
func RequestKeyOf(ctx context.Context) string {
	st := stateOf(ctx)
	return requestKey(st.identity.Actor.Person, st.key)
}

// requestKey keeps one person's keys apart from another's, and whatever he wrote into them out of the store.
func requestKey(person, key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(person + "\n" + key))
	return hex.EncodeToString(sum[:16])
}

// NewRequestKey is a fresh value for the hidden field "request" of a form.
func NewRequestKey() string { return rand.Text() }
