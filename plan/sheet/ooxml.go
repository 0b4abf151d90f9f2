package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// parcel is an Office Open XML file: a zip with parts and relations between them.
type parcel struct {
	parts    map[string]*zip.File // by lower-case path without the leading slash
	left     int64                // bytes that may still be unzipped
	external bool                 // some relation leads outside
	markup   uint64               // bytes of all XML parts, read or not
}

// openParcel looks at the table of contents only. What is no zip, is protected, bears macros or
// would unzip beyond the limits is refused before a part is read.
func openParcel(src Source, lim Limits) (*parcel, error) {
	z, err := zip.NewReader(src.Data, src.Size)
	if err != nil {
		return nil, ErrBroken
	}
	if len(z.File) > lim.Parts {
		return nil, ErrBomb
	}
	p := &parcel{parts: make(map[string]*zip.File, len(z.File)), left: lim.Unzipped}
	for _, f := range z.File {
		name := partName(f.Name)
		if f.Flags&1 != 0 {
			return nil, ErrEncrypted
		}
		if macroPart(name) {
			return nil, ErrMacro
		}
		p.parts[name] = f
		if strings.HasSuffix(name, ".xml") {
			p.markup += f.UncompressedSize64
		}
	}
	return p, nil
}

// heavyMarkup: a workbook with more XML than this is not rebuilt with its looks, because the library
// that does so holds all of it in memory at ten times the size.
const heavyMarkup = 24 << 20

// heavyReach and heavyRows: it also holds every gap, up to the last cell of a row and the last row.
const (
	heavyReach = 2_000_000
	heavyRows  = 100_000
)

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, `\`, "/")), "/"))
}

func macroPart(name string) bool {
	return strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "xl/macrosheets/") ||
		strings.HasSuffix(name, "vbadata.xml")
}

// open gives a part's bytes. The size it declares is taken off what may still be read;
// archive/zip itself stops when a part is longer than it declares.
func (p *parcel) open(name string) (io.ReadCloser, error) {
	f := p.parts[partName(name)]
	if f == nil {
		return nil, errNoPart
	}
	if f.UncompressedSize64 > uint64(p.left) {
		return nil, ErrBomb
	}
	p.left -= int64(f.UncompressedSize64)
	rc, err := f.Open()
	if err != nil {
		return nil, ErrBroken
	}
	return rc, nil
}

var errNoPart = errors.New("part is not in the file")

const maxDepth = 200 // of XML elements; real documents stay below 60

// walk hands every token of a part to visit. A document type, wrong nesting, too much depth or a
// cut end is a broken file. Names come as written: Name.Local is what visit looks at.
func (p *parcel) walk(ctx context.Context, name string, visit func(xml.Token) error) error {
	rc, err := p.open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	return walkXML(ctx, rc, visit)
}

func walkXML(ctx context.Context, r io.Reader, visit func(xml.Token) error) error {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var open []string
	for n := 0; ; n++ {
		if n&0xFFF == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) && len(open) == 0 && n > 0 {
			return nil
		}
		if err != nil {
			return ErrBroken
		}
		if open, err = nest(open, t); err != nil {
			return err
		}
		if err := visit(t); err != nil {
			return err
		}
	}
}

func nest(open []string, t xml.Token) ([]string, error) {
	switch t := t.(type) {
	case xml.StartElement:
		if len(open) >= maxDepth {
			return nil, ErrBroken
		}
		return append(open, t.Name.Local), nil
	case xml.EndElement:
		if len(open) == 0 || open[len(open)-1] != t.Name.Local {
			return nil, ErrBroken
		}
		return open[:len(open)-1], nil
	case xml.Directive:
		return nil, ErrBroken
	}
	return open, nil
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// relation of a part to another.
type relation struct{ kind, target string }

// relations of a part by id. Targets are paths inside the file.
func (p *parcel) relations(ctx context.Context, part string) (map[string]relation, error) {
	dir, base := path.Split(part)
	rels := map[string]relation{}
	err := p.walk(ctx, dir+"_rels/"+base+".rels", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			return nil
		}
		kind := path.Base(attr(e, "Type"))
		if attr(e, "TargetMode") == "External" {
			p.external = p.external || kind != "hyperlink"
			return nil
		}
		target := strings.ReplaceAll(attr(e, "Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		rels[attr(e, "Id")] = relation{kind, partName(target)}
		p.external = p.external || kind == "externalLink" || kind == "connections" || kind == "oleObject"
		return nil
	})
	if errors.Is(err, errNoPart) {
		return rels, nil
	}
	return rels, err
}

// mainPart is the workbook or document, and its content type.
func (p *parcel) mainPart(ctx context.Context) (name, contentType string, err error) {
	rels, err := p.relations(ctx, "")
	if err != nil {
		return "", "", err
	}
	for _, r := range rels {
		if r.kind == "officeDocument" {
			name = r.target
		}
	}
	types := map[string]string{}
	err = p.walk(ctx, "[Content_Types].xml", func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Override" {
			types[partName(attr(e, "PartName"))] = attr(e, "ContentType")
		}
		return nil
	})
	for n, ct := range types {
		switch ct := strings.ToLower(ct); {
		case strings.Contains(ct, "sheet.binary"): // .xlsb: its type says macros whether it has any or not
			return "", "", ErrUnknownType
		case strings.Contains(ct, "macroenabled"):
			return "", "", ErrMacro
		}
		if name == "" && strings.HasSuffix(ct, ".main+xml") {
			name = n
		}
	}
	if errors.Is(err, errNoPart) {
		err = ErrMisnamed
	}
	return name, types[name], err
}

// sniff tells the kind of a file by its content: "zip", "text", or a refusal.
func sniff(src Source) (string, error) {
	head := make([]byte, 4096)
	n, err := src.Data.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", ErrBroken
	}
	head = head[:n]
	if len(bytes.TrimSpace(head)) == 0 {
		return "", ErrEmpty
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "zip", nil
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return "", sniffCompound(src)
	}
	return "text", nil
}

// sniffCompound parts protected new files, which hide in an old container, from old files.
func sniffCompound(src Source) error {
	marks := [][]byte{utf16le("EncryptedPackage"), utf16le("EncryptionInfo")}
	buf := make([]byte, 1<<20)
	for at := int64(0); at < src.Size; at += int64(len(buf)) - 64 {
		n, err := src.Data.ReadAt(buf, at)
		for _, m := range marks {
			if bytes.Contains(buf[:n], m) {
				return ErrEncrypted
			}
		}
		if err != nil {
			break
		}
	}
	return ErrLegacy
}

func utf16le(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := 0; i < len(s); i++ {
		out = append(out, s[i], 0)
	}
	return out
}
