package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write the reference of commands and settings anew")

func model(t *testing.T) *kong.Application {
	t.Helper()
	k, err := newParser(&terminal{ctx: context.Background(), out: &bytes.Buffer{}, err: &bytes.Buffer{}}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return k.Model
}

// leaves lists the commands that do something, in the order of the help.
func leaves(app *kong.Application) []*kong.Node { return app.Leaves(true) }

func TestCommandsAreDocumented(t *testing.T) {
	app := model(t)
	var b strings.Builder
	b.WriteString("# 命令参考 (reference of commands)\n\n由程序生成:`go test ./cmd/liandong -run Documented -update`。设置的来源与次序见 [settings.md](settings.md)。\n\n" +
		"退出码对所有命令相同:0 正常;1 发现破损或被拒绝;2 无法运行。进度条只在终端上出现。\n")
	for _, n := range leaves(app) {
		command := strings.TrimPrefix(n.FullPath(), "liandong ")
		fmt.Fprintf(&b, "\n## liandong %s\n\n%s\n", command, n.Help)
		if n.Detail == "" || !strings.Contains(n.Detail, "liandong "+command) {
			t.Errorf("the help of %q shows no example", command)
		}
		fmt.Fprintf(&b, "\n```\n%s\n```\n\n", strings.TrimSpace(n.Detail))
		for _, p := range n.Positional {
			fmt.Fprintf(&b, "- `<%s>` %s\n", p.Name, p.Help)
		}
		for _, f := range n.Flags {
			if !f.Hidden {
				fmt.Fprintf(&b, "- `%s` %s%s\n", flagForm(f), f.Help, flagNotes(f))
			}
		}
	}
	same(t, "cli.md", b.String())
}

func flagForm(f *kong.Flag) string {
	if f.IsBool() {
		return "--" + f.Name
	}
	return "--" + f.Name + " " + f.FormatPlaceHolder()
}

func flagNotes(f *kong.Flag) (notes string) {
	if f.Required {
		notes += " 必填。"
	}
	if f.Default != "" && !f.IsBool() {
		notes += fmt.Sprintf(" 默认 `%s`。", f.Default)
	}
	for _, e := range f.Envs {
		notes += fmt.Sprintf(" 环境变量 `%s`。", e)
	}
	return notes
}

func TestSettingsAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# 设置参考 (reference of settings)

由程序生成:` + "`go test ./cmd/liandong -run Documented -update`" + `。每一项设置可由命令行、环境变量或文件给出;
命令行先于环境变量,环境变量先于文件,文件先于默认值。

文件是 YAML,依次读取 ` + "`" + strings.Join(settingsFiles, "`、`") + "`" + `(当前目录)中存在的,以及 ` + "`--config`" + ` 或
` + "`LIANDONG_CONFIG`" + ` 所指的文件,后读的覆盖先读的。键名如下表;不认识的键会被拒绝,不会悄悄略过。

| 文件中的键 | 命令行 | 环境变量 | 默认 | 含义 |
| --- | --- | --- | --- | --- |
`)
	for _, f := range settingsOf(model(t)) {
		fmt.Fprintf(&b, "| `%s` | `%s` | `%s` | %s | %s |\n", f.Name, strings.ReplaceAll(flagForm(f), "|", "\\|"),
			strings.Join(f.Envs, " "), f.Default, f.Help)
	}
	b.WriteString(`
例 (example):

` + "```yaml" + `
dir: /srv/liandong
addr: 127.0.0.1:8080
open-book: [suitong]
log-format: json
` + "```" + `

节点自己的身份(成员、名称、来源)与数据库地址记在目录的 ` + "`node.json`" + ` 中,由 ` + "`liandong init`" + ` 写入;签名密钥在同一目录的
` + "`key`" + ` 文件中,权限 0600。口令只从文件或终端读取,不放在命令行或环境变量里。
`)
	same(t, "settings.md", b.String())
}

// same compares a page of the reference with what the program says, or writes it.
func same(t *testing.T, page, want string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "reference", page)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not up to date: go test ./cmd/liandong -run Documented -update", page)
	}
}

// TestTheDemonstrationKeepsItsSignInsOnTheScreen: three nodes that talk to each other log a hundred lines before anybody
// has read the table of sign-ins; a node that is served logs them.
func TestTheDemonstrationKeepsItsSignInsOnTheScreen(t *testing.T) {
	for _, c := range []struct {
		args []string
		want slog.Level
	}{
		{[]string{"demo"}, slog.LevelWarn},
		{[]string{"demo", "--log-level", "info"}, slog.LevelInfo},
		{[]string{"serve"}, slog.LevelInfo},
	} {
		var out bytes.Buffer
		parser, err := newParser(&terminal{ctx: t.Context(), out: &out, err: &out}, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.Parse(c.args)
		if err != nil {
			t.Fatal(err)
		}
		got := parsed.Model.Target.Interface().(commands)
		level := got.Serve.LogLevel
		if c.args[0] == "demo" {
			level = got.Demo.LogLevel
		}
		if level != c.want {
			t.Errorf("%v logs from %s on, want %s", c.args, level, c.want)
		}
	}
}
