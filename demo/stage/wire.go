package stage

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// pace is how soon a follower tries again where nothing told it to: a visitor does not wait long.
const pace = 2 * time.Second

var errCut = errors.New("连不上对方：线路已在演示台断开 (the link was cut on the stage)")

// Transport is the wire end of a member's requests: what goes over a wire that is cut fails, and what is under way when it
// is cut breaks off.
func (s *Stage) Transport(member string, through http.RoundTripper) http.RoundTripper {
	return wire{s, member, through}
}

type wire struct {
	stage   *Stage
	from    string
	through http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	cut := w.stage.whenCut(w.from, w.stage.at(r.URL.Host))
	if cut == nil {
		return w.through.RoundTrip(r)
	}
	select {
	case <-cut:
		return nil, errCut
	default:
	}
	ctx, stop := context.WithCancelCause(r.Context())
	go func() {
		select {
		case <-cut:
			stop(errCut)
		case <-ctx.Done():
		}
	}()
	res, err := w.through.RoundTrip(r.WithContext(ctx))
	if err != nil {
		defer stop(nil)
		if errors.Is(context.Cause(ctx), errCut) {
			err = errCut
		}
		return nil, err
	}
	res.Body = &ending{res.Body, stop}
	return res, nil
}

// ending ends the watch over a request with its answer.
type ending struct {
	io.ReadCloser
	stop context.CancelCauseFunc
}

// Close implements io.Closer.
func (e *ending) Close() error {
	defer e.stop(nil)
	return e.ReadCloser.Close()
}

// whenCut is closed when the wire between two members is cut; nil where there is none.
func (s *Stage) whenCut(a, b string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.wires[between(a, b)]
	if !ok {
		return nil
	}
	return c
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Cut cuts the wire between two members, or mends it. It is false where there is none.
func (s *Stage) Cut(a, b string, cut bool) bool {
	s.mu.Lock()
	p := between(a, b)
	c, ok := s.wires[p]
	switch {
	case !ok:
	case cut && !isClosed(c):
		close(c)
	case !cut && isClosed(c):
		s.wires[p] = make(chan struct{})
	}
	s.mu.Unlock()
	if ok {
		s.post(a).Follower.Hurry()
		s.post(b).Follower.Hurry()
	}
	return ok
}
