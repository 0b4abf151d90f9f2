package letter

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Document is one official document (公文). Empty fields are left out of the page, so a plain
// note needs a Title and a Body only. Text may hold line breaks; nothing is interpreted.
type Document struct {
	Head    string // 发文机关标志, in red; lines apart by "\n" (联合行文: lead organ first)
	Urgency string // 紧急程度: 特急 or 加急, top left
	Number  string // 发文字号, such as 遂发改〔2026〕12号
	Title   string // 标题; "\n" breaks lines by hand, else it is broken in balance
	To      string // 主送机关, with or without its colon
	Body    []Block

	Attachments []string // 附件说明; empty: the titles of Annexes
	Annexes     []Annex  // 附件, each on a page of its own, bound in before the 版记

	Signer string // 发文机关署名
	Date   string // 成文日期, civil date 2006-01-02

	CopyTo    []string // 抄送机关
	PrintedBy string   // 印发机关
	PrintedOn string   // 印发日期, civil date; empty: Date

	Draft bool   // 草稿: says so under the title and at the head of each page
	Note  string // small line at the foot of each page: as-of date, 演示数据
}

// Annex 附件: a part with its own title that follows the letter. Wide turns its pages
// (landscape), for tables of many columns.
type Annex struct {
	Title string
	Wide  bool
	Body  []Block
}

// Block is one piece of the body: Heading, Paragraph, Table, Form or Chart.
type Block interface{ block() }

// Heading 层次标题. Level 1 is 一、 in 黑体, 2 is （一） in 楷体, 3 is 1. and 4 is （1） in 仿宋.
// The text carries its own number: a reader cites it as it stands. Then continues in the
// same paragraph in the body's font (（一）……。正文).
type Heading struct {
	Level int
	Text  string
	Then  []Span
}

// Paragraph 正文段落, indented by two characters unless Flush.
type Paragraph struct {
	Spans []Span
	Flush bool
}

// Span is a run of text in one look.
type Span struct {
	Text string
	Bold bool
}

// Plain makes a paragraph of unmarked text.
func Plain(text string) Paragraph { return Paragraph{Spans: []Span{{Text: text}}} }

// Align says where a column's text stands.
type Align string

// The alignments of a column. Numbers belong to the right.
const (
	Left   Align = "left"
	Center Align = "center"
	Right  Align = "right"
)

// Column of a Table. Width is a share, relative to the other columns (0 counts as 1); if no
// column has one, the texts decide.
type Column struct {
	Title string
	Align Align
	Width int
}

// Table 表格: the header row is repeated on each page, rows are not torn apart by a page's
// end. Rows may be short; a longer row than Columns is refused. Total: the last row is the
// sum (合计) and printed strong. Caption stands above, Note below.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]string
	Total   bool
	Note    string
}

// ChartKind is the shape of a Chart.
type ChartKind string

// The shapes a chart may have.
const (
	ColumnChart  ChartKind = "column"  // 柱形图, series side by side
	BarChart     ChartKind = "bar"     // 条形图, lying; for long names
	StackedChart ChartKind = "stacked" // 堆积条形图: parts of a whole, lying
	LineChart    ChartKind = "line"    // 折线图, over time
)

// Chart 图: native, its figures editable in the word processor. Title stands below the
// picture, Unit (单位) at the value axis; both may be empty.
type Chart struct {
	Title      string
	Kind       ChartKind
	Categories []string
	Series     []Series
	Unit       string
}

// Series of a Chart: one decimal text per category ("12.5"); "" leaves a gap.
// Color is RRGGBB; empty takes the next of the palette.
type Series struct {
	Name   string
	Values []string
	Color  string
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Table) block()     {}
func (Chart) block()     {}

// Error says why a document cannot be written. Code is for machines; the message names the
// place and what to do.
type Error struct {
	Code  string // letter.bad-date, letter.table-row, letter.chart-value …
	Where string
	Why   string
}

