package plan_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// layout is a list as some office writes it; its first row is led by 市交通运输局.
type layout struct {
	name, file string
	rows       int // tasks
	content    func(t *testing.T, l [][]any) []byte
	cells      [][]any
	merge      []string
}

var layouts = []layout{
	{
		"months beside cells that reach down", "月.xlsx", 2, asWorkbook,
		[][]any{
			{"2022年工作计划推进情况表"},
			{"序号", "任务名称", "牵头单位", "推进情况", "", "", "备注"},
			{"", "", "", "1月", "2月", "3月", ""},
			{1, "开通跨省公交示范线", "市交通运输局", "勘察", "批复", "开通", ""},
			{2, "建设优质蔬菜基地", "市农业农村局", "", "", "", "每月报送"},
		},
		[]string{"A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:G3"},
	},
	{
		"sides under one head", "两地.xlsx", 2, asWorkbook,
		[][]any{
			{"序号", "重点工作", "责任单位", "", "完成时间", "进展情况"},
			{"", "", "遂宁市", "潼南区", "", ""},
			{1, "推进川渝毗邻公路联网", "市交通运输局、河东新区", "区交通局", "全年", ""},
			{2, "推进文旅联盟活动", "市发展改革委", "区文化旅游委", "6月底前", ""},
		},
		[]string{"A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"},
	},
	{
		"levels that carry down", "层级.xlsx", 3, asWorkbook,
		[][]any{
			{"序号", "一级任务", "二级任务", "三级任务", "责任单位", "完成时间", "完成状态"},
			{1, "交通", "公路", "加快高速公路扩容", "市交通运输局", "12月", ""},
			{2, "", "", "改造国道城区段", "市交通运输局", "11月", ""},
			{3, "", "航运", "建双江航电枢纽", "市发展改革委", "10月", ""},
		},
		[]string{"B2:B4", "C2:C3"},
	},
	{
		"several tasks in a cell", "多项.xlsx", 3, asWorkbook, [][]any{
			{"序号", "工作任务", "牵头单位", "完成时限", "工作进展"},
			{1, "1、开行城际公交专线\n2、开行农村客运专线", "市交通运输局", "9月底前", ""},
			{2, "共建锂电产业集群", "市经济和信息化局", "持续推进", ""},
		}, nil,
	},
	{
		"sections, ditto, total and notes in GB18030", "清单.csv", 3, asGB18030, [][]any{
			{"遂宁市2022年重点工作责任分解表"},
			{"", "", "", "单位：万元"},
			{"序号", "工作事项", "责任单位", "计划投资", "完成时限"},
			{"一、交通互联互通"},
			{1, "加快遂渝高铁前期工作", "市交通运输局（牵头）、市发展改革委", "1200.5", "11月底"},
			{2, "建成国道示范路段", "同上", "36000", "〃"},
			{"二、产业协同"},
			{3, "引育锂电企业", "由市经济和信息化局牵头、市发展改革委配合", "/", "年底前"},
			{"合计", "", "", "37200.5"},
			{"注：每月25日前报送进展。"},
		}, nil,
	},
	{
		"no head at all", "无表头.csv", 2, asGB18030, [][]any{
			{"2022年重点任务"}, {1, "推进遂潼快捷通道建设", "市交通运输局", "12月底前"}, {2, "共建创新产业园区", "市发展改革委", "持续推进"},
		}, nil,
	},
	{
		"a table of a document", "表格.docx", 2, asTable, [][]any{
			{"序号", "重点任务", "责任单位", "进度安排", "进展情况"},
			{"一、公共服务"},
			{1, "推动社保卡一卡通互认", "市交通运输局", "9月底前", ""},
			{2, "组建教育发展共同体", "市教育和体育局", "持续推进", ""},
		}, nil,
	},
	{
		"a small table for each task", "任务卡.docx", 2, asCards, [][]any{
			{"任务名称", "责任单位", "完成时限", "联系处室", "工作进展"},
			{"推进遂潼快捷通道", "市交通运输局、市发展改革委", "6月底前", "规划科", ""},
			{"共建产业园", "市教育和体育局", "持续推进", "园区科", ""},
		}, nil,
	},
	{
		"prose of a document", "要点.docx", 2, asProse, [][]any{
			{"2022年工作要点"},
			{"一、交通"},
			{"1.推进高速公路扩容。12月底前开工。（责任单位：市交通运输局、市发展改革委）"},
			{"2.开通省际公交。新开3条。（责任单位：市教育和体育局）"},
			{"二、保障措施"},
			{"每月25日前报送进展。"},
		}, nil,
	},
}

