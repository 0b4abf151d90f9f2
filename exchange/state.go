package exchange

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"liandong/book"
	"liandong/store"
)

// FollowState (接收状态) is how the following of a neighbour's book stands.
type FollowState struct {
	Book      string
	ReachedAt time.Time // the neighbour last answered as it should; zero: never
	GrownAt   time.Time // entries last came
	HeadSize  int64     // of the newest head that held
	FailedAt  time.Time // zero: the last try went well
	Tries     int       // that failed, one after the other
	Why       string    // of the last failure
	Stopped   bool      // until an administrator lets it go on: the member showed two books
}

// Follows lists the states of all books that were followed, in the order of their names.
func Follows(ctx context.Context, tx *store.Tx) ([]FollowState, error) {
	rows, err := tx.Query(ctx, `SELECT book, reached_at, grown_at, head_size, failed_at, tries, why, stopped
		FROM exchange_follow ORDER BY book`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (s FollowState, err error) {
		var reached, grown, failed, stopped int64
		err = scan(&s.Book, &reached, &grown, &s.HeadSize, &failed, &s.Tries, &s.Why, &stopped)
		s.ReachedAt, s.GrownAt, s.FailedAt, s.Stopped = moment(reached), moment(grown), moment(failed), stopped != 0
		return s, err
	})
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// reached notes that the neighbour answered and its head held; grown: entries came.
func reached(ctx context.Context, tx *store.Tx, name string, size int64, grown bool, at time.Time) error {
	var grownAt int64
	if grown {
		grownAt = at.UnixMilli()
	}
	_, err := tx.Exec(ctx, `INSERT INTO exchange_follow (book, reached_at, grown_at, head_size, failed_at, tries, why, stopped)
		VALUES (?, ?, ?, ?, 0, 0, '', 0) ON CONFLICT (book) DO UPDATE SET reached_at = excluded.reached_at,
		grown_at = CASE WHEN excluded.grown_at > exchange_follow.grown_at THEN excluded.grown_at ELSE exchange_follow.grown_at END,
		head_size = excluded.head_size, failed_at = 0, tries = 0, why = ''`, name, at.UnixMilli(), grownAt, size)
	return err
}

// carried notes that a bundle brought a head that held, made at a time: what the network said later stands.
func carried(ctx context.Context, tx *store.Tx, name string, size int64, grown bool, at time.Time) error {
	var known int64
	err := tx.Row(ctx, `SELECT reached_at FROM exchange_follow WHERE book = ?`, name).Scan(&known)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return reached(ctx, tx, name, size, grown, time.UnixMilli(max(known, at.UnixMilli())))
}

// failed notes why a try failed.
func failed(ctx context.Context, tx *store.Tx, name, why string, stop bool, at time.Time) error {
	var stopped int64
	if stop {
		stopped = 1
	}
	_, err := tx.Exec(ctx, `INSERT INTO exchange_follow (book, reached_at, grown_at, head_size, failed_at, tries, why, stopped)
		VALUES (?, 0, 0, 0, ?, 1, ?, ?) ON CONFLICT (book) DO UPDATE SET failed_at = excluded.failed_at,
		tries = exchange_follow.tries + 1, why = excluded.why,
		stopped = CASE WHEN excluded.stopped = 1 THEN 1 ELSE exchange_follow.stopped END`, name, at.UnixMilli(), why, stopped)
	return err
}

// GoOn lets a book be followed again that was stopped. The evidence stays.
func GoOn(ctx context.Context, tx *store.Tx, name string) error {
	_, err := tx.Exec(ctx, `UPDATE exchange_follow SET stopped = 0, failed_at = 0, tries = 0, why = '' WHERE book = ?`, name)
	return err
}

// Found (分叉证据) is evidence that a member showed two books.
type Found struct {
	ID   string
	Book string
	At   time.Time
	Fork []byte // the file
}

// mostEvidence is how many pieces of evidence are kept of one book: each proves as much as the next, and its member can make as many
// as it likes.
const mostEvidence = 50

// KeepEvidence stores fork evidence once, up to mostEvidence of a book, and stops the following of the book.
func KeepEvidence(ctx context.Context, tx *store.Tx, name string, f book.Fork, at time.Time) error {
	raw, err := f.Bytes()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	var kept int
	if err := tx.Row(ctx, `SELECT count(*) FROM exchange_evidence WHERE book = ?`, name).Scan(&kept); err != nil {
		return err
	}
	if kept < mostEvidence {
		_, err = tx.Exec(ctx, `INSERT INTO exchange_evidence (id, book, found_at, evidence) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO NOTHING`, hex.EncodeToString(sum[:8]), name, at.UnixMilli(), raw)
		if err != nil {
			return err
		}
	}
	return failed(ctx, tx, name, ErrForked.Error(), true, at)
}

// Evidences lists the evidence found here, the newest first.
func Evidences(ctx context.Context, tx *store.Tx) ([]Found, error) {
	rows, err := tx.Query(ctx, `SELECT id, book, found_at, evidence FROM exchange_evidence ORDER BY found_at DESC, id`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (f Found, err error) {
		var at int64
		err = scan(&f.ID, &f.Book, &at, &f.Fork)
		f.At = moment(at)
		return f, err
	})
}

// Sighting (见证) says that a witness had verified a head of a book, and when by its clock.
type Sighting struct {
	Origin  string // of the book: suining.example/suitong
	Witness string // tongnan.example/witness
	Size    int64
	At      time.Time
}

// Sightings lists, for each book and witness, the largest head that the witness cosigned, as far as this node knows.
func Sightings(ctx context.Context, tx *store.Tx) ([]Sighting, error) {
	rows, err := tx.Query(ctx, `SELECT c.origin, c.witness, c.size, c.at FROM exchange_cosigned c
		WHERE c.size = (SELECT MAX(d.size) FROM exchange_cosigned d WHERE d.origin = c.origin AND d.witness = c.witness)
		ORDER BY c.origin, c.witness`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (s Sighting, err error) {
		var at int64
		err = scan(&s.Origin, &s.Witness, &s.Size, &at)
		s.At = moment(at)
		return s, err
	})
}
