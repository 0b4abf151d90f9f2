package book

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func sealingKey(t *testing.T, seed byte) SealingKey {
	t.Helper()
	key, err := GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := key.SealingKey()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnEnvelopeIsReadByThoseNamedOnly(t *testing.T) {
	t.Run("HPKE", func(t *testing.T) { namedOnly(t, 1, SealingKey.Public) })
	t.Run("SM2", func(t *testing.T) { namedOnly(t, 2, SealingKey.PublicSM2) })
}

func namedOnly(t *testing.T, form int, public func(SealingKey) []byte) {
	suining, tongnan, yibin := sealingKey(t, 1), sealingKey(t, 2), sealingKey(t, 3)
	where := SealContext("510900", "suitong", "plan.report.accepted/1")
	text := []byte(`{"progress":"演示数据"}`)
	words, err := SealWords(rand.Reader, where, []SealRecipient{{"510900", public(suining)}, {"500152", public(tongnan)}}, text)
	if err != nil {
		t.Fatal(err)
	}
	this := fmt.Sprintf(`"sealed":%d`, form)
	if !strings.HasPrefix(string(words), "{"+this) || !IsSealed(words) || IsSealed(text) || bytes.Contains(words, []byte("演示")) {
		t.Errorf("envelope: %s", words)
	}
	swap := func(old, with string) []byte { return []byte(strings.Replace(string(words), old, with, 1)) }
	flip := func(at int) []byte {
		b := slices.Clone(words)
		if b[at] == 'A' {
			b[at] = 'B'
		} else {
			b[at] = 'A'
		}
		return b
	}
	begins, ends := bytes.Index(words, []byte(`"commit"`)), bytes.Index(words, []byte(`"box"`))
	without := slices.Concat(words[:begins], words[ends:])
	for _, c := range []struct {
		name  string
		where string
		keys  []SealingKey
		words []byte
		want  error
	}{
		{"its author", where, []SealingKey{suining}, words, nil},
		{"who is named", where, []SealingKey{tongnan}, words, nil},
		{"who is named, under a key it rolled since", where, []SealingKey{yibin, tongnan}, words, nil},
		{"who is not", where, []SealingKey{yibin}, words, ErrNotForUs},
		{"who reads without a key", where, nil, words, ErrNotForUs},
		{"copied by another member", SealContext("511500", "suitong", "plan.report.accepted/1"), []SealingKey{tongnan}, words, ErrBrokenWords},
		{"copied into another circle", SealContext("510900", "chengyu", "plan.report.accepted/1"), []SealingKey{tongnan}, words, ErrBrokenWords},
		{"copied into another kind", SealContext("510900", "suitong", "plan.report.filed/1"), []SealingKey{tongnan}, words, ErrBrokenWords},
		{"a changed box", where, []SealingKey{tongnan}, flip(len(words) - 10), ErrBrokenWords},
		{"a changed key", where, []SealingKey{suining}, flip(bytes.Index(words, []byte(`"wrap":"`)) + 20), ErrBrokenWords},
		{"of a newer form", where, []SealingKey{tongnan}, swap(this, `"sealed":3`), ErrNewerSeal},
		{"of no form", where, []SealingKey{tongnan}, swap(this, `"sealed":0`), ErrBrokenWords},
		{"passed off as the other form", where, []SealingKey{tongnan}, swap(this, fmt.Sprintf(`"sealed":%d`, 3-form)), ErrBrokenWords},
		{"a key of no member", where, []SealingKey{tongnan}, swap(`"500152"`, `"x"`), ErrBrokenWords},
		{"a commitment to another key", where, []SealingKey{tongnan}, flip(bytes.Index(words, []byte(`"commit":"`)) + 20), ErrBrokenWords},
		{"no commitment", where, []SealingKey{tongnan}, without, ErrBrokenWords},
		{"an unknown field", where, []SealingKey{tongnan}, swap(`"box"`, `"bow":1,"box"`), ErrBrokenWords},
		{"cut short", where, []SealingKey{tongnan}, words[:len(words)-3], ErrBrokenWords},
	} {
		got, to, err := OpenWords(c.where, c.keys, c.words)
		if !errors.Is(err, c.want) || c.want == nil && (!bytes.Equal(got, text) || !slices.Equal(to, []string{"510900", "500152"})) || c.want != nil && got != nil {
			t.Errorf("%s: %s to %v, %v; want %v", c.name, got, to, err, c.want)
		}
	}
	if IsSealingKey(make([]byte, 32)) || IsSealingKey(make([]byte, 31)) || IsSealingKey(make([]byte, 64)) || !IsSealingKey(public(yibin)) {
		t.Error("keys that can be sealed to are told wrongly")
	}
}

// TestTwoMembersReadTheSameWords: an author who wraps another key for one of two members shows him nothing, whatever that key makes of the box.
func TestTwoMembersReadTheSameWords(t *testing.T) {
	tongnan, yibin := sealingKey(t, 2), sealingKey(t, 3)
	where := SealContext("510900", "suitong", "plan.report.accepted/1")
	seal := func(text string) (e envelope) {
		words, err := SealWords(rand.Reader, where, []SealRecipient{{"500152", tongnan.Public()}, {"511500", yibin.Public()}}, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if e, err = readEnvelope(words); err != nil {
			t.Fatal(err)
		}
		return e
	}
	one, another := seal(`{"progress":"演示数据 1"}`), seal(`{"progress":"演示数据 2"}`)
	one.To[1] = another.To[1]
	one.Box = another.Box // stands for a box that opens under both keys
	words, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []SealingKey{tongnan, yibin} {
		if text, _, err := OpenWords(where, []SealingKey{k}, words); !errors.Is(err, ErrBrokenWords) {
			t.Errorf("reads %s, %v", text, err)
		}
	}
}
