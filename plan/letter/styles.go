package letter

// Styles of the document. The ids of built-in styles are Word's own (Heading1, Title …), so
// that outlines, navigation and "match style" work in Word, WPS and LibreOffice.
type style struct {
	id, name string
	font     string
	size     int // half points; 0: body size
	bold     bool
	color    string
	jc       string
	line     int    // exact twips; 0: inherited; -1: as high as the font asks
	indent   string // first line, in hundredths of a character
	outline  int    // 1..4, 0 none
	keep     bool   // with the next paragraph
}

var styles = []style{
	{id: "Heading1", name: "heading 1", font: heiti, indent: "200", outline: 1, keep: true},
	{id: "Heading2", name: "heading 2", font: kaiti, indent: "200", outline: 2, keep: true},
	{id: "Heading3", name: "heading 3", font: fangsong, bold: true, indent: "200", outline: 3, keep: true},
	{id: "Heading4", name: "heading 4", font: fangsong, indent: "200", outline: 4, keep: true},
	{id: "Title", name: "Title", font: xiaobiao, size: sizeTitle, jc: "center", line: 660, keep: true},
	{id: "BodyText", name: "Body Text", font: fangsong, indent: "200"},
	{id: "RedHead", name: "发文机关标志", font: xiaobiao, color: officialRed, jc: "center"},
	{id: "Number", name: "发文字号", font: fangsong, jc: "center", line: -1},
	{id: "Urgency", name: "紧急程度", font: heiti, jc: "left"},
	{id: "Addressee", name: "主送机关", font: fangsong},
	{id: "DraftMark", name: "草稿标记", font: kaiti, jc: "center"},
	{id: "Attachment", name: "附件说明", font: fangsong, jc: "left"},
	{id: "Signature", name: "署名与日期", font: fangsong, jc: "right"},
	{id: "AnnexMark", name: "附件标记", font: heiti, jc: "left", keep: true},
	{id: "Caption", name: "caption", font: heiti, size: sizeFour, jc: "center", line: 480, keep: true},
	{id: "Picture", name: "图", font: fangsong, jc: "center", line: -1, keep: true},
	{id: "TableText", name: "表格文字", font: fangsong, size: sizeTable, jc: "left", line: -1},
	{id: "Remark", name: "注", font: fangsong, size: sizeSmall, jc: "left", line: 320},
	{id: "Imprint", name: "版记", font: fangsong, size: sizeFour, jc: "left", line: imprintLine},
	{id: "Header", name: "header", font: kaiti, size: sizeSmall, jc: "right", line: -1, color: "808080"},
	{id: "Footer", name: "footer", font: songti, size: sizeFour, jc: "right", line: -1},
	{id: "FootNote", name: "页脚说明", font: fangsong, size: sizeNote, jc: "center", line: noteHeight},
}

var builtIn = map[string]bool{
	"Heading1": true, "Heading2": true, "Heading3": true, "Heading4": true,
	"Title": true, "BodyText": true, "Caption": true, "Header": true, "Footer": true,
}

func stylesPart() []byte {
	x := newXML()
	x.start("w:styles", "xmlns:w", nsW)
	docDefaults(x)
	x.start("w:style", "w:type", "paragraph", "w:default", "1", "w:styleId", "Normal")
	x.val("w:name", "Normal")
	x.leaf("w:qFormat")
	x.start("w:rPr")
	x.val("w:spacing", itoa(squeeze))
	x.end()
	x.endLine()
	x.start("w:style", "w:type", "character", "w:default", "1", "w:styleId", "DefaultParagraphFont")
	x.val("w:name", "Default Paragraph Font")
	x.endLine()
	tableNormal(x)
	for _, s := range styles {
		s.write(x)
	}
	return x.bytes()
}

func docDefaults(x *xmlWriter) {
	x.start("w:docDefaults")
	x.start("w:rPrDefault")
	x.start("w:rPr")
	fonts(x, fangsong)
	x.val("w:kern", "2")
	x.val("w:sz", itoa(sizeBody))
	x.val("w:szCs", itoa(sizeBody))
	x.leaf("w:lang", "w:val", "en-US", "w:eastAsia", "zh-CN", "w:bidi", "ar-SA")
	x.end()
	x.end()
	x.start("w:pPrDefault")
	x.start("w:pPr")
	x.val("w:widowControl", "0") // a full page has 22 lines, whatever ends on it
	x.val("w:overflowPunct", "1")
	x.val("w:autoSpaceDE", "0") // no extra space around figures: 28 characters a line
	x.val("w:autoSpaceDN", "0")
	x.leaf("w:spacing", "w:before", "0", "w:after", "0", "w:line", itoa(lineHeight), "w:lineRule", "exact")
	x.val("w:jc", "both")
	x.end()
	x.end()
	x.endLine()
}

