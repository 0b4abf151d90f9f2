package stage

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"liandong/node"
	"liandong/store"
)

// changedByte is an entry of which a byte was changed in the store, with its true bytes.
type changedByte struct {
	Book  string `json:"book"`
	Index int64  `json:"index"`
	Entry []byte `json:"entry"`
}

// keptFile holds the true bytes while an entry is changed, so that they outlast a stop.
const keptFile = "stage.json"

// ChangeByte changes one byte of a published entry in a member's store, as who has the machine could, and looks whether
// the check of the books finds it.
func (s *Stage) ChangeByte(ctx context.Context, member string) error {
	p := s.post(member)
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.changed != nil {
		return nil
	}
	index, entry, err := s.published(ctx, p, s.others(p)...)
	if err != nil {
		return err
	}
	c := &changedByte{p.BookName(circle), index, entry}
	kept, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(p.Dir, keptFile), kept, 0o600); err != nil {
		return err
	}
	if err := putEntry(ctx, p.Folder, c, minuteLater(entry)); err != nil {
		return err
	}
	p.changed = c
	return p.verify(ctx)
}

func putEntry(ctx context.Context, f *node.Folder, c *changedByte, entry []byte) error {
	return f.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE book_entry SET entry = ? WHERE book = ? AND idx = ?`, entry, c.Book, c.Index)
		return err
	})
}

// Mend puts the true bytes back into the store of a node where an entry was changed on the stage.
func Mend(ctx context.Context, f *node.Folder) error {
	path := filepath.Join(f.Dir, keptFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var c changedByte
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err == nil {
		err = putEntry(ctx, f, &c, c.Entry)
	}
	if err == nil {
		err = os.Remove(path)
	}
	return err
}

// verdict is what the check of all books of a post said last.
type verdict struct {
	Found   node.Verified
	Changed bool // something was changed on the stage at that time
}

// Verify checks all books that stand at a member's node.
func (s *Stage) Verify(ctx context.Context, member string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.post(member).verify(ctx)
}

func (p *Post) verify(ctx context.Context) error {
	v, err := p.Folder.Verify(ctx, node.VerifyOptions{})
	if err == nil {
		p.verified = &verdict{v, p.changed != nil}
	}
	return err
}
