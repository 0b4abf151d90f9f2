package peer

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liandong/book"
)

const origin = "suining.example/suitong"

// site is a book that can be read over HTTP.
type site struct {
	url  string // with a slash at the end
	vkey string
}

// writeBook writes a book of size entries as files, from nothing but package book, and serves them.
func writeBook(t *testing.T, size int) site {
	t.Helper()
	key, err := book.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var tree book.Tree
	var bundle [][]byte
	var leaves []byte
	for i := range size {
		raw := entry(t, i)
		leaf := book.LeafHash(raw)
		tree.Append(leaf)
		bundle, leaves = append(bundle, raw), append(leaves, leaf[:]...)
		if len(bundle) == book.TileWidth {
			writeBundle(t, dir, int64(i)/book.TileWidth, bundle)
			bundle, leaves = nil, nil
		}
	}
	if n := int64(size) / book.TileWidth; len(bundle) > 0 {
		writeBundle(t, dir, n, bundle)
		write(t, dir, book.TilePath(0, n, len(bundle)), leaves)
	}
	for _, tile := range tree.Pending() {
		write(t, dir, book.TilePath(tile.Level, tile.N, len(tile.Data)/32), tile.Data)
	}
	checkpoint, err := book.SignCheckpoint(origin, tree.Size(), tree.Root(), key.Signer(origin), key.Signer("witness.example/w"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "checkpoint", checkpoint)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	return site{server.URL + "/", book.VerifierKey(origin, key.Public())}
}

func entry(t *testing.T, i int) []byte {
	e := book.Entry{
		V: book.Version, Kind: "plan.report.accepted/1", Member: "510900", Circle: "suitong", Org: "o-1", Person: "p-1",
		At:       time.UnixMilli(1655686800000 + int64(i)).UTC(),
		Subjects: []string{fmt.Sprint("i-", i)}, Facts: json.RawMessage(fmt.Sprintf(`{"percent":%d}`, i%100)),
	}
	raw, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func writeBundle(t *testing.T, dir string, n int64, entries [][]byte) {
	data, err := book.EntryBundle(entries)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, book.EntriesPath(n, len(entries)), data)
}

func write(t *testing.T, dir, path string, data []byte) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// running is the book of a running node, if one was named.
func running(t *testing.T) site {
	s := site{os.Getenv("LIANDONG_BOOK_URL"), strings.TrimSpace(os.Getenv("LIANDONG_BOOK_KEY"))}
	if s.url == "" {
		t.Skip("LIANDONG_BOOK_URL is not set")
	}
	if !strings.HasSuffix(s.url, "/") {
		s.url += "/"
	}
	if s.vkey == "" {
		s.vkey = strings.TrimSpace(string(get(t, s.url+"key")))
	}
	return s
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, r.Status, err)
	}
	return body
}

// tampered stands before a site and changes what is read under a path that begins with prefix.
func (s site) tampered(t *testing.T, prefix string, harm func([]byte) []byte) site {
	t.Helper()
	behind, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		ErrorLog: log.New(io.Discard, "", 0), // a client that has seen enough hangs up
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(behind)
			r.Out.Header.Set("Accept-Encoding", "identity")
		},
		ModifyResponse: func(r *http.Response) error {
			path := strings.TrimPrefix(r.Request.URL.Path, behind.Path)
			if r.StatusCode != http.StatusOK || !strings.HasPrefix(path, prefix) {
				return nil
			}
			body, err := io.ReadAll(r.Body)
			body = harm(body)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Length", fmt.Sprint(len(body)))
			return err
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return site{server.URL + "/", s.vkey}
}

// harms are changes that every client must notice; the sizes for which they exist differ.
var harms = []struct {
	remark, prefix string
	least          int // entries that the book must have
	change         func([]byte) []byte
}{
	{"one bit of an entry", "tile/entries/", 1, func(b []byte) []byte { b[20] ^= 1; return b }},
	{"one bit of a leaf hash", "tile/0/", 1, func(b []byte) []byte { b[len(b)-1] ^= 1; return b }},
	{"one bit of an upper hash", "tile/1/", 256, func(b []byte) []byte { b[0] ^= 1; return b }},
	{"a character of the book's own signature", "checkpoint", 1, func(b []byte) []byte {
		line := bytes.Index(b, []byte("\n\n— ")) + len("\n\n— ")
		i := line + bytes.IndexByte(b[line:], ' ') + 20
		b[i] = map[bool]byte{true: 'B', false: 'A'}[b[i] == 'A']
		return b
	}},
	{"another size", "checkpoint", 1, func(b []byte) []byte {
		return bytes.Replace(b, []byte("\n"), []byte("\n1"), 1)
	}},
	{"the last entry cut off", "tile/entries/", 1, func(b []byte) []byte { return b[:len(b)-1] }},
}
