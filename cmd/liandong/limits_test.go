package main

import (
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

// TestABodyThatNeverEndsKeepsNoConnection: where no route stands, the server's own limits hold.
func TestABodyThatNeverEndsKeepsNoConnection(t *testing.T) {
	s := startWalk(t).server(false)
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.ReadTimeout > time.Minute || s.WriteTimeout == 0 {
		t.Fatalf("limits: %v %v %v", s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout)
	}
	s.ReadTimeout = 300 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nslow")
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, c); err != nil {
		t.Errorf("the server waits for the rest of the body: %v", err)
	}
}
