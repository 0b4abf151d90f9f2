package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"liandong/plan"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// longWorkbook is an invented workbook (演示数据): a cover, a long list with merged cells and headings,
// and a hidden sheet with rows of its own.
func longWorkbook(t *testing.T, n int, title func(i int) string) []byte {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	set := func(sheet, cell string, v any) {
		t.Helper()
		if err := x.SetCellValue(sheet, cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"任务分解表", "备用"} {
		if _, err := x.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	set("Sheet1", "A1", "2022年重点工作任务分解（演示数据）")
	head := []any{"序号", "类别", "工作任务", "年度目标", "责任单位", "完成时限"}
	for i, row := range [][]any{{"2022年重点工作任务分解表（演示数据）"}, head} {
		if err := x.SetSheetRow("任务分解表", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		row := []any{i + 1, "", title(i), "建成基地2万亩", []string{"市交通运输局", "市发展改革委员会", "市农业农村局"}[i%3], "6月底前"}
		if i%3 == 0 {
			row[1] = fmt.Sprintf("第%d类", i/3+1)
		}
		if err := x.SetSheetRow("任务分解表", fmt.Sprint("A", i+3), &row); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i+2 < n; i += 3 { // after all rows: writing into a merged cell writes into its first
		if err := x.MergeCell("任务分解表", fmt.Sprint("B", i+3), fmt.Sprint("B", i+5)); err != nil {
			t.Fatal(err)
		}
	}
	for i, row := range [][]any{head, {1, "", "隐藏的演示任务", "", "市交通运输局", "年底前"}} {
		if err := x.SetSheetRow("备用", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.SetSheetVisible("备用", false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func saved(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func first(i int) string {
	return fmt.Sprintf("演示任务第%d项%c%c", i+1, '甲'+rune(i*7), '丁'+rune(i*11))
}

// TestWithoutScripts walks upload, hidden sheet, unit, parts of a long sheet and a revision with
// JavaScript off, on a phone and on a desk.
func TestWithoutScripts(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	p := webtest.Start(t).Open(t, o.base, webtest.NoJS)
	p.SignIn("coordinator", webtest.Password)
	p.Go("/plan/import")
	choose(p, saved(t, "分解表.xlsx", longWorkbook(t, 150, first)))
	p.Do(chromedp.SetValue(chromedp.CSS(`[name=key]`), "long-2022"))
	p.Press(`main form .primary`)
	if got := p.Text("main"); !strings.Contains(got, "隐藏的工作表") || !strings.Contains(got, "第1类") {
		t.Fatalf("the preview says %q", got)
	}
	p.Do(chromedp.Click(chromedp.CSS(`input[name=hidden]`)))
	p.Do(chromedp.SetValue(chromedp.CSS(`[name="unit:市农业农村局"]`), "fgw"))
	p.Press(`.confirm-bar .primary`)
	if got := p.Text("main"); !strings.Contains(got, "请核对后再确认") || !strings.Contains(got, "新增 151 行") {
		t.Fatalf("what was corrected must be seen before it is confirmed: %q", got)
	}
	p.Press(`.pager a[rel=next]`)
	if got := p.Text("#sheet"); !strings.Contains(got, "共 152 行") || !strings.Contains(got, "第150项") {
		t.Errorf("the second part of the sheet says %q", got)
	}
	p.Look(webtest.Look{NoJS: true, Width: 390, Height: 844})
	p.Go(p.Address())
	p.FitsWidth()
	p.Look(webtest.NoJS)
	p.Press(`.confirm-bar .primary`)
	if got := p.Text("main"); !strings.Contains(got, "导入完成") || !strings.Contains(got, "新增 151") {
		t.Fatalf("after confirming the page says %q", got)
	}
	p.Go("/plan/long-2022/import")
	choose(p, saved(t, "修订.xlsx", longWorkbook(t, 149, func(i int) string {
		if i == 4 {
			return first(i) + "（扩大范围）"
		}
		return first(i)
	})))
	p.Press(`main form .primary`)
	if got := p.Text("#changes"); !strings.Contains(got, "扩大范围") || !strings.Contains(got, "移出") || strings.Contains(got, "隐藏的演示任务") {
		t.Errorf("the revision says %q", got)
	}
	p.Look(webtest.Desk)
	p.Go(p.Address())
	p.Shot("intake-revision")
	p.Axe()
	p.Look(webtest.Phone)
	p.FitsWidth()
	p.Shot("intake-revision-phone")
	p.Look(webtest.Desk)
	p.Press(`.confirm-bar [value=discard]`)
	if got := p.Text("main"); !strings.Contains(got, "文件已删除") {
		t.Errorf("after discarding the page says %q", got)
	}
	clean(t, o)
}

// TestRefusedOnTheForm: what is refused is said on the form, with what was typed still in it.
func TestRefusedOnTheForm(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	p := webtest.Start(t).Open(t, o.base, webtest.Desk)
	p.SignIn("coordinator", webtest.Password)
	p.Go("/plan/import")
	choose(p, saved(t, "通讯录.csv", []byte("姓名,电话\n张三,1\n")))
	p.Fill("key", "Not A Key")
	p.Fill("title", "演示清单")
	p.Press(`main form .primary`)
	if got := p.Text(".errors"); !strings.Contains(got, "小写字母") {
		t.Errorf("the errors say %q", got)
	}
	p.Fill("key", "a-key")
	choose(p, saved(t, "通讯录.csv", []byte("姓名,电话\n张三,1\n")))
	p.Press(`main form .primary`)
	if got := p.Text(".errors"); !strings.Contains(got, "没有在文件里找到任务清单") {
		t.Errorf("the errors say %q", got)
	}
	if got := webtest.Eval[string](p, `document.querySelector("[name=title]").value`); got != "演示清单" {
		t.Errorf("what was typed reads %q", got)
	}
	p.Shot("intake-refused")
	p.Axe()
	p.Go("/plan/import?lang=en")
	p.Shot("intake-form-en")
}

// TestSampleCanBeTried: the sample of the empty state goes through the whole way.
func TestSampleCanBeTried(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	content, status := b.get("/plan/import/sample.xlsx")
	if status != 200 {
		t.Fatal(status)
	}
	done, err := o.desk.ImportFile(context.Background(), o.coordinator(), "样例.xlsx", []byte(content), plan.ImportOptions{Plan: "sample", Year: 2022})
	if err != nil || done.New != 6 {
		t.Fatalf("%+v %v", done, err)
	}
	page, _, _ := b.upload("/plan/import", "样例.xlsx", []byte(content), fields("sample-2", "suitong"))
	if !strings.Contains(page, "疑似已有的事项（6）") {
		t.Errorf("the sample beside itself says %s", text(page))
	}
}

// TestLongPreviewIsSwift: one part of 3,000 rows is shown; the page stays small.
func TestLongPreviewIsSwift(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	_, at, _ := b.upload("/plan/import", "长.xlsx", longWorkbook(t, 3000, first), fields("long", ""))
	start := time.Now()
	page, status := b.get(at)
	if took := time.Since(start); status != 200 || took > 15*time.Second {
		t.Errorf("%d after %v", status, took)
	} else {
		t.Logf("3,000 rows: %v, %d KB", took, len(page)>>10)
	}
	if len(page) > 2<<20 {
		t.Errorf("the page has %d bytes", len(page))
	}
}
