package sheet

import "fmt"

// Problem is something a person should look at, with its place, reason and suggestion.
type Problem struct {
	Sheet      string `json:"sheet"`
	Cell       string `json:"cell"` // "E7"; empty where it concerns the whole sheet
	Code       Code   `json:"code"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
}

// Code names a sort of problem. Codes are stable.
type Code string

// Level says what a problem asks for.
type Level string

// Levels of problems.
const (
	Ask  Level = "ask"  // a person should decide; the proposal is taken if nobody does
	Hint Level = "hint" // for information
)

// The codes of problems.
const (
	DeadlineUnclear  Code = "deadline-unclear"
	DeadlineMissing  Code = "deadline-missing"
	DeadlineOdd      Code = "deadline-odd-year"
	UnitUnknown      Code = "unit-unknown"
	UnitAmbiguous    Code = "unit-ambiguous"
	UnitOfNeighbour  Code = "unit-of-neighbour"
	LeadMissing      Code = "lead-missing"
	LeadShared       Code = "lead-shared"
	TitleMissing     Code = "title-missing"
	TitleCarried     Code = "title-carried"
	TasksSplit       Code = "tasks-split"
	NumberTwice      Code = "number-twice"
	RowTwice         Code = "row-twice"
	RowUnread        Code = "row-not-understood"
	CellError        Code = "cell-error"
	FormulaNoValue   Code = "formula-no-value"
	SheetHidden      Code = "sheet-hidden"
	SheetUnread      Code = "sheet-not-understood"
	RowsHidden       Code = "rows-hidden"
	ColumnsHidden    Code = "columns-hidden"
	ColumnUnnamed    Code = "column-unnamed"
	ColumnGuessed    Code = "column-guessed"
	ColumnsCut       Code = "columns-too-many"
	HeaderMissing    Code = "header-missing"
	DeadlineInText   Code = "deadline-in-text"
	YearDiffers      Code = "year-differs"
	ExternalLinks    Code = "external-links"
	YearUnknown      Code = "year-unknown"
	RowUnmatched     Code = "row-unmatched"
	RowMatchedNearly Code = "row-matched-nearly"
)

// Explanation tells what a code means, in English, and what it asks for.
type Explanation struct {
	Level   Level
	English string
}

// Explanations documents every code.
var Explanations = map[Code]Explanation{
	DeadlineUnclear:  {Ask, "the deadline cannot be read as a date or a rhythm; it is kept as text"},
	DeadlineMissing:  {Ask, "the list has a column of deadlines, this row has none"},
	DeadlineOdd:      {Ask, "the deadline lies before the year of the list or more than ten years after it"},
	UnitUnknown:      {Ask, "no organisation of the directory bears this name; near names are proposed"},
	UnitAmbiguous:    {Ask, "several organisations of the directory bear this name"},
	UnitOfNeighbour:  {Ask, "the name begins with the name of another member; it is proposed as a unit of that member"},
	LeadMissing:      {Ask, "no lead unit is named"},
	LeadShared:       {Ask, "several units share the work by their duties; there is no single lead"},
	TitleMissing:     {Ask, "the row has content but no task"},
	TitleCarried:     {Hint, "the row has no task of its own; that of the row above was taken"},
	TasksSplit:       {Hint, "one cell held several numbered tasks; each became a row"},
	NumberTwice:      {Hint, "the same number stands twice in the table"},
	RowTwice:         {Ask, "the same task with the same units stands twice"},
	RowUnread:        {Ask, "the row has text that could not be placed"},
	CellError:        {Ask, "the cell shows an error value of the spreadsheet"},
	FormulaNoValue:   {Ask, "the cell holds a formula without a stored value; formulas are never evaluated"},
	SheetHidden:      {Hint, "the sheet is hidden; it is shown here and not imported unless chosen"},
	SheetUnread:      {Hint, "no table of tasks was found in this sheet"},
	RowsHidden:       {Hint, "some rows are hidden in the file; they are read like the others"},
	ColumnsHidden:    {Hint, "some columns are hidden in the file; they are read like the others"},
	ColumnUnnamed:    {Hint, "a column with content has no header; it is kept under its letter"},
	ColumnGuessed:    {Ask, "the meaning of the column was guessed from its cells"},
	ColumnsCut:       {Hint, "columns beyond the limit were not read"},
	HeaderMissing:    {Ask, "the table has no header; the meaning of its columns was guessed from their cells"},
	DeadlineInText:   {Hint, "the list has no column of deadlines; this one was read out of the task's words"},
	YearDiffers:      {Ask, "the title names another year than the one the dates were read with"},
	ExternalLinks:    {Hint, "the file points to other files or addresses; they were not opened"},
	YearUnknown:      {Ask, "the year of the list is not known; dates without a year stay unclear"},
	RowUnmatched:     {Ask, "the row of the returned file is no known listing"},
	RowMatchedNearly: {Ask, "the row was matched by similar wording"},
}

// English explains the problem's code.
func (p Problem) English() string { return Explanations[p.Code].English }

// Level of the problem's code.
func (p Problem) Level() Level { return Explanations[p.Code].Level }

func problemf(sheet, cell string, code Code, suggestion, format string, args ...any) Problem {
	return Problem{Sheet: sheet, Cell: cell, Code: code, Suggestion: suggestion, Message: fmt.Sprintf(format, args...)}
}
