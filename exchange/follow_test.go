package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

func TestABookIsFollowed(t *testing.T) {
	suining, tongnan := neighbours(t)
	for _, more := range []int{1, 300, 2000, 0} {
		if more > 0 {
			tongnan.talks(t, more)
		}
		size, err := suining.once(t, tongnan)
		if err != nil {
			t.Fatal(err)
		}
		if want := tongnan.size(t, "500152/suitong"); size != want || suining.size(t, "500152/suitong") != want {
			t.Fatalf("size %d, here %d, want %d", size, suining.size(t, "500152/suitong"), want)
		}
	}
	suining.clean(t)
	if size, err := tongnan.once(t, suining); err != nil || size != 2 {
		t.Errorf("the other way: %d, %v", size, err)
	}
}

func TestOnlyWhoIsRecognisedReads(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, tongnan) // but tongnan does not recognise it
	var status *exchange.StatusError
	if _, err := yibin.once(t, tongnan); !errors.As(err, &status) || status.Status != http.StatusNotFound {
		t.Errorf("a stranger reads: %v", err)
	}
	impostor := yibin.of(t, tongnan)
	impostor.Signer.Origin = suining.Origin
	if _, err := impostor.Checkpoint(context.Background()); !errors.As(err, &status) {
		t.Errorf("under another's name: %v", err)
	}
	handed := suining.of(t, tongnan)
	handed.Origin = "yibin.example" // signed for another node
	if _, err := handed.Checkpoint(context.Background()); !errors.As(err, &status) {
		t.Errorf("a request for another node: %v", err)
	}
	unsigned, err := http.Get(tongnan.server.URL + "/book/suitong/beside?from=0&count=1")
	if err != nil {
		t.Fatal(err)
	}
	unsigned.Body.Close()
	if unsigned.StatusCode != http.StatusNotFound {
		t.Errorf("words for anyone: %d", unsigned.StatusCode)
	}
	tongnan.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberSuspended.Say(ctx, w, node.Said[region.SuspendedFacts, region.ReasonWords]{
			Circle: "suitong", Facts: region.SuspendedFacts{Member: "510900", Suspended: true}, Words: &region.ReasonWords{Reason: "演练"},
		})
		return err
	})
	if _, err := suining.once(t, tongnan); !errors.As(err, &status) {
		t.Errorf("a suspended member reads: %v", err)
	}
}

// answers replaces the answers to paths that contain a text.
func (g *government) answers(part string, with func(w http.ResponseWriter, r *http.Request, next http.Handler)) {
	f := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, part) {
				with(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	g.before.Store(&f)
}

// changed passes the true answer through a change.
func changed(change func(b []byte) []byte) func(w http.ResponseWriter, r *http.Request, next http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		_, _ = w.Write(change(rec.Body.Bytes()))
	}
}

func TestWhatANeighbourAnswersIsNotBelieved(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 600)
	garbage := func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		_, _ = io.WriteString(w, "<html>登录</html>")
	}
	for _, c := range []struct {
		name, path string
		with       func(w http.ResponseWriter, r *http.Request, next http.Handler)
	}{
		{"garbage for a head", "checkpoint", garbage},
		{"garbage for a tile", "tile/0", garbage},
		{"garbage for a bundle", "tile/entries", garbage},
		{"garbage beside", "beside", garbage},
		{"an empty answer", "tile/entries", func(http.ResponseWriter, *http.Request, http.Handler) {}},
		{"a gigabyte", "checkpoint", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			block := bytes.Repeat([]byte("x"), 1<<20)
			for range 1 << 10 {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}},
		{"a loop of redirects", "tile", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, r.URL.String(), http.StatusFound)
		}},
		{"an error", "tile", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			http.Error(w, "?", http.StatusBadGateway)
		}},
		{"cut off mid-tile", "tile/entries", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			w.Header().Set("Content-Length", fmt.Sprint(rec.Body.Len()))
			_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
		}},
		{"a changed hash", "tile/0", changed(func(b []byte) []byte { b[40] ^= 1; return b })},
		{"a changed hash above", "tile/1", changed(func(b []byte) []byte { b[0] ^= 1; return b })},
		{"a changed entry", "tile/entries", changed(func(b []byte) []byte { return bytes.Replace(b, []byte("suitong"), []byte("suitang"), 1) })},
		{"changed words", "beside", changed(func(b []byte) []byte { return bytes.Replace(b, []byte("遂潼"), []byte("遂宁"), 1) })},
		{"a changed head", "checkpoint", changed(func(b []byte) []byte { return bytes.Replace(b, []byte("\n602\n"), []byte("\n601\n"), 1) })},
		{"another's head", "checkpoint", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			_ = suining.Store.Read(r.Context(), func(tx *store.Tx) error {
				_, checkpoint, err := node.Head(r.Context(), tx, "510900/suitong")
				_, _ = w.Write(checkpoint)
				return err
			})
		}},
	} {
		tongnan.answers(c.path, c.with)
		if _, err := suining.once(t, tongnan); err == nil {
			t.Errorf("%s: taken", c.name)
		} else if said := exchange.Explain(err); said == "" || strings.Contains(said, "\n") {
			t.Errorf("%s: explained as %q", c.name, said)
		}
		states := suining.states(t)
		if len(states) != 1 || states[0].Tries == 0 || states[0].Why == "" || states[0].Stopped {
			t.Errorf("%s: noted as %+v", c.name, states)
		}
		suining.clean(t)
	}
	tongnan.before.Store(nil)
	if size, err := suining.once(t, tongnan); err != nil || size != 602 {
		t.Fatalf("after all that: %d, %v", size, err)
	}
	if states := suining.states(t); states[0].Tries != 0 || states[0].Why != "" || states[0].HeadSize != 602 {
		t.Errorf("noted as %+v", states[0])
	}
	suining.clean(t)
}

