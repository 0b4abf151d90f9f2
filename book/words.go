package book

import (
	"crypto/sha256"
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
	return commit(room[:0], salt, words)
}

func commit(room []byte, salt Salt, words []byte) Commitment {
	room = append(append(append(room[:0], commitDomain...), salt[:]...), words...)
	return sha256.Sum256(room)
}

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
