package notice

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/arran4/golang-ical"

	"liandong/node"
	"liandong/region"
	"liandong/rules/civil"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

func (d *Desk) calendarRoutes(site *web.Site) {
	site.Handle("POST /me/calendar", region.SelfAct, d.postCalendar)
	site.Handle("POST /me/calendar/end", region.SelfAct, d.postCalendarEnd)
	// Calendars do not sign in: the secret in the address lets them read, and nothing else.
	site.Handle("GET /calendar/{secret}", region.Public, d.calendar)
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// NewCalendar makes the address of the calendar (日历订阅) of a person's seat, of which only a hash is kept; an earlier one ends. It lasts as
// long as he holds the seat.
func (d *Desk) NewCalendar(ctx context.Context, a node.Actor) (path string, err error) {
	secret := rand.Text()
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO notice_calendar (secret, person, org, seat, made_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person, org, seat) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at`,
			digestOf(secret), a.Person, a.Org, a.Seat, d.now().UnixMilli())
		return err
	})
	return "/calendar/" + secret, err
}

// EndCalendars ends all calendars of a person.
func (d *Desk) EndCalendars(ctx context.Context, person string) error {
	return d.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM notice_calendar WHERE person = ?`, person)
		return err
	})
}

// subscribed is whose calendar a secret opens. web.ErrNotFound: nobody's, or that of a seat that he holds no more.
func (d *Desk) subscribed(ctx context.Context, secret string) (who node.Actor, unit string, p Pref, err error) {
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT person, org, seat FROM notice_calendar WHERE secret = ?`, digestOf(secret)).Scan(&who.Person, &who.Org, &who.Seat)
		if errors.Is(err, sql.ErrNoRows) {
			return web.ErrNotFound
		}
		if err != nil {
			return err
		}
		seats, err := region.SeatsOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(seats, func(s region.SeatAt) bool { return s.Org == who.Org && string(s.Seat) == who.Seat })
		if at < 0 {
			return web.ErrNotFound
		}
		unit = seats[at].OrgName
		p, err = d.prefOf(ctx, tx, who.Person)
		return err
	})
	return who, unit, p, err
}

// calendar is what a seat's unit has to do by when, as RFC 5545 has it. GET /calendar/{secret}
func (d *Desk) calendar(w http.ResponseWriter, r *http.Request) error {
	who, unit, p, err := d.subscribed(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	ctx := lang.In(r.Context(), p.Lang)
	all, err := d.Source.Standing(ctx, node.Actor{Org: who.Org, Seat: who.Seat, Member: d.node.Member})
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(m Matter) bool { return m.Due == "" })
	texts, err := d.Source.Word(ctx, all)
	if err != nil {
		return err
	}
	c := ics.NewCalendarFor("liandong")
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(t(ctx, "calendar.name", "unit", unit))
	for i, m := range all {
		day, err := time.Parse(time.DateOnly, m.Due)
		if err != nil {
			continue // no day, no place in a calendar
		}
		e := c.AddEvent(digestOf(m.id())[:32] + "@" + d.node.Origin)
		e.SetDtStampTime(d.now())
		e.SetSummary(texts[i])
		if at, err := time.ParseInLocation("2006-01-02 15:04", m.Due+" "+m.Clock, civil.Beijing); err == nil {
			e.SetStartAt(at) // its end is not known: it takes no time (RFC 5545, 3.6.1), and one is there all the same
		} else {
			e.SetAllDayStartAt(day)
			e.SetAllDayEndAt(day.AddDate(0, 0, 1)) // not included: RFC 5545, 3.6.1
			e.SetTimeTransparency(ics.TransparencyTransparent)
		}
		if d.Site != "" {
			e.SetURL(d.address(m.Href))
		}
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	return c.SerializeTo(w)
}

// postCalendar 订阅日历. POST /me/calendar
func (d *Desk) postCalendar(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	if who.Seat == "" {
		return web.ErrForbidden
	}
	path, err := d.NewCalendar(r.Context(), who)
	if err != nil {
		return err
	}
	p, err := d.Pref(r.Context(), who.Person)
	if err != nil {
		return err
	}
	address := web.Here(r, path)
	if d.Site != "" {
		address = d.address(path)
	}
	return d.showPref(w, r, http.StatusOK, prefData{Pref: p, Calendar: address})
}

// postCalendarEnd 停用日历订阅. POST /me/calendar/end
func (d *Desk) postCalendarEnd(w http.ResponseWriter, r *http.Request) error {
	if err := d.EndCalendars(r.Context(), web.Actor(r).Person); err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "calendar.ended"))
	return web.Redirect(w, r, "/me/notices")
}
