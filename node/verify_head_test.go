package node_test

import (
	"bytes"
	"context"
	"testing"

	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// What stands of a book that has no entries yet is held as well: nothing but its head says whose it is.
func TestHeadOfAnEmptyBook(t *testing.T) {
	for _, c := range []struct {
		remark, column, code string
		broken               func(value []byte) any
	}{
		{"another circle", "circle", node.FaultHead, func([]byte) any { return "sdlf" }},
		{"another member", "member", node.FaultHead, func([]byte) any { return "510901" }},
		{"a bit that base64 ignores", "checkpoint", node.FaultCheckpoint, func(v []byte) any {
			last := bytes.LastIndexByte(v, '=') - 1
			v[last]++ // the last character has two bits to spare
			return v
		}},
	} {
		t.Run(c.remark, func(t *testing.T) {
			s := storetest.OpenSQLite(t)
			n := opened(t, s, &clock{})
			ctx := context.Background()
			var value []byte
			err := s.Write(ctx, func(tx *store.Tx) error {
				if err := tx.Row(ctx, `SELECT `+c.column+` FROM book_head WHERE book = '510900/self'`).Scan(&value); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `UPDATE book_head SET `+c.column+` = ? WHERE book = '510900/self'`, c.broken(value))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			v, err := n.Verify(ctx, node.VerifyOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(v.Faults) != 1 || v.Faults[0].Code != c.code || v.Faults[0].Book != "510900/self" {
				t.Errorf("want one fault %s, got %+v", c.code, v.Faults)
			}
		})
	}
}