// asCards is one small table for each row, the labels of the head beside its values.
func asCards(t *testing.T, rows [][]any) []byte {
	t.Helper()
	body := paragraph("2022年重点任务卡")
	for _, r := range rows[1:] {
		body += "<w:tbl>"
		for i, c := range r {
			body += "<w:tr><w:tc>" + paragraph(rows[0][i]) + "</w:tc><w:tc>" + paragraph(c) + "</w:tc></w:tr>"
		}
		body += "</w:tbl>" + paragraph("")
	}
	return asDocument(t, body)
}

func asWorkbook(t *testing.T, rows [][]any) []byte {
	t.Helper()
	x := excelize.NewFile()
	for i, r := range rows {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asGB18030(t *testing.T, rows [][]any) []byte {
	t.Helper()
	var b strings.Builder
	for _, r := range rows {
		texts := make([]string, len(r))
		for i, c := range r {
			texts[i] = fmt.Sprint(c)
		}
		b.WriteString(strings.Join(texts, ",") + "\n")
	}
	out, err := simplifiedchinese.GB18030.NewEncoder().String(b.String())
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func paragraph(c any) string {
	return "<w:p><w:r><w:t>" + html.EscapeString(fmt.Sprint(c)) + "</w:t></w:r></w:p>"
}

func asProse(t *testing.T, rows [][]any) []byte {
	t.Helper()
	body := ""
	for _, r := range rows {
		body += paragraph(r[0])
	}
	return asDocument(t, body)
}

func asTable(t *testing.T, rows [][]any) []byte {
	t.Helper()
	body := paragraph("遂潼一体化2022年公共服务任务清单") + "<w:tbl>"
	for _, r := range rows {
		body += "<w:tr>"
		for _, c := range r {
			span := ""
			if len(r) == 1 {
				span = fmt.Sprintf(`<w:tcPr><w:gridSpan w:val="%d"/></w:tcPr>`, len(rows[0]))
			}
			body += "<w:tc>" + span + paragraph(c) + "</w:tc>"
		}
		body += "</w:tr>"
	}
	return asDocument(t, body+"</w:tbl>"+paragraph("备注：以上任务每季度末报送。"))
}

func asDocument(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`,
	} {
		part, err := z.Create(name)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (l layout) bytes(t *testing.T) []byte {
	t.Helper()
	content := l.content(t, l.cells)
	if len(l.merge) == 0 {
		return content
	}
	x, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range l.merge {
		from, to, _ := strings.Cut(m, ":")
		if err := x.MergeCell("Sheet1", from, to); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRoundTrip takes lists in as offices write them, reports their first work, sends them out in their
// own layout and takes that in again: nothing changes, nothing stands twice, and the report is in the
// file or its row is named.
func TestRoundTrip(t *testing.T) {
	ctx := context.Background()
	for n, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			o := plantest.New(t, storetest.OpenSQLite(t))
			opt := plan.ImportOptions{Plan: fmt.Sprintf("list-%d", n), Year: 2022, Title: "演示清单" + l.name}
			done, err := o.ImportFile(ctx, o.Coordinator(), l.file, l.bytes(t), opt)
			if err != nil || done.New != l.rows {
				t.Fatalf("%+v, want %d rows: %v", done, l.rows, err)
			}
			o.Day("2022-01-20")
			title := firstTitle(t, o, opt.Plan)
			_, item := o.Row(title)
			o.FileAs("市交通运输局", item, "2022-01", judge.OnTime, "完成征地九成")
			o.AcceptNow(item, "2022-01", false)
			out, err := o.Export(ctx, opt.Plan, "2022-01-20")
			if err != nil || len(out.Unshown) != 0 {
				t.Fatalf("unshown %+v %v", out.Unshown, err)
			}
			if !strings.Contains(sheetText(t, out.Content), "完成征地九成") {
				t.Errorf("the report is not in the file:\n%s", sheetText(t, out.Content))
			}
			unchanged(t, o, out.Content, opt.Plan, l.rows)
			o.FileAs("市交通运输局", item, "2022-01", judge.OnTime, "完成征地全部")
			o.AcceptNow(item, "2022-01", false)
			if out, err = o.Export(ctx, opt.Plan, "2022-01-20"); err != nil || !strings.Contains(sheetText(t, out.Content), "完成征地全部") {
				t.Errorf("the second time out: %v", err)
			}
			unchanged(t, o, out.Content, opt.Plan, l.rows)
			o.Clean()
		})
	}
}

func firstTitle(t *testing.T, o *plantest.Office, key string) string {
	t.Helper()
	_, rows, err := rowsOf(o, key)
	if err != nil || len(rows) == 0 {
		t.Fatalf("rows of %s: %v", key, err)
	}
	return rows[0]
}

// unchanged: an exported file, previewed and imported, says nothing new.
func unchanged(t *testing.T, o *plantest.Office, content []byte, key string, rows int) {
	t.Helper()
	ctx := context.Background()
	p, err := o.PreviewFile(ctx, "导出.xlsx", content, plan.ImportOptions{Plan: key})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Changes {
		if c.What != plan.RowSame || len(c.Twins) > 0 {
			t.Errorf("%s %q %+v, twins %v\n%+v", c.What, c.Title, c.Differs, c.Twins, c.Words)
		}
	}
	again, err := o.ImportFile(ctx, o.Coordinator(), "导出.xlsx", content, plan.ImportOptions{Plan: key})
	if err != nil || again.Wrote() || again.Same != rows {
		t.Errorf("imported again: %+v %v", again, err)
	}
	if items, _, err := rowsOf(o, key); err != nil || items != rows {
		t.Errorf("%d items stand, want %d: %v", items, rows, err)
	}
}

func sheetText(t *testing.T, content []byte) string {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, s := range x.GetSheetList() {
		rows, err := x.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			text += strings.Join(r, "|") + "\n"
		}
	}
	return text
}

// rowsOf counts the items of all books' present rows and gives the titles of a list's rows in order.
func rowsOf(o *plantest.Office, key string) (items int, titles []string, err error) {
	ctx := context.Background()
	err = o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		if err := tx.Row(ctx, `SELECT count(DISTINCT item) FROM plan_item_now`).Scan(&items); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT e.words FROM plan_now n JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
			WHERE n.plan = ? ORDER BY n.ord`, o.PlanID(key))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var raw []byte
			if err := rows.Scan(&raw); err != nil {
				return err
			}
			var w plan.ListingWords
			if err := json.Unmarshal(raw, &w); err != nil {
				return err
			}
			titles = append(titles, w.Title)
		}
		return rows.Err()
	})
	return items, titles, err
}

