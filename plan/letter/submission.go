package letter

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Submission 呈阅件: one page of A4 that is laid before a leader, with room for his word. Whatever is told of the matter, it stays one
// page: the longest texts are cut, and say so with ……. The margins are those of an official document (GB/T 9704-2012).
type Submission struct {
	Matter string // 呈阅事项
	To     string // whom it is laid before; empty: he is written in by hand
	From   string // 呈报单位
	Date   string // civil date
	AsOf   string // the day for which it tells how things stand, civil date
	Rows   []SubmissionRow
	Demo   bool
}

// SubmissionRow is one thing that is told: 目前进展, 存在问题.
type SubmissionRow struct{ Label, Text string }

// MostSubmissionRows is how many rows always find room on the page.
const MostSubmissionRows = 9

// Heights in twips. What stands around the form: the title's line, an empty one, and the small one after a table.
const (
	wordSpace   = 2835 // 50 mm at least for the leader's word
	adviceSpace = 1134 // 20 mm for what the office proposes
	aroundForm  = 660 + lineHeight + 320
	formSpace   = textHeight - aroundForm - lineHeight // one line is kept in reserve
	mostMatter  = 2                                    // lines
	mostLines   = formSpace / formLine                 // of one row, before the others are looked at
)

// Document is the page. More rows than find room are refused as *Error.
func (s Submission) Document() (Document, error) {
	if len(s.Rows) > MostSubmissionRows {
		return Document{}, wrong("letter.submission-rows", "呈阅件", fmt.Sprintf("有%d栏，一页只容%d栏，请合并", len(s.Rows), MostSubmissionRows))
	}
	d := Document{Title: "呈阅件", Body: []Block{Form{s.fit()}}, Note: "截至" + chineseDate(s.AsOf)}
	if s.AsOf == "" {
		d.Note = ""
	}
	if s.Demo {
		d.Note = strings.TrimPrefix(d.Note+"；演示数据", "；")
	}
	return d, nil
}

// Docx writes the page.
func (s Submission) Docx() ([]byte, error) {
	d, err := s.Document()
	if err != nil {
		return nil, err
	}
	return Docx(d)
}

// FileName is under which name the page is saved.
func (s Submission) FileName() string { return "呈阅件-" + oneLine(s.Matter) + ".docx" }

// fit lays the rows out, and takes a line at a time from the longest until the page holds them.
func (s Submission) fit() []FormRow {
	room := formRoom(textWidth - formLabel)
	rows := []FormRow{
		{Label: "呈阅事项", Text: cut(folded(s.Matter), room, mostMatter)},
		{Label: "呈报单位", Text: cut(strings.TrimSpace(oneLine(s.From)+"　"+chineseDate(s.Date)), room, 1)},
	}
	if s.To != "" {
		rows = append(rows, FormRow{Label: "呈送", Text: cut(oneLine(s.To), room, 1)})
	}
	first := len(rows)
	for _, r := range s.Rows {
		if text := folded(r.Text); text != "" {
			rows = append(rows, FormRow{Label: cut(r.Label, formRoom(formLabel), 1), Text: cut(text, room, mostLines)})
		}
	}
	told := len(rows)
	rows = append(rows, FormRow{Label: "拟办意见", Height: adviceSpace}, FormRow{Label: "领导批示", Height: wordSpace})
	for heightOf(rows) > formSpace {
		longest, most := -1, 1
		for i := first; i < told; i++ {
			if n := len(wrap(rows[i].Text, room)); n > most {
				longest, most = i, n
			}
		}
		if longest < 0 {
			break // MostSubmissionRows of one line each find room
		}
		rows[longest].Text = cut(rows[longest].Text, room, most-1)
	}
	rows[len(rows)-1].Height += max(0, formSpace-heightOf(rows)) // what is left is the leader's
	return rows
}

func heightOf(rows []FormRow) (n int) {
	for _, r := range rows {
		n += r.height()
	}
	return n
}

// folded is text whose empty lines are gone.
func folded(text string) string {
	var all []string
	for line := range strings.SplitSeq(plainBreaks(text), "\n") {
		if line = oneLine(line); line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

// cut keeps so many lines of a text; what was cut ends with ……
func cut(text string, room float64, most int) string {
	lines := wrap(text, room)
	if len(lines) <= most {
		return text
	}
	const more = "……"
	last := []rune(strings.TrimRight(lines[most-1], "\n"))
	for len(last) > 0 && wide(string(last))+wide(more) > room {
		last = last[:len(last)-1]
	}
	return strings.Join(lines[:most-1], "") + strings.TrimRight(string(last), "，。、；：…") + more
}

// wrap breaks a text as a word processor will, into lines that together are the text: a line ends between two characters, but neither
// inside a number or a Latin word nor before a closing mark nor after an opening one. A line set by hand keeps its break at its end.
func wrap(text string, room float64) (lines []string) {
	if text == "" {
		return nil
	}
	for _, para := range strings.SplitAfter(plainBreaks(text), "\n") {
		if para == "" {
			continue // after the last break
		}
		line := ""
		for _, piece := range pieces(para) {
			if line != "" && wide(line+piece) > room {
				lines, line = append(lines, line), ""
			}
			for wide(piece) > room { // a word longer than the line is torn
				n := len(piece)
				for n > 1 && wide(piece[:n]) > room {
					_, size := utf8.DecodeLastRuneInString(piece[:n])
					n -= size
				}
				lines, piece = append(lines, piece[:n]), piece[n:]
			}
			line += piece
		}
		lines = append(lines, line)
	}
	return lines
}

// wide is the width of text in characters where another font may stand in for the one that is asked for, whose Latin letters and figures
// are wider than half a character, and a program sets them apart from the Chinese ones beside them. Space at the end takes none.
func wide(text string) (w float64) {
	var before rune
	for _, r := range strings.TrimRight(text, " \n") {
		if before != 0 && (before < utf8.RuneSelf) != (r < utf8.RuneSelf) {
			w += 0.25
		}
		if before = r; r < utf8.RuneSelf {
			w += 0.66
		} else {
			w++
		}
	}
	return w
}

// pieces are what stays together at the end of a line.
func pieces(text string) (all []string) {
	rs := []rune(text)
	from := 0
	for i := 1; i <= len(rs); i++ {
		if i == len(rs) || breaks(rs[i-1], rs[i]) {
			all = append(all, string(rs[from:i]))
			from = i
		}
	}
	return all
}

func breaks(before, after rune) bool {
	switch {
	case after == '\n', strings.ContainsRune("，。、；：！？）〕》”’%…", after), strings.ContainsRune("（〔《“‘", before):
		return false
	case before < utf8.RuneSelf && after < utf8.RuneSelf:
		return before == ' '
	}
	return true
}
