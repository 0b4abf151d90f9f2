package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// government is a member's node with its server. Between may stand before the server.
type government struct {
	*node.Node
	folder *node.Folder
	key    book.Key
	server *httptest.Server
	news   *exchange.News
	before atomic.Pointer[func(next http.Handler) http.Handler]
}

func governs(t testing.TB, member, origin string) *government {
	t.Helper()
	dir := filepath.Join(t.TempDir(), member)
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: member, Name: member, Origin: origin}}); err != nil {
		t.Fatal(err)
	}
	g := serves(t, dir)
	g.say(t, func(ctx context.Context, w *node.Writing) error {
		return region.OpenCircle(ctx, w, region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900"}})
	})
	return g
}

func modules() []node.Module { return []node.Module{region.Module(), exchange.Module()} }

// serves opens a folder and serves what a node serves to neighbours.
func serves(t testing.TB, dir string) *government {
	return servesWith(t, dir, node.FolderOptions{May: region.Permit})
}

func servesWith(t testing.TB, dir string, o node.FolderOptions) *government {
	t.Helper()
	f, err := node.OpenFolder(context.Background(), dir, modules(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	key, err := node.ReadKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	g := &government{Node: f.Node, folder: f, key: key, news: &exchange.News{}}
	f.AfterCommit(g.news.Tell)
	stopping := make(chan struct{})
	books := exchange.Books{
		Kept: &exchange.Kept{},
		Node: f.Node, Neighbour: exchange.ByNeighbour(f.Node), News: g.news, Stopping: stopping,
		Failed: func(_ *http.Request, err error) { t.Errorf("%s: %v", f.Member, err) },
	}
	mux := http.NewServeMux()
	for _, p := range exchange.Patterns {
		mux.Handle(p, books)
	}
	witness := exchange.NewWitness(f.Node, slog.New(slog.DiscardHandler))
	mux.Handle(exchange.WitnessPattern, witness)
	g.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var h http.Handler = mux
		if before := g.before.Load(); before != nil {
			h = (*before)(mux)
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(g.server.Close)
	t.Cleanup(func() { close(stopping) })
	return g
}

func (g *government) say(t testing.TB, act node.Act) {
	t.Helper()
	actor := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: g.Member}
	if _, err := g.Write(context.Background(), node.Request{Actor: actor}, act); err != nil {
		t.Fatal(err)
	}
}

// talks says n things of no consequence in the book of the circle.
func (g *government) talks(t testing.TB, n int) {
	t.Helper()
	g.say(t, func(ctx context.Context, w *node.Writing) error {
		for i := range n {
			_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900"}},
				Words: &region.CircleWords{Name: fmt.Sprintf("遂潼 %d %s", i, strings.Repeat("联", i%50))},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (g *government) recognises(t testing.TB, other *government) {
	t.Helper()
	cosigner, err := other.Cosigner()
	if err != nil {
		t.Fatal(err)
	}
	request, err := other.RequestKey()
	if err != nil {
		t.Fatal(err)
	}
	g.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Facts: region.RecognisedFacts{
				Member: other.Member, Origin: other.Origin, Key: region.KeyText(other.key.Public()),
				Witness: region.KeyText(cosigner.Public()), Request: region.PublicText(request),
			}, Words: &region.RecognisedWords{Name: other.Member, Address: other.server.URL},
		})
		return err
	})
}

func (g *government) follower(t testing.TB) *exchange.Follower {
	t.Helper()
	return &exchange.Follower{
		Node: g.Node, Signer: exchange.Signer{Origin: g.Origin, Key: g.RequestKey}, Client: exchange.NewClient(), Log: slog.New(slog.DiscardHandler),
	}
}

func (g *government) of(t testing.TB, other *government) *exchange.Remote {
	f := g.follower(t)
	return &exchange.Remote{
		Address: other.server.URL, Path: "/book/suitong/", Origin: other.Origin, Client: f.Client, Signer: f.Signer,
	}
}

func (g *government) once(t testing.TB, other *government) (int64, error) {
	t.Helper()
	return g.follower(t).Once(context.Background(), "suitong", other.Member, g.of(t, other))
}

func (g *government) size(t testing.TB, name string) (size int64) {
	t.Helper()
	_ = g.Store.Read(context.Background(), func(tx *store.Tx) error {
		head, _, err := node.Head(context.Background(), tx, name)
		size = head.Size
		return err
	})
	return size
}

func (g *government) clean(t testing.TB) {
	t.Helper()
	v, err := g.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Faults {
		t.Errorf("%s: %s/%d [%s] %s", g.Member, f.Book, f.Index, f.Code, f.What)
	}
}

func neighbours(t *testing.T) (suining, tongnan *government) {
	suining, tongnan = governs(t, "510900", "suining.example"), governs(t, "500152", "tongnan.example")
	suining.recognises(t, tongnan)
	tongnan.recognises(t, suining)
	return suining, tongnan
}

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

func (g *government) states(t testing.TB) (all []exchange.FollowState) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = exchange.Follows(context.Background(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAForkIsFoundAndProven(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 300)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	other := tongnan.shows(t, 400) // of its own key, another history from entry 250 on
	other.entries[250] = bytes.Replace(other.entries[250], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	size, err := suining.follower(t).Once(context.Background(), "suitong", "500152", other)
	if !errors.Is(err, exchange.ErrForked) || size != 302 {
		t.Fatalf("a forked book: %d, %v", size, err)
	}
	var found []exchange.Found
	if err := suining.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		found, err = exchange.Evidences(context.Background(), tx)
		return err
	}); err != nil || len(found) != 1 || found[0].Book != "500152/suitong" {
		t.Fatalf("evidence: %+v, %v", found, err)
	}
	fork, err := book.ReadFork(found[0].Fork)
	if err != nil {
		t.Fatal(err)
	}
	if err := fork.Verify(book.VerifierKey("tongnan.example/suitong", tongnan.key.Public())); err != nil || fork.Index != 250 {
		t.Errorf("the evidence names entry %d: %v", fork.Index, err)
	}
	if states := suining.states(t); !states[0].Stopped {
		t.Errorf("it is still followed: %+v", states[0])
	}
	suining.clean(t)
}

// shown is a book as somebody shows it who holds its key.
type shown struct {
	origin  string
	key     book.Key
	entries [][]byte
}

// shows is the true book, its last entry repeated until it has a size.
func (g *government) shows(t *testing.T, size int) *shown {
	t.Helper()
	s := &shown{origin: g.OriginOf("suitong"), key: g.key}
	if err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		s.entries, err = node.Entries(context.Background(), tx, g.BookName("suitong"), 0, size)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for len(s.entries) < size {
		s.entries = append(s.entries, s.entries[len(s.entries)-1])
	}
	return s
}

func (s *shown) tree() *book.Tree {
	tree := &book.Tree{}
	for _, e := range s.entries {
		tree.Append(book.LeafHash(e))
	}
	return tree
}

func (s *shown) Checkpoint(context.Context) ([]byte, error) {
	return book.SignCheckpoint(s.origin, int64(len(s.entries)), s.tree().Root(), s.key.Signer(s.origin))
}

func (s *shown) Tile(_ context.Context, level int, n int64, width int) ([]byte, error) {
	if level == 0 {
		var all []byte
		for _, e := range s.entries[n*256 : n*256+int64(width)] {
			h := book.LeafHash(e)
			all = append(all, h[:]...)
		}
		return all, nil
	}
	for _, tile := range s.tree().Pending() {
		if tile.Level == level && tile.N == n {
			return tile.Data, nil
		}
	}
	return nil, fmt.Errorf("no tile %d/%d", level, n)
}

func (s *shown) Entries(_ context.Context, n int64, width int) ([][]byte, error) {
	return s.entries[n*256 : n*256+int64(width)], nil
}

func (s *shown) Beside(_ context.Context, from int64, count int) ([]book.Beside, error) {
	return book.ScanBeside(nil, from, count)
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

func (g *government) sightings(t testing.TB) (all []exchange.Sighting) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = exchange.Sightings(context.Background(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
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

// TestTwoBooksForTwoNeighbours: tongnan shows suining one book and yibin another; they meet.
func TestTwoBooksForTwoNeighbours(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, tongnan)
	yibin.recognises(t, suining)
	suining.recognises(t, yibin)
	tongnan.talks(t, 300)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	meet := func() error {
		return suining.follower(t).Compare(ctx, exchange.Meeting{Circle: "suitong", Member: "511500", Remote: suining.of(t, yibin)})
	}
	honest := tongnan.shows(t, 100)
	if _, err := yibin.follower(t).Once(ctx, "suitong", "500152", honest); err != nil {
		t.Fatal(err)
	}
	if err := meet(); err != nil {
		t.Fatalf("an older head of the same book: %v", err)
	}
	other := tongnan.shows(t, 400)
	other.entries[350] = bytes.Replace(other.entries[350], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if _, err := yibin.follower(t).Once(ctx, "suitong", "500152", other); err != nil {
		t.Fatal(err)
	}
	tongnan.talks(t, 200)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	if err := meet(); !errors.Is(err, exchange.ErrForked) {
		t.Fatalf("two books: %v", err)
	}
	if states := suining.states(t); len(states) != 1 || !states[0].Stopped {
		t.Errorf("tongnan is still followed: %+v", states)
	}
	suining.clean(t)
	yibin.clean(t)
}
