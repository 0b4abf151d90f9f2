package node_test

import (
	"sync"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/driver" // driver "sqlite3", whose file layer is written in Go
	"github.com/ncruces/go-sqlite3/vfs"
)

// disk is the file layer under the SQLite of the fault tests. It counts what is written and
// lets one write, or all from one on, go wrong.
type disk struct {
	vfs.VFS

	mu     sync.Mutex
	fault  fault
	count  int  // writes since the fault was set
	struck bool // the fault was met
}

// fault says which write goes wrong, and how.
type fault struct {
	at      int  // from 1; 0: none
	onwards bool // and all after it
	stored  bool // the write is done although it reports a failure
	err     sqlite3.ErrorCode
}

var theDisk = func() *disk {
	d := &disk{VFS: vfs.Find("")}
	vfs.Register("faulty", d)
	return d
}()

func (d *disk) set(f fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault, d.count, d.struck = f, 0, false
}

func (d *disk) met() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.struck
}

// write runs one write, or not, and says how it went.
func (d *disk) write(do func() error) error {
	d.mu.Lock()
	d.count++
	f := d.fault
	strikes := f.at > 0 && (d.count == f.at || f.onwards && d.count > f.at)
	d.struck = d.struck || strikes
	d.mu.Unlock()
	if !strikes {
		return do()
	}
	if f.stored {
		if err := do(); err != nil {
			return err
		}
	}
	return f.err
}

func (d *disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return d.wrap(d.VFS.Open(name, flags))
}

func (d *disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return d.wrap(d.VFS.(vfs.VFSFilename).OpenFilename(name, flags))
}

func (d *disk) wrap(f vfs.File, flags vfs.OpenFlag, err error) (vfs.File, vfs.OpenFlag, error) {
	if err != nil {
		return nil, flags, err
	}
	return &diskFile{File: f, disk: d}, flags, nil
}

func (d *disk) Delete(name string, syncDir bool) error {
	return d.write(func() error { return d.VFS.Delete(name, syncDir) })
}

type diskFile struct {
	vfs.File
	disk *disk
}

func (f *diskFile) WriteAt(p []byte, off int64) (n int, err error) {
	err = f.disk.write(func() error {
		n, err = f.File.WriteAt(p, off)
		return err
	})
	return n, err
}

func (f *diskFile) Truncate(size int64) error {
	return f.disk.write(func() error { return f.File.Truncate(size) })
}

func (f *diskFile) Sync(flags vfs.SyncFlag) error {
	return f.disk.write(func() error { return f.File.Sync(flags) })
}

// SharedMemory is what WAL needs.
func (f *diskFile) SharedMemory() vfs.SharedMemory {
	return f.File.(vfs.FileSharedMemory).SharedMemory()
}
