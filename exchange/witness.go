package exchange

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// WitnessPattern is the route that Witness answers, for http.ServeMux.
const WitnessPattern = "POST /witness/add-checkpoint"

// Witness (见证) cosigns other members' heads by c2sp.org/tlog-witness: it has seen that each head continues the one
// before. Its answers are those of that page; each is in its place below.
type Witness struct {
	Node     *node.Node                    // whose books heads are compared with; nil: a witness that follows nobody
	Cosigner func() (book.Cosigner, error) // asked each time: a roll of the key changes it
	// Keys are the verifier keys of a book that this member recognises now; none: the book is unknown.
	Keys func(ctx context.Context, origin string) ([]string, error)
	// Write runs f in one transaction and returns when it is durable.
	Write func(ctx context.Context, f func(tx *store.Tx) error) error
	Now   func() time.Time
	// Conflict is told of a head that is signed and yet does not continue what was seen. May be nil.
	Conflict func(ctx context.Context, c Conflict)
}

// Conflict (冲突) is a signed head that cannot belong to the book of one seen before, by their sizes or by the book as it stands here:
// the beginning of fork evidence.
type Conflict struct {
	Origin     string
	Seen       []byte // the signed head seen before
	Checkpoint []byte // the one that came now
	Key        string // verifier key that signed it
}

// Limits of a request: 63 proof lines and a checkpoint with the lines of many witnesses.
const (
	maxSubmission = 64 << 10
	maxProofLines = 63
)

// submission is the body of add-checkpoint.
type submission struct {
	old        int64 // size of the head that the proof begins at
	proof      []tlog.Hash
	checkpoint []byte
}

// answer is a status with its body.
type answer struct {
	status int
	body   string
}

func (a *answer) Error() string { return fmt.Sprint(a.status, " ", a.body) }

// sizeAnswer is 409 with the size that the witness has seen.
func sizeAnswer(size int64) error {
	return &answer{http.StatusConflict, strconv.FormatInt(size, 10) + "\n"}
}

// ServeHTTP answers WitnessPattern.
func (w Witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	line, err := w.add(r.Context(), http.MaxBytesReader(rw, r.Body, maxSubmission))
	var a *answer
	switch {
	case err == nil:
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = rw.Write(line) // who asked may have gone
	case errors.As(err, &a):
		contentType := "text/plain; charset=utf-8"
		if a.status == http.StatusConflict {
			contentType = "text/x.tlog.size"
		}
		rw.Header().Set("Content-Type", contentType)
		rw.WriteHeader(a.status)
		_, _ = io.WriteString(rw, a.body)
	default:
		http.Error(rw, "500 现在不能见证,请稍后再试 (cannot witness now)", http.StatusInternalServerError)
	}
}

// add checks a submission and cosigns it. What was seen is stored before the answer: otherwise two answers could
// cosign two books.
func (w Witness) add(ctx context.Context, body io.Reader) ([]byte, error) {
	all, err := io.ReadAll(body)
	if err != nil {
		return nil, &answer{http.StatusBadRequest, "提交过长或中断 (too long, or cut off)\n"}
	}
	s, err := readSubmission(all)
	if err != nil {
		return nil, &answer{http.StatusBadRequest, err.Error() + "\n"}
	}
	head, key, err := w.open(ctx, s.checkpoint)
	if err != nil {
		return nil, err
	}
	if s.old > head.Size {
		return nil, &answer{http.StatusBadRequest, "旧长度大于新长度 (the old size exceeds the checkpoint's)\n"}
	}
	var conflict *Conflict
	at := w.Now()
	// Who hangs up must not spoil the commit that others share.
	ctx = context.WithoutCancel(ctx)
	err = w.Write(ctx, func(tx *store.Tx) (err error) {
		if w.Node != nil {
			if err := mayWitness(ctx, tx); err != nil {
				return err
			}
			if conflict, err = asFollowed(ctx, tx, s, head); err != nil {
				return err
			}
		}
		conflict, err = see(ctx, tx, s, head, at)
		return err
	})
	if conflict != nil && w.Conflict != nil {
		conflict.Key = key
		w.Conflict(ctx, *conflict)
	}
	if err != nil {
		return nil, err
	}
	cosigner, err := w.Cosigner()
	if err != nil {
		return nil, err
	}
	return cosigner.Cosign(s.checkpoint, at)
}

// open: an origin that is not recognised is 404, a head that none of its keys signed 403.
func (w Witness) open(ctx context.Context, checkpoint []byte) (head book.Checkpoint, key string, err error) {
	origin, _, _ := strings.Cut(string(checkpoint), "\n")
	keys, err := w.Keys(ctx, origin)
	if err != nil {
		return book.Checkpoint{}, "", fmt.Errorf("keys of %s: %w", origin, err)
	}
	if len(keys) == 0 {
		return book.Checkpoint{}, "", &answer{http.StatusNotFound, "不认识这本账 (unknown origin)\n"}
	}
	for _, key = range keys {
		var v note.Verifier
		if v, err = book.Verifier(key); err != nil {
			return book.Checkpoint{}, "", fmt.Errorf("key of %s: %w", origin, err)
		}
		if head, err = book.OpenCheckpoint(checkpoint, origin, v); err == nil {
			return head, key, nil
		}
	}
	if errors.Is(err, book.ErrNoSignature) || errors.Is(err, book.ErrBadSignature) {
		return book.Checkpoint{}, "", &answer{http.StatusForbidden, "没有所认可密钥的签名 (not signed by a recognised key)\n"}
	}
	return book.Checkpoint{}, "", &answer{http.StatusBadRequest, err.Error() + "\n"}
}

