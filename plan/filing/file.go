package filing

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/web"
)

// file gives an attachment with the permission of its entry. GET /file/{circle}/{index}/{n}, and of a neighbour's entry
// GET /file/{member}/{circle}/{index}/{n}
//
// Pictures may stand in a page; all else is a download that no browser runs or opens as a page.
func (p *pages) file(w http.ResponseWriter, r *http.Request) error {
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	if err != nil {
		return web.ErrNotFound
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return web.ErrNotFound
	}
	name := p.desk.Node().BookName(r.PathValue("circle"))
	if member := r.PathValue("member"); member != "" {
		name = member + "/" + r.PathValue("circle")
	}
	ref, f, err := p.desk.OpenFile(r.Context(), web.Actor(r), name, index, n)
	if refuse.Is(err, "plan.file-unknown") || errors.Is(err, node.ErrErased) {
		return web.Hide(err)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	kind, way := "application/octet-stream", "attachment"
	if image(ref) {
		kind, way = ref.Type, "inline"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": ref.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
