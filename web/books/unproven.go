package books

import (
	"cmp"
	"context"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
)

// unproven (不符) is an entry that does not lead to the signed head: a finding about our store, and as an error a refusal
// to whoever wanted its proof or its words. What it says is not shown; nobody is to act on it.
type unproven struct {
	Circle     string
	CircleName string
	Member     string
	Index      int64
	Of         string // the neighbour whose book it is; empty: the own book
	Verify     bool   // the reader may verify the books
	why        error
}

// Error is for the log.
func (u *unproven) Error() string { return u.why.Error() }

// Unwrap makes it a refusal where no page of its own shows it.
func (u *unproven) Unwrap() error { return refuse.New("books.unproven", "n", u.Index) }

// unproven says so to who would see the entry, and to nobody else: what was changed may not even be readable, then its book decides.
func (p *pages) unproven(ctx context.Context, tx *store.Tx, name string, d proofData, why error) error {
	seen := nothing
	e, err := entryAt(ctx, tx, name, d.Index)
	switch {
	case err == nil:
		if seen, err = p.sightOf(ctx, tx, e); err != nil {
			return err
		}
	case d.Circle != node.Self || web.May(ctx, region.BookVerify):
		seen = envelope
	}
	if seen == nothing {
		return web.ErrNotFound
	}
	circles, err := p.circleNames(ctx, tx)
	if err != nil {
		return err
	}
	return &unproven{
		Circle: d.Circle, CircleName: cmp.Or(circles[d.Circle], d.Circle), Member: p.memberName(cmp.Or(d.Of, p.node.Member)), Index: d.Index, Of: d.Of,
		Verify: web.May(ctx, region.BookVerify), why: why,
	}
}
