package node

import (
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Partial is an attachment that is on its way here. What came lasts over a cut line and a restart, under a name that no attachment has,
// and becomes one only once all of it came and it is what its entry binds.
type Partial struct {
	blobs *Blobs
	name  string
	file  *os.File
	size  int64
}

// Partial begins an attachment that another member made up the name of, or goes on with it. ErrErased: no attachment has such a name.
func (b *Blobs) Partial(name string) (*Partial, error) {
	if !blobName.MatchString(name) {
		return nil, ErrErased
	}
	f, err := b.alone(filepath.Join(b.dir, partialPrefix+name))
	if err != nil {
		return nil, fmt.Errorf("take an attachment: %w", err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("take an attachment: %w", err), f.Close())
	}
	return &Partial{b, name, f, size}, nil
}

// ErrFetching: the same attachment is on its way for another entry.
var ErrFetching = errors.New("这个附件正在接收,稍后再试 (the attachment is being fetched already)")

// alone opens a file that nobody else holds open: it becomes the attachment itself, and who still wrote to it would spoil that.
func (b *Blobs) alone(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				err = ErrFetching
			}
			return nil, err
		}
		ours, err := f.Stat()
		stands, gone := os.Stat(path)
		if err == nil && gone == nil && os.SameFile(ours, stands) {
			return f, nil
		}
		f.Close() // it was kept, or dropped, before it was locked
		if err != nil {
			return nil, err
		}
	}
}

// Size is how much came, in bytes.
func (p *Partial) Size() int64 { return p.size }

// Write implements io.Writer.
func (p *Partial) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.size += int64(n)
	return n, err
}

// DropPartial forgets what came of an attachment that nobody wants any more.
func (b *Blobs) DropPartial(name string) error {
	if !blobName.MatchString(name) {
		return nil
	}
	if err := os.Remove(filepath.Join(b.dir, partialPrefix+name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("drop an attachment: %w", err)
	}
	return nil
}

// SweepPartials drops what came of attachments that nobody waits for any more: the process ended between noting that and dropping it, or
// an earlier version left it. What somebody holds open stays.
func (b *Blobs) SweepPartials(waited func(name string) bool) error {
	all, err := filepath.Glob(filepath.Join(b.dir, partialPrefix+"*"))
	if err != nil {
		return fmt.Errorf("sweep attachments: %w", err)
	}
	for _, path := range all {
		if waited(strings.TrimPrefix(filepath.Base(path), partialPrefix)) {
			continue
		}
		f, err := b.alone(path)
		if errors.Is(err, ErrFetching) {
			continue
		}
		if err == nil {
			err = errors.Join(os.Remove(path), f.Close())
		}
		if err != nil {
			return fmt.Errorf("sweep attachments: %w", err)
		}
	}
	return nil
}

// partialPrefix is before the names of attachments that are on their way.
const partialPrefix = ".got-"

// Discard begins it anew.
func (p *Partial) Discard() error {
	p.size = 0
	_, err := p.file.Seek(0, io.SeekStart)
	return errors.Join(err, p.file.Truncate(0))
}

// Close ends the work on it; what came stays.
func (p *Partial) Close() error { return p.file.Close() }

// Keep makes it an attachment, durably: it is read whole into sum first, and when holds then says no, all of it is thrown away and
// ErrOtherContent returned. One of that name that is here already is never replaced.
func (p *Partial) Keep(sum hash.Hash, holds func() bool) error {
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	if _, err := io.Copy(sum, p.file); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	if !holds() {
		return errors.Join(ErrOtherContent, p.Discard())
	}
	if err := p.file.Sync(); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	if err := p.blobs.Depot.Keep(p.name, p.file.Name()); err != nil {
		return fmt.Errorf("take an attachment: %w", err)
	}
	return os.Remove(p.file.Name())
}