func TestNewsTravelAtOnce(t *testing.T) {
	suining, tongnan := neighbours(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { suining.follower(t).Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	want := int64(0)
	for round := range 5 {
		tongnan.talks(t, 3)
		begun := time.Now()
		want = tongnan.size(t, "500152/suitong")
		for suining.size(t, "500152/suitong") != want {
			if time.Since(begun) > 20*time.Second {
				t.Fatalf("round %d: %d entries after 20 s, want %d", round, suining.size(t, "500152/suitong"), want)
			}
			time.Sleep(2 * time.Millisecond)
		}
		t.Logf("round %d: %v", round, time.Since(begun))
	}
}

// TestHurry: whoever rests is asked at once when somebody hurries.
func TestHurry(t *testing.T) {
	suining, tongnan := neighbours(t)
	waits := make(chan struct{}, 100)
	tongnan.answers("wait", func(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
		waits <- struct{}{}
		<-r.Context().Done() // the hint is lost on the way
	})
	f := suining.follower(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { f.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	<-waits
	tongnan.talks(t, 3)
	f.Hurry()
	for begun := time.Now(); suining.size(t, "500152/suitong") != tongnan.size(t, "500152/suitong"); time.Sleep(2 * time.Millisecond) {
		if time.Since(begun) > 12*time.Second {
			t.Fatalf("nobody hurried: %d entries", suining.size(t, "500152/suitong"))
		}
	}
}

func TestNeighboursCosignOurHeads(t *testing.T) {
	suining, tongnan := neighbours(t)
	ctx := context.Background()
	for _, more := range []int{300, 0, 700} {
		suining.talks(t, more)
		if err := suining.follower(t).Witnesses(ctx, "suitong"); err != nil {
			t.Fatal(err)
		}
		seen := suining.sightings(t)
		if len(seen) != 1 || seen[0].Size != suining.size(t, "510900/suitong") || seen[0].Witness != "tongnan.example/witness" || seen[0].At.IsZero() {
			t.Fatalf("sightings: %+v", seen)
		}
	}
	suining.reaches(t, 1001, "500152", "witness")
	suining.talks(t, 5) // not shown to anybody yet
	suining.reaches(t, 1004, "", "")
	suining.provesCosigned(t, 500)
	if err := suining.follower(t).Witnesses(ctx, "suitong"); err != nil {
		t.Fatal(err)
	}
	head, err := tongnan.of(t, suining).Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cosigner, err := tongnan.Cosigner()
	if err != nil {
		t.Fatal(err)
	}
	own, err := book.Verifier(book.VerifierKey("suining.example/suitong", suining.key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	witness, err := book.WitnessVerifier(cosigner.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	if _, lines, err := book.OpenCosigned(head, "suining.example/suitong", own, witness); err != nil || len(lines) != 1 {
		t.Errorf("the head that is served bears %d cosignatures: %v", len(lines), err)
	}
	if size, err := tongnan.once(t, suining); err != nil || size != suining.size(t, "510900/suitong") {
		t.Errorf("a cosigned head is followed: %d, %v", size, err)
	}
	seen := tongnan.sightings(t)
	if len(seen) != 1 || seen[0].Witness != "tongnan.example/witness" || seen[0].Size != suining.size(t, "510900/suitong") {
		t.Errorf("what tongnan saw of suining's book: %+v", seen)
	}
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, suining)
	yibin.recognises(t, tongnan)
	suining.recognises(t, yibin)
	if _, err := yibin.once(t, suining); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range yibin.sightings(t) {
		names[s.Witness] = true
	}
	// suining's newest head is one that tongnan has not cosigned: it recognised yibin since.
	if err := suining.follower(t).Witnesses(ctx, "suitong"); err != nil {
		t.Fatal(err)
	}
	if _, err := yibin.once(t, suining); err != nil {
		t.Fatal(err)
	}
	for _, s := range yibin.sightings(t) {
		names[s.Witness] = true
	}
	if !names["yibin.example/witness"] || !names["tongnan.example/witness"] {
		t.Errorf("what yibin knows of suining's book: %v", names)
	}
}

// reaches holds the delivery of an entry to tongnan.
func (g *government) reaches(t *testing.T, index int64, member, by string) {
	t.Helper()
	var all []exchange.Delivered
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = exchange.DeliveredTo(context.Background(), tx, g.Member, "suitong", index)
		return err
	})
	if err != nil || len(all) != 1 || all[0].By != by || all[0].At.IsZero() != (by == "") {
		t.Errorf("entry %d: %+v, %v, want by %q", index, all, err, by)
	}
	if at := exchange.Effective(all, 1); at.IsZero() != (by == "") {
		t.Errorf("entry %d counts from %v", index, at)
	}
	if at := exchange.Effective(all, 2); !at.IsZero() {
		t.Errorf("entry %d counts although two were asked for", index)
	}
}

func (g *government) provesCosigned(t *testing.T, index int64) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) error {
		e, err := exchange.CosignedEvidence(context.Background(), tx, g.BookName("suitong"), index, "遂宁市")
		if err == nil && strings.Count(e.Checkpoint, "— ") != 2 {
			t.Errorf("the evidence bears other lines than the book's and the witness's:\n%s", e.Checkpoint)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
