package book

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// standing is a tree of n leaves with a loader over its tiles.
func standing(t testing.TB, n int) (Checkpoint, Loader, []tlog.Hash) {
	t.Helper()
	tree, leaves := &Tree{}, []tlog.Hash{}
	tiles := map[string][]byte{}
	for i := range n {
		leaves = append(leaves, LeafHash(fmt.Appendf(nil, "entry %d", i)))
		tree.Append(leaves[i])
		for _, p := range tree.Pending() {
			tiles[fmt.Sprint(p.Level, p.N)] = p.Data
		}
	}
	load := func(level int, n int64, width int) ([]byte, error) {
		if level > 0 {
			return bytes.Clone(tiles[fmt.Sprint(level, n)]), nil
		}
		var all []byte
		for _, l := range leaves[n*TileWidth : n*TileWidth+int64(width)] {
			all = append(all, l[:]...)
		}
		return all, nil
	}
	return Checkpoint{Origin: "suining.example/suitong", Size: int64(n), Root: tree.Root()}, load, leaves
}

func TestLeavesUnderAreProven(t *testing.T) {
	for _, n := range []int{1, 255, 256, 257, 700, 66000} {
		head, load, leaves := standing(t, n)
		for _, from := range []int{0, n / 2, n - 1} {
			count := min(300, n-from)
			got, err := LeavesUnder(head, int64(from), count, load)
			if err != nil {
				t.Fatalf("%d from %d: %v", n, from, err)
			}
			for i, l := range got {
				if l != leaves[from+i] {
					t.Fatalf("%d: leaf %d differs", n, from+i)
				}
			}
		}
		if _, err := LeavesUnder(head, int64(n), 1, load); err == nil {
			t.Errorf("%d: a leaf beyond the head", n)
		}
	}
}

func TestLeavesUnderRefusesAnyChangedTile(t *testing.T) {
	head, load, _ := standing(t, 700)
	for level := range 2 {
		for at := range 60 {
			changed := func(l int, n int64, width int) ([]byte, error) {
				data, err := load(l, n, width)
				if l == level {
					data[at*len(data)/60] ^= 1
				}
				return data, err
			}
			if _, err := LeavesUnder(head, 300, 100, changed); err == nil {
				t.Errorf("level %d, byte %d/60: a changed tile went through", level, at)
			}
		}
	}
	short := func(int, int64, int) ([]byte, error) { return nil, nil }
	if _, err := LeavesUnder(head, 0, 1, short); err == nil {
		t.Error("an empty tile went through")
	}
}

func TestBesideBundleRoundTrip(t *testing.T) {
	all := []Beside{
		{Index: 512},
		{Index: 513, Words: Words{State: WordsHere, Salt: Salt{1, 2}, Text: []byte(`{"title":"涪江<大桥>\n"}`)}},
		{Index: 514, Words: Words{State: WordsErased}},
		{Index: 515, Words: Words{State: WordsWithheld}, Causes: []CauseEvidence{{Number: 1, Evidence: Evidence{
			Format: EvidenceFormat, Origin: "a/suitong", Index: 3, Entry: "{}", Inclusion: []tlog.Hash{{7}}, Words: EvidenceWords{State: "none"},
		}}}},
	}
	b, err := BesideBundle(all)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ScanBeside(b, 512, 4)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(all) {
		t.Errorf("got  %v\nwant %v", got, all)
	}
}

func TestScanBesideRefuses(t *testing.T) {
	line := `{"index":5,"words":{"state":"erased"},"causes":[]}` + "\n"
	for name, b := range map[string]string{
		"a doubled line":         line + line,
		"an entry that is later": `{"index":9,"words":{"state":"erased"},"causes":[]}` + "\n",
		"an entry before":        `{"index":4,"words":{"state":"erased"},"causes":[]}` + "\n",
		"a doubled key":          `{"index":5,"index":5,"words":{"state":"erased"},"causes":[]}` + "\n",
		"an unknown key":         `{"index":5,"words":{"state":"erased"},"causes":[],"more":1}` + "\n",
		"an unknown state":       `{"index":5,"words":{"state":"lost"},"causes":[]}` + "\n",
		"words that are erased":  `{"index":5,"words":{"state":"erased","text":"x"},"causes":[]}` + "\n",
		"words without salt":     `{"index":5,"words":{"state":"here","text":"x"},"causes":[]}` + "\n",
		"a line cut off":         line[:20],
		"no line end":            line[:len(line)-1],
		"broken UTF-8":           `{"index":5,"words":{"state":"er` + "\xff" + `"},"causes":[]}` + "\n",
		"no JSON":                "hello\n",
	} {
		if _, err := ScanBeside([]byte(b), 5, 3); !errors.Is(err, ErrBeside) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzScanBeside(f *testing.F) {
	f.Add([]byte(`{"index":5,"words":{"state":"erased"},"causes":[]}` + "\n"))
	f.Add([]byte(`{"index":6,"words":{"state":"here","salt":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","text":"{}"},"causes":[]}` + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := ScanBeside(b, 5, 3)
		if err != nil {
			return
		}
		again, err := BesideBundle(all)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ScanBeside(again, 5, 3)
		if err != nil || fmt.Sprint(back) != fmt.Sprint(all) {
			t.Fatalf("written again: %v\n%v\n%v", err, all, back)
		}
	})
}
