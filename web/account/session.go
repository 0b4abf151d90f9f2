package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
)

// errWrong does not say whether the login or the password was wrong.
var errWrong = errors.New("wrong login or password")

// signIn checks a password and makes a session; the returned secret goes into the cookie. The session
// that the browser had before (old, may be empty) ends: nobody can sign out of it any more.
func (a *Accounts) signIn(ctx context.Context, login, password, address, device, old string) (secret string, err error) {
	login = foldLogin(login)
	limits := limitsFor(login, address)
	if err := a.try(ctx, limits); err != nil {
		return "", err
	}
	person, phc := "", nobody
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT c.person, c.password FROM account c
			JOIN region_person p ON p.person = c.person AND p.gone = 0 WHERE c.login = ?`, login).Scan(&person, &phc)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return "", err
	}
	right, err := a.hasher.matches(ctx, password, phc)
	if err != nil {
		return "", err
	}
	if !right || person == "" {
		return "", errWrong
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := a.succeeded(ctx, tx, limits); err != nil {
			return err
		}
		secret, err = a.instead(ctx, tx, old, person, device)
		return err
	})
	return secret, err
}

// instead makes a session in the place of a browser's old one.
func (a *Accounts) instead(ctx context.Context, tx *store.Tx, old, person, device string) (secret string, err error) {
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE secret = ?`, digest(old)); err != nil {
		return "", err
	}
	return a.newSession(ctx, tx, person, device)
}

// newSession signs a device in, for the seat that the person acted for last.
func (a *Accounts) newSession(ctx context.Context, tx *store.Tx, person, device string) (secret string, err error) {
	now := a.now()
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE ends_at < ? OR seen_at < ?`,
		now.UnixMilli(), now.Add(-sessionIdle).UnixMilli()); err != nil {
		return "", err
	}
	var seat, org string
	err = tx.Row(ctx, `SELECT seat, org FROM account WHERE person = ?`, person).Scan(&seat, &org)
	if err != nil {
		return "", fmt.Errorf("read the account: %w", err)
	}
	secret = rand.Text()
	_, err = tx.Exec(ctx, `INSERT INTO account_session (id, secret, person, seat, org, device, made_at, seen_at, ends_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, rand.Text()[:12], digest(secret), person, seat, org, device,
		now.UnixMilli(), now.UnixMilli(), now.Add(sessionMost).UnixMilli())
	return secret, err
}

// Identify says who asks: by an API token if the request brings one, by its session otherwise.
func (a *Accounts) Identify(r *http.Request) (web.Identity, error) {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return a.byToken(r.Context(), strings.TrimSpace(bearer))
	}
	c, err := r.Cookie(a.cookieName())
	if err != nil {
		return web.Identity{}, nil
	}
	return a.bySession(r.Context(), c.Value)
}

func (a *Accounts) bySession(ctx context.Context, secret string) (id web.Identity, err error) {
	now := a.now()
	var session string
	var seen int64
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		var person, seat, org string
		err := tx.Row(ctx, `SELECT id, person, seat, org, seen_at FROM account_session
			WHERE secret = ? AND ends_at >= ? AND seen_at >= ?`, digest(secret),
			now.UnixMilli(), now.Add(-sessionIdle).UnixMilli()).Scan(&session, &person, &seat, &org, &seen)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the session: %w", err)
		}
		id, err = a.identity(ctx, tx, person, seat, org)
		return err
	})
	if err == nil && session != "" && now.UnixMilli()-seen > seenEvery.Milliseconds() {
		err = a.store.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE account_session SET seen_at = ? WHERE id = ?`, now.UnixMilli(), session)
			return err
		})
	}
	return id, err
}

// identity is person at the wanted seat if he still holds it, at his first otherwise. Who has left
// the register or has no account is nobody.
func (a *Accounts) identity(ctx context.Context, tx *store.Tx, person, seat, org string) (id web.Identity, err error) {
	if here, err := present(ctx, tx, person); err != nil || !here {
		return id, err
	}
	if id.Name, err = region.PersonName(ctx, tx, person); err != nil {
		return id, err
	}
	if id.Seats, err = region.SeatsOf(ctx, tx, person); err != nil {
		return id, err
	}
	id.Actor = node.Actor{Person: person, Member: a.member}
	for i, s := range id.Seats {
		if i == 0 || s.Org == org && string(s.Seat) == seat {
			id.Actor.Org, id.Actor.Seat = s.Org, string(s.Seat)
		}
	}
	return id, nil
}

// takeSeat makes person act for another of his seats, under a new secret.
func (a *Accounts) takeSeat(ctx context.Context, secret string, id web.Identity, value string) (fresh string, err error) {
	for _, s := range id.Seats {
		if web.SeatValue(s) != value {
			continue
		}
		fresh = rand.Text()
		return fresh, a.store.Write(ctx, func(tx *store.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE account_session SET secret = ?, seat = ?, org = ? WHERE secret = ? AND person = ?`,
				digest(fresh), string(s.Seat), s.Org, digest(secret), id.Actor.Person)
			if err != nil {
				return err
			}
			if n == 0 {
				return web.ErrUnauthorized
			}
			_, err = tx.Exec(ctx, `UPDATE account SET seat = ?, org = ? WHERE person = ?`, string(s.Seat), s.Org, id.Actor.Person)
			return err
		})
	}
	return "", web.ErrForbidden
}

