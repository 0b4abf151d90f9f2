package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// OtherCopy is a list of a neighbour's beside one of this member's that may be, or is, the same document (同一文件).
type OtherCopy struct {
	Plan, Title, Member string // id, title, name of the member
	Ours, Theirs        bool   // who said that they are the same
	Pairs               int    // rows that both said to be one
	Left                int    // standing rows of theirs that are one with none of ours
}

// Holds says that both said so.
func (s OtherCopy) Holds() bool { return s.Ours && s.Theirs }

// samesOf are the neighbours' lists of a circle that are the same document as a list, were said to be, or look so: of the same year,
// by the same number of the document or by the same title.
func (d *Desk) samesOf(ctx context.Context, tx *store.Tx, head PlanHead) (all []OtherCopy, err error) {
	if head.Circle == node.Self {
		return nil, nil
	}
	heads, err := planHeads(ctx, tx, `WHERE p.circle = ? AND p.year = ? AND p.book <> ?`, head.Circle, head.Facts.Year, head.Book)
	if err != nil {
		return nil, err
	}
	for _, h := range heads {
		s := OtherCopy{Plan: h.Facts.Plan, Title: h.Words.Title, Member: region.MemberName(memberOfBook(h.Book))}
		err := tx.Row(ctx, `SELECT
			(SELECT count(*) FROM plan_same WHERE plan = ? AND with_plan = ?), (SELECT count(*) FROM plan_same WHERE plan = ? AND with_plan = ?),
			(SELECT count(*) FROM plan_same s JOIN plan_same o ON o.listing = s.theirs AND o.theirs = s.listing WHERE s.plan = ? AND s.with_plan = ?)`,
			head.Facts.Plan, s.Plan, s.Plan, head.Facts.Plan, head.Facts.Plan, s.Plan).Scan(asBool{&s.Ours}, asBool{&s.Theirs}, &s.Pairs)
		if err != nil {
			return nil, err
		}
		if !s.Ours && !s.Theirs && !sameDocument(head.Words, h.Words) {
			continue
		}
		err = tx.Row(ctx, `SELECT count(*) FROM plan_listing l LEFT JOIN plan_dropped x ON x.book = l.book AND x.listing = l.listing
			WHERE l.plan = ? AND x.listing IS NULL AND l.listing NOT IN (SELECT o.listing FROM plan_same s
				JOIN plan_same o ON o.listing = s.theirs AND o.theirs = s.listing WHERE s.plan = ?)`, s.Plan, head.Facts.Plan).Scan(&s.Left)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// asBool reads a count as whether there was any.
type asBool struct{ b *bool }

func (a asBool) Scan(v any) error {
	n, ok := v.(int64)
	*a.b = ok && n > 0
	return nil
}

func sameDocument(a, b PlanWords) bool {
	if a.DocumentNo != "" && b.DocumentNo != "" {
		return squeeze(a.DocumentNo) == squeeze(b.DocumentNo)
	}
	return a.Title != "" && squeeze(a.Title) == squeeze(b.Title)
}

// sameInCircle are, by list of a circle, those that are the same document by the word of both their members, of which one is shown: that
// of the lowest id, so that every node shows the same.
type sameInCircle map[string]string

func readSame(ctx context.Context, tx *store.Tx, circle string) (sameInCircle, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT s.plan, s.with_plan FROM plan_same s JOIN plan_same o ON o.plan = s.with_plan AND o.with_plan = s.plan
		AND substr(o.book, 7) = substr(s.book, 7) AND o.book <> s.book WHERE substr(s.book, 8) = ? ORDER BY s.plan, s.with_plan`, circle)
	if err != nil {
		return nil, err
	}
	same := sameInCircle{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var a, b string
		if err := scan(&a, &b); err != nil {
			return none, err
		}
		low, high := same.shown(a), same.shown(b)
		if low > high {
			low, high = high, low
		}
		for id, as := range same { // all that stood under the one stand under the other
			if as == high {
				same[id] = low
			}
		}
		same[a], same[b], same[high] = low, low, low
		return none, nil
	})
	return same, err
}

// shown is the list that stands for it.
func (s sameInCircle) shown(plan string) string {
	if as, ok := s[plan]; ok {
		return as
	}
	return plan
}

// others are those that a list stands for beside itself.
func (s sameInCircle) others(plan string) (all []string) {
	for id, as := range s {
		if as == plan && id != plan {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// SameLine is a row of this member's list beside the one of the neighbour's that it is, or may be, one with; either may be empty.
type SameLine struct {
	Ours, Theirs ListingRow
	SaidOurs     bool // this member said that they are one
	SaidTheirs   bool // the neighbour did
	Likely       bool // nobody said so yet, but number and title, or the title, are the same
}

// SamePage is two lists side by side.
type SamePage struct {
	Plan, With PlanHead
	Key        string
	Member     string // name of the neighbour
	Ours       bool   // this member said that they are the same
	Theirs     bool
	Lines      []SameLine // in the order of this member's list, then what only the neighbour has
}

// Same reads two lists side by side. Refused: plan.same-with.
func (d *Desk) Same(ctx context.Context, plan, with string) (p SamePage, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		ours, err := planHead(ctx, tx, d.PlanID(plan))
		if err != nil {
			return err
		}
		if ours == nil {
			return refuse.New("plan.unknown", "plan", plan)
		}
		theirs, err := planHead(ctx, tx, with)
		if err != nil {
			return err
		}
		if err := d.oursBook(ours.Book); err != nil {
			return err
		}
		if theirs == nil || theirs.Circle != ours.Circle || theirs.Circle == node.Self || memberOfBook(theirs.Book) == d.node.Member {
			return refuse.New("plan.same-with", "plan", with).At("with")
		}
		p = SamePage{Plan: *ours, With: *theirs, Key: d.PlanKey(ours.Facts.Plan), Member: region.MemberName(memberOfBook(theirs.Book))}
		return p.read(ctx, tx)
	})
	return p, err
}

func (p *SamePage) read(ctx context.Context, tx *store.Tx) error {
	a, err := listingsOf(ctx, tx, p.Plan.Facts.Plan)
	if err != nil {
		return err
	}
	b, err := listingsOf(ctx, tx, p.With.Facts.Plan)
	if err != nil {
		return err
	}
	dropped := func(l ListingRow) bool { return l.Dropped != "" }
	a, b = slices.DeleteFunc(a, dropped), slices.DeleteFunc(b, dropped)
	said := map[SamePair][2]bool{} // by whom
	for i, of := range []string{p.Plan.Facts.Plan, p.With.Facts.Plan} {
		with := p.With.Facts.Plan
		if i == 1 {
			with = p.Plan.Facts.Plan
		}
		rows, err := tx.Query(ctx, `SELECT listing, theirs FROM plan_same WHERE plan = ? AND with_plan = ?`, of, with)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var x SamePair
			err = scan(&x.Listing, &x.Theirs)
			if i == 1 {
				x.Listing, x.Theirs = x.Theirs, x.Listing
			}
			by := said[x]
			by[i] = true
			said[x] = by
			return none, err
		})
		if err != nil {
			return err
		}
	}
	for _, by := range said {
		p.Ours, p.Theirs = p.Ours || by[0], p.Theirs || by[1]
	}
	p.lines(a, b, said)
	return nil
}

// lines pairs rows: by what was said, this member's word first, then by likeness.
func (p *SamePage) lines(a, b []ListingRow, said map[SamePair][2]bool) {
	byID := map[string]ListingRow{}
	for _, l := range b {
		byID[l.ID] = l
	}
	of, taken := map[string]SameLine{}, map[string]bool{}
	for _, whose := range []int{0, 1} {
		for _, x := range sortedPairs(said) {
			theirs, ok := byID[x.Theirs]
			if _, had := of[x.Listing]; said[x][whose] && ok && !had && !taken[x.Theirs] {
				of[x.Listing] = SameLine{Theirs: theirs, SaidOurs: said[x][0], SaidTheirs: said[x][1]}
				taken[x.Theirs] = true
			}
		}
	}
	var rows []Change
	for _, l := range a {
		if _, had := of[l.ID]; !had {
			rows = append(rows, Change{Words: l.Words, Title: l.ID})
		}
	}
	match(rows, slices.DeleteFunc(slices.Clone(b), func(l ListingRow) bool { return taken[l.ID] }))
	for _, r := range rows {
		if r.Listing != "" {
			of[r.Title] = SameLine{Theirs: byID[r.Listing], Likely: true}
			taken[r.Listing] = true
		}
	}
	for _, l := range a {
		line := of[l.ID]
		line.Ours = l
		p.Lines = append(p.Lines, line)
	}
	for _, l := range b {
		if !taken[l.ID] {
			p.Lines = append(p.Lines, SameLine{Theirs: l})
		}
	}
}

func sortedPairs(said map[SamePair][2]bool) []SamePair {
	all := make([]SamePair, 0, len(said))
	for x := range said {
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b SamePair) int {
		return cmp.Or(cmp.Compare(a.Listing, b.Listing), cmp.Compare(a.Theirs, b.Theirs))
	})
	return all
}
