package plantest_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// correctsMinutes corrects the minutes of a meeting at which roads was and farms was excused, one of whose decisions is tied to an item: by who may, with a
// reason, what holds and nothing else; the text that holds is read everywhere, and what stood before is still there.
func correctsMinutes(t *testing.T, o *plantest.Office, meeting, item string) {
	t.Helper()
	ctx := context.Background()
	office, transport := o.Coordinator(), o.As(region.Reporter, road)
	before := meetingOf(t, o, meeting, plan.ViewerOf(office.Actor))
	listed := before.Minutes.Resolutions[0]
	over := func(change func(*plan.MinutesCorrection)) func(*plan.MinutesCorrection) {
		return func(n *plan.MinutesCorrection) {
			n.Reason = "核对记录后更正"
			change(n)
		}
	}
	real := over(func(n *plan.MinutesCorrection) {
		n.Present[2].State, n.Present[2].People = plan.WasPresent, "钱演示"
		n.Points[0].Text = "会议听取了市交通运输局汇报。"
		n.Resolutions[0].Due = "2022-07-31"
		n.Resolutions[1].Text, n.Resolutions[1].Org = "加快路基和桥梁施工", o.Units[farm]
	})
	wantCode(t, "a unit corrects", "node.not-permitted", o.CorrectMinutes(ctx, transport, meeting, real))
	wantCode(t, "a leader corrects", "node.not-permitted", o.CorrectMinutes(ctx, o.As(region.Leader, bureau), meeting, real))
	wantCode(t, "nothing is otherwise", "plan.correction-none", o.CorrectMinutes(ctx, office, meeting, over(func(*plan.MinutesCorrection) {})))
	wantCode(t, "for no reason", "plan.reason-missing", o.CorrectMinutes(ctx, office, meeting, func(n *plan.MinutesCorrection) { n.Chair = "另一位" }))
	wantCode(t, "nobody in the chair", "plan.minutes-chair", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) { n.Chair = " " })))
	wantCode(t, "no text", "plan.resolution-text", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) { n.Resolutions[0].Text = "" })))
	wantCode(t, "no such unit", "plan.resolution-unit", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) { n.Resolutions[0].Org = "o-99" })))
	wantCode(t, "nobody does what is listed", "plan.resolution-unit", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) { n.Resolutions[0].Org = "" })))
	wantCode(t, "an attendance that is none", "plan.minutes-present", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) { n.Present[1].State = "" })))
	wantCode(t, "the convener was not there", "plan.correction-unit", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) { n.Present[0].State = plan.WasAbsent })))
	wantCode(t, "a decision left out", "plan.minutes-newer", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) { n.Resolutions = n.Resolutions[1:] })))
	wantCode(t, "corrected", "", o.CorrectMinutes(ctx, office, meeting, real))
	wantCode(t, "what was read before", "plan.minutes-newer", o.CorrectMinutes(ctx, office, meeting, over(func(n *plan.MinutesCorrection) {
		n.Seen, n.Chair = before.Minutes.Now, "另一位"
	})))
	wantCode(t, "what was read before is not confirmed", "plan.minutes-newer", o.AnswerMinutes(ctx, transport, meeting, before.Minutes.Now, true, ""))

	got := meetingOf(t, o, meeting, plan.ViewerOf(transport.Actor))
	m := got.Minutes
	if m.Number != before.Minutes.Number || m.Index != before.Minutes.Index || m.Now == m.Index || len(m.Corrections) != 1 ||
		m.Words.Points[0].Text != "会议听取了市交通运输局汇报。" || m.Words.Points[0].Stood != before.Minutes.Words.Points[0].Stood {
		t.Fatalf("what holds: %+v", m)
	}
	r := m.Resolutions
	if len(r) != 3 || r[0].Due != "2022-07-31" || r[0].Item != listed.Item || r[1].Text != "加快路基和桥梁施工" || r[1].Unit != farm || r[2].Text != "会后补发材料" {
		t.Errorf("decisions: %+v", r)
	}
	c := m.Corrections[0]
	if c.Reason != "核对记录后更正" || c.Unit != bureau || c.Person == "" || c.Day != o.Today() || len(c.Texts) != 5 {
		t.Fatalf("the correction: %+v", c)
	}
	var told []string
	for _, x := range c.Texts {
		told = append(told, string(x.Part)+" "+x.Was+" → "+x.Is)
	}
	const want = "present  → 钱演示; point 会议听取了汇报。 → 会议听取了市交通运输局汇报。; due 2022-07-15 → 2022-07-31; decision 加快路基施工 → 加快路基和桥梁施工; unit " + road + " → " + farm
	if got := strings.Join(told, "; "); got != want {
		t.Errorf("corrected: %s", got)
	}
	if c.Texts[0].WasState != plan.WasExcused || c.Texts[0].IsState != plan.WasPresent || c.Texts[2].Listing != listed.Listing || !c.Texts[2].Follows() || c.Texts[3].Item != item {
		t.Errorf("%+v", c.Texts)
	}
	if !got.Asked[0].Before || got.Asked[0].Objected == "" || !got.Asked[1].Was {
		t.Errorf("what was said to the minutes before: %+v", got.Asked)
	}
	row, err := o.List(ctx, plan.ListQuery{Plan: "meeting-2022"})
	if err != nil || row.Rows[0].Words.Deadline != "2022年7月15日前" {
		t.Errorf("the item was changed silently: %+v, %v", row.Rows, err)
	}
	story := mustStory(t, o, item, transport)[0]
	if story.Kind != "plan.minutes.corrected" || story.Text != "核对记录后更正" || !slices.ContainsFunc(story.Changed, func(c plan.Changed) bool {
		return c.Field == "minutes.decision" && c.Was == "加快路基施工" && c.Is == "加快路基和桥梁施工"
	}) {
		t.Errorf("the item's story: %+v", story)
	}
}

