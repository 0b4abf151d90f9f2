package plan

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// MayRead says whether an actor may read an entry of this room in the member's own book.
func (d *Desk) MayRead(ctx context.Context, tx *store.Tx, actor node.Actor, e book.Entry) (bool, error) {
	r, err := d.sightOf(ctx, tx, ViewerOf(actor))
	if err != nil {
		return false, err
	}
	return r.seesEntry(ctx, tx, e)
}
