package letter

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name, or writes it under -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; go test -update writes it anew):\n%s", file, d)
	}
}

func docxBytes(t *testing.T, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDocx(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unzip(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := parts[f.Name]; twice {
			t.Errorf("part %s is there twice", f.Name)
		}
		parts[f.Name] = string(b)
	}
	return parts
}

func TestGoldenDocument(t *testing.T) {
	d := Document{
		Head: "演示市发展改革委文件", Number: "演发改〔2022〕1号", Title: "关于试行的通知", To: "各单位：",
		Body:        []Block{Heading{Level: 1, Text: "一、要求"}, Plain("按时报送。"), Table{Columns: []Column{{Title: "单位"}, {Title: "数", Align: Right}}, Rows: [][]string{{"甲", "1"}}}},
		Attachments: []string{"清单。"}, Signer: "演示市发展改革委", Date: "2022-06-05",
	}
	golden(t, "document.xml", unzip(t, docxBytes(t, d))["word/document.xml"])
}

func TestSameDocumentSameBytes(t *testing.T) {
	if !bytes.Equal(docxBytes(t, sampleDocument()), docxBytes(t, sampleDocument())) {
		t.Error("the same document gave other bytes")
	}
}

// checkPackage: every part is well-formed and has a type, every relation leads to a part,
// every id used inside a part is one of its relations.
func checkPackage(t *testing.T, data []byte) map[string]string {
	t.Helper()
	parts := unzip(t, data)
	types := parts["[Content_Types].xml"]
	for name, text := range parts {
		if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
			checkPackage(t, []byte(text)) // the workbook behind a chart
			continue
		}
		wellFormed(t, name, text)
		if name != "[Content_Types].xml" && !strings.HasSuffix(name, ".rels") && !strings.Contains(types, `PartName="/`+name+`"`) {
			t.Errorf("part %s has no content type", name)
		}
		if strings.HasSuffix(name, ".rels") {
			checkRelations(t, parts, name, text)
		}
	}
	return parts
}

func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("part %s: %v", name, err)
			return
		}
	}
}

var (
	relationPattern = regexp.MustCompile(`Id="([^"]+)" Type="[^"]+" Target="([^"]+)"`)
	usedID          = regexp.MustCompile(`r:id="([^"]+)"`)
)

func checkRelations(t *testing.T, parts map[string]string, name, text string) {
	t.Helper()
	dir := path.Dir(path.Dir(name))
	source := path.Join(dir, strings.TrimSuffix(path.Base(name), ".rels"))
	known := map[string]bool{}
	for _, m := range relationPattern.FindAllStringSubmatch(text, -1) {
		known[m[1]] = true
		if target := path.Join(dir, m[2]); parts[target] == "" {
			t.Errorf("%s: %s leads to %s, which is not there", name, m[1], target)
		}
	}
	for _, m := range usedID.FindAllStringSubmatch(parts[source], -1) {
		if !known[m[1]] {
			t.Errorf("%s uses %s, which is no relation of it", source, m[1])
		}
	}
}