// TestTwoCorrectAtOnce: one has corrected, the other is told, and nothing of the first is lost.
func TestTwoCorrectAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		id := minutedOf(t, o, "", o.Units[road])
		seen := meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor)).Minutes.Now
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i, chair := range []string{"甲", "乙"} {
			both.Go(func() {
				errs[i] = o.CorrectMinutes(ctx, o.Coordinator(), id, func(n *plan.MinutesCorrection) { n.Seen, n.Chair, n.Reason = seen, chair, "笔误" })
			})
		}
		both.Wait()
		slices.SortFunc(errs, func(a, b error) int { return bitOf(a != nil) - bitOf(b != nil) })
		wantCode(t, "the faster", "", errs[0])
		wantCode(t, "the slower", "plan.minutes-newer", errs[1])
		if got := meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor)); len(got.Minutes.Corrections) != 1 {
			t.Errorf("%+v", got.Minutes.Corrections)
		}
		kindtest.Prove(t, o.Node())
	})
}

func bitOf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// minutedOf is a meeting of tomorrow, which then is today, with minutes: of a group with neighbours in a circle, or inside.
func minutedOf(t *testing.T, o *plantest.Office, circle string, org string, members ...string) string {
	t.Helper()
	group := groupOf(t, o, plan.NewGroup{Circle: circle, Orgs: []string{org}, Members: members, Words: plan.GroupWords{Name: "专班"}})
	return minutedBy(t, o, group, "调度会", plan.DraftResolution{Text: "完成清淤", Org: org, Due: "2022-06-30", Follow: plan.FollowNew})
}

