package letter

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"sort"
	"strings"
	"time"
)

// opcPackage is an Open Packaging Conventions zip (ECMA-376 part 2): parts with content
// types, and who points at whom.
type opcPackage struct {
	parts []part
	rels  map[string][]relation // source part ("" is the package) → relations
}

type part struct {
	name, contentType string // name without leading slash
	data              []byte
}

type relation struct{ id, kind, target string }

const (
	relBase  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	typeRels = "application/vnd.openxmlformats-package.relationships+xml"
)

// zipEpoch is the first day a zip can name; a real time would make equal documents differ.
var zipEpoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func newPackage() *opcPackage { return &opcPackage{rels: map[string][]relation{}} }

func (p *opcPackage) add(name, contentType string, data []byte) {
	p.parts = append(p.parts, part{name, contentType, data})
}

// relate lets source point at target (a part's name) and gives the id to be used inside
// source. kind is the last word of an officeDocument relation or a whole URI.
func (p *opcPackage) relate(source, kind, target string) string {
	if !strings.Contains(kind, ":") {
		kind = relBase + kind
	}
	id := fmt.Sprintf("rId%d", len(p.rels[source])+1)
	p.rels[source] = append(p.rels[source], relation{id, kind, target})
	return id
}

// write packs everything: fixed times and order, so that equal documents are equal bytes.
func (p *opcPackage) write(w io.Writer) error {
	z := zip.NewWriter(w)
	all := append([]part{{name: "[Content_Types].xml", data: p.contentTypes()}}, p.relParts()...)
	for _, part := range append(all, p.parts...) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: zipEpoch})
		if err != nil {
			return fmt.Errorf("pack %s: %w", part.name, err)
		}
		if _, err := f.Write(part.data); err != nil {
			return fmt.Errorf("pack %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("close the package: %w", err)
	}
	return nil
}

func (p *opcPackage) contentTypes() []byte {
	x := newXML()
	x.start("Types", "xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")
	x.leaf("Default", "Extension", "rels", "ContentType", typeRels)
	x.leaf("Default", "Extension", "xml", "ContentType", "application/xml")
	for _, part := range p.parts {
		x.leaf("Override", "PartName", "/"+part.name, "ContentType", part.contentType)
	}
	return x.bytes()
}

func (p *opcPackage) relParts() []part {
	sources := make([]string, 0, len(p.rels))
	for source := range p.rels {
		sources = append(sources, source)
	}
	sort.Strings(sources)
	var out []part
	for _, source := range sources {
		dir, base := path.Split(source)
		x := newXML()
		x.start("Relationships", "xmlns", "http://schemas.openxmlformats.org/package/2006/relationships")
		for _, r := range p.rels[source] {
			x.leaf("Relationship", "Id", r.id, "Type", r.kind, "Target", relativeTo(dir, r.target))
		}
		out = append(out, part{name: dir + "_rels/" + base + ".rels", contentType: typeRels, data: x.bytes()})
	}
	return out
}

// relativeTo writes target as seen from dir; the parts of one package are at most two
// folders deep.
func relativeTo(dir, target string) string {
	up := ""
	for dir != "" && !strings.HasPrefix(target, dir) {
		up += "../"
		dir, _ = path.Split(strings.TrimSuffix(dir, "/"))
	}
	return up + strings.TrimPrefix(target, dir)
}
