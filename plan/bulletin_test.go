package plan_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

func busyOffice(t *testing.T, s *store.Store) *plantest.Office {
	t.Helper()
	o := plantest.New(t, s)
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
	o.Take(plan.ImportOptions{Plan: "chengyu", Year: 2022, Circle: "chengyu", Title: "双城经济圈工作要点"}, chengyuList)
	o.Day("2022-02-20")
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	o.FileAs("市交通运输局", road, "2022-02", judge.OnTime, "完成征地拆迁，路基完成10%。")
	o.AcceptNow(road, "2022-02", false)
	o.Day("2022-03-01")
	return o
}

func bulletinOf(t *testing.T, o *plantest.Office) *plan.BulletinPage {
	t.Helper()
	b, err := o.Bulletin(context.Background(), plan.BulletinQuery{Month: "2022-02", Office: "遂宁市发展改革委"})
	if err != nil {
		t.Fatal(err)
	}
	return &b
}

// TestBulletinIsFrozenWhenIssued: what is said otherwise later shows as a difference and changes
// nothing that was issued.
func TestBulletinIsFrozenWhenIssued(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := busyOffice(t, s)
		b := bulletinOf(t, o)
		if b.AsOf != "2022-02-28" || len(b.Candidates) != 1 || !b.Candidates[0].Chosen {
			t.Fatalf("as of %s, candidates %+v", b.AsOf, b.Candidates)
		}
		text, unknown := b.Draft.Text()
		if !strings.Contains(text, "完成征地拆迁") || len(unknown) != 0 {
			t.Errorf("the report is not quoted, or fields are unknown (%v): %s", unknown, text)
		}
		if got := b.Draft.In.Total; got.Lists != 2 || got.Listings != 5 || got.Items != 4 {
			t.Errorf("totals %+v: want 2 lists, 5 rows, 4 pieces of work", got)
		}
		req := o.Coordinator()
		req.ID = "issue-once"
		receipt, err := o.IssueBulletin(ctx, req, b, true)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := o.IssueBulletin(ctx, req, b, true); err != nil || again.Note != receipt.Note {
			t.Errorf("issued twice: %+v, %v", again, err)
		}
		all, err := o.Bulletins(ctx)
		if err != nil || len(all) != 1 || all[0].ID != receipt.Note || len(all[0].Facts.Heads) != 3 {
			t.Fatalf("issued %+v, %v", all, err)
		}
		issued := all[0].IssuedBulletin
		if all[0].Corrected != 0 {
			t.Errorf("%d corrections before any", all[0].Corrected)
		}
		if said, figures, err := o.Corrections(ctx, issued); err != nil || len(said)+len(figures) != 0 {
			t.Errorf("corrections before any: %+v %+v %v", said, figures, err)
		}
		_, before, err := o.IssuedFile(issued, "docx")
		if err != nil {
			t.Fatal(err)
		}
		_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
		o.FileAs("市交通运输局", road, "2022-02", judge.OnTime, "更正：路基完成8%。")
		o.AcceptNow(road, "2022-02", false)
		said, _, err := o.Corrections(ctx, issued)
		if err != nil || len(said) != 1 || said[0].Now != "更正：路基完成8%。" || !strings.Contains(said[0].Then, "10%") {
			t.Errorf("correction: %+v, %v", said, err)
		}
		if all, err := o.Bulletins(ctx); err != nil || all[0].Corrected != 1 {
			t.Errorf("the list of bulletins counts %d corrections, %v", all[0].Corrected, err)
		}
		_, after, err := o.IssuedFile(issued, "docx")
		if err != nil || !bytes.Equal(before, after) {
			t.Error("the issued file changed")
		}
		if !strings.Contains(documentText(t, before), "遂渝高速") {
			t.Error("the document does not name the road")
		}
		o.Clean()
	})
}

func documentText(t *testing.T, docx []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestBulletinDraftIsNotOverwritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := busyOffice(t, s)
		b := bulletinOf(t, o)
		b.Candidates[0].Chosen, b.Edited = false, true
		if err := o.SaveBulletin(ctx, b); err != nil {
			t.Fatal(err)
		}
		if err := o.SaveBulletin(ctx, b); err != nil {
			t.Errorf("the same form sent twice: %v", err)
		}
		b.Draft.Sections[0].Text = "别的话"
		if err := o.SaveBulletin(ctx, b); !refuse.Is(err, "plan.bulletin-edited-meanwhile") {
			t.Errorf("a second person saved over the first: %v", err)
		}
		if b = bulletinOf(t, o); !b.Saved || b.Candidates[0].Chosen {
			t.Errorf("the draft is not what was saved: %+v", b.Candidates)
		}
	})
}