func minutedBy(t *testing.T, o *plantest.Office, group, title string, decided ...plan.DraftResolution) string {
	t.Helper()
	ctx := context.Background()
	id, err := o.CallMeeting(ctx, o.Coordinator(), prepared(t, o, group, o.Today().AddDays(1), title, plan.DraftPoint{Ground: plan.AgendaFree, Title: "安排"}))
	if err != nil {
		t.Fatal(err)
	}
	o.Day(o.Today().AddDays(1))
	n, err := o.MinutesDraft(ctx, id, plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	plantest.AllCame(&n)
	n.Chair, n.Resolutions = "演示副市长", decided
	if err := o.IssueMinutes(ctx, o.Coordinator(), id, n); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestTheNewestDecisionOfAnItemIsDrawn: where a later meeting decided something that an older one's item follows, the next agenda proposes it in the later
// one's words and of its day, and says what was decided before.
func TestTheNewestDecisionOfAnItemIsDrawn(t *testing.T) {
	o := open(t, storetest.OpenSQLite(t))
	group := groupOf(t, o, plan.NewGroup{Orgs: []string{o.Units[road]}, Words: plan.GroupWords{Name: "专班"}})
	first := minutedBy(t, o, group, "第一次会议", plan.DraftResolution{Text: "完成清淤", Org: o.Units[road], Due: "2022-06-30", Follow: plan.FollowNew})
	item := meetingOf(t, o, first, plan.ViewerOf(o.Coordinator().Actor)).Minutes.Resolutions[0].Item
	second := minutedBy(t, o, group, "第二次会议", plan.DraftResolution{Text: "清淤延伸到下游段", Org: o.Units[road], Follow: item})
	m := meetingOf(t, o, second, plan.ViewerOf(o.Coordinator().Actor))
	all, told := drawn(t, o, prepared(t, o, group, o.Today().AddDays(9), "第三次会议"), 0)
	if told != "open 清淤延伸到下游段" || all[0].Day != string(m.Day) || all[0].Item != item || all[0].Resolution != strings.TrimSuffix(m.Minutes.Resolutions[0].ID, "@510900") {
		t.Errorf("drawn: %s %+v", told, all)
	}
	if len(all) > 0 && (!strings.Contains(all[0].Text, "第一次会议") || !strings.Contains(all[0].Text, "完成清淤")) {
		t.Errorf("what was decided before: %s", all[0].Text)
	}
}

// TestANeighbourReadsACorrection: minutes between members are corrected by who issued them, in the same book; the neighbour sees what holds and what stood
// before, is asked to confirm anew, and does not correct them himself. A node that did not hear of the correction yet answers what it read.
func TestANeighbourReadsACorrection(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	id := minutedOf(t, suining, plantest.Circle, suining.Units[road], "500152")
	tongnan.Day(suining.Today())
	tongnan.Hear(suining)
	there := tongnan.Coordinator()
	wantCode(t, "the neighbour corrects", "plan.not-ours", tongnan.CorrectMinutes(ctx, there, id, func(n *plan.MinutesCorrection) { n.Chair, n.Reason = "越权", "越权" }))
	wantCode(t, "corrected", "", suining.CorrectMinutes(ctx, suining.Coordinator(), id, func(n *plan.MinutesCorrection) {
		n.Resolutions[0].Org, n.Resolutions[0].Member, n.Resolutions[0].Side, n.Reason = "", "500152", "区水利局", "责任单位记错"
	}))
	wantCode(t, "it confirms what it read", "", tongnan.AnswerMinutes(ctx, there, id, plan.AnyMinutes, true, ""))
	tongnan.Hear(suining)
	suining.Hear(tongnan)
	for _, o := range []*plantest.Office{suining, tongnan} {
		m := meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor))
		c := m.Minutes.Corrections
		if len(c) != 1 || c[0].Reason != "责任单位记错" || len(c[0].Texts) != 1 || c[0].Texts[0].Was != road || c[0].Texts[0].Is != "潼南区水利局" {
			t.Fatalf("%s: %+v", o.Node().Name, c)
		}
		if (c[0].Person != "") != (o == suining) {
			t.Errorf("%s names the person %q", o.Node().Name, c[0].Person)
		}
		if a := m.Asked[1]; !a.Before || a.Confirmed == "" {
			t.Errorf("%s: what was said to the minutes before: %+v", o.Node().Name, a)
		}
	}
	if todo, err := tongnan.Todo(ctx, there.Actor); err != nil || todo.Meetings != 1 {
		t.Errorf("%d meetings wait for Tongnan, %v", todo.Meetings, err)
	}
	wantCode(t, "and now what holds", "", tongnan.AnswerMinutes(ctx, there, id, plan.AnyMinutes, true, ""))
	suining.Hear(tongnan)
	for _, o := range []*plantest.Office{suining, tongnan} {
		if a := meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor)).Asked[1]; a.Before || a.Confirmed == "" {
			t.Errorf("%s: %+v", o.Node().Name, a)
		}
		kindtest.Prove(t, o.Node())
	}
}

