package plan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// openWhole opens an attachment that is what its hash says. It is read once for the hash before
// anything of it is given out.
func (d *Desk) openWhole(ref FileRef) (node.File, error) {
	f, err := d.node.Blobs.Open(ref.Blob)
	if err != nil {
		return nil, err
	}
	if err = ref.matches(f); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// matches reads content to its end and refuses it as plan.file-damaged if it has another hash.
func (ref FileRef) matches(content io.Reader) error {
	sum := sha256.New()
	sum.Write(ref.Salt[:])
	if _, err := io.Copy(sum, content); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != ref.Hash {
		return refuse.New("plan.file-damaged", "name", ref.Name)
	}
	return nil
}

// VerifyFiles compares every attachment that this member's books name with its hash, each once. It
// fits node.VerifyOptions.
func (d *Desk) VerifyFiles(ctx context.Context, tx *store.Tx, fault func(node.Fault)) error {
	rows, err := tx.Query(ctx, `SELECT e.book, e.idx, e.entry, e.words FROM book_entry e
		JOIN book_head h ON h.book = e.book AND h.member = ? WHERE e.words IS NOT NULL ORDER BY e.book, e.idx`, d.node.Member)
	if err != nil {
		return err
	}
	defer rows.Close()
	seen := map[string]bool{}
	for rows.Next() {
		at := node.Fault{Code: node.FaultAttachment}
		var raw, wordsRaw []byte
		if err := rows.Scan(&at.Book, &at.Index, &raw, &wordsRaw); err != nil {
			return err
		}
		for _, ref := range namedFiles(raw, wordsRaw) {
			if seen[ref.Blob+ref.Hash] {
				continue
			}
			seen[ref.Blob+ref.Hash] = true
			if at.What = d.wrongWith(ref); at.What != "" {
				fault(at)
			}
		}
	}
	return rows.Err()
}

// namedFiles are the attachments of an entry; none of one that cannot be read, which is a fault of
// the book and named there.
func namedFiles(raw, wordsRaw []byte) []FileRef {
	if !bytes.Contains(wordsRaw, []byte(`"blob"`)) {
		return nil // most entries, without reading them
	}
	e, err := book.Scan(raw)
	if err != nil {
		return nil
	}
	files, err := filesIn(e.Kind, wordsRaw)
	if err != nil {
		return nil
	}
	return files
}

// wrongWith says for people what is wrong with an attachment, without its name; empty if nothing is.
func (d *Desk) wrongWith(ref FileRef) string {
	f, err := d.openWhole(ref)
	switch {
	case err == nil:
		_ = f.Close() // it was only read
		return ""
	case errors.Is(err, node.ErrErased):
		return "附件 " + ref.Blob + " 不在,请从备份找回 (the attachment is missing; find it in a backup)"
	case refuse.Is(err, "plan.file-damaged"):
		return "附件 " + ref.Blob + " 与账本中的散列不符,请从备份找回 (the attachment is damaged; find it in a backup)"
	}
	return "附件 " + ref.Blob + " 读不出来 (the attachment cannot be read): " + err.Error()
}

// FilesNamed are the attachments that the words of an entry name; none of one that cannot be read.
func FilesNamed(kind string, words []byte) []FileRef {
	if !bytes.Contains(words, []byte(`"blob"`)) {
		return nil // most entries, without reading them
	}
	files, err := filesIn(kind, words)
	if err != nil {
		return nil
	}
	return files
}
