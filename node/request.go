package node

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/rules/refuse"
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
	req     Request
	print   []byte
	act     Act
	fresh   bool // its id was just made up: no earlier answer can stand
	resumes bool // it may run on a node that only reads, because it ends that
	answer  chan answer

	receipt Receipt
	err     error
}

type answer struct {
	receipt Receipt
	err     error
}

// ErrClosed is the answer of a node that is shutting down.
var ErrClosed = errors.New("the node is shutting down")

// Write runs act and answers when what it said is durable. A *refuse.Refusal means that nothing
// was written; any other error that nothing was answered as written: asking again under the
// same id is safe.
func (n *Node) Write(ctx context.Context, req Request, act Act) (Receipt, error) {
	return n.ask(ctx, &waiting{req: req, act: act})
}

func (n *Node) ask(ctx context.Context, w *waiting) (Receipt, error) {
	if w.fresh = w.req.ID == ""; w.fresh {
		w.req.ID = rand.Text()
	}
	print := sha256.Sum256(append([]byte(w.req.Actor.Person+"\n"+w.req.Actor.Seat+"\n"), w.req.Print...))
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

// answered looks for the stored answer of a request.
func (b *batch) answered(ctx context.Context, w *waiting) (found bool, err error) {
	var print []byte
	var receipt string
	err = b.tx.Row(ctx, `SELECT print, receipt FROM node_request WHERE id = ?`, w.req.ID).Scan(&print, &receipt)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for an earlier answer: %w", err)
	}
	if string(print) != string(w.print) {
		return true, refuse.New("node.request-reused")
	}
	if err := json.Unmarshal([]byte(receipt), &w.receipt); err != nil {
		return true, fmt.Errorf("stored answer: %w", err)
	}
	w.receipt.Again = true
	return true, nil
}

func (b *batch) remember(ctx context.Context, w *waiting) error {
	receipt, err := json.Marshal(w.receipt)
	if err != nil {
		return err
	}
	_, err = b.tx.Exec(ctx, `INSERT INTO node_request (id, print, receipt, at) VALUES (?, ?, ?, ?)`,
		w.req.ID, w.print, string(receipt), b.now.UnixMilli())
	return err
}
