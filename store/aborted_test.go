package store_test

import (
	"context"
	"testing"

	"liandong/store"
	"liandong/store/storetest"
)

// TestACommitThatStoresNothingIsNoCommit: a statement failed and its error was not returned; PostgreSQL has given the transaction up.
func TestACommitThatStoresNothingIsNoCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		if err := s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `CREATE TABLE a (id BIGINT PRIMARY KEY)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		err := s.Write(ctx, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO a (id) VALUES (1)`); err != nil {
				return err
			}
			_, _ = tx.Exec(ctx, `INSERT INTO a (id) VALUES (1)`)
			return nil
		})
		var n int
		if err := s.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, `SELECT count(*) FROM a`).Scan(&n) }); err != nil {
			t.Fatal(err)
		}
		if err == nil && n == 0 {
			t.Error("Write said durable, and nothing stands")
		}
	})
}
