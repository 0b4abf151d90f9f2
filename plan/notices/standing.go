package notices

import (
	"context"
	"net/url"
	"strconv"

	"liandong/node"
	"liandong/notice"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
)

// How early and how often people are told. The figures have no source; they are ours.
const (
	early = 3 // days before the last day of a report
	again = 7 // days after which somebody who is late is told once more, and for which what is only to be known stands
)

// Source says what of plans is to be told.
func Source(d *plan.Desk) notice.Source {
	s := source{d}
	return notice.Source{Standing: s.standing, Word: s.word}
}

type source struct{ desk *plan.Desk }

// standing is what waits for a seat.
func (s source) standing(ctx context.Context, seat node.Actor) (all []notice.Matter, err error) {
	todo, err := s.desk.Day(ctx, seat, 0)
	if err != nil {
		return nil, err
	}
	today := todo.AsOf
	for _, l := range todo.Shares {
		all = append(all, share(l, today))
	}
	for _, duty := range todo.Reports {
		all = append(all, report(duty, today))
	}
	sum := func(kind, href string, n int) {
		if n > 0 {
			all = append(all, notice.Matter{Kind: kind, Day: string(today), Href: href, N: n})
		}
	}
	sum("review", "/review", todo.Review.Filings)
	sum("refused", "/asked#refused", todo.Refused)
	sum("change", "/asked", todo.Changes)
	sum("amendment", "/amendments", todo.Amendments)
	sum("draft", "/making", todo.Drafts)
	sum("signing", "/signing", todo.Signing)
	sum("owed", "/shares", todo.Owed)
	sum("instruction", "/instructions", todo.Words)
	meetings, err := s.meetings(ctx, seat)
	if err != nil {
		return nil, err
	}
	all = append(all, meetings...)
	if todo.Slips > 0 {
		slips, err := s.slips(ctx, seat, today)
		if err != nil {
			return nil, err
		}
		all = append(all, slips...)
	}
	if todo.Asked > 0 {
		asked, err := s.desk.AskedOfUs(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range asked {
			if a.Answer == "" {
				all = append(all, notice.Matter{
					Kind: "asked", Ref: a.Listing, Day: string(judge.DateIn(a.At, judge.Beijing)), Due: string(a.Deadline.Date), Href: "/asked/" + url.PathEscape(a.Listing),
				})
			}
		}
	}
	return all, nil
}

// share is the matter of a part that a lead asks of the seat's unit.
func share(l plan.ShareLine, today judge.Date) notice.Matter {
	m := notice.Matter{
		Kind: "share", Ref: l.Item, Period: string(l.Period), Day: string(l.Day), Due: string(l.Due),
		Href: "/share/" + url.PathEscape(l.ID) + "?period=" + url.QueryEscape(string(l.Period)),
	}
	if l.State == plan.ShareIsLate {
		m.Kind, m.Day = "share-late", string(lately(l.Due, today))
	}
	return m
}

// report is the matter of a report that is owed.
func report(duty plan.Duty, today judge.Date) notice.Matter {
	m := notice.Matter{
		Ref: duty.Item, Period: string(duty.Period), Due: string(duty.Cutoff),
		Href: "/item/" + url.PathEscape(duty.Item) + "/report?period=" + url.QueryEscape(string(duty.Period)),
	}
	switch {
	case duty.Unsigned != "":
		m.Kind, m.Day, m.Urgent = "unsigned", string(duty.UnsignedOn), true
	case duty.State == judge.Returned:
		m.Kind, m.Day, m.Urgent = "returned", string(duty.Since), true
	case duty.Cutoff < today:
		m.Kind, m.Day = "late", string(lately(duty.Cutoff, today))
	default:
		m.Kind, m.Day = "due", string(duty.Cutoff.AddDays(-early))
	}
	return m
}

// lately is the newest day on which who has been late since a day is told: the day after, and every week from then.
func lately(due, today judge.Date) judge.Date {
	day := due.AddDays(1)
	for next := day.AddDays(again); next <= today; next = next.AddDays(again) {
		day = next
	}
	return day
}

// slips are the matters of slips whose next step is the seat's.
func (s source) slips(ctx context.Context, seat node.Actor, today judge.Date) (all []notice.Matter, err error) {
	slips, err := s.desk.Slips(ctx, plan.SlipQuery{Open: true}, plan.ViewerOf(seat))
	if err != nil {
		return nil, err
	}
	for _, slip := range slips {
		if !s.desk.SlipWaits(slip, seat) {
			continue
		}
		m := notice.Matter{Kind: "slip", Ref: string(slip.ID), Period: string(slip.Due), Day: string(slip.Issued), Due: string(slip.Due), Href: "/slip/" + url.PathEscape(string(slip.ID)), Urgent: true}
		switch {
		case slip.State == plan.SlipIsOverdue:
			m.Kind, m.Day = "slip-late", string(lately(slip.Due, today))
		case slip.State == plan.SlipIsAnswered && region.May(region.Seat(seat.Seat), region.PlanSlip):
			m.Kind, m.Day = "slip-check", string(slip.Answered)
		}
		all = append(all, m)
	}
	return all, nil
}

// meetings are those whose next step is the seat's, and those to come at which its unit, or its member, will be.
func (s source) meetings(ctx context.Context, seat node.Actor) (all []notice.Matter, err error) {
	if !region.May(region.Seat(seat.Seat), region.MeetingAnswer) {
		return nil, nil
	}
	waiting, err := s.desk.WaitingMeetings(ctx, seat)
	if err != nil {
		return nil, err
	}
	matter := func(m plan.Meeting, kind string, day judge.Date) notice.Matter {
		return notice.Matter{Kind: kind, Ref: m.ID, Period: string(m.Day) + "T" + m.Clock, Day: string(day), Due: string(m.Day), Clock: m.Clock, Href: "/meeting/" + url.PathEscape(m.ID)}
	}
	for _, m := range waiting {
		kind, day := "meeting-"+string(s.desk.MeetingWaits(&m, seat)), m.Called
		switch {
		case m.Minutes != nil && len(m.Minutes.Corrections) > 0:
			all = append(all, corrected(m))
			continue
		case m.Minutes != nil:
			day = m.Minutes.Day
		case m.State == plan.MeetingIsHeld:
			day = m.Day
		}
		all = append(all, matter(m, kind, day))
	}
	coming, err := s.desk.Meetings(ctx, plan.ViewerOf(seat))
	for _, m := range coming {
		own := s.desk.AsInvited(&m, seat)
		comes := own != nil && !own.Stale && (own.Reply == plan.MeetingComes || own.Reply == plan.MeetingSubstitute)
		if m.State == plan.MeetingIsCalled && (comes || m.Ours && m.Facts().Convener == seat.Org) {
			all = append(all, matter(m, "meeting", m.Day.AddDays(-1)))
		}
		// Who was invited and did not come got the minutes too, and hears once that they were corrected. Who came confirms them anew.
		if own != nil && !own.Was && m.Minutes != nil && len(m.Minutes.Corrections) > 0 {
			if c := corrected(m); s.desk.Today() < judge.Date(c.Day).AddDays(again) {
				all = append(all, c)
			}
		}
	}
	return all, err
}

// corrected is the matter of minutes that were corrected, told once for each correction.
func corrected(m plan.Meeting) notice.Matter {
	last := m.Minutes.Corrections[len(m.Minutes.Corrections)-1]
	return notice.Matter{
		Kind: "meeting-corrected", Ref: m.ID, Period: strconv.Itoa(last.Number), Day: string(last.Day), Due: string(m.Day), Href: "/meeting/" + url.PathEscape(m.ID),
	}
}
