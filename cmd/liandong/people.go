package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/people"
)

type peopleCommand struct {
	List   peopleListCommand   `cmd:"" help:"人员名册 (the register)."`
	Show   peopleShowCommand   `cmd:"" help:"一个人的席位、状态、交接 (one person)."`
	Invite peopleInviteCommand `cmd:"" help:"登记人员,生成设置密码的链接 (register a person, with a link for the password)."`
	Move   peopleMoveCommand   `cmd:"" help:"调动:工作交接,换到另一单位的席位 (move to another unit)."`
	Leave  peopleLeaveCommand  `cmd:"" help:"离岗:工作交接,席位失效 (leave)."`
	End    peopleEndCommand    `cmd:"" help:"结束全部登录 (end all that a person is signed in with)."`
	Link   peopleLinkCommand   `cmd:"" help:"再生成一个设置密码的链接 (another link for the password)."`
	Second peopleSecondCommand `cmd:"" help:"解除二次验证 (remove the second factor)."`
}

// personFlags name a person of the register.
type personFlags struct {
	reachFlags
	Person string `arg:"" help:"编号、账号或姓名 (id, login or name)."`
	jsonFlag
}

// ask is reachFlags' with the path of the person, who is named by his id, login or name.
func (f personFlags) ask(t *terminal, act func(n *caller, id, at string) (answer any, say func(), err error)) error {
	return f.reachFlags.ask(t, region.Administrator, f.JSON, func(n *caller) (any, func(), error) {
		id, err := personID(t, n, f.Person)
		if err != nil {
			return nil, nil, err
		}
		return act(n, id, "/people/"+url.PathEscape(id))
	})
}

// personID finds a person; a name that two have is refused. Who may not read the register names the id.
func personID(t *terminal, n *caller, named string) (id string, err error) {
	all, err := get[people.Everybody](t, n, "/people")
	if answeredAs(err, "web.forbidden") {
		return named, nil
	}
	if err != nil {
		return "", err
	}
	for _, p := range all.People {
		if p.Person == named || p.Login == named {
			return p.Person, nil
		}
		if p.Name == named {
			if id != "" {
				return "", broken{fmt.Errorf("有两个人叫 %s,请写编号或账号 (two people of this name: give id or login)", named)}
			}
			id = p.Person
		}
	}
	if id == "" {
		return "", broken{fmt.Errorf("名册里没有 %s (no such person)", named)}
	}
	return id, nil
}

type peopleListCommand struct {
	reachFlags
	All bool `help:"也列出已离岗的 (also those who left)."`
	jsonFlag
}

func (peopleListCommand) Help() string {
	return `看过名册,记在登录记录里。

例 (example):
  liandong people list --dir /srv/liandong --json`
}

func (c peopleListCommand) Run(t *terminal) error {
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		all, err := get[people.Everybody](t, n, "/people")
		return all, func() {
			for _, p := range all.People {
				if p.State != "left" || c.All {
					t.sayPerson(p)
				}
			}
		}, err
	})
}

func (t *terminal) sayPerson(p people.PersonLine) {
	var seats []string
	for _, s := range p.Seats {
		seats = append(seats, s.Unit+" "+web.SeatName(lang.Zh, region.Seat(s.Seat)))
	}
	t.say("%s  %s  %s  %s  %s", p.Person, p.Name, p.Login, t.word("people.state."+p.State), strings.Join(seats, "、"))
}

// word is a text of the pages, in Chinese as the commands are.
func (t *terminal) word(key string) string { return web.T(lang.In(t.ctx, lang.Zh), key) }

type peopleShowCommand struct{ personFlags }

func (peopleShowCommand) Help() string {
	return `例 (example):
  liandong people show --dir /srv/liandong lihua`
}

func (c peopleShowCommand) Run(t *terminal) error {
	return c.ask(t, func(n *caller, _, at string) (any, func(), error) {
		p, err := get[people.PersonPage](t, n, at)
		return p, func() {
			t.sayPerson(p.PersonLine)
			for _, h := range p.Handed {
				t.say("%s %s: %s → %s", h.Day, h.Unit, h.FromName, h.ToName)
			}
		}, err
	})
}

type peopleInviteCommand struct {
	reachFlags
	Name string `arg:"" help:"姓名 (name)."`
	Org  string `help:"第一个席位的单位,编号或名称 (unit of the first seat)." placeholder:"UNIT"`
	Seat string `help:"席位,如 reporter、reviewer (seat)." placeholder:"SEAT"`
	jsonFlag
}

func (peopleInviteCommand) Help() string {
	return `链接 24 小时内有效,只能使用一次,只显示这一次;接在本站地址后面,通过其他途径交给本人。
有了安全管理员以后,席位由安全管理员授予,这里不给 --org、--seat。

例 (example):
  liandong people invite --dir /srv/liandong 张演示 --org 市交通运输局 --seat reporter`
}

func (c peopleInviteCommand) Run(t *terminal) error {
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		org, err := orgID(t, n, c.Org)
		if err != nil {
			return nil, nil, err
		}
		out, err := call[people.Invited](t, n, http.MethodPost, "/people", people.NewPerson{Name: c.Name, Org: org, Seat: c.Seat})
		return out, func() { t.sayLink(out) }, err
	})
}

// orgID finds a unit, if one is named. Who may not read the directory names the id.
func orgID(t *terminal, n *caller, named string) (string, error) {
	if named == "" {
		return "", nil
	}
	all, err := units(t, n)
	if answeredAs(err, "web.forbidden") {
		return named, nil
	}
	if err != nil {
		return "", err
	}
	return unitID(all, named)
}

// sayLink says the path of a link alone on its line, so that scripts take it.
func (t *terminal) sayLink(i people.Invited) {
	t.say("%s", i.Path)
	t.complain("%s:请在本站地址后接上这一路径,通过其他途径交给本人 (put it behind the site's address and hand it to its owner)", i.Person)
}

type peopleLinkCommand struct{ personFlags }

func (peopleLinkCommand) Help() string {
	return `原有的链接失效。系统管理员、安全管理员、审计员的,用 liandong account link。先核实身份。

例 (example):
  liandong people link --dir /srv/liandong lihua`
}

func (c peopleLinkCommand) Run(t *terminal) error {
	return c.ask(t, func(n *caller, _, at string) (any, func(), error) {
		out, err := call[people.Invited](t, n, http.MethodPost, at+"/link", nil)
		return out, func() { t.sayLink(out) }, err
	})
}

type peopleEndCommand struct{ personFlags }

func (peopleEndCommand) Help() string {
	return `登录、接口令牌和未用的链接一并失效;密码和二次验证不变。有了安全管理员以后,用安全管理员的令牌 (--url)。

例 (example):
  liandong people end --dir /srv/liandong lihua`
}

func (c peopleEndCommand) Run(t *terminal) error {
	return c.ask(t, func(n *caller, id, at string) (any, func(), error) {
		out, err := call[people.Acted](t, n, http.MethodPost, at+"/end", nil)
		return out, func() { t.say("%s:已结束全部登录 (signed out)", id) }, err
	})
}

type peopleSecondCommand struct{ personFlags }

func (peopleSecondCommand) Help() string {
	return `用于手机和恢复码都丢失的情形。先核实身份;之后只凭密码就能登录。系统管理员、安全管理员、审计员的,用 liandong account free-second。

例 (example):
  liandong people second --dir /srv/liandong lihua`
}

func (c peopleSecondCommand) Run(t *terminal) error {
	return c.ask(t, func(n *caller, id, at string) (any, func(), error) {
		out, err := call[people.Acted](t, n, http.MethodPost, at+"/second", nil)
		return out, func() { t.say("%s:已解除二次验证 (the second factor is removed)", id) }, err
	})
}
