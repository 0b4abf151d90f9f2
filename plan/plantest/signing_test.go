package plantest_test

import (
	"context"
	"strings"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// TestAReportIsSignedBeforeItIsFiled: from the day on which a unit's signing is set, what its reporters file waits for its reviewer; he returns
// it, signs what came then word for word, and only that counts. Nobody signs his own draft, or a text that he has not read.
func TestAReportIsSignedBeforeItIsFiled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-05-18")
		draft, head, admin := o.As(region.Reporter, roads), o.As(region.Reviewer, roads), o.As(region.Administrator, plantest.UnitNames[0])
		self := plan.SigningFacts{Org: o.Units[roads], On: true}
		if err := o.SetSigning(ctx, o.As(region.Reviewer, farms), self); !refuse.Is(err, "plan.signing-org") {
			t.Errorf("another unit's reviewer sets it: %v", err)
		}
		if err := o.SetSigning(ctx, draft, self); !refuse.Is(err, "node.not-permitted") {
			t.Errorf("a reporter sets it: %v", err)
		}
		if err := o.SetSigning(ctx, admin, plan.SigningFacts{Org: "o-none", On: true}); !refuse.Is(err, "region.org.unknown") {
			t.Errorf("of no organisation: %v", err)
		}
		if err := o.SetSigning(ctx, head, self); err != nil {
			t.Fatal(err)
		}
		file := func(text string) int64 {
			t.Helper()
			r, err := o.File(ctx, draft, plan.ReportFacts{Item: item, Period: "2022-05", Claim: judge.OnTime}, plan.ReportWords{Progress: text, Files: scanOf(t, o, region.Reporter, roads)})
			if err != nil {
				t.Fatal(err)
			}
			return r.Entries[0].Index
		}
		stands := func(when string, want judge.FilingState, signing bool, unsigned string, toSign int) {
			t.Helper()
			form, err := o.FilingForm(ctx, draft.Actor, item, "2022-05")
			if err != nil || form.State != want || !form.Signed {
				t.Errorf("%s: the report is %s, want %s, %v", when, form.State, want, err)
			}
			todo, err := o.Todo(ctx, draft.Actor)
			var duty plan.Duty
			for _, d := range todo.Reports {
				if d.Item == item && d.Period == "2022-05" {
					duty = d
				}
			}
			if err != nil || duty.Signing != signing || duty.Unsigned != unsigned {
				t.Errorf("%s: the drafter's day says %+v, %v", when, duty, err)
			}
			todo, err = o.Todo(ctx, head.Actor)
			if err != nil || todo.Signing != toSign {
				t.Errorf("%s: %d wait for the signature, want %d, %v", when, todo.Signing, toSign, err)
			}
		}
		first := file("路基完成三成")
		stands("submitted", judge.Due, true, "", 1)
		if _, err := o.Accept(ctx, o.Coordinator(), item, "2022-05", false); !refuse.Is(err, "plan.nothing-filed") {
			t.Errorf("accepted unsigned: %v", err)
		}
		if err := o.ReturnSubmission(ctx, head, item, "2022-05", first, " "); !refuse.Is(err, "plan.reason-missing") {
			t.Errorf("returned without a reason: %v", err)
		}
		if err := o.ReturnSubmission(ctx, head, item, "2022-05", first, "写清楚哪一段"); err != nil {
			t.Fatal(err)
		}
		stands("returned", judge.Due, false, "写清楚哪一段", 0)
		if _, err := o.SignReport(ctx, head, item, "2022-05", first); !refuse.Is(err, "plan.not-submitted") {
			t.Errorf("signed after it was returned: %v", err)
		}
		second := file("遂宁段路基完成三成")
		third := file("遂宁段路基完成三成半")
		if _, err := o.SignReport(ctx, head, item, "2022-05", second); !refuse.Is(err, "plan.submission-newer") {
			t.Errorf("signed an old text: %v", err)
		}
		for _, who := range []node.Request{o.As(region.Reviewer, farms), o.As(region.Reviewer, plantest.UnitNames[0])} {
			if _, err := o.SignReport(ctx, who, item, "2022-05", third); !refuse.Is(err, "plan.not-submitted") {
				t.Errorf("another unit's reviewer signs: %v", err)
			}
		}
		if _, err := o.SignReport(ctx, draft, item, "2022-05", third); !refuse.Is(err, "node.not-permitted") {
			t.Errorf("a reporter signs: %v", err)
		}
		own := head
		own.Actor.Person = draft.Actor.Person
		if _, err := o.SignReport(ctx, own, item, "2022-05", third); !refuse.Is(err, "plan.signing-own") {
			t.Errorf("the drafter signs: %v", err)
		}
		receipt, err := o.SignReport(ctx, head, item, "2022-05", third)
		if err != nil {
			t.Fatal(err)
		}
		stands("signed", judge.Filed, false, "", 0)
		o.AcceptNow(item, "2022-05", false)
		p, err := o.Item(ctx, item, "", plan.ViewerOf(head.Actor))
		if err != nil || len(p.Reports) != 1 || p.Reports[0].Words.Progress != "遂宁段路基完成三成半" || len(p.Reports[0].Words.Files) != 1 {
			t.Errorf("accepted: %+v, %v", p.Reports, err)
		}
		for _, c := range []struct {
			who  plan.Viewer
			want string
		}{
			{plan.ViewerOf(head.Actor), "accepted signed submitted submitted returned submitted"},
			{plan.ViewerOf(o.Coordinator().Actor), "accepted signed"}, // what was not signed stays inside the unit
			{plan.ViewerOf(o.As(region.Reporter, farms).Actor), "accepted"},
			{plan.ViewerOf(o.As(region.Auditor, plantest.UnitNames[0]).Actor), "accepted signed submitted submitted returned submitted"},
		} {
			story, err := o.Story(ctx, item, "", c.who)
			var told []string
			for _, h := range story.Events {
				if strings.Contains(h.Kind, "report") || strings.Contains(h.Kind, "submission") {
					told = append(told, h.Kind[strings.LastIndexByte(h.Kind, '.')+1:])
				}
			}
			if err != nil || strings.Join(told, " ") != c.want {
				t.Errorf("the story tells %s of %s %v, %v", c.who.Seat, c.who.Org, told, err)
			}
		}
		if receipt.Entries[0].Book != "510900/self" {
			t.Errorf("signed in %s", receipt.Entries[0].Book)
		}

		self.Own = true
		if err := o.SetSigning(ctx, admin, self); err != nil {
			t.Fatal(err)
		}
		o.Day("2022-06-20")
		_, err = o.File(ctx, draft, plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime}, plan.ReportWords{Progress: "六月"})
		if err == nil {
			_, err = o.SignReport(ctx, own, item, "2022-06", plan.AnyFiling)
		}
		if err != nil {
			t.Errorf("where the setting lets him: %v", err)
		}
		self.On = false
		if err := o.SetSigning(ctx, admin, self); err != nil {
			t.Fatal(err)
		}
		o.FileAs(roads, item, "2022-06", judge.OnTime, "六月,改")
		o.Clean()
		kindtest.Prove(t, o.Node())
		if strings.HasSuffix(t.Name(), "/sqlite") {
			kindtest.Golden(t, o.Node(), "testdata/golden-signing.txt")
		}
	})
}

