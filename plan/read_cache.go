package plan

import (
	"context"
	"fmt"
	"sync"

	"liandong/store"
)

// sums keeps what was added up, for as long as no book grew: a tally is a function of the books
// alone. Only numbers are kept, never words: those may be erased without an entry.
type sums struct {
	mu      sync.Mutex
	version string
	kept    map[string]any
}

// mostSums bounds what is kept: beyond it all is forgotten.
const mostSums = 4096

// versionOf names the state of the books that a transaction sees.
func versionOf(ctx context.Context, tx *store.Tx) (string, error) {
	var generation, books, size int64
	err := tx.Row(ctx, `SELECT (SELECT generation FROM node_state), count(*), COALESCE(SUM(size), 0) FROM book_head`).
		Scan(&generation, &books, &size)
	return fmt.Sprintf("%d %d %d", generation, books, size), err
}

func (s *sums) get(version, key string) (any, bool) {
	if s == nil {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version {
		return nil, false
	}
	v, ok := s.kept[key]
	return v, ok
}

func (s *sums) put(version, key string, v any) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version || len(s.kept) >= mostSums {
		s.version, s.kept = version, map[string]any{}
	}
	s.kept[key] = v
}

// once gives what is kept under a key, or works it out.
func once[V any](c counting, key string, work func() (V, error)) (v V, err error) {
	version, err := versionOf(c.ctx, c.tx)
	if err != nil {
		return v, err
	}
	if kept, ok := c.sums.get(version, key); ok {
		return kept.(V), nil
	}
	if v, err = work(); err == nil {
		c.sums.put(version, key, v)
	}
	return v, err
}
