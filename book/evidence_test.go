package book

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func testEvidence(t testing.TB, index int) Evidence {
	b := newTestBook(t, 300)
	key := testKey(t, 1)
	cp, err := SignCheckpoint(testOrigin, b.head.Size, b.head.Root, key.Signer(testOrigin))
	if err != nil {
		t.Fatal(err)
	}
	store := newShelf(func(i int64) tlog.Hash { return b.leaves[i] })
	for at, data := range b.tiles {
		store.put([]Tile{{int(at[0]), at[1], data}})
	}
	proof, err := ProveInclusion(b.head.Size, int64(index), store.load)
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEvidence(b.entries[index], b.words[index], int64(index), proof, cp, VerifierKey(testOrigin, key.Public()), "遂宁市")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEvidence(t *testing.T) {
	for index, state := range map[int]string{0: "here", 3: "none", 5: "erased", 299: "none"} {
		e := testEvidence(t, index)
		file, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadEvidence(file)
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		r, err := again.Verify(e.Key)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Trusted || r.Words != state || r.Index != int64(index) || r.Size != 300 || r.Entry.Member != "510900" {
			t.Errorf("report %+v", r)
		}
		if r, err := again.Verify(""); err != nil || r.Trusted {
			t.Errorf("without a trusted key: %v, trusted %v", err, r.Trusted)
		}
	}
}

func TestEvidenceRefused(t *testing.T) {
	other := testKey(t, 2)
	for _, c := range []struct {
		remark string
		change func(*Evidence)
		want   error
	}{
		{"unknown format", func(e *Evidence) { e.Format = "liandong-evidence/2" }, ErrEvidenceFormat},
		{"another key", func(e *Evidence) { e.Key = VerifierKey(testOrigin, other.Public()) }, ErrOtherKey},
		{"a figure", func(e *Evidence) { e.Entry = strings.Replace(e.Entry, `"percent":45`, `"percent":99`, 1) }, nil},
		{"the index", func(e *Evidence) { e.Index++ }, nil},
		{"a hash of the path", func(e *Evidence) { e.Inclusion[1][0] ^= 1 }, nil},
		{"a hash too many", func(e *Evidence) { e.Inclusion = append(e.Inclusion, e.Inclusion[0]) }, nil},
		{"the words", func(e *Evidence) { e.Words.Text += " " }, errOtherWords},
		{"the salt", func(e *Evidence) { e.Words.Salt[0] ^= 1 }, errOtherWords},
		{"no salt", func(e *Evidence) { e.Words.Salt = nil }, ErrEvidenceWords},
		{"words called none", func(e *Evidence) { e.Words = EvidenceWords{State: "none"} }, ErrEvidenceWords},
		{"words called lost", func(e *Evidence) { e.Words = EvidenceWords{State: "lost"} }, ErrEvidenceWords},
		{"words called erased, but there", func(e *Evidence) { e.Words.State, e.Words.Salt = "erased", nil }, ErrEvidenceWords},
		{"the origin", func(e *Evidence) { e.Origin = "suining.example/chengyu" }, ErrWrongOrigin},
		{"the size signed", func(e *Evidence) { e.Checkpoint = strings.Replace(e.Checkpoint, "\n300\n", "\n301\n", 1) }, ErrBadSignature},
	} {
		t.Run(c.remark, func(t *testing.T) {
			e := testEvidence(t, 0)
			salt := *e.Words.Salt
			e.Words.Salt = &salt
			trusted := e.Key
			c.change(&e)
			if _, err := e.Verify(trusted); err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v; want %v", err, c.want)
			}
		})
	}
}

// TestEvidenceOfAnotherCircle: a book's key cannot be used to vouch for an entry made for another book.
func TestEvidenceOfAnotherCircle(t *testing.T) {
	key := testKey(t, 1)
	origin := "suining.example/chengyu"
	raw := sampleBytes(t)
	var tree Tree
	tree.Append(LeafHash(raw))
	cp, err := SignCheckpoint(origin, 1, tree.Root(), key.Signer(origin))
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewEvidence(raw, Words{State: WordsErased}, 0, nil, cp, VerifierKey(origin, key.Public()), "遂宁市")
	if !errors.Is(err, ErrOtherCircle) {
		t.Error(err)
	}
}

func TestReadEvidenceRefuses(t *testing.T) {
	file, err := testEvidence(t, 0).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for remark, bad := range map[string]string{
		"nothing":            "",
		"not JSON":           "PK\x03\x04",
		"cut short":          string(file[:len(file)-5]),
		"two files":          string(file) + string(file),
		"an unknown field":   strings.Replace(string(file), `"format"`, `"x": 1, "format"`, 1),
		"a doubled field":    strings.Replace(string(file), `"index": 0`, `"index": 0, "index": 0`, 1),
		"a field's capitals": strings.Replace(string(file), `"index"`, `"Index"`, 1),
	} {
		if _, err := ReadEvidence([]byte(bad)); err == nil {
			t.Errorf("%s was accepted", remark)
		}
	}
}

func FuzzReadEvidence(f *testing.F) {
	file, err := testEvidence(f, 0).Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ReadEvidence(b)
		if err != nil {
			return
		}
		if _, err := e.Verify(""); err != nil {
			return
		}
		if out, err := e.Bytes(); err != nil {
			t.Errorf("verified, but cannot be written: %v\n%s", err, out)
		}
	})
}
