package web

import (
	"mime"
	"net/http"
)

// Download sends a file that is to be saved under a name, of which the browser keeps no copy of its own.
func Download(w http.ResponseWriter, name, mediaType string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-store")
	_, err := w.Write(content)
	return err
}
