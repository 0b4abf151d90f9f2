package book

import (
	"errors"
	"strings"
	"testing"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var cosignedAt = time.Date(2022, 6, 20, 1, 0, 7, 0, time.UTC)

func testCosigner(t testing.TB, seed byte, name string) (Cosigner, note.Verifier) {
	c, err := testKey(t, seed).Cosigner(name)
	if err != nil {
		t.Fatal(err)
	}
	v, err := WitnessVerifier(c.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	return c, v
}

func testHead(t testing.TB, key Key) ([]byte, note.Verifier) {
	signed, err := SignCheckpoint(testOrigin, 5, tlog.Hash{7}, key.Signer(testOrigin))
	if err != nil {
		t.Fatal(err)
	}
	own, err := Verifier(VerifierKey(testOrigin, key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	return signed, own
}

func cosign(t testing.TB, c Cosigner, signed []byte, at time.Time) []byte {
	line, err := c.Cosign(signed, at)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestCosignedHead(t *testing.T) {
	signed, own := testHead(t, testKey(t, 1))
	one, oneKey := testCosigner(t, 2, "tongnan.example/witness")
	two, twoKey := testCosigner(t, 3, "yibin.example/witness")
	for _, line := range [][]byte{cosign(t, one, signed, cosignedAt), cosign(t, two, signed, cosignedAt.Add(time.Minute))} {
		var err error
		if signed, err = AddCosignatures(signed, line, oneKey, twoKey); err != nil {
			t.Fatal(err)
		}
	}
	head, seen, err := OpenCosigned(signed, testOrigin, own, oneKey, twoKey)
	if err != nil || head.Size != 5 || len(seen) != 2 {
		t.Fatalf("head %+v, seen %v: %v\n%s", head, seen, err, signed)
	}
	if want := (Cosignature{"tongnan.example/witness", cosignedAt}); seen[0] != want {
		t.Errorf("seen %v, want %v", seen[0], want)
	}
	if _, seen, err := OpenCosigned(signed, testOrigin, own, twoKey); err != nil || len(seen) != 1 {
		t.Errorf("who knows one witness sees %v: %v", seen, err)
	}
	if _, seen, err := OpenCosigned(signed, testOrigin, own); err != nil || len(seen) != 0 {
		t.Errorf("who knows none sees %v: %v", seen, err)
	}
}

// A later cosignature of the same witness stands in place of the earlier one.
func TestCosignAgain(t *testing.T) {
	signed, own := testHead(t, testKey(t, 1))
	c, v := testCosigner(t, 2, "tongnan.example/witness")
	for i := range 3 {
		var err error
		at := cosignedAt.Add(time.Duration(i) * time.Hour)
		if signed, err = AddCosignatures(signed, cosign(t, c, signed, at), v); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(string(signed), "— tongnan"); n != 1 {
		t.Fatalf("%d lines of one witness:\n%s", n, signed)
	}
	_, seen, err := OpenCosigned(signed, testOrigin, own, v)
	if err != nil || len(seen) != 1 || !seen[0].At.Equal(cosignedAt.Add(2*time.Hour)) {
		t.Errorf("seen %v: %v", seen, err)
	}
}

func TestCosignaturesRefused(t *testing.T) {
	signed, own := testHead(t, testKey(t, 1))
	c, v := testCosigner(t, 2, "tongnan.example/witness")
	good, err := AddCosignatures(signed, cosign(t, c, signed, cosignedAt), v)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := testHead(t, testKey(t, 9))
	for _, lines := range [][]byte{
		cosign(t, c, other, cosignedAt)[:20], []byte("no signature\n"), nil,
	} {
		same, err := AddCosignatures(signed, lines, v)
		if err != nil || string(same) != string(signed) {
			t.Errorf("took %q: %v", lines, err)
		}
	}
	_, stranger := testCosigner(t, 4, "tongnan.example/witness")
	if same, err := AddCosignatures(signed, cosign(t, c, signed, cosignedAt), stranger); err != nil || string(same) != string(signed) {
		t.Errorf("took the line of another key of that name: %v", err)
	}
	changed := strings.Replace(string(good), "\n5\n", "\n6\n", 1)
	if _, _, err := OpenCosigned([]byte(changed), testOrigin, own, v); !errors.Is(err, ErrBadSignature) {
		t.Errorf("a changed size: %v", err)
	}
	if _, err := c.Cosign([]byte("suining.example/suitong\n5\n"), cosignedAt); !errors.Is(err, ErrNotCheckpoint) {
		t.Errorf("cosigned what is no note: %v", err)
	}
	if _, err := (Key{}).Cosigner("x.example/witness"); err == nil {
		t.Error("a witness without a key")
	}
}

// What another team's code signs and verifies is what we verify and sign.
func TestCosignatureOfOthers(t *testing.T) {
	signed, own := testHead(t, testKey(t, 1))
	skey, _, err := note.GenerateKey(nil, "yibin.example/witness")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := f_note.NewSignerForCosignatureV1(skey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(own))
	if err != nil {
		t.Fatal(err)
	}
	both, err := note.Sign(n, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if _, seen, err := OpenCosigned(both, testOrigin, own, theirs.Verifier()); err != nil || len(seen) != 1 || time.Since(seen[0].At) > time.Minute {
		t.Errorf("seen %v: %v", seen, err)
	}
}
