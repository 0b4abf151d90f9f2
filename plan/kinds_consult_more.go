package plan

import (
	"context"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// ConsultationWidenedFacts: whom an open draft list asks besides, in the book in which it asks others already.
type ConsultationWidenedFacts struct {
	Consultation string   `json:"consultation"`
	Orgs         []string `json:"orgs"`    // units, in the own book; each once
	Members      []string `json:"members"` // neighbours, in a circle's book; each once
}

// ConsultationWidened 增加征求意见的单位: by who asked, as long as the day for comments is not over. Who comments names it beside the draft list.
var ConsultationWidened = &node.Kind[ConsultationWidenedFacts, region.NoWords]{
	Name: "plan.consultation.widened/1", Action: string(region.PlanDraft),
	Allow: func(ctx context.Context, w *node.Writing, circle string, f ConsultationWidenedFacts, _ *region.NoWords) error {
		var due judge.Date
		err := w.Tx().Row(ctx, `SELECT due FROM plan_consultation WHERE book = ? AND consultation = ?`, w.Node().BookName(circle), f.Consultation).Scan(&due)
		if err != nil {
			return refuseMissing(err, "plan.consultation-unknown", "consultation", f.Consultation)
		}
		if due < judge.DateIn(w.Now(), judge.Beijing) {
			return refuse.New("plan.consultation-past-more", "day", string(due)).At("to")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ConsultationWidenedFacts) error {
		if err := needAsked(e, f.Orgs, f.Members); err != nil {
			return err
		}
		if err := needConsultation(ctx, own, f.Consultation); err != nil {
			return err
		}
		for _, to := range slices.Concat(f.Orgs, f.Members) {
			var taken int
			err := own.Row(ctx, `SELECT count(*) FROM plan_consultation_to WHERE book = ? AND consultation = ? AND asked = ?`, f.Consultation, to).Scan(&taken)
			if err == nil && taken > 0 {
				err = refuse.New("plan.consultation-asked").At("to")
			}
			if err != nil {
				return err
			}
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f ConsultationWidenedFacts) ([]string, error) {
		return nil, askMore(ctx, own, f.Consultation, slices.Concat(f.Orgs, f.Members))
	},
}

// needAsked: units in the own book, neighbours in a circle's, at least one, each once.
func needAsked(e book.Entry, orgs, members []string) error {
	if inside := e.Circle == node.Self; inside != (len(members) == 0) || inside == (len(orgs) == 0) {
		return refuse.New("plan.consultation-to").At("to")
	}
	if err := eachOnce(orgs); err != nil {
		return err
	}
	for i, m := range members {
		if !book.IsMember(m) || m == e.Member || slices.Contains(members[:i], m) {
			return refuse.New("plan.ask-member", "member", m).At("to")
		}
	}
	return nil
}

// askMore notes whom an entry asks.
func askMore(ctx context.Context, own *node.Own, consultation string, asked []string) error {
	for _, to := range asked {
		if _, err := own.Exec(ctx, `INSERT INTO plan_consultation_to (book, consultation, asked, idx) VALUES (?, ?, ?, ?)`, consultation, to, own.Index); err != nil {
			return err
		}
	}
	return nil
}
