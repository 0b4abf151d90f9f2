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

// accountState says whether a person can sign in, and what is missing.
func accountState(ctx context.Context, p region.Person, login string) ui.Status {
	switch {
	case p.Left:
		return ui.Status{Tone: ui.Gone, Word: web.T(ctx, "people.state.left")}
	case login == "":
		return ui.Status{Icon: "key", Word: web.T(ctx, "people.state.none"), Why: web.T(ctx, "people.state.none.why")}
	case len(p.Seats) == 0:
		return ui.Status{Tone: ui.Risk, Word: web.T(ctx, "people.state.seatless"), Why: web.T(ctx, "people.state.seatless.why")}
	}
	return ui.Status{Tone: ui.Good, Word: web.T(ctx, "people.state.ready")}
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
