package node

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"liandong/book"
	"liandong/store"
)

// folderNextKey waits in the folder of a node from before its books say it until it has taken the place of the
// key. A key file is never removed: see RollKey.
const folderNextKey = "key.next"

// SigningKey is the key that signs the member's books now. Keys for cosigning and for requests are derived from it,
// so whoever needs one asks each time: a roll changes them.
func (n *Node) SigningKey() book.Key { return *n.key.Load() }

// RollKey 更换密钥: say writes into the books of all circles that the next key follows; their heads with these
// entries are signed by the present key and kept (RolledHead), and then by the next one. At no moment has the
// node a key that its books do not say: the next key lies in the folder before the books name it, and takes the
// place of the key after that was stored; where that was cut off, opening the folder does it. The former key
// stays in the folder under the name key.until-….
func (f *Folder) RollKey(ctx context.Context, req Request, say func(ctx context.Context, w *Writing, next book.Key) error) (Receipt, error) {
	f.rolling.Lock()
	defer f.rolling.Unlock()
	next, err := f.nextKey(f.rand)
	if err != nil {
		return Receipt{}, err
	}
	r, err := f.ask(ctx, &waiting{req: req, rolls: &next, act: func(ctx context.Context, w *Writing) error {
		return say(ctx, w, next)
	}})
	return r, errors.Join(err, f.settleKey(context.WithoutCancel(ctx)))
}

// ErrKeyHere: the folder has a signing key, which is not lost.
var ErrKeyHere = errors.New("目录中还有 key 文件,密钥没有丢失:更换请用 liandong key roll (the key is not lost; roll it instead)")

// ReplaceKey gives a node whose signing key is lost another one: all its heads are signed anew, at the sizes they have.
// No entry can say so under the lost key, so each neighbour's people recognise the new one by another invitation.
// instead is the file of a key to take: where a backup from before a roll was restored, and the key of after it is at
// hand, which the neighbours know already. Empty: a new key.
func ReplaceKey(ctx context.Context, dir, instead string, modules []Module, o FolderOptions) error {
	o.lost, o.instead = true, instead
	f, err := OpenFolder(ctx, dir, modules, o)
	if err != nil {
		return err
	}
	return f.Close()
}

func (f *Folder) keyForLost(o FolderOptions) (book.Key, error) {
	if o.instead != "" {
		key, err := readKey(o.instead)
		if err != nil {
			return key, err
		}
		return key, f.writeNext(key)
	}
	if _, err := os.Stat(filepath.Join(f.Dir, folderKey)); err == nil {
		return book.Key{}, ErrKeyHere
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return f.nextKey(o.Rand)
}

// replaceKey may have been cut off after the heads were signed: then only the file is left to put into its place.
func (f *Folder) replaceKey(ctx context.Context) error {
	key := f.SigningKey()
	other, err := f.otherBook(ctx, key)
	if err != nil {
		return err
	}
	if other != "" {
		nothing := func(context.Context, *Writing) error { return nil }
		if _, err := f.ask(ctx, &waiting{receives: true, rolls: &key, act: nothing}); err != nil {
			return err
		}
	}
	former, err := readKey(filepath.Join(f.Dir, folderKey))
	if errors.Is(err, fs.ErrNotExist) {
		return f.placeKey()
	}
	if err != nil {
		return err
	}
	return f.switchKey(former)
}

// nextKey is the key that waits, from an earlier try that came to nothing, or a new one.
func (f *Folder) nextKey(random io.Reader) (book.Key, error) {
	path := filepath.Join(f.Dir, folderNextKey)
	next, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return next, err
	}
	if next, err = book.GenerateKey(random); err != nil {
		return next, err
	}
	return next, f.writeNext(next)
}

// writeNext lets a key wait. It is there whole or not at all.
func (f *Folder) writeNext(next book.Key) error {
	path := filepath.Join(f.Dir, folderNextKey)
	if waits, err := readKey(path); err == nil && !waits.Public().Equal(next.Public()) {
		return fmt.Errorf("%s 已有另一把密钥,请先移走 (another key waits there; move it away)", path)
	}
	half := path + ".new" // cut off while it was written, it is nobody's key yet
	if err := os.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeKey(half, next); err != nil {
		return err
	}
	if err := os.Rename(half, path); err != nil {
		return fmt.Errorf("write the next key: %w", err)
	}
	return syncDir(f.Dir)
}

