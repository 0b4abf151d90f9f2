package node_test

import (
	"context"
	"os"
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

// TestARestoreThatFailedIsRepeated: a passphrase mistyped or a database that is not reached leaves nothing behind.
func TestARestoreThatFailedIsRepeated(t *testing.T) {
	ctx := context.Background()
	f := folder(t, "")
	out, dir := filepath.Join(t.TempDir(), "b.zip"), filepath.Join(t.TempDir(), "restored")
	if _, err := f.Backup(ctx, out, node.BackupOptions{Passphrase: "一个足够长的口令"}); err != nil {
		t.Fatal(err)
	}
	for _, o := range []node.RestoreOptions{
		{Passphrase: "记错了的口令"},
		{Passphrase: "一个足够长的口令", Store: "postgres://nobody@127.0.0.1:1/none?connect_timeout=2"},
	} {
		if _, err := node.Restore(ctx, out, dir, []node.Module{counting}, o); err == nil {
			t.Fatalf("restored with %+v", o)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	if _, err := node.Restore(ctx, out, dir, []node.Module{counting}, node.RestoreOptions{Passphrase: "一个足够长的口令"}); err != nil {
		t.Errorf("restoring again: %v", err)
	}
	for _, name := range []string{"key", "liandong.db", "node.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}
