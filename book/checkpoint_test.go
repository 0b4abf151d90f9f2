package book

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const testOrigin = "suining.example/suitong"

// testKey is a fixed key, so that examples stay the same.
func testKey(t testing.TB, n byte) Key {
	k, err := GenerateKey(bytes.NewReader(bytes.Repeat([]byte{n}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func testVerifier(t testing.TB, k Key, origin string) note.Verifier {
	v, err := Verifier(VerifierKey(origin, k.Public()))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// signText signs any text, also what SignCheckpoint would never write.
func signText(t *testing.T, text string, signers ...note.Signer) []byte {
	b, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCheckpoint(t *testing.T) {
	key, other := testKey(t, 1), testKey(t, 2)
	root := LeafHash([]byte("x"))
	rootText := root.String()
	own := key.Signer(testOrigin)
	good, err := SignCheckpoint(testOrigin, 7, root, own)
	if err != nil {
		t.Fatal(err)
	}
	witnessed, err := SignCheckpoint(testOrigin, 7, root, own, other.Signer("tongnan.example/suitong"))
	if err != nil {
		t.Fatal(err)
	}
	unknown := "— witness.example/x " + "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kA==" + "\n"
	for _, c := range []struct {
		remark string
		text   []byte
		want   error
	}{
		{"as signed", good, nil},
		{"with a witness's line", witnessed, nil},
		{"with a line of a kind we do not know", append(bytes.Clone(good), unknown...), nil},
		{"with an extension line", signText(t, testOrigin+"\n7\n"+rootText+"\nlater 1\n", own), nil},
		{"size of a tree of nothing", signText(t, testOrigin+"\n0\n"+rootText+"\n", own), nil},
		{"signed by another", signText(t, testOrigin+"\n7\n"+rootText+"\n", other.Signer(testOrigin)), ErrNoSignature},
		{"signed for another book of the same member", signText(t, testOrigin+"\n7\n"+rootText+"\n", key.Signer("suining.example/chengyu")), ErrNoSignature},
		{"size changed after signing", bytes.Replace(good, []byte("\n7\n"), []byte("\n8\n"), 1), ErrBadSignature},
		{"another book's origin under our key", signText(t, "suining.example/chengyu\n7\n"+rootText+"\n", own), ErrWrongOrigin},
		{"size +7", signText(t, testOrigin+"\n+7\n"+rootText+"\n", own), ErrBadSize},
		{"size 007", signText(t, testOrigin+"\n007\n"+rootText+"\n", own), ErrBadSize},
		{"size -7", signText(t, testOrigin+"\n-7\n"+rootText+"\n", own), ErrBadSize},
		{"size of 2^63", signText(t, testOrigin+"\n9223372036854775808\n"+rootText+"\n", own), ErrBadSize},
		{"size with a blank", signText(t, testOrigin+"\n7 \n"+rootText+"\n", own), ErrBadSize},
		{"root of 31 bytes", signText(t, testOrigin+"\n7\n"+rootText[:40]+"\n", own), ErrBadRoot},
		{"root with unused bits set", signText(t, testOrigin+"\n7\n"+strings.Repeat("A", 42)+"B=\n", own), ErrBadRoot},
		{"no root", signText(t, testOrigin+"\n7\n", own), ErrTrailing},
		{"an empty line at the end", signText(t, testOrigin+"\n7\n"+rootText+"\n\n", own), ErrTrailing},
		{"bytes after the signatures", append(bytes.Clone(good), "x"...), ErrNotCheckpoint},
		{"no signature at all", []byte(testOrigin + "\n7\n" + rootText + "\n"), ErrNotCheckpoint},
		{"nothing", nil, ErrNotCheckpoint},
	} {
		t.Run(c.remark, func(t *testing.T) {
			got, err := OpenCheckpoint(c.text, testOrigin, testVerifier(t, key, testOrigin))
			if !errors.Is(err, c.want) {
				t.Fatalf("%v; want %v", err, c.want)
			}
			if err == nil && (got.Root != root || got.Origin != testOrigin) {
				t.Errorf("read %+v", got)
			}
		})
	}
}

func TestSignCheckpointRefuses(t *testing.T) {
	s := testKey(t, 1).Signer(testOrigin)
	for remark, sign := range map[string]func() ([]byte, error){
		"negative size": func() ([]byte, error) { return SignCheckpoint(testOrigin, -1, tlog.Hash{}, s) },
		"no signer":     func() ([]byte, error) { return SignCheckpoint(testOrigin, 1, tlog.Hash{}) },
		"bad origin":    func() ([]byte, error) { return SignCheckpoint("a b", 1, tlog.Hash{}, s) },
	} {
		if _, err := sign(); err == nil {
			t.Errorf("%s was signed", remark)
		}
	}
}

func TestVerifierKeyIsThatOfTheLibrary(t *testing.T) {
	k := testKey(t, 9)
	want, err := note.NewEd25519VerifierKey(testOrigin, k.Public())
	if err != nil {
		t.Fatal(err)
	}
	if got := VerifierKey(testOrigin, k.Public()); got != want {
		t.Errorf("%s; want %s", got, want)
	}
	skey, vkey, err := NewKey(bytes.NewReader(bytes.Repeat([]byte{9}, 64)), testOrigin)
	if err != nil || !strings.HasPrefix(skey, "PRIVATE+KEY+"+testOrigin) || !strings.HasPrefix(vkey, testOrigin+"+") {
		t.Errorf("NewKey: %v", err)
	}
}

func TestKeyFile(t *testing.T) {
	k := testKey(t, 3)
	text, err := k.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var again Key
	if err := again.UnmarshalText(text); err != nil || !again.Public().Equal(k.Public()) {
		t.Fatalf("key file read back: %v", err)
	}
	for _, bad := range []string{"", "x", string(text[:40]), string(text) + "x", strings.Replace(string(text), "/1 ", "/2 ", 1)} {
		if again.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("accepted %q", bad)
		}
	}
	if _, err := (Key{}).MarshalText(); err == nil {
		t.Error("an empty key was written")
	}
	seed := strings.TrimSpace(strings.TrimPrefix(string(text), keyPrefix))
	for _, shown := range []string{fmt.Sprint(k), fmt.Sprintf("%+v", k), fmt.Sprintf("%#v", k), k.String()} {
		if strings.Contains(shown, seed) || strings.Contains(shown, string(k.private[:ed25519.SeedSize])) {
			t.Errorf("printing shows the key: %s", shown)
		}
	}
}

// FuzzParseCheckpoint: what is accepted is written in the one spelling.
func FuzzParseCheckpoint(f *testing.F) {
	root := LeafHash([]byte("x"))
	f.Add(testOrigin + "\n7\n" + root.String() + "\n")
	f.Add(testOrigin + "\n7\n" + root.String() + "\nlater\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCheckpoint(text)
		if err != nil {
			return
		}
		again := fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
		for _, line := range c.Extension {
			again += line + "\n"
		}
		if again != text {
			t.Errorf("%q reads as %q", text, again)
		}
	})
}
