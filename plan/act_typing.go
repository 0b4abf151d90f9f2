package plan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Typing (草稿) is what somebody of a unit typed and has not filed: the same for all of its people,
// and for each browser of one person. It is no entry and leaves no trace.
type Typing struct {
	Version int64     `json:"version"` // grows with each saving; 0: nothing was saved
	Text    string    `json:"text"`    // the form's values, as the page encodes them
	Person  string    `json:"person"`  // name of who saved it
	At      time.Time `json:"at"`
}

const (
	// typingLife is how long a draft is kept that nobody touches.
	typingLife = 90 * 24 * time.Hour
	mostTyping = 1 << 20 // bytes
)

// TypingName names the draft of the report of an item for a period.
func TypingName(item string, p judge.Period) string { return saidID(item) + "@" + string(p) }

// Typing reads a draft of the actor's unit; its version is 0 where there is none.
func (d *Desk) Typing(ctx context.Context, actor node.Actor, name string) (t Typing, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		t, err = typing(ctx, tx, actor.Org, name)
		return err
	})
	return t, err
}

func typing(ctx context.Context, tx *store.Tx, org, name string) (t Typing, err error) {
	var at int64
	err = tx.Row(ctx, `SELECT version, text, person, at FROM plan_report_draft WHERE org = ? AND name = ?`, org, name).
		Scan(&t.Version, &t.Text, &t.Person, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Typing{}, nil
	}
	if err != nil {
		return t, fmt.Errorf("draft of a report: %w", err)
	}
	t.At = time.UnixMilli(at).UTC()
	t.Person, err = region.PersonName(ctx, tx, t.Person)
	return t, err
}

// KeepTyping saves a draft over the version that the writer knew, 0 for none, and gives the new
// version. Where somebody saved another text since, nothing is overwritten: plan.draft-newer.
func (d *Desk) KeepTyping(ctx context.Context, actor node.Actor, name string, known int64, text string) (version int64, err error) {
	if len(text) > mostTyping {
		return 0, refuse.New("plan.draft-too-long")
	}
	now := d.node.Now()
	err = d.node.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM plan_report_draft WHERE at < ?`, now.Add(-typingLife).UnixMilli()); err != nil {
			return err
		}
		old, err := typing(ctx, tx, actor.Org, name)
		if err != nil {
			return err
		}
		if version = old.Version; old.Text == text && version > 0 {
			return nil
		}
		if old.Version != known && old.Version > 0 {
			return refuse.New("plan.draft-newer", "person", old.Person, "time", old.At.In(judge.Beijing).Format("15:04"))
		}
		version = max(known, old.Version) + 1
		_, err = tx.Exec(ctx, `INSERT INTO plan_report_draft (org, name, version, text, person, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (org, name) DO UPDATE SET version = excluded.version, text = excluded.text, person = excluded.person, at = excluded.at`,
			actor.Org, name, version, text, actor.Person, now.UnixMilli())
		return err
	})
	return version, err
}

// DropTyping ends a draft that was filed or given up: in that version, or with that text if the last
// saving was still under way. What a colleague typed since stays.
func (d *Desk) DropTyping(ctx context.Context, actor node.Actor, name string, version int64, text string) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM plan_report_draft WHERE org = ? AND name = ? AND (version <= ? OR text = ?)`,
			actor.Org, name, version, text)
		return err
	})
}
