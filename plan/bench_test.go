package plan_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/board"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/web"
)

// benchItems is how many items the large office has; each has ten reports.
func benchItems(b *testing.B) int {
	if text := os.Getenv("LIANDONG_BENCH_ITEMS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	return 100_000
}

// pages are the addresses that a page's figure is taken over, in an office of so many items.
var pages = []struct {
	name      string
	addresses func(r *rand.Rand, items int) string
}{
	{"board", func(r *rand.Rand, _ int) string {
		return []string{"/plan", "/plan?circle=suitong", fmt.Sprintf("/plan?unit=o-%d", 2+r.IntN(plantest.ManyUnits-1)), "/plan?as-of=2022-07-05"}[r.IntN(4)]
	}},
	{"list", func(r *rand.Rand, _ int) string {
		key := []string{"joint", fmt.Sprintf("list-%d", r.IntN(plantest.ManyLists))}[r.IntN(2)]
		return "/plan/" + key + []string{"", "?state=late", "?filing=filed", "?state=at-risk&filing=accepted", fmt.Sprintf("?unit=o-%d", 2+r.IntN(plantest.ManyUnits-1))}[r.IntN(5)]
	}},
	{"item", func(r *rand.Rand, items int) string { return fmt.Sprintf("/item/i-%07d", r.IntN(items)) }},
}

// BenchmarkPages measures the server's work for a page of a large office, from the request to the
// last byte of HTML, against that of one with a thousand items: "p99-ms" is to be under 20 and
// "of-small" at most 1.5.
func BenchmarkPages(b *testing.B) {
	small, large := siteOf(b, 1000), siteOf(b, benchItems(b))
	for _, page := range pages {
		b.Run(page.name, func(b *testing.B) {
			const requests = 500
			var few, many []time.Duration
			r := rand.New(rand.NewPCG(1, 2))
			for i := range requests + 20 { // side by side, so that what disturbs one disturbs both
				f, m := small.get(b, page.addresses(r, 1000)), large.get(b, page.addresses(r, benchItems(b)))
				if i >= 20 {
					few, many = append(few, f), append(many, m)
				}
			}
			b.ReportMetric(milliseconds(quantile(many, 0.99)), "p99-ms")
			b.ReportMetric(milliseconds(quantile(few, 0.99)), "p99-small-ms")
			b.ReportMetric(milliseconds(quantile(many, 0.5)), "median-ms")
			b.ReportMetric(float64(quantile(many, 0.99))/float64(quantile(few, 0.99)), "of-small")
			b.ReportMetric(0, "ns/op")
		})
	}
}

type benchSite struct{ handler http.Handler }

// siteOf serves the pages of an office of Many to its coordinator.
func siteOf(b *testing.B, items int) benchSite {
	f, err := node.OpenFolder(context.Background(), plantest.Many(b, items), []node.Module{region.Module(), plan.Module()},
		node.FolderOptions{May: region.Permit, ReadOnly: true, Clock: func() time.Time { return time.Date(2022, 10, 26, 1, 0, 0, 0, time.UTC) }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	who := web.Identity{Name: "演示", Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: string(region.Coordinator), Member: "510900"}}
	site := web.New(web.Options{
		Member: f.Name, Now: f.Now, Log: slog.New(slog.DiscardHandler),
		Identify: func(*http.Request) (web.Identity, error) { return who, nil },
	})
	board.Routes(site, plan.NewDesk(f.Node))
	return benchSite{site.Handler()}
}

func (s benchSite) get(b *testing.B, address string) time.Duration {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	start := time.Now()
	s.handler.ServeHTTP(w, r)
	took := time.Since(start)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "</html>") {
		b.Fatalf("%s: %d %.300s", address, w.Code, w.Body.String())
	}
	if slow, _ := time.ParseDuration(os.Getenv("LIANDONG_BENCH_SLOW")); slow > 0 && took > slow {
		b.Logf("%s took %v", address, took)
	}
	return took
}

func quantile(all []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
