package peer

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"liandong/book"
)

// leafHashes reads a bundle with the other team's reader.
func leafHashes(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var out [][]byte
	for _, e := range b.Entries {
		out = append(out, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return out, nil
}

func (s site) fetcher() (*client.HTTPFetcher, note.Verifier, error) {
	v, err := note.NewVerifier(s.vkey)
	if err != nil {
		return nil, nil, err
	}
	at, err := url.Parse(s.url)
	if err != nil {
		return nil, nil, err
	}
	f, err := client.NewHTTPFetcher(at, nil)
	return f, v, err
}

// workers is more than a book has tiles: fsck waits for ever when all its workers have ended on a bad tile while
// more tiles are to be handed to them, and its queue is as long as it has workers.
func workers(size int) uint { return uint(size/255 + 8) }

// check runs Tessera's fsck as a library.
func (s site) check(ctx context.Context, size int) error {
	f, v, err := s.fetcher()
	if err != nil {
		return err
	}
	return fsck.New(v.Name(), v, f, leafHashes, fsck.Opts{N: workers(size)}).Check(ctx)
}

// sizes: below, at and above the edges of tiles, and one book with three levels of tiles.
var sizes = []int{1, 2, 255, 256, 257, 700, 65_536 + 300}

func TestFsckReadsOurBooks(t *testing.T) {
	for _, size := range sizes {
		t.Run(fmt.Sprint(size), func(t *testing.T) { checkSite(t, writeBook(t, size), size) })
	}
}

func TestFsckReadsARunningNode(t *testing.T) {
	s := running(t)
	checkSite(t, s, s.size(t))
}

// size is the number of entries that the checkpoint signs.
func (s site) size(t *testing.T) int {
	f, v, err := s.fetcher()
	if err != nil {
		t.Fatal(err)
	}
	head, _, _, err := client.FetchCheckpoint(t.Context(), f.ReadCheckpoint, v, v.Name())
	if err != nil {
		t.Fatal(err)
	}
	return int(head.Size)
}

func checkSite(t *testing.T, s site, size int) {
	if err := s.check(t.Context(), size); err != nil {
		t.Errorf("fsck of the book: %v", err)
	}
	for _, h := range harms {
		if size < h.least {
			continue
		}
		err := s.tampered(t, h.prefix, h.change).check(t.Context(), size)
		if err == nil {
			t.Errorf("%s: not noticed", h.remark)
			continue
		}
		t.Logf("%s: %.160s", h.remark, err)
	}
}

// TestFsckCommand drives the command itself. It exits with 0 whatever it finds, so its words decide.
func TestFsckCommand(t *testing.T) {
	s := writeBook(t, 700)
	if os.Getenv("LIANDONG_BOOK_URL") != "" {
		s = running(t)
	}
	dir := t.TempDir()
	tool, keyFile := filepath.Join(dir, "fsck"), filepath.Join(dir, "key")
	if out, err := exec.Command("go", "build", "-o", tool, "github.com/transparency-dev/tessera/cmd/fsck").CombinedOutput(); err != nil {
		t.Fatalf("build fsck: %v\n%s", err, out)
	}
	if err := os.WriteFile(keyFile, []byte(s.vkey), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	size := s.size(t)
	say := func(s site) string {
		out, err := exec.CommandContext(ctx, tool, "-ui=false", fmt.Sprint("-N=", workers(size)), "-storage_url="+s.url, "-public_key="+keyFile).CombinedOutput()
		return fmt.Sprintf("%s(exit: %v)", out, err)
	}
	const good, bad = "Successfully fsck'd log", "fsck failed"
	if words := say(s); !strings.Contains(words, good) || strings.Contains(words, bad) {
		t.Errorf("the book: %s", words)
	}
	for _, h := range harms {
		if size < h.least {
			continue
		}
		if words := say(s.tampered(t, h.prefix, h.change)); strings.Contains(words, good) || !strings.Contains(words, bad) {
			t.Errorf("%s: %s", h.remark, words)
		}
	}
}

// TestProofsOfTheOtherTeam: they prove from our tiles and we check; we prove and they check.
func TestProofsOfTheOtherTeam(t *testing.T) {
	const size, index, older = 700, 300, 257
	s := writeBook(t, size)
	f, v, err := s.fetcher()
	if err != nil {
		t.Fatal(err)
	}
	head, _, _, err := client.FetchCheckpoint(t.Context(), f.ReadCheckpoint, v, origin)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := client.NewProofBuilder(t.Context(), head.Size, f.ReadTile)
	if err != nil {
		t.Fatal(err)
	}
	path, err := theirs.InclusionProof(t.Context(), index)
	if err != nil {
		t.Fatal(err)
	}
	leaf := book.LeafHash(entry(t, index))
	if err := book.CheckInclusion(size, index, [32]byte(head.Hash), leaf, hashes(path)); err != nil {
		t.Errorf("their proof, our check: %v", err)
	}
	load := func(level int, n int64, width int) ([]byte, error) {
		return f.ReadTile(t.Context(), uint64(level), uint64(n), uint8(width%256))
	}
	ours, err := book.ProveInclusion(size, index, load)
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, index, size, leaf[:], slices(ours), head.Hash); err != nil {
		t.Errorf("our proof, their check: %v", err)
	}
	var early book.Tree
	for i := range older {
		early.Append(book.LeafHash(entry(t, i)))
	}
	root := early.Root()
	steps, err := book.ProveConsistency(older, size, load)
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.VerifyConsistency(rfc6962.DefaultHasher, older, size, slices(steps), root[:], head.Hash); err != nil {
		t.Errorf("our consistency, their check: %v", err)
	}
	root[0] ^= 1
	if proof.VerifyConsistency(rfc6962.DefaultHasher, older, size, slices(steps), root[:], head.Hash) == nil {
		t.Error("their check accepts a fork")
	}
}
