package store

import "syscall"

// tcpUserTimeout is TCP_USER_TIMEOUT of Linux (RFC 5482): for how long what was sent may stay unacknowledged, in milliseconds.
const tcpUserTimeout = 18

// giveUpSending ends a connection on which what was sent stays unacknowledged for lineSilence.
func giveUpSending(network, _ string, c syscall.RawConn) error {
	if network == "unix" {
		return nil
	}
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(lineSilence.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return failed
}
