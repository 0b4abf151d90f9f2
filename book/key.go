package book

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// algEd25519 is the signature type of c2sp.org/signed-note for Ed25519.
const algEd25519 = 1

// keyPrefix begins the key file of a node.
const keyPrefix = "liandong-signing-key/1 "

// Key (签名密钥) is the one Ed25519 key of a member. Its name in a note is the origin of the book, so each book
// has a verifier key of its own from the same key. Printing a Key does not show it.
type Key struct{ private ed25519.PrivateKey }

// GenerateKey draws a key from rand.
func GenerateKey(rand io.Reader) (Key, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return Key{}, fmt.Errorf("draw a signing key: %w", err)
	}
	return Key{ed25519.NewKeyFromSeed(seed)}, nil
}

// NewKey draws a key for one origin and gives it in the text forms of signed notes, for tools that want them.
// A node uses GenerateKey.
func NewKey(rand io.Reader, origin string) (skey, vkey string, err error) {
	if !IsOrigin(origin) {
		return "", "", fmt.Errorf("new key: %w: %q", ErrWrongOrigin, origin)
	}
	return note.GenerateKey(rand, origin)
}

// Public is the public half.
func (k Key) Public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

// Signer signs checkpoints of the book origin.
func (k Key) Signer(origin string) note.Signer {
	return signer{name: origin, hash: keyHash(origin, k.Public()), key: k.private}
}

// VerifierKey is the verifier key of the book origin: "suining.example/suitong+3f9ab8d1+AT…".
func VerifierKey(origin string, pub ed25519.PublicKey) string {
	data := append([]byte{algEd25519}, pub...)
	return fmt.Sprintf("%s+%08x+%s", origin, keyHash(origin, pub), base64.StdEncoding.EncodeToString(data))
}

// Verifier reads the verifier key of a book; its name must be an origin.
func Verifier(vkey string) (note.Verifier, error) {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("验证公钥不合格式 (malformed verifier key): %w", err)
	}
	if !IsOrigin(v.Name()) {
		return nil, fmt.Errorf("verifier key: %w: %q", ErrWrongOrigin, v.Name())
	}
	return v, nil
}

// keyHash is the key id of c2sp.org/signed-note: SHA-256(name ‖ 0x0A ‖ type ‖ key), first four bytes.
func keyHash(name string, pub ed25519.PublicKey) uint32 {
	h := sha256.Sum256(append(append([]byte(name), '\n', algEd25519), pub...))
	return binary.BigEndian.Uint32(h[:])
}

type signer struct {
	name string
	hash uint32
	key  ed25519.PrivateKey
}

func (s signer) Name() string                    { return s.name }
func (s signer) KeyHash() uint32                 { return s.hash }
func (s signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }

// String and GoString show the public half only: a key must not reach a log by accident.
func (k Key) String() string {
	if k.private == nil {
		return "signing key (none)"
	}
	return "signing key of " + base64.StdEncoding.EncodeToString(k.Public())
}

// GoString see String.
func (k Key) GoString() string { return k.String() }

// MarshalText gives the line of the key file. It holds the secret.
func (k Key) MarshalText() ([]byte, error) {
	if k.private == nil {
		return nil, errors.New("没有签名密钥可写 (no signing key to write)")
	}
	return []byte(keyPrefix + base64.StdEncoding.EncodeToString(k.private.Seed()) + "\n"), nil
}

// UnmarshalText reads the line of the key file.
func (k *Key) UnmarshalText(text []byte) error {
	line, ok := strings.CutPrefix(strings.TrimSuffix(string(text), "\n"), keyPrefix)
	seed, err := base64.StdEncoding.Strict().DecodeString(line)
	if !ok || err != nil || len(seed) != ed25519.SeedSize {
		return errors.New("签名密钥文件不合格式,请从备份恢复 (malformed signing key file; restore it from the backup)")
	}
	k.private = ed25519.NewKeyFromSeed(seed)
	return nil
}

// KeyID is the key's id as signature lines carry it: eight hexadecimal digits.
func KeyID(v note.Verifier) string { return fmt.Sprintf("%08x", v.KeyHash()) }

// PublicKeyOf is the public half that a verifier key names.
func PublicKeyOf(vkey string) (ed25519.PublicKey, error) {
	if _, err := Verifier(vkey); err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(vkey, "+")
	_, text, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algEd25519 {
		return nil, fmt.Errorf("验证公钥不合格式 (malformed verifier key): %q", vkey)
	}
	return raw[1:], nil
}
