package peer

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	other "github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// otherWitness is the other team's witness (transparency-dev/witness) behind its own handler of c2sp.org/tlog-witness, in the place of a
// neighbour's. It knows the logs that are handed to it.
type otherWitness struct {
	origin string // of the neighbour it stands in for
	key    ed25519.PublicKey
	server *httptest.Server
	logs   map[string]note.Verifier
	// lose lets the answer be lost on the way back: the witness has signed, the log does not know.
	lose atomic.Bool
	// answered are the status codes in the order given.
	answered []int
}

func servesOtherWitness(t *testing.T, origin string) *otherWitness {
	t.Helper()
	secret, public, err := note.GenerateKey(nil, node.WitnessName(origin))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := fnote.NewSignerForCosignatureV1(secret)
	if err != nil {
		t.Fatal(err)
	}
	// The last part of the text is the algorithm's byte and the key.
	raw, err := base64.StdEncoding.DecodeString(strings.SplitN(public, "+", 3)[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		t.Fatal(public, err)
	}
	w := &otherWitness{origin: origin, key: raw[1:], logs: map[string]note.Verifier{}}
	theirs, err := other.New(t.Context(), other.Opts{
		Persistence: inmemory.New(), Signers: []note.Signer{signer},
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			v, known := w.logs[origin]
			return v, known, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	handler := other.NewHTTPHandler(theirs)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /witness/add-checkpoint", func(out http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		handler.AddCheckpoint(rec, r)
		w.answered = append(w.answered, rec.Code)
		if w.lose.Swap(false) {
			panic(http.ErrAbortHandler)
		}
		for k, v := range rec.Header() {
			out.Header()[k] = v
		}
		out.WriteHeader(rec.Code)
		_, _ = io.Copy(out, rec.Body)
	})
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	return w
}

// suining opens a folder as Suining's node.
func suining(t *testing.T, dir string) *node.Folder {
	t.Helper()
	f, err := node.OpenFolder(t.Context(), dir, []node.Module{region.Module(), exchange.Module()}, node.FolderOptions{May: region.Permit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func say(t *testing.T, f *node.Folder, act node.Act) {
	t.Helper()
	actor := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: "510900"}
	if _, err := f.Write(t.Context(), node.Request{Actor: actor}, act); err != nil {
		t.Fatal(err)
	}
}

// talks says n things of no consequence in the book of the circle.
func talks(t *testing.T, f *node.Folder, n int, what string) {
	t.Helper()
	say(t, f, func(ctx context.Context, w *node.Writing) error {
		for i := range n {
			if _, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900"}},
				Words: &region.CircleWords{Name: fmt.Sprintf("%s %d", what, i)},
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

func submits(t *testing.T, f *node.Folder) error {
	t.Helper()
	follower := &exchange.Follower{
		Node: f.Node, Signer: exchange.Signer{Origin: f.Origin, Keys: f.RequestKeys}, Client: exchange.NewClient(), Log: slog.New(slog.DiscardHandler),
	}
	return follower.Witnesses(t.Context(), "suitong")
}

// seen are the sizes of the own book of the circle that the witness has cosigned as far as this node keeps it.
func seen(t *testing.T, f *node.Folder) (sizes []int64) {
	t.Helper()
	err := f.Store.Read(t.Context(), func(tx *store.Tx) error {
		all, err := exchange.Sightings(t.Context(), tx)
		for _, s := range all {
			sizes = append(sizes, s.Size)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sizes
}

func size(t *testing.T, f *node.Folder) (size int64) {
	t.Helper()
	err := f.Store.Read(t.Context(), func(tx *store.Tx) error {
		head, _, err := node.Head(t.Context(), tx, f.BookName("suitong"))
		size = head.Size
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// TestAWitnessOfTheOtherTeamCosignsOurHeads: a node asks the other team's witness as it asks a neighbour's. Its lines hold under every head, a
// lost answer is made good by its 409, and a past that was rewritten gets no line.
func TestAWitnessOfTheOtherTeamCosignsOurHeads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "510900")
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}); err != nil {
		t.Fatal(err)
	}
	w := servesOtherWitness(t, "tongnan.example")
	f := suining(t, dir)
	say(t, f, func(ctx context.Context, writing *node.Writing) error {
		return region.OpenCircle(ctx, writing, region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900"}})
	})
	say(t, f, func(ctx context.Context, writing *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, writing, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Facts: region.RecognisedFacts{
				Member: "500152", Origin: w.origin, Key: region.KeyText(w.key), Witness: region.KeyText(w.key), Request: region.KeyText(w.key),
			}, Words: &region.RecognisedWords{Name: "潼南区", Address: w.server.URL},
		})
		return err
	})
	answers := func(remark string, err error, want string, codes ...int) {
		t.Helper()
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", remark, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, wanted %q", remark, err, want)
		}
		if fmt.Sprint(w.answered) != fmt.Sprint(codes) {
			t.Errorf("%s: it answered %v, wanted %v", remark, w.answered, codes)
		}
		w.answered = nil
	}
	answers("a log it does not know", submits(t, f), "404", http.StatusNotFound)

	key, err := node.ReadKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	const name = "suining.example/suitong"
	v, err := note.NewVerifier(book.VerifierKey(name, key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	w.logs[name] = v
	answers("the first head", submits(t, f), "", http.StatusOK)
	answers("the same head", submits(t, f), "")
	for _, n := range []int{1, 255, 300} { // over the edge of a tile
		talks(t, f, n, "遂潼")
		answers(fmt.Sprint(n, " more"), submits(t, f), "", http.StatusOK)
	}
	talks(t, f, 3, "遂潼")
	w.lose.Store(true)
	answers("a lost answer", submits(t, f), "EOF", http.StatusOK)
	talks(t, f, 3, "遂潼")
	answers("after the lost answer", submits(t, f), "", http.StatusConflict, http.StatusOK)
	if sizes := seen(t, f); len(sizes) != 1 || sizes[0] != size(t, f) {
		t.Errorf("cosigned %v of %d", sizes, size(t, f))
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}

	// Two nodes of one key that go on from the same head: whoever comes second gets no line.
	twin := filepath.Join(t.TempDir(), "510900")
	copyFolder(t, dir, twin)
	f, second := suining(t, dir), suining(t, twin)
	talks(t, f, 2, "遂潼")
	answers("the first of the twins", submits(t, f), "", http.StatusOK)
	talks(t, second, 5, "另一段历史")
	before := seen(t, second)
	answers("the second of the twins", submits(t, second), "422", http.StatusConflict, http.StatusUnprocessableEntity)
	if after := seen(t, second); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("a line for the second: %v, then %v", before, after)
	}
	if bytes.Equal(w.key, key.Public()) {
		t.Error("the witness signs with the log's key")
	}
}
