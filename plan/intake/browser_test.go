package intake_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/intake"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// office is a site with the pages of this room, its attachments in a folder.
type office struct {
	*webtest.Stand
	desk *plan.Desk
	base string
	dir  string // of the attachments
}

func newOffice(t *testing.T, s *store.Store) *office {
	t.Helper()
	o := &office{Stand: webtest.NewStandOn(t, s, plan.Module()), dir: t.TempDir()}
	blobs, err := node.OpenBlobs(o.dir)
	if err != nil {
		t.Fatal(err)
	}
	o.Node.Blobs = blobs
	o.desk = plan.NewDesk(o.Node)
	intake.Routes(o.Site, o.desk)
	o.base = webtest.Serve(t, o.Site.Handler())
	o.Account(t, "coordinator")
	return o
}

// workbook writes rows into an xlsx of the test; a row of one text is a heading across.
func workbook(t *testing.T, name string, rows [][]string) string {
	t.Helper()
	x := excelize.NewFile()
	for i, row := range rows {
		for c, text := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := x.SetCellStr("Sheet1", cell, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), name)
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// suitong is an invented list (演示数据); its column 事项说明 is one that no synonym knows.
var suitong = [][]string{
	{"2022年遂潼一体化重点任务清单（演示数据）"},
	{"序号", "工作任务", "年度目标", "牵头单位", "配合单位", "完成时限", "联系处室"},
	{"一、基础设施"},
	{"1", "加快推进遂渝高速公路扩容工程建设", "年底前完成路基工程80%", "市交通运输局", "市发展改革委", "年底前", "规划科"},
	{"2", "建设渝遂绵优质蔬菜生产带船山基地", "建成核心基地2万亩，产值1.5亿元以上", "市农业农村局", "市交通运输局", "6月底前", "种植科"},
	{"二、产业协作"},
	{"3", "推进遂潼涪江创新产业园区规划建设", "完成总体规划编制", "市发展改革委", "市交通运输局", "尽早", "园区科"},
}

var chengyu = [][]string{
	{"2022年成渝双城经济圈建设工作要点（演示数据）"},
	{"序号", "重点任务", "责任单位", "完成时限"},
	{"1", "实施遂渝高速公路扩容改造工程", "市交通运输局", "2022年9月"},
	{"2", "共建锂电产业集群", "市经济和信息化局", "持续推进"},
}

func choose(p *webtest.Page, file string) {
	p.Do(chromedp.SetUploadFiles(chromedp.CSS(`[name="file"]`), []string{file}))
}

func upload(p *webtest.Page, key, circle, file string) {
	p.Go("/plan/import")
	choose(p, file)
	p.Fill("key", key)
	webtest.Eval[int](p, `document.querySelector("[name=circle]").value = "`+circle+`", 0`)
	p.Fill("year", "2022")
	p.Press(`main form .primary`)
}

// TestImportInTheBrowser walks the whole way: upload, correct a column, link a twin, confirm, undo,
// the same file again.
func TestImportInTheBrowser(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	p := webtest.Start(t).Open(t, o.base, webtest.Desk)
	p.SignIn("coordinator", webtest.Password)
	p.Go("/plan/import")
	p.Shot("intake-form")
	p.Axe()

	upload(p, "suitong-2022", "suitong", workbook(t, "遂潼清单.xlsx", suitong))
	if got := p.Text("main"); !strings.Contains(got, "新开本成员的账本") || !strings.Contains(got, "完成时限看不明白") {
		t.Fatalf("the preview says %q", got)
	}
	p.Shot("intake-review")
	p.Axe()
	p.Do(chromedp.Click(chromedp.CSS(`.problem li a`)))
	// Following a link within the page takes a moment; if it leads elsewhere, the wait fails.
	p.Until("the cell is shown", `location.hash === "#cD5"`)
	p.Text(`[name="col:联系处室"]`) // waits for it: following the link takes a moment
	webtest.Eval[int](p, `(() => { const s = document.querySelector('[name="col:联系处室"]'); s.value = "note"; return 0 })()`)
	p.Press(`.confirm-bar [value=reread]`)
	if got := p.Text("main"); !strings.Contains(got, "已更正") {
		t.Errorf("after a correction the page says %q", got)
	}
	p.Press(`.confirm-bar .primary`)
	if got := p.Text("main"); !strings.Contains(got, "导入完成") {
		t.Fatalf("after confirming the page says %q", got)
	}
	p.Shot("intake-done")

	upload(p, "chengyu-2022", "chengyu", workbook(t, "双城清单.xlsx", chengyu))
	if got := p.Text("#pairs"); !strings.Contains(got, "加快推进遂渝高速公路扩容工程建设") {
		t.Fatalf("the pairs say %q", got)
	}
	p.Shot("intake-pairs")
	p.Axe()
	p.Look(webtest.Dark)
	p.Shot("intake-pairs-dark")
	p.Axe()
	p.Look(webtest.Phone)
	p.FitsWidth()
	p.Shot("intake-pairs-phone")
	p.Axe()
	p.Look(webtest.Desk)
	p.Press(`.confirm-bar .primary`)
	if got := p.Text("#links"); !strings.Contains(got, "实施遂渝高速公路扩容改造工程") {
		t.Fatalf("the links say %q", got)
	}
	p.Shot("intake-done-links")
	p.Axe()
	p.Press(`#links form button`)
	if got := p.Text("#links"); !strings.Contains(got, "关联均已撤销") {
		t.Errorf("after the undo the links say %q", got)
	}
	if got := p.Text(".figures"); !strings.Contains(got, "已撤销 1 项") {
		t.Errorf("after the undo the figures say %q", got)
	}

	p.Go("/plan/suitong-2022/import")
	choose(p, workbook(t, "遂潼清单.xlsx", suitong))
	p.Press(`main form .primary`)
	if got := p.Text("main"); !strings.Contains(got, "与现有清单一致，没有变化") {
		t.Errorf("the same file again says %q", got)
	}
	p.Press(`.confirm-bar .primary`)
	if got := p.Text("main"); !strings.Contains(got, "没有变化，未写入任何内容") {
		t.Errorf("after confirming no change: %q", got)
	}
	if n := files(t, o.dir); n != 2 {
		t.Errorf("%d files are kept, want the sources of two lists", n)
	}
	clean(t, o)
}

// files counts the attachments in the folder.
func files(t *testing.T, dir string) (n int) {
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

func clean(t *testing.T, o *office) {
	t.Helper()
	r, err := o.Node.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Clean() {
		t.Errorf("verify --view: %+v", r.Faults)
	}
}

// coordinator is a request of the stand's coordinator.
func (o *office) coordinator() node.Request {
	return node.Request{Actor: node.Actor{Person: "coordinator", Org: "fgw", Seat: "coordinator", Member: "510900"}}
}
