package notice

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"liandong/store"
	"liandong/web/lang"
)

// message is what a letter says.
type message struct {
	day   string
	line  string
	title string
	lines []said
	more  int // that are not named
}

// said is one matter in words.
type said struct {
	Matter
	text string
}

// mostNamed is how many matters a message names; the others stand on the page.
const mostNamed = 50

// errMoot is said of a letter that has nothing left to tell.
var errMoot = errors.New("nothing is left to tell")

// prefOf is how a recipient is told.
func (d *Desk) prefOf(ctx context.Context, tx *store.Tx, recipient string) (p Pref, err error) {
	p, err = scanPref(tx.Row(ctx, `SELECT `+prefColumns+` FROM notice_pref WHERE person = ?`, recipient).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		p, err = usual, nil
	}
	return p, err
}

// wants says that a recipient still wants what is to be sent to him, and that the line is still there.
func (d *Desk) wants(ctx context.Context, tx *store.Tx, l letter, line string) (bool, error) {
	if line == mailLine {
		return l.pref.ByMail && l.pref.Mail != "", nil
	}
	_, known, err := hookOf(ctx, tx, line)
	return known && (isHook(line) || l.pref.BySMS && l.pref.Phone != ""), err
}

// compose puts deliveries into words, from what of them still waits; what nothing is left of is closed.
func (d *Desk) compose(ctx context.Context, claimed []letter) (letters []letter, err error) {
	var moot []letter
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		letters, moot = nil, nil
		for _, l := range claimed {
			if err := readMessage(ctx, tx, &l); err != nil {
				return err
			}
			if len(l.message.lines) == 0 {
				moot = append(moot, l)
			} else {
				letters = append(letters, l)
			}
		}
		return nil
	})
	if err == nil && len(moot) > 0 {
		err = d.store.Write(ctx, func(tx *store.Tx) error {
			for _, l := range moot {
				if err := d.close(ctx, tx, l, Moot, ""); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	return letters, d.word(ctx, letters)
}

// readMessage reads what a delivery carries and what still waits, the most urgent first.
func readMessage(ctx context.Context, tx *store.Tx, l *letter) error {
	if err := tx.Row(ctx, `SELECT day, line FROM notice_delivery WHERE id = ?`, l.id).Scan(&l.day, &l.line); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT i.kind, i.ref, i.period, i.day, i.due, i.href, i.n, i.urgent FROM notice_carried c
		JOIN notice_inbox i ON i.person = c.recipient AND i.matter = c.matter AND i.day = c.day
		WHERE c.delivery = ? AND i.ended_at = 0 ORDER BY i.urgent DESC, i.due, i.matter`, l.id)
	if err != nil {
		return err
	}
	l.message.lines, err = store.Collect(rows, func(scan func(...any) error) (s said, err error) {
		err = scanMatter(scan, &s.Matter)
		return s, err
	})
	if n := len(l.message.lines); n > mostNamed {
		l.message.lines, l.more = l.message.lines[:mostNamed], n-mostNamed
	}
	return err
}

func scanMatter(scan func(...any) error, m *Matter, more ...any) error {
	return scan(append([]any{&m.Kind, &m.Ref, &m.Period, &m.Day, &m.Due, &m.Href, &m.N, &m.Urgent}, more...)...)
}

// word asks the source for the words of all letters at once, for each language.
func (d *Desk) word(ctx context.Context, letters []letter) error {
	for _, l := range lang.All {
		var all []Matter
		for _, letter := range letters {
			if letter.pref.Lang == l {
				for _, s := range letter.message.lines {
					all = append(all, s.Matter)
				}
			}
		}
		if len(all) == 0 {
			continue
		}
		ctx := lang.In(ctx, l)
		texts, err := d.Source.Word(ctx, all)
		if err != nil {
			return err
		}
		for i := range letters {
			if letters[i].pref.Lang != l {
				continue
			}
			m := &letters[i].message
			for j := range m.lines {
				m.lines[j].text, texts = texts[0], texts[1:]
			}
			m.title = lang.T(ctx, "notice.title", "member", d.node.Name, "n", len(m.lines)+m.more)
		}
	}
	return nil
}

// body is a message as plain text, with links where the site's address is known.
func (d *Desk) body(ctx context.Context, l letter) string {
	ctx = lang.In(ctx, l.pref.Lang)
	var b strings.Builder
	for _, s := range l.message.lines {
		b.WriteString("· " + s.text + "\n")
		if d.Site != "" {
			b.WriteString("  " + d.address(s.Href) + "\n")
		}
	}
	if l.more > 0 {
		b.WriteString(lang.T(ctx, "notice.more", "n", l.more) + "\n")
	}
	b.WriteString("\n")
	if d.Site != "" {
		b.WriteString(lang.T(ctx, "notice.inbox.at", "address", d.address("/inbox")) + "\n")
	}
	b.WriteString(lang.T(ctx, "notice.foot", "member", d.node.Name) + "\n")
	return b.String()
}

// address is a page of this site for who reads elsewhere.
func (d *Desk) address(path string) string { return strings.TrimSuffix(d.Site, "/") + path }

// carrierOf is what sends over a line.
func (d *Desk) carrierOf(ctx context.Context, line string) (carrier, error) {
	if line != mailLine {
		var h Hook
		err := d.store.Read(ctx, func(tx *store.Tx) (err error) {
			h, _, err = hookOf(ctx, tx, line) // what leads nowhere any more is moot, and sent to nobody
			return err
		})
		return d.postTo(h), err
	}
	if d.Mail == nil { // the setting was taken away; what waits for it waits
		return func(_ context.Context, _ []letter, came func(int, error)) {
			came(0, &failure{why: "no mail server is set", line: true})
		}, nil
	}
	return func(ctx context.Context, letters []letter, came func(int, error)) {
		d.Mail.carry(ctx, d, letters, came)
	}, nil
}
