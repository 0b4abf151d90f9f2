package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"liandong/exchange"
	"liandong/exchange/neighbours"
	"liandong/region"
	"liandong/rules/refuse"
)

type inviteCommand struct {
	reachFlags
	Circle  []string `help:"邀请进哪些圈,可多次给出;不给则为本方全部的圈 (circles; all if none is named)." placeholder:"CIRCLE"`
	Address string   `help:"邻方的服务器访问本方的地址;只用文件往来时不给 (where the neighbour reaches this node)." placeholder:"https://…"`
	Open    bool     `help:"还没有 --circle 的账本就先建圈;名称、成员与本区域所定不同的,用 --name、--member 写明 (open the circle first)."`
	Name    string   `help:"新建的圈的名称 (name of the circle that is opened)." placeholder:"NAME"`
	Member  []string `help:"新建的圈的成员代码,可多次给出,含本方 (members of the circle that is opened, this one among them)." placeholder:"CODE"`
	Out     string   `help:"写到此文件;不给则写到标准输出 (file to write)." placeholder:"FILE" type:"path"`
	jsonFlag
}

func (inviteCommand) Help() string {
	return `邀请里只有公钥,没有秘密。把它发给邻方,再等对方打来电话,把指纹读给对方听。

例 (examples):
  liandong invite --dir /srv/liandong --circle suitong --address https://suining.example:8443
  liandong invite --dir /srv/liandong --circle suitong --open --out 邀请.txt
  liandong invite --dir /srv/liandong --circle fujiang --open --name 涪江联防 --member 510900 --member 500152`
}

func (c inviteCommand) Run(t *terminal) (err error) {
	if c.Open && len(c.Circle) != 1 {
		return errors.New("--open 须同时给出一个 --circle (name the circle to open)")
	}
	if c.Address, err = exchange.Address(c.Address); err != nil { // before a circle is opened, which cannot be taken back
		return err
	}
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	if c.Open {
		if err := c.opens(t, n); err != nil {
			return err
		}
	}
	var r neighbours.Invited
	q := url.Values{"address": {c.Address}}
	if len(c.Circle) > 0 {
		q.Set("circle", strings.Join(c.Circle, ","))
	}
	if err := n.Call(t.ctx, http.MethodGet, "/api/v1/exchange/invitation?"+q.Encode(), nil, &r); err != nil {
		return err
	}
	if c.JSON {
		return t.json(r)
	}
	if c.Out != "" {
		if err := os.WriteFile(c.Out, []byte(r.Text), 0o644); err != nil {
			return err
		}
		t.say("邀请已写到 %s (the invitation was written)", c.Out)
	} else {
		fmt.Fprint(t.out, r.Text)
	}
	t.say("指纹 (fingerprint): %s", r.Fingerprint)
	return nil
}

// opens opens the circle where it does not stand yet: the command may be given again.
func (c inviteCommand) opens(t *terminal, n *caller) error {
	asked := neighbours.OpenRequest{Circle: c.Circle[0], Name: c.Name, Members: c.Member}
	err := n.Call(t.ctx, http.MethodPost, "/api/v1/exchange/circles", asked, nil)
	if !answeredAs(err, "admin.circle.stands") {
		return err
	}
	t.complain("“%s”圈已经建过,没有改动 (the circle stands already, as it is)", c.Circle[0])
	return nil
}

type joinCommand struct {
	reachFlags
	File        string   `arg:"" help:"邀请的文件;- 为标准输入 (file of the invitation; - is the standard input)." placeholder:"FILE"`
	Circle      []string `help:"只在这些圈认可;不给则为邀请中的全部 (only in these circles)." placeholder:"CIRCLE"`
	Fingerprint string   `help:"对方在电话里读出的指纹;不一致则拒绝 (as the neighbour read it; another is refused)." placeholder:"'1234 …'"`
	How         string   `help:"与谁核对,写入账本 (compared with whom; written into the book)." placeholder:"TEXT"`
	Yes         bool     `help:"不再询问 (do not ask)."`
	jsonFlag
}

func (joinCommand) Help() string {
	return `先显示邀请里写的是谁,再请您用电话核对指纹。没有本方账本的圈一并建立。
用 --fingerprint 给出对方在电话里读出的指纹,就由程序核对。

退出码:0 已认可;1 被拒绝或指纹不一致;2 无法运行。

例 (examples):
  liandong join --dir /srv/liandong 邀请.txt
  liandong join --dir /srv/liandong 邀请.txt --fingerprint '0379 2933 6407 3471 2481' --how '潼南区大数据局 王科长'
  liandong join --dir /srv/liandong - --yes < 邀请.txt`
}