// TestWordsOfACorrectionAreErased: which parts it corrected is known all the same, and the minutes are erased with the text that holds; where those that
// were issued are erased, the corrected text stays.
func TestWordsOfACorrectionAreErased(t *testing.T) {
	ctx := context.Background()
	for _, first := range []bool{true, false} {
		o := open(t, storetest.OpenSQLite(t))
		id := minutedOf(t, o, "", o.Units[road])
		wantCode(t, "corrected", "", o.CorrectMinutes(ctx, o.Coordinator(), id, func(n *plan.MinutesCorrection) {
			n.Chair, n.Resolutions[0].Due, n.Reason = "王演示", "2022-07-31", "笔误"
		}))
		m := meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor)).Minutes
		at := m.Now
		if first {
			at = m.Index
		}
		eraseOwn(t, o, at)
		m = meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor)).Minutes
		x := m.Corrections[0].Texts
		if m.Erased == first || len(x) != 2 || !x[0].Unread || x[1].Unread || x[1].Was != "2022-06-30" || x[1].Is != "2022-07-31" || m.Corrections[0].Erased == first {
			t.Errorf("first erased %t: %+v", first, m)
		}
		if first && m.Words.Chair != "王演示" {
			t.Errorf("the text that holds: %+v", m.Words)
		}
		want := "plan.minutes-erased"
		if first {
			want = ""
		}
		wantCode(t, "corrected again", want, o.CorrectMinutes(ctx, o.Coordinator(), id, func(n *plan.MinutesCorrection) { n.Chair, n.Reason = "李演示", "笔误" }))
	}
}

// TestNobodyCorrectsANeighboursMinutes: an entry that corrects what does not hold, or what stands in another's book, is set aside everywhere.
func TestNobodyCorrectsANeighboursMinutes(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	id := minutedOf(t, o, "", o.Units[road])
	m := meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor)).Minutes
	said := func(change func(*plan.CorrectionFacts)) error {
		f := plan.CorrectionFacts{
			Meeting: strings.TrimSuffix(id, "@510900"), Number: 1, Parts: []plan.CorrectedPart{{Part: plan.PartChair}}, Orgs: []string{}, Members: []string{},
			Resolutions: slices.Clone(m.Facts().Resolutions),
		}
		for i := range f.Resolutions {
			f.Resolutions[i].Item, f.Resolutions[i].Listing = strings.TrimSuffix(f.Resolutions[i].Item, "@510900"), strings.TrimSuffix(f.Resolutions[i].Listing, "@510900")
		}
		change(&f)
		_, err := o.Node().Write(ctx, o.Coordinator(), func(ctx context.Context, w *node.Writing) error {
			at := node.Position{Book: m.Book, Index: m.Now}
			var raw []byte
			if err := w.Tx().Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, at.Book, at.Index).Scan(&raw); err != nil {
				return err
			}
			at.Leaf = book.LeafHash(raw)
			words := plan.CorrectionWords{Reason: "笔误", MinutesWords: m.Words}
			_, err := plan.MinutesCorrected.Say(ctx, w, node.Said[plan.CorrectionFacts, plan.CorrectionWords]{Circle: node.Self, Causes: []node.Position{at}, Facts: f, Words: &words})
			return err
		})
		return err
	}
	wantCode(t, "of another number", "plan.minutes-newer", said(func(f *plan.CorrectionFacts) { f.Number = 2 }))
	wantCode(t, "of another meeting", "plan.minutes-none", said(func(f *plan.CorrectionFacts) { f.Meeting = "m-none" }))
	wantCode(t, "of no part", "plan.correction-none", said(func(f *plan.CorrectionFacts) { f.Parts = []plan.CorrectedPart{} }))
	wantCode(t, "of a part twice", "plan.minutes-form", said(func(f *plan.CorrectionFacts) { f.Parts = append(f.Parts, f.Parts[0]) }))
	wantCode(t, "of a part that is none", "plan.minutes-form", said(func(f *plan.CorrectionFacts) { f.Parts[0].Part = "title" }))
	wantCode(t, "with a decision tied to something else", "plan.minutes-form", said(func(f *plan.CorrectionFacts) { f.Resolutions[0].Item = "" }))
	wantCode(t, "as it holds", "", said(func(*plan.CorrectionFacts) {}))
	wantCode(t, "of what does not hold any more", "plan.minutes-newer", said(func(f *plan.CorrectionFacts) { f.Number = 2 }))
}

// eraseOwn takes the words of an entry of the own book out.
func eraseOwn(t *testing.T, o *plantest.Office, index int64) {
	t.Helper()
	admin := node.Request{Actor: node.Actor{Person: "p-admin", Org: "o-1", Seat: string(region.Administrator), Member: o.Node().Member}}
	_, err := o.Node().Erase(context.Background(), admin, map[string]node.ErasedFacts{node.Self: {Indexes: []int64{index}, Reason: node.EraseAsked}}, node.ErasedWords{Reference: "申请第 1 号"})
	if err == nil {
		err = o.Node().FinishErasures(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
}
