package filing

import (
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

// sent is a form as it came: its values, the files that were stored on the way, and a fingerprint
// that tells a retry from another request.
type sent struct {
	url.Values
	files  []plan.FileRef
	held   *heldFile
	errors []ui.FieldError
	print  [32]byte
}

// heldFile is a file that is in memory only, as long as nobody knows what it is.
type heldFile struct {
	name    string
	content []byte
}

// readSent reads a form. Files of a multipart form go straight to the folder of attachments, one
// after another; memory holds only the values.
func (p *pages) readSent(r *http.Request) (*sent, error) { return readForm(r, p.take) }

// readForm reads a form and hands each file to take.
func readForm(r *http.Request, take func(*http.Request, *sent, *multipart.Part) error) (*sent, error) {
	s := &sent{}
	var err error
	s.Values, err = web.ReadForm(r, func(part *multipart.Part) error { return take(r, s, part) })
	if err != nil {
		return nil, err
	}
	print := s.Encode()
	for _, f := range s.files {
		print += fmt.Sprintf("\n%s %d", f.Name, f.Size)
	}
	s.print = sha256.Sum256([]byte(print))
	return s, nil
}

// take stores one file; one that is refused is named at its field, and the others go on.
func (p *pages) take(r *http.Request, s *sent, part *multipart.Part) error {
	if len(s.files) == plan.MostFiles {
		return refuse.New("plan.too-many-files", "n", plan.MostFiles+1, "most", plan.MostFiles).At("files")
	}
	ref, err := p.desk.Attach(r.Context(), web.Actor(r), part.FileName(), part, p.limits.File)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		s.errors = append(s.errors, fields...)
		_, err := io.Copy(io.Discard, part)
		return err
	}
	if err != nil {
		return err
	}
	s.files = append(s.files, ref)
	return nil
}

// noFile passes over files of a form that has none.
func noFile(_ *http.Request, _ *sent, part *multipart.Part) error {
	_, err := io.Copy(io.Discard, part)
	return err
}

// hold keeps the first file of a form in memory and passes over the others.
func (p *pages) hold(r *http.Request, s *sent, part *multipart.Part) error {
	if s.held != nil || len(s.errors) > 0 {
		return noFile(r, s, part)
	}
	content, err := io.ReadAll(io.LimitReader(part, p.limits.File+1))
	if err != nil {
		return err
	}
	if int64(len(content)) <= p.limits.File {
		s.held = &heldFile{part.FileName(), content}
		return nil
	}
	large := refuse.New("plan.file-too-large", "name", part.FileName(), "most", p.limits.File>>20).At("file")
	s.errors, _ = web.FieldErrors(r.Context(), large)
	_, err = io.Copy(io.Discard, part)
	return err
}

// text is a value with line ends as they are stored.
func (s *sent) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(s.Get(name), "\r\n", "\n"))
}

// seen is the newest filing that the form was made from; whichever, of a form that does not say.
func (s *sent) seen() int64 {
	n, err := strconv.ParseInt(s.Get("seen"), 10, 64)
	if err != nil {
		return plan.AnyFiling
	}
	return n
}

func (s *sent) has(name, value string) bool { return slices.Contains(s.Values[name], value) }
