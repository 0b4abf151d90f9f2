package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liandong/book"
	"liandong/demo"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web/webtest"
)

// three are the three nodes of the demonstration while they are served.
type three struct {
	*demoRegion
	t                       *testing.T
	browser                 *webtest.Browser
	suining, tongnan, yibin *demoNode
}

func startThree(t *testing.T) *three {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	ctx, stop := context.WithCancel(context.Background())
	clock, _, err := demo.Open(ctx, demo.Options{Dir: dir, Modules: modules(), Founder: demoFounder(), Found: found})
	if err != nil {
		t.Fatal(err)
	}
	servedAlone(t, dir)
	r, err := openRegion(ctx, dir, clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.close)
	if err := r.listen(ctx, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- r.serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serving ended with %v", err)
		}
	})
	return &three{r, t, webtest.Start(t), r.all[0], r.all[1], r.all[2]}
}

// comes waits until something is so.
func (d *three) comes(what string, so func() bool) {
	d.t.Helper()
	for begun := time.Now(); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			d.t.Fatalf("after a minute it is not so: %s", what)
		}
	}
}

func (n *demoNode) size(name string) (size int64) {
	_ = n.app.folder.Store.Read(context.Background(), func(tx *store.Tx) error {
		head, _, err := node.Head(context.Background(), tx, name)
		size = head.Size
		return err
	})
	return size
}

func (d *three) at(n *demoNode, login string, look webtest.Look) *webtest.Page {
	d.t.Helper()
	p := d.browser.Open(d.t, n.address, look)
	p.SignIn(login, demo.Password)
	return p
}

// sees waits until the page that is open says all of the texts, reading it anew.
func (d *three) sees(p *webtest.Page, path string, texts ...string) {
	d.t.Helper()
	got := ""
	d.comes(fmt.Sprintf("%s says %q", path, texts), func() bool {
		p.Go(path)
		got = p.Text("main")
		for _, s := range texts {
			if !strings.Contains(got, s) {
				return false
			}
		}
		return true
	})
}

// TestThreeNodes is the demonstration as a visitor meets it: what is said at one node is seen at the next, and what is done
// to one is noticed by the others.
func TestThreeNodes(t *testing.T) {
	d := startThree(t)
	for _, n := range d.all {
		for _, other := range d.all {
			for _, c := range other.Circles {
				if other == n || !shares(n, c) {
					continue
				}
				name := other.Member + "/" + c
				d.comes(n.Name+" has "+name, func() bool { return other.size(name) > 0 && n.size(name) == other.size(name) })
			}
		}
	}
	t.Run("one browser is signed in everywhere", func(t *testing.T) { signedInEverywhere(t, d) })
	t.Run("a report crosses the border", func(t *testing.T) { d.t = t; d.reportCrosses() })
	t.Run("a change is agreed across the border", func(t *testing.T) { d.t = t; d.termsCross() })
	stagePage := d.at(d.yibin, "yuelan", webtest.NoJS)
	t.Run("a link is cut", func(t *testing.T) { d.t = t; d.cutAndMended(stagePage) })
	t.Run("a byte is changed", func(t *testing.T) { d.t = t; d.byteChanged(stagePage) })
	t.Run("a forked book is shown", func(t *testing.T) { d.t = t; d.forkShown(stagePage) })
	d.t = t
	for _, look := range []webtest.Look{webtest.Desk, webtest.Phone} {
		p := d.at(d.tongnan, "guanli", look)
		p.Go("/demo")
		p.FitsWidth()
		p.Axe()
		p.Shot(fmt.Sprintf("stage-%d", look.Width))
	}
}

func shares(n *demoNode, circle string) bool {
	for _, c := range n.Circles {
		if c == circle {
			return true
		}
	}
	return false
}

