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
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store/storetest"
)

// TestNobodyTakesThePlaceOfAnothersFile: a member names a file under the name of another's, over the network and by a bundle, before that
// one came. Nothing is taken under it but what the name is made of.
func TestNobodyTakesThePlaceOfAnothersFile(t *testing.T) {
	suining, tongnan := neighbours(t)
	ours := node.Blob{Salt: book.Salt{1}, Size: 3, Hash: strings.Repeat("ab", 32)}
	ours.Name = node.BlobName("510900", ours.Hash)
	kept, err := suining.Blobs.Put(strings.NewReader("冒名的内容"), 100)
	if err != nil {
		t.Fatal(err)
	}
	squat := kept
	squat.Name = ours.Name
	suining.namesBlob(t, squat)
	asked := 0
	suining.through(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/file") {
				asked++
				io.WriteString(w, "冒名的内容")
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	if left := tongnan.fetches(t, tongnan.fetching(t), suining); len(left) != 0 || asked != 0 || tongnan.Blobs.Has(ours.Name) {
		t.Errorf("asked %d times, left %+v", asked, left)
	}
	// A bundle that brings the bytes under the name: its maker's folder holds them so.
	overwriteAs(t, suining, kept.Name, ours.Name)
	tongnan.imports(t, suining.exports(t, nil)...)
	if tongnan.Blobs.Has(ours.Name) {
		t.Error("a bundle brought it")
	}
}

// TestWordsThatComeLateBringTheirFiles: the network gave an entry without its words, a bundle gives them; its file is fetched then.
func TestWordsThatComeLateBringTheirFiles(t *testing.T) {
	suining, tongnan := neighbours(t)
	content := []byte("迟到的附件")
	blob := suining.attaches(t, string(content))
	f := tongnan.fetching(t)
	if left := tongnan.fetches(t, f, suining); len(left) != 0 || !tongnan.has(t, blob, content) {
		t.Fatalf("left: %+v", left)
	}
	// As it stands where the words were withheld.
	remove(t, tongnan, blob)
	tongnan.change(t, `DELETE FROM exchange_file_upto`)
	tongnan.change(t, `UPDATE book_entry SET words = NULL, salt = NULL, erased = 2 WHERE book = '`+suining.BookName("suitong")+`'`)
	if left := tongnan.fetches(t, f, suining); len(left) != 0 || tongnan.has(t, blob, content) {
		t.Fatalf("without words: %+v", left)
	}
	without := func(x *exchange.Exporting) { x.Attached = nil }
	tongnan.importsClean(t, suining.exports(t, without)...)
	if left := tongnan.fetches(t, f, suining); len(left) != 0 || !tongnan.has(t, blob, content) {
		t.Errorf("with words: %+v", left)
	}
	tongnan.clean(t)
}

// TestFilesComeToANodeOnPostgreSQL, and go with their words.
func TestFilesComeToANodeOnPostgreSQL(t *testing.T) {
	suining := governs(t, "510900", "suining.example")
	dir := filepath.Join(t.TempDir(), "500152")
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "500152", Name: "500152", Origin: "tongnan.example"}}); err != nil {
		t.Fatal(err)
	}
	tongnan := opensCircle(t, servesWith(t, dir, node.FolderOptions{May: region.Permit, Store: storetest.PostgresAddress(t)}))
	suining.recognises(t, tongnan)
	tongnan.recognises(t, suining)
	content := bytes.Repeat([]byte("照片"), 50_000)
	blob := suining.attaches(t, string(content))
	f := tongnan.fetching(t)
	if left := tongnan.fetches(t, f, suining); len(left) != 0 || !tongnan.has(t, blob, content) {
		t.Fatalf("left %+v", left)
	}
	suining.erases(t, lastIndex(t, suining))
	tongnan.fetches(t, f, suining)
	if err := tongnan.FinishErasures(context.Background()); err != nil {
		t.Fatal(err)
	}
	if tongnan.Blobs.Has(blob) {
		t.Error("it is still here")
	}
	tongnan.clean(t)
}

// TestAStrangersSignatureOpensNoFile: a third government signs by its own key and is not recognised.
func TestAStrangersSignatureOpensNoFile(t *testing.T) {
	suining, _ := neighbours(t)
	suining.attaches(t, "给潼南的")
	yibin := governs(t, "511500", "yibin.example")
	if status := asks(t, yibin, suining, "/book/suitong/file?of="+lastIndex(t, suining)+"&n=0", nil); status != http.StatusNotFound {
		t.Errorf("a stranger: %d", status)
	}
}

