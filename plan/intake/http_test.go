package intake_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// browser is a person's plain client: cookies, no scripts.
type browser struct {
	t    *testing.T
	c    *http.Client
	base string
}

func (o *office) as(t *testing.T, seat string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, c: &http.Client{Jar: jar, Timeout: time.Minute}, base: o.base}
	if seat != "coordinator" {
		o.Account(t, seat)
	}
	b.post("/signin", url.Values{"login": {seat}, "password": {webtest.Password}})
	return b
}

func (b *browser) do(r *http.Request) (page string, at string, status int) {
	b.t.Helper()
	answer, err := b.c.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(body), answer.Request.URL.Path, answer.StatusCode
}

func (b *browser) get(path string) (page string, status int) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	page, _, status = b.do(r)
	return page, status
}

func (b *browser) post(path string, form url.Values) (page, at string, status int) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// upload sends a file with the form of a new list.
func (b *browser) upload(path, name string, content []byte, fields map[string]string) (page, at string, status int) {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || m.Close() != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}

func fields(key, circle string) map[string]string {
	return map[string]string{"key": key, "circle": circle, "year": "2022", "cycle": "month", "cutoff": "25"}
}

var (
	input  = regexp.MustCompile(`<input type="(hidden|checkbox|radio)" (?:id="[^"]*" )?name="([^"]*)" value="([^"]*)"( checked)?`)
	picked = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)".*?</select>`)
	option = regexp.MustCompile(`<option value="([^"]*)" selected`)
)