// works are the rows of a list that is revised below; two of them bear one title.
var works = [][]any{
	{"序号", "工作任务", "牵头单位", "完成时限", "进展情况"},
	{1, "加快高速公路扩容", "市交通运输局", "年底前", ""},
	{2, "落实年度目标任务", "市交通运输局", "6月底前", ""},
	{3, "落实年度目标任务", "市农业农村局", "6月底前", ""},
	{4, "共建锂电产业集群", "市经济和信息化局", "持续推进", ""},
	{5, "组建教育发展共同体", "市教育和体育局", "9月底前", ""},
	{6, "开行城际公交专线", "市交通运输局", "9月底前", ""},
}

func renumbered(rows ...[]any) [][]any {
	out := [][]any{works[0]}
	for i, r := range rows {
		out = append(out, append([]any{i + 1}, r[1:]...))
	}
	return out
}

// TestRevisions: a list comes again with a row new at its head, one dropped, one put elsewhere, one with
// another day, two of one title changed about, and so all numbers others. Each row stays the row it was, with its
// item and its report, in every kind of file; taken in once more, and sent out and taken in, it says nothing new.
func TestRevisions(t *testing.T) {
	ctx := context.Background()
	later := append([]any{}, works[4]...)
	later[3] = "年底前"
	revised := renumbered([]any{0, "建设涪江生态廊道", "市发展改革委", "年底前", ""}, works[3], works[2], works[6], works[1], later)
	for file, make := range map[string]func(*testing.T, [][]any) []byte{"a.xlsx": asWorkbook, "a.csv": asGB18030, "a.docx": asTable} {
		t.Run(file, func(t *testing.T) {
			o := plantest.New(t, storetest.OpenSQLite(t))
			opt := plan.ImportOptions{Plan: "revised", Year: 2022, Title: "演示清单"}
			if done, err := o.ImportFile(ctx, o.Coordinator(), file, make(t, works), opt); err != nil || done.New != 6 {
				t.Fatalf("%+v %v", done, err)
			}
			o.Day("2022-01-20")
			before := led(t, o)
			_, bus := o.Row("开行城际公交专线")
			o.FileAs("市交通运输局", bus, "2022-01", judge.OnTime, "车辆已到位")
			o.AcceptNow(bus, "2022-01", false)
			done, err := o.ImportFile(ctx, o.Coordinator(), file, make(t, revised), opt)
			if err != nil || done.New != 1 || done.Dropped != 1 || done.Changed != 5 || done.Linked != 0 {
				t.Errorf("revised: %+v %v", done, err)
			}
			after := led(t, o)
			for _, key := range []string{"市交通运输局 落实年度目标任务", "市农业农村局 落实年度目标任务", "市交通运输局 开行城际公交专线"} {
				if before[key] == "" || after[key] != before[key] {
					t.Errorf("%s was %q and is %q", key, before[key], after[key])
				}
			}
			again, err := o.ImportFile(ctx, o.Coordinator(), file, make(t, revised), opt)
			if err != nil || again.Wrote() {
				t.Errorf("the revision again: %+v %v", again, err)
			}
			out, err := o.Export(ctx, "revised", "2022-01-20")
			if err != nil || len(out.Unshown) != 0 || !strings.Contains(sheetText(t, out.Content), "车辆已到位") {
				t.Fatalf("%+v %v", out.Unshown, err)
			}
			unchangedRows(t, o, out.Content, 6)
			o.Clean()
		})
	}
}