// TestTheDayEndsInTheMiddleOfAFile: what came is kept, and the rest comes on the next day.
func TestTheDayEndsInTheMiddleOfAFile(t *testing.T) {
	suining, tongnan := neighbours(t)
	content := bytes.Repeat([]byte("0123456789"), 70_000)
	blob := suining.attaches(t, string(content))
	ctx := context.Background()
	f := tongnan.fetching(t)
	if _, err := f.Once(ctx, "suitong", suining.Member, tongnan.of(t, suining)); err != nil {
		t.Fatal(err)
	}
	now := tongnan.Now()
	src := tongnan.of(t, suining)
	src.Budget = &exchange.Budget{Most: 200_000, Now: func() time.Time { return now }}
	for day, want := range []bool{false, false, false, true} {
		if err := f.FetchFiles(ctx, suining.BookName("suitong"), src); err != nil {
			t.Fatal(err)
		}
		left := tongnan.waits(t)
		if got := tongnan.has(t, blob, content); got != want || want != (len(left) == 0) {
			t.Fatalf("day %d: here %v, left %+v", day, got, left)
		}
		if len(left) > 0 && !strings.Contains(left[0].Why, "次日继续") {
			t.Errorf("day %d: %s", day, left[0].Why)
		}
		now = now.Add(24 * time.Hour)
		tongnan.retries(t)
	}
}

// TestAFetchedFileIsErasedWithItsWords: by the erasure of its author's book, also one that is still on its way, and although another
// neighbour names it without knowing it.
func TestAFetchedFileIsErasedWithItsWords(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := neighbours(t)
	blob := suining.attaches(t, "要删除的照片")
	of := lastIndex(t, suining)
	f := tongnan.fetching(t)
	tongnan.fetches(t, f, suining)
	if !tongnan.has(t, blob, []byte("要删除的照片")) {
		t.Fatal("it did not come")
	}
	b, err := exchange.Books{Node: suining.Node, Attached: attachedByName}.Named(ctx, suining.BookName("suitong"), of)
	if err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{strings.Repeat("00", 32), b.Hash} { // hostile claims to it, of one that read its words as well
		tongnan.namesBlob(t, node.Blob{Name: blob, Size: b.Size, Salt: b.Salt, Hash: hash})
	}
	suining.erases(t, of)
	tongnan.fetches(t, f, suining)
	if err := tongnan.FinishErasures(ctx); err != nil {
		t.Fatal(err)
	}
	if tongnan.Blobs.Has(blob) || len(tongnan.waits(t)) != 0 {
		t.Error("it is still here")
	}
	tongnan.clean(t)
}

// erases erases the words of an entry of this member's book.
func (g *government) erases(t *testing.T, index string) {
	t.Helper()
	of, err := strconv.ParseInt(index, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.Erase(context.Background(), node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: g.Member}},
		map[string]node.ErasedFacts{"suitong": {Indexes: []int64{of}, Reason: node.EraseAsked}}, node.ErasedWords{Reference: "申请第 7 号"})
	if err != nil {
		t.Fatal(err)
	}
}

// overwriteAs copies a file of the folder of attachments to another name.
func overwriteAs(t *testing.T, g *government, from, to string) {
	t.Helper()
	f, err := g.Blobs.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(filepath.Dir(filepath.Dir(f.(*os.File).Name())), to[2:4])
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, to), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAFileOnItsWayTwiceIsFetchedOnce: two entries of one neighbour name it, and nobody writes to what was kept.
func TestAFileOnItsWayTwiceIsFetchedOnce(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := neighbours(t)
	content := bytes.Repeat([]byte("照片"), 50_000)
	kept, err := suining.Blobs.Put(bytes.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	suining.namesBlob(t, kept)
	suining.namesBlob(t, kept)
	asked := 0
	suining.through(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/file") {
				asked++
			}
			next.ServeHTTP(w, r)
		})
	})
	f := tongnan.fetching(t)
	if _, err := f.Once(ctx, "suitong", suining.Member, tongnan.of(t, suining)); err != nil {
		t.Fatal(err)
	}
	other, err := tongnan.Blobs.Partial(kept.Name) // as another fetch has it
	if err != nil {
		t.Fatal(err)
	}
	if err := f.FetchFiles(ctx, suining.BookName("suitong"), tongnan.of(t, suining)); err != nil {
		t.Fatal(err)
	}
	if left := tongnan.waits(t); len(left) != 2 || !strings.Contains(left[0].Why, "正在接收") || asked != 0 {
		t.Errorf("beside another fetch: asked %d times, %+v", asked, left)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	tongnan.retries(t)
	if err := f.FetchFiles(ctx, suining.BookName("suitong"), tongnan.of(t, suining)); err != nil {
		t.Fatal(err)
	}
	if left := tongnan.waits(t); len(left) != 0 || asked != 1 || !tongnan.has(t, kept.Name, content) {
		t.Errorf("asked %d times, left %+v", asked, left)
	}
}
