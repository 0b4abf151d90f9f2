package exchange

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// A node that was restored from a backup or built anew only reads, for what it published since stands with its
// neighbours. It takes that back from their copies and says how far they know its books (DESIGN rule 3).

// Recovery (找回) is what neighbours know of this member's books, asked at a time.
type Recovery struct {
	At    time.Time       `json:"at"`
	Books []RecoveredBook `json:"books"`
}

// RecoveredBook is one of this member's books.
type RecoveredBook struct {
	Circle string  `json:"circle"`
	Before int64   `json:"before"` // entries that stood here when it was asked
	Size   int64   `json:"size"`   // that stand here now
	Known  int64   `json:"known"`  // of the highest head that a neighbour or witness knows
	Asked  []Asked `json:"asked"`
}

// Asked is what one neighbour answered.
type Asked struct {
	Member string `json:"member"`
	Name   string `json:"name"`
	Copy   int64  `json:"copy"` // entries of our book that it has taken in
	Seen   int64  `json:"seen"` // of the highest head that its witness cosigned
	Why    string `json:"why"`  // it was not asked, or did not answer as it should; empty: it did
}

// Complete tells whether every neighbour answered and none knows more than stands here. A book without neighbours is
// never complete: whoever was recognised after the backup is not known here.
func (r Recovery) Complete() bool {
	return len(r.Books) > 0 && !slices.ContainsFunc(r.Books, func(b RecoveredBook) bool { return !b.Complete() })
}

// Complete is Recovery.Complete of one book.
func (b RecoveredBook) Complete() bool {
	return b.Size >= b.Known && len(b.Asked) > 0 && !slices.ContainsFunc(b.Asked, func(a Asked) bool { return a.Why != "" })
}

// Statement says in words what was asked and answered, on a line for each book.
func (r Recovery) Statement() string {
	var lines []string
	for _, b := range r.Books {
		var said []string
		for _, a := range b.Asked {
			if a.Why != "" {
				said = append(said, a.Name+" 未答复:"+a.Why)
				continue
			}
			said = append(said, fmt.Sprintf("%s 存有 %d 条、见证至 %d 条", a.Name, a.Copy, a.Seen))
		}
		if len(said) == 0 {
			said = []string{"圈内没有认可的成员,无从核对"}
		}
		lines = append(lines, fmt.Sprintf("%s:本节点 %d 条,所知最高账头 %d 条;%s", b.Circle, b.Size, b.Known, strings.Join(said, ";")))
	}
	if len(lines) == 0 {
		return "没有圈的账本 (no book of a circle)"
	}
	return strings.Join(lines, "\n")
}

// Recover asks every neighbour for its copy of this member's books, takes back the entries that are missing here, and
// notes how far neighbours and witnesses know them. The node must only read.
func (f *Follower) Recover(ctx context.Context) (r Recovery, err error) {
	circles, err := f.ownCircles(ctx)
	if err != nil {
		return r, err
	}
	r = Recovery{At: f.Node.Now(), Books: []RecoveredBook{}}
	for _, c := range circles {
		b, err := f.recoverBook(ctx, c)
		if err != nil {
			return r, err
		}
		r.Books = append(r.Books, b)
	}
	return r, f.keepRecovery(ctx, r)
}

// ownCircles are those in which this member has a book, but for its own one.
func (f *Follower) ownCircles(ctx context.Context) (all []string, err error) {
	err = f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = node.Circles(ctx, tx, f.Node.Member)
		return err
	})
	return slices.DeleteFunc(all, func(c string) bool { return c == node.Self }), err
}

func (f *Follower) recoverBook(ctx context.Context, circle string) (b RecoveredBook, err error) {
	b = RecoveredBook{Circle: circle, Asked: []Asked{}}
	if b.Before, b.Known, err = f.knownHere(ctx, circle); err != nil {
		return b, err
	}
	answers := map[string]Asked{}
	for { // entries that come back may name neighbours who are not known yet
		var next []region.Neighbour
		err := f.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
			next, err = region.Neighbours(ctx, tx, f.Node.Member, circle)
			return err
		})
		if err != nil {
			return b, err
		}
		next = slices.DeleteFunc(next, func(n region.Neighbour) bool { _, ok := answers[n.Member]; return ok })
		if len(next) == 0 {
			break
		}
		for _, n := range next {
			answers[n.Member] = f.recoverFrom(ctx, circle, n)
			if ctx.Err() != nil {
				return b, ctx.Err()
			}
		}
	}
	if err := f.Node.Adopt(ctx); err != nil {
		return b, err
	}
	for member, a := range answers {
		if a.Why == "" { // again, now that all that others hold stands here
			a = f.seenBy(ctx, circle, member, a)
		}
		b.Asked = append(b.Asked, a)
		b.Known = max(b.Known, a.Copy, a.Seen)
	}
	slices.SortFunc(b.Asked, func(a, b Asked) int { return strings.Compare(a.Member, b.Member) })
	b.Size, _, err = f.knownHere(ctx, circle)
	return b, err
}

