package signins_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/signins"
	"liandong/web/webtest"
)

const page = "/audit/sign-ins"

func stand(t *testing.T) (*webtest.Stand, webtest.Room) {
	t.Helper()
	s := webtest.NewStand(t)
	s.Account(t, "reader")
	ctx := context.Background()
	if _, err := s.Accounts.Link(account.AsOperator(ctx, "administrator"), "reporter", ""); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/signin", strings.NewReader(url.Values{"login": {"reader"}, "password": {"wrong"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = "10.6.6.6:1"
	s.Site.Handler().ServeHTTP(httptest.NewRecorder(), r)
	return s, webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) { signins.Routes(site, s.Node, s.Accounts) }}
}

func as(seat region.Seat) node.Actor {
	return node.Actor{Person: string(seat), Org: "fgw", Seat: string(seat), Member: "510900"}
}

func TestTheAuditorReadsWhoSignedIn(t *testing.T) {
	_, room := stand(t)
	auditor := as(region.Auditor)
	room.Want("all", room.Ask(auditor, page, nil), 200, "演示reader", "10.6.6.6", "失败", "真实时间", "演示reporter", "由 演示administrator 操作")
	filtered := room.Want("failures", room.Ask(auditor, page+"?outcome=wrong&person=reader", nil), 200, "10.6.6.6").Body.String()
	if strings.Contains(filtered, "由 演示administrator 操作") {
		t.Error("the filter lets other lines through")
	}
	room.Want("nothing", room.Ask(auditor, page+"?from=2000-01-01&until=2000-01-02", nil), 200, "没有符合条件的登录记录")
	room.Want("no date", room.Ask(auditor, page+"?from=yesterday", nil), 422, "yesterday", "2026-11-28")
	room.Want("reading it is a line", room.Ask(auditor, page+"?act=record-read", nil), 200, "演示auditor")
}

func TestOthersAreRefused(t *testing.T) {
	_, room := stand(t)
	for _, seat := range region.Seats {
		want := http.StatusForbidden
		if seat == region.Auditor {
			want = http.StatusOK
		}
		for _, path := range []string{page, page + "/file.xlsx", page + "/file.csv"} {
			if w := room.Ask(as(seat), path, nil); w.Code != want {
				t.Errorf("%s of %s: %d, want %d", seat, path, w.Code, want)
			}
		}
		if w := room.Ask(as(seat), page+"/check", url.Values{}); w.Code != want {
			t.Errorf("%s checks: %d, want %d", seat, w.Code, want)
		}
	}
}

func TestTheRecordIsCheckedOnThePage(t *testing.T) {
	s, room := stand(t)
	ctx := context.Background()
	room.Want("unsealed", room.Ask(as(region.Auditor), page+"/check", url.Values{}), 200, "登录记录完整", "还没有写入账本封存")
	if err := s.Accounts.SealRecords(ctx, s.Node); err != nil {
		t.Fatal(err)
	}
	room.Want("sealed", room.Ask(as(region.Auditor), page+"/check", url.Values{}), 200, "登录记录完整", "已写入本成员内部账封存")
	err := s.Node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE account_record SET outcome = 'done' WHERE outcome = 'wrong'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	room.Want("changed", room.Ask(as(region.Auditor), page+"/check", url.Values{}), 200, "与写入时不同")
}

func TestTheRecordIsTakenAlong(t *testing.T) {
	_, room := stand(t)
	w := room.Want("workbook", room.Ask(as(region.Auditor), page+"/file.xlsx?person=reader", nil), 200)
	f, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, r := range rows {
		text.WriteString(strings.Join(r, "|") + "\n")
	}
	for _, want := range []string{"编号|时间|人员", "演示reader", "10.6.6.6", "失败"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the workbook lacks %s:\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "演示reporter") {
		t.Error("the workbook has lines that were not asked for")
	}
	csv := room.Want("csv", room.Ask(as(region.Auditor), page+"/file.csv", nil), 200, "编号,时间,人员", "演示reader", "10.6.6.6")
	if got := csv.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("csv is shown as %q", got)
	}
	room.Want("taking it along is a line", room.Ask(as(region.Auditor), page+"?act=record-taken", nil), 200, "演示auditor")
}
