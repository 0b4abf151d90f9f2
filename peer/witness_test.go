package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"

	"liandong/book"
	"liandong/exchange"
	"liandong/store/storetest"
)

// witness serves ours, which recognises the log's key if it is told to.
func witness(t *testing.T, log string) (at *url.URL, vkey string) {
	t.Helper()
	ctx := context.Background()
	s, m := storetest.OpenSQLite(t), exchange.Module()
	if err := s.Migrate(ctx, m.Name, m.Migrations); err != nil {
		t.Fatal(err)
	}
	key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{42}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := key.Cosigner("suining.example/witness")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(exchange.WitnessPattern, exchange.Witness{
		Cosigner: func() (book.Cosigner, error) { return c, nil }, Write: s.Write, Now: time.Now,
		Keys: func(context.Context, string) ([]string, error) {
			if log == "" {
				return nil, nil
			}
			return []string{log}, nil
		},
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	if at, err = url.Parse(server.URL + "/witness"); err != nil {
		t.Fatal(err)
	}
	return at, c.VerifierKey()
}

// TestALogOfTheOtherTeamIsWitnessed: Tessera publishes a checkpoint only once our witness has cosigned that it continues the one before, by
// its own client of c2sp.org/tlog-witness; a witness that does not know the log keeps it from publishing.
func TestALogOfTheOtherTeamIsWitnessed(t *testing.T) {
	for _, known := range []bool{true, false} {
		t.Run(fmt.Sprint("known ", known), func(t *testing.T) {
			ctx, stop := context.WithTimeout(context.Background(), time.Minute)
			defer stop()
			secret, public, err := note.GenerateKey(nil, "tessera.example/log")
			if err != nil {
				t.Fatal(err)
			}
			signer, err := note.NewSigner(secret)
			if err != nil {
				t.Fatal(err)
			}
			recognised := public
			if !known {
				recognised = ""
			}
			at, vkey := witness(t, recognised)
			w, err := tessera.NewWitness(vkey, at)
			if err != nil {
				t.Fatal(err)
			}
			driver, err := posix.New(ctx, posix.Config{Path: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
				WithCheckpointSigner(signer).WithCheckpointInterval(200*time.Millisecond).WithBatching(1, 10*time.Millisecond).
				WithWitnesses(tessera.NewWitnessGroup(1, w), &tessera.WitnessOptions{Timeout: 5 * time.Second}))
			if !known { // the log does not even open: it publishes its beginning first
				if err == nil || !strings.Contains(err.Error(), "404") {
					t.Errorf("opened without a witness: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			awaiter := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 20*time.Millisecond)
			log, err := note.NewVerifier(public)
			if err != nil {
				t.Fatal(err)
			}
			ours, err := book.WitnessVerifier(vkey)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				_, checkpoint, err := awaiter.Await(ctx, appender.Add(ctx, tessera.NewEntry(fmt.Appendf(nil, "entry %d", i))))
				if err != nil {
					t.Fatal(err)
				}
				n, err := note.Open(checkpoint, note.VerifierList(log, ours))
				if err != nil || len(n.Sigs) != 2 {
					t.Fatalf("%d signatures hold: %v\n%s", len(n.Sigs), err, checkpoint)
				}
			}
			if err := shutdown(ctx); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
}
