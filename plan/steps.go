package plan

import (
	"context"
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// Steps are milestones as they stand on a day: how much of the way is behind (加权进度). RULES gives no rule for weights: they are what the
// list's office typed; where it typed none each milestone weighs the same, where it typed some, the others share what is left of 100.
type Steps []ItemMilestone

// Reached is the share of the way that is behind, in percent, cut to a whole number, so that what is not complete never reads 100; -1
// without milestones.
func (s Steps) Reached() int { return s.share(func(m ItemMilestone) bool { return m.Done != "" }) }

// Behind is how many were reached.
func (s Steps) Behind() (n int) {
	for _, m := range s {
		if m.Done != "" {
			n++
		}
	}
	return n
}

// Due is the share that the plan wanted behind by the end of a day, in percent; -1 without milestones.
func (s Steps) Due(day judge.Date) int {
	return s.share(func(m ItemMilestone) bool { return m.Due <= day })
}

// share works in parts of a percent, so that thirds add up.
func (s Steps) share(counts func(ItemMilestone) bool) int {
	weights, sum := s.weights(), 0
	part := 0
	for i, m := range s {
		sum += weights[i]
		if counts(m) {
			part += weights[i]
		}
	}
	if sum == 0 {
		return -1
	}
	return 100 * part / sum
}

// weights are those typed, times the number of milestones without one, which share what is left of 100.
func (s Steps) weights() []int {
	bare, typed := 0, 0
	for _, m := range s {
		typed += m.Weight
		if m.Weight == 0 {
			bare++
		}
	}
	all := make([]int, len(s))
	for i, m := range s {
		switch {
		case m.Weight > 0:
			all[i] = m.Weight * max(bare, 1)
		case typed == 0:
			all[i] = 1
		default:
			all[i] = max(100-typed, 0)
		}
	}
	return all
}

// metBy is when milestones of items were reached, by item and milestone, as reports say that were accepted by a day in each item's home
// book; of a period only its newest accepted report counts.
func metBy(ctx context.Context, tx *store.Tx, items string, args []any, asOf judge.Date) (map[[2]string]judge.Date, error) {
	rows, err := tx.Query(ctx, `SELECT m.item, m.milestone, min(m.day) FROM plan_item_now t
		JOIN plan_met m ON m.book = t.book AND m.item = t.item
		JOIN plan_accepted a ON a.book = m.book AND a.idx = m.idx
		WHERE t.item IN (`+items+`) AND a.day <= ? AND NOT EXISTS (SELECT 1 FROM plan_accepted n WHERE n.book = a.book AND n.item = a.item
			AND n.period = a.period AND n.idx > a.idx AND n.day <= ?)
		GROUP BY m.item, m.milestone`, append(args, string(asOf), string(asOf))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[[2]string]judge.Date{}
	for rows.Next() {
		var at [2]string
		var day judge.Date
		if err := rows.Scan(&at[0], &at[1], &day); err != nil {
			return nil, err
		}
		all[at] = day
	}
	return all, rows.Err()
}

// WeightsFit says whether weights of n milestones, in percent, can be those of a whole: given to all they make 100, given to some they leave
// something for the others. It returns their sum.
func WeightsFit(weights map[string]int, n int) (sum int, fit bool) {
	for _, w := range weights {
		if w < 1 || w > 100 {
			return w, false
		}
		sum += w
	}
	return sum, len(weights) == 0 || len(weights) == n && sum == 100 || len(weights) < n && sum < 100
}

// stepsOf are an item's milestones as the item has them.
func stepsOf(f ItemFacts, w ItemWords, met map[[2]string]judge.Date) (all Steps) {
	for _, m := range f.Milestones {
		name := strings.TrimSpace(w.Milestones[m.ID])
		if name == "" {
			name = m.ID
		}
		all = append(all, ItemMilestone{ID: m.ID, Name: name, Due: m.Day, Done: met[[2]string{f.Item, m.ID}], Weight: min(max(w.Weights[m.ID], 0), 100)})
	}
	return all
}
