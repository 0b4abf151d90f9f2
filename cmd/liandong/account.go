package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"liandong/region"
	"liandong/web/account"
)

type accountCommand struct {
	SignIns    signInsCommand    `cmd:"" name:"sign-ins" help:"核对并输出登录记录 (check and print the record of sign-ins)."`
	Link       linkCommand       `cmd:"" help:"为一个账号生成一次性链接 (make a one-time link for an account)."`
	FreeSecond freeSecondCommand `cmd:"" name:"free-second" help:"解除一个账号的二次验证 (remove the second factor of an account)."`
}

type freeSecondCommand struct {
	folderFlags
	Login string `arg:"" help:"账号 (login of the account)."`
}

func (freeSecondCommand) Help() string {
	return `用于手机和恢复码都丢失,又没有别的管理员能在人员页解除的情形。先核实身份;之后只凭密码就能登录这个账号。

例 (example):
  liandong account free-second --dir /srv/liandong lihua`
}

type linkCommand struct {
	folderFlags
	Login string `arg:"" help:"账号 (login of the account)."`
}

func (linkCommand) Help() string {
	return `用于安全管理员、审计员或仅有的系统管理员忘了密码的情形:系统管理员不能代为生成链接。先核实身份。链接 24 小时内有效,只能使用一次,
用它重新设置密码;二次验证仍须输入。

例 (example):
  liandong account link --dir /srv/liandong anquan`
}

func (c linkCommand) Run(t *terminal) (err error) {
	n, err := reachFlags{folderFlags: c.folderFlags}.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	var path string
	if err := n.Operate(t, "/operator/link", freeSecondRequest{c.Login}, func(int64, int64) {}, &path); err != nil {
		return err
	}
	t.say("%s", path)
	t.complain("请在本站地址后接上这一路径,交给本人 (put it behind the site's address and hand it to its owner)")
	return nil
}

// link makes a one-time link for an account: the way back for one of the three administrators.
func (a *app) link(r *http.Request, _ func(done, total int64)) (any, error) {
	var in freeSecondRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&in); err != nil {
		return nil, err
	}
	person, err := a.accounts.PersonOf(r.Context(), in.Login)
	if err != nil {
		return nil, err
	}
	if person == "" {
		return nil, broken{fmt.Errorf("没有账号 %s (no such account)", in.Login)}
	}
	return a.accounts.Link(account.AsOperator(r.Context(), operatorPerson), person, "")
}

// freeSecondRequest names the account.
type freeSecondRequest struct {
	Login string `json:"login"`
}

func (c freeSecondCommand) Run(t *terminal) (err error) {
	n, err := reachFlags{folderFlags: c.folderFlags}.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	var done struct{}
	if err := n.Operate(t, "/operator/free-second", freeSecondRequest{c.Login}, func(int64, int64) {}, &done); err != nil {
		return err
	}
	t.say("已解除 %s 的二次验证 (the second factor is removed)", c.Login)
	return nil
}

// freeSecond 解除二次验证: the way back for the only administrator, for whom nobody else can do it on the page.
func (a *app) freeSecond(r *http.Request, _ func(done, total int64)) (any, error) {
	var in freeSecondRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&in); err != nil {
		return nil, err
	}
	person, err := a.accounts.PersonOf(r.Context(), in.Login)
	if err != nil {
		return nil, err
	}
	has, err := a.accounts.HasSecond(r.Context(), person)
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, broken{fmt.Errorf("没有账号 %s,或它没有启用二次验证 (no such account, or it has no second factor)", in.Login)}
	}
	a.log.InfoContext(r.Context(), "a second factor was removed for somebody", "actor", operatorPerson, "person", person)
	return struct{}{}, a.accounts.FreeSecond(account.AsOperator(r.Context(), operatorPerson), person)
}
