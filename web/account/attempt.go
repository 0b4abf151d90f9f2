package account

import (
	"context"
	"time"

	"liandong/store"
	"liandong/web"
)

// Guessing is slowed, never locked: a lock would let anyone shut a colleague out by typing wrong
// passwords under his name. Waits are short at the most, and a try that comes too early does not
// make them longer.
type limit struct {
	id   string
	free int64 // failures without any wait
	most time.Duration
	// lasting: a right password does not end it, since others may have failed at the same address.
	lasting bool
}

// forgetAfter is when failures no longer count.
const forgetAfter = time.Hour

// limitsFor counts a login from one address closely, a login from anywhere and an address under any
// login widely: many people share an address behind an office's gateway. Where the address is not
// known (empty), the login alone is counted: one guesser must not make a whole city wait.
func limitsFor(login, address string) []limit {
	all := []limit{{id: digest("login\n" + login), free: 20, most: 5 * time.Second}}
	if address == "" {
		return all
	}
	return append(all,
		limit{id: digest("both\n" + login + "\n" + address), free: 5, most: 30 * time.Second},
		limit{id: digest("address\n" + address), free: 60, most: 5 * time.Second, lasting: true})
}

// limitsForKnown counts a browser in which the person has signed in before, by itself: however many strangers try his login
// or guess from his office's address, it does not wait for them.
func limitsForKnown(person string, b browser) []limit {
	return []limit{{id: digest("known\n" + person + "\n" + b.known), free: 5, most: 30 * time.Second}}
}

// limitsForOwn counts what only who is signed in as person can try.
func limitsForOwn(person string) []limit {
	return []limit{{id: digest("own\n" + person), free: 5, most: 30 * time.Second}}
}

// limitsForCode counts codes of the second factor. Only who has the password can try one, and three of a million are
// right at a time: after twenty in the hour it is one in five minutes, 0.1 % a day, and none of it slows a known browser or
// a recovery code.
func (a *Accounts) limitsForCode(ctx context.Context, person string, b browser) (limits []limit, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		known, err := a.knows(ctx, tx, b, person)
		limits = []limit{{id: digest("code\n" + person), free: 15, most: 5 * time.Minute}}
		if known {
			limits = []limit{{id: digest("code\n" + person + "\n" + b.known), free: 5, most: 5 * time.Minute}}
		}
		return err
	})
	return limits, err
}

func (l limit) wait(fails int64) time.Duration {
	over := fails - l.free
	switch {
	case over <= 0:
		return 0
	case over > 5:
		return l.most
	}
	return min(time.Second<<(over-1), l.most)
}

// try counts an attempt as failed before it is made, in one transaction, so that a hundred at once
// count a hundred. A try that comes too early is web.ErrTooMany and counts nothing.
func (a *Accounts) try(ctx context.Context, limits []limit) error {
	now := a.now()
	return a.store.Write(ctx, func(tx *store.Tx) error {
		for _, l := range limits {
			var fails, before int64
			err := tx.Row(ctx, `INSERT INTO account_attempt (id, fails, before_at, last_at) VALUES (?, 1, 0, ?)
				ON CONFLICT (id) DO UPDATE SET before_at = account_attempt.last_at, last_at = excluded.last_at,
				fails = CASE WHEN account_attempt.last_at < ? THEN 1 ELSE account_attempt.fails + 1 END
				RETURNING fails, before_at`, l.id, now.UnixMilli(), now.Add(-forgetAfter).UnixMilli()).Scan(&fails, &before)
			if err != nil {
				return err
			}
			if now.UnixMilli() < before+l.wait(fails-1).Milliseconds() {
				return web.ErrTooMany
			}
		}
		return nil
	})
}

// succeeded forgets the failures of the login; those of the address stay.
func (a *Accounts) succeeded(ctx context.Context, tx *store.Tx, limits []limit) error {
	for _, l := range limits {
		if l.lasting {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM account_attempt WHERE id = ?`, l.id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM account_attempt WHERE last_at < ?`, a.now().Add(-forgetAfter).UnixMilli())
	return err
}
