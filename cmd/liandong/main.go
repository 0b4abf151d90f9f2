// Command liandong (联动) is the one binary of the platform: it makes, serves and checks the node
// of one member. It holds commands only, no rules.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
)

// Exit codes, the same for every command.
const (
	exitClean   = 0 // done, and nothing is wrong
	exitBroken  = 1 // it ran and found something broken, or what was asked is refused
	exitCannot  = 2 // it could not run: wrong usage, no folder, no network, a full disk
	description = "联动:相邻政府各写各账、圈内共看的协同平台 (one region, a signed book for each member).\n\n" +
		"退出码:0 正常;1 发现破损或被拒绝;2 无法运行 (exit codes: 0 clean, 1 broken or refused, 2 could not run)."
)

// commands are all of them; each stands in its own file.
type commands struct {
	Config kong.ConfigFlag `help:"设置文件,YAML (file of settings)." placeholder:"FILE" env:"LIANDONG_CONFIG"`

	Init       initCommand       `cmd:"" help:"新建节点:目录、签名密钥、内部账、协调办公室 (make a new node)."`
	Serve      serveCommand      `cmd:"" help:"启动服务 (serve the node)."`
	Demo       demoCommand       `cmd:"" help:"双城演示:制作演示数据并启动服务 (the demonstration)."`
	Plan       planCommand       `cmd:"" help:"清单:导入、情况、导出、通报 (task lists)."`
	Book       bookCommand       `cmd:"" help:"账本:列出、核对 (list and verify books)."`
	Bundle     bundleCommand     `cmd:"" help:"离线包:导出、导入 (bundles for an air gap)."`
	Words      wordsCommand      `cmd:"" help:"正文:删除、删除情况 (erase words, see what was erased)."`
	Proof      proofCommand      `cmd:"" help:"证据:导出、核对一条记录 (export and verify the proof of one entry)."`
	Files      filesCommand      `cmd:"" help:"附件:迁移到对象存储 (move attachments to an object store)."`
	Rebuild    rebuildCommand    `cmd:"" help:"由账本重新生成全部视图表 (make the view anew from the books)."`
	Backup     backupCommand     `cmd:"" help:"备份为一个文件,服务不中断 (back up into one file while serving)."`
	Restore    restoreCommand    `cmd:"" help:"核对备份并恢复到新目录 (verify a backup and restore it)."`
	Recover    recoverCommand    `cmd:"" help:"机器毁了:由邻方所存的账本重建节点 (build the node anew from its neighbours' copies)."`
	Resume     resumeCommand     `cmd:"" help:"恢复之后重新开始写入 (write again after a restore)."`
	Clock      clockCommand      `cmd:"" help:"时钟:确认被怀疑的时钟 (confirm a clock that is doubted)."`
	Invite     inviteCommand     `cmd:"" help:"邀请:发给邻方的邀请与指纹 (an invitation for a neighbour)."`
	Join       joinCommand       `cmd:"" help:"认可邻方:核对邀请与指纹 (recognise a neighbour by its invitation)."`
	Neighbours neighboursCommand `cmd:"" help:"各方:谁认可谁,暂停与恢复往来 (neighbours)."`
	Leave      leaveCommand      `cmd:"" help:"退出一个圈 (leave a circle)."`
	Key        keyCommand        `cmd:"" help:"签名密钥:验证公钥、更换 (the signing key)."`
	Org        orgCommand        `cmd:"" help:"单位:名录、导入、更名、撤并 (units: list, import, rename, merge)."`
	People     peopleCommand     `cmd:"" help:"人员:名册、登记、调动、离岗、登录链接 (people: list, invite, move, leave, links)."`
	Site       siteCommand       `cmd:"" help:"标识与文字:平台名称、标识图、联系电话、页面文字 (what the pages say)."`
	Calendar   calendarCommand   `cmd:"" help:"工作日历:列出、录入 (the calendar of working days)."`
	Retention  retentionCommand  `cmd:"" help:"保存期限:列出、设定 (how long words are kept)."`
	Account    accountCommand    `cmd:"" help:"账号:解除二次验证 (accounts)."`
	Version    versionCommand    `cmd:"" help:"版本 (version)."`
}

// terminal is what a command may touch of the world around it.
type terminal struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	err    io.Writer
	isatty bool // err is a terminal: progress bars, prompts
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	t := &terminal{ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, isatty: isTerminal(os.Stderr)}
	os.Exit(run(t, os.Args[1:]))
}

// run parses and runs one command and returns the exit code.
func run(t *terminal, args []string) (code int) {
	type helped struct{ code int }
	defer func() {
		switch r := recover().(type) {
		case nil:
		case helped:
			code = r.code
		default:
			panic(r) // a mistake of ours must be seen
		}
	}()
	parser, err := newParser(t, func(c int) { panic(helped{c}) })
	if err != nil {
		return t.report(err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		t.complain("liandong: %v\n用法见 liandong --help (see liandong --help)", err)
		return exitCannot
	}
	return t.report(parsed.Run(t))
}

func newParser(t *terminal, exit func(int)) (*kong.Kong, error) {
	return kong.New(&commands{}, kong.Name("liandong"), kong.Description(description), kong.Writers(t.out, t.err),
		kong.Exit(exit), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Configuration(readSettings, settingsFiles...))
}

// broken is an error that is itself the finding: exit code 1.
type broken struct{ error }

func (b broken) Unwrap() error { return b.error }

// report tells the error and chooses the exit code.
func (t *terminal) report(err error) int {
	var found broken
	if _, refused := refuse.As(err); refused {
		trouble := web.Translate(lang.In(t.ctx, lang.Zh), err)
		t.complain("liandong: %s\n%s [%s]", trouble.Title, trouble.Text, trouble.Code)
		return exitBroken
	}
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &found):
		t.complain("liandong: %v", err)
		return exitBroken
	}
	if at := (*fs.PathError)(nil); errors.As(err, &at) && errors.Is(at, fs.ErrNotExist) {
		err = fmt.Errorf("找不到 %s,请核对路径 (there is no such file; check the path)", at.Path)
	}
	t.complain("liandong: %v", err)
	return exitCannot
}
