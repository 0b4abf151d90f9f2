package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"liandong/exchange"
	"liandong/node"
	"liandong/notice"
	"liandong/plan"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
)

// appOptions are what the commands that serve may set.
type appOptions struct {
	log       *slog.Logger
	openBooks []string // circles whose books anyone may read
	behindTLS bool     // people reach the site by https://
	// adminSecond: the administrator's seat asks for a second factor.
	adminSecond bool
	keepSignIns int            // days; 0: as long as must be
	proxies     []netip.Prefix // reverse proxies whose word on the client's address is taken
	// What is taken from a neighbour in a day, and how large a file of its may be, in bytes; 0: as the exchange has it.
	dailyBytes, fileLimit int64
	keep                  []region.KeepRule        // how long words are kept; what is not named is kept for ever
	provider              *account.ProviderOptions // of identities; nil: none
	clock                 func() time.Time         // the demonstration's; nil: the system's
	notices               notice.Options           // the lines by which people are told
}

// app is a node with its site.
type app struct {
	folder   *node.Folder
	site     *web.Site
	accounts *account.Accounts
	log      *slog.Logger
	follower *exchange.Follower
	notices  *notice.Desk
	keep     []region.KeepRule
	keepIns  int                                  // days
	sealed   time.Time                            // when the record of sign-ins was
	stopping chan struct{}                        // closed when the node stops serving
	before   func(site http.Handler) http.Handler // stands before the public site: the demonstration's; nil: nothing
}

// newApp assembles the site over an opened folder.
func newApp(ctx context.Context, f *node.Folder, o appOptions) (*app, error) {
	if err := found(ctx, f.Node); err != nil && !refuse.Is(err, "node.only-reading") {
		return nil, err
	}
	accounts, err := account.Open(ctx, f.Store, f.Member, o.behindTLS)
	if err != nil {
		return nil, err
	}
	accounts.TrustProxies(o.proxies...)
	if o.provider != nil {
		if err := accounts.UseProvider(*o.provider); err != nil {
			return nil, err
		}
	}
	if o.adminSecond {
		accounts.DemandSecond()
	}
	site := web.New(web.Options{
		Member: f.Name, Demo: o.clock != nil, Now: f.Now, Log: o.log, BehindTLS: o.behindTLS,
		Identify: identify(f.Node, accounts.Identify),
		Ready: map[string]func(context.Context) error{"store": func(ctx context.Context) error {
			return f.Store.Read(ctx, func(tx *store.Tx) error {
				var one int
				return tx.Row(ctx, `SELECT 1`).Scan(&one)
			})
		}},
	})
	a := &app{folder: f, site: site, accounts: accounts, log: o.log, keep: o.keep, keepIns: o.keepSignIns, stopping: make(chan struct{})}
	if err := a.mountExchange(o); err != nil {
		return nil, err
	}
	a.mountRooms(o.notices)
	return a, nil
}

// server is one HTTP server over the site; those of the socket take their caller for the operator.
func (a *app) server(isOperator bool) *http.Server {
	s := &http.Server{
		Handler: a.site.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		// A route that takes or gives large files sets its own (web.Route.Body, Slow); these hold where no
		// route is found, so that a body that never ends keeps no connection.
		ReadTimeout: time.Minute, WriteTimeout: time.Minute,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	if a.before != nil && !isOperator {
		s.Handler = a.before(s.Handler)
	}
	if isOperator {
		s.Handler = a.inside(s.Handler)
		s.ConnContext = func(ctx context.Context, _ net.Conn) context.Context { return asOperator(ctx) }
	}
	return s
}

// serve serves the listeners until ctx ends, then lets requests under way finish.
func (a *app) serve(ctx context.Context, public, socket net.Listener) error {
	outside, inside := a.server(false), a.server(true)
	ended := make(chan error, 2)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	unfollow, err := plan.NewDesk(a.folder.Node).FollowSearch(ctx)
	if err != nil {
		return errors.Join(err, public.Close(), socket.Close())
	}
	defer unfollow()
	for _, one := range []struct {
		server *http.Server
		at     net.Listener
	}{{outside, public}, {inside, socket}} {
		go func() {
			ended <- web.Serve(ctx, one.server, func() error { return one.server.Serve(one.at) })
			cancel() // one without the other is of no use
		}()
	}
	var working sync.WaitGroup // the store is closed after all of them
	working.Go(func() { a.heartbeat(ctx) })
	working.Go(func() { a.housekeep(ctx) })
	working.Go(func() { a.follower.Run(ctx) })
	working.Go(func() { (&exchange.Lease{Store: a.folder.Store, Work: exchange.Telling}).While(ctx, a.notices.Run) })
	working.Go(func() { <-ctx.Done(); close(a.stopping) })
	err = errors.Join(<-ended, <-ended)
	working.Wait()
	return err
}

// heartbeat notes that the node is awake, so that a quiet week is no leap of the clock.
func (a *app) heartbeat(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := a.folder.Awake(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("note that the node is awake", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
