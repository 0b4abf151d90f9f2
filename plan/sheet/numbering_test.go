package sheet

import (
	"fmt"
	"testing"
)

// numberingPart is as a word processor writes it: a list of three levels in Chinese counting and digits, a
// second list on the same levels that begins anew, and one in digits throughout.
const numberingPart = `<w:numbering xmlns:w="w">
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

var numberingParts = map[string]string{
	"word/_rels/document.xml.rels": `<Relationships><Relationship Id="n" Type="x/numbering" Target="numbering.xml"/></Relationships>`,
	"word/numbering.xml":           numberingPart,
}

func numberedParagraph(list, level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, list, text)
}

// The numbers that a word processor counts while it shows the page come out: headings in Chinese counting,
// tasks in digits that begin anew under each heading.
func TestNumberedProse(t *testing.T) {
	body := docxParagraph("2022年工作要点") + numberedParagraph(1, 0, "交通互联") + numberedParagraph(1, 1, "公路") +
		numberedParagraph(1, 2, "推进高速扩容。（责任单位：市交通运输局）") + numberedParagraph(1, 2, "改造国道。（责任单位：市交通运输局）") +
		numberedParagraph(1, 1, "航运") + numberedParagraph(4, 2, "建设双江枢纽。（责任单位：市水利局）") + // another list of the same levels goes on
		numberedParagraph(1, 0, "产业协作") + numberedParagraph(1, 2, "共建锂电集群。（责任单位：市财政局）") +
		numberedParagraph(2, 2, "共建蔬菜基地。（责任单位：市财政局）") // and one that begins anew
	l := read(t, "a.docx", docx(t, body, numberingParts))
	wantRows(t, l.Sheets[0], "4|1|一、交通互联>（一）公路|推进高速扩容|市交通运输局", "5|2|一、交通互联>（一）公路|改造国道|市交通运输局",
		"7|1|一、交通互联>（二）航运|建设双江枢纽|市水利局", "9|1|二、产业协作|共建锂电集群|市财政局", "10|1|二、产业协作|共建蔬菜基地|市财政局")
}

// In a table the numbers fill the column of numbers and the rows of headings.
func TestNumberedTable(t *testing.T) {
	cell := func(inner string, span int) string {
		return fmt.Sprintf(`<w:tc><w:tcPr><w:gridSpan w:val="%d"/></w:tcPr>%s</w:tc>`, span, inner)
	}
	task := func(title string) string {
		return "<w:tr>" + cell(numberedParagraph(3, 1, ""), 1) + cell(docxParagraph(title), 1) + cell(docxParagraph("市水利局"), 1) + "</w:tr>"
	}
	body := "<w:tbl><w:tr>" + cell(docxParagraph("序号"), 1) + cell(docxParagraph("工作任务"), 1) + cell(docxParagraph("责任单位"), 1) + "</w:tr>" +
		"<w:tr>" + cell(numberedParagraph(3, 0, "水利"), 3) + "</w:tr>" + task("建设枢纽") + task("整治堤防") +
		"<w:tr>" + cell(numberedParagraph(3, 0, "供水"), 3) + "</w:tr>" + task("建设水厂") + "</w:tbl>"
	l := read(t, "a.docx", docx(t, body, numberingParts))
	wantRows(t, l.Sheets[0], "3|1.1|第一章水利|建设枢纽|市水利局", "4|1.2|第一章水利|整治堤防|市水利局", "6|2.1|第二章供水|建设水厂|市水利局")
}
