package exchange_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

var scaleMembers = flag.Int("members", 0, "members of the simulated country: 333 prefecture-level cities; 0: do not run")

// A year's work of one member in one circle, by a day: what an office of a hundred listed items says (reports, lists,
// verdicts), with words of some 300 characters.
const (
	scaleDays   = 3
	scaleDaily  = 12 // entries a day, circle and member
	scaleCircle = 12 // members of a province's circle
	scaleBorder = 4  // members of a circle across a border
)

// TestScale runs a country of members, each with a node of its own in the circle of its province and in two circles
// across borders, and prints traffic, storage and work for each node. It asks for nothing but agreement.
//
//	go test ./exchange -run TestScale -members 333 -v
func TestScale(t *testing.T) {
	if *scaleMembers == 0 {
		t.Skip("run it with -members 333")
	}
	w := newCountry(t, *scaleMembers)
	var traffic, worked, slowest []float64
	for range scaleDays {
		w.each(func(m *citizen) { m.day() })
		w.each(func(m *citizen) { m.read() })
	}
	w.each(func(*citizen) {})
	var stored []float64
	for _, m := range w.members {
		m.whole()
		traffic = append(traffic, float64(m.bytes.Load())/scaleDays/1e6)
		worked = append(worked, m.reading.Seconds()/scaleDays)
		slowest = append(slowest, m.slowest.Seconds()*1000)
		stored = append(stored, m.size()/1e6)
		_ = m.Close()
	}
	for what, all := range map[string][]float64{
		"read from neighbours, MB a day": traffic, "database after three days, MB": stored,
		"time to read all neighbours once a day, s": worked, "slowest neighbour, ms": slowest,
	} {
		slices.Sort(all)
		t.Logf("%-45s median %8.2f  p99 %8.2f", what, all[len(all)/2], all[len(all)*99/100])
	}
}

// citizen is a member of the country.
type citizen struct {
	*node.Folder
	t        *testing.T
	circles  []string
	bytes    atomic.Int64
	reading  time.Duration
	slowest  time.Duration
	country  *country
	identity node.Identity
}

type country struct {
	t       *testing.T
	members []*citizen
	circles map[string][]*citizen
}

func newCountry(t *testing.T, size int) *country {
	c := &country{t: t, circles: map[string][]*citizen{}}
	for i := range size {
		code := fmt.Sprint(110000 + i*100)
		m := &citizen{t: t, country: c, identity: node.Identity{Member: code, Name: code, Origin: "m" + code + ".example"}}
		m.circles = []string{fmt.Sprint("province", i/scaleCircle), fmt.Sprint("border", i/scaleBorder), fmt.Sprint("crossing", (i+scaleBorder/2)/scaleBorder)}
		c.members = append(c.members, m)
		for _, circle := range m.circles {
			c.circles[circle] = append(c.circles[circle], m)
		}
	}
	c.each(func(m *citizen) { m.open() })
	c.each(func(m *citizen) { m.join() })
	return c
}

// each runs f for all members, on all cores.
func (c *country) each(f func(m *citizen)) {
	var wg sync.WaitGroup
	turn := make(chan struct{}, 8)
	for _, m := range c.members {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			f(m)
		})
	}
	wg.Wait()
}

func (m *citizen) open() {
	dir := filepath.Join(m.t.TempDir(), "node")
	err := node.InitFolder(dir, node.Settings{Identity: m.identity})
	if err == nil {
		m.Folder, err = node.OpenFolder(context.Background(), dir, []node.Module{region.Module(), exchange.Module(), tallying},
			node.FolderOptions{May: func(node.Actor, string) bool { return true }, Unsynced: true})
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *citizen) say(act node.Act) {
	if _, err := m.Write(context.Background(), node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Member: m.Member}}, act); err != nil {
		m.t.Error(err)
	}
}

