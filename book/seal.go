package book

import (
	"bytes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// A sealed key is: sealMark, argon2id's passes (uint32), memory in KiB (uint32) and lanes (uint8), salt (16 bytes),
// nonce (24), and the seed under XChaCha20-Poly1305 with all that precedes it as associated data. Numbers are
// big-endian. The cost stands in the file so that it can be raised without losing old backups.
const (
	sealMark   = "liandong-sealed-key/1\n"
	sealHeader = len(sealMark) + 4 + 4 + 1 + 16 + chacha20poly1305.NonceSizeX
)

type sealCost struct {
	passes, memory uint32
	lanes          uint8
}

// sealWith costs about a tenth of a second and 64 MiB (RFC 9106, second recommended option).
var sealWith = sealCost{passes: 3, memory: 64 << 10, lanes: 4}

// bearable: a file from outside must not make us use any amount of memory or time.
func (c sealCost) bearable() bool {
	return c.passes >= 1 && c.passes <= 32 && c.memory >= 8<<10 && c.memory <= 1<<20 && c.lanes >= 1 && c.lanes <= 16
}

// MinPassphrase is the least length in bytes of a passphrase for Seal.
const MinPassphrase = 12

// ErrPassphrase: the passphrase is wrong or the sealed key was changed; the two cannot be told apart.
var ErrPassphrase = errors.New("口令不对或密钥备份已损坏 (wrong passphrase, or the sealed key was changed)")

// Seal encrypts the key for a backup with argon2id and XChaCha20-Poly1305.
func (k Key) Seal(passphrase string) ([]byte, error) {
	if k.private == nil {
		return nil, errors.New("没有签名密钥可封存 (no signing key to seal)")
	}
	if len(passphrase) < MinPassphrase {
		return nil, fmt.Errorf("口令至少 %d 字节 (passphrase too short)", MinPassphrase)
	}
	random := make([]byte, 16+chacha20poly1305.NonceSizeX)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("seal key: %w", err)
	}
	b := make([]byte, 0, sealHeader+ed25519.SeedSize+chacha20poly1305.Overhead)
	b = binary.BigEndian.AppendUint32(append(b, sealMark...), sealWith.passes)
	b = binary.BigEndian.AppendUint32(b, sealWith.memory)
	b = append(append(b, sealWith.lanes), random...)
	aead, err := sealWith.cipher(passphrase, random[:16])
	if err != nil {
		return nil, fmt.Errorf("seal key: %w", err)
	}
	return aead.Seal(b, random[16:], k.private.Seed(), b), nil
}

// OpenSealed decrypts what Seal wrote. A wrong passphrase gives ErrPassphrase.
func OpenSealed(sealed []byte, passphrase string) (Key, error) {
	body, ok := bytes.CutPrefix(sealed, []byte(sealMark))
	if !ok || len(sealed) != sealHeader+ed25519.SeedSize+chacha20poly1305.Overhead {
		return Key{}, errors.New("不是封存的签名密钥 (not a sealed signing key)")
	}
	cost := sealCost{binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:]), body[8]}
	if !cost.bearable() {
		return Key{}, ErrPassphrase
	}
	aead, err := cost.cipher(passphrase, body[9:25])
	if err != nil {
		return Key{}, fmt.Errorf("open sealed key: %w", err)
	}
	head := sealed[:sealHeader]
	seed, err := aead.Open(nil, head[sealHeader-chacha20poly1305.NonceSizeX:], sealed[sealHeader:], head)
	if err != nil {
		return Key{}, ErrPassphrase
	}
	return Key{ed25519.NewKeyFromSeed(seed)}, nil
}

func (c sealCost) cipher(passphrase string, salt []byte) (cipher.AEAD, error) {
	return chacha20poly1305.NewX(argon2.IDKey([]byte(passphrase), salt, c.passes, c.memory, c.lanes, chacha20poly1305.KeySize))
}
