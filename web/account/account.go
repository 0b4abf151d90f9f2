package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// How long things last, in real time.
const (
	sessionMost = 7 * 24 * time.Hour // altogether, whatever is set
	linkLife    = 24 * time.Hour
	seenEvery   = 5 * time.Minute // how exact "last seen" is
)

// Accounts are the accounts of one node.
type Accounts struct {
	store  *store.Store
	member string // GB/T 2260 code
	name   string // of the member, for people's apps
	site   *web.Site
	// provider is the office's provider of identities; nil: there is none.
	provider *provider
	secure   bool // people reach the site by https://
	demand   bool // administrators need a second factor
	// besides: nodes of other members stand on this host.
	besides bool
	// proxies are those whose word on where a request came from is taken.
	proxies []netip.Prefix
	log     *slog.Logger
	hasher  *hasher
	own     *hasher // of browsers that are known: strangers do not keep them waiting
	now     func() time.Time
	civil   func() time.Time // the node's clock, by which substitutions have their days; sessions go by now
}

// Open brings the lasting tables up to date. secure says that people reach the site by https://,
// which makes the cookie one that no plain connection carries.
func Open(ctx context.Context, s *store.Store, member string, secure bool) (*Accounts, error) {
	own, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx, "account", own); err != nil {
		return nil, err
	}
	return &Accounts{store: s, member: member, secure: secure, log: slog.Default(), hasher: newHasher(), own: newHasher(), now: time.Now, civil: time.Now}, nil
}

var loginForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{1,31}$`)

// foldLogin is how a login is stored and looked up: case and spaces around it do not matter.
func foldLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// Create makes an account for a person of the register, or replaces his login and password; his
// sessions and tokens end.
func (a *Accounts) Create(ctx context.Context, person, login, password string) error {
	login = foldLogin(login)
	rules, err := a.rules(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(checkLogin(login), checkPassword(login, password, rules.Password)); err != nil {
		return err
	}
	phc, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error { return a.put(ctx, tx, person, login, phc, "") })
}

// CreateAlike makes accounts, by person with the login, that all have one password. It is hashed once, so who reads the
// store sees that they are alike: for demonstrations, which print it.
func (a *Accounts) CreateAlike(ctx context.Context, logins map[string]string, password string) error {
	phc, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		for person, login := range logins {
			if err := errors.Join(checkLogin(login), checkPassword(login, password, leastPassword)); err != nil {
				return err
			}
			if err := a.put(ctx, tx, person, foldLogin(login), phc, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *Accounts) put(ctx context.Context, tx *store.Tx, person, login, phc, way string) error {
	var other string
	err := tx.Row(ctx, `SELECT person FROM account WHERE login = ?`, login).Scan(&other)
	if err == nil && other != person {
		return refuse.New("account.login-taken").At("login")
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("look for the login: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO account (person, login, password, seat, org, changed_at)
		VALUES (?, ?, ?, '', '', ?) ON CONFLICT (person) DO UPDATE
		SET login = excluded.login, password = excluded.password, changed_at = excluded.changed_at`,
		person, login, phc, a.now().UnixMilli())
	if err != nil {
		return err
	}
	if err := signOutAll(ctx, tx, person, ""); err != nil {
		return err
	}
	return a.note(ctx, tx, person, ActPassword, way, Done)
}