// formOf is the form of a preview as a browser without scripts would send it.
func formOf(page string) url.Values {
	form := url.Values{}
	for _, m := range input.FindAllStringSubmatch(page, -1) {
		if m[1] == "hidden" || m[4] != "" {
			form.Add(html.UnescapeString(m[2]), html.UnescapeString(m[3]))
		}
	}
	for _, m := range picked.FindAllStringSubmatch(page, -1) {
		value := ""
		if o := option.FindStringSubmatch(m[0]); o != nil {
			value = o[1]
		}
		form.Add(html.UnescapeString(m[1]), value)
	}
	return form
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func asCSV(rows [][]string) []byte {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return []byte(b.String())
}

// document is a .docx with one table.
func document(t *testing.T, rows [][]string) []byte {
	t.Helper()
	var table strings.Builder
	for _, r := range rows {
		table.WriteString("<w:tr>")
		for _, c := range r {
			table.WriteString("<w:tc><w:p><w:r><w:t>" + html.EscapeString(c) + "</w:t></w:r></w:p></w:tc>")
		}
		table.WriteString("</w:tr>")
	}
	const w = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<w:document ` + w + `><w:body><w:p><w:r><w:t>2022年重点任务清单（演示数据）</w:t></w:r></w:p><w:tbl>` + table.String() + `</w:tbl></w:body></w:document>`,
	} {
		part, err := z.Create(name)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestEachKindOfFile takes the same rows in from each kind of file, on both stores, without
// scripts; the export of each changes nothing when it is imported again.
func TestEachKindOfFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		b := o.as(t, "coordinator")
		for _, one := range []struct {
			key, name string
			content   []byte
		}{
			{"a-xlsx", "清单.xlsx", read(t, workbook(t, "a.xlsx", suitong))},
			{"b-docx", "清单.docx", document(t, suitong[1:])},
			{"c-csv", "清单.csv", asCSV(suitong[1:])},
		} {
			page, at, status := b.upload("/plan/import", one.name, one.content, fields(one.key, "suitong"))
			if status != http.StatusOK || !strings.Contains(page, "加快推进遂渝高速公路扩容工程建设") {
				t.Fatalf("%s: %d %s", one.name, status, text(page))
			}
			form := formOf(page)
			form.Set("do", "confirm")
			form.Set("title", "演示清单 "+one.key)
			form.Set("year", "2022")
			form.Set("cycle", "month")
			form.Set("cutoff", "25")
			if one.key == "c-csv" { // with days of its own
				form["open"], form["grace"], form["warn"] = []string{"367"}, []string{"11"}, []string{"x"}
				page, _, status = b.post(at, form)
				if said := text(page); status != http.StatusUnprocessableEntity || strings.Count(page, "天数应为") < 3 {
					t.Fatalf("days out of range: %d %s", status, said)
				}
				form["open"], form["grace"], form["warn"] = []string{"20"}, []string{"3"}, []string{"30"}
			}
			page, _, status = b.post(at, form)
			if status != http.StatusOK || !strings.Contains(page, "导入完成") {
				t.Fatalf("%s: confirm %d %s", one.name, status, text(page))
			}
			out, status := b.get("/plan/" + one.key + "/export.xlsx")
			if status != http.StatusOK || !strings.HasPrefix(out, "PK") {
				t.Fatalf("%s: export %d %s", one.name, status, text(out))
			}
			page, at, _ = b.upload("/plan/"+one.key+"/import", "导出.xlsx", []byte(out), nil)
			if !strings.Contains(page, "没有变化") {
				t.Errorf("%s: the export imported again at %s says %s", one.name, at, text(page))
			}
			head, err := o.desk.Head(t.Context(), o.desk.PlanID(one.key))
			if err != nil {
				t.Fatal(err)
			}
			want := judge.Rhythm{CutoffDay: 25}
			if one.key == "c-csv" {
				want.OpenDays, want.TenDayGrace = 20, 3
			}
			if f := head.Facts; f.Rhythm != want || (f.WarnDays == 30) != (one.key == "c-csv") {
				t.Errorf("%s: %+v, warned %d days before", one.key, f.Rhythm, f.WarnDays)
			}
		}
		clean(t, o)
	})
}

var tags = regexp.MustCompile(`(?s)<[^>]*>`)

// text of a page, for messages of tests.
func text(page string) string {
	s := strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
	return s[:min(len(s), 1500)]
}

// TestSecretFileLeavesNoTrace searches everything that is kept for the words of a refused file.
func TestSecretFileLeavesNoTrace(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	const seeded = "金鸡独立湖心岛工程"
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	rows := append([][]string{{"机密★10年"}}, suitong...)
	rows[4] = []string{"1", seeded, "", "市交通运输局", "", "年底前", ""}
	for _, name := range []string{"清单.xlsx", "机密.xlsx"} {
		page, _, status := b.upload("/plan/import", name, read(t, workbook(t, "s.xlsx", rows)), fields("secret", ""))
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, "未留存任何副本") {
			t.Fatalf("%d %s", status, text(page))
		}
		if strings.Contains(page, seeded) {
			t.Error("the answer repeats the file")
		}
	}
	if n := files(t, o.dir); n != 0 {
		t.Errorf("%d files are kept", n)
	}
	for _, dir := range []string{o.dir, filepath.Dir(o.dir)} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "s.xlsx") {
				return err
			}
			if bytes.Contains(read(t, path), []byte(seeded)) {
				t.Errorf("%s holds the words of a refused file", path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhoMayImport walks the routes with every seat: only a coordinator imports, a draft is only its
// owner's, and every seat that reads lists exports.
func TestWhoMayImport(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	owner := o.as(t, "coordinator")
	_, at, _ := owner.upload("/plan/import", "清单.csv", asCSV(suitong[1:]), fields("mine", ""))
	for _, seat := range region.Seats {
		if seat == region.Coordinator {
			continue
		}
		b := o.as(t, string(seat))
		for _, path := range []string{"/plan/import", at, "/plan/import/sample.xlsx"} {
			if _, status := b.get(path); status != http.StatusForbidden {
				t.Errorf("%s GET %s: %d", seat, path, status)
			}
		}
		if _, _, status := b.upload("/plan/import", "x.csv", asCSV(suitong[1:]), fields("x", "")); status != http.StatusForbidden {
			t.Errorf("%s uploads: %d", seat, status)
		}
		if _, _, status := b.post(at, url.Values{"do": {"confirm"}}); status != http.StatusForbidden {
			t.Errorf("%s confirms: %d", seat, status)
		}
		want := http.StatusNotFound // there is no such list yet
		if seat == region.Administrator || seat == region.Security {
			want = http.StatusForbidden
		}
		if _, status := b.get("/plan/mine/export.xlsx"); status != want {
			t.Errorf("%s exports: %d, want %d", seat, status, want)
		}
	}
	other := o.as(t, "two-seats") // another coordinator
	if page, status := other.get(at); status == http.StatusOK || strings.Contains(page, "遂渝高速") {
		t.Errorf("another coordinator opens the draft: %d", status)
	}
	if page, status := owner.get(at); status != http.StatusOK || !strings.Contains(page, "遂渝高速") {
		t.Errorf("its owner: %d", status)
	}
}

// TestTheSameFileTwiceAtOnce: one request sent twice gets one answer; a second person's import of
// the same file finds nothing to change.
func TestTheSameFileTwiceAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		one, two := o.as(t, "coordinator"), o.as(t, "two-seats")
		page, at, _ := one.upload("/plan/import", "清单.csv", asCSV(suitong[1:]), fields("same", "suitong"))
		form := formOf(page)
		for k, v := range map[string]string{"do": "confirm", "title": "演示清单", "year": "2022", "cycle": "month", "cutoff": "25"} {
			form.Set(k, v)
		}
		page, atTwo, _ := two.upload("/plan/import", "清单.csv", asCSV(suitong[1:]), fields("same", "suitong"))
		formTwo := formOf(page)
		for k, v := range map[string]string{"do": "confirm", "title": "演示清单", "year": "2022", "cycle": "month", "cutoff": "25"} {
			formTwo.Set(k, v)
		}
		var all sync.WaitGroup
		for _, send := range []func(){
			func() { one.post(at, form) }, func() { one.post(at, form) }, func() { two.post(atTwo, formTwo) },
		} {
			all.Go(send)
		}
		all.Wait()
		if n := count(t, o, `SELECT count(*) FROM plan_listing`); n != 3 {
			t.Errorf("%d rows stand, want 3", n)
		}
		if n := count(t, o, `SELECT count(*) FROM plan_item_now`); n != 3 {
			t.Errorf("%d items stand, want 3", n)
		}
		if n := count(t, o, `SELECT count(*) FROM region_org`); n != 3 {
			t.Errorf("%d units stand, want the two of the stand and one new", n)
		}
		if n := files(t, o.dir); n != 1 {
			t.Errorf("%d files are kept, want the list's source", n)
		}
		clean(t, o)
	})
}

func count(t *testing.T, o *office, query string) (n int) {
	t.Helper()
	ctx := context.Background()
	err := o.Node.Store.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, query).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestRevisedList: a row moved, one reworded, one dropped, one new; the item of a reworded row
// follows, moved rows are not called changed.
func TestRevisedList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		ctx := context.Background()
		req := o.coordinator()
		rows := make([][]string, 0, 12)
		rows = append(rows, suitong[1])
		for i := range 10 {
			rows = append(rows, []string{fmt.Sprint(i + 1), "演示任务" + strings.Repeat(string(rune('甲'+i*37)), 4), "建成基地2万亩", "市交通运输局", "", "6月底前，年底前", ""})
		}
		opt := plan.ImportOptions{Plan: "revised", Year: 2022, Circle: "suitong", Title: "演示清单"}
		if done, err := o.desk.ImportFile(ctx, req, "清单.csv", asCSV(rows), opt); err != nil || done.New != 10 {
			t.Fatal(done, err)
		}
		revised := [][]string{rows[0], rows[2], rows[1], rows[3], rows[4], rows[5], rows[6], rows[7], rows[8], {"11", "全新的演示事项", "", "市发展改革委", "", "年底前", ""}}
		changed := append([]string{}, rows[4]...)
		changed[2], changed[3] = "建成基地3万亩", "市发展改革委"
		revised[4] = changed
		done, err := o.desk.ImportFile(ctx, req, "清单.csv", asCSV(revised), plan.ImportOptions{Plan: "revised"})
		if err != nil {
			t.Fatal(err)
		}
		if done.New != 1 || done.Changed != 1 || done.Moved != 2 || done.Dropped != 2 || done.Same != 5 {
			t.Errorf("revised: %+v", done)
		}
		again, err := o.desk.ImportFile(ctx, req, "清单.csv", asCSV(revised), plan.ImportOptions{Plan: "revised"})
		if err != nil || again.Wrote() {
			t.Errorf("the revised file again: %+v %v", again, err)
		}
		if n := count(t, o, `SELECT count(*) FROM plan_indicator i JOIN plan_item_now n ON n.item = i.item AND n.book = i.book WHERE i.target = '3' AND i.indicator = 'k1'`); n != 1 {
			t.Errorf("%d items follow the new target", n)
		}
		if n := count(t, o, `SELECT count(DISTINCT item) FROM plan_item_unit WHERE org = 'fgw' AND leads = 1`); n != 2 {
			t.Errorf("%d items are led by the new lead, want the reworded and the new one", n)
		}
		if n := count(t, o, `SELECT count(DISTINCT item) FROM plan_milestone`); n < 8 {
			t.Errorf("%d items have milestones from their deadlines", n)
		}
		clean(t, o)
	})
}
