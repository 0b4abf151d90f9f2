package exchange

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// partWriter writes one file of a bundle. It is not there before it is whole.
type partWriter struct {
	manifest Manifest
	path     string
	file     *os.File
	zip      *zip.Writer
	hash     hash.Hash
	written  int64
	names    int
	blobs    map[string]bool
	attached int64 // attachments
}

// partPath is the name of the n-th part: bundle.zip, bundle-2.zip, …
func partPath(out string, n int) string {
	if n == 1 {
		return out
	}
	ext := filepath.Ext(out)
	return strings.TrimSuffix(out, ext) + "-" + strconv.Itoa(n) + ext
}

func newPart(out string, m Manifest) (*partWriter, error) {
	w := &partWriter{manifest: m, path: partPath(out, m.Part), hash: sha256.New(), blobs: map[string]bool{}}
	if _, err := os.Stat(w.path); err == nil {
		return nil, fmt.Errorf("%s: %w", w.path, os.ErrExist)
	}
	f, err := os.CreateTemp(filepath.Dir(w.path), ".liandong-bundle-")
	if err != nil {
		return nil, err
	}
	w.file, w.zip = f, zip.NewWriter(w)
	return w, nil
}

// Write counts and hashes what goes to the file.
func (w *partWriter) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	w.hash.Write(b[:n])
	w.written += int64(n)
	return n, err
}

// room tells whether so many bytes more, in so many files, go into a part of a size.
func (w *partWriter) room(size, bytes int64, files int) bool {
	const directoryEntry = 160 // bytes for each file at the end
	manifest := int64(16<<10 + 400*(len(w.manifest.Before)+len(w.manifest.Heads)+len(w.manifest.Attachments)))
	return w.written+bytes+int64(w.names+files)*directoryEntry+manifest <= size && w.names+files < mostBundleFiles
}

// add writes a file; what is not compressed are hashes.
func (w *partWriter) add(name string, content []byte, method uint16) error {
	return w.copy(name, strings.NewReader(string(content)), method)
}

func (w *partWriter) copy(name string, from io.Reader, method uint16) error {
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.manifest.At})
	if err != nil {
		return err
	}
	w.names++
	if _, err := io.Copy(to, from); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// close writes the manifest and puts the part into its place.
func (w *partWriter) close() (p Part, err error) {
	raw, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return p, err
	}
	if len(raw) > mostManifest {
		return p, errors.New("清单过大,请用 --split 分得更小 (the manifest is too large; split smaller)")
	}
	err = w.add(bundleManifest, append(raw, '\n'), zip.Deflate)
	if err = errors.Join(err, w.zip.Close()); err != nil {
		return p, err
	}
	if err := w.file.Sync(); err != nil {
		return p, err
	}
	err = os.Rename(w.file.Name(), w.path)
	return Part{
		File: filepath.Base(w.path), Size: w.written, SHA256: hex.EncodeToString(w.hash.Sum(nil)), Books: w.manifest.Books,
	}, errors.Join(err, w.file.Close())
}

// drop removes an unfinished part.
func (w *partWriter) drop() {
	_ = w.file.Close() // it is closed already when the part is whole
	_ = os.Remove(w.file.Name())
}

// nextPart is the manifest of the part after one that is whole.
func (m Manifest) nextPart(whole Part) Manifest {
	m.Part++
	m.Before = append(append([]Part{}, m.Before...), whole)
	m.Books, m.Attachments, m.Cosignatures = []BundledBook{}, []BundledFile{}, []CosignedHead{}
	return m
}

// newManifest is that of the first part.
func (x Exporting) newManifest(to []string, at time.Time) Manifest {
	return Manifest{
		Format: BundleFormat, ID: x.Node.RandomText(), Part: 1, At: at, From: x.Node.Identity, Circle: x.Circle, To: to,
		Books: []BundledBook{}, Heads: []HeadSeen{}, Cosignatures: []CosignedHead{}, Attachments: []BundledFile{}, Before: []Part{},
	}
}
