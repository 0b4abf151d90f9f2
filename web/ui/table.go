package ui

import "github.com/a-h/templ"

// Column is a column of a table. Class is one of "" (text), "num" (right-aligned figures), "date",
// "tight" (never wraps) and "main" (what the row is; the heading of its card on a phone). "brief"
// beside one of them keeps the column where a brief table is folded.
type Column struct {
	Key   string // by which SortHref sorts; empty: cannot be sorted by
	Label string
	Class string
}

// Table is the frame of a table; its rows are the children of DataTable.
type Table struct {
	ID       string // needed when a page has several
	Caption  string // what the table is, for those who cannot see it
	Columns  []Column
	Sort     string                   // the column's key now sorted by, with "-" before it for falling
	SortHref func(sort string) string // nil: cannot be sorted
	Foot     []string                 // sums, a text for each column
	Count    string                   // such as 共 127 条; empty hides the bar with the copy button
	Brief    bool                     // a phone shows main and brief columns until all are asked for; needs an ID
	Wide     bool                     // scrolls inside its frame on a phone instead of becoming cards
}

// Col is the i-th column.
func (t Table) Col(i int) Column { return t.Columns[i] }

func (t Table) id() string {
	if t.ID == "" {
		return "table"
	}
	return t.ID
}

// whole is the part of the page that a link unfolds a brief table by: so it needs no script, and the
// address says what is shown.
func (t Table) whole() templ.Attributes {
	if !t.Brief {
		return nil
	}
	return templ.Attributes{"id": t.id() + "-whole"}
}

func (t Table) next(c Column) string {
	if t.Sort == c.Key {
		return "-" + c.Key
	}
	return c.Key
}

func (t Table) sortIcon(c Column) string {
	switch t.Sort {
	case c.Key:
		return "arrow-up"
	case "-" + c.Key:
		return "arrow-down"
	}
	return "arrows-sort"
}

func (t Table) ariaSort(c Column) templ.Attributes {
	if c.Key == "" {
		return nil
	}
	switch t.Sort {
	case c.Key:
		return templ.Attributes{"aria-sort": "ascending"}
	case "-" + c.Key:
		return templ.Attributes{"aria-sort": "descending"}
	}
	return nil
}
