package letter

import (
	"fmt"
	"io"
)

const (
	nsW   = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsR   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsWP  = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
	nsA   = "http://schemas.openxmlformats.org/drawingml/2006/main"
	nsWPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
	nsMC  = "http://schemas.openxmlformats.org/markup-compatibility/2006"
	nsC   = "http://schemas.openxmlformats.org/drawingml/2006/chart"

	// DocxType is the media type of what WriteDocx writes.
	DocxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

	// XlsxType is the media type of what WriteXlsx writes.
	XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

	typeWord     = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	documentPart = "word/document.xml"
)

// docx is one document being written.
type docx struct {
	*xmlWriter
	doc    Document
	pack   *opcPackage
	page   page
	charts int
	// withNext keeps the paragraph being written on the page of the one after it.
	withNext bool
	// refs are the header and footer references every section repeats.
	refs []reference
}

type reference struct{ element, kind, id string }

// WriteDocx writes d as .docx in the official format (GB/T 9704-2012). The same document
// gives the same bytes. What cannot be written is refused as *Error before the first byte;
// any other error is w's.
func WriteDocx(w io.Writer, d Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	x := &docx{xmlWriter: newXML(), doc: d, pack: newPackage()}
	x.pack.relate("", "officeDocument", documentPart)
	x.fixedParts()
	x.margins()
	x.write()
	x.pack.add(documentPart, typeWord+"document.main+xml", x.bytes())
	if err := x.pack.write(w); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	return nil
}

func (x *docx) fixedParts() {
	for _, p := range []struct {
		kind, name string
		data       []byte
	}{
		{"styles", "word/styles.xml", stylesPart()},
		{"settings", "word/settings.xml", settingsPart()},
		{"fontTable", "word/fontTable.xml", fontTablePart()},
	} {
		x.pack.relate(documentPart, p.kind, p.name)
		x.pack.add(p.name, typeWord+p.kind+"+xml", p.data)
	}
	const coreType = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
	x.pack.relate("", coreType, "docProps/core.xml")
	x.pack.add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", corePart(x.doc))
}

