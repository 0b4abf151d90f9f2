package node

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"liandong/store"
)

// A PostgreSQL may be replaced by its standby, or by an archive of itself, while the node runs or stands still. What was
// answered may then be missing there, and writing on would fork the books (DESIGN rule 3). PostgreSQL counts such
// replacements: each begins a new timeline of its write-ahead log. The timeline on which the node last wrote stands in
// its state, together with whether a standby had to hold each answer before it was given; both are replicated
// with everything else. The node goes on by itself only where nothing can be missing:
//
//   - every answer was held by a standby (synchronous replication),
//   - this process wrote or looked on the old timeline, and all it knew of its books is there.
//
// Else it only reads until somebody has asked the neighbours (Resume). See docs/decisions/0013.

// Why a node only reads after its database was replaced, as people are shown it.
const (
	whyNotCopied  = "数据库已由异步备库接替，最后的答复可能没有保存 (the database was replaced by an asynchronous standby; what was answered last may be missing)"
	whyNotWatched = "数据库在本进程启动前已被接替或从存档恢复 (the database was replaced or restored before this process started)"
	whyMissing    = "接替的数据库缺少本节点已经答复的记录 (the database that took over lacks entries that this node has answered)"
)

// primary tells one PostgreSQL server from another. SQLite, and engines that keep no timelines, have the zero value.
type primary struct {
	server string // system identifier, a slash, and the timeline in eight hexadecimal digits
	copied bool   // a standby holds what is committed before the commit is answered
}

// promotedFrom: p is o's standby, or o as it once was; else it is another server altogether.
func (p primary) promotedFrom(o primary) bool {
	system, _, _ := strings.Cut(p.server, "/")
	return strings.HasPrefix(o.server, system+"/")
}

// watch is what a process remembers of its own books, for a database that takes over.
type watch struct {
	on   primary // owned by the writer
	asks bool    // the engine tells its server

	sync.Mutex
	sizes map[string]int64 // by name of the book: the longest that was answered or seen
}

// look is the node's state as its row and the server tell it.
type look struct {
	generation, reading, seen int64
	stored, now               primary
}

const selectPrimary = `(SELECT system_identifier FROM pg_control_system())::text || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8),
	CASE WHEN current_setting('synchronous_standby_names') <> '' THEN 1 ELSE 0 END`

// watchPrimary begins to watch, and finds a database that was replaced while no process ran.
func (n *Node) watchPrimary(ctx context.Context) error {
	if n.Store.Dialect == store.Postgres {
		var p primary
		n.watch.asks = n.Store.Read(ctx, func(tx *store.Tx) error { // what only speaks PostgreSQL's protocol has no such functions
			return tx.Row(ctx, `SELECT `+selectPrimary).Scan(&p.server, &p.copied)
		}) == nil
	}
	var m *met
	err := n.Store.Write(ctx, func(tx *store.Tx) error {
		l, err := n.look(ctx, tx)
		if err == nil {
			m, err = n.meet(ctx, tx, l, true)
		}
		return err
	})
	if err == nil && m != nil {
		n.watch.begin(m)
	}
	return err
}

// look locks the node's row until the commit.
func (n *Node) look(ctx context.Context, tx *store.Tx) (l look, err error) {
	server := `'', 0`
	if n.watch.asks {
		server = selectPrimary
	}
	err = tx.Row(ctx, `SELECT generation, reading_since, clock_seen, server, answers_copied, `+server+`
		FROM node_state WHERE id = 1`+tx.ForUpdate()).
		Scan(&l.generation, &l.reading, &l.seen, &l.stored.server, &l.stored.copied, &l.now.server, &l.now.copied)
	if err != nil {
		return l, fmt.Errorf("state of the node: %w", err)
	}
	return l, nil
}

// met is a server that was met for the first time, or with another replication: remembered when what was written of
// it is committed.
type met struct {
	primary
	sizes map[string]int64
	stops bool // it may lack what was answered: the node must stop writing
}

// meet notes the server in the node's state; nil: it is the one that was known.
func (n *Node) meet(ctx context.Context, tx *store.Tx, l look, starting bool) (*met, error) {
	if !starting && l.now == n.watch.on && l.now == l.stored {
		return nil, nil
	}
	sizes, err := n.sizes(ctx, tx)
	if err != nil {
		return nil, err
	}
	why := n.watch.why(l, sizes, starting)
	if why != "" {
		if err := n.onlyRead(ctx, tx, why); err != nil {
			return nil, err
		}
	}
	if l.now != l.stored {
		_, err = tx.Exec(ctx, `UPDATE node_state SET server = ?, answers_copied = ? WHERE id = 1`, l.now.server, flag(l.now.copied))
	}
	return &met{l.now, sizes, why != ""}, err
}

// why tells why the server that is met may lack what was answered; empty: it cannot.
func (w *watch) why(l look, found map[string]int64, starting bool) string {
	switch replaced := l.stored.server != "" && l.stored.server != l.now.server; {
	case replaced && !l.stored.copied:
		return whyNotCopied
	case replaced && (starting || !l.now.promotedFrom(l.stored)):
		return whyNotWatched
	case !starting && w.on.server != l.now.server && w.lack(found):
		return whyMissing
	}
	return ""
}

func (w *watch) lack(found map[string]int64) bool {
	w.Lock()
	defer w.Unlock()
	for name, size := range w.sizes {
		if found[name] < size {
			return true
		}
	}
	return false
}

func (w *watch) begin(m *met) {
	w.on = m.primary
	w.Lock()
	defer w.Unlock()
	w.sizes = m.sizes
}

// see remembers how long the member's books are, also by what other processes wrote.
func (w *watch) see(sizes map[string]int64) {
	w.Lock()
	defer w.Unlock()
	for name, size := range sizes {
		w.sizes[name] = max(w.sizes[name], size)
	}
}

func flag(set bool) int64 {
	if set {
		return 1
	}
	return 0
}

// sizes of the member's books, by name; of a database that cannot be replaced unseen nobody needs them.
func (n *Node) sizes(ctx context.Context, tx *store.Tx) (map[string]int64, error) {
	if !n.watch.asks {
		return map[string]int64{}, nil
	}
	rows, err := tx.Query(ctx, `SELECT book, size FROM book_head WHERE member = ?`, n.Member)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]int64{}
	for rows.Next() {
		var name string
		var size int64
		if err := rows.Scan(&name, &size); err != nil {
			return nil, err
		}
		all[name] = size
	}
	return all, rows.Err()
}
