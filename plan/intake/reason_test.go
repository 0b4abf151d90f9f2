package intake_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/store/storetest"
)

// TestARevisionSaysWhy: a file that gives rows of a list other deadlines is confirmed only with the reason, which then stands in the book.
func TestARevisionSaysWhy(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	opt := plan.ImportOptions{Plan: "why", Year: 2022, Circle: "suitong", Title: "演示清单"}
	if _, err := o.desk.ImportFile(ctx, o.coordinator(), "清单.csv", asCSV(suitong[1:]), opt); err != nil {
		t.Fatal(err)
	}
	revised := strings.Replace(string(asCSV(suitong[1:])), "年底前", "明年3月底前", 1)
	b := o.as(t, "coordinator")
	page, at, status := b.upload("/plan/why/import", "清单.csv", []byte(revised), map[string]string{})
	if status != http.StatusOK || !strings.Contains(page, "请写明调整的原因") {
		t.Fatalf("%d: the preview does not ask why\n%s", status, text(page))
	}
	if page, _, status = b.post(at, url.Values{"do": {"confirm"}, "reason": {" "}, "request": {"r-1"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "必须写明原因") {
		t.Errorf("%d: confirmed without a reason", status)
	}
	if _, _, status = b.post(at, url.Values{"do": {"confirm"}, "reason": {"遂潼办〔2022〕6号"}, "request": {"r-2"}}); status != http.StatusOK {
		t.Fatalf("%d with the reason", status)
	}
	if n := count(t, o, `SELECT count(*) FROM plan_amended`); n != 1 {
		t.Errorf("%d rows were amended", n)
	}
	if n := count(t, o, `SELECT count(*) FROM plan_amended a JOIN book_entry e ON e.book = a.book AND e.idx = a.idx WHERE CAST(e.words AS TEXT) LIKE '%遂潼办〔2022〕6号%'`); n != 1 {
		t.Error("the reason does not stand beside it")
	}
	if again, err := o.desk.ImportFile(ctx, o.coordinator(), "清单.csv", []byte(revised), plan.ImportOptions{Plan: "why"}); err != nil || again.Wrote() {
		t.Errorf("again: %+v, %v", again, err)
	}
}
