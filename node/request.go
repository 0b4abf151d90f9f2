package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// Request is what somebody asks to be written. The id makes a retry safe: the same person
// asking the same again under it gets the first answer.
type Request struct {
	ID    string // empty: made up, no retry
	Print []byte // what the request says, to tell a retry from another request under its id
	Actor Actor
}

// Position names one entry for ever.
type Position struct {
	Book  string    `json:"book"`  // 510900/suitong
	Index int64     `json:"index"` // from 0
	Leaf  tlog.Hash `json:"leaf"`  // RFC 6962 leaf hash
}

// Receipt lists the entries that a request made, in the order of its saying them, and what the
// act wants remembered for a retry (the id it made up).
type Receipt struct {
	Entries []Position `json:"entries"`
	Note    string     `json:"note,omitempty"`
	Again   bool       `json:"-"` // answered before: nothing was written now
}

// Act answers a request inside the writer's transaction. It may be run again after a failed
// commit, so it keeps nothing outside w.
type Act func(ctx context.Context, w *Writing) error

type waiting struct {
	req      Request
	print    []byte
	act      Act
	resumes  bool      // it may run on a node that only reads, because it ends that
	receives bool      // it may, because it takes what others say
	rolls    *book.Key // takes the place of the signing key with what it says
	answer   chan answer

	receipt Receipt
	err     error
	batch   string // that has the receipt
	doubt   *doubt // nil: no earlier try of it can stand
	rolled  bool   // the last try of it rolled the key
}

// doubt is a try whose commit failed: it may have been stored all the same.
type doubt struct {
	batch   string
	receipt Receipt
}

type answer struct {
	receipt Receipt
	err     error
}

// ErrClosed is the answer of a node that is shutting down.
var ErrClosed = errors.New("the node is shutting down")

// Write runs act and answers when what it said is durable. A *refuse.Refusal means that nothing
// was written; any other error that nothing was answered as written: asking again under the
// same id is safe. Under a context that joins a request (Join) it is part of that one.
func (n *Node) Write(ctx context.Context, req Request, act Act) (Receipt, error) {
	if w := n.joined(ctx); w != nil {
		return w.part(ctx, req, act)
	}
	return n.ask(ctx, &waiting{req: req, act: act})
}

func (n *Node) ask(ctx context.Context, w *waiting) (Receipt, error) {
	print := sha256.Sum256(append([]byte(w.req.Actor.Person+"\n"+w.req.Actor.Seat+w.req.Actor.For+"\n"), w.req.Print...))
	w.print, w.answer = print[:], make(chan answer, 1)
	select {
	case <-n.stop:
		return Receipt{}, ErrClosed
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	case n.queue <- w:
	}
	select {
	case a := <-w.answer:
		return a.receipt, a.err
	case <-n.stopped:
		select { // the writer may have answered on its way out
		case a := <-w.answer:
			return a.receipt, a.err
		default:
			return Receipt{}, ErrClosed
		}
	}
}

// answered looks for an answer that was given to the request before, and takes it over.
func (b *batch) answered(ctx context.Context, w *waiting) (found bool, err error) {
	w.receipt, w.err, w.batch = Receipt{}, nil, ""
	if w.req.ID == "" {
		return b.stands(ctx, w)
	}
	earlier, print, err := b.earlier(ctx, w.req.ID)
	if err != nil || earlier == nil {
		return false, err
	}
	if !bytes.Equal(print, w.print) {
		return true, refuse.New("node.request-reused")
	}
	w.receipt = *earlier
	w.receipt.Again = w.doubt == nil // else it is our own try
	return true, nil
}

// stands looks for the batch in which a request without an id may have been stored.
func (b *batch) stands(ctx context.Context, w *waiting) (bool, error) {
	if w.doubt == nil {
		return false, nil
	}
	receipt, _, err := b.earlier(ctx, w.doubt.batch)
	if err != nil || receipt == nil {
		return false, err
	}
	w.receipt, w.batch = w.doubt.receipt, w.doubt.batch
	return true, nil
}

// earlier is the answer kept under an id, nil if there is none: one of this batch or a stored one.
func (b *batch) earlier(ctx context.Context, id string) (*Receipt, []byte, error) {
	for _, w := range b.done {
		if w.req.ID == id {
			return &w.receipt, w.print, nil
		}
	}
	var print []byte
	var text string
	err := b.tx.Row(ctx, `SELECT print, receipt FROM node_request WHERE id = ?`, id).Scan(&print, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("look for an earlier answer: %w", err)
	}
	var receipt Receipt
	if err := json.Unmarshal([]byte(text), &receipt); err != nil {
		return nil, nil, fmt.Errorf("stored answer: %w", err)
	}
	return &receipt, print, nil
}

var requestTable = store.TableOf("node_request", "id", "print", "receipt", "at")

// remember keeps the answers for retries. Those of requests without an id share one row under the
// batch's: nobody can ask for them again, but a commit that failed is looked for by it, and what was
// answered is verified by it.
func (b *batch) remember(ctx context.Context) error {
	var nameless Receipt
	for _, w := range b.done {
		if w.req.ID != "" {
			if err := b.keep(ctx, w.req.ID, w.print, w.receipt); err != nil {
				return err
			}
			continue
		}
		nameless.Entries = append(nameless.Entries, w.receipt.Entries...)
	}
	if slices.ContainsFunc(b.done, func(w *waiting) bool { return w.req.ID == "" }) {
		return b.keep(ctx, b.id, []byte("batch"), nameless)
	}
	return nil
}

func (b *batch) keep(ctx context.Context, id string, print []byte, r Receipt) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return b.tx.Later(ctx, requestTable, id, print, string(text), b.now.UnixMilli())
}
