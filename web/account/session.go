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

// signIn checks a password; to is the page that is wanted. The session that the browser had before ends: nobody can sign
// out of it any more.
func (a *Accounts) signIn(ctx context.Context, login, password string, b browser, to string) (in entry, err error) {
	login = foldLogin(login)
	person, phc, known, unset := "", nobody, false, false
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT c.person, c.password FROM account c
			JOIN region_person p ON p.person = c.person AND p.gone = 0 WHERE c.login = ?`, login).Scan(&person, &phc)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if phc == noPassword {
			phc, unset = nobody, true
		}
		if err == nil {
			known, err = a.knows(ctx, tx, b, person)
		}
		return err
	})
	if err != nil {
		return in, err
	}
	limits, hasher := limitsFor(login, b.address), a.hasher
	if known {
		limits, hasher = limitsForKnown(person, b), a.own
	}
	if err := a.try(ctx, limits); err != nil {
		return in, a.noteFailure(ctx, person, ActSignIn, "password", err)
	}
	right, err := hasher.matches(ctx, password, phc)
	if err != nil {
		return in, err
	}
	if !right || person == "" || unset {
		return in, a.noteFailure(ctx, person, ActSignIn, "password", errWrong)
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := a.succeeded(ctx, tx, limits); err != nil {
			return err
		}
		in, err = a.enter(ctx, tx, b, person, "password", false, to)
		return err
	})
	return in, err
}

// life is how long sessions last by the rules of safety: what is set shorter ends those that stand, too.
type life struct{ idle, most time.Duration }

func lifeOf(ctx context.Context, tx *store.Tx) (life, error) {
	rules, err := region.SecurityOf(ctx, tx)
	return life{time.Duration(rules.Idle) * time.Hour, time.Duration(rules.Most) * 24 * time.Hour}, err
}

// begun and seen are the times before which a session that began or was used last then is over, in milliseconds.
func (l life) begun(now time.Time) int64 { return now.Add(-l.most).UnixMilli() }
func (l life) seen(now time.Time) int64  { return now.Add(-l.idle).UnixMilli() }

// instead makes a session in the place of a browser's old one.
func (a *Accounts) instead(ctx context.Context, tx *store.Tx, old, person, device string, second bool) (secret string, err error) {
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE secret = ?`, digest(old)); err != nil {
		return "", err
	}
	return a.newSession(ctx, tx, person, device, second)
}

// newSession signs a device in, for the seat that the person acted for last; second says that it was by two factors.
func (a *Accounts) newSession(ctx context.Context, tx *store.Tx, person, device string, second bool) (secret string, err error) {
	now := a.now()
	life, err := lifeOf(ctx, tx)
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE made_at < ? OR seen_at < ?`, life.begun(now), life.seen(now)); err != nil {
		return "", err
	}
	var seat, org string
	err = tx.Row(ctx, `SELECT seat, org FROM account WHERE person = ?`, person).Scan(&seat, &org)
	if err != nil {
		return "", fmt.Errorf("read the account: %w", err)
	}
	secret = rand.Text()
	_, err = tx.Exec(ctx, `INSERT INTO account_session (id, secret, person, seat, org, device, made_at, seen_at, ends_at, second)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, rand.Text()[:12], digest(secret), person, seat, org, device,
		now.UnixMilli(), now.UnixMilli(), now.Add(life.most).UnixMilli(), number(second))
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
		var person, seat, org, acting string
		var second int
		life, err := lifeOf(ctx, tx)
		if err != nil {
			return err
		}
		err = tx.Row(ctx, `SELECT id, person, seat, org, acting, seen_at, second FROM account_session
			WHERE secret = ? AND made_at >= ? AND seen_at >= ?`, digest(secret), life.begun(now), life.seen(now)).
			Scan(&session, &person, &seat, &org, &acting, &seen, &second)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the session: %w", err)
		}
		if id, err = a.identity(ctx, tx, person, seat, org, second == 1); err == nil {
			err = a.standIn(ctx, tx, &id, region.SeatAt{Seat: region.Seat(seat), Org: org, For: acting}, second == 1)
		}
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
// the register or has no account is nobody. Without a second factor the seats that demand one are held back.
func (a *Accounts) identity(ctx context.Context, tx *store.Tx, person, seat, org string, second bool) (id web.Identity, err error) {
	if here, err := present(ctx, tx, person); err != nil || !here {
		return id, err
	}
	if id.Name, err = region.PersonName(ctx, tx, person); err != nil {
		return id, err
	}
	all, err := region.SeatsOf(ctx, tx, person)
	if err != nil {
		return id, err
	}
	rules, err := region.SecurityOf(ctx, tx)
	if err != nil {
		return id, err
	}
	id.Seats, id.Held = a.hold(rules, all, second)
	id.Actor = node.Actor{Person: person, Member: a.member}
	for i, s := range id.Seats {
		if i == 0 || s.Org == org && string(s.Seat) == seat {
			id.Actor.Org, id.Actor.Seat = s.Org, string(s.Seat)
		}
	}
	return id, nil
}

