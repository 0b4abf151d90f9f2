package slips

import (
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

// body bounds a form with its files.
const body = plan.MostFiles*plan.DefaultFileLimit + 1<<20

// sent is the form of an answer as it came, with the files that lie with it: those kept from an earlier try and those sent now.
type sent struct {
	url.Values
	files  []plan.FileRef
	errors []ui.FieldError
	req    node.Request
}

// read reads a form; a file that is refused is named at the field files, and the others go on.
func (p pages) read(r *http.Request) (*sent, error) {
	s := &sent{}
	var fresh []plan.FileRef
	var err error
	s.Values, err = web.ReadForm(r, func(part *multipart.Part) error {
		if len(fresh) == plan.MostFiles {
			return refuse.New("plan.too-many-files", "n", plan.MostFiles+1, "most", plan.MostFiles).At("files")
		}
		ref, err := p.desk.Attach(r.Context(), web.Actor(r), part.FileName(), part, plan.DefaultFileLimit)
		if fields, ok := web.FieldErrors(r.Context(), err); ok {
			s.errors = append(s.errors, fields...)
			_, err := io.Copy(io.Discard, part)
			return err
		}
		fresh = append(fresh, ref)
		return err
	})
	if err != nil {
		return nil, err
	}
	if s.files, err = p.desk.Uploaded(r.Context(), web.Actor(r).Person, s.Values["keep"]); err != nil {
		return nil, err
	}
	s.files = append(s.files, fresh...)
	print := r.URL.Path + "?" + s.Encode()
	for _, f := range fresh {
		print += fmt.Sprintf("\n%s %d", f.Name, f.Size)
	}
	sum := sha256.Sum256([]byte(print))
	s.req = node.Request{ID: web.RequestKey(r), Print: sum[:], Actor: web.Actor(r)}
	return s, nil
}

// text is a value with line ends as they are stored.
func (s *sent) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(s.Get(name), "\r\n", "\n"))
}
