package intake

import (
	"context"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

func crumbs(ctx context.Context, p *reviewPage) []ui.Link {
	all := []ui.Link{{Label: web.T(ctx, "intake.plans"), Href: "/plan"}}
	if p.Preview.Existing {
		return append(all, ui.Link{Label: p.Preview.Options.Title, Href: strings.TrimSuffix(p.Path, "/"+p.Draft.ID)})
	}
	if id := p.Draft.Options.Making; id != "" {
		return append(all, ui.Link{Label: p.Preview.Options.Title, Href: "/making/" + id})
	}
	return append(all, ui.Link{Label: web.T(ctx, "intake.title"), Href: "/plan/import"})
}

// figures are the counts on top, each leading to its rows.
func (p *reviewPage) figures(ctx context.Context) []ui.Figure {
	c := p.Counts
	all := []ui.Figure{{Label: web.T(ctx, "intake.rows"), N: ui.Count(c.Rows), Href: "#sheet"}}
	if p.Preview.Existing {
		all = append(all,
			ui.Figure{Label: web.T(ctx, "intake.new"), N: ui.Count(c.New), Href: "#changes"},
			ui.Figure{Label: web.T(ctx, "intake.changed"), N: ui.Count(c.Changed), Note: movedNote(ctx, c.Moved), Href: "#changes"},
			ui.Figure{Label: web.T(ctx, "intake.dropped"), N: ui.Count(c.Dropped), Href: "#changes"})
	}
	if c.Pairs > 0 {
		all = append(all, ui.Figure{Label: web.T(ctx, "intake.pairs.figure"), N: ui.Count(c.Pairs), Note: web.T(ctx, "intake.pairs.ticked", "n", c.Linked), Href: "#pairs"})
	}
	if c.Units > 0 {
		all = append(all, ui.Figure{Label: web.T(ctx, "intake.units.figure"), N: ui.Count(c.Units), Href: "#units"})
	}
	hints := ""
	if c.Hints > 0 {
		hints = web.T(ctx, "intake.hints", "n", c.Hints)
	}
	return append(all, ui.Figure{Label: web.T(ctx, "intake.problems.figure"), N: ui.Count(c.Asks), Note: hints, Href: "#problems"})
}

func movedNote(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return web.T(ctx, "intake.moved", "n", n)
}

// sentence says what the confirmation will write.
func (p *reviewPage) sentence(ctx context.Context) string {
	c := p.Counts
	if c.New+c.Changed+c.Moved+c.Dropped == 0 {
		return web.T(ctx, "intake.will.nothing")
	}
	dropped := c.Dropped
	if p.Draft.Choices.KeepDropped {
		dropped = 0
	}
	parts := []string{}
	for _, x := range []struct {
		key string
		n   int
	}{
		{"intake.will.new", c.New},
		{"intake.will.changed", c.Changed},
		{"intake.will.moved", c.Moved},
		{"intake.will.dropped", dropped},
		{"intake.will.linked", c.Linked},
		{"intake.will.units", c.NewUnits},
	} {
		if x.n > 0 {
			parts = append(parts, web.T(ctx, x.key, "n", x.n))
		}
	}
	text := web.T(ctx, "intake.will", "what", strings.Join(parts, web.T(ctx, "intake.comma")))
	if p.Preview.NewBook {
		text += web.T(ctx, "intake.will.book")
	}
	return text
}

// why says what the confirmation waits for.
func (p *reviewPage) why(ctx context.Context) string {
	switch {
	case p.Preview.Options.Title == "":
		return web.T(ctx, "intake.wait.title")
	case p.Preview.Options.Year == 0:
		return web.T(ctx, "intake.wait.year")
	case p.Counts.Rows == 0:
		return web.T(ctx, "intake.wait.rows")
	}
	return ""
}

func (p *reviewPage) field(name, label, value string) ui.Field {
	return ui.Field{Name: name, Label: label, Value: value, Error: ui.ErrorOf(p.Errors, name)}
}

func (p *reviewPage) cycleField(ctx context.Context) ui.Field {
	f := p.field("cycle", web.T(ctx, "intake.cycle"), string(p.Preview.Options.Cycle))
	f.Options = cycleOptions(ctx)
	return f
}

// headline is the list's head in one line.
func (p *reviewPage) headline(ctx context.Context) string {
	o := p.Preview.Options
	circle := web.T(ctx, "intake.circle.own")
	if o.Circle != "" {
		circle = p.CircleName
	}
	return web.T(ctx, "intake.headline", "key", strings.TrimPrefix(o.Plan, p.Member.Member+":"), "circle", circle, "year", orDash(number(o.Year)))
}

func changeChip(ctx context.Context, what plan.ChangeKind) ui.Status {
	s := ui.Status{Word: web.T(ctx, "intake.change."+string(what))}
	switch what {
	case plan.RowNew:
		s.Tone, s.Icon = ui.Good, "plus"
	case plan.RowChanged:
		s.Tone, s.Icon = ui.Info, "pencil"
	case plan.RowDropped:
		s.Tone, s.Icon = ui.Gone, "minus"
	}
	return s
}

// memberName is the name of a unit's member where it is known here, its code otherwise.
func memberName(p *reviewPage, side string) string {
	if side == p.Member.Member {
		return p.Member.Name
	}
	return region.MemberName(side)
}

// askedWords says how many rows ask which neighbours.
func askedWords(ctx context.Context, asks []plan.AskedMember, done bool) string {
	var parts []string
	for _, a := range asks {
		parts = append(parts, web.T(ctx, "intake.asks.member", "name", a.Name, "n", a.Rows))
	}
	what := strings.Join(parts, web.T(ctx, "intake.comma"))
	if done {
		return web.T(ctx, "intake.asks.done", "what", what)
	}
	return web.T(ctx, "intake.asks", "what", what)
}

// unaskedWords says why nobody is asked for a member's units.
func unaskedWords(ctx context.Context, u plan.UnaskedMember) string {
	return web.T(ctx, "intake.unasked."+string(u.Why), "name", u.Name, "code", u.Member, "n", u.Rows, "units", strings.Join(u.Units, web.T(ctx, "intake.enumerate")))
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func lines(all []string) string { return strings.Join(all, "\n") }

// undoneNote says how many links of an import were undone since.
func undoneNote(ctx context.Context, n int) string {
	if n <= 0 {
		return ""
	}
	return web.T(ctx, "intake.undone.n", "n", n)
}
