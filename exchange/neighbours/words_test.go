package neighbours

import (
	"context"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/web/lang"
)

// TestWhatALineThatIsDownSays: the reader is told in his language; what the network said is folded away.
func TestWhatALineThatIsDownSays(t *testing.T) {
	const refused = `Get "http://192.0.2.1/book/suitong/checkpoint": dial tcp 192.0.2.1:80: connect: connection refused`
	for why, want := range map[string]struct{ zh, en, detail string }{
		refused:                   {"连不上", "cannot be reached", refused},
		exchange.ErrNoKey.Error(): {"账头不是所认可的密钥签的", "the head is not signed by a recognised key", ""},
		"邻方应答有误 (a bad answer): 502 Bad Gateway": {"邻方应答有误", "a bad answer", "邻方应答有误: 502 Bad Gateway"},
	} {
		var m Member
		m.Member = "500152"
		c := shown{Follows: map[string]exchange.FollowState{"500152": {Why: why, FailedAt: time.Now(), Tries: 3}}}
		zh := context.Background()
		if got := said(zh, why); got != want.zh {
			t.Errorf("%q says %q, want %q", why, got, want.zh)
		}
		if got := said(lang.In(zh, lang.En), why); got != want.en {
			t.Errorf("%q says %q, want %q", why, got, want.en)
		}
		if got := c.detail(zh, m); got != want.detail {
			t.Errorf("%q folds %q away, want %q", why, got, want.detail)
		}
	}
}
