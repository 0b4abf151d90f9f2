package node

import (
	"context"
	"errors"
)

// joinedIn is under which a context carries the request that others join.
type joinedIn struct{}

// Join lets the requests that are made under the context it returns be part of this one: their acts run
// at once in its transaction, under its key, and stand or fall with it. So an act that asks for a request
// of its own serves one row of many as it serves one alone. They are asked by who asked this one.
func (w *Writing) Join(ctx context.Context) context.Context {
	return context.WithValue(ctx, joinedIn{}, w)
}

// joined is the request that ctx joins; nil: none, or that of another node.
func (n *Node) joined(ctx context.Context) *Writing {
	w, _ := ctx.Value(joinedIn{}).(*Writing)
	if w == nil || w.node != n {
		return nil
	}
	return w
}

// part runs an act as a part of this request. Its receipt lists what it said itself, and its note, which is not this request's.
func (w *Writing) part(ctx context.Context, req Request, act Act) (Receipt, error) {
	if req.Actor != w.Actor {
		return Receipt{}, errors.New("a request joins that of another person")
	}
	from, note := len(w.receipt.Entries), w.receipt.Note
	w.receipt.Note = ""
	err := act(ctx, w)
	said := Receipt{Note: w.receipt.Note}
	w.receipt.Note = note
	if err != nil {
		return Receipt{}, err
	}
	said.Entries = append(said.Entries, w.receipt.Entries[from:]...)
	return said, nil
}
