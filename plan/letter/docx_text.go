package letter

import "strings"

// paragraph opens a paragraph in a style; extra writes further properties, in schema order.
func (x *docx) paragraph(styleID string, extra func(), runs func()) {
	x.start("w:p")
	x.start("w:pPr")
	x.val("w:pStyle", styleID)
	if extra != nil {
		extra()
	}
	x.end()
	if runs != nil {
		runs()
	}
	x.endLine()
}

func (x *docx) line(styleID, text string) {
	x.paragraph(styleID, nil, func() { x.run(Span{Text: text}, "") })
}

func (x *docx) blank(n int) {
	for range n {
		x.paragraph("Normal", nil, nil)
	}
}

// run writes text; font overrides the style's, for text that continues a heading.
func (x *docx) run(s Span, font string) {
	x.start("w:r")
	if s.Bold || font != "" {
		x.start("w:rPr")
		if font != "" {
			fonts(x.xmlWriter, font)
		}
		if s.Bold {
			x.leaf("w:b")
		} else if font != "" {
			x.val("w:b", "0")
		}
		x.end()
	}
	x.broken(s.Text)
	x.end()
}

// broken writes text with its line breaks and tabs as the elements they are in a document.
func (x *docx) broken(text string) {
	for i, part := range strings.Split(plainBreaks(text), "\n") {
		if i > 0 {
			x.leaf("w:br")
		}
		for j, piece := range strings.Split(part, "\t") {
			if j > 0 {
				x.leaf("w:tab")
			}
			if piece != "" {
				x.element("w:t", piece, "xml:space", "preserve")
			}
		}
	}
}

// body is the letter's text. Its last paragraph goes with what follows: no page may hold the
// signature alone (7.3.5.4).
func (x *docx) body() {
	blocks := x.doc.Body
	for i := range blocks {
		x.withNext = i == len(blocks)-1 && x.doc.Signer+x.doc.Date != ""
		x.blocks(blocks[i : i+1])
	}
	x.withNext = false
}

func (x *docx) blocks(blocks []Block) {
	for _, b := range blocks {
		switch b := b.(type) {
		case Heading:
			x.heading(b)
		case Paragraph:
			x.text(b)
		case Table:
			x.table(b)
		case Chart:
			x.chart(b)
		case Form:
			x.form(b)
		}
	}
}

func (x *docx) heading(h Heading) {
	var extra func()
	if len(h.Then) > 0 {
		// a whole paragraph, not a line on top: chained to the next it would leave pages empty
		extra = func() { x.val("w:keepNext", "0") }
	}
	x.paragraph("Heading"+itoa(h.Level), extra, func() {
		x.run(Span{Text: h.Text}, "")
		for _, s := range h.Then {
			x.run(s, fangsong)
		}
	})
}

func (x *docx) text(p Paragraph) {
	styleID := "BodyText"
	if p.Flush {
		styleID = "Addressee"
	}
	var extra func()
	if x.withNext {
		extra = func() { x.leaf("w:keepNext") }
	}
	x.paragraph(styleID, extra, func() {
		for _, s := range p.Spans {
			x.run(s, "")
		}
	})
}

// masthead 版头: urgency, the red head, the number, the red line 4 mm below it (7.2).
func (x *docx) masthead() {
	above := headFromTop
	if x.doc.Urgency != "" {
		x.line("Urgency", x.doc.Urgency)
		above -= lineHeight
	}
	if x.doc.Head != "" {
		x.redHead(above)
	}
	if x.doc.Head == "" && x.doc.Number == "" {
		return
	}
	x.paragraph("Number", func() {
		x.start("w:pBdr")
		// 4 mm is 11 points; 2.25 points thick, as printed heads are
		x.leaf("w:bottom", "w:val", "single", "w:sz", "18", "w:space", "11", "w:color", officialRed)
		x.end()
	}, func() { x.run(Span{Text: x.doc.Number}, "") })
	x.blank(2)
}

func (x *docx) redHead(above int) {
	lines := strings.Split(plainBreaks(x.doc.Head), "\n")
	size := headSize(lines)
	for i, text := range lines {
		before := 0
		if i == 0 {
			before = above
		}
		x.paragraph("RedHead", func() {
			x.leaf("w:spacing", "w:before", itoa(before), "w:line", itoa(size*12), "w:lineRule", "exact")
		}, func() {
			x.start("w:r")
			x.start("w:rPr")
			x.val("w:sz", itoa(size))
			x.val("w:szCs", itoa(size))
			x.end()
			x.broken(text)
			x.end()
		})
	}
	x.blank(2)
}

// headSize in half points: as large as the longest line allows, never larger than a head
// looks well and never smaller than the title.
func headSize(lines []string) int {
	longest := 1.0
	for _, l := range lines {
		longest = max(longest, em(l))
	}
	return min(sizeHead, max(minHead, int(float64(textWidth-headGutter)/10/longest)))
}

// title 标题, broken in balance when it is longer than a line (7.3.1).
func (x *docx) title(text string) {
	if text == "" {
		return
	}
	perLine := x.page.width() * 2 / 20 / sizeTitle
	lines := balance(text, perLine)
	x.line("Title", strings.Join(lines, "\n"))
}

func addressee(to string) string {
	to = strings.TrimRight(strings.TrimSpace(to), ":：")
	if to == "" {
		return ""
	}
	return to + "："
}

// attachmentNote 附件说明: one line below the text, two characters in, names without final
// punctuation; a long name's second line stands under its first character (7.3.4).
func (x *docx) attachmentNote() {
	names := x.doc.Attachments
	if len(names) == 0 {
		for _, a := range x.doc.Annexes {
			names = append(names, oneLine(a.Title))
		}
	}
	if len(names) == 0 {
		return
	}
	x.paragraph("Normal", func() { x.leaf("w:keepNext") }, nil)
	for i, name := range names {
		label, hang := "附件：", 3.0
		if len(names) > 1 {
			label, hang = "附件："+itoa(i+1)+".\t", 4.2
		}
		if i > 0 {
			label, hang = itoa(i+1)+".\t", 1.2
		}
		left := 5.0
		if len(names) > 1 {
			left = 6.2
		}
		x.paragraph("Attachment", func() {
			x.leaf("w:keepNext") // the list and the signature are not torn apart
			x.leaf("w:ind", "w:left", itoa(chars(left)), "w:hanging", itoa(chars(hang)))
		}, func() { x.run(Span{Text: label + strings.TrimRight(oneLine(name), "。；;，、.")}, "") })
	}
}

// signature 署名 and 成文日期: the date ends four characters from the right, the name is
// centred over it (7.3.5.1, with seal). A long name pushes both to the left.
func (x *docx) signature() {
	if x.doc.Signer == "" && x.doc.Date == "" {
		return
	}
	date := chineseDate(x.doc.Date)
	middle := max(4+em(date)/2, em(x.doc.Signer)/2)
	for range 2 {
		x.paragraph("Normal", func() { x.leaf("w:keepNext") }, nil)
	}
	for _, text := range []string{x.doc.Signer, date} {
		if text == "" {
			continue
		}
		right := middle - em(text)/2
		x.paragraph("Signature", func() {
			if text != date {
				x.leaf("w:keepNext")
			}
			x.leaf("w:ind", "w:right", itoa(chars(right)))
		}, func() { x.run(Span{Text: text}, "") })
	}
}
