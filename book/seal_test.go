package book

import (
	"bytes"
	"errors"
	"testing"
)

func TestSeal(t *testing.T) {
	key := testKey(t, 5)
	const pass = "三江六岸 1234"
	sealed, err := key.Seal(pass)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, key.private.Seed()) {
		t.Fatal("the sealed key shows the seed")
	}
	again, err := OpenSealed(sealed, pass)
	if err != nil || !again.Public().Equal(key.Public()) {
		t.Fatalf("opened: %v", err)
	}
	second, err := key.Seal(pass)
	if err != nil || bytes.Equal(sealed, second) {
		t.Errorf("sealing twice gives the same bytes (%v)", err)
	}
	if _, err := OpenSealed(sealed, pass+"5"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	for _, at := range []int{len(sealMark), len(sealMark) + 4, len(sealMark) + 8, len(sealMark) + 9, sealHeader - 1, sealHeader, len(sealed) - 1} {
		bad := bytes.Clone(sealed)
		bad[at] ^= 0x80
		if _, err := OpenSealed(bad, pass); err == nil {
			t.Errorf("byte %d changed, and it opened", at)
		}
	}
	for _, bad := range [][]byte{nil, sealed[:len(sealed)-1], append(bytes.Clone(sealed), 0)} {
		if _, err := OpenSealed(bad, pass); err == nil {
			t.Errorf("%d bytes were opened", len(bad))
		}
	}
}

func TestSealRefuses(t *testing.T) {
	if _, err := testKey(t, 1).Seal("short"); err == nil {
		t.Error("a short passphrase was taken")
	}
	if _, err := (Key{}).Seal("long enough for this"); err == nil {
		t.Error("no key was sealed")
	}
}

func TestWordsAndSalt(t *testing.T) {
	if _, err := NewSalt(bytes.NewReader(make([]byte, 31))); err == nil {
		t.Error("a salt of 31 bytes was drawn")
	}
	salt, err := NewSalt(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	if Commit(salt, []byte("a")) == Commit(Salt{}, []byte("a")) || Commit(salt, []byte("a")) == Commit(salt, []byte("b")) {
		t.Error("commitment does not depend on salt and words")
	}
	b, _ := salt.MarshalText()
	var again Salt
	if err := again.UnmarshalText(b); err != nil || again != salt {
		t.Errorf("salt read back: %v", err)
	}
	if again.UnmarshalText(b[1:]) == nil {
		t.Error("a short salt was read")
	}
}
