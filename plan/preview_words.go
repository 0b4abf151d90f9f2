package plan

import (
	"context"
	"maps"
	"slices"

	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/plan/twin"
	"liandong/store"
)

// wordsOf are the words of a row as its office wrote them.
func wordsOf(s *sheet.Sheet, r *sheet.Row) ListingWords {
	w := ListingWords{
		Number: r.Number, Section: r.Section, Title: r.Title, Measures: r.Measures, Target: r.Target,
		Lead: r.Lead, Support: r.Support, Leader: r.Leader, Note: r.Note, Sheet: s.Name, Row: r.Row, Part: r.Part,
	}
	if r.Deadline != nil {
		w.Deadline = r.Deadline.Text
	}
	for code, u := range r.Sides {
		if w.Sides == nil {
			w.Sides = map[string]Side{}
		}
		w.Sides[code] = Side(u)
	}
	for k, v := range r.Extra {
		if v != "" {
			if w.Extra == nil {
				w.Extra = map[string]string{}
			}
			w.Extra[k] = v
		}
	}
	return w
}

func deadlineOf(r *sheet.Row) judge.Deadline {
	if r.Deadline == nil {
		return judge.Deadline{Kind: judge.Unclear}
	}
	return judge.Deadline{Kind: judge.DeadlineKind(r.Deadline.Kind), Date: judge.Date(r.Deadline.Date)}
}

// sameListing compares all that a row says; where it stood in the file is no part of it.
func sameListing(a, b ListingWords) bool {
	return a.Number == b.Number && a.Title == b.Title && a.Measures == b.Measures && a.Target == b.Target &&
		a.Leader == b.Leader && a.Deadline == b.Deadline && a.Note == b.Note &&
		slices.Equal(a.Section, b.Section) && slices.Equal(a.Lead, b.Lead) && slices.Equal(a.Support, b.Support) &&
		maps.Equal(wording(a.Extra), wording(b.Extra)) && sameSides(a, b)
}

// wording leaves out the columns in which progress of earlier months or quarters stands: they change
// with every report, the row does not.
func wording(extra map[string]string) map[string]string {
	kept := map[string]string{}
	for header, text := range extra {
		if !sheet.Reports(header) {
			kept[header] = text
		}
	}
	return kept
}

func sameSides(a, b ListingWords) bool {
	return maps.EqualFunc(a.Sides, b.Sides, func(x, y Side) bool {
		return slices.Equal(x.Lead, y.Lead) && slices.Equal(x.Support, y.Support)
	})
}

// differences names what a revision changes; what only moved in the file is not named.
func differences(now, old ListingWords) []twin.Difference {
	all := twin.Differences(written("", now), written("", old))
	for _, x := range []struct{ field, here, there string }{
		{"number", now.Number, old.Number}, {"leader", now.Leader, old.Leader}, {"note", now.Note, old.Note},
	} {
		if x.here != x.there {
			all = append(all, twin.Difference{Field: x.field, Here: x.here, There: x.there})
		}
	}
	return all
}

// written is a row as it is written, for showing what differs between two versions of it.
func written(id string, w ListingWords) twin.Work {
	return twin.Work{
		ID: id, Title: w.Title, Measures: w.Measures, Target: w.Target, Leads: w.Lead, Supports: w.Support,
		Deadline: w.Deadline, Sections: w.Section,
	}
}

