package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/web/webtest"
)

const (
	road = "加快推进遂渝高速公路扩容工程建设"
	bus  = "开通遂宁至潼南跨省城际公交"
	food = "建设渝遂绵优质蔬菜生产带船山基地"
)

// TestAMonthOfAnOffice is the main job from an empty folder to an issued bulletin and its correction,
// by five people who press only what they see.
func TestAMonthOfAnOffice(t *testing.T) {
	o := openOffice(t)
	admin := o.arrives(o.first, "guanli")
	links := admin.setsUp()
	chen, zhou, gao, luo := o.arrives(links["陈协调"], "chen"), o.arrives(links["周填报"], "zhou"), o.arrives(links["高填报"], "gao"), o.arrives(links["罗审核"], "luo")

	chen.takesInTwoLists()
	o.day("2022-06-20")
	gao.addsAPart()
	zhou.filesByForm()
	zhou.pastesIntoTheGrid()
	gao.sendsTheSheetBack()
	o.day("2022-06-22")
	luo.returnsOne()
	zhou.correctsAndClaims()
	chen.reviewsTheRest()
	chen.overrules()
	o.day("2022-06-27")
	chen.issues()
	o.day("2022-07-01")
	zhou.correctsWhatCounts()
	chen.acceptsTheCorrection()
	luo.audits()
	luo.reads()
}

// setsUp names the units, the people and a circle, and returns each person's link.
func (c *clerk) setsUp() map[string]string {
	c.sees("我的工作台", "管理员席位不参与填报和审核")
	c.ClickIn("nav", "管理")
	c.Click("单位名录")
	for _, unit := range []string{"市交通运输局", "市农业农村局", "市经济和信息化局"} {
		c.Fill("name", unit)
		c.ClickIn("#new", "登记")
	}
	c.sees("市交通运输局", "市农业农村局", "市经济和信息化局")
	c.ClickIn("nav", "管理")
	c.Click("圈")
	c.ClickIn(".tile:has(p)", "建圈")
	c.sees("遂潼", "潼南区")
	links := map[string]string{}
	for _, p := range []struct{ name, unit, seat string }{
		{"陈协调", "协调办公室", "协调员"},
		{"周填报", "市交通运输局", "填报员"},
		{"高填报", "市农业农村局", "填报员"},
		{"罗审核", "协调办公室", "审核员"},
	} {
		c.ClickIn("nav", "人员")
		c.Click("登记人员")
		c.Fill("name", p.name)
		c.Choose("org", p.unit)
		c.Choose("seat", p.seat)
		c.Click("登记并生成链接")
		c.sees("只能使用一次", p.name)
		links[p.name] = c.Text(".copy-box code")
	}
	for _, seat := range []string{"审计员", "阅览员"} {
		c.Choose("org", "协调办公室")
		c.Choose("seat", seat)
		c.ClickIn("#give", "授予席位")
	}
	c.sees("审核员", "审计员", "阅览员")
	return links
}

// takesInTwoLists takes in both lists: a column corrected, a twin linked.
func (c *clerk) takesInTwoLists() {
	c.Go("/")
	c.sees("还没有清单")
	c.uploads("suitong-2022", "遂潼", c.o.suitong())
	c.sees("完成时限看不明白", "尽早", "市经信局")
	c.Choose("col:联系处室", "备注")
	c.ClickIn(".confirm-bar", "按更正重新识别")
	c.sees("已更正")
	c.ClickIn(".confirm-bar", "确认导入")
	c.sees("导入完成", "已全部写入账本")
	c.Click("查看清单")
	c.sees(road, bus, food, "市经济和信息化局")

	c.uploads("chengyu-2022", "成渝", c.o.chengyu())
	c.sees("疑似已有的事项", road, "是同一件工作，关联", "新开本成员的账本")
	c.ClickIn(".confirm-bar", "确认导入")
	c.sees("关联到已有事项的行", "撤销关联")
	c.ClickIn("nav", "总览")
	c.sees("共 2 份清单", "列入 2 份清单，不重复计算")
	if got := c.Text(".figures"); !strings.Contains(got, "6 项") {
		c.o.t.Errorf("four and three rows, one twin: %s", got)
	}
}

func (c *clerk) uploads(key, circle, file string) {
	c.ClickIn("nav", "总览")
	c.Click("导入清单")
	c.Upload("file", file)
	c.Fill("key", key)
	c.Fill("year", "2022")
	c.Choose("circle", circle)
	c.Click("上传并核对")
}

