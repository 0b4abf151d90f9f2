package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"liandong/web/lang"
)

// Keep makes the route give back what was typed to a person whose session ended while writing. Not
// for forms that carry secrets.
func (r *Route) Keep() *Route {
	r.keeps = true
	return r
}

// keptForm is a form that came without a session: it stands on the page that asks to sign in, and is
// sent from there again.
type keptForm struct {
	To       string // where it is sent
	Back     string // the page that it came from, for signing in
	Fields   []keptField
	HadFiles bool // files were chosen, and have to be chosen again
	encoding string
}

type keptField struct{ Name, Value string }

// typed says that a value was typed by hand, so that it is shown: what the form itself brought along goes back unseen.
func (f keptField) typed() bool {
	return f.label() != "" || f.Name != "request" && (len([]rune(f.Value)) > 30 || strings.ContainsAny(f.Value, "\n "))
}

// label is the key of the name by which people know the field: rows of a grid have the name of their column before their item's.
func (f keptField) label() string {
	column, _, _ := strings.Cut(f.Name, "-")
	if key := "web.expired.field." + column; f.Value != "" && lang.Has(key) {
		return key
	}
	return ""
}

// mostKept bounds the values of a form that is given back, in bytes.
const mostKept = 1 << 20

// readKept reads the values of a form; of files it only notes that there were some.
func readKept(r *http.Request) (keptForm, error) {
	k := keptForm{To: r.URL.RequestURI(), Back: "/"}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		k.Back = from.RequestURI()
	}
	k.encoding, _, _ = mime.ParseMediaType(r.Header.Get("Content-Type"))
	if k.encoding != "multipart/form-data" {
		if err := r.ParseForm(); err != nil {
			return k, err
		}
		for name, all := range r.PostForm {
			for _, v := range all {
				k.Fields = append(k.Fields, keptField{name, v})
			}
		}
		slices.SortFunc(k.Fields, func(a, b keptField) int { return strings.Compare(a.Name, b.Name) })
		return k, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return k, err
	}
	for room := int64(mostKept); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return k, nil
		}
		if err != nil {
			return k, err
		}
		if _, file := mimeParams(part.Header.Get("Content-Disposition"))["filename"]; file {
			n, err := io.Copy(io.Discard, part)
			if k.HadFiles = k.HadFiles || n > 0; err != nil {
				return k, err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, room+1))
		if err != nil {
			return k, err
		}
		if room -= int64(len(text)); room < 0 {
			return k, &http.MaxBytesError{Limit: mostKept}
		}
		k.Fields = append(k.Fields, keptField{part.FormName(), string(text)})
	}
}

func mimeParams(header string) map[string]string {
	_, params, err := mime.ParseMediaType(header)
	if err != nil {
		return nil
	}
	return params
}

// expired gives a form back to somebody whose session ended, with a link to sign in beside it.
func (s *Site) expired(w http.ResponseWriter, r *http.Request) {
	kept, err := readKept(r)
	if err == nil {
		err = ShowStatus(w, r, http.StatusUnauthorized, expiredPage(kept))
	}
	if err != nil {
		s.fail(w, r, err)
	}
}
