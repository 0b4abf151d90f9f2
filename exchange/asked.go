package exchange

import (
	"context"
	"crypto/ed25519"
	"net/http"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// ByNeighbour tells of a request whether a member sent it whom we recognise in the circle, and who has neither left
// nor been suspended. A copy of another member's book is given only to whom that member recognises too, and to itself:
// what it said to its neighbours is not ours to show to others.
func ByNeighbour(n *node.Node) func(r *http.Request, circle, of string) (asking string, err error) {
	return func(r *http.Request, circle, of string) (asking string, err error) {
		_, err = Asker(r, n.Origin, func(ctx context.Context, asker string) (keys []ed25519.PublicKey, err error) {
			err = n.Store.Read(ctx, func(tx *store.Tx) error {
				all, err := region.Neighbours(ctx, tx, n.Member, circle)
				if err != nil {
					return err
				}
				keys = requestKeys(all, asker)
				asking = memberOf(all, asker)
				if of == n.Member || of == asking {
					return nil
				}
				theirs, err := region.Neighbours(ctx, tx, of, circle)
				if len(requestKeys(theirs, asker)) == 0 {
					keys = nil
				}
				return err
			})
			return keys, err
		})
		return asking, err
	}
}

// memberOf is the code of the member of an origin; empty where none is recognised under it.
func memberOf(all []region.Neighbour, origin string) string {
	for _, n := range all {
		if n.Origin == origin {
			return n.Member
		}
	}
	return ""
}
