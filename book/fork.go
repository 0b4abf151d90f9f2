package book

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// The formats of fork evidence: of two heads under one key, and of two under keys of which the one was rolled to the other.
const (
	ForkFormat     = "liandong-fork/1"
	ForkFormatTied = "liandong-fork/2"
)

// Fork (分叉证据) proves that the holder of a book's key signed two heads that cannot belong to one book: he showed
// different books to different readers, or changed what stood. Anybody checks it without us.
//
// Either the two heads have one size and different roots, or both name an entry by its leaf hash at the same index,
// each with its inclusion proof, and the two hashes differ.
//
// Where the second head is under another key (OtherKey), Ties lead from the first key to it: each is an entry, under a
// head of the key before, in which its holder names the next. Trust runs that way only: who trusts the first key believes its holder that
// the next is its own, but anybody can make a key and name somebody else's as the next.
type Fork struct {
	Format string   `json:"format"` // ForkFormat or ForkFormatTied
	Origin string   `json:"origin"` // the book: "suining.example/suitong"
	Key    string   `json:"key"`    // verifier key of the book
	Index  int64    `json:"index"`  // of the entry in which they differ; -1 where the sizes are equal
	One    ForkSide `json:"one"`
	Other  ForkSide `json:"other"`

	OtherKey string     `json:"otherKey,omitempty"` // verifier key of the other head
	Ties     []Evidence `json:"ties,omitempty"`
}

// RolledTo is the verifier key that an entry of a book names as the next one of its holder; not ok if it is no such entry.
type RolledTo func(origin string, e Entry) (verifier string, ok bool)

// key is the verifier key of a side: 0 is the first.
func (f *Fork) key(side int) string {
	if side == 1 && f.OtherKey != "" {
		return f.OtherKey
	}
	return f.Key
}

func (f *Fork) sides() [2]*ForkSide { return [2]*ForkSide{&f.One, &f.Other} }

// ForkSide is one of the two heads. Leaf and proof stand only where Index is not -1.
type ForkSide struct {
	Checkpoint string      `json:"checkpoint"` // the signed note, with its line ends and whatever witnesses signed
	Leaf       tlog.Hash   `json:"leaf"`
	Inclusion  []tlog.Hash `json:"inclusion"`
}

// ErrLaterKey: the reader trusts a key to which the first one of the evidence names the way, which the first one's holder alone says.
var ErrLaterKey = fmt.Errorf("%w:所信任的是文件中后来的密钥;谁都能自造一把“前任密钥”,须向该成员或其邻方核实并信任文件中最先的一把 (trust the first key of the file, not a later one)", ErrOtherKey)

// ErrNoFork: the two heads may well belong to one book.
var ErrNoFork = errors.New("不构成分叉证据 (this does not prove a fork)")

// Shown is a book as somebody showed it: a signed head and its tiles.
type Shown struct {
	Checkpoint []byte
	Load       Loader
}

// FindFork looks for the first entry in which two shown books differ and makes the evidence. ErrNoFork when the
// shorter one is the beginning of the longer, or when what was shown does not hold under its own head.
func FindFork(vkey string, a, b Shown) (Fork, error) {
	return Fork{Format: ForkFormat, Key: vkey}.find(a, b, nil)
}

// FindForkTied is FindFork for books under two keys: a under the first, b under the other, to which ties lead from it.
func FindForkTied(vkey, other string, ties []Evidence, rolled RolledTo, a, b Shown) (Fork, error) {
	return Fork{Format: ForkFormatTied, Key: vkey, OtherKey: other, Ties: ties}.find(a, b, rolled)
}

func (f Fork) find(a, b Shown, rolled RolledTo) (Fork, error) {
	var heads [2]Checkpoint
	for i, s := range []Shown{a, b} {
		v, err := Verifier(f.key(i))
		if err != nil {
			return Fork{}, err
		}
		if heads[i], err = OpenCheckpoint(s.Checkpoint, v.Name(), v); err != nil {
			return Fork{}, err
		}
		f.Origin, f.Index = v.Name(), -1
		*f.sides()[i] = ForkSide{Checkpoint: string(s.Checkpoint), Inclusion: []tlog.Hash{}}
	}
	if heads[0].Size != heads[1].Size {
		var err error
		if f.Index, err = firstDifference(min(heads[0].Size, heads[1].Size), a.Load, b.Load); err != nil {
			return Fork{}, err
		}
		for i, s := range []Shown{a, b} {
			if err := f.sides()[i].prove(heads[i].Size, f.Index, s.Load); err != nil {
				return Fork{}, err
			}
		}
	}
	return f, f.Verify("", rolled)
}

func (s *ForkSide) prove(size, index int64, load Loader) (err error) {
	leaf, err := loadTile(load, 0, index/TileWidth, int(index%TileWidth)+1)
	if err != nil {
		return err
	}
	copy(s.Leaf[:], leaf[index%TileWidth*tlog.HashSize:])
	s.Inclusion, err = ProveInclusion(size, index, load)
	return err
}

// firstDifference is the first entry below size in which two trees differ, found from the top down.
func firstDifference(size int64, a, b Loader) (int64, error) {
	level := 0
	for size>>(tileHeight*(level+1)) > 0 {
		level++
	}
	from := int64(0)
	for ; level >= 0; level-- {
		at, err := differsIn(level, from, size>>(tileHeight*level), a, b)
		if err != nil {
			return -1, err
		}
		if level == 0 && at >= 0 {
			return at, nil
		}
		if at < 0 { // all whole subtrees agree: what is left lies to their right
			at = size >> (tileHeight * level)
		}
		from = at * TileWidth
	}
	return -1, ErrNoFork
}