func unchangedRows(t *testing.T, o *plantest.Office, content []byte, rows int) {
	t.Helper()
	again, err := o.ImportFile(context.Background(), o.Coordinator(), "导出.xlsx", content, plan.ImportOptions{Plan: "revised"})
	if err != nil || again.Wrote() || again.Same != rows {
		t.Errorf("the export again: %+v %v", again, err)
	}
}

// led gives the items of the rows that stand, by lead and title.
func led(t *testing.T, o *plantest.Office) map[string]string {
	t.Helper()
	ctx, all := context.Background(), map[string]string{}
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n.item, e.words FROM plan_now n JOIN book_entry e ON e.book = n.book AND e.idx = n.idx`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var item string
			var raw []byte
			var w plan.ListingWords
			if err := rows.Scan(&item, &raw); err != nil {
				return err
			}
			if err := json.Unmarshal(raw, &w); err != nil {
				return err
			}
			all[strings.Join(w.Lead, "、")+" "+w.Title] = item
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWorkedOnExport: an office writes on in the file that we sent out: what it added is new, what it
// changed is changed, all else is as it was.
func TestWorkedOnExport(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	opt := plan.ImportOptions{Plan: "revised", Year: 2022, Title: "演示清单"}
	if _, err := o.ImportFile(ctx, o.Coordinator(), "a.docx", asTable(t, works), opt); err != nil {
		t.Fatal(err)
	}
	out, err := o.Export(ctx, "revised", o.Today())
	if err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(bytes.NewReader(out.Content))
	if err != nil {
		t.Fatal(err)
	}
	name := x.GetSheetList()[0]
	rows, err := x.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for i, r := range rows {
		if len(r) > 1 && r[1] == "开行城际公交专线" {
			last = i + 1
		}
	}
	line := []any{7, "新建跨省绿道示范段", "市交通运输局", "年底前"}
	if err := x.InsertRows(name, last+1, 1); err != nil {
		t.Fatal(err)
	}
	if err := x.SetSheetRow(name, fmt.Sprintf("A%d", last+1), &line); err != nil {
		t.Fatal(err)
	}
	if err := x.SetCellStr(name, fmt.Sprintf("D%d", last), "10月底前"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	done, err := o.ImportFile(ctx, o.Coordinator(), "导出.xlsx", b.Bytes(), plan.ImportOptions{Plan: "revised"})
	if err != nil || done.New != 1 || done.Changed != 1 || done.Same != 5 || done.Dropped != 0 {
		t.Errorf("%+v %v\n%s", done, err, sheetText(t, b.Bytes()))
	}
}
