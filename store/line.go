package store

import (
	"net"
	"time"
)

// The line to PostgreSQL is given up when nothing comes back from the other machine for about as long as lineSilence: with the settings of most
// systems that is a quarter of an hour, and all that waits for an answer waits as long. A server that runs but does not answer is
// another thing: WriteWithin and ReadWithin have limits for that.
const lineSilence = 30 * time.Second

// line dials PostgreSQL.
func line() *net.Dialer {
	return &net.Dialer{
		Timeout: lineSilence,
		// Who only waits has sent nothing that could stay unacknowledged: he has to be asked for.
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: lineSilence / 3, Interval: lineSilence / 6, Count: 4},
		Control:         giveUpSending,
	}
}
