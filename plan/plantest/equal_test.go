package plantest_test

import (
	"context"
	"testing"

	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// equals are two offices, of which Tongnan claimed a row of Suining's that it does alone.
func equals(t *testing.T, s *store.Store) (suining, tongnan *plantest.Office, row, item string) {
	t.Helper()
	ctx := context.Background()
	suining, tongnan = plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
	row, _ = suining.Row("整治琼江")
	tongnan.Hear(suining)
	if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), row, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
		t.Fatal(err)
	}
	suining.Hear(tongnan)
	return suining, tongnan, row, terms(t, tongnan, row).Parts[0].Item
}

func terms(t *testing.T, o *plantest.Office, row string) plan.TermsPage {
	t.Helper()
	p, err := o.Terms(context.Background(), row)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func by(day judge.Date, reason string) plan.Proposed {
	return plan.Proposed{Deadline: judge.Deadline{Kind: judge.By, Date: day}, Words: plan.ChangeWords{Reason: reason}}
}

// TestADeadlineChangesWhenBothSidesSaySo: either side proposes, the other answers, and only what was accepted holds; the
// row is late by the former deadline until then.
func TestADeadlineChangesWhenBothSidesSaySo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan, row, _ := equals(t, s)
		both := []*plantest.Office{suining, tongnan}
		for _, o := range both {
			o.Day("2022-07-05")
		}
		if _, err := tongnan.ProposeChange(ctx, tongnan.Coordinator(), row, "", by("2022-09-30", "汛期不能施工")); err != nil {
			t.Fatal(err)
		}
		suining.Hear(tongnan)
		if todo, err := suining.Todo(ctx, suining.Coordinator().Actor); err != nil || todo.Changes != 1 {
			t.Errorf("%d changes wait, %v", todo.Changes, err)
		}
		for _, o := range both {
			if got := stateOf(t, o, "510900:suitong-2022", row); got != judge.Late {
				t.Errorf("%s: proposed only, the row is %s", o.Node().Name, got)
			}
		}
		p := terms(t, suining, row)
		if len(p.Changes) != 1 || !p.Changes[0].ForUs || p.Changes[0].Words.Reason != "汛期不能施工" || p.Parts[0].Agreed {
			t.Fatalf("shown: %+v", p)
		}
		c := p.Changes[0]
		if _, err := tongnan.AnswerChange(ctx, tongnan.Coordinator(), c.Book, c.Index, true, ""); !refuse.Is(err, "plan.change-unknown") {
			t.Errorf("who proposed accepted: %v", err)
		}
		if _, err := suining.AnswerChange(ctx, suining.Coordinator(), c.Book, c.Index, false, ""); !refuse.Is(err, "plan.reason-missing") {
			t.Errorf("refused without a reason: %v", err)
		}
		if _, err := suining.AnswerChange(ctx, suining.As(region.Reporter, "市农业农村局"), c.Book, c.Index, true, ""); !refuse.Is(err, "node.not-permitted") {
			t.Errorf("a reporter answered: %v", err)
		}
		if _, err := suining.AnswerChange(ctx, suining.Coordinator(), c.Book, c.Index, true, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := suining.AnswerChange(ctx, suining.Coordinator(), c.Book, c.Index, false, "又改主意"); !refuse.Is(err, "plan.change-answered") {
			t.Errorf("answered twice: %v", err)
		}
		// Suining proposes another target, and Tongnan refuses it; the deadline stays as agreed.
		target := plan.Proposed{Words: plan.ChangeWords{Target: "整治12公里", Reason: "增加资金"}}
		if _, err := suining.ProposeChange(ctx, suining.Coordinator(), row, plantest.Tongnan.Member, target); err != nil {
			t.Fatal(err)
		}
		tongnan.Hear(suining)
		c = terms(t, tongnan, row).Changes[1]
		if _, err := tongnan.AnswerChange(ctx, tongnan.Coordinator(), c.Book, c.Index, false, "工期不够"); err != nil {
			t.Fatal(err)
		}
		suining.Hear(tongnan)
		for _, o := range both {
			p := terms(t, o, row)
			if got := p.Parts[0]; !got.Agreed || got.Deadline.Date != "2022-09-30" || got.Target != "" {
				t.Errorf("%s: the part is %+v", o.Node().Name, got)
			}
			if c := p.Changes; !c[0].Accepted || !c[0].Holds || c[1].Accepted || c[1].Reason != "工期不够" {
				t.Errorf("%s: %+v", o.Node().Name, c)
			}
			if got := stateOf(t, o, "510900:suitong-2022", row); got == judge.Late {
				t.Errorf("%s: after the agreement the row is %s", o.Node().Name, got)
			}
			kindtest.Prove(t, o.Node())
		}
		if _, err := suining.ProposeChange(ctx, suining.Coordinator(), row, plantest.Yibin.Member, by("2022-09-30", "x")); !refuse.Is(err, "plan.not-asked") {
			t.Errorf("proposed to who is not asked: %v", err)
		}
		if _, err := suining.ProposeChange(ctx, suining.Coordinator(), row, plantest.Tongnan.Member, plan.Proposed{Words: plan.ChangeWords{Reason: "x"}}); !refuse.Is(err, "plan.change-nothing") {
			t.Errorf("proposed nothing: %v", err)
		}
	})
}

