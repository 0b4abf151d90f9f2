package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"liandong/demo"
	"liandong/demo/stage"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
)

type demoCommand struct {
	logFlags `set:"logLevel=warn"` // its table of sign-ins is not to scroll away under requests
	Dir      string                `help:"演示数据的目录 (folder of the demonstration)." default:"demo-data" env:"LIANDONG_DEMO_DIR" type:"path"`
	Addr     string                `help:"遂宁市节点的监听地址,潼南区、宜宾市用后两个端口 (address to listen on; the neighbours take the next two ports)." default:"127.0.0.1:8080" env:"LIANDONG_ADDR"`
	Fresh    bool                  `help:"丢弃原有演示数据,重新制作 (make it anew)."`
}

func (demoCommand) Help() string {
	return `三个相连的节点:遂宁市、潼南区、宜宾市,各写各账,圈内共看。遂宁市有 2022 年三张任务清单
(70、27、30 项)和半年的进展填报,潼南区、宜宾市各有一张短清单;各席位的登录账号一并给出。
主题取自公开报道,措辞、数字、日期、人员均为虚构。演示时钟从 2022-06-20 09:00 走起,重启后接着走。
页面顶部的“演示台”可断开线路、改坏账本,看别的节点发现什么。清单原文件在目录的 lists 下,可用来试导入。
邻方的节点在目录的 neighbours 下,也可各自单独启动。

例 (examples):
  liandong demo
  liandong demo --dir /tmp/demo --addr 127.0.0.1:9000
  liandong demo --fresh
  liandong serve --dir demo-data/neighbours/500152 --addr 127.0.0.1:8081`
}

func (c demoCommand) Run(t *terminal) error {
	began := time.Now()
	step, finish := t.progress("制作演示数据 (make the demonstration)")
	clock, made, err := demo.Open(t.ctx, demo.Options{
		Dir: c.Dir, Fresh: c.Fresh, Modules: modules(), Founder: demoFounder(), Found: found, Progress: step,
	})
	finish()
	if err != nil {
		return err
	}
	r, err := openRegion(t.ctx, c.Dir, clock, c.logger(t))
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.listen(t.ctx, c.Addr); err != nil {
		return err
	}
	if err := c.welcome(t, r, clock, readiness(began, made)()); err != nil {
		return err
	}
	return r.serve(t.ctx)
}

func demoFounder() node.Actor {
	return node.Actor{Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: demo.Identity.Member}
}

// demoRegion is all nodes of the demonstration in this process.
type demoRegion struct {
	all   []*demoNode
	stage *stage.Stage
}

type demoNode struct {
	demo.Node
	app            *app
	public, socket net.Listener
	address        string // http://127.0.0.1:8081
}

// openRegion opens the nodes and assembles their sites.
func openRegion(ctx context.Context, dir string, clock *demo.Clock, log *slog.Logger) (r *demoRegion, err error) {
	r = &demoRegion{}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	for _, n := range demo.Nodes(dir) {
		f, err := node.OpenFolder(ctx, n.Dir, modules(), node.FolderOptions{May: region.Permit, Clock: clock.Now})
		if err != nil {
			return nil, err
		}
		d := &demoNode{Node: n, app: &app{folder: f}}
		r.all = append(r.all, d)
		if err := stage.Mend(ctx, f); err != nil {
			return nil, err
		}
		if err := clock.CatchUp(ctx, f.Node); err != nil {
			return nil, err
		}
		a, err := newApp(ctx, f, appOptions{log: log.With("node", n.Member), openBooks: n.Circles, clock: clock.Now})
		if err != nil {
			return nil, err
		}
		a.accounts.BesideOthers()
		d.app = a
	}
	return r, nil
}

// listen takes the addresses, says them in the books, and puts up the stage.
func (r *demoRegion) listen(ctx context.Context, first string) error {
	host, text, err := net.SplitHostPort(first)
	if err != nil {
		return fmt.Errorf("监听 %s (listen): %w", first, err)
	}
	port, err := net.LookupPort("tcp", text)
	if err != nil {
		return fmt.Errorf("监听 %s (listen): %w", first, err)
	}
	addresses := map[string]string{}
	for _, d := range r.all {
		at := port
		if port != 0 {
			at += d.Port
		}
		if d.public, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(at))); err != nil {
			return fmt.Errorf("监听 %s 端口 %d (listen): %w", d.Name, at, err)
		}
		if d.socket, err = listenSocket(d.Dir); err != nil {
			return err
		}
		d.address = reachedAt(d.public.Addr())
		addresses[d.Member] = d.address
	}
	var posts []*stage.Post
	for _, d := range r.all {
		if err := demo.Reached(ctx, d.app.folder.Node, demoFounder(), addresses); err != nil {
			return err
		}
		posts = append(posts, &stage.Post{Folder: d.app.folder, Follower: d.app.follower, Address: d.address})
	}
	r.stage = stage.New(posts...)
	for _, d := range r.all {
		r.stage.Mount(d.app.site)
		d.app.before = r.stage.Before(d.Member)
	}
	return nil
}

// reachedAt is where the other nodes of this machine reach a listener.
func reachedAt(at net.Addr) string {
	tcp := at.(*net.TCPAddr)
	if tcp.IP.IsUnspecified() {
		return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return "http://" + at.String()
}

// serve serves all nodes until ctx ends, or until one of them does: one without the others is not the demonstration.
func (r *demoRegion) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(r.all))
	for _, d := range r.all {
		go func() {
			defer cancel()
			ended <- d.app.serve(ctx, d.public, d.socket)
		}()
	}
	var err error
	for range r.all {
		err = errors.Join(err, <-ended)
	}
	return err
}

func (r *demoRegion) close() {
	for _, d := range r.all {
		d.app.folder.Close()
	}
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

// welcome prints the addresses and a sign-in for each seat.
func (c demoCommand) welcome(t *terminal, r *demoRegion, clock *demo.Clock, ready string) error {
	t.say("联动演示 (demonstration): %s", r.all[0].address)
	t.say("%s。演示时钟 (clock): %s", ready, clock.Now().In(judge.Beijing).Format("2006-01-02 15:04"))
	t.say("演示口令 (password, the same for all): %s", demo.Password)
	for _, d := range r.all {
		signIns, err := demo.SignIns(d.Member, officeOrg)
		if err != nil {
			return err
		}
		t.say("%s %s", d.Name, d.address)
		rows := [][]any{{"  登录名", "席位", "单位", "姓名"}}
		for _, s := range signIns {
			rows = append(rows, []any{"  " + s.Login, web.SeatName(lang.Zh, s.Seat), s.Unit, s.Name})
		}
		if err := t.table(rows...); err != nil {
			return err
		}
	}
	t.say("演示台 (stage: cut links, spoil books): %s/demo", r.all[0].address)
	t.say("清单原文件 (list files to try): %s", filepath.Join(c.Dir, "lists"))
	t.say("按 Ctrl-C 停止 (Ctrl-C stops)")
	return nil
}
