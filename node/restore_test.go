package node_test

import (
	"context"
	"path/filepath"
	"testing"

	"liandong/node"
	"liandong/store"
)

// TestRestoreSignsEverybodyOut: a session that ended after the backup must not come back with it.
func TestRestoreSignsEverybodyOut(t *testing.T) {
	ctx := context.Background()
	f := folder(t, "")
	err := f.Store.Write(ctx, func(tx *store.Tx) error {
		for _, q := range []string{
			`CREATE TABLE account_session (id TEXT PRIMARY KEY)`, `INSERT INTO account_session VALUES ('s')`,
			`CREATE TABLE account (id TEXT PRIMARY KEY)`, `INSERT INTO account VALUES ('a')`,
		} { // account_link is missing, as where no site ever ran
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out, dir := filepath.Join(t.TempDir(), "b.zip"), filepath.Join(t.TempDir(), "restored")
	if _, err := f.Backup(ctx, out, node.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := node.Restore(ctx, out, dir, []node.Module{counting}, node.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, filepath.Join(dir, "liandong.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var sessions, accounts int
	err = s.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT (SELECT count(*) FROM account_session), (SELECT count(*) FROM account)`).Scan(&sessions, &accounts)
	})
	if err != nil || sessions != 0 || accounts != 1 {
		t.Errorf("%d sessions and %d accounts after restoring, %v; want 0 and 1", sessions, accounts, err)
	}
}
