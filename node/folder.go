package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"liandong/book"
	"liandong/store"
)

// Names inside the folder of a node.
const (
	folderFile   = "node.json"   // identity, store
	folderKey    = "key"         // the signing key, 0600
	folderLock   = "lock"        // locked and with the pid while the folder is served
	folderFiles  = "files"       // attachments, unless they lie elsewhere; those on their way
	folderSocket = "socket"      // where the serving process listens, 0600
	databaseFile = "liandong.db" // unless the store is elsewhere

	folderFilesKey = "files.key" // access key and secret of the object store, 0600
)

// Settings are what node.json holds.
type Settings struct {
	Identity
	// Store is the address of a PostgreSQL database; empty: liandong.db in the folder.
	Store string `json:"store,omitempty"`
	// Files is the bucket of an object store that keeps attachments (objects.Open); empty: the folder's files.
	Files string `json:"files,omitempty"`
	// SM2 adds a line of SM2 with SM3 to every head (book.Key.SM2Signer). It may be turned on and off.
	SM2 bool `json:"sm2,omitempty"`
}

// FolderOptions change how a folder is opened.
type FolderOptions struct {
	Store    string // instead of that of node.json; empty: that of node.json
	ReadOnly bool   // beside the process that serves it, or alone
	Unsynced bool   // store.Unsynced: a crash may lose the database
	May      func(a Actor, action string) bool
	Clock    func() time.Time // nil: the system's
	Rand     io.Reader        // nil: the system's
	Progress func(done, total int64)
	Former   ed25519.PublicKey // as in Config

	lost    bool   // the signing key is: ReplaceKey
	instead string // file of the key that takes its place; empty: a new one
}

// Folder (目录) is one node's folder, opened: database, key, attachments, lock and socket.
type Folder struct {
	*Node
	Dir string

	lock    *os.File // nil: opened for reading only
	rolling sync.Mutex
}

// ErrServed: another process serves the folder.
type ErrServed struct {
	Dir string
	PID string // as that process wrote it
}

func (e *ErrServed) Error() string {
	return fmt.Sprintf("目录 %s 正由进程 %s 使用,请先停止它,或通过它操作 (the folder is served by process %s)", e.Dir, e.PID, e.PID)
}

// ErrNoFolder: there is no node here.
var ErrNoFolder = errors.New("这里没有节点,请先运行 liandong init (no node in this folder; run liandong init)")

// InitFolder makes a folder with a new signing key. It refuses a folder that has a node already.
func InitFolder(dir string, s Settings) error { return InitFolderFrom(dir, s, rand.Reader) }

// InitFolderFrom is InitFolder with the signing key drawn from random: who knows its seed can sign
// in the member's name, so it is for demonstrations only.
func InitFolderFrom(dir string, s Settings, random io.Reader) error {
	if err := s.checkNew(); err != nil {
		return err
	}
	key, err := book.GenerateKey(random)
	if err != nil {
		return err
	}
	return initFolder(dir, s, key)
}

// InitFolderWith is InitFolder with a signing key that the member has already, as its key file holds it.
func InitFolderWith(dir string, s Settings, keyFile []byte) error {
	var key book.Key
	if err := key.UnmarshalText(keyFile); err != nil {
		return err
	}
	return initFolder(dir, s, key)
}

func initFolder(dir string, s Settings, key book.Key) error {
	if err := s.check(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, folderFile)); err == nil {
		return fmt.Errorf("%s 已有节点 (the folder has a node already)", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := writeKey(filepath.Join(dir, folderKey), key); err != nil {
		return err
	}
	return writeSettings(dir, s)
}

func (s Settings) check() error {
	switch {
	case !book.IsMember(s.Member):
		return fmt.Errorf("成员代码 %q 不是六位行政区划代码 GB/T 2260 (not a code of GB/T 2260)", s.Member)
	case !book.IsOrigin(s.Origin + "/" + Self):
		return fmt.Errorf("来源 %q 不合格式,应形如 suining.example (malformed origin)", s.Origin)
	case strings.TrimSpace(s.Name) == "":
		return errors.New("请给出成员名称 (the member needs a name)")
	}
	return nil
}

// checkNew asks more of a node that nobody knows yet: that neighbours can recognise it and its witness.
func (s Settings) checkNew() error {
	if err := s.check(); err != nil {
		return err
	}
	if !IsName(s.Name) {
		return fmt.Errorf("成员名称 %q 应为一行文字,首尾没有空格,最多 %d 字节 (the name is one line without blanks around)", s.Name, MostName)
	}
	if !book.IsOrigin(WitnessName(s.Origin)) {
		return fmt.Errorf("来源 %q 太长 (the origin is too long)", s.Origin)
	}
	return nil
}

// writeKey never overwrites a key: what it signed could not be continued.
func writeKey(path string, key book.Key) error {
	text, err := key.MarshalText()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the signing key: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(text); err != nil {
		return fmt.Errorf("write the signing key: %w", err)
	}
	return f.Sync()
}

// writeSettings makes the folder a node's; it comes last.
func writeSettings(dir string, s Settings) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(dir, folderFile), append(b, '\n')); err != nil {
		return fmt.Errorf("write %s: %w", folderFile, err)
	}
	return syncDir(dir)
}