// TestNoWayRoundASignature: what says a filing by itself is refused, and a signature under other words or facts as well.
func TestNoWayRoundASignature(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-05-18")
	if err := o.SetSigning(ctx, o.As(region.Reviewer, roads), plan.SigningFacts{Org: o.Units[roads], On: true}); err != nil {
		t.Fatal(err)
	}
	facts := plan.ReportFacts{Item: strings.TrimSuffix(item, "@510900"), Period: "2022-05", Claim: judge.OnTime, Figures: []plan.FigureFacts{}, Met: []plan.MetFacts{}, Parts: []int64{}}
	r, err := o.File(ctx, o.As(region.Reporter, roads), facts, plan.ReportWords{Progress: "路基完成三成"})
	if err != nil {
		t.Fatal(err)
	}
	say := func(who node.Request, k *node.Kind[plan.ReportFacts, plan.ReportWords], f plan.ReportFacts, text string) error {
		_, err := o.Node().Write(ctx, who, func(ctx context.Context, w *node.Writing) error {
			said := node.Said[plan.ReportFacts, plan.ReportWords]{Circle: node.Self, Subjects: []string{f.Item}, Facts: f, Words: &plan.ReportWords{Progress: text}}
			if k == plan.ReportSigned {
				said.Causes = r.Entries
			}
			_, err := k.Say(ctx, w, said)
			return err
		})
		return err
	}
	other := facts
	other.Claim = judge.Done
	other.DoneOn = "2022-05-17"
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"filed past it", say(o.As(region.Reporter, roads), plan.ReportFiled, facts, "路基完成三成"), "plan.needs-signing"},
		{"other words", say(o.As(region.Reviewer, roads), plan.ReportSigned, facts, "路基完成九成"), "plan.signed-otherwise"},
		{"other facts", say(o.As(region.Reviewer, roads), plan.ReportSigned, other, "路基完成三成"), "plan.signed-otherwise"},
	} {
		if !refuse.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %s", c.name, c.err, c.want)
		}
	}
}