// TestBulletinRefusals: what must not be issued.
func TestBulletinRefusals(t *testing.T) {
	o := busyOffice(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	for _, c := range []struct{ remark, text, want string }{
		{"longer than an office prints", strings.Repeat("字", 4001), "plan.bulletin-too-long"},
		{"a figure that does not exist", "共{{没有这个}}项", "plan.bulletin-unknown-field"},
		{"nothing", "", "plan.bulletin-empty"},
	} {
		b := bulletinOf(t, o)
		for i := range b.Draft.Sections {
			b.Draft.Sections[i].Text = ""
		}
		b.Draft.Sections[0].Text = c.text
		if _, err := o.IssueBulletin(ctx, o.Coordinator(), b, false); !refuse.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.remark, err, c.want)
		}
	}
	b := bulletinOf(t, o)
	if _, err := o.IssueBulletin(ctx, o.As(region.Reviewer, "市发展改革委"), b, false); !refuse.Is(err, "node.not-permitted") {
		t.Errorf("a reviewer issued: %v", err)
	}
	if _, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-Q1"}); !refuse.Is(err, "plan.period") {
		t.Errorf("a quarter is no month: %v", err)
	}
}

// TestBulletinKnowsWhatWasKnown: a list taken in later, and what was said later, are not in the
// bulletin of a day before.
func TestBulletinKnowsWhatWasKnown(t *testing.T) {
	o := busyOffice(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	before := bulletinOf(t, o)
	o.Take(plan.ImportOptions{Plan: "late", Year: 2022, Circle: "suitong", Title: "后来的清单"}, suitongList)
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	o.FileAs("市交通运输局", road, "2022-02", judge.AtRisk, "三月才说的话")
	o.AcceptNow(road, "2022-02", false)
	after := bulletinOf(t, o)
	if got, want := fmt.Sprint(after.Draft.In.Total, after.Lists), fmt.Sprint(before.Draft.In.Total, before.Lists); got != want {
		t.Errorf("as of %s the bulletin says\n%s\nand said\n%s", after.AsOf, got, want)
	}
	if text, _ := after.Draft.Text(); strings.Contains(text, "三月才说的话") {
		t.Errorf("it quotes what was accepted later: %s", text)
	}
	b, err := o.Board(ctx, plan.BoardQuery{AsOf: "2022-02-28"})
	if err != nil || b.Lists != 2 {
		t.Errorf("the board of 28 February has %d lists, %v", b.Lists, err)
	}
	if b, err = o.Board(ctx, plan.BoardQuery{AsOf: "2022-01-05"}); err != nil || b.Lists != 0 || b.Totals.Total() != 0 {
		t.Errorf("before the first list the board has %d lists, %v", b.Lists, b.Totals)
	}
}

const innerList = `序号,工作任务,牵头单位,完成时限
1,内部整改事项落实,市农业农村局,年底前
2,加快推进遂渝高速公路扩容工程建设,市交通运输局,6月底前
`

// TestBulletinOfACircleKeepsTheInsideIn: own lists are left out unless they are chosen, and of a
// circle's bulletin they are no part whatever is chosen; returned reports do not show there.
func TestBulletinOfACircleKeepsTheInsideIn(t *testing.T) {
	o := busyOffice(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	o.Take(plan.ImportOptions{Plan: "inner", Year: 2022, Title: "内部督办清单"}, innerList)
	own, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-03"})
	if err != nil {
		t.Fatal(err)
	}
	if len(own.Lists) != 3 || len(own.Draft.In.Lists) != 2 {
		t.Fatalf("of the lists %+v those counted at first are %d, want the two of circles", own.Lists, len(own.Draft.In.Lists))
	}
	for i := range own.Lists {
		own.Lists[i].Chosen = true
	}
	if err := o.SaveBulletin(ctx, &own); err != nil {
		t.Fatal(err)
	}
	if own, err = o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-03"}); err != nil || len(own.Draft.In.Lists) != 3 {
		t.Errorf("%d lists after all were chosen, %v", len(own.Draft.In.Lists), err)
	}
	_, farm := o.Row("内部整改事项落实")
	o.FileAs("市农业农村局", farm, "2022-03", judge.OnTime, "内部整改过半")
	o.AcceptNow(farm, "2022-03", false)
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	o.FileAs("市交通运输局", road, "2022-03", judge.OnTime, "路基完成20%。")
	if err := o.Return(ctx, o.Coordinator(), road, "2022-03", "请补充"); err != nil {
		t.Fatal(err)
	}
	b, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-03", Circle: "suitong"})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Draft.In.Lists) != 1 || len(b.Candidates) != 0 {
		t.Errorf("the circle's bulletin has lists %+v, reports %+v", b.Lists, b.Candidates)
	}
	docx, err := b.Docx(false, false)
	if err != nil {
		t.Fatal(err)
	}
	all := documentText(t, docx) + fmt.Sprint(b.Draft.Workbook())
	for _, inside := range []string{"内部", "双城经济圈工作要点", judge.Returned.Zh()} {
		if strings.Contains(all, inside) {
			t.Errorf("%q went out into the circle's bulletin", inside)
		}
	}
	if _, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-03", Circle: "elsewhere"}); !refuse.Is(err, "plan.bulletin-circle") {
		t.Errorf("a circle that we are not in: %v", err)
	}
}

