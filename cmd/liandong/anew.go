package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/web"
)

// waiting answers at the service's address while the view is made anew, which on a large office takes minutes: people and probes
// read how far it is instead of meeting a closed door. It begins with the first step, so that a folder that another process
// serves is refused before its address is.
type waiting struct {
	ctx         context.Context
	addr        string
	dir         string
	log         *slog.Logger
	tls         *tls.Config // nil: http
	done, total atomic.Int64

	begun  sync.Once
	public net.Listener // nil: nothing had to be made anew
	failed error        // the address could not be had
	stop   func() error
}

// step is told how many entries were replayed, of how many.
func (w *waiting) step(done, total int64) {
	w.done.Store(done)
	w.total.Store(total)
	w.begun.Do(w.begin)
}

func (w *waiting) begin() {
	public, err := net.Listen("tcp", w.addr)
	if err != nil {
		w.failed = err
		return
	}
	w.public = public
	server := &http.Server{Handler: w.site().Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	ctx, cancel := context.WithCancel(w.ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, server, func() error { return server.Serve(over(lent{public.(*net.TCPListener)}, w.tls)) })
	}()
	w.stop = func() error {
		cancel()
		return <-ended
	}
}

// listener is the public address, handed on from who waited; opened now where nobody had to wait.
func (w *waiting) listener() (net.Listener, error) {
	if w.failed == nil && w.public == nil {
		w.public, w.failed = net.Listen("tcp", w.addr)
	}
	if w.failed != nil {
		return nil, fmt.Errorf("监听 %s (listen): %w", w.addr, w.failed)
	}
	if w.stop == nil {
		return over(w.public, w.tls), nil
	}
	err := w.stop()
	w.stop = nil
	return over(w.public, w.tls), errors.Join(err, w.public.(*net.TCPListener).SetDeadline(time.Time{}))
}

// close gives the address back where the node could not be opened.
func (w *waiting) close() {
	if w.stop != nil {
		_ = w.stop()
		w.public.Close()
	}
}

// lent is a listener whose borrower may not close it: closing only ends his waiting.
type lent struct{ *net.TCPListener }

func (l lent) Close() error { return l.SetDeadline(time.Unix(1, 0)) }

func (w *waiting) site() *web.Site {
	member := ""
	if s, err := node.ReadSettings(w.dir); err == nil {
		member = s.Identity.Name
	}
	site := web.New(web.Options{Member: member, Log: w.log, Ready: map[string]func(context.Context) error{
		"view": func(context.Context) error {
			return fmt.Errorf("made anew for this version, %d of %d entries", w.done.Load(), w.total.Load())
		},
	}})
	say := func(rw http.ResponseWriter, r *http.Request) error {
		rw.Header().Set("Retry-After", "10")
		return &web.Upgrading{Done: w.done.Load(), Total: w.total.Load()}
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		site.Handle(method+" /{path...}", region.Public, say)
	}
	return site
}