func (m *citizen) join() {
	m.say(func(ctx context.Context, w *node.Writing) error {
		for _, circle := range m.circles {
			if err := region.OpenCircle(ctx, w, region.Circle{ID: circle, Name: circle, Members: []string{m.Member}}); err != nil {
				return err
			}
			for _, other := range m.country.circles[circle] {
				if other == m {
					continue
				}
				key := region.KeyText(other.PublicKey())
				_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
					Circle: circle, Words: &region.RecognisedWords{Name: other.Member},
					Facts: region.RecognisedFacts{Member: other.Member, Origin: other.Origin, Key: key, Witness: key, Request: key},
				})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (m *citizen) day() {
	for _, circle := range m.circles {
		for range scaleDaily {
			m.say(func(ctx context.Context, w *node.Writing) error {
				_, err := tallied.Say(ctx, w, node.Said[tallyFacts, tallyWords]{
					Circle: circle, Subjects: []string{"i-1"}, Facts: tallyFacts{To: fmt.Sprint("s", rand.IntN(100)), N: 1}, Words: &tallyWords{Why: scaleWords},
				})
				return err
			})
		}
	}
}

var scaleWords = func() string {
	words := make([]rune, 300)
	for i := range words {
		words[i] = rune(0x4e00 + i*37%20000)
	}
	return string(words)
}()

func (m *citizen) read() {
	f := &exchange.Follower{Node: m.Node, Log: slog.New(slog.DiscardHandler)}
	begun := time.Now()
	for _, circle := range m.circles {
		for _, other := range m.country.circles[circle] {
			if other == m {
				continue
			}
			at := time.Now()
			src := &counted{Source: exchange.Local{Node: other.Node, Book: other.BookName(circle)}, bytes: &m.bytes}
			if _, err := f.Once(context.Background(), circle, other.Member, src); err != nil {
				m.t.Errorf("%s reads %s of %s: %v", m.Member, circle, other.Member, err)
			}
			m.slowest = max(m.slowest, time.Since(at))
		}
	}
	m.reading += time.Since(begun)
}

// whole fails the test when a neighbour's entry is missing.
func (m *citizen) whole() {
	want := int64(1 + scaleDays*scaleDaily)
	_ = m.Store.Read(context.Background(), func(tx *store.Tx) error {
		for _, circle := range m.circles {
			for _, other := range m.country.circles[circle] {
				head, _, err := node.Head(context.Background(), tx, other.BookName(circle))
				if least := want + int64(len(m.country.circles[circle])) - 1; err != nil || head.Size != least {
					m.t.Errorf("%s has %d of %d entries of %s: %v", m.Member, head.Size, least, head.Book, err)
				}
			}
		}
		return nil
	})
}

func (m *citizen) size() (bytes float64) {
	for _, name := range []string{"liandong.db", "liandong.db-wal"} {
		if info, err := os.Stat(filepath.Join(m.Dir, name)); err == nil {
			bytes += float64(info.Size())
		}
	}
	return bytes
}

// counted counts what would pass over the line, uncompressed.
type counted struct {
	exchange.Source
	bytes *atomic.Int64
}

func (c *counted) Checkpoint(ctx context.Context) ([]byte, error) {
	b, err := c.Source.Checkpoint(ctx)
	c.bytes.Add(int64(len(b)))
	return b, err
}

func (c *counted) Tile(ctx context.Context, level int, n int64, width int) ([]byte, error) {
	b, err := c.Source.Tile(ctx, level, n, width)
	c.bytes.Add(int64(len(b)))
	return b, err
}

func (c *counted) Entries(ctx context.Context, n int64, width int) ([][]byte, error) {
	all, err := c.Source.Entries(ctx, n, width)
	for _, e := range all {
		c.bytes.Add(int64(len(e) + 2))
	}
	return all, err
}

func (c *counted) Beside(ctx context.Context, from int64, count int) ([]book.Beside, error) {
	all, err := c.Source.Beside(ctx, from, count)
	if err != nil {
		return nil, err
	}
	lines, err := book.BesideBundle(all)
	c.bytes.Add(int64(len(lines)))
	return all, err
}
