package filing_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/region"
	"liandong/store/storetest"
)

// A file with a mark of secrecy leaves nothing behind, whether it is a list sent back or an
// attachment; nor does a list that cannot be read.
func TestARefusedFileLeavesNoTrace(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	folder := filepath.Dir(t.TempDir()) // of this test: database, attachments
	t.Setenv("TMPDIR", t.TempDir())
	const seeded = "金鸡独立湖心岛工程"
	header := "序号,工作任务,牵头单位,完成时限,推进情况\n"
	row := "1," + seeded + ",市交通运输局,年底前,路基完成四成\n"
	before := files(t, folder)
	reporter := s.as(region.Reporter, jtj)
	form := "/item/" + s.item(motorway) + "/report?period=2022-06"
	for _, c := range []struct {
		remark, path, name string
		content            []byte
		text               string
	}{
		{"a list sent back", "/report/sheet", "反馈.csv", []byte("机密★10年,,,,\n" + header + row), "未留存任何副本"},
		{"a list sent back, marked by its name", "/report/sheet", "（秘密）反馈.csv", []byte(header + row), "未留存任何副本"},
		{"a list that is none", "/report/sheet", "反馈.xlsx", []byte(seeded), "后缀不符"},
		{"an attached table of text", form, "进展.csv", []byte("密级：机密\n" + seeded + "\n"), "未留存任何副本"},
		{"an attached workbook", form, "进展.xlsx", workbook(t, "机密★10年", seeded), "未留存任何副本"},
		{"a photo marked by its name", form, "（机密）现场.png", append(slices.Clone(png), seeded...), "未留存任何副本"},
	} {
		s.want(reporter.upload(c.path, c.name, c.content, "request", "x", "claim", "on-time"), 422, c.text)
		if after := files(t, folder); !slices.Equal(after, before) {
			t.Errorf("%s: the folder has %v, before %v", c.remark, after, before)
		}
	}
	for _, f := range before {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(seeded)) {
			t.Errorf("%s holds the words of a refused file", f)
		}
	}
	s.want(reporter.upload(form, "进展.csv", []byte("商业秘密保护,已完成\n"), "request", "y", "claim", "on-time"), 422, `name="keep"`)
	if after := files(t, folder); len(after) != len(before)+1 {
		t.Errorf("a file that only speaks of secrets is kept: %v", after)
	}
}

// files are the names of all files of a folder, deep.
func files(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func workbook(t *testing.T, cells ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, c := range cells {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStr("Sheet1", at, c); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