// knownHere is how long the book is here, and the largest head of it that a witness is known to have cosigned.
func (f *Follower) knownHere(ctx context.Context, circle string) (size, cosigned int64, err error) {
	err = f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		head, _, err := node.Head(ctx, tx, f.Node.BookName(circle))
		if err != nil && !errors.Is(err, node.ErrNoBook) {
			return err
		}
		size = head.Size
		return tx.Row(ctx, `SELECT COALESCE(MAX(size), 0) FROM exchange_cosigned WHERE origin = ?`, f.Node.OriginOf(circle)).Scan(&cosigned)
	})
	return size, cosigned, err
}

// recoverFrom asks one neighbour which head it holds of our book, and takes back what is missing here.
func (f *Follower) recoverFrom(ctx context.Context, circle string, n region.Neighbour) Asked {
	a := Asked{Member: n.Member, Name: n.Name}
	switch {
	case n.Suspended:
		a.Why = "已暂停往来,没有询问 (suspended: not asked)"
	case n.Address == "":
		a.Why = "没有网址,没有询问;可请对方用 bundle export --copies 带来 (no address: not asked)"
	default:
		size, err := f.takeBack(ctx, target{circle: circle, member: n.Member, origin: n.Origin, address: n.Address})
		if a.Copy = size; err != nil {
			a.Why = Explain(err)
		}
	}
	return a
}

// takeBack takes what a neighbour's copy of our book has beyond what stands here, and returns the size of its head.
func (f *Follower) takeBack(ctx context.Context, t target) (size int64, err error) {
	all, err := f.remote(t, "/book/"+t.circle+"/").Heads(ctx)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(all, func(h HeadSeen) bool { return h.Member == f.Node.Member })
	if at < 0 {
		return 0, nil // it has nothing of our book
	}
	if size, err = book.SizeOf([]byte(all[at].Checkpoint)); err != nil {
		return 0, err
	}
	c, err := f.catching(ctx, t.circle, f.Node.Member)
	if err != nil {
		return size, err
	}
	head, err := c.opened([]byte(all[at].Checkpoint))
	if err != nil {
		return 0, err // what is not signed by us says nothing
	}
	c.Fill = true
	_, _, err = c.From(ctx, f.remote(t, "/copy/"+f.Node.Member+"/"+t.circle+"/"))
	if errors.Is(err, ErrOldHead) {
		err = nil // we have more
	}
	return head.Size, err
}

// ownCatching is for this member's own book as others hold it: to compare, and to take back what a backup lacks. What
// witnesses say of its heads is kept, and that we saw them ourselves is no news.
func (f *Follower) ownCatching(ctx context.Context, circle string, c Catching) (Catching, error) {
	c.Seen = func(ctx context.Context, head signedHead, _ bool) error {
		return f.Node.Store.Write(ctx, func(tx *store.Tx) error { return f.noteSeen(ctx, tx, circle, head, false, f.Node.Now()) })
	}
	c.Keys = []Key{{Verifier: book.VerifierKey(f.Node.OriginOf(circle), f.Node.SigningKey().Public())}}
	if lost := f.Node.FormerKey(circle); lost != "" {
		c.Keys = append(c.Keys, Key{Verifier: lost})
	}
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		former, err := Rolled(ctx, tx, c.Book)
		c.Keys = append(c.Keys, former...)
		return err
	})
	return c, err
}

// Rolled lists the former keys of a book of this member, the latest first.
func Rolled(ctx context.Context, tx *store.Tx, name string) ([]Key, error) {
	rows, err := tx.Query(ctx, `SELECT verifier, size FROM book_rolled WHERE book = ? ORDER BY size DESC`, name)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (k Key, err error) {
		err = scan(&k.Verifier, &k.Until)
		return k, err
	})
}

