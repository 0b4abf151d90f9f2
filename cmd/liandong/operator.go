package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
)

// seatHeader says with which of his seats the local operator asks.
const seatHeader = "Liandong-Seat"

type operatorKey struct{}

// asOperator marks the requests of a connection as those of the local operator, also for the record of sign-ins.
func asOperator(ctx context.Context) context.Context {
	return account.AsOperator(context.WithValue(ctx, operatorKey{}, true), operatorPerson)
}

// identify says who asks: the local operator over the folder's socket, else whom accounts knows.
func identify(n *node.Node, accounts func(*http.Request) (web.Identity, error)) func(*http.Request) (web.Identity, error) {
	return func(r *http.Request) (web.Identity, error) {
		if r.Context().Value(operatorKey{}) != nil {
			return operator(r, n)
		}
		if accounts == nil {
			return web.Identity{}, nil
		}
		return accounts(r)
	}
}

// operator acts with one seat a request, and only with one that he still has.
func operator(r *http.Request, n *node.Node) (id web.Identity, err error) {
	ctx := r.Context()
	seat := region.Seat(r.Header.Get(seatHeader))
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		if id.Seats, err = region.SeatsOf(ctx, tx, operatorPerson); err != nil {
			return err
		}
		id.Name, err = region.PersonName(ctx, tx, operatorPerson)
		return err
	})
	if err != nil {
		return web.Identity{}, err
	}
	if !slices.ContainsFunc(id.Seats, func(s region.SeatAt) bool { return s.Org == officeOrg && s.Seat == seat }) {
		return web.Identity{}, refuse.New("cli.operator-seat", "seat", string(seat))
	}
	id.Actor = node.Actor{Person: operatorPerson, Org: officeOrg, Seat: string(seat), Member: n.Member}
	return id, nil
}

// listenSocket listens in the folder. The caller holds the folder's lock, so a socket that stands
// is a dead process's.
func listenSocket(dir string) (net.Listener, error) {
	path := node.SocketOf(dir)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove the old socket: %w", err)
	}
	var l net.Listener
	err := throughFolder(dir, func(short string) (err error) {
		l, err = net.Listen("unix", short)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", path, err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // its short name is gone by then
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &operatorListener{Listener: l, owner: ownerOf(dir), path: path}, nil
}

// throughFolder gives the socket a name that is short enough for the system (108 bytes), however
// deep the folder lies.
func throughFolder(dir string, f func(path string) error) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return f(fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), filepath.Base(node.SocketOf(dir))))
}

func dialSocket(ctx context.Context, dir string) (c net.Conn, err error) {
	err = throughFolder(dir, func(short string) (err error) {
		c, err = (&net.Dialer{}).DialContext(ctx, "unix", short)
		return err
	})
	return c, err
}

// operatorListener takes connections of the folder's owner only.
type operatorListener struct {
	net.Listener
	owner uint32
	path  string
}

func (l *operatorListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if uid, err := peer(c); err == nil && uid == l.owner {
			return c, nil
		}
		c.Close()
	}
}

func (l *operatorListener) Close() error {
	return errors.Join(l.Listener.Close(), os.Remove(l.path))
}

// peer is the user at the other end, as the kernel knows him.
func peer(c net.Conn) (uid uint32, err error) {
	raw, err := c.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	failed := raw.Control(func(fd uintptr) {
		var cred *syscall.Ucred
		if cred, err = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil {
			uid = cred.Uid
		}
	})
	return uid, errors.Join(err, failed)
}

func ownerOf(dir string) uint32 {
	if info, err := os.Stat(dir); err == nil {
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			return s.Uid
		}
	}
	return uint32(os.Getuid())
}
