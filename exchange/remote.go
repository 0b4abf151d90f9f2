package exchange

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
)

// Limits of answers, in bytes: what a well-formed one can be at most.
const (
	maxCheckpoint = 64 << 10
	maxEntries    = book.TileWidth * (2 + 65535)
	maxBeside     = besidePage + book.MaxBesideLine
)

// Remote is a neighbour's node, read over HTTP.
type Remote struct {
	Address string // https://tongnan.example
	Path    string // /book/suitong/ or /copy/500152/suitong/
	Origin  string // of the node asked: tongnan.example
	Client  *http.Client
	Signer  Signer
	Budget  *Budget // of this neighbour; nil: without limit

	head  etagged
	ahead atomic.Int64                      // of the neighbour's clock before ours, as a Duration
	held  atomic.Pointer[ed25519.PublicKey] // of our request keys the one to which the neighbour answered after another was refused
}

// to is another book of the same neighbour.
func (r *Remote) to(path string) *Remote {
	other := &Remote{Address: r.Address, Path: path, Origin: r.Origin, Client: r.Client, Signer: r.Signer, Budget: r.Budget}
	other.ahead.Store(r.ahead.Load())
	other.held.Store(r.held.Load())
	return other
}

// etagged is the last answer of what may change, for a conditional request.
type etagged struct {
	tag  string
	body []byte
}

// NewClient is the HTTP client for neighbours: no redirects (a book has one address), bounded in time.
func NewClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = time.Minute
	t.MaxConnsPerHost, t.MaxIdleConnsPerHost = 8, 8
	t.MaxResponseHeaderBytes = 64 << 10
	return &http.Client{
		Transport: t, Timeout: 5 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return ErrRedirect },
	}
}

// ErrRedirect: a node never sends its readers elsewhere.
var ErrRedirect = errors.New("邻方把请求转到了别处,不予跟随 (a redirect is not followed)")

// StatusError is an answer that is none of those a book gives.
type StatusError struct {
	Status int
	Path   string
}

func (e *StatusError) Error() string { return fmt.Sprintf("%s: HTTP %d", e.Path, e.Status) }

// Checkpoint implements Source; it asks conditionally.
func (r *Remote) Checkpoint(ctx context.Context) ([]byte, error) {
	body, header, err := r.get(ctx, "checkpoint", r.head.tag, maxCheckpoint)
	if errors.Is(err, errUnchanged) {
		return r.head.body, nil
	}
	if err == nil {
		r.head = etagged{header.Get("ETag"), body}
	}
	return body, err
}

// Rolled gives the last head of the book under a key that its member has rolled since; id as book.KeyID.
func (r *Remote) Rolled(ctx context.Context, id string) ([]byte, error) {
	body, _, err := r.get(ctx, "rolled/"+id, "", maxCheckpoint)
	return body, err
}

// Wait returns when the neighbour says that its book is longer than size, or when it has waited long enough. It is a
// hint, believed in nothing: what there is to know stands in the checkpoint.
func (r *Remote) Wait(ctx context.Context, size int64) error {
	_, _, err := r.get(ctx, "wait?after="+strconv.FormatInt(size, 10), "", maxCheckpoint)
	return err
}

// Heads gives the newest heads that the neighbour holds of the circle's other books.
func (r *Remote) Heads(ctx context.Context) ([]HeadSeen, error) {
	body, _, err := r.get(ctx, "heads", "", 4<<20)
	if err != nil {
		return nil, err
	}
	return readHeads(body)
}

// Tile implements Source.
func (r *Remote) Tile(ctx context.Context, level int, n int64, width int) ([]byte, error) {
	body, _, err := r.get(ctx, book.TilePath(level, n, width), "", book.TileWidth*tlog.HashSize)
	if err == nil && len(body) != width*tlog.HashSize {
		return nil, fmt.Errorf("%s: %d bytes", book.TilePath(level, n, width), len(body))
	}
	return body, err
}

// Entries implements Source.
func (r *Remote) Entries(ctx context.Context, n int64, width int) ([][]byte, error) {
	body, _, err := r.get(ctx, book.EntriesPath(n, width), "", maxEntries)
	if err != nil {
		return nil, err
	}
	all, err := book.ScanBundle(body)
	if err == nil && len(all) != width {
		err = fmt.Errorf("%s: %d entries", book.EntriesPath(n, width), len(all))
	}
	return all, err
}