// differsIn compares the hashes from up to to of a level; -1 when all are the same. Below a difference only the
// first tile is looked at, since the difference is in it.
func differsIn(level int, from, to int64, a, b Loader) (int64, error) {
	for from < to {
		n := from / TileWidth
		width := int(min(TileWidth, to-n*TileWidth))
		one, err := loadTile(a, level, n, width)
		if err != nil {
			return -1, err
		}
		other, err := loadTile(b, level, n, width)
		if err != nil {
			return -1, err
		}
		for i := from - n*TileWidth; i < int64(width); i++ {
			at := i * tlog.HashSize
			if !bytes.Equal(one[at:at+tlog.HashSize], other[at:at+tlog.HashSize]) {
				return n*TileWidth + i, nil
			}
		}
		from = (n + 1) * TileWidth
	}
	return -1, nil
}

// Verify checks the evidence; with a trusted verifier key that must be the first one, Key: ErrLaterKey where it is one that comes after.
// rolled reads the ties; nil: evidence with ties does not hold.
func (f Fork) Verify(trusted string, rolled RolledTo) error {
	keys, err := f.keys(rolled)
	if err != nil {
		return err
	}
	if trusted != "" && trusted != f.Key {
		if slices.Contains(keys, trusted) {
			return ErrLaterKey
		}
		return ErrOtherKey
	}
	var heads [2]Checkpoint
	for i, s := range f.sides() {
		v, err := Verifier(f.key(i))
		if err != nil {
			return err
		}
		if heads[i], err = OpenCheckpoint([]byte(s.Checkpoint), f.Origin, v); err != nil {
			return fmt.Errorf("head %d: %w", i+1, err)
		}
	}
	if f.Index == -1 {
		if heads[0].Size != heads[1].Size || heads[0].Root == heads[1].Root {
			return ErrNoFork
		}
		return nil
	}
	if f.One.Leaf == f.Other.Leaf {
		return ErrNoFork
	}
	for i, s := range f.sides() {
		if err := CheckInclusion(heads[i].Size, f.Index, heads[i].Root, s.Leaf, s.Inclusion); err != nil {
			return fmt.Errorf("%w: head %d: %w", ErrNoFork, i+1, err)
		}
	}
	return nil
}

// keys are the key of the first head and those that the ties lead to, up to the other head's.
func (f Fork) keys(rolled RolledTo) ([]string, error) {
	all := []string{f.Key}
	switch {
	case f.Format == ForkFormat && f.OtherKey == "" && len(f.Ties) == 0:
		return all, nil
	case f.Format != ForkFormatTied:
		return nil, fmt.Errorf("%w: %q", ErrEvidenceFormat, f.Format)
	case rolled == nil || len(f.Ties) == 0:
		return nil, ErrNoFork
	}
	for i, tie := range f.Ties {
		r, err := tie.Verify(all[i])
		if err != nil {
			return nil, fmt.Errorf("tie %d: %w", i+1, err)
		}
		next, ok := rolled(r.Origin, r.Entry)
		if !ok || r.Origin != f.Origin {
			return nil, fmt.Errorf("%w: tie %d names no key of this book", ErrNoFork, i+1)
		}
		all = append(all, next)
	}
	if all[len(all)-1] != f.OtherKey {
		return nil, fmt.Errorf("%w: the ties do not lead to the other key", ErrNoFork)
	}
	return all, nil
}

// Bytes writes the file: JSON, indented for people.
func (f Fork) Bytes() ([]byte, error) {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write fork evidence: %w", err)
	}
	return append(b, '\n'), nil
}

// ReadFork reads the file; unknown or doubled keys are refused.
func ReadFork(b []byte) (Fork, error) {
	var packed bytes.Buffer
	var f Fork
	err := json.Compact(&packed, b)
	if err == nil {
		err = DecodeFacts(packed.Bytes(), &f)
	}
	if err != nil {
		return Fork{}, fmt.Errorf("不是分叉证据文件 (not a file of fork evidence): %w", err)
	}
	return f, nil
}

// Heads are the two heads; of evidence that was not verified they prove nothing.
func (f Fork) Heads() (heads [2]Checkpoint, err error) {
	for i, s := range f.sides() {
		text, _, err := splitNote([]byte(s.Checkpoint))
		if err != nil {
			return heads, err
		}
		if heads[i], err = parseCheckpoint(string(text)); err != nil {
			return heads, err
		}
	}
	return heads, nil
}

// SignedSize is the size of a head within evidence, and the verifier key under which it is.
type SignedSize struct {
	Key  string
	Size int64
}

// Signed lists all heads of the evidence, those of the ties too.
func (f Fork) Signed() (all []SignedSize) {
	note := func(key, checkpoint string) {
		size, err := SizeOf([]byte(checkpoint))
		if err != nil {
			size = math.MaxInt64 // good under no key that is bounded
		}
		all = append(all, SignedSize{key, size})
	}
	for i, s := range f.sides() {
		note(f.key(i), s.Checkpoint)
	}
	for _, tie := range f.Ties {
		note(tie.Key, tie.Checkpoint)
	}
	return all
}
