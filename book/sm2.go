package book

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

// A second signature line of a checkpoint may be SM2 with SM3 (GB/T 32918.2-2016, GB/T 32905-2016), for members whose
// rules ask for commercial cryptography (商用密码). signed-note has no registered type for it, so the type is 0xff with
// a name of ours behind it, as c2sp.org/signed-note provides; readers that do not know it ignore the line.
var sm2Mark = []byte("\xffliandong/sm2-sm3/1\n")

const sm2Domain = "liandong/sm2/1"

// sm2ID is the signer's distinguishing id of GB/T 32918.2 section 5.5, in its customary value.
var sm2ID = []byte("1234567812345678")

// SM2Signer signs checkpoints of the book origin with a key derived from the signing key.
func (k Key) SM2Signer(origin string) (note.Signer, error) {
	key, err := k.sm2Key(sm2Domain)
	if err != nil {
		return nil, err
	}
	v, err := sm2VerifierOf(origin, &key.PublicKey)
	return sm2Signer{v, key}, err
}

// sm2Key: 48 bytes taken modulo the order less one leave no bias worth speaking of (NIST SP 800-56A, 5.6.1.2.1).
func (k Key) sm2Key(domain string) (*sm2.PrivateKey, error) {
	if k.private == nil {
		return nil, errors.New("没有签名密钥 (no signing key)")
	}
	seed, err := hkdf.Key(sha256.New, k.private.Seed(), nil, domain, 48)
	if err != nil {
		return nil, fmt.Errorf("derive the SM2 key: %w", err)
	}
	most := new(big.Int).Sub(sm2.P256().Params().N, big.NewInt(2))
	d := new(big.Int).SetBytes(seed)
	key, err := sm2.NewPrivateKeyFromInt(d.Mod(d, most).Add(d, big.NewInt(1)))
	if err != nil {
		return nil, fmt.Errorf("derive the SM2 key: %w", err)
	}
	return key, nil
}

// SM2VerifierKey writes the verifier key: name+hash+base64(0xff, type, X, Y).
func (k Key) SM2VerifierKey(origin string) (string, error) {
	key, err := k.sm2Key(sm2Domain)
	if err != nil {
		return "", err
	}
	v, err := sm2VerifierOf(origin, &key.PublicKey)
	return fmt.Sprintf("%s+%08x+%s", origin, v.KeyHash(), base64.StdEncoding.EncodeToString(v.data())), err
}

// SM2Verifier reads an SM2 verifier key.
func SM2Verifier(vkey string) (note.Verifier, error) {
	malformed := errors.New("SM2 验证公钥不合格式 (malformed SM2 verifier key)")
	name, rest, _ := strings.Cut(vkey, "+")
	hash, text, ok := strings.Cut(rest, "+")
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	point, typed := bytes.CutPrefix(data, sm2Mark)
	if !ok || err != nil || !typed || len(point) != 64 || !IsOrigin(name) {
		return nil, malformed
	}
	pub, err := sm2.ParseUncompressedPublicKey(append([]byte{4}, point...))
	if err != nil {
		return nil, malformed
	}
	v := sm2Verifier{name, pub, point}
	if fmt.Sprintf("%08x", v.KeyHash()) != hash {
		return nil, malformed
	}
	return v, nil
}

type sm2Verifier struct {
	name  string
	pub   *ecdsa.PublicKey
	point []byte // X and Y
}

func sm2VerifierOf(name string, pub *ecdsa.PublicKey) (sm2Verifier, error) {
	key, err := sm2.PublicKeyToECDH(pub)
	if err != nil {
		return sm2Verifier{}, fmt.Errorf("public SM2 key: %w", err)
	}
	return sm2Verifier{name, pub, key.Bytes()[1:]}, nil
}

func (v sm2Verifier) data() []byte {
	return slices.Concat(sm2Mark, v.point)
}

func (v sm2Verifier) Name() string { return v.name }

func (v sm2Verifier) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(v.name+"\n"), v.data()...))
	return binary.BigEndian.Uint32(sum[:])
}

// Verify takes r and s, 32 bytes each.
func (v sm2Verifier) Verify(message, signature []byte) bool {
	if len(signature) != 64 {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	hash, err := sm2.CalculateSM2Hash(v.pub, message, sm2ID)
	return err == nil && sm2.Verify(v.pub, hash, r, s)
}

type sm2Signer struct {
	sm2Verifier
	key *sm2.PrivateKey
}

func (s sm2Signer) Sign(message []byte) ([]byte, error) {
	hash, err := sm2.CalculateSM2Hash(s.pub, message, sm2ID)
	if err != nil {
		return nil, fmt.Errorf("sign with SM2: %w", err)
	}
	r, t, err := sm2.Sign(rand.Reader, &s.key.PrivateKey, hash)
	if err != nil {
		return nil, fmt.Errorf("sign with SM2: %w", err)
	}
	return append(r.FillBytes(make([]byte, 32)), t.FillBytes(make([]byte, 32))...), nil
}