// Beside implements Source.
func (r *Remote) Beside(ctx context.Context, from int64, count int) ([]book.Beside, error) {
	path := besidePath(from, count)
	body, header, err := r.get(ctx, path, "", maxBeside)
	if err != nil {
		return nil, err
	}
	given, err := strconv.Atoi(header.Get(countHeader))
	if err != nil || given < 1 || given > count {
		return nil, fmt.Errorf("%s: %s %q", path, countHeader, header.Get(countHeader))
	}
	return book.ScanBeside(body, from, given)
}

// countHeader says beside how many entries an answer lies.
const countHeader = "Liandong-Count"

func besidePath(from int64, count int) string {
	return "beside?from=" + strconv.FormatInt(from, 10) + "&count=" + strconv.Itoa(count)
}

var errUnchanged = errors.New("unchanged")

// get asks for what stands at a path below the book's.
func (r *Remote) get(ctx context.Context, path, tag string, limit int64) (body []byte, header http.Header, err error) {
	res, err := r.ask(ctx, path, func(h http.Header) {
		h.Set("Accept", "application/octet-stream, text/plain, application/x-ndjson")
		if tag != "" {
			h.Set("If-None-Match", tag)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified && tag != "":
		return nil, res.Header, errUnchanged
	case res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNoContent:
		return nil, res.Header, &StatusError{res.StatusCode, path}
	}
	body, err = io.ReadAll(&counted{io.LimitReader(res.Body, limit+1), r.Budget})
	if err == nil && int64(len(body)) > limit {
		err = fmt.Errorf("%s: %w", path, ErrTooLarge)
	}
	return body, res.Header, err
}

// ask sends a request for what stands at a path. To a key that it does not know a neighbour answers that nothing is there: then it is asked by
// the others, since it knows the one that its people recognised, and may know it for long after ours was rolled. The caller closes the
// answer's body.
func (r *Remote) ask(ctx context.Context, path string, with func(http.Header)) (*http.Response, error) {
	keys, err := r.keys()
	if err != nil {
		return nil, err
	}
	for i, key := range keys {
		res, err := r.byClock(ctx, path, with, key)
		if err != nil {
			return nil, err
		}
		if res.StatusCode != http.StatusNotFound {
			if i > 0 { // the first may have been let in because anybody is
				public := key.Public().(ed25519.PublicKey)
				r.held.Store(&public)
			}
			return res, nil
		}
		if i == len(keys)-1 {
			return res, nil
		}
		if err := res.Body.Close(); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("no key to sign a request with")
}

// keys are our request keys, the one first that held last.
func (r *Remote) keys() ([]ed25519.PrivateKey, error) {
	all, err := r.Signer.Keys()
	held := r.held.Load()
	if err != nil || held == nil {
		return all, err
	}
	at := slices.IndexFunc(all, func(k ed25519.PrivateKey) bool { return held.Equal(k.Public()) })
	if at > 0 {
		all = slices.Concat(all[at:at+1], all[:at], all[at+1:])
	}
	return all, nil
}

// byClock asks by one key, and once more by the neighbour's clock where that is another.
func (r *Remote) byClock(ctx context.Context, path string, with func(http.Header), key ed25519.PrivateKey) (*http.Response, error) {
	res, err := r.send(ctx, path, with, key)
	if err != nil || res.StatusCode != http.StatusUnauthorized {
		return res, err
	}
	if err := res.Body.Close(); err != nil {
		return nil, err
	}
	at, err := http.ParseTime(res.Header.Get("Date"))
	off := time.Until(at)
	if err != nil || off.Abs() > mostClockHeard {
		return nil, &StatusError{res.StatusCode, path}
	}
	r.ahead.Store(int64(off))
	return r.send(ctx, path, with, key)
}

// send asks once. The caller closes the answer's body.
func (r *Remote) send(ctx context.Context, path string, with func(http.Header), key ed25519.PrivateKey) (*http.Response, error) {
	if err := r.Budget.Room(); err != nil {
		return nil, err
	}
	at, err := url.JoinPath(r.Address, r.Path)
	if err != nil {
		return nil, fmt.Errorf("address of a neighbour: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(at, "/")+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	with(req.Header)
	if err := r.Signer.sign(req, r.Origin, time.Now().Add(time.Duration(r.ahead.Load())), key); err != nil {
		return nil, err
	}
	return r.Client.Do(req)
}
