package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"liandong/store/objects"
)

// Depot (附件存放处) is where attachments lie, each whole under its name: a folder, or an object store. What is on its way lies in the
// folder of Blobs until then. A name belongs to one content, so that storing one twice changes nothing.
type Depot interface {
	// Keep stores the file at path under name, durably, unless one of that name is there. It may take the file away from its path.
	Keep(name, path string) error
	// Open reads one; fs.ErrNotExist: there is none.
	Open(name string) (File, error)
	// Has tells whether one is there.
	Has(name string) (bool, error)
	// Delete erases one for good; fs.ErrNotExist, where the depot can tell: there was none.
	Delete(name string) error
	// Each names all with their size in bytes, in any order, until f fails. One that is deleted meanwhile may be named.
	Each(f func(name string, size int64) error) error
}

// File is an attachment, opened.
type File = objects.File

// folderDepot keeps attachments as files, spread over folders by the first two letters of their names.
type folderDepot struct {
	dir  string
	sync func(dir string) error
}

func (d *folderDepot) Keep(name, path string) error {
	to := d.path(name)
	if err := d.spread(filepath.Dir(to)); err != nil {
		return err
	}
	if err := os.Link(path, to); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return d.sync(filepath.Dir(to))
}

// spread makes the folder of two letters, durably: a file is only as lasting as the name of its folder.
func (d *folderDepot) spread(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return errors.Join(err, d.sync(d.dir))
}

func (d *folderDepot) Open(name string) (File, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d *folderDepot) Has(name string) (bool, error) {
	_, err := os.Stat(d.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (d *folderDepot) Delete(name string) error { return os.Remove(d.path(name)) }

func (d *folderDepot) Each(f func(name string, size int64) error) error {
	return filepath.WalkDir(d.dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !blobName.MatchString(e.Name()) {
			return err
		}
		about, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return f(e.Name(), about.Size())
	})
}

func (d *folderDepot) path(name string) string { return filepath.Join(d.dir, name[2:4], name) }

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// depot is where the settings of a folder say that its attachments lie.
func (s Settings) depot(dir string) (Depot, error) {
	if s.Files == "" {
		files := filepath.Join(dir, folderFiles)
		return &folderDepot{files, syncDir}, os.MkdirAll(files, 0o700)
	}
	path := filepath.Join(dir, folderFilesKey)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("没有对象存储的密钥文件 %s (the key file of the object store is missing): %w", path, err)
	}
	key, err := objects.ParseKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return objects.Open(s.Files, key)
}
