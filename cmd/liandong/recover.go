package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
)

type recoverCommand struct {
	folderFlags
	From    []string `help:"邻方的网址,可多次给出;域名不是其来源时写作 来源=网址 (addresses of neighbours; origin=address where the host is not its origin)." required:"" placeholder:"[ORIGIN=]URL"`
	Key     string   `help:"本成员原来的签名密钥文件;目录中已有则不必给 (file of the member's signing key)." placeholder:"FILE" type:"existingfile"`
	Former  string   `name:"former-key" help:"密钥已丢失:原来任一账本的验证公钥,须与邻方当面或电话核对;新密钥由邻方重新认可 (the key is lost: verifier key of one of its books)." placeholder:"VKEY"`
	Circle  []string `help:"与 --former-key 同用:请邻方在哪些圈重新认可 (circles of the invitation)." placeholder:"CIRCLE"`
	Address string   `help:"与 --former-key 同用:邻方访问本节点的地址 (address in the invitation)." placeholder:"https://…"`
	Member  string   `help:"成员代码;目录中已有节点则不必给,下同 (code of the member)." placeholder:"510900"`
	Name    string   `help:"成员名称 (name of the member)." placeholder:"遂宁市"`
	Origin  string   `help:"账本来源 (origin of its books)." placeholder:"suining.example"`
	jsonFlag
}

func (recoverCommand) Help() string {
	return `机器毁了、备份也没有时用;有备份请用 liandong restore,重建的账会与恢复后一样补齐。
以原来的签名密钥向邻方取回本方各圈账本(正文以邻方所存为限)与邻方的账本,逐条核对到最后被见证的账头。
内部账(人员、席位、草稿、内部记录)邻方没有,只能来自备份:此处从空账开始。附件由离线包补回。
重建后只读,邻方都已答复、没有谁知道更长的账头时,以 liandong resume 恢复写入。中断后再运行即接着进行。
退出码:0 已核对完整;1 有邻方没有问到或不符;2 无法运行。

密钥也丢失的,改给 --former-key:先生成新密钥并印出邀请,邻方据以重新认可(liandong join)之后,再运行一次。

例 (examples):
  liandong recover --dir /srv/new --key /root/key --member 510900 --name 遂宁市 --origin suining.example \
      --from https://tongnan.example --from yibin.example=https://10.1.2.3:8443
  liandong recover --dir /srv/new --former-key 'suining.example/suitong+3f9ab8d1+AT…' --circle suitong \
      --member 510900 --name 遂宁市 --origin suining.example --from https://tongnan.example`
}

func (c recoverCommand) Run(t *terminal) error {
	var from []exchange.From
	for _, text := range c.From {
		one, err := addressOf(text)
		if err != nil {
			return err
		}
		from = append(from, one)
	}
	if err := c.prepare(); err != nil {
		return err
	}
	f, err := c.open(t)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.OnlyRead(t.ctx, "本节点由邻方所存的账本重建 (built from neighbours' copies)"); err != nil {
		return err
	}
	follower := &exchange.Follower{
		Node: f.Node, Signer: exchange.Signer{Origin: f.Origin, Keys: f.RequestKeys}, Client: exchange.NewClient(),
		Log: logFlags{LogFormat: "text"}.logger(t),
	}
	built, err := follower.Build(t.ctx, from)
	if err != nil {
		return err
	}
	if err := c.invite(t, f, built); err != nil {
		return err
	}
	return c.show(t, built)
}

// open opens the folder with the key that was lost, if one was.
func (c recoverCommand) open(t *terminal) (*node.Folder, error) {
	o := node.FolderOptions{Store: c.Store, May: region.Permit}
	if c.Former != "" {
		v, err := book.PublicKeyOf(c.Former)
		if err != nil {
			return nil, fmt.Errorf("--former-key: %w", err)
		}
		o.Former = v
	}
	return node.OpenFolder(t.ctx, c.Dir, modules(), o)
}

// invite prints what neighbours need to recognise the new key, until they gave the books back.
func (c recoverCommand) invite(t *terminal, f *node.Folder, b exchange.Built) error {
	if c.Former == "" || c.JSON || len(c.Circle) == 0 || b.Complete() {
		return nil
	}
	var circles []region.Circle
	for _, name := range c.Circle {
		circles = append(circles, region.Circle{ID: name, Name: name, Members: []string{f.Member}})
	}
	i, err := exchange.Invite(f.Node, circles, c.Address)
	if err != nil {
		return err
	}
	text, err := i.Text(f.SigningKey())
	if err != nil {
		return err
	}
	t.say("请把这份邀请发给各邻方,电话核对指纹,由其重新认可 (send this to the neighbours):\n%s指纹 (fingerprint): %s", text, i.Fingerprint())
	return nil
}

// addressOf reads an address with the origin of the node behind it.
func addressOf(text string) (exchange.From, error) {
	origin, address, named := strings.Cut(text, "=")
	if !named || strings.Contains(origin, ":") {
		origin, address = "", text
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return exchange.From{}, fmt.Errorf("--from %s:应形如 https://tongnan.example (an address such as https://tongnan.example)", text)
	}
	if origin == "" {
		origin = u.Hostname()
	}
	return exchange.From{Origin: origin, Address: address}, nil
}

// prepare makes the folder with the member's key, unless an earlier try did.
func (c recoverCommand) prepare() error {
	if _, err := node.ReadSettings(c.Dir); !errors.Is(err, node.ErrNoFolder) {
		return err
	}
	settings := node.Settings{Identity: node.Identity{Member: c.Member, Name: c.Name, Origin: c.Origin}, Store: c.Store}
	var err error
	switch {
	case c.Key != "":
		var text []byte
		if text, err = os.ReadFile(c.Key); err != nil {
			return err
		}
		err = node.InitFolderWith(c.Dir, settings, text)
	case c.Former != "":
		err = node.InitFolder(c.Dir, settings)
	default:
		err = errors.New("请用 --key 给出原来的签名密钥;密钥已丢失的,用 --former-key (give the signing key by --key, or where it is lost its verifier key by --former-key)")
	}
	if err != nil {
		return broken{err}
	}
	return nil
}

func (c recoverCommand) show(t *terminal, b exchange.Built) error {
	if c.JSON {
		if err := t.json(b); err != nil {
			return err
		}
	} else {
		for _, w := range b.Words {
			t.say("%s:正文 %d 条在,%d 条已删除,%d 条邻方没有 (words here, erased, not held)", w.Circle, w.Here, w.Erased, w.Withheld)
		}
		t.say("%s", b.Recovery.Statement())
		for _, p := range b.Problems {
			t.say("  %s", p)
		}
		t.say("内部账只能来自备份,这里没有:单位、人员与席位请重新登记;以原来的名称登记单位,各圈账本里写着它的事项、填报即重新归它 (the own book comes from the backup only: register units under their former names, then people and seats)")
	}
	if !b.Complete() {
		return broken{errors.New("尚未核对完整,原因如上;补齐后再运行一次 (not complete; see above, and run it again)")}
	}
	if !c.JSON {
		t.say("已核对完整。下一步 (next): liandong resume --dir %s", c.Dir)
	}
	return nil
}
