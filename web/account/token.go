package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
)

// tokenMark begins every token, so that scanners for leaked secrets know one when they see it.
const tokenMark = "liandong_"

// Token is what lets a program act for one seat (接口令牌).
type Token struct {
	ID, Name         string
	Seat             region.Seat
	Org              string
	Scopes           []region.Action
	Made, Seen, Ends time.Time // Seen is zero when it was never used
}

// maxTokenDays is the longest life of a token.
const maxTokenDays = 366

// NewToken makes a token of who asks, for his present seat; the secret is returned once and never
// stored. It can do nothing that the seat cannot.
func (a *Accounts) NewToken(ctx context.Context, id web.Identity, name string, scopes []region.Action, days int) (secret string, err error) {
	name = strings.TrimSpace(name)
	var wrong []error
	if name == "" || len([]rune(name)) > 60 {
		wrong = append(wrong, refuse.New("account.token-name").At("name"))
	}
	if len(scopes) == 0 {
		wrong = append(wrong, refuse.New("account.token-scopes").At("scope"))
	}
	if days < 1 || days > maxTokenDays {
		wrong = append(wrong, refuse.New("account.token-days").At("days"))
	}
	for _, s := range scopes {
		if !slices.Contains(scopesOf(id), s) {
			return "", web.ErrForbidden
		}
	}
	if len(wrong) > 0 {
		return "", errors.Join(wrong...)
	}
	secret = tokenMark + rand.Text()
	now := a.now()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO account_token (id, secret, person, seat, org, name, scopes, made_at, seen_at, ends_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`, rand.Text()[:12], digest(secret), id.Actor.Person, id.Actor.Seat,
			id.Actor.Org, name, joinScopes(scopes), now.UnixMilli(), now.AddDate(0, 0, days).UnixMilli())
		if err != nil {
			return err
		}
		return a.note(ctx, tx, id.Actor.Person, ActTokenMade, "", Done)
	})
	return secret, err
}

// scopesOf are the actions that a token of the present seat may have; what is the person's own, such
// as making tokens, is none of them.
func scopesOf(id web.Identity) []region.Action {
	all := slices.DeleteFunc(region.Actions(), func(act region.Action) bool {
		return act == region.SelfAct || act == region.Public || !id.May(act)
	})
	slices.Sort(all)
	return all
}

func joinScopes(scopes []region.Action) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

func splitScopes(words string) []region.Action {
	var all []region.Action
	for word := range strings.FieldsSeq(words) {
		all = append(all, region.Action(word))
	}
	return all
}

// byToken is who a token acts for; a token that is wrong, ended or whose seat was taken is refused.
func (a *Accounts) byToken(ctx context.Context, secret string) (id web.Identity, err error) {
	now := a.now()
	var token string
	var seen int64
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		var person, seat, org, scopes string
		err := tx.Row(ctx, `SELECT id, person, seat, org, scopes, seen_at FROM account_token
			WHERE secret = ? AND ends_at >= ?`, digest(secret), now.UnixMilli()).Scan(&token, &person, &seat, &org, &scopes, &seen)
		if errors.Is(err, sql.ErrNoRows) {
			return web.ErrUnauthorized
		}
		if err != nil {
			return fmt.Errorf("read the token: %w", err)
		}
		if id, err = a.identity(ctx, tx, person, seat, org, true); err != nil {
			return err
		}
		if may, err := a.tokenMay(ctx, tx, person, id.Seats, region.Seat(seat)); err != nil || !may {
			return errors.Join(err, web.ErrUnauthorized)
		}
		if id.Actor.Person == "" || id.Actor.Seat != seat || id.Actor.Org != org {
			return web.ErrUnauthorized
		}
		id.Token, id.Scopes = true, splitScopes(scopes)
		return nil
	})
	if err != nil {
		return web.Identity{}, err
	}
	if now.UnixMilli()-seen > seenEvery.Milliseconds() {
		err = a.store.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE account_token SET seen_at = ? WHERE id = ?`, now.UnixMilli(), token)
			return err
		})
	}
	return id, err
}

// tokens lists a person's tokens that still work.
func (a *Accounts) tokens(ctx context.Context, person string) ([]Token, error) {
	var all []Token
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, name, seat, org, scopes, made_at, seen_at, ends_at FROM account_token
			WHERE person = ? AND ends_at >= ? ORDER BY made_at DESC, id`, person, a.now().UnixMilli())
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (t Token, err error) {
			var scopes string
			var made, seen, ends int64
			err = scan(&t.ID, &t.Name, &t.Seat, &t.Org, &scopes, &made, &seen, &ends)
			t.Scopes, t.Made, t.Ends = splitScopes(scopes), time.UnixMilli(made), time.UnixMilli(ends)
			if seen > 0 {
				t.Seen = time.UnixMilli(seen)
			}
			return t, err
		})
		return err
	})
	return all, err
}

func (a *Accounts) revokeToken(ctx context.Context, person, token string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM account_token WHERE person = ? AND id = ?`, person, token)
		if err != nil || n == 0 {
			return err
		}
		return a.note(ctx, tx, person, ActTokenRevoked, "", Done)
	})
}
