package filing

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

// queueView is what waits for an answer.
type queueView struct {
	plan.Queue
	Today   judge.Date
	Request string
	First   bool
	Errors  []ui.FieldError
}

// queuePage lists what was filed and not answered. GET /review
func (p *pages) queuePage(w http.ResponseWriter, r *http.Request) error {
	return p.showQueue(w, r, http.StatusOK, nil)
}

func (p *pages) showQueue(w http.ResponseWriter, r *http.Request, status int, wrong []ui.FieldError) error {
	after := r.URL.Query().Get("after")
	q, err := p.desk.Queue(r.Context(), web.Actor(r), after)
	if err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, queueTable(queueView{
		Queue: q, Today: p.desk.Today(),
		Request: web.NewRequestKey(), First: after == "", Errors: wrong,
	}))
}

// postQueue accepts all that were picked, each as a request of its own: one that cannot be
// accepted does not hold up the others. POST /review
func (p *pages) postQueue(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	ctx := r.Context()
	var wrong []ui.FieldError
	done := 0
	for _, pick := range r.PostForm["pick"] {
		item, period, seen, ok := unpick(pick)
		if !ok {
			continue
		}
		req := node.Request{ID: rowKey(r, pick), Print: []byte(pick), Actor: web.Actor(r)}
		_, err := p.desk.AcceptSeen(ctx, req, item, period, seen, false)
		if fields, refused := web.FieldErrors(ctx, err); refused {
			wrong = append(wrong, ui.FieldError{Text: periodName(ctx, period) + web.T(ctx, "filing.colon") + fields[0].Text})
			continue
		}
		if err != nil {
			return err
		}
		done++
	}
	if done == 0 && len(wrong) == 0 {
		wrong = []ui.FieldError{{Text: web.T(ctx, "filing.review.none-picked")}}
	}
	if len(wrong) > 0 {
		return p.showQueue(w, r, http.StatusUnprocessableEntity, wrong)
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "filing.review.accepted-n", "n", done))
	return web.Redirect(w, r, "/review")
}

// rowKey is the request id of one row of a form that acts on many; empty if the form has none.
func rowKey(r *http.Request, row string) string {
	key := web.RequestKey(r)
	if key == "" {
		return ""
	}
	return key + "." + row
}

// pick names a filing in a form: period, the entry that was read, and item.
func pick(r plan.QueueRow) string {
	return string(r.Period) + " " + strconv.FormatInt(r.Index, 10) + " " + r.Item
}

func unpick(s string) (item string, p judge.Period, seen int64, ok bool) {
	parts := strings.Split(s, " ")
	if len(parts) != 3 {
		return "", "", 0, false
	}
	seen, err := strconv.ParseInt(parts[1], 10, 64)
	return parts[2], judge.Period(parts[0]), seen, err == nil
}

// reviewForm is one filing to be answered.
type reviewForm struct {
	*plan.Reviewing
	Today     judge.Date
	Reason    string
	Templates []string // chosen
	Errors    []ui.FieldError
	Request   string
}

// reviewPage shows one filing beside what was said before. GET /review/{item}/{period}
func (p *pages) reviewPage(w http.ResponseWriter, r *http.Request) error {
	f, err := p.reviewing(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, reviewView(f))
}

