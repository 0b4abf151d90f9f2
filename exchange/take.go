package exchange

import (
	"context"
	"errors"
	"fmt"
	"math"

	"liandong/book"
	"liandong/node"
)

// Pages of a book that is far behind: fetched while the ones before are taken.
const (
	pageEntries = 4 * book.TileWidth
	pagesAhead  = 3
)

type fetched struct {
	page node.Page
	err  error
}

// stretch is what of a book is fetched: from an index up to another.
type stretch struct{ from, to int64 }

// until is as far as a source has the entries under its head: a part of a bundle has some of them.
func until(src Source, size int64) int64 {
	if some, ok := src.(interface{ Until() int64 }); ok {
		return min(size, some.Until())
	}
	return size
}

// heavyPage is after how many bytes a page is given up for smaller ones: an entry may have words of 1 MiB and evidence
// beside it, and some pages stand in memory at once.
const heavyPage = 8 << 20

// A page is taken in one transaction, unless it weighs more than most do: then the others who write have their turn after each heldUp.
const (
	lightPage = 2 << 20
	heldUp    = 1 << 20
)

// lightEntries are the entries of a page where larger ones were too heavy.
const lightEntries = 8

var errHeavy = errors.New("a heavy page")

// take fetches and takes the entries of a stretch: in pages that are fetched ahead, or small and one by one where these
// are too heavy.
func (c Catching) take(ctx context.Context, src Source, head signedHead, tiles *loader, s stretch) (int64, error) {
	size, err := c.pages(ctx, src, head, tiles, s)
	few := &oneBundle{Source: src}
	for errors.Is(err, errHeavy) {
		end := min(s.to, size+lightEntries)
		var page node.Page
		if page, err = c.fetch(ctx, few, head, tiles, size, end, math.MaxInt); err != nil {
			return size, err
		}
		if size, err = c.receive(ctx, page); err != nil {
			return size, err
		}
		if size%pageEntries < lightEntries || size == s.to {
			size, err = c.pages(ctx, src, head, tiles, stretch{size, s.to})
		} else {
			err = errHeavy
		}
	}
	return size, err
}

// receive has the node take a page, a heavy one in pieces of about heldUp bytes.
func (c Catching) receive(ctx context.Context, p node.Page) (size int64, err error) {
	whole := 0
	for i, e := range p.Entries {
		whole += len(e) + p.Beside[i].Weight()
	}
	if whole <= lightPage {
		return c.Node.Receive(ctx, p)
	}
	for from := 0; from < len(p.Entries); {
		to, weight := from, 0
		for to < len(p.Entries) && weight < heldUp {
			weight += len(p.Entries[to]) + p.Beside[to].Weight()
			to++
		}
		piece := p
		piece.From, piece.Entries, piece.Beside = p.From+int64(from), p.Entries[from:to], p.Beside[from:to]
		if size, err = c.Node.Receive(ctx, piece); err != nil {
			return size, err
		}
		from = to
	}
	return size, nil
}

// oneBundle keeps the bundle that was read last: where pages are small, many of them lie in one.
type oneBundle struct {
	Source
	n       int64
	width   int
	entries [][]byte
}

// Entries implements Source.
func (o *oneBundle) Entries(ctx context.Context, n int64, width int) (all [][]byte, err error) {
	if o.entries != nil && o.n == n && o.width == width {
		return o.entries, nil
	}
	if all, err = o.Source.Entries(ctx, n, width); err == nil {
		o.n, o.width, o.entries = n, width, all
	}
	return all, err
}

func (c Catching) pages(ctx context.Context, src Source, head signedHead, tiles *loader, s stretch) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan chan fetched, pagesAhead)
	go func() {
		defer close(queue)
		for at := s.from; at < s.to; {
			end := min(s.to, (at/pageEntries+1)*pageEntries)
			one := make(chan fetched, 1)
			select {
			case queue <- one:
			case <-ctx.Done():
				return
			}
			go func(at int64) {
				page, err := c.fetch(ctx, src, head, tiles, at, end, heavyPage)
				one <- fetched{page, err}
			}(at)
			at = end
		}
	}()
	size := s.from
	for one := range queue {
		var f fetched
		select {
		case f = <-one:
		case <-ctx.Done():
			return size, ctx.Err()
		}
		if f.err != nil {
			return size, f.err
		}
		got, err := c.receive(ctx, f.page)
		if err != nil {
			return size, err
		}
		size = got
	}
	return size, nil
}

// fetch reads a page of at most so many bytes and proves its entries to lie under the head.
func (c Catching) fetch(ctx context.Context, src Source, head signedHead, tiles *loader, from, to int64, most int) (node.Page, error) {
	p, bytes := node.Page{Book: c.Book, From: from, Head: head.note, Key: head.verifier, Since: head.since}, 0
	leaves, err := book.LeavesUnder(head.Checkpoint, from, int(to-from), tiles.load)
	if err != nil {
		return p, err
	}
	for at := from; at < to; {
		n := at / book.TileWidth
		end := min(to, (n+1)*book.TileWidth)
		all, err := src.Entries(ctx, n, int(min(book.TileWidth, head.Size-n*book.TileWidth)))
		if err != nil {
			return p, err
		}
		if int64(len(all)) < end-n*book.TileWidth {
			return p, fmt.Errorf("%s: bundle %d has %d entries", c.Book, n, len(all))
		}
		for _, e := range all[at-n*book.TileWidth : end-n*book.TileWidth] {
			if book.LeafHash(e) != leaves[at-from] {
				return p, fmt.Errorf("%s/%d: 记录与账头不符 (an entry that is not under the head)", c.Book, at)
			}
			p.Entries = append(p.Entries, e)
			bytes += len(e)
			at++
		}
		if bytes > most {
			return node.Page{}, errHeavy
		}
	}
	for at := from; at < to; {
		few, err := src.Beside(ctx, at, int(min(book.TileWidth, to-at)))
		if err != nil {
			return p, err
		}
		if len(few) == 0 {
			return p, fmt.Errorf("%s/%d: %w", c.Book, at, book.ErrBeside)
		}
		for _, one := range few {
			bytes += one.Weight()
		}
		if bytes > most {
			return node.Page{}, errHeavy
		}
		p.Beside, at = append(p.Beside, few...), at+int64(len(few))
	}
	return p, nil
}
