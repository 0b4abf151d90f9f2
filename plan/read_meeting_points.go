package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// ItemLook is how an item stands today, as a point of an agenda shows it.
type ItemLook struct {
	Item     string         `json:"item"`
	Title    string         `json:"title"`
	Units    string         `json:"units"`
	Work     judge.WorkSpan `json:"work"`
	Why      string         `json:"why"`
	Period   judge.Period   `json:"period"`   // of the newest report that was accepted; empty: none
	Progress string         `json:"progress"` // its words
	Legend   judge.Legend   `json:"-"`
	AsOf     judge.Date     `json:"asOf"`
	listings []ItemListing
}

// look reads how an item stands; nil where there is none any more.
func (d *Desk) look(ctx context.Context, tx *store.Tx, item string, v Viewer) (*ItemLook, error) {
	p, err := d.item(ctx, tx, item, "", v)
	if refuse.Is(err, "plan.item-unknown") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l := &ItemLook{Item: p.Item, Title: p.Words.Title, Units: unitsZh(p.Leads), Work: p.Work, Why: p.WorkWhy, Legend: p.Legend, AsOf: p.AsOf, listings: p.Listings}
	if len(p.Reports) > 0 {
		l.Period, l.Progress = p.Reports[0].Facts.Report.Period, p.Reports[0].Words.Progress
	}
	return l, nil
}

// Resolution is something that a meeting decided (议定事项), and what became of it.
type Resolution struct {
	ID       string     `json:"id"`
	Meeting  string     `json:"meeting"`
	Title    string     `json:"title"` // of the meeting
	Day      judge.Date `json:"day"`   // of the meeting
	Point    int        `json:"point"`
	Text     string     `json:"text"`
	Erased   bool       `json:"erased"`
	Unit     string     `json:"unit"` // who does it, by name
	Supports []string   `json:"supports"`
	Due      judge.Date `json:"due"`
	Item     string     `json:"item"`    // by which it is followed; empty: by none
	Listing  string     `json:"listing"` // the row that it became
	Member   string     `json:"member"`  // code of the neighbour that does it
	Answer   string     `json:"answer"`  // of that neighbour: "", "claimed" or "declined"
	Look     *ItemLook  `json:"look,omitempty"`
	Open     bool       `json:"open"` // it is followed, and not done
	org      string
}

// resolutionsWhere reads decisions in the order of their meetings, with how their work stands.
func (d *Desk) resolutionsWhere(ctx context.Context, tx *store.Tx, v Viewer, which string, args ...any) ([]Resolution, error) {
	names, err := d.orgNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT r.resolution, r.meeting, r.ord, r.item, r.listing, r.org, r.member, r.due, r.book, m.day, e.words, x.entry, x.words
		FROM plan_resolution r JOIN plan_meeting m ON m.book = r.book AND m.meeting = r.meeting JOIN book_entry e ON e.book = m.book AND e.idx = m.idx
		JOIN plan_minutes n ON n.book = r.book AND n.meeting = r.meeting JOIN book_entry x ON x.book = n.book AND x.idx = n.now_idx `+which+` ORDER BY m.day, r.book, r.meeting, r.ord`, args...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (r Resolution, err error) {
		var book string
		var ord int
		var called, raw, said []byte
		if err := scan(&r.ID, &r.Meeting, &ord, &r.Item, &r.Listing, &r.org, &r.Member, &r.Due, &book, &r.Day, &called, &raw, &said); err != nil {
			return r, err
		}
		member := memberOfBook(book)
		r.ID, r.Meeting = idOf(member, r.ID), idOf(member, r.Meeting)
		head, _, err := words[MeetingWords](called)
		if err != nil {
			return r, err
		}
		r.Title = head.Title
		f, err := minutesFacts(raw)
		if err != nil || ord >= len(f.Resolutions) {
			return r, err
		}
		r.Point = f.Resolutions[ord].Point
		for _, o := range f.Resolutions[ord].Supports {
			r.Supports = append(r.Supports, cmp.Or(names[idOf(member, o)], o))
		}
		if r.Unit = cmp.Or(names[idOf(member, r.org)], r.org); r.Member != "" {
			r.Unit = region.MemberName(r.Member)
		}
		w, erased, err := words[MinutesWords](said)
		if r.Erased = erased; !erased && ord < len(w.Resolutions) {
			one := w.Resolutions[ord]
			r.Text, r.Unit, r.Item = one.Text, cmp.Or(one.Unit, r.Unit), cmp.Or(r.Item, one.Ref)
		}
		return r, err
	})
	for i := range all {
		if err == nil {
			err = d.followResolution(ctx, tx, &all[i], v)
		}
	}
	return all, err
}

// followResolution tells what became of a decision: its row says it where it has one, for there a neighbour's work counts too.
func (d *Desk) followResolution(ctx context.Context, tx *store.Tx, r *Resolution, v Viewer) (err error) {
	if r.Item == "" {
		return nil
	}
	if r.Look, err = d.look(ctx, tx, r.Item, v); err != nil || r.Look == nil {
		return err
	}
	for _, l := range r.Look.listings {
		if l.Listing != r.Listing {
			continue
		}
		r.Look.Work, r.Look.Why = l.Work, l.Why
		for _, a := range l.Asked {
			if a.Member != region.MemberName(r.Member) {
				continue
			}
			r.Answer = string(a.Answer)
			if a.Item == "" {
				continue
			}
			claimed, err := d.look(ctx, tx, a.Item, v)
			if err != nil {
				return err
			}
			if claimed != nil { // the row's item has no reports of its own: they stand on the item that the neighbour claimed by
				r.Look.Period, r.Look.Progress = claimed.Period, claimed.Progress
			}
		}
	}
	r.Open = r.Look.Work.State.Open()
	return nil
}

// readPoints joins the agenda with how its work stands, what became of earlier decisions, and of its own.
func (d *Desk) readPoints(ctx context.Context, tx *store.Tx, m *Meeting, v Viewer) (err error) {
	for i, f := range m.facts.Agenda {
		line := AgendaLine{AgendaFacts: f}
		if i < len(m.Words.Points) {
			line.AgendaWords = m.Words.Points[i]
		}
		if item := cmp.Or(f.Item, line.Ref); item != "" {
			if line.Look, err = d.look(ctx, tx, item, v); err != nil {
				return err
			}
		}
		m.Agenda = append(m.Agenda, line)
	}
	for _, p := range m.Proposed {
		if p.Accepted {
			m.Agenda = append(m.Agenda, AgendaLine{AgendaFacts: AgendaFacts{Ground: AgendaProposed}, AgendaWords: p.Words})
		}
	}
	if m.Group != "" {
		m.Before, err = d.resolutionsWhere(ctx, tx, v, `WHERE r.book = ? AND m.grp = ? AND (m.day < ? OR m.day = ? AND m.idx < ?)`,
			m.Book, m.facts.Group, string(m.Day), string(m.Day), m.Index)
		if err != nil {
			return err
		}
		m.Before = sinceLast(m.Before)
	}
	if m.Minutes != nil {
		m.Minutes.Resolutions, err = d.resolutionsWhere(ctx, tx, v, `WHERE r.book = ? AND r.meeting = ?`, m.Book, m.facts.Meeting)
	}
	return err
}

// sinceLast keeps what the last meeting decided, and of those before it what is still open.
func sinceLast(all []Resolution) []Resolution {
	if len(all) == 0 {
		return nil
	}
	last := all[len(all)-1].Meeting
	return slices.DeleteFunc(all, func(r Resolution) bool { return r.Meeting != last && !r.Open })
}
