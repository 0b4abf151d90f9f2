package notice

import (
	"context"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Held counts what a person was told of for an organisation and is open, the calendar he subscribed to for it, and whether he set when he is told.
// Where it is said who takes over, only what would pass to him.
func (d *Desk) Held(ctx context.Context, tx *store.Tx, h region.Handover) ([]region.Holding, error) {
	all := []region.Holding{
		{What: "inbox", Fate: region.Passes}, {What: "calendars", Fate: region.Ends}, {What: "reminders", Fate: region.Passes},
	}
	for i, q := range []struct {
		text string
		args []any
	}{
		{`SELECT count(*) FROM notice_inbox i WHERE i.person = ? AND i.org = ? AND i.ended_at = 0`, []any{h.Person, h.Org}},
		{`SELECT count(*) FROM notice_calendar WHERE person = ? AND org = ?`, []any{h.Person, h.Org}},
		{`SELECT count(*) FROM notice_pref p WHERE p.person = ? AND NOT EXISTS (SELECT 1 FROM notice_pref x WHERE x.person = ?)`, []any{h.Person, h.To}},
	} {
		if i == 0 && h.To != "" {
			mayRead, args, err := heldBy(ctx, tx, h.To, h.Org)
			if err != nil {
				return nil, err
			}
			q.text, q.args = q.text+mayRead, append(q.args, args...)
		}
		if err := tx.Row(ctx, q.text, q.args...).Scan(&all[i].N); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// heldBy limits lines i of an inbox to those for seats that a person holds in an organisation himself: an inbox is read by person, and what a
// leader is told of is no reporter's to read.
func heldBy(ctx context.Context, tx *store.Tx, person, org string) (and string, args []any, err error) {
	seats, err := region.SeatsOf(ctx, tx, person)
	for _, s := range seats {
		if s.Org == org {
			args = append(args, string(s.Seat))
		}
	}
	if len(args) == 0 {
		return ` AND 1 = 0`, nil, err
	}
	return ` AND i.seat IN (?` + strings.Repeat(`, ?`, len(args)-1) + `)`, args, err
}

// Pass lets a colleague's inbox go on where a person's ends, seat by seat that he holds too: what is open and what of it was read, so that nothing is
// told twice; what is for another seat ends, and is told to who holds that. When he is told is as it was, where he has set nothing himself; addresses
// and numbers are personal and do not pass, and the address of a calendar opens nothing any more.
func (d *Desk) Pass(ctx context.Context, w *node.Writing, h region.Handover) error {
	mayRead, seats, err := heldBy(ctx, w.Tx(), h.To, h.Org)
	if err != nil {
		return err
	}
	steps := []struct {
		text string
		args []any
	}{
		{
			`INSERT INTO notice_inbox (person, matter, day, org, seat, kind, ref, period, due, href, n, urgent, told_at, read_at, ended_at)
			SELECT CAST(? AS TEXT), i.matter, i.day, i.org, i.seat, i.kind, i.ref, i.period, i.due, i.href, i.n, i.urgent, i.told_at, i.read_at, 0 FROM notice_inbox i
			WHERE i.person = ? AND i.org = ? AND i.ended_at = 0
			AND NOT EXISTS (SELECT 1 FROM notice_inbox x WHERE x.person = ? AND x.matter = i.matter AND x.day = i.day)` + mayRead,
			append([]any{h.To, h.Person, h.Org, h.To}, seats...),
		},
		{`UPDATE notice_inbox SET ended_at = ? WHERE person = ? AND org = ? AND ended_at = 0`, []any{d.now().UnixMilli(), h.Person, h.Org}},
		{`DELETE FROM notice_calendar WHERE person = ? AND org = ?`, []any{h.Person, h.Org}},
		{`INSERT INTO notice_pref (person, lang, mail, by_mail, phone, by_sms, digest_hour, quiet_from, quiet_until, at_once)
			SELECT CAST(? AS TEXT), p.lang, '', 0, '', 0, p.digest_hour, p.quiet_from, p.quiet_until, p.at_once FROM notice_pref p
			WHERE p.person = ? AND NOT EXISTS (SELECT 1 FROM notice_pref x WHERE x.person = ?)`, []any{h.To, h.Person, h.To}},
	}
	for _, s := range steps {
		if _, err := w.Tx().Exec(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	if h.Leaves && h.Last { // his address and number serve nothing any more
		_, err := w.Tx().Exec(ctx, `DELETE FROM notice_pref WHERE person = ?`, h.Person)
		return err
	}
	return nil
}
