package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web/lang"
	"liandong/web/ui"
)

// Errors that handlers return for what has a page of its own.
var (
	ErrNotFound     = errors.New("not found")         // 没有这一页，或者看不到
	ErrForbidden    = errors.New("forbidden")         // 当前席位无此权限
	ErrUnauthorized = errors.New("not signed in")     // 请先登录
	ErrTooMany      = errors.New("too many attempts") // 请稍候

	errMethod = errors.New("method not allowed")
	errCross  = errors.New("cross-site request")
)

// Upgrading says that the view is made anew for a new version, and how far that is; pages come when it is whole.
type Upgrading struct{ Done, Total int64 } // entries

func (e *Upgrading) Error() string { return "the view is made anew" }

// Invalid lists what is wrong with a form, field by field.
type Invalid struct{ Fields []ui.FieldError }

func (e *Invalid) Error() string { return "invalid input" }

// Trouble is an error as its reader sees it.
type Trouble struct {
	Status   int
	Code     string // stable, for programs
	Title    string
	Text     string // what happened, what was kept, what to do
	Fields   []ui.FieldError
	Accident string // number that finds the log line; only of what nobody foresaw
}

// unlinked are the fields for a page of their own, where there is no form that a link could lead to.
func (t Trouble) unlinked() (fields []ui.FieldError) {
	for _, f := range t.Fields {
		fields = append(fields, ui.FieldError{Text: f.Text})
	}
	return fields
}

// repeats says that the text stands among the fields already.
func (t Trouble) repeats() bool {
	return slices.ContainsFunc(t.Fields, func(f ui.FieldError) bool { return f.Text == t.Text })
}

// known are the errors whose texts stand under "web.<code>.title" and "web.<code>.text".
var known = []struct {
	err    error
	status int
	code   string
}{
	{ErrNotFound, http.StatusNotFound, "not-found"},
	{ErrForbidden, http.StatusForbidden, "forbidden"},
	{ErrUnauthorized, http.StatusUnauthorized, "unauthorized"},
	{ErrTooMany, http.StatusTooManyRequests, "too-many"},
	{errMethod, http.StatusMethodNotAllowed, "method"},
	{errCross, http.StatusForbidden, "cross-site"},
	{node.ErrClosed, http.StatusServiceUnavailable, "closing"},
}

// refusalStatus holds the refusals that are not 422: HTTP's words for them say more.
var refusalStatus = map[string]int{
	"node.not-permitted":   http.StatusForbidden,
	"plan.not-your-review": http.StatusForbidden,
	"plan.draft-newer":     http.StatusConflict,
	"node.request-reused":  http.StatusConflict,
	"books.unproven":       http.StatusConflict,
	// what was opened first and saved last does not replace unseen what was saved in between
	"region.site.newer":          http.StatusConflict,
	"region.retention.newer":     http.StatusConflict,
	"region.retention.unseen":    http.StatusConflict,
	"region.retention.unchecked": http.StatusConflict,
	"admin.org.newer":            http.StatusConflict,
	"plan.minutes-newer":         http.StatusConflict,
	"people.hand.changed":        http.StatusConflict,
}

// Translate is the one place where errors become words. An error it does not know is an accident
// with status 500 and no detail.
func Translate(ctx context.Context, err error) Trouble {
	if list := refusals(err); len(list) > 0 {
		return refused(ctx, list)
	}
	var invalid *Invalid
	if errors.As(err, &invalid) {
		return Trouble{
			Status: http.StatusUnprocessableEntity, Code: "web.invalid", Title: T(ctx, "web.invalid.title"),
			Text: T(ctx, "web.invalid.text", "unsaved", unsaved(ctx)), Fields: invalid.Fields,
		}
	}
	var upgrading *Upgrading
	if errors.As(err, &upgrading) {
		t := named(ctx, http.StatusServiceUnavailable, "upgrading")
		t.Text = T(ctx, "web.upgrading.text", "done", ui.Count(upgrading.Done), "total", ui.Count(upgrading.Total))
		return t
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			return named(ctx, k.status, k.code)
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return named(ctx, http.StatusRequestEntityTooLarge, "too-large")
	case store.DiskFull(err):
		return named(ctx, http.StatusInsufficientStorage, "disk-full")
	}
	return named(ctx, http.StatusInternalServerError, "accident")
}

func named(ctx context.Context, status int, code string) Trouble {
	return Trouble{
		Status: status, Code: "web." + code,
		Title: T(ctx, "web."+code+".title"), Text: T(ctx, "web."+code+".text"),
	}
}

func refused(ctx context.Context, list []*refuse.Refusal) Trouble {
	t := Trouble{Status: http.StatusUnprocessableEntity, Code: list[0].Code, Title: T(ctx, "web.refused.title")}
	if s, ok := refusalStatus[list[0].Code]; ok {
		t.Status = s
	}
	t.Text = RefusalText(ctx, list[0])
	for _, r := range list {
		if r.Field != "" || len(list) > 1 {
			t.Fields = append(t.Fields, ui.FieldError{Field: r.Field, Text: RefusalText(ctx, r)})
		}
	}
	return t
}

// RefusalText is the text of a refusal in the reader's language. A text that tells a writer that
// nothing was saved says so by {unsaved}: who only read has nothing to save.
func RefusalText(ctx context.Context, r *refuse.Refusal) string {
	args := make([]any, 0, 2*len(r.Args)+2)
	args = append(args, "unsaved", unsaved(ctx))
	for k, v := range r.Args {
		args = append(args, k, v)
	}
	if !lang.Has(r.Code) {
		return T(ctx, "web.refused.text", append(args, "code", r.Code)...)
	}
	return T(ctx, r.Code, args...)
}

// unsaved ends what is said about a refused writing, and is empty when the request only reads. What
// came without a request, from a command, may have been to write.
func unsaved(ctx context.Context) string {
	if stateOf(ctx).reading {
		return ""
	}
	return T(ctx, "web.unsaved")
}

// FieldErrors makes the refusals of err into lines for a form that is shown again with what was
// typed; ok is false when err is anything else and must be returned.
func FieldErrors(ctx context.Context, err error) (fields []ui.FieldError, ok bool) {
	var invalid *Invalid
	if errors.As(err, &invalid) {
		return invalid.Fields, true
	}
	list := refusals(err)
	if len(list) > 0 {
		stateOf(ctx).warn(ctx, err) // a form shows it; nobody else will see it
	}
	for _, r := range list {
		fields = append(fields, ui.FieldError{Field: r.Field, Text: RefusalText(ctx, r)})
	}
	return fields, len(list) > 0
}

// refusals finds all refusals in err, also those that errors.Join put side by side.
func refusals(err error) []*refuse.Refusal {
	switch e := err.(type) {
	case nil:
		return nil
	case *refuse.Refusal:
		return []*refuse.Refusal{e}
	case interface{ Unwrap() []error }:
		var all []*refuse.Refusal
		for _, one := range e.Unwrap() {
			all = append(all, refusals(one)...)
		}
		return all
	}
	return refusals(errors.Unwrap(err))
}
