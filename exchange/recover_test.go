package exchange_test

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

var operator = node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: "510900"}}

// backedUp writes a backup with the signing key.
func (g *government) backedUp(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "backup.zip")
	if _, err := g.folder.Backup(context.Background(), out, node.BackupOptions{Passphrase: "correct horse battery"}); err != nil {
		t.Fatal(err)
	}
	return out
}

func restores(t *testing.T, backup string) *government {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "restored")
	if _, err := node.Restore(context.Background(), backup, dir, modules(), node.RestoreOptions{Passphrase: "correct horse battery"}); err != nil {
		t.Fatal(err)
	}
	return serves(t, dir)
}

func (g *government) tries(act node.Act) error {
	_, err := g.Write(context.Background(), operator, act)
	return err
}

func speaks(ctx context.Context, w *node.Writing) error {
	return region.OpenCircle(ctx, w, region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900"}})
}

// TestYesterdaysBackup: backup, further writes, restore, catch up, resume, and no neighbour sees a fork.
func TestYesterdaysBackup(t *testing.T) {
	suining, tongnan := neighbours(t)
	suining.talks(t, 300)
	backup := suining.backedUp(t)
	suining.talks(t, 700)
	want := suining.bytesOf(t, "510900/suitong")
	ctx := context.Background()
	if err := suining.follower(t).Witnesses(ctx, "suitong"); err != nil {
		t.Fatal(err)
	}
	if _, err := tongnan.once(t, suining); err != nil {
		t.Fatal(err)
	}
	suining.server.Close()
	suining.folder.Close()

	restored := restores(t, backup)
	if got := restored.size(t, "510900/suitong"); got != 302 {
		t.Fatalf("the backup holds %d entries", got)
	}
	if err := restored.tries(speaks); !refuse.Is(err, "node.only-reading") {
		t.Fatalf("a write without catching up: %v", err)
	}
	if _, err := tongnan.once(t, restored); err == nil || strings.Contains(err.Error(), "两本") {
		t.Errorf("the restored node's old head: %v", err)
	}
	r, receipt, err := restored.follower(t).Resume(ctx, operator, "从备份恢复")
	if err != nil {
		t.Fatalf("%v: %+v", err, r)
	}
	if b := r.Books[0]; !r.Complete() || b.Before != 302 || b.Size != 1002 || b.Known != 1002 || b.Asked[0].Copy != 1002 || b.Asked[0].Seen != 1002 {
		t.Errorf("recovered: %+v", r)
	}
	if len(receipt.Entries) != 1 || restored.bytesOf(t, "510900/suitong") != want {
		t.Error("what came back is not what was said")
	}
	restored.clean(t)
	restored.talks(t, 1)
	if size, err := tongnan.once(t, restored); err != nil || size != 1003 {
		t.Errorf("the neighbour follows on: %d, %v", size, err)
	}
	if err := restored.follower(t).Witnesses(ctx, "suitong"); err != nil {
		t.Errorf("the neighbour cosigns on: %v", err)
	}
	seen := restored.sightings(t)
	if i := len(seen) - 1; i < 0 || seen[i].Size != 1003 || seen[i].Witness != "tongnan.example/witness" {
		t.Errorf("sightings %+v", seen)
	}
	for _, s := range tongnan.states(t) {
		if s.Stopped {
			t.Errorf("the neighbour sees a fork: %+v", s)
		}
	}
	tongnan.clean(t)
	restored.clean(t)
}

// TestResumingNeedsEveryNeighbour: who does not answer, is suspended, or has seen more than anyone holds, is named.
func TestResumingNeedsEveryNeighbour(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, suining)
	suining.talks(t, 5)
	backup := suining.backedUp(t)
	suining.recognises(t, yibin) // the backup does not know of yibin; what tongnan holds does
	if _, err := tongnan.once(t, suining); err != nil {
		t.Fatal(err)
	}
	if _, err := yibin.once(t, suining); err != nil {
		t.Fatal(err)
	}
	suining.talks(t, 20)
	if err := suining.follower(t).Witnesses(context.Background(), "suitong"); err != nil { // seen, and taken in by nobody
		t.Fatal(err)
	}
	suining.server.Close()
	suining.folder.Close()
	restored := restores(t, backup)
	resume := func() (exchange.Recovery, error) {
		r, _, err := restored.follower(t).Resume(context.Background(), operator, "")
		return r, err
	}
	r, err := resume()
	if b := r.Books[0]; !refuse.Is(err, "exchange.recovery.incomplete") || b.Size != 8 || b.Known != 28 || len(b.Asked) != 2 {
		t.Errorf("heads that only witnesses saw: %v, %+v", err, r)
	}
	yibin.answers("/", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		http.Error(w, "?", http.StatusBadGateway)
	})
	r, err = resume()
	if b := r.Books[0]; err == nil || b.Asked[1].Member != "511500" || b.Asked[1].Why == "" || b.Asked[0].Why != "" {
		t.Errorf("a neighbour that is down: %v, %+v", err, r)
	}
	if err := restored.tries(speaks); !refuse.Is(err, "node.only-reading") {
		t.Fatalf("it writes: %v", err)
	}
	if err := restored.Store.Read(context.Background(), func(tx *store.Tx) error {
		kept, err := exchange.LastRecovery(context.Background(), tx)
		if len(kept.Books) != 1 || kept.Books[0].Known != 28 {
			t.Errorf("kept: %+v", kept)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAWriteAfterARestoreIsCaught: who resumed on his word and was wrong made a fork, and everybody can prove it.
func TestAWriteAfterARestoreIsCaught(t *testing.T) {
	suining, tongnan := neighbours(t)
	suining.talks(t, 5)
	backup := suining.backedUp(t)
	suining.talks(t, 20)
	if _, err := tongnan.once(t, suining); err != nil {
		t.Fatal(err)
	}
	restored := restores(t, backup)
	if _, err := restored.Resume(context.Background(), operator, "以为没有公布过"); err != nil {
		t.Fatal(err)
	}
	restored.talks(t, 30)
	if _, err := tongnan.once(t, restored); err == nil {
		t.Error("a fork is followed")
	}
	if s := tongnan.states(t); !s[0].Stopped {
		t.Errorf("%+v", s)
	}
}

// TestTheFollowerCatchesUp: a restored node that is served takes back what it lacks by itself.
func TestTheFollowerCatchesUp(t *testing.T) {
	suining, tongnan := neighbours(t)
	backup := suining.backedUp(t)
	suining.talks(t, 50)
	if _, err := tongnan.once(t, suining); err != nil {
		t.Fatal(err)
	}
	suining.server.Close()
	suining.folder.Close()
	restored := restores(t, backup)
	f := restored.follower(t)
	lines := make(chan string, 10)
	f.Log = slog.New(slog.NewTextHandler(sink(lines), nil))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { f.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	enough := time.After(20 * time.Second)
	for {
		select {
		case line := <-lines:
			if strings.Contains(line, "as far as any neighbour") && restored.size(t, "510900/suitong") == 52 {
				return
			}
		case <-enough:
			t.Fatalf("%d entries after 20 s", restored.size(t, "510900/suitong"))
		}
	}
}

// sink hands on what is logged.
type sink chan string

func (s sink) Write(b []byte) (int, error) {
	select {
	case s <- string(b):
	default:
	}
	return len(b), nil
}

// TestABundleBringsBackWhatWasSaid: over the air gap a restored node takes its own entries from a neighbour's copy; one that
// writes never does.
func TestABundleBringsBackWhatWasSaid(t *testing.T) {
	suining, tongnan := neighbours(t)
	suining.talks(t, 5)
	backup := suining.backedUp(t)
	suining.talks(t, 600)
	tongnan.importsClean(t, suining.exports(t, nil)...)
	headOnly := tongnan.exports(t, nil)
	copies := tongnan.exports(t, func(x *exchange.Exporting) { x.Copies = true })
	restored := restores(t, backup)
	if r := restored.imports(t, headOnly...)[0]; r.Clean() || !strings.Contains(strings.Join(r.Problems, " "), "本方更长的账") {
		t.Errorf("a longer head of ours is not told: %+v", r)
	}
	hasty := restores(t, backup)
	if _, err := hasty.Resume(context.Background(), operator, "以为没有公布过"); err != nil {
		t.Fatal(err)
	}
	if r := hasty.imports(t, copies...)[0]; r.Clean() || hasty.size(t, "510900/suitong") != 7 {
		t.Errorf("a node that writes takes its own entries from others: %+v", r)
	}
	r := restored.importsClean(t, copies...)[0]
	if restored.bytesOf(t, "510900/suitong") != suining.bytesOf(t, "510900/suitong") || r.Cosigned != 1 {
		t.Errorf("what came back is not what was said: %+v", r)
	}
	if _, _, err := restored.follower(t).Resume(context.Background(), operator, ""); err != nil {
		t.Error(err)
	}
	restored.talks(t, 1)
	restored.clean(t)
	tongnan.importsClean(t, restored.exports(t, nil)...)
	tongnan.clean(t)
}

// TestANodeIsBuiltFromItsNeighbours: nothing is left but the key.
func TestANodeIsBuiltFromItsNeighbours(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	for _, g := range []*government{suining, tongnan} {
		g.recognises(t, yibin)
		yibin.recognises(t, g)
	}
	tongnan.talks(t, 300)
	suining.talks(t, 300)
	if _, err := tongnan.once(t, suining); err != nil {
		t.Fatal(err)
	}
	suining.talks(t, 300)
	if _, err := yibin.once(t, suining); err != nil { // yibin has more of it than tongnan, who alone is named
		t.Fatal(err)
	}
	want := suining.bytesOf(t, "510900/suitong")
	key, err := suining.key.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	suining.server.Close()
	suining.folder.Close()
	dir := filepath.Join(t.TempDir(), "new")
	if err := node.InitFolderWith(dir, node.Settings{Identity: suining.Identity}, key); err != nil {
		t.Fatal(err)
	}
	built := serves(t, dir)
	ctx := context.Background()
	if err := built.OnlyRead(ctx, "重建"); err != nil {
		t.Fatal(err)
	}
	from := []exchange.From{{Origin: "tongnan.example", Address: tongnan.server.URL}}
	yibin.answers("/", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		http.Error(w, "?", http.StatusBadGateway)
	})
	b, err := built.follower(t).Build(ctx, from)
	if err != nil || b.Complete() {
		t.Errorf("with a neighbour down: %v %+v", err, b)
	}
	yibin.before.Store(nil)
	for range 2 {
		b, err = built.follower(t).Build(ctx, from)
		if err != nil || !b.Complete() || b.Words[0].Here != 601+2 || b.Recovery.Books[0].Known != 603 {
			t.Fatalf("%v %+v", err, b)
		}
	}
	if built.bytesOf(t, "510900/suitong") != want || built.size(t, "500152/suitong") != tongnan.size(t, "500152/suitong") {
		t.Error("what was built is not what stood")
	}
	if _, _, err := built.follower(t).Resume(ctx, operator, ""); err != nil {
		t.Fatal(err)
	}
	built.talks(t, 1)
	for _, g := range []*government{tongnan, yibin} {
		if size, err := g.once(t, built); err != nil || size != 604 {
			t.Errorf("%s follows on: %d, %v", g.Member, size, err)
		}
		g.clean(t)
	}
	built.clean(t)
}

// TestALostKeyIsReplaced: the machine and the key are gone; neighbours recognise a new one and give the book back.
func TestALostKeyIsReplaced(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 5)
	suining.talks(t, 300)
	if _, err := tongnan.once(t, suining); err != nil {
		t.Fatal(err)
	}
	if err := suining.follower(t).Witnesses(context.Background(), "suitong"); err != nil {
		t.Fatal(err)
	}
	want, lost := suining.bytesOf(t, "510900/suitong"), suining.key.Public()
	suining.server.Close()
	suining.folder.Close()
	dir := filepath.Join(t.TempDir(), "new")
	if err := node.InitFolder(dir, node.Settings{Identity: suining.Identity}); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	build := func(former ed25519.PublicKey) (*government, exchange.Built) {
		g := servesWith(t, dir, node.FolderOptions{May: region.Permit, Former: former})
		if err := g.OnlyRead(ctx, "重建"); err != nil {
			t.Fatal(err)
		}
		b, err := g.follower(t).Build(ctx, []exchange.From{{Origin: "tongnan.example", Address: tongnan.server.URL}})
		if err != nil {
			t.Fatal(err)
		}
		return g, b
	}
	g, b := build(lost)
	if b.Complete() || len(b.Problems) != 1 {
		t.Errorf("before anybody recognised the new key: %+v", b)
	}
	keys, err := region.KeysOf(g.Origin, g.SigningKey())
	if err != nil {
		t.Fatal(err)
	}
	tongnan.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Facts: region.RecognisedFacts{
				Member: g.Member, Origin: g.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request, Until: 302,
			}, Words: &region.RecognisedWords{Name: "遂宁市", Address: g.server.URL},
		})
		return err
	})
	g.folder.Close()
	other, err := book.GenerateKey(strings.NewReader(strings.Repeat("x", 64)))
	if err != nil {
		t.Fatal(err)
	}
	g, b = build(other.Public())
	if b.Complete() || g.size(t, "510900/suitong") != 0 {
		t.Errorf("a book under any other key is taken for ours: %+v", b)
	}
	g.folder.Close()
	g, b = build(lost)
	if !b.Complete() || g.bytesOf(t, "510900/suitong") != want {
		t.Fatalf("%+v", b)
	}
	g.folder.Close()
	g = serves(t, dir) // the lost key is needed no more
	if _, _, err := g.follower(t).Resume(ctx, operator, ""); err != nil {
		t.Fatal(err)
	}
	g.talks(t, 1)
	if size, err := tongnan.once(t, g); err != nil || size != 303 {
		t.Errorf("the neighbour follows on: %d, %v", size, err)
	}
	if err := g.follower(t).Witnesses(ctx, "suitong"); err != nil {
		t.Error(err)
	}
	g.clean(t)
	tongnan.clean(t)
}
