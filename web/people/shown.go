package people

import (
	"context"
	"errors"
	"slices"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
)

// shown is somebody as administrators see him, on his page and by a call.
type shown struct {
	region.Person
	Login string
	May   bool // the reader may change the register
	Self  bool // the reader is he
	// Second: the person has a second factor, and it is not the reader himself.
	Second bool
	// Guarded: the person is one of the three administrators, and the reader none of his sort or a program, so that another way in is
	// made for him at the machine only.
	Guarded bool
	Handed  []region.Handed
}

func (p *Pages) shown(ctx context.Context, person string) (d shown, err error) {
	id := web.IdentityOf(ctx)
	logins, err := p.accounts.Logins(ctx)
	if err != nil {
		return d, err
	}
	d.Login, d.May, d.Self = logins[person], web.May(ctx, region.PersonWrite), person == id.Actor.Person
	if !d.Self { // his own goes by a code of it
		if d.Second, err = p.accounts.HasSecond(ctx, person); err != nil {
			return d, err
		}
	}
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.People(ctx, tx)
		at := slices.IndexFunc(all, func(one region.Person) bool { return one.ID == person })
		if err != nil || at < 0 {
			return errors.Join(err, web.ErrNotFound)
		}
		d.Person = all[at]
		apart, err := region.Apart(ctx, tx)
		if err != nil {
			return err
		}
		// A token that could let somebody in as an administrator would outlive its end.
		d.Guarded = id.Token && guarded(d.Seats, "") || apart && d.Login != "" && guarded(d.Seats, region.Seat(id.Actor.Seat))
		d.Handed, err = region.HandedBy(ctx, tx, person)
		return err
	})
	return d, err
}

// guarded says whether somebody holds one of the three administrators' seats other than seat: who could set his password could
// be him.
func guarded(held []region.SeatAt, seat region.Seat) bool {
	return slices.ContainsFunc(held, func(s region.SeatAt) bool { return s.Seat != seat && slices.Contains(region.Three, s.Seat) })
}

// seatByToken refuses a token one of the three administrators' seats: whom it let in would outlive the token's end.
func seatByToken(ctx context.Context, seat string) error {
	if web.IdentityOf(ctx).Token && guarded([]region.SeatAt{{Seat: region.Seat(seat)}}, "") {
		return refuse.New("people.guarded.token").At("seat")
	}
	return nil
}

// guard refuses another way in to who is guarded.
func (d shown) guard(ctx context.Context) error {
	switch {
	case !d.Guarded:
		return nil
	case web.IdentityOf(ctx).Token:
		return refuse.New("people.guarded.token")
	}
	return refuse.New("people.guarded")
}

// everybody reads the register, and records that it was read.
func (p *Pages) everybody(ctx context.Context) (all []region.Person, logins map[string]string, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = region.People(ctx, tx)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if logins, err = p.accounts.Logins(ctx); err != nil {
		return nil, nil, err
	}
	return all, logins, p.noteRead(ctx)
}

func (p *Pages) noteRead(ctx context.Context) error {
	return p.accounts.Note(p.accounts.As(ctx), account.ActPeopleRead)
}

// newLink makes the path of a link by which a person sets his password; whoever has it is he.
func (p *Pages) newLink(ctx context.Context, person string) (path string, err error) {
	d, err := p.shown(ctx, person)
	if err == nil {
		err = d.guard(ctx)
	}
	if err == nil && d.Left {
		err = refuse.New("people.left")
	}
	if err != nil {
		return "", err
	}
	if path, err = p.accounts.Link(p.accounts.As(ctx), person, ""); err != nil {
		return "", err
	}
	p.log.InfoContext(ctx, "made a link that sets an account", "actor", web.ActorOf(ctx).Person, "person", person)
	return path, nil
}

// freeSecond 解除二次验证: for who has lost his telephone and his recovery codes.
func (p *Pages) freeSecond(ctx context.Context, person string) error {
	d, err := p.shown(ctx, person)
	if err == nil {
		err = d.guard(ctx)
	}
	switch {
	case err != nil:
		return err
	case d.Self:
		return refuse.New("people.free.self")
	case !d.Second:
		return refuse.New("people.free.none")
	}
	if err := p.accounts.FreeSecond(p.accounts.As(ctx), person); err != nil {
		return err
	}
	p.log.InfoContext(ctx, "a second factor was removed for somebody", "actor", web.ActorOf(ctx).Person, "person", person)
	return nil
}

// endAll 结束登录: for a lost device, or somebody who should not be here any more; his password stays.
func (p *Pages) endAll(ctx context.Context, person string) error {
	if _, err := p.shown(ctx, person); err != nil {
		return err
	}
	may := false
	err := p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		may, err = region.MayAuthorise(ctx, tx, region.Seat(web.ActorOf(ctx).Seat))
		return err
	})
	if err == nil && !may {
		err = web.ErrForbidden
	}
	if err != nil {
		return err
	}
	return p.accounts.EndAll(p.accounts.As(ctx), person)
}
