package main

import (
	"log/slog"

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
	return node.OpenFolder(t.ctx, f.Dir, modules(), node.FolderOptions{Store: f.Store, ReadOnly: true, May: region.Permit})
}

// own opens the folder for this process alone.
func (f folderFlags) own(t *terminal) (*node.Folder, error) {
	step, finish := t.progress("重新生成视图 (rebuild)")
	defer finish()
	return node.OpenFolder(t.ctx, f.Dir, modules(), node.FolderOptions{
		Store: f.Store, May: region.Permit, Progress: step,
	})
}

// jsonFlag asks for output that a program reads.
type jsonFlag struct {
	JSON bool `name:"json" help:"输出 JSON (print JSON)."`
}

// logFlags say how the log is written to standard error.
type logFlags struct {
	LogLevel  slog.Level `help:"日志级别:debug、info、warn、error (level of the log)." default:"info" env:"LIANDONG_LOG_LEVEL"`
	LogFormat string     `help:"日志格式:json 或 text (format of the log)." enum:"json,text" default:"json" env:"LIANDONG_LOG_FORMAT"`
}

func (f logFlags) logger(t *terminal) *slog.Logger {
	o := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(t.err, o))
	}
	return slog.New(slog.NewJSONHandler(t.err, o))
}
