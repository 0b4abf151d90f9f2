package exchange

import (
	"archive/zip"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
)

// piece is one opened file of a bundle.
type piece struct {
	Manifest
	path   string
	file   *os.File
	zip    map[string]*zip.File
	beside map[string][]besideChunk // book -> what lies beside, in the order of the indexes
}

// openPart opens a file of a bundle and reads its manifest. What it claims is not believed, and not more of it is
// kept in memory than a true one needs.
func openPart(path string) (*piece, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	p := &piece{path: path, file: f}
	if err := p.read(); err != nil {
		f.Close()
		return nil, err
	}
	return p, nil
}

func (p *piece) close() error { return p.file.Close() }

func (p *piece) read() error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	return p.readFrom(p.file, info.Size())
}

func (p *piece) readFrom(r io.ReaderAt, size int64) error {
	if err := boundedDirectory(r, size); err != nil {
		return err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("%w: %w", ErrNotBundle, err)
	}
	p.zip, p.beside = make(map[string]*zip.File, len(z.File)), map[string][]besideChunk{}
	for _, f := range z.File {
		if err := p.list(f); err != nil {
			return err
		}
	}
	for _, chunks := range p.beside {
		slices.SortFunc(chunks, func(a, b besideChunk) int { return cmp.Compare(a.from, b.from) })
	}
	raw, err := p.content(bundleManifest, mostManifest)
	if err != nil {
		return err
	}
	if p.Manifest, err = readManifest(raw); err != nil {
		return err
	}
	for name := range p.beside {
		if _, circle, _ := strings.Cut(name, "/"); circle != p.Circle {
			return fmt.Errorf("%w: %s", ErrNotBundle, name)
		}
	}
	return nil
}

// list notes a file of the zip, which must be one that a bundle holds: no other name is ever used.
func (p *piece) list(f *zip.File) error {
	bad := fmt.Errorf("%w: %.80q", ErrNotBundle, f.Name)
	if _, twice := p.zip[f.Name]; twice || len(p.zip) > mostBundleFiles || f.Method != zip.Store && f.Method != zip.Deflate {
		return bad
	}
	p.zip[f.Name] = f
	if f.Name == bundleManifest {
		return nil
	}
	if blob, ok := strings.CutPrefix(f.Name, bundleFiles); ok {
		if !bundledBlob.MatchString(blob) {
			return bad
		}
		return nil
	}
	parts := strings.SplitN(f.Name, "/", 3)
	if len(parts) != 3 || !book.IsMember(parts[0]) || !circleName.MatchString(parts[1]) {
		return bad
	}
	chunk, ok := parseBundled(parts[2])
	if !ok {
		return bad
	}
	if chunk.count > 0 {
		name := parts[0] + "/" + parts[1]
		p.beside[name] = append(p.beside[name], chunk)
	}
	return nil
}

// The end of a zip file, by its specification (APPNOTE 4.3.14 to 4.3.16).
const (
	endLength        = 22
	endMark          = 0x06054b50
	locator64Length  = 20
	locator64Mark    = 0x07064b50
	end64Length      = 56
	end64Mark        = 0x06064b50
	directoryInEnd64 = 0xffffffff
)

// boundedDirectory refuses a zip file whose directory is larger than that of any part, before it is read. Ours
// have no comment, so the end stands at the end.
func boundedDirectory(r io.ReaderAt, size int64) error {
	tail := make([]byte, endLength)
	if size < endLength {
		return ErrNotBundle
	}
	if _, err := r.ReadAt(tail, size-endLength); err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(tail) != endMark || binary.LittleEndian.Uint16(tail[20:]) != 0 {
		return ErrNotBundle
	}
	end := size - endLength
	length, at := int64(binary.LittleEndian.Uint32(tail[12:])), int64(binary.LittleEndian.Uint32(tail[16:]))
	locator := make([]byte, locator64Length)
	if end >= locator64Length {
		if _, err := r.ReadAt(locator, end-locator64Length); err != nil {
			return err
		}
	}
	if binary.LittleEndian.Uint32(locator) == locator64Mark {
		end = int64(binary.LittleEndian.Uint64(locator[8:]))
		long := make([]byte, end64Length)
		if end < 0 || end > size-endLength-locator64Length-end64Length {
			return ErrNotBundle
		}
		if _, err := r.ReadAt(long, end); err != nil {
			return err
		}
		if binary.LittleEndian.Uint32(long) != end64Mark {
			return ErrNotBundle
		}
		length, at = int64(binary.LittleEndian.Uint64(long[40:])), int64(binary.LittleEndian.Uint64(long[48:]))
	}
	if length < 0 || length > mostDirectory || at < 0 || at+length != end {
		return ErrNotBundle
	}
	return nil
}

