package book

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// testBook is a small book with all that a node stores of it.
type testBook struct {
	entries [][]byte
	words   []Words
	leaves  []tlog.Hash
	tiles   map[[2]int64][]byte
	head    Checkpoint
}

func newTestBook(t testing.TB, size int) *testBook {
	b := &testBook{tiles: map[[2]int64][]byte{}}
	var tree Tree
	for i := range size {
		e, w := testEntry(i)
		raw, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		b.entries, b.words = append(b.entries, raw), append(b.words, w)
		b.leaves = append(b.leaves, LeafHash(raw))
		tree.Append(LeafHash(raw))
	}
	for _, tile := range tree.Pending() {
		b.tiles[[2]int64{int64(tile.Level), tile.N}] = tile.Data
	}
	b.head = Checkpoint{Origin: testOrigin, Size: int64(size), Root: tree.Root()}
	return b
}

func testEntry(i int) (Entry, Words) {
	e := sample()
	e.At = e.At.Add(time.Duration(i/3) * time.Millisecond)
	e.Subjects = []string{fmt.Sprint("i-", i)}
	if i%4 == 3 {
		e.Words = nil
		return e, Words{}
	}
	w := Words{State: WordsHere, Salt: Salt{byte(i), byte(i >> 8)}, Text: fmt.Appendf(nil, `{"progress":"演示数据 %d"}`, i)}
	c := Commit(w.Salt, w.Text)
	e.Words = &c
	if i%16 == 5 {
		w = Words{State: WordsErased}
	}
	return e, w
}

// check feeds the whole book and gives all damage, as index and code.
func (b *testBook) check() []string {
	var found []string
	note := func(err error) {
		var d *Damage
		if errors.As(err, &d) {
			found = append(found, fmt.Sprint(d.Index, " ", d.Code))
		}
	}
	c := NewChecker("510900", "suitong")
	for i := range b.entries {
		note(c.Entry(b.entries[i], b.words[i]))
		note(c.CheckLeaf(b.leaves[i]))
	}
	for at, data := range b.tiles {
		note(c.CheckTile(int(at[0]), at[1], data))
	}
	note(c.CheckStored())
	note(c.CheckHead(b.head))
	return found
}

func (b *testBook) change(t *testing.T, i int, change func(*Entry)) {
	e, err := Scan(b.entries[i])
	if err != nil {
		t.Fatal(err)
	}
	change(&e)
	if b.entries[i], err = e.Bytes(); err != nil {
		t.Fatal(err)
	}
}

func TestChecker(t *testing.T) {
	flip := func(p *[]byte, at int) { *p = bytes.Clone(*p); (*p)[at] ^= 1 }
	for _, c := range []struct {
		remark string
		harm   func(b *testBook)
		want   []string
	}{
		{"nothing", func(*testBook) {}, nil},
		{"a bit of an entry's frame", func(b *testBook) { flip(&b.entries[300], 2) }, []string{"300 entry", "300 leaf", "-1 root"}},
		{"a bit of a figure, which leaves an entry", func(b *testBook) {
			flip(&b.entries[7], bytes.Index(b.entries[7], []byte("45")))
		}, []string{"7 leaf", "7 tile", "-1 tile", "-1 root"}},
		{"another figure with its leaf hash", func(b *testBook) {
			b.change(t, 7, func(e *Entry) { e.Facts = json.RawMessage(`{"percent":99}`) })
			b.leaves[7] = LeafHash(b.entries[7])
		}, []string{"7 tile", "-1 tile", "-1 root"}},
		{"a bit of a leaf hash", func(b *testBook) { b.leaves[9][0] ^= 1 }, []string{"9 leaf"}},
		{"a bit of the words", func(b *testBook) { flip(&b.words[8].Text, 3) }, []string{"8 commitment"}},
		{"a bit of the salt", func(b *testBook) { b.words[8].Salt[31] ^= 1 }, []string{"8 commitment"}},
		{"words lost", func(b *testBook) { b.words[8] = Words{} }, []string{"8 words"}},
		{"words erased", func(b *testBook) { b.words[8] = Words{State: WordsErased} }, nil},
		{"words never received", func(b *testBook) { b.words[8] = Words{State: WordsWithheld} }, nil},
		{"words beside an entry without", func(b *testBook) { b.words[3] = b.words[4] }, []string{"3 words"}},
		{"the root", func(b *testBook) { b.head.Root[0] ^= 1 }, []string{"-1 root"}},
		{"an entry more than signed", func(b *testBook) { b.head.Size-- }, []string{"-1 size"}},
		{"a tile lost", func(b *testBook) { delete(b.tiles, [2]int64{0, 0}) }, []string{"-1 tile-absent"}},
		{"a tile cut", func(b *testBook) { b.tiles[[2]int64{1, 0}] = nil }, []string{"-1 tile"}},
		{"a tile too many", func(b *testBook) { b.tiles[[2]int64{0, 1}] = make([]byte, 32) }, []string{"-1 tile"}},
	} {
		t.Run(c.remark, func(t *testing.T) {
			b := newTestBook(t, 400)
			c.harm(b)
			if got := b.check(); fmt.Sprint(sorted(got)) != fmt.Sprint(sorted(c.want)) {
				t.Errorf("found %v; want %v", got, c.want)
			}
		})
	}
}

