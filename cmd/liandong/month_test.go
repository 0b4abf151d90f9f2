package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"liandong/node"
	"liandong/region"
	"liandong/web/webtest"
)

// office is a fresh node in its first month, and the people who work with it in their browsers.
type office struct {
	t       *testing.T
	folder  *node.Folder
	now     atomic.Int64 // seconds; the clock of the node
	base    string
	first   string // path of the first administrator's link
	browser *webtest.Browser
	shots   int
}

// openOffice does what `liandong init` and `liandong serve` do, with a clock of the test's.
func openOffice(t *testing.T) *office {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	o := &office{t: t}
	o.day("2022-06-16")
	dir := t.TempDir()
	settings := node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}
	if err := node.InitFolder(dir, settings); err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.Unix(o.now.Load(), 0) }
	var err error
	if o.folder, err = node.OpenFolder(ctx, dir, modules(), node.FolderOptions{May: region.Permit, Clock: clock}); err != nil {
		t.Fatal(err)
	}
	a, err := newApp(ctx, o.folder, appOptions{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	public, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket, err := listenSocket(dir)
	if err != nil {
		t.Fatal(err)
	}
	o.base = "http://" + public.Addr().String()
	var said bytes.Buffer
	if err := a.sayFirstLink(&terminal{ctx: ctx, out: &said}, o.base); err != nil {
		t.Fatal(err)
	}
	_, o.first, _ = strings.Cut(said.String(), o.base)
	ended := make(chan error, 1)
	go func() { ended <- a.serve(ctx, public, socket) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		o.folder.Close()
	})
	o.browser = webtest.Start(t)
	return o
}

// day sets the clock to nine in the morning of a civil day, as a node that ran all the while.
func (o *office) day(civil string) {
	o.t.Helper()
	at, err := time.Parse(time.RFC3339, civil+"T09:00:00+08:00")
	if err != nil {
		o.t.Fatal(err)
	}
	o.now.Store(at.Unix())
}

// clerk is one person at his browser.
type clerk struct {
	*webtest.Page
	o *office
}

// arrives opens a one-time link and chooses login and password.
func (o *office) arrives(link, login string) *clerk {
	o.t.Helper()
	c := &clerk{o.browser.Open(o.t, o.base, webtest.Desk), o}
	c.Go(strings.TrimPrefix(strings.TrimSpace(link), o.base))
	c.Fill("login", login)
	c.Fill("password", walkPassword)
	c.Click("设置并登录")
	return c
}

// sees fails the test unless the page says all of the texts, and keeps a picture of it.
func (c *clerk) sees(texts ...string) {
	c.o.t.Helper()
	got := c.Text("main")
	for _, want := range texts {
		if !strings.Contains(got, want) {
			c.o.t.Errorf("%s does not say “%s”: %s", c.Address(), want, got)
		}
	}
	c.o.shots++
	c.Shot("month-" + string(rune('a'+c.o.shots/26)) + string(rune('a'+c.o.shots%26)))
}

// misses fails the test if the page says one of the texts.
func (c *clerk) misses(texts ...string) {
	c.o.t.Helper()
	got := c.Text("main")
	for _, not := range texts {
		if strings.Contains(got, not) {
			c.o.t.Errorf("%s says “%s”: %s", c.Address(), not, got)
		}
	}
}

// acts changes the seat in the menu on top.
func (c *clerk) acts(as string) {
	c.o.t.Helper()
	c.ClickIn(".acting", as)
}

// list writes rows into a workbook of the test as an office would: a title across, then the header.
func list(t *testing.T, name, title string, rows ...[]string) string {
	t.Helper()
	x := excelize.NewFile()
	put := func(cell, text string) {
		if err := x.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	put("A1", title)
	for i, row := range rows {
		for col, text := range row {
			cell, err := excelize.CoordinatesToCellName(col+1, i+2)
			if err != nil {
				t.Fatal(err)
			}
			put(cell, text)
		}
	}
	end, err := excelize.CoordinatesToCellName(len(rows[0]), 1)
	if err == nil {
		err = x.MergeCell("Sheet1", "A1", end)
	}
	path := filepath.Join(t.TempDir(), name)
	if err == nil {
		err = x.SaveAs(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The two lists of the month (演示数据). Rows 1 of both are one piece of work; row 4 of the first has a
// deadline that nobody can read, and 联系处室 is a column that no list had before.
func (o *office) suitong() string {
	return list(o.t, "遂潼清单.xlsx", "遂潼一体化发展2022年重点任务清单（演示数据）",
		[]string{"序号", "工作任务", "年度目标", "牵头单位", "配合单位", "完成时限", "联系处室"},
		[]string{"一、基础设施"},
		[]string{"1", "加快推进遂渝高速公路扩容工程建设", "完成投资12.5亿元", "市交通运输局", "市农业农村局", "年底前", "规划科"},
		[]string{"2", "开通遂宁至潼南跨省城际公交", "开通线路2条", "市交通运输局", "", "6月底前", "运输科"},
		[]string{"二、产业协作"},
		[]string{"3", "建设渝遂绵优质蔬菜生产带船山基地", "建成核心基地2万亩", "市农业农村局", "", "三季度", "种植科"},
		[]string{"4", "推进遂潼涪江创新产业园区规划建设", "", "市经信局", "市交通运输局", "尽早", "园区科"})
}

func (o *office) chengyu() string {
	return list(o.t, "双城要点.xlsx", "成渝地区双城经济圈建设2022年工作要点（演示数据）",
		[]string{"序号", "重点任务", "责任单位", "完成时限"},
		[]string{"1", "实施遂渝高速公路扩容改造工程", "市交通运输局", "2022年12月底前"},
		[]string{"2", "共建锂电产业集群", "市经济和信息化局", "持续推进"},
		[]string{"3", "保障成渝地区蔬菜供应", "市农业农村局", "每月"})
}
