package node

import (
	"context"
	"time"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// A clock that is off writes history wrong, and entries cannot be taken back. So a reading
// more than maxBehind before the last entry of the book, or more than maxAhead after both the
// book's last entry and the last time this node was seen awake, is refused until somebody
// confirms it by an entry with his reason (DESIGN rule 1; see docs/decisions/0003).
const (
	maxBehind = 5 * time.Second
	maxAhead  = 7 * 24 * time.Hour
)

// at gives the time of the next entry: never before the book's last.
func (w *Writing) at(h *head, k AnyKind) (time.Time, error) {
	now := w.batch.now.UnixMilli()
	if k.KindName() == ClockConfirmed.Name {
		h.clockOK, w.confirmed = now, true
	} else if err := w.doubtful(h, now); err != nil {
		return time.Time{}, err
	}
	return time.UnixMilli(max(now, h.lastAt)).UTC(), nil
}

func (w *Writing) doubtful(h *head, now int64) error {
	last := time.UnixMilli(h.lastAt).UTC()
	if now < h.lastAt-maxBehind.Milliseconds() && (h.clockOK == 0 || now < h.clockOK-maxBehind.Milliseconds()) {
		return refuse.New("node.clock-behind", "clock", w.batch.now, "last", last, "book", h.book)
	}
	awake := max(h.lastAt, w.batch.seen, h.clockOK)
	if awake != 0 && now > awake+maxAhead.Milliseconds() {
		return refuse.New("node.clock-ahead", "clock", w.batch.now, "last", last, "book", h.book)
	}
	return nil
}

// ClockFacts say which reading of the clock is confirmed, Unix ms.
type ClockFacts struct {
	Clock int64 `json:"clock"`
}

// ClockWords say why.
type ClockWords struct {
	Reason string `json:"reason"`
}

// ClockConfirmed 时钟确认: "the clock is right although it lies far from the last entry".
var ClockConfirmed = &Kind[ClockFacts, ClockWords]{
	Name: "node.clock.confirmed/1", Action: "node.clock.confirm",
	Apply: func(context.Context, *Own, book.Entry, ClockFacts) ([]string, error) { return nil, nil },
}

// ConfirmClock writes the confirmation into each of the member's books that doubts the clock.
func (n *Node) ConfirmClock(ctx context.Context, req Request, reason string) (Receipt, error) {
	if reason == "" {
		return Receipt{}, refuse.New("node.reason-missing").At("reason")
	}
	return n.Write(ctx, req, func(ctx context.Context, w *Writing) error { return w.confirmClock(ctx, reason) })
}

// confirmClock writes it into the member's books that doubt the clock.
func (w *Writing) confirmClock(ctx context.Context, reason string) error {
	circles, err := Circles(ctx, w.Tx(), w.node.Member)
	if err != nil {
		return err
	}
	for _, c := range circles {
		h, err := w.head(ctx, c)
		if err != nil {
			return err
		}
		if w.doubtful(h, w.batch.now.UnixMilli()) == nil {
			continue
		}
		_, err = ClockConfirmed.Say(ctx, w, Said[ClockFacts, ClockWords]{
			Circle: c, Facts: ClockFacts{Clock: w.Now().UnixMilli()}, Words: &ClockWords{Reason: reason},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// answersKept is how long the answer of a request is kept for a retry.
const answersKept = 90 * 24 * time.Hour

// Awake notes that the node is running and its clock was seen, so that a quiet week is no leap.
// A leap between two calls is not noted: the next entry will ask about it. Answers that nobody
// will ask for again are forgotten, and how long the books are is kept in mind (watch).
func (n *Node) Awake(ctx context.Context) error {
	return n.Store.Write(ctx, func(tx *store.Tx) error {
		before := n.Now().Add(-answersKept).UnixMilli()
		if _, err := tx.Exec(ctx, `DELETE FROM node_request WHERE at < ?`, before); err != nil {
			return err
		}
		sizes, err := n.sizes(ctx, tx)
		if err != nil {
			return err
		}
		n.watch.see(sizes)
		return n.noteAwake(ctx, tx, n.Now().UnixMilli(), false)
	})
}

func (n *Node) noteAwake(ctx context.Context, tx *store.Tx, now int64, confirmed bool) error {
	since := now - maxAhead.Milliseconds()
	if confirmed {
		since = 0
	}
	_, err := tx.Exec(ctx, `UPDATE node_state SET clock_seen = ?
		WHERE id = 1 AND clock_seen < ? AND (clock_seen = 0 OR clock_seen >= ?)`, now, now, since)
	return err
}

// Circles lists the circles for which a member's book stands here, in the order of their ids.
func Circles(ctx context.Context, tx *store.Tx, member string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT circle FROM book_head WHERE member = ? ORDER BY circle`, member)
	if err != nil {
		return nil, err
	}
	return store.Column[string](rows)
}
