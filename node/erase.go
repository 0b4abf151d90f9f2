package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// EraseReason says why words are erased.
type EraseReason string

// The reasons. No other one is a ground for making something unreadable.
const (
	EraseAsked     EraseReason = "asked"     // 当事人申请: the person concerned asked for it
	EraseRetention EraseReason = "retention" // 保存期满: the time for which they are kept is over
	EraseMistake   EraseReason = "mistake"   // 误填: they should never have been said here
)

// EraseReasons lists them in the order of the interface.
var EraseReasons = []EraseReason{EraseAsked, EraseRetention, EraseMistake}

// mostErased bounds the entries that one erasure names.
const mostErased = 1000

// ErasedFacts: the words of which entries of this book are erased, and why.
type ErasedFacts struct {
	Indexes []int64     `json:"indexes"` // of entries before this one, rising
	Reason  EraseReason `json:"reason"`
}

// ErasedWords name the request or the rule, without repeating what is erased.
type ErasedWords struct {
	Reference string `json:"reference"`         // number of the request, or the rule
	AskedBy   string `json:"askedBy,omitempty"` // the office or role that asked
}

// WordsErased 删除正文: the words of these entries of this book are gone, with their salt and attachments, on every
// node that applies this. The entries stay, and what was proven by them stays proven. Who erases what a neighbour reads too
// says it in the book that the neighbour reads.
var WordsErased = &Kind[ErasedFacts, ErasedWords]{
	Name: "node.words.erased/1", Action: "node.words.erase",
	Allow: func(_ context.Context, _ *Writing, _ string, _ ErasedFacts, words *ErasedWords) error {
		return words.named()
	},
	Check: checkErased,
	Apply: func(ctx context.Context, own *Own, _ book.Entry, f ErasedFacts) ([]string, error) {
		for _, i := range f.Indexes {
			_, err := own.Exec(ctx, `INSERT INTO node_erased (book, idx, erasure) VALUES (?, ?, ?)`, i, own.Index)
			if err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
	effect: func(ctx context.Context, n *Node, own *Own, f ErasedFacts) error {
		for _, i := range f.Indexes {
			if err := n.destroy(ctx, own.tx, own.Book, i); err != nil {
				return fmt.Errorf("erase the words of %s/%d: %w", own.Book, i, err)
			}
		}
		return nil
	},
}

// EraseGrounds tells at once all that a request to erase leaves unsaid of its grounds, each at its field: what a form asks before it is sent.
func EraseGrounds(reason EraseReason, words ErasedWords) error {
	return errors.Join(reason.known(), words.named())
}

func (r EraseReason) known() error {
	if !slices.Contains(EraseReasons, r) {
		return refuse.New("node.erase.reason", "reason", string(r)).At("reason")
	}
	return nil
}

func (w *ErasedWords) named() error {
	if w == nil || strings.TrimSpace(w.Reference) == "" {
		return refuse.New("node.erase.reference-missing").At("reference")
	}
	return nil
}

func checkErased(ctx context.Context, own *Own, _ book.Entry, f ErasedFacts) error {
	if err := f.Reason.known(); err != nil {
		return err
	}
	if len(f.Indexes) == 0 || len(f.Indexes) > mostErased {
		return refuse.New("node.erase.count", "most", mostErased).At("index")
	}
	for n, i := range f.Indexes {
		if n > 0 && i <= f.Indexes[n-1] || i < 0 || i >= own.Index {
			return refuse.New("node.erase.index", "index", i).At("index")
		}
		if err := hasWords(ctx, own, i); err != nil {
			return err
		}
	}
	return nil
}

// hasWords: the entry committed to words, and no earlier erasure names it.
func hasWords(ctx context.Context, own *Own, index int64) error {
	var raw []byte
	err := own.from().Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, own.Book, index).Scan(&raw)
	if err != nil {
		return fmt.Errorf("entry %s/%d: %w", own.Book, index, err)
	}
	if e, err := book.Scan(raw); err != nil || e.Words == nil {
		return refuse.New("node.erase.nothing", "index", index).At("index")
	}
	var by int64
	err = own.Row(ctx, `SELECT erasure FROM node_erased WHERE book = ? AND idx = ?`, index).Scan(&by)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return refuse.New("node.erase.already", "index", index, "erasure", by).At("index")
}

// GoneFacts: nothing but that it is done; the cause says what.
type GoneFacts struct{}

// NoWords are those of a kind that never has any.
type NoWords struct{}

// WordsGone 删除确认: "what the cause, an erasure in a neighbour's book of this circle, names is gone here as well: from
// the database, its log and the attachments". The node says it by itself, once, after it is so.
var WordsGone = &Kind[GoneFacts, NoWords]{
	Name: "node.words.gone/1", Action: "node.words.confirm",
	Check: func(ctx context.Context, own *Own, e book.Entry, _ GoneFacts) error {
		if e.Circle == Self || len(e.Causes) != 1 {
			return refuse.New("node.gone.cause")
		}
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		if cause.Kind != WordsErased.Name || cause.Member == e.Member || cause.Circle != e.Circle {
			return refuse.New("node.gone.cause")
		}
		var twice int
		err = own.Row(ctx, `SELECT count(*) FROM node_gone WHERE book = ? AND member = ? AND erasure = ?`,
			cause.Member, e.Causes[0].Index).Scan(&twice)
		if err == nil && twice > 0 {
			return refuse.New("node.gone.twice")
		}
		return err
	},
	Apply: func(ctx context.Context, own *Own, e book.Entry, _ GoneFacts) ([]string, error) {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO node_gone (book, member, erasure, idx, at) VALUES (?, ?, ?, ?, ?)`,
			cause.Member, e.Causes[0].Index, own.Index, e.At.UnixMilli())
		return nil, err
	},
}

// Forgotten are words that are being erased, as a module sees them for the last time.
type Forgotten struct {
	Book  string
	Index int64
	Words []byte
}

var fileName = regexp.MustCompile(`"(f-[A-Z2-7]{20,32})"`)

// destroy takes the words of an entry out of the store, with what modules made from them, and notes what is left
// to be done after the commit. A second time it finds nothing to do.
func (n *Node) destroy(ctx context.Context, tx *store.Tx, name string, index int64) error {
	var raw, words []byte
	var state int64
	err := tx.Row(ctx, `SELECT entry, words, erased FROM book_entry WHERE book = ? AND idx = ?`, name, index).Scan(&raw, &words, &state)
	if err != nil || words == nil && state == wordsErased {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE book_entry SET salt = NULL, words = NULL, erased = ? WHERE book = ? AND idx = ?`, wordsErased, name, index)
	if err != nil || words == nil {
		return err
	}
	if e, err := book.Scan(raw); err == nil { // what was made from sealed words was made from what they say
		if p := n.Plain(e, book.WordsHere, words); p.State == PlainHere {
			words = p.Text
		}
	}
	for _, m := range n.modules {
		if m.Forget == nil {
			continue
		}
		if err := m.Forget(ctx, tx, Forgotten{name, index, words}); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	files := []string{}
	for _, f := range fileName.FindAllSubmatch(words, -1) {
		files = append(files, string(f[1]))
	}
	list, err := json.Marshal(files)
	if err != nil {
		return err
	}
	n.forgetful.Store(true)
	_, err = tx.Exec(ctx, `INSERT INTO book_forget (book, idx, files) VALUES (?, ?, ?)
		ON CONFLICT (book, idx) DO UPDATE SET files = excluded.files`, name, index, string(list))
	return err
}
