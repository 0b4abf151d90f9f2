package exchange

import (
	"errors"
	"io"
	"sync"
	"time"
)

// DefaultDailyBytes is how much is taken from one neighbour in a day: entries, what lies beside them, and files. It has no source; it is
// ours: a large office says some 20 MB a day, and its whole book is some 5 GB.
const DefaultDailyBytes int64 = 16 << 30

// ErrDailyLimit: enough came from a neighbour for one day. It is asked again on the next.
var ErrDailyLimit = errors.New("今日从该邻方接收的数据量已到上限,次日继续;需要更多请调大 --neighbour-daily-limit (the daily limit of bytes from this neighbour is reached)")

// Budget counts the bytes that come from one neighbour in a day of the node's clock, in UTC. It lies in memory: a restart begins it anew,
// and no neighbour can bring one about.
type Budget struct {
	Most int64 // bytes a day
	Now  func() time.Time

	mu   sync.Mutex
	day  string
	used int64
}

// Room refuses with ErrDailyLimit once the day's bytes are used up. A nil Budget has room always.
func (b *Budget) Room() error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	if b.used >= b.Most {
		return ErrDailyLimit
	}
	return nil
}

// Used is how many bytes came today.
func (b *Budget) Used() int64 {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	return b.used
}

func (b *Budget) add(n int) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	b.used += int64(n)
}

func (b *Budget) turn() {
	if day := b.Now().UTC().Format(time.DateOnly); day != b.day {
		b.day, b.used = day, 0
	}
}

// counted reads on as long as there is room.
type counted struct {
	r      io.Reader
	budget *Budget
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.budget.Room(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.budget.add(n)
	return n, err
}
