package main

import (
	"net/http"

	"liandong/region"
	"liandong/web/brand"
)

type siteCommand struct {
	Show siteShowCommand `cmd:"" help:"平台名称、标识图、联系电话、页面文字 (what the pages say)."`
	Set  siteSetCommand  `cmd:"" help:"修改其中几项 (change some of it)."`
}

type siteShowCommand struct {
	reachFlags
	jsonFlag
}

func (siteShowCommand) Help() string {
	return `空着的按软件原样。

例 (example):
  liandong site show --dir /srv/liandong --json`
}

func (c siteShowCommand) Run(t *terminal) error {
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		s, err := get[brand.Site](t, n, "/site")
		return s, func() { t.saySite(s) }, err
	})
}

func (t *terminal) saySite(s brand.Site) {
	for _, line := range [][2]string{
		{"平台名称 (name)", s.Name},
		{"一句话 (line)", s.Line},
		{"标识图 (mark)", s.Mark},
		{"找谁 (office)", s.Office},
		{"电话 (phone)", s.Phone},
		{"值守时间 (hours)", s.Hours},
		{"登录页提示 (notice)", s.Notice},
		{"页脚 (footer)", s.Footer},
		{"备案号 (filing)", s.Filing},
	} {
		t.say("%s: %s", line[0], line[1])
	}
}

type siteSetCommand struct {
	reachFlags
	Name   *string `help:"平台名称 (name of the platform)."`
	Line   *string `help:"登录页上的一句话 (short line)."`
	Office *string `help:"遇到问题找哪个科室 (whom to call)."`
	Phone  *string `help:"它的办公电话 (its telephone)."`
	Hours  *string `help:"值守时间 (hours)."`
	Notice *string `help:"登录页提示 (notice on the sign-in page)."`
	Footer *string `help:"页脚文字 (line at the foot)."`
	Filing *string `help:"备案号 (filing number)."`
	Mark   string  `help:"标识图,SVG 或 PNG (mark)." placeholder:"FILE" xor:"mark"`
	NoMark bool    `help:"去掉标识图,用软件自带的 (the program's own mark again)." xor:"mark"`
	jsonFlag
}

func (siteSetCommand) Help() string {
	return `只改给出的几项;给空的就恢复软件原样。

例 (example):
  liandong site set --dir /srv/liandong --office 市发展改革委区域合作科 --phone 0825-0000000 --mark 标识.svg`
}

func (c siteSetCommand) Run(t *terminal) error {
	var picture brand.MarkRequest
	if c.Mark != "" {
		text, err := t.text(c.Mark)
		if err != nil {
			return err
		}
		picture.Picture = []byte(text)
	}
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		s, err := get[brand.Site](t, n, "/site")
		if in, changed := c.changed(s); err == nil && changed {
			s, err = call[brand.Site](t, n, http.MethodPut, "/site", in)
		}
		if err == nil && c.NoMark {
			s, err = call[brand.Site](t, n, http.MethodDelete, "/site/mark", nil)
		}
		if err == nil && c.Mark != "" {
			s, err = call[brand.Site](t, n, http.MethodPut, "/site/mark", picture)
		}
		return s, func() { t.saySite(s) }, err
	})
}

// changed is what stands with what was given in its place.
func (c siteSetCommand) changed(s brand.Site) (in brand.SiteRequest, changed bool) {
	in = brand.SiteRequest{Name: s.Name, Line: s.Line, Office: s.Office, Phone: s.Phone, Hours: s.Hours, Notice: s.Notice, Footer: s.Footer, Filing: s.Filing, Seen: s.Seen}
	for _, one := range []struct {
		said *string
		at   *string
	}{
		{c.Name, &in.Name}, {c.Line, &in.Line}, {c.Office, &in.Office}, {c.Phone, &in.Phone}, {c.Hours, &in.Hours}, {c.Notice, &in.Notice}, {c.Footer, &in.Footer}, {c.Filing, &in.Filing},
	} {
		if one.said != nil {
			*one.at, changed = *one.said, true
		}
	}
	return in, changed
}