// TestCrossingProposals: both sides propose at once and accept each other's; the list's member's holds on both nodes,
// whichever answer came first.
func TestCrossingProposals(t *testing.T) {
	ctx := context.Background()
	suining, tongnan, row, _ := equals(t, storetest.OpenSQLite(t))
	if _, err := suining.ProposeChange(ctx, suining.Coordinator(), row, plantest.Tongnan.Member, by("2022-08-31", "省里检查")); err != nil {
		t.Fatal(err)
	}
	if _, err := tongnan.ProposeChange(ctx, tongnan.Coordinator(), row, "", by("2022-10-31", "汛期")); err != nil {
		t.Fatal(err)
	}
	suining.Hear(tongnan)
	tongnan.Hear(suining)
	for _, o := range []*plantest.Office{suining, tongnan} {
		for _, c := range terms(t, o, row).Changes {
			if c.ForUs {
				if _, err := o.AnswerChange(ctx, o.Coordinator(), c.Book, c.Index, true, ""); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	suining.Hear(tongnan)
	tongnan.Hear(suining)
	for _, o := range []*plantest.Office{suining, tongnan} {
		if got := terms(t, o, row).Parts[0].Deadline.Date; got != "2022-08-31" {
			t.Errorf("%s: by %s", o.Node().Name, got)
		}
		o.Clean()
	}
}

// TestAVerdictOnAPartNamesItsVersion: it holds for the row until the neighbour accepts another version, may not be given
// on one that was not seen, and an objection stands beside it.
func TestAVerdictOnAPartNamesItsVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan, row, item := equals(t, s)
		both := []*plantest.Office{suining, tongnan}
		seen := terms(t, suining, row).Parts[0].Version
		for _, o := range both {
			o.Day("2022-05-20")
		}
		tongnan.FileAs("市农业农村局", item, "2022-05", judge.OnTime, "开工")
		tongnan.AcceptNow(item, "2022-05", false)
		suining.Hear(tongnan)
		judged := func(seen int64, state judge.WorkState) error {
			_, err := suining.JudgePart(ctx, suining.Coordinator(), row, item, seen, state, "现场没有机械")
			return err
		}
		if err := judged(seen, judge.Late); !refuse.Is(err, "plan.part-newer") {
			t.Errorf("judged what was not seen: %v", err)
		}
		if err := suining.GiveVerdict(ctx, suining.Coordinator(), row, judge.Late, "x"); !refuse.Is(err, "plan.verdict-part") {
			t.Errorf("a row that a neighbour does alone was judged without its version: %v", err)
		}
		seen = terms(t, suining, row).Parts[0].Version
		if err := judged(seen, judge.Late); err != nil {
			t.Fatal(err)
		}
		tongnan.Hear(suining)
		v := terms(t, tongnan, row).Verdicts[0]
		if v.State != judge.Late || !v.Ours || v.VersionAt != seen || v.Over {
			t.Fatalf("shown: %+v", v)
		}
		if _, err := suining.Object(ctx, suining.Coordinator(), v.Book, v.Index, "x"); !refuse.Is(err, "plan.not-judged") {
			t.Errorf("who judged objected: %v", err)
		}
		if _, err := tongnan.Object(ctx, tongnan.Coordinator(), v.Book, v.Index, ""); !refuse.Is(err, "plan.reason-missing") {
			t.Errorf("objected without a reason: %v", err)
		}
		if _, err := tongnan.Object(ctx, tongnan.Coordinator(), v.Book, v.Index, "机械在下游作业"); err != nil {
			t.Fatal(err)
		}
		if _, err := tongnan.Object(ctx, tongnan.Coordinator(), v.Book, v.Index, "再说"); !refuse.Is(err, "plan.objected") {
			t.Errorf("objected twice: %v", err)
		}
		if _, err := tongnan.JudgePart(ctx, tongnan.Coordinator(), row, item, seen, judge.Done, "x"); !refuse.Is(err, "plan.not-ours") {
			t.Errorf("a neighbour's row was judged: %v", err)
		}
		suining.Hear(tongnan)
		for _, o := range both {
			if got := stateOf(t, o, "510900:suitong-2022", row); got != judge.Late {
				t.Errorf("%s: the judged row is %s", o.Node().Name, got)
			}
			if v := terms(t, o, row).Verdicts[0]; v.Objection != "机械在下游作业" {
				t.Errorf("%s: %+v", o.Node().Name, v)
			}
		}
		// The neighbour's own list, in which the item stands as well, is not judged by it.
		p, err := tongnan.Item(ctx, item, "", plan.ViewerOf(tongnan.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.Listings {
			if l.Listing != row && l.Work.State == judge.Late {
				t.Errorf("the verdict reached %+v", l)
			}
		}
		for _, o := range both {
			o.Day("2022-06-10")
		}
		tongnan.FileAs("市农业农村局", item, "2022-06", judge.OnTime, "进场五台")
		tongnan.AcceptNow(item, "2022-06", false)
		suining.Hear(tongnan)
		for _, o := range both {
			if got := stateOf(t, o, "510900:suitong-2022", row); got == judge.Late {
				t.Errorf("%s: after another version the row is %s", o.Node().Name, got)
			}
			if v := terms(t, o, row).Verdicts[0]; !v.Over {
				t.Errorf("%s: the verdict still stands", o.Node().Name)
			}
			kindtest.Prove(t, o.Node())
		}
	})
}

// TestKindsBetweenEqualsKeepTheirMeaning replays what two members said of each other's rows: asked, claimed, declined,
// proposed, answered, judged and objected.
func TestKindsBetweenEqualsKeepTheirMeaning(t *testing.T) {
	ctx := context.Background()
	suining, tongnan, row, item := equals(t, storetest.OpenSQLite(t))
	both, _ := suining.Row("遂潼产业园")
	_, err := tongnan.Decline(ctx, tongnan.Coordinator(), both, "本年度没有资金", "2023-03-31")
	if err == nil {
		_, err = tongnan.ProposeChange(ctx, tongnan.Coordinator(), row, "", by("2022-09-30", "汛期不能施工"))
	}
	if err == nil {
		_, err = suining.JudgePart(ctx, suining.Coordinator(), row, item, terms(t, suining, row).Parts[0].Version, judge.AtRisk, "尚未开工")
	}
	suining.Hear(tongnan)
	tongnan.Hear(suining)
	if err == nil {
		v := terms(t, tongnan, row).Verdicts[0]
		_, err = tongnan.Object(ctx, tongnan.Coordinator(), v.Book, v.Index, "机械在下游作业")
	}
	if err == nil {
		c := terms(t, suining, row).Changes[0]
		_, err = suining.AnswerChange(ctx, suining.Coordinator(), c.Book, c.Index, true, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	suining.Hear(tongnan)
	kindtest.Golden(t, suining.Node(), "testdata/golden-equals.txt")
}
