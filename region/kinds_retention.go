package region

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// KeepFacts: how long the words of which kinds are kept.
type KeepFacts struct {
	Rules []KeepRule `json:"rules"` // each kind once
}

// KeepRule is how long the words of a kind are kept.
type KeepRule struct {
	Kind string `json:"kind"` // without version: plan.report.filed
	Days int    `json:"days"` // from the day on which they were said
}

// KeepWords: the rule that says so.
type KeepWords struct {
	Source string `json:"source"`
}

// LeastKept and MostKept bound how long words are kept, in days: no rule of archives is longer. Of most kinds LeastKeptOf asks the least; of
// reports ReportsKept, for the summary of a year is written in the one after it and quotes them.
const LeastKept, ReportsKept, MostKept = 365, 730, 36_500

// told are the kinds for whose words a time may be set, with the fewest days that these are kept. They only tell what happened; all others
// hold until something replaces them, and a list without its titles, a slip without its demand or minutes without their decisions would be none:
// their words are erased one by one, where somebody asks. No document gives this table, it is ours. It is part of Check: who takes a kind out of it or
// raises its days makes another version of region.retention.set, or entries that stood are set aside. A kind that is new is in none of it, so it is kept.
var told = map[string]int{
	"region.note.said": LeastKept, "region.hearsay.said": LeastKept, "region.hearsay.withdrawn": LeastKept, "region.hearsay.answered": LeastKept,

	"plan.report.filed": ReportsKept, "plan.report.accepted": ReportsKept, "plan.report.submitted": ReportsKept, "plan.report.signed": ReportsKept,
	"plan.part.filed": ReportsKept, "plan.share.reported": ReportsKept,
	"plan.report.returned": LeastKept, "plan.report.uncalled": LeastKept, "plan.submission.returned": LeastKept,
	"plan.share.declined": LeastKept, "plan.share.withdrawn": LeastKept,

	"plan.slip.answered": LeastKept, "plan.slip.returned": LeastKept, "plan.slip.closed": LeastKept,
	"plan.instruction.answered": LeastKept, "plan.instruction.returned": LeastKept, "plan.instruction.closed": LeastKept,
	"plan.comment.given": LeastKept, "plan.comment.decided": LeastKept, "plan.consultation.closed": LeastKept,
	"plan.amendment.answered": LeastKept, "plan.change.answered": LeastKept,
	"plan.meeting.replied": LeastKept, "plan.meeting.cancelled": LeastKept, "plan.meeting.point.answered": LeastKept,
}

// KeptKinds names the kinds of the table.
func KeptKinds() []string { return slices.Sorted(maps.Keys(told)) }

// LeastKeptOf is the fewest days for which the words of a kind may be kept; 0: no time is set for it.
func LeastKeptOf(kind string) int { return told[kind] }

// KeepSet 设定保存期限: the last one counts, for all kinds; a kind that it does not name is kept for ever, unless the operator's settings say otherwise. How long
// what is to be kept is no rule of ours; the entry names its own.
var KeepSet = &node.Kind[KeepFacts, KeepWords]{
	Name: "region.retention.set/1", Action: string(RetentionWrite),
	Allow: func(_ context.Context, w *node.Writing, _ string, f KeepFacts, words *KeepWords) error {
		if words == nil || strings.TrimSpace(words.Source) == "" || utf8.RuneCountInString(words.Source) > mostDocument {
			return refuse.New("region.retention.source", "most", mostDocument).At("source")
		}
		known := map[string]bool{}
		for _, k := range KeepKinds(w.Node()) {
			known[k] = true
		}
		for _, r := range f.Rules {
			if !known[r.Kind] {
				return refuse.New("region.retention.kind", "kind", r.Kind).At(r.Kind)
			}
		}
		return nil
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f KeepFacts) error {
		seen := map[string]bool{}
		for _, r := range f.Rules {
			least := LeastKeptOf(r.Kind)
			if seen[r.Kind] || least == 0 {
				return refuse.New("region.retention.kind", "kind", r.Kind).At(r.Kind)
			}
			if r.Days < least || r.Days > MostKept {
				return refuse.New("region.retention.days", "least", least, "most", MostKept).At(r.Kind)
			}
			seen[r.Kind] = true
		}
		return onlySelf(e)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f KeepFacts) ([]string, error) {
		for _, drop := range []string{`DELETE FROM region_keep WHERE book = ?`, `DELETE FROM region_kept WHERE book = ?`} {
			if _, err := own.Exec(ctx, drop); err != nil {
				return nil, err
			}
		}
		if _, err := own.Exec(ctx, `INSERT INTO region_kept (book, idx) VALUES (?, ?)`, own.Index); err != nil {
			return nil, err
		}
		for _, r := range f.Rules {
			if _, err := own.Exec(ctx, `INSERT INTO region_keep (book, kind, days) VALUES (?, ?, ?)`, r.Kind, r.Days); err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

const keepRows = `
CREATE TABLE region_keep (
	book TEXT NOT NULL,
	kind TEXT NOT NULL,
	days BIGINT NOT NULL,
	PRIMARY KEY (book, kind)
);
CREATE TABLE region_kept (
	book TEXT PRIMARY KEY,
	idx BIGINT NOT NULL
);`

// KeepKinds are the kinds of this node for whose words a time can be set.
func KeepKinds(n *node.Node) (all []string) {
	seen := map[string]bool{}
	for _, m := range n.Modules() {
		for _, k := range m.Kinds {
			base, _, _ := strings.Cut(k.KindName(), "/")
			if seen[base] || !k.HasWords() || LeastKeptOf(base) == 0 {
				continue
			}
			seen[base] = true
			all = append(all, base)
		}
	}
	return all
}

// Keeping are the times that were set.
type Keeping struct {
	Rules  []KeepRule // by kind
	Source string
	Index  int64 // of the entry that says so; -1: none was set
}

// KeepingOf reads them.
func KeepingOf(ctx context.Context, tx *store.Tx) (k Keeping, err error) {
	k.Index = -1
	rows, err := tx.Query(ctx, `SELECT x.idx, e.words FROM region_kept x JOIN book_entry e ON e.book = x.book AND e.idx = x.idx`)
	if err != nil {
		return k, err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (_ struct{}, err error) {
		var raw []byte
		if err = scan(&k.Index, &raw); err != nil || raw == nil {
			return struct{}{}, err
		}
		said, err := KeepSet.WordsOf(raw)
		k.Source = said.Source
		return struct{}{}, err
	})
	if err != nil {
		return k, err
	}
	if rows, err = tx.Query(ctx, `SELECT kind, days FROM region_keep ORDER BY kind`); err != nil {
		return k, err
	}
	k.Rules, err = store.Collect(rows, func(scan func(...any) error) (r KeepRule, err error) {
		err = scan(&r.Kind, &r.Days)
		return r, err
	})
	return k, err
}

// SetKeeping says how long the words of which kinds are kept.
func SetKeeping(ctx context.Context, w *node.Writing, rules []KeepRule, source string) error {
	if rules == nil {
		rules = []KeepRule{}
	}
	_, err := KeepSet.Say(ctx, w, node.Said[KeepFacts, KeepWords]{Circle: node.Self, Facts: KeepFacts{rules}, Words: &KeepWords{strings.TrimSpace(source)}})
	return err
}