func (p *pages) reviewing(r *http.Request) (*reviewForm, error) {
	period, err := judge.ParsePeriod(r.PathValue("period"))
	if err != nil {
		return nil, web.ErrNotFound
	}
	v, err := p.desk.Reviewing(r.Context(), web.Actor(r), r.PathValue("item"), period)
	if refuse.Is(err, "plan.nothing-filed") || refuse.Is(err, "plan.item-unknown") || refuse.Is(err, "plan.period-not-asked") {
		return nil, web.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &reviewForm{Reviewing: v, Today: p.desk.Today(), Request: web.NewRequestKey()}, nil
}

// postReview accepts or returns, and goes on to the next. POST /review/{item}/{period}
func (p *pages) postReview(w http.ResponseWriter, r *http.Request) error {
	f, err := p.reviewing(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	f.Reason, f.Templates = strings.TrimSpace(r.PostFormValue("reason")), r.PostForm["template"]
	said, err := p.answer(r, f)
	if err == nil {
		web.Flash(w, r, ui.Good, said)
		return web.Redirect(w, r, f.nextHref())
	}
	if f.Errors, _ = web.FieldErrors(ctx, err); f.Errors == nil {
		return err
	}
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, reviewView(f))
}

func (p *pages) answer(r *http.Request, f *reviewForm) (said string, err error) {
	ctx, act := r.Context(), r.PostFormValue("act")
	seen, err := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	if err != nil {
		seen = f.Filing.Index
	}
	req := node.Request{ID: web.RequestKey(r), Print: []byte(r.PostForm.Encode()), Actor: web.Actor(r)}
	switch act {
	case "accept", "confirm":
		_, err = p.desk.AcceptSeen(ctx, req, f.Item, f.Period, seen, act == "confirm")
		return web.T(ctx, "filing.review.accepted", "title", f.Title, "period", periodName(ctx, f.Period)), err
	case "return":
		err = p.desk.ReturnSeen(ctx, req, f.Item, f.Period, seen, f.reasonText(ctx))
		return web.T(ctx, "filing.review.returned", "title", f.Title, "period", periodName(ctx, f.Period)), err
	}
	return "", refuse.New("filing.review.no-act")
}

// reasonText joins the templates that were chosen and what was typed.
func (f *reviewForm) reasonText(ctx context.Context) string {
	var all []string
	for _, t := range f.Templates {
		if i, err := strconv.Atoi(t); err == nil && i >= 0 && i < templateCount {
			all = append(all, templateText(ctx, i))
		}
	}
	if f.Reason != "" {
		all = append(all, f.Reason)
	}
	return strings.Join(all, "\n")
}

const templateCount = 4

func templateText(ctx context.Context, i int) string {
	return web.T(ctx, "filing.template."+strconv.Itoa(i+1))
}

func templateOptions(ctx context.Context) (all []ui.Option) {
	for i := range templateCount {
		all = append(all, ui.Option{Value: strconv.Itoa(i), Label: templateText(ctx, i)})
	}
	return all
}

func (f *reviewForm) nextHref() string {
	if f.Next == nil {
		return "/review"
	}
	return reviewHref(f.Next.Item, f.Next.Period)
}

// oldTitle says what stands on the left.
func (f *reviewForm) oldTitle(ctx context.Context) string {
	old := f.Old()
	switch {
	case old == nil:
		return ""
	case f.Accepted != nil:
		return web.T(ctx, "filing.review.old.accepted", "day", ui.Date(ctx, string(old.Day)))
	case f.Before != nil:
		return web.T(ctx, "filing.review.old.before", "day", ui.Date(ctx, string(old.Day)))
	}
	return web.T(ctx, "filing.review.old.last", "period", periodName(ctx, old.Facts.Period))
}

// pair is one field, old and new, with what differs marked.
type pair struct {
	label    string
	old, new []ui.Segment
}

func (f *reviewForm) pairs(ctx context.Context) (all []pair) {
	old := f.Old()
	if old == nil {
		old = &plan.Said{}
	}
	add := func(label, before, after string) {
		if before != "" || after != "" {
			o, n := ui.WordDiff(before, after)
			all = append(all, pair{label, o, n})
		}
	}
	add(web.T(ctx, "filing.progress"), old.Words.Progress, f.Filing.Words.Progress)
	for _, i := range f.Indicators {
		add(i.Name, unitValue(valueIn(old, i.ID), i.Unit), unitValue(valueIn(f.Filing, i.ID), i.Unit))
	}
	add(web.T(ctx, "filing.problem"), old.Words.Problem, f.Filing.Words.Problem)
	add(web.T(ctx, "filing.next"), old.Words.Next, f.Filing.Words.Next)
	return all
}

func unitValue(v, unit string) string {
	if v == "" {
		return ""
	}
	return ui.Number(v) + unit
}

// metNow are the milestones that the filing says were reached.
func (f *reviewForm) metNow(ctx context.Context) (all []string) {
	for _, m := range f.Filing.Facts.Met {
		for _, known := range f.Milestones {
			if known.ID == m.Milestone {
				all = append(all, web.T(ctx, "filing.milestone.met", "name", known.Name, "day", ui.Date(ctx, string(m.Day))))
			}
		}
	}
	return all
}

// mergedWord says whether a part stands in the filing.
func (f *reviewForm) mergedWord(ctx context.Context, part int64) string {
	if slices.Contains(f.Filing.Facts.Parts, part) {
		return web.T(ctx, "filing.review.part.in")
	}
	return web.T(ctx, "filing.review.part.out")
}

// start is the beginning of a text, for a table.
func start(text string, n int) string {
	runes := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n]) + "…"
}

func queuePager(ctx context.Context, v queueView) (p ui.Pager) {
	if v.Queue.Next != "" {
		p.Next = "/review?after=" + v.Queue.Next
	}
	if !v.First {
		p.Prev = "/review"
	}
	return p
}
