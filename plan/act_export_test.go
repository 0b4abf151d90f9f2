package plan_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// withFiles gives an office a folder for its attachments.
func withFiles(t *testing.T, s *store.Store) (o *office, dir string) {
	t.Helper()
	o, dir = newOffice(t, s), t.TempDir()
	blobs, err := node.OpenBlobs(dir)
	if err != nil {
		t.Fatal(err)
	}
	o.Node().Blobs = blobs
	return o, dir
}

func kept(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// suitongBook is an invented list (演示数据) as a workbook with a column we do not know.
func suitongBook(t *testing.T) []byte {
	t.Helper()
	x := excelize.NewFile()
	for i, row := range [][]any{
		{"2022年遂潼重点任务清单（演示数据）"},
		{"序号", "工作任务", "年度目标", "牵头单位", "完成时限", "联系处室", "推进情况"},
		{1, "加快推进遂渝高速公路扩容工程建设", "完成路基12公里", "市交通运输局", "年底前", "规划科", ""},
		{2, "建设优质蔬菜生产带船山基地", "建成核心基地2万亩，产值1.5亿元以上", "市农业农村局", "6月底前", "种植科", ""},
	} {
		if err := x.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (o *office) report(unit, item, period, progress string, figures ...plan.FigureFacts) {
	o.t.Helper()
	ctx := context.Background()
	f := plan.ReportFacts{Item: item, Period: judge.Period(period), Claim: judge.OnTime, Figures: figures}
	if _, err := o.File(ctx, o.as(region.Reporter, unit), f, plan.ReportWords{Progress: progress, Problem: "雨季影响施工"}); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Accept(ctx, o.coordinator(), item, judge.Period(period), false); err != nil {
		o.t.Fatal(err)
	}
}

func TestExportShowsWhatWasAccepted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, dir := withFiles(t, s)
		opt := plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong"}
		if done, err := o.ImportFile(ctx, o.coordinator(), "清单.xlsx", suitongBook(t), opt); err != nil || done.New != 2 {
			t.Fatal(done, err)
		}
		o.day("2022-01-20")
		item := o.itemOf("建设优质蔬菜生产带船山基地")
		o.report("市农业农村局", item, "2022-01", "=HYPERLINK(\"http://x\")", plan.FigureFacts{Indicator: "k1", Value: "0.35"})

		e, err := o.Export(ctx, "suitong", "2022-01-20")
		if err != nil || len(e.Unshown) != 0 || e.Written != 2 {
			t.Fatalf("%+v %v", e.Unshown, err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(e.Content))
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.GetCellValue("Sheet1", "G4")
		if err != nil || !strings.Contains(got, "2022年1月") || !strings.Contains(got, "核心基地0.35万亩") {
			t.Errorf("the column of progress says %q %v", got, err)
		}
		if f, err := x.GetCellFormula("Sheet1", "G4"); err != nil || f != "" {
			t.Errorf("a report became the formula %q %v", f, err)
		}
		if head, err := x.GetCellValue("Sheet1", "F2"); err != nil || head != "联系处室" {
			t.Errorf("the column we do not know reads %q %v", head, err)
		}
		before, err := o.Export(ctx, "suitong", "2022-01-12")
		if err != nil {
			t.Fatal(err)
		}
		x, err = excelize.OpenReader(bytes.NewReader(before.Content))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := x.GetCellValue("Sheet1", "G4"); got != "" {
			t.Errorf("before it was accepted the report reads %q", got)
		}
		again, err := o.ImportFile(ctx, o.coordinator(), "导出.xlsx", e.Content, plan.ImportOptions{Plan: "suitong"})
		if err != nil || again.Wrote() || again.Same != 2 {
			t.Errorf("the export imported again: %+v %v", again, err)
		}
		if n := kept(t, dir); n != 1 {
			t.Errorf("%d files are kept, want the first", n)
		}
		o.exportWithoutFile(dir)
		o.clean()
	})
}

// exportWithoutFile: where the list's own file was erased, a plain table says the same.
func (o *office) exportWithoutFile(dir string) {
	o.t.Helper()
	ctx := context.Background()
	if err := os.RemoveAll(dir); err != nil {
		o.t.Fatal(err)
	}
	e, err := o.Export(ctx, "suitong", "2022-01-20")
	if err != nil || len(e.Unshown) != 0 || e.Written != 2 {
		o.t.Fatalf("%+v %v", e, err)
	}
	p, err := o.PreviewFile(ctx, "导出.xlsx", e.Content, plan.ImportOptions{Plan: "suitong"})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range p.Changes {
		if c.What != plan.RowSame {
			o.t.Errorf("%s %s %+v", c.What, c.Title, c.Differs)
		}
	}
}

// TestExportNamesWhatItCannotShow: rows that were kept although the newer file lacks them.
func TestExportNamesWhatItCannotShow(t *testing.T) {
	ctx := context.Background()
	o, _ := withFiles(t, storetest.OpenSQLite(t))
	opt := plan.ImportOptions{Plan: "suitong", Year: 2022, Title: "清单"}
	if _, err := o.ImportFile(ctx, o.coordinator(), "清单.csv", []byte(suitongList), opt); err != nil {
		t.Fatal(err)
	}
	shorter := strings.Replace(suitongList[:strings.Index(suitongList, "3,推进")], "6月底前", "9月底前", 1)
	draft, err := o.KeepDraft(ctx, o.coordinator().Actor, "清单.csv", []byte(shorter), plan.ImportOptions{Plan: "suitong"})
	if err != nil {
		t.Fatal(err)
	}
	draft.Choices.KeepDropped = true
	if _, err := o.ConfirmDraft(ctx, o.coordinator(), draft); !refuse.Is(err, "plan.amendment-reason") {
		t.Fatalf("another deadline without its reason: %v", err)
	}
	draft.Choices.Reason = "上级调整了时限"
	if done, err := o.ConfirmDraft(ctx, o.coordinator(), draft); err != nil || done.Changed != 1 || done.Dropped != 0 {
		t.Fatalf("%+v %v", done, err)
	}
	e, err := o.Export(ctx, "suitong", o.Today())
	if err != nil || len(e.Unshown) != 1 || e.Unshown[0].Title != "推进遂潼涪江创新产业园区规划建设" || e.Unshown[0].Reason == "" {
		t.Fatalf("%+v %v", e, err)
	}
	if _, err := o.Export(ctx, "nowhere", o.Today()); !refuse.Is(err, "plan.unknown") {
		t.Errorf("a list that is not there: %v", err)
	}
}

const harder = `序号,工作任务,年度目标,牵头单位,配合单位,完成时限
1,共建跨省快速公交,开通线路3条；平均能耗不超过5%,遂宁市：市交通运输局；潼南区：区交通局,,3月底前完成选址，9月底前开工，12月底前建成
2,联合招商,全年招商不少于4场,市发展改革委、市经济和信息化局按职责分工负责,市教育和体育局,每季度
3,没有牵头的事,,,市发展改革委,持续推进
`

// TestWhatAnItemIsMadeOf: sides, shared duty, steps, indicators, and a row without a lead.
func TestWhatAnItemIsMadeOf(t *testing.T) {
	ctx := context.Background()
	o, _ := withFiles(t, storetest.OpenSQLite(t))
	opt := plan.ImportOptions{Plan: "harder", Year: 2022, Circle: "suitong", Title: "演示清单"}
	p, err := o.PreviewFile(ctx, "清单.csv", []byte(harder), opt)
	if err != nil {
		t.Fatal(err)
	}
	missing := false
	for _, one := range p.List.Problems {
		missing = missing || one.Code == sheet.LeadMissing && one.Cell == "D4"
	}
	if !missing {
		t.Errorf("a row without a lead is no problem: %+v", p.List.Problems)
	}
	if _, err := o.ImportFile(ctx, o.coordinator(), "清单.csv", []byte(harder), opt); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		title, query, remark string
		want                 int
	}{
		{"共建跨省快速公交", `SELECT count(*) FROM plan_item_unit WHERE book = '510900/self' AND leads = 1 AND item = ?`, "our side leads", 1},
		{"共建跨省快速公交", `SELECT count(*) FROM plan_milestone WHERE book = '510900/self' AND item = ?`, "two steps before the last day", 2},
		{"共建跨省快速公交", `SELECT count(*) FROM plan_indicator WHERE book = '510900/self' AND item = ?`, "lines and energy", 2},
		{"共建跨省快速公交", `SELECT count(*) FROM plan_indicator WHERE book = '510900/self' AND direction = 'down' AND item = ?`, "what must not be exceeded", 1},
		{"联合招商", `SELECT count(*) FROM plan_item_unit WHERE book = '510900/self' AND leads = 1 AND item = ?`, "shared duty: joint leads", 2},
		{"没有牵头的事", `SELECT count(*) FROM plan_item_unit WHERE book = '510900/self' AND leads = 1 AND item = ?`, "nobody until it is edited", 0},
	} {
		var n int
		err := o.Node().Store.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, c.query, o.itemOf(c.title)).Scan(&n) })
		if err != nil || n != c.want {
			t.Errorf("%s, %s: %d, want %d %v", c.title, c.remark, n, c.want, err)
		}
	}
	o.clean()
}

