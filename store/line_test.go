//go:build linux

package store

import (
	"net"
	"syscall"
	"testing"
	"time"
)

// TestASilentLineIsGivenUp: whether a query waits to be acknowledged or an answer is waited for, the system ends the line within a minute.
func TestASilentLineIsGivenUp(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	c, err := line().DialContext(t.Context(), "tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	option := func(level, name int) (value time.Duration) {
		t.Helper()
		err := raw.Control(func(fd uintptr) {
			n, err := syscall.GetsockoptInt(int(fd), level, name)
			if err != nil {
				t.Error(err)
			}
			value = time.Duration(n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	if sent := option(syscall.IPPROTO_TCP, tcpUserTimeout) * time.Millisecond; sent <= 0 || sent > time.Minute {
		t.Errorf("a query may stay unacknowledged for %s", sent)
	}
	asked := option(syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE)*time.Second +
		option(syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL)*time.Second*option(syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT)
	if on := option(syscall.SOL_SOCKET, syscall.SO_KEEPALIVE); on == 0 || asked <= 0 || asked > time.Minute {
		t.Errorf("an answer is waited for during %s (asked for: %v)", asked, on != 0)
	}
}
