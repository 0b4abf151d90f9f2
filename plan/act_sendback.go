package plan

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/rules/refuse"
	"liandong/store"
)

// ReturnedReport is one row of a file that a unit sent back, as the report that it would become.
type ReturnedReport struct {
	sheet.Returned
	Form    *FilingForm
	Claim   judge.WorkState // as the row's column of states says; on time where it says nothing
	Figures string          // read from its columns and words, as typed in the grid: "产值：12.5亿元"
}

// ReturnedFile is what a unit's own file says, before anything is filed.
type ReturnedFile struct {
	Rows     []ReturnedReport
	Missing  []sheet.Known // of the unit's rows, those that the file does not speak of
	Others   int           // rows that other units lead, left alone
	Problems []sheet.Problem
}

// ReadReturned is ReadSentBack of a file that was attached.
func (d *Desk) ReadReturned(ctx context.Context, actor node.Actor, file FileRef, period judge.Period) (*ReturnedFile, error) {
	f, err := d.node.Blobs.Open(file.Blob)
	if errors.Is(err, node.ErrErased) {
		return nil, refuse.New("plan.file-gone", "name", file.Name).At("files")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return d.ReadSentBack(ctx, actor, sheet.Source{Name: file.Name, Data: f, Size: file.Size}, period)
}

// ReadSentBack reads a file that a unit sent back, and matches its rows to the items that the actor's
// unit leads; each becomes the report of that period, or if it is empty of the newest one of its item.
// Rows of the same lists that other units lead are left alone. Nothing is stored.
// The error is a *sheet.Refusal when the file is not read at all.
func (d *Desk) ReadSentBack(ctx context.Context, actor node.Actor, src sheet.Source, period judge.Period) (*ReturnedFile, error) {
	unit, err := d.UnitForms(ctx, actor, FormsQuery{Period: period})
	if err != nil {
		return nil, err
	}
	forms := unit.Forms
	opt, byKey := sheet.Options{}, formsByListing(forms)
	var known []sheet.Known
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if opt.Directory, err = directory(ctx, tx, d.node.Member); err != nil {
			return err
		}
		known, err = knownRows(ctx, tx, forms)
		return err
	})
	if err != nil {
		return nil, err
	}
	read, err := sheet.ReadProgress(ctx, src, opt, known)
	if err != nil {
		return nil, err
	}
	return returned(read, byKey), nil
}

func formsByListing(forms []*FilingForm) map[string]*FilingForm {
	by := map[string]*FilingForm{}
	for _, f := range forms {
		for _, l := range slices.Concat(f.Lists, f.Other) {
			by[l.Listing] = f
		}
	}
	return by
}

// knownRows are the rows of all lists that hold one of the unit's items; Key names the listing.
func knownRows(ctx context.Context, tx *store.Tx, forms []*FilingForm) (known []sheet.Known, err error) {
	read := map[string]bool{}
	for _, f := range forms {
		for _, l := range slices.Concat(f.Lists, f.Other) {
			if read[l.Plan] {
				continue
			}
			read[l.Plan] = true
			rows, err := listingsOf(ctx, tx, l.Plan)
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				known = append(known, sheet.Known{Key: r.ID, Number: r.Words.Number, Title: r.Words.Title})
			}
		}
	}
	return known, nil
}

// returned takes each item once, however many rows of the file speak of it: the first says it.
func returned(read *sheet.Returns, byKey map[string]*FilingForm) *ReturnedFile {
	out := &ReturnedFile{Problems: slices.DeleteFunc(read.Problems, func(p sheet.Problem) bool {
		// What is unclear in the list itself is the coordinator's; here only the match matters.
		return p.Code != sheet.RowUnmatched && p.Code != sheet.RowMatchedNearly
	})}
	spoken := map[string]bool{}
	for _, r := range read.Rows {
		f := byKey[r.Key]
		if f == nil {
			if r.Progress != (sheet.Progress{}) {
				out.Others++
			}
			continue
		}
		if r.Progress.Done = freshIn(r.Progress.Done, f); r.Progress.Done == "" && spokenBefore(r.Progress, f) {
			r.Progress = sheet.Progress{}
		}
		figures := figuresIn(r, f.Indicators)
		if spoken[f.Item] || r.Progress == (sheet.Progress{}) && figures == "" {
			continue
		}
		spoken[f.Item] = true
		out.Rows = append(out.Rows, ReturnedReport{Returned: r, Form: f, Claim: claimOf(r.Progress.Status), Figures: figures})
	}
	for _, k := range read.Missing {
		if f := byKey[k.Key]; f != nil && !spoken[f.Item] {
			spoken[f.Item] = true
			out.Missing = append(out.Missing, k)
		}
	}
	return out
}

// freshIn is what a cell of progress says beyond what the exported list put there: nothing where it
// is a report that was filed before, and without the period's mark where somebody wrote on.
func freshIn(done string, f *FilingForm) string {
	for _, s := range []*Said{f.Last, f.Accepted, f.Current} {
		if s != nil && done == shownReport(s.Facts.Period, s.Words.Progress, s.Facts.Figures, f.Indicators) {
			return ""
		}
	}
	return exportMark.ReplaceAllString(done, "")
}

// exportMark is what shownReport writes before a report.
var exportMark = regexp.MustCompile(`^【20\d\d年[^】]{0,12}】`)

// spokenBefore: problem and next step, too, stand there from a report that was filed before.
func spokenBefore(p sheet.Progress, f *FilingForm) bool {
	for _, s := range []*Said{f.Last, f.Accepted, f.Current} {
		if s != nil && p.Trouble == s.Words.Problem && p.Next == s.Words.Next {
			return true
		}
	}
	return false
}

// claimOf reads a column of states. "已完成" is no claim of done here: that needs its day, and is
// said on the form.
func claimOf(status string) judge.WorkState {
	for _, word := range []string{"滞后", "缓慢", "风险", "红", "黄", "未按"} {
		if strings.Contains(status, word) {
			return judge.AtRisk
		}
	}
	return judge.OnTime
}