// Session is one device of a person that is signed in.
type Session struct {
	ID, Device string
	Made, Seen time.Time
	This       bool // the one that asks
}

func (a *Accounts) sessions(ctx context.Context, person, secret string) ([]Session, error) {
	var all []Session
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, device, made_at, seen_at, secret FROM account_session
			WHERE person = ? AND ends_at >= ? AND seen_at >= ? ORDER BY seen_at DESC, id`,
			person, a.now().UnixMilli(), a.now().Add(-sessionIdle).UnixMilli())
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
		if session == "others" {
			_, err = tx.Exec(ctx, `DELETE FROM account_session WHERE person = ? AND secret <> ?`, person, digest(secret))
		} else {
			_, err = tx.Exec(ctx, `DELETE FROM account_session WHERE person = ? AND id = ?`, person, session)
		}
		return err
	})
}

func (a *Accounts) signOut(ctx context.Context, secret string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM account_session WHERE secret = ?`, digest(secret))
		return err
	})
}

// changePassword sets a new password; every other device is signed out, and all tokens end.
func (a *Accounts) changePassword(ctx context.Context, person, secret, address, old, fresh string) error {
	var login, phc string
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT login, password FROM account WHERE person = ?`, person).Scan(&login, &phc)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return web.ErrNotFound // who came by another way than an account has no password here
	}
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	if err := checkPassword(login, fresh); err != nil {
		return err
	}
	limits := limitsFor(login, address)
	if err := a.try(ctx, limits); err != nil {
		return err
	}
	if right, err := a.hasher.matches(ctx, old, phc); err != nil || !right {
		return errors.Join(err, errWrong)
	}
	if phc, err = a.hasher.hash(ctx, fresh); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if err := a.succeeded(ctx, tx, limits); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE account SET password = ?, changed_at = ? WHERE person = ?`,
			phc, a.now().UnixMilli(), person); err != nil {
			return err
		}
		return signOutAll(ctx, tx, person, secret)
	})
}

// cookieName: the prefix __Host- binds the cookie to this host and to TLS (RFC 6265bis, 4.1.3.2).
func (a *Accounts) cookieName() string {
	switch {
	case a.secure:
		return "__Host-session"
	case a.besides:
		return a.member + "-session"
	}
	return "session"
}

// BesideOthers: nodes of several members stand on this host, told apart by their ports. A browser sends a cookie to all
// ports of a host (RFC 6265, 8.5), so each member's session has a name of its own.
func (a *Accounts) BesideOthers() { a.besides = true }

// setCookie keeps the session in the browser until its most; an empty secret takes it away.
func (a *Accounts) setCookie(w http.ResponseWriter, secret string) {
	age := int(sessionMost.Seconds())
	if secret == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: a.cookieName(), Value: secret, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: a.secure, SameSite: http.SameSiteLaxMode,
	})
}

func (a *Accounts) secretOf(r *http.Request) string {
	if c, err := r.Cookie(a.cookieName()); err == nil {
		return c.Value
	}
	return ""
}

// deviceOf names browser and system coarsely, enough to recognise one's own devices.
func deviceOf(r *http.Request) string {
	agent := r.UserAgent()
	first := func(pairs ...string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return "?"
	}
	return first("Edg/", "Edge", "MicroMessenger", "微信", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari") + " · " +
		first("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "macOS", "Linux", "Linux")
}

// sessionFor signs a device in without a password, for who has proved himself by a link.
func (a *Accounts) sessionFor(ctx context.Context, person, device, old string) (secret string, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		secret, err = a.instead(ctx, tx, old, person, device)
		return err
	})
	return secret, err
}
