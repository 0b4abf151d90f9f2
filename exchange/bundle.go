package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
)

// BundleFormat is the only format of bundles so far: a zip file (docs/reference/bundle.md).
const BundleFormat = "liandong-bundle/1"

// Limits of a part of a bundle. Whoever reads one holds its list of files in memory, so that is bounded.
const (
	mostBundleFiles  = 100_000
	mostDirectory    = 24 << 20 // bytes of the zip file's directory
	mostManifest     = 32 << 20 // bytes
	mostAttachment   = 1 << 30  // bytes
	bundleManifest   = "manifest.json"
	bundleFiles      = "files/"
	mostBundledBooks = 1024
)

// Manifest (离线包清单) says whose bundle a part is, for which circle and whom, and what it holds. Nothing of it is
// believed; what stands in books is proven as over the network.
type Manifest struct {
	Format string        `json:"format"`
	ID     string        `json:"id"`   // the same in all parts
	Part   int           `json:"part"` // from 1
	Last   bool          `json:"last"`
	At     time.Time     `json:"at"` // UTC, by the clock of the member that made it
	From   node.Identity `json:"from"`
	Circle string        `json:"circle"`
	To     []string      `json:"to"` // members
	Books  []BundledBook `json:"books"`
	// Heads are those of the circle's books that the maker holds, also of the books that are not in the bundle.
	Heads        []HeadSeen     `json:"heads"`
	Cosignatures []CosignedHead `json:"cosignatures"`
	Attachments  []BundledFile  `json:"attachments"`
	Before       []Part         `json:"before"` // the earlier parts
}

// BundledBook is a stretch of a book in a part.
type BundledBook struct {
	Member string `json:"member"`
	Size   int64  `json:"size"` // of the head
	From   int64  `json:"from"` // first entry in this part: a multiple of 256, or the size where there is none
	To     int64  `json:"to"`   // one past the last
}

// CosignedHead is a head of a recipient's book with the line by which the maker of the bundle cosigns it.
type CosignedHead struct {
	Member     string `json:"member"`
	Checkpoint string `json:"checkpoint"` // with the signature of the book only
	Lines      string `json:"lines"`
}

// BundledFile says which entry names an attachment of the part.
type BundledFile struct {
	Blob   string `json:"blob"`
	Member string `json:"member"`
	Index  int64  `json:"index"`
}

// Part is one file of a bundle.
type Part struct {
	File   string        `json:"file"` // without its folder
	Size   int64         `json:"size"` // bytes
	SHA256 string        `json:"sha256"`
	Books  []BundledBook `json:"books"`
}

// The ways in which a bundle is not taken as a whole. What is wrong with one of its books stands in the report.
var (
	ErrNotBundle   = errors.New("不是完整的离线包,可能被截断或损坏,请重新拷贝 (not a whole bundle: cut off or damaged; copy it again)")
	ErrOtherTarget = errors.New("离线包不是给本成员的 (the bundle is for other members)")
	ErrNotMet      = errors.New("本方在该圈不认可该成员,或已暂停往来 (the member is not recognised in this circle, or suspended)")
	ErrNoRecipient = errors.New("该圈没有可交付的成员 (no member of this circle may be given a bundle)")
)

var bundledBlob = regexp.MustCompile(`^f-[A-Z2-7]{20,32}$`)

// readManifest reads the one form of the manifest and checks what can be checked of it by itself.
func readManifest(raw []byte) (m Manifest, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil || d.More() {
		return m, fmt.Errorf("清单读不出来 (unreadable manifest): %w", errors.Join(err, ErrNotBundle))
	}
	return m, m.check()
}

var circleName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func (m Manifest) check() error {
	bad := func(what string) error { return fmt.Errorf("%w: %s", ErrNotBundle, what) }
	switch {
	case m.Format != BundleFormat:
		return fmt.Errorf("未知的离线包格式 %.40q (unknown format)", m.Format)
	case !book.IsMember(m.From.Member) || !book.IsOrigin(m.From.Origin+"/"+m.Circle) || len(m.From.Name) > 400:
		return bad("from")
	case !circleName.MatchString(m.Circle) || m.Circle == node.Self:
		return bad("circle")
	case m.Part < 1 || len(m.Before) != m.Part-1 || len(m.Books) > mostBundledBooks:
		return bad("parts")
	case slices.ContainsFunc(m.To, func(member string) bool { return !book.IsMember(member) }):
		return bad("to")
	}
	seen := map[string]bool{}
	for _, b := range m.Books {
		aligned := b.From%book.TileWidth == 0 || b.From == b.Size
		if !book.IsMember(b.Member) || seen[b.Member] || b.From < 0 || !aligned || b.From > b.To || b.To > b.Size {
			return bad("books")
		}
		seen[b.Member] = true
	}
	for _, a := range m.Attachments {
		if !bundledBlob.MatchString(a.Blob) || !book.IsMember(a.Member) || a.Index < 0 {
			return bad("attachments")
		}
	}
	return nil
}

// besideName is where a stretch of what lies beside entries stands below its book.
func besideName(from int64, count int) string {
	return "beside/" + strconv.FormatInt(from, 10) + "-" + strconv.Itoa(count)
}

// besideChunk is a stretch of what lies beside entries.
type besideChunk struct {
	from  int64
	count int
}

// parseBundled tells whether a path below a book is one that a bundle may hold; chunk is set for what lies beside.
func parseBundled(path string) (chunk besideChunk, ok bool) {
	if path == "checkpoint" || rolledName.MatchString(path) {
		return chunk, true
	}
	if rest, beside := strings.CutPrefix(path, "beside/"); beside {
		from, count, _ := strings.Cut(rest, "-")
		var err, err2 error
		chunk.from, err = strconv.ParseInt(from, 10, 64)
		chunk.count, err2 = strconv.Atoi(count)
		return chunk, err == nil && err2 == nil && chunk.from >= 0 && chunk.count > 0 && chunk.count <= book.TileWidth &&
			path == besideName(chunk.from, chunk.count)
	}
	_, err := book.ParsePath(path)
	return chunk, err == nil
}

var rolledName = regexp.MustCompile(`^rolled/[0-9a-f]{8}$`)

// ReadBundle reads what a file of a bundle says of itself.
func ReadBundle(path string) (Manifest, error) {
	p, err := openPart(path)
	if err != nil {
		return Manifest{}, err
	}
	return p.Manifest, p.close()
}

// Delivered tells, from an earlier bundle, up to which entry its reader has the circle's books: one of our own, what it
// brought; one of the reader's, what the reader held when it was made.
func (m Manifest) Delivered(ours string) map[string]int64 {
	sizes := map[string]int64{}
	if m.From.Member == ours {
		for _, b := range m.Books {
			sizes[b.Member] = b.To
		}
		return sizes
	}
	for _, h := range m.Heads {
		if size, err := book.SizeOf([]byte(h.Checkpoint)); err == nil {
			sizes[h.Member] = size
		}
	}
	return sizes
}
