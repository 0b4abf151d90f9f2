package plan_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
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