// addsAPart: the supporting unit says what it did.
func (c *clerk) addsAPart() {
	c.Go("/")
	c.sees("待填报", "可补充的协办内容 1 项", road)
	c.Click(road)
	c.Fill("progress", "完成沿线临时用地复垦方案审查3件。")
	c.Click("提交给牵头单位")
	c.sees("协办内容已提交")
}

// filesByForm: the lead merges the part, gives a figure and a file, and files once for both lists.
func (c *clerk) filesByForm() {
	c.Go("/")
	c.sees(road, bus, "2 个清单")
	c.Click(road)
	c.sees("提交一次，计入 2 个清单", "完成沿线临时用地复垦方案审查3件。")
	c.Fill("progress", "路基工程累计完成三成，涪江特大桥主墩开始浇筑。")
	c.Fill(c.figure(), "5.54")
	c.Tap("合并到进展")
	c.sees("已合并")
	photo := filepath.Join(c.o.t.TempDir(), "现场情况.txt")
	if err := os.WriteFile(photo, []byte("涪江特大桥主墩浇筑现场（演示数据）\n"), 0o600); err != nil {
		c.o.t.Fatal(err)
	}
	c.Upload("file", photo)
	c.Choose("claim", "有风险")
	c.Fill("problem", "潼南段管线迁改较慢。")
	c.ClickIn("main form .form-actions", "提交")
	c.sees("填报已提交，等待审核，采用后计入 2 个清单")
}

// figure is the name of the first field for a figure.
func (c *clerk) figure() string {
	return webtest.Eval[string](c.Page, `document.querySelector('[name^="fig-"]').name`)
}

// pastesIntoTheGrid: a block copied from a spreadsheet finds its rows by their names.
func (c *clerk) pastesIntoTheGrid() {
	c.ClickIn("nav", "批量填报")
	c.Unfold("粘贴整块表格")
	c.Fill("block", "工作任务\t进展情况\t下一步\n"+bus+"\t线路走向已与潼南区商定。\t办理班线许可\n")
	c.Click("填入下表")
	c.sees("已填入 1 行，尚未提交，请核对")
	c.Click("提交已填的行")
	c.sees("已提交 1 项，等待审核")
}

// sendsTheSheetBack: the list as exported, its progress column filled, becomes reports.
func (c *clerk) sendsTheSheetBack() {
	c.ClickIn("nav", "总览")
	c.Click("遂潼一体化发展2022年重点任务清单")
	path := filepath.Join(c.o.t.TempDir(), "遂潼清单-农业农村局.xlsx")
	if err := os.WriteFile(path, fillProgress(c.o.t, c.Download("导出表格"), food, "核心基地累计建成1.2万亩，育苗大棚完工。"), 0o600); err != nil {
		c.o.t.Fatal(err)
	}
	c.ClickIn("nav", "我的工作台")
	c.Click("上传表格填报")
	c.Upload("file", path)
	c.Click("上传")
	c.sees("读出 1 项可以提交的填报，尚未保存", food)
	c.Click("提交所选的填报")
	c.sees("已提交 1 项")
}

// fillProgress writes text into the progress column of the row with that task.
func fillProgress(t *testing.T, file []byte, task, text string) []byte {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	column, row := 0, 0
	for r, cells := range rows {
		for c, cell := range cells {
			if strings.Contains(cell, "进展") && column == 0 {
				column = c + 1
			}
			if cell == task {
				row = r + 1
			}
		}
	}
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		t.Fatalf("no column of progress or no row %s in %v", task, rows)
	}
	if err := x.SetCellStr("Sheet1", cell, text); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// returnsOne: a reviewer sends a report back with a reason.
func (c *clerk) returnsOne() {
	c.Go("/")
	c.sees("待审核 3 项")
	c.ClickIn("nav", "审核")
	c.Click(bus)
	c.Unfold("退回修改")
	c.Fill("reason", "请写明商定的日期和线路条数。")
	c.ClickIn("details.return", "退回")
	c.sees("已退回：" + bus)
}

// correctsAndClaims: the reporter reads why, writes it better, and says that the work is done.
func (c *clerk) correctsAndClaims() {
	c.Go("/")
	c.sees("退回意见：请写明商定的日期和线路条数。")
	c.Click(bus)
	c.sees("已于2022年6月22日退回", "请写明商定的日期和线路条数。")
	if got := c.Text(`[name="next"]`); got != "办理班线许可" {
		c.o.t.Errorf("the next step that was pasted came out as %q", got)
	}
	c.Fill("progress", "6月21日开通2条线路，日均发班12趟。")
	c.Choose("claim", "已完成")
	c.Fill("doneOn", "2022-06-21")
	c.Fill(c.figure(), "2")
	c.ClickIn("main form .form-actions", "提交")
	c.sees("填报已提交")
}

