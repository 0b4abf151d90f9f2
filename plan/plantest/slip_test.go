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

func slipOf(t *testing.T, o *plantest.Office, id string) plan.Slip {
	t.Helper()
	s, err := o.Slip(context.Background(), plan.SlipID(id), plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestASlipIsProposedAnsweredAndClosed: work that is late is proposed, its unit signs and answers, the coordinator returns it, is answered
// again, checks and closes it.
func TestASlipIsProposedAnsweredAndClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		listing, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-06-20")
		if err := o.GiveVerdict(ctx, o.Coordinator(), listing, judge.Late, "节点未完成"); err != nil {
			t.Fatal(err)
		}
		proposals, err := o.SlipProposals(ctx)
		at := -1
		for i, p := range proposals {
			if p.Item == item {
				at = i
			}
		}
		if err != nil || at < 0 || proposals[at].Ground != plan.SlipLate || proposals[at].Unit != road || proposals[at].Title == "" {
			t.Fatalf("proposed %+v, %v", proposals, err)
		}
		slip := plan.NewSlip{
			Item: item, Org: proposals[at].Org, Ground: plan.SlipLate,
			Words: plan.SlipWords{Matter: "遂渝高速公路扩容", Basis: "遂潼任务第1条", Demand: "说明原因并提出赶工措施", Signer: "陈岚（演示）"},
		}
		reporter := o.As(region.Reporter, road)
		for name, c := range map[string]struct {
			change func(n *plan.NewSlip)
			as     region.Seat
			code   string
		}{
			"a reporter issues it": {func(*plan.NewSlip) {}, region.Reporter, "node.not-permitted"},
			"no matter":            {func(n *plan.NewSlip) { n.Words.Matter = " " }, region.Coordinator, "plan.slip-matter"},
			"nothing demanded":     {func(n *plan.NewSlip) { n.Words.Demand = "" }, region.Coordinator, "plan.slip-demand"},
			"no step":              {func(n *plan.NewSlip) { n.Level = "purple" }, region.Coordinator, "plan.slip-level"},
			"a day that is over":   {func(n *plan.NewSlip) { n.Due = "2022-06-19" }, region.Coordinator, "plan.slip-past"},
			"to nobody":            {func(n *plan.NewSlip) { n.Org = "" }, region.Coordinator, "plan.slip-to"},
			"no ground":            {func(n *plan.NewSlip) { n.Ground = "" }, region.Coordinator, "plan.slip-ground"},
			"of no item":           {func(n *plan.NewSlip) { n.Item = "i-none" }, region.Coordinator, "plan.item-unknown"},
		} {
			n := slip
			c.change(&n)
			if _, err := o.IssueSlip(ctx, o.As(c.as, plantest.UnitNames[0]), n); !refuse.Is(err, c.code) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		id, err := o.IssueSlip(ctx, o.Coordinator(), slip)
		if err != nil {
			t.Fatal(err)
		}
		got := slipOf(t, o, id)
		if got.Number != 1 || got.Year != 2022 || got.Due != "2022-06-27" || got.Level != "blue" || got.State != plan.SlipIsNew || got.Unit != road {
			t.Fatalf("issued %+v", got) // five working days after the 20th
		}
		if proposals, err := o.SlipProposals(ctx); err != nil || len(proposals) != 0 && proposals[0].Item == item {
			t.Errorf("proposed again: %+v, %v", proposals, err)
		}
		if todo, err := o.Todo(ctx, reporter.Actor); err != nil || todo.Slips != 1 {
			t.Errorf("%d slips wait for the unit, %v", todo.Slips, err)
		}
		ref := plan.SlipID(id)
		if err := o.SignSlip(ctx, o.As(region.Reporter, "市农业农村局"), ref); !refuse.Is(err, "plan.slip-not-asked") {
			t.Errorf("another unit signs: %v", err)
		}
		if _, err := o.Slip(ctx, ref, plan.ViewerOf(o.As(region.Reporter, "市农业农村局").Actor)); !refuse.Is(err, "plan.slip-unknown") {
			t.Errorf("another unit reads it: %v", err)
		}
		if err := o.CloseSlip(ctx, o.Coordinator(), ref, plan.SlipDone, "已核"); !refuse.Is(err, "plan.slip-unanswered") {
			t.Errorf("closed unanswered: %v", err)
		}
		if err := o.RaiseSlip(ctx, o.Coordinator(), ref, "未反馈"); !refuse.Is(err, "plan.slip-in-time") {
			t.Errorf("raised in time: %v", err)
		}
		for i, want := range []string{"", "plan.slip-signed"} {
			if err := o.SignSlip(ctx, reporter, ref); want == "" && err != nil || want != "" && !refuse.Is(err, want) {
				t.Errorf("signed, %d: %v", i, err)
			}
		}
		o.Day("2022-06-24")
		if err := o.AnswerSlip(ctx, reporter, ref, " ", nil); !refuse.Is(err, "plan.slip-text") {
			t.Errorf("an empty answer: %v", err)
		}
		if err := o.AnswerSlip(ctx, reporter, ref, "征地已完成，六月底前补齐进度", nil); err != nil {
			t.Fatal(err)
		}
		if got := slipOf(t, o, id); got.State != plan.SlipIsAnswered || got.Signed != "2022-06-20" || got.Answered != "2022-06-24" {
			t.Errorf("answered %+v", got)
		}
		if err := o.ReturnSlip(ctx, o.Coordinator(), ref, "没有说明赶工措施", 3); err != nil {
			t.Fatal(err)
		}
		if got := slipOf(t, o, id); got.State != plan.SlipIsSigned || got.Due != "2022-06-29" {
			t.Errorf("returned %+v", got)
		}
		o.Day("2022-06-28")
		if err := o.AnswerSlip(ctx, reporter, ref, "增加两个作业面", nil); err != nil {
			t.Fatal(err)
		}
		if err := o.CloseSlip(ctx, reporter, ref, plan.SlipDone, "自行销号"); !refuse.Is(err, "node.not-permitted") {
			t.Errorf("the unit closes it: %v", err)
		}
		if err := o.CloseSlip(ctx, o.Coordinator(), ref, plan.SlipDone, "措施已到位"); err != nil {
			t.Fatal(err)
		}
		got = slipOf(t, o, id)
		var kinds []string
		for _, e := range got.Story {
			kinds = append(kinds, e.Kind+" "+e.Text)
		}
		want := []string{
			"plan.slip.signed ", "plan.slip.answered 征地已完成，六月底前补齐进度", "plan.slip.returned 没有说明赶工措施",
			"plan.slip.answered 增加两个作业面", "plan.slip.closed 措施已到位",
		}
		if got.State != plan.SlipIsDone || len(kinds) != len(want) {
			t.Fatalf("closed: %s %q", got.State, kinds)
		}
		for i := range want {
			if kinds[i] != want[i] {
				t.Errorf("%d: %q, want %q", i, kinds[i], want[i])
			}
		}
		if err := o.AnswerSlip(ctx, reporter, ref, "还有", nil); !refuse.Is(err, "plan.slip-over") {
			t.Errorf("answered after it was closed: %v", err)
		}
		all, err := o.Slips(ctx, plan.SlipQuery{}, plan.ViewerOf(o.Coordinator().Actor))
		if rates := plan.SlipRates(all, "2022-06-28"); err != nil || len(rates) != 1 || rates[0] != (plan.SlipRate{Unit: road, All: 1, InTime: 1}) {
			t.Errorf("rates %+v, %v", rates, err)
		}
		kindtest.Prove(t, o.Node())
		o.Clean()
	})
}

