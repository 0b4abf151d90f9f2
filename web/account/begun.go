package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"liandong/store"
)

// begun is a sign-in that was begun and waits for its next step: a code, the answer of a passkey or of a provider. Its
// secret lies in a cookie, so that nobody can go on with what another browser began.
type begun struct {
	way    string // which step is waited for
	person string // empty while nobody is known yet
	data   string // of the step
}

// begunLife is how long a sign-in may be left standing.
const begunLife = 10 * time.Minute

var errNotBegun = errors.New("no such sign-in was begun, or it is over")

// begin keeps what was begun and forgets what nobody ended.
func (a *Accounts) begin(ctx context.Context, tx *store.Tx, b begun) (secret string, err error) {
	now := a.now()
	if _, err := tx.Exec(ctx, `DELETE FROM account_begun WHERE ends_at < ?`, now.UnixMilli()); err != nil {
		return "", err
	}
	secret = rand.Text()
	_, err = tx.Exec(ctx, `INSERT INTO account_begun (secret, way, person, data, ends_at) VALUES (?, ?, ?, ?, ?)`,
		digest(secret), b.way, b.person, b.data, now.Add(begunLife).UnixMilli())
	return secret, err
}

// begunWith reads what was begun under the secret; errNotBegun if it was another way, or is over.
func (a *Accounts) begunWith(ctx context.Context, tx *store.Tx, secret, way string) (b begun, err error) {
	b.way = way
	err = tx.Row(ctx, `SELECT person, data FROM account_begun WHERE secret = ? AND way = ? AND ends_at >= ?`,
		digest(secret), way, a.now().UnixMilli()).Scan(&b.person, &b.data)
	if errors.Is(err, sql.ErrNoRows) {
		return b, errNotBegun
	}
	return b, err
}

// end uses up what was begun: of two that come with the same secret one gets errNotBegun.
func (a *Accounts) end(ctx context.Context, tx *store.Tx, secret string) error {
	n, err := tx.Exec(ctx, `DELETE FROM account_begun WHERE secret = ?`, digest(secret))
	if err == nil && n == 0 {
		return errNotBegun
	}
	return err
}

func (a *Accounts) setBegun(w http.ResponseWriter, secret string) {
	a.keep(w, "begun", secret, begunLife)
}

func (a *Accounts) begunOf(r *http.Request) string { return a.kept(r, "begun") }
