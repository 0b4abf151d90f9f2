package node

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/store"
)

// BackupFormat is the only format of backups so far: a zip file that holds manifest.json, the
// database as a SQLite file, the attachments, and the sealed signing key if it was asked for.
const BackupFormat = "liandong-backup/1"

const (
	backupManifest = "manifest.json"
	sealedSuffix   = ".sealed" // of the names that keys have in a folder
)

// Manifest (备份清单) says what a backup holds.
type Manifest struct {
	Format string `json:"format"`
	Identity
	At    time.Time      `json:"at"` // UTC
	Books []BookVerified `json:"books"`
	Files []BackupFile   `json:"files"`
	Key   bool           `json:"key"` // the signing key is in it, encrypted
}

// BackupFile is one file of a backup.
type BackupFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // hex
}

// BackupOptions say what goes into a backup.
type BackupOptions struct {
	// Passphrase under which the signing key is sealed; empty: the key stays out.
	Passphrase string
	// Prepare makes the lasting tables that no module brings (accounts) in a copy for another
	// engine. May be nil.
	Prepare func(ctx context.Context, s *store.Store) error
	// Progress is told the bytes written. May be nil.
	Progress func(done, total int64)
}

// Backup writes one file that holds the node as it stands at one moment, while it is served. The
// file is not there before it is whole.
func (f *Folder) Backup(ctx context.Context, out string, o BackupOptions) (m Manifest, err error) {
	work, err := os.MkdirTemp(filepath.Dir(out), ".liandong-backup-")
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(work)
	database := filepath.Join(work, databaseFile)
	if m, err = f.snapshot(ctx, database, o.Prepare); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	part := filepath.Join(work, "backup.zip")
	if err := f.pack(part, database, &m, o); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	if err := os.Rename(part, out); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	return m, syncDir(filepath.Dir(out))
}

type prepare = func(ctx context.Context, s *store.Store) error

// snapshot copies the database and reads its heads from the copy.
func (f *Folder) snapshot(ctx context.Context, to string, prepare prepare) (m Manifest, err error) {
	m = Manifest{Format: BackupFormat, Identity: f.Identity, At: f.Now()}
	if f.Store.Dialect == store.SQLite {
		err = f.Store.SnapshotTo(ctx, to)
	} else {
		err = f.Store.Read(ctx, func(from *store.Tx) error { return f.copyLasting(ctx, from, to, prepare) })
	}
	if err != nil {
		return m, err
	}
	copied, err := store.Open(ctx, to, store.ReadOnly())
	if err != nil {
		return m, err
	}
	defer copied.Close()
	err = copied.Read(ctx, func(tx *store.Tx) error {
		m.Books, err = Books(ctx, tx)
		return err
	})
	return m, err
}

// copyLasting writes all that must last into a new SQLite database.
func (n *Node) copyLasting(ctx context.Context, from *store.Tx, to string, prepare prepare) error {
	s, err := store.Open(ctx, to)
	if err != nil {
		return err
	}
	defer s.Close()
	return n.copyInto(ctx, from, s, prepare)
}

// copyInto fills an empty database with all that must last; its view is made when it is opened.
func (n *Node) copyInto(ctx context.Context, from *store.Tx, s *store.Store, prepare prepare) error {
	other := *n.plain()
	other.Store = s
	if err := other.migrate(ctx); err != nil {
		return err
	}
	if prepare != nil {
		if err := prepare(ctx, s); err != nil {
			return err
		}
	}
	return s.Write(ctx, func(to *store.Tx) error {
		tables, err := n.lastingTables(ctx, to)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if err := store.CopyTable(ctx, from, to, t); err != nil {
				return fmt.Errorf("copy %s: %w", t, err)
			}
		}
		_, err = to.Exec(ctx, `UPDATE node_state SET view_schema = '' WHERE id = 1`)
		return err
	})
}

// plain is what of a node migrations need.
func (n *Node) plain() *Node { return &Node{Identity: n.Identity, modules: n.modules} }

// lastingTables are those that are neither of the view nor made anew from it, nor the migrations'
// own record.
func (n *Node) lastingTables(ctx context.Context, tx *store.Tx) ([]string, error) {
	all, err := tx.Tables(ctx)
	if err != nil {
		return nil, err
	}
	view := n.ViewTables()
	for _, m := range n.modules {
		view = append(view, m.Indexes...)
	}
	return slices.DeleteFunc(all, func(t string) bool {
		return slices.Contains(view, t) || strings.HasPrefix(t, "migrated_") || strings.HasPrefix(t, "sqlite_")
	}), nil
}

// packing writes the files of a backup and notes their hashes.
type packing struct {
	zip      *zip.Writer
	manifest *Manifest
	done     int64
	total    int64
	progress func(done, total int64)
}

func (f *Folder) pack(part, database string, m *Manifest, o BackupOptions) (err error) {
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	p := &packing{zip: zip.NewWriter(out), manifest: m, progress: o.Progress}
	if about, err := os.Stat(database); err == nil {
		p.total = about.Size()
	}
	if err := f.Blobs.Depot.Each(func(_ string, size int64) error { p.total += size; return nil }); err != nil {
		return err
	}
	if err := p.file(databaseFile, database); err != nil {
		return err
	}
	if err := p.attachments(f.Blobs.Depot); err != nil {
		return err
	}
	if o.Passphrase != "" {
		if err := f.packKeys(p, o.Passphrase); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	return out.Sync()
}

// packKeys seals the key of the books, and the former ones, which open what was sealed to the member before a roll.
func (f *Folder) packKeys(p *packing, passphrase string) error {
	key, err := f.keyOf(p.manifest.Books)
	if err != nil {
		return err
	}
	keys := map[string]book.Key{folderKey: key}
	former, err := filepath.Glob(filepath.Join(f.Dir, folderKey+".until-*"))
	if err != nil {
		return err
	}
	for _, path := range former {
		if keys[filepath.Base(path)], err = readKey(path); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		sealed, err := keys[name].Seal(passphrase)
		if err == nil {
			err = p.add(name+sealedSuffix, bytes.NewReader(sealed))
		}
		if err != nil {
			return err
		}
	}
	p.manifest.Key = true
	return nil
}

// attachments go in after the database was copied: what it names was there then. One that was
// erased since is not there any more, and must not be.
func (p *packing) attachments(depot Depot) error {
	return depot.Each(func(name string, _ int64) error {
		f, err := depot.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		return p.add(path.Join(folderFiles, name[2:4], name), f)
	})
}

func (p *packing) file(name, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return p.add(name, f)
}

func (p *packing) add(name string, r io.Reader) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.manifest.At})
	if err != nil {
		return err
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(w, hash, p), r)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p.manifest.Files = append(p.manifest.Files, BackupFile{Name: name, Size: size, SHA256: hex.EncodeToString(hash.Sum(nil))})
	return nil
}

// Write counts for the progress bar.
func (p *packing) Write(b []byte) (int, error) {
	p.done += int64(len(b))
	if p.progress != nil {
		p.progress(p.done, max(p.done, p.total))
	}
	return len(b), nil
}

func (p *packing) close() error {
	w, err := p.zip.Create(backupManifest)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(p.manifest, "", "  ")
	if err != nil {
		return err
	}
	if _, err := w.Write(append(b, '\n')); err != nil {
		return err
	}
	return p.zip.Close()
}
