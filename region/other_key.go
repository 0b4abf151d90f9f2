package region

import (
	"context"
	"slices"

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

// otherKey is one with the keys that differ.
type otherKey struct {
	OtherKey
	origin, pubkey string // by which the neighbour knows the member
}

func (k otherKey) verifier(pubkey string) string {
	return Neighbour{Origin: k.origin, Key: pubkey}.Verifier(k.Circle)
}

// OtherKeys lists them, as far as the books that are here say. ours is the key of a book of this member's in a circle, in base64.
func OtherKeys(ctx context.Context, tx *store.Tx, member, ours string) ([]OtherKey, error) {
	rows, err := tx.Query(ctx, `SELECT b.circle, t.member, b.member, t.origin, t.pubkey FROM region_neighbour t JOIN book_head b ON b.book = t.book
		LEFT JOIN region_neighbour o ON o.book = ? || '/' || b.circle AND o.member = t.member
		WHERE b.member <> ? AND b.circle <> '' AND t.suspended = 0
		AND (t.member = ? AND t.pubkey <> ? OR o.suspended = 0 AND o.pubkey <> t.pubkey)
		AND EXISTS (SELECT 1 FROM region_neighbour w WHERE w.book = ? || '/' || b.circle AND w.member = b.member AND w.suspended = 0)
		ORDER BY b.circle, t.member, b.member`, member, member, member, ours, member)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (k otherKey, err error) {
		err = scan(&k.Circle, &k.Member, &k.By, &k.origin, &k.pubkey)
		return k, err
	})
	if err != nil {
		return nil, err
	}
	var told []OtherKey
	for _, k := range all {
		rolled, err := k.rolled(ctx, tx, member)
		if err != nil {
			return nil, err
		}
		if !rolled {
			told = append(told, k.OtherKey)
		}
	}
	return told, nil
}

// rolled says whether the key is the member's own: one that a roll in its book names, which nobody ended here since, or one that we knew
// and that it rolled to the next one we knew. A key that was lost is neither.
func (k otherKey) rolled(ctx context.Context, tx *store.Tx, us string) (bool, error) {
	if k.Member == us {
		return k.ownRolled(ctx, tx)
	}
	ours, theirs := us+"/"+k.Circle, k.Member+"/"+k.Circle
	var ahead int
	err := tx.Row(ctx, `SELECT count(*) FROM region_roll r WHERE r.book = ? AND r.pubkey = ?
		AND NOT EXISTS (SELECT 1 FROM node_key n WHERE n.book = ? AND n.member = ? AND n.until > r.idx)`, theirs, k.pubkey, ours, k.Member).Scan(&ahead)
	if err != nil || ahead > 0 {
		return ahead > 0, err
	}
	rows, err := tx.Query(ctx, `SELECT verifier FROM node_key WHERE book = ? AND member = ? ORDER BY idx`, ours, k.Member)
	if err != nil {
		return false, err
	}
	known, err := store.Column[string](rows)
	if err != nil {
		return false, err
	}
	at := slices.Index(known, k.verifier(k.pubkey))
	if at < 0 || at+1 == len(known) {
		return false, nil
	}
	if rows, err = tx.Query(ctx, `SELECT pubkey FROM region_roll WHERE book = ?`, theirs); err != nil {
		return false, err
	}
	named, err := store.Column[string](rows)
	return slices.ContainsFunc(named, func(pubkey string) bool { return k.verifier(pubkey) == known[at+1] }), err
}

// ownRolled says whether the key is one of this member's, which it rolled.
func (k otherKey) ownRolled(ctx context.Context, tx *store.Tx) (bool, error) {
	var n int
	err := tx.Row(ctx, `SELECT count(*) FROM book_rolled b JOIN region_roll r ON r.book = b.book AND r.idx + 1 = b.size AND r.pubkey <> ?
		WHERE b.book = ? AND b.verifier = ?`, k.pubkey, k.Member+"/"+k.Circle, k.verifier(k.pubkey)).Scan(&n)
	return n > 0, err
}
