package plan_test

import (
	"archive/zip"
	"bytes"
	"context"
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
	b, err := o.Bulletin(context.Background(), "2022-02", "", "遂宁市发展改革委")
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
		issued := all[0]
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
		if err := o.SaveBulletin(ctx, b.Month, b.Head, b.Draft.Sections, nil, b.Version); err != nil {
			t.Fatal(err)
		}
		if err := o.SaveBulletin(ctx, b.Month, b.Head, b.Draft.Sections, nil, b.Version); err != nil {
			t.Errorf("the same form sent twice: %v", err)
		}
		b.Draft.Sections[0].Text = "别的话"
		if err := o.SaveBulletin(ctx, b.Month, b.Head, b.Draft.Sections, nil, b.Version); !refuse.Is(err, "plan.bulletin-edited-meanwhile") {
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
	if _, err := o.Bulletin(ctx, "2022-Q1", "", ""); !refuse.Is(err, "plan.period") {
		t.Errorf("a quarter is no month: %v", err)
	}
}
