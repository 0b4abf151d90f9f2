package exchange_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

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
	return opensCircle(t, serves(t, dir))
}

func opensCircle(t testing.TB, g *government) *government {
	t.Helper()
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
		Kept: &exchange.Kept{}, Attached: attachedByName,
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
		Node: g.Node, Signer: exchange.Signer{Origin: g.Origin, Keys: g.RequestKeys}, Client: exchange.NewClient(), Log: slog.New(slog.DiscardHandler),
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
