package plantest_test

import (
	"context"
	"errors"
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

// seated registers somebody with seats of a unit.
func seated(o *plantest.Office, id, name, unit string, seats ...region.Seat) {
	o.Write(func(ctx context.Context, w *node.Writing) error {
		_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
			Circle: node.Self, Facts: region.PersonFacts{Person: id}, Words: &region.PersonWords{Name: name},
		})
		for _, seat := range seats {
			if err == nil {
				_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
					Circle: node.Self, Facts: region.SeatFacts{Person: id, Org: o.Units[unit], Seat: seat},
				})
			}
		}
		return err
	})
}

// leaves hands a person's work over and sends him away, as the pages of people do.
func leaves(o *plantest.Office, h region.Handover) error {
	admin := node.Actor{Person: "p-admin", Org: "o-1", Seat: string(region.Administrator), Member: o.Node().Member}
	_, err := o.Node().Write(context.Background(), node.Request{Actor: admin}, func(ctx context.Context, w *node.Writing) error {
		if err := region.HandOver(ctx, w, []region.HandRoom{o.Desk}, h); err != nil {
			return err
		}
		_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
			Circle: node.Self, Facts: region.PersonFacts{Person: h.Person, Left: true}, Words: &region.PersonWords{Name: "演示离岗"},
		})
		return err
	})
	return err
}

// holdings are what hangs on a person, by word.
func holdings(t *testing.T, o *plantest.Office, h region.Handover) map[string]region.Holding {
	t.Helper()
	all := map[string]region.Holding{}
	err := o.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		held, err := region.HeldBy(context.Background(), tx, []region.HandRoom{o.Desk}, h, region.Today(o.Clock()))
		for _, x := range held {
			all[x.What] = x
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAPersonLeavesInTheMiddleOfAReview: a coordinator who has accepted one filing, sent one back and not come to the third, with a file under
// preview, leaves. His colleague finds the same queue, confirms the same file with the choices that were made, and what was accepted stays in
// the name of who accepted it.
func TestAPersonLeavesInTheMiddleOfAReview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		office := plantest.UnitNames[0]
		seated(o, "p-next", "演示继任", office, region.Coordinator)
		o.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "要点"}, "序号,工作任务,牵头单位\n1,修桥,市交通运输局\n2,修站,市交通运输局\n3,修港,市交通运输局\n")
		o.Day("2022-06-14")
		items := map[string]string{}
		for _, title := range []string{"修桥", "修站", "修港"} {
			_, items[title] = o.Row(title)
			o.FileAs(roads, items[title], "2022-06", judge.OnTime, title+"过半")
		}
		leaver, next := o.Coordinator(), o.Coordinator()
		next.Actor.Person = "p-next"
		o.AcceptNow(items["修桥"], "2022-06", false)
		if err := o.Return(ctx, leaver, items["修站"], "2022-06", "写清楚进度"); err != nil {
			t.Fatal(err)
		}
		dr, err := o.KeepDraft(ctx, leaver.Actor, "增补.csv", []byte("序号,工作任务,牵头单位\n1,修机场,市交通运输局\n"), plan.ImportOptions{Plan: "more-2022", Year: 2022, Title: "增补"})
		if err != nil {
			t.Fatal(err)
		}
		dr.Choices.Reason = "按会议纪要"
		if err := o.SaveDraft(ctx, dr); err != nil {
			t.Fatal(err)
		}
		h := region.Handover{Person: "p-coordinator", To: "p-next", Org: o.Units[office], Leaves: true}
		if held := holdings(t, o, h); held["imports"] != (region.Holding{What: "imports", N: 1, Fate: region.Passes}) {
			t.Errorf("before: %+v", held)
		}
		if _, err := o.DraftOf(ctx, next.Actor, dr.ID); !refuse.Is(err, "plan.draft-gone") {
			t.Errorf("another reads a file under preview: %v", err)
		}
		before := queued(t, o, leaver)
		if err := leaves(o, h); err != nil {
			t.Fatal(err)
		}
		if after := queued(t, o, next); after != before || !strings.Contains(after, items["修港"]) || strings.Contains(after, items["修桥"]) {
			t.Errorf("the queue is %q, was %q", after, before)
		}
		if _, err := o.DraftOf(ctx, leaver.Actor, dr.ID); !refuse.Is(err, "plan.draft-gone") {
			t.Errorf("who left still holds it: %v", err)
		}
		got, err := o.DraftOf(ctx, next.Actor, dr.ID)
		if err != nil || got.Choices.Reason != "按会议纪要" {
			t.Fatalf("the colleague opens %+v, %v", got, err)
		}
		if _, err := o.ConfirmDraft(ctx, next, got); err != nil {
			t.Error(err)
		}
		if _, err := o.Accept(ctx, next, items["修港"], "2022-06", false); err != nil {
			t.Error(err)
		}
		o.FileAs(roads, items["修站"], "2022-06", judge.OnTime, "修站完成六成，已封顶")
		if _, err := o.Accept(ctx, next, items["修站"], "2022-06", false); err != nil {
			t.Error(err)
		}
		for title, want := range map[string]string{"修桥": "演示离岗", "修港": "演示继任", "修站": "演示继任"} {
			story, err := o.Story(ctx, items[title], "", plan.ViewerOf(next.Actor))
			if err != nil || !accepted(story, want) {
				t.Errorf("%s was not accepted by %s: %+v, %v", title, want, story.Events, err)
			}
		}
		if held := holdings(t, o, h); len(held) != 0 {
			t.Errorf("after: %+v", held)
		}
		o.Clean()
		kindtest.Prove(t, o.Node())
	})
}