// settleKey sees to it that the key of the folder is the one that the books are signed by. Another one would make
// heads that nobody believes.
func (f *Folder) settleKey(ctx context.Context) error {
	key, err := ReadKey(f.Dir)
	if err != nil {
		return err
	}
	other, err := f.otherBook(ctx, key)
	if err != nil || other == "" {
		return err
	}
	wrong := fmt.Errorf("签名密钥不是账本 %s 的密钥,请放回原来的 key 文件 (the signing key is not that of the books)", other)
	next, err := readKey(filepath.Join(f.Dir, folderNextKey))
	if errors.Is(err, fs.ErrNotExist) {
		return wrong
	}
	if err != nil {
		return err
	}
	if other, err = f.otherBook(ctx, next); err != nil || other != "" {
		return errors.Join(err, wrong)
	}
	if err := f.switchKey(key); err != nil {
		return err
	}
	f.Node.key.Store(&next)
	return f.readFormer()
}

// otherBook is one of the member's books that another key than this one signs; empty: there is none.
func (f *Folder) otherBook(ctx context.Context, key book.Key) (origin string, err error) {
	err = f.Store.Read(ctx, func(tx *store.Tx) error {
		books, err := Books(ctx, tx)
		origin = f.signedElse(books, key)
		return err
	})
	return origin, err
}

func (f *Folder) signedElse(books []BookVerified, key book.Key) (origin string) {
	for _, b := range books {
		if b.Member == f.Member && b.Key != book.VerifierKey(b.Origin, key.Public()) && !f.isFormer(b) {
			return b.Origin
		}
	}
	return ""
}

// keyOf is the key of the folder that signed the books as a copy of the database has them: a roll may come between
// the copy and its key.
func (f *Folder) keyOf(books []BookVerified) (book.Key, error) {
	paths, err := filepath.Glob(filepath.Join(f.Dir, folderKey+"*"))
	if err != nil {
		return book.Key{}, err
	}
	for _, path := range paths {
		if key, err := readKey(path); err == nil && f.signedElse(books, key) == "" {
			return key, nil
		}
	}
	_, err = ReadKey(f.Dir)
	return book.Key{}, errors.Join(err, errors.New("目录中没有这些账本的签名密钥 (no key of these books in the folder)"))
}

// switchKey keeps the former key under another name and puts the next one into its place, at once.
func (f *Folder) switchKey(former book.Key) error {
	sum := sha256.Sum256(former.Public())
	path := filepath.Join(f.Dir, folderKey)
	err := os.Link(path, path+".until-"+hex.EncodeToString(sum[:4]))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep the former key: %w", err)
	}
	if err := syncDir(f.Dir); err != nil {
		return err
	}
	return f.placeKey()
}

// placeKey makes the next key the key.
func (f *Folder) placeKey() error {
	if err := os.Rename(filepath.Join(f.Dir, folderNextKey), filepath.Join(f.Dir, folderKey)); err != nil {
		return fmt.Errorf("put the next key into its place: %w", err)
	}
	return syncDir(f.Dir)
}

// roll signs the heads of all the member's books with the next key. Those signed by the present one are kept:
// who knows only that one follows the books up to them.
func (b *batch) roll(ctx context.Context, next book.Key) error {
	heads, err := storedHeads(ctx, b.tx)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if h.Member != b.node.Member {
			continue
		}
		if err := b.node.signAnew(ctx, b.tx, h, next); err != nil {
			return err
		}
	}
	return nil
}

// signAnew signs a head with another key, and keeps it under the key it had.
func (n *Node) signAnew(ctx context.Context, tx *store.Tx, h storedHead, key book.Key) error {
	_, err := tx.Exec(ctx, `INSERT INTO book_rolled (book, verifier, size, checkpoint) VALUES (?, ?, ?, ?)
		ON CONFLICT (book, verifier) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint`,
		h.Book, h.Key, h.Size, h.checkpoint)
	if err != nil {
		return err
	}
	checkpoint, err := n.signHead(key, h.Origin, h.Size, h.Root)
	if err != nil {
		return fmt.Errorf("sign the head of %s: %w", h.Book, err)
	}
	_, err = tx.Exec(ctx, `UPDATE book_head SET verifier = ?, checkpoint = ? WHERE book = ?`,
		book.VerifierKey(h.Origin, key.Public()), checkpoint, h.Book)
	return err
}

// RolledHead is the last head of a book under a key that was rolled since; id names the key as signature lines
// do, eight hexadecimal digits. ErrNoBook if no such key signed the book.
func RolledHead(ctx context.Context, tx *store.Tx, name, id string) ([]byte, error) {
	rows, err := tx.Query(ctx, `SELECT verifier, checkpoint FROM book_rolled WHERE book = ?`, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var verifier string
		var checkpoint []byte
		if err := rows.Scan(&verifier, &checkpoint); err != nil {
			return nil, err
		}
		if _, rest, _ := strings.Cut(verifier, "+"); strings.HasPrefix(rest, id+"+") {
			return checkpoint, nil
		}
	}
	return nil, errors.Join(rows.Err(), fmt.Errorf("%s: %w", name, ErrNoBook))
}
