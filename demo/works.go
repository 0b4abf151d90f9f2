package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/store"
)

// row is a listing as it was taken in.
type row struct {
	listing, plan, item, title string // plan: key without the year
	deadline                   judge.Deadline
}

// work is an item with all rows that stand for it.
type work struct {
	facts plan.ItemFacts
	words plan.ItemWords
	rows  []row
	plot  plot
	text  *subject
	hash  uint32 // of its title: what stands for chance
}

func (w *work) title() string { return w.rows[0].title }

func (w *work) lead() string {
	if len(w.facts.Leads) == 0 {
		return ""
	}
	return w.facts.Leads[0]
}

// in says whether the item stands in a list.
func (w *work) in(plan string) bool {
	return slices.ContainsFunc(w.rows, func(r row) bool { return r.plan == plan })
}

// monthly says how often the item is reported on: the shortest cycle of its lists.
func (w *work) monthly() bool { return w.in("chengyu") || w.in("suitong") }

// due is the earliest day by which a list wants the work done, "" if none names one.
func (w *work) due() judge.Date {
	var first judge.Date
	for _, r := range w.rows {
		if d := r.deadline; d.Kind == judge.By && (first == "" || d.Date < first) {
			first = d.Date
		}
	}
	return first
}

// recurs says whether a list wants the work each month or quarter.
func (w *work) recurs() bool {
	return slices.ContainsFunc(w.rows, func(r row) bool {
		return r.deadline.Kind == judge.EveryMonth || r.deadline.Kind == judge.EveryQuarter
	})
}

func hash(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}

// readWorks reads what the imports made.
func (s *seeding) readWorks(ctx context.Context) error {
	subjects, err := readSubjects()
	if err != nil {
		return err
	}
	rows, err := s.readRows(ctx)
	if err != nil {
		return err
	}
	s.works = nil
	byItem := map[string]*work{}
	for _, r := range rows {
		w := byItem[r.item]
		if w == nil {
			w = &work{text: subjectOf(subjects, r.title), hash: hash(r.title)}
			byItem[r.item], s.works = w, append(s.works, w)
		}
		w.rows = append(w.rows, r)
	}
	for _, w := range s.works {
		w.plot = plotOf(w)
		if err := s.readItem(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeding) readRows(ctx context.Context) (all []row, err error) {
	err = s.desk.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n.item, e.entry, e.words FROM plan_now n
			JOIN book_entry e ON e.book = n.book AND e.idx = n.idx`)
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (r row, err error) {
			var raw, said []byte
			if err := scan(&r.item, &raw, &said); err != nil {
				return r, err
			}
			var f plan.ListingFacts
			var w plan.ListingWords
			if err := decode(raw, said, &f, &w); err != nil {
				return r, err
			}
			r.listing, r.title, r.deadline = f.Listing, w.Title, f.Deadline
			r.plan = strings.TrimSuffix(s.desk.PlanKey(f.Plan), "-2022")
			return r, nil
		})
		return err
	})
	order := func(r row) int {
		l := slices.IndexFunc(s.lists, func(l list) bool { return l.key == r.plan })
		n := slices.IndexFunc(s.lists[l].tasks, func(t task) bool { return t.title == r.title })
		return l*1000 + n
	}
	slices.SortFunc(all, func(a, b row) int { return cmp.Compare(order(a), order(b)) })
	return all, err
}

func (s *seeding) readItem(ctx context.Context, w *work) error {
	return s.desk.Node().Store.Read(ctx, func(tx *store.Tx) error {
		var raw, said []byte
		err := tx.Row(ctx, `SELECT e.entry, e.words FROM plan_item i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
			WHERE i.book = ? AND i.item = ?`, s.desk.Node().BookName(node.Self), w.rows[0].item).Scan(&raw, &said)
		if err != nil {
			return err
		}
		return decode(raw, said, &w.facts, &w.words)
	})
}

func decode(entry, said []byte, facts, words any) error {
	e, err := book.Scan(entry)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(e.Facts, facts); err != nil {
		return err
	}
	return json.Unmarshal(said, words)
}
