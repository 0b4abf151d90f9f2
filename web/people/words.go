package people

import (
	"context"

	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// seatOptions lists the seats with what each is for.
func seatOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, s := range region.Seats {
		all = append(all, ui.Option{
			Value: string(s), Label: web.SeatName(lang.Of(ctx), s),
			Hint: web.T(ctx, "people.seat."+string(s)),
		})
	}
	return all
}

func orgOptions(orgs []region.Org) []ui.Option {
	var all []ui.Option
	for _, o := range orgs {
		all = append(all, ui.Option{Value: o.ID, Label: o.Name})
	}
	return all
}

// The states of a person: whether he can sign in, and what is missing.
const (
	stateLeft     = "left"
	stateNone     = "none" // no password yet
	stateSeatless = "seatless"
	stateReady    = "ready"
)

func stateOf(p region.Person, login string) string {
	switch {
	case p.Left:
		return stateLeft
	case login == "":
		return stateNone
	case len(p.Seats) == 0:
		return stateSeatless
	}
	return stateReady
}

// accountState says whether a person can sign in, and what is missing.
func accountState(ctx context.Context, p region.Person, login string) ui.Status {
	state := stateOf(p, login)
	s := ui.Status{Word: web.T(ctx, "people.state."+state)}
	switch state {
	case stateLeft:
		s.Tone = ui.Gone
	case stateNone:
		s.Icon, s.Why = "key", web.T(ctx, "people.state.none.why")
	case stateSeatless:
		s.Tone, s.Why = ui.Risk, web.T(ctx, "people.state.seatless.why")
	default:
		s.Tone = ui.Good
	}
	return s
}

// checked is the value of a box of one.
func checked(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
