package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"

	"liandong/demo"
	"liandong/demo/stage"
	"liandong/node"
	"liandong/store"
	"liandong/web/account"
)

type serveCommand struct {
	folderFlags
	logFlags
	tlsFlags
	noticeFlags
	providerFlags
	Addr         string         `help:"监听地址 (address to listen on)." default:"127.0.0.1:8080" env:"LIANDONG_ADDR"`
	OpenBook     []string       `help:"向所有人公开的圈账本,可多次给出 (circles whose book anyone may read)." env:"LIANDONG_OPEN_BOOK" placeholder:"CIRCLE"`
	KeepWords    []string       `help:"正文保存期限,类别=天数,可多次给出;不给出就一直保存 (how many days the words of a kind are kept; none: for ever)." env:"LIANDONG_KEEP_WORDS" placeholder:"KIND=DAYS"`
	BehindTLS    bool           `name:"behind-tls" help:"用户经 https 访问本站,如在反向代理之后 (people reach the site by https)." env:"LIANDONG_BEHIND_TLS"`
	DailyLimit   int64          `name:"neighbour-daily-limit" help:"每天最多从一个邻方接收多少 MB,含附件 (how many MB are taken from one neighbour in a day, files included)." default:"16384" env:"LIANDONG_NEIGHBOUR_DAILY_LIMIT" placeholder:"MB"`
	FileLimit    int64          `name:"neighbour-file-limit" help:"邻方的附件最大多少 MB,更大的不接收 (the largest file in MB that is taken from a neighbour)." default:"64" env:"LIANDONG_NEIGHBOUR_FILE_LIMIT" placeholder:"MB"`
	TrustedProxy []netip.Prefix `help:"反向代理的网段,采信其 X-Forwarded-For 以区分来访地址,可多次给出;经代理而未给出时,登录限速只按登录名 (networks of the reverse proxies whose X-Forwarded-For is believed)." env:"LIANDONG_TRUSTED_PROXY" placeholder:"CIDR"`
	KeepSignIns  int            `name:"keep-sign-ins" help:"登录记录保存天数,至少 184 (how many days the record of sign-ins is kept, at least 184)." default:"366" env:"LIANDONG_KEEP_SIGN_INS" placeholder:"DAYS"`
	AdminSecond  bool           `name:"admin-second-factor" help:"以管理员席位工作须经二次验证 (the administrator's seat asks for a second factor)." env:"LIANDONG_ADMIN_SECOND_FACTOR"`
}

func (serveCommand) Help() string {
	return `收到 SIGTERM 或 Ctrl-C 后,处理完手头的请求再停止。

例 (examples):
  liandong serve --dir /srv/liandong
  liandong serve --dir /srv/liandong --addr 0.0.0.0:8080 --open-book suitong
  liandong serve --dir /srv/liandong --addr 0.0.0.0:8443 --tls-cert tls.crt --tls-key tls.key
  liandong serve --dir /srv/liandong --behind-tls --trusted-proxy 127.0.0.1/32
  LIANDONG_STORE='postgres://liandong@/liandong?host=/run/postgresql' liandong serve --dir /srv/liandong`
}

func (c serveCommand) Run(t *terminal) error {
	log := c.logger(t)
	secured, err := c.secured(log)
	if err != nil {
		return err
	}
	c.BehindTLS = c.BehindTLS || secured != nil
	wait := &waiting{ctx: t.ctx, addr: c.Addr, dir: c.Dir, log: log, tls: secured}
	defer wait.close()
	f, err := c.ownLogged(t, log, wait.step)
	if err != nil {
		return err
	}
	defer f.Close()
	a, err := c.app(t, f, log)
	if err != nil {
		return err
	}
	if err := warnReading(t, f); err != nil {
		return err
	}
	public, err := wait.listener()
	if err != nil {
		return err
	}
	socket, err := listenSocket(f.Dir)
	if err != nil {
		return err
	}
	here := scheme(secured) + "://" + public.Addr().String()
	t.say("%s %s:%s", f.Member, f.Name, here)
	if err := a.sayFirstLink(t, here); err != nil {
		return err
	}
	log.Info("serving", "address", public.Addr().String(), "member", f.Member, "store", string(f.Store.Dialect))
	err = a.serve(t.ctx, public, socket)
	log.Info("stopped")
	return err
}

// app is the site as it is served. A node of the demonstration hears first of the days on which it was not served, gets
// back what was changed on its stage, and shares its host with the others.
func (c serveCommand) app(t *terminal, f *node.Folder, log *slog.Logger) (*app, error) {
	rules, err := keepRules(f.Node, c.KeepWords)
	if err != nil {
		return nil, err
	}
	if c.KeepSignIns != 0 && c.KeepSignIns < account.LeastKept {
		return nil, fmt.Errorf("--keep-sign-ins %d:登录记录至少保存 %d 天 (at least so many days)", c.KeepSignIns, account.LeastKept)
	}
	notices, err := c.options()
	if err != nil {
		return nil, err
	}
	identities, err := c.provider()
	if err != nil {
		return nil, err
	}
	o := appOptions{
		provider: identities,
		notices:  notices,
		log:      log, keep: rules, openBooks: c.OpenBook, behindTLS: c.BehindTLS, proxies: c.TrustedProxy,
		dailyBytes: c.DailyLimit << 20, fileLimit: c.FileLimit << 20,
		adminSecond: c.AdminSecond, keepSignIns: c.KeepSignIns,
	}
	clock, err := demo.ClockOf(c.Dir)
	if err != nil {
		return nil, err
	}
	if clock == nil {
		return newApp(t.ctx, f, o)
	}
	if err := errors.Join(stage.Mend(t.ctx, f), clock.CatchUp(t.ctx, f.Node)); err != nil {
		return nil, err
	}
	o.clock = clock.Now
	a, err := newApp(t.ctx, f, o)
	if err == nil {
		a.accounts.BesideOthers()
	}
	return a, err
}

// warnReading says what to do when the node only reads.
func warnReading(t *terminal, f *node.Folder) error {
	why, err := readingWhy(t.ctx, f.Node)
	if err != nil || why == "" {
		return err
	}
	t.complain("本节点现在只读:%s\n%s", why, resumeHint(f.Dir))
	return nil
}

func readingWhy(ctx context.Context, n *node.Node) (why string, err error) {
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		why, err = node.Reading(ctx, tx)
		return err
	})
	return why, err
}

// sayFirstLink prints the link by which the first administrator sets his password, once.
func (a *app) sayFirstLink(t *terminal, here string) error {
	path, err := a.accounts.FirstLink(t.ctx)
	if err != nil || path == "" {
		return err
	}
	t.say("第一位管理员请用此链接设置密码,24 小时内有效 (the first administrator sets a password here):")
	t.say("  %s%s", here, path)
	return nil
}
