package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
)

// TestTheWitnessBelievesOurRecognitionsOnly: a member that recognises a key of its own as that of another member says so
// in its book, and changes nothing of whom we cosign.
func TestTheWitnessBelievesOurRecognitionsOnly(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	suining.recognises(t, yibin)
	yibin.recognises(t, suining)
	stolen, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{3}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	yibin.say(t, func(ctx context.Context, w *node.Writing) error {
		key := region.KeyText(stolen.Public())
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Words: &region.RecognisedWords{Name: "潼南区"},
			Facts: region.RecognisedFacts{Member: "500152", Origin: tongnan.Origin, Key: key, Witness: key, Request: key},
		})
		return err
	})
	if _, err := suining.once(t, yibin); err != nil {
		t.Fatal(err)
	}
	tongnan.talks(t, 5)
	forged := &shown{origin: tongnan.OriginOf("suitong"), key: stolen, entries: tongnan.shows(t, 3).entries}
	head, err := forged.Checkpoint(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(suining.server.URL+"/witness/add-checkpoint", "text/plain", bytes.NewReader(exchange.Submission(0, nil, head)))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a head under a key that only another member recognises: %s", res.Status)
	}
	if err := tongnan.follower(t).Witnesses(context.Background(), "suitong"); err != nil {
		t.Errorf("the true head: %v", err)
	}
}

// TestCopiesAreForWhomTheirMemberRecognises: what tongnan said to its neighbours is not suining's to show to others.
func TestCopiesAreForWhomTheirMemberRecognises(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	suining.recognises(t, yibin)
	yibin.recognises(t, suining)
	copied := func() error {
		r := yibin.of(t, suining)
		r.Path = "/copy/500152/suitong/"
		_, err := r.Beside(context.Background(), 0, 1)
		return err
	}
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	var status *exchange.StatusError
	if err := copied(); !errors.As(err, &status) || status.Status != http.StatusNotFound {
		t.Errorf("a copy for whom its member does not know: %v", err)
	}
	tongnan.recognises(t, yibin)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	if err := copied(); err != nil {
		t.Errorf("a copy for whom its member recognises: %v", err)
	}
	own := tongnan.of(t, suining)
	own.Path = "/copy/500152/suitong/"
	if _, err := own.Beside(context.Background(), 0, 1); err != nil {
		t.Errorf("a copy of one's own book: %v", err)
	}
}

// TestClocksMayDifferByDays: the asker learns the clock of whom it asks; what was overheard soon reads nothing.
func TestClocksMayDifferByDays(t *testing.T) {
	suining, tongnan := neighbours(t)
	r := suining.of(t, tongnan)
	exchange.Skew(r, -3*24*time.Hour)
	if _, err := r.Checkpoint(context.Background()); err != nil {
		t.Errorf("three days behind: %v", err)
	}
	req, err := http.NewRequest(http.MethodGet, tongnan.server.URL+"/book/suitong/beside?from=0&count=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := exchange.SignAt(r, req, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a request of an hour ago: %s", res.Status)
	}
}

// TestHeavyPagesAreTakenInSmallOnes: words of a megabyte each neither stop a book nor fill the memory.
func TestHeavyPagesAreTakenInSmallOnes(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 20)
	long := string(bytes.Repeat([]byte("长"), 300_000))
	for range 24 {
		tongnan.say(t, func(ctx context.Context, w *node.Writing) error {
			_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900"}},
				Words: &region.CircleWords{Name: long},
			})
			return err
		})
	}
	tongnan.talks(t, 20)
	if size, err := suining.once(t, tongnan); err != nil || size != tongnan.size(t, "500152/suitong") {
		t.Fatalf("%d entries, %v", size, err)
	}
	suining.clean(t)
}