// signedInEverywhere: cookies are of a host, not of its ports; the nodes' sessions do not take each other's place.
func signedInEverywhere(t *testing.T, d *three) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	for _, n := range d.all {
		res, err := client.PostForm(n.address+"/signin", url.Values{"login": {"guanli"}, "password": {demo.Password}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	for _, n := range d.all {
		res, err := client.Get(n.address + "/demo")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.Request.URL.Path != "/demo" || !strings.Contains(string(body), "演示台 · "+n.Name) {
			t.Errorf("%s: %s, %v", n.Name, res.Request.URL, err)
		}
	}
}

const newsFrom = "六月新增跨省公交班次六班，两侧站点同步换牌（演示）。"

// reportCrosses: a department of Tongnan files on Tongnan's node, its commission accepts, and Suining has it.
func (d *three) reportCrosses() {
	p := d.at(d.tongnan, "tianbao", webtest.Desk)
	p.Go("/")
	before := d.tongnan.size("500152/suitong")
	p.Press("#reports-table a.row-link")
	item := strings.TrimPrefix(strings.Split(p.Address(), "/report")[0], "/item/")
	p.Fill("progress", newsFrom)
	p.Press("main form .button.primary")
	if got := p.Text("body"); !strings.Contains(got, "填报已提交") {
		d.t.Fatalf("after filing the page says %s", got)
	}
	r := d.at(d.tongnan, "shenhe", webtest.Desk)
	r.Go("/review/" + item + "/2022-06")
	r.Press(`[data-key="a"]`)
	begun := time.Now()
	d.comes("Suining has what Tongnan accepted", func() bool {
		return d.tongnan.size("500152/suitong") > before && d.suining.size("500152/suitong") == d.tongnan.size("500152/suitong")
	})
	d.t.Logf("on Suining's node after %v", time.Since(begun))
	s := d.at(d.suining, "xietiao", webtest.Desk)
	d.sees(s, "/neighbours/in/suitong/500152", fmt.Sprintf("%d", d.tongnan.size("500152/suitong")))
	d.sees(s, "/item/"+item, newsFrom, "这是潼南区的内容")
	d.sees(s, "/plan?circle=suitong", "潼南区遂潼一体化发展2022年重点任务分工")
}

func (n *demoNode) talks(t *testing.T) {
	t.Helper()
	founder := demoFounder()
	founder.Member = n.Member
	c := region.KnownCircle("chengyu")
	_, err := n.app.folder.Write(context.Background(), node.Request{Actor: founder}, func(ctx context.Context, w *node.Writing) error {
		_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
			Circle: c.ID, Facts: region.CircleFacts{Circle: c.ID, Members: c.Members}, Words: &region.CircleWords{Name: c.Name},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *three) cutAndMended(p *webtest.Page) {
	p.Go("/demo")
	p.Click("断开遂宁市—潼南区")
	if !strings.Contains(p.Text("main"), "已断开（演示）") {
		d.t.Errorf("the page does not say that the link is cut")
	}
	d.suining.talks(d.t)
	d.sees(p, "/demo", "没有读成", "连不上对方：线路已在演示台断开")
	d.comes("Yibin still hears Suining", func() bool { return d.yibin.size("510900/chengyu") == d.suining.size("510900/chengyu") })
	if d.tongnan.size("510900/chengyu") == d.suining.size("510900/chengyu") {
		d.t.Error("Tongnan heard Suining over a link that was cut")
	}
	p.Click("恢复遂宁市—潼南区")
	begun := time.Now()
	d.comes("Tongnan has caught up", func() bool { return d.tongnan.size("510900/chengyu") == d.suining.size("510900/chengyu") })
	d.t.Logf("caught up after %v", time.Since(begun))
	p.Go("/demo")
	if got := p.Text("main"); strings.Contains(got, "已断开（演示）") {
		d.t.Errorf("after the link was mended: %s", got)
	}
}

func (d *three) byteChanged(p *webtest.Page) {
	p.Go("/demo")
	p.Click("改遂宁市一个字节")
	got := p.Text("#table-nodes")
	if !strings.Contains(got, "账本有破损") || !strings.Contains(got, "510900/chengyu 第") {
		d.t.Fatalf("the check does not name the entry: %s", got)
	}
	v, err := d.suining.app.folder.Verify(context.Background(), node.VerifyOptions{})
	if err != nil || v.Clean() || !strings.Contains(got, fmt.Sprintf("第%d条改了一个字节", v.Faults[0].Index)) && !strings.Contains(got, fmt.Sprintf("第%d条改了一个字节", v.Faults[len(v.Faults)-1].Index)) {
		d.t.Errorf("verify: %+v, %v; the page: %s", v.Faults, err, got)
	}
	d.sees(p, "/demo", "与本方核对过的账头不符", "条后来被改")
	p.Click("遂宁市恢复原状")
	if v, err := d.suining.app.folder.Verify(context.Background(), node.VerifyOptions{View: true}); err != nil || !v.Clean() {
		d.t.Errorf("after it was set right: %+v, %v", v.Faults, err)
	}
}

func (d *three) forkShown(p *webtest.Page) {
	p.Go("/demo")
	p.Click("遂宁市对宜宾市出示另一份账")
	d.sees(p, "/demo", "已停止接收", "宜宾市在")
	f, err := book.ReadFork(p.Download("下载证据"))
	if err != nil {
		d.t.Fatal(err)
	}
	vkey := book.VerifierKey("suining.example/chengyu", d.suining.app.folder.SigningKey().Public())
	if err := f.Verify(vkey, nil); err != nil || f.Index < 0 {
		d.t.Errorf("the evidence names entry %d: %v", f.Index, err)
	}
	admin := d.at(d.yibin, "guanli", webtest.Desk)
	d.sees(admin, "/neighbours", "出示了两本不同的账", "已停止")
	reporter := d.at(d.yibin, "tianbao", webtest.Desk)
	d.sees(reporter, "/", "遂宁市在“成渝地区双城经济圈”圈出示了两本不同的账", "不要只凭遂宁市所报作出决定")
	d.tongnan.talks(d.t)
	d.comes("others are followed as before", func() bool { return d.yibin.size("500152/chengyu") == d.tongnan.size("500152/chengyu") })
	p.Go("/demo")
	p.Click("遂宁市恢复原状")
	d.suining.talks(d.t)
	d.comes("Yibin follows again", func() bool { return d.yibin.size("510900/chengyu") == d.suining.size("510900/chengyu") })
	for _, n := range d.all {
		if v, err := n.app.folder.Verify(context.Background(), node.VerifyOptions{}); err != nil || !v.Clean() {
			d.t.Errorf("%s: %+v, %v", n.Name, v.Faults, err)
		}
	}
}

// servedAlone: who wants separate processes serves a neighbour's folder by itself, with the demonstration's clock and without
// its stage.
func servedAlone(t *testing.T, dir string) {
	alone, term := folderFlags{Dir: demo.Nodes(dir)[1].Dir}, &terminal{ctx: context.Background(), err: io.Discard}
	f, err := alone.own(term)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := (serveCommand{folderFlags: alone}).app(term, f, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if now := f.Now(); now.Before(demo.Start) || now.After(demo.Start.Add(time.Hour)) {
		t.Errorf("its clock stands at %s", now)
	}
	if !a.site.Demo {
		t.Error("its pages do not say that it is a demonstration's")
	}
	for _, r := range a.site.Routes() {
		if strings.HasPrefix(r.Pattern, "/demo") {
			t.Errorf("a node that is served by itself has the stage: %s", r.Pattern)
		}
	}
}
