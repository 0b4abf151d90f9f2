package region

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"liandong/book"
	"liandong/node"
	"liandong/rules/mark"
	"liandong/rules/refuse"
	"liandong/store"
)

// SiteWords are what an office calls the platform here, whom to call, and what its pages say besides. An empty one is as the program has it.
type SiteWords struct {
	Name   string `json:"name,omitempty"`   // of the platform: 遂宁联动平台
	Line   string `json:"line,omitempty"`   // short, of the member: 遂潼一体化工作协同
	Office string `json:"office,omitempty"` // who helps
	Phone  string `json:"phone,omitempty"`  // of that office
	Hours  string `json:"hours,omitempty"`  // when somebody is there
	Notice string `json:"notice,omitempty"` // on the sign-in page
	Footer string `json:"footer,omitempty"`
	Filing string `json:"filing,omitempty"` // 备案号
}

// siteBounds are how long each may be, in characters.
func siteBounds(w SiteWords) []struct {
	field, text string
	most        int
} {
	return []struct {
		field, text string
		most        int
	}{
		{"name", w.Name, 20},
		{"line", w.Line, 40},
		{"office", w.Office, 40},
		{"phone", w.Phone, 40},
		{"hours", w.Hours, 60},
		{"notice", w.Notice, 1000},
		{"footer", w.Footer, 200},
		{"filing", w.Filing, 60},
	}
}

// SiteFits names everything that is wrong with the texts of a site, at once.
func SiteFits(w SiteWords) error {
	var all []error
	for _, b := range siteBounds(w) {
		if utf8.RuneCountInString(b.text) > b.most {
			all = append(all, refuse.New("region.site.long", "most", b.most).At(b.field))
		}
		if b.field != "notice" && strings.ContainsFunc(b.text, unicode.IsControl) {
			all = append(all, refuse.New("region.site.line").At(b.field))
		}
	}
	if w.Phone != "" && !strings.ContainsFunc(w.Phone, unicode.IsDigit) {
		all = append(all, refuse.New("region.site.phone").At("phone"))
	}
	if w.Office == "" && w.Phone+w.Hours != "" {
		all = append(all, refuse.New("region.site.office").At("office"))
	}
	return errors.Join(all...)
}

// SiteNamed 设定标识与文字: how the platform is called on this member's pages, whom to call, and what stands on the sign-in page and at the foot. A
// later entry replaces it.
var SiteNamed = &node.Kind[NoWords, SiteWords]{
	Name: "region.site.named/1", Action: string(SiteWrite),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ NoWords, w *SiteWords) error {
		if w == nil {
			return refuse.New("region.site.line").At("name")
		}
		return SiteFits(*w)
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, _ NoWords) error { return onlySelf(e) },
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, _ NoWords) ([]string, error) {
		return nil, siteIs(ctx, own, "words", "")
	},
}

// MarkFacts: what sort of picture the mark is; empty: there is none any more.
type MarkFacts struct {
	Form mark.Form `json:"form"` // "", "svg" or "png"
}

// MarkWords hold the picture, in base64.
type MarkWords struct {
	Picture string `json:"picture"`
}

// MarkSet 设定标识图: the picture that stands in the place of the program's own mark. What can do more than be looked at is not taken
// (rules/mark).
var MarkSet = &node.Kind[MarkFacts, MarkWords]{
	Name: "region.mark.set/1", Action: string(SiteWrite),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f MarkFacts, w *MarkWords) error {
		if f.Form == mark.None {
			return nil
		}
		if w == nil {
			return refuse.New("region.mark.form").At("mark")
		}
		b, err := base64.StdEncoding.DecodeString(w.Picture)
		if err != nil {
			return refuse.New("region.mark.form").At("mark")
		}
		form, err := MarkFits(b)
		if err == nil && form != f.Form {
			err = refuse.New("region.mark.form").At("mark")
		}
		return err
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f MarkFacts) error {
		if f.Form != mark.None && f.Form != mark.SVG && f.Form != mark.PNG {
			return refuse.New("region.mark.form").At("mark")
		}
		return onlySelf(e)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f MarkFacts) ([]string, error) {
		return nil, siteIs(ctx, own, "mark", string(f.Form))
	},
}

