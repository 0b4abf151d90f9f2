package letter

import (
	"fmt"
	"strings"
)

// palette is told apart in grey print too: dark, middle, light, then hues of the same steps.
var palette = []string{"1F4E79", "2E86AB", "8DB4D2", "C55A11", "7F7F7F", "BFBFBF", "548235", "A9D18E"}

const emuPerTwip = 635

// chart places a native chart in the text; its part holds the figures as cached values and
// a small workbook behind them, so that "edit data" works in Word and WPS.
func (x *docx) chart(c Chart) {
	x.charts++
	name := fmt.Sprintf("word/charts/chart%d.xml", x.charts)
	book := fmt.Sprintf("word/embeddings/chart%d.xlsx", x.charts)
	id := x.pack.relate(documentPart, "chart", name)
	bookID := x.pack.relate(name, "package", book)
	x.pack.add(name, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml", c.part(bookID))
	x.pack.add(book, XlsxType, c.workbook())
	x.paragraph("Picture", nil, func() {
		x.start("w:r")
		x.start("w:drawing")
		x.start("wp:inline", "distT", "0", "distB", "0", "distL", "0", "distR", "0")
		x.leaf("wp:extent", "cx", itoa(x.page.width()*emuPerTwip), "cy", itoa(c.height()*emuPerTwip))
		x.leaf("wp:docPr", "id", itoa(x.charts), "name", fmt.Sprintf("图%d", x.charts), "descr", c.describe())
		x.leaf("wp:cNvGraphicFramePr")
		x.start("a:graphic")
		x.start("a:graphicData", "uri", nsC)
		x.leaf("c:chart", "r:id", id)
		for range 5 {
			x.end()
		}
	})
	if c.Title != "" {
		x.line("Caption", c.Title)
	}
}

// height in twips: lying bars grow with their number, between 7 and 18 lines of the page.
func (c Chart) height() int {
	if c.Kind == ColumnChart || c.Kind == LineChart {
		return 9 * lineHeight
	}
	bars := len(c.Categories)
	if c.Kind == BarChart {
		bars *= len(c.Series)
	}
	return min(18, max(7, 4+bars)) * lineHeight
}

// describe puts the figures into words for those who hear the page read out.
func (c Chart) describe() string {
	var b strings.Builder
	b.WriteString(oneLine(c.Title))
	for _, s := range c.Series {
		b.WriteString("；" + s.Name)
		for i, v := range s.Values {
			if v != "" {
				b.WriteString(" " + c.Categories[i] + v + c.Unit)
			}
		}
	}
	return oneLine(b.String())
}

func (c Chart) part(bookID string) []byte {
	x := newXML()
	x.start("c:chartSpace", "xmlns:c", nsC, "xmlns:a", nsA, "xmlns:r", nsR)
	x.leaf("c:roundedCorners", "val", "0")
	x.start("c:chart")
	x.leaf("c:autoTitleDeleted", "val", "1")
	x.start("c:plotArea")
	x.leaf("c:layout")
	c.plot(x)
	c.axes(x)
	x.end()
	x.start("c:legend")
	x.leaf("c:legendPos", "val", "b")
	x.leaf("c:overlay", "val", "0")
	chartText(x, 1000)
	x.end()
	x.leaf("c:plotVisOnly", "val", "1")
	x.leaf("c:dispBlanksAs", "val", "gap")
	x.end()
	x.start("c:spPr")
	x.leaf("a:noFill")
	x.start("a:ln")
	x.leaf("a:noFill")
	x.end()
	x.end()
	chartText(x, 1000)
	x.start("c:externalData", "r:id", bookID)
	x.leaf("c:autoUpdate", "val", "0")
	return x.bytes()
}

// chartText sets font and size (1/100 point) of what stands around it.
func chartText(x *xmlWriter, size int) {
	x.start("c:txPr")
	x.leaf("a:bodyPr")
	x.start("a:p")
	x.start("a:pPr")
	x.start("a:defRPr", "sz", itoa(size), "b", "0")
	x.leaf("a:latin", "typeface", fangsong)
	x.leaf("a:ea", "typeface", fangsong)
	x.end()
	x.end()
	x.leaf("a:endParaRPr", "lang", "zh-CN")
	x.end()
	x.end()
}

func (c Chart) plot(x *xmlWriter) {
	if c.Kind == LineChart {
		x.start("c:lineChart")
		x.leaf("c:grouping", "val", "standard")
	} else {
		dir, grouping := "bar", "clustered"
		if c.Kind == ColumnChart {
			dir = "col"
		}
		if c.Kind == StackedChart {
			grouping = "stacked"
		}
		x.start("c:barChart")
		x.leaf("c:barDir", "val", dir)
		x.leaf("c:grouping", "val", grouping)
	}
	x.leaf("c:varyColors", "val", "0")
	for i, s := range c.Series {
		c.series(x, i, s)
	}
	if c.Kind == LineChart {
		x.leaf("c:marker", "val", "1")
	} else {
		x.leaf("c:gapWidth", "val", "60")
	}
	if c.Kind == StackedChart {
		x.leaf("c:overlap", "val", "100")
	}
	x.leaf("c:axId", "val", "1")
	x.leaf("c:axId", "val", "2")
	x.end()
}

func (c Chart) series(x *xmlWriter, i int, s Series) {
	x.start("c:ser")
	x.leaf("c:idx", "val", itoa(i))
	x.leaf("c:order", "val", itoa(i))
	x.start("c:tx")
	cache(x, "c:str", "Sheet1!$"+columnLetter(i+1)+"$1", []string{s.Name})
	x.end()
	color := s.Color
	if color == "" {
		color = palette[i%len(palette)]
	}
	c.seriesLook(x, color)
	if c.Kind != LineChart {
		x.leaf("c:invertIfNegative", "val", "0")
	} else {
		x.start("c:marker")
		x.leaf("c:symbol", "val", "circle")
		x.end()
	}
	c.labels(x, color, s.Values)
	last := itoa(len(c.Categories) + 1)
	x.start("c:cat")
	cache(x, "c:str", "Sheet1!$A$2:$A$"+last, c.Categories)
	x.end()
	x.start("c:val")
	letter := columnLetter(i + 1)
	cache(x, "c:num", "Sheet1!$"+letter+"$2:$"+letter+"$"+last, s.Values)
	x.end()
	if c.Kind == LineChart {
		x.leaf("c:smooth", "val", "0")
	}
	x.end()
}

func (c Chart) seriesLook(x *xmlWriter, color string) {
	x.start("c:spPr")
	if c.Kind == LineChart {
		x.start("a:ln", "w", "28575")
		solid(x, color)
		x.end()
	} else {
		solid(x, color)
	}
	x.end()
}

func solid(x *xmlWriter, color string) {
	x.start("a:solidFill")
	x.leaf("a:srgbClr", "val", color)
	x.end()
}

// labels prints the figure at its bar: a printed page has no pointer to ask with. Zero is
// left out by the number format, it would lie on its neighbours.
func (c Chart) labels(x *xmlWriter, color string, values []string) {
	format := "#,##0;-#,##0;"
	if strings.Contains(strings.Join(values, ""), ".") {
		format = "#,##0.0#;-#,##0.0#;"
	}
	x.start("c:dLbls")
	x.leaf("c:numFmt", "formatCode", format, "sourceLinked", "0")
	if c.Kind == StackedChart && dark(color) {
		whiteText(x)
	}
	if c.Kind == ColumnChart || c.Kind == BarChart {
		x.leaf("c:dLblPos", "val", "outEnd")
	}
	for _, what := range []string{"LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize"} {
		show := "0"
		if what == "Val" {
			show = "1"
		}
		x.leaf("c:show"+what, "val", show)
	}
	x.end()
}

// dark: the weighted brightness of RRGGBB is below the middle, so text on it must be white.
func dark(color string) bool {
	var r, g, b int
	if _, err := fmt.Sscanf(color, "%02x%02x%02x", &r, &g, &b); err != nil {
		return false
	}
	return r*299+g*587+b*114 < 140_000
}

func whiteText(x *xmlWriter) {
	x.start("c:txPr")
	x.leaf("a:bodyPr")
	x.start("a:p")
	x.start("a:pPr")
	x.start("a:defRPr", "sz", "1000")
	solid(x, "FFFFFF")
	x.end()
	x.end()
	x.leaf("a:endParaRPr", "lang", "zh-CN")
	x.end()
	x.end()
}

// cache writes a reference into the workbook with the values it had; gaps are left out.
func cache(x *xmlWriter, kind, ref string, values []string) {
	x.start(kind + "Ref")
	x.element("c:f", ref)
	x.start(kind + "Cache")
	if kind == "c:num" {
		x.element("c:formatCode", "General")
	}
	x.leaf("c:ptCount", "val", itoa(len(values)))
	for i, v := range values {
		if v == "" {
			continue
		}
		x.start("c:pt", "idx", itoa(i))
		x.element("c:v", v)
		x.end()
	}
	x.end()
	x.end()
}

// axes: names at the left of lying bars, first category on top as in the table.
func (c Chart) axes(x *xmlWriter) {
	lying := c.Kind == BarChart || c.Kind == StackedChart
	catPos, valPos, order := "b", "l", "minMax"
	if lying {
		catPos, valPos, order = "l", "t", "maxMin"
	}
	x.start("c:catAx")
	axisStart(x, "1", order, catPos)
	x.leaf("c:majorTickMark", "val", "none")
	x.leaf("c:minorTickMark", "val", "none")
	x.leaf("c:tickLblPos", "val", "low")
	chartText(x, 1000)
	x.leaf("c:crossAx", "val", "2")
	x.leaf("c:crosses", "val", "autoZero")
	x.end()
	x.start("c:valAx")
	axisStart(x, "2", "minMax", valPos)
	if c.Unit != "" {
		axisTitle(x, c.Unit)
	}
	x.leaf("c:numFmt", "formatCode", "General", "sourceLinked", "0")
	x.leaf("c:majorTickMark", "val", "none")
	x.leaf("c:minorTickMark", "val", "none")
	x.leaf("c:tickLblPos", "val", "nextTo")
	chartText(x, 900)
	x.leaf("c:crossAx", "val", "1")
	crosses := "autoZero"
	if lying {
		crosses = "max" // the first category is on top; the figures belong below
	}
	x.leaf("c:crosses", "val", crosses)
	x.end()
}

func axisStart(x *xmlWriter, id, order, pos string) {
	x.leaf("c:axId", "val", id)
	x.start("c:scaling")
	x.leaf("c:orientation", "val", order)
	x.end()
	x.leaf("c:delete", "val", "0")
	x.leaf("c:axPos", "val", pos)
	if id == "2" {
		x.start("c:majorGridlines")
		x.start("c:spPr")
		x.start("a:ln", "w", "6350")
		solid(x, "D9D9D9")
		x.end()
		x.end()
		x.end()
	}
}

func axisTitle(x *xmlWriter, text string) {
	x.start("c:title")
	x.start("c:tx")
	x.start("c:rich")
	x.leaf("a:bodyPr", "rot", "0")
	x.start("a:p")
	x.start("a:pPr")
	x.leaf("a:defRPr", "sz", "900", "b", "0")
	x.end()
	x.start("a:r")
	x.leaf("a:rPr", "lang", "zh-CN", "sz", "900", "b", "0")
	x.element("a:t", "单位："+text)
	for range 4 {
		x.end()
	}
	x.leaf("c:overlay", "val", "0")
	x.end()
}
