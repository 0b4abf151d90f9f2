package book

import (
	"encoding/base64"
	"fmt"
	"io"
)

// Salt (盐) hides the words behind their commitment: without it nobody can try out guesses. It is kept and
// erased together with the words.
type Salt [32]byte

// Commitment (承诺) binds an entry to the words beside it.
type Commitment [32]byte

// commitDomain keeps a commitment from ever being the hash of something else; salt and prefix have fixed lengths.
const commitDomain = "liandong/words/1\n"

// NewSalt draws 32 bytes from rand.
func NewSalt(rand io.Reader) (Salt, error) {
	var s Salt
	if _, err := io.ReadFull(rand, s[:]); err != nil {
		return Salt{}, fmt.Errorf("draw a salt: %w", err)
	}
	return s, nil
}

// Commit is SHA-256("liandong/words/1\n" ‖ salt ‖ words).
func Commit(salt Salt, words []byte) Commitment {
	var room [1024]byte
	return Commitment(sum(append(append(append(room[:0], commitDomain...), salt[:]...), words...)))
}

// MarshalText writes the salt in standard base64.
func (s Salt) MarshalText() ([]byte, error) { return base64.StdEncoding.AppendEncode(nil, s[:]), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Salt) UnmarshalText(b []byte) error {
	h, ok := decodeHash(b)
	if !ok {
		return &ScanError{Reason: BadHash, Key: "salt"}
	}
	*s = Salt(h)
	return nil
}

// String is the commitment in standard base64, as it stands in an entry.
func (c Commitment) String() string { return base64.StdEncoding.EncodeToString(c[:]) }

// WordsState says what became of an entry's words.
type WordsState uint8

// The states of words. Erased and withheld are defined states, not errors.
const (
	WordsNone     WordsState = iota // the entry never had any
	WordsHere                       // 在: salt and text are at hand
	WordsErased                     // 已删除: salt and text were erased
	WordsWithheld                   // 不供本方阅: meant for other members
)

// String gives the word used in files and JSON.
func (s WordsState) String() string {
	return [...]string{"none", "here", "erased", "withheld"}[s]
}

// Words (正文) is what lies beside an entry. Salt and Text count only in state WordsHere.
type Words struct {
	State WordsState
	Salt  Salt
	Text  []byte
}