// seenBy asks a neighbour's witness for the size of the head that it cosigned last, and whether that is one of the book here: it may have seen
// more than it has taken in, and something else.
func (f *Follower) seenBy(ctx context.Context, circle, member string, a Asked) Asked {
	var head node.BookVerified
	var checkpoint []byte
	var n region.Neighbour
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		one, err := region.NeighbourIn(ctx, tx, f.Node.Member, circle, member)
		if err != nil {
			return err
		}
		if one != nil {
			n = *one
		}
		head, checkpoint, err = node.Head(ctx, tx, f.Node.BookName(circle))
		return err
	})
	if err == nil && !whole(checkpoint, head) {
		err = ErrBehind
	}
	if err != nil {
		a.Why = Explain(err)
		return a
	}
	_, seen, err := f.ask(ctx, n, head, checkpoint, head.Size)
	switch {
	case err == nil:
		a.Seen = head.Size
	case seen < 0:
		a.Why = Explain(otherSeen(err))
	case seen == head.Size:
		a.Seen, a.Why = seen, Explain(ErrOtherSeen)
	case seen > head.Size:
		a.Seen = seen
	default: // of a smaller head only a proof tells whether it is the beginning of ours
		a.Seen = seen
		if _, _, err = f.ask(ctx, n, head, checkpoint, seen); err != nil {
			a.Why = Explain(otherSeen(err))
		}
	}
	return a
}

// ErrOtherSeen: a witness cosigned a head of this member's book that is not of the book that stands here.
var ErrOtherSeen = errors.New("对方见证过本方的另一账头,与本节点的账本不符:本节点恢复的账本不是已公布的那一本 (its witness cosigned another head than those of the book here)")

// otherSeen names the answer of a witness to which the proof does not lead from what it has seen or read.
func otherSeen(err error) error {
	var status *StatusError
	if errors.As(err, &status) && status.Status == http.StatusUnprocessableEntity {
		return ErrOtherSeen
	}
	return err
}

// keepRecovery stores the answers for the page.
func (f *Follower) keepRecovery(ctx context.Context, r Recovery) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return f.Node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO exchange_recovery (id, at, report) VALUES (1, ?, ?)
			ON CONFLICT (id) DO UPDATE SET at = excluded.at, report = excluded.report`, r.At.UnixMilli(), string(raw))
		return err
	})
}

// LastRecovery is what neighbours answered last; At is zero where nobody was asked.
func LastRecovery(ctx context.Context, tx *store.Tx) (r Recovery, err error) {
	var raw string
	err = tx.Row(ctx, `SELECT report FROM exchange_recovery WHERE id = 1`).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &r)
	}
	return r, err
}

// Resume lets a node write again that only read, without the operator's word: every neighbour is asked now, and none
// may know more of this member's books than stands here. Refused: exchange.recovery.incomplete.
func (f *Follower) Resume(ctx context.Context, req node.Request, reason string) (Recovery, node.Receipt, error) {
	r, err := f.Recover(ctx)
	if err != nil {
		return r, node.Receipt{}, err
	}
	if !r.Complete() {
		return r, node.Receipt{}, refuse.New("exchange.recovery.incomplete", "asked", r.Statement())
	}
	receipt, err := f.Node.Resume(ctx, req, strings.TrimSpace(reason+"\n"+r.Statement()))
	return r, receipt, err
}

// recoverPace is how often neighbours are asked while the node only reads.
const recoverPace = time.Minute

// recovering asks the neighbours again and again while the node only reads, and says in the log how it stands.
func (f *Follower) recovering(ctx context.Context) {
	said := ""
	for ctx.Err() == nil {
		r, err := f.Recover(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			f.Log.Error("what neighbours hold of this member's books could not be read", "error", err)
		case said == r.Statement():
		case r.Complete():
			f.Log.Info("this member's books are as far as any neighbour or witness knows; liandong resume may follow", "answers", r.Statement())
		default:
			f.Log.Warn("this member's books could not be compared with every neighbour", "answers", r.Statement())
		}
		if err == nil {
			said = r.Statement()
		}
		sleep(ctx, jitter(recoverPace))
	}
}
