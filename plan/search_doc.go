package plan

import (
	"strings"

	"liandong/book"
)

// doc is one text of the index: the newest on its subject.
type doc struct {
	kind              HitKind
	id, plan, section string
	item, book        string // the work; of slips, leaders' words and comments which slip, word or draft list
	idx               int64
	ord               int
	text              []string
}

// docOf is what an entry of a book adds to the index; its kind is empty if it adds nothing.
func (w indexWriting) docOf(name string, s saidEntry) (d doc, err error) {
	e, err := book.Scan(s.raw)
	if err != nil {
		return d, err
	}
	if sortOfSaid(e.Kind) != "" {
		d, err = w.saidDoc(name, e, s)
	} else {
		d, err = ownDoc(e, s)
	}
	d.book, d.idx = name, s.idx
	return d, err
}

// ownDoc is what an entry adds that needs no other to be understood.
func ownDoc(e book.Entry, s saidEntry) (d doc, err error) {
	switch e.Kind {
	case ItemOpened.Name:
		return itemDoc(e, s.words)
	case Listed.Name:
		return listingDoc(e, s.words)
	case MeetingCalled.Name:
		return meetingDoc(e, s.words)
	case MinutesIssued.Name, MinutesCorrected.Name:
		return minutesDoc(e, s.words)
	case ReportAccepted.Name:
		var f AcceptFacts
		if err := factsIn(e, &f); err != nil {
			return d, err
		}
		return reportDoc(hitReport, f.Report, "", s.words)
	case ReportFiled.Name, ReportSigned.Name, PartFiled.Name:
		var f ReportFacts
		if err := factsIn(e, &f); err != nil {
			return d, err
		}
		return reportDoc(hitFiling, f, "@"+e.Org, s.words)
	}
	return d, nil
}

func itemDoc(e book.Entry, raw []byte) (doc, error) {
	var f ItemFacts
	if err := factsIn(e, &f); err != nil {
		return doc{}, err
	}
	w, _, err := words[ItemWords](raw)
	d := doc{kind: hitItem, id: f.Item, item: f.Item, text: []string{w.Title, w.Leader}}
	for _, m := range w.Milestones {
		d.text = append(d.text, m)
	}
	for _, m := range w.Indicators {
		d.text = append(d.text, m)
	}
	return d, err
}

func listingDoc(e book.Entry, raw []byte) (doc, error) {
	var f ListingFacts
	if err := factsIn(e, &f); err != nil {
		return doc{}, err
	}
	w, _, err := words[ListingWords](raw)
	d := doc{kind: hitListing, id: f.Listing, plan: f.Plan, item: first(f.Items), ord: f.Order, section: strings.ReplaceAll(first(w.Section), "\x00", "")}
	d.text = append(listingTexts(w), strings.Join(w.Section, " "))
	return d, err
}

// listingTexts are the texts of a row that are searched, and shown around what was found.
func listingTexts(w ListingWords) []string {
	return []string{w.Title, w.Measures, w.Target, w.Note, strings.Join(w.Lead, "、"), strings.Join(w.Support, "、"), w.Leader}
}

func reportDoc(kind HitKind, f ReportFacts, by string, raw []byte) (doc, error) {
	w, _, err := words[ReportWords](raw)
	return doc{kind: kind, id: f.Item + "@" + string(f.Period) + by, item: f.Item, text: []string{w.Progress, w.Problem, w.Next}}, err
}
