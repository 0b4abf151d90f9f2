package book

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Words for named members only (密封正文) are an envelope: JSON like all words, bound by the entry's commitment like all
// words, so that every member of the circle keeps, carries and proves them, and only those named can read them.
//
//	{"sealed":1,"to":[{"member":"500152","key":"…","wrap":"…"}],"commit":"…","box":"…"}
//
// box is the text under a cipher with a key of its own, used once (nonce of zeros); wrap is that key for one member. Form 1
// wraps by HPKE (RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; the encapsulated key first) and
// boxes by AES-256-GCM; form 2 wraps by SM2 (GB/T 32918.4-2016) and boxes by SM4-GCM (GB/T 32907-2016), see
// envelope_sm2.go. The box is bound to who says it, in which circle, as which kind: see SealContext. commit is a hash of the key: neither cipher
// keeps an author from making one box that opens to one text under one key and to another under another, which he could wrap for two members.
type envelope struct {
	Sealed int         `json:"sealed"`
	To     []sealedFor `json:"to"`
	Commit []byte      `json:"commit"`
	Box    []byte      `json:"box"`
}

type sealedFor struct {
	Member string `json:"member"`
	Key    []byte `json:"key"`
	Wrap   []byte `json:"wrap"`
}

// sealDomain keeps the key that opens envelopes apart from all others.
const sealDomain = "liandong/seal/1"

// envelopeMark is how an envelope begins; plain words never do.
const envelopeMark = `{"sealed":`

// The ways in which an envelope is not read. The first two are defined states; the third is the author's doing.
var (
	ErrNotForUs    = errors.New("正文不供本方阅 (the words are for other members)")
	ErrNewerSeal   = errors.New("密封格式较新,本版本打不开 (sealed in a newer form)")
	ErrBrokenWords = errors.New("密封正文已损坏或不合格式 (a broken envelope)")
)

// SealingKey (启封密钥) opens envelopes of both forms. It is derived from the signing key, so that a member guards one secret.
type SealingKey struct {
	key hpke.PrivateKey
	sm2 *sm2.PrivateKey
}

// SealingKey derives the key by which others seal words for the member.
func (k Key) SealingKey() (SealingKey, error) {
	secret, err := k.secret(sealDomain)
	if err != nil {
		return SealingKey{}, err
	}
	key, err := hpke.DHKEM(ecdh.X25519()).DeriveKeyPair(secret)
	if err != nil {
		return SealingKey{}, fmt.Errorf("derive %s: %w", sealDomain, err)
	}
	second, err := k.sm2Key(sealSM2Domain)
	return SealingKey{key, second}, err
}

// Public is the half that neighbours seal to in form 1, 32 bytes.
func (s SealingKey) Public() []byte { return s.key.PublicKey().Bytes() }

// IsSealingKey tells whether bytes can be sealed to: 32 of form 1, or 64 of form 2.
func IsSealingKey(public []byte) bool {
	if len(public) == sm2Point {
		_, err := sm2Public(public)
		return err == nil
	}
	_, err := sealTo(public, "", []byte("try")) // a point of low order fails only here
	return err == nil
}

// SealRecipient is a member that may read an envelope.
type SealRecipient struct {
	Member string
	Key    []byte // SealingKey.Public, or of all recipients PublicSM2
}

// SealContext binds an envelope to its place: whoever copies it into an entry of his own has something that nobody opens.
func SealContext(member, circle, kind string) string {
	return sealDomain + "\n" + member + "\n" + circle + "\n" + kind + "\n"
}

func sealTo(public []byte, context string, plain []byte) ([]byte, error) {
	key, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	return hpke.Seal(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(context), plain)
}

