// Package sent reads a form that carries attachments, as the rooms of slips, leaders' words and parts send them.
package sent

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

// Body bounds a form with its files, in bytes.
const Body = plan.MostFiles*plan.DefaultFileLimit + 1<<20

// Form is a form as it came.
type Form struct {
	url.Values
	Files  []plan.FileRef  // that lie with it: those kept from an earlier try, then those sent now
	Errors []ui.FieldError // of files that were refused, at the field files
	Req    node.Request    // of what it asks for; sent again with the same values and files it is the same
}

// Read reads a form. A file that is refused is named, and the others go on.
func Read(r *http.Request, desk *plan.Desk) (*Form, error) {
	f := &Form{}
	var fresh []plan.FileRef
	var err error
	f.Values, err = web.ReadForm(r, func(part *multipart.Part) error {
		if len(fresh) == plan.MostFiles {
			return refuse.New("plan.too-many-files", "n", plan.MostFiles+1, "most", plan.MostFiles).At("files")
		}
		ref, err := desk.Attach(r.Context(), web.Actor(r), part.FileName(), part, plan.DefaultFileLimit)
		if fields, ok := web.FieldErrors(r.Context(), err); ok {
			f.Errors = append(f.Errors, fields...)
			_, err := io.Copy(io.Discard, part)
			return err
		}
		if err == nil {
			fresh = append(fresh, ref)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if f.Files, err = desk.Uploaded(r.Context(), web.Actor(r).Person, f.Values["keep"]); err != nil {
		return nil, err
	}
	f.Files = append(f.Files, fresh...)
	print := r.URL.Path + "?" + f.Encode()
	for _, one := range fresh {
		print += fmt.Sprintf("\n%s %d", one.Name, one.Size)
	}
	sum := sha256.Sum256([]byte(print))
	f.Req = node.Request{ID: web.RequestKey(r), Print: sum[:], Actor: web.Actor(r)}
	return f, nil
}

// Text is a value with line ends as they are stored.
func (f *Form) Text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(f.Get(name), "\r\n", "\n"))
}
