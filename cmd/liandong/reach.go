package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"

	"liandong/region"
)

// reachFlags say how a command that writes comes to the node: through the process that serves the
// folder, by the address of a site with a token, or by opening the folder itself.
type reachFlags struct {
	folderFlags
	URL   string `name:"url" help:"经此地址的服务,而不是本机目录 (reach the node at this address)." env:"LIANDONG_URL" placeholder:"https://…"`
	Token string `help:"--url 所用的令牌 (token for --url)." env:"LIANDONG_TOKEN" placeholder:"TOKEN"`
}

// caller calls a node's HTTP interface, wherever the node runs.
type caller struct {
	client *http.Client
	base   string
	header http.Header
	close  func() error
}

// reach finds the way to the node. The local operator acts with the given seat; a token has its
// own. close must be called.
func (f reachFlags) reach(t *terminal, seat region.Seat) (*caller, error) {
	if f.URL != "" {
		if _, err := url.ParseRequestURI(f.URL); err != nil {
			return nil, fmt.Errorf("--url: %w", err)
		}
		return &caller{
			client: &http.Client{}, base: strings.TrimSuffix(f.URL, "/"),
			header: http.Header{"Authorization": {"Bearer " + f.Token}}, close: func() error { return nil },
		}, nil
	}
	header := http.Header{seatHeader: {string(seat)}}
	if c, err := dialSocket(t.ctx, f.Dir); err == nil {
		c.Close()
		return overDial(header, func(ctx context.Context) (net.Conn, error) { return dialSocket(ctx, f.Dir) }, nil), nil
	}
	return f.inside(t, header)
}

// inside opens the folder for the length of the command and serves it to the command alone.
func (f reachFlags) inside(t *terminal, header http.Header) (*caller, error) {
	folder, err := f.own(t)
	if err != nil {
		return nil, err
	}
	a, err := newApp(t.ctx, folder, appOptions{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	l := newPipeListener()
	server := a.server(true)
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	stop := func() error {
		server.Close()
		<-done
		return folder.Close()
	}
	return overDial(header, l.dial, stop), nil
}

func overDial(header http.Header, dial func(ctx context.Context) (net.Conn, error), stop func() error) *caller {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	return &caller{client: &http.Client{Transport: transport}, base: "http://localhost", header: header, close: func() error {
		transport.CloseIdleConnections()
		if stop == nil {
			return nil
		}
		return stop()
	}}
}

// Do sends a request whose URL is a path: "/api/v1/plan/plans".
func (c *caller) Do(r *http.Request) (*http.Response, error) {
	at, err := url.Parse(c.base + r.URL.RequestURI())
	if err != nil {
		return nil, err
	}
	r.URL, r.Host = at, at.Host
	for k, v := range c.header {
		r.Header[k] = v
	}
	return c.client.Do(r)
}

// Call sends in as JSON (nil: no body) and reads the answer into out (nil: it is dropped). An
// answer that is a problem (RFC 9457) is returned as an error with exit code 1.
func (c *caller) Call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	answer, err := c.Do(r)
	if err != nil {
		return fmt.Errorf("联系不上节点 (cannot reach the node): %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		return problem(answer)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

// problem reads a refusal; trouble of the server's own means that the command could not run.
func problem(answer *http.Response) error {
	var p struct {
		Title, Detail, Code string
	}
	b, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err := json.Unmarshal(b, &p); err != nil || p.Title == "" {
		return fmt.Errorf("节点答复 %s (the node's answer)", answer.Status)
	}
	err := answered{fmt.Errorf("%s\n%s [%s]", p.Title, p.Detail, p.Code), p.Code}
	if answer.StatusCode >= 500 {
		return err
	}
	return broken{err}
}

// answered is what a node answered instead of doing what it was asked.
type answered struct {
	error
	code string
}

// answeredAs says whether an error is a node's answer of this code.
func answeredAs(err error, code string) bool {
	var a answered
	return errors.As(err, &a) && a.code == code
}

// pipeListener connects a server with callers of the same process.
type pipeListener struct {
	conns chan net.Conn
	ended chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), ended: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.ended:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	close(l.ended)
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }
