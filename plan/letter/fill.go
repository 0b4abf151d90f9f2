package letter

import (
	"slices"
	"strings"
	"unicode"
)

// longestField is how long a field's name may be, in characters; what is longer is taken for
// text that happens to hold braces.
const longestField = 40

// Segment is a piece of a draft's text: plain (Field is "") or one field with its value.
// A page shows a field as a live figure and links it to the rows behind it.
type Segment struct {
	Text  string // as written, braces included
	Field string // the name between the braces
	Value string // what Fill puts in its place
	Known bool
}

// UnknownField is a field of the text that has no figure. It stays in the text as written.
type UnknownField struct {
	Token   string // as written
	Name    string // between the braces; "" if they are not closed
	At      int    // place in the text, in characters from 0
	Suggest string // the nearest name there is, or ""
}

// Message says in words what is wrong with the field and what to do.
func (u UnknownField) Message() string {
	if u.Name == "" {
		return "第" + itoa(u.At+1) + "字处的“{{”没有对应的“}}”，请补上或删去"
	}
	if u.Suggest != "" {
		return "没有名为“" + u.Name + "”的数据，是否为“" + u.Suggest + "”？"
	}
	return "没有名为“" + u.Name + "”的数据，请从数据列表中选取或直接写数字"
}

// Segments cuts text at its fields {{名称}}. Full-width braces, as a Chinese keyboard gives
// them, do as well; a name is on one line. The Text of all segments together is text.
func Segments(text string, figures map[string]string) []Segment {
	var out []Segment
	plain := 0
	for i := 0; i < len(text); {
		name, size := fieldAt(text[i:])
		if size == 0 {
			i++
			continue
		}
		if plain < i {
			out = append(out, Segment{Text: text[plain:i]})
		}
		value, known := figures[name]
		known = known && name != ""
		out = append(out, Segment{Text: text[i : i+size], Field: name, Value: value, Known: known})
		i += size
		plain = i
	}
	if plain < len(text) {
		out = append(out, Segment{Text: text[plain:]})
	}
	return out
}

var braces = [][2]string{{"{{", "}}"}, {"｛｛", "｝｝"}}

// fieldAt reads the field that begins text: its name and length in bytes, 0 if there is none.
func fieldAt(text string) (name string, size int) {
	for _, pair := range braces {
		rest, ok := strings.CutPrefix(text, pair[0])
		if !ok {
			continue
		}
		near := rest[:min(len(rest), 4*longestField+len(pair[1]))] // so that many open braces cost no more than one
		inside, _, closed := strings.Cut(near, pair[1])
		name = strings.TrimSpace(inside)
		if !closed || name == "" || strings.ContainsAny(inside, "\n\r{}｛｝") || runes(inside) > longestField {
			return "", 0
		}
		return name, len(pair[0]) + len(inside) + len(pair[1])
	}
	return "", 0
}

// Fill puts the figures into the text's fields. A field without a figure stays in the text
// as it was written and is reported, likewise braces that are opened and not closed. Values
// are put in as they are: braces inside a value are text.
func Fill(text string, figures map[string]string) (string, []UnknownField) {
	var b strings.Builder
	var unknown []UnknownField
	at := 0
	for _, s := range Segments(text, figures) {
		switch {
		case s.Known:
			b.WriteString(s.Value)
		case s.Field != "":
			unknown = append(unknown, UnknownField{Token: s.Text, Name: s.Field, At: at, Suggest: nearest(s.Field, figures)})
			b.WriteString(s.Text)
		default:
			unknown = append(unknown, unclosed(s.Text, at)...)
			b.WriteString(s.Text)
		}
		at += runes(s.Text)
	}
	return b.String(), unknown
}

// unclosed finds opened braces in plain text.
func unclosed(text string, at int) []UnknownField {
	var out []UnknownField
	for _, pair := range braces {
		for from := 0; ; {
			i := strings.Index(text[from:], pair[0])
			if i < 0 {
				break
			}
			from += i
			out = append(out, UnknownField{Token: pair[0], At: at + runes(text[:from])})
			from += len(pair[0])
		}
	}
	slices.SortFunc(out, func(a, b UnknownField) int { return a.At - b.At })
	return out
}

// plainBraces keeps a reporter's words from being read as fields.
func plainBraces(s string) string {
	return strings.NewReplacer("{{", "{ {", "｛｛", "｛ ｛").Replace(s)
}

// nearest name by edits, if fewer than half of its characters differ.
func nearest(name string, figures map[string]string) string {
	best, bestCost := "", (runes(name)+1)/2+1
	names := make([]string, 0, len(figures))
	for n := range figures {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if cost := edits([]rune(name), []rune(n)); cost < bestCost {
			best, bestCost = n, cost
		}
	}
	return best
}

// edits is the Levenshtein distance of a and b.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Limit is how long a bulletin may be, in characters of Count.
const Limit = 4000

// Count 字数: every character one sees is one, be it Chinese, a figure, a letter or a
// punctuation mark; spaces and line breaks are none (字符数，不计空格). Word's 字数 counts a
// run of figures or letters as one and is never larger.
func Count(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn) {
			n++
		}
	}
	return n
}

// numeral 汉字数字 of 1 to 99 (一、十、十一、二十、二十一); others in Arabic figures.
func numeral(n int) string {
	if n < 1 || n > 99 {
		return itoa(n)
	}
	unit := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	if n < 10 {
		return unit[n]
	}
	tens := unit[n/10]
	if n < 20 {
		tens = ""
	}
	return tens + "十" + unit[n%10]
}
