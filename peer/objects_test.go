package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"

	"liandong/node"
	"liandong/region"
	"liandong/store/objects"
)

const accessKey, secretKey = "liandong-test", "a-secret-of-the-test-alone"

// objectStore runs an object store that another team wrote, over folders, with a bucket named files, and returns its address. One runs in a
// process at a time.
func objectStore(t *testing.T, versions bool) (address string, stop func()) {
	t.Helper()
	root, beside := t.TempDir(), t.TempDir()
	o := posix.PosixOpts{SideCarDir: beside, NewDirPerm: 0o755}
	if versions {
		o.VersioningDir = t.TempDir()
	}
	side, err := meta.NewSideCar(beside)
	if err != nil {
		t.Fatal(err)
	}
	backend, err := posix.New(root, side, o)
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
			RootUserAccess: accessKey, RootUserSecret: secretKey, Ports: []string{host},
			MaxConnections: 100, MaxRequests: 100, MultipartMaxParts: 100, Quiet: true,
		})
	}()
	stop = sync.OnceFunc(func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	for range 100 {
		c, err := net.Dial("tcp", host)
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		c.Close()
		makeBucket(t, host, versions)
		return "http://" + host + "/files", stop
	}
	t.Fatal("the object store does not answer")
	return "", nil
}

func makeBucket(t *testing.T, host string, versions bool) {
	t.Helper()
	c, err := minio.New(host, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, "")})
	if err == nil {
		err = c.MakeBucket(t.Context(), "files", minio.MakeBucketOptions{})
	}
	if err == nil && versions {
		err = c.EnableVersioning(t.Context(), "files")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func bucket(t *testing.T, address string) *objects.Bucket {
	t.Helper()
	b, err := objects.Open(address, objects.Key{ID: accessKey, Secret: secretKey})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fileOf(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOtherTeamsObjectStore: what is kept there is read, from any place on, listed and erased, also where the bucket keeps versions.
func TestOtherTeamsObjectStore(t *testing.T) {
	for _, versions := range []bool{false, true} {
		address, stop := objectStore(t, versions)
		b := bucket(t, address+"/attachments")
		if err := b.Ready(); err != nil {
			t.Fatal(err)
		}
		const name = "f-AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH"
		if _, err := b.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("before it was kept: %v", err)
		}
		if err := b.Keep(name, fileOf(t, "附件的内容")); err != nil {
			t.Fatal(err)
		}
		if err := b.Keep(name, fileOf(t, "另一内容")); err != nil {
			t.Errorf("kept again: %v", err)
		}
		f, err := b.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := io.ReadAll(f)
		if err != nil || string(whole) != "附件的内容" {
			t.Errorf("%q %v", whole, err)
		}
		if _, err := f.Seek(6, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if rest, err := io.ReadAll(f); err != nil || string(rest) != "的内容" {
			t.Errorf("from a place on: %q %v", rest, err)
		}
		part := make([]byte, 6)
		if _, err := f.ReadAt(part, 3); err != nil || string(part) != "件的" {
			t.Errorf("of the middle: %q %v", part, err)
		}
		f.Close()
		if err := bucket(t, address+"/other").Keep(name, fileOf(t, "x")); err != nil {
			t.Fatal(err)
		}
		var all []string
		err = b.Each(func(name string, size int64) error { all = append(all, fmt.Sprint(name, " ", size)); return nil })
		if err != nil || strings.Join(all, ",") != name+" 15" {
			t.Errorf("%v %v", all, err)
		}
		if n := kept(t, address, "attachments/"); n != 1 {
			t.Errorf("%d objects, want one", n)
		}
		if err := b.Delete(name); err != nil {
			t.Fatal(err)
		}
		if has, err := b.Has(name); err != nil || has {
			t.Errorf("erased: %v %v", has, err)
		}
		if n := kept(t, address, "attachments/"); n != 0 {
			t.Errorf("with versions %v: %d of the erased file are left", versions, n)
		}
		if err := b.Delete(name); err != nil {
			t.Errorf("erased again: %v", err)
		}
		stop()
		if has, err := b.Has(name); err == nil || has || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a store that does not answer: %v %v", has, err)
		}
	}
}

// kept counts the objects below a prefix, those of former versions too.
func kept(t *testing.T, address, prefix string) (n int) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	for o := range c.ListObjects(t.Context(), "files", minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		n++
	}
	return n
}

// TestAttachmentsInOtherTeamsStore: a node's attachments are moved there and back, read and backed up there; a wrong key moves nothing.
func TestAttachmentsInOtherTeamsStore(t *testing.T) {
	address, stop := objectStore(t, false)
	dir := filepath.Join(t.TempDir(), "suining")
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}); err != nil {
		t.Fatal(err)
	}
	var name string
	with := func(use func(f *node.Folder) error) {
		t.Helper()
		f, err := node.OpenFolder(t.Context(), dir, []node.Module{region.Module()}, node.FolderOptions{May: region.Permit})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(use(f), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	read := func(f *node.Folder) error {
		file, err := f.Blobs.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		if b, err := io.ReadAll(file); err != nil || string(b) != "附件" {
			t.Errorf("%q %v", b, err)
		}
		return nil
	}
	with(func(f *node.Folder) error {
		kept, err := f.Blobs.Put(strings.NewReader("附件"), 100)
		name = kept.Name
		return err
	})
	if _, err := node.MoveFiles(dir, address, []byte(accessKey+"\nanother-secret-altogether\n")); err == nil {
		t.Error("moved by a wrong key")
	}
	with(read)
	key := []byte(accessKey + "\n" + secretKey + "\n")
	if m, err := node.MoveFiles(dir, address, key); err != nil || m.Files != 1 || m.Bytes != 6 {
		t.Fatalf("%+v %v", m, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "files", "*", "f-*")); err != nil || len(left) != 0 {
		t.Errorf("left in the folder: %v %v", left, err)
	}
	if m, err := node.MoveFiles(dir, address, key); err != nil || m.Files != 0 {
		t.Errorf("moved again: %+v %v", m, err)
	}
	with(func(f *node.Folder) error {
		if err := read(f); err != nil {
			return err
		}
		if _, err := f.Blobs.Put(strings.NewReader("第二个"), 100); err != nil {
			return err
		}
		m, err := f.Backup(t.Context(), filepath.Join(t.TempDir(), "backup.zip"), node.BackupOptions{})
		if len(m.Files) != 3 {
			t.Errorf("a backup of the database and two attachments: %+v", m.Files)
		}
		return err
	})
	if m, err := node.MoveFiles(dir, "", nil); err != nil || m.Files != 2 {
		t.Errorf("moved back: %+v %v", m, err)
	}
	if n := kept(t, address, ""); n != 0 {
		t.Errorf("%d are left in the bucket", n)
	}
	stop()
	with(read)
}
