package exchange_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"liandong/exchange"
)

// TestNobodyCosignsAnotherBookThanHeReads: a member shows the witness a head that contradicts what the same node has of its book.
func TestNobodyCosignsAnotherBookThanHeReads(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 300)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	submits := func(to *government, s *shown) (int, string) {
		head, err := s.Checkpoint(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.Post(to.server.URL+"/witness/add-checkpoint", "text/plain", bytes.NewReader(exchange.Submission(0, nil, head)))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	other := tongnan.shows(t, 200)
	other.entries[150] = bytes.Replace(other.entries[150], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if status, line := submits(suining, other); status != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", status, line)
	}
}
