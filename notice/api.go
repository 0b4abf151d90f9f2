package notice

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"liandong/region"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/lang"
)

// Line is a line of the caller's inbox.
type Line struct {
	Notice string      `json:"notice" doc:"Id: the same matter keeps it" example:"due i-77aa 2022-06"`
	Kind   string      `json:"kind" doc:"As on cards; docs/reference/webhooks.md lists them" example:"due"`
	Text   string      `json:"text" doc:"In the language of Accept-Language"`
	Seat   region.Seat `json:"seat" doc:"For which it waits" example:"reporter"`
	Unit   string      `json:"unit" doc:"Name of the organisation" example:"市交通运输局"`
	Period string      `json:"period,omitempty"`
	Due    string      `json:"due,omitempty" example:"2022-06-25"`
	Page   string      `json:"page" doc:"Where it is done" example:"/item/i-77aa/report?period=2022-06"`
	Told   time.Time   `json:"told"`
	Urgent bool        `json:"urgent,omitempty"`
	Read   bool        `json:"read"`
	Ended  bool        `json:"ended" doc:"It waits no more"`
}

// Wish is how a person wants to be told.
type Wish struct {
	Lang       string `json:"lang,omitempty" enum:"zh,en" doc:"Of letters and messages; empty: that of Accept-Language"`
	Mail       string `json:"mail,omitempty" doc:"Address for letters" example:"zhang@example.cn"`
	ByMail     bool   `json:"byMail"`
	Phone      string `json:"phone,omitempty"`
	BySMS      bool   `json:"bySMS"`
	DigestHour int    `json:"digestHour" minimum:"0" maximum:"23" doc:"Of the day in Beijing, from which on the day's letter goes out"`
	QuietFrom  int    `json:"quietFrom" minimum:"0" maximum:"23"`
	QuietUntil int    `json:"quietUntil" minimum:"0" maximum:"23" doc:"Not included; as quietFrom: no quiet hours"`
	AtOnce     bool   `json:"atOnce" doc:"What is urgent does not wait for the day's letter"`
}

// Feed is the address of a calendar.
type Feed struct {
	Address string `json:"address" doc:"Whoever has it can read names and dates; it is shown once" example:"https://suining.example/calendar/7KQ…"`
}

// Marked is a notice that was marked.
type Marked struct {
	Notice string `json:"notice"`
}

type done struct {
	Done bool `json:"done" doc:"Always true: what is not done is a problem"`
}

func isDone(err error) (*api.Answer[done], error) {
	if err != nil {
		return nil, err
	}
	return &api.Answer[done]{Body: done{true}}, nil
}

func operation(method, id, path, summary string, in, out any) huma.Operation {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"notices"}, Responses: api.Example(out)}
	if in != nil {
		op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: in}}}
	}
	return op
}

// API adds the calls: what is a person's own to every seat, lines and deliveries to administrators.
func (d *Desk) API(calls *api.API) {
	line := Line{
		Notice: "due i-77aa 2022-06", Kind: "due", Text: "待报：加快遂潼快捷通道建设", Seat: region.Reporter, Unit: "市交通运输局", Period: "2022-06", Due: "2022-06-25",
		Page: "/item/i-77aa/report?period=2022-06", Told: time.Date(2022, 6, 22, 0, 0, 0, 0, time.UTC),
	}
	wish := Wish{Lang: "zh", Mail: "zhang@example.cn", ByMail: true, DigestHour: 8, QuietFrom: 21, QuietUntil: 7}
	api.Register(calls, operation(http.MethodGet, "inbox", "/inbox", "What the caller was told, what waits first, at most 200 (提醒)", nil, []Line{line}), region.NoticeOwn, d.inboxCall)
	many := operation(http.MethodPost, "read-notices", "/bulk/notices", "Mark notices as read (标为已读)",
		map[string]any{"notices": []string{line.Notice}}, api.Many[Marked]{Done: 1, Rows: []api.Did[Marked]{{Index: 0, Answer: &Marked{line.Notice}}}})
	many.Description = "All of them, or none where one is unknown (api.rows-refused); with partial=true the known ones. Without notices everything unread. It writes no entry: repeating it changes nothing."
	api.Register(calls, many, region.NoticeOwn, d.readCall)
	api.Register(calls, operation(http.MethodGet, "notice-wish", "/me/notices", "How the caller wants to be told (提醒方式)", nil, wish), region.NoticeOwn, d.wishCall)
	api.Register(calls, operation(http.MethodPost, "set-notice-wish", "/me/notices", "Set it", wish, wish), region.NoticeOwn, d.setWishCall)
	feed := operation(http.MethodPost, "new-calendar", "/me/calendar", "Make the address of the calendar of the caller's seat; an earlier one ends (订阅日历)", nil, Feed{"https://suining.example/calendar/7KQ…"})
	feed.Description = "Each call makes another address: who repeats it uses the last answer."
	api.Register(calls, feed, region.NoticeOwn, d.calendarCall)
	api.Register(calls, operation(http.MethodPost, "end-calendars", "/me/calendar/end", "End all calendars of the caller (停用日历)", nil, done{true}), region.NoticeOwn, d.endCalendarCall)
	d.lineCalls(calls)
}

