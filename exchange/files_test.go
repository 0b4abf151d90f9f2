package exchange_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/store"
)

// fetches follows the neighbour's book and fetches its files once.
func (g *government) fetches(t *testing.T, f *exchange.Follower, other *government) []exchange.FileWaiting {
	t.Helper()
	ctx := context.Background()
	src := g.of(t, other)
	if _, err := f.Once(ctx, "suitong", other.Member, src); err != nil {
		t.Fatal(err)
	}
	if err := f.FetchFiles(ctx, other.Member+"/suitong", src); err != nil {
		t.Fatal(err)
	}
	return g.waits(t)
}

func (g *government) waits(t *testing.T) (all []exchange.FileWaiting) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = exchange.FilesWaiting(context.Background(), tx, 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (g *government) has(t *testing.T, blob string, content []byte) bool {
	t.Helper()
	f, err := g.Blobs.Open(blob)
	if err != nil {
		return false
	}
	defer f.Close()
	got, err := io.ReadAll(f)
	return err == nil && bytes.Equal(got, content)
}

func (g *government) fetching(t *testing.T) *exchange.Follower {
	f := g.follower(t)
	f.Attached = attachedByName
	return f
}

// TestFilesComeOverTheNetwork: what a neighbour's entry names is fetched with its words, once, and no third party gets it.
func TestFilesComeOverTheNetwork(t *testing.T) {
	suining, tongnan := neighbours(t)
	content := bytes.Repeat([]byte("照片"), 50_000)
	blob := suining.attaches(t, string(content))
	if left := tongnan.fetches(t, tongnan.fetching(t), suining); len(left) != 0 || !tongnan.has(t, blob, content) {
		t.Fatalf("left %+v, has it: %v", left, tongnan.has(t, blob, content))
	}
	path := "/book/suitong/file?of=" + lastIndex(t, suining) + "&n=0"
	res, err := http.Get(suining.server.URL + path)
	if err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("without a signature: %v, %v", res.StatusCode, err)
	}
	for _, bad := range []string{"file", "file?of=-1&n=0", "file?of=x&n=0", "file?of=0&n=0", "file?of=999&n=0", "file?of=" + lastIndex(t, suining) + "&n=1"} {
		if status := asks(t, tongnan, suining, "/book/suitong/"+bad, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", bad, status)
		}
	}
	part := map[string]string{"Range": "bytes=2-5"}
	if status := asks(t, tongnan, suining, path, part); status != http.StatusPartialContent {
		t.Errorf("a part: %d", status)
	}
	overwrite(t, suining, blob, "损坏的内容")
	for _, of := range []string{"", `"of another file"`} { // who goes on with this file's beginning checks the whole himself
		part["If-Range"] = of
		if status := asks(t, tongnan, suining, path, part); status != http.StatusNotFound {
			t.Errorf("a part of a damaged file, going on with %q: %d", of, status)
		}
	}
}

// TestAFileGoesOnWhereTheLineWasCut, and what came is kept over a restart of the node.
func TestAFileGoesOnWhereTheLineWasCut(t *testing.T) {
	suining, tongnan := neighbours(t)
	content := bytes.Repeat([]byte("0123456789"), 20_000)
	blob := suining.attaches(t, string(content))
	var cut atomic.Bool
	var from atomic.Value
	cut.Store(true)
	before := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/file") {
				next.ServeHTTP(w, r)
				return
			}
			from.Store(r.Header.Get("Range"))
			if cut.Load() {
				w = &cutting{ResponseWriter: w, left: 150_000}
			}
			next.ServeHTTP(w, r)
		})
	}
	suining.through(before)
	left := tongnan.fetches(t, tongnan.fetching(t), suining)
	if len(left) != 1 || left[0].Why == "" || tongnan.has(t, blob, content) {
		t.Fatalf("after a cut: %+v", left)
	}
	cut.Store(false)
	again := tongnan.fetching(t) // as after a restart: nothing of the first is kept in memory
	tongnan.retries(t)
	if left := tongnan.fetches(t, again, suining); len(left) != 0 || !tongnan.has(t, blob, content) {
		t.Fatalf("not gone on with: %+v", left)
	}
	if got := from.Load(); got == "" || got == "bytes=0-" {
		t.Errorf("it began anew: %q", got)
	}
}

// cutting breaks the line after some bytes.
type cutting struct {
	http.ResponseWriter
	left int
}

func (c *cutting) Write(b []byte) (int, error) {
	if len(b) > c.left {
		panic(http.ErrAbortHandler)
	}
	c.left -= len(b)
	return c.ResponseWriter.Write(b)
}

