package sheet

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// readCSV reads a text table: UTF-8 (with or without mark), UTF-16 or GB18030; parted by comma,
// semicolon, tab or bar. A row number is the number of the record, as a spreadsheet shows it.
func readCSV(src Source, lim Limits) (*raw, error) {
	data, err := io.ReadAll(io.NewSectionReader(src.Data, 0, src.Size))
	if err != nil {
		return nil, ErrBroken
	}
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	text, sep := separator(text)
	g := &Grid{Name: strings.TrimSuffix(baseName(src.Name), extension(src.Name))}
	if err := fillCSV(g, text, sep, lim); err != nil {
		return nil, err
	}
	g.finish(lim.Cells)
	return &raw{grids: []*Grid{g}}, nil
}

// foreign starts of files that may hide behind a .csv name.
var foreign = []string{"%PDF", "MZ", "\x7fELF", "{\\rtf", "Rar!", "7z\xbc\xaf", "\x89PNG", "\xff\xd8\xff", "GIF8", "\x1f\x8b", "#!"}

// decode finds the encoding. Bytes that are no text in any of them are refused.
func decode(data []byte) (string, error) {
	for _, f := range foreign {
		if bytes.HasPrefix(data, []byte(f)) {
			return "", ErrMisnamed
		}
	}
	start := strings.ToLower(string(bytes.TrimSpace(data[:min(len(data), 200)])))
	if strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<?xml") {
		return "", ErrMisnamed
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return utf16Text(data, unicode.UseBOM, unicode.LittleEndian)
	case len(data) > 3 && data[1] == 0 && data[3] == 0:
		return utf16Text(data, unicode.IgnoreBOM, unicode.LittleEndian)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", ErrMisnamed
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || strings.Count(string(out), "\uFFFD")*100 > len(out)/3 {
		return "", ErrBroken
	}
	return string(out), nil
}

func utf16Text(data []byte, bom unicode.BOMPolicy, order unicode.Endianness) (string, error) {
	out, err := unicode.UTF16(order, bom).NewDecoder().Bytes(data)
	if err != nil || bytes.IndexByte(out, 0) >= 0 {
		return "", ErrBroken
	}
	return string(out), nil
}

// separator takes the sign that parts most cells of the first lines, outside quotes.
func separator(text string) (rest string, sep rune) {
	if line, after, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(strings.ToLower(line), "sep=") && len(strings.TrimSpace(line)) == 5 {
		return after, rune(line[4])
	}
	counts := map[rune]int{}
	lines, inside := 0, false
	for _, r := range text {
		if lines == 30 {
			break
		}
		switch {
		case r == '"':
			inside = !inside
		case inside:
		case r == '\n':
			lines++
		case r == ',' || r == ';' || r == '\t' || r == '|' || r == '，':
			counts[r]++
		}
	}
	sep = ','
	for _, r := range []rune{'\t', ';', '|', '，'} {
		if counts[r] > counts[sep] {
			sep = r
		}
	}
	return text, sep
}

// fillCSV parts records as spreadsheets do: a quote counts at the start of a cell only, "" inside
// quotes is one quote, blank lines are rows. When a quote is never closed, quotes are plain signs.
func fillCSV(g *Grid, text string, sep rune, lim Limits) error {
	c := csvReader{g: g, lim: lim, row: GridRow{Num: 1}}
	if c.read(text, sep, true); !c.quoted || c.err != nil {
		return c.err
	}
	g.Rows = nil
	c = csvReader{g: g, lim: lim, row: GridRow{Num: 1}}
	c.read(text, sep, false)
	return c.err
}

type csvReader struct {
	g      *Grid
	lim    Limits
	row    GridRow
	col    int
	cells  int
	cell   strings.Builder
	quoted bool
	err    error
}

func (c *csvReader) read(text string, sep rune, quotes bool) {
	for i := 0; i < len(text) && c.err == nil; {
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		switch {
		case c.quoted && r == '"' && strings.HasPrefix(text[i:], `"`):
			c.cell.WriteByte('"')
			i++
		case c.quoted && r == '"':
			c.quoted = false
		case c.quoted:
			c.cell.WriteRune(r)
		case quotes && r == '"' && strings.TrimSpace(c.cell.String()) == "":
			c.quoted = true
		case r == sep:
			c.endCell()
		case r == '\n':
			c.endRow()
		default:
			c.cell.WriteRune(r)
		}
	}
	c.endRow()
}

func (c *csvReader) endCell() {
	if t := asShown(c.cell.String()); t != "" {
		if c.col < c.lim.Columns {
			c.row.put(c.col, Cell{Text: t})
		} else {
			c.g.columns = true
		}
		if c.cells++; c.cells > c.lim.Cells {
			c.err = ErrBomb
		}
	}
	c.cell.Reset()
	c.col++
}

func (c *csvReader) endRow() {
	c.endCell()
	if len(c.row.Cells) > 0 {
		c.g.Rows = append(c.g.Rows, c.row)
	}
	if len(c.g.Rows) > c.lim.Rows {
		c.err = ErrTooManyRows
	}
	c.row, c.col = GridRow{Num: c.row.Num + 1}, 0
}
