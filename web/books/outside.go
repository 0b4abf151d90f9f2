package books

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"liandong/book"
	"liandong/store"
	"liandong/web"
	"liandong/web/assets"
)

// Outside is what the exchange tells of an entry of ours. Fields may be nil: then it stands for itself.
type Outside struct {
	// Evidence is that of an entry under the newest head that neighbours cosigned.
	Evidence func(ctx context.Context, tx *store.Tx, name string, index int64, memberName string) (book.Evidence, error)
	// Reached lists the members of the circle and when the entry reached each.
	Reached func(ctx context.Context, tx *store.Tx, circle string, index int64) ([]Reached, error)
	// Counts says when an entry counts by what its circle demands.
	Counts func(ctx context.Context, tx *store.Tx, circle string, index int64, said time.Time) (Counts, error)
}

// Counts (生效) is by how many members an entry has to be cosigned, how many did, and since when that is enough.
type Counts struct {
	Asked, Cosigned int       // Asked 0: the circle demands nothing of it
	Since           time.Time // zero: not yet
}

// Reached (送达) says whether and how an entry reached a member.
type Reached struct {
	Member string
	At     time.Time // zero: not yet
	By     string    // witness, answer; empty: not yet
}

// checkPage serves the file that checks proofs without any node, to anyone. GET /check
func checkPage(w http.ResponseWriter, _ *http.Request) error {
	page, err := assets.File("check.html")
	if err != nil {
		return web.ErrNotFound
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src "+hashOf(page, "script")+"; style-src "+hashOf(page, "style")+
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_, err = w.Write(page)
	return err
}

// hashOf is the source expression of what stands in an element of the page.
func hashOf(page []byte, element string) string {
	_, rest, _ := bytes.Cut(page, []byte("<"+element+">"))
	inner, _, _ := bytes.Cut(rest, []byte("</"+element+">"))
	sum := sha256.Sum256(inner)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// checkAddress is where an outsider checks this entry: the page is public, and what follows # names the one entry that
// the file must hold.
func (d proofData) checkAddress() string {
	return d.Site + "/check#" + d.pinned()
}

func (d proofData) pinned() string {
	leaf := book.LeafHash([]byte(d.Evidence.Entry))
	return url.Values{"origin": {d.Evidence.Origin}, "index": {strconv.FormatInt(d.Index, 10)}, "leaf": {leaf.String()}}.Encode()
}

// commands are how to check an entry without us, ready to be copied.
func (d proofData) commands() (verify, head string) {
	file := "evidence-" + d.Circle + "-" + px(int(d.Index)) + ".json"
	return "liandong proof verify " + file + " --key '" + d.Evidence.Key + "'",
		"curl " + d.Site + "/book/" + d.Circle + "/checkpoint"
}
