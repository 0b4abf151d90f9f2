package book

import (
	"crypto/ecdsa"
	"errors"
	"io"

	"github.com/emmansun/gmsm/sm2"
)

// Form 2 of an envelope is for members whose rules ask for the commercial ciphers (商用密码): the content key, 16 bytes, is
// enciphered by SM2 (GB/T 32918.4-2016; C1C3C2, ASN.1 of GB/T 35276-2017) to each member's key, and the words by SM4-GCM
// (GB/T 32907-2016, GB/T 17964-2021).

const (
	sealSM2Domain = "liandong/seal-sm2/1"
	sm2Point      = 64 // bytes of a public key: X and Y
)

var (
	sm2Seals = sm2.ASN1EncrypterOpts
	sm2Opens = sm2.ASN1DecrypterOpts
)

// PublicSM2 is the half that neighbours seal to in form 2: X and Y, 64 bytes.
func (s SealingKey) PublicSM2() []byte {
	v, err := sm2VerifierOf("", &s.sm2.PublicKey)
	if err != nil {
		return nil // no key that we derive
	}
	return v.point
}

func sm2Public(point []byte) (*ecdsa.PublicKey, error) {
	if len(point) != sm2Point {
		return nil, errors.New("not a public key of SM2")
	}
	return sm2.ParseUncompressedPublicKey(append([]byte{4}, point...))
}

func sealToSM2(rand io.Reader) func(public []byte, context string, plain []byte) ([]byte, error) {
	return func(public []byte, _ string, plain []byte) ([]byte, error) { // the context is bound by the box
		key, err := sm2Public(public)
		if err != nil {
			return nil, err
		}
		return sm2.Encrypt(rand, key, plain, sm2Seals)
	}
}