// SealWords puts words into an envelope for the recipients, in their order: of form 2 where all keys are of SM2.
func SealWords(rand io.Reader, context string, to []SealRecipient, words []byte) ([]byte, error) {
	form, seal := forms[1], sealTo
	if !slices.ContainsFunc(to, func(r SealRecipient) bool { return len(r.Key) != sm2Point }) {
		form, seal = forms[2], sealToSM2(rand)
	}
	content := make([]byte, form.keySize)
	if _, err := io.ReadFull(rand, content); err != nil {
		return nil, fmt.Errorf("draw a key for an envelope: %w", err)
	}
	e := envelope{Sealed: form.number, To: []sealedFor{}, Commit: form.commitTo(content)}
	for _, r := range to {
		wrap, err := seal(r.Key, context, content)
		if err != nil {
			return nil, fmt.Errorf("seal words for %s: %w", r.Member, err)
		}
		e.To = append(e.To, sealedFor{r.Member, r.Key, wrap})
	}
	aead, err := form.cipher(content)
	if err != nil {
		return nil, err
	}
	e.Box = aead.Seal(nil, make([]byte, aead.NonceSize()), words, []byte(context))
	return json.Marshal(e)
}

// form is how the text of an envelope is enciphered.
type form struct {
	number, keySize int
	block           func(key []byte) (cipher.Block, error)
	hash            func() hash.Hash
}

var forms = map[int]form{1: {1, 32, aes.NewCipher, sha256.New}, 2: {2, sm4.BlockSize, sm4.NewCipher, sm3.New}}

// commitTo names a content key without showing it.
func (f form) commitTo(content []byte) []byte {
	h := f.hash()
	h.Write([]byte(sealDomain + "/commit\n"))
	h.Write(content)
	return h.Sum(nil)
}

func (f form) cipher(key []byte) (cipher.AEAD, error) {
	if len(key) != f.keySize {
		return nil, fmt.Errorf("key of an envelope: %d bytes", len(key))
	}
	block, err := f.block(key)
	if err != nil {
		return nil, fmt.Errorf("key of an envelope: %w", err)
	}
	return cipher.NewGCM(block)
}

// IsSealed tells whether words are an envelope, of this form or a newer one.
func IsSealed(words []byte) bool { return bytes.HasPrefix(words, []byte(envelopeMark)) }

// readEnvelope reads an envelope as strictly as facts.
func readEnvelope(words []byte) (e envelope, err error) {
	rest, _ := bytes.CutPrefix(words, []byte(envelopeMark))
	version, _, _ := bytes.Cut(rest, []byte(","))
	if v, err := strconv.Atoi(string(version)); err == nil && v > len(forms) {
		return e, ErrNewerSeal
	}
	if err := DecodeFacts(words, &e); err != nil || forms[e.Sealed].number == 0 || len(e.To) == 0 {
		return e, ErrBrokenWords
	}
	for _, r := range e.To {
		if !IsMember(r.Member) {
			return e, ErrBrokenWords
		}
	}
	return e, nil
}

// OpenWords opens an envelope with whichever of the keys it is for. to names the members it is for, also where it is
// not for us.
func OpenWords(context string, keys []SealingKey, words []byte) (text []byte, to []string, err error) {
	e, err := readEnvelope(words)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range e.To {
		to = append(to, r.Member)
	}
	for _, r := range e.To {
		for _, k := range keys {
			if !bytes.Equal(k.Public(), r.Key) && !bytes.Equal(k.PublicSM2(), r.Key) {
				continue
			}
			text, err := e.open(context, k, r)
			return text, to, err
		}
	}
	return nil, to, ErrNotForUs
}

func (e envelope) open(context string, k SealingKey, r sealedFor) ([]byte, error) {
	var content []byte
	var err error
	if e.Sealed == 2 {
		content, err = k.sm2.Decrypt(nil, r.Wrap, sm2Opens)
	} else {
		content, err = hpke.Open(k.key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(context), r.Wrap)
	}
	if err != nil {
		return nil, ErrBrokenWords
	}
	aead, err := forms[e.Sealed].cipher(content)
	if err != nil || !bytes.Equal(forms[e.Sealed].commitTo(content), e.Commit) {
		return nil, ErrBrokenWords
	}
	text, err := aead.Open(nil, make([]byte, aead.NonceSize()), e.Box, []byte(context))
	if err != nil {
		return nil, ErrBrokenWords
	}
	return text, nil
}

// SealingKeyText writes the public half as facts name it.
func SealingKeyText(public []byte) string { return base64.StdEncoding.EncodeToString(public) }
