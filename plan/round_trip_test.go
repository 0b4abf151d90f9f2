package plan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// TestRoundTrip takes lists in as offices write them, reports their first work, sends them out in their
// own layout and takes that in again: nothing changes, nothing stands twice, and the report is in the
// file or its row is named.
func TestRoundTrip(t *testing.T) {
	ctx := context.Background()
	for n, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			o := plantest.New(t, storetest.OpenSQLite(t))
			opt := plan.ImportOptions{Plan: fmt.Sprintf("list-%d", n), Year: 2022, Title: "演示清单" + l.name}
			done, err := o.ImportFile(ctx, o.Coordinator(), l.file, l.bytes(t), opt)
			if err != nil || done.New != l.rows {
				t.Fatalf("%+v, want %d rows: %v", done, l.rows, err)
			}
			o.Day("2022-01-20")
			title := firstTitle(t, o, opt.Plan)
			_, item := o.Row(title)
			o.FileAs("市交通运输局", item, "2022-01", judge.OnTime, "完成征地九成")
			o.AcceptNow(item, "2022-01", false)
			out, err := o.Export(ctx, opt.Plan, "2022-01-20")
			if err != nil || len(out.Unshown) != 0 {
				t.Fatalf("unshown %+v %v", out.Unshown, err)
			}
			if !strings.Contains(sheetText(t, out.Content), "完成征地九成") {
				t.Errorf("the report is not in the file:\n%s", sheetText(t, out.Content))
			}
			unchanged(t, o, out.Content, opt.Plan, l.rows)
			o.FileAs("市交通运输局", item, "2022-01", judge.OnTime, "完成征地全部")
			o.AcceptNow(item, "2022-01", false)
			if out, err = o.Export(ctx, opt.Plan, "2022-01-20"); err != nil || !strings.Contains(sheetText(t, out.Content), "完成征地全部") {
				t.Errorf("the second time out: %v", err)
			}
			unchanged(t, o, out.Content, opt.Plan, l.rows)
			o.Clean()
		})
	}
}

func firstTitle(t *testing.T, o *plantest.Office, key string) string {
	t.Helper()
	_, rows, err := rowsOf(o, key)
	if err != nil || len(rows) == 0 {
		t.Fatalf("rows of %s: %v", key, err)
	}
	return rows[0]
}

// unchanged: an exported file, previewed and imported, says nothing new.
func unchanged(t *testing.T, o *plantest.Office, content []byte, key string, rows int) {
	t.Helper()
	ctx := context.Background()
	p, err := o.PreviewFile(ctx, "导出.xlsx", content, plan.ImportOptions{Plan: key})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Changes {
		if c.What != plan.RowSame || len(c.Twins) > 0 {
			t.Errorf("%s %q %+v, twins %v\n%+v", c.What, c.Title, c.Differs, c.Twins, c.Words)
		}
	}
	again, err := o.ImportFile(ctx, o.Coordinator(), "导出.xlsx", content, plan.ImportOptions{Plan: key})
	if err != nil || again.Wrote() || again.Same != rows {
		t.Errorf("imported again: %+v %v", again, err)
	}
	if items, _, err := rowsOf(o, key); err != nil || items != rows {
		t.Errorf("%d items stand, want %d: %v", items, rows, err)
	}
}

func sheetText(t *testing.T, content []byte) string {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, s := range x.GetSheetList() {
		rows, err := x.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			text += strings.Join(r, "|") + "\n"
		}
	}
	return text
}

