package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
)

func (i *importing) newRow(ctx context.Context, n int, c *Change) error {
	c.Listing = i.desk.ID(i.desk.newID("l"))
	items := i.confirmed.Links[n]
	if len(items) == 0 {
		facts, words := i.itemOf(c)
		if err := i.openItem(ctx, facts, words); err != nil {
			return err
		}
		return i.list(ctx, c, []string{facts.Item})
	}
	i.done.Linked++
	items = i.desk.knownAll(items)
	for _, item := range items {
		i.done.Links = append(i.done.Links, LinkedRow{Listing: c.Listing, Item: item})
		if err := i.desk.publish(ctx, i.w, i.circle(), item); err != nil {
			return err
		}
	}
	return i.list(ctx, c, items)
}

func (i *importing) list(ctx context.Context, c *Change, items []string) error {
	f := c.Facts
	f.Listing, f.Items = c.Listing, items
	_, err := say(ctx, i.w, Listed, node.Said[ListingFacts, ListingWords]{
		Circle: i.circle(), Subjects: append([]string{f.Listing}, items...), Facts: f, Words: &c.Words,
	})
	return err
}

// revise writes the row's new version. Its item follows where no other list holds it.
func (i *importing) revise(ctx context.Context, c *Change) error {
	old := i.preview.standing[c.Listing]
	if len(old.Facts.Items) == 1 {
		if err := i.reviseItem(ctx, c, old.Words, old.Facts.Items[0]); err != nil {
			return err
		}
	}
	if old.Dropped != "" { // back in the list: what was accepted meanwhile stayed inside
		for _, item := range old.Facts.Items {
			if err := i.desk.publish(ctx, i.w, i.circle(), item); err != nil {
				return err
			}
		}
	}
	if err := i.list(ctx, c, old.Facts.Items); err != nil {
		return err
	}
	return i.amended(ctx, c, old)
}

func (i *importing) reviseItem(ctx context.Context, c *Change, old ListingWords, item string) error {
	var lists int
	err := i.w.Tx().Row(ctx, `SELECT count(DISTINCT listing) FROM plan_pointer WHERE item = ?`, item).Scan(&lists)
	if err != nil || lists > 1 {
		return err
	}
	facts, words, ok, err := readItemEntry(ctx, i.w.Tx(), i.desk.node.BookName(node.Self), item)
	if err != nil || !ok {
		return err
	}
	before, err := json.Marshal([]any{facts, words})
	if err != nil {
		return err
	}
	used, err := i.desk.IDsOf(ctx, i.w.Tx(), item)
	if err != nil {
		return err
	}
	i.follow(c, old, &facts, &words, used)
	after, err := json.Marshal([]any{facts, words})
	if err != nil || bytes.Equal(before, after) {
		return err
	}
	// A neighbour's row may count the item in a circle of which no list here holds it.
	books, err := itemCircles(ctx, i.w.Tx(), i.desk.node.Member, item)
	if err != nil {
		return err
	}
	return sayItemShown(ctx, i.w, books, facts, words)
}

// follow brings an item after its revised row. What the row does not say otherwise than before
// stays as people made it since.
func (i *importing) follow(c *Change, old ListingWords, f *ItemFacts, w *ItemWords, used map[string]bool) {
	now, nowWords := i.itemOf(c)
	if !slices.Equal(c.Words.Lead, old.Lead) || !slices.Equal(c.Words.Support, old.Support) || !sameSides(c.Words, old) {
		f.Leads, f.Supports = now.Leads, now.Supports
	}
	if c.Words.Title != old.Title {
		w.Title = nowWords.Title
	}
	if c.Words.Leader != old.Leader {
		w.Leader = nowWords.Leader
	}
	if c.Words.Deadline != old.Deadline {
		followSteps(c.Row.Deadline, sheet.ParseDeadline(old.Deadline, i.preview.Options.Year), f, w, used)
	}
	if c.Words.Target != old.Target {
		followTarget(c.Words.Target, old.Target, f, w, used)
	}
}

// followSteps drops the milestones of the old deadline and adds those of the new; a day that both
// name keeps its milestone, for reports may have reached it.
func followSteps(now, old *sheet.Deadline, f *ItemFacts, w *ItemWords, used map[string]bool) {
	was, is := stepDays(old), stepDays(now)
	f.Milestones = slices.DeleteFunc(f.Milestones, func(m MilestoneFacts) bool {
		gone := slices.Contains(was, m.Day) && !slices.Contains(is, m.Day)
		if gone {
			delete(w.Milestones, m.ID)
			delete(w.Weights, m.ID)
		}
		return gone
	})
	for _, day := range is {
		if slices.ContainsFunc(f.Milestones, func(m MilestoneFacts) bool { return m.Day == day }) {
			continue
		}
		id := freeID("m", used)
		f.Milestones = append(f.Milestones, MilestoneFacts{ID: id, Day: day})
		if w.Milestones == nil {
			w.Milestones = map[string]string{}
		}
		w.Milestones[id] = stepName(day)
	}
}