// signOutAll ends a person's sessions, but for the one of a secret, and all his tokens, passkeys and
// accounts of the provider: whoever knew the old password may have made one.
func signOutAll(ctx context.Context, tx *store.Tx, person, but string) error {
	for _, q := range []string{
		`DELETE FROM account_session WHERE person = ? AND secret <> ?`,
		`DELETE FROM account_token WHERE person = ? AND secret <> ?`,
	} {
		if _, err := tx.Exec(ctx, q, person, digest(but)); err != nil {
			return err
		}
	}
	for _, table := range []string{"account_passkey", "account_provider"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE person = ?`, person); err != nil {
			return err
		}
	}
	return nil
}

// present says whether a person stands in the register and has not left.
func present(ctx context.Context, tx *store.Tx, person string) (bool, error) {
	var n int
	err := tx.Row(ctx, `SELECT count(*) FROM region_person WHERE person = ? AND gone = 0`, person).Scan(&n)
	return n > 0, err
}

func checkLogin(login string) error {
	if !loginForm.MatchString(login) {
		return refuse.New("account.login-form").At("login")
	}
	return nil
}

// leastPassword is how many characters a password has, whatever is set.
const leastPassword = 10

// rules are the rules of safety that hold now.
func (a *Accounts) rules(ctx context.Context) (f region.SecurityFacts, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		f, err = region.SecurityOf(ctx, tx)
		return err
	})
	return f, err
}

// checkPassword asks for length, not for signs: NIST SP 800-63B, 3.1.1.2.
func checkPassword(login, password string, least int) error {
	runes := []rune(password)
	distinct := map[rune]bool{}
	for _, r := range runes {
		distinct[r] = true
	}
	switch {
	case len(runes) < least || len(runes) > 200:
		return refuse.New("account.password-length", "n", least).At("password")
	case len(distinct) < 5 || strings.Contains(strings.ToLower(password), login):
		return refuse.New("account.password-weak").At("password")
	}
	return nil
}

// FirstLink is the path of a link by which the first administrator sets his password; empty when
// somebody can sign in already, or nobody holds the seat. A link made before it no longer works.
func (a *Accounts) FirstLink(ctx context.Context) (path string, err error) {
	var accounts int
	var person string
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if err := tx.Row(ctx, `SELECT count(*) FROM account`).Scan(&accounts); err != nil || accounts > 0 {
			return err
		}
		people, err := region.People(ctx, tx)
		for _, p := range people {
			for _, s := range p.Seats {
				if s.Seat == region.Administrator && person == "" {
					person = p.ID
				}
			}
		}
		return err
	})
	if err != nil || person == "" {
		return "", err
	}
	return a.Link(ctx, person, "admin")
}

// Link is the path of a link by which person sets a password, once, within a day. login is proposed
// to him if he has no account yet. His earlier links no longer work.
func (a *Accounts) Link(ctx context.Context, person, login string) (path string, err error) {
	secret := rand.Text()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM account_link WHERE person = ? OR ends_at < ?`,
			person, a.now().UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO account_link (secret, person, login, ends_at) VALUES (?, ?, ?, ?)`,
			digest(secret), person, foldLogin(login), a.now().Add(linkLife).UnixMilli())
		if err != nil {
			return err
		}
		return a.note(ctx, tx, person, ActLink, "", Done)
	})
	if err != nil {
		return "", fmt.Errorf("make a link: %w", err)
	}
	return "/link/" + secret, nil
}

type link struct {
	person, name, login string
	least               int // characters of a password
}

// link reads who a link is for; web.ErrNotFound when it was used or has ended.
func (a *Accounts) link(ctx context.Context, secret string) (l link, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT l.person, COALESCE(c.login, l.login) FROM account_link l
			LEFT JOIN account c ON c.person = l.person WHERE l.secret = ? AND l.ends_at >= ?`,
			digest(secret), a.now().UnixMilli()).Scan(&l.person, &l.login)
		if errors.Is(err, sql.ErrNoRows) {
			return web.ErrNotFound
		}
		if err != nil {
			return err
		}
		if here, err := present(ctx, tx, l.person); err != nil || !here {
			return errors.Join(err, web.ErrNotFound)
		}
		rules, err := region.SecurityOf(ctx, tx)
		if err != nil {
			return err
		}
		l.least = rules.Password
		l.name, err = region.PersonName(ctx, tx, l.person)
		return err
	})
	return l, err
}

// useLink sets login and password and uses the link up.
func (a *Accounts) useLink(ctx context.Context, secret, login, password string) (person string, err error) {
	login = foldLogin(login)
	rules, err := a.rules(ctx)
	if err != nil {
		return "", err
	}
	if err := errors.Join(checkLogin(login), checkPassword(login, password, rules.Password)); err != nil {
		return "", err
	}
	l, err := a.link(ctx, secret)
	if err != nil {
		return "", err
	}
	phc, err := a.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	return l.person, a.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM account_link WHERE secret = ?`, digest(secret))
		if err != nil {
			return err
		}
		if n == 0 {
			return web.ErrNotFound // used a moment ago
		}
		return a.put(ctx, tx, l.person, login, phc, "link")
	})
}

// EndAll (全部失效) ends whatever lets a person in but his password and his second factor: his sessions, tokens and links.
func (a *Accounts) EndAll(ctx context.Context, person string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error { return a.EndAllIn(ctx, tx, person) })
}

// EndAllIn is EndAll as a part of what else is written.
func (a *Accounts) EndAllIn(ctx context.Context, tx *store.Tx, person string) error {
	for _, table := range []string{"account_session", "account_token", "account_link", "account_begun"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE person = ?`, person); err != nil {
			return err
		}
	}
	return a.note(ctx, tx, person, ActEnded, "", Done)
}

// digest is how secrets of 128 bits and more are stored: nobody can guess them, so one hash is enough.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// PersonOf is whose login it is; empty if it is nobody's.
func (a *Accounts) PersonOf(ctx context.Context, login string) (person string, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT person FROM account WHERE login = ?`, foldLogin(login)).Scan(&person)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return person, err
}

// Logins maps people to the names they sign in with; who is missing has not set a password.
func (a *Accounts) Logins(ctx context.Context) (map[string]string, error) {
	logins := map[string]string{}
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT person, login FROM account`)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (login string, err error) {
			var person string
			if err = scan(&person, &login); err == nil {
				logins[person] = login
			}
			return login, err
		})
		return err
	})
	return logins, err
}
