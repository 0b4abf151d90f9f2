package region

import (
	"context"

	"liandong/store"
)

// OtherKey 另一把密钥: a neighbour recognises a member by another key than this node does, and the member's own book does not say that it
// rolled the one to the other. Either somebody has not heard yet that a key was lost, or one of the two was shown the key of somebody who
// pretends to be the member.
type OtherKey struct {
	Circle string
	Member string // whose key it is; this member itself, too
	By     string // who recognises another key than we do
}

// OtherKeys lists them, as far as the books that are here say. ours is the key of a book of this member's in a circle, in base64.
func OtherKeys(ctx context.Context, tx *store.Tx, member, ours string) ([]OtherKey, error) {
	rows, err := tx.Query(ctx, `SELECT b.circle, t.member, b.member FROM region_neighbour t JOIN book_head b ON b.book = t.book
		LEFT JOIN region_neighbour o ON o.book = ? || '/' || b.circle AND o.member = t.member
		WHERE b.member <> ? AND b.circle <> '' AND t.suspended = 0
		AND (t.member = ? AND t.pubkey <> ? OR o.suspended = 0 AND o.pubkey <> t.pubkey)
		AND EXISTS (SELECT 1 FROM region_neighbour w WHERE w.book = ? || '/' || b.circle AND w.member = b.member AND w.suspended = 0)
		AND NOT EXISTS (SELECT 1 FROM region_roll r WHERE r.book = t.member || '/' || b.circle
			AND (r.pubkey = t.pubkey OR r.pubkey = o.pubkey OR t.member = ? AND r.pubkey = ?))
		ORDER BY b.circle, t.member, b.member`, member, member, member, ours, member, member, ours)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (k OtherKey, err error) {
		err = scan(&k.Circle, &k.Member, &k.By)
		return k, err
	})
}