// TestBulletinCountsEachPieceOfWorkOnce: the road stands in both lists; its report is one.
func TestBulletinCountsEachPieceOfWorkOnce(t *testing.T) {
	o := busyOffice(t, storetest.OpenSQLite(t))
	b := bulletinOf(t, o)
	total := b.Draft.In.Total
	sum := 0
	for _, l := range b.Draft.In.Lists {
		sum += l.Figures.Due
	}
	if total.Due != 4 || sum != 5 || total.FiledOnTime != 1 || total.Missed != len(b.Draft.In.Missing) || total.Missed != 3 {
		t.Errorf("owed %d by pieces of work, %d by rows; in time %d, missed %d, named %d", total.Due, sum, total.FiledOnTime, total.Missed, len(b.Draft.In.Missing))
	}
	board, err := o.Board(context.Background(), plan.BoardQuery{AsOf: b.AsOf, Period: "2022-02"})
	if err != nil || board.Report.Owed != total.Due || board.Report.OnTime != total.FiledOnTime || board.Report.Missing != total.Missed {
		t.Errorf("the board says %+v, the bulletin %+v, %v", board.Report, total, err)
	}
}

// TestTextFollowsTheChoiceUntilItIsEdited: figures follow always.
func TestTextFollowsTheChoiceUntilItIsEdited(t *testing.T) {
	o := busyOffice(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	b := bulletinOf(t, o)
	b.Candidates[0].Chosen = false
	if err := o.SaveBulletin(ctx, b); err != nil {
		t.Fatal(err)
	}
	if b = bulletinOf(t, o); b.Edited || strings.Contains(sectionText(b), "完成征地拆迁") {
		t.Errorf("the report was unchosen and is still quoted: %s", sectionText(b))
	}
	b.Draft.Sections[0].Text, b.Edited = "共{{事项数}}项。", true
	if err := o.SaveBulletin(ctx, b); err != nil {
		t.Fatal(err)
	}
	if b = bulletinOf(t, o); !strings.Contains(sectionText(b), "共4项。") {
		t.Errorf("the edited text is not kept: %s", sectionText(b))
	}
}

// TestATextDoesNotHideWhatWasCorrectedSince: who wrote the text is told that a source says something else now; issued all the
// same, its page shows the correction.
func TestATextDoesNotHideWhatWasCorrectedSince(t *testing.T) {
	o := busyOffice(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	b := bulletinOf(t, o)
	b.AsOfAsked = "2022-03-01" // the day of the correction too
	b.Draft.Sections[0].Text, b.Edited = "路基完成10%，共{{事项数}}项。", true
	save := func() {
		t.Helper()
		if err := o.SaveBulletin(ctx, b); err != nil {
			t.Fatal(err)
		}
		b = bulletinOf(t, o)
	}
	if save(); len(b.Outdated()) != 0 {
		t.Errorf("nothing was corrected, and is told as %+v", b.Outdated())
	}
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	o.FileAs("市交通运输局", road, "2022-02", judge.OnTime, "更正：路基完成8%。")
	o.AcceptNow(road, "2022-02", false)
	b = bulletinOf(t, o)
	for _, when := range []string{"at once", "saved again as it was"} {
		if all := b.Outdated(); len(all) != 1 || all[0].Words.Progress != "更正：路基完成8%。" {
			t.Errorf("%s: told %+v", when, all)
		}
		save()
	}
	receipt, err := o.IssueBulletin(ctx, o.Coordinator(), b, true)
	if err != nil {
		t.Fatal(err)
	}
	all, err := o.Bulletins(ctx)
	if err != nil || all[0].ID != receipt.Note || all[0].Corrected != 1 {
		t.Errorf("issued with a text that is outdated: %+v, %v", all, err)
	}
	b.Draft.Sections[0].Text = "路基完成8%，共{{事项数}}项。"
	if save(); len(b.Outdated()) != 0 {
		t.Errorf("written anew, and still told %+v", b.Outdated())
	}
}

func sectionText(b *plan.BulletinPage) string {
	text, _ := b.Draft.Text()
	return text
}
