// Package mark judges small pictures that an office shows as its own mark (标识): a PNG, or an SVG that can do nothing but be looked at. Pure.
package mark

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"slices"
	"strings"
)

// Most is how large a mark may be, in bytes; MostSide how wide and high a PNG, in pixels.
const Most, MostSide = 24 << 10, 1024

// Form is what a mark is.
type Form string

// The forms.
const (
	None Form = ""
	SVG  Form = "svg"
	PNG  Form = "png"
)

// MediaType is how it is served.
func (f Form) MediaType() string {
	if f == PNG {
		return "image/png"
	}
	return "image/svg+xml"
}

// Why a mark is not taken.
var (
	ErrLarge   = errors.New("mark: too large")
	ErrForm    = errors.New("mark: neither PNG nor SVG")
	ErrPicture = errors.New("mark: the picture is broken or too wide")
)

// Part is what an SVG holds that it must not: an element or an attribute.
type Part struct{ Name string }

// Error names the part.
func (p *Part) Error() string { return "mark: an SVG must not have " + p.Name }

// Check says what a mark is, or why it is not taken.
func Check(b []byte) (Form, error) {
	switch {
	case len(b) > Most:
		return None, ErrLarge
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, checkPNG(b)
	case bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), []byte("<")):
		return SVG, checkSVG(b)
	}
	return None, ErrForm
}

func checkPNG(b []byte) error {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width > MostSide || c.Height > MostSide { // before it is unfolded: a small file may claim a large picture
		return ErrPicture
	}
	rest := bytes.NewReader(b)
	if _, err := png.Decode(rest); err != nil || rest.Len() > 0 {
		return ErrPicture
	}
	return nil
}

const svgSpace = "http://www.w3.org/2000/svg"

// What an SVG may have: shapes, paints and names. No script, no style sheet, no foreign content, no animation, no text, for its font would
// be another on each machine, and nothing that is fetched.
var (
	elements   = strings.Fields(`svg g defs title desc path rect circle ellipse line polyline polygon linearGradient radialGradient stop clipPath`)
	attributes = strings.Fields(`id width height viewBox version preserveAspectRatio transform d x y x1 y1 x2 y2 cx cy r rx ry fx fy points
		fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stroke-opacity
		opacity color offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod clip-path clip-rule clipPathUnits xmlns`)
)

// deepest and mostElements bound what a browser has to draw.
const deepest, mostElements = 16, 2000

func checkSVG(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	depth, seen, roots := 0, 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return ErrPicture
		}
		switch t := token.(type) {
		case xml.Directive: // a DOCTYPE, which may name entities
			return &Part{"<!DOCTYPE>"}
		case xml.ProcInst:
			if t.Target != "xml" {
				return &Part{"<?" + t.Target + "?>"}
			}
		case xml.CharData: // around the root no browser takes any, and shows no picture
			if depth == 0 && len(bytes.Trim(t, " \t\r\n\ufeff")) > 0 {
				return ErrPicture
			}
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			seen++
			if depth > deepest || seen > mostElements || roots > 1 {
				return ErrPicture
			}
			if err := checkElement(t, depth); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		}
	}
	if seen == 0 {
		return ErrPicture
	}
	return nil
}

func checkElement(t xml.StartElement, depth int) error {
	if t.Name.Space != svgSpace || !slices.Contains(elements, t.Name.Local) || depth == 1 && t.Name.Local != "svg" {
		return &Part{"<" + t.Name.Local + ">"}
	}
	for _, a := range t.Attr {
		if a.Name.Space != "" || !slices.Contains(attributes, a.Name.Local) {
			return &Part{a.Name.Local}
		}
		if !plain(a.Value) && a.Name.Local != "xmlns" {
			return &Part{a.Name.Local}
		}
	}
	return nil
}

// plain says that a value names nothing outside: url() of a part of the picture itself is all that it may name.
func plain(value string) bool {
	text := strings.ToLower(strings.Join(strings.Fields(value), ""))
	rest := strings.ReplaceAll(text, "url(#", "")
	return !strings.Contains(rest, "url") && !strings.Contains(rest, ":") && !strings.Contains(rest, "\\") && !strings.Contains(rest, "//")
}