func (e *Error) Error() string { return fmt.Sprintf("%s：%s（%s）", e.Where, e.Why, e.Code) }

func wrong(code, where, why string) error { return &Error{Code: code, Where: where, Why: why} }

// Check tells whether the document can be written: text is UTF-8, dates are civil dates,
// tables and charts are whole. WriteDocx calls it first. Errors are *Error.
func (d Document) Check() error {
	for _, date := range []struct{ name, value string }{{"成文日期", d.Date}, {"印发日期", d.PrintedOn}} {
		if date.value == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, date.value); err != nil {
			return wrong("letter.bad-date", date.name, fmt.Sprintf("“%s”不是日期，请写成 2022-06-25 的形式", date.value))
		}
	}
	if err := checkBlocks("正文", d.Body); err != nil {
		return err
	}
	for i, a := range d.Annexes {
		if err := checkBlocks(fmt.Sprintf("附件%d", i+1), a.Body); err != nil {
			return err
		}
	}
	return nil
}

func checkBlocks(where string, blocks []Block) error {
	for i, b := range blocks {
		at := fmt.Sprintf("%s第%d段", where, i+1)
		var err error
		switch b := b.(type) {
		case Heading:
			if b.Level < 1 || b.Level > 4 {
				err = wrong("letter.heading-level", at, fmt.Sprintf("标题层次为%d，只能是1至4", b.Level))
			}
		case Table:
			err = b.check(at)
		case Chart:
			err = b.check(at)
		case Form:
			err = b.check(at)
		case nil:
			err = wrong("letter.empty-block", at, "没有内容，请删去")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t Table) check(at string) error {
	if len(t.Columns) == 0 || len(t.Columns) > 63 {
		return wrong("letter.table-columns", at, fmt.Sprintf("表格有%d列，只能是1至63列", len(t.Columns)))
	}
	for i, row := range t.Rows {
		if len(row) > len(t.Columns) {
			return wrong("letter.table-row", fmt.Sprintf("%s表格第%d行", at, i+1),
				fmt.Sprintf("有%d格，表头只有%d列，请补齐表头或删去多余的格", len(row), len(t.Columns)))
		}
	}
	return nil
}

func (c Chart) check(at string) error {
	switch c.Kind {
	case ColumnChart, BarChart, StackedChart, LineChart:
	default:
		return wrong("letter.chart-kind", at, fmt.Sprintf("没有“%s”这种图，可用 column、bar、stacked、line", c.Kind))
	}
	if len(c.Series) == 0 || len(c.Categories) == 0 {
		return wrong("letter.chart-empty", at, "图没有数据，请至少给一个系列和一个类别")
	}
	for _, s := range c.Series {
		if len(s.Values) != len(c.Categories) {
			return wrong("letter.chart-length", at+"图系列“"+s.Name+"”",
				fmt.Sprintf("有%d个数，类别有%d个，两者须相等", len(s.Values), len(c.Categories)))
		}
		for i, v := range s.Values {
			if v != "" && !isDecimal(v) {
				return wrong("letter.chart-value", fmt.Sprintf("%s图系列“%s”第%d个数", at, s.Name, i+1),
					fmt.Sprintf("“%s”不是数字，请只写数字，单位写在图的单位里", v))
			}
		}
	}
	return nil
}

// isDecimal: an optional sign, digits, and at most one point with digits on both sides;
// what both a chart's cache and a sheet's cell may hold as a number.
func isDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, part, pointed := strings.Cut(s, ".")
	return digits(whole) && (!pointed || digits(part))
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// chineseDate prints a civil date as 2022年6月5日: Arabic figures, no leading zero
// (GB/T 9704-2012, 7.3.5). What is no date stays as it is.
func chineseDate(civil string) string {
	t, err := time.Parse(time.DateOnly, civil)
	if err != nil {
		return civil
	}
	return t.Format("2006年1月2日")
}

func runes(s string) int { return utf8.RuneCountInString(s) }
