package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/reform"
	"liandong/region"
	"liandong/web/admin"
)

type orgCommand struct {
	List   orgListCommand   `cmd:"" help:"单位名录 (the directory of units)."`
	Import orgImportCommand `cmd:"" help:"导入单位名录 (take in a file of units)."`
	Rename orgRenameCommand `cmd:"" help:"更名,原名留作别名 (rename a unit)."`
	Merge  orgMergeCommand  `cmd:"" help:"撤并,未了的工作一并移交 (merge units)."`
}

type orgListCommand struct {
	reachFlags
	All bool `help:"也列出已撤销的 (also those that are no more)."`
	jsonFlag
}

func (orgListCommand) Help() string {
	return `例 (example):
  liandong org list --dir /srv/liandong --json`
}

func (c orgListCommand) Run(t *terminal) error {
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		all, err := units(t, n)
		return all, func() {
			for _, u := range all.Units {
				if !u.Closed || c.All {
					t.say("%s  %s  %s  %s", u.ID, u.Side, u.Name, strings.Join(u.Aliases, "、"))
				}
			}
		}, err
	})
}

func units(t *terminal, n *caller) (admin.Units, error) { return get[admin.Units](t, n, "/units") }

// unitID finds a unit by its id or its name; one that is named twice must be given by its id.
func unitID(all admin.Units, named string) (id string, err error) {
	for _, u := range all.Units {
		if u.ID == named {
			return u.ID, nil
		}
		if u.Name == named && !u.Closed {
			if id != "" {
				return "", broken{fmt.Errorf("有两个单位叫 %s,请写编号 (two units of this name: give the id)", named)}
			}
			id = u.ID
		}
	}
	if id == "" {
		return "", broken{fmt.Errorf("名录里没有 %s (no such unit)", named)}
	}
	return id, nil
}

type orgImportCommand struct {
	reachFlags
	File string `arg:"" help:"CSV:名称,别名,成员代码;- 为标准输入 (CSV file)."`
	jsonFlag
}

func (orgImportCommand) Help() string {
	return `全部写入或全不写入,错误逐行指出;名录里已有的,补上别名。

例 (example):
  liandong org import --dir /srv/liandong 单位.csv`
}

func (c orgImportCommand) Run(t *terminal) error {
	text, err := t.textOf(c.File, 1<<20)
	if err != nil {
		return err
	}
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		out, err := call[admin.Taken](t, n, http.MethodPost, "/units/import", admin.ImportRequest{CSV: text})
		return out, func() { t.say("新登记 %d 个,补充 %d 个 (new, changed)", out.New, out.Changed) }, err
	})
}

type orgRenameCommand struct {
	reachFlags
	Unit     string `arg:"" help:"单位的编号或现在的名称 (id or name)."`
	Name     string `arg:"" help:"新名称 (new name)."`
	Day      string `help:"从哪天起;不给出就是今天 (since when)." placeholder:"YYYY-MM-DD"`
	Document string `help:"依据文号 (document)."`
	jsonFlag
}

func (orgRenameCommand) Help() string {
	return `只是写错了字的,在单位页里改,不用更名。

例 (example):
  liandong org rename --dir /srv/liandong 市交通运输局 市交通局 --document 遂委〔2022〕7号`
}

func (c orgRenameCommand) Run(t *terminal) error {
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		all, err := units(t, n)
		if err != nil {
			return nil, nil, err
		}
		id, err := unitID(all, c.Unit)
		if err != nil {
			return nil, nil, err
		}
		out, err := call[reform.Renamed](t, n, http.MethodPost, "/units/"+url.PathEscape(id)+"/rename", reform.RenameRequest{Name: c.Name, Day: c.Day, Document: c.Document})
		return out, func() { t.say("%s 已更名为 %s (renamed)", out.Unit, out.Name) }, err
	})
}

type orgMergeCommand struct {
	reachFlags
	Unit     []string `arg:"" help:"撤销的单位,编号或名称 (units that end)."`
	Into     string   `help:"由哪个单位承接 (the unit that goes on)." xor:"into" required:"" placeholder:"UNIT"`
	NewName  string   `help:"由新单位承接,它的名称 (a new unit goes on)." xor:"into" required:"" placeholder:"NAME"`
	Document string   `help:"依据文号 (document)." required:""`
	Day      string   `help:"从哪天起;不给出就是今天 (since when)." placeholder:"YYYY-MM-DD"`
	Note     string   `help:"说明 (remark)."`
	Yes      bool     `help:"已核对要移交的工作;不给出只统计 (do it; without it what would pass is counted)."`
	jsonFlag
}

func (orgMergeCommand) Help() string {
	return `先不加 --yes,看要移交多少;再加 --yes。移交的是工作,所以以协调员的席位办理。

例 (example):
  liandong org merge --dir /srv/liandong 市扶贫开发局 --into 市农业农村局 --document 遂委〔2022〕7号`
}

func (c orgMergeCommand) Run(t *terminal) error {
	return c.ask(t, region.Coordinator, c.JSON, func(n *caller) (any, func(), error) {
		at, in, err := c.asked(t, n)
		if err != nil {
			return nil, nil, err
		}
		if !c.Yes {
			p, err := call[plan.Passes](t, n, http.MethodPost, at+"/check", in)
			return p, func() {
				t.say("牵头 %d 项,配合 %d 项,督办单 %d,分工 %d,批示 %d,会议 %d,专班 %d,席位 %d(%d 人),下属科室 %d;加上 --yes 才办理 (counted; add --yes)",
					p.Leads, p.Supports, p.Slips, p.Shares, p.Instructions, p.Meetings, p.Groups, p.Seats, p.People, p.Sections)
			}, err
		}
		out, err := call[reform.Merged](t, n, http.MethodPost, at, in)
		return out, func() { t.say("已撤并,由 %s 承接 (merged)", out.Unit) }, err
	})
}

// asked is the call that merges, and what it says, with ids for names.
func (c orgMergeCommand) asked(t *terminal, n *caller) (at string, in reform.MergeRequest, err error) {
	all, err := units(t, n)
	if err != nil {
		return "", in, err
	}
	var ids []string
	for _, u := range c.Unit {
		id, err := unitID(all, u)
		if err != nil {
			return "", in, err
		}
		ids = append(ids, id)
	}
	in = reform.MergeRequest{Also: ids[1:], NewName: c.NewName, Day: judge.Date(c.Day), Document: c.Document, Note: c.Note}
	if c.Into != "" {
		in.Into, err = unitID(all, c.Into)
	}
	return "/units/" + url.PathEscape(ids[0]) + "/merge", in, err
}
