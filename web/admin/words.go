package admin

import (
	"context"
	"strings"
	"time"

	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

func orgState(ctx context.Context, o region.Org) ui.Status {
	switch {
	case o.Closed:
		return ui.Status{Tone: ui.Gone, Word: web.T(ctx, "admin.org.closed")}
	case o.Group:
		return ui.Status{Icon: "users", Word: web.T(ctx, "admin.org.group")}
	}
	return ui.Status{Tone: ui.Good, Word: web.T(ctx, "admin.org.open")}
}

func memberOptions(all []region.Org) []ui.Option {
	var out []ui.Option
	for _, o := range all {
		out = append(out, ui.Option{Value: o.ID, Label: o.Name})
	}
	return out
}

// yes is the value of a box that is ticked.
func yes(ticked bool) []string {
	if ticked {
		return []string{"yes"}
	}
	return nil
}

func list(ctx context.Context, names []string) string {
	return strings.Join(names, web.T(ctx, "admin.comma"))
}

// memberNames are members by name and code.
func memberNames(ctx context.Context, codes []string) string {
	all := make([]string, len(codes))
	for i, code := range codes {
		all[i] = memberText(ctx, code)
	}
	return list(ctx, all)
}

func memberText(ctx context.Context, code string) string {
	if name := region.MemberName(code); name != code {
		return web.T(ctx, "admin.member", "name", name, "code", code)
	}
	return code
}

func seenText(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return web.T(ctx, "admin.never")
	}
	return ui.Clock(t)
}

// sizes are the heads from which the books would go on.
func (d stateData) sizes() []ui.Fact {
	var all []ui.Fact
	for _, b := range d.Books {
		all = append(all, ui.Fact{Label: b.Origin, Value: ui.Count(b.Size), Href: "/books/#book-" + b.Circle})
	}
	return all
}

func orgName(ctx context.Context, orgs map[string]string, org string) string {
	switch {
	case org == "":
		return web.T(ctx, "admin.no-org")
	case orgs[org] == "":
		return org
	}
	return orgs[org]
}

func seatName(ctx context.Context, s region.Seat) string {
	if s == "" {
		return web.T(ctx, "admin.no-seat")
	}
	return web.SeatName(lang.Of(ctx), s)
}

// pastWords tell what reform made of an organisation.
func pastWords(ctx context.Context, p region.OrgPast, closed bool) (all []string) {
	if closed && p.Into != nil {
		all = append(all, web.T(ctx, "admin.org.merged-into", "name", p.Into.Name))
	}
	for _, f := range p.From {
		all = append(all, web.T(ctx, "admin.org.heir-of", "name", f.Name))
	}
	for _, f := range p.Names {
		if f.Name != "" {
			all = append(all, web.T(ctx, "admin.org.former", "name", f.Name))
		}
	}
	return all
}

// aboveOptions are the organisations of which another may be a section.
func aboveOptions(ctx context.Context, all []region.Org, side string) []ui.Option {
	options := []ui.Option{{Value: "", Label: web.T(ctx, "admin.org.under.none")}}
	for _, o := range all {
		if o.Side == side && !o.Local {
			options = append(options, ui.Option{Value: o.ID, Label: o.Name})
		}
	}
	return options
}
