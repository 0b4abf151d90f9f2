package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

type tlsFlags struct {
	TLSCert string `name:"tls-cert" help:"证书文件(PEM,含中间证书),与 --tls-key 同时给出时本站自行提供 https (certificate; with --tls-key the node serves https itself)." env:"LIANDONG_TLS_CERT" placeholder:"FILE" type:"path"`
	TLSKey  string `name:"tls-key" help:"证书的私钥文件(PEM) (private key of the certificate)." env:"LIANDONG_TLS_KEY" placeholder:"FILE" type:"path"`
}

// secured is how the node serves https by its own certificate; nil: it serves http.
func (f tlsFlags) secured(log *slog.Logger) (*tls.Config, error) {
	if f.TLSCert == "" && f.TLSKey == "" {
		return nil, nil
	}
	if f.TLSCert == "" || f.TLSKey == "" {
		return nil, errors.New("--tls-cert 与 --tls-key 须同时给出 (both are needed)")
	}
	c := &certificate{tlsFlags: f, log: log}
	if err := c.load(); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: c.current}, nil
}

// certificate is read anew when its files are replaced: who renews it need not stop the node.
type certificate struct {
	tlsFlags
	log *slog.Logger

	mu     sync.Mutex
	pair   *tls.Certificate
	of     [2]time.Time // when the files were changed
	looked time.Time
}

// lookEvery is how often the files are looked at.
const lookEvery = time.Second

func (c *certificate) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < lookEvery {
		return c.pair, nil
	}
	if of, err := c.changed(); err != nil || of != c.of {
		if err := c.load(); err != nil { // half replaced, perhaps: the one before is good until it is over
			c.log.Warn("the new certificate could not be read; the one before is served", "error", err)
			c.looked = time.Now()
		}
	}
	return c.pair, nil
}

func (c *certificate) changed() (of [2]time.Time, err error) {
	for i, name := range []string{c.TLSCert, c.TLSKey} {
		s, err := os.Stat(name)
		if err != nil {
			return of, err
		}
		of[i] = s.ModTime()
	}
	return of, nil
}

func (c *certificate) load() error {
	of, err := c.changed()
	if err != nil {
		return fmt.Errorf("读不出证书 (the certificate cannot be read): %w", err)
	}
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return fmt.Errorf("证书与私钥不能用 (certificate and key cannot be used): %w", err)
	}
	c.pair, c.of, c.looked = &pair, of, time.Now()
	return nil
}

// over serves a listener by TLS, if that is asked for.
func over(l net.Listener, config *tls.Config) net.Listener {
	if config == nil {
		return l
	}
	return tls.NewListener(l, config)
}

// scheme is how addresses of the node begin.
func scheme(config *tls.Config) string {
	if config == nil {
		return "http"
	}
	return "https"
}
