package exchange

import (
	"archive/zip"
	"context"
	"fmt"
	"os"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// DefaultSplit is the largest part unless another size is asked for: what the oldest file systems of discs take, in
// bytes.
const DefaultSplit = 4<<30 - 1

// Exporting (导出离线包) writes what neighbours of a circle would read over the network into files. The node may be
// one that is open for reading only.
type Exporting struct {
	Node   *node.Node
	Circle string
	// To are the members for whom it is; none: all whom we recognise in the circle and who have neither left nor been
	// suspended.
	To []string
	// Since is from which entry on a member's book goes in; other books from their start.
	Since map[string]int64
	// Copies: the circle's other books too, as they stand here.
	Copies bool
	Out    string // the first part; the others stand beside it
	Split  int64  // bytes a part; 0: DefaultSplit
	// Attached finds attachments; nil: none go in.
	Attached Attached
	// Cosign hands a submission of c2sp.org/tlog-witness to this node's own witness; nil: no heads are cosigned.
	Cosign func(ctx context.Context, submission []byte) (lines []byte, err error)
	// Progress is told the entries written. May be nil.
	Progress func(done, total int64)
}

// export is an Exporting at work.
type export struct {
	Exporting
	part  *partWriter
	whole []Part
	done  int64
	total int64
}

// bookHead is a book with its head as it is exported.
type bookHead struct {
	node.BookVerified
	checkpoint []byte
	from       int64
}

// Write writes the bundle and returns its parts. When it fails, nothing stands there.
func (x Exporting) Write(ctx context.Context) (parts []Part, m Manifest, err error) {
	if x.Split == 0 {
		x.Split = DefaultSplit
	}
	to, err := x.recipients(ctx)
	if err != nil {
		return nil, m, err
	}
	m = x.newManifest(to, x.Node.Now())
	books, err := x.books(ctx, &m)
	if err != nil {
		return nil, m, err
	}
	if m.Cosignatures, err = x.cosigned(ctx, to); err != nil {
		return nil, m, err
	}
	e := &export{Exporting: x}
	for _, b := range books {
		e.total += b.Size - b.from
	}
	if e.part, err = newPart(x.Out, m); err != nil {
		return nil, m, err
	}
	defer func() {
		e.part.drop()
		if err != nil {
			e.remove()
		}
	}()
	for _, b := range books {
		if err := e.book(ctx, b); err != nil {
			return nil, m, fmt.Errorf("%s: %w", b.Book, err)
		}
	}
	e.part.manifest.Last = true
	if err := e.finish(); err != nil {
		return nil, m, err
	}
	return e.whole, m, nil
}

// recipients are those for whom the bundle is: never who left or is suspended, even if he is asked for.
func (x Exporting) recipients(ctx context.Context) (to []string, err error) {
	if x.Circle == node.Self {
		return nil, fmt.Errorf("内部账不出本节点 (the own book never leaves the node): %w", ErrNoRecipient)
	}
	var all []region.Neighbour
	err = x.Node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = region.Neighbours(ctx, tx, x.Node.Member, x.Circle)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		if !n.Left && !n.Suspended && (len(x.To) == 0 || slices.Contains(x.To, n.Member)) {
			to = append(to, n.Member)
		}
	}
	for _, member := range x.To {
		if !slices.Contains(to, member) {
			return nil, fmt.Errorf("%s: %w", member, ErrNotMet)
		}
	}
	if len(to) == 0 {
		return nil, fmt.Errorf("%s: %w", x.Circle, ErrNoRecipient)
	}
	return to, nil
}

