package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

// listForm is the form that uploads a file.
type listForm struct {
	Key      string // of the list that is imported again; empty for a new one
	Existing *plan.PlanHead
	Circles  []ui.Option
	Values   map[string]string
	Errors   []ui.FieldError
}

func (f listForm) value(name string) string { return f.Values[name] }

// formPage 导入清单. GET /plan/import, GET /plan/{key}/import
func (p *pages) formPage(w http.ResponseWriter, r *http.Request) error {
	f, err := p.form(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, formView(f))
}

func (p *pages) form(r *http.Request) (listForm, error) {
	ctx := r.Context()
	f := listForm{Key: r.PathValue("key"), Values: map[string]string{
		"year": strconv.Itoa(p.desk.Node().Now().In(judge.Beijing).Year()), "cycle": string(judge.Month),
		"cutoff": strconv.Itoa(judge.DefaultCutoffDay), "circle": r.URL.Query().Get("circle"),
	}}
	if f.Key != "" {
		head, err := p.desk.Head(ctx, f.Key)
		if err != nil {
			return f, err
		}
		if head == nil {
			return f, web.ErrNotFound
		}
		f.Existing = head
	}
	circles, _, err := p.desk.ListChoices(ctx)
	if err != nil {
		return f, err
	}
	f.Circles = circleOptions(ctx, circles)
	return f, nil
}

// circleOptions: the member's own list, the circles it has, and those of the region it may open.
func circleOptions(ctx context.Context, have []region.Circle) []ui.Option {
	all := []ui.Option{{Value: "", Label: web.T(ctx, "intake.circle.own")}}
	for _, c := range have {
		all = append(all, ui.Option{Value: c.ID, Label: c.Name})
	}
	for _, c := range region.KnownBut(have) {
		all = append(all, ui.Option{Value: c.ID, Label: web.T(ctx, "intake.circle.open", "name", c.Name)})
	}
	return all
}

// received is an uploaded form, its file in memory only: a file that is refused must leave no trace.
type received struct {
	values map[string]string
	name   string
	file   []byte
}

// mostField bounds a typed field of the form, in bytes.
const mostField = 4096

func receive(r *http.Request) (received, error) {
	in := received{values: map[string]string{}}
	parts, err := r.MultipartReader()
	if err != nil {
		return in, refuse.New("plan.import-form")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err != nil {
			return in, asTooLarge(err)
		}
		limit := int64(mostField)
		if part.FormName() == "file" {
			limit = sheet.DefaultLimits.File + 1
			in.name = part.FileName()
		}
		b, err := io.ReadAll(io.LimitReader(part, limit))
		if err != nil {
			return in, asTooLarge(err)
		}
		if part.FormName() == "file" {
			in.file = b
		} else {
			in.values[part.FormName()] = strings.TrimSpace(string(b))
		}
	}
}

func asTooLarge(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return sheet.ErrTooLarge
	}
	return fmt.Errorf("read the upload: %w", err)
}

// upload reads a file and leads to its preview. POST /plan/import, POST /plan/{key}/import
func (p *pages) upload(w http.ResponseWriter, r *http.Request) error {
	f, err := p.form(r)
	if err != nil {
		return err
	}
	in, err := receive(r)
	for k, v := range in.values {
		f.Values[k] = v
	}
	var draft *plan.Draft
	if err == nil {
		draft, err = p.keep(r.Context(), f, in)
	}
	if fields, ok := fieldErrors(r.Context(), err); ok {
		f.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, formView(f))
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, p.draftPath(draft))
}

func (p *pages) draftPath(d *plan.Draft) string {
	return "/plan/" + url.PathEscape(p.desk.PlanKey(d.Options.Plan)) + "/import/" + url.PathEscape(d.ID)
}

func (p *pages) keep(ctx context.Context, f listForm, in received) (*plan.Draft, error) {
	opt, err := options(f, in.values)
	if err != nil {
		return nil, err
	}
	if f.Existing == nil {
		if head, err := p.desk.Head(ctx, opt.Plan); err != nil {
			return nil, err
		} else if head != nil {
			return nil, refuse.New("plan.import-key-taken", "title", head.Words.Title).At("key")
		}
	}
	if len(in.file) == 0 && in.name == "" {
		return nil, refuse.New("plan.import-no-file").At("file")
	}
	return p.desk.KeepDraft(ctx, web.ActorOf(ctx), path.Base(strings.ReplaceAll(in.name, `\`, "/")), in.file, opt)
}

// keyForm is what the key of a list in addresses and commands may look like.
var keyForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// options reads the typed fields, all mistakes at once.
func options(f listForm, v map[string]string) (plan.ImportOptions, error) {
	opt := plan.ImportOptions{
		Plan: v["key"], Circle: v["circle"], Title: v["title"], Cycle: judge.Cycle(v["cycle"]), Rhythm: judge.Rhythm{},
	}
	var wrong []error
	if f.Existing != nil {
		opt = plan.ImportOptions{Plan: f.Existing.Facts.Plan, Circle: ""}
	} else if !keyForm.MatchString(opt.Plan) || opt.Plan == "import" {
		wrong = append(wrong, refuse.New("plan.import-key").At("key"))
	}
	var err error
	if opt.Year, err = yearOf(v["year"]); err != nil {
		wrong = append(wrong, err)
	}
	if f.Existing != nil {
		return opt, errors.Join(wrong...)
	}
	if _, err := judge.ParseCycle(v["cycle"]); err != nil {
		wrong = append(wrong, refuse.New("plan.import-cycle").At("cycle"))
	}
	if opt.Rhythm.CutoffDay, err = cutoffOf(v["cutoff"]); err != nil {
		wrong = append(wrong, err)
	}
	return opt, errors.Join(wrong...)
}

// yearOf: an empty year is read from the file.
func yearOf(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 2000 || n > 2200 {
		return 0, refuse.New("plan.import-year").At("year")
	}
	return n, nil
}

func cutoffOf(text string) (int, error) {
	if text == "" {
		return judge.DefaultCutoffDay, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 31 {
		return 0, refuse.New("plan.import-cutoff").At("cutoff")
	}
	return n, nil
}

// fieldErrors are the lines of a form that is shown again; a file that is not read at all says why
// and what to do.
func fieldErrors(ctx context.Context, err error) ([]ui.FieldError, bool) {
	var no *sheet.Refusal
	if errors.As(err, &no) {
		return []ui.FieldError{{Field: "file", Text: plan.RefusalText(ctx, no)}}, true
	}
	return web.FieldErrors(ctx, err)
}
