package exchange_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
)

// asked notes what a government answers its neighbours.
type asked struct {
	mu       sync.Mutex
	statuses []int
}

func (a *asked) refused() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.statuses {
		if s == http.StatusNotFound {
			n++
		}
	}
	a.statuses = nil
	return n
}

func (g *government) notes() *asked {
	a := &asked{}
	g.answers("/book/", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		a.mu.Lock()
		a.statuses = append(a.statuses, rec.Code)
		a.mu.Unlock()
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
	return a
}

// meets has both read each other.
func meets(t *testing.T, one, other *government) {
	t.Helper()
	for _, g := range [][2]*government{{one, other}, {other, one}} {
		if _, err := g[0].once(t, g[1]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhoRolledStillReads: the neighbour knows the former key until its people recognise the next, and neither keeps us from reading.
func TestWhoRolledStillReads(t *testing.T) {
	suining, tongnan := neighbours(t)
	meets(t, suining, tongnan)
	answers := suining.notes()
	src := tongnan.of(t, suining)
	reads := func(when string, refused int) {
		t.Helper()
		suining.talks(t, 3)
		size, err := tongnan.follower(t).Once(context.Background(), "suitong", "510900", src)
		if err != nil || size != suining.size(t, "510900/suitong") {
			t.Errorf("%s: %d, %v", when, size, err)
		}
		if got := answers.refused(); got != refused {
			t.Errorf("%s: %d requests were refused, want %d", when, got, refused)
		}
	}
	reads("before the roll", 0)
	rolls(t, tongnan)
	reads("after the roll", 1)
	reads("what held is remembered", 0)
	second := rolls(t, tongnan)
	reads("after another roll", 0)
	keys, err := region.KeysOf(tongnan.Origin, tongnan.SigningKey())
	if err != nil {
		t.Fatal(err)
	}
	suining.say(t, func(ctx context.Context, w *node.Writing) error { // by an invitation, after a call
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Facts: region.RecognisedFacts{
				Member: tongnan.Member, Origin: tongnan.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request, Until: second.Index + 1,
			}, Words: &region.RecognisedWords{Name: "潼南区", Address: tongnan.server.URL},
		})
		return err
	})
	reads("once the next key is recognised", 1)
	reads("and from then on", 0)
}

// TestTwoWhoRollAtOnceHearOfIt: each knows only the other's former key, and still comes to the other's roll.
func TestTwoWhoRollAtOnceHearOfIt(t *testing.T) {
	suining, tongnan := neighbours(t)
	meets(t, suining, tongnan)
	theirs, ours := rolls(t, tongnan), rolls(t, suining)
	for _, g := range [][2]*government{{suining, tongnan}, {tongnan, suining}} {
		if _, err := g[0].once(t, g[1]); !errors.Is(err, exchange.ErrRolled) {
			t.Errorf("%s does not hear of the other's roll: %v", g[0].Member, err)
		}
	}
	suining.recognisesRoll(t, tongnan, theirs)
	tongnan.recognisesRoll(t, suining, ours)
	meets(t, suining, tongnan)
}

// TestAnOpenBookTellsNothingOfKeys: its head is shown to anybody, what lies beside its entries only to whom the neighbour knows.
func TestAnOpenBookTellsNothingOfKeys(t *testing.T) {
	suining, tongnan := neighbours(t)
	meets(t, suining, tongnan)
	mux := http.NewServeMux()
	for _, p := range exchange.Patterns {
		mux.Handle(p, exchange.Books{Node: suining.Node, Neighbour: exchange.ByNeighbour(suining.Node), Open: exchange.OpenTo("suitong")})
	}
	suining.answers("/book/", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { mux.ServeHTTP(w, r) })
	rolls(t, tongnan)
	src := tongnan.of(t, suining)
	for range 2 {
		suining.talks(t, 3)
		if size, err := tongnan.follower(t).Once(context.Background(), "suitong", "510900", src); err != nil || size != suining.size(t, "510900/suitong") {
			t.Errorf("%d, %v", size, err)
		}
	}
}
