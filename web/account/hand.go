package account

import (
	"context"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Held counts a person's sessions and tokens for an organisation: they end when he leaves or moves, and are nobody else's.
func (a *Accounts) Held(ctx context.Context, tx *store.Tx, h region.Handover) ([]region.Holding, error) {
	all := []region.Holding{{What: "sessions", Fate: region.Ends}, {What: "tokens", Fate: region.Ends}}
	life, err := lifeOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	now := a.now()
	err = tx.Row(ctx, `SELECT count(*) FROM account_session WHERE person = ? AND org = ? AND made_at >= ? AND seen_at >= ?`,
		h.Person, h.Org, life.begun(now), life.seen(now)).Scan(&all[0].N)
	if err == nil {
		err = tx.Row(ctx, `SELECT count(*) FROM account_token WHERE person = ? AND org = ? AND ends_at >= ?`, h.Person, h.Org, now.UnixMilli()).Scan(&all[1].N)
	}
	return all, err
}

// Pass does nothing: a person's ways in end once, for all his organisations (EndAllIn).
func (a *Accounts) Pass(context.Context, *node.Writing, region.Handover) error { return nil }
