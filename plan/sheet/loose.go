package sheet

import (
	"context"
	"encoding/xml"
	"regexp"
	"strings"
)

// looseParts bear text that is no cell and no paragraph of the list: page headers, notes, comments,
// text boxes, charts. A part is read by its place in the file, not by the relation that leads to it:
// programs leave old headers behind, and what they say of the file is the same.
var looseParts = regexp.MustCompile(`^(word/(header|footer|footnotes|endnotes|comments)|xl/(drawings/|charts/|comments|threadedcomments/)|docprops/)[^/]*\.xml$`)

// readLoose collects the text of those parts: a mark of secrecy may stand in any of them.
func (r *raw) readLoose(ctx context.Context, p *parcel) error {
	for name := range p.parts {
		if !looseParts.MatchString(name) {
			continue
		}
		read := looseText
		if strings.HasPrefix(name, "docprops/") {
			read = properties
		}
		texts, err := read(ctx, p, name)
		if err != nil {
			return err
		}
		r.loose = append(r.loose, texts...)
	}
	return nil
}

// properties gives the values of a document's properties (title, keywords, 密级 …).
func properties(ctx context.Context, p *parcel, part string) ([]string, error) {
	var texts []string
	err := p.walk(ctx, part, func(t xml.Token) error {
		if c, ok := t.(xml.CharData); ok && strings.TrimSpace(string(c)) != "" {
			texts = append(texts, string(c))
		}
		return nil
	})
	return texts, err
}

// looseText gives the text of every paragraph of a part that is read for its marks only.
func looseText(ctx context.Context, p *parcel, part string) ([]string, error) {
	var texts []string
	var text strings.Builder
	taking := false
	err := p.walk(ctx, part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			taking = t.Name.Local == "t"
		case xml.CharData:
			if taking {
				text.Write(t)
			}
		case xml.EndElement:
			taking = false
			if t.Name.Local == "p" || t.Name.Local == "comment" {
				texts = append(texts, text.String())
				text.Reset()
			}
		}
		return nil
	})
	return texts, err
}