func stepDays(d *sheet.Deadline) []judge.Date {
	if d == nil {
		return nil
	}
	var days []judge.Date
	for _, s := range d.Steps {
		days = append(days, judge.Date(s))
	}
	return days
}

// followTarget revises the indicators that the old target named: the same name keeps its id and
// with it its figures.
func followTarget(now, old string, f *ItemFacts, w *ItemWords, used map[string]bool) {
	_, was, _ := indicatorsOf(old)
	is, names, targets := indicatorsOf(now)
	kept := []IndicatorFacts{}
	for _, k := range f.Indicators {
		if !hasValue(was, w.Indicators[k.ID]) || hasValue(names, w.Indicators[k.ID]) {
			kept = append(kept, k)
			continue
		}
		delete(w.Indicators, k.ID)
		delete(w.Targets, k.ID)
	}
	f.Indicators = kept
	for _, k := range is {
		name, target := names[k.ID], targets[k.ID]
		at := slices.IndexFunc(f.Indicators, func(h IndicatorFacts) bool { return w.Indicators[h.ID] == name })
		if at < 0 {
			k.ID = freeID("k", used)
			at = len(f.Indicators)
			f.Indicators = append(f.Indicators, k)
		}
		k.ID = f.Indicators[at].ID
		f.Indicators[at] = k
		if w.Indicators == nil {
			w.Indicators = map[string]string{}
		}
		if w.Targets == nil {
			w.Targets = map[string]string{}
		}
		w.Indicators[k.ID], w.Targets[k.ID] = name, target
	}
}

func hasValue(m map[string]string, v string) bool {
	for _, x := range m {
		if x == v {
			return true
		}
	}
	return false
}

// freeID is the first of m1, m2 … that was never used, and is used from then on.
func freeID(letter string, used map[string]bool) string {
	for n := 1; ; n++ {
		if id := fmt.Sprintf("%s%d", letter, n); !used[id] {
			used[id] = true
			return id
		}
	}
}

// openItem describes an item in the own book and in the circle of the list.
func (i *importing) openItem(ctx context.Context, f ItemFacts, words ItemWords) error {
	circles := []string{node.Self}
	if c := i.circle(); c != node.Self {
		circles = append(circles, c)
	}
	for _, org := range slices.Concat(f.Leads, f.Supports) {
		if i.shown[org] {
			continue
		}
		i.shown[org] = true
		if err := region.Show(ctx, i.w, i.circle(), org); err != nil {
			return err
		}
	}
	return sayItem(ctx, i.w, circles, f, words)
}

// sayItemShown is sayItem that tells each circle what the item's organisations are called.
func sayItemShown(ctx context.Context, w *node.Writing, circles []string, f ItemFacts, words ItemWords) error {
	for _, c := range circles {
		if err := region.Show(ctx, w, c, slices.Concat(f.Leads, f.Supports)...); err != nil {
			return err
		}
	}
	return sayItem(ctx, w, circles, f, words)
}

func sayItem(ctx context.Context, w *node.Writing, circles []string, f ItemFacts, words ItemWords) error {
	for _, c := range circles {
		_, err := say(ctx, w, ItemOpened, node.Said[ItemFacts, ItemWords]{
			Circle: c, Subjects: []string{f.Item}, Facts: f, Words: &words,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// itemOf makes an item of a row: who leads and supports, and the steps its deadline names. Where
// the row names sides, the own side's units do the work here.
func (i *importing) itemOf(c *Change) (ItemFacts, ItemWords) {
	r := c.Row
	f := ItemFacts{Item: i.desk.ID(i.desk.newID("i")), Milestones: []MilestoneFacts{}, Indicators: []IndicatorFacts{}}
	own := r.Sides[i.desk.node.Member]
	f.Leads = i.resolve("", r.Lead, nil)
	f.Leads = append(f.Leads, i.resolve(i.desk.node.Member, own.Lead, f.Leads)...)
	f.Supports = i.resolve("", r.Support, f.Leads)
	f.Supports = append(f.Supports, i.resolve(i.desk.node.Member, own.Support, append(f.Leads, f.Supports...))...)
	words := ItemWords{Title: r.Title, Leader: r.Leader}
	if r.Deadline != nil {
		f.Milestones, words.Milestones = steps(r.Deadline)
	}
	f.Indicators, words.Indicators, words.Targets = indicatorsOf(r.Target)
	return f, words
}

// resolve gives the ids of names, each once and none of those taken already.
func (i *importing) resolve(side string, names, taken []string) []string {
	ids := []string{}
	for _, name := range names {
		for _, id := range i.units[sheet.UnitKey(side, name)] {
			if !slices.Contains(ids, id) && !slices.Contains(taken, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// steps are the dates that a deadline names before its last: milestones.
func steps(d *sheet.Deadline) ([]MilestoneFacts, map[string]string) {
	all, names := []MilestoneFacts{}, map[string]string{}
	for n, day := range d.Steps {
		id := fmt.Sprintf("m%d", n+1)
		all = append(all, MilestoneFacts{ID: id, Day: judge.Date(day)})
		names[id] = stepName(judge.Date(day))
	}
	return all, names
}

func stepName(day judge.Date) string { return day.ShortZh() + "前完成阶段任务" }
