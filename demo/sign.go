package demo

import (
	"context"
	"errors"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
)

// signed is Suining's unit whose reports its head signs before they are filed (审签), and by whom.
const signed, signer, signerLogin = "市农业农村局", "p-shenqian", "shenqian"

// planSigning plans what waits on the first morning: a unit has its reports signed since Saturday, one of June waits for its head; and
// the coordinator is away for the week while her colleague stands in for her (AB岗).
func (s *seeding) planSigning() error {
	unit := s.orgsOf(signed)[0]
	var waits *work
	for _, w := range s.works {
		if w.lead() == unit && w.monthly() && w.filingDay(6) >= 20 && w.plot.done == "" && len(w.plot.missed) == 0 {
			waits = w
			break
		}
	}
	if waits == nil {
		return errors.New("no report that could wait for a signature")
	}
	s.on(at("2022-06-18", 16, 0), func(ctx context.Context) error {
		return s.desk.SetSigning(ctx, s.as("p-guanli", s.founder.Org, region.Administrator), plan.SigningFacts{Org: unit, On: true})
	})
	s.on(at("2022-06-20", 8, 35), func(ctx context.Context) error {
		_, err := s.desk.File(ctx, s.reporter(unit), plan.ReportFacts{Item: waits.facts.Item, Period: "2022-06", Claim: judge.OnTime},
			plan.ReportWords{Progress: "春播面积已全部落实，加工园区主体工程进入装修阶段；两地联合巡田一次。（演示数据）", Next: "7月组织验收。（演示数据）"})
		return err
	})
	s.on(at("2022-06-17", 17, 30), func(ctx context.Context) error {
		_, err := s.desk.Node().Write(ctx, s.coordinator(), func(ctx context.Context, w *node.Writing) error {
			f := region.SubstituteFacts{
				Substitute: "b-demo", Person: "p-xietiao", By: "p-shenhe", Org: s.founder.Org, Seat: region.Coordinator, From: "2022-06-20", Until: "2022-06-24",
			}
			_, err := region.SubstituteNamed.Say(ctx, w, node.Said[region.SubstituteFacts, region.NoWords]{Circle: node.Self, Subjects: []string{f.Person, f.By}, Facts: f})
			return err
		})
		return err
	})
	return nil
}
