package node_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// writeOn writes with some writers, each asking again for what was not answered, as any client does, and prints the
// answers. It ends when the node only reads.
func writeOn(address, name string) {
	n, err := openPlain(address)
	if err != nil {
		fmt.Println("cannot open:", err)
		os.Exit(1)
	}
	var out sync.Mutex
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%d", name, w, i)
				r, err := n.Write(context.Background(), node.Request{ID: id, Print: []byte(id), Actor: someone}, add("suitong", fmt.Sprint(i%7), 1))
				for err != nil && !refuse.Is(err, "node.only-reading") {
					time.Sleep(50 * time.Millisecond)
					r, err = n.Write(context.Background(), node.Request{ID: id, Print: []byte(id), Actor: someone}, add("suitong", fmt.Sprint(i%7), 1))
				}
				out.Lock()
				if err != nil {
					fmt.Println("reads", id)
					out.Unlock()
					return
				}
				fmt.Println("answered", id, r.Entries[0].Book, r.Entries[0].Index, r.Entries[0].Leaf)
				out.Unlock()
			}
		})
	}
	wg.Wait()
}

// scribe is a process that writes on.
type scribe struct {
	process *exec.Cmd
	said    chan string // closed when it ended
	lines   []string
}

func startScribe(t *testing.T, address, name string) *scribe {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "LIANDONG_WRITES_ON="+address, "LIANDONG_WRITES_AS="+name)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	s := &scribe{process: c, said: make(chan string, 1<<16)}
	go func() {
		for scan := bufio.NewScanner(out); scan.Scan(); {
			s.said <- scan.Text()
		}
		close(s.said)
	}()
	t.Cleanup(func() { s.end() })
	return s
}

// answers waits for so many more lines of a kind, at most ten seconds for the first.
func (s *scribe) answers(t *testing.T, count int, kind string) {
	t.Helper()
	patience := time.After(10 * time.Second)
	for count > 0 {
		select {
		case line, more := <-s.said:
			if !more {
				t.Fatalf("the process ended while %d more %q were awaited", count, kind)
			}
			s.lines = append(s.lines, line)
			if strings.HasPrefix(line, kind+" ") {
				count--
				patience = time.After(10 * time.Second)
			}
		case <-patience:
			t.Fatalf("no %q for ten seconds, %d awaited", kind, count)
		}
	}
}

// hear takes what it said so far.
func (s *scribe) hear() {
	for len(s.said) > 0 {
		s.lines = append(s.lines, <-s.said)
	}
}

// end kills it and returns all that it answered.
func (s *scribe) end() []string {
	_ = s.process.Process.Kill()
	for line := range s.said {
		s.lines = append(s.lines, line)
	}
	_ = s.process.Wait()
	return s.lines
}

// onPair makes a database with two books and starts two processes on it.
func onPair(t *testing.T, synchronous bool) (*storetest.Pair, []*scribe) {
	t.Helper()
	p := storetest.NewPair(t, synchronous)
	n, err := openPlain(p.Address)
	if err != nil {
		t.Fatal(err)
	}
	for _, circle := range []string{node.Self, "suitong"} {
		mustWrite(t, n, func(ctx context.Context, w *node.Writing) error { return w.OpenBook(ctx, circle) })
	}
	shut(n)
	all := []*scribe{startScribe(t, p.Address, "a"), startScribe(t, p.Address, "b")}
	for _, s := range all {
		s.answers(t, 50, "answered")
	}
	return p, all
}

// TestStandbyTakesOver: two processes write over one PostgreSQL with a synchronous hot standby. The primary dies under load
// and the standby is promoted; then one of the processes dies. Whoever is left goes on, and no answer is lost.
func TestStandbyTakesOver(t *testing.T) {
	p, all := onPair(t, true)
	p.Replace()
	for _, s := range all {
		s.hear()
		s.answers(t, 100, "answered")
	}
	lines := all[0].end()
	all[1].answers(t, 100, "answered")
	lines = append(lines, all[1].end()...)
	for _, line := range lines {
		if !strings.HasPrefix(line, "answered ") {
			t.Errorf("said: %s", line)
		}
	}
	standing(t, p.Address, lines, true)
	t.Logf("%d answers, none lost", len(lines))
}

// TestAsynchronousStandbyStopsWriting: it may lack answers, and here does. The node only reads on it, a process
// that starts anew too, until somebody says that it may go on.
func TestAsynchronousStandbyStopsWriting(t *testing.T) {
	p, all := onPair(t, false)
	p.Detach()
	for _, s := range all {
		s.answers(t, 20, "answered")
	}
	p.Replace()
	for _, s := range all {
		s.answers(t, 4, "reads")
		s.end()
	}
	goesOnWhenTold(t, p.Address, "asynchronous")
}

// TestPromotedWhileNobodyWatched: nobody who knew the old database can tell whether this one is as long.
func TestPromotedWhileNobodyWatched(t *testing.T) {
	p, all := onPair(t, true)
	for _, s := range all {
		s.end()
	}
	p.Replace()
	goesOnWhenTold(t, p.Address, "before this process")
}

func goesOnWhenTold(t *testing.T, address, why string) {
	t.Helper()
	n, err := openPlain(address)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(n)
	ctx := context.Background()
	write := func() error {
		_, err := n.Write(ctx, node.Request{Actor: someone}, add("suitong", "x", 1))
		return err
	}
	if err := write(); !refuse.Is(err, "node.only-reading") {
		t.Errorf("wrote: %v", err)
	}
	var told string
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		told, err = node.Reading(ctx, tx)
		return err
	})
	if err != nil || !strings.Contains(told, why) {
		t.Errorf("told %q, %v; want %q in it", told, err, why)
	}
	if _, err := n.Resume(ctx, node.Request{Actor: someone}, "已核对"); err != nil {
		t.Fatal(err)
	}
	if err := write(); err != nil {
		t.Errorf("after resuming: %v", err)
	}
	clean(t, n)
}
