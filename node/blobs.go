package node

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// Blobs keeps attachments as files of a folder under made-up names. What a file says, and the
// salted hash that binds it, stands in the words of the entry it belongs to.
type Blobs struct {
	dir  string
	rand io.Reader // of the node, once it has one
	sync func(dir string) error
}

// OpenBlobs uses dir, which is made if it is missing.
func OpenBlobs(dir string) (*Blobs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of the attachments: %w", err)
	}
	return &Blobs{dir: dir, rand: rand.Reader, sync: syncDir}, nil
}

// ErrTooLarge is returned for more bytes than the limit; nothing is kept.
var ErrTooLarge = errors.New("the attachment is larger than allowed")

// ErrErased means that the attachment is not here: erased, or never ours.
var ErrErased = errors.New("the attachment is not here")

// Put stores what r gives, at most limit bytes, durably, and returns its name and size.
func (b *Blobs) Put(r io.Reader, limit int64) (name string, size int64, err error) {
	name = "f-" + randomText(b.rand)
	f, err := os.CreateTemp(b.dir, ".part-")
	if err != nil {
		return "", 0, fmt.Errorf("store an attachment: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	size, err = io.Copy(f, io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, fmt.Errorf("store an attachment: %w", err)
	}
	if size > limit {
		return "", 0, ErrTooLarge
	}
	if err := f.Sync(); err != nil {
		return "", 0, fmt.Errorf("store an attachment: %w", err)
	}
	path := b.path(name)
	if err := b.spread(filepath.Dir(path)); err != nil {
		return "", 0, fmt.Errorf("store an attachment: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return "", 0, fmt.Errorf("store an attachment: %w", err)
	}
	return name, size, b.sync(filepath.Dir(path))
}

// spread makes the folder of two letters, durably: a file is only as lasting as the name of its folder.
func (b *Blobs) spread(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return errors.Join(err, b.sync(b.dir))
}

// Open reads an attachment; its name must be one that Put gave.
func (b *Blobs) Open(name string) (*os.File, error) {
	if !blobName.MatchString(name) {
		return nil, ErrErased
	}
	f, err := os.Open(b.path(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrErased
	}
	return f, err
}

// Has tells whether an attachment is here.
func (b *Blobs) Has(name string) bool {
	if b == nil || !blobName.MatchString(name) {
		return false
	}
	_, err := os.Stat(b.path(name))
	return err == nil
}

// Delete erases an attachment.
func (b *Blobs) Delete(name string) error {
	if !blobName.MatchString(name) {
		return ErrErased
	}
	return os.Remove(b.path(name))
}

var blobName = regexp.MustCompile(`^f-[A-Z2-7]{20,32}$`)

// path spreads the files over folders by their first two letters.
func (b *Blobs) path(name string) string { return filepath.Join(b.dir, name[2:4], name) }

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Take stores an attachment that another member made up the name of, durably, unless one of that name is here
// already: that one is never replaced. holds is asked once all was read; when it says no, nothing is kept.
func (b *Blobs) Take(name string, r io.Reader, holds func() bool) error {
	if !blobName.MatchString(name) {
		return ErrErased
	}
	path := b.path(name)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	f, err := os.CreateTemp(b.dir, ".part-")
	if err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	if !holds() {
		return ErrOtherContent
	}
	if err := errors.Join(f.Sync(), b.spread(filepath.Dir(path))); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("take an attachment: %w", err)
	}
	return b.sync(filepath.Dir(path))
}

// ErrOtherContent: an attachment is not what its entry says.
var ErrOtherContent = errors.New("附件与记录中的散列不符 (the attachment is not what its entry says)")
