package exchange_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// exports writes a bundle for the circle and returns its parts' paths.
func (g *government) exports(t testing.TB, change func(x *exchange.Exporting)) []string {
	t.Helper()
	paths, err := g.tryExport(t, change)
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func (g *government) tryExport(t testing.TB, change func(x *exchange.Exporting)) (paths []string, err error) {
	x := exchange.Exporting{
		Node: g.Node, Circle: "suitong", Out: filepath.Join(t.TempDir(), g.Member+".zip"), Attached: attachedByName,
		Cosign: func(_ context.Context, submission []byte) ([]byte, error) {
			answer, err := http.Post(g.server.URL+"/witness/add-checkpoint", "text/plain", bytes.NewReader(submission))
			if err != nil {
				return nil, err
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if answer.StatusCode != http.StatusOK {
				err = fmt.Errorf("%s %s", answer.Status, body)
			}
			return body, err
		},
	}
	if change != nil {
		change(&x)
	}
	parts, _, err := x.Write(context.Background())
	for _, p := range parts {
		path := filepath.Join(filepath.Dir(x.Out), p.File)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != p.SHA256 || p.Size != int64(len(content)) {
			t.Errorf("%s is not of its hash", p.File)
		}
		paths = append(paths, path)
	}
	return paths, err
}

// attachedByName reads what the tests attach: a note whose title is the file and whose text is "salt hash size".
func attachedByName(e book.Entry, words []byte) []exchange.Attachment {
	w, err := region.NoteSaid.WordsOf(words)
	f := strings.Fields(w.Text)
	if err != nil || e.Kind != region.NoteSaid.Name || len(f) != 3 {
		return nil
	}
	a := exchange.Attachment{Blob: w.Title, Hash: f[1]}
	if json.Unmarshal([]byte(`"`+f[0]+`"`), &a.Salt) != nil {
		return nil
	}
	_, _ = fmt.Sscan(f[2], &a.Size)
	return []exchange.Attachment{a}
}

// attaches says something with an attachment and returns its name.
func (g *government) attaches(t testing.TB, content string) string {
	t.Helper()
	kept, err := g.Blobs.Put(strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	g.namesBlob(t, kept)
	return kept.Name
}

// namesBlob says something that names a file.
func (g *government) namesBlob(t testing.TB, b node.Blob) {
	t.Helper()
	salt, err := json.Marshal(b.Salt)
	if err != nil {
		t.Fatal(err)
	}
	actor := node.Actor{Person: "p-2", Org: "o-1", Seat: "coordinator", Member: g.Member}
	_, err = g.Write(context.Background(), node.Request{Actor: actor}, func(ctx context.Context, w *node.Writing) error {
		_, err := region.NoteSaid.Say(ctx, w, node.Said[region.NoteFacts, region.NoteWords]{
			Circle: "suitong", Words: &region.NoteWords{Title: b.Name, Text: fmt.Sprintf("%s %s %d", bytes.Trim(salt, `"`), b.Hash, b.Size)},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (g *government) imports(t testing.TB, paths ...string) []exchange.PartReport {
	t.Helper()
	im := exchange.Importing{Follower: g.follower(t), Attached: attachedByName}
	reports, err := im.Files(context.Background(), paths)
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

func (g *government) importsClean(t testing.TB, paths ...string) []exchange.PartReport {
	t.Helper()
	reports := g.imports(t, paths...)
	for _, r := range reports {
		if !r.Clean() {
			t.Errorf("%+v", r)
		}
	}
	return reports
}

// bytesOf is all that stands of a book: entries, words and causes.
func (g *government) bytesOf(t testing.TB, name string) string {
	t.Helper()
	var b strings.Builder
	err := g.Store.Read(context.Background(), func(tx *store.Tx) error {
		entries, err := node.Entries(context.Background(), tx, name, 0, 1<<20)
		if err != nil {
			return err
		}
		all, err := node.Beside(context.Background(), tx, name, 0, 1<<20)
		if err != nil {
			return err
		}
		lines, err := book.BesideBundle(all)
		for _, e := range entries {
			b.Write(e)
		}
		b.Write(lines)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestABundleCarriesABook(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 600)
	blob := tongnan.attaches(t, "照片")
	tongnan.talks(t, 200)
	first := tongnan.exports(t, nil)
	reports := suining.importsClean(t, first...)
	if r := reports[0]; r.From != "500152" || r.Circle != "suitong" || len(r.Books) != 1 || r.Books[0].After != 803 || r.Attachments != 1 {
		t.Errorf("%+v", r)
	}
	if suining.bytesOf(t, "500152/suitong") != tongnan.bytesOf(t, "500152/suitong") {
		t.Error("the book arrived otherwise than it left")
	}
	f, err := suining.Blobs.Open(blob)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if content, _ := io.ReadAll(f); string(content) != "照片" {
		t.Errorf("the attachment is %q", content)
	}
	state := suining.states(t)
	if len(state) != 1 || state[0].HeadSize != 803 || state[0].ReachedAt.IsZero() || state[0].ReachedAt.After(suining.Now()) {
		t.Errorf("noted as %+v", state)
	}
	for range 2 { // again, and older than what stands
		if r := suining.importsClean(t, first...)[0]; r.Books[0].State != exchange.BundleHere || r.Attachments != 0 {
			t.Errorf("again: %+v", r)
		}
		tongnan.talks(t, 30)
		if _, err := suining.once(t, tongnan); err != nil {
			t.Fatal(err)
		}
	}
	tongnan.talks(t, 10)
	later := tongnan.exports(t, func(x *exchange.Exporting) { x.Since = map[string]int64{"500152": 803} })
	if r := suining.importsClean(t, later...)[0]; r.Books[0].After != tongnan.size(t, "500152/suitong") || r.Books[0].Before != 863 {
		t.Errorf("the later one: %+v", r)
	}
	suining.clean(t)
	back := suining.exports(t, nil) // what suining has verified comes back as cosignatures
	if r := tongnan.importsClean(t, back...)[0]; r.Cosigned != 1 {
		t.Errorf("cosigned: %+v", r)
	}
	seen := tongnan.sightings(t)
	if i := len(seen) - 1; seen[i].Origin != "tongnan.example/suitong" || seen[i].Witness != "suining.example/witness" || seen[i].Size != 873 {
		t.Errorf("sightings: %+v", seen)
	}
}

// TestPartsInAnyOrder: whatever order and however often the parts come, one or several at once, the book ends up the same.
func TestPartsInAnyOrder(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 2000)
	for i := range 30 {
		tongnan.attaches(t, fmt.Sprint(i, strings.Repeat("照片", 4000+i), rand.N(1<<60)))
	}
	tongnan.talks(t, 100)
	parts := tongnan.exports(t, func(x *exchange.Exporting) { x.Split = 200 << 10 })
	if len(parts) < 4 {
		t.Fatalf("%d parts", len(parts))
	}
	for _, p := range parts {
		if info, err := os.Stat(p); err != nil || info.Size() > 200<<10 {
			t.Errorf("%s is too large: %v", p, err)
		}
	}
	r := suining.imports(t, parts[2])[0]
	if r.Clean() || r.Books[0].State != exchange.BundleGap || !strings.Contains(r.Books[0].Why, filepath.Base(parts[0])) {
		t.Errorf("a part without those before: %+v", r)
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	for round := 0; suining.size(t, "500152/suitong") < 2132; round++ {
		if round > 200 {
			t.Fatal("it does not come to an end")
		}
		var some []string
		for range 1 + random.IntN(3) {
			some = append(some, parts[random.IntN(len(parts))])
		}
		suining.imports(t, some...)
		suining.clean(t)
	}
	reversed := append([]string{}, parts...)
	for i := range reversed {
		reversed[i] = parts[len(parts)-1-i]
	}
	suining.importsClean(t, reversed...)
	if suining.bytesOf(t, "500152/suitong") != tongnan.bytesOf(t, "500152/suitong") {
		t.Error("the book arrived otherwise than it left")
	}
	whole := governs(t, "511500", "yibin.example")
	whole.recognises(t, tongnan)
	tongnan.recognises(t, whole)
	again := tongnan.exports(t, func(x *exchange.Exporting) { x.Split = 200 << 10 })
	last := len(again) - 1
	again[0], again[last] = again[last], again[0]
	whole.importsClean(t, again...)
	whole.clean(t)
}

func TestWhoGetsABundle(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 5)
	for name, change := range map[string]func(x *exchange.Exporting){
		"the own book":       func(x *exchange.Exporting) { x.Circle = node.Self },
		"a stranger":         func(x *exchange.Exporting) { x.To = []string{"511500"} },
		"an unknown circle":  func(x *exchange.Exporting) { x.Circle = "chengyu" },
		"parts of no size":   func(x *exchange.Exporting) { x.Split = 1000 },
		"a folder not there": func(x *exchange.Exporting) { x.Out = filepath.Join(t.TempDir(), "no", "x.zip") },
	} {
		var out string
		if _, err := suining.tryExport(t, func(x *exchange.Exporting) { change(x); out = x.Out }); err == nil {
			t.Errorf("%s: exported", name)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), "*")); len(left) > 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
	made := tongnan.exports(t, nil)
	suspend := func(suspended bool) {
		suining.say(t, func(ctx context.Context, w *node.Writing) error {
			_, err := region.MemberSuspended.Say(ctx, w, node.Said[region.SuspendedFacts, region.ReasonWords]{
				Circle: "suitong", Facts: region.SuspendedFacts{Member: "500152", Suspended: suspended}, Words: &region.ReasonWords{Reason: "演练"},
			})
			return err
		})
	}
	suspend(true)
	if _, err := suining.tryExport(t, nil); !errors.Is(err, exchange.ErrNoRecipient) {
		t.Errorf("for a suspended member: %v", err)
	}
	if r := suining.imports(t, made...)[0]; r.Clean() || suining.size(t, "500152/suitong") != 0 {
		t.Errorf("from a suspended member: %+v", r)
	}
	suspend(false)
	suining.importsClean(t, made...)
}

// TestAForkIsFoundByBundles: tongnan showed yibin another book; yibin's copy comes to suining on a disc.
func TestAForkIsFoundByBundles(t *testing.T) {
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
	if _, err := yibin.follower(t).Once(ctx, "suitong", "500152", tongnan.shows(t, 200)); err != nil {
		t.Fatal(err)
	}
	suining.importsClean(t, yibin.exports(t, nil)...) // the head of an honest beginning
	other := tongnan.shows(t, 400)
	other.entries[350] = bytes.Replace(other.entries[350], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if _, err := yibin.follower(t).Once(ctx, "suitong", "500152", other); err != nil {
		t.Fatal(err)
	}
	tongnan.talks(t, 200)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	if r := suining.imports(t, yibin.exports(t, nil)...)[0]; r.Clean() {
		t.Errorf("a head that does not belong to the book: %+v", r)
	}
	r := suining.imports(t, yibin.exports(t, func(x *exchange.Exporting) { x.Copies = true })...)[0]
	var stopped bool
	for _, b := range r.Books {
		stopped = stopped || b.Book == "500152/suitong" && b.State == exchange.BundleStopped
	}
	if !stopped {
		t.Errorf("two books: %+v", r)
	}
	states := suining.states(t)
	if i := len(states) - 1; !states[0].Stopped && !states[i].Stopped {
		t.Errorf("tongnan is still followed: %+v", states)
	}
	suining.clean(t)
}

// TestABundleOfCopies: yibin brings tongnan's book to suining, which has no line to tongnan.
func TestABundleOfCopies(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, tongnan)
	tongnan.recognises(t, yibin)
	yibin.recognises(t, suining)
	suining.recognises(t, yibin)
	tongnan.talks(t, 700)
	if _, err := yibin.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	tongnan.server.Close()
	suining.importsClean(t, yibin.exports(t, func(x *exchange.Exporting) { x.Copies = true })...)
	if suining.bytesOf(t, "500152/suitong") != tongnan.bytesOf(t, "500152/suitong") {
		t.Error("the copy is another book")
	}
	suining.clean(t)
}

// TestARolledKeyIsBundled: the bundle brings the book up to the roll under the key that is recognised.
func TestARolledKeyIsBundled(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 300)
	admin := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: tongnan.Member}
	receipt, err := region.RollKey(context.Background(), tongnan.folder, node.Request{Actor: admin}, "例行更换")
	if err != nil {
		t.Fatal(err)
	}
	tongnan.talks(t, 300)
	r := suining.imports(t, tongnan.exports(t, nil)...)[0]
	if size := suining.size(t, "500152/suitong"); size != receipt.Entries[0].Index+1 || r.Books[0].Why == "" {
		t.Errorf("%d entries: %+v", size, r)
	}
	suining.clean(t)
}

func TestAnImportGoesOnWhereItWasCutOff(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 5000)
	made := tongnan.exports(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	im := exchange.Importing{Follower: suining.follower(t), Progress: func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}}
	if _, err := im.Files(ctx, made); err == nil {
		t.Error("it was not cut off")
	}
	at := suining.size(t, "500152/suitong")
	r := suining.importsClean(t, made...)[0]
	if r.Books[0].Before != at || r.Books[0].After != 5002 {
		t.Errorf("cut off at %d: %+v", at, r)
	}
	suining.clean(t)
}
