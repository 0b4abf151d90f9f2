package main

import (
	"errors"
	"log/slog"
	"time"

	"liandong/demo"
	"liandong/node"
	"liandong/region"
)

// folderFlags say which node is meant.
type folderFlags struct {
	Dir   string `help:"节点的目录 (folder of the node)." default:"." env:"LIANDONG_DIR" placeholder:"DIR" type:"path"`
	Store string `help:"数据库;不给则用目录中 node.json 所记 (database instead of that in node.json)." env:"LIANDONG_STORE" placeholder:"postgres://…"`
}

// read opens the folder beside the process that may be serving it.
func (f folderFlags) read(t *terminal) (*node.Folder, error) {
	clock, err := f.clock()
	if err != nil {
		return nil, err
	}
	return node.OpenFolder(t.ctx, f.Dir, modules(), node.FolderOptions{Store: f.Store, ReadOnly: true, May: region.Permit, Clock: clock})
}

// readView is read for commands that read the view: a program of another version would not find its tables.
func (f folderFlags) readView(t *terminal) (*node.Folder, error) {
	opened, err := f.read(t)
	if err != nil {
		return nil, err
	}
	fits, err := opened.ViewFits(t.ctx)
	if err == nil && !fits {
		err = errOtherView
	}
	if err != nil {
		opened.Close()
		return nil, err
	}
	return opened, nil
}

var errOtherView = errors.New("目录中的视图由另一版本的程序生成,没有读取。请用服务所用的版本运行本命令;升级后请先启动一次 liandong serve,或停止服务后运行 liandong rebuild " +
	"(the view was made by another version; use the version that serves it, or run liandong rebuild)")

// own opens the folder for this process alone; a view of another version is made anew, with a bar on a terminal.
func (f folderFlags) own(t *terminal) (*node.Folder, error) {
	step, finish := t.progress("重新生成视图 (rebuild)")
	defer finish()
	return f.open(t, step)
}

// ownLogged is own for a service, whose operator must see in the log why it does not answer yet; told hears of each step.
func (f folderFlags) ownLogged(t *terminal, log *slog.Logger, told func(done, total int64)) (*node.Folder, error) {
	const often = 10 * time.Second
	step, finish := t.progress("重新生成视图 (rebuild)")
	defer finish()
	var said time.Time
	return f.open(t, func(done, total int64) {
		if now := time.Now(); now.Sub(said) >= often {
			said = now
			log.Info("the view is made anew for this version; the node answers when it is whole", "entries", done, "of", total)
		}
		step(done, total)
		told(done, total)
	})
}

func (f folderFlags) open(t *terminal, step func(done, total int64)) (*node.Folder, error) {
	clock, err := f.clock()
	if err != nil {
		return nil, err
	}
	return node.OpenFolder(t.ctx, f.Dir, modules(), node.FolderOptions{
		Store: f.Store, May: region.Permit, Clock: clock, Progress: step,
	})
}

// clock is the demonstration's where the folder holds one; nil: the system's.
func (f folderFlags) clock() (func() time.Time, error) {
	clock, err := demo.ClockOf(f.Dir)
	if clock == nil {
		return nil, err
	}
	return clock.Now, nil
}

// jsonFlag asks for output that a program reads.
type jsonFlag struct {
	JSON bool `name:"json" help:"输出 JSON (print JSON)."`
}

// logFlags say how the log is written to standard error.
type logFlags struct {
	LogLevel  slog.Level `help:"日志级别:debug、info、warn、error (level of the log)." default:"${logLevel=info}" env:"LIANDONG_LOG_LEVEL"`
	LogFormat string     `help:"日志格式:json 或 text (format of the log)." enum:"json,text" default:"json" env:"LIANDONG_LOG_FORMAT"`
}

func (f logFlags) logger(t *terminal) *slog.Logger {
	o := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(t.err, o))
	}
	return slog.New(slog.NewJSONHandler(t.err, o))
}
