package storetest

import (
	"bytes"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Line is a connection to the test's PostgreSQL that can fall silent: nothing on it is lost or closed, and nothing comes through.
type Line struct {
	mu sync.Mutex // held while it is silent
	at []byte     // it falls silent before these pass
}

// What passes on a line when a transaction commits.
const (
	AskedToCommit = "Q\x00\x00\x00\x0bCOMMIT"
	Committed     = "C\x00\x00\x00\x0bCOMMIT"
)

// SilenceBefore has the line fall silent before what it says next with these bytes in it.
func (l *Line) SilenceBefore(bytes string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = []byte(bytes)
}

// Silence holds up what is on the line from now on.
func (l *Line) Silence() { l.mu.Lock() }

// Resume lets through what was held up.
func (l *Line) Resume() { l.mu.Unlock() }

// Through listens beside the server's socket; whoever opens the address that it returns speaks with the server over this line.
func (l *Line) Through(t testing.TB, address string) string {
	t.Helper()
	before, socket, _ := strings.Cut(address, "host=")
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", filepath.Join(socket, ".s.PGSQL.5432"))
			if err != nil {
				near.Close()
				continue
			}
			go l.carry(near, far)
			go l.carry(far, near)
		}
	}()
	return before + "host=" + dir
}

func (l *Line) carry(to, from net.Conn) {
	defer to.Close()
	b := make([]byte, 1<<14)
	for {
		n, err := from.Read(b)
		if !l.pass(to, b[:n]) || err != nil {
			return
		}
	}
}

func (l *Line) pass(to net.Conn, b []byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at != nil && bytes.Contains(b, l.at) {
		l.at = nil
		l.mu.Lock() // until Resume
	}
	_, err := to.Write(b)
	return err == nil
}
