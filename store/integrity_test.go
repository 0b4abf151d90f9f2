package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"liandong/store"
)

// TestIntegrityAfterOthersWrote: a connection that searched an index of words remembers how that was built. What another
// connection wrote since is no damage.
func TestIntegrityAfterOthersWrote(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "words.db")
	writer, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	add := func(from, to int) {
		t.Helper()
		for i := from; i < to; i += 10 {
			err := writer.Write(ctx, func(tx *store.Tx) error {
				for j := range 10 {
					_, err := tx.Exec(ctx, `INSERT INTO words (rowid, terms) VALUES (?, ?)`, i+j, strings.Repeat(fmt.Sprintf("word%d ", i+j), 50))
					if err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	err = writer.Write(ctx, func(tx *store.Tx) error {
		return tx.Script(ctx, `CREATE VIRTUAL TABLE words USING fts5(terms, content='', contentless_delete=1, detail=none)`)
	})
	if err != nil {
		t.Fatal(err)
	}
	add(0, 30)
	reader, err := store.Open(ctx, path, store.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for i := range 5 {
		err := reader.Read(ctx, func(tx *store.Tx) error {
			var n int
			return tx.Row(ctx, `SELECT count(*) FROM words WHERE words MATCH 'word7'`).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		add(100+i*500, 100+i*500+300)
		var wrong []string
		err = reader.Read(ctx, func(tx *store.Tx) (err error) {
			wrong, err = tx.Integrity(ctx, i%2 == 1)
			return err
		})
		if err != nil || len(wrong) > 0 {
			t.Errorf("%d: %v %v", i, wrong, err)
		}
	}
}
