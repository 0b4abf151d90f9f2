package plantest_test

import (
	"context"
	"slices"
	"testing"

	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

const farm, late = "市农业农村局", "市经济和信息化局"

func wantCode(t *testing.T, what, code string, err error) {
	t.Helper()
	if code == "" && err != nil || code != "" && !refuse.Is(err, code) {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

func makes(t *testing.T, o *plantest.Office, m plan.Making, rows ...plan.ListingWords) string {
	t.Helper()
	id, err := o.NewMaking(context.Background(), m, rows)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func consultation(t *testing.T, o *plantest.Office, id string, as plan.Viewer) *plan.Consultation {
	t.Helper()
	c, err := o.Consultation(context.Background(), id, as)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAListIsMadeCommentedOnAndIssued: rows are written, two units are asked, one is silent, a comment is decided on, and the list is issued as the
// draft stands then; the consultation says what became of it.
func TestAListIsMadeCommentedOnAndIssued(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		o.Day("2022-12-20")
		coordinator, transport, agri := o.Coordinator(), o.As(region.Reporter, road), o.As(region.Reporter, farm)
		id := makes(t, o, plan.Making{Title: "遂潼一体化2023年重点任务", Plan: "suitong-2023", Year: 2023},
			plan.ListingWords{Number: "1", Title: "建成遂渝高速公路扩容遂宁段", Lead: []string{road}, Deadline: "6月底前", Target: "通车30公里"})
		second, err := o.SetMakingRow(ctx, id, 0, 0, plan.ListingWords{Number: "2", Title: "新建高标准农田10万亩", Lead: []string{farm}, Deadline: "年底前"})
		if err != nil || second != 2 {
			t.Fatalf("row %d, %v", second, err)
		}
		_, err = o.SetMakingRow(ctx, id, 2, 7, plan.ListingWords{Title: "旧版上的修改"})
		wantCode(t, "a change to an older version", "plan.making-newer", err)
		_, err = o.SetMakingRow(ctx, id, 9, 1, plan.ListingWords{Title: "没有的行"})
		wantCode(t, "a change to no row", "plan.making-row-gone", err)
		_, err = o.SetMakingRow(ctx, id, 0, 0, plan.ListingWords{Title: " "})
		wantCode(t, "an empty row", "plan.row-title", err)
		if err := o.MoveMakingRow(ctx, id, 2, -1); err != nil {
			t.Fatal(err)
		}
		m, err := o.Making(ctx, id)
		if err != nil || len(m.Rows) != 2 || m.Rows[0].Row != 2 || m.Rows[0].Order != 1 {
			t.Fatalf("%+v, %v", m, err)
		}

		ask := plan.NewConsultation{Orgs: []string{o.Units[road], o.Units[farm]}, Due: "2022-12-27", Note: "请于27日前反馈"}
		_, err = o.Consult(ctx, transport, id, ask)
		wantCode(t, "a reporter asks", "node.not-permitted", err)
		_, err = o.Consult(ctx, coordinator, id, plan.NewConsultation{Orgs: ask.Orgs, Due: "2022-12-19"})
		wantCode(t, "by a day that is over", "plan.consultation-past", err)
		_, err = o.Consult(ctx, coordinator, id, plan.NewConsultation{Due: "2022-12-27"})
		wantCode(t, "nobody", "plan.consultation-to", err)
		_, err = o.Consult(ctx, coordinator, id, plan.NewConsultation{Members: []string{"500152"}, Due: "2022-12-27"})
		wantCode(t, "a neighbour about an own list", "plan.consultation-circle", err)
		first, err := o.Consult(ctx, coordinator, id, ask)
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, "a reporter asks more", "node.not-permitted", o.Widen(ctx, transport, first, []string{o.Units[plantest.UnitNames[1]]}, nil))
		wantCode(t, "no unit of the directory", "plan.consultation-unit", o.Widen(ctx, coordinator, first, []string{"o-typo"}, nil))
		wantCode(t, "who is asked already", "plan.consultation-asked", o.Widen(ctx, coordinator, first, []string{o.Units[road]}, nil))
		wantCode(t, "one more", "", o.Widen(ctx, coordinator, first, []string{o.Units[late]}, nil))
		wantCode(t, "its comment", "", o.Comment(ctx, o.As(region.Reporter, late), first, nil))
		wantCode(t, "giving it up meanwhile", "plan.making-consulting", o.DropMaking(ctx, id))
		if todo, err := o.Todo(ctx, transport.Actor); err != nil || todo.Drafts != 1 {
			t.Errorf("%d drafts wait for the unit, %v", todo.Drafts, err)
		}
		wantCode(t, "who is not asked", "plan.consultation-not-asked", o.Comment(ctx, o.As(region.Reporter, plantest.UnitNames[0]), first, map[int]string{1: "旁人"}))
		wantCode(t, "on no row", "plan.comment-rows", o.Comment(ctx, transport, first, map[int]string{7: "没有这一行"}))
		wantCode(t, "a reader", "node.not-permitted", o.Comment(ctx, o.As(region.Reader, road), first, nil))
		wantCode(t, "no comments", "", o.Comment(ctx, transport, first, nil))
		wantCode(t, "said again", "", o.Comment(ctx, transport, first, map[int]string{0: "建议按季度调度", 1: "征地未完，建议改为9月底前", 2: " "}))
		c := consultation(t, o, first, plan.ViewerOf(coordinator.Actor))
		if c.Undecided != 2 || len(c.Rows) != 2 || len(c.Row(1).Comments) != 1 || len(c.Whole) != 1 || !slices.Equal(c.Silent(), []string{farm}) {
			t.Fatalf("%+v", c)
		}
		said := c.Row(1).Comments[0]
		if said.From != road || said.Text != "征地未完，建议改为9月底前" || said.Decision != "" {
			t.Errorf("%+v", said)
		}
		if own := consultation(t, o, first, plan.ViewerOf(agri.Actor)); len(own.Comments()) != 0 || len(own.Asked) != 1 {
			t.Errorf("another unit reads %+v", own.Comments())
		}
		_, err = o.Consultation(ctx, first, plan.ViewerOf(o.As(region.Reporter, plantest.UnitNames[0]).Actor))
		wantCode(t, "who is not asked reads", "plan.consultation-unknown", err)
		_, err = o.PrepareIssue(ctx, coordinator.Actor, id, plan.IssueOptions{Number: "遂潼办〔2023〕1号", Issued: "2022-12-30"})
		wantCode(t, "issued with comments open", "plan.comments-open", err)

		decide := func(row int, decision plan.Decision, reason string) error {
			was := consultation(t, o, first, plan.ViewerOf(coordinator.Actor)).Comments()
			of := plan.RowDecision{Row: row, Decision: decision, Reason: reason}
			for _, c := range was {
				if c.Row == row && c.From == road {
					of.Was = c.Decision
				}
			}
			return o.DecideComment(ctx, coordinator, first, said.Book, said.Index, of)
		}
		wantCode(t, "not adopted without a reason", "plan.decision-reason", decide(0, plan.NotAdopted, ""))
		wantCode(t, "decided how", "plan.decision", decide(0, "maybe", "说不清"))
		wantCode(t, "on a row it says nothing of", "plan.comment-unknown", decide(2, plan.Adopted, ""))
		wantCode(t, "a unit decides itself", "node.not-permitted", o.DecideComment(ctx, transport, first, said.Book, said.Index, plan.RowDecision{Row: 1, Decision: plan.Adopted}))
		wantCode(t, "not adopted", "", decide(0, plan.NotAdopted, "按月调度是三方约定"))
		wantCode(t, "adopted", "", decide(1, plan.NotAdopted, "按原计划"))
		wantCode(t, "and otherwise", "", decide(1, plan.Adopted, ""))
		if _, err := o.SetMakingRow(ctx, id, 1, 1, plan.ListingWords{Number: "1", Title: "建成遂渝高速公路扩容遂宁段", Lead: []string{road}, Deadline: "9月底前", Target: "通车30公里"}); err != nil {
			t.Fatal(err)
		}
		c = consultation(t, o, first, plan.ViewerOf(transport.Actor))
		if c.Row(1).Comments[0].Decision != plan.Adopted || c.Whole[0].Reason != "按月调度是三方约定" || c.Row(1).Words.Deadline != "6月底前" {
			t.Errorf("what became of it: %+v", c)
		}

		draft, err := o.PrepareIssue(ctx, coordinator.Actor, id, plan.IssueOptions{Number: "遂潼办〔2023〕1号", Issued: "2022-12-30"})
		if err != nil {
			t.Fatal(err)
		}
		done, err := o.ConfirmDraft(ctx, coordinator, draft)
		if err != nil || done.New != 2 {
			t.Fatalf("%+v, %v", done, err)
		}
		head, err := o.Head(ctx, "suitong-2023")
		if err != nil || head == nil || head.Words.DocumentNo != "遂潼办〔2023〕1号" || head.Facts.Issued != "2022-12-30" || head.Facts.Year != 2023 {
			t.Fatalf("%+v, %v", head, err)
		}
		page, err := o.List(ctx, plan.ListQuery{Plan: "suitong-2023"})
		if err != nil || len(page.Rows) != 2 || page.Rows[0].Words.Title != "新建高标准农田10万亩" || page.Rows[1].Words.Deadline != "9月底前" {
			t.Errorf("%+v, %v", page.Rows, err)
		}
		c = consultation(t, o, first, plan.ViewerOf(transport.Actor))
		if c.Outcome != plan.ConsultationIssued || c.Plan != "510900:suitong-2023" {
			t.Errorf("its end: %+v", c)
		}
		_, err = o.Making(ctx, id)
		wantCode(t, "the list in the making", "plan.making-unknown", err)
		wantCode(t, "a comment after the end", "plan.consultation-over", o.Comment(ctx, agri, first, map[int]string{2: "迟到"}))
		kindtest.Prove(t, o.Node())
		kindtest.Golden(t, o.Node(), "testdata/golden-consult.txt")
	})
}

// TestNeighboursCommentOnADraft: the neighbour's coordinator reads the draft on his own node and comments in his own book; the decision stands in
// the asking member's; another round ends the one before, and a withdrawn one says why.
func TestNeighboursCommentOnADraft(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	id := makes(t, suining, plan.Making{Title: "遂潼任务（演示数据）", Year: 2022, Circle: plantest.Circle}, plan.ListingWords{Title: "整治琼江", Deadline: "年底前"})
	_, err := suining.Consult(ctx, suining.Coordinator(), id, plan.NewConsultation{Members: []string{"511500"}, Due: "2022-12-27"})
	wantCode(t, "a stranger", "plan.consultation-stranger", err)
	ask := plan.NewConsultation{Orgs: []string{suining.Units[farm]}, Members: []string{"500152"}, Due: "2022-12-27"}
	inside, err := suining.Consult(ctx, suining.Coordinator(), id, plan.NewConsultation{Orgs: ask.Orgs, Due: "2022-12-27"})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "a stranger asked later", "plan.consultation-stranger", suining.Widen(ctx, suining.Coordinator(), inside, nil, []string{"511500"}))
	wantCode(t, "a neighbour asked later", "", suining.Widen(ctx, suining.Coordinator(), inside, nil, []string{"500152"}))
	tongnan.Hear(suining)
	wantCode(t, "its comment", "", tongnan.Comment(ctx, tongnan.Coordinator(), inside+"@510900", map[int]string{1: "后来问到"}))
	suining.Hear(tongnan)
	if c := consultation(t, suining, inside, plan.ViewerOf(suining.Coordinator().Actor)); len(c.Asked) != 2 || c.Undecided != 1 {
		t.Errorf("asked later: %+v", c)
	}
	first, err := suining.Consult(ctx, suining.Coordinator(), id, ask)
	if err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	ref := first + "@510900"
	there := tongnan.Coordinator()
	if todo, err := tongnan.Todo(ctx, there.Actor); err != nil || todo.Drafts != 1 {
		t.Errorf("%d drafts wait for Tongnan, %v", todo.Drafts, err)
	}
	if c := consultation(t, tongnan, ref, plan.ViewerOf(there.Actor)); c.Ours || c.By != "遂宁市" || c.Title != "遂潼任务（演示数据）" || len(c.Asked) != 1 {
		t.Errorf("what Tongnan sees: %+v", c)
	}
	wantCode(t, "a reporter of the neighbour's", "plan.consultation-not-asked", tongnan.Comment(ctx, tongnan.As(region.Reporter, farm), ref, map[int]string{1: "不是我方协调员"}))
	if err := tongnan.Comment(ctx, there, ref, map[int]string{1: "潼南段请单列"}); err != nil {
		t.Fatal(err)
	}
	suining.Hear(tongnan)
	if err := suining.Comment(ctx, suining.As(region.Reporter, farm), first, nil); err != nil {
		t.Fatal(err)
	}
	c := consultation(t, suining, first, plan.ViewerOf(suining.Coordinator().Actor))
	if c.Undecided != 1 || len(c.Asked) != 2 || len(c.Silent()) != 0 {
		t.Fatalf("%+v", c)
	}
	said := c.Row(1).Comments[0]
	wantCode(t, "the neighbour decides", "plan.not-ours", tongnan.DecideComment(ctx, there, ref, said.Book, said.Index, plan.RowDecision{Row: 1, Decision: plan.Adopted}))
	if err := suining.DecideComment(ctx, suining.Coordinator(), first, said.Book, said.Index, plan.RowDecision{Row: 1, Decision: plan.PartlyAdopted, Reason: "合并为一条，注明潼南段"}); err != nil {
		t.Fatal(err)
	}
	again, err := suining.Consult(ctx, suining.Coordinator(), id, ask)
	if err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	for _, o := range []*plantest.Office{suining, tongnan} {
		c := consultation(t, o, ref, plan.ViewerOf(o.Coordinator().Actor))
		if one := c.Row(1).Comments; c.Outcome != plan.ConsultationRepeated || len(one) != 1 || one[0].From != "潼南区" || one[0].Decision != plan.PartlyAdopted || one[0].Reason == "" {
			t.Errorf("%s, first round: %+v", o.Node().Name, c)
		}
	}
	wantCode(t, "withdrawn without a reason", "plan.reason-missing", suining.WithdrawConsultation(ctx, suining.Coordinator(), again, ""))
	wantCode(t, "withdrawn by another", "plan.not-ours", tongnan.WithdrawConsultation(ctx, there, again+"@510900", "越权"))
	if err := suining.WithdrawConsultation(ctx, suining.Coordinator(), again, "会议改期"); err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	if c := consultation(t, tongnan, again+"@510900", plan.ViewerOf(there.Actor)); c.Outcome != plan.ConsultationWithdrawn || c.Reason != "会议改期" {
		t.Errorf("withdrawn: %+v", c)
	}
	if err := suining.DropMaking(ctx, id); err != nil {
		t.Error(err)
	}
	for _, o := range []*plantest.Office{suining, tongnan} {
		kindtest.Prove(t, o.Node())
	}
}
