package main

import (
	"fmt"
	"net"
	"path/filepath"
	"time"

	"liandong/demo"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
)

type demoCommand struct {
	logFlags
	Dir   string `help:"演示数据的目录 (folder of the demonstration)." default:"demo-data" env:"LIANDONG_DEMO_DIR" type:"path"`
	Addr  string `help:"监听地址 (address to listen on)." default:"127.0.0.1:8080" env:"LIANDONG_ADDR"`
	Fresh bool   `help:"丢弃原有演示数据,重新制作 (make it anew)."`
}

func (demoCommand) Help() string {
	return `遂宁市 2022 年的演示:三张任务清单(70、27、30 项)、半年的进展填报、各席位的登录账号。
主题取自公开报道,措辞、数字、日期、人员均为虚构。演示时钟从 2022-06-20 09:00 走起,重启后接着走。
清单原文件在目录的 lists 下,可用来试导入。

例 (examples):
  liandong demo
  liandong demo --dir /tmp/demo --addr 127.0.0.1:9000
  liandong demo --fresh`
}

func (c demoCommand) Run(t *terminal) error {
	began := time.Now()
	founder := node.Actor{Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: demo.Identity.Member}
	step, finish := t.progress("制作演示数据 (make the demonstration)")
	clock, made, err := demo.Open(t.ctx, demo.Options{
		Dir: c.Dir, Fresh: c.Fresh, Modules: modules(), Founder: founder, Found: found, Progress: step,
	})
	finish()
	if err != nil {
		return err
	}
	f, err := node.OpenFolder(t.ctx, c.Dir, modules(), node.FolderOptions{May: region.Permit, Clock: clock.Now})
	if err != nil {
		return err
	}
	defer f.Close()
	if err := clock.CatchUp(t.ctx, f.Node); err != nil {
		return err
	}
	return c.serve(t, f, clock, readiness(began, made))
}

func (c demoCommand) serve(t *terminal, f *node.Folder, clock *demo.Clock, ready func() string) error {
	a, err := newApp(t.ctx, f, appOptions{log: c.logger(t), openBooks: demo.Circles, clock: clock.Now})
	if err != nil {
		return err
	}
	public, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("监听 %s (listen): %w", c.Addr, err)
	}
	socket, err := listenSocket(f.Dir)
	if err != nil {
		return err
	}
	if err := c.welcome(t, public.Addr().String(), clock, ready()); err != nil {
		return err
	}
	return a.serve(t.ctx, public, socket)
}

// readiness says how long it took until the demonstration answers.
func readiness(began time.Time, made bool) func() string {
	return func() string {
		what := "沿用原有演示数据 (reused)"
		if made {
			what = "已新制演示数据 (made anew)"
		}
		return fmt.Sprintf("%s,%.1f 秒就绪 (ready)", what, time.Since(began).Seconds())
	}
}

// welcome prints the address and a sign-in for each seat.
func (c demoCommand) welcome(t *terminal, address string, clock *demo.Clock, ready string) error {
	signIns, err := demo.SignIns(officeOrg)
	if err != nil {
		return err
	}
	t.say("联动演示 (demonstration): http://%s", address)
	t.say("%s。演示时钟 (clock): %s", ready, clock.Now().In(judge.Beijing).Format("2006-01-02 15:04"))
	t.say("演示口令 (password, the same for all): %s", demo.Password)
	rows := [][]any{{"  登录名", "席位", "单位", "姓名"}}
	for _, s := range signIns {
		rows = append(rows, []any{"  " + s.Login, web.SeatName(lang.Zh, s.Seat), s.Unit, s.Name})
	}
	if err := t.table(rows...); err != nil {
		return err
	}
	t.say("清单原文件 (list files to try): %s", filepath.Join(c.Dir, "lists"))
	t.say("按 Ctrl-C 停止 (Ctrl-C stops)")
	return nil
}