// TestASlipGoesUpTheLadder: unanswered in its working days it is raised a step, on the ladder that the member set.
func TestASlipGoesUpTheLadder(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-09-28")
	for name, l := range map[string]plan.Ladder{
		"no step": {}, "no days": {Steps: []plan.Step{{Level: "blue"}}}, "twice": {Steps: []plan.Step{{Level: "blue", Days: 1}, {Level: "blue", Days: 1}}},
	} {
		if err := o.SetLadder(ctx, o.Coordinator(), l); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	ladder := plan.Ladder{Steps: []plan.Step{{Level: "yellow", Name: "黄色督办", Days: 2}, {Level: "red", Name: "红色督办", Days: 1}}, Source: "督查办法（演示数据）"}
	if err := o.SetLadder(ctx, o.Coordinator(), ladder); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Ladder(ctx); err != nil || len(got.Steps) != 2 || got.Steps[0] != ladder.Steps[0] || got.Source != ladder.Source {
		t.Errorf("the ladder is %+v, %v", got, err)
	}
	id, err := o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{
		Item: item, Org: o.Units[road], Ground: plan.SlipMissed, Words: plan.SlipWords{Matter: "九月未报", Demand: "请补报"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := slipOf(t, o, id); got.Due != "2022-09-30" || got.Level != "yellow" {
		t.Fatalf("issued %+v", got)
	}
	o.Day("2022-10-01")
	if got := slipOf(t, o, id); got.State != plan.SlipIsOverdue {
		t.Errorf("on the day after: %s", got.State)
	}
	for i, want := range []struct {
		code, level string
		due         judge.Date
	}{{"", "red", "2022-10-08"}, {"plan.slip-in-time", "red", "2022-10-08"}} { // over 国庆, to a Saturday that is worked
		err := o.RaiseSlip(ctx, o.Coordinator(), plan.SlipID(id), "逾期未反馈")
		if want.code == "" && err != nil || want.code != "" && !refuse.Is(err, want.code) {
			t.Errorf("raised, %d: %v", i, err)
		}
		if got := slipOf(t, o, id); got.Level != want.level || got.Due != want.due {
			t.Errorf("raised, %d: %+v", i, got)
		}
	}
	o.Day("2022-10-09")
	if err := o.RaiseSlip(ctx, o.Coordinator(), plan.SlipID(id), "仍未反馈"); !refuse.Is(err, "plan.slip-top") {
		t.Errorf("over the top: %v", err)
	}
	if err := o.CloseSlip(ctx, o.Coordinator(), plan.SlipID(id), plan.SlipCancelled, "误发"); err != nil {
		t.Fatal(err)
	}
	all, err := o.Slips(ctx, plan.SlipQuery{}, plan.ViewerOf(o.Coordinator().Actor))
	if rates := plan.SlipRates(all, "2022-10-09"); err != nil || len(rates) != 0 {
		t.Errorf("one issued by mistake counts: %+v, %v", rates, err)
	}
	kindtest.Prove(t, o.Node())
	kindtest.Golden(t, o.Node(), "testdata/golden-slip.txt")
}

// TestASlipBetweenEqualsIsARequest: it stands in the circle's book, the neighbour's coordinator signs and answers it in its own, both see the same,
// and only the issuer closes it.
func TestASlipBetweenEqualsIsARequest(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
	listing, _ := suining.Row("整治琼江")
	tongnan.Hear(suining)
	ask := plan.NewSlip{
		Listing: listing, Member: "500152", Ground: plan.SlipLate, Words: plan.SlipWords{Matter: "整治琼江潼南段", Demand: "商请说明进度"},
	}
	stranger := ask
	stranger.Member = "511500"
	if _, err := suining.IssueSlip(ctx, suining.Coordinator(), stranger); !refuse.Is(err, "plan.slip-to") {
		t.Errorf("to one that is not recognised: %v", err)
	}
	id, err := suining.IssueSlip(ctx, suining.Coordinator(), ask)
	if err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	ref := plan.SlipID(id + "@510900")
	if todo, err := tongnan.Todo(ctx, tongnan.Coordinator().Actor); err != nil || todo.Slips != 1 {
		t.Errorf("%d wait for Tongnan, %v", todo.Slips, err)
	}
	if err := tongnan.CloseSlip(ctx, tongnan.Coordinator(), ref, plan.SlipCancelled, "不办"); !refuse.Is(err, "plan.not-ours") {
		t.Errorf("the one asked closes it: %v", err)
	}
	if err := suining.AnswerSlip(ctx, suining.Coordinator(), ref, "代答", nil); !refuse.Is(err, "plan.slip-not-asked") {
		t.Errorf("the one who asks answers: %v", err)
	}
	if err := tongnan.SignSlip(ctx, tongnan.Coordinator(), ref); err != nil {
		t.Fatal(err)
	}
	if err := tongnan.AnswerSlip(ctx, tongnan.Coordinator(), ref, "已完成六成", nil); err != nil {
		t.Fatal(err)
	}
	suining.Hear(tongnan)
	for _, o := range []*plantest.Office{suining, tongnan} {
		s, err := o.Slip(ctx, ref, plan.ViewerOf(o.Coordinator().Actor))
		if err != nil || s.State != plan.SlipIsAnswered || len(s.Story) != 2 || s.Story[1].Text != "已完成六成" || s.Unit != "潼南区" || s.By != "遂宁市" {
			t.Errorf("%s: %+v, %v", o.Node().Name, s, err)
		}
		if _, err := o.Slip(ctx, ref, plan.ViewerOf(o.As(region.Reporter, "市农业农村局").Actor)); !refuse.Is(err, "plan.slip-unknown") {
			t.Errorf("%s: a reporter reads it: %v", o.Node().Name, err)
		}
	}
	if err := suining.CloseSlip(ctx, suining.Coordinator(), ref, plan.SlipDone, "已核"); err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	for _, o := range []*plantest.Office{suining, tongnan} {
		if s, err := o.Slip(ctx, ref, plan.ViewerOf(o.Coordinator().Actor)); err != nil || s.State != plan.SlipIsDone {
			t.Errorf("%s, closed: %s, %v", o.Node().Name, s.State, err)
		}
		kindtest.Prove(t, o.Node())
	}
}