// TestFilesThatAreNotTaken: another content, one that is too large, one that the neighbour does not have, and all that is over a day's
// bytes. The entries are followed all the same.
func TestFilesThatAreNotTaken(t *testing.T) {
	suining, tongnan := neighbours(t)
	content := []byte("真的内容")
	for _, c := range []struct {
		name  string
		why   string
		spoil func(blob string)
		by    func(f *exchange.Follower)
	}{
		{"another content", "不符", func(blob string) { overwrite(t, suining, blob, "假的内容") }, nil},
		{"too large", "接收上限", nil, func(f *exchange.Follower) { f.FileLimit = 3 }},
		{"not there", "对方没有", func(blob string) { remove(t, suining, blob) }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			blob := suining.attaches(t, string(content))
			if c.spoil != nil {
				c.spoil(blob)
			}
			f := tongnan.fetching(t)
			if c.by != nil {
				c.by(f)
			}
			// The server gives out nothing that is damaged; a hostile one does.
			hostile := func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if c.name != "another content" || !strings.HasSuffix(r.URL.Path, "/file") {
						next.ServeHTTP(w, r)
						return
					}
					w.Write([]byte("假的内容"))
				})
			}
			suining.through(hostile)
			left := tongnan.fetches(t, f, suining)
			if len(left) != 1 || !strings.Contains(left[0].Why, c.why) || tongnan.has(t, blob, content) {
				t.Errorf("%+v", left)
			}
			if parts, _ := filepath.Glob(filepath.Join(tongnan.folder.Dir, "*", ".got-*")); c.name == "another content" && sizeOf(parts) > 0 {
				t.Errorf("what was not true was kept: %v", parts)
			}
			tongnan.forgetWaiting(t)
		})
	}
}

// TestTheDayOfANeighbour: once it sent what may come in a day, it is asked no more until the next.
func TestTheDayOfANeighbour(t *testing.T) {
	suining, tongnan := neighbours(t)
	suining.talks(t, 300)
	f := tongnan.fetching(t)
	f.DailyBytes = 2000
	src := tongnan.of(t, suining)
	src.Budget = &exchange.Budget{Most: f.DailyBytes, Now: tongnan.Now}
	if _, err := f.Once(context.Background(), "suitong", suining.Member, src); err == nil || !strings.Contains(exchange.Explain(err), "次日继续") {
		t.Errorf("over the day's bytes: %v", err)
	}
	if used := src.Budget.Used(); used < 2000 || used > 2000+1<<16 {
		t.Errorf("%d bytes came", used)
	}
	src.Budget = nil
	if size, err := f.Once(context.Background(), "suitong", suining.Member, src); err != nil || size < 300 {
		t.Errorf("without the limit: %d, %v", size, err)
	}
}

// TestAnErasedFileIsNotFetched: nor is one kept whose words were erased here.
func TestAnErasedFileIsNotFetched(t *testing.T) {
	suining, tongnan := neighbours(t)
	blob := suining.attaches(t, "要删除的")
	ctx := context.Background()
	f := tongnan.fetching(t)
	if _, err := f.Once(ctx, "suitong", suining.Member, tongnan.of(t, suining)); err != nil {
		t.Fatal(err)
	}
	if err := suining.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE book_entry SET words = NULL WHERE book = ? AND idx = (SELECT max(idx) FROM book_entry WHERE book = ?)`,
			suining.BookName("suitong"), suining.BookName("suitong"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := f.FetchFiles(ctx, suining.BookName("suitong"), tongnan.of(t, suining)); err != nil {
		t.Fatal(err)
	}
	if left := tongnan.waits(t); len(left) != 0 || tongnan.has(t, blob, []byte("要删除的")) {
		t.Errorf("asked for again: %+v", left)
	}
}

// asks sends a request signed by one neighbour to the other, and returns how it was answered.
func asks(t *testing.T, g, other *government, path string, header map[string]string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, other.server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	if err := exchange.SignAt(g.of(t, other), req, time.Now()); err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode < 300 && (res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Content-Type") != "application/octet-stream") {
		t.Errorf("%s: %v", path, res.Header)
	}
	return res.StatusCode
}

func lastIndex(t *testing.T, g *government) string {
	t.Helper()
	var size int64
	err := g.Store.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Row(context.Background(), `SELECT size FROM book_head WHERE book = ?`, g.BookName("suitong")).Scan(&size)
	})
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(size-1, 10)
}

func overwrite(t *testing.T, g *government, blob, text string) {
	t.Helper()
	f, err := g.Blobs.Open(blob)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.WriteFile(f.(*os.File).Name(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, g *government, blob string) {
	t.Helper()
	if err := g.Blobs.Delete(blob); err != nil {
		t.Fatal(err)
	}
}

func sizeOf(paths []string) (n int64) {
	for _, p := range paths {
		if i, err := os.Stat(p); err == nil {
			n += i.Size()
		}
	}
	return n
}

// retries makes all that waits due now.
func (g *government) retries(t *testing.T) { g.change(t, `UPDATE exchange_file SET next_at = 0`) }

func (g *government) forgetWaiting(t *testing.T) { g.change(t, `DELETE FROM exchange_file`) }

func (g *government) change(t *testing.T, query string) {
	t.Helper()
	ctx := context.Background()
	if err := g.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, query)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
