package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// FieldError is what is wrong with one field, in words; an empty field means the form as a whole.
type FieldError struct{ Field, Text string }

// Option is one choice of a field.
type Option struct{ Value, Label, Hint string }

// Field is a form row. Name is also the id of its control.
type Field struct {
	Name, Label, Hint string
	Error             string // what is wrong, and what would be right
	Value             string
	Values            []string // of Checks
	Options           []Option
	Type              string // of Input: "text" when empty
	Class             string // of Input: "short", "num"
	Unit              string // stands behind an Input
	Autocomplete      string
	Inputmode         string
	Accept            string // of File
	Rows              int    // of Area: 4 when 0
	Limit             int    // of Area: most characters; 0 no counter
	Optional          bool
	Autofocus         bool
}

// ErrorOf is the text for field among errors, or empty.
func ErrorOf(errors []FieldError, field string) string {
	for _, e := range errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// Attrs are the attributes every control needs: what describes it and whether it is wrong. A field is
// never marked required for the browser: our own messages say more, in the reader's language.
func (f Field) Attrs() templ.Attributes {
	a := f.describedBy()
	for name, v := range map[string]string{"autocomplete": f.Autocomplete, "inputmode": f.Inputmode} {
		if v != "" {
			a[name] = v
		}
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Autofocus {
		a["autofocus"] = true
	}
	return a
}

func (f Field) describedBy() templ.Attributes {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.Name+"-error")
	}
	if len(ids) == 0 {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-describedby": strings.Join(ids, " ")}
}

func (f Field) counter() templ.Attributes {
	if f.Limit == 0 {
		return nil
	}
	return templ.Attributes{"data-counter": f.Name + "-left", "data-limit": strconv.Itoa(f.Limit)}
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) rows() int {
	if f.Rows == 0 {
		return 4
	}
	return f.Rows
}

func (f Field) has(value string) bool { return slices.Contains(f.Values, value) }

// optionID gives the first choice the field's own id, so that the error summary leads there.
func (f Field) optionID(i int) string {
	if i == 0 {
		return f.Name
	}
	return f.Name + "-" + strconv.Itoa(i)
}
