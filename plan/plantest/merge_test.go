package plantest_test

import (
	"context"
	"slices"
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

// reforming is an office whose roads and farms owe all sorts of things: roads lead an item that farms support and have a section, both
// have slips, an instruction, an invitation and a group, roads wait for a signature, and a reporter sits in each.
func reforming(t *testing.T, s *store.Store) (o *plantest.Office, item string) {
	t.Helper()
	ctx := context.Background()
	o, item = splitting(t, s)
	o.Write(func(ctx context.Context, w *node.Writing) error {
		for person, unit := range map[string]string{"p-road": roads, "p-farm": farms} {
			_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
				Circle: node.Self, Facts: region.PersonFacts{Person: person}, Words: &region.PersonWords{Name: "演示填报员"},
			})
			if err != nil {
				return err
			}
			_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
				Circle: node.Self, Facts: region.SeatFacts{Person: person, Org: o.Units[unit], Seat: region.Reporter},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	lead := o.As(region.Reporter, roads)
	if _, err := o.AskShare(ctx, lead, plan.NewShare{Item: item, Orgs: []string{o.Units[section], o.Units[farms]}, Period: "2022-06", Text: "报征地进展"}); err != nil {
		t.Fatal(err)
	}
	for _, unit := range []string{roads, farms} {
		_, err := o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{
			Item: item, Org: o.Units[unit], Ground: plan.SlipOther, Words: plan.SlipWords{Matter: unit + "协调征地", Demand: "限期反馈"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	boss := o.As(leader(o))
	for _, units := range [][]string{{roads, farms}, {roads}} {
		n := plan.NewInstruction{Item: item, Due: "2022-06-24", Words: plan.InstructionWords{Text: "抓紧办理"}}
		for _, u := range units {
			n.Orgs = append(n.Orgs, o.Units[u])
		}
		id, err := o.GiveInstruction(ctx, boss, n)
		if err != nil {
			t.Fatal(err)
		}
		if len(units) == 2 { // the one that goes on has answered, the other has not
			if err := o.AnswerInstruction(ctx, o.As(region.Reporter, farms), id, "已协调", nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	group := groupOf(t, o, plan.NewGroup{Orgs: []string{o.Units[roads], o.Units[farms]}, Words: plan.GroupWords{Name: "征地专班"}})
	if _, err := o.CallMeeting(ctx, o.Coordinator(), prepared(t, o, group, "2022-06-28", "征地协调会", plan.DraftPoint{Ground: plan.AgendaFree, Title: "征地"})); err != nil {
		t.Fatal(err)
	}
	if err := o.SetSigning(ctx, o.As(region.Administrator, plantest.UnitNames[0]), plan.SigningFacts{Org: o.Units[roads], On: true}); err != nil {
		t.Fatal(err)
	}
	_, err := o.File(ctx, lead, plan.ReportFacts{Item: item, Period: "2022-05", Claim: judge.OnTime, Figures: []plan.FigureFacts{}}, plan.ReportWords{Progress: "路基完成三成", Files: scanOf(t, o, region.Reporter, roads)})
	if err != nil {
		t.Fatal(err)
	}
	return o, item
}

// owed is what a unit owes, each thing under its own name.
func owed(t *testing.T, o *plantest.Office, unit string) map[string]bool {
	t.Helper()
	ctx := context.Background()
	actor := o.As(region.Reporter, unit).Actor
	todo, err := o.Todo(ctx, actor)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	add := func(what, id string) {
		if all[what+" "+id] {
			t.Errorf("%s owes %s %s twice", unit, what, id)
		}
		all[what+" "+id] = true
	}
	for _, d := range todo.Reports {
		add("report", d.Item+" "+string(d.Period))
	}
	for _, d := range todo.Parts {
		add("part", d.Item+" "+string(d.Period))
	}
	for _, s := range todo.Shares {
		add("share", s.ID)
	}
	slips, err := o.Slips(ctx, plan.SlipQuery{Open: true}, plan.ViewerOf(actor))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slips {
		add("slip", string(s.ID))
	}
	meetings, err := o.WaitingMeetings(ctx, actor)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range meetings {
		add("meeting", m.ID)
	}
	words, err := o.Instructions(ctx, plan.InstructionQuery{Open: true}, plan.ViewerOf(actor))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range words {
		for _, u := range i.Units {
			if u.Org == o.Units[unit] && u.State != plan.InstructionIsAnswered {
				add("instruction", i.ID)
			}
		}
	}
	return all
}

func merging(o *plantest.Office) plan.UnitMerging {
	return plan.UnitMerging{From: []string{o.Units[roads]}, Into: o.Units[farms], Document: "遂委〔2022〕7号（演示）"}
}

// TestWhatWasOwedIsOwedOnceAfterAMerge: nothing that the ended unit owed is owed by nobody, nothing is owed twice, and who does its work
// can do it.
func TestWhatWasOwedIsOwedOnceAfterAMerge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := reforming(t, s)
		want := owed(t, o, farms)
		for what := range owed(t, o, roads) {
			want[what] = true
		}
		ours, err := o.UnitShares(ctx, o.As(region.Reporter, roads).Actor)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range ours.Asked { // what it would ask of itself is its own report
			if l.Org == o.Units[farms] {
				delete(want, "share "+l.ID)
			}
		}
		for what := range want { // who leads now adds no part
			if len(what) > 5 && what[:5] == "part " && want["report "+what[5:]] {
				delete(want, what)
			}
		}
		passes, err := o.Passing(ctx, []string{o.Units[roads]})
		if err != nil || passes.Leads != 1 || passes.Supports != 1 || passes.Slips != 1 || passes.Instructions != 2 || passes.Meetings != 1 || passes.Groups != 1 ||
			passes.Submissions != 1 || passes.People != 1 || passes.Sections != 1 || passes.Shares != 2 {
			t.Errorf("would pass: %+v, %v", passes, err)
		}
		if _, err := o.MergeUnits(ctx, o.Coordinator(), merging(o)); err != nil {
			t.Fatal(err)
		}
		got := owed(t, o, farms)
		for what := range want {
			if !got[what] {
				t.Errorf("owed by nobody: %s", what)
			}
		}
		for what := range got {
			if !want[what] {
				t.Errorf("owed, though it was not: %s", what)
			}
		}
		if left := owed(t, o, roads); len(left) > 0 {
			t.Errorf("the ended unit still owes %v", left)
		}
		heir := o.As(region.Reporter, farms)
		for id := range got {
			if len(id) > 5 && id[:5] == "slip " {
				if err := o.SignSlip(ctx, heir, plan.SlipID(id[5:])); err != nil {
					t.Errorf("signs for a slip: %v", err)
				}
			}
			if len(id) > 8 && id[:8] == "meeting " {
				if err := o.ReplyMeeting(ctx, heir, id[8:], plan.MeetingComes, plan.MeetingReplyWords{People: "演示科长"}); err != nil {
					t.Errorf("answers an invitation: %v", err)
				}
			}
			if len(id) > 12 && id[:12] == "instruction " {
				if err := o.AnswerInstruction(ctx, heir, id[12:], "合并后统一办理", nil); err != nil {
					t.Errorf("answers an instruction: %v", err)
				}
			}
		}
		form, err := o.FilingForm(ctx, heir.Actor, item, "2022-05")
		if err != nil || !form.Signed {
			t.Errorf("the signing of the ended unit is not the heir's: %+v, %v", form, err)
		}
		waiting, err := o.ToSign(ctx, o.As(region.Reviewer, farms).Actor)
		if err != nil || len(waiting) != 1 {
			t.Fatalf("%d wait for the heir's signature, %v", len(waiting), err)
		}
		if _, err := o.SignReport(ctx, o.As(region.Reviewer, farms), item, "2022-05", waiting[0].Index); err != nil {
			t.Errorf("the heir signs: %v", err)
		}
		kindtest.Prove(t, o.Node())
		o.Clean()
		if strings.HasSuffix(t.Name(), "/sqlite") {
			kindtest.Golden(t, o.Node(), "testdata/golden-merge.txt")
		}
	})
}

// TestAMergeIsRefused: who may not say it, what cannot be, and new work for a unit that is no more.
func TestAMergeIsRefused(t *testing.T) {
	ctx := context.Background()
	o, _ := reforming(t, storetest.OpenSQLite(t))
	for name, c := range map[string]struct {
		change func(m *plan.UnitMerging)
		as     region.Seat
		code   string
	}{
		"a reporter says it":        {func(*plan.UnitMerging) {}, region.Reporter, "node.not-permitted"},
		"an administrator says it":  {func(*plan.UnitMerging) {}, region.Administrator, "node.not-permitted"},
		"no document":               {func(m *plan.UnitMerging) { m.Document = " " }, region.Coordinator, "region.reform.document"},
		"into itself":               {func(m *plan.UnitMerging) { m.From = append(m.From, m.Into) }, region.Coordinator, "plan.passed-form"},
		"nobody ends":               {func(m *plan.UnitMerging) { m.From = nil }, region.Coordinator, "region.reform.nobody"},
		"a day to come":             {func(m *plan.UnitMerging) { m.Day = "2022-07-01" }, region.Coordinator, "region.reform.ahead"},
		"nobody goes on":            {func(m *plan.UnitMerging) { m.Into = "" }, region.Coordinator, "region.reform.heir"},
		"a new one of a taken name": {func(m *plan.UnitMerging) { m.Into, m.NewName = "", schools }, region.Coordinator, "region.reform.taken"},
		"one nobody knows":          {func(m *plan.UnitMerging) { m.From = []string{"o-none"} }, region.Coordinator, "region.org.unknown"},
	} {
		m := merging(o)
		c.change(&m)
		if _, err := o.MergeUnits(ctx, o.As(c.as, plantest.UnitNames[0]), m); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	before := owed(t, o, roads)
	if len(before) == 0 {
		t.Fatal("a refused merge took work away")
	}
	if _, err := o.MergeUnits(ctx, o.Coordinator(), merging(o)); err != nil {
		t.Fatal(err)
	}
	_, err := o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{Org: o.Units[roads], Ground: plan.SlipOther, Words: plan.SlipWords{Matter: "试", Demand: "试"}})
	if !refuse.Is(err, "region.reform.ended") {
		t.Errorf("a slip to a unit that is no more: %v", err)
	}
	if _, err := o.MergeUnits(ctx, o.Coordinator(), merging(o)); !refuse.Is(err, "region.reform.ended") {
		t.Errorf("it ends twice: %v", err)
	}
}

// TestUnitsMergeIntoANewOneAndListsKnowIt: two units become a new one that bears the name of one of them; a list that still uses either
// name means it, seats and sections pass, and neighbours read the new lead.
func TestUnitsMergeIntoANewOneAndListsKnowIt(t *testing.T) {
	ctx := context.Background()
	o, item := reforming(t, storetest.OpenSQLite(t))
	id, err := o.MergeUnits(ctx, o.Coordinator(), plan.UnitMerging{
		From: []string{o.Units[roads], o.Units[farms]}, NewName: "市交通和农业局", Day: "2022-06-01", Document: "遂委〔2022〕7号（演示）",
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Units["市交通和农业局"] = id
	page, err := o.Item(ctx, item, "", plan.ViewerOf(o.Coordinator().Actor))
	if err != nil || !slices.Equal(page.Facts.Leads, []string{id}) || len(page.Facts.Supports) != 0 {
		t.Errorf("led by %+v, %v", page.Facts, err)
	}
	err = o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		for _, unit := range []string{roads, farms} {
			past, err := region.PastOf(ctx, tx, o.Units[unit])
			if err != nil || past.Into == nil || past.Into.Org != id || past.Into.Day != "2022-06-01" {
				t.Errorf("%s: %+v, %v", unit, past, err)
			}
		}
		past, err := region.PastOf(ctx, tx, id)
		if err != nil || len(past.From) != 2 {
			t.Errorf("it does the work of %+v, %v", past.From, err)
		}
		seats, err := region.SeatsOf(ctx, tx, "p-road")
		if err != nil || len(seats) != 1 || seats[0].Org != id {
			t.Errorf("sits in %+v, %v", seats, err)
		}
		orgs, err := region.Orgs(ctx, tx)
		if err != nil || !region.Below(orgs, o.Units[section], id) {
			t.Errorf("the section stands elsewhere, %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Take(plan.ImportOptions{Plan: "later", Year: 2022, Title: "补充任务"}, "序号,工作任务,牵头单位,完成时限\n1,建设城乡客运站,市交通运输局,年底前\n2,建设粮食烘干中心,市农业农村局,年底前\n")
	for _, title := range []string{"建设城乡客运站", "建设粮食烘干中心"} {
		_, later := o.Row(title)
		page, err := o.Item(ctx, later, "", plan.ViewerOf(o.Coordinator().Actor))
		if err != nil || !slices.Equal(page.Facts.Leads, []string{id}) {
			t.Errorf("%s is led by %v, %v", title, page.Facts.Leads, err)
		}
	}
	o.Clean()
}

// TestANeighbourHearsOfAMerge: it goes on applying the book of the circle, and reads who leads now and what it was.
func TestANeighbourHearsOfAMerge(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := circleOffices(t, storetest.OpenSQLite(t))
	_, road := suining.Row("扩容遂渝高速公路")
	if _, err := suining.MergeUnits(ctx, suining.Coordinator(), merging(suining)); err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	for _, o := range []*plantest.Office{suining, tongnan} {
		p, err := o.Item(ctx, road, "", plan.ViewerOf(o.Coordinator().Actor))
		if err != nil || !slices.Equal(p.Facts.Leads, []string{suining.Units[farms]}) {
			t.Errorf("%s reads that it is led by %v, %v", o.Node().Name, p.Facts.Leads, err)
		}
		kindtest.Prove(t, o.Node())
		o.Clean()
	}
}