func corePart(d Document) []byte {
	x := newXML()
	x.start("cp:coreProperties",
		"xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/",
		"xmlns:dcterms", "http://purl.org/dc/terms/",
		"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
	x.element("dc:title", oneLine(d.Title))
	x.element("dc:creator", oneLine(d.Signer))
	if d.Date != "" {
		x.element("dcterms:created", d.Date+"T00:00:00Z", "xsi:type", "dcterms:W3CDTF")
	}
	return x.bytes()
}

func (x *docx) write() {
	x.start("w:document", "xmlns:w", nsW, "xmlns:r", nsR, "xmlns:wp", nsWP, "xmlns:a", nsA, "xmlns:c", nsC,
		"xmlns:mc", nsMC, "xmlns:wps", nsWPS)
	x.start("w:body")
	x.b.WriteByte('\n')
	x.masthead()
	x.title(x.doc.Title)
	if x.doc.Draft {
		x.line("DraftMark", "（草稿）")
	}
	if to := addressee(x.doc.To); to != "" {
		x.blank(1)
		x.line("Addressee", to)
	} else {
		x.blank(1)
	}
	x.body()
	x.attachmentNote()
	x.signature()
	for i, a := range x.doc.Annexes {
		x.sectionBreak()
		x.annex(i, a)
	}
	if x.page.wide && len(x.imprintRows()) > 0 {
		x.sectionBreak() // the 版记 stands on a tall page
		x.page = page{}
	}
	x.imprint()
	x.sectPr()
}

func (x *docx) annex(i int, a Annex) {
	x.page = page{wide: a.Wide}
	mark := "附件"
	if len(x.doc.Annexes) > 1 {
		mark += itoa(i + 1)
	}
	x.line("AnnexMark", mark)
	x.blank(1)
	x.title(a.Title)
	x.blank(1)
	x.blocks(a.Body)
}

// sectionBreak ends the present section; the next one begins on a new page.
func (x *docx) sectionBreak() {
	x.start("w:p")
	x.start("w:pPr")
	x.leaf("w:spacing", "w:line", "20", "w:lineRule", "exact") // the carrier takes no room
	x.sectPr()
	x.end()
	x.endLine()
}

// sectPr: paper, margins and grid. A wide page is the tall one turned: its top is the
// binding side.
func (x *docx) sectPr() {
	x.start("w:sectPr")
	for _, r := range x.refs {
		x.leaf(r.element, "w:type", r.kind, "r:id", r.id)
	}
	x.val("w:type", "nextPage")
	footer := footerFromEdge
	if x.doc.Note != "" {
		footer -= noteHeight
	}
	if x.page.wide {
		x.leaf("w:pgSz", "w:w", itoa(paperHeight), "w:h", itoa(paperWidth), "w:orient", "landscape")
		x.pgMar(marginLeft, marginTop, marginRight, marginBottom, footer-marginBottom+marginRight)
	} else {
		x.leaf("w:pgSz", "w:w", itoa(paperWidth), "w:h", itoa(paperHeight))
		x.pgMar(marginTop, marginRight, marginBottom, marginLeft, footer)
	}
	x.leaf("w:docGrid", "w:type", "lines", "w:linePitch", itoa(lineHeight))
	x.endLine()
}

func (x *docx) pgMar(top, right, bottom, left, footer int) {
	x.leaf("w:pgMar", "w:top", itoa(top), "w:right", itoa(right), "w:bottom", itoa(bottom), "w:left", itoa(left),
		"w:header", "851", "w:footer", itoa(footer), "w:gutter", "0")
}

// margins writes headers and footers: the page number stands outside, right on odd pages
// and left on even ones, one character from the edge (7.5).
func (x *docx) margins() {
	for _, side := range []struct{ kind, jc, name string }{
		{"default", "right", "word/footer1.xml"},
		{"even", "left", "word/footer2.xml"},
	} {
		x.marginPart("footer", side.kind, side.name, footerPart(side.jc, x.doc.Note))
	}
	if x.doc.Draft {
		x.marginPart("header", "default", "word/header1.xml", draftHeader())
		x.marginPart("header", "even", "word/header2.xml", draftHeader())
	}
}

func (x *docx) marginPart(element, kind, name string, data []byte) {
	id := x.pack.relate(documentPart, element, name)
	x.pack.add(name, typeWord+element+"+xml", data)
	x.refs = append(x.refs, reference{"w:" + element + "Reference", kind, id})
}

func footerPart(jc, note string) []byte {
	x := newXML()
	x.start("w:ftr", "xmlns:w", nsW)
	x.start("w:p")
	x.start("w:pPr")
	x.val("w:pStyle", "Footer")
	x.leaf("w:ind", "w:leftChars", "100", "w:left", "280", "w:rightChars", "100", "w:right", "280")
	x.val("w:jc", jc)
	x.end()
	run := func(fill func()) {
		x.start("w:r")
		fill()
		x.end()
	}
	run(func() { x.element("w:t", "— ", "xml:space", "preserve") })
	run(func() { x.leaf("w:fldChar", "w:fldCharType", "begin") })
	run(func() { x.element("w:instrText", " PAGE ", "xml:space", "preserve") })
	run(func() { x.leaf("w:fldChar", "w:fldCharType", "separate") })
	run(func() { x.element("w:t", "1") })
	run(func() { x.leaf("w:fldChar", "w:fldCharType", "end") })
	run(func() { x.element("w:t", " —", "xml:space", "preserve") })
	x.end()
	if note != "" {
		x.start("w:p")
		x.start("w:pPr")
		x.val("w:pStyle", "FootNote")
		x.end()
		run(func() { x.element("w:t", oneLine(note), "xml:space", "preserve") })
		x.end()
	}
	return x.bytes()
}

func draftHeader() []byte {
	x := newXML()
	x.start("w:hdr", "xmlns:w", nsW)
	x.start("w:p")
	x.start("w:pPr")
	x.val("w:pStyle", "Header")
	x.end()
	x.start("w:r")
	x.element("w:t", "草稿，未印发")
	return x.bytes()
}
