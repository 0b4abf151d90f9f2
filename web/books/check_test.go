package books_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/store"
	"liandong/web/webtest"
)

// saved is the checker as somebody saved it to a file, opened from there: it has no node to ask.
func saved(t *testing.T, h http.Handler) *webtest.Page {
	t.Helper()
	served := get(h, "", "/check")
	if served.Code != http.StatusOK || !strings.Contains(served.Header().Get("Content-Security-Policy"), "script-src 'sha256-") {
		t.Fatalf("/check: %d, %s", served.Code, served.Header().Get("Content-Security-Policy"))
	}
	file := filepath.Join(t.TempDir(), "check.html")
	if err := os.WriteFile(file, served.Body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return webtest.Start(t).Open(t, "file://"+file, webtest.Phone)
}

// judged is what the page says of a file under a key.
func judged(p *webtest.Page, file, key string) string {
	literal := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	return webtest.Eval[string](p, `(() => {
		document.getElementById("file").value = `+literal(file)+`;
		document.getElementById("key").value = `+literal(key)+`;
		document.getElementById("file").dispatchEvent(new Event("input"));
		return document.getElementById("verdict").textContent;
	})()`)
}

func TestProofsAreCheckedInABrowserWithoutANode(t *testing.T) {
	s, h := stand(t)
	p := saved(t, h)
	p.Go("")
	ctx := context.Background()
	var all []book.Evidence
	if err := s.Node.Store.Read(ctx, func(tx *store.Tx) error {
		for _, index := range []int64{0, 1, 31, 32, 59, 60} {
			e, err := node.Evidence(ctx, tx, "510900/suitong", index, "遂宁市")
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		raw, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if got := judged(p, string(raw), e.Key); !strings.HasPrefix(got, "相符:") {
			t.Errorf("entry %d: %s", e.Index, got)
		}
		if got := judged(p, string(raw), ""); !strings.HasPrefix(got, "相符,但公钥尚待核对") {
			t.Errorf("entry %d without a key: %s", e.Index, got)
		}
	}
	if got := p.Text("#facts"); !strings.Contains(got, "遂宁市") || !strings.Contains(got, secret) {
		t.Errorf("the page shows %q", got)
	}
	p.Axe()
	p.FitsWidth()
	tampered(t, p, all[3])
	forked(t, p)
}

// tampered changes each part of a file: none passes, here or in our own verifier.
func tampered(t *testing.T, p *webtest.Page, e book.Evidence) {
	t.Helper()
	_, foreign, err := book.NewKey(bytes.NewReader(bytes.Repeat([]byte{9}, 64)), e.Origin)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(e *book.Evidence){
		"entry":      func(e *book.Evidence) { e.Entry = strings.Replace(e.Entry, "on-time", "is-late", 1) },
		"words":      func(e *book.Evidence) { e.Words.Text = strings.Replace(e.Words.Text, "八十", "九十", 1) },
		"state":      func(e *book.Evidence) { e.Words = book.EvidenceWords{State: "none"} },
		"index":      func(e *book.Evidence) { e.Index++ },
		"proof":      func(e *book.Evidence) { e.Inclusion[0][3] ^= 1 },
		"short":      func(e *book.Evidence) { e.Inclusion = e.Inclusion[1:] },
		"long":       func(e *book.Evidence) { e.Inclusion = append(e.Inclusion, tlog.Hash{}) },
		"checkpoint": func(e *book.Evidence) { e.Checkpoint = strings.Replace(e.Checkpoint, "\n61\n", "\n62\n", 1) },
		"origin":     func(e *book.Evidence) { e.Origin = "tongnan.example/suitong" },
		"key":        func(e *book.Evidence) { e.Key = foreign },
		"format":     func(e *book.Evidence) { e.Format = "liandong-evidence/2" },
	} {
		changed := e
		changed.Inclusion = append([]tlog.Hash{}, e.Inclusion...)
		change(&changed)
		raw, err := changed.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if got := judged(p, string(raw), ""); !strings.HasPrefix(got, "不相符") {
			t.Errorf("a changed %s: %s", name, got)
		}
		if _, err := changed.Verify(""); err == nil {
			t.Errorf("our own verifier takes a changed %s", name)
		}
	}
	for _, junk := range []string{"{}", "[]", "null", "<html>", `{"format":"liandong-evidence/1"}`} {
		if got := judged(p, junk, ""); !strings.HasPrefix(got, "不相符") {
			t.Errorf("%s: %s", junk, got)
		}
	}
}

// forked shows evidence of two heads of one key, and the line of a witness under one.
func forked(t *testing.T, p *webtest.Page) {
	t.Helper()
	key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	const origin = "suining.example/suitong"
	sign := func(root byte) string {
		head, err := book.SignCheckpoint(origin, 5, tlog.Hash{root}, key.Signer(origin))
		if err != nil {
			t.Fatal(err)
		}
		cosigner, err := key.Cosigner("suining.example/witness")
		if err != nil {
			t.Fatal(err)
		}
		line, err := cosigner.Cosign(head, time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		return string(head) + string(line)
	}
	f := book.Fork{
		Format: book.ForkFormat, Origin: origin, Key: book.VerifierKey(origin, key.Public()), Index: -1,
		One: book.ForkSide{Checkpoint: sign(1), Inclusion: []tlog.Hash{}}, Other: book.ForkSide{Checkpoint: sign(2), Inclusion: []tlog.Hash{}},
	}
	for want, f := range map[string]book.Fork{"证据成立": f, "不相符": {
		Format: f.Format, Origin: f.Origin, Key: f.Key, Index: -1, One: f.One, Other: f.One,
	}} {
		raw, err := f.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if got := judged(p, string(raw), f.Key); !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
