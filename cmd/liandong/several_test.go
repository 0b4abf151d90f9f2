package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liandong/store/storetest"
)

// desk is a folder and, while it runs, the process that serves it.
type desk struct {
	t       *testing.T
	dir     string
	address string
	process *exec.Cmd
	log     bytes.Buffer
}

func (d *desk) run(args ...string) []byte {
	d.t.Helper()
	c := exec.Command("liandong", append(args, "--dir", d.dir)...)
	var out, bad bytes.Buffer
	c.Stdout, c.Stderr = &out, &bad
	if err := c.Run(); err != nil {
		d.t.Fatalf("liandong %v: %v\n%s%s", args, err, out.String(), bad.String())
	}
	return out.Bytes()
}

func (d *desk) serve() {
	d.t.Helper()
	d.process = exec.Command("liandong", "serve", "--dir", d.dir, "--addr", d.address)
	d.process.Stdout, d.process.Stderr = &d.log, &d.log
	if err := d.process.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(d.kill)
	d.within(20*time.Second, "it answers", func() bool {
		r, err := http.Get("http://" + d.address + "/readyz")
		if err != nil {
			return false
		}
		r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
}

func (d *desk) kill() {
	if d.process != nil {
		_ = d.process.Process.Kill()
		_ = d.process.Wait()
		d.process = nil
	}
}

func (d *desk) within(patience time.Duration, what string, so func() bool) {
	d.t.Helper()
	for begun := time.Now(); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > patience {
			d.t.Fatalf("%s: not so within %s: %s\n%s", filepath.Base(d.dir), patience, what, d.log.String())
		}
	}
}

// list imports a list with so many rows, as the operator of this folder.
func (d *desk) list(key string, rows int) {
	d.t.Helper()
	var text strings.Builder
	text.WriteString("序号,工作任务,牵头单位,完成时限\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,%s清单第%d项工作,协调办公室,年底前\n", i+1, key, i+1)
	}
	file := filepath.Join(d.t.TempDir(), key+".csv")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.run("plan", "import", "--plan", key, "--year", "2026", "--circle", "suitong", "--title", key, "--yes", file)
}

// rows of a list, as this folder's process tells; -1: it does not know the list.
func (d *desk) rows(key string) int {
	d.t.Helper()
	var status struct {
		Plans []struct {
			Key  string `json:"key"`
			Rows int    `json:"rows"`
		} `json:"plans"`
	}
	out := d.run("plan", "status", "--json")
	if err := json.Unmarshal(out, &status); err != nil {
		d.t.Fatalf("%v: %s", err, out)
	}
	for _, l := range status.Plans {
		if strings.HasPrefix(l.Key, key) {
			return l.Rows
		}
	}
	return -1
}

// size of a book, as it stands in this folder's database; 0: it is not there.
func (d *desk) size(origin string) (size int64) {
	d.t.Helper()
	var books []struct {
		Origin string `json:"origin"`
		Size   int64  `json:"size"`
	}
	out := d.run("book", "list", "--json")
	if err := json.Unmarshal(out, &books); err != nil {
		d.t.Fatalf("%v: %s", err, out)
	}
	for _, b := range books {
		if b.Origin == origin {
			size = b.Size
		}
	}
	return size
}

// TestSeveralProcesses: two processes serve one member over one PostgreSQL, beside each other. What is said at one stands at the
// other at once; a neighbour follows through the one that it knows; killed, the other goes on with everything.
func TestSeveralProcesses(t *testing.T) {
	address := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	at := t.TempDir()
	one := &desk{t: t, dir: filepath.Join(at, "one"), address: address()}
	two := &desk{t: t, dir: filepath.Join(at, "two"), address: address()}
	one.run("init", "--member", "510900", "--name", "遂宁市", "--origin", "suining.example", "--store", storetest.PostgresAddress(t))
	if out, err := exec.Command("cp", "-r", one.dir, two.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	shared := filepath.Join(at, "files") // as a network file system would be
	for _, d := range []*desk{one, two} {
		if err := errors.Join(os.RemoveAll(filepath.Join(d.dir, "files")), os.MkdirAll(shared, 0o700),
			os.Symlink(shared, filepath.Join(d.dir, "files"))); err != nil {
			t.Fatal(err)
		}
	}
	one.serve()
	two.serve()
	one.list("first", 3)
	two.list("second", 4)
	for _, d := range []*desk{one, two} {
		if a, b := d.rows("first"), d.rows("second"); a != 3 || b != 4 {
			t.Errorf("%s knows %d and %d rows", d.dir, a, b)
		}
	}

	tongnan := &desk{t: t, dir: filepath.Join(at, "tongnan"), address: address()}
	tongnan.run("init", "--member", "500152", "--name", "潼南区", "--origin", "tongnan.example")
	tongnan.serve()
	tongnan.list("third", 2)
	one.invites(tongnan, two.address)
	tongnan.invites(two, tongnan.address)
	const ours, theirs = "suining.example/suitong", "tongnan.example/suitong"
	tongnan.within(20*time.Second, "the neighbour has our book", func() bool { return tongnan.size(ours) == two.size(ours) })
	two.within(20*time.Second, "the neighbour's book is here", func() bool { return one.size(theirs) == tongnan.size(theirs) })
	one.list("fourth", 5) // the neighbour waits for news at the other process
	tongnan.within(2*time.Second, "what one wrote is heard of through the other", func() bool { return tongnan.size(ours) == two.size(ours) })

	one.kill()
	two.list("fifth", 6)
	tongnan.list("sixth", 7)
	tongnan.within(10*time.Second, "the neighbour hears of the one that is left", func() bool { return tongnan.size(ours) == two.size(ours) })
	two.within(10*time.Second, "the one that is left follows", func() bool { return two.size(theirs) == tongnan.size(theirs) })
	if got := two.rows("fourth"); got != 5 {
		t.Errorf("of what the killed one answered, %d rows are left", got)
	}
	one.serve()
	if got := one.rows("fifth"); got != 6 {
		t.Errorf("begun again, it knows %d rows", got)
	}
	two.run("book", "verify", "--view")
}

// invites lets another folder recognise this one, at an address.
func (d *desk) invites(other *desk, address string) {
	d.t.Helper()
	file := filepath.Join(d.t.TempDir(), "invitation")
	d.run("invite", "--circle", "suitong", "--address", "http://"+address, "--out", file)
	other.run("join", file, "--yes")
}
