package exchange

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// follow reads one book for as long as it is wanted.
func (f *Follower) follow(ctx context.Context, t target) {
	src := f.remote(t, "/book/"+t.circle+"/")
	wait := firstWait
	var compared time.Time
	missed := 0     // comparisons of third books in a row
	var known int64 // size
	idle := 0       // hints that came at once and told of nothing
	for ctx.Err() == nil {
		hurried := f.hurried.Next()
		size, err := f.Once(ctx, t.circle, t.member, src)
		if t.left { // it may come back: its book says so, and is looked at now and then
			pause(ctx, jitter(leftPace), hurried)
			continue
		}
		switch {
		case errors.Is(err, ErrForked):
			f.Log.Error("a neighbour shows two books; it is followed no further", "book", t.book())
			return
		case err != nil:
			if pause(ctx, jitter(wait), hurried) {
				wait = firstWait
			} else {
				wait = min(2*wait, mostWait)
			}
		default:
			wait = firstWait
			if time.Since(compared) > comparePace {
				compared = time.Now()
				missed = f.gossip(ctx, t, src, missed)
			}
			if size > known {
				idle = 0
			}
			known = size
			if idle > mostIdle {
				pause(ctx, jitter(f.pace()), hurried)
			}
			if f.rest(ctx, src, size, hurried) < time.Second {
				idle++
			} else {
				idle = 0
			}
		}
	}
}

// mostIdle is how many hints in a row may come at once and tell of nothing, before a neighbour is asked at our pace.
const mostIdle = 3

// leftPace is how often the book of a member that left the circle is looked at.
const leftPace = 30 * time.Minute

func (f *Follower) pace() time.Duration {
	if f.Pace == 0 {
		return DefaultPace
	}
	return f.Pace
}

// comparePace is how often a neighbour is asked about third books.
const comparePace = time.Minute

// gossip compares heads of third books with a neighbour; missed is how often in a row that failed, and the answer how often it has now. Once is
// no warning: a neighbour tells of a head while its copy of the entries is still on its way.
func (f *Follower) gossip(ctx context.Context, t target, src *Remote, missed int) int {
	err := errors.Join(f.Compare(ctx, Meeting{t.circle, t.member, src}), f.warnOfKeys(ctx))
	switch {
	case err == nil || ctx.Err() != nil:
		return 0
	case missed == 0:
		f.Log.Info("heads of third books will be compared again", "circle", t.circle, "with", t.member, "error", err)
	default:
		f.Log.Warn("heads of third books could not be compared", "circle", t.circle, "with", t.member, "error", err)
	}
	return missed + 1
}

// witnessPace is how often a growing book is shown to its witnesses.
const witnessPace = time.Second

// beWitnessed shows the heads of our book of a circle to the neighbours, as it grows.
func (f *Follower) beWitnessed(ctx context.Context, circle string) {
	for ctx.Err() == nil {
		next, hurried := f.news.Next(), f.hurried.Next()
		if err := f.Witnesses(ctx, circle); err != nil && ctx.Err() == nil {
			f.Log.Info("not all witnesses cosigned", "circle", circle, "error", err)
		}
		sleep(ctx, witnessPace)
		select {
		case <-next:
		case <-hurried:
		case <-time.After(jitter(mostWait)): // for those who did not answer
		case <-ctx.Done():
		}
	}
}

// rest waits for the neighbour's hint of news, and returns how long.
func (f *Follower) rest(ctx context.Context, src *Remote, size int64, hurried <-chan struct{}) time.Duration {
	begun := time.Now()
	asking, cancel := context.WithTimeout(ctx, longestWait+10*time.Second)
	defer cancel()
	go func() {
		select {
		case <-hurried:
			cancel()
		case <-asking.Done():
		}
	}()
	if err := src.Wait(asking, size); err != nil {
		pause(ctx, jitter(f.pace()), hurried)
	} else if took := time.Since(begun); took < 20*time.Millisecond {
		sleep(ctx, 20*time.Millisecond-took)
	}
	return time.Since(begun)
}

// pause sleeps until d has passed or somebody hurries; whether somebody did.
func pause(ctx context.Context, d time.Duration, hurried <-chan struct{}) bool {
	enough := time.NewTimer(d)
	defer enough.Stop()
	select {
	case <-hurried:
		return true
	case <-enough.C:
	case <-ctx.Done():
	}
	return false
}

// jitter is between half of d and one and a half.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d) }
