package letter

// Measures of the page in twips (1/20 point; 1 mm = 56.693). GB/T 9704-2012, 5.1 and 5.2.
const (
	paperWidth   = 11906 // A4, 210 mm
	paperHeight  = 16838 // 297 mm
	marginTop    = 2098  // 天头 37 mm
	marginLeft   = 1587  // 订口 28 mm
	marginRight  = 1474  // 210 − 28 − 156 = 26 mm
	marginBottom = 1984  // 297 − 37 − 225 = 35 mm
	textWidth    = paperWidth - marginLeft - marginRight
	textHeight   = paperHeight - marginTop - marginBottom

	linesPerPage = 22
	charsPerLine = 28
	lineHeight   = textHeight / linesPerPage // 579: 22 lines fill the type area
	// squeeze makes 28 characters of 16 pt fill the line of 442.25 pt, in twips as w:spacing
	// wants it: one point is left over a line, and justifying spreads it. A character grid
	// (w:docGrid linesAndChars) would say the same to Word alone: LibreOffice gives a
	// character wider than its cell two of them.
	squeeze = -5

	footerFromEdge = 1418 // 25 mm: a 14 pt page number's dash then stands 7 mm below the 版心
	noteHeight     = 240  // the small line under the page number
	headFromTop    = 1984 // 发文机关标志's upper edge 35 mm below the 版心's upper edge (7.2.4)
)

// Sizes in half points, as w:sz wants them.
const (
	sizeBody   = 32 // 3号
	sizeTitle  = 44 // 2号
	sizeFour   = 28 // 4号: page number, 版记
	sizeTable  = 24 // 小4号
	sizeSmall  = 21 // 5号: tables of many columns
	sizeNote   = 18 // 小5号
	sizeHead   = 108
	minHead    = 52
	headGutter = 20 // twips kept free beside a red head that fills the line
)

// Fonts by the names that Word and WPS know in China; fontTable names what stands in.
const (
	fangsong = "仿宋_GB2312"
	kaiti    = "楷体_GB2312"
	heiti    = "黑体"
	xiaobiao = "方正小标宋简体"
	songti   = "宋体"
)

const officialRed = "FF0000"

// chars gives n characters of 3号 in twips, for indents next to their *Chars twin.
func chars(n float64) int { return int(n*float64(textWidth)/charsPerLine + 0.5) }

// page is the shape of one section.
type page struct{ wide bool }

// width of the type area in twips.
func (p page) width() int {
	if p.wide {
		return textHeight
	}
	return textWidth
}
