package demo

import (
	"fmt"
	"path/filepath"
	"slices"

	"liandong/node"
)

// member is one government of the demonstration. The first, Suining, stands in the demonstration's folder itself; the
// others, its neighbours, in folders of their own below it.
type member struct {
	node.Identity
	folder   string   // below the demonstration's; "" for the first
	circles  []string // in which it keeps a book
	sides    []string // whose units its directory holds
	reporter string   // unit of the printed reporter
	names    [8]string
	lists    func() ([]list, error)
	write    func(folder string, lists []list) (map[string][]byte, error)
	port     int // beyond that of the first node
}

var members = []*member{
	{
		Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"},
		circles:  []string{"chengyu", "chengduplain", "suitong"}, sides: []string{"510900", "500152"},
		reporter: "市交通运输局", names: [8]string{"陈岚", "罗毅", "周禾", "何静", "唐正", "冯舟", "杜衡", "穆青"},
		lists: readLists, write: writeFiles,
	},
	{
		Identity: node.Identity{Member: "500152", Name: "潼南区", Origin: "tongnan.example"},
		folder:   filepath.Join(neighbourFolder, "500152"), port: 1,
		circles: []string{"chengyu", "suitong"}, sides: []string{"500152"},
		reporter: "区交通局", names: [8]string{"江澜", "石峻", "覃川", "白露", "严松", "舒航", "季青", "管宁"},
		lists: tongnanLists, write: writeOne,
	},
	{
		Identity: node.Identity{Member: "511500", Name: "宜宾市", Origin: "yibin.example"},
		folder:   filepath.Join(neighbourFolder, "511500"), port: 2,
		circles: []string{"chengyu"}, sides: []string{"511500"},
		reporter: "市经济和信息化局", names: [8]string{"袁泊", "秦岩", "范溪", "雷雨", "贺宁", "柳江", "叶帆", "邵峰"},
		lists: yibinLists, write: writeOne,
	},
}

// neighbourFolder holds the neighbours' nodes.
const neighbourFolder = "neighbours"

func memberOf(code string) (*member, error) {
	i := slices.IndexFunc(members, func(m *member) bool { return m.Member == code })
	if i < 0 {
		return nil, fmt.Errorf("演示里没有成员 %s (no member of the demonstration)", code)
	}
	return members[i], nil
}

// Node is where one member of the demonstration stands.
type Node struct {
	node.Identity
	Dir     string
	Circles []string // whose books the demonstration opens to anyone
	Port    int      // beyond that of the first node
}

// Nodes lists the nodes of the demonstration in a folder, the first one first.
func Nodes(dir string) (all []Node) {
	for _, m := range members {
		all = append(all, Node{m.Identity, filepath.Join(dir, m.folder), slices.Clone(m.circles), m.port})
	}
	return all
}

// shares are the circles in which both keep a book.
func (m *member) shares(other *member) []string {
	return slices.DeleteFunc(slices.Clone(m.circles), func(c string) bool { return !slices.Contains(other.circles, c) })
}