func accepted(s plan.StoryPage, by string) bool {
	for _, e := range s.Events {
		if strings.Contains(e.Kind, "accepted") && e.Person == by {
			return true
		}
	}
	return false
}

func queued(t *testing.T, o *plantest.Office, who node.Request) string {
	t.Helper()
	q, err := o.Queue(context.Background(), who.Actor, "")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range q.Rows {
		all = append(all, f.Item)
	}
	return strings.Join(all, " ")
}

// TestWhatAReporterHeldGoesOn: the attachment that he sent and did not file is filed by his colleague, the draft stands as he typed it, and his
// colleague is the contact of the working group in his place; another of his name in another unit stays.
func TestWhatAReporterHeldGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		seated(o, "p-old", "王演示", roads, region.Reporter)
		seated(o, "p-new", "李演示", roads, region.Reporter)
		_, item := o.Row("遂渝高速公路扩容")
		o.Day("2022-06-14")
		old, next := o.As(region.Reporter, roads), o.As(region.Reporter, roads)
		old.Actor.Person, next.Actor.Person = "p-old", "p-new"
		file, err := o.Attach(ctx, old.Actor, "现场.txt", strings.NewReader("路基完成"), plan.DefaultFileLimit)
		if err != nil {
			t.Fatal(err)
		}
		loose, err := o.Attach(ctx, old.Actor, "另一份.txt", strings.NewReader("未写进草稿"), plan.DefaultFileLimit)
		if err != nil {
			t.Fatal(err)
		}
		draft := plan.TypingName(item, "2022-06")
		if _, err := o.KeepTyping(ctx, old.Actor, draft, 0, "progress=路基完成三成&blob="+file.Blob); err != nil {
			t.Fatal(err)
		}
		coordinator := o.Coordinator()
		group := groupOf(t, o, plan.NewGroup{Orgs: []string{o.Units[roads], o.Units[farms]}, Words: plan.GroupWords{Name: "交通专班"}})
		contacts := []plan.Contact{{Unit: "遂宁" + roads, Name: "王演示", Phone: "13800001234"}, {Unit: farms, Name: "王演示", Phone: "13900001234"}}
		if err := o.SetContacts(ctx, coordinator, group, contacts); err != nil {
			t.Fatal(err)
		}
		h := region.Handover{Person: "p-old", To: "p-new", Org: o.Units[roads], Leaves: true, Phone: "13700001234"}
		held := holdings(t, o, h)
		for what, want := range map[string]region.Holding{
			"uploads": {What: "uploads", N: 2, Fate: region.Passes}, "drafts": {What: "drafts", N: 1, Fate: region.Stays}, "contacts": {What: "contacts", N: 1, Fate: region.Passes},
		} {
			if held[what] != want {
				t.Errorf("%s before: %+v", what, held[what])
			}
		}
		wrong := h
		wrong.To = "p-coordinator"
		wantCode(t, "somebody of another unit", "region.hand.colleague", leaves(o, wrong))
		if got := holdings(t, o, h); len(got) != len(held) {
			t.Errorf("refused, and yet %+v", got)
		}
		if err := leaves(o, h); err != nil {
			t.Fatal(err)
		}
		typed, err := o.Typing(ctx, next.Actor, draft)
		if err != nil || !strings.Contains(typed.Text, "路基完成三成") || !strings.Contains(typed.Text, file.Blob) {
			t.Errorf("the draft is %+v, %v", typed, err)
		}
		f := plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime}
		if _, err := o.File(ctx, next, f, plan.ReportWords{Progress: "路基完成三成", Files: []plan.FileRef{file, loose}}); err != nil {
			t.Errorf("filed with his attachments: %v", err)
		}
		g, err := o.Group(ctx, group, plan.ViewerOf(coordinator.Actor))
		if err != nil || len(g.Contacts) != 2 || g.Contacts[0] != (plan.Contact{Unit: "遂宁" + roads, Name: "李演示", Phone: "13700001234"}) || g.Contacts[1] != contacts[1] {
			t.Errorf("the contacts are %+v, %v", g.Contacts, err)
		}
		if last := g.History[len(g.History)-1]; last.Kind != "plan.group.contact.passed" || last.Text != "" {
			t.Errorf("the group's history ends with %+v", last)
		}
		o.Clean()
		kindtest.Prove(t, o.Node())
		if t.Name() == "TestWhatAReporterHeldGoesOn/sqlite" {
			kindtest.Golden(t, o.Node(), "testdata/golden-hand.txt")
		}
	})
}

