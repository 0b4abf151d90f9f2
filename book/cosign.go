package book

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// algCosignature is the signature type of c2sp.org/tlog-cosignature for Ed25519.
const algCosignature = 4

// cosignDomain keeps the witness key apart from the signing key: c2sp.org/tlog-cosignature wants a key of its own for
// each cosigner, and a member should have one secret to guard.
const cosignDomain = "liandong/witness/1"

// Cosigner (见证人) signs other members' heads: "at this time, this was the newest head of that book that I had
// verified". Format: c2sp.org/tlog-cosignature, Ed25519.
type Cosigner struct {
	name string
	key  ed25519.PrivateKey
}

// Cosigner derives the member's witness key from its signing key; name is that of its signature lines:
// "suining.example/witness".
func (k Key) Cosigner(name string) (Cosigner, error) {
	if k.private == nil || !IsOrigin(name) {
		return Cosigner{}, fmt.Errorf("witness %q: %w", name, ErrWrongOrigin)
	}
	key, err := k.derive(cosignDomain)
	return Cosigner{name, key}, err
}

// requestDomain keeps the key that signs requests apart from both others.
const requestDomain = "liandong/request/1"

// RequestKey signs the member's requests to read neighbours' books (RFC 9421). It is derived like the witness key.
func (k Key) RequestKey() (ed25519.PrivateKey, error) { return k.derive(requestDomain) }

func (k Key) derive(domain string) (ed25519.PrivateKey, error) {
	seed, err := k.secret(domain)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// secret is what another key is made of.
func (k Key) secret(domain string) ([]byte, error) {
	if k.private == nil {
		return nil, errors.New("没有签名密钥 (no signing key)")
	}
	seed, err := hkdf.Key(sha256.New, k.private.Seed(), nil, domain, ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("derive %s: %w", domain, err)
	}
	return seed, nil
}

// Public is the public half of the witness key.
func (c Cosigner) Public() ed25519.PublicKey { return c.key.Public().(ed25519.PublicKey) }

// CosignerKey writes the verifier key of a witness from the public half that neighbours recognise.
func CosignerKey(name string, pub ed25519.PublicKey) string {
	return Cosigner{name, nil}.verifierKey(pub)
}

// VerifierKey is the witness's verifier key, type 0x04: what neighbours keep.
func (c Cosigner) VerifierKey() string { return c.verifierKey(c.Public()) }

func (c Cosigner) verifierKey(pub ed25519.PublicKey) string {
	data := append([]byte{algCosignature}, pub...)
	return fmt.Sprintf("%s+%08x+%s", c.name, c.keyHash(pub), base64.StdEncoding.EncodeToString(data))
}

func (c Cosigner) keyHash(pub ed25519.PublicKey) uint32 {
	h := sha256.Sum256(slices.Concat([]byte(c.name+"\n"), []byte{algCosignature}, pub))
	return binary.BigEndian.Uint32(h[:])
}

// Cosign gives the signature line for a checkpoint that the caller has verified. at counts in whole seconds.
func (c Cosigner) Cosign(checkpoint []byte, at time.Time) ([]byte, error) {
	body, _, err := splitNote(checkpoint)
	if err != nil {
		return nil, fmt.Errorf("cosign: %w", err)
	}
	seconds := at.Unix()
	message := append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", seconds), body...)
	line := binary.BigEndian.AppendUint32(nil, c.keyHash(c.Public()))
	line = binary.BigEndian.AppendUint64(line, uint64(seconds))
	line = append(line, ed25519.Sign(c.key, message)...)
	return fmt.Appendf(nil, "— %s %s\n", c.name, base64.StdEncoding.EncodeToString(line)), nil
}

// splitNote parts a signed note into its text, with the last line end, and its signature lines.
func splitNote(signed []byte) (text, lines []byte, err error) {
	at := bytes.LastIndex(signed, []byte("\n\n"))
	if at < 0 || !bytes.HasSuffix(signed, []byte("\n")) {
		return nil, nil, ErrNotCheckpoint
	}
	return signed[:at+1], signed[at+2:], nil
}

// WitnessVerifier reads a witness's verifier key.
func WitnessVerifier(vkey string) (note.Verifier, error) {
	v, err := f_note.NewVerifierForCosignatureV1(vkey)
	if err != nil {
		return nil, fmt.Errorf("见证公钥不合格式 (malformed verifier key of a witness): %w", err)
	}
	if !IsOrigin(v.Name()) {
		return nil, fmt.Errorf("verifier key of a witness: %w: %q", ErrWrongOrigin, v.Name())
	}
	return v, nil
}

// Cosignature (见证) says which witness had seen a head, and when.
type Cosignature struct {
	Witness string    // name of its key
	At      time.Time // UTC, whole seconds, by the witness's clock
}

// OpenCosigned is OpenCheckpoint that also checks the lines of witnesses. A line of a witness that is known but does
// not hold makes the whole note refused: somebody changed it. Lines of unknown keys are ignored.
func OpenCosigned(text []byte, origin string, own note.Verifier, witnesses ...note.Verifier) (Checkpoint, []Cosignature, error) {
	head, err := OpenCheckpoint(text, origin, own)
	if err != nil || len(witnesses) == 0 {
		return head, nil, err
	}
	n, err := note.Open(text, note.VerifierList(witnesses...))
	var none *note.UnverifiedNoteError
	if errors.As(err, &none) {
		return head, nil, nil
	}
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("checkpoint of %s: %w", origin, signatureError(err))
	}
	var seen []Cosignature
	for _, s := range n.Sigs {
		at, err := f_note.CoSigV1Timestamp(s)
		if err != nil {
			return Checkpoint{}, nil, fmt.Errorf("cosignature of %s: %w", s.Name, err)
		}
		seen = append(seen, Cosignature{s.Name, at.UTC()})
	}
	slices.SortFunc(seen, func(a, b Cosignature) int { return strings.Compare(a.Witness, b.Witness) })
	return head, seen, nil
}

