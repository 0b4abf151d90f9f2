package plantest_test

import (
	"context"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
)

// closing takes a unit out of the directory.
func closing(org string) node.Act {
	return func(ctx context.Context, w *node.Writing) error {
		_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
			Circle: node.Self, Subjects: []string{org}, Facts: region.OrgFacts{Org: org, Side: w.Node().Member, Closed: true}, Words: &region.OrgWords{Name: "已撤并单位"},
		})
		return err
	}
}

// inCircle says a kind in the book of a circle.
func inCircle[F, W any](o *plantest.Office, by node.Request, k *node.Kind[F, W], facts F, words W) error {
	_, err := o.Node().Write(context.Background(), by, func(ctx context.Context, w *node.Writing) error {
		_, err := k.Say(ctx, w, node.Said[F, W]{Circle: plantest.Circle, Facts: facts, Words: &words})
		return err
	})
	return err
}

// wordsInCircle are all kinds of what is said of a leader's word, said in the book of a circle.
func wordsInCircle(o *plantest.Office, id, unit string) map[string]error {
	boss, office, reporter := o.As(region.Leader, plantest.UnitNames[0]), o.Coordinator(), o.As(region.Reporter, unit)
	why, said := plan.ReasonWords{Reason: "试一试"}, plan.InstructionSaidFacts{Instruction: id}
	given := plan.InstructionFacts{
		Instruction: "w-other", Year: 2022, Number: 9, Source: plan.InstructionOwn, Leader: boss.Actor.Person, Orgs: []string{o.Units[unit]}, Day: o.Today(), Due: o.Today(),
	}
	return map[string]error{
		"given":    inCircle(o, boss, plan.InstructionGiven, given, plan.InstructionWords{Text: "试一试", Leader: "演示市长"}),
		"signed":   inCircle(o, reporter, plan.InstructionSigned, said, region.NoWords{}),
		"answered": inCircle(o, reporter, plan.InstructionAnswered, said, plan.InstructionAnswerWords{Text: "试一试"}),
		"returned": inCircle(o, office, plan.InstructionReturned, plan.InstructionReturnedFacts{Instruction: id, Org: o.Units[unit], Due: o.Today()}, why),
		"closed":   inCircle(o, office, plan.InstructionClosed, plan.InstructionClosedFacts{Instruction: id, Outcome: plan.InstructionDone}, why),
	}
}
