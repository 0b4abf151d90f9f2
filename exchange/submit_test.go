package exchange_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestAWitnessThatHangsKeepsNobodyWaiting: of two neighbours the one that is asked first answers only once the other was asked.
func TestAWitnessThatHangsKeepsNobodyWaiting(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, suining)
	suining.recognises(t, yibin)
	asked := make(chan struct{})
	tongnan.answers("/witness/", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-asked:
			next.ServeHTTP(w, r)
		case <-time.After(5 * time.Second):
			http.Error(w, "nobody else was asked meanwhile", http.StatusServiceUnavailable)
		}
	})
	yibin.answers("/witness/", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(asked)
		next.ServeHTTP(w, r)
	})
	if err := suining.follower(t).Witnesses(context.Background(), "suitong"); err != nil {
		t.Fatal(err)
	}
	if seen := suining.sightings(t); len(seen) != 2 {
		t.Errorf("sightings: %+v", seen)
	}
}

// TestWhatCameOfFilesIsSwept: once nobody waits for a file, what came of it goes.
func TestWhatCameOfFilesIsSwept(t *testing.T) {
	suining, tongnan := neighbours(t)
	wanted, unwanted := suining.attaches(t, "还在等的附件"), "f-UNWANTEDUNWANTEDUNWANTED"
	suining.answers("/file", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		http.Error(w, "later", http.StatusServiceUnavailable)
	})
	if left := tongnan.fetches(t, tongnan.fetching(t), suining); len(left) != 1 {
		t.Fatalf("waits: %+v", left)
	}
	var paths []string
	for _, name := range []string{wanted, unwanted} {
		p, err := tongnan.Blobs.Partial(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte("还在")); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(tongnan.folder.Dir, "*", ".got-"+name))
		if err != nil || len(found) != 1 {
			t.Fatalf("%v, %v", found, err)
		}
		paths = append(paths, found[0])
	}
	f := tongnan.fetching(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { f.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(paths[1]); os.IsNotExist(err) {
			break
		}
		if time.Since(begun) > 10*time.Second {
			t.Fatal("what nobody waits for stays")
		}
	}
	if _, err := os.Stat(paths[0]); err != nil {
		t.Errorf("what is waited for: %v", err)
	}
}