func tableNormal(x *xmlWriter) {
	x.start("w:style", "w:type", "table", "w:default", "1", "w:styleId", "TableNormal")
	x.val("w:name", "Normal Table")
	x.start("w:tblPr")
	x.leaf("w:tblInd", "w:w", "0", "w:type", "dxa")
	x.start("w:tblCellMar")
	for _, side := range []string{"top", "left", "bottom", "right"} {
		width := "85"
		if side == "top" || side == "bottom" {
			width = "28"
		}
		x.leaf("w:"+side, "w:w", width, "w:type", "dxa")
	}
	x.end()
	x.end()
	x.endLine()
}

// fonts names one font for all scripts: figures and quotation marks inside Chinese text then
// come from the Chinese font, as the standard's samples show.
func fonts(x *xmlWriter, font string) {
	x.leaf("w:rFonts", "w:hint", "eastAsia", "w:ascii", font, "w:eastAsia", font, "w:hAnsi", font, "w:cs", font)
}

// write keeps the order of elements that the schema (CT_PPrBase, CT_RPr) fixes; Word calls a
// file in another order damaged.
func (s style) write(x *xmlWriter) {
	attrs := []string{"w:type", "paragraph", "w:styleId", s.id}
	if !builtIn[s.id] {
		attrs = append(attrs, "w:customStyle", "1")
	}
	x.start("w:style", attrs...)
	x.val("w:name", s.name)
	x.val("w:basedOn", "Normal")
	if s.outline > 0 {
		x.val("w:next", "BodyText")
	}
	x.leaf("w:qFormat")
	x.start("w:pPr")
	s.paragraph(x)
	x.end()
	x.start("w:rPr")
	s.run(x)
	x.end()
	x.endLine()
}

// free: text of another size than the body's is not squeezed to 28 characters a line.
func (s style) free() bool { return s.size > 0 || s.line < 0 || s.id == "RedHead" }

func (s style) paragraph(x *xmlWriter) {
	if s.keep {
		x.leaf("w:keepNext")
	}
	if s.free() {
		x.val("w:snapToGrid", "0")
	}
	if s.line < 0 {
		x.leaf("w:spacing", "w:line", "240", "w:lineRule", "auto")
	}
	if s.line > 0 {
		x.leaf("w:spacing", "w:line", itoa(s.line), "w:lineRule", "exact")
	}
	if s.indent != "" {
		x.leaf("w:ind", "w:firstLineChars", s.indent, "w:firstLine", itoa(chars(2)))
	}
	if s.jc != "" {
		x.val("w:jc", s.jc)
	}
	if s.outline > 0 {
		x.val("w:outlineLvl", itoa(s.outline-1))
	}
}

func (s style) run(x *xmlWriter) {
	fonts(x, s.font)
	if s.bold {
		x.leaf("w:b")
	}
	if s.color != "" {
		x.val("w:color", s.color)
	}
	if s.free() {
		x.val("w:spacing", "0")
	}
	if s.size > 0 {
		x.val("w:sz", itoa(s.size))
		x.val("w:szCs", itoa(s.size))
	}
}

// settingsPart: odd and even footers, no squeezing of punctuation (28 characters a line).
func settingsPart() []byte {
	x := newXML()
	x.start("w:settings", "xmlns:w", nsW)
	x.leaf("w:zoom", "w:percent", "100")
	x.leaf("w:bordersDoNotSurroundHeader")
	x.leaf("w:bordersDoNotSurroundFooter")
	x.val("w:defaultTabStop", "420")
	x.leaf("w:evenAndOddHeaders")
	x.val("w:drawingGridVerticalSpacing", itoa(lineHeight))
	x.val("w:characterSpacingControl", "doNotCompress")
	x.start("w:compat")
	x.leaf("w:spaceForUL")
	x.leaf("w:balanceSingleByteDoubleByteWidth")
	x.leaf("w:doNotLeaveBackslashAlone")
	x.leaf("w:ulTrailSpace")
	x.leaf("w:doNotExpandShiftReturn")
	x.leaf("w:adjustLineHeightInTable")
	x.leaf("w:useFELayout")
	x.leaf("w:compatSetting", "w:name", "compatibilityMode",
		"w:uri", "http://schemas.microsoft.com/office/word", "w:val", "15")
	x.end()
	x.leaf("w:themeFontLang", "w:val", "en-US", "w:eastAsia", "zh-CN")
	return x.bytes()
}

// fontTablePart names the stand-in of each font: a machine without the government fonts
// still shows 仿宋 as 仿宋.
func fontTablePart() []byte {
	x := newXML()
	x.start("w:fonts", "xmlns:w", nsW)
	for _, f := range [][2]string{
		{fangsong, "仿宋"}, {kaiti, "楷体"}, {heiti, "SimHei"}, {xiaobiao, "小标宋体"}, {songti, "SimSun"},
	} {
		x.start("w:font", "w:name", f[0])
		x.val("w:altName", f[1])
		x.val("w:charset", "86")
		x.val("w:family", "auto")
		x.val("w:pitch", "variable")
		x.endLine()
	}
	return x.bytes()
}
