package exchange

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"liandong/book"
)

// Source (来路) is where a neighbour's book is read from: its node, another member's copy, or a bundle. What it gives
// is believed in nothing.
type Source interface {
	Checkpoint(ctx context.Context) ([]byte, error)
	Tile(ctx context.Context, level int, n int64, width int) ([]byte, error)
	// Entries gives the first width entries of a bundle.
	Entries(ctx context.Context, n int64, width int) ([][]byte, error)
	// Beside gives what lies beside entries from an index on: beside count of them, or beside as many as go into one
	// answer, at least one.
	Beside(ctx context.Context, from int64, count int) ([]book.Beside, error)
}

// ErrTooLarge: an answer is larger than anything of its sort can be.
var ErrTooLarge = errors.New("回答超过上限 (an answer over the limit)")

// loader reads tiles of a source and keeps those of the upper levels, which each page needs again.
type loader struct {
	ctx context.Context
	src Source

	mu   sync.Mutex
	kept map[string][]byte
}

func newLoader(ctx context.Context, src Source) *loader {
	return &loader{ctx: ctx, src: src, kept: map[string][]byte{}}
}

// mostKept bounds what is kept: tiles of 8 KiB.
const mostKept = 512

func (l *loader) load(level int, n int64, width int) ([]byte, error) {
	path := book.TilePath(level, n, width)
	l.mu.Lock()
	data, ok := l.kept[path]
	l.mu.Unlock()
	if ok {
		return data, nil
	}
	data, err := l.src.Tile(l.ctx, level, n, width)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if level > 0 {
		if len(l.kept) >= mostKept {
			clear(l.kept)
		}
		l.kept[path] = data
	}
	return data, nil
}
