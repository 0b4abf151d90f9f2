package node

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"

	"liandong/book"
)

// Blobs keeps attachments in a depot, each under the name that its author and its salted hash give it: nobody can give
// another's file its name, and with it take its place or keep it from being erased. What a file says, and the hash that binds it, stands in the words of the entry it belongs to.
type Blobs struct {
	Depot  Depot
	dir    string    // of what is on its way
	member string    // whose node it is, once it has one
	rand   io.Reader // of the node, once it has one
}

// OpenBlobs keeps attachments in dir, which is made if it is missing.
func OpenBlobs(dir string) (*Blobs, error) {
	return OpenBlobsIn(dir, &folderDepot{dir: dir, sync: syncDir})
}

// OpenBlobsIn keeps attachments in a depot, and what is on its way in dir, which is made if it is missing.
func OpenBlobsIn(dir string, depot Depot) (*Blobs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of the attachments: %w", err)
	}
	return &Blobs{Depot: depot, dir: dir, rand: rand.Reader}, nil
}

// ErrTooLarge is returned for more bytes than the limit; nothing is kept.
var ErrTooLarge = errors.New("the attachment is larger than allowed")

// ErrErased means that the attachment is not here: erased, or never ours.
var ErrErased = errors.New("the attachment is not here")

// Blob is an attachment as the words of an entry bind it.
type Blob struct {
	Name string    `json:"name"` // in the folder of attachments
	Size int64     `json:"size"` // bytes
	Salt book.Salt `json:"salt"`
	Hash string    `json:"hash"` // SHA-256 of salt and content, hex
}

// blobHashed is how many bytes make the name: 160 bits, 32 letters.
const blobHashed = 20

// BlobName is the name of a member's attachment by its salted hash: the beginning of SHA-256 over both. Names of before, of 26 letters, were
// made up.
func BlobName(member, hash string) string {
	sum := sha256.Sum256([]byte(member + "\n" + hash))
	return "f-" + base32.StdEncoding.EncodeToString(sum[:blobHashed])
}

var (
	madeUp   = regexp.MustCompile(`^f-[A-Z2-7]{20,31}$`)
	hashText = regexp.MustCompile(`"([0-9a-f]{64})"`)
)

// namedBy are the names that a member's words give with right: those that their hashes make, and made-up ones.
func namedBy(member string, words []byte) (all []string) {
	right := map[string]bool{}
	for _, h := range hashText.FindAllSubmatch(words, -1) {
		right[BlobName(member, string(h[1]))] = true
	}
	for _, f := range fileName.FindAllSubmatch(words, -1) {
		if name := string(f[1]); right[name] || madeUp.MatchString(name) {
			all = append(all, name)
		}
	}
	return all
}

// Put stores what r gives, at most limit bytes, durably.
func (b *Blobs) Put(r io.Reader, limit int64) (kept Blob, err error) {
	if kept.Salt, err = book.NewSalt(b.rand); err != nil {
		return Blob{}, err
	}
	f, err := os.CreateTemp(b.dir, ".part-")
	if err != nil {
		return Blob{}, fmt.Errorf("store an attachment: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	sum := sha256.New()
	sum.Write(kept.Salt[:])
	kept.Size, err = io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, limit+1))
	if err != nil {
		return Blob{}, fmt.Errorf("store an attachment: %w", err)
	}
	if kept.Size > limit {
		return Blob{}, ErrTooLarge
	}
	if err := f.Sync(); err != nil {
		return Blob{}, fmt.Errorf("store an attachment: %w", err)
	}
	kept.Hash = hex.EncodeToString(sum.Sum(nil))
	kept.Name = BlobName(b.member, kept.Hash)
	if err := b.Depot.Keep(kept.Name, f.Name()); err != nil {
		return Blob{}, fmt.Errorf("store an attachment: %w", err)
	}
	return kept, nil
}

// Open reads an attachment; its name must be one that Put gave.
func (b *Blobs) Open(name string) (File, error) {
	if !blobName.MatchString(name) {
		return nil, ErrErased
	}
	f, err := b.Depot.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrErased
	}
	return f, err
}

// Has tells whether an attachment is here. Where the depot does not answer it is taken to be: who opens it is told then.
func (b *Blobs) Has(name string) bool {
	if b == nil || !blobName.MatchString(name) {
		return false
	}
	has, err := b.Depot.Has(name)
	return has || err != nil
}

// Ready asks a depot elsewhere whether it answers and opens with the key of the folder.
func (b *Blobs) Ready() error {
	if d, elsewhere := b.Depot.(interface{ Ready() error }); elsewhere {
		return d.Ready()
	}
	return nil
}

// Delete erases an attachment.
func (b *Blobs) Delete(name string) error {
	if !blobName.MatchString(name) {
		return ErrErased
	}
	return b.Depot.Delete(name)
}

var blobName = regexp.MustCompile(`^f-[A-Z2-7]{20,32}$`)

// Take stores an attachment that another member made up the name of, durably, unless one of that name is here
// already: that one is never replaced. holds is asked once all was read; when it says no, nothing is kept.
func (b *Blobs) Take(name string, r io.Reader, holds func() bool) error {
	if !blobName.MatchString(name) {
		return ErrErased
	}
	if has, err := b.Depot.Has(name); err != nil || has {
		return err
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
	if err := f.Sync(); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	if err := b.Depot.Keep(name, f.Name()); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	return nil
}

// ErrOtherContent: an attachment is not what its entry says.
var ErrOtherContent = errors.New("附件与记录中的散列不符 (the attachment is not what its entry says)")