// mayWitness: a node that only reads may have forgotten what it cosigned; it cosigns again once it writes.
func mayWitness(ctx context.Context, tx *store.Tx) error {
	why, err := node.Reading(ctx, tx)
	if err == nil && why != "" {
		err = &answer{http.StatusServiceUnavailable, "本节点现在只读,不作见证 (this node only reads now, and witnesses nothing)\n"}
	}
	return err
}

// asFollowed compares with the book itself, as far as it stands here: whatever was seen as a witness, nobody cosigns another book than that
// which he reads. A head beyond it is for the follower to compare.
func asFollowed(ctx context.Context, tx *store.Tx, s submission, head book.Checkpoint) (*Conflict, error) {
	var name string
	var size int64
	var root, checkpoint []byte
	err := tx.Row(ctx, `SELECT book, size, root, checkpoint FROM book_head WHERE origin = ?`, head.Origin).Scan(&name, &size, &root, &checkpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil || head.Size > size || size == 0 {
		return nil, err
	}
	tiles := func(level int, n int64, width int) ([]byte, error) { return node.Tile(ctx, tx, name, level, n, width) }
	err = consistent(head.Size, size, head.Root, tlog.Hash(root), tiles)
	if !errors.Is(err, errInconsistent) {
		return nil, err
	}
	return &Conflict{Origin: head.Origin, Seen: checkpoint, Checkpoint: s.checkpoint}, &answer{
		http.StatusUnprocessableEntity, "与本节点所收的账本不符 (it is not the book that this node reads)\n",
	}
}

// see compares with the head seen last and stores the new one. The row is locked, so that of two
// submissions at once the second meets what the first left.
func see(ctx context.Context, tx *store.Tx, s submission, head book.Checkpoint, at time.Time) (*Conflict, error) {
	seen, last, err := lastSeen(ctx, tx, head.Origin)
	if err != nil {
		return nil, err
	}
	if s.old != last.Size {
		return nil, sizeAnswer(last.Size)
	}
	if head.Size == last.Size && seen != nil {
		if head.Root != last.Root {
			return &Conflict{Origin: head.Origin, Seen: seen, Checkpoint: s.checkpoint}, sizeAnswer(last.Size)
		}
		if len(s.proof) != 0 {
			return nil, &answer{http.StatusUnprocessableEntity, "长度相同,不应有证明 (no proof between equal sizes)\n"}
		}
	} else if err := book.CheckConsistency(s.old, head.Size, last.Root, head.Root, s.proof); err != nil {
		// That a proof does not hold says nothing of the book: anybody can send a true head with a false one.
		var conflict *Conflict
		if book.ProvesOther(s.old, head.Size, last.Root, head.Root, s.proof) {
			conflict = &Conflict{Origin: head.Origin, Seen: seen, Checkpoint: s.checkpoint}
		}
		return conflict, &answer{http.StatusUnprocessableEntity, err.Error() + "\n"}
	}
	_, err = tx.Exec(ctx, `INSERT INTO exchange_seen (origin, size, root, checkpoint, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, checkpoint = excluded.checkpoint,
		at = excluded.at`, head.Origin, head.Size, head.Root[:], s.checkpoint, at.UnixMilli())
	return nil, err
}

// lastSeen is the head of a book that was cosigned last; checkpoint is nil and the size 0 where none was.
func lastSeen(ctx context.Context, tx *store.Tx, origin string) (checkpoint []byte, last book.Checkpoint, err error) {
	last = book.Checkpoint{Origin: origin, Root: (&book.Tree{}).Root()}
	// What is not there cannot be locked: of two first submissions at once both would find nothing. A row of nothing seen may
	// stay behind a refusal.
	_, err = tx.Exec(ctx, `INSERT INTO exchange_seen (origin, size, root, checkpoint, at) VALUES (?, 0, ?, ?, 0)
		ON CONFLICT (origin) DO NOTHING`, origin, last.Root[:], []byte{})
	if err != nil {
		return nil, last, err
	}
	var root []byte
	err = tx.Row(ctx, `SELECT size, root, checkpoint FROM exchange_seen WHERE origin = ?`+tx.ForUpdate(), origin).
		Scan(&last.Size, &root, &checkpoint)
	if copy(last.Root[:], root); len(checkpoint) == 0 {
		checkpoint = nil
	}
	return checkpoint, last, err
}

// readSubmission reads the one form of the body: an old size, proof lines, an empty line, a checkpoint.
func readSubmission(body []byte) (s submission, err error) {
	head, checkpoint, ok := bytes.Cut(body, []byte("\n\n"))
	if !ok {
		return s, errors.New("缺少空行 (no empty line before the checkpoint)")
	}
	lines := strings.Split(string(head), "\n")
	old, ok := strings.CutPrefix(lines[0], "old ")
	if s.old, err = strconv.ParseInt(old, 10, 64); !ok || err != nil || strconv.FormatInt(s.old, 10) != old || s.old < 0 {
		return s, fmt.Errorf("第一行应如 old 41: %.40q (malformed old size)", lines[0])
	}
	if len(lines)-1 > maxProofLines {
		return s, fmt.Errorf("证明多于 %d 行 (too many proof lines)", maxProofLines)
	}
	for i, line := range lines[1:] {
		raw, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return s, fmt.Errorf("证明第 %d 行不是散列 (malformed proof line)", i+1)
		}
		s.proof = append(s.proof, tlog.Hash(raw))
	}
	s.checkpoint = checkpoint
	return s, nil
}

// Submission writes the body of add-checkpoint.
func Submission(old int64, proof []tlog.Hash, checkpoint []byte) []byte {
	b := fmt.Appendf(nil, "old %d\n", old)
	for _, h := range proof {
		b = append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
	}
	return append(append(b, '\n'), checkpoint...)
}
