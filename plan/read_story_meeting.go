package plan

import (
	"bytes"
	"slices"

	"liandong/book"
	"liandong/region"
	"liandong/store"
)

// meetingsOf are the invitations, the minutes and their corrections that speak of an item of another member than who called the meeting. No fact may name such an
// item, so it stands in their words: what the circle's member reads of it, both of them have. Meetings are few.
func (s storyReading) meetingsOf(item string) ([]told, error) {
	if !region.May(s.viewer.Seat, region.MeetingRead) {
		return nil, nil
	}
	rows, err := s.tx.Query(s.ctx, `SELECT e.book, e.idx, e.entry, e.words FROM (
		SELECT book, idx FROM plan_meeting WHERE substr(book, 1, 6) <> ? UNION ALL SELECT book, idx FROM plan_minutes WHERE substr(book, 1, 6) <> ?
		UNION ALL SELECT book, idx FROM plan_minutes_correction WHERE substr(book, 1, 6) <> ?) AS k
		JOIN book_entry e ON e.book = k.book AND e.idx = k.idx WHERE e.words IS NOT NULL`, memberOf(item), memberOf(item), memberOf(item))
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (t told, err error) {
		var raw []byte
		if err := scan(&t.book, &t.idx, &raw, &t.words); err != nil {
			return t, err
		}
		if !bytes.Contains(t.words, []byte(`"`+item+`"`)) {
			t.words = nil
			return t, nil
		}
		t.entry, err = book.Scan(raw)
		return t, err
	})
	var about []told
	for _, t := range all {
		if err != nil || t.words == nil {
			continue
		}
		names, wrong := s.speaksOf(t, item)
		if err = wrong; names {
			about = append(about, t)
		}
	}
	return about, err
}

// speaksOf says that the words of an invitation or of minutes name an item where items are named; those of a correction, where something is otherwise.
func (s storyReading) speaksOf(t told, item string) (bool, error) {
	if t.entry.Kind == MinutesCorrected.Name {
		c, err := s.correctionOf(t)
		return slices.ContainsFunc(c.Texts, func(x CorrectedText) bool { return x.Item == item }), err
	}
	if t.entry.Kind == MeetingCalled.Name {
		w, _, err := words[MeetingWords](t.words)
		for _, p := range w.Points {
			if p.Ref == item {
				return true, err
			}
		}
		return false, err
	}
	w, _, err := words[MinutesWords](t.words)
	for _, p := range w.Points {
		if p.Item == item {
			return true, err
		}
	}
	for _, r := range w.Resolutions {
		if r.Ref == item {
			return true, err
		}
	}
	return false, err
}
