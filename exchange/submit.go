package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Witnesses asks the neighbours of a circle to cosign the head of this member's book (c2sp.org/tlog-witness) and keeps
// their lines. A neighbour that does not answer is asked about the next head.
func (f *Follower) Witnesses(ctx context.Context, circle string) error {
	var neighbours []region.Neighbour
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		neighbours, err = region.Neighbours(ctx, tx, f.Node.Member, circle)
		return err
	})
	if err != nil {
		return err
	}
	failed := make([]error, len(neighbours))
	var asking sync.WaitGroup
	places := make(chan struct{}, askedAtOnce)
	for i, n := range neighbours {
		if n.Address == "" || n.Suspended || n.Left {
			continue
		}
		places <- struct{}{}
		asking.Go(func() {
			defer func() { <-places }()
			if err := f.submit(ctx, circle, n); err != nil {
				failed[i] = fmt.Errorf("%s: %w", n.Member, err)
			}
		})
	}
	asking.Wait()
	return errors.Join(failed...)
}

// askedAtOnce is how many neighbours are asked to cosign at once: one that hangs keeps none of the others waiting.
const askedAtOnce = 16

// submit sends the newest head to one witness. That answers 409 with the size it has seen: then once more from there.
func (f *Follower) submit(ctx context.Context, circle string, n region.Neighbour) error {
	name := f.Node.BookName(circle)
	witness := node.WitnessName(n.Origin)
	var head node.BookVerified
	var checkpoint []byte
	var old int64
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if head, checkpoint, err = node.Head(ctx, tx, name); err != nil {
			return err
		}
		return tx.Row(ctx, `SELECT COALESCE(MAX(size), 0) FROM exchange_cosigned WHERE origin = ? AND witness = ?`,
			head.Origin, witness).Scan(&old)
	})
	if err != nil || old == head.Size || !whole(checkpoint, head) {
		return err
	}
	for range 2 {
		lines, seen, err := f.ask(ctx, n, head, checkpoint, old)
		if err == nil {
			return f.keepLines(ctx, n, head, checkpoint, lines)
		}
		if seen < 0 || seen > head.Size {
			return err
		}
		old = seen
	}
	return fmt.Errorf("%s: the witness answers with sizes that do not fit", witness)
}

// ask posts a submission. seen is the size in a conflict, otherwise -1.
func (f *Follower) ask(ctx context.Context, n region.Neighbour, head node.BookVerified, checkpoint []byte, old int64) (lines []byte, seen int64, err error) {
	var proof []tlog.Hash
	err = f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		proof, err = book.ProveConsistency(old, head.Size, func(level int, n int64, width int) ([]byte, error) {
			return node.Tile(ctx, tx, head.Book, level, n, width)
		})
		return err
	})
	if err != nil {
		return nil, -1, err
	}
	at, err := url.JoinPath(n.Address, "/witness/add-checkpoint")
	if err != nil {
		return nil, -1, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(Submission(old, proof, checkpoint)))
	if err != nil {
		return nil, -1, err
	}
	res, err := f.Client.Do(req)
	if err != nil {
		return nil, -1, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxSubmission))
	if err != nil {
		return nil, -1, err
	}
	switch res.StatusCode {
	case http.StatusOK:
		return body, -1, nil
	case http.StatusConflict:
		seen, err := strconv.ParseInt(strings.TrimSpace(string(body)), 10, 64)
		if err != nil {
			seen = -1
		}
		return nil, seen, &StatusError{res.StatusCode, "witness"}
	}
	return nil, -1, &StatusError{res.StatusCode, "witness"}
}

// keepLines stores the line of this witness that holds under the head.
func (f *Follower) keepLines(ctx context.Context, n region.Neighbour, head node.BookVerified, checkpoint, lines []byte) error {
	witness, err := witnessOf(n)
	if err != nil {
		return err
	}
	own, err := book.Verifier(head.Key)
	if err != nil {
		return err
	}
	if checkpoint, err = book.WithoutCosignatures(checkpoint, head.Key); err != nil {
		return err // one that was taken back from a neighbour bears the lines it had there
	}
	cosigned, err := book.AddCosignatures(checkpoint, lines, witness)
	if err != nil {
		return err
	}
	_, seen, err := book.OpenCosigned(cosigned, head.Origin, own, witness)
	if err != nil || len(seen) != 1 {
		return fmt.Errorf("the witness's line does not hold: %w", errors.Join(err, book.ErrBadSignature))
	}
	line := bytes.TrimPrefix(cosigned, checkpoint)
	return f.Node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO exchange_cosigned (origin, witness, size, root, at, checkpoint, line) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (origin, witness, size) DO UPDATE SET at = excluded.at, line = excluded.line`,
			head.Origin, seen[0].Witness, head.Size, head.Root[:], seen[0].At.UnixMilli(), checkpoint, line)
		return err
	})
}
