package intake

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/plan/twin"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// How much of a long list one page shows; what is beyond is counted and decided as proposed.
const (
	gridRows     = 120
	mostPairs    = 200
	mostChanges  = 200
	mostProblems = 60 // of one kind
)

// reviewPage is a preview as the page shows it.
type reviewPage struct {
	Path    string // of the page
	Member  node.Identity
	Draft   *plan.Draft
	Preview *plan.Preview
	// CircleName is what the circle is called of whose list this is; "" for the member's own.
	CircleName string
	Counts     counts
	Sheet      sheetView
	Tabs       []ui.NavLink
	Hidden     []hiddenSheet
	Units      []unitChoice
	Chosen     []unitChoice // taken for another unit before
	Pairs      []pair
	Beyond     int // pairs that are not shown
	Changes    []changeView
	Trouble    []problemGroup
	Errors     []ui.FieldError
	Silent     []string // who was asked to comment and has not, where a list in the making is issued
	Request    string
}

// counts are the figures on top.
type counts struct {
	Rows, New, Changed, Moved, Same, Dropped, Linked, Pairs, Units, NewUnits, Asks, Hints int
}

// review 核对清单. GET /plan/{key}/import/{draft}
func (p *pages) review(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	draft, err := p.desk.DraftOf(ctx, web.Actor(r), r.PathValue("draft"))
	if err != nil {
		return err
	}
	if draft.Done != nil {
		return p.done(w, r, draft)
	}
	return p.show(w, r, draft, nil)
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, draft *plan.Draft, errors []ui.FieldError) error {
	page, err := p.page(r.Context(), r.URL, draft)
	if err != nil {
		return err
	}
	if page.Errors = errors; len(errors) > 0 {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, reviewView(page))
	}
	return web.Show(w, r, reviewView(page))
}

func (p *pages) page(ctx context.Context, at *url.URL, draft *plan.Draft) (*reviewPage, error) {
	preview, err := p.desk.PreviewDraft(ctx, draft)
	if err != nil {
		return nil, err
	}
	page := &reviewPage{
		Path: p.draftPath(draft), Member: p.desk.Node().Identity, Draft: draft, Preview: preview, Request: web.NewRequestKey(),
	}
	page.Trouble = problemGroups(ctx, preview.List, page.Path)
	page.grid(ctx, at)
	page.changes(ctx)
	if err := p.units(ctx, page); err != nil {
		return nil, err
	}
	if err := p.pairs(ctx, page); err != nil {
		return nil, err
	}
	page.count()
	page.Silent, err = p.silent(ctx, preview.Options.Making)
	return page, err
}

// silent are those who were asked to comment on a list in the making and have not.
func (p *pages) silent(ctx context.Context, making string) ([]string, error) {
	if making == "" {
		return nil, nil
	}
	m, err := p.desk.Making(ctx, making)
	if refuse.Is(err, "plan.making-unknown") || err == nil && m.Consultation == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := p.desk.Consultation(ctx, m.Consultation, plan.ViewerOf(web.ActorOf(ctx)))
	if err != nil {
		return nil, err
	}
	return c.Silent(), nil
}

// word is the key of a text of the page: a list that was made here is issued, one of a file is imported.
func (page *reviewPage) word(key string) string { return wordOf(page.Draft, key) }

func wordOf(draft *plan.Draft, key string) string {
	if draft.Options.Making != "" {
		return "intake.issue." + key
	}
	return "intake." + key
}

// named is the file, or the list that is issued.
func (page *reviewPage) named() string {
	if page.Draft.Options.Making != "" {
		return page.Preview.Options.Title
	}
	return page.Draft.Name
}

func (page *reviewPage) count() {
	c := &page.Counts
	for _, x := range page.Preview.Changes {
		switch x.What {
		case plan.RowNew:
			c.New++
		case plan.RowChanged:
			c.Changed++
		case plan.RowMoved:
			c.Moved++
		case plan.RowSame:
			c.Same++
		case plan.RowDropped:
			c.Dropped++
		}
		if x.Row != nil {
			c.Rows++
		}
		if len(x.Twins) > 0 {
			c.Pairs++
		}
		if x.What == plan.RowNew && len(page.Draft.Choices.Linked(x)) > 0 {
			c.Linked++
		}
	}
	c.Units, c.NewUnits = len(page.Units), len(page.Preview.NewUnits())
	for _, g := range page.Trouble {
		if g.Level == sheet.Ask {
			c.Asks += g.N
		} else {
			c.Hints += g.N
		}
	}
}

// problemGroup are the problems of one kind.
type problemGroup struct {
	Code  sheet.Code
	Level sheet.Level
	Text  string
	N     int
	Cells []problemAt
}

type problemAt struct{ Where, Text, Suggestion, Href string }

// problemGroups puts what a person should decide before what he should know.
func problemGroups(ctx context.Context, l *sheet.List, path string) []problemGroup {
	at := map[sheet.Code]int{}
	var all []problemGroup
	for _, one := range l.Problems {
		i, ok := at[one.Code]
		if !ok {
			i = len(all)
			at[one.Code] = i
			all = append(all, problemGroup{Code: one.Code, Level: one.Level(), Text: web.T(ctx, "intake.problem."+string(one.Code))})
		}
		g := &all[i]
		if g.N++; g.N <= mostProblems {
			g.Cells = append(g.Cells, problemOf(ctx, l, one, path))
		}
	}
	slices.SortStableFunc(all, func(a, b problemGroup) int { return levelOrder(a.Level) - levelOrder(b.Level) })
	return all
}

