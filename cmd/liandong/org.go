package main

import (
	"context"
	"errors"
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

func (c orgListCommand) Run(t *terminal) (err error) {
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	all, err := units(t.ctx, n)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(all)
	}
	for _, u := range all.Units {
		if u.Closed && !c.All {
			continue
		}
		t.say("%s  %s  %s  %s", u.ID, u.Side, u.Name, strings.Join(u.Aliases, "、"))
	}
	return nil
}

func units(ctx context.Context, n *caller) (all admin.Units, err error) {
	err = n.Call(ctx, http.MethodGet, "/api/v1/units", nil, &all)
	return all, err
}

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

func (c orgImportCommand) Run(t *terminal) (err error) {
	text, err := t.textOf(c.File, 1<<20)
	if err != nil {
		return err
	}
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	var out admin.Taken
	if err := n.Call(t.ctx, http.MethodPost, "/api/v1/units/import", admin.ImportRequest{CSV: text}, &out); err != nil {
		return err
	}
	if c.JSON {
		return t.json(out)
	}
	t.say("新登记 %d 个,补充 %d 个 (new, changed)", out.New, out.Changed)
	return nil
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

func (c orgRenameCommand) Run(t *terminal) (err error) {
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	all, err := units(t.ctx, n)
	if err != nil {
		return err
	}
	id, err := unitID(all, c.Unit)
	if err != nil {
		return err
	}
	var out reform.Renamed
	err = n.Call(t.ctx, http.MethodPost, "/api/v1/units/"+url.PathEscape(id)+"/rename", reform.RenameRequest{Name: c.Name, Day: c.Day, Document: c.Document}, &out)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(out)
	}
	t.say("%s 已更名为 %s (renamed)", out.Unit, out.Name)
	return nil
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

func (c orgMergeCommand) Run(t *terminal) (err error) {
	n, err := c.reach(t, region.Coordinator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	all, err := units(t.ctx, n)
	if err != nil {
		return err
	}
	var ids []string
	for _, u := range c.Unit {
		id, err := unitID(all, u)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	in := reform.MergeRequest{Also: ids[1:], NewName: c.NewName, Day: judge.Date(c.Day), Document: c.Document, Note: c.Note}
	if c.Into != "" {
		if in.Into, err = unitID(all, c.Into); err != nil {
			return err
		}
	}
	at := "/api/v1/units/" + url.PathEscape(ids[0]) + "/merge"
	if !c.Yes {
		var p plan.Passes
		if err := n.Call(t.ctx, http.MethodPost, at+"/check", in, &p); err != nil {
			return err
		}
		if c.JSON {
			return t.json(p)
		}
		t.say("牵头 %d 项,配合 %d 项,督办单 %d,分工 %d,批示 %d,会议 %d,专班 %d,席位 %d(%d 人),下属科室 %d;加上 --yes 才办理 (counted; add --yes)",
			p.Leads, p.Supports, p.Slips, p.Shares, p.Instructions, p.Meetings, p.Groups, p.Seats, p.People, p.Sections)
		return nil
	}
	var out reform.Merged
	if err := n.Call(t.ctx, http.MethodPost, at, in, &out); err != nil {
		return err
	}
	if c.JSON {
		return t.json(out)
	}
	t.say("已撤并,由 %s 承接 (merged)", out.Unit)
	return nil
}
