package workdays

import (
	"context"
	"embed"
	"net/http"
	"strconv"
	"strings"
	"time"

	"liandong/plan"
	"liandong/region"
	"liandong/rules/workday"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct{ desk *plan.Desk }

// Routes adds the pages. Who keeps the directory or audits reads the calendar; the administrator enters it.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d}
	site.Handle("GET /admin/calendars", region.CalendarRead, p.list)
	site.Handle("GET /admin/calendars/{year}", region.CalendarRead, p.year)
	site.Handle("POST /admin/calendars/{year}/check", region.CalendarWrite, p.check).Keep()
	site.Handle("POST /admin/calendars/{year}", region.CalendarWrite, p.set).Keep()
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "calendar."+key, args...)
}

func crumbs(ctx context.Context, more ...ui.Link) (all []ui.Link) {
	if web.May(ctx, region.OrgWrite) {
		all = append(all, ui.Link{Label: web.T(ctx, "admin.title"), Href: "/admin"})
	}
	return append(all, more...)
}

// list shows all years. GET /admin/calendars
func (p pages) list(w http.ResponseWriter, r *http.Request) error {
	all, err := years(r.Context(), p.desk)
	if err != nil {
		return err
	}
	return web.Show(w, r, listPage(all))
}

type yearView struct {
	Year
	Form    Typed
	Checked *Checked // what was understood, before it is saved
	May     bool     // the reader may enter it, and its time is not over
	Shipped bool     // the program brings a notice along
	Key     string
	Errors  []ui.FieldError
}

func (p pages) view(r *http.Request) (v yearView, err error) {
	number, err := strconv.Atoi(r.PathValue("year"))
	if err != nil {
		return v, web.ErrNotFound
	}
	year, known, err := oneYear(r.Context(), p.desk, number)
	if err != nil {
		return v, err
	}
	if !known {
		return v, web.ErrNotFound
	}
	v.Year, v.Form, v.Key = year, offered(year), web.NewRequestKey()
	v.May = web.May(r.Context(), region.CalendarWrite) && number >= thisYear(p.desk)
	_, v.Shipped = workday.Shipped(number)
	return v, nil
}

// year shows one year, and the form. GET /admin/calendars/{year}
func (p pages) year(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, yearPage(v))
}

func typed(r *http.Request, year int) Typed {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	return Typed{
		Year: year, Notice: field("notice"), Off: field("off"), Work: field("work"), Document: field("document"), Note: field("note"),
		Shipped: field("shipped") != "",
	}
}

// check says what was understood and which days would move; nothing is written. POST /admin/calendars/{year}/check
func (p pages) check(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	v.Form = typed(r, v.Year.Year)
	c, err := check(r.Context(), p.desk, v.Form)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		v.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, yearPage(v))
	}
	if err != nil {
		return err
	}
	if !c.Shipped {
		v.Form = c.Typed
	}
	v.Form.Notice, v.Checked = "", &c
	return web.ShowStatus(w, r, http.StatusOK, yearPage(v))
}

// set 设定工作日历. POST /admin/calendars/{year}
func (p pages) set(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	v.Form = typed(r, v.Year.Year)
	err = set(r.Context(), p.desk, web.RequestOf(r), v.Form)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		v.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, yearPage(v))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "saved", "year", v.Year.Year))
	return web.Redirect(w, r, "/admin/calendars/"+strconv.Itoa(v.Year.Year))
}

func href(year int) string { return "/admin/calendars/" + strconv.Itoa(year) }

// chip says where a year comes from.
func chip(ctx context.Context, y Year) ui.Status {
	switch y.Source {
	case Entered:
		return ui.Status{Tone: ui.Info, Icon: "pencil", Word: t(ctx, "source.entered")}
	case Shipped:
		return ui.Status{Tone: ui.Good, Word: t(ctx, "source.shipped")}
	}
	return ui.Status{Tone: ui.Risk, Word: t(ctx, "source.nothing")}
}

// document is by which notice a year is laid.
func document(ctx context.Context, y Year) string {
	switch {
	case y.Source == Entered && y.Document == "":
		return t(ctx, "erased")
	case y.Source == Entered:
		return y.Document
	case y.Source == Shipped:
		return t(ctx, "shipped.document", "year", y.Year)
	}
	return "—"
}

// spanLines are days put together, with their weekdays: 10月1日（周四）至10月7日（周三），7天.
func spanLines(ctx context.Context, days []string) (all []string) {
	for _, s := range workday.Spans(days) {
		if s[0] == s[1] {
			all = append(all, dayText(ctx, s[0]))
			continue
		}
		a, _ := time.Parse(time.DateOnly, s[0]) // the days were checked when they were entered
		b, _ := time.Parse(time.DateOnly, s[1])
		all = append(all, t(ctx, "span", "first", dayText(ctx, s[0]), "last", dayText(ctx, s[1]), "n", int(b.Sub(a).Hours()/24)+1))
	}
	return all
}

func dayText(ctx context.Context, day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t(ctx, "day", "month", int(d.Month()), "day", d.Day(), "name", d.Format("2 January"), "weekday", t(ctx, "weekday."+strconv.Itoa(int(d.Weekday()))))
}

// whatMoves names what a day is the last of.
func whatMoves(ctx context.Context, s plan.Shift) string {
	level := s.Level // its own name, or one of those that the interface knows
	if key := "calendar.level." + level; lang.Has(key) {
		level = web.T(ctx, key)
	}
	return t(ctx, "shift."+string(s.What), "level", level)
}

// pastFrom says that an arrangement holds from a day within the year on.
func (y Year) pastFrom() bool { return y.Since != "" && y.Since > strconv.Itoa(y.Year)+"-01-01" }

func staying(all []plan.Shift) (stays, moves []plan.Shift) {
	for _, s := range all {
		if s.Stays {
			stays = append(stays, s)
		} else {
			moves = append(moves, s)
		}
	}
	return stays, moves
}
