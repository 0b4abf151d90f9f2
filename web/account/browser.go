package account

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"liandong/region"
	"liandong/store"
	"liandong/web"
)

// browser is what a request says of the browser that it comes from.
type browser struct {
	device  string // for the list of devices: Chrome · Windows
	address string // empty where it is not known
	session string // secret of the session that it has
	known   string // secret by which it was known before
}

func (a *Accounts) browserOf(r *http.Request) browser {
	return browser{device: deviceOf(r), address: a.addressOf(r), session: a.secretOf(r), known: a.kept(r, "known")}
}

// knownFor is how long a browser in which somebody signed in is known as his, from the last time on.
const knownFor = 180 * 24 * time.Hour

// knows says whether person has signed in with this browser before. Strangers' attempts do not slow it.
func (a *Accounts) knows(ctx context.Context, tx *store.Tx, b browser, person string) (bool, error) {
	var n int
	err := tx.Row(ctx, `SELECT count(*) FROM account_known WHERE secret = ? AND person = ? AND seen_at >= ?`,
		digest(b.known), person, a.now().Add(-knownFor).UnixMilli()).Scan(&n)
	return n > 0, err
}

// remember makes the browser one that is known as person's; a browser may be that of several.
func (a *Accounts) remember(ctx context.Context, tx *store.Tx, b browser, person string) (known string, err error) {
	now := a.now()
	if known = b.known; known == "" {
		known = rand.Text()
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_known WHERE seen_at < ?`, now.Add(-knownFor).UnixMilli()); err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `INSERT INTO account_known (secret, person, seen_at) VALUES (?, ?, ?)
		ON CONFLICT (secret, person) DO UPDATE SET seen_at = excluded.seen_at`, digest(known), person, now.UnixMilli())
	return known, err
}

// entry is how far somebody came: signed in, or before the second factor.
type entry struct {
	session string
	begun   string // instead of session: the second factor is to be shown
	known   string
	held    bool // seats wait until he has a second factor
}

// enter signs person in, who has proved himself; second says that he did so by two factors. Who has a second factor and has
// not shown it gets no session yet. way is how he proved himself, to the page he wants.
func (a *Accounts) enter(ctx context.Context, tx *store.Tx, b browser, person, way string, second bool, to string) (in entry, err error) {
	if !second {
		has, err := hasSecond(ctx, tx, person)
		if err != nil {
			return in, err
		}
		if has {
			if in.begun, err = a.begin(ctx, tx, begun{way: waySecond, person: person, data: to}); err != nil {
				return in, err
			}
			return in, a.note(ctx, tx, person, ActSignIn, way, Half)
		}
	}
	if in.session, err = a.instead(ctx, tx, b.session, person, b.device, second); err != nil {
		return in, err
	}
	if in.known, err = a.remember(ctx, tx, b, person); err != nil {
		return in, err
	}
	seats, err := region.SeatsOf(ctx, tx, person)
	if err != nil {
		return in, err
	}
	rules, err := region.SecurityOf(ctx, tx)
	if err != nil {
		return in, err
	}
	_, held := a.hold(rules, seats, second)
	in.held = len(held) > 0
	return in, a.note(ctx, tx, person, ActSignIn, way, Done)
}

// welcome leads on who came so far.
func (a *Accounts) welcome(w http.ResponseWriter, r *http.Request, in entry, to string) error {
	if in.begun != "" {
		a.setBegun(w, in.begun)
		return web.Redirect(w, r, "/signin/second")
	}
	a.setCookie(w, in.session)
	a.keep(w, "known", in.known, knownFor)
	if in.held {
		to = "/me/second"
	}
	return web.Redirect(w, r, to)
}

// keep puts a cookie of this site beside the session's; an empty value takes it away.
func (a *Accounts) keep(w http.ResponseWriter, name, value string, life time.Duration) {
	age := int(life.Seconds())
	if value == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: a.nameBeside(name), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: a.secure, SameSite: http.SameSiteLaxMode,
	})
}

func (a *Accounts) kept(r *http.Request, name string) string {
	if c, err := r.Cookie(a.nameBeside(name)); err == nil {
		return c.Value
	}
	return ""
}

// nameBeside names a cookie as that of the session is named.
func (a *Accounts) nameBeside(name string) string {
	return strings.TrimSuffix(a.cookieName(), "session") + name
}