// TestALeadersOpenWordsAreHisSuccessors: what he gave stays his, and that an answer came waits for who took over.
func TestALeadersOpenWordsAreHisSuccessors(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	office := plantest.UnitNames[0]
	for id, name := range map[string]string{"p-leader": "演示领导", "p-after": "演示后任", "p-third": "演示第三任"} {
		seated(o, id, name, office, region.Leader)
	}
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-06-14")
	id, err := o.GiveInstruction(ctx, o.As(leader(o)), plan.NewInstruction{Item: item, Orgs: []string{o.Units[roads]}, Due: "2022-06-24", Words: plan.InstructionWords{Text: "抓紧办理"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.AnswerInstruction(ctx, o.As(region.Reporter, roads), id, "已协调", nil); err != nil {
		t.Fatal(err)
	}
	waits := func(person string) bool {
		t.Helper()
		who := o.As(leader(o)).Actor
		who.Person = person
		i, err := o.Instruction(ctx, id, plan.ViewerOf(who))
		if err != nil {
			t.Fatal(err)
		}
		return o.InstructionWaits(i, who)
	}
	if !waits("p-leader") || waits("p-after") {
		t.Error("before: it waits for another than who gave it")
	}
	for _, h := range []region.Handover{{Person: "p-leader", To: "p-after"}, {Person: "p-after", To: "p-third"}} {
		h.Org = o.Units[office]
		if h.Person == "p-leader" && holdings(t, o, h)["instructions"].N != 1 {
			t.Error("it is not counted")
		}
		if err := leaves(o, h); err != nil {
			t.Fatal(err)
		}
		if !waits(h.To) {
			t.Errorf("it does not wait for %s", h.To)
		}
	}
	o.Clean()
}

// TestNobodyElsesContactPasses: a neighbour's of the same name in a unit that ends like ours, and one of no unit, stay; and by no handover may a list
// change more than the lines of who leaves.
func TestNobodyElsesContactPasses(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	seated(o, "p-old", "王演示", roads, region.Reporter)
	seated(o, "p-new", "李演示", roads, region.Reporter)
	group := groupOf(t, o, plan.NewGroup{Orgs: []string{o.Units[roads], o.Units[farms]}, Words: plan.GroupWords{Name: "交通专班"}})
	contacts := []plan.Contact{
		{Unit: "潼南区交通运输局", Name: "王演示", Phone: "1"},
		{Unit: "", Name: "王演示", Phone: "2"},
		{Unit: "交通运输局", Name: "王演示", Phone: "3"},
		{Unit: roads, Name: "王演示", Phone: "4"},
		{Unit: roads, Name: "赵演示", Phone: "5"},
	}
	if err := o.SetContacts(ctx, o.Coordinator(), group, contacts); err != nil {
		t.Fatal(err)
	}
	say := func(change func([]plan.Contact)) error {
		all := slices.Clone(contacts)
		all[3].Name, all[3].Phone = "李演示", "6"
		change(all)
		admin := node.Actor{Person: "p-admin", Org: "o-1", Seat: string(region.Administrator), Member: o.Node().Member}
		id, _, _ := strings.Cut(group, "@")
		_, err := o.Node().Write(ctx, node.Request{Actor: admin}, func(ctx context.Context, w *node.Writing) error {
			_, err := plan.ContactPassed.Say(ctx, w, node.Said[plan.GroupSaidFacts, plan.ContactWords]{
				Circle: node.Self, Subjects: []string{id}, Facts: plan.GroupSaidFacts{Group: id}, Words: &plan.ContactWords{Contacts: all},
			})
			if err == nil {
				err = errUndone
			}
			return err
		})
		return err
	}
	if err := say(func([]plan.Contact) {}); !errors.Is(err, errUndone) {
		t.Errorf("his own line: %v", err)
	}
	for name, change := range map[string]func([]plan.Contact){
		"a neighbour's":         func(all []plan.Contact) { all[0].Name = "李演示" },
		"another's telephone":   func(all []plan.Contact) { all[4].Phone = "7" },
		"another's name":        func(all []plan.Contact) { all[4].Name = "李演示" },
		"no colleague":          func(all []plan.Contact) { all[3].Name = "孙演示" },
		"his line in elsewhere": func(all []plan.Contact) { all[3].Unit = farms },
		"one order for another": func(all []plan.Contact) { all[0], all[1] = all[1], all[0] },
	} {
		wantCode(t, name, "plan.group-passed", say(change))
	}
	if err := leaves(o, region.Handover{Person: "p-old", To: "p-new", Org: o.Units[roads], Leaves: true, Phone: "6"}); err != nil {
		t.Fatal(err)
	}
	contacts[3].Name, contacts[3].Phone = "李演示", "6"
	g, err := o.Group(ctx, group, plan.ViewerOf(o.Coordinator().Actor))
	if err != nil || !slices.Equal(g.Contacts, contacts) {
		t.Errorf("the contacts are %+v, %v", g.Contacts, err)
	}
	o.Clean()
}

// errUndone takes back what was said.
var errUndone = errors.New("undone")

// TestAnotherOrganisationsSuccessorIsNoHeir: who took over what a leader did elsewhere, in another seat, has none of his words.
func TestAnotherOrganisationsSuccessorIsNoHeir(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	office := plantest.UnitNames[0]
	seated(o, "p-leader", "演示领导", office, region.Leader)
	seated(o, "p-leader", "演示领导", farms, region.Reader)
	seated(o, "p-after", "演示后任", office, region.Leader)
	seated(o, "p-elsewhere", "演示别处", farms, region.Reader)
	seated(o, "p-elsewhere", "演示别处", office, region.Leader)
	seated(o, "p-third", "演示第三任", roads, region.Leader)
	seated(o, "p-after", "演示后任", roads, region.Leader)
	pass := func(from, to, unit string) {
		t.Helper()
		o.Write(func(ctx context.Context, w *node.Writing) error {
			return region.HandOver(ctx, w, nil, region.Handover{Person: from, To: to, Org: o.Units[unit]})
		})
	}
	pass("p-leader", "p-elsewhere", farms)
	pass("p-leader", "p-after", office)
	pass("p-after", "p-third", roads)
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		heirs, err := region.Heirs(ctx, tx, region.Leader)
		if got := strings.Join(heirs["p-leader"], " "); got != "p-after" {
			t.Errorf("the leader's heirs are %q", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Clean()
}
