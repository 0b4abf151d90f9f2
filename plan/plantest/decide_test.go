package plantest_test

import (
	"context"
	"sync"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// decider is one of two people of the office who press at the same moment.
type decider func(ctx context.Context, o *plantest.Office, req node.Request) error

// TestTwoDecideAtOnce: whatever two coordinators decide at the same moment, one of them has decided it, the other is told so.
func TestTwoDecideAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := open(t, s)
		listing, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-06-20")
		ctx := context.Background()
		if err := o.GiveVerdict(ctx, o.Coordinator(), listing, judge.Late, "节点未完成"); err != nil {
			t.Fatal(err)
		}
		transport := o.As(region.Reporter, road)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		var id string // of what they decide on
		var comment plan.RowComment
		issue := func(ctx context.Context, o *plantest.Office, req node.Request) error {
			_, err := o.IssueSlip(ctx, req, plan.NewSlip{
				Item: item, Org: o.Units[road], Ground: plan.SlipLate, Words: plan.SlipWords{Matter: "遂渝高速公路扩容", Demand: "说明原因"},
			})
			return err
		}
		var pages [2]plan.BulletinPage // each has his open before either presses: who reads what was issued may issue another
		bulletin := func(page *plan.BulletinPage) decider {
			return func(ctx context.Context, o *plantest.Office, req node.Request) error {
				_, err := o.IssueBulletin(ctx, req, page, true)
				return err
			}
		}
		decide := func(d plan.Decision, reason string) decider {
			return func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.DecideComment(ctx, req, id, comment.Book, comment.Index, plan.RowDecision{Row: 1, Decision: d, Reason: reason})
			}
		}
		for _, c := range []struct {
			name    string
			prepare func()
			a, b    decider
		}{
			{"a slip on the same matter", func() {}, issue, issue},
			{"closing and returning a slip", func() {
				all, err := o.Slips(ctx, plan.SlipQuery{Open: true}, plan.ViewerOf(o.Coordinator().Actor))
				must(err)
				id = all[0].Slip
				must(o.AnswerSlip(ctx, transport, plan.SlipID(id), "征地已完成", nil))
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.CloseSlip(ctx, req, plan.SlipID(id), plan.SlipDone, "已核")
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.ReturnSlip(ctx, req, plan.SlipID(id), "还差一成", 3)
			}},
			{"accepting and returning a report", func() {
				o.FileAs(road, item, "2022-06", judge.OnTime, "路基工程完成三成")
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				_, err := o.Accept(ctx, req, item, "2022-06", false)
				return err
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.Return(ctx, req, item, "2022-06", "数字与上月不符")
			}},
			{"yes and no to an amendment", func() {
				var err error
				id, err = o.ProposeAmendment(ctx, transport, listing, plan.Amendment{Deadline: "9月底前", Reason: "征地未完成"})
				must(err)
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.AnswerAmendment(ctx, req, id, true, "")
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.AnswerAmendment(ctx, req, id, false, "请先报计划")
			}},
			{"closing a word as done and as dropped", func() {
				var err error
				id, err = o.GiveInstruction(ctx, o.As(leader(o)), plan.NewInstruction{
					Item: item, Orgs: []string{o.Units[road]}, Due: "2022-06-27", Words: plan.InstructionWords{Text: "请抓紧。", Leader: "演示市长"},
				})
				must(err)
				must(o.AnswerInstruction(ctx, transport, id, "六月底前完成", nil))
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.CloseInstruction(ctx, req, id, plan.InstructionDone, "办结")
			}, func(ctx context.Context, o *plantest.Office, req node.Request) error {
				return o.CloseInstruction(ctx, req, id, plan.InstructionDone, "已办结")
			}},
			{"adopting a comment and not", func() {
				making := makes(t, o, plan.Making{Title: "2023年重点任务", Plan: "own-2023", Year: 2023}, plan.ListingWords{Number: "1", Title: "建成遂宁段", Lead: []string{road}})
				var err error
				id, err = o.Consult(ctx, o.Coordinator(), making, plan.NewConsultation{Orgs: []string{o.Units[road]}, Due: "2022-06-27"})
				must(err)
				must(o.Comment(ctx, transport, id, map[int]string{1: "建议改为9月底前"}))
				comment = consultation(t, o, id, plan.ViewerOf(o.Coordinator().Actor)).Row(1).Comments[0]
			}, decide(plan.Adopted, ""), decide(plan.NotAdopted, "按原计划")},
			{"the bulletin of a month", func() {
				for i := range pages {
					var err error
					pages[i], err = o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-05"})
					must(err)
				}
			}, bulletin(&pages[0]), bulletin(&pages[1])},
		} {
			c.prepare()
			before := entries(t, s)
			errs := atOnce(o, c.a, c.b)
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else if said, ok := refuse.As(err); !ok || said.Code == "node.not-permitted" {
					t.Errorf("%s: %v", c.name, err)
				}
			}
			if n := entries(t, s) - before; won != 1 || n == 0 {
				t.Errorf("%s: %d decided, %d entries (%v)", c.name, won, n, errs)
			}
		}
		o.Clean()
	})
}

// atOnce has two coordinators press at the same moment.
func atOnce(o *plantest.Office, both ...decider) []error {
	errs := make([]error, len(both))
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, act := range both {
		req := o.Coordinator()
		if i == 1 {
			req.Actor.Person = "p-colleague"
		}
		all.Go(func() {
			<-start
			errs[i] = act(context.Background(), o, req)
		})
	}
	close(start)
	all.Wait()
	return errs
}

func entries(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	err := s.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Row(context.Background(), `SELECT count(*) FROM book_entry`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
