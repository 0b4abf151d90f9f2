package plan_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/board"
	"liandong/plan/filing"
	"liandong/plan/judge"
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

// pages are the addresses that a page's figure is taken over, in an office of so many items: every
// filter that the page offers, alone and together, pages deep in a list, and days that are over.
var pages = []struct {
	name      string
	addresses func(r *rand.Rand, items int) string
}{
	{"board", func(r *rand.Rand, _ int) string {
		q := url.Values{}
		some(r, q, 3, "circle", "suitong", "self")
		some(r, q, 3, "unit", unitAt(r))
		some(r, q, 3, "as-of", pastDay(r))
		return "/plan?" + q.Encode()
	}},
	{"list", func(r *rand.Rand, items int) string {
		key, q, rows := "joint", url.Values{}, items/10
		listing := func(order int) string { return fmt.Sprintf("l-suitong-%07d", (order-1)*10+3) }
		if n := r.IntN(2 * plantest.ManyLists); n < plantest.ManyLists {
			key = fmt.Sprintf("list-%d", n)
			listing = func(order int) string { return fmt.Sprintf("l-self-%07d", n*rows+order-1) }
		}
		some(r, q, 2, "state", "planned", "on-time", "at-risk", "late", "done", "done-late", "dropped")
		some(r, q, 2, "filing", "not-due", "due", "filed", "returned", "accepted", "missed", "reported")
		some(r, q, 4, "unit", unitAt(r))
		some(r, q, 6, "section", fmt.Sprintf("第%d部分", 1+r.IntN(7)))
		some(r, q, 6, "q", "蔬菜", "加快推进", fmt.Sprintf("第%d号", r.IntN(items)))
		some(r, q, 3, "as-of", pastDay(r))
		if r.IntN(3) == 0 {
			order := 1 + r.IntN(rows)
			q.Set("after", base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", order, listing(order))))
		}
		return "/plan/" + key + "?" + q.Encode()
	}},
	{"items", func(r *rand.Rand, items int) string {
		q := url.Values{}
		some(r, q, 2, "filing", "not-due", "due", "filed", "returned", "accepted", "missed", "reported", "in-time", "owed")
		some(r, q, 2, "state", "planned", "on-time", "at-risk", "late", "done", "done-late", "dropped")
		some(r, q, 3, "unit", unitAt(r))
		some(r, q, 4, "circle", "suitong")
		some(r, q, 3, "as-of", pastDay(r))
		some(r, q, 4, "after", fmt.Sprintf("i-%07d", r.IntN(items)))
		return "/items?" + q.Encode()
	}},
	{"item", func(r *rand.Rand, items int) string {
		q := url.Values{}
		some(r, q, 3, "as-of", pastDay(r))
		return fmt.Sprintf("/item/i-%07d?", r.IntN(items)) + q.Encode()
	}},
	// Over a million texts: what stands in all of them, in many, in one, and in none; words together; a single character; of one kind.
	{"search", func(r *rand.Rand, items int) string {
		q := url.Values{}
		words := []string{"推进", "蔬菜", "遂渝高速公路", "加快推进", "水", "K12", "没有这样的话", fmt.Sprintf("第%d号", r.IntN(items)), fmt.Sprintf("%d", r.IntN(items))}
		q.Set("q", words[r.IntN(len(words))])
		if r.IntN(3) == 0 {
			q.Set("q", q.Get("q")+" "+words[r.IntN(len(words))])
		}
		some(r, q, 4, "kind", "item", "report")
		some(r, q, 3, "as", unitAt(r))
		return "/search?" + q.Encode()
	}},
	{"day", func(r *rand.Rand, _ int) string { return "/?as=" + unitAt(r) }},
	{"grid", func(r *rand.Rand, _ int) string { return "/report/grid?as=" + unitAt(r) }},
}

// some sets a parameter of one address in so many to one of the values.
func some(r *rand.Rand, q url.Values, in int, name string, values ...string) {
	if value := values[r.IntN(len(values))]; r.IntN(in) == 0 {
		q.Set(name, value)
	}
}

func unitAt(r *rand.Rand) string { return fmt.Sprintf("o-%d", 2+r.IntN(plantest.ManyUnits-1)) }

func pastDay(r *rand.Rand) string { return string(judge.Date("2022-02-01").AddDays(r.IntN(260))) }

// BenchmarkPages measures the server's work for a page of a large office, from the request to the
// last byte of HTML, against that of one with a thousand items: "p99-ms" is to be under 20 and
// "of-small" at most 1.5. The same in time of the processor ("cpu-p99-ms", "cpu-of-small") tells what the pages
// themselves cost on a machine that does other work beside.
func BenchmarkPages(b *testing.B) {
	small, large := siteOf(b, 1000), siteOf(b, benchItems(b))
	for _, page := range pages {
		b.Run(page.name, func(b *testing.B) {
			const requests = 500
			var few, many samples
			r := rand.New(rand.NewPCG(1, 2))
			for i := range requests + 20 { // side by side, so that what disturbs one disturbs both
				f, m := small.get(b, page.addresses(r, 1000)), large.get(b, page.addresses(r, benchItems(b)))
				if i >= 20 {
					few, many = append(few, f), append(many, m)
				}
			}
			report(b, "", few.took(), many.took())
			report(b, "cpu-", few.worked(), many.worked())
			b.ReportMetric(0, "ns/op")
		})
	}
}

func report(b *testing.B, prefix string, few, many []time.Duration) {
	b.ReportMetric(milliseconds(quantile(many, 0.99)), prefix+"p99-ms")
	b.ReportMetric(milliseconds(quantile(few, 0.99)), prefix+"p99-small-ms")
	b.ReportMetric(milliseconds(quantile(many, 0.5)), prefix+"median-ms")
	b.ReportMetric(float64(quantile(many, 0.99))/float64(quantile(few, 0.99)), prefix+"of-small")
}

// sample is what one page took, by the clock and of the process's time on the processor.
type sample struct{ clock, cpu time.Duration }

type samples []sample

func (s samples) took() (all []time.Duration) {
	for _, one := range s {
		all = append(all, one.clock)
	}
	return all
}

func (s samples) worked() (all []time.Duration) {
	for _, one := range s {
		all = append(all, one.cpu)
	}
	return all
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

type benchSite struct{ handler http.Handler }

// siteOf serves the pages of an office of Many to its coordinator, or "?as=" a unit to a reporter of that unit. Its file is read once before, so that the system has it in
// memory as that of a node that has been serving has: what is measured is the server's work, not the disk's.
func siteOf(b *testing.B, items int) benchSite {
	dir := plantest.Many(b, items, exchange.Module())
	file, err := os.Open(filepath.Join(dir, "liandong.db"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, file); err != nil {
		b.Fatal(err)
	}
	file.Close()
	return siteIn(openOffice(b, dir, true))
}

// siteIn are the pages of an office.
func siteIn(f *node.Folder) benchSite {
	who := func(r *http.Request) (web.Identity, error) {
		if unit := r.URL.Query().Get("as"); unit != "" {
			return web.Identity{Name: "演示", Actor: node.Actor{Person: "p-2", Org: unit, Seat: string(region.Reporter), Member: "510900"}}, nil
		}
		return web.Identity{Name: "演示", Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: string(region.Coordinator), Member: "510900"}}, nil
	}
	site := web.New(web.Options{
		Member: f.Name, Now: f.Now, Log: slog.New(slog.DiscardHandler),
		Identify: who,
	})
	desk := plan.NewDesk(f.Node)
	board.Routes(site, desk)
	filing.Routes(site, desk)
	return benchSite{site.Handler()}
}

func (s benchSite) get(b *testing.B, address string) (took sample) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	start, before := time.Now(), cpuTime(b)
	s.handler.ServeHTTP(w, r)
	took = sample{clock: time.Since(start), cpu: cpuTime(b) - before}
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "</html>") {
		b.Fatalf("%s: %d %.300s", address, w.Code, w.Body.String())
	}
	if slow, _ := time.ParseDuration(os.Getenv("LIANDONG_BENCH_SLOW")); slow > 0 && took.cpu > slow {
		b.Logf("%s took %v, of the processor %v", address, took.clock, took.cpu)
	}
	return took
}

func quantile(all []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
