package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/node"
)

// authority is an office's own, as its machines know it.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, pool: x509.NewCertPool()}
	raw := a.signs(&x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "演示根证书"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil)
	var err error
	if a.cert, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.cert)
	return a
}

// signs makes a certificate and, beside it, its key in two files; without files it is the authority's own.
func (a *authority) signs(c *x509.Certificate, files []string) []byte {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, by := a.cert, a.key
	if parent == nil {
		parent, by, a.key = c, key, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
	if err != nil {
		a.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	for i, b := range []*pem.Block{{Type: "CERTIFICATE", Bytes: raw}, {Type: "PRIVATE KEY", Bytes: secret}} {
		if i < len(files) {
			if err := os.WriteFile(files[i], pem.EncodeToMemory(b), 0o600); err != nil {
				a.t.Fatal(err)
			}
		}
	}
	return raw
}

func (a *authority) issues(serial int64, files []string) {
	a.signs(&x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}, files)
}

// said is what a command prints, read while it runs.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestTheNodeServesHTTPSItself by the office's certificate, over HTTP/2, with cookies and headers as behind a proxy; a renewed certificate is
// taken while it is served, and one that cannot be read is not.
func TestTheNodeServesHTTPSItself(t *testing.T) {
	dir := t.TempDir()
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}); err != nil {
		t.Fatal(err)
	}
	office := newAuthority(t)
	files := []string{filepath.Join(t.TempDir(), "tls.crt"), filepath.Join(t.TempDir(), "tls.key")}
	office.issues(7, files)
	ctx, stop := context.WithCancel(context.Background())
	var out said
	c := serveCommand{Addr: "127.0.0.1:0"}
	c.Dir, c.TLSCert, c.TLSKey, c.LogFormat = dir, files[0], files[1], "json"
	c.DailyLimit, c.FileLimit = 16, 4
	ended := make(chan error, 1)
	go func() { ended <- c.Run(&terminal{ctx: ctx, out: &out, err: &out}) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	link := regexp.MustCompile(`https://127\.0\.0\.1:\d+/\S+`)
	for begun := time.Now(); link.FindString(out.String()) == ""; time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("it says %s", out.String())
		}
	}
	ask := func() (*http.Response, error) {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: office.pool}, ForceAttemptHTTP2: true, DisableKeepAlives: true}
		return (&http.Client{Transport: transport}).Get(link.FindString(out.String()))
	}
	serial := func() int64 {
		r, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	r, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || r.ProtoMajor != 2 || r.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %s, HSTS %q", r.Status, r.Proto, r.Header.Get("Strict-Transport-Security"))
	}
	if got := serial(); got != 7 {
		t.Errorf("certificate %d, want 7", got)
	}
	if err := os.WriteFile(files[0], []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(lookEvery)
	if got := serial(); got != 7 {
		t.Errorf("beside a file that cannot be read: certificate %d, want 7", got)
	}
	if !strings.Contains(out.String(), "the one before is served") {
		t.Error("nobody is told of the file that cannot be read")
	}
	office.issues(8, files)
	time.Sleep(lookEvery)
	if got := serial(); got != 8 {
		t.Errorf("after it was renewed: certificate %d, want 8", got)
	}
}

// TestHalfOfTheTLSFlagsIsRefused before anything is opened.
func TestHalfOfTheTLSFlagsIsRefused(t *testing.T) {
	office := newAuthority(t)
	files := []string{filepath.Join(t.TempDir(), "tls.crt"), filepath.Join(t.TempDir(), "tls.key")}
	office.issues(7, files)
	other := filepath.Join(t.TempDir(), "other.key")
	office.issues(9, []string{filepath.Join(t.TempDir(), "other.crt"), other})
	for _, f := range []tlsFlags{{TLSCert: files[0]}, {TLSKey: files[1]}, {TLSCert: files[0], TLSKey: other}, {TLSCert: "nowhere", TLSKey: files[1]}} {
		if _, err := f.secured(nil); err == nil {
			t.Errorf("%+v is taken", f)
		}
	}
	if config, err := (tlsFlags{}).secured(nil); config != nil || err != nil {
		t.Errorf("without: %v, %v", config, err)
	}
}
