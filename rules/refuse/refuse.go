// Package refuse names why something was not done, in a form that each face of the platform
// (page, API, command) puts into the words and the language of its reader.
package refuse

import (
	"errors"
	"fmt"
	"strings"
)

// Refusal is a breach of a rule by what somebody asked for: nothing of it was stored. The code
// is stable ("plan.report.not-named"); the texts stand under it in the locale files.
type Refusal struct {
	Code  string
	Field string         // the form field it is about, or empty
	Args  map[string]any // what the text names: never returned texts or personal data
}

// New returns a refusal; args are pairs of name and value.
func New(code string, args ...any) *Refusal {
	r := &Refusal{Code: code, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return r
}

// At says which field of a form is meant.
func (r *Refusal) At(field string) *Refusal {
	r.Field = field
	return r
}

// Error is for logs and developers; people read the text of the code.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("refused: " + r.Code)
	if r.Field != "" {
		b.WriteString(" at " + r.Field)
	}
	return b.String()
}

// As finds a refusal in err's chain.
func As(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

// Is says whether err is a refusal with this code.
func Is(err error, code string) bool {
	r, ok := As(err)
	return ok && r.Code == code
}
