package node_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/node"
	"liandong/store"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("LIANDONG_KILLED"); path != "" {
		writeUntilKilled(path, os.Getenv("LIANDONG_KILLED_RUN"))
		return
	}
	if dir := os.Getenv("LIANDONG_ROLLED"); dir != "" {
		rollUntilKilled(dir)
		return
	}
	if address := os.Getenv("LIANDONG_WRITES_ON"); address != "" {
		writeOn(address, os.Getenv("LIANDONG_WRITES_AS"))
		return
	}
	os.Exit(m.Run())
}

const writers = 16

// writeUntilKilled writes with 16 writers and prints each answered request and where it stands.
func writeUntilKilled(path, run string) {
	n, err := openPlain(path)
	if err != nil {
		fmt.Println("cannot open:", err)
		os.Exit(1)
	}
	var out sync.Mutex
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%d", run, w, i)
				circle := []string{node.Self, "suitong"}[i%2]
				r, err := n.Write(context.Background(), node.Request{ID: id, Print: []byte(id), Actor: someone}, add(circle, fmt.Sprint(i%7), 1))
				if err != nil {
					fmt.Println("error:", err)
					return
				}
				out.Lock()
				fmt.Println("answered", id, r.Entries[0].Book, r.Entries[0].Index, r.Entries[0].Leaf)
				out.Unlock()
			}
		})
	}
	wg.Wait()
}

func openPlain(path string) (*node.Node, error) {
	s, err := store.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	n, err := node.Open(context.Background(), faultConfig(s))
	if err != nil {
		s.Close()
	}
	return n, err
}

// TestKill kills a writing process with -9 again and again: every answer that came out names an
// entry that stands, and all books and tables are whole.
func TestKill(t *testing.T) {
	kills, most := 50, 400
	if s := os.Getenv("LIANDONG_SOAK"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
		most = 2000
	}
	path := filepath.Join(t.TempDir(), "node.db")
	copyFile(t, seeded(t), path)
	answered := 0
	for run := range kills {
		lines := kill(t, path, run, most)
		answered += len(lines)
		standing(t, path, lines, run%10 == 9 && run < 50 || run%100 == 99 || run == kills-1) // all is much by the hundredth
	}
	t.Logf("%d kills, %d answers, none lost", kills, answered)
}

// kill starts the writers, lets them give up to most answers, kills them and returns what they said.
func kill(t *testing.T, path string, run, most int) (lines []string) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "LIANDONG_KILLED="+path, fmt.Sprintf("LIANDONG_KILLED_RUN=r%d", run))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	after := 1 + rand.IntN(most) // answers, and then at any moment
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		if !strings.HasPrefix(scan.Text(), "answered ") {
			t.Errorf("run %d: %s", run, scan.Text())
			continue
		}
		if lines = append(lines, scan.Text()); len(lines) == after {
			time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, func() { c.Process.Kill() })
		}
	}
	if len(lines) < after {
		t.Errorf("run %d ended by itself after %d answers", run, len(lines))
	}
	_ = c.Wait() // it was killed
	return lines
}

// standing looks for every answered entry, and now and then verifies everything.
func standing(t *testing.T, path string, lines []string, all bool) {
	t.Helper()
	ctx := context.Background()
	n, err := openPlain(path)
	if err != nil {
		t.Fatalf("reopen after a kill: %v", err)
	}
	defer shut(n)
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		for _, line := range lines {
			f := strings.Fields(line)
			if len(f) != 5 {
				continue // cut off by the kill: nobody got this answer
			}
			var leaf []byte
			if err := tx.Row(ctx, `SELECT leaf FROM book_entry WHERE book = ? AND idx = ?`, f[2], f[3]).Scan(&leaf); err != nil {
				return fmt.Errorf("%s: %w", line, err)
			}
			if len(leaf) != tlog.HashSize || tlog.Hash(leaf).String() != f[4] {
				return fmt.Errorf("%s: another entry stands there", line)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if all {
		clean(t, n)
	}
}
