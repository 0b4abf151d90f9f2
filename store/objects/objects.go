// Package objects keeps files in a bucket of an S3-compatible object store, each whole under its name. It makes no difference between an
// empty bucket and none until it writes: whether the store answers is found where it is first needed, so that books are served without it.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Key is what opens a bucket: the access key (AccessKey ID) and its secret.
type Key struct{ ID, Secret string }

// ParseKey reads the two lines of a key file.
func ParseKey(text []byte) (Key, error) {
	lines := strings.Fields(string(text))
	if len(lines) != 2 {
		return Key{}, errors.New("密钥文件应有两行:AccessKey 与其密钥 (the key file holds two lines: the access key and its secret)")
	}
	return Key{lines[0], lines[1]}, nil
}

// Bucket is a bucket, or the part of one below a prefix.
type Bucket struct {
	client       *minio.Client
	name, prefix string
}

// Times that the store is given; a file of any size may take longer to come, but not to begin.
const (
	dialTime   = 5 * time.Second
	headerTime = 20 * time.Second
	askTime    = 10 * time.Second // a question without a file
	tries      = 3
)

// Open prepares to use https://host[:port]/bucket[/prefix], with ?region=… where the store asks for one and ?style=host where it wants
// the bucket's name in the name of the host. Plain http is for this machine alone: files would be read on the way. Nothing is sent yet.
func Open(address string, key Key) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errAddress(address)
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || name == "" || u.User != nil || u.Fragment != "" {
		return nil, errAddress(address)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("对象存储的地址应为 https,http 只用于本机 (the object store is reached by https; http is for this machine only): %w", errAddress(address))
	}
	lookup, q := minio.BucketLookupPath, u.Query()
	for k := range q {
		if k != "region" && k != "style" || k == "style" && q.Get(k) != "host" && q.Get(k) != "path" {
			return nil, errAddress(address)
		}
	}
	if q.Get("style") == "host" {
		lookup = minio.BucketLookupDNS
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: dialTime}).DialContext
	transport.ResponseHeaderTimeout = headerTime
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(key.ID, key.Secret, ""), Secure: u.Scheme == "https", Region: q.Get("region"),
		BucketLookup: lookup, Transport: transport, MaxRetries: tries,
	})
	if err != nil {
		return nil, fmt.Errorf("open the object store: %w", err)
	}
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{client, name, prefix}, nil
}

func errAddress(address string) error {
	return fmt.Errorf("对象存储的地址 %q 应形如 https://主机:端口/桶[/前缀][?region=区域][&style=host] (malformed address of an object store)", address)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Ready asks whether the bucket is there and opens with the key.
func (b *Bucket) Ready() error {
	ctx, done := context.WithTimeout(context.Background(), askTime)
	defer done()
	there, err := b.client.BucketExists(ctx, b.name)
	if err == nil && !there {
		err = fmt.Errorf("没有桶 %s (no such bucket)", b.name)
	}
	return b.failed(err)
}

// Keep stores the file at path under name, unless one of that name is there. It has answered only once the store has all of it.
func (b *Bucket) Keep(name, path string) error {
	if there, err := b.Has(name); err != nil || there {
		return err
	}
	_, err := b.client.FPutObject(context.Background(), b.name, b.prefix+name, path, minio.PutObjectOptions{
		ContentType: "application/octet-stream", ContentDisposition: "attachment", SendContentMd5: true,
	})
	return b.failed(err)
}

// File is a file of a bucket, opened.
type File = interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Open reads a file; fs.ErrNotExist: there is none.
func (b *Bucket) Open(name string) (File, error) {
	o, err := b.client.GetObject(context.Background(), b.name, b.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, b.failed(err)
	}
	if _, err := o.Stat(); err != nil {
		return nil, errors.Join(b.failed(err), o.Close())
	}
	return o, nil
}

// Has tells whether a file is there.
func (b *Bucket) Has(name string) (bool, error) {
	ctx, done := context.WithTimeout(context.Background(), askTime)
	defer done()
	_, err := b.client.StatObject(ctx, b.name, b.prefix+name, minio.StatObjectOptions{})
	if err = b.failed(err); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Delete erases a file for good: of a bucket that keeps versions, all of them. One that is not there is no error.
func (b *Bucket) Delete(name string) error {
	ctx, done := context.WithTimeout(context.Background(), time.Minute)
	defer done()
	versions, err := b.client.GetBucketVersioning(ctx, b.name)
	if err != nil {
		return b.failed(err)
	}
	if versions.Status == "" {
		return b.failed(b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{}))
	}
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + name, Recursive: true, WithVersions: true}) {
		if o.Err != nil {
			return b.failed(o.Err)
		}
		if o.Key != b.prefix+name {
			continue
		}
		err := b.client.RemoveObject(ctx, b.name, o.Key, minio.RemoveObjectOptions{VersionID: o.VersionID})
		if err != nil {
			return b.failed(err)
		}
	}
	return nil
}

// Each names all files with their size in bytes, until f fails.
func (b *Bucket) Each(f func(name string, size int64) error) error {
	ctx, done := context.WithCancel(context.Background())
	defer done()
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return b.failed(o.Err)
		}
		if err := f(strings.TrimPrefix(o.Key, b.prefix), o.Size); err != nil {
			return err
		}
	}
	return nil
}

// failed says that it was the object store, and what it lacked as others say it.
func (b *Bucket) failed(err error) error {
	if err == nil {
		return nil
	}
	if code := minio.ToErrorResponse(err).Code; code == minio.NoSuchKey || code == minio.NoSuchVersion {
		return fs.ErrNotExist
	}
	return fmt.Errorf("对象存储 %s/%s (object store): %w", b.client.EndpointURL().Host, b.name, err)
}