func levelOrder(l sheet.Level) int {
	if l == sheet.Ask {
		return 0
	}
	return 1
}

func problemOf(ctx context.Context, l *sheet.List, one sheet.Problem, path string) problemAt {
	p := problemAt{Where: one.Cell, Text: one.Message, Suggestion: one.Suggestion}
	if lang.Of(ctx) == lang.En {
		p.Text, p.Suggestion = one.English(), ""
	}
	if len(l.Sheets) > 1 && one.Sheet != "" {
		p.Where = one.Sheet + " " + one.Cell
	}
	if i := slices.IndexFunc(l.Sheets, func(s sheet.Sheet) bool { return s.Name == one.Sheet && s.Grid != nil }); i >= 0 && one.Cell != "" {
		p.Href = cellHref(path, l, i, one.Cell)
	}
	return p
}

// hiddenSheet is a sheet that the file hides; it is taken when ticked.
type hiddenSheet struct {
	Name string
	Rows int
	Take bool
}

func percent(score float64) string { return fmt.Sprintf("%.0f%%", score*100) }

// pair is a new row beside the work it may be.
type pair struct {
	Row     string // name of the row in the form
	Place   string // where it stands in the file
	Href    string
	Number  string
	Title   string
	Lead    string
	Choices []twinChoice
}

type twinChoice struct {
	Item, Score, Reason string
	Sure                bool   // at or above the threshold
	Linked              bool   // ticked
	Shows               string // what a link lets others read, in words
	About               plan.ItemTitle
	Differs             []twin.Difference
}

func (p *pages) pairs(ctx context.Context, page *reviewPage) error {
	var items []string
	for _, c := range page.Preview.Changes {
		if len(c.Twins) == 0 {
			continue
		}
		if len(page.Pairs) == mostPairs {
			page.Beyond++
			continue
		}
		page.Pairs = append(page.Pairs, page.pairOf(ctx, c))
		for _, t := range c.Twins {
			items = append(items, t.Item)
		}
	}
	circle := page.Preview.Options.Circle
	name, err := p.desk.CircleName(ctx, circle)
	if err != nil {
		return err
	}
	page.CircleName = name
	titles, err := p.desk.ItemTitles(ctx, items, circle)
	for i := range page.Pairs {
		for j := range page.Pairs[i].Choices {
			c := &page.Pairs[i].Choices[j]
			c.About = titles[c.Item]
			c.Shows = shows(ctx, c.About.Shows, name)
		}
	}
	return err
}

// shows says how many accepted reports a link lets a circle read that it could not read before.
func shows(ctx context.Context, n int, circle string) string {
	if n == 0 {
		return ""
	}
	return web.T(ctx, "intake.pair.shows", "n", n, "circle", circle)
}

func (page *reviewPage) pairOf(ctx context.Context, c plan.Change) pair {
	one := pair{
		Row: plan.RowName(c), Place: web.T(ctx, "intake.row", "n", strconv.Itoa(c.Row.Row)), Number: c.Row.Number, Title: c.Title,
		Lead: joined(c.Row.Lead),
	}
	l := page.Preview.List
	if i := slices.IndexFunc(l.Sheets, func(s sheet.Sheet) bool { return s.Name == c.Sheet }); i >= 0 {
		one.Href = rowHref(page.Path, l, i, c.Row.Row)
	}
	linked := page.Draft.Choices.Linked(c)
	for _, t := range c.Twins {
		one.Choices = append(one.Choices, twinChoice{
			Item: t.Item, Score: percent(t.Score), Reason: reasonIn(ctx, t), Sure: t.Score >= twin.Threshold, Linked: slices.Contains(linked, t.Item),
			Differs: slices.DeleteFunc(slices.Clone(t.Differs), func(d twin.Difference) bool { return d.Field == "title" }),
		})
	}
	return one
}

func reasonIn(ctx context.Context, t twin.Proposal) string {
	return lang.Pick(ctx, t.Reason.Zh, t.Reason.En)
}

// changeView is a row of the comparison with the list that stands.
type changeView struct {
	What    plan.ChangeKind
	Number  string
	Title   string
	Href    string
	Differs []twin.Difference
}

// changes lists what a revision changes; a new list has nothing to compare.
func (page *reviewPage) changes(_ context.Context) {
	if !page.Preview.Existing {
		return
	}
	l := page.Preview.List
	for _, c := range page.Preview.Changes {
		if c.What == plan.RowSame || c.What == plan.RowMoved || len(page.Changes) == mostChanges {
			continue
		}
		v := changeView{What: c.What, Number: c.Words.Number, Title: c.Title, Differs: c.Differs}
		if c.Row != nil {
			if i := slices.IndexFunc(l.Sheets, func(s sheet.Sheet) bool { return s.Name == c.Sheet }); i >= 0 {
				v.Href = rowHref(page.Path, l, i, c.Row.Row)
			}
		}
		page.Changes = append(page.Changes, v)
	}
}

func joined(names []string) string {
	var s string
	for i, n := range names {
		if i > 0 {
			s += "、"
		}
		s += n
	}
	return s
}

func cycleOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, c := range judge.Cycles() {
		label := c.Zh()
		if lang.Of(ctx) == lang.En {
			label = c.En()
		}
		all = append(all, ui.Option{Value: string(c), Label: label})
	}
	return all
}
