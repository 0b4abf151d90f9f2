package split

import (
	"context"
	"crypto/sha256"
	"embed"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct{ desk *plan.Desk }

// Routes adds the pages.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d}
	body := plan.MostFiles*plan.DefaultFileLimit + 1<<20
	site.Handle("GET /item/{id}/split", region.ShareRead, p.item)
	site.Handle("POST /item/{id}/split", region.PlanSplit, p.ask).Keep()
	site.Handle("GET /shares", region.ShareRead, p.list)
	site.Handle("GET /share/{id}", region.ShareRead, p.share)
	site.Handle("POST /share/{id}/report", region.ShareAnswer, p.report).Body(body).Keep()
	site.Handle("POST /share/{id}/draft", region.ShareAnswer, p.saveDraft).Body(body).Keep()
	site.Handle("POST /share/{id}/decline", region.ShareAnswer, p.decline).Keep()
	site.Handle("POST /share/{id}/again", region.PlanSplit, p.again).Keep()
	site.Handle("POST /share/{id}/withdraw", region.PlanSplit, p.withdraw)
	site.Nav(web.NavItem{LabelKey: "split.title", Href: "/shares", Action: region.PlanSplit, Under: []string{"/share/*"}})
}

func t(ctx context.Context, key string, args ...any) string { return web.T(ctx, "split."+key, args...) }

// gone makes what is not there, or not the reader's, the page that says both.
func gone(err error) error {
	for _, code := range []string{"plan.share-unknown", "plan.item-unknown", "plan.not-ours", "plan.not-your-item", "plan.share-period"} {
		if refuse.Is(err, code) {
			return web.ErrNotFound
		}
	}
	return err
}

// sent is a form as it came, with the files that lie with it: those kept from an earlier try and those sent now.
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
	print := sha256.New()
	var err error
	s.Values, err = web.ReadForm(r, func(part *multipart.Part) error {
		if len(fresh) == plan.MostFiles {
			return refuse.New("plan.too-many-files", "n", plan.MostFiles+1, "most", plan.MostFiles).At("files")
		}
		ref, err := p.desk.Attach(r.Context(), web.Actor(r), part.FileName(), part, plan.DefaultFileLimit)
		if wrong, ok := web.FieldErrors(r.Context(), err); ok {
			s.errors = append(s.errors, wrong...)
			_, err = io.Copy(io.Discard, part)
			return err
		}
		fresh = append(fresh, ref)
		fmt.Fprintf(print, "%s %d\n", ref.Name, ref.Size)
		return err
	})
	if err != nil {
		return nil, err
	}
	if s.files, err = p.desk.Uploaded(r.Context(), web.Actor(r).Person, s.Values["keep"]); err != nil {
		return nil, err
	}
	s.files = append(s.files, fresh...)
	fmt.Fprint(print, r.URL.Path, "?", s.Encode())
	s.req = node.Request{ID: web.RequestKey(r), Print: print.Sum(nil), Actor: web.Actor(r)}
	return s, nil
}

// text is a value with line ends as they are stored.
func (s *sent) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(s.Get(name), "\r\n", "\n"))
}