// MarkFits says what a picture is, or why it is not taken as a mark.
func MarkFits(b []byte) (mark.Form, error) {
	form, err := mark.Check(b)
	var part *mark.Part
	switch {
	case errors.As(err, &part):
		return form, refuse.New("region.mark.part", "part", part.Name).At("mark")
	case errors.Is(err, mark.ErrLarge):
		return form, refuse.New("region.mark.large", "most", mark.Most>>10).At("mark")
	case errors.Is(err, mark.ErrPicture):
		return form, refuse.New("region.mark.broken", "side", mark.MostSide).At("mark")
	case err != nil:
		return form, refuse.New("region.mark.form").At("mark")
	}
	return form, nil
}

const siteRows = `
CREATE TABLE region_site (
	book TEXT NOT NULL,
	what TEXT NOT NULL,
	form TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, what)
);`

func siteIs(ctx context.Context, own *node.Own, what, form string) error {
	_, err := own.Exec(ctx, `INSERT INTO region_site (book, what, form, idx) VALUES (?, ?, ?, ?)
		ON CONFLICT (book, what) DO UPDATE SET form = excluded.form, idx = excluded.idx`, what, form, own.Index)
	return err
}

// Site is how this member's pages are called and whom they name.
type Site struct {
	SiteWords
	Index int64  // of the entry that says so; -1: none
	Mark  string // names the picture by its entry, "71.svg"; empty: the program's own
	Seen  int64  // the newest entry of texts and mark; -1: none
}

// SiteOf reads it; words that were erased are as if never said.
func SiteOf(ctx context.Context, tx *store.Tx) (s Site, err error) {
	s.Index, s.Seen = -1, -1
	rows, err := tx.Query(ctx, `SELECT s.what, s.form, s.idx, CASE WHEN s.what = 'words' THEN e.words END, CASE WHEN e.words IS NULL THEN 0 ELSE 1 END
		FROM region_site s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx`)
	if err != nil {
		return s, err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (_ struct{}, err error) {
		var what, form string
		var index int64
		var raw []byte
		var here bool
		if err = scan(&what, &form, &index, &raw, &here); err != nil {
			return struct{}{}, err
		}
		if s.Seen = max(s.Seen, index); !here { // also one that takes the mark away, or whose words were erased
			return struct{}{}, nil
		}
		if what == "mark" {
			if form != "" {
				s.Mark = strconv.FormatInt(index, 10) + "." + form
			}
			return struct{}{}, nil
		}
		s.Index = index
		s.SiteWords, err = SiteNamed.WordsOf(raw)
		return struct{}{}, err
	})
	return s, err
}

// MarkOf is the picture that is the mark now, if it is the one that name means.
func MarkOf(ctx context.Context, tx *store.Tx, name string) (b []byte, form mark.Form, err error) {
	s, err := SiteOf(ctx, tx)
	if err != nil || s.Mark == "" || s.Mark != name {
		return nil, mark.None, err
	}
	var raw []byte
	err = tx.Row(ctx, `SELECT s.form, e.words FROM region_site s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx WHERE s.what = 'mark'`).Scan(&form, &raw)
	if err != nil {
		return nil, mark.None, err
	}
	w, err := MarkSet.WordsOf(raw)
	if err != nil {
		return nil, mark.None, err
	}
	b, err = base64.StdEncoding.DecodeString(w.Picture)
	return b, form, err
}

// NameSite says how the pages are called and whom they name.
func NameSite(ctx context.Context, w *node.Writing, said SiteWords) error {
	_, err := SiteNamed.Say(ctx, w, node.Said[NoWords, SiteWords]{Circle: node.Self, Words: &said})
	return err
}

// SetMark gives the pages a mark; nil takes it away.
func SetMark(ctx context.Context, w *node.Writing, picture []byte) error {
	said := node.Said[MarkFacts, MarkWords]{Circle: node.Self}
	if len(picture) > 0 {
		form, err := MarkFits(picture)
		if err != nil {
			return err
		}
		said.Facts.Form, said.Words = form, &MarkWords{Picture: base64.StdEncoding.EncodeToString(picture)}
	}
	_, err := MarkSet.Say(ctx, w, said)
	return err
}
