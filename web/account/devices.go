package account

import (
	"context"
	"time"

	"liandong/store"
)

// Session is one device of a person that is signed in.
type Session struct {
	ID, Device string
	Made, Seen time.Time
	This       bool // the one that asks
}

func (a *Accounts) sessions(ctx context.Context, person, secret string) ([]Session, error) {
	var all []Session
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		life, err := lifeOf(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT id, device, made_at, seen_at, secret FROM account_session
			WHERE person = ? AND made_at >= ? AND seen_at >= ? ORDER BY seen_at DESC, id`, person, life.begun(a.now()), life.seen(a.now()))
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (s Session, err error) {
			var made, seen int64
			var stored string
			err = scan(&s.ID, &s.Device, &made, &seen, &stored)
			s.Made, s.Seen, s.This = time.UnixMilli(made), time.UnixMilli(seen), stored == digest(secret)
			return s, err
		})
		return err
	})
	return all, err
}

// endSession signs one device of person out; "others" all but the one that asks.
func (a *Accounts) endSession(ctx context.Context, person, session, secret string) error {
	return a.store.Write(ctx, func(tx *store.Tx) (err error) {
		var n int64
		if session == "others" {
			n, err = tx.Exec(ctx, `DELETE FROM account_session WHERE person = ? AND secret <> ?`, person, digest(secret))
		} else {
			n, err = tx.Exec(ctx, `DELETE FROM account_session WHERE person = ? AND id = ?`, person, session)
		}
		if err != nil || n == 0 {
			return err
		}
		return a.note(ctx, tx, person, ActEnded, "", Done)
	})
}