// books are those that go in, with the heads that all parts are proven by. The heads of the others are noted.
func (x Exporting) books(ctx context.Context, m *Manifest) (in []bookHead, err error) {
	err = x.Node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := node.Books(ctx, tx)
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.Circle != x.Circle {
				continue
			}
			h := bookHead{BookVerified: b, from: min(b.Size, max(0, x.Since[b.Member])) / book.TileWidth * book.TileWidth}
			if _, h.checkpoint, err = node.Head(ctx, tx, b.Book); err != nil {
				return err
			}
			if !whole(h.checkpoint, b) {
				continue // it is still being taken in
			}
			m.Heads = append(m.Heads, HeadSeen{b.Member, string(h.checkpoint)})
			if b.Member == x.Node.Member || x.Copies {
				in = append(in, h)
			}
		}
		return nil
	})
	if err == nil && !slices.ContainsFunc(in, func(h bookHead) bool { return h.Member == x.Node.Member }) {
		err = fmt.Errorf("%s: %w", x.Node.BookName(x.Circle), node.ErrNoBook)
	}
	return in, err
}

// book writes a book from where it begins in the bundle, over as many parts as it takes.
func (e *export) book(ctx context.Context, h bookHead) error {
	at := h.from
	if err := e.begin(ctx, h, at); err != nil {
		return err
	}
	for ; at < h.Size; at += book.TileWidth {
		count := int(min(book.TileWidth, h.Size-at))
		need, err := e.weigh(ctx, h, at, count)
		if err != nil {
			return err
		}
		if !e.part.room(e.Split, need, 8) && at > e.stretch().From {
			if err := e.turn(ctx, h, at); err != nil {
				return err
			}
		}
		if err := e.group(ctx, h, at, count); err != nil {
			return err
		}
	}
	return e.end(ctx, h)
}

// stretch is the book that is being written into the part.
func (e *export) stretch() *BundledBook {
	return &e.part.manifest.Books[len(e.part.manifest.Books)-1]
}

// turn ends the part within a book and goes on in the next.
func (e *export) turn(ctx context.Context, h bookHead, at int64) error {
	if err := e.end(ctx, h); err != nil {
		return err
	}
	if err := e.next(); err != nil {
		return err
	}
	return e.begin(ctx, h, at)
}

func (e *export) next() error {
	m := e.part.manifest
	if err := e.finish(); err != nil {
		return err
	}
	part, err := newPart(e.Out, m.nextPart(e.whole[len(e.whole)-1]))
	if err == nil {
		e.part = part
	}
	return err
}

func (e *export) finish() error {
	whole, err := e.part.close()
	if err != nil {
		return err
	}
	e.whole = append(e.whole, whole)
	if whole.Size > e.Split {
		return fmt.Errorf("每段 %d 字节装不下最小的一段(%d 字节),请加大 --split (the parts are too small)", e.Split, whole.Size)
	}
	return nil
}

// remove takes away the parts that were whole when a later one failed.
func (e *export) remove() {
	for n := range e.whole {
		_ = os.Remove(partPath(e.Out, n+1)) // what is left is whole by itself
	}
}