func sorted(s []string) []string {
	m := map[string]int{}
	for _, x := range s {
		m[x]++
	}
	out := []string{fmt.Sprint(m)}
	return out
}

func TestCheckerTileNamesTheEntry(t *testing.T) {
	b := newTestBook(t, 400)
	tile := bytes.Clone(b.tiles[[2]int64{0, 0}])
	tile[32*17+5] ^= 1
	b.tiles[[2]int64{0, 0}] = tile
	if got := b.check(); fmt.Sprint(got) != "[17 tile]" {
		t.Errorf("found %v", got)
	}
}

// TestCheckerOrder: of another member, for another circle, and back in time.
func TestCheckerOrder(t *testing.T) {
	for _, c := range []struct {
		remark string
		change func(*Entry)
		want   string
	}{
		{"the same millisecond", func(*Entry) {}, ""},
		{"a millisecond earlier", func(e *Entry) { e.At = e.At.Add(-time.Millisecond) }, DamageTime},
		{"another member", func(e *Entry) { e.Member = "500152" }, DamageMember},
		{"another circle", func(e *Entry) { e.Circle = "chengyu" }, DamageCircle},
	} {
		first, w := testEntry(0)
		second := first
		c.change(&second)
		checker := NewChecker("510900", "suitong")
		a, _ := first.Bytes()
		b, _ := second.Bytes()
		if err := checker.Entry(a, w); err != nil {
			t.Fatal(err)
		}
		err := checker.Entry(b, w)
		var d *Damage
		if errors.As(err, &d); (d == nil) != (c.want == "") || d != nil && (d.Code != c.want || d.Index != 1) {
			t.Errorf("%s: %v", c.remark, err)
		}
	}
}

// BenchmarkChecker prints ratio: the time to hash the same entries with SHA-256 divided by the time to check them.
func BenchmarkChecker(b *testing.B) {
	book := newTestBook(b, 10_000)
	var plain, checked time.Duration
	for b.Loop() {
		start := time.Now()
		for _, e := range book.entries {
			sha256.Sum256(e)
		}
		plain += time.Since(start)
		start = time.Now()
		c := NewChecker("510900", "suitong")
		for i, e := range book.entries {
			if err := c.Entry(e, book.words[i]); err != nil {
				b.Fatal(err)
			}
		}
		if err := c.CheckHead(book.head); err != nil {
			b.Fatal(err)
		}
		checked += time.Since(start)
	}
	n := float64(b.N * len(book.entries))
	b.ReportMetric(float64(plain)/float64(checked), "ratio")
	b.ReportMetric(float64(checked)/n, "ns/entry")
	b.ReportMetric(float64(plain)/n, "ns/sha256")
}
