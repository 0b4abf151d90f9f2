package plan

import (
	"context"
	"fmt"

	"liandong/book"
	"liandong/plan/judge"
	"liandong/store"
)

// readSaid decodes a filing, part or acceptance.
func readSaid(raw, wordsRaw []byte, idx int64, names map[string]string) (*Said, error) {
	e, err := book.Scan(raw)
	if err != nil {
		return nil, err
	}
	s := &Said{Index: idx, Org: e.Org, Day: judge.DateIn(e.At, judge.Beijing)}
	switch e.Kind {
	case ReportFiled.Name, ReportSubmitted.Name, ReportSigned.Name, PartFiled.Name:
		err = factsIn(e, &s.Facts)
	case ShareReported.Name:
		var f ShareReportFacts
		err = factsIn(e, &f)
		s.Facts = ReportFacts{Period: f.Period, Figures: f.Figures}
	case ReportAccepted.Name:
		var f AcceptFacts
		err = factsIn(e, &f)
		s.Facts, s.Org = f.Report, f.Org
	default:
		err = fmt.Errorf("entry %d is a %s, no report", idx, e.Kind)
	}
	if err != nil {
		return nil, err
	}
	s.Name = names[s.Org]
	s.Words, s.Erased, err = words[ReportWords](wordsRaw)
	return s, err
}

// wordsAt reads the words of one entry.
func wordsAt[W any](ctx context.Context, tx *store.Tx, book string, idx int64) (w W, erased bool, err error) {
	var raw []byte
	err = tx.Row(ctx, `SELECT words FROM book_entry WHERE book = ? AND idx = ?`, book, idx).Scan(&raw)
	if err != nil {
		return w, false, fmt.Errorf("words of entry %d: %w", idx, err)
	}
	return words[W](raw)
}
