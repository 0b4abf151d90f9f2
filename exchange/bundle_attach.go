package exchange

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// Attachment (附件) is a file that an entry names in its words, bound by a salted hash.
type Attachment struct {
	Blob string
	Size int64 // bytes
	Salt book.Salt
	Hash string // SHA-256 of salt and content, hex
}

// honest says that the file bears the name that its author and its hash give it. Under any other name it could take another's place, and nobody takes it.
func (a Attachment) honest(member string) bool { return a.Blob == node.BlobName(member, a.Hash) }

// matches reads content to its end and tells whether it is what the entry named.
func (a Attachment) matches(content io.Reader) bool {
	sum := sha256.New()
	sum.Write(a.Salt[:])
	n, err := io.Copy(sum, io.LimitReader(content, a.Size+1))
	return err == nil && n == a.Size && hex.EncodeToString(sum.Sum(nil)) == a.Hash
}

// Attached finds the attachments that the words of an entry name.
type Attached func(e book.Entry, words []byte) []Attachment

// attach writes the attachments that a group's words name and that stand here, each once a part.
func (e *export) attach(ctx context.Context, h bookHead, at int64, entries [][]byte) error {
	if e.Attached == nil || e.Node.Blobs == nil {
		return nil
	}
	type namedBy struct {
		index int64
		a     Attachment
	}
	var named []namedBy
	err := e.Node.Store.Read(ctx, func(tx *store.Tx) error {
		for i, raw := range entries {
			entry, err := book.Scan(raw)
			if err != nil || entry.Words == nil {
				continue // an entry that cannot be read is set aside everywhere and names nothing
			}
			var words []byte
			if err := tx.Row(ctx, `SELECT words FROM book_entry WHERE book = ? AND idx = ?`, h.Book, at+int64(i)).Scan(&words); err != nil {
				return err
			}
			for _, a := range e.Attached(entry, words) {
				named = append(named, namedBy{at + int64(i), a})
			}
		}
		return nil
	})
	for _, n := range named {
		if err == nil {
			err = e.blob(ctx, h, BundledFile{n.a.Blob, h.Member, n.index}, n.a)
		}
	}
	return err
}

func (e *export) blob(ctx context.Context, h bookHead, named BundledFile, a Attachment) error {
	if e.part.blobs[a.Blob] || !bundledBlob.MatchString(a.Blob) {
		return nil
	}
	f, err := e.Node.Blobs.Open(a.Blob)
	if errors.Is(err, node.ErrErased) {
		return nil // erased, or never ours
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if !a.matches(f) {
		return nil // what is damaged here is named by book verify, and handed on to nobody
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if !e.part.room(e.Split, a.Size, 8) && e.part.attached+e.stretch().To > e.stretch().From {
		if err := e.turn(ctx, h, e.stretch().To); err != nil {
			return err
		}
	}
	e.part.attached++
	e.part.blobs[a.Blob] = true
	e.part.manifest.Attachments = append(e.part.manifest.Attachments, named)
	return e.part.copy(bundleFiles+a.Blob, f, zip.Deflate)
}

// attachment takes one that an entry which stands here names, and only with the content that it names.
func (im Importing) attachment(ctx context.Context, o *opening, named BundledFile) (taken bool, err error) {
	blobs := im.Follower.Node.Blobs
	if f, err := blobs.Open(named.Blob); err == nil {
		return false, f.Close()
	}
	var raw, words []byte
	err = im.Follower.Node.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`,
			named.Member+"/"+o.Circle, named.Index).Scan(&raw, &words)
	})
	if err != nil || words == nil {
		return false, nil // its entry is not here, or its words were erased: nobody asks for it
	}
	e, err := book.Scan(raw)
	if err != nil {
		return false, nil // as above
	}
	for _, a := range im.Attached(e, words) {
		if a.Blob != named.Blob || !a.honest(named.Member) || a.Size < 0 || a.Size > mostAttachment {
			continue
		}
		f, err := o.open(bundleFiles+a.Blob, a.Size)
		if err != nil {
			return false, err
		}
		sum := sha256.New()
		sum.Write(a.Salt[:])
		err = blobs.Take(a.Blob, io.TeeReader(io.LimitReader(f, a.Size+1), sum), func() bool {
			return hex.EncodeToString(sum.Sum(nil)) == a.Hash
		})
		return err == nil, errors.Join(err, f.Close())
	}
	return false, nil
}