// AddCosignatures puts a witness's answer under a checkpoint: of its lines those that hold under a known witness's
// key, in place of the same key's earlier one. What is unknown or does not hold is left out (c2sp.org/tlog-witness:
// a client ignores cosignatures of unknown keys).
func AddCosignatures(checkpoint, lines []byte, witnesses ...note.Verifier) ([]byte, error) {
	text, old, err := splitNote(checkpoint)
	if err != nil {
		return nil, fmt.Errorf("add cosignatures: %w", err)
	}
	kept := old
	for line := range bytes.Lines(lines) {
		signed := slices.Concat(text, []byte("\n"), line)
		n, err := note.Open(signed, note.VerifierList(witnesses...))
		if err != nil {
			continue
		}
		kept = append(withoutKey(kept, n.Sigs[0]), line...)
	}
	return slices.Concat(text, []byte("\n"), kept), nil
}

// WithoutCosignatures is a checkpoint with the signature line of the book's own key and no other.
func WithoutCosignatures(checkpoint []byte, vkey string) ([]byte, error) {
	v, err := Verifier(vkey)
	if err != nil {
		return nil, err
	}
	n, err := note.Open(checkpoint, note.VerifierList(v))
	if err != nil {
		return nil, fmt.Errorf("checkpoint of %s: %w", v.Name(), signatureError(err))
	}
	return fmt.Appendf(nil, "%s\n— %s %s\n", n.Text, n.Sigs[0].Name, n.Sigs[0].Base64), nil
}

// withoutKey drops the lines of one key.
func withoutKey(lines []byte, s note.Signature) []byte {
	var kept []byte
	for line := range bytes.Lines(lines) {
		rest, ok := bytes.CutPrefix(line, []byte("— "+s.Name+" "))
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(string(rest), "\n"))
		if ok && err == nil && len(raw) > 4 && binary.BigEndian.Uint32(raw) == s.Hash {
			continue
		}
		kept = append(kept, line...)
	}
	return kept
}
