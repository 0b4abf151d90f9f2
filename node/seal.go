package node

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// The states of words as this node can read them. None is an error.
const (
	PlainNone     = "none"       // the entry never had words
	PlainHere     = "here"       // 在
	PlainErased   = "erased"     // 已删除
	PlainWithheld = "withheld"   // they did not come along yet
	PlainNotOurs  = "not-for-us" // 不供本方阅: sealed for other members
	PlainBroken   = "unreadable" // 打不开: sealed in a newer form, or badly by its author
)

// Plain are the words of an entry, opened where they were sealed.
type Plain struct {
	State string
	Text  []byte   // in state PlainHere
	To    []string // members that may read them; nil: all who read the book
}

// Plain reads the words of an entry as they lie beside it: nil where they are none, erased or withheld, which the state
// says. Everybody who shows words of neighbours reads them through this.
func (n *Node) Plain(e book.Entry, state book.WordsState, words []byte) Plain {
	if state != book.WordsHere {
		return Plain{State: state.String()}
	}
	if !book.IsSealed(words) {
		return Plain{State: PlainHere, Text: words}
	}
	text, to, err := book.OpenWords(book.SealContext(e.Member, e.Circle, e.Kind), n.sealingKeys(), words)
	switch {
	case err == nil:
		return Plain{State: PlainHere, Text: text, To: to}
	case errors.Is(err, book.ErrNotForUs):
		return Plain{State: PlainNotOurs, To: to}
	}
	return Plain{State: PlainBroken, To: to}
}

// PlainAt reads the words of one entry.
func (n *Node) PlainAt(ctx context.Context, tx *store.Tx, name string, index int64) (book.Entry, Plain, error) {
	raw, err := Entries(ctx, tx, name, index, 1)
	if err != nil {
		return book.Entry{}, Plain{}, err
	}
	if len(raw) == 0 {
		return book.Entry{}, Plain{}, unknownEntry(ctx, tx, name, index)
	}
	e, err := book.Scan(raw[0])
	if err != nil {
		return e, Plain{}, fmt.Errorf("entry %s/%d: %w", name, index, err)
	}
	beside, err := Beside(ctx, tx, name, index, 1)
	if err != nil || len(beside) == 0 {
		return e, Plain{}, err
	}
	return e, n.Plain(e, beside[0].Words.State, beside[0].Words.Text), nil
}

// SealingKey is the key by which others seal words for this member now.
func (n *Node) SealingKey() (book.SealingKey, error) { return n.SigningKey().SealingKey() }

// sealingKeys are those of the present and of all former signing keys: what was sealed before a roll is read after it.
// A node opened without its key has none.
func (n *Node) sealingKeys() (all []book.SealingKey) {
	keys := []book.Key{n.SigningKey()}
	if former := n.former.Load(); former != nil {
		keys = append(keys, *former...)
	}
	for _, k := range keys {
		if s, err := k.SealingKey(); err == nil {
			all = append(all, s)
		}
	}
	return all
}

// readFormer reads the keys that were rolled: they sign nothing any more, and still open what was sealed to them.
func (f *Folder) readFormer() error {
	paths, err := filepath.Glob(filepath.Join(f.Dir, folderKey+".until-*"))
	if err != nil {
		return err
	}
	var former []book.Key
	for _, path := range paths {
		key, err := readKey(path)
		if err != nil {
			return err
		}
		former = append(former, key)
	}
	f.Node.former.Store(&former)
	return nil
}

// SealForm is a form of sealed words, with a key of its own (book.SealWords).
type SealForm string

// The forms: HPKE and AES, or SM2 and SM4.
const (
	SealHPKE SealForm = "node_seal"
	SealSM2  SealForm = "node_seal_sm2"
)

// key is the half of a sealing key for the form.
func (f SealForm) key(k book.SealingKey) []byte {
	if f == SealSM2 {
		return k.PublicSM2()
	}
	return k.Public()
}

// SealForms are those for which this node shows a key: SM2 where its heads have a line of SM2 too.
func (n *Node) SealForms() []SealForm {
	if n.sm2 {
		return []SealForm{SealHPKE, SealSM2}
	}
	return []SealForm{SealHPKE}
}

// SealingPublic is the key by which others seal words of a form for this member now.
func (n *Node) SealingPublic(f SealForm) ([]byte, error) {
	k, err := n.SealingKey()
	if err != nil {
		return nil, err
	}
	return f.key(k), nil
}

// ShowSealing notes in a book's rows by which key words of a form are sealed for its member. Only Apply calls it.
func (o *Own) ShowSealing(ctx context.Context, f SealForm, public []byte) error {
	_, err := o.Exec(ctx, `INSERT INTO `+string(f)+` (book, pubkey, idx) VALUES (?, ?, ?)
		ON CONFLICT (book) DO UPDATE SET pubkey = excluded.pubkey, idx = excluded.idx`, book.SealingKeyText(public), o.Index)
	return err
}

// SealingShown is the key of a form that a member shows in its book of a circle; nil: none.
func SealingShown(ctx context.Context, tx *store.Tx, f SealForm, member, circle string) ([]byte, error) {
	var text string
	err := tx.Row(ctx, `SELECT pubkey FROM `+string(f)+` WHERE book = ?`, member+"/"+circle).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sealing key of %s in %s: %w", member, circle, err)
	}
	return base64.StdEncoding.DecodeString(text)
}

// seal puts words into an envelope for members of the circle, and for their author: by SM2 where this node and all of
// them show such a key, else by HPKE.
func (w *Writing) seal(ctx context.Context, kind, circle string, to []string, words []byte) ([]byte, error) {
	if circle == Self {
		return nil, refuse.New("node.seal.self").At("to")
	}
	var all []book.SealRecipient
	forms := w.node.SealForms()
	for i := len(forms) - 1; i >= 0; i-- {
		var err error
		if all, err = w.recipients(ctx, forms[i], circle, to); err == nil {
			break
		}
		if i == 0 || !refuse.Is(err, "node.seal.no-key") {
			return nil, err
		}
	}
	return book.SealWords(w.node.rand, book.SealContext(w.node.Member, circle, kind), all, words)
}

// recipients are the author and those named, with their keys of a form.
func (w *Writing) recipients(ctx context.Context, f SealForm, circle string, to []string) ([]book.SealRecipient, error) {
	own, err := w.node.SealingPublic(f)
	if err != nil {
		return nil, err
	}
	all := []book.SealRecipient{{Member: w.node.Member, Key: own}}
	others := slices.Clone(to)
	slices.Sort(others)
	for _, member := range slices.Compact(others) {
		if member == w.node.Member {
			continue
		}
		key, err := SealingShown(ctx, w.Tx(), f, member, circle)
		if err != nil {
			return nil, err
		}
		if key == nil {
			return nil, refuse.New("node.seal.no-key", "member", member, "circle", circle).At("to")
		}
		all = append(all, book.SealRecipient{Member: member, Key: key})
	}
	return all, nil
}
