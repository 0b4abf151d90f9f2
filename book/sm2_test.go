package book

import (
	"bytes"
	"math/big"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func TestAnSM2LineStandsBesideEd25519(t *testing.T) {
	const origin = "suining.example/suitong"
	key, err := GenerateKey(bytes.NewReader(bytes.Repeat([]byte{5}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := key.SM2Signer(origin)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := SignCheckpoint(origin, 7, tlog.Hash{1}, key.Signer(origin), signer)
	if err != nil {
		t.Fatal(err)
	}
	own, err := Verifier(VerifierKey(origin, key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	if head, err := OpenCheckpoint(signed, origin, own); err != nil || head.Size != 7 {
		t.Errorf("a reader of Ed25519 alone: %+v, %v", head, err)
	}
	vkey, err := key.SM2VerifierKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	v, err := SM2Verifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(signed, note.VerifierList(own, v)); err != nil || len(n.Sigs) != 2 {
		t.Errorf("a reader of both: %v", err)
	}
	changed := bytes.Replace(signed, []byte("\n7\n"), []byte("\n8\n"), 1)
	if _, err := note.Open(changed, note.VerifierList(v)); err == nil {
		t.Error("a changed head under SM2 alone")
	}
	if v.Verify([]byte("x"), make([]byte, 64)) || v.Verify([]byte("x"), nil) {
		t.Error("no signature is taken for one")
	}
	for _, bad := range []string{"", origin, VerifierKey(origin, key.Public()), strings.Replace(vkey, "+", "+0", 1), vkey[:len(vkey)-8] + "AAAAAAAA"} {
		if _, err := SM2Verifier(bad); err == nil {
			t.Errorf("%q is a verifier key", bad)
		}
	}
}

// TestSM2AsTheStandardSignsIt: the example of GB/T 32918.5-2017 annex A.2 (recommended curve): key, id and message of the
// standard, whose signature must verify.
func TestSM2AsTheStandardSignsIt(t *testing.T) {
	number := func(hex string) *big.Int {
		n, _ := new(big.Int).SetString(strings.ReplaceAll(hex, " ", ""), 16)
		return n
	}
	key := append(number("09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020").FillBytes(make([]byte, 32)),
		number("CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13").FillBytes(make([]byte, 32))...)
	pub, err := sm2.ParseUncompressedPublicKey(append([]byte{4}, key...))
	if err != nil {
		t.Fatal(err)
	}
	v := sm2Verifier{"x/y", pub, key}
	signature := append(number("F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3").FillBytes(make([]byte, 32)),
		number("B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA").FillBytes(make([]byte, 32))...)
	if !v.Verify([]byte("message digest"), signature) {
		t.Error("the standard's signature does not verify")
	}
}
