package brand

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/rules/mark"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct{ node *node.Node }

// mostForm bounds the form with its picture, in bytes: a photograph is read to its end, so that what else was typed stands again beside
// the refusal.
const mostForm = 16 << 20

// Routes adds the pages, and lets every page of the site show what they say.
func Routes(site *web.Site, n *node.Node) {
	p := &pages{n}
	site.Branded(p.brand)
	site.Handle("GET /mark/{name}", region.Public, p.mark)
	site.Handle("GET /admin/site", region.SiteWrite, p.form)
	site.Handle("POST /admin/site/preview", region.SiteWrite, p.preview).Body(mostForm).Keep()
	site.Handle("POST /admin/site", region.SiteWrite, p.save).Body(mostForm).Keep()
}

func t(ctx context.Context, key string, args ...any) string { return web.T(ctx, "brand."+key, args...) }

func (p *pages) read(ctx context.Context) (s region.Site, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		s, err = region.SiteOf(ctx, tx)
		return err
	})
	return s, err
}

// brand is what every page shows.
func (p *pages) brand(ctx context.Context) (ui.Brand, error) {
	s, err := p.read(ctx)
	return brandOf(s), err
}

func brandOf(s region.Site) ui.Brand {
	b := shown(s.SiteWords)
	if s.Mark != "" {
		b.Mark = "/mark/" + s.Mark
	}
	return b
}

func shown(w region.SiteWords) ui.Brand {
	return ui.Brand{Name: w.Name, Line: w.Line, Office: w.Office, Phone: w.Phone, Hours: w.Hours, Notice: w.Notice, Footer: w.Footer, Filing: w.Filing}
}

// mark serves the picture that is the mark now. Its address names its entry, so it may be kept for ever; and whatever it were, it could do
// nothing: no script runs in it, and nothing is fetched for it. GET /mark/{name}
func (p *pages) mark(w http.ResponseWriter, r *http.Request) error {
	var b []byte
	var form mark.Form
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		b, form, err = region.MarkOf(r.Context(), tx, r.PathValue("name"))
		return err
	})
	if err != nil {
		return err
	}
	if b == nil {
		return web.ErrNotFound
	}
	h := w.Header()
	h.Set("Content-Type", form.MediaType())
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Content-Disposition", `inline; filename="mark.`+string(form)+`"`)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err = w.Write(b)
	return err
}

type formView struct {
	region.SiteWords
	Mark    string // address of the picture that stands, or as data of the one that was chosen
	Chosen  string // the picture that was chosen and is not saved yet, in base64
	Drop    bool   // the picture that stands goes
	Preview bool
	Now     *region.SiteWords // what somebody saved since the form was opened; nil: nobody did
	Seen    string            // newest entry of what stood when the form was opened
	Key     string
	Errors  []ui.FieldError
}

// form shows what is said now. GET /admin/site
func (p *pages) form(w http.ResponseWriter, r *http.Request) error {
	s, err := p.read(r.Context())
	if err != nil {
		return err
	}
	v := formView{SiteWords: s.SiteWords, Seen: seenText(s), Key: web.NewRequestKey()}
	if s.Mark != "" {
		v.Mark = "/mark/" + s.Mark
	}
	return web.Show(w, r, sitePage(v))
}

// typed reads the form: texts, and the picture as a file or as it was chosen before the preview.
func (p *pages) typed(r *http.Request) (v formView, picture []byte, err error) {
	_, err = web.ReadForm(r, func(part *multipart.Part) error {
		b, err := io.ReadAll(io.LimitReader(part, mark.Most+1))
		if part.FormName() == "mark" {
			picture = b
		}
		return err
	})
	if err != nil {
		return v, nil, err
	}
	s, err := p.read(r.Context())
	if err != nil {
		return v, nil, err
	}
	f := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"))
	}
	v = formView{Key: web.NewRequestKey(), Seen: f("seen"), Chosen: f("chosen"), Drop: f("drop") != "", SiteWords: region.SiteWords{
		Name: f("name"), Line: f("line"), Office: f("office"), Phone: f("phone"), Hours: f("hours"), Notice: f("notice"), Footer: f("footer"), Filing: f("filing"),
	}}
	if s.Mark != "" && !v.Drop {
		v.Mark = "/mark/" + s.Mark
	}
	if len(picture) == 0 && v.Chosen != "" {
		if picture, err = base64.StdEncoding.DecodeString(v.Chosen); err != nil {
			v.Chosen = ""
			return v, nil, refuse.New("region.mark.form").At("mark")
		}
	}
	return v, picture, nil
}

