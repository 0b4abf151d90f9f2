package mark

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
)

func svg(inside string) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28">` + inside + `</svg>`)
}

func picture(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWhatIsTaken: shapes and paints, and small PNGs.
func TestWhatIsTaken(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		form Form
	}{
		"shapes":    {svg(`<defs><linearGradient id="a"><stop offset="0" stop-color="#1d4e89"/></linearGradient></defs><g fill="url(#a)"><path d="M1 1h8v8z"/></g>`), SVG},
		"a heading": {append([]byte("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- 标识 -->"), svg("<title>遂宁</title>")...), SVG},
		"a picture": {picture(t, 64), PNG},
	} {
		if form, err := Check(c.b); form != c.form || err != nil {
			t.Errorf("%s: %q, %v", name, form, err)
		}
	}
}

// TestWhatCanDoSomethingIsNotTaken: each by the part that would do it.
func TestWhatCanDoSomethingIsNotTaken(t *testing.T) {
	for name, c := range map[string]struct{ text, part string }{
		"script":             {string(svg(`<script>alert(1)</script>`)), "<script>"},
		"a handler":          {string(svg(`<path d="M0 0" onload="alert(1)"/>`)), "onload"},
		"a link":             {string(svg(`<a href="javascript:alert(1)"><path d="M0 0"/></a>`)), "<a>"},
		"a use":              {string(svg(`<use href="#a"/>`)), "<use>"},
		"foreign content":    {string(svg(`<foreignObject><b/></foreignObject>`)), "<foreignObject>"},
		"a style sheet":      {string(svg(`<style>@import "x"</style>`)), "<style>"},
		"a style":            {string(svg(`<path style="background:url(x)"/>`)), "style"},
		"what is fetched":    {string(svg(`<path fill="url(http://x/y.svg#a)"/>`)), "fill"},
		"what is spelt odd":  {string(svg(`<path fill="u\72l(x)"/>`)), "fill"},
		"an animation":       {string(svg(`<set attributeName="href" to="x"/>`)), "<set>"},
		"an image":           {string(svg(`<image href="data:image/png;base64,AA"/>`)), "<image>"},
		"an xlink":           {string(svg(`<g xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>`)), "x"},
		"another name space": {`<svg xmlns="http://www.w3.org/1999/xhtml"><script/></svg>`, "<svg>"},
		"none":               {`<svg><path/></svg>`, "<svg>"},
		"entities":           {`<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>`, "<!DOCTYPE>"},
		"a sheet beside":     {`<?xml-stylesheet href="x"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "<?xml-stylesheet?>"},
		"a page":             {`<html xmlns="http://www.w3.org/2000/svg"/>`, "<html>"},
	} {
		_, err := Check([]byte(c.text))
		var part *Part
		if !errors.As(err, &part) || part.Name != c.part {
			t.Errorf("%s: %v, want %s", name, err, c.part)
		}
	}
}

// TestWhatIsNoMark: broken, too large, too wide, with something behind it, or something else.
func TestWhatIsNoMark(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"too large":       {[]byte(string(svg(strings.Repeat(" ", Most)))), ErrLarge},
		"a GIF":           {[]byte("GIF89a"), ErrForm},
		"nothing":         {nil, ErrForm},
		"two roots":       {append(svg(""), svg("")...), ErrPicture},
		"text after":      {append(svg(""), "遂宁"...), ErrPicture},
		"text before":     {append([]byte("<!-- a -->x"), svg("")...), ErrPicture},
		"CDATA after":     {append(svg(""), "<![CDATA[ x ]]>"...), ErrPicture},
		"not closed":      {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><g>`), ErrPicture},
		"a comment only":  {[]byte(`<!-- -->`), ErrPicture},
		"deep":            {svg(strings.Repeat("<g>", deepest) + strings.Repeat("</g>", deepest)), ErrPicture},
		"many":            {svg(strings.Repeat("<g/>", mostElements)), ErrPicture},
		"too wide":        {picture(t, MostSide+1), ErrPicture},
		"cut":             {picture(t, 64)[:40], ErrPicture},
		"something after": {append(picture(t, 64), "<script>"...), ErrPicture},
	} {
		if _, err := Check(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// FuzzCheck: whatever is sent, what is taken as an SVG names no script and no handler.
func FuzzCheck(f *testing.F) {
	f.Add(svg(`<path d="M0 0"/>`))
	f.Add(svg(`<script/>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		form, err := Check(b)
		low := bytes.ToLower(b)
		if err == nil && form == SVG && (bytes.Contains(low, []byte("<script")) && !bytes.Contains(low, []byte("<!--")) && !bytes.Contains(low, []byte("cdata"))) {
			t.Errorf("taken: %q", b)
		}
	})
}