// rowsOf counts the items of all books' present rows and gives the titles of a list's rows in order.
func rowsOf(o *plantest.Office, key string) (items int, titles []string, err error) {
	ctx := context.Background()
	err = o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		if err := tx.Row(ctx, `SELECT count(DISTINCT item) FROM plan_item_now`).Scan(&items); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT e.words FROM plan_now n JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
			WHERE n.plan = ? ORDER BY n.ord`, o.PlanID(key))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var raw []byte
			if err := rows.Scan(&raw); err != nil {
				return err
			}
			var w plan.ListingWords
			if err := json.Unmarshal(raw, &w); err != nil {
				return err
			}
			titles = append(titles, w.Title)
		}
		return rows.Err()
	})
	return items, titles, err
}

// works are the rows of a list that is revised below; two of them bear one title.
var works = [][]any{
	{"序号", "工作任务", "牵头单位", "完成时限", "进展情况"},
	{1, "加快高速公路扩容", "市交通运输局", "年底前", ""},
	{2, "落实年度目标任务", "市交通运输局", "6月底前", ""},
	{3, "落实年度目标任务", "市农业农村局", "6月底前", ""},
	{4, "共建锂电产业集群", "市经济和信息化局", "持续推进", ""},
	{5, "组建教育发展共同体", "市教育和体育局", "9月底前", ""},
	{6, "开行城际公交专线", "市交通运输局", "9月底前", ""},
}

func renumbered(rows ...[]any) [][]any {
	out := [][]any{works[0]}
	for i, r := range rows {
		out = append(out, append([]any{i + 1}, r[1:]...))
	}
	return out
}

// TestRevisions: a list comes again with a row new at its head, one dropped, one put elsewhere, one with
// another day, two of one title changed about, and so all numbers others. Each row stays the row it was, with its
// item and its report, in every kind of file; taken in once more, and sent out and taken in, it says nothing new.
func TestRevisions(t *testing.T) {
	ctx := context.Background()
	later := append([]any{}, works[4]...)
	later[3] = "年底前"
	revised := renumbered([]any{0, "建设涪江生态廊道", "市发展改革委", "年底前", ""}, works[3], works[2], works[6], works[1], later)
	for file, make := range map[string]func(*testing.T, [][]any) []byte{"a.xlsx": asWorkbook, "a.csv": asGB18030, "a.docx": asTable} {
		t.Run(file, func(t *testing.T) {
			o := plantest.New(t, storetest.OpenSQLite(t))
			opt := plan.ImportOptions{Plan: "revised", Year: 2022, Title: "演示清单"}
			if done, err := o.ImportFile(ctx, o.Coordinator(), file, make(t, works), opt); err != nil || done.New != 6 {
				t.Fatalf("%+v %v", done, err)
			}
			o.Day("2022-01-20")
			before := led(t, o)
			_, bus := o.Row("开行城际公交专线")
			o.FileAs("市交通运输局", bus, "2022-01", judge.OnTime, "车辆已到位")
			o.AcceptNow(bus, "2022-01", false)
			done, err := o.ImportFile(ctx, o.Coordinator(), file, make(t, revised), opt)
			if err != nil || done.New != 1 || done.Dropped != 1 || done.Changed != 5 || done.Linked != 0 {
				t.Errorf("revised: %+v %v", done, err)
			}
			after := led(t, o)
			for _, key := range []string{"市交通运输局 落实年度目标任务", "市农业农村局 落实年度目标任务", "市交通运输局 开行城际公交专线"} {
				if before[key] == "" || after[key] != before[key] {
					t.Errorf("%s was %q and is %q", key, before[key], after[key])
				}
			}
			again, err := o.ImportFile(ctx, o.Coordinator(), file, make(t, revised), opt)
			if err != nil || again.Wrote() {
				t.Errorf("the revision again: %+v %v", again, err)
			}
			out, err := o.Export(ctx, "revised", "2022-01-20")
			if err != nil || len(out.Unshown) != 0 || !strings.Contains(sheetText(t, out.Content), "车辆已到位") {
				t.Fatalf("%+v %v", out.Unshown, err)
			}
			unchangedRows(t, o, out.Content, 6)
			o.Clean()
		})
	}
}

func unchangedRows(t *testing.T, o *plantest.Office, content []byte, rows int) {
	t.Helper()
	again, err := o.ImportFile(context.Background(), o.Coordinator(), "导出.xlsx", content, plan.ImportOptions{Plan: "revised"})
	if err != nil || again.Wrote() || again.Same != rows {
		t.Errorf("the export again: %+v %v", again, err)
	}
}

// led gives the items of the rows that stand, by lead and title.
func led(t *testing.T, o *plantest.Office) map[string]string {
	t.Helper()
	ctx, all := context.Background(), map[string]string{}
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n.item, e.words FROM plan_now n JOIN book_entry e ON e.book = n.book AND e.idx = n.idx`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var item string
			var raw []byte
			var w plan.ListingWords
			if err := rows.Scan(&item, &raw); err != nil {
				return err
			}
			if err := json.Unmarshal(raw, &w); err != nil {
				return err
			}
			all[strings.Join(w.Lead, "、")+" "+w.Title] = item
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWorkedOnExport: an office writes on in the file that we sent out: what it added is new, what it
// changed is changed, all else is as it was.
func TestWorkedOnExport(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	opt := plan.ImportOptions{Plan: "revised", Year: 2022, Title: "演示清单"}
	if _, err := o.ImportFile(ctx, o.Coordinator(), "a.docx", asTable(t, works), opt); err != nil {
		t.Fatal(err)
	}
	out, err := o.Export(ctx, "revised", o.Today())
	if err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(bytes.NewReader(out.Content))
	if err != nil {
		t.Fatal(err)
	}
	name := x.GetSheetList()[0]
	rows, err := x.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for i, r := range rows {
		if len(r) > 1 && r[1] == "开行城际公交专线" {
			last = i + 1
		}
	}
	line := []any{7, "新建跨省绿道示范段", "市交通运输局", "年底前"}
	if err := x.InsertRows(name, last+1, 1); err != nil {
		t.Fatal(err)
	}
	if err := x.SetSheetRow(name, fmt.Sprintf("A%d", last+1), &line); err != nil {
		t.Fatal(err)
	}
	if err := x.SetCellStr(name, fmt.Sprintf("D%d", last), "10月底前"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	done, err := o.ImportFile(ctx, o.Coordinator(), "导出.xlsx", b.Bytes(), plan.ImportOptions{Plan: "revised"})
	if err != nil || done.New != 1 || done.Changed != 1 || done.Same != 5 || done.Dropped != 0 {
		t.Errorf("%+v %v\n%s", done, err, sheetText(t, b.Bytes()))
	}
}
