package exchange_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// TestMain lets the test binary be one of the processes that are killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("LIANDONG_EXCHANGE_DIR"); dir != "" {
		if err := runUntilKilled(dir, os.Getenv("LIANDONG_EXCHANGE_ADDR"), os.Getenv("LIANDONG_EXCHANGE_ROLE")); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// runUntilKilled opens a folder and serves it while writing ("write"), serves it only ("serve"), or follows ("follow").
func runUntilKilled(dir, addr, role string) error {
	ctx := context.Background()
	f, err := node.OpenFolder(ctx, dir, []node.Module{region.Module(), exchange.Module()}, node.FolderOptions{May: region.Permit})
	if err != nil {
		return err
	}
	if role == "follow" {
		(&exchange.Follower{
			Node: f.Node, Signer: exchange.Signer{Origin: f.Origin, Keys: f.RequestKeys}, Client: exchange.NewClient(), Log: slog.New(slog.DiscardHandler),
			Pace: 50 * time.Millisecond,
		}).Run(ctx)
		return nil
	}
	news := &exchange.News{}
	f.AfterCommit(news.Tell)
	mux := http.NewServeMux()
	for _, p := range exchange.Patterns {
		mux.Handle(p, exchange.Books{Node: f.Node, Neighbour: exchange.ByNeighbour(f.Node), News: news})
	}
	if role == "write" {
		for w := range 4 {
			go talkOn(f.Node, w)
		}
	}
	return http.ListenAndServe(addr, mux)
}

// talkOn writes and prints where each answered entry stands.
func talkOn(n *node.Node, writer int) {
	actor := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: n.Member}
	for i := 0; ; i++ {
		r, err := n.Write(context.Background(), node.Request{Actor: actor}, func(ctx context.Context, w *node.Writing) error {
			_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900"}},
				Words: &region.CircleWords{Name: fmt.Sprint("遂潼 ", writer, " ", i)},
			})
			return err
		})
		if err != nil {
			fmt.Println("error:", err)
			return
		}
		fmt.Println("answered", r.Entries[0].Index, r.Entries[0].Leaf)
		time.Sleep(2 * time.Millisecond)
	}
}

// child is a process that may be killed.
type child struct {
	cmd   *exec.Cmd
	lines chan []string
}

func start(t *testing.T, dir, addr, role string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0]), lines: make(chan []string, 1)}
	c.cmd.Env = append(os.Environ(), "LIANDONG_EXCHANGE_DIR="+dir, "LIANDONG_EXCHANGE_ADDR="+addr, "LIANDONG_EXCHANGE_ROLE="+role)
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		var lines []string
		scan := bufio.NewScanner(out)
		for scan.Scan() {
			lines = append(lines, scan.Text())
		}
		c.lines <- lines
	}()
	return c
}

// kill ends it with -9 and returns what it had printed.
func (c *child) kill() []string {
	_ = c.cmd.Process.Kill()
	lines := <-c.lines
	_ = c.cmd.Wait() // it was killed
	return lines
}

// TestKillWriterAndFollower kills a writing node and the node that follows it with -9 at random: whatever was answered
// stands on both in the end, and both are whole.
func TestKillWriterAndFollower(t *testing.T) {
	kills := 16
	if s := os.Getenv("LIANDONG_SOAK"); s != "" {
		kills, _ = strconv.Atoi(s)
	}
	if testing.Short() {
		kills = 4
	}
	addr := freeAddress(t)
	writes, follows := acquainted(t, addr)
	writer, follower := start(t, writes, addr, "write"), start(t, follows, "", "follow")
	var answered []string
	for range kills {
		time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond)
		if rand.IntN(2) == 0 {
			answered = append(answered, writer.kill()...)
			writer = start(t, writes, addr, "write")
		} else {
			follower.kill()
			follower = start(t, follows, "", "follow")
		}
	}
	answered = append(answered, writer.kill()...)
	if len(answered) == 0 {
		t.Fatal("nothing was written")
	}
	writer = start(t, writes, addr, "serve")
	want := sizeIn(t, writes)
	for begun := time.Now(); sizeIn(t, follows) != want; time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("the follower has %d entries after a minute, want %d", sizeIn(t, follows), want)
		}
	}
	writer.kill()
	follower.kill()
	for _, dir := range []string{writes, follows} {
		holds(t, dir, answered)
	}
	t.Logf("%d kills, %d answers, %d entries on both sides", kills, len(answered), want)
}

// acquainted makes two folders whose members recognise each other.
func acquainted(t *testing.T, addr string) (writes, follows string) {
	t.Helper()
	suining, tongnan := governs(t, "510900", "suining.example"), governs(t, "500152", "tongnan.example")
	suining.recognises(t, tongnan)
	suining.server.Close()
	suining.server.URL = "http://" + addr
	tongnan.recognises(t, suining)
	for _, g := range []*government{suining, tongnan} {
		if err := g.folder.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return suining.folder.Dir, tongnan.folder.Dir
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// beside opens a folder that another process serves.
func beside(t *testing.T, dir string) *node.Folder {
	t.Helper()
	f, err := node.OpenFolder(context.Background(), dir, []node.Module{region.Module(), exchange.Module()},
		node.FolderOptions{May: region.Permit, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sizeIn(t *testing.T, dir string) (size int64) {
	t.Helper()
	f := beside(t, dir)
	defer f.Close()
	_ = f.Store.Read(context.Background(), func(tx *store.Tx) error {
		head, _, err := node.Head(context.Background(), tx, "510900/suitong")
		size = head.Size
		return err
	})
	return size
}

// holds verifies a folder and looks for each answered entry.
func holds(t *testing.T, dir string, answered []string) {
	t.Helper()
	f, err := node.OpenFolder(context.Background(), dir, []node.Module{region.Module(), exchange.Module()}, node.FolderOptions{May: region.Permit})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := f.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil || !v.Clean() {
		t.Fatalf("%s: %v, %+v", filepath.Base(dir), err, v.Faults)
	}
	leaves := map[string]string{}
	if err := f.Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT idx, leaf FROM book_entry WHERE book = '510900/suitong'`)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (struct{}, error) {
			var index int64
			var leaf []byte
			err := scan(&index, &leaf)
			leaves[fmt.Sprint(index)] = node.Position{Leaf: [32]byte(leaf)}.Leaf.String()
			return struct{}{}, err
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, line := range answered {
		w := strings.Fields(line)
		if len(w) != 3 || w[0] != "answered" {
			if strings.HasPrefix(line, "error:") {
				t.Errorf("%s: %s", filepath.Base(dir), line)
			}
			continue // cut off by the kill: nobody got this answer
		}
		if leaves[w[1]] != w[2] && len(w[2]) == 44 {
			t.Errorf("%s: entry %s was answered and is not there", filepath.Base(dir), w[1])
		}
	}
}
