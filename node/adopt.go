package node

import (
	"context"
	"crypto/ed25519"

	"liandong/book"
	"liandong/store"
)

// Who lost his signing key goes on with his books under a new one, once neighbours gave them back and recognised it.

// FormerKey is the verifier key of this member's book of a circle under the signing key that was lost; empty: none was.
func (n *Node) FormerKey(circle string) string { return n.formerKey(circle) }

func (n *Node) formerKey(circle string) string {
	if len(n.lost) != ed25519.PublicKeySize {
		return ""
	}
	return book.VerifierKey(n.OriginOf(circle), n.lost)
}

func (n *Node) isFormer(b BookVerified) bool { return b.Key == n.formerKey(b.Circle) }

// Adopt signs the heads of this member's books that the lost key signed with the present one. The heads under the
// lost key are kept like those under a rolled one. Only a node that only reads does so, and only with whole books.
func (n *Node) Adopt(ctx context.Context) error {
	return n.Store.Write(ctx, func(tx *store.Tx) error {
		why, err := Reading(ctx, tx)
		if err != nil || why == "" {
			return err
		}
		heads, err := storedHeads(ctx, tx)
		if err != nil {
			return err
		}
		for _, h := range heads {
			size, err := book.SizeOf(h.checkpoint)
			if h.Member != n.Member || !n.isFormer(h.BookVerified) || err != nil || size != h.Size {
				continue
			}
			if err := n.signAnew(ctx, tx, h, n.SigningKey()); err != nil {
				return err
			}
		}
		return nil
	})
}
