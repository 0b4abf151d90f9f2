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
// nor been suspended.
func ByNeighbour(n *node.Node) func(r *http.Request, circle string) bool {
	return func(r *http.Request, circle string) bool {
		_, err := Asker(r, n.Origin, func(ctx context.Context, asker string) (keys []ed25519.PublicKey, err error) {
			err = n.Store.Read(ctx, func(tx *store.Tx) error {
				all, err := region.Neighbours(ctx, tx, n.Member, circle)
				keys = requestKeys(all, asker)
				return err
			})
			return keys, err
		})
		return err == nil
	}
}
