package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"liandong/region"
	"liandong/store"
	"liandong/web"
)

// waySecond is a sign-in whose password was right and whose second factor is to be shown.
const waySecond = "second"

// The codes: RFC 6238 with what every authenticator app takes: SHA-1, six digits, thirty seconds. A code of one step before
// or after is taken too (RFC 6238, 5.2: transmission delay and clocks), and none twice.
const (
	codeStep  = 30 // seconds
	codeDrift = 1  // steps
)

// recoveryCodes is how many codes somebody gets for the day on which his telephone is gone.
const recoveryCodes = 10

var errWrongCode = errors.New("wrong code")

// DemandSecond makes the seats of the three administrators ones that are taken with a second factor only, whatever the rules of
// safety say. Call it before serving.
func (a *Accounts) DemandSecond() { a.demand = true }

// hold parts the seats that may be acted for from those that wait for a second factor.
func (a *Accounts) hold(rules region.SecurityFacts, seats []region.SeatAt, second bool) (free, held []region.SeatAt) {
	three := a.demand || rules.Second == region.SecondThree
	for _, s := range seats {
		if !second && (rules.Second == region.SecondAll || three && slices.Contains(region.Three, s.Seat)) {
			held = append(held, s)
		} else {
			free = append(free, s)
		}
	}
	return free, held
}

// Second is the second factor of a person (二次验证). Since is zero while it is proposed only: nothing is asked of him then.
type Second struct {
	Secret string // base32, shown while it is proposed
	Since  time.Time
	Left   int // recovery codes
	Fails  int // wrong codes since he was signed in last
}

func (s Second) on() bool       { return !s.Since.IsZero() }
func (s Second) proposed() bool { return s.Secret != "" && !s.on() }

// second reads the second factor; the zero Second if there is none.
func second(ctx context.Context, tx *store.Tx, person string) (s Second, err error) {
	var since int64
	err = tx.Row(ctx, `SELECT secret, since_at, fails FROM account_second WHERE person = ?`, person).Scan(&s.Secret, &since, &s.Fails)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read the second factor: %w", err)
	}
	if since > 0 {
		s.Since = time.UnixMilli(since)
	}
	return s, tx.Row(ctx, `SELECT count(*) FROM account_recovery WHERE person = ?`, person).Scan(&s.Left)
}

func hasSecond(ctx context.Context, tx *store.Tx, person string) (bool, error) {
	s, err := second(ctx, tx, person)
	return s.on(), err
}

// propose makes a secret for the person's app. It counts for nothing until he has shown a code of it.
func (a *Accounts) propose(ctx context.Context, person string) error {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "liandong", AccountName: person, SecretSize: 20}) // RFC 4226, 4: 160 bits
	if err != nil {
		return fmt.Errorf("make a secret: %w", err)
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO account_second (person, secret, step, fails, since_at) VALUES (?, ?, 0, 0, 0)
			ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, step = 0 WHERE account_second.since_at = 0`, person, key.Secret())
		return err
	})
}

// confirm makes the proposed secret count, by a code of it. Every other device is signed out; this one has shown it.
func (a *Accounts) confirm(ctx context.Context, person, session, code string) (recovery []string, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := second(ctx, tx, person)
		if err != nil {
			return err
		}
		if !s.proposed() {
			return web.ErrNotFound
		}
		step, ok := a.stepOf(s.Secret, code)
		if !ok {
			return errWrongCode
		}
		if _, err := tx.Exec(ctx, `UPDATE account_second SET step = ?, since_at = ? WHERE person = ?`,
			step, a.now().UnixMilli(), person); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE person = ? AND secret <> ?`, person, digest(session)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE account_session SET second = 1 WHERE person = ? AND secret = ?`, person, digest(session)); err != nil {
			return err
		}
		if recovery, err = freshRecovery(ctx, tx, person); err != nil {
			return err
		}
		return a.note(ctx, tx, person, ActSecondOn, "code", Done)
	})
	if errors.Is(err, errWrongCode) {
		err = a.noteFailure(ctx, person, ActSecondOn, "code", err)
	}
	return recovery, err
}

// freshRecovery makes new recovery codes; those of before no longer work. Each has 80 bits, so its hash tells nothing.
func freshRecovery(ctx context.Context, tx *store.Tx, person string) (codes []string, err error) {
	if _, err := tx.Exec(ctx, `DELETE FROM account_recovery WHERE person = ?`, person); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		code := rand.Text()[:16]
		if _, err := tx.Exec(ctx, `INSERT INTO account_recovery (person, code) VALUES (?, ?)`, person, digest(person+"\n"+code)); err != nil {
			return nil, err
		}
		codes = append(codes, strings.Join([]string{code[:4], code[4:8], code[8:12], code[12:]}, "-"))
	}
	return codes, nil
}

// newRecovery is freshRecovery for who shows a code.
func (a *Accounts) newRecovery(ctx context.Context, person, code string, b browser) (codes []string, err error) {
	if err := a.show(ctx, person, code, b); err != nil {
		return nil, a.noteCode(ctx, person, ActRecovery, code, err)
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if codes, err = freshRecovery(ctx, tx, person); err != nil {
			return err
		}
		return a.note(ctx, tx, person, ActRecovery, wayOf(code), Done)
	})
	return codes, err
}

// dropSecond takes the second factor away from who shows a code of it.
func (a *Accounts) dropSecond(ctx context.Context, person, code string, b browser) error {
	if err := a.show(ctx, person, code, b); err != nil {
		return a.noteCode(ctx, person, ActSecondOff, code, err)
	}
	return a.FreeSecond(ctx, person)
}

// FreeSecond takes a person's second factor away, when his telephone and his recovery codes are gone. His devices are
// those that had shown it no longer.
func (a *Accounts) FreeSecond(ctx context.Context, person string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		for _, q := range []string{
			`DELETE FROM account_second WHERE person = ?`, `DELETE FROM account_recovery WHERE person = ?`,
			`DELETE FROM account_begun WHERE person = ?`, `UPDATE account_session SET second = 0 WHERE person = ?`,
		} {
			if _, err := tx.Exec(ctx, q, person); err != nil {
				return err
			}
		}
		return a.note(ctx, tx, person, ActSecondOff, "", Done)
	})
}

// HasSecond says who has a second factor.
func (a *Accounts) HasSecond(ctx context.Context, person string) (has bool, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		has, err = hasSecond(ctx, tx, person)
		return err
	})
	return has, err
}

// stepOf is the step of time whose code this is, near the present one.
func (a *Accounts) stepOf(secret, code string) (step int64, ok bool) {
	now := a.now().Unix() / codeStep
	for _, step := range []int64{now, now - codeDrift, now + codeDrift} {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*codeStep, 0), totp.ValidateOpts{
			Period: codeStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// bare is a code as it is compared, however it was typed: 123 456, abcd-efgh-…
func bare(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "　", "").Replace(strings.TrimSpace(code)))
}

// show takes a code of the app or a recovery code of a person, each once; errWrongCode if it is none.
func (a *Accounts) show(ctx context.Context, person, code string, b browser) error {
	code = bare(code)
	if len(code) == 16 {
		return a.showRecovery(ctx, person, code)
	}
	limits, err := a.limitsForCode(ctx, person, b)
	if err != nil {
		return err
	}
	if err := a.try(ctx, limits); err != nil {
		return err
	}
	right := false
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := second(ctx, tx, person)
		if err != nil {
			return err
		}
		step, ok := a.stepOf(s.Secret, code)
		if !ok || !s.on() {
			_, err := tx.Exec(ctx, `UPDATE account_second SET fails = fails + 1 WHERE person = ?`, person)
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE account_second SET step = ? WHERE person = ? AND step < ?`, step, person, step)
		if right = n == 1; err != nil || !right {
			return err // used before: whoever looked over his shoulder does not come in by it
		}
		return a.succeeded(ctx, tx, limits)
	})
	if err == nil && !right {
		return errWrongCode
	}
	return err
}

