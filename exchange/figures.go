package exchange

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Figures are what /metrics tells of the exchange, read when asked: no person and no text stands in them.
type Figures struct {
	Node     *node.Node
	Follower *Follower // nil: this process follows nobody
}

var (
	figureReached = prometheus.NewDesc("liandong_neighbour_reached_seconds", "Seconds since a neighbour's book was last read without failure.", []string{"book"}, nil)
	figureSize    = prometheus.NewDesc("liandong_neighbour_entries", "Entries of a neighbour's book that stand here.", []string{"book"}, nil)
	figureFailing = prometheus.NewDesc("liandong_neighbour_failed_tries", "Tries to read a neighbour's book that failed since the last that went well.", []string{"book"}, nil)
	figureFiles   = prometheus.NewDesc("liandong_neighbour_files_waiting", "Files that a neighbour's entries name and that are not here yet.", []string{"book"}, nil)
	figureBytes   = prometheus.NewDesc("liandong_neighbour_bytes_today", "Bytes that came from a neighbour since midnight UTC, of those that a day may bring; 0 after a restart.", []string{"member"}, nil)
	figureKeys    = prometheus.NewDesc("liandong_neighbour_other_keys", "Neighbours who recognise a member by another key than this node does.", []string{"book"}, nil)
	figureForks   = prometheus.NewDesc("liandong_neighbour_forks", "Pieces of evidence that a member showed two books.", []string{"book"}, nil)
)

// Describe implements prometheus.Collector.
func (Figures) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{figureReached, figureSize, figureFailing, figureFiles, figureBytes, figureKeys, figureForks} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (f Figures) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, book string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, book)
	}
	for member, used := range f.Follower.today() {
		gauge(figureBytes, float64(used), member)
	}
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		states, err := Follows(ctx, tx)
		if err != nil {
			return err
		}
		now := f.Node.Now()
		for _, s := range states {
			if !s.ReachedAt.IsZero() {
				gauge(figureReached, now.Sub(s.ReachedAt).Seconds(), s.Book)
			}
			gauge(figureFailing, float64(s.Tries), s.Book)
		}
		books, err := node.Books(ctx, tx)
		if err != nil {
			return err
		}
		for _, b := range books {
			if b.Member != f.Node.Member {
				gauge(figureSize, float64(b.Size), b.Book)
			}
		}
		files, err := filesByBook(ctx, tx)
		if err != nil {
			return err
		}
		for name, n := range files {
			gauge(figureFiles, float64(n), name)
		}
		others, err := region.OtherKeys(ctx, tx, f.Node.Member, region.KeyText(f.Node.SigningKey().Public()))
		if err != nil {
			return err
		}
		keys := map[string]int{}
		for _, k := range others {
			keys[k.Member+"/"+k.Circle]++
		}
		for name, n := range keys {
			gauge(figureKeys, float64(n), name)
		}
		found, err := Evidences(ctx, tx)
		forks := map[string]int{}
		for _, e := range found {
			forks[e.Book]++
		}
		for name, n := range forks {
			gauge(figureForks, float64(n), name)
		}
		return err
	})
	if err != nil {
		to <- prometheus.NewInvalidMetric(figureForks, err)
	}
}
