package main

import (
	"context"

	"liandong/node"
	"liandong/region"
)

type initCommand struct {
	folderFlags
	Member string `help:"成员代码,GB/T 2260 六位 (code of the member)." required:"" placeholder:"510900"`
	Name   string `help:"成员名称 (name of the member)." required:"" placeholder:"遂宁市"`
	Origin string `help:"账本来源,即本成员的域名 (origin of its books)." required:"" placeholder:"suining.example"`
	SM2    bool   `name:"sm2" help:"商用密码:每个账头另加一行 SM2/SM3 签名,密封正文可用 SM2/SM4;以后可改 node.json 中的 sm2 (a line of SM2 with SM3 on every head, and words sealed by SM2 and SM4 among those who ask for it)."`
	jsonFlag
}

func (initCommand) Help() string {
	return `签名密钥写入目录中的 key 文件,仅所有者可读;请另行备份。

例 (examples):
  liandong init --dir /srv/liandong --member 510900 --name 遂宁市 --origin suining.example
  liandong init --dir /srv/liandong --member 510900 --name 遂宁市 --origin suining.example \
      --store 'postgres://liandong@/liandong?host=/run/postgresql'`
}

func (c initCommand) Run(t *terminal) error {
	err := node.InitFolder(c.Dir, node.Settings{
		Identity: node.Identity{Member: c.Member, Name: c.Name, Origin: c.Origin}, Store: c.Store, SM2: c.SM2,
	})
	if err != nil {
		return broken{err}
	}
	f, err := c.own(t)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := found(t.ctx, f.Node); err != nil {
		return err
	}
	if c.JSON {
		return t.json(f.Identity)
	}
	t.say("节点已建在 %s:%s %s,来源 %s", c.Dir, c.Member, c.Name, c.Origin)
	t.say("下一步 (next): liandong serve --dir %s", c.Dir)
	return nil
}

// The local operator: who has the folder's account on this machine.
const (
	operatorPerson = "operator"
	officeOrg      = "o-office"
)

var operatorSeats = []region.Seat{region.Administrator, region.Coordinator}

// found makes the self book with the coordinating office and the operator, unless it names anybody: one that began anew
// with a resumption, after its node was built from its neighbours' copies, does not.
func found(ctx context.Context, n *node.Node) error {
	req := node.Request{Actor: node.Actor{
		Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: n.Member,
	}}
	_, err := n.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		var stands int
		err := w.Tx().Row(ctx, `SELECT count(*) FROM region_person WHERE book = ?`, n.BookName(node.Self)).Scan(&stands)
		if err != nil || stands > 0 {
			return err
		}
		if err := w.OpenBook(ctx, node.Self); err != nil {
			return err
		}
		return sayOffice(ctx, w)
	})
	return err
}

func sayOffice(ctx context.Context, w *node.Writing) error {
	_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
		Circle: node.Self, Facts: region.OrgFacts{Org: officeOrg, Side: w.Node().Member},
		Words: &region.OrgWords{Name: "协调办公室"},
	})
	if err != nil {
		return err
	}
	_, err = region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
		Circle: node.Self, Facts: region.PersonFacts{Person: operatorPerson},
		Words: &region.PersonWords{Name: "本机操作员"},
	})
	for _, seat := range operatorSeats {
		if err != nil {
			return err
		}
		_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
			Circle: node.Self, Facts: region.SeatFacts{Person: operatorPerson, Org: officeOrg, Seat: seat},
		})
	}
	return err
}