// wayOf says which of the two a code is taken for.
func wayOf(code string) string {
	if len(bare(code)) == 16 {
		return "recovery"
	}
	return "code"
}

// noteCode records a code that was not taken; other errors are no attempts.
func (a *Accounts) noteCode(ctx context.Context, person string, act Act, code string, why error) error {
	if !errors.Is(why, errWrongCode) && !errors.Is(why, web.ErrTooMany) {
		return why
	}
	return a.noteFailure(ctx, person, act, wayOf(code), why)
}

// showRecovery uses a recovery code up. Nobody can guess one, so nobody has to wait.
func (a *Accounts) showRecovery(ctx context.Context, person, code string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM account_recovery WHERE person = ? AND code = ?`, person, digest(person+"\n"+code))
		if err == nil && n == 0 {
			return errWrongCode
		}
		return err
	})
}

// passSecond ends a sign-in by its second factor. fails are the wrong codes since the last one.
func (a *Accounts) passSecond(ctx context.Context, secret, code string, b browser) (in entry, to string, fails int, err error) {
	var g begun
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		g, err = a.begunWith(ctx, tx, secret, waySecond)
		return err
	})
	if err != nil {
		return in, "", 0, err
	}
	if err := a.show(ctx, g.person, code, b); err != nil {
		return in, "", 0, a.noteCode(ctx, g.person, ActSignIn, code, err)
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := a.end(ctx, tx, secret); err != nil {
			return err
		}
		s, err := second(ctx, tx, g.person)
		if err != nil {
			return err
		}
		fails = s.Fails
		if _, err := tx.Exec(ctx, `UPDATE account_second SET fails = 0 WHERE person = ?`, g.person); err != nil {
			return err
		}
		in, err = a.enter(ctx, tx, b, g.person, wayOf(code), true, g.data)
		return err
	})
	return in, g.data, fails, err
}

// tokenMay says whether a token may still act for its seat: where that asks for a second factor, only while he has one or a passkey.
func (a *Accounts) tokenMay(ctx context.Context, tx *store.Tx, person string, seats []region.SeatAt, seat region.Seat) (bool, error) {
	rules, err := region.SecurityOf(ctx, tx)
	if err != nil {
		return false, err
	}
	_, held := a.hold(rules, seats, false)
	if !slices.ContainsFunc(held, func(s region.SeatAt) bool { return s.Seat == seat }) {
		return true, nil
	}
	if has, err := hasSecond(ctx, tx, person); err != nil || has {
		return has, err
	}
	keys, err := passkeys(ctx, tx, person)
	return len(keys) > 0, err
}
