package node_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
	"time"

	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// BenchmarkVerify measures verification against the floor of it: reading the same entries and
// hashing them. Its figure "of-floor" is to be at least 0.5: the median of rounds in which the two
// take turns.
func BenchmarkVerify(b *testing.B) {
	const entries = 100_032 // 64 writers share them evenly
	s := storetest.OpenSQLite(b)
	n := opened(b, s, &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)})
	fillMany(b, n, entries)
	var rates, floors, of []float64
	for range 9 {
		floor := timed(b, func() error { return readAndHash(s) })
		verify := timed(b, func() error {
			v, err := n.Verify(context.Background(), node.VerifyOptions{})
			if err == nil && !v.Clean() {
				err = fmt.Errorf("%+v", v.Faults)
			}
			return err
		})
		rates, floors = append(rates, entries/verify.Seconds()), append(floors, entries/floor.Seconds())
		of = append(of, floor.Seconds()/verify.Seconds())
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rates), "entries/s")
	b.ReportMetric(median(floors), "floor-entries/s")
	b.ReportMetric(median(of), "of-floor")
}

func timed(b *testing.B, f func() error) time.Duration {
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func fillMany(b *testing.B, n *node.Node, entries int) {
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for j := range entries / 64 {
				act := add("suitong", fmt.Sprint(i%7), int64(j))
				if _, err := n.Write(context.Background(), node.Request{Actor: someone}, act); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func readAndHash(s *store.Store) error {
	ctx := context.Background()
	return s.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT entry FROM book_entry WHERE book = ? ORDER BY idx`, "510900/suitong")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var raw []byte
			if err := rows.Scan(&raw); err != nil {
				return err
			}
			sha256.Sum256(raw)
		}
		return rows.Err()
	})
}