// reviewsTheRest: what is claimed to be done is confirmed one by one, the others are accepted.
func (c *clerk) reviewsTheRest() {
	c.Go("/")
	c.sees("待审核 3 项", "其中 1 项申报已完成，需要确认")
	c.ClickIn("nav", "审核")
	c.sees("逐项确认")
	c.Click(bus)
	c.Click("采用并确认完成")
	c.sees("已采用：" + bus)
	c.ClickIn("nav", "审核")
	c.Choose("pick", road)
	c.Choose("pick", food)
	c.Click("采用所选")
	c.sees("已采用 2 项")
	c.ClickIn("nav", "总览")
	c.Click("遂潼一体化发展2022年重点任务清单")
	c.sees("核心基地累计建成1.2万亩", "6月21日开通2条线路", "已完成")
}

// overrules: the coordinator knows more than the rule, and says why.
func (c *clerk) overrules() {
	c.Click(food)
	c.Click("认定状态")
	c.Choose("state", "有风险")
	c.Fill("reason", "育苗大棚材料涨价，三季度难以完工。")
	c.ClickIn("main form", "认定状态")
	c.sees("有风险", "育苗大棚材料涨价，三季度难以完工。")
}

// issues writes the circle's bulletin of June and issues it.
func (c *clerk) issues() {
	c.ClickIn("nav", "总览")
	c.Click("遂潼一体化发展2022年重点任务清单")
	c.Click("编写通报")
	c.sees("圈内通报", "路基工程累计完成三成", "5.54")
	c.Choose("chosen", road)
	c.Fill("number", "遂潼办〔2022〕7号")
	c.ClickIn("main form .form-actions", "保存")
	c.sees("已保存", "遂潼一体化")
	c.Click("印发")
	c.sees("确认印发", "印发后，文件、截至日期、来源")
	c.Click("确认印发")
	c.sees("印发后没有更正", "遂潼办〔2022〕7号", "路基工程累计完成三成")
	docx := string(documentText(c.o.t, c.Download("下载 .docx")))
	for _, want := range []string{"遂潼办〔2022〕7号", "路基工程累计完成三成", "5.54"} {
		if !strings.Contains(docx, want) {
			c.o.t.Errorf("the issued document lacks %s", want)
		}
	}
}

func documentText(t *testing.T, docx []byte) []byte {
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
	return text
}

// correctsWhatCounts: a figure that was accepted was wrong.
func (c *clerk) correctsWhatCounts() {
	c.ClickIn("nav", "总览")
	c.Click("遂潼一体化发展2022年重点任务清单")
	c.Click(road)
	c.Click("填报进展")
	c.Unfold("更正已采用的内容")
	c.Fill("reason", "统计核减重复项。")
	c.Fill(c.figure(), "5.12")
	c.Click("提交更正")
	c.sees("填报已提交")
	c.ClickIn("nav", "总览")
	c.Click("遂潼一体化发展2022年重点任务清单")
	c.Click(road)
	c.sees("采用后有更正", "这里仍是已采用的内容")
}

// acceptsTheCorrection: after it the issued bulletin shows what differs.
func (c *clerk) acceptsTheCorrection() {
	c.ClickIn("nav", "审核")
	c.sees("更正已采用的内容")
	c.Click(road)
	c.sees("统计核减重复项。", "5.54", "5.12")
	c.ClickIn("form.card", "采用")
	c.ClickIn("nav", "通报")
	c.Click("关于2022年6月")
	c.sees("印发后有更正", "5.12")
}

// audits opens an entry and its proof, and verifies the books.
func (c *clerk) audits() {
	c.acts("审计员")
	c.ClickIn("nav", "审计")
	c.sees("全部记录", "进展填报", "印发通报")
	c.Click("采用进展")
	c.sees("凭证成立", "谁在何时说了什么", "散列路径", "陈协调")
	c.ClickIn("nav", "账本")
	c.Click("立即核验")
	for range 50 {
		if !strings.Contains(c.Text("main"), "正在核验") {
			break
		}
		c.Click("立即刷新")
	}
	c.sees("全部相符")
}

// reads: a reader sees how things stand, and what is behind each figure.
func (c *clerk) reads() {
	c.acts("阅览员")
	c.ClickIn("nav", "总览")
	c.sees("事项", "已完成", "有风险", "市交通运输局")
	c.misses("导入清单")
	c.Click("遂潼一体化发展2022年重点任务清单")
	c.Click(road)
	c.sees("5.12", "路基工程累计完成三成")
	c.misses("请写明商定的日期")
}
