package account

import (
	"context"
	"fmt"
	"time"

	"liandong/region"
	"liandong/store"
)

// Overview counts who is signed in and what tokens there are, without saying who.
type Overview struct {
	Accounts int
	Sessions []Seated
	Tokens   []Seated
}

// Seated are the sessions or tokens of one seat of one organisation.
type Seated struct {
	Org  string
	Seat region.Seat
	N    int
	Seen time.Time // the newest use; zero: never
	Ends time.Time // the last end
}

// Overview reads what an administrator may see of all accounts together.
func (a *Accounts) Overview(ctx context.Context) (o Overview, err error) {
	now := a.now().UnixMilli()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if err := tx.Row(ctx, `SELECT count(*) FROM account`).Scan(&o.Accounts); err != nil {
			return err
		}
		life, err := lifeOf(ctx, tx)
		if err != nil {
			return err
		}
		if o.Sessions, err = seated(ctx, tx, `account_session WHERE made_at >= ? AND seen_at >= ?`, life.begun(a.now()), life.seen(a.now())); err != nil {
			return err
		}
		o.Tokens, err = seated(ctx, tx, `account_token WHERE ends_at > ?`, now)
		return err
	})
	if err != nil {
		return o, fmt.Errorf("overview of accounts: %w", err)
	}
	return o, nil
}

func seated(ctx context.Context, tx *store.Tx, from string, args ...any) ([]Seated, error) {
	rows, err := tx.Query(ctx, `SELECT org, seat, count(*), max(seen_at), max(ends_at) FROM `+from+`
		GROUP BY org, seat ORDER BY org, seat`, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (s Seated, err error) {
		var seen, ends int64
		err = scan(&s.Org, &s.Seat, &s.N, &seen, &ends)
		if seen > 0 {
			s.Seen = time.UnixMilli(seen)
		}
		s.Ends = time.UnixMilli(ends)
		return s, err
	})
}
