package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/exchange"
	"liandong/store"
	"liandong/store/storetest"
)

const theirs = "tongnan.example/suitong"

// log is another member's book as far as a witness sees it: leaves and a key.
type log struct {
	t      testing.TB
	key    book.Key
	hashes []tlog.Hash
	size   int64
}

func (l *log) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, n := range at {
		out[i] = l.hashes[n]
	}
	return out, nil
}

// newLog has leaves that differ by name, so that two logs with one key are a fork.
func newLog(t testing.TB, seed byte, name string, size int64) *log {
	key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	l := &log{t: t, key: key}
	for ; l.size < size; l.size++ {
		more, err := tlog.StoredHashes(l.size, fmt.Append(nil, name, l.size), l)
		if err != nil {
			t.Fatal(err)
		}
		l.hashes = append(l.hashes, more...)
	}
	return l
}

func (l *log) root(size int64) tlog.Hash {
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		l.t.Fatal(err)
	}
	return root
}

func (l *log) head(size int64) []byte {
	signed, err := book.SignCheckpoint(theirs, size, l.root(size), l.key.Signer(theirs))
	if err != nil {
		l.t.Fatal(err)
	}
	return signed
}

func (l *log) proof(from, to int64) []tlog.Hash {
	if from == 0 || from == to {
		return nil
	}
	proof, err := tlog.ProveTree(to, from, l)
	if err != nil {
		l.t.Fatal(err)
	}
	return proof
}

func (l *log) submission(from, to int64) string {
	return string(exchange.Submission(from, l.proof(from, to), l.head(to)))
}

// witnessing is a running witness that recognises the key of one log.
type witnessing struct {
	url       string
	key       note.Verifier
	conflicts []exchange.Conflict
	store     *store.Store
}

