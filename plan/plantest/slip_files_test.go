package plantest_test

import (
	"context"
	"io"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// answeredWith is a slip on an item to roads that was answered with a file.
func answeredWith(t *testing.T, o *plantest.Office, item string, ground plan.SlipGround) (plan.Slip, plan.FileRef) {
	t.Helper()
	ctx := context.Background()
	id, err := o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{Item: item, Org: o.Units[road], Ground: ground, Words: plan.SlipWords{Matter: "遂渝高速", Demand: "说明原因"}})
	if err != nil {
		t.Fatal(err)
	}
	files := scanOf(t, o, region.Reporter, road)
	if err := o.AnswerSlip(ctx, o.As(region.Reporter, road), plan.SlipID(id), "已增加两个作业面", files); err != nil {
		t.Fatal(err)
	}
	s := slipOf(t, o, id)
	if len(s.Story) != 1 || len(s.Story[0].Files) != 1 || s.Story[0].Files[0].Name != files[0].Name || !s.Story[0].Files[0].Here {
		t.Fatalf("the story: %+v", s.Story)
	}
	return s, files[0]
}

// TestAnAnswerToASlipTakesFiles: who reads the answer opens its files and nobody else does; they are the sender's own, few, and go with its words.
func TestAnAnswerToASlipTakesFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-06-20")
		slip, file := answeredWith(t, o, item, plan.SlipLate)
		at := slip.Story[0]
		opens := func(who node.Actor) error {
			_, f, err := o.OpenFile(ctx, who, at.Book, at.Index, 0)
			if err == nil {
				_, err = io.Copy(io.Discard, f)
				_ = f.Close()
			}
			return err
		}
		for seat, unit := range map[region.Seat]string{region.Coordinator: plantest.UnitNames[0], region.Reporter: road, region.Leader: plantest.UnitNames[0], region.Auditor: plantest.UnitNames[0]} {
			if err := opens(o.As(seat, unit).Actor); err != nil {
				t.Errorf("%s of %s: %v", seat, unit, err)
			}
		}
		for seat, unit := range map[region.Seat]string{region.Reporter: farm, region.Reader: road, region.Reviewer: road, region.Administrator: plantest.UnitNames[0]} {
			wantCode(t, string(seat)+" of "+unit, "plan.file-unknown", opens(o.As(seat, unit).Actor))
		}
		answer := func(files []plan.FileRef) error {
			return o.AnswerSlip(ctx, o.As(region.Reporter, road), slip.ID, "再报", files)
		}
		wantCode(t, "a file that was sent already", "plan.file-gone", answer([]plan.FileRef{file}))
		wantCode(t, "somebody else's", "plan.file-gone", answer([]plan.FileRef{{Blob: "b-none", Name: "别人的.png"}}))
		wantCode(t, "too many", "plan.too-many-files", answer(make([]plan.FileRef, plan.MostFiles+1)))
		o.Clean()
		eraseOwn(t, o, at.Index)
		wantCode(t, "erased with its words", "plan.file-unknown", opens(o.Coordinator().Actor))
		if o.Node().Blobs.Has(file.Blob) {
			t.Error("the file of an erased answer is still here")
		}
		if again := slipOf(t, o, slip.Slip); len(again.Story[0].Files) != 0 || again.Story[0].Text != "" {
			t.Errorf("%+v", again.Story)
		}
	})
}

// TestAClosedSlipIsNamedWhereAnotherIsProposed: work that is late after its slip was closed is proposed with how that ended; a report whose missing was the
// matter of a closed slip is not proposed again, the next period's is; a slip that was cancelled counts nowhere.
func TestAClosedSlipIsNamedWhereAnotherIsProposed(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	listing, item := o.Row("遂渝高速公路扩容")
	proposed := func() *plan.SlipProposal {
		all, err := o.SlipProposals(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			if p.Item == item {
				return &p
			}
		}
		return nil
	}
	o.Day("2022-02-26")
	if p := proposed(); p == nil || p.Ground != plan.SlipMissed || p.Last != nil {
		t.Fatalf("a report that was missed: %+v", p)
	}
	wrong, _ := answeredWith(t, o, item, plan.SlipMissed)
	wantCode(t, "by mistake", "", o.CloseSlip(ctx, o.Coordinator(), wrong.ID, plan.SlipCancelled, "发错单位"))
	if p := proposed(); p == nil || p.Last == nil || p.Last.Outcome != plan.SlipCancelled || p.Last.Reason != "发错单位" {
		t.Errorf("after one that was cancelled: %+v", p)
	}
	right, _ := answeredWith(t, o, item, plan.SlipMissed)
	wantCode(t, "closed", "", o.CloseSlip(ctx, o.Coordinator(), right.ID, plan.SlipDone, "已说明情况"))
	if p := proposed(); p != nil {
		t.Errorf("the same period's again: %+v", p)
	}
	o.Day("2022-03-26")
	if p := proposed(); p == nil || p.Ground != plan.SlipMissed || p.Last == nil || p.Last.ID != right.ID || p.Last.Closed != "2022-02-26" || p.Last.Reason != "已说明情况" || p.Last.Number != 2 {
		t.Errorf("the next period's: %+v", p)
	}
	if err := o.GiveVerdict(ctx, o.Coordinator(), listing, judge.Late, "节点未完成"); err != nil {
		t.Fatal(err)
	}
	late, _ := answeredWith(t, o, item, plan.SlipLate)
	wantCode(t, "closed too", "", o.CloseSlip(ctx, o.Coordinator(), late.ID, plan.SlipDone, "措施到位"))
	if p := proposed(); p == nil || p.Ground != plan.SlipLate || p.Last == nil || p.Last.ID != late.ID || p.Last.Ground != plan.SlipLate {
		t.Errorf("work that is late still: %+v", p)
	}
}