func TestPackageIsWhole(t *testing.T) {
	parts := checkPackage(t, docxBytes(t, sampleDocument()))
	for _, c := range []struct{ why, part, want string }{
		{"A4", "word/document.xml", `<w:pgSz w:w="11906" w:h="16838"/>`},
		{
			"天头 37 mm, 订口 28 mm, 版心 156 × 225 mm, page number 7 mm below it with a note",
			"word/document.xml", `w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1178"`,
		},
		{"wide annex", "word/document.xml", `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`},
		{"22 lines", "word/document.xml", `<w:docGrid w:type="lines" w:linePitch="579"/>`},
		{"28 characters", "word/styles.xml", `<w:spacing w:val="-5"/>`},
		{"odd and even pages differ", "word/settings.xml", `<w:evenAndOddHeaders/>`},
		{"odd right", "word/footer1.xml", `<w:jc w:val="right"/>`},
		{"even left", "word/footer2.xml", `<w:jc w:val="left"/>`},
		{"page number between dashes", "word/footer1.xml", `— </w:t>`},
		{"body font", "word/styles.xml", `w:eastAsia="仿宋_GB2312"`},
		{"first level 黑体", "word/styles.xml", `<w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="黑体" w:eastAsia="黑体"`},
		{"second level 楷体", "word/styles.xml", `<w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="楷体_GB2312"`},
		{"indent of two characters", "word/styles.xml", `<w:ind w:firstLineChars="200"`},
		{"header row on every page", "word/document.xml", `<w:trHeight w:val="454" w:hRule="atLeast"/><w:tblHeader/>`},
		{"numbers to the right", "word/document.xml", `<w:jc w:val="right"/></w:pPr><w:r><w:rPr></w:rPr><w:t xml:space="preserve">70</w:t>`},
		{"chart has its figures", "word/charts/chart1.xml", `<c:pt idx="0"><c:v>12</c:v></c:pt>`},
		{"date without leading zero", "word/document.xml", `2022年6月25日</w:t>`},
		{"as-of note", "word/footer2.xml", `截至2022-06-20 09:00；演示数据`},
		{"copies", "word/document.xml", `抄送：市委办公室，市政府办公室`},
	} {
		if !strings.Contains(parts[c.part], c.want) {
			t.Errorf("%s: %s has no %s", c.why, c.part, c.want)
		}
	}
}

func TestTextIsEscaped(t *testing.T) {
	parts := checkPackage(t, docxBytes(t, Document{Title: `<a>&"`, Body: []Block{Plain("a\x00b\x1fc\r\nd\te]]>")}}))
	doc := parts["word/document.xml"]
	for _, want := range []string{"&lt;a&gt;&amp;", "a\uFFFDb\uFFFDc</w:t><w:br/><w:t", "d</w:t><w:tab/>"} {
		if !strings.Contains(doc, want) {
			t.Errorf("document has no %q", want)
		}
	}
}

func TestDocumentRefused(t *testing.T) {
	chart := func(kind ChartKind, values ...string) []Block {
		return []Block{Chart{Kind: kind, Categories: []string{"甲"}, Series: []Series{{Name: "数", Values: values}}}}
	}
	for _, c := range []struct {
		name, code string
		doc        Document
	}{
		{"date as people write it", "letter.bad-date", Document{Date: "2022年6月5日"}},
		{"a day that is none", "letter.bad-date", Document{PrintedOn: "2022-02-30"}},
		{"fifth level", "letter.heading-level", Document{Body: []Block{Heading{Level: 5, Text: "①"}}}},
		{"table without columns", "letter.table-columns", Document{Body: []Block{Table{}}}},
		{"row longer than the header", "letter.table-row", Document{Body: []Block{Table{Columns: []Column{{Title: "甲"}}, Rows: [][]string{{"1", "2"}}}}}},
		{"chart of no kind", "letter.chart-kind", Document{Body: chart("pie", "1")}},
		{"chart without series", "letter.chart-empty", Document{Body: []Block{Chart{Kind: BarChart, Categories: []string{"甲"}}}}},
		{"more figures than names", "letter.chart-length", Document{Body: chart(BarChart, "1", "2")}},
		{"unit inside a figure", "letter.chart-value", Document{Body: chart(BarChart, "1亿元")}},
		{"nothing as a block", "letter.empty-block", Document{Body: []Block{nil}}},
		{"fault inside an annex", "letter.table-columns", Document{Annexes: []Annex{{Body: []Block{Table{}}}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			err := WriteDocx(&b, c.doc)
			var refused *Error
			if !errors.As(err, &refused) || refused.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
			if b.Len() > 0 {
				t.Error("bytes were written before the refusal")
			}
		})
	}
}

type brokenWriter struct{ room int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestWriterFails(t *testing.T) {
	for _, room := range []int{0, 100, 5000} {
		if err := WriteDocx(&brokenWriter{room}, sampleDocument()); err == nil {
			t.Errorf("room for %d bytes, and no error", room)
		}
		if err := WriteXlsx(&brokenWriter{room}, Compose(sampleInput()).Workbook()); err == nil {
			t.Errorf("xlsx: room for %d bytes, and no error", room)
		}
	}
}
