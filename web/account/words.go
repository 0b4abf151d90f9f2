package account

import (
	"context"
	"strings"
	"time"

	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// Status is an outcome in words.
func (o Outcome) Status(ctx context.Context) ui.Status {
	s := ui.Status{Word: web.T(ctx, "account.outcome."+string(o))}
	switch o {
	case Done:
		s.Tone = ui.Good
	case Wrong, Many:
		s.Tone = ui.Risk
	case Half:
		s.Icon = "shield-lock"
	case Slowed:
		s.Icon = "clock"
	}
	return s
}

// Name is an act in words.
func (a Act) Name(ctx context.Context) string { return web.T(ctx, "account.act."+string(a)) }

// WayName is the way of a line in words; — where it has none.
func (r Record) WayName(ctx context.Context) string {
	switch {
	case r.Way == "":
		return "—"
	case r.Act == ActSeat:
		return web.SeatName(lang.Of(ctx), region.Seat(r.Way))
	}
	return web.T(ctx, "account.way."+r.Way)
}

// AddressText is where a line came from.
func (r Record) AddressText(ctx context.Context) string {
	switch {
	case r.Address != "":
		return r.Address
	case r.Device == "": // no request: made with the node
		return "—"
	}
	return web.T(ctx, "account.record.unknown")
}

func scopeOptions(ctx context.Context, scopes []region.Action) []ui.Option {
	var all []ui.Option
	for _, s := range scopes {
		all = append(all, ui.Option{Value: string(s), Label: actionName(ctx, s)})
	}
	return all
}

func scopeNames(ctx context.Context, scopes []region.Action) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = actionName(ctx, s)
	}
	return strings.Join(names, web.T(ctx, "account.list-comma"))
}

func dayOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "30", Label: web.T(ctx, "account.tokens.d30")},
		{Value: "90", Label: web.T(ctx, "account.tokens.d90")},
		{Value: "365", Label: web.T(ctx, "account.tokens.d365")},
	}
}

func seenText(ctx context.Context, seen time.Time) string {
	if seen.IsZero() {
		return web.T(ctx, "account.tokens.never")
	}
	return ui.Clock(seen)
}

// signInLede says whose node this is, in its office's own line if it has one.
func signInLede(ctx context.Context) string {
	f := ui.FrameOf(ctx)
	if f.Brand.Line != "" {
		return f.Member + " · " + f.Brand.Line
	}
	return web.T(ctx, "account.signin.lede", "member", f.Member)
}
