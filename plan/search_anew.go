package plan

import (
	"context"
	"fmt"

	"liandong/store"
)

// renewSearch makes an index anew that is from the time when ids did not name their member, or when
// its tokens were words that people may type.
func (d *Desk) renewSearch(ctx context.Context) error {
	var old, typed int
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT count(*) FROM (SELECT 1 FROM plan_search WHERE kind = 'item' AND id NOT LIKE '%@%' LIMIT 1) AS old`).Scan(&old)
		if err != nil {
			return err
		}
		found, token := `SELECT 1 FROM plan_search_terms WHERE plan_search_terms MATCH ? LIMIT 1`, `"`+formerKindToken(hitListing)+`"`
		if tx.Dialect() == store.Postgres {
			found, token = `SELECT 1 FROM plan_search_terms WHERE terms @@ CAST(? AS tsquery) LIMIT 1`, `'`+formerKindToken(hitListing)+`'`
		}
		return tx.Row(ctx, `SELECT count(*) FROM (`+found+`) AS old`, token).Scan(&typed)
	})
	if err == nil && old+typed > 0 {
		err = d.Reindex(ctx)
	}
	return err
}

// Reindex makes the index of words anew.
func (d *Desk) Reindex(ctx context.Context) error {
	if err := d.openSearch(ctx); err != nil {
		return err
	}
	err := d.node.Store.Write(ctx, func(tx *store.Tx) error {
		if err := lockSearch(ctx, tx); err != nil {
			return err
		}
		drop := `DROP TABLE plan_search_terms; ` + termsSQLite
		if tx.Dialect() == store.Postgres {
			drop = `DROP TABLE plan_search_terms; ` + termsPostgres
		}
		return tx.Script(ctx, drop+`; DELETE FROM plan_search; DELETE FROM plan_search_section; DELETE FROM plan_search_at; DELETE FROM plan_search_unread;`)
	})
	if err != nil {
		return fmt.Errorf("empty the index of words: %w", err)
	}
	if err := d.CatchUpSearch(ctx); err != nil {
		return err
	}
	return d.TidySearch(ctx)
}
