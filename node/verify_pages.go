package node

import (
	"errors"
	"sync"

	"liandong/store"
	"liandong/store/pages"
)

// byPages reads the whole file page by page, finds damage of it, and verifies the books on the way, and says which are
// clean: decoding rows from pages costs a fraction of asking for them, and every page is read anyway. A
// book that is not found clean here, because it is damaged or because its rows do not lie in order, is verified
// by its rows afterwards, which says what is wrong. So what is said of books always comes from
// what SQL gives.
func (v *verifier) byPages(heads []storedHead) (clean map[string]bool, err error) {
	f := &feed{verifier: v, books: map[string]*fed{}, full: make(chan fedPage, 4), used: make(chan page, 8)}
	for _, h := range heads {
		f.books[h.Book] = newFed(v, h)
	}
	var wg sync.WaitGroup
	wg.Go(f.check)
	whole := true
	f.pages.Rows = map[string]func(*pages.Record) error{"book_entry": f.row}
	f.pages.Damage = func(d pages.Damage) {
		whole = false
		v.broken(d.String())
	}
	err = v.tx.CheckPages(v.ctx, &f.pages)
	if err == nil && whole {
		err = f.rest()
	}
	close(f.full)
	wg.Wait()
	if errors.Is(err, store.ErrNoPages) {
		return nil, v.file(true)
	}
	if err = v.damaged("", err); err != nil || !whole {
		f.forget(nil)
		return nil, err
	}
	return f.clean()
}

// feed hands the entries of all books to their checks as the pages bring them.
type feed struct {
	*verifier
	pages store.PageCheck
	books map[string]*fed
	full  chan fedPage
	used  chan page // whose room is free again
}

// fedEntries is how many entries are handed over at once: whole tiles, few enough to stay in a processor's cache until they
// are hashed.
const fedEntries = 2 * tileWidth

// fed is one book. What its check finds stays in it.
type fed struct {
	*bookCheck
	next  int64 // index
	page  page
	lost  bool  // its rows do not lie in order
	steps int64 // entries that progress was told of
}

type fedPage struct {
	to *fed
	page
}

func newFed(v *verifier, h storedHead) *fed {
	quiet := &verifier{ctx: v.ctx, node: v.node, tx: v.tx}
	return &fed{bookCheck: quiet.check(h)}
}

// row takes a row of book_entry, whose columns stand as its migration has them.
func (f *feed) row(r *pages.Record) error {
	if r.Len() != 7 {
		return nil // its book will be found short
	}
	b := f.books[string(r.At(0).Bytes)]
	index, ok := r.At(1).Int()
	if b == nil || b.lost {
		return nil
	}
	if !ok || index != b.next || index >= b.Size {
		b.lost = true
		return nil
	}
	b.next++
	kept := r.In(b.page.room.keep(r.Payload))
	erased, _ := kept.At(6).Int()
	b.page.entries = append(b.page.entries, stored{
		index: index, entry: value(kept.At(2)), leaf: value(kept.At(3)), salt: value(kept.At(4)), words: value(kept.At(5)),
		erased: erased,
	})
	if len(b.page.entries) == fedEntries {
		return f.send(b)
	}
	return nil
}

// value is a column as SQL gives it.
func value(v pages.Value) []byte {
	if len(v.Bytes) == 0 {
		return nil
	}
	return v.Bytes
}

// send hands on what was collected of a book, with the tiles that end in it.
func (f *feed) send(b *fed) (err error) {
	from := b.next - int64(len(b.page.entries))
	f.pages.Turn.Lock()
	b.page.tiles, err = f.fullTiles(b.Book, from/tileWidth, b.next/tileWidth)
	f.pages.Turn.Unlock()
	if err != nil {
		return err
	}
	f.full <- fedPage{b, b.page}
	b.page = page{}
	select {
	case used := <-f.used:
		b.page.entries, b.page.room = used.entries[:0], used.room[:0]
	default:
	}
	return nil
}

// rest hands on what is left of each book.
func (f *feed) rest() error {
	for _, b := range f.books {
		if !b.lost && len(b.page.entries) > 0 {
			if err := f.send(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// check runs beside the reading of the pages.
func (f *feed) check() {
	for p := range f.full {
		p.to.take(p.page)
		p.to.steps += int64(len(p.entries))
		f.step(int64(len(p.entries)))
		select {
		case f.used <- p.page:
		default:
		}
	}
}

// clean ends the checks and says which books were found clean.
func (f *feed) clean() (map[string]bool, error) {
	clean := map[string]bool{}
	for name, b := range f.books {
		if b.lost {
			continue
		}
		if err := f.damaged(name, b.end()); err != nil {
			return nil, err
		}
		clean[name] = b.found.Clean()
	}
	f.forget(clean)
	return clean, nil
}

// forget takes back the progress of books that will be verified once more.
func (f *feed) forget(clean map[string]bool) {
	for name, b := range f.books {
		if !clean[name] {
			f.done.Add(-b.steps)
		}
	}
}
