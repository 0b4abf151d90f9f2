package letter

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// render turns d into a PDF with LibreOffice and gives its path; the test is skipped where
// the programs are missing. LIANDONG_LOOK names a folder that keeps .docx and .pdf to look at.
func render(t *testing.T, name string, d Document) string {
	t.Helper()
	for _, tool := range []string{"soffice", "pdftotext", "pdfinfo"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: the printed page is not checked (install libreoffice-writer and poppler-utils)", tool)
		}
	}
	if testing.Short() {
		t.Skip("short: the printed page is not checked")
	}
	dir := t.TempDir()
	if keep := os.Getenv("LIANDONG_LOOK"); keep != "" {
		dir = keep
	}
	file := filepath.Join(dir, name+".docx")
	if err := os.WriteFile(file, docxBytes(t, d), 0o644); err != nil {
		t.Fatal(err)
	}
	tool(t, "soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", dir, file)
	return filepath.Join(dir, name+".pdf")
}

func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	var errs strings.Builder
	cmd := exec.Command(name, args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, errs.String())
	}
	return string(out)
}

func TestPrintedPage(t *testing.T) {
	pdf := render(t, "grid", Document{Body: []Block{Paragraph{Flush: true, Spans: []Span{{Text: strings.Repeat("字", 28*22*2)}}}}})
	if info := tool(t, "pdfinfo", pdf); !strings.Contains(info, "(A4)") {
		t.Errorf("not A4:\n%s", info)
	}
	pages := strings.Split(tool(t, "pdftotext", "-layout", pdf, "-"), "\f")
	var full int
	for line := range strings.SplitSeq(pages[1], "\n") {
		if n := strings.Count(line, "字"); n == 28 {
			full++
		} else if n > 0 {
			t.Errorf("a line of %d characters, want 28", n)
		}
	}
	if full != 22 {
		t.Errorf("%d full lines on page 2, want 22", full)
	}
	for i, want := range []string{"—1—", "—2—"} {
		if !strings.Contains(strings.ReplaceAll(pages[i], " ", ""), want) {
			t.Errorf("page %d has no %q", i+1, want)
		}
	}
}

func TestPrintedBulletin(t *testing.T) {
	b := Compose(sampleInput())
	d, _ := b.Document()
	text := tool(t, "pdftotext", render(t, "bulletin", d), "-")
	for _, want := range []string{
		"演发改〔2022〕12号", "各县（市、区）人民政府，市级有关部门：", "一、总体情况", "二、主要进展", "（一）基础设施",
		"2022年6月25日", "抄送：市委办公室，市政府办公室。", "未按时报送情况表", "截至2022-06-20；演示数据", "有风险",
	} {
		if !strings.Contains(strings.NewReplacer(" ", "", "\n", "").Replace(text), want) {
			t.Errorf("printed text has no %q", want)
		}
	}
	render(t, "sample", sampleDocument())
}
