package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// Patterns are the routes that Books answers, for http.ServeMux. Under /copy other members' books stand as they were
// received here: for who builds his own anew, and for who compares what was shown to whom.
var Patterns = []string{"GET /books", "GET /book/{circle}/{path...}", "GET /copy/{member}/{circle}/{path...}"}

// Books serves this member's books (docs/reference/book-http.md).
type Books struct {
	Node *node.Node
	// Open: anyone may read the book of this circle, and caches may keep it.
	Open func(circle string) bool
	// Allowed: who asks may read the book of this circle. Nil: nobody.
	Allowed func(r *http.Request, circle string) bool
	// Neighbour: who asks is a member of the circle, by his signature, and may read the book of the member named. He reads
	// its words too. ErrClock: he may, when he asks by this node's clock. Nil: nobody.
	Neighbour func(r *http.Request, circle, of string) (asking string, err error)
	// Attached finds the files that the words of an entry name; neighbours fetch these. Nil: none.
	Attached Attached
	// News wakes those who wait for the next entry. Nil: nobody waits.
	News *News
	// Kept holds what never changes. Nil: all is read anew.
	Kept *Kept
	// Stopping is closed when the node stops, so that those who wait do not keep it. May be nil.
	Stopping <-chan struct{}
	// Failed is told of what went wrong here; the reader learns only that it did. Nil: nobody.
	Failed func(r *http.Request, err error)
}

// OpenTo opens the books of the circles that are named.
func OpenTo(circles ...string) func(circle string) bool {
	return func(circle string) bool { return slices.Contains(circles, circle) }
}

// Listed is a book in the answer to GET /books.
type Listed struct {
	Circle string `json:"circle"`
	Origin string `json:"origin"`
	Key    string `json:"key"`  // C2SP verifier key
	Size   int64  `json:"size"` // entries
	Root   string `json:"root"` // base64
	Path   string `json:"path"` // under which checkpoint, key and tiles stand: "/book/suitong/"
	Open   bool   `json:"open"` // anyone may read it
}

// errNotHere is all that a reader learns of what does not stand here or is not for him.
var errNotHere = errors.New("not here")

// ServeHTTP answers the routes of Patterns.
func (b Books) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var err error
	if circle := r.PathValue("circle"); circle != "" {
		err = b.file(w, r, circle, r.PathValue("path"))
	} else if strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Redirect(w, r, "/books/", http.StatusSeeOther) // a person's browser: the page says it in words
	} else {
		err = b.list(w, r)
	}
	if err == nil {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if errors.Is(err, errNotHere) || errors.Is(err, node.ErrNoBook) {
		http.Error(w, "404 没有这一页,或者您看不到它 (not here, or not for you)", http.StatusNotFound)
		return
	}
	if errors.Is(err, errGone) {
		http.Error(w, "410 正文已删除,附件随之删除 (erased with the words that named it)", http.StatusGone)
		return
	}
	if errors.Is(err, errWaiting) {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "429 "+errWaiting.Error(), http.StatusTooManyRequests)
		return
	}
	if errors.Is(err, ErrClock) {
		w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
		http.Error(w, "401 "+ErrClock.Error(), http.StatusUnauthorized)
		return
	}
	if r.Context().Err() == nil {
		if b.Failed != nil {
			b.Failed(r, err)
		}
		http.Error(w, "500 账本现在读不出来,请稍后再试 (the book cannot be read now)", http.StatusInternalServerError)
	}
}

// may says whether the book of a member may be read, whether by anyone, and which neighbour asks. What is only for neighbours is never open.
func (b Books) may(r *http.Request, circle, of string, neighbours bool) (open bool, asking string, err error) {
	switch {
	case circle == node.Self:
		return false, "", errNotHere
	case neighbours:
	case b.Open != nil && b.Open(circle):
		return true, "", nil
	case b.Allowed != nil && b.Allowed(r, circle):
		return false, "", nil
	}
	if b.Neighbour == nil {
		return false, "", errNotHere
	}
	asking, err = b.Neighbour(r, circle, of)
	if err != nil && !errors.Is(err, ErrClock) {
		err = errNotHere
	}
	return false, asking, err
}

