package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
)

// dataFile is the file of a SQLite database, opened a second time: its pages are read from it without SQLite, which
// costs a fraction.
//
// A process that closes any descriptor of a file loses all its locks on it, those of SQLite as well
// (https://www.sqlite.org/howtocorrupt.html, section 2.2). So all stores of a process share one descriptor, and it
// is closed after the last of them.
type dataFile struct {
	path   string
	info   os.FileInfo
	stores int
	file   *os.File // nil: not needed yet
}

var dataFiles struct {
	sync.Mutex
	open []*dataFile
}

// shareDataFile is called when SQLite has the file open; nil where it cannot be found.
func shareDataFile(path string) *dataFile {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	dataFiles.Lock()
	defer dataFiles.Unlock()
	for _, d := range dataFiles.open {
		if os.SameFile(d.info, info) {
			d.stores++
			return d
		}
	}
	d := &dataFile{path: path, info: info, stores: 1}
	dataFiles.open = append(dataFiles.open, d)
	return d
}

// leave is called when SQLite has closed the file.
func (d *dataFile) leave() {
	if d == nil {
		return
	}
	dataFiles.Lock()
	defer dataFiles.Unlock()
	if d.stores--; d.stores > 0 {
		return
	}
	if d.file != nil {
		d.file.Close()
	}
	dataFiles.open = slices.DeleteFunc(dataFiles.open, func(o *dataFile) bool { return o == d })
}

// reader is nil where the file cannot be read past SQLite, or is not that which SQLite has open.
func (d *dataFile) reader() *os.File {
	if d == nil {
		return nil
	}
	dataFiles.Lock()
	defer dataFiles.Unlock()
	if d.file != nil {
		return d.file
	}
	if info, err := os.Stat(d.path); err != nil || !os.SameFile(info, d.info) {
		return nil
	}
	d.file, _ = os.Open(d.path)
	return d.file
}

// loggedPages are the pages that the write-ahead log of a database holds, https://www.sqlite.org/fileformat2.html,
// section 4.1: those of all frames from the first on that bear the salts of its header. Frames that were carried over
// or came after the snapshot are taken as well: a page too many does no harm. While a transaction reads, whatever its
// snapshot has of the log stays there, and no page that is not in the log is written to the file.
func loggedPages(path string, pageSize int) (map[uint32]bool, error) {
	const header, frame = 32, 24
	log, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer log.Close()
	b := make([]byte, header)
	if _, err := io.ReadFull(log, b); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if size := binary.BigEndian.Uint32(b[8:]); int64(size) != int64(pageSize) {
		return nil, fmt.Errorf("the log has pages of %d bytes, the file of %d", size, pageSize)
	}
	salts := b[16:24]
	logged, f := map[uint32]bool{}, make([]byte, 16)
	for at := int64(header); ; at += int64(frame + pageSize) {
		if _, err := log.ReadAt(f, at); err == nil && bytes.Equal(f[8:], salts) {
			logged[binary.BigEndian.Uint32(f)] = true
		} else if err == nil || errors.Is(err, io.EOF) {
			return logged, nil
		} else {
			return nil, err
		}
	}
}
