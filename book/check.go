package book

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Damage (损坏) is what a check found wrong, and where.
type Damage struct {
	Index int64  // the entry, from 0; -1 where no single entry can be named
	Code  string // one of the Damage… codes
	Err   error
}

// The codes of Damage.
const (
	DamageEntry      = "entry"       // the bytes are not an entry
	DamageMember     = "member"      // another member's entry
	DamageCircle     = "circle"      // an entry for another circle
	DamageTime       = "time-order"  // earlier than the entry before it
	DamageWords      = "words"       // words lost without having been erased, or words the entry never had
	DamageCommitment = "commitment"  // words that are not those the entry was made with
	DamageLeaf       = "leaf"        // the bytes do not have the leaf hash that was stored
	DamageTile       = "tile"        // a stored tile differs from the entries
	DamageRoot       = "root"        // the entries do not add up to the signed root
	DamageSize       = "size"        // more or fewer entries than were signed
	DamageTileAbsent = "tile-absent" // a tile that should be stored is not
)

func (d *Damage) Error() string {
	if d.Index < 0 {
		return fmt.Sprintf("账本损坏 [%s]: %v", d.Code, d.Err)
	}
	return fmt.Sprintf("账本第 %d 条损坏 [%s]: %v", d.Index, d.Code, d.Err)
}

func (d *Damage) Unwrap() error { return d.Err }

var (
	errNoWords    = errors.New("正文不见了, 也没有删除记录 (the words are gone without having been erased)")
	errExtraWords = errors.New("记录本无正文 (words beside an entry that has none)")
	errOtherWords = errors.New("正文或盐与承诺不符 (words or salt do not match the commitment)")
	errEarlier    = errors.New("时间早于上一条 (earlier than the entry before it)")
)

// Checker recomputes a book from its entries and trusts nothing that the writer derived. Entries are fed in order;
// a damaged one is reported and still counts as a leaf, so that all damage is found in one pass.
type Checker struct {
	member, circle string
	tree           Tree
	last           [len(timeLayout)]byte
	leaf           tlog.Hash
	room           []byte
	tiles          map[[2]int64][]byte // recomputed, not yet compared; level and number
}

// NewChecker begins at the first entry of a member's book for a circle.
func NewChecker(member, circle string) *Checker {
	return &Checker{member: member, circle: circle, room: make([]byte, 0, 4096), tiles: map[[2]int64][]byte{}}
}

// Entry takes the next entry with what lies beside it. The error is a *Damage.
func (c *Checker) Entry(b []byte, w Words) error {
	index := c.tree.Size()
	c.room = append(append(c.room[:0], 0), b...)
	c.leaf = sum(c.room)
	c.tree.Append(c.leaf)
	var f fields
	if err := scanFields(b, &f); err != nil {
		return &Damage{index, DamageEntry, err}
	}
	if got := text(b[f.member.from:f.member.to]); got != c.member {
		return &Damage{index, DamageMember, fmt.Errorf("成员 %s, 应为 %s (of another member)", got, c.member)}
	}
	if got := text(b[f.circle.from:f.circle.to]); got != c.circle {
		return &Damage{index, DamageCircle, fmt.Errorf("圈 %s, 应为 %s (for another circle)", got, c.circle)}
	}
	at := b[f.at.from:f.at.to]
	earlier := bytes.Compare(at, c.last[:]) < 0 // equal width: the order of bytes is that of time
	copy(c.last[:], at)
	if earlier {
		return &Damage{index, DamageTime, errEarlier}
	}
	return c.words(index, b[f.words.from:f.words.to], w)
}

// words compares the commitment, as written in the entry, with what lies beside it.
func (c *Checker) words(index int64, commitment []byte, w Words) error {
	switch {
	case len(commitment) == 0 && w.State != WordsNone:
		return &Damage{index, DamageWords, errExtraWords}
	case len(commitment) > 0 && w.State == WordsNone:
		return &Damage{index, DamageWords, errNoWords}
	case w.State != WordsHere:
		return nil
	}
	want, _ := decodeHash(commitment)
	c.room = append(append(append(c.room[:0], commitDomain...), w.Salt[:]...), w.Text...)
	if sum(c.room) != want {
		return &Damage{index, DamageCommitment, errOtherWords}
	}
	return nil
}

// Size is the number of entries fed so far.
func (c *Checker) Size() int64 { return c.tree.Size() }

// Root is the root over the entries fed so far.
func (c *Checker) Root() tlog.Hash { return c.tree.Root() }

// CheckLeaf compares the leaf hash that was stored with the last entry. The error is a *Damage.
func (c *Checker) CheckLeaf(stored tlog.Hash) error {
	if stored == c.leaf {
		return nil
	}
	return &Damage{c.tree.Size() - 1, DamageLeaf, fmt.Errorf("所存叶散列 %v, 重算为 %v (stored leaf hash differs)", stored, c.leaf)}
}

// CheckTile compares a stored tile with the entries fed so far, and forgets the recomputed one. For level 0 it names
// the entry whose hash differs. The error is a *Damage.
func (c *Checker) CheckTile(level int, n int64, data []byte) error {
	c.takeTiles()
	at := [2]int64{int64(level), n}
	want, ok := c.tiles[at]
	path := TilePath(level, n, max(1, min(TileWidth, len(data)/tlog.HashSize)))
	if !ok {
		return &Damage{-1, DamageTile, fmt.Errorf("%s 不应存在 (a tile that this book does not have)", path)}
	}
	delete(c.tiles, at)
	if bytes.Equal(data, want) {
		return nil
	}
	if len(data) != len(want) {
		return &Damage{-1, DamageTile, fmt.Errorf("%s 有 %d 字节, 应为 %d (wrong length)", path, len(data), len(want))}
	}
	first := 0
	for data[first] == want[first] {
		first++
	}
	first /= tlog.HashSize
	index := int64(-1)
	if level == 0 {
		index = n*TileWidth + int64(first)
	}
	return &Damage{index, DamageTile, fmt.Errorf("%s 的第 %d 个散列与记录不符 (hash differs from the entries)", path, first)}
}

func (c *Checker) takeTiles() {
	for _, t := range c.tree.Pending() {
		c.tiles[[2]int64{int64(t.Level), t.N}] = t.Data
	}
}

// CheckStored reports the first tile that should be stored but was never given to CheckTile. The error is a *Damage.
func (c *Checker) CheckStored() error {
	c.takeTiles()
	if len(c.tiles) == 0 {
		return nil
	}
	var left [][2]int64
	for at := range c.tiles {
		left = append(left, at)
	}
	slices.SortFunc(left, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
	level, n := int(left[0][0]), left[0][1]
	path := TilePath(level, n, len(c.tiles[left[0]])/tlog.HashSize)
	return &Damage{-1, DamageTileAbsent, fmt.Errorf("缺少 %s 等 %d 个瓦片 (tiles are not stored)", path, len(left))}
}

// CheckHead compares a checkpoint, whose signature was checked by OpenCheckpoint, with the entries fed so far.
// An older checkpoint is compared when as many entries were fed. The error is a *Damage.
func (c *Checker) CheckHead(head Checkpoint) error {
	if head.Size != c.tree.Size() {
		return &Damage{-1, DamageSize, fmt.Errorf("有 %d 条, 账头签的是 %d 条 (another number of entries than signed)", c.tree.Size(), head.Size)}
	}
	if root := c.tree.Root(); root != head.Root {
		return &Damage{-1, DamageRoot, fmt.Errorf("重算根散列 %v, 账头签的是 %v (entries do not add up to the signed root)", root, head.Root)}
	}
	return nil
}