func (b Books) list(w http.ResponseWriter, r *http.Request) error {
	var all []node.BookVerified
	err := b.Node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		all, err = node.Books(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	listed := []Listed{}
	for _, one := range all {
		open, _, err := b.may(r, one.Circle, b.Node.Member, false)
		if err != nil || one.Member != b.Node.Member {
			continue
		}
		listed = append(listed, Listed{
			Circle: one.Circle, Origin: one.Origin, Key: one.Key, Size: one.Size, Root: one.Root.String(),
			Path: "/book/" + one.Circle + "/", Open: open,
		})
	}
	body, err := json.Marshal(listed)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Add("Vary", "Accept")
	return send(w, r, "application/json", append(body, '\n'))
}

// file is what stands at one path; contentType and lasting (never changes) go with it.
type file struct {
	body        []byte
	contentType string
	lasting     bool
	count       int    // of entries beside which it lies
	tag         string // ETag
}

func (b Books) file(w http.ResponseWriter, r *http.Request, circle, path string) error {
	of, prefix := b.Node.Member, "/book/"+circle+"/"
	copied := r.PathValue("member") != ""
	if copied {
		of, prefix = r.PathValue("member"), "/copy/"+r.PathValue("member")+"/"+circle+"/"
	}
	name := of + "/" + circle
	beside := path == "beside" || path == "heads" || path == "wait" || path == "file"
	open, asking, err := b.may(r, circle, of, copied || beside)
	if err != nil {
		return err
	}
	if r.URL.EscapedPath() != prefix+path {
		return errNotHere
	}
	switch path {
	case "file":
		return b.attachment(w, r, name)
	case "wait":
		if err := b.wait(r, name, asking); err != nil {
			return err
		}
	}
	f, kept := b.Kept.get(name + "/" + path)
	if !kept {
		err = b.Node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
			if beside {
				f, err = besides(r, tx, b.Node.Member, circle, name, path)
				return err
			}
			f, err = standing(r.Context(), tx, name, path)
			return err
		})
		if err != nil {
			return err
		}
		f.tag = tagOf(f.body)
		b.Kept.put(name+"/"+path, f)
	}
	if f.count > 0 {
		w.Header().Set(countHeader, strconv.Itoa(f.count))
	}
	w.Header().Set("Cache-Control", caching(open, f.lasting))
	if open {
		w.Header().Set("Access-Control-Allow-Origin", "*") // auditors' pages in a browser read it too
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	return sendTagged(w, r, f)
}

// standing is what stands at the paths of c2sp.org/tlog-tiles.
func standing(ctx context.Context, tx *store.Tx, name, path string) (f file, err error) {
	head, checkpoint, err := node.Head(ctx, tx, name)
	if err != nil {
		return f, err
	}
	switch path {
	case "checkpoint":
		lines, err := Cosigned(ctx, tx, head.Origin, head.Size)
		return file{body: slices.Concat(checkpoint, lines), contentType: "text/plain; charset=utf-8"}, err
	case "key":
		return file{body: []byte(head.Key + "\n"), contentType: "text/plain; charset=utf-8"}, nil
	}
	if id, ok := strings.CutPrefix(path, "rolled/"); ok && len(id) == 8 {
		last, err := node.RolledHead(ctx, tx, name, id)
		return file{body: last, contentType: "text/plain; charset=utf-8", lasting: true}, err
	}
	body, err := tile(ctx, tx, head, path)
	return file{body: body, contentType: "application/octet-stream", lasting: true}, err
}

// caching: a tile never changes, not even one that is not full, since its width is in its path.
func caching(open, lasting bool) string {
	who := "private"
	if open {
		who = "public"
	}
	if lasting {
		return who + ", max-age=31536000, immutable"
	}
	return who + ", no-cache"
}

// tile reads a tile or a bundle of entries. What reaches beyond the book is not here, and so is
// every path but the canonical one.
func tile(ctx context.Context, tx *store.Tx, head node.BookVerified, path string) ([]byte, error) {
	ref, err := book.ParsePath(path)
	if err != nil {
		return nil, errNotHere
	}
	stands := head.Size >> (8 * ref.Level)
	if ref.N > stands/book.TileWidth || ref.N*book.TileWidth+int64(ref.Width) > stands {
		return nil, errNotHere
	}
	if !ref.Entries {
		return node.Tile(ctx, tx, head.Book, ref.Level, ref.N, ref.Width)
	}
	entries, err := node.Entries(ctx, tx, head.Book, ref.N*book.TileWidth, ref.Width)
	if err != nil {
		return nil, err
	}
	if len(entries) != ref.Width {
		return nil, errors.New("entries are missing in " + head.Book)
	}
	return book.EntryBundle(entries)
}

func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

func send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) error {
	return sendTagged(w, r, file{body: body, contentType: contentType, tag: tagOf(body)})
}

// sendTagged answers a conditional request with 304.
func sendTagged(w http.ResponseWriter, r *http.Request, f file) error {
	w.Header().Set("ETag", f.tag)
	if slices.Contains(strings.Split(r.Header.Get("If-None-Match"), ", "), f.tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", f.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(f.body)))
	_, _ = w.Write(f.body) // the reader may have gone: that is no trouble of ours
	return nil
}