// begin writes what proves a stretch of a book: head, heads under former keys, and the tree above the entries.
func (e *export) begin(ctx context.Context, h bookHead, from int64) error {
	e.part.manifest.Books = append(e.part.manifest.Books, BundledBook{Member: h.Member, Size: h.Size, From: from, To: from})
	below := h.Book + "/"
	var former map[string][]byte
	var lines []byte
	err := e.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if lines, err = Cosigned(ctx, tx, h.Origin, h.Size); err != nil {
			return err
		}
		former, err = rolledHeads(ctx, tx, h.Book)
		return err
	})
	if err != nil {
		return err
	}
	if err := e.part.add(below+"checkpoint", slices.Concat(h.checkpoint, lines), zip.Deflate); err != nil {
		return err
	}
	for id, checkpoint := range former {
		if err := e.part.add(below+"rolled/"+id, checkpoint, zip.Deflate); err != nil {
			return err
		}
	}
	for level := 1; h.Size>>(8*level) > 0; level++ {
		for n := int64(0); n*book.TileWidth < h.Size>>(8*level); n++ {
			if err := e.tile(ctx, h, level, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// rolledHeads are the last heads of a book under the keys it had before, by the keys' ids.
func rolledHeads(ctx context.Context, tx *store.Tx, name string) (map[string][]byte, error) {
	rows, err := tx.Query(ctx, `SELECT verifier, checkpoint FROM book_rolled WHERE book = ?`, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string][]byte{}
	for rows.Next() {
		var verifier string
		var checkpoint []byte
		if err := rows.Scan(&verifier, &checkpoint); err != nil {
			return nil, err
		}
		v, err := book.Verifier(verifier)
		if err != nil {
			return nil, err
		}
		all[book.KeyID(v)] = checkpoint
	}
	return all, rows.Err()
}

func (e *export) tile(ctx context.Context, h bookHead, level int, n int64) error {
	width := int(min(book.TileWidth, h.Size>>(8*level)-n*book.TileWidth))
	var data []byte
	err := e.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		data, err = node.Tile(ctx, tx, h.Book, level, n, width)
		return err
	})
	if err != nil {
		return err
	}
	return e.part.add(h.Book+"/"+book.TilePath(level, n, width), data, zip.Store)
}

// end adds the right edge of the tree where the part does not reach it.
func (e *export) end(ctx context.Context, h bookHead) error {
	if e.stretch().To == h.Size || h.Size%book.TileWidth == 0 {
		return nil
	}
	return e.tile(ctx, h, 0, h.Size/book.TileWidth)
}

// weigh is at most how many bytes a group of entries takes, but for words that JSON makes longer than twice.
func (e *export) weigh(ctx context.Context, h bookHead, at int64, count int) (need int64, err error) {
	err = e.Node.Store.Read(ctx, func(tx *store.Tx) error {
		var entries, words, causes int64
		err := tx.Row(ctx, `SELECT COALESCE(SUM(LENGTH(entry)), 0), COALESCE(SUM(LENGTH(words)), 0) FROM book_entry
			WHERE book = ? AND idx >= ? AND idx < ?`, h.Book, at, at+int64(count)).Scan(&entries, &words)
		if err != nil {
			return err
		}
		err = tx.Row(ctx, `SELECT COALESCE(SUM(LENGTH(evidence)), 0) FROM book_cause WHERE book = ? AND idx >= ? AND idx < ?`,
			h.Book, at, at+int64(count)).Scan(&causes)
		need = entries + 2*words + 2*causes + 200*int64(count) + book.TileWidth*tlog.HashSize
		return err
	})
	return need, err
}

// group writes up to 256 entries with what lies beside them and the attachments they name.
func (e *export) group(ctx context.Context, h bookHead, at int64, count int) error {
	n := at / book.TileWidth
	var entries [][]byte
	if err := e.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		entries, err = node.Entries(ctx, tx, h.Book, at, count)
		return err
	}); err != nil {
		return err
	}
	if len(entries) != count {
		return fmt.Errorf("entries from %d are missing", at)
	}
	packed, err := book.EntryBundle(entries)
	if err != nil {
		return err
	}
	if err := e.part.add(h.Book+"/"+book.EntriesPath(n, count), packed, zip.Deflate); err != nil {
		return err
	}
	if err := e.tile(ctx, h, 0, n); err != nil {
		return err
	}
	for done := 0; done < count; {
		given, err := e.beside(ctx, h, at+int64(done), count-done)
		if err != nil {
			return err
		}
		done += given
	}
	e.stretch().To = at + int64(count)
	if e.done += int64(count); e.Progress != nil {
		e.Progress(e.done, e.total)
	}
	return e.attach(ctx, h, at, entries)
}

func (e *export) beside(ctx context.Context, h bookHead, from int64, count int) (given int, err error) {
	var body []byte
	err = e.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		body, given, err = besideFrom(ctx, tx, h.Book, from, count)
		return err
	})
	if err == nil && given == 0 {
		err = fmt.Errorf("entry %d is missing", from)
	}
	if err != nil {
		return 0, err
	}
	return given, e.part.add(h.Book+"/"+besideName(from, given), body, zip.Deflate)
}
