package sheet

import (
	"encoding/json"
	"io"
)

// Source is a file as it came. Name is its file name (its ending says what it claims to be).
type Source struct {
	Name string
	Data io.ReaderAt
	Size int64
}

// Options of reading.
type Options struct {
	// Year of the list; "6月底前" means June of this year. 0: taken from the title, else the dates stay unclear.
	Year      int
	Directory Directory
	// Remembered are a person's corrections; they are applied whatever the shape of the file.
	Remembered *Shape
	// Recall finds the corrections remembered for a shape once the headers are known. May be nil.
	Recall func(shape string) *Shape
	Limits Limits
}

// Limits bound what a file may cost. Zero values mean DefaultLimits.
type Limits struct {
	File     int64 // bytes of the file
	Unzipped int64 // bytes of all parts that are read
	Parts    int   // files inside the file
	Rows     int   // non-empty rows of one sheet
	Columns  int   // columns of one sheet; cells to the right are not read
	Cells    int   // non-empty cells of the file
	Sheets   int   // sheets or tables of the file
}

// DefaultLimits are generous for a task list (the largest known has some thousand rows).
var DefaultLimits = Limits{
	File: 32 << 20, Unzipped: 128 << 20, Parts: 5000,
	Rows: 50_000, Columns: 256, Cells: 1_000_000, Sheets: 200,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	pick(&d.File, l.File)
	pick(&d.Unzipped, l.Unzipped)
	pick(&d.Parts, l.Parts)
	pick(&d.Rows, l.Rows)
	pick(&d.Columns, l.Columns)
	pick(&d.Cells, l.Cells)
	pick(&d.Sheets, l.Sheets)
	return d
}

func pick[T int | int64](into *T, given T) {
	if given > 0 {
		*into = given
	}
}

// Shape (表样) is a layout of headers with a person's corrections for files of it.
type Shape struct {
	Hash string `json:"hash"`
	// Columns: header as shown in Column.Header (or "@B" for a column without one) to field.
	Columns map[string]Field `json:"columns,omitempty"`
	// Units: name as read (UnitKey) to the id of an organisation of the directory.
	Units map[string]string `json:"units,omitempty"`
}

// Field is what a column means.
type Field string

// The fields of a task list, as DESIGN names them.
const (
	Number   Field = "number"   // 序号
	Section  Field = "section"  // 类别
	Title    Field = "title"    // 工作任务
	Measures Field = "measures" // 主要内容
	Lead     Field = "lead"     // 牵头单位
	Support  Field = "support"  // 配合单位
	Leader   Field = "leader"   // 责任领导
	Due      Field = "deadline" // 完成时限
	Target   Field = "target"   // 年度目标
	Done     Field = "progress" // 进展情况
	Trouble  Field = "problem"  // 存在问题
	Next     Field = "next"     // 下一步打算
	Money    Field = "money"    // 总投资
	Status   Field = "status"   // 完成状态
	Note     Field = "note"     // 备注
	Extra    Field = "extra"    // anything else: kept, and comes out again
)

// Fields lists every field, for a page that lets a person choose.
var Fields = []Field{Number, Section, Title, Measures, Lead, Support, Leader, Due, Target, Done, Trouble, Next, Money, Status, Note, Extra}

// List is what was understood of a file. Its JSON is what `plan import --dry-run --json` prints.
type List struct {
	Sheets   []Sheet   `json:"sheets"`
	Problems []Problem `json:"problems"`
	Twins    []Twin    `json:"twins"` // filled by the plan room, which knows the items

	Title      string               `json:"-"` // of the first sheet that has one
	DocumentNo string               `json:"-"` // 发文字号, as 遂发改〔2022〕12号
	Year       int                  `json:"-"` // that relative dates were read with; 0 unknown
	Shape      string               `json:"-"` // hash of the layout of the headers
	Kind       string               `json:"-"` // xlsx, docx, csv
	Resolved   map[string]UnitMatch `json:"-"` // by UnitKey: every unit named anywhere
	external   bool                 // the file pointed outside itself
	heavy      bool                 // too much in it to be rebuilt with its looks
}

// Twin is a listing that looks like work which is there already (the plan room's finding).
type Twin struct {
	Row    int     `json:"row"`
	Item   string  `json:"item"`
	Score  float64 `json:"score"`
	Reason string  `json:"reason"`
	// Discloses is how many accepted reports a link would show to the list's circle for the first time; such a link is
	// made only where a person says so.
	Discloses int `json:"discloses,omitempty"`
}

