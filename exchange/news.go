package exchange

import (
	"errors"
	"sync"
)

// News wakes who waits for the next commit.
type News struct {
	mu   sync.Mutex
	next chan struct{}
	// waiting counts the requests that wait, by the neighbour who asks.
	waiting map[string]int
}

// waitsAtOnce is how many requests of one neighbour may wait here at once, each of which looks at the database every second: one for each
// circle and process of his. It has no source; it is ours.
const waitsAtOnce = 64

var errWaiting = errors.New("贵方已有太多请求在此等候 (too many requests of yours wait here)")

// wait counts a request in; done counts it out.
func (n *News) wait(neighbour string) (done func(), err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		n.waiting = map[string]int{}
	}
	if n.waiting[neighbour] >= waitsAtOnce {
		return nil, errWaiting
	}
	n.waiting[neighbour]++
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.waiting[neighbour]--; n.waiting[neighbour] == 0 {
			delete(n.waiting, neighbour)
		}
	}, nil
}

// Next is closed by the next Tell.
func (n *News) Next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		n.next = make(chan struct{})
	}
	return n.next
}

// Tell says that something was committed.
func (n *News) Tell() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next != nil {
		close(n.next)
		n.next = nil
	}
}