// joined is what join prints as JSON.
type joined struct {
	neighbours.Preview
	Entries []neighbours.Entry `json:"entries"` // none: the member is recognised so already
}

func (c joinCommand) Run(t *terminal) (err error) {
	text, err := c.text(t)
	if err != nil {
		return err
	}
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	r := joined{Entries: []neighbours.Entry{}}
	asked := neighbours.PreviewRequest{Invitation: text, Circles: c.Circle}
	if err := n.Call(t.ctx, http.MethodPost, "/api/v1/exchange/preview", asked, &r.Preview); err != nil {
		return err
	}
	if !c.JSON {
		c.show(t, r.Preview)
	}
	if r.Changes {
		said := neighbours.RecogniseRequest{Invitation: text, Circles: c.Circle}
		if said.Fingerprint, said.How, err = c.compared(t, r.Fingerprint); err != nil {
			return err
		}
		var w neighbours.Written
		if err := n.Call(t.ctx, http.MethodPost, "/api/v1/exchange/neighbours", said, &w); err != nil {
			return err
		}
		r.Entries = w.Entries
	}
	switch {
	case c.JSON:
		return t.json(r)
	case r.Changes:
		t.say("已认可 %s。请确认对方也认可了本方 (recognised)", r.Invitation.Name)
	default:
		t.say("已按这份邀请认可过,没有改动 (recognised already)")
	}
	return nil
}

func (c joinCommand) text(t *terminal) (string, error) {
	in := t.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, 1<<20))
	return string(b), err
}

// compared is the fingerprint that people heard, and from whom.
func (c joinCommand) compared(t *terminal, fingerprint string) (heard, how string, err error) {
	switch {
	case c.Fingerprint != "":
		if !exchange.SameFingerprint(fingerprint, c.Fingerprint) {
			return "", "", refuse.New("neighbours.fingerprint-other", "fingerprint", fingerprint)
		}
		return c.Fingerprint, cmp.Or(c.How, "指纹由命令给出"), nil
	case c.Yes:
		return fingerprint, cmp.Or(c.How, "命令 --yes"), nil
	}
	in, ok := t.in.(*os.File)
	if !ok || c.File == "-" || !isTerminal(in) {
		return "", "", errors.New("请用 --fingerprint 给出电话里听到的指纹,或用 --yes (give the fingerprint you heard, or --yes)")
	}
	lines := bufio.NewScanner(in)
	ask := func(question string) string {
		fmt.Fprint(t.err, question)
		lines.Scan() // the end of the input is an empty answer
		return strings.TrimSpace(lines.Text())
	}
	heard = ask("对方在电话里读出的指纹 (the fingerprint as you hear it): ")
	if !exchange.SameFingerprint(fingerprint, heard) {
		return "", "", refuse.New("neighbours.fingerprint-other", "fingerprint", fingerprint)
	}
	return heard, cmp.Or(c.How, ask("与谁核对 (compared with whom): ")), nil
}

func (joinCommand) show(t *terminal, p neighbours.Preview) {
	i := p.Invitation
	t.say("成员 (member): %s %s", i.Member, i.Name)
	t.say("来源 (origin): %s", i.Origin)
	t.say("地址 (address): %s", cmp.Or(i.Address, "只用文件往来 (by file only)"))
	for _, s := range p.Steps {
		t.say("圈 (circle): %s %s,成员 %s%s", s.Circle, s.Name, strings.Join(s.Members, "、"), stepText(s))
	}
	t.say("指纹 (fingerprint): %s", p.Fingerprint)
}

func stepText(s neighbours.Step) string {
	text := ""
	for _, one := range []struct {
		does bool
		text string
	}{
		{s.Opens, ";建立本方账本 (opens our book)"},
		{s.Returns, ";本方重新加入 (we come back)"},
		{s.Adds, ";列入圈的成员 (is put among the members)"},
		{s.Known == "other-keys", ";注意:原来认可的是另一把密钥 (known by ANOTHER KEY so far)"},
		{s.Known == "other-place", ";更新名称或地址 (another name or address)"},
		{s.Resumes, ";恢复往来 (resumes)"},
	} {
		if one.does {
			text += one.text
		}
	}
	return text
}
