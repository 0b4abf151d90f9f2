package bench

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

// benchWriters wait for their entry to be durable, each for its own, and then write the next.
const benchWriters = 64

// BenchmarkWriters measures durable writes a second through the whole path of a node against those
// of Tessera's log on files, both synced, with leaves of the same length, by as many writers. One of
// ours counts when the request is answered: allowed, checked, applied, and covered by a signed head.
// Tessera answers twice, and both are measured: "integrated" when Add's future does, before any
// signed checkpoint covers the entry; "published" when its awaiter says that one does, which is what
// ours promises. Both ratios are to be at least 2. The node runs in a process of its own, for its
// many libraries are no business of this module.
func BenchmarkWriters(b *testing.B) {
	const rounds = 5
	node := buildNode(b)
	log, awaiter := newTessera(b)
	var our, integrated, published, ofIntegrated, ofPublished []float64
	var size int
	for range rounds { // in turns: what disturbs one disturbs all
		o := runNode(b, node)
		size = int(o["leaf-bytes"])
		i := rateOf(b, size, 4*time.Second, func(ctx context.Context, e *tessera.Entry) error {
			_, err := log.Add(ctx, e)()
			return err
		})
		p := rateOf(b, size, 4*time.Second, func(ctx context.Context, e *tessera.Entry) error {
			_, _, err := awaiter.Await(ctx, log.Add(ctx, e))
			return err
		})
		our, integrated, published = append(our, o["writes/s"]), append(integrated, i), append(published, p)
		ofIntegrated, ofPublished = append(ofIntegrated, o["writes/s"]/i), append(ofPublished, o["writes/s"]/p)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(size), "leaf-bytes")
	b.ReportMetric(median(our), "writes/s")
	b.ReportMetric(median(integrated), "integrated/s")
	b.ReportMetric(median(published), "published/s")
	b.ReportMetric(median(ofIntegrated), "of-integrated")
	b.ReportMetric(median(ofPublished), "of-published")
}

func median(all []float64) float64 {
	sort.Float64s(all)
	return all[len(all)/2]
}

// buildNode builds the node's own benchmarks.
func buildNode(b *testing.B) string {
	tool := filepath.Join(b.TempDir(), "node.test")
	build := exec.Command("go", "test", "-c", "-o", tool, "./node")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build the node's benchmarks: %v\n%s", err, out)
	}
	return tool
}

// runNode lets a node write and reads the figures of its line, by their units.
func runNode(b *testing.B, tool string) map[string]float64 {
	out, err := exec.Command(tool, "-test.run=^$", "-test.bench=^BenchmarkRate$", "-test.benchtime=1x").CombinedOutput()
	if err != nil {
		b.Fatalf("the node's benchmark: %v\n%s", err, out)
	}
	figures := map[string]float64{}
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "BenchmarkRate") {
			continue
		}
		words := strings.Fields(line)
		for i := 2; i+1 < len(words); i += 2 {
			if n, err := strconv.ParseFloat(words[i], 64); err == nil {
				figures[words[i+1]] = n
			}
		}
	}
	if figures["writes/s"] == 0 || figures["leaf-bytes"] == 0 {
		b.Fatalf("the node's benchmark gave no figures:\n%s", out)
	}
	return figures
}

// newTessera opens a log whose batches are as large as its writers can fill and wait no longer than
// it takes to fill one, and which publishes as often as it allows: the fastest it can be for writers
// that wait.
func newTessera(b *testing.B) (*tessera.Appender, *tessera.PublicationAwaiter) {
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	secret, _, err := note.GenerateKey(nil, "tessera.example/log")
	if err != nil {
		b.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		b.Fatal(err)
	}
	driver, err := posix.New(ctx, posix.Config{Path: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
		WithCheckpointSigner(signer).WithCheckpointInterval(100*time.Millisecond).WithBatching(benchWriters, 5*time.Millisecond))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = shutdown(context.Background()) })
	return appender, tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, time.Millisecond)
}

// rateOf lets the writers write for a while and returns the entries a second that were answered.
func rateOf(b *testing.B, size int, long time.Duration, add func(context.Context, *tessera.Entry) error) float64 {
	var done atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for i := range benchWriters {
		wg.Go(func() {
			for time.Since(start) < long {
				leaf := bytes.Repeat([]byte("a"), size)
				copy(leaf, fmt.Sprint(i, " ", time.Now().UnixNano()))
				if err := add(context.Background(), tessera.NewEntry(leaf)); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(start).Seconds()
}
