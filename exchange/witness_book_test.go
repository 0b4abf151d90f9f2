package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"liandong/book"
	"liandong/exchange"
	"liandong/region"
	"liandong/store"
)

// TestNobodyCosignsAnotherBookThanHeReads: a member shows the witness a head that contradicts what the same node has of its book.
func TestNobodyCosignsAnotherBookThanHeReads(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 300)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	other := tongnan.shows(t, 200)
	other.entries[150] = bytes.Replace(other.entries[150], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if status, line := submits(t, suining, 0, other); status != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", status, line)
	}
}

// submits shows a head to the witness of a government as the next after one of old entries.
func submits(t *testing.T, to *government, old int64, s *shown) (int, string) {
	t.Helper()
	head, err := s.Checkpoint(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	proof, err := book.ProveConsistency(old, int64(len(s.entries)), func(level int, n int64, width int) ([]byte, error) {
		return s.Tile(context.Background(), level, n, width)
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(to.server.URL+"/witness/add-checkpoint", "text/plain", bytes.NewReader(exchange.Submission(old, proof, head)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

// found is the fork evidence that a government has.
func found(t *testing.T, g *government) (all []exchange.Found) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = exchange.Evidences(context.Background(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWhatWasCosignedIsComparedWithWhatComes: the witness cosigned a head beyond what the node had read, and then another book comes. Nothing
// of it is taken; at one size there is a file that proves it.
func TestWhatWasCosignedIsComparedWithWhatComes(t *testing.T) {
	for _, c := range []struct {
		remark           string
		cosigned, comes  int
		from             int // entry from which the cosigned book is another; -1: none
		stopped, evident bool
	}{
		{"another head of one size", 150, 150, 120, true, true},
		{"a larger one of another book", 150, 170, 120, true, false},
		{"a larger one, over a power of two", 128, 170, 120, true, false},
		{"a smaller one", 150, 130, 120, false, false}, // until it has come as far
		{"the same book", 150, 170, -1, false, false},
	} {
		t.Run(c.remark, func(t *testing.T) {
			suining, tongnan := neighbours(t)
			tongnan.talks(t, 98)
			if size, err := suining.once(t, tongnan); err != nil || size != 100 {
				t.Fatal(size, err)
			}
			tongnan.talks(t, c.comes-100)
			cosigned := tongnan.shows(t, c.cosigned)
			if c.from >= 0 {
				cosigned.entries[c.from] = bytes.Replace(cosigned.entries[c.from], []byte(`"p-1"`), []byte(`"p-2"`), 1)
			}
			if status, line := submits(t, suining, 0, cosigned); status != http.StatusOK {
				t.Fatal(status, line)
			}
			size, err := suining.once(t, tongnan)
			if errors.Is(err, exchange.ErrForked) != c.stopped {
				t.Errorf("%v", err)
			}
			want := int64(c.comes)
			if c.stopped {
				want = 100
			}
			if size != want || suining.size(t, "500152/suitong") != want {
				t.Errorf("%d entries are here, want %d", size, want)
			}
			if states := suining.states(t); states[0].Stopped != c.stopped || c.stopped && !strings.HasPrefix(states[0].Why, "该成员出示了两本不同的账") {
				t.Errorf("state %+v", states[0])
			}
			all := found(t, suining)
			if len(all) == 1 != c.evident {
				t.Fatalf("evidence %+v", all)
			}
			if c.evident {
				f, err := book.ReadFork(all[0].Fork)
				if err == nil {
					err = f.Verify(book.VerifierKey("tongnan.example/suitong", tongnan.key.Public()), nil)
				}
				if err != nil {
					t.Error(err)
				}
			}
			if c.comes >= c.cosigned {
				return
			}
			tongnan.talks(t, c.cosigned-c.comes) // and on
			if _, err := suining.once(t, tongnan); !errors.Is(err, exchange.ErrForked) || len(found(t, suining)) != 1 {
				t.Errorf("when it has come as far: %v", err)
			}
		})
	}
}

// TestWhatIsCosignedMeanwhileIsCompared: a head that the witness took while its entries came is compared the next time.
func TestWhatIsCosignedMeanwhileIsCompared(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 98)
	other := tongnan.shows(t, 60)
	other.entries[50] = bytes.Replace(other.entries[50], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if status, line := submits(t, suining, 0, other); status != http.StatusOK { // nothing was read yet
		t.Fatal(status, line)
	}
	ctx := context.Background()
	var row []any
	seen := func(write bool) {
		if err := suining.Store.Write(ctx, func(tx *store.Tx) error {
			if write {
				_, err := tx.Exec(ctx, `INSERT INTO exchange_seen (origin, size, root, checkpoint, at) VALUES (?, ?, ?, ?, ?)`, row...)
				return err
			}
			var origin string
			var size, at int64
			var root, checkpoint []byte
			err := tx.Row(ctx, `SELECT origin, size, root, checkpoint, at FROM exchange_seen`).Scan(&origin, &size, &root, &checkpoint, &at)
			if row = []any{origin, size, root, checkpoint, at}; err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM exchange_seen`)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	seen(false)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	seen(true)
	if _, err := suining.once(t, tongnan); !errors.Is(err, exchange.ErrForked) {
		t.Errorf("a head of 60 entries was cosigned that is not of the book: %v", err)
	}
	if states := suining.states(t); !states[0].Stopped {
		t.Errorf("still followed: %+v", states[0])
	}
}

// TestAWitnessProvesAForkAcrossARoll: the witness cosigned the last head under the former key, and gets another of its size under the next one.
func TestAWitnessProvesAForkAcrossARoll(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 10)
	roll := rolls(t, tongnan)
	size := int64(roll.Index) + 1
	if _, err := suining.once(t, tongnan); !errors.Is(err, exchange.ErrRolled) {
		t.Fatal(err)
	}
	if status, line := submits(t, suining, 0, tongnan.shows(t, int(size))); status != http.StatusOK {
		t.Fatal(status, line)
	}
	suining.recognisesRoll(t, tongnan, roll)
	other := tongnan.shows(t, int(size))
	other.key = tongnan.SigningKey()
	other.entries[5] = bytes.Replace(other.entries[5], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if status, line := submits(t, suining, size, other); status == http.StatusOK {
		t.Fatal(status, line)
	}
	all := found(t, suining)
	if len(all) != 1 {
		t.Fatalf("two heads of one size were here, %d pieces of evidence are", len(all))
	}
	f, err := book.ReadFork(all[0].Fork)
	if err == nil {
		err = f.Verify(book.VerifierKey(tongnan.OriginOf("suitong"), tongnan.key.Public()), region.RolledTo)
	}
	if err != nil || f.Format != book.ForkFormatTied {
		t.Errorf("%s: %v", f.Format, err)
	}
	if states := suining.states(t); !states[0].Stopped {
		t.Errorf("still followed: %+v", states[0])
	}
}