// Sheet is one table of the file. A sheet in which no table was found has no header rows.
type Sheet struct {
	Name       string   `json:"name"`
	Hidden     bool     `json:"hidden"`
	HeaderRows []int    `json:"headerRows"`
	Columns    []Column `json:"columns"`
	Rows       []Row    `json:"rows"`

	Title  string   `json:"-"`
	Unit   string   `json:"-"` // 万元 …, from "单位：万元" above the header
	Notes  []string `json:"-"` // 注：… under the table
	Grid   *Grid    `json:"-"` // the cells as read, for the preview
	Import bool     `json:"-"` // has rows and is not hidden
}

// Column is one column of a table. Header is as a reader sees it; the two rows of a two-row header
// are joined by "/".
type Column struct {
	Column string `json:"column"` // "B"
	Header string `json:"header"`
	Field  Field  `json:"field"`
	Side   string `json:"side,omitempty"` // GB/T 2260 code where the column belongs to one side

	index int
}

// Units are the units one side names.
type Units struct {
	Lead    []string `json:"lead,omitempty"`
	Support []string `json:"support,omitempty"`
}

// Row is one task. Row numbers are those of the file (of the table in a document), from 1.
type Row struct {
	Row      int      `json:"row"`
	Part     int      `json:"part,omitempty"` // 1, 2 … where one cell held several tasks
	Number   string   `json:"number"`
	Section  []string `json:"section"`
	Title    string   `json:"title"`
	Measures string   `json:"measures"`
	Lead     []string `json:"lead"`    // names as read
	Support  []string `json:"support"` // names as read
	// Shared: "按职责分工负责", the units of Lead each answer for their part.
	Shared   bool              `json:"shared,omitempty"`
	Sides    map[string]Units  `json:"sides"` // of other members, by GB/T 2260 code
	Leader   string            `json:"leader"`
	Deadline *Deadline         `json:"deadline"` // null where the list gives none
	Target   string            `json:"target"`
	Progress string            `json:"progress"`
	Problem  string            `json:"problem,omitempty"`
	Next     string            `json:"next,omitempty"`
	Status   string            `json:"status,omitempty"`
	Money    []Amount          `json:"money,omitempty"`
	Note     string            `json:"note"`
	Extra    map[string]string `json:"extra"` // by header; holds the money columns too, as written
	Hidden   bool              `json:"-"`     // the row is hidden in the file
	Own      string            `json:"-"`     // name of the list's own side, written before its units where others are named; empty: it is not
}

// Amount is a figure of a money column: Value is an exact decimal, empty where it is not a number.
type Amount struct {
	Header string `json:"header"`
	Text   string `json:"text"`
	Value  string `json:"value,omitempty"`
	Unit   string `json:"unit,omitempty"` // 万元, 亿元 …
}

// Deadline kinds.
const (
	By           = "by"
	EveryMonth   = "every-month"
	EveryQuarter = "every-quarter"
	Ongoing      = "ongoing"
	Unclear      = "unclear"
)

// Deadline is a date as written and as understood. Date is civil "2006-01-02" and includes that
// day; it is set for kind "by" only.
type Deadline struct {
	Text string `json:"text"`
	Date string `json:"date,omitempty"`
	Kind string `json:"kind"`
	// Steps are the dates before the last one where the text names several.
	Steps []string `json:"steps,omitempty"`
}

// RowKey names a row of a file.
type RowKey struct {
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
	Part  int    `json:"part,omitempty"`
}

// Key names the row within its file.
func (s *Sheet) Key(r *Row) RowKey { return RowKey{Sheet: s.Name, Row: r.Row, Part: r.Part} }

// MarshalJSON keeps empty lists as [] and {}: scripts need not ask for null.
func (l List) MarshalJSON() ([]byte, error) {
	type plain List
	l.Sheets, l.Problems, l.Twins = some(l.Sheets), some(l.Problems), some(l.Twins)
	return json.Marshal(plain(l))
}

// MarshalJSON keeps empty lists as [].
func (s Sheet) MarshalJSON() ([]byte, error) {
	type plain Sheet
	s.HeaderRows, s.Columns, s.Rows = some(s.HeaderRows), some(s.Columns), some(s.Rows)
	return json.Marshal(plain(s))
}

// MarshalJSON keeps empty lists as [] and empty maps as {}.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row
	r.Section, r.Lead, r.Support = some(r.Section), some(r.Lead), some(r.Support)
	if r.Sides == nil {
		r.Sides = map[string]Units{}
	}
	if r.Extra == nil {
		r.Extra = map[string]string{}
	}
	return json.Marshal(plain(r))
}

func some[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
