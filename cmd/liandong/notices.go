package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"liandong/notice"
)

// noticeFlags are the lines by which people are told what waits for them.
type noticeFlags struct {
	PublicURL        string `name:"public-url" help:"用户访问本站的地址,写进提醒邮件;不给出则邮件不带链接 (address by which people reach this site, for links in notices)." env:"LIANDONG_PUBLIC_URL" placeholder:"https://…"`
	MailServer       string `help:"发提醒邮件的服务器;不给出则不发邮件 (mail server for notices; none: no mail)." env:"LIANDONG_MAIL_SERVER" placeholder:"HOST:PORT"`
	MailFrom         string `help:"提醒邮件的发件地址 (sender of notices)." env:"LIANDONG_MAIL_FROM" placeholder:"ADDRESS"`
	MailUser         string `help:"邮件服务器的账号;不给出则不登录 (account at the mail server; none: no sign-in)." env:"LIANDONG_MAIL_USER"`
	MailPasswordFile string `help:"写着邮件服务器口令的文件,权限 0600 (file that holds the password at the mail server)." env:"LIANDONG_MAIL_PASSWORD_FILE" placeholder:"FILE"`
	MailSecurity     string `help:"与邮件服务器的连接:starttls、tls 或 none (how the connection is secured)." enum:"starttls,tls,none" default:"starttls" env:"LIANDONG_MAIL_SECURITY"`
}

// options reads the settings; what cannot work is refused before the node serves.
func (f noticeFlags) options() (o notice.Options, err error) {
	if u, err := url.Parse(f.PublicURL); f.PublicURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return o, fmt.Errorf("public-url 应是 https://… (not an address of a site): %q", f.PublicURL)
	}
	o.Site = f.PublicURL
	if f.MailServer == "" {
		return o, nil
	}
	m := &notice.Mail{Server: f.MailServer, From: f.MailFrom, User: f.MailUser, Security: f.MailSecurity}
	if f.MailPasswordFile != "" {
		text, err := os.ReadFile(f.MailPasswordFile)
		if err != nil {
			return o, fmt.Errorf("邮件服务器的口令读不到 (the password at the mail server): %w", err)
		}
		m.Password = strings.TrimSpace(string(text))
	}
	if m.User != "" && m.Password == "" {
		return o, errors.New("给出了 mail-user,还需要 mail-password-file (a user without a password)")
	}
	if m.User != "" && m.Security == "none" {
		return o, errors.New("没有加密的连接上不送口令:mail-security 应为 starttls 或 tls (no password over an open line)")
	}
	if err := m.Check(); err != nil {
		return o, fmt.Errorf("发提醒邮件的设置不对 (settings of mail): %w", err)
	}
	o.Mail = m
	return o, nil
}