// fits names everything that is wrong, and keeps a picture that is taken.
func (v *formView) fits(picture []byte) error {
	err := region.SiteFits(v.SiteWords)
	if len(picture) == 0 {
		return err
	}
	form, wrong := region.MarkFits(picture)
	if wrong != nil {
		v.Chosen = ""
		return errors.Join(err, wrong)
	}
	v.Chosen = base64.StdEncoding.EncodeToString(picture)
	v.Mark = "data:" + form.MediaType() + ";base64," + v.Chosen
	return err
}

// preview shows how pages would look; nothing is written. POST /admin/site/preview
func (p *pages) preview(w http.ResponseWriter, r *http.Request) error {
	v, picture, err := p.typed(r)
	if err == nil {
		err = v.fits(picture)
	}
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		v.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, sitePage(v))
	}
	if err != nil {
		return err
	}
	v.Preview = true
	return web.ShowStatus(w, r, http.StatusOK, sitePage(v))
}

// save 设定标识与文字. POST /admin/site
func (p *pages) save(w http.ResponseWriter, r *http.Request) error {
	v, picture, err := p.typed(r)
	if err == nil {
		if err = v.fits(picture); err == nil {
			req := web.RequestOf(r)
			sum := sha256.Sum256(picture)
			req.Print = append(req.Print, sum[:]...)
			err = p.write(r.Context(), req, v, picture)
		}
	}
	if refuse.Is(err, "region.site.newer") { // it may be saved once that was read
		s, err := p.read(r.Context())
		if err != nil {
			return err
		}
		v.Now, v.Seen = &s.SiteWords, seenText(s)
		return web.ShowStatus(w, r, http.StatusConflict, sitePage(v))
	}
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		v.Errors = fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, sitePage(v))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "saved"))
	return web.Redirect(w, r, "/admin/site")
}

func seenText(s region.Site) string { return strconv.FormatInt(s.Seen, 10) }

// write says what is new of it: texts that are as they were are not said again. What was changed since the form was opened is not replaced.
func (p *pages) write(ctx context.Context, req node.Request, v formView, picture []byte) error {
	_, err := p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		now, err := region.SiteOf(ctx, w.Tx())
		if err == nil && seenText(now) != v.Seen {
			err = refuse.New("region.site.newer").At("seen")
		}
		if err != nil {
			return err
		}
		if v.SiteWords != now.SiteWords {
			if err := region.NameSite(ctx, w, v.SiteWords); err != nil {
				return err
			}
		}
		if len(picture) > 0 || v.Drop && now.Mark != "" {
			return region.SetMark(ctx, w, picture)
		}
		return nil
	})
	return err
}

// draw sets the mark alone, or takes it away: texts that somebody changes meanwhile stay as he wrote them.
func (p *pages) draw(ctx context.Context, req node.Request, picture []byte) error {
	_, err := p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		now, err := region.SiteOf(ctx, w.Tx())
		if err != nil || picture == nil && now.Mark == "" {
			return err
		}
		return region.SetMark(ctx, w, picture)
	})
	return err
}

// differing are the texts that stand and are not what was typed, by the field's name.
func differing(ctx context.Context, now, typed region.SiteWords) (lines []string) {
	for _, one := range []struct{ field, now, typed string }{
		{"name", now.Name, typed.Name},
		{"line", now.Line, typed.Line},
		{"office", now.Office, typed.Office},
		{"phone", now.Phone, typed.Phone},
		{"hours", now.Hours, typed.Hours},
		{"notice", now.Notice, typed.Notice},
		{"footer", now.Footer, typed.Footer},
		{"filing", now.Filing, typed.Filing},
	} {
		if one.now != one.typed {
			lines = append(lines, t(ctx, "now", "field", t(ctx, one.field), "text", cmp.Or(one.now, t(ctx, "now.empty"))))
		}
	}
	return lines
}
