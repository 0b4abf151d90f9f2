package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/plan"
	planapi "liandong/plan/api"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/webtest"
)

const list = `序号,工作任务,牵头单位,完成时限
1,新建遂潼大道遂宁段,市交通运输局,年底前
2,开行跨省城际公交,市交通运输局,年底前
`

// TestASheetIsKeptInStep with a running node, by the client that was made from its description: what is owed comes into the sheet, what is
// filled in goes out once, what is refused says why.
func TestASheetIsKeptInStep(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Day("2022-02-10")
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼清单(演示数据)"}, list)
	o.Day("2022-02-21")
	site := web.New(web.Options{Member: "遂宁市", Now: o.Node().Now, Log: slog.New(slog.DiscardHandler), Identify: func(r *http.Request) (web.Identity, error) {
		if r.Header.Get("Authorization") != "Bearer liandong_sample" {
			return web.Identity{}, nil
		}
		return web.Identity{Actor: o.As(region.Reporter, "市交通运输局").Actor}, nil
	}})
	planapi.Routes(api.New(site, "test"), o.Desk)
	url, dir := webtest.Serve(t, site.Handler()), t.TempDir()
	token, file := filepath.Join(dir, "token"), filepath.Join(dir, "填报.xlsx")
	step := func(want string) sheet {
		t.Helper()
		var out bytes.Buffer
		if err := run(context.Background(), &out, url, token, file); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(out.String()); got != want {
			t.Fatalf("%s; want %s", got, want)
		}
		s, err := openSheet(file)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if err := os.WriteFile(token, []byte("liandong_wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(context.Background(), &bytes.Buffer{}, url, token, file); err == nil || !strings.Contains(err.Error(), "401") {
		t.Fatalf("by a wrong token: %v", err)
	}
	if err := os.WriteFile(token, []byte("liandong_sample\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := step("已报 0 项,未被接受 0 项,新列出 2 项")
	for column, text := range map[int]string{colProgress: "路基完成三成。", colNext: "开始桥梁施工。"} {
		if err := s.set(0, column, text); err != nil {
			t.Fatal(err)
		}
	}
	for column, text := range map[int]string{colProgress: "线路已勘察。", colClaim: "有风险", colPeriod: "2022年2月"} { // as nobody but people write it
		if err := s.set(1, column, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.book.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	s = step("已报 1 项,未被接受 1 项,新列出 1 项") // the row with the right period
	rows, err := s.rows()
	if err != nil || rows[0][colResult] != reported || !strings.Contains(rows[1][colResult], "没有保存") || rows[1][colProgress] != "线路已勘察。" {
		t.Fatalf("%q %v", rows, err)
	}
	if err := s.set(1, colPeriod, "2022-02"); err != nil {
		t.Fatal(err)
	}
	if err := s.book.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	step("已报 1 项,未被接受 0 项,新列出 0 项")
	step("已报 0 项,未被接受 0 项,新列出 0 项")
	queue, err := o.Queue(context.Background(), o.Coordinator().Actor, "")
	if err != nil || queue.Total != 2 {
		t.Errorf("%+v %v", queue, err)
	}
}
