package book

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint (签名账头) states what a book is at one moment:
//
//	suining.example/suitong
//	5
//	5jsuoKkoKZJGLRJHGyV5ZXbRF3Ks6yx6DAYEgyLXzPo=
//
//	— suining.example/suitong 1Kz2lw…
//
// Format: c2sp.org/tlog-checkpoint.
type Checkpoint struct {
	Origin    string
	Size      int64
	Root      tlog.Hash
	Extension []string // further lines; we write none, and ignore those of others
}

// The ways in which a checkpoint is refused; OpenCheckpoint wraps one of them.
var (
	ErrNotCheckpoint = errors.New("不是签名账头 (not a signed note)")
	ErrNoSignature   = errors.New("没有该密钥的签名 (no signature of this key)")
	ErrBadSignature  = errors.New("签名不符 (bad signature)")
	ErrWrongOrigin   = errors.New("来源不符 (wrong origin)")
	ErrBadSize       = errors.New("长度写法不对 (malformed size)")
	ErrBadRoot       = errors.New("根散列写法不对 (malformed root hash)")
	ErrTrailing      = errors.New("账头结尾不合格式 (malformed end of the text)")
)

// SignCheckpoint writes and signs a checkpoint. Each signer adds its line; the first should be the book's own.
func SignCheckpoint(origin string, size int64, root tlog.Hash, signers ...note.Signer) ([]byte, error) {
	if !IsOrigin(origin) {
		return nil, fmt.Errorf("sign checkpoint: %w: %q", ErrWrongOrigin, origin)
	}
	if size < 0 {
		return nil, fmt.Errorf("sign checkpoint: %w: %d", ErrBadSize, size)
	}
	if len(signers) == 0 {
		return nil, fmt.Errorf("sign checkpoint: %w", ErrNoSignature)
	}
	body := origin + "\n" + strconv.FormatInt(size, 10) + "\n" + base64.StdEncoding.EncodeToString(root[:]) + "\n"
	text, err := note.Sign(&note.Note{Text: body}, signers...)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint of %s: %w", origin, err)
	}
	return text, nil
}

// OpenCheckpoint checks the signature of v and reads the checkpoint. Signature lines of other keys are ignored.
func OpenCheckpoint(text []byte, origin string, v note.Verifier) (Checkpoint, error) {
	n, err := note.Open(text, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of %s: %w", origin, signatureError(err))
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of %s: %w", origin, err)
	}
	if c.Origin != origin {
		return Checkpoint{}, fmt.Errorf("checkpoint of %s: %w: %q", origin, ErrWrongOrigin, c.Origin)
	}
	return c, nil
}

// SizeOf reads how many entries a checkpoint is of, without looking at its signatures.
func SizeOf(text []byte) (int64, error) {
	body, _, err := splitNote(text)
	if err != nil {
		return 0, err
	}
	c, err := parseCheckpoint(string(body))
	return c.Size, err
}

// signatureError translates the errors of the note package into the three that an operator must tell apart.
func signatureError(err error) error {
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		return ErrNoSignature
	case errors.As(err, &invalid):
		return fmt.Errorf("%w: %s+%08x", ErrBadSignature, invalid.Name, invalid.Hash)
	}
	return fmt.Errorf("%w: %v", ErrNotCheckpoint, err)
}

// parseCheckpoint reads the text of the note. Numbers and hashes have one form: each is written again and compared.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return Checkpoint{}, fmt.Errorf("%w: %d lines", ErrTrailing, len(lines)-1)
	}
	c := Checkpoint{Origin: lines[0]}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("%w: %q", ErrBadSize, lines[1])
	}
	root, ok := decodeHash([]byte(lines[2]))
	if !ok {
		return Checkpoint{}, fmt.Errorf("%w: %q", ErrBadRoot, lines[2])
	}
	c.Size, c.Root = size, root
	for _, line := range lines[3 : len(lines)-1] {
		if line == "" {
			return Checkpoint{}, fmt.Errorf("%w: empty line", ErrTrailing)
		}
		c.Extension = append(c.Extension, line)
	}
	return c, nil
}
