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
// of Tessera's log on files, both synced, with leaves of the same length, by as many writers. An
// entry of Tessera counts when Add answers: it is integrated into the stored tree. One of ours
// counts when the request is answered: allowed, checked, applied, in the signed tree. The figure
// "of-tessera" is to be at least 2. The node runs in a process of its own, for its many libraries
// are no business of this module.
func BenchmarkWriters(b *testing.B) {
	const rounds = 5
	node := buildNode(b)
	log := newTessera(b)
	var our, their, ratios []float64
	var size int
	for range rounds { // in turns: what disturbs one disturbs both
		o := runNode(b, node)
		size = int(o["leaf-bytes"])
		t := rateOf(b, log, size, 4*time.Second)
		our, their, ratios = append(our, o["writes/s"]), append(their, t), append(ratios, o["writes/s"]/t)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(size), "leaf-bytes")
	b.ReportMetric(median(our), "writes/s")
	b.ReportMetric(median(their), "tessera-writes/s")
	b.ReportMetric(median(ratios), "of-tessera")
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
// it takes to fill one: the fastest it can be for writers that wait.
func newTessera(b *testing.B) *tessera.Appender {
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
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
		WithCheckpointSigner(signer).WithCheckpointInterval(time.Second).WithBatching(benchWriters, 5*time.Millisecond))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = shutdown(context.Background()) })
	return appender
}

// rateOf lets the writers write for a while and returns the entries a second that were integrated.
func rateOf(b *testing.B, log *tessera.Appender, size int, long time.Duration) float64 {
	var done atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for i := range benchWriters {
		wg.Go(func() {
			for time.Since(start) < long {
				leaf := bytes.Repeat([]byte("a"), size)
				copy(leaf, fmt.Sprint(i, " ", time.Now().UnixNano()))
				if _, err := log.Add(context.Background(), tessera.NewEntry(leaf))(); err != nil {
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
