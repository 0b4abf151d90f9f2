package webtest

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Line is a site whose line can be cut: then nobody listens at its address.
type Line struct {
	URL string

	t      testing.TB
	at     string
	h      http.Handler
	server *http.Server
}

// ServeLine serves h on a free port of this machine until the test ends.
func ServeLine(t testing.TB, h http.Handler) *Line {
	t.Helper()
	l := &Line{t: t, at: "127.0.0.1:0", h: h}
	l.Mend()
	l.URL = "http://" + l.at
	t.Cleanup(func() { _ = l.server.Close() })
	return l
}

// Cut ends all connections, and refuses new ones.
func (l *Line) Cut() {
	l.t.Helper()
	if err := l.server.Close(); err != nil {
		l.t.Fatal(err)
	}
}

// Mend listens again, at the same address.
func (l *Line) Mend() {
	l.t.Helper()
	on, err := net.Listen("tcp", l.at)
	if err != nil {
		l.t.Fatal(err)
	}
	l.at = on.Addr().String()
	l.server = &http.Server{Handler: l.h, ReadHeaderTimeout: time.Minute}
	go func(s *http.Server) { _ = s.Serve(on) }(l.server)
}

// Until waits for an expression of the page to become true. One that fails is not true yet: the page may be on its way to another.
func (p *Page) Until(what, script string) {
	p.t.Helper()
	whole := "(async () => { try { return !!(" + script + "); } catch (e) { return false; } })()"
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](whole, chromedp.EvalAwaitPromise))
		cancel()
		if err == nil && yes {
			return
		}
	}
	p.t.Fatalf("%s: never came true at %s: %s", what, p.Address(), strings.TrimSpace(p.Text("body")))
}
