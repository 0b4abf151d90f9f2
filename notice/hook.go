package notice

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Hook is something that takes messages over HTTP: a receiver of cards (消息卡片), as the office's messenger has for a group, or a gateway
// for short messages. Its address often holds a key: it is shown nobody again, and is in no log.
type Hook struct {
	ID       string
	Kind     HookKind
	Name     string
	Org      string // unit whose matters it is told; of a gateway empty
	URL      string
	Secret   string // by which messages are signed: whsec_…
	Template string // of the message; empty: the plain card
}

// HookKind is what a hook is for.
type HookKind string

// The kinds: 消息卡片, 短信网关.
const (
	Card HookKind = "card"
	SMS  HookKind = "sms"
)

// smsLine is the line of short messages.
const smsLine = "sms"

// Host is the part of the address that may be shown.
func (h Hook) Host() string {
	u, err := url.Parse(h.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// recipient is under which name the hook has an inbox and deliveries.
func (h Hook) recipient() string { return hookMark + h.ID }

func (h Hook) check() error {
	var wrong []error
	if h.Name == "" || len([]rune(h.Name)) > 60 {
		wrong = append(wrong, refuse.New("notice.hook-name").At("name"))
	}
	if h.Kind != Card && h.Kind != SMS {
		wrong = append(wrong, refuse.New("notice.hook-kind").At("kind"))
	}
	if u, err := url.Parse(h.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(h.URL) > 2000 {
		wrong = append(wrong, refuse.New("notice.hook-url").At("url"))
	}
	if h.Kind == SMS && h.Template == "" {
		wrong = append(wrong, refuse.New("notice.template-missing").At("template"))
	}
	if err := checkTemplate(h.Template); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// AddHook keeps a new hook and makes its secret. Refused: notice.hook-name, notice.hook-kind, notice.hook-url, notice.hook-org,
// notice.template-missing, notice.template.
func (d *Desk) AddHook(ctx context.Context, h Hook) (Hook, error) {
	h.Name, h.URL, h.Template = strings.TrimSpace(h.Name), strings.TrimSpace(h.URL), strings.TrimSpace(h.Template)
	if h.Kind == SMS {
		h.Org = ""
	}
	h.ID = strings.ToLower(rand.Text()[:16])
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: crypto/rand
	h.Secret = secretMark + base64.StdEncoding.EncodeToString(key)
	err := d.store.Write(ctx, func(tx *store.Tx) error {
		wrong := h.check()
		if h.Kind == Card {
			names, err := region.OrgNames(ctx, tx)
			if err != nil {
				return err
			}
			if names[h.Org] == "" {
				wrong = errors.Join(wrong, refuse.New("notice.hook-org").At("org"))
			}
		}
		if wrong != nil {
			return wrong
		}
		_, err := tx.Exec(ctx, `INSERT INTO notice_hook (id, kind, name, org, url, secret, template, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			h.ID, string(h.Kind), h.Name, h.Org, h.URL, h.Secret, h.Template, d.now().UnixMilli())
		return err
	})
	return h, err
}

// RemoveHook forgets a hook; what waits for it is not sent any more.
func (d *Desk) RemoveHook(ctx context.Context, id string) error {
	return d.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM notice_hook WHERE id = ?`, id)
		return err
	})
}

// Hooks lists them, the newest first.
func (d *Desk) Hooks(ctx context.Context) (all []Hook, err error) {
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		all, err = hooks(ctx, tx)
		return err
	})
	return all, err
}

const selectHooks = `SELECT id, kind, name, org, url, secret, template FROM notice_hook `

func hooks(ctx context.Context, tx *store.Tx) ([]Hook, error) {
	rows, err := tx.Query(ctx, selectHooks+`ORDER BY made_at DESC, id`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, scanHook)
}

func scanHook(scan func(...any) error) (h Hook, err error) {
	err = scan(&h.ID, &h.Kind, &h.Name, &h.Org, &h.URL, &h.Secret, &h.Template)
	return h, err
}

// hookOf is the hook that a line leads to: that of its id, or the newest gateway; known is false when there is none any more.
func hookOf(ctx context.Context, tx *store.Tx, line string) (h Hook, known bool, err error) {
	which, arg := `WHERE id = ?`, strings.TrimPrefix(line, hookMark)
	if line == smsLine {
		which, arg = `WHERE kind = ? ORDER BY made_at DESC, id LIMIT 1`, string(SMS)
	}
	h, err = scanHook(tx.Row(ctx, selectHooks+which, arg).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	return h, err == nil, err
}
