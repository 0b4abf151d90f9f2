package node

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"liandong/store/objects"
)

// MovedFiles says what MoveFiles did.
type MovedFiles struct {
	Files int   `json:"files"` // copied now; what was there already is not counted
	Bytes int64 `json:"bytes"`
}

// MoveFiles (迁移附件) moves the attachments of a folder that nobody serves into the bucket of an object store, or with an empty address
// back into the folder. All are copied, then node.json says that they lie there, and only then they are deleted where they were: an erasure
// would not reach them there any more. Told the same again, it goes on with what was left.
func MoveFiles(dir, address string, keyFile []byte) (m MovedFiles, err error) {
	s, err := ReadSettings(dir)
	if err != nil {
		return m, err
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if s.Files == address && address == "" {
		return m, errors.New("附件已在目录中 (the attachments are in the folder already)")
	}
	before := s
	if s.Files == address { // what an interrupted move left in the folder
		before.Files = ""
	}
	from, err := before.depot(dir)
	if err != nil {
		return m, err
	}
	s.Files = address
	to, err := s.depotFor(dir, keyFile)
	if err != nil {
		return m, err
	}
	if m, err = copyFiles(from, to, filepath.Join(dir, folderFiles)); err != nil {
		return m, fmt.Errorf("迁移附件,附件仍在原处 (move the attachments; they are where they were): %w", err)
	}
	if address != "" {
		if err := writeWhole(filepath.Join(dir, folderFilesKey), keyFile); err != nil {
			return m, err
		}
	}
	if err := writeSettings(dir, s); err != nil {
		return m, err
	}
	if err := emptyInto(from, to); err != nil {
		return m, fmt.Errorf("附件已全部迁移,原处尚有副本,请再运行一次或自行删除 (all were moved; copies are left where they were): %w", err)
	}
	return m, nil
}

func copyFiles(from, to Depot, staging string) (m MovedFiles, err error) {
	if err := os.MkdirAll(staging, 0o700); err != nil {
		return m, err
	}
	err = from.Each(func(name string, size int64) error {
		if !blobName.MatchString(name) {
			return nil
		}
		if has, err := to.Has(name); err != nil || has {
			return err
		}
		err := stage(from, name, staging, func(path string) error { return to.Keep(name, path) })
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was erased meanwhile
		}
		if err == nil {
			m.Files, m.Bytes = m.Files+1, m.Bytes+size
		}
		return err
	})
	return m, err
}

// emptyInto deletes from one depot what the other has.
func emptyInto(from, to Depot) error {
	var names []string
	err := from.Each(func(name string, _ int64) error {
		if blobName.MatchString(name) {
			names = append(names, name)
		}
		return nil
	})
	for _, name := range names {
		if err != nil {
			break
		}
		var has bool
		if has, err = to.Has(name); err == nil && has {
			err = from.Delete(name)
		}
	}
	return err
}

// depotFor is the depot of new settings, which answers: its bucket is there and opens with the key.
func (s Settings) depotFor(dir string, keyFile []byte) (Depot, error) {
	if s.Files == "" {
		return s.depot(dir)
	}
	key, err := objects.ParseKey(keyFile)
	if err != nil {
		return nil, err
	}
	b, err := objects.Open(s.Files, key)
	if err != nil {
		return nil, err
	}
	return b, b.Ready()
}

// stage copies one attachment into a file of the folder staging, durably, for as long as f works.
func stage(from Depot, name, staging string, f func(path string) error) error {
	r, err := from.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.CreateTemp(staging, ".part-")
	if err != nil {
		return err
	}
	defer os.Remove(w.Name())
	defer w.Close()
	if _, err := io.Copy(w, r); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := w.Sync(); err != nil {
		return err
	}
	return f(w.Name())
}

// writeWhole replaces a file that only its owner reads.
func writeWhole(path string, content []byte) error {
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
