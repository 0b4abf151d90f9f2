package plan

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// LadderFacts: the steps of 三色督办 from the lowest up.
type LadderFacts struct {
	Steps []StepFacts `json:"steps"`
}

// StepFacts: one step and in how many working days a slip of it is to be answered.
type StepFacts struct {
	Level string `json:"level"` // blue, orange, red
	Days  int    `json:"days"`  // working days, 1 to 90
}

// LadderWords: what each step is called, and the document that says so.
type LadderWords struct {
	Names  map[string]string `json:"names"`
	Source string            `json:"source"`
}

// LadderSet 设定督办等次: which colours there are and how long each gives differs by place (RULES 2.1: 蓝橙红 in 三明, 蓝黄红 in 宿迁), so it
// is said in the own book. A later entry replaces it, for slips and steps from then on.
var LadderSet = &node.Kind[LadderFacts, LadderWords]{
	Name: "plan.ladder.set/1", Action: string(region.PlanLegend),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f LadderFacts) error {
		if e.Circle != node.Self {
			return refuse.New("plan.only-self")
		}
		if len(f.Steps) == 0 || len(f.Steps) > 9 {
			return refuse.New("plan.ladder-steps").At("steps")
		}
		seen := map[string]bool{}
		for _, s := range f.Steps {
			if !book.IsID(s.Level) || seen[s.Level] || s.Days < 1 || s.Days > 90 {
				return refuse.New("plan.ladder-step", "level", s.Level).At("steps")
			}
			seen[s.Level] = true
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, _ LadderFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_ladder (book, idx) VALUES (?, ?)
			ON CONFLICT (book) DO UPDATE SET idx = excluded.idx`, own.Index)
		return nil, err
	},
}

const ladderRows = `
CREATE TABLE plan_ladder (
	book TEXT PRIMARY KEY,
	idx BIGINT NOT NULL
);
`

// Ladder is the steps of supervision, from the lowest up.
type Ladder struct {
	Steps  []Step
	Source string // the document that sets it; empty: ours
}

// Step is one step of the ladder.
type Step struct {
	Level string
	Name  string // empty: by the interface's name of the level
	Days  int    // working days in which a slip of it is to be answered
}

// DefaultLadder is that of 三明 (RULES 2.1: 蓝 remind, 橙 warn, 红). Its days have no source; they are ours, to be set.
func DefaultLadder() Ladder {
	return Ladder{Steps: []Step{{"blue", "", 5}, {"orange", "", 3}, {"red", "", 2}}}
}

// Step is a step by its level.
func (l Ladder) Step(level string) (Step, bool) {
	for _, s := range l.Steps {
		if s.Level == level {
			return s, true
		}
	}
	return Step{}, false
}

// Above is the step over a level; ok is false on the highest, or where the level is none of the ladder any more.
func (l Ladder) Above(level string) (Step, bool) {
	for i, s := range l.Steps {
		if s.Level == level && i+1 < len(l.Steps) {
			return l.Steps[i+1], true
		}
	}
	return Step{}, false
}

// Ladder reads the ladder as it stands.
func (d *Desk) Ladder(ctx context.Context) (l Ladder, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		l, err = ladderNow(ctx, tx)
		return err
	})
	return l, err
}

func ladderNow(ctx context.Context, tx *store.Tx) (Ladder, error) {
	rows, err := tx.Query(ctx, `SELECT e.entry, e.words FROM plan_ladder l JOIN book_entry e ON e.book = l.book AND e.idx = l.idx`)
	if err != nil {
		return Ladder{}, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (l Ladder, err error) {
		var raw, said []byte
		if err := scan(&raw, &said); err != nil {
			return l, err
		}
		var f LadderFacts
		if err := factsOf(raw, &f); err != nil {
			return l, err
		}
		w, _, err := words[LadderWords](said)
		l.Source = w.Source
		for _, s := range f.Steps {
			l.Steps = append(l.Steps, Step{s.Level, w.Names[s.Level], s.Days})
		}
		return l, err
	})
	if err != nil || len(all) == 0 {
		return DefaultLadder(), err
	}
	return all[0], nil
}

// SetLadder says which steps there are.
func (d *Desk) SetLadder(ctx context.Context, req node.Request, l Ladder) error {
	f, w := LadderFacts{}, LadderWords{Names: map[string]string{}, Source: l.Source}
	for _, s := range l.Steps {
		f.Steps = append(f.Steps, StepFacts{s.Level, s.Days})
		if s.Name != "" {
			w.Names[s.Level] = s.Name
		}
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, wr *node.Writing) error {
		_, err := LadderSet.Say(ctx, wr, node.Said[LadderFacts, LadderWords]{Circle: node.Self, Facts: f, Words: &w})
		return err
	})
	return err
}