// standIn adds the seats in which a person acts for others today (代), and takes the wanted one if it is one of them. A token has none: it is
// made for a person's own work.
func (a *Accounts) standIn(ctx context.Context, tx *store.Tx, id *web.Identity, wanted region.SeatAt, second bool) error {
	if id.Actor.Person == "" {
		return nil
	}
	all, err := region.StandsIn(ctx, tx, id.Actor.Person, region.Today(a.civil()))
	if err != nil || len(all) == 0 {
		return err
	}
	rules, err := region.SecurityOf(ctx, tx)
	if err != nil {
		return err
	}
	free, held := a.hold(rules, all, second)
	id.Seats, id.Held = append(id.Seats, free...), append(id.Held, held...)
	for _, s := range free {
		if s.For == wanted.For && s.Org == wanted.Org && s.Seat == wanted.Seat {
			id.Actor.Org, id.Actor.Seat, id.Actor.For = s.Org, string(s.Seat), s.For
		}
	}
	return nil
}

// takeSeat makes person act for another of his seats, under a new secret.
func (a *Accounts) takeSeat(ctx context.Context, secret string, id web.Identity, value string) (fresh string, err error) {
	for _, s := range id.Seats {
		if web.SeatValue(s) != value {
			continue
		}
		fresh = rand.Text()
		return fresh, a.store.Write(ctx, func(tx *store.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE account_session SET secret = ?, seat = ?, org = ?, acting = ? WHERE secret = ? AND person = ?`,
				digest(fresh), string(s.Seat), s.Org, s.For, digest(secret), id.Actor.Person)
			if err != nil {
				return err
			}
			if n == 0 {
				return web.ErrUnauthorized
			}
			if s.For == "" { // who stands in signs in for his own work
				if _, err := tx.Exec(ctx, `UPDATE account SET seat = ?, org = ? WHERE person = ?`, string(s.Seat), s.Org, id.Actor.Person); err != nil {
					return err
				}
			}
			return a.note(ctx, tx, id.Actor.Person, ActSeat, string(s.Seat), Done)
		})
	}
	return "", web.ErrForbidden
}

// signOut ends a session; provider says that it came by the provider.
func (a *Accounts) signOut(ctx context.Context, secret string) (provider bool, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		var person string
		err := tx.Row(ctx, `DELETE FROM account_session WHERE secret = ? RETURNING person, provider`, digest(secret)).Scan(&person, &provider)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return a.note(ctx, tx, person, ActSignOut, "", Done)
	})
	return provider, err
}

// changePassword sets a new password; every other device is signed out, and all tokens end.
func (a *Accounts) changePassword(ctx context.Context, person, secret, old, fresh string) error {
	var login string
	var rules region.SecurityFacts
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if rules, err = region.SecurityOf(ctx, tx); err == nil {
			login, err = a.loginOf(ctx, tx, person)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := checkPassword(login, fresh, rules.Password); err != nil {
		return err
	}
	if err := a.checkOwnPassword(ctx, person, old); err != nil {
		return err
	}
	phc, err := a.hasher.hash(ctx, fresh)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE account SET password = ?, changed_at = ? WHERE person = ?`,
			phc, a.now().UnixMilli(), person); err != nil {
			return err
		}
		if err := signOutAll(ctx, tx, person, secret); err != nil {
			return err
		}
		return a.note(ctx, tx, person, ActPassword, "password", Done)
	})
}

// loginOf is what a person signs in with; web.ErrNotFound for who came by another way than an account.
func (a *Accounts) loginOf(ctx context.Context, tx *store.Tx, person string) (login string, err error) {
	err = tx.Row(ctx, `SELECT login FROM account WHERE person = ?`, person).Scan(&login)
	if errors.Is(err, sql.ErrNoRows) {
		return "", web.ErrNotFound
	}
	return login, err
}

// checkOwnPassword asks who is signed in for his password again; errWrong if it is another.
func (a *Accounts) checkOwnPassword(ctx context.Context, person, password string) error {
	limits, phc := limitsForOwn(person), ""
	if err := a.try(ctx, limits); err != nil {
		return a.noteFailure(ctx, person, ActOwnPassword, "password", err)
	}
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT password FROM account WHERE person = ?`, person).Scan(&phc)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return web.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	unset := phc == noPassword
	if unset {
		phc = nobody
	}
	right, err := a.own.matches(ctx, password, phc)
	if err != nil {
		return err
	}
	if !right || unset {
		return a.noteFailure(ctx, person, ActOwnPassword, "password", errWrong)
	}
	return a.store.Write(ctx, func(tx *store.Tx) error { return a.succeeded(ctx, tx, limits) })
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

// setCookie keeps the session in the browser as long as any may last; an empty secret takes it away.
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

// with is the request as the same browser would send it with another session.
func (a *Accounts) with(r *http.Request, session string) *http.Request {
	other := r.Clone(r.Context())
	other.Header.Del("Cookie")
	for _, c := range r.Cookies() {
		if c.Name != a.cookieName() {
			other.AddCookie(c)
		}
	}
	other.AddCookie(&http.Cookie{Name: a.cookieName(), Value: session})
	return other
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

// inByLink signs a device in without a password, for who has proved himself by a link; a second factor that he has is asked for.
func (a *Accounts) inByLink(ctx context.Context, person string, b browser) (in entry, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		in, err = a.enter(ctx, tx, b, person, "link", false, "/")
		return err
	})
	return in, err
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
