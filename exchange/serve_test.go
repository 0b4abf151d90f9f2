package exchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

const entries = 300 // a full tile and one that is not

// served is a node with its own book, an open one and one for members only.
func served(t *testing.T) (base string, n *node.Node) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "node")
	s := node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}
	if err := node.InitFolder(dir, s); err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(context.Background(), dir, []node.Module{region.Module(), exchange.Module()}, node.FolderOptions{
		May: func(node.Actor, string) bool { return true },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	fill(t, f.Node)
	mux := http.NewServeMux()
	books := exchange.Books{
		Kept: &exchange.Kept{},
		Node: f.Node, Open: exchange.OpenTo("suitong", node.Self), // opening the own book must not help
		Allowed: func(r *http.Request, _ string) bool { return r.Header.Get("Authorization") == "member" },
	}
	for _, p := range exchange.Patterns {
		mux.Handle(p, books)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, f.Node
}

func fill(t *testing.T, n *node.Node) {
	t.Helper()
	_, err := n.Write(context.Background(), node.Request{}, func(ctx context.Context, w *node.Writing) error {
		for _, circle := range []string{node.Self, "suitong", "chengyu"} {
			if err := w.OpenBook(ctx, circle); err != nil {
				return err
			}
		}
		for range entries {
			_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"510900", "500152"}},
				Words: &region.CircleWords{Name: "遂潼"},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, b
}

// TestAnybodyChecksTheOpenBook reads the whole book over HTTP, knowing the origin only.
func TestAnybodyChecksTheOpenBook(t *testing.T) {
	base, _ := served(t)
	at := base + "/book/suitong/"
	_, key := get(t, at+"key")
	v, err := book.Verifier(string(bytes.TrimSpace(key)))
	if err != nil {
		t.Fatal(err)
	}
	_, signed := get(t, at+"checkpoint")
	head, err := book.OpenCheckpoint(signed, "suining.example/suitong", v)
	if err != nil || head.Size != entries {
		t.Fatalf("%+v, %v", head, err)
	}
	c := book.NewChecker("510900", "suitong")
	for n := int64(0); n*book.TileWidth < head.Size; n++ {
		width := int(min(book.TileWidth, head.Size-n*book.TileWidth))
		_, b := get(t, at+book.EntriesPath(n, width))
		bundle, err := book.ScanBundle(b)
		if err != nil || len(bundle) != width {
			t.Fatalf("bundle %d: %d entries, %v", n, len(bundle), err)
		}
		for _, e := range bundle {
			_ = c.Entry(e, book.Words{State: book.WordsWithheld}) // the words are not in the log
		}
	}
	if err := c.CheckHead(head); err != nil {
		t.Error(err)
	}
	checkTiles(t, at, head)
}

// checkTiles lets the proofs of an independent reader be made from the tiles that are served.
func checkTiles(t *testing.T, at string, head book.Checkpoint) {
	t.Helper()
	for _, index := range []int64{0, 255, 256, head.Size - 1} {
		proof, err := book.ProveInclusion(head.Size, index, func(level int, n int64, width int) ([]byte, error) {
			answer, b := get(t, at+book.TilePath(level, n, width))
			if answer.StatusCode != http.StatusOK {
				return nil, fmt.Errorf("tile %d/%d: %s", level, n, answer.Status)
			}
			return b, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_, b := get(t, at+book.TilePath(0, index/book.TileWidth, int(index%book.TileWidth)+1))
		leaf := tlog.Hash(b[len(b)-tlog.HashSize:])
		if err := book.CheckInclusion(head.Size, index, head.Root, leaf, proof); err != nil {
			t.Errorf("entry %d: %v", index, err)
		}
	}
}

func TestWhoReadsWhat(t *testing.T) {
	base, _ := served(t)
	for _, c := range []struct {
		remark, path, who string
		status            int
		cache             string
	}{
		{"an open book's head changes", "/book/suitong/checkpoint", "", 200, "public, no-cache"},
		{"its full tile never does", "/book/suitong/tile/0/000", "", 200, "public, max-age=31536000, immutable"},
		{"nor one that is not full", "/book/suitong/tile/0/001.p/44", "", 200, "public, max-age=31536000, immutable"},
		{"any width up to the present one", "/book/suitong/tile/0/001.p/1", "", 200, "public, max-age=31536000, immutable"},
		{"also of entries", "/book/suitong/tile/entries/001.p/43", "", 200, "public, max-age=31536000, immutable"},
		{"also of upper levels", "/book/suitong/tile/1/000.p/1", "", 200, "public, max-age=31536000, immutable"},
		{"a width beyond the book", "/book/suitong/tile/0/001.p/45", "", 404, "no-store"},
		{"a full tile that is not full yet", "/book/suitong/tile/0/001", "", 404, "no-store"},
		{"a level beyond", "/book/suitong/tile/2/000.p/1", "", 404, "no-store"},
		{"a tile far beyond", "/book/suitong/tile/0/x999/x999/x999/x999/x999/999", "", 404, "no-store"},
		{"not the canonical path", "/book/suitong/tile/0/0", "", 404, "no-store"},
		{"nor this", "/book/suitong/tile/00/000", "", 404, "no-store"},
		{"nor an escaped one", "/book/suitong/tile%2F0/000", "", 404, "no-store"},
		{"no width nought", "/book/suitong/tile/0/001.p/0", "", 404, "no-store"},
		{"what is not ours", "/book/suitong/entries", "", 404, "no-store"},
		{"no such book", "/book/nowhere/checkpoint", "member", 404, "no-store"},
		{"a members' book, to nobody", "/book/chengyu/checkpoint", "", 404, "no-store"},
		{"a members' book, to a member", "/book/chengyu/checkpoint", "member", 200, "private, no-cache"},
		{"the own book, to anyone", "/book/self/checkpoint", "member", 404, "no-store"},
		{"the own book's entries", "/book/self/tile/entries/000.p/1", "member", 404, "no-store"},
	} {
		answer, body := get(t, base+c.path, "Authorization", c.who)
		if answer.StatusCode != c.status || answer.Header.Get("Cache-Control") != c.cache {
			t.Errorf("%s: %s gives %d, %q; want %d, %q (%.80s)", c.remark, c.path, answer.StatusCode,
				answer.Header.Get("Cache-Control"), c.status, c.cache, body)
		}
	}
}

func TestListShowsWhatTheReaderMayRead(t *testing.T) {
	base, n := served(t)
	for _, c := range []struct {
		who     string
		circles []string
	}{{"", []string{"suitong"}}, {"member", []string{"chengyu", "suitong"}}} {
		_, b := get(t, base+"/books", "Authorization", c.who)
		var listed []exchange.Listed
		if err := json.Unmarshal(b, &listed); err != nil {
			t.Fatal(err)
		}
		var circles []string
		for _, l := range listed {
			circles = append(circles, l.Circle)
			if l.Path != "/book/"+l.Circle+"/" || l.Open != (l.Circle == "suitong") {
				t.Errorf("%+v", l)
			}
		}
		if fmt.Sprint(circles) != fmt.Sprint(c.circles) {
			t.Errorf("%q sees %v, want %v", c.who, circles, c.circles)
		}
	}
	if err := n.Store.Read(context.Background(), func(tx *store.Tx) error {
		h, _, err := node.Head(context.Background(), tx, n.BookName("suitong"))
		if err == nil && h.Size != entries {
			err = fmt.Errorf("%d entries", h.Size)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestUnchangedIsNotSentAgain(t *testing.T) {
	base, _ := served(t)
	first, _ := get(t, base+"/book/suitong/checkpoint")
	again, body := get(t, base+"/book/suitong/checkpoint", "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || len(body) != 0 {
		t.Errorf("%s with %d bytes", again.Status, len(body))
	}
}

// TestWhatGoesWrongIsToldToTheNode: the reader learns only that it did.
func TestWhatGoesWrongIsToldToTheNode(t *testing.T) {
	_, n := served(t)
	var told error
	books := exchange.Books{Node: n, Open: exchange.OpenTo("suitong"), Failed: func(_ *http.Request, err error) { told = err }}
	mux := http.NewServeMux()
	for _, p := range exchange.Patterns {
		mux.Handle(p, books)
	}
	err := n.Store.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), `DELETE FROM book_entry WHERE book = ? AND idx = 1`, n.BookName("suitong"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/book/suitong/tile/entries/000.p/2", nil))
	if w.Code != http.StatusInternalServerError || told == nil || strings.Contains(w.Body.String(), told.Error()) {
		t.Errorf("%d %q, told %v", w.Code, w.Body, told)
	}
}