// TestDraftsAreTheirOwners: another person and another day find nothing, and nothing is left.
func TestDraftsAreTheirOwners(t *testing.T) {
	ctx := context.Background()
	o, dir := withFiles(t, storetest.OpenSQLite(t))
	me := o.coordinator().Actor
	keep := func() *plan.Draft {
		d, err := o.KeepDraft(ctx, me, "清单.csv", []byte(suitongList), plan.ImportOptions{Plan: "suitong", Year: 2022})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := keep()
	other := me
	other.Person = "p-other"
	if _, err := o.DraftOf(ctx, other, d.ID); !refuse.Is(err, "plan.draft-gone") {
		t.Errorf("another person opens the draft: %v", err)
	}
	if err := o.DiscardDraft(ctx, d); err != nil || kept(t, dir) != 0 {
		t.Errorf("%d files after discarding %v", kept(t, dir), err)
	}
	d = keep()
	o.day("2022-01-16")
	if err := o.DropOldDrafts(ctx); err != nil || kept(t, dir) != 1 {
		t.Errorf("%d files after six days %v", kept(t, dir), err)
	}
	o.day("2022-01-18")
	if err := o.DropOldDrafts(ctx); err != nil || kept(t, dir) != 0 {
		t.Errorf("%d files after eight days %v", kept(t, dir), err)
	}
	if _, err := o.DraftOf(ctx, me, d.ID); !refuse.Is(err, "plan.draft-gone") {
		t.Errorf("an old draft opens: %v", err)
	}
	var no *sheet.Refusal
	_, err := o.KeepDraft(ctx, me, "清单.csv", []byte("机密★\n"+suitongList), plan.ImportOptions{Plan: "s", Year: 2022})
	if !errors.As(err, &no) || no.Code != "file-secret" || kept(t, dir) != 0 {
		t.Errorf("%v, %d files", err, kept(t, dir))
	}
}

// TestCorrectionsAreRemembered: a column and a unit corrected once are right in the next file of that
// layout.
func TestCorrectionsAreRemembered(t *testing.T) {
	ctx := context.Background()
	o, _ := withFiles(t, storetest.OpenSQLite(t))
	const list = "序号,工作任务,牵头单位,完成时限,情况\n1,演示任务甲,市交通运输部门,年底前,说明一\n"
	opt := plan.ImportOptions{
		Plan: "first", Year: 2022, Title: "演示清单",
		Columns: map[string]sheet.Field{"情况": sheet.Note},
		Units:   map[string]string{"市交通运输部门": o.names["市交通运输局"]},
	}
	if _, err := o.ImportFile(ctx, o.coordinator(), "清单.csv", []byte(list), opt); err != nil {
		t.Fatal(err)
	}
	p, err := o.PreviewFile(ctx, "清单.csv", []byte(strings.Replace(list, "任务甲", "任务乙", 1)), plan.ImportOptions{Plan: "second", Year: 2022})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Unknown) != 0 || p.Changes[0].Words.Note != "说明一" {
		t.Errorf("new units %+v, note %q", p.Unknown, p.Changes[0].Words.Note)
	}
}
