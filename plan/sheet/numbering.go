package sheet

import (
	"context"
	"encoding/xml"
	"strconv"
	"strings"
)

// numbering writes the automatic numbers of a document (the 序号 column is often filled by them):
// they are not in the text of the paragraphs, Word counts them while it shows the page.
type numbering struct {
	lists  map[string]string          // numId to abstract list
	levels map[string]map[int]counter // abstract list to its levels
	styles map[string]listMark        // paragraph style to list
	starts map[string]map[int]int     // numId to the levels it begins anew, and where
	count  map[string]*[9]int         // by abstract list: lists of one abstract list go on counting
	begun  map[string]bool            // numIds that were seen
}

type counter struct {
	format, text string
	start        int
	legal        bool // all levels shown in digits
}

type listMark struct {
	id    string
	level int
}

func (m *listMark) set(name, val string) {
	if name == "numId" {
		m.id = val
		return
	}
	if n, err := strconv.Atoi(val); err == nil && n >= 0 && n < 9 {
		m.level = n
	}
}

// readNumbering takes what it can: a broken list of numbers must not hide the tasks.
func readNumbering(ctx context.Context, p *parcel, rels map[string]relation) *numbering {
	n := &numbering{
		map[string]string{}, map[string]map[int]counter{}, map[string]listMark{}, map[string]map[int]int{}, map[string]*[9]int{}, map[string]bool{},
	}
	for _, r := range rels {
		switch r.kind {
		case "numbering":
			_ = n.read(ctx, p, r.target)
		case "styles":
			_ = n.readStyles(ctx, p, r.target)
		}
	}
	return n
}

func (n *numbering) read(ctx context.Context, p *parcel, part string) error {
	var abstract, num string
	level := -1
	return p.walk(ctx, part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		val := attr(e, "val")
		switch e.Name.Local {
		case "abstractNum":
			abstract = attr(e, "abstractNumId")
			n.levels[abstract] = map[int]counter{}
		case "num":
			num, level = attr(e, "numId"), -1
			n.starts[num] = map[int]int{}
		case "lvlOverride":
			level, _ = strconv.Atoi(attr(e, "ilvl"))
		case "startOverride":
			if from, err := strconv.Atoi(val); err == nil && num != "" {
				n.starts[num][level] = from
			}
		case "abstractNumId":
			n.lists[num] = val
		case "lvl":
			level, _ = strconv.Atoi(attr(e, "ilvl"))
		case "numFmt", "lvlText", "start", "isLgl":
			if num == "" && n.levels[abstract] != nil {
				n.levels[abstract][level] = n.levels[abstract][level].with(e.Name.Local, val)
			}
		}
		return nil
	})
}

func (c counter) with(name, val string) counter {
	switch name {
	case "numFmt":
		c.format = val
	case "lvlText":
		c.text = val
	case "start":
		c.start, _ = strconv.Atoi(val)
	case "isLgl":
		c.legal = val != "0" && val != "false"
	}
	return c
}

func (n *numbering) readStyles(ctx context.Context, p *parcel, part string) error {
	style := ""
	return p.walk(ctx, part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "style":
			style = attr(e, "styleId")
		case "numId", "ilvl":
			m := n.styles[style]
			m.set(e.Name.Local, attr(e, "val"))
			n.styles[style] = m
		}
		return nil
	})
}

// next counts the paragraph and returns the number that is shown before it; "" without a list.
func (n *numbering) next(m listMark, style string) string {
	if m.id == "" && style != "" {
		m = n.styles[style]
	}
	if m.id == "" || m.id == "0" {
		return ""
	}
	levels := n.levels[n.lists[m.id]]
	c, ok := levels[m.level]
	if !ok || c.format == "bullet" || c.format == "none" {
		return ""
	}
	seen := n.advance(m, levels)
	text := c.text
	for i := 0; i <= m.level; i++ {
		l := levels[i]
		if c.legal {
			l.format = "decimal"
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), l.show(max(seen[i], 1)+max(l.start, 1)-1))
	}
	return text
}

// advance counts one paragraph on: the levels below it begin anew, and so does a list that says so
// where it is first used.
func (n *numbering) advance(m listMark, levels map[int]counter) *[9]int {
	abstract := n.lists[m.id]
	seen := n.count[abstract]
	if seen == nil {
		seen = &[9]int{}
		n.count[abstract] = seen
	}
	if !n.begun[m.id] {
		n.begun[m.id] = true
		for level, from := range n.starts[m.id] {
			if level >= 0 && level < len(seen) {
				seen[level] = max(0, from-max(levels[level].start, 1))
			}
		}
	}
	seen[m.level]++
	for i := m.level + 1; i < len(seen); i++ {
		seen[i] = 0
	}
	return seen
}

func (c counter) show(n int) string {
	switch {
	case strings.HasPrefix(c.format, "chinese"), strings.HasPrefix(c.format, "japanese"), strings.HasPrefix(c.format, "ideograph"), strings.HasPrefix(c.format, "taiwanese"):
		return chineseNumber(n)
	case c.format == "decimalEnclosedCircle" && n <= 20:
		return string(rune('①' + n - 1))
	}
	return strconv.Itoa(n)
}

var chineseDigits = []rune("零一二三四五六七八九")

// chineseNumber writes 1 to 99 as 一 … 九十九; larger ones in digits.
func chineseNumber(n int) string {
	if n < 1 || n > 99 {
		return strconv.Itoa(n)
	}
	s := ""
	if n >= 20 {
		s = string(chineseDigits[n/10])
	}
	if n >= 10 {
		s += "十"
	}
	if n%10 > 0 {
		s += string(chineseDigits[n%10])
	}
	return s
}
