package notice

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"regexp"
	"strings"

	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web/lang"
)

// Pref is how a person wants to be told.
type Pref struct {
	Lang       lang.Lang
	Mail       string // address; empty: none
	ByMail     bool
	Phone      string
	BySMS      bool
	DigestHour int  // of the day in Beijing, from which on the day's letter goes out
	QuietFrom  int  // hours of the day; the same twice: no quiet hours
	QuietUntil int  // not included
	AtOnce     bool // what is urgent does not wait for the day's letter
}

// usual is how who has set nothing is told: on the pages only, as no address is known.
var usual = Pref{Lang: lang.Zh, DigestHour: 8, QuietFrom: 21, QuietUntil: 7}

var phoneForm = regexp.MustCompile(`^\+?[0-9]{7,15}$`)

func (p Pref) check() error {
	var wrong []error
	if at, err := mail.ParseAddress(p.Mail); p.Mail != "" && (err != nil || at.Address != p.Mail || len(p.Mail) > 254) {
		wrong = append(wrong, refuse.New("notice.mail-form").At("mail"))
	}
	if p.ByMail && p.Mail == "" {
		wrong = append(wrong, refuse.New("notice.mail-missing").At("mail"))
	}
	if p.Phone != "" && !phoneForm.MatchString(p.Phone) {
		wrong = append(wrong, refuse.New("notice.phone-form").At("phone"))
	}
	if p.BySMS && p.Phone == "" {
		wrong = append(wrong, refuse.New("notice.phone-missing").At("phone"))
	}
	for field, hour := range map[string]int{"digest-hour": p.DigestHour, "quiet-from": p.QuietFrom, "quiet-until": p.QuietUntil} {
		if hour < 0 || hour > 23 {
			wrong = append(wrong, refuse.New("notice.hour").At(field))
		}
	}
	return errors.Join(wrong...)
}

const prefColumns = `lang, mail, by_mail, phone, by_sms, digest_hour, quiet_from, quiet_until, at_once`

func scanPref(scan func(...any) error, before ...any) (p Pref, err error) {
	err = scan(append(before, &p.Lang, &p.Mail, &p.ByMail, &p.Phone, &p.BySMS, &p.DigestHour, &p.QuietFrom, &p.QuietUntil, &p.AtOnce)...)
	return p, err
}

// Pref reads how a person wants to be told.
func (d *Desk) Pref(ctx context.Context, person string) (p Pref, err error) {
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		p, err = scanPref(tx.Row(ctx, `SELECT `+prefColumns+` FROM notice_pref WHERE person = ?`, person).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			p, err = usual, nil
		}
		return err
	})
	return p, err
}

// SetPref keeps how a person wants to be told. Refused: notice.mail-form, notice.mail-missing, notice.phone-form, notice.phone-missing,
// notice.hour.
func (d *Desk) SetPref(ctx context.Context, person string, p Pref) error {
	p.Mail, p.Phone = strings.TrimSpace(p.Mail), strings.ReplaceAll(strings.TrimSpace(p.Phone), " ", "")
	if err := p.check(); err != nil {
		return err
	}
	return d.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO notice_pref (person, `+prefColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (person) DO UPDATE SET lang = excluded.lang, mail = excluded.mail, by_mail = excluded.by_mail, phone = excluded.phone,
			by_sms = excluded.by_sms, digest_hour = excluded.digest_hour, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
			at_once = excluded.at_once`,
			person, string(p.Lang), p.Mail, bit(p.ByMail), p.Phone, bit(p.BySMS), p.DigestHour, p.QuietFrom, p.QuietUntil, bit(p.AtOnce))
		return err
	})
}

// prefs reads what everybody has set.
func prefs(ctx context.Context, tx *store.Tx) (map[string]Pref, error) {
	rows, err := tx.Query(ctx, `SELECT person, `+prefColumns+` FROM notice_pref`)
	if err != nil {
		return nil, err
	}
	all := map[string]Pref{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var person string
		p, err := scanPref(scan, &person)
		all[person] = p
		return none, err
	})
	return all, err
}

func bit(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
