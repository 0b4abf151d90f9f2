package plan

import (
	"cmp"
	"context"
	"errors"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// LegendFacts: which light each work state has on a list, or on all lists of the member that have
// no legend of their own. What colours mean differs by place (RULES 2.1), so it is said in a book.
type LegendFacts struct {
	Plan   string       `json:"plan"` // "": the member's default
	Lights []LightFacts `json:"lights"`
}

// LightFacts: the light of one work state.
type LightFacts struct {
	State judge.WorkState `json:"state"`
	Light judge.Light     `json:"light"`
}

// LegendWords: what each state is called, by its code.
type LegendWords struct {
	Labels map[string]string `json:"labels"`
}

// LegendSet 设定图例. It stands in the book of the list's circle, so that all who read the list see
// the same colours; the member's default stands in its own book. A later entry replaces it.
var LegendSet = &node.Kind[LegendFacts, LegendWords]{
	Name: "plan.legend.set/1", Action: string(region.PlanLegend),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f LegendFacts, w *LegendWords) error {
		if w == nil {
			return refuse.New("plan.legend-form").At("legend")
		}
		return checkLegend(legendOf(f, *w))
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f LegendFacts) error {
		if err := checkLegend(legendOf(f, LegendWords{})); err != nil {
			return err
		}
		if f.Plan == "" {
			if e.Circle != node.Self {
				return refuse.New("plan.legend-form").At("plan")
			}
			return nil
		}
		err := needRow(ctx, own, `SELECT 1 FROM plan_plan WHERE book = ? AND plan = ?`, f.Plan)
		return refuseMissing(err, "plan.unknown", "plan", f.Plan)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f LegendFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_legend (book, plan, idx) VALUES (?, ?, ?)
			ON CONFLICT (book, plan) DO UPDATE SET idx = excluded.idx`, f.Plan, own.Index)
		return nil, err
	},
}

// legendOf joins lights and labels; a state without a label, or whose words were erased, has the
// official one.
func legendOf(f LegendFacts, w LegendWords) judge.Legend {
	var legend judge.Legend
	for _, l := range f.Lights {
		legend = append(legend, judge.Lamp{State: l.State, Light: l.Light, Label: cmp.Or(w.Labels[string(l.State)], l.State.Zh())})
	}
	return legend
}

func checkLegend(l judge.Legend) error {
	var wrong *judge.Problem
	if err := l.Check(); errors.As(err, &wrong) {
		return refuse.New("plan.legend", "zh", wrong.Zh, "en", wrong.En).At("legend")
	} else if err != nil {
		return err
	}
	return nil
}
