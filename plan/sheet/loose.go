package sheet

import (
	"context"
	"encoding/xml"
	"strings"
)

// readDrawings collects the text of text boxes: a mark of secrecy may float over the cells.
func (w *workbook) readDrawings(ctx context.Context) error {
	for name := range w.p.parts {
		if !strings.HasPrefix(name, "xl/drawings/") || !strings.HasSuffix(name, ".xml") {
			continue
		}
		texts, err := looseText(ctx, w.p, name, "p")
		if err != nil {
			return err
		}
		w.loose = append(w.loose, texts...)
	}
	return nil
}

// looseText gives the text of every element named block, in a part that is read for its marks only.
func looseText(ctx context.Context, p *parcel, part, block string) ([]string, error) {
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
			if t.Name.Local == block {
				texts = append(texts, text.String())
				text.Reset()
			}
		}
		return nil
	})
	return texts, err
}
