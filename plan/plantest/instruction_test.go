package plantest_test

import (
	"context"
	"strings"
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

const roads, farms, schools = "市交通运输局", "市农业农村局", "市教育和体育局"

// scanOf keeps a scan as the office would, before the word that it belongs to.
func scanOf(t *testing.T, o *plantest.Office, by region.Seat, unit string) []plan.FileRef {
	t.Helper()
	f, err := o.Attach(context.Background(), o.As(by, unit).Actor, "批示扫描件.png", strings.NewReader("\x89PNG\r\n\x1a\n批示"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return []plan.FileRef{f}
}

func wordOf(t *testing.T, o *plantest.Office, id string) plan.Instruction {
	t.Helper()
	i, err := o.Instruction(context.Background(), id, plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func leader(o *plantest.Office) (r region.Seat, unit string) {
	return region.Leader, plantest.UnitNames[0]
}

// TestALeadersWordIsSignedForAnsweredAndClosed: a leader types his word to two units, each signs for it and answers, one answer is
// returned with a later day, and when all have answered the office closes it. A paper of another day is entered with its scan.
func TestALeadersWordIsSignedForAnsweredAndClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-06-20")
		boss := o.As(leader(o))
		n := plan.NewInstruction{
			Item: item, Orgs: []string{o.Units[roads], o.Units[farms], o.Units[roads]}, Due: "2022-06-27",
			Words: plan.InstructionWords{Text: "请抓紧解决征地问题，一周内报结果。", Leader: "演示市长"},
		}
		id, err := o.GiveInstruction(ctx, boss, n)
		if err != nil {
			t.Fatal(err)
		}
		got := wordOf(t, o, id)
		if got.Number != 1 || got.Year != 2022 || got.Source != plan.InstructionOwn || got.Leader != boss.Actor.Person || got.Day != "2022-06-20" ||
			len(got.Units) != 2 || got.State != plan.InstructionIsNew || got.Book != "510900/self" || got.ItemTitle == "" {
			t.Errorf("the word is %+v", got)
		}

		road, farm := o.As(region.Reporter, roads), o.As(region.Reporter, farms)
		waits := func(who string, want map[string]int) {
			t.Helper()
			for name, actor := range map[string]plan.Viewer{"leader": plan.ViewerOf(boss.Actor), "office": plan.ViewerOf(o.Coordinator().Actor), "roads": plan.ViewerOf(road.Actor), "farms": plan.ViewerOf(farm.Actor)} {
				r := o.As(actor.Seat, "")
				r.Actor.Org = actor.Org
				todo, err := o.Todo(ctx, r.Actor)
				if err != nil || todo.Words != want[name] {
					t.Errorf("%s: %d words wait for %s, want %d, %v", who, todo.Words, name, want[name], err)
				}
			}
		}
		waits("given", map[string]int{"roads": 1, "farms": 1})
		for i, want := range []string{"", "plan.instruction-signed"} {
			if err := o.SignInstruction(ctx, road, id); want == "" && err != nil || want != "" && !refuse.Is(err, want) {
				t.Errorf("signing %d: %v", i, err)
			}
		}
		if got := wordOf(t, o, id); got.State != plan.InstructionIsNew || got.Units[0].State != plan.InstructionIsSigned || got.Units[0].Signed != "2022-06-20" {
			t.Errorf("signed by one: %+v", got)
		}
		if err := o.AnswerInstruction(ctx, road, id, " ", nil); !refuse.Is(err, "plan.instruction-answer") {
			t.Errorf("an empty answer: %v", err)
		}
		if err := o.ReturnInstruction(ctx, boss, id, o.Units[roads], "没有结果", "2022-06-29"); !refuse.Is(err, "plan.instruction-unanswered") {
			t.Errorf("returned before an answer: %v", err)
		}
		if err := o.AnswerInstruction(ctx, road, id, "征地已完成九成", scanOf(t, o, region.Reporter, roads)); err != nil {
			t.Fatal(err)
		}
		waits("answered by one", map[string]int{"farms": 1})
		if err := o.CloseInstruction(ctx, o.Coordinator(), id, plan.InstructionDone, "办结"); !refuse.Is(err, "plan.instruction-unanswered") {
			t.Errorf("the office closes before all have answered: %v", err)
		}
		o.Day("2022-06-28")
		if got := wordOf(t, o, id); got.State != plan.InstructionIsOverdue || got.Units[0].State != plan.InstructionIsAnswered || got.Units[1].State != plan.InstructionIsOverdue {
			t.Errorf("after its day: %+v", got)
		}
		if err := o.AnswerInstruction(ctx, farm, id, "已配合完成青苗补偿", nil); err != nil {
			t.Fatal(err)
		}
		waits("answered by all", map[string]int{"leader": 1, "office": 1})
		if err := o.ReturnInstruction(ctx, boss, id, o.Units[roads], "还差一成，写明时间", "2022-06-27"); !refuse.Is(err, "plan.slip-past") {
			t.Errorf("another answer for yesterday: %v", err)
		}
		if err := o.ReturnInstruction(ctx, boss, id, o.Units[roads], "还差一成，写明时间", "2022-06-30"); err != nil {
			t.Fatal(err)
		}
		if got := wordOf(t, o, id); got.State != plan.InstructionIsSigned || got.Units[0].Due != "2022-06-30" || got.Units[1].State != plan.InstructionIsAnswered {
			t.Errorf("returned: %+v", got)
		}
		waits("returned", map[string]int{"roads": 1})
		if err := o.AnswerInstruction(ctx, road, id, "六月底前全部完成", nil); err != nil {
			t.Fatal(err)
		}
		if err := o.CloseInstruction(ctx, road, id, plan.InstructionDone, "自行办结"); !refuse.Is(err, "node.not-permitted") {
			t.Errorf("a unit closes it: %v", err)
		}
		if err := o.CloseInstruction(ctx, o.Coordinator(), id, plan.InstructionDone, "已办结"); err != nil {
			t.Fatal(err)
		}
		got = wordOf(t, o, id)
		var told []string
		for _, e := range got.Story {
			told = append(told, strings.TrimPrefix(e.Kind, "plan.instruction.")+" "+e.Unit+" "+e.Text)
		}
		want := "signed " + roads + " ;answered " + roads + " 征地已完成九成;answered " + farms + " 已配合完成青苗补偿;returned " + roads +
			" 还差一成，写明时间;answered " + roads + " 六月底前全部完成;closed  已办结"
		if strings.Join(told, ";") != want || got.State != plan.InstructionIsDone {
			t.Errorf("its story is %q, want %q", strings.Join(told, ";"), want)
		}
		if err := o.AnswerInstruction(ctx, road, id, "还有", nil); !refuse.Is(err, "plan.instruction-over") {
			t.Errorf("answered after its end: %v", err)
		}
		waits("closed", nil)

		n.Item, n.Plan, n.Due, n.Day = "", "suitong", "2022-07-01", "2022-06-24"
		n.Words.Files = scanOf(t, o, region.Coordinator, plantest.UnitNames[0])
		paper, err := o.GiveInstruction(ctx, o.Coordinator(), n)
		if err != nil {
			t.Fatal(err)
		}
		if got := wordOf(t, o, paper); got.Number != 2 || got.Source != plan.InstructionPaper || got.Leader != "" || got.Day != "2022-06-24" ||
			got.PlanTitle != "遂潼工作计划" || len(got.Words.Files) != 1 {
			t.Errorf("from paper: %+v", got)
		}
		if err := o.CloseInstruction(ctx, boss, paper, plan.InstructionDone, "知道了"); err != nil {
			t.Errorf("a leader ends a word that nobody has answered: %v", err)
		}
		o.Clean()
		kindtest.Prove(t, o.Node())
		if t.Name() == "TestALeadersWordIsSignedForAnsweredAndClosed/sqlite" {
			kindtest.Golden(t, o.Node(), "testdata/golden-instruction.txt")
		}
	})
}

// TestWhatIsNoWordIsRefused: who gives it, whose it is, from when, to whom, about what, by when.
func TestWhatIsNoWordIsRefused(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-06-20")
	o.Write(closing(o.Units[schools]))
	for name, c := range map[string]struct {
		by     region.Seat
		change func(n *plan.NewInstruction)
		code   string
	}{
		"a reporter gives it":          {region.Reporter, func(*plan.NewInstruction) {}, "node.not-permitted"},
		"an auditor gives it":          {region.Auditor, func(*plan.NewInstruction) {}, "node.not-permitted"},
		"nothing is said":              {region.Leader, func(n *plan.NewInstruction) { n.Words.Text = " " }, "plan.instruction-text"},
		"too much is said":             {region.Leader, func(n *plan.NewInstruction) { n.Words.Text = strings.Repeat("办", plan.MostRunes+1) }, "plan.text-too-long"},
		"nobody's word":                {region.Coordinator, func(n *plan.NewInstruction) { n.Words.Leader = "" }, "plan.instruction-leader"},
		"from paper without a scan":    {region.Coordinator, func(n *plan.NewInstruction) { n.Words.Files = nil }, "plan.instruction-scan"},
		"with a file of somebody else": {region.Coordinator, func(n *plan.NewInstruction) { n.Words.Files = []plan.FileRef{{Blob: "b-none", Name: "别人的.png"}} }, "plan.file-gone"},
		"of tomorrow":                  {region.Coordinator, func(n *plan.NewInstruction) { n.Day = "2022-06-21" }, "plan.instruction-ahead"},
		"of no day":                    {region.Coordinator, func(n *plan.NewInstruction) { n.Day = "昨天" }, "plan.day"},
		"to nobody":                    {region.Leader, func(n *plan.NewInstruction) { n.Orgs = nil }, "plan.instruction-units"},
		"to a unit that is not there":  {region.Leader, func(n *plan.NewInstruction) { n.Orgs = append(n.Orgs, "o-99") }, "plan.instruction-units"},
		"to a unit that was closed":    {region.Leader, func(n *plan.NewInstruction) { n.Orgs = []string{o.Units[schools]} }, "plan.instruction-units"},
		"to a neighbour's unit":        {region.Leader, func(n *plan.NewInstruction) { n.Orgs = []string{"o-1@500152"} }, "plan.not-ours"},
		"about an item and a list":     {region.Leader, func(n *plan.NewInstruction) { n.Plan = "suitong" }, "plan.instruction-about"},
		"about no item there is":       {region.Leader, func(n *plan.NewInstruction) { n.Item = "i-none" }, "plan.item-unknown"},
		"about a neighbour's item":     {region.Leader, func(n *plan.NewInstruction) { n.Item = "i-1@500152" }, "plan.not-ours"},
		"about no list there is":       {region.Leader, func(n *plan.NewInstruction) { n.Item, n.Plan = "", "none" }, "plan.unknown"},
		"by no day":                    {region.Leader, func(n *plan.NewInstruction) { n.Due = "" }, "plan.day"},
		"due before it was given":      {region.Leader, func(n *plan.NewInstruction) { n.Due = "2022-06-19" }, "plan.instruction-due"},
	} {
		n := plan.NewInstruction{
			Item: item, Orgs: []string{o.Units[roads]}, Due: "2022-06-27",
			Words: plan.InstructionWords{Text: "请抓紧", Leader: "演示市长", Files: scanOf(t, o, c.by, plantest.UnitNames[0])},
		}
		c.change(&n)
		if _, err := o.GiveInstruction(ctx, o.As(c.by, plantest.UnitNames[0]), n); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if all, err := o.Instructions(ctx, plan.InstructionQuery{}, plan.ViewerOf(o.Coordinator().Actor)); err != nil || len(all) != 0 {
		t.Errorf("%d words stand, %v", len(all), err)
	}
}

// TestWhoReadsAWord: leaders, the office, auditors and the units that it names, in lists, in the item's story, and by its entries.
func TestWhoReadsAWord(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-06-20")
	n := plan.NewInstruction{Item: item, Orgs: []string{o.Units[farms]}, Due: "2022-06-27", Words: plan.InstructionWords{Text: "抓紧征地", Leader: "演示市长"}}
	id, err := o.GiveInstruction(ctx, o.As(leader(o)), n)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.AnswerInstruction(ctx, o.As(region.Reporter, farms), id, "已完成补偿", nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		seat  region.Seat
		unit  string
		reads bool
	}{
		{region.Leader, plantest.UnitNames[0], true},
		{region.Coordinator, plantest.UnitNames[0], true},
		{region.Auditor, schools, true},
		{region.Reporter, farms, true},
		{region.Reporter, roads, false}, // leads the item, and is not named
		{region.Reader, farms, false},
		{region.Reviewer, farms, false},
		{region.Administrator, plantest.UnitNames[0], false},
	} {
		v := plan.ViewerOf(o.As(c.seat, c.unit).Actor)
		all, err := o.Instructions(ctx, plan.InstructionQuery{Item: item}, v)
		if err != nil || (len(all) == 1) != c.reads {
			t.Errorf("%s of %s lists %d, %v", c.seat, c.unit, len(all), err)
		}
		if _, err := o.Instruction(ctx, id, v); c.reads && err != nil || !c.reads && !refuse.Is(err, "plan.instruction-unknown") {
			t.Errorf("%s of %s reads it: %v", c.seat, c.unit, err)
		}
		story, err := o.Story(ctx, item, "", v)
		said := 0
		for _, h := range story.Events {
			if strings.HasPrefix(h.Kind, "plan.instruction.") {
				said++
			}
		}
		if err != nil || (said == 2) != c.reads || said != 0 && !c.reads {
			t.Errorf("%s of %s finds %d of it in the story, %v", c.seat, c.unit, said, err)
		}
	}
	if err := o.SignInstruction(ctx, o.As(region.Reporter, roads), id); !refuse.Is(err, "plan.instruction-unknown") {
		t.Errorf("a unit that is not named signs: %v", err)
	}
	if err := o.SignInstruction(ctx, o.Coordinator(), id); !refuse.Is(err, "plan.instruction-not-asked") {
		t.Errorf("the office signs for a unit: %v", err)
	}
	page, err := o.Story(ctx, item, "", plan.ViewerOf(o.As(leader(o)).Actor))
	if err != nil || page.Events[1].Text != "演示市长：抓紧征地" || page.Events[0].Text != "已完成补偿" {
		t.Errorf("the story is %+v, %v", page.Events[:2], err)
	}
}

// TestAWordNeverLeavesItsMember: the item stands in a circle's list, and what a leader says of it reaches neither the circle's book nor
// the neighbour, its story, its lists and its bulletin; and no circle's book takes one in.
func TestAWordNeverLeavesItsMember(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := circleOffices(t, storetest.OpenSQLite(t))
	_, road := suining.Row("扩容遂渝高速公路")
	n := plan.NewInstruction{
		Item: road, Orgs: []string{suining.Units[roads]}, Due: "2022-06-27",
		Words: plan.InstructionWords{Text: "只在本市说的一句话", Leader: "演示市长", Files: scanOf(t, suining, region.Leader, plantest.UnitNames[0])},
	}
	id, err := suining.GiveInstruction(ctx, suining.As(leader(suining)), n)
	if err != nil {
		t.Fatal(err)
	}
	unit := suining.As(region.Reporter, roads)
	steps := []func() error{
		func() error { return suining.SignInstruction(ctx, unit, id) },
		func() error { return suining.AnswerInstruction(ctx, unit, id, "只在本市答的一句话", nil) },
		func() error {
			return suining.ReturnInstruction(ctx, suining.Coordinator(), id, suining.Units[roads], "只在本市退的一句话", "2022-06-29")
		},
		func() error {
			return suining.CloseInstruction(ctx, suining.Coordinator(), id, plan.InstructionCancelled, "只在本市撤的一句话")
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	suining.FileAs(roads, road, "2022-05", judge.OnTime, "给圈内看的进展")
	suining.AcceptNow(road, "2022-05", false)
	tongnan.Hear(suining)
	suining.Hear(tongnan)

	secrets := []string{"只在本市", id, "plan.instruction", n.Words.Files[0].Blob}
	own, shared := map[string]bool{}, false
	for _, o := range []*plantest.Office{suining, tongnan} {
		err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.Query(ctx, `SELECT book, entry, COALESCE(words, entry) FROM book_entry`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var name string
				var entry, words []byte
				if err := rows.Scan(&name, &entry, &words); err != nil {
					return err
				}
				said := string(entry) + string(words)
				shared = shared || o == tongnan && strings.Contains(said, "给圈内看的进展")
				for _, secret := range secrets {
					if !strings.Contains(said, secret) {
						continue
					}
					if own[secret] = true; o == tongnan || name != "510900/self" {
						t.Errorf("%q stands in %s at %s", secret, name, o.Node().Name)
					}
				}
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(own) != len(secrets) || !shared {
		t.Fatalf("the own book holds %v, the neighbour heard %v: this test looks at nothing", own, shared)
	}
	for _, seat := range region.Seats {
		v := plan.ViewerOf(tongnan.As(seat, roads).Actor)
		if all, err := tongnan.Instructions(ctx, plan.InstructionQuery{}, v); err != nil || len(all) != 0 {
			t.Errorf("a neighbour's %s lists %d, %v", seat, len(all), err)
		}
		page, err := tongnan.Story(ctx, road, "", v)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range page.Events {
			if strings.HasPrefix(h.Kind, "plan.instruction.") {
				t.Errorf("a neighbour's %s finds %s in the story", seat, h.Kind)
			}
		}
	}
	for kind, err := range wordsInCircle(suining, id, roads) {
		if !refuse.Is(err, "plan.only-self") {
			t.Errorf("%s in a circle's book: %v", kind, err)
		}
	}
}
