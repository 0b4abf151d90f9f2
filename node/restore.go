package node

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"liandong/book"
	"liandong/store"
)

// RestoreOptions say where a backup goes.
type RestoreOptions struct {
	Store      string                                          // a PostgreSQL database to restore into; empty: SQLite in the folder
	Passphrase string                                          // of the sealed signing key; empty: the key is left out
	Prepare    func(ctx context.Context, s *store.Store) error // as in BackupOptions
	Progress   func(done, total int64)
}

// BadBackup: the file is not what it claims to be; nothing was put in place.
type BadBackup struct {
	Why    error
	Faults []Fault
}

func (e *BadBackup) Error() string {
	if len(e.Faults) > 0 {
		return fmt.Sprintf("备份中的账本有 %d 处破损,没有恢复 (the books in the backup are broken; nothing was restored); %s/%d [%s] %s",
			len(e.Faults), e.Faults[0].Book, e.Faults[0].Index, e.Faults[0].Code, e.Faults[0].What)
	}
	return "备份文件不完整,没有恢复 (the backup is damaged; nothing was restored): " + e.Why.Error()
}

func (e *BadBackup) Unwrap() error { return e.Why }

// Restore verifies a backup (every file's hash, then all books) and puts it into a folder that
// has no node yet. The node then only reads, until Resume.
func Restore(ctx context.Context, file, dir string, modules []Module, o RestoreOptions) (m Manifest, err error) {
	if _, err := os.Stat(filepath.Join(dir, folderFile)); err == nil {
		return m, fmt.Errorf("%s 已有节点,请恢复到新目录 (the folder has a node; restore into a new one)", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	work, err := os.MkdirTemp(dir, ".restore-")
	if err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	defer os.RemoveAll(work)
	if m, err = unpack(file, work, o.Progress); err != nil {
		return m, &BadBackup{Why: err}
	}
	if err := inspect(ctx, work, m, modules, o); err != nil {
		return m, err
	}
	return m, place(ctx, work, dir, m, modules, o)
}

// unpack writes the files of the manifest below work, each checked by size and hash.
func unpack(file, work string, progress func(done, total int64)) (m Manifest, err error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return m, err
	}
	defer z.Close()
	if m, err = readManifest(&z.Reader); err != nil {
		return m, err
	}
	var done, total int64
	for _, f := range m.Files {
		total += f.Size
	}
	for _, f := range m.Files {
		if err := unpackFile(&z.Reader, f, work); err != nil {
			return m, fmt.Errorf("%s: %w", f.Name, err)
		}
		if done += f.Size; progress != nil {
			progress(done, total)
		}
	}
	if !slices.ContainsFunc(m.Files, func(f BackupFile) bool { return f.Name == databaseFile }) {
		return m, errors.New("没有数据库 (no database in it)")
	}
	return m, nil
}

func readManifest(z *zip.Reader) (m Manifest, err error) {
	f, err := z.Open(backupManifest)
	if err != nil {
		return m, fmt.Errorf("没有清单 (no manifest): %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 1<<28))
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, fmt.Errorf("清单读不出来 (unreadable manifest): %w", err)
	}
	if m.Format != BackupFormat {
		return m, fmt.Errorf("未知的备份格式 %q (unknown format)", m.Format)
	}
	return m, Settings{Identity: m.Identity}.check()
}

// inBackup are the only names that a backup may write.
var inBackup = regexp.MustCompile(`^(liandong\.db|key(\.until-[0-9a-f]{8})?\.sealed|files/[A-Z2-7]{2}/f-[A-Z2-7]{20,32})$`)

func unpackFile(z *zip.Reader, f BackupFile, work string) (err error) {
	if !inBackup.MatchString(f.Name) {
		return errors.New("不该有的文件 (a file that does not belong in a backup)")
	}
	from, err := z.Open(f.Name)
	if err != nil {
		return err
	}
	defer from.Close()
	to := filepath.Join(work, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(out, hash), io.LimitReader(from, f.Size+1))
	if err != nil {
		return err
	}
	if size != f.Size || hex.EncodeToString(hash.Sum(nil)) != f.SHA256 {
		return errors.New("内容与清单不符 (differs from the manifest)")
	}
	return out.Sync()
}

// inspect verifies the unpacked books, compares their heads with the manifest, and makes the
// node one that only reads.
func inspect(ctx context.Context, work string, m Manifest, modules []Module, o RestoreOptions) error {
	s, err := store.Open(ctx, filepath.Join(work, databaseFile))
	if err != nil {
		return &BadBackup{Why: err}
	}
	defer s.Close()
	n, err := Inspect(Config{Identity: m.Identity, Store: s, Modules: modules, May: nobody})
	if err != nil {
		return err
	}
	v, err := n.Verify(ctx, VerifyOptions{Progress: o.Progress})
	if err != nil {
		return &BadBackup{Why: err}
	}
	if !v.Clean() {
		return &BadBackup{Faults: v.Faults}
	}
	if !slices.Equal(v.Books, m.Books) {
		return &BadBackup{Why: errors.New("账头与清单不符 (the heads differ from the manifest)")}
	}
	if err := forget(ctx, s); err != nil {
		return &BadBackup{Why: err}
	}
	return n.OnlyRead(ctx, fmt.Sprintf("本节点由 %s 的备份恢复 (restored from a backup of that time)", m.At.Format("2006-01-02 15:04:05 UTC")))
}

// notRestored are tables of secrets that worked when the backup was made and must not work again:
// whoever was signed out or used a link since then is not signed in by a restore. They are emptied
// where they exist.
var notRestored = []string{"account_session", "account_link"}

// forget empties notRestored in the unpacked database, which is SQLite wherever it goes.
func forget(ctx context.Context, s *store.Store) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		for _, table := range notRestored {
			var there int
			err := tx.Row(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?`, table).Scan(&there)
			if err == nil && there > 0 {
				_, err = tx.Exec(ctx, `DELETE FROM `+table)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func nobody(Actor, string) bool { return false }

// place puts the verified files where they belong; node.json comes last and makes it a node. What can fail for long comes first;
// where it fails nothing stays in the folder, so that it can be tried again.
func place(ctx context.Context, work, dir string, m Manifest, modules []Module, o RestoreOptions) (err error) {
	var names []string
	if m.Key && o.Passphrase != "" {
		if names, err = unseal(work, o.Passphrase); err != nil {
			return err
		}
	}
	if o.Store == "" {
		names = append(names, databaseFile)
	}
	if _, err := os.Stat(filepath.Join(work, folderFiles)); err == nil {
		names = append(names, folderFiles)
	}
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s 已存在,没有覆盖,请恢复到新目录 (the file exists; it was not overwritten; restore into a new folder)", filepath.Join(dir, name))
		}
	}
	if o.Store != "" {
		if err := placeElsewhere(ctx, work, m, modules, o); err != nil {
			return err
		}
	}
	var placed []string
	defer func() {
		if err != nil {
			for _, name := range placed { // back into what is removed with the rest
				err = errors.Join(err, os.Rename(filepath.Join(dir, name), filepath.Join(work, name)))
			}
		}
	}()
	for _, name := range names {
		if err := os.Rename(filepath.Join(work, name), filepath.Join(dir, name)); err != nil {
			return err
		}
		placed = append(placed, name)
	}
	return writeSettings(dir, Settings{Identity: m.Identity, Store: o.Store})
}

// unseal opens the sealed keys beside them, and names what it wrote.
func unseal(work, passphrase string) (names []string, err error) {
	paths, err := filepath.Glob(filepath.Join(work, folderKey+"*"+sealedSuffix))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		sealed, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		key, err := book.OpenSealed(sealed, passphrase)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(path), sealedSuffix)
		if err := writeKey(filepath.Join(work, name), key); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// placeElsewhere copies the database into a PostgreSQL database that has no books.
func placeElsewhere(ctx context.Context, work string, m Manifest, modules []Module, o RestoreOptions) error {
	from, err := store.Open(ctx, filepath.Join(work, databaseFile), store.ReadOnly())
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := store.Open(ctx, o.Store)
	if err != nil {
		return err
	}
	defer to.Close()
	n, err := Inspect(Config{Identity: m.Identity, Store: to, Modules: modules, May: nobody})
	if err != nil {
		return err
	}
	if err := n.migrate(ctx); err != nil {
		return err
	}
	var books int
	err = to.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT count(*) FROM book_head`).Scan(&books)
	})
	if err != nil {
		return err
	}
	if books > 0 {
		return errors.New("该数据库已有账本,请换一个空的数据库 (the database has books; give an empty one)")
	}
	return from.Read(ctx, func(tx *store.Tx) error { return n.copyInto(ctx, tx, to, o.Prepare) })
}
