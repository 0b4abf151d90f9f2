package neighbours

import (
	"context"
	"strings"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/web/lang"
	"liandong/web/ui"
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

// TestAFailureIsNotBesideJustNow: who was not reached says since when, by the clock, for "just now" would contradict it.
func TestAFailureIsNotBesideJustNow(t *testing.T) {
	ctx := ui.WithFrame(context.Background(), ui.Frame{Now: time.Now().Add(time.Second)})
	var m Member
	m.Member, m.Address = "500152", "https://tongnan.example"
	f := exchange.FollowState{Why: "x", ReachedAt: time.Now()}
	if got := (shown{Follows: map[string]exchange.FollowState{"500152": f}}).contact(ctx, m); !strings.Contains(got.Why, "刚刚") {
		t.Errorf("reached: %q", got.Why)
	}
	f.FailedAt, f.Tries = time.Now(), 4
	got := (shown{Follows: map[string]exchange.FollowState{"500152": f}}).contact(ctx, m)
	if !strings.Contains(got.Word, "4") || strings.Contains(got.Why, "刚刚") || !strings.Contains(got.Why, "最近联系 ") {
		t.Errorf("not reached: %q, %q", got.Word, got.Why)
	}
}
