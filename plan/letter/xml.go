package letter

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// xmlWriter writes elements in order; close ends the one opened last. encoding/xml's own
// encoder is not used: it writes namespaces on every element, which WPS reads and Word's
// compatibility rules do not forgive.
type xmlWriter struct {
	b    bytes.Buffer
	open []string
}

func newXML() *xmlWriter {
	x := &xmlWriter{}
	x.b.WriteString(xmlHead)
	return x
}

// start opens an element; attrs are name, value, name, value.
func (x *xmlWriter) start(name string, attrs ...string) {
	x.tag(name, attrs)
	x.b.WriteByte('>')
	x.open = append(x.open, name)
}

// leaf writes an element without content.
func (x *xmlWriter) leaf(name string, attrs ...string) {
	x.tag(name, attrs)
	x.b.WriteString("/>")
}

// val writes the commonest element of all: one attribute w:val.
func (x *xmlWriter) val(name, value string) { x.leaf(name, "w:val", value) }

func (x *xmlWriter) tag(name string, attrs []string) {
	x.b.WriteByte('<')
	x.b.WriteString(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		x.b.WriteByte(' ')
		x.b.WriteString(attrs[i])
		x.b.WriteString(`="`)
		x.text(attrs[i+1])
		x.b.WriteByte('"')
	}
}

func (x *xmlWriter) end() {
	last := len(x.open) - 1
	x.b.WriteString("</" + x.open[last] + ">")
	x.open = x.open[:last]
}

// endLine ends a block and the line of the file, so that parts can be compared by line.
func (x *xmlWriter) endLine() {
	x.end()
	x.b.WriteByte('\n')
}

// text escapes s; characters XML cannot hold become U+FFFD, which shows in print.
func (x *xmlWriter) text(s string) {
	_ = xml.EscapeText(&x.b, []byte(s)) // bytes.Buffer does not fail
}

// element writes <name>text</name>.
func (x *xmlWriter) element(name, text string, attrs ...string) {
	x.start(name, attrs...)
	x.text(text)
	x.end()
}

// bytes ends what is open and gives the part.
func (x *xmlWriter) bytes() []byte {
	for len(x.open) > 0 {
		x.end()
	}
	return x.b.Bytes()
}

func itoa(n int) string { return strconv.Itoa(n) }

// plainBreaks makes one kind of line break of the three that arrive from sheets and forms.
func plainBreaks(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
