package plan

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"liandong/book"
	"liandong/store"
)

// meetingDoc is an invitation as it stands: a later one on the same meeting replaces it.
func meetingDoc(e book.Entry, raw []byte) (doc, error) {
	var f MeetingFacts
	if err := factsIn(e, &f); err != nil {
		return doc{}, err
	}
	w, _, err := words[MeetingWords](raw)
	return doc{kind: hitMeeting, id: idOf(e.Member, f.Meeting), text: append(meetingTexts(w), w.Title)}, err
}

// minutesDoc are minutes with what was decided, as they hold: a correction replaces what it corrects.
func minutesDoc(e book.Entry, raw []byte) (doc, error) {
	var f struct {
		Meeting string `json:"meeting"`
	}
	if err := json.Unmarshal(e.Facts, &f); err != nil {
		return doc{}, err
	}
	w, _, err := words[MinutesWords](raw)
	return doc{kind: hitMinutes, id: idOf(e.Member, f.Meeting), text: minutesTexts(w)}, err
}

// meetingTexts are what is searched of an invitation beside its title. Who comes stands in the answers, and is not searched.
func meetingTexts(w MeetingWords) []string {
	all := []string{}
	for _, p := range w.Points {
		all = append(all, p.Title, p.Text)
	}
	return append(all, w.Kind, w.Place, w.Note)
}

// minutesTexts are what was decided and what was said of each point. Names of those who were there are not searched.
func minutesTexts(w MinutesWords) []string {
	all := []string{}
	for _, r := range w.Resolutions {
		all = append(all, r.Text, r.Unit)
	}
	for _, p := range w.Points {
		all = append(all, p.Title, p.Text)
	}
	return all
}

// meetingShown gives a hit's title and the texts around what was found; inside is all of it that is searched.
func (h *Hit) meetingShown(ctx context.Context, tx *store.Tx, id string, raw []byte) (title string, texts, inside []string, err error) {
	h.Meeting = id
	if h.Kind == hitMeeting {
		w, _, err := words[MeetingWords](raw)
		return w.Title, meetingTexts(w), append(meetingTexts(w), w.Title), err
	}
	w, _, err := words[MinutesWords](raw)
	if err != nil {
		return "", nil, nil, err
	}
	title, err = meetingTitle(ctx, tx, h.Book, id)
	return title, minutesTexts(w), minutesTexts(w), err
}

// meetingTitle is what the invitation calls a meeting, or its id where its words were erased.
func meetingTitle(ctx context.Context, tx *store.Tx, in, id string) (string, error) {
	rows, err := tx.Query(ctx, `SELECT e.words FROM plan_meeting m JOIN book_entry e ON e.book = m.book AND e.idx = m.idx WHERE m.book = ? AND m.meeting = ?`, in, saidID(id))
	if err != nil {
		return "", err
	}
	titles, err := store.Collect(rows, func(scan func(...any) error) (string, error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return "", err
		}
		w, _, err := words[MeetingWords](raw)
		return w.Title, err
	})
	return cmp.Or(append(slices.Clone(titles), id)...), err
}