func witness(t *testing.T, s *store.Store, of *log) *witnessing {
	m := exchange.Module()
	if err := s.Migrate(context.Background(), m.Name, m.Migrations); err != nil {
		t.Fatal(err)
	}
	key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{42}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := key.Cosigner("suining.example/witness")
	if err != nil {
		t.Fatal(err)
	}
	w := &witnessing{store: s}
	if w.key, err = book.WitnessVerifier(c.VerifierKey()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	mux := http.NewServeMux()
	mux.Handle(exchange.WitnessPattern, exchange.Witness{
		Cosigner: func() (book.Cosigner, error) { return c, nil }, Write: s.Write, Now: func() time.Time { return time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC) },
		Keys: func(_ context.Context, origin string) ([]string, error) {
			if origin != theirs {
				return nil, nil
			}
			return []string{book.VerifierKey(theirs, of.key.Public())}, nil
		},
		Conflict: func(_ context.Context, c exchange.Conflict) {
			mu.Lock()
			defer mu.Unlock()
			w.conflicts = append(w.conflicts, c)
		},
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.url = server.URL + "/witness/add-checkpoint"
	return w
}

func (w *witnessing) post(t testing.TB, body string) (int, string, string) {
	r, err := http.Post(w.url, "", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Header.Get("Content-Type"), string(text)
}

func TestWitness(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := newLog(t, 1, "one", 20)
		w := witness(t, s, l)
		for _, step := range [][2]int64{{0, 5}, {5, 5}, {5, 12}, {12, 20}} {
			status, _, line := w.post(t, l.submission(step[0], step[1]))
			if status != http.StatusOK {
				t.Fatalf("%v: %d %s", step, status, line)
			}
			signed, err := book.AddCosignatures(l.head(step[1]), []byte(line), w.key)
			if err != nil {
				t.Fatal(err)
			}
			own, err := book.Verifier(book.VerifierKey(theirs, l.key.Public()))
			if err != nil {
				t.Fatal(err)
			}
			_, seen, err := book.OpenCosigned(signed, theirs, own, w.key)
			if err != nil || len(seen) != 1 || seen[0].Witness != "suining.example/witness" {
				t.Errorf("%v: seen %v: %v", step, seen, err)
			}
		}
		if len(w.conflicts) != 0 {
			t.Errorf("conflicts %v", w.conflicts)
		}
	})
}

// Each answer of c2sp.org/tlog-witness, from a witness that has cosigned 12 entries.
func TestWitnessAnswers(t *testing.T) {
	l, other := newLog(t, 1, "one", 20), newLog(t, 1, "other", 20)
	stranger := newLog(t, 9, "one", 20)
	for _, c := range []struct {
		remark, body string
		status       int
		text         string // of the answer, where the page fixes it
		conflict     bool
	}{
		{"the next head", l.submission(12, 20), 200, "", false},
		{"the same head", l.submission(12, 12), 200, "", false},
		{"a proof from another size", l.submission(5, 20), 409, "12\n", false},
		{"a proof from nothing", l.submission(0, 20), 409, "12\n", false},
		{"an older head", l.submission(5, 8), 409, "12\n", false},
		{"a size less than the old one", strings.Replace(l.submission(5, 12), "old 5", "old 13", 1), 400, "", false},
		{"another root of that size", other.submission(12, 12), 409, "12\n", true},
		{"a book that does not continue", other.submission(12, 20), 422, "", true},
		{"no proof", "old 12\n\n" + string(l.head(20)), 422, "", false},
		{"a true head with a false proof", strings.Replace(l.submission(12, 20), l.submission(12, 20)[7:51], strings.Repeat("A", 43)+"=", 1), 422, "", false},
		{"a proof between equal sizes", "old 12\n" + strings.Repeat("A", 43) + "=\n\n" + string(l.head(12)), 422, "", false},
		{"another key", stranger.submission(12, 20), 403, "", false},
		{"a changed size", strings.Replace(l.submission(12, 20), "\n20\n", "\n19\n", 1), 403, "", false},
		{"an unknown origin", strings.ReplaceAll(l.submission(12, 20), theirs, "yibin.example/suitong"), 404, "", false},
		{"no old size", strings.TrimPrefix(l.submission(12, 20), "old 12\n"), 400, "", false},
		{"a leading zero", strings.Replace(l.submission(12, 20), "old 12", "old 012", 1), 400, "", false},
		{"a sign", strings.Replace(l.submission(12, 20), "old 12", "old +12", 1), 400, "", false},
		{"a proof line that is no hash", "old 12\nAAAA\n\n" + string(l.head(20)), 400, "", false},
		{"too many proof lines", "old 12\n" + strings.Repeat(strings.Repeat("A", 43)+"=\n", 64) + "\n" + string(l.head(20)), 400, "", false},
		{"no empty line", strings.ReplaceAll(l.submission(12, 20), "\n\n", "\n"), 400, "", false},
		{"nothing", "", 400, "", false},
		{"a flood", "old 12\n\n" + strings.Repeat("x", 1<<17), 400, "", false},
	} {
		t.Run(c.remark, func(t *testing.T) {
			w := witness(t, storetest.OpenSQLite(t), l)
			if status, _, text := w.post(t, l.submission(0, 12)); status != 200 {
				t.Fatalf("first head: %d %s", status, text)
			}
			status, contentType, text := w.post(t, c.body)
			if status != c.status || c.text != "" && text != c.text {
				t.Errorf("answer %d %q, want %d %q", status, text, c.status, c.text)
			}
			if status == 409 && contentType != "text/x.tlog.size" {
				t.Errorf("409 is %s", contentType)
			}
			if got := len(w.conflicts) == 1; got != c.conflict {
				t.Errorf("told of a conflict: %v, want %v", got, c.conflict)
			}
			if status != 200 { // nothing that was refused changes what was seen
				if status, _, text := w.post(t, l.submission(12, 20)); status != 200 {
					t.Errorf("after it the next head: %d %s", status, text)
				}
			}
		})
	}
}

// Of two books that race for one place only one is cosigned.
func TestWitnessRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, b := newLog(t, 1, "one", 40), newLog(t, 1, "other", 40)
		w := witness(t, s, a)
		var wg sync.WaitGroup
		var mu sync.Mutex
		cosigned := map[string]int{}
		for i := range 40 {
			l, name := a, "a"
			if i%2 == 1 {
				l, name = b, "b"
			}
			wg.Go(func() {
				if status, _, _ := w.post(t, l.submission(0, int64(5+i/2))); status == 200 {
					mu.Lock()
					cosigned[name]++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if cosigned["a"]+cosigned["b"] != 1 {
			t.Errorf("cosigned from nothing: %v", cosigned)
		}
	})
}