func (d *Desk) inboxCall(ctx context.Context, _ *struct{}) (*api.Answer[[]Line], error) {
	all, err := d.Inbox(ctx, web.ActorOf(ctx).Person)
	out := []Line{}
	for _, t := range all {
		out = append(out, Line{
			Notice: t.id(), Kind: t.Kind, Text: t.Text, Seat: t.Seat, Unit: t.Org, Period: t.Period, Due: t.Due, Page: t.Href,
			Told: t.At.UTC(), Urgent: t.Urgent, Read: t.Read, Ended: t.Ended,
		})
	}
	return &api.Answer[[]Line]{Body: out}, err
}

func (d *Desk) readCall(ctx context.Context, in *struct {
	api.Partial
	Body struct {
		Notices []string `json:"notices,omitempty" maxItems:"500" doc:"Ids; none: everything unread"`
	}
},
) (*api.Answer[api.Many[Marked]], error) {
	person := web.ActorOf(ctx).Person
	if len(in.Body.Notices) == 0 {
		return &api.Answer[api.Many[Marked]]{Body: api.Many[Marked]{Rows: []api.Did[Marked]{}}}, d.MarkRead(ctx, person, "")
	}
	wrong, err := d.MarkMany(ctx, person, in.Body.Notices, in.Partial.Partial)
	if err != nil {
		return nil, err
	}
	answers := make([]Marked, len(in.Body.Notices))
	for i, id := range in.Body.Notices {
		answers[i] = Marked{id}
	}
	return api.Decided(ctx, answers, wrong, in.Partial.Partial)
}

func (d *Desk) wishCall(ctx context.Context, _ *struct{}) (*api.Answer[Wish], error) {
	p, err := d.Pref(ctx, web.ActorOf(ctx).Person)
	return &api.Answer[Wish]{Body: Wish{
		Lang: string(p.Lang), Mail: p.Mail, ByMail: p.ByMail, Phone: p.Phone, BySMS: p.BySMS,
		DigestHour: p.DigestHour, QuietFrom: p.QuietFrom, QuietUntil: p.QuietUntil, AtOnce: p.AtOnce,
	}}, err
}

func (d *Desk) setWishCall(ctx context.Context, in *struct{ Body Wish }) (*api.Answer[Wish], error) {
	b := in.Body
	p := Pref{
		Lang: lang.Lang(b.Lang), Mail: b.Mail, ByMail: b.ByMail, Phone: b.Phone, BySMS: b.BySMS,
		DigestHour: b.DigestHour, QuietFrom: b.QuietFrom, QuietUntil: b.QuietUntil, AtOnce: b.AtOnce,
	}
	if b.Lang == "" {
		p.Lang = lang.Of(ctx)
	}
	if err := d.SetPref(ctx, web.ActorOf(ctx).Person, p); err != nil {
		return nil, err
	}
	return d.wishCall(ctx, nil)
}

func (d *Desk) calendarCall(ctx context.Context, _ *struct{}) (*api.Answer[Feed], error) {
	path, err := d.NewCalendar(ctx, web.ActorOf(ctx))
	return &api.Answer[Feed]{Body: Feed{d.address(path)}}, err
}

func (d *Desk) endCalendarCall(ctx context.Context, _ *struct{}) (*api.Answer[done], error) {
	return isDone(d.EndCalendars(ctx, web.ActorOf(ctx).Person))
}