// content reads a whole file of the zip, of at most limit bytes.
func (p *piece) content(name string, limit int64) ([]byte, error) {
	f, err := p.open(name, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %w", name, ErrNotBundle, err)
	case int64(len(b)) > limit:
		return nil, fmt.Errorf("%s: %w", name, ErrTooLarge)
	}
	return b, nil
}

func (p *piece) open(name string, limit int64) (io.ReadCloser, error) {
	f, ok := p.zip[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s", errNotInPart, name)
	}
	if f.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("%s: %w", name, ErrTooLarge)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, ErrNotBundle, err)
	}
	return r, nil
}

var errNotInPart = errors.New("不在这一段离线包中 (not in this part of the bundle)")

// bundled is a book of a part as a Source. Files are read at their full width: a head that was rolled since
// covers less of them.
type bundled struct {
	*piece
	BundledBook
	step func(entries int)
}

func (b bundled) below() string { return b.Member + "/" + b.Circle + "/" }

// Until implements what Catching asks of a source that has not all entries under its head.
func (b bundled) Until() int64 { return b.To }

// Checkpoint implements Source.
func (b bundled) Checkpoint(context.Context) ([]byte, error) {
	return b.content(b.below()+"checkpoint", maxCheckpoint)
}

// Rolled gives the last head under a key that was rolled since.
func (b bundled) Rolled(_ context.Context, id string) ([]byte, error) {
	return b.content(b.below()+"rolled/"+id, maxCheckpoint)
}

// width is what a tile or bundle has under the head of the part.
func (b bundled) width(level int, n int64) int {
	return int(max(0, min(book.TileWidth, b.Size>>(8*level)-n*book.TileWidth)))
}

// Tile implements Source.
func (b bundled) Tile(_ context.Context, level int, n int64, width int) ([]byte, error) {
	full := b.width(level, n)
	path := book.TilePath(level, n, full)
	data, err := b.content(b.below()+path, book.TileWidth*tlog.HashSize)
	if err != nil {
		return nil, err
	}
	if len(data) != full*tlog.HashSize || width > full {
		return nil, fmt.Errorf("%s: %d bytes", path, len(data))
	}
	return data[:width*tlog.HashSize], nil
}

// Entries implements Source.
func (b bundled) Entries(_ context.Context, n int64, width int) ([][]byte, error) {
	path := book.EntriesPath(n, b.width(0, n))
	body, err := b.content(b.below()+path, maxEntries)
	if err != nil {
		return nil, err
	}
	all, err := book.ScanBundle(body)
	if err == nil && len(all) < width {
		err = fmt.Errorf("%s: %d entries", path, len(all))
	}
	if err != nil {
		return nil, err
	}
	if b.step != nil {
		b.step(width)
	}
	return all[:width], nil
}

// Beside implements Source.
func (b bundled) Beside(_ context.Context, from int64, count int) ([]book.Beside, error) {
	chunks := b.beside[b.Member+"/"+b.Circle]
	at, found := slices.BinarySearchFunc(chunks, from, func(c besideChunk, index int64) int { return cmp.Compare(c.from, index) })
	if !found {
		at--
	}
	if at < 0 || from >= chunks[at].from+int64(chunks[at].count) {
		return nil, fmt.Errorf("%w: %s", errNotInPart, besideName(from, count))
	}
	c := chunks[at]
	body, err := b.content(b.below()+besideName(c.from, c.count), maxBeside)
	if err != nil {
		return nil, err
	}
	all, err := book.ScanBeside(body, c.from, c.count)
	if err != nil {
		return nil, err
	}
	all = all[from-c.from:]
	return all[:min(len(all), count)], nil
}