// proposeTwins compares each new row with the items there are, in the wording of every list they
// stand in.
func (d *Desk) proposeTwins(ctx context.Context, tx *store.Tx, p *Preview) error {
	m, err := d.meanings(ctx, tx)
	if err != nil {
		return err
	}
	m.read(p.List.Resolved)
	var fresh []int
	var rows []twin.Work
	for i, c := range p.Changes {
		if c.What == RowNew {
			fresh = append(fresh, i)
			rows = append(rows, m.work("", c.Words, c.Facts.Deadline.Date))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	items, err := itemWorks(ctx, tx, m, p.Options.Plan)
	if err != nil || len(items) == 0 {
		return err
	}
	if !p.Existing {
		if p.Same, err = d.sameList(ctx, tx, p.Options, rows, items); err != nil {
			return err
		}
	}
	for n, proposals := range twin.NewIndex(items).ProposeList(rows, leastTwin) {
		c := &p.Changes[fresh[n]]
		c.Twins, c.unasked = proposals, p.asked() != nil
		for _, t := range proposals {
			n, err := d.wouldShow(ctx, tx, p.Options.Circle, t.Item)
			if err != nil {
				return err
			}
			if n > 0 {
				if c.Discloses == nil {
					c.Discloses = map[string]int{}
				}
				c.Discloses[t.Item] = n
			}
			if t.Score >= twin.Threshold {
				p.List.Twins = append(p.List.Twins, sheet.Twin{Row: c.Row.Row, Item: t.Item, Score: t.Score, Reason: t.Reason.Zh, Discloses: n})
			}
		}
	}
	return nil
}

// itemWorks gives one work for each wording of each item, but not those of the list at hand: a
// list does not name the same work twice.
func itemWorks(ctx context.Context, tx *store.Tx, m meanings, but string) ([]twin.Work, error) {
	rows, err := tx.Query(ctx, `SELECT p.item, l.plan, l.deadline, e.words FROM plan_now n
		JOIN plan_pointer p ON p.book = n.book AND p.listing = n.listing
		JOIN plan_listing l ON l.book = n.book AND l.listing = n.listing
		JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
		WHERE substr(n.book, 1, 6) = ? AND n.plan <> ? AND p.item NOT IN (
			SELECT q.item FROM plan_pointer q JOIN plan_listing m ON m.book = q.book AND m.listing = q.listing
			WHERE m.plan = ?)
		ORDER BY p.item, l.plan, n.ord`, m.member, but, but)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, m.scanned)
}

// meanings are what the names in a row mean: ids of units by name.
type meanings struct {
	units  unitNames
	member string
}

func (d *Desk) meanings(ctx context.Context, tx *store.Tx) (meanings, error) {
	units, err := unitsByName(ctx, tx)
	return meanings{units, d.node.Member}, err
}

// read adds what the reading of a file found names to mean; of a name that the directory does not
// know the nearest one, for it is weak evidence only.
func (m meanings) read(resolved map[string]sheet.UnitMatch) {
	for _, u := range resolved {
		switch {
		case len(m.units[u.Name]) > 0:
		case u.ID != "":
			m.units[u.Name] = []string{u.ID}
		case len(u.Group) > 0:
			m.units[u.Name] = u.Group
		case len(u.Proposals) > 0:
			m.units[u.Name] = []string{u.Proposals[0].ID}
		}
	}
}

// work is a row as twins are sought for it: those who do the work here are among its units.
func (m meanings) work(id string, w ListingWords, due judge.Date) twin.Work {
	all := written(id, w)
	own := w.Sides[m.member]
	all.LeadUnits = m.means(append(slices.Clone(w.Lead), own.Lead...))
	all.SupportUnits = m.means(append(slices.Clone(w.Support), own.Support...))
	all.Due = string(due)
	return all
}

// means gives the ids of names, and a name itself that means no unit.
func (m meanings) means(names []string) []string {
	ids := []string{}
	for _, name := range names {
		of := m.units[name]
		if len(of) == 0 {
			of = []string{name}
		}
		for _, id := range of {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// scanned reads item, plan, deadline and words of a listing.
func (m meanings) scanned(scan func(...any) error) (w twin.Work, err error) {
	var item, list, due string
	var raw []byte
	if err := scan(&item, &list, &due, &raw); err != nil {
		return w, err
	}
	lw, _, err := words[ListingWords](raw)
	w = m.work(item, lw, judge.Date(due))
	w.Lists = []string{list}
	return w, err
}
