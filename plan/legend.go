package plan

import (
	"context"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/store"
)

// legends are what colours mean, by list; "" is the member's default.
type legends map[string]judge.Legend

// of is the legend of a list: its own, the member's, or the one we began with.
func (l legends) of(plan string) judge.Legend {
	for _, id := range []string{plan, ""} {
		if legend, ok := l[id]; ok {
			return legend
		}
	}
	return judge.DefaultLegend()
}

func readLegends(ctx context.Context, tx *store.Tx) (legends, error) {
	rows, err := tx.Query(ctx, `SELECT l.plan, e.entry, e.words FROM plan_legend l
		JOIN book_entry e ON e.book = l.book AND e.idx = l.idx`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := legends{}
	for rows.Next() {
		var plan string
		var raw, said []byte
		if err := rows.Scan(&plan, &raw, &said); err != nil {
			return nil, err
		}
		var f LegendFacts
		if err := factsOf(raw, &f); err != nil {
			return nil, err
		}
		w, _, err := words[LegendWords](said)
		if err != nil {
			return nil, err
		}
		all[plan] = legendOf(f, w)
	}
	return all, rows.Err()
}

// LegendPage is a legend as it stands.
type LegendPage struct {
	Plan   PlanHead // zero: the member's default
	Key    string
	Own    bool // said for this list itself
	Legend judge.Legend
}

// Legend reads the legend of a list, or with plan "" the member's default.
func (d *Desk) Legend(ctx context.Context, plan string) (p LegendPage, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		id := ""
		if plan != "" {
			id = d.PlanID(plan)
			head, err := planHead(ctx, tx, id)
			if err != nil {
				return err
			}
			if head == nil {
				return refuse.New("plan.unknown", "plan", plan)
			}
			p.Plan, p.Key = *head, d.PlanKey(id)
		}
		all, err := readLegends(ctx, tx)
		_, p.Own = all[id]
		p.Legend = all.of(id)
		return err
	})
	return p, err
}

// SetLegend says what the colours of a list mean, or with plan "" those of all lists that have no
// legend of their own.
func (d *Desk) SetLegend(ctx context.Context, req node.Request, plan string, legend judge.Legend) error {
	if err := checkLegend(legend); err != nil {
		return err // before a state without a label is given the official one
	}
	f, w := LegendFacts{Plan: plan}, LegendWords{Labels: map[string]string{}}
	for _, l := range legend {
		f.Lights = append(f.Lights, LightFacts{l.State, l.Light})
		w.Labels[string(l.State)] = l.Label
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, wr *node.Writing) error {
		said := node.Said[LegendFacts, LegendWords]{Circle: node.Self, Facts: f, Words: &w}
		if plan != "" {
			said.Facts.Plan = d.PlanID(plan)
			head, err := d.ownPlan(ctx, wr, plan)
			if err != nil {
				return err
			}
			said.Circle, said.Subjects = head.Circle, []string{said.Facts.Plan}
		}
		_, err := say(ctx, wr, LegendSet, said)
		return err
	})
	return err
}