// ReadSettings reads a folder's node.json.
func ReadSettings(dir string) (s Settings, err error) {
	b, err := os.ReadFile(filepath.Join(dir, folderFile))
	if errors.Is(err, os.ErrNotExist) {
		return s, fmt.Errorf("%s: %w", dir, ErrNoFolder)
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w", filepath.Join(dir, folderFile), err)
	}
	return s, nil
}

// ReadKey reads a folder's signing key.
func ReadKey(dir string) (key book.Key, err error) {
	path := filepath.Join(dir, folderKey)
	key, err = readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		return key, fmt.Errorf("没有签名密钥 %s:请放回原来的 key 文件,权限 0600 (the signing key is missing; put it back)", path)
	}
	return key, err
}

func readKey(path string) (key book.Key, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return key, fmt.Errorf("read the signing key: %w", err)
	}
	return key, key.UnmarshalText(b)
}

// OpenFolder opens a folder and its node. Close must be called.
func OpenFolder(ctx context.Context, dir string, modules []Module, o FolderOptions) (f *Folder, err error) {
	s, err := ReadSettings(dir)
	if err != nil {
		return nil, err
	}
	f = &Folder{Dir: dir}
	if !o.ReadOnly {
		if f.lock, err = lockFolder(dir); err != nil {
			return nil, err
		}
	}
	if err := f.open(ctx, s, modules, o); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *Folder) open(ctx context.Context, s Settings, modules []Module, o FolderOptions) error {
	c := Config{Identity: s.Identity, SM2: s.SM2, Modules: modules, May: o.May, Clock: o.Clock, Rand: o.Rand, Progress: o.Progress}
	c.Former = o.Former
	var err error
	if c.Key, err = f.signingKey(o); err != nil {
		return err
	}
	depot, err := s.depot(f.Dir)
	if err != nil {
		return err
	}
	if c.Blobs, err = OpenBlobsIn(filepath.Join(f.Dir, folderFiles), depot); err != nil {
		return err
	}
	where, options := s.database(f.Dir, o.Store), []store.Option(nil)
	if o.ReadOnly {
		options = append(options, store.ReadOnly())
	}
	if o.Unsynced {
		options = append(options, store.Unsynced())
	}
	if c.Store, err = store.Open(ctx, where, options...); err != nil {
		return err
	}
	if o.ReadOnly {
		f.Node, err = Inspect(c)
	} else {
		f.Node, err = Open(ctx, c)
	}
	switch {
	case err != nil || o.ReadOnly:
	case o.lost:
		err = f.replaceKey(ctx)
	default:
		err = f.settleKey(ctx)
	}
	if err == nil && !o.ReadOnly {
		err = f.readFormer()
	}
	if err != nil && f.Node == nil {
		c.Store.Close()
	}
	return err
}

// signingKey: reading needs none, and an auditor's account cannot read it.
func (f *Folder) signingKey(o FolderOptions) (book.Key, error) {
	if o.lost {
		return f.keyForLost(o)
	}
	key, err := ReadKey(f.Dir)
	if err != nil && o.ReadOnly {
		return book.Key{}, nil
	}
	return key, err
}

func (s Settings) database(dir, instead string) string {
	switch {
	case instead != "":
		return instead
	case s.Store != "":
		return s.Store
	}
	return filepath.Join(dir, databaseFile)
}

// lockFolder takes the folder for this process; the system gives it back however we end.
func lockFolder(dir string) (*os.File, error) {
	path := filepath.Join(dir, folderLock)
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock the folder: %w", err)
		}
		pid, _ := os.ReadFile(path)
		return nil, &ErrServed{Dir: dir, PID: strings.TrimSpace(string(pid))}
	}
	if err := lock.Truncate(0); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if _, err := fmt.Fprintln(lock, os.Getpid()); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// Socket is where the process that serves the folder listens.
func (f *Folder) Socket() string { return SocketOf(f.Dir) }

// SocketOf is the path of a folder's socket.
func SocketOf(dir string) string { return filepath.Join(dir, folderSocket) }

// Close stops the node, closes its store and gives the folder back.
func (f *Folder) Close() error {
	var err error
	if f.Node != nil {
		if f.lock != nil {
			f.Node.Close()
		}
		err = f.Node.Store.Close()
	}
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
	}
	return err
}
