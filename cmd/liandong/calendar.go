package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"liandong/plan/workdays"
	"liandong/region"
)

type calendarCommand struct {
	List calendarListCommand `cmd:"" help:"各年的放假和调休,出自哪里 (the years, and where they come from)."`
	Set  calendarSetCommand  `cmd:"" help:"录入一年的放假安排 (enter the arrangement of a year)."`
}

type calendarListCommand struct {
	reachFlags
	jsonFlag
}

func (calendarListCommand) Help() string {
	return `没有放假安排的年份按周一至周五推定,涉及它的时限标“暂定”。

例 (example):
  liandong calendar list --dir /srv/liandong --json`
}

func (c calendarListCommand) Run(t *terminal) error {
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		out, err := get[workdays.Years](t, n, "/calendars")
		return out, func() {
			for _, y := range out.Years {
				t.sayYear(y)
			}
		}, err
	})
}

func (t *terminal) sayYear(y workdays.Year) {
	from := map[workdays.Source]string{
		workdays.Shipped: "随软件所带 (shipped)", workdays.Entered: "录入 (entered) " + y.Document, workdays.Nothing: "没有,暂定 (none, provisional)",
	}
	t.say("%d  %s  放假 %d 天,调休上班 %d 天,工作日 %d 天", y.Year, from[y.Source], len(y.Off), len(y.Work), y.Working)
}

type calendarSetCommand struct {
	reachFlags
	Year     int    `help:"年份 (year)." required:""`
	Document string `help:"通知文号;与 --shipped 一起时是依据 (number of the notice)." required:""`
	Notice   string `help:"通知原文,文本文件,- 为标准输入;日子从中读出 (text of the notice)." placeholder:"FILE"`
	Off      string `help:"放假的日子,如 2027-01-01..2027-01-03,2027-05-01 (days off)." placeholder:"DAYS"`
	Work     string `help:"要上班的周末 (weekend days that are worked)." placeholder:"DAYS"`
	Note     string `help:"说明 (remark)."`
	Shipped  bool   `help:"改回随软件所带的安排 (go back to the notice shipped with the program)."`
	DryRun   bool   `help:"只核对,列出会变动的时限,不写入 (check and say what moves; write nothing)."`
	jsonFlag
}

func (calendarSetCommand) Help() string {
	return `从录入当天起适用;已经过去的日子不变,已经印发的时限也不变。先用 --dry-run 核对。

例 (example):
  liandong calendar set --dir /srv/liandong --year 2027 --document '国办发明电〔2026〕9号' --notice 通知.txt --dry-run`
}

func (c calendarSetCommand) Run(t *terminal) (err error) {
	in := workdays.SetRequest{Document: c.Document, Off: c.Off, Work: c.Work, Note: c.Note, Shipped: c.Shipped}
	if c.Notice != "" {
		if in.Notice, err = t.text(c.Notice); err != nil {
			return err
		}
	}
	at := "/calendars/" + strconv.Itoa(c.Year)
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		if c.DryRun {
			out, err := call[workdays.Preview](t, n, http.MethodPost, at+"/check", in)
			return out, func() { t.sayPreview(out) }, err
		}
		out, err := call[workdays.Year](t, n, http.MethodPut, at, in)
		return out, func() { t.sayYear(out) }, err
	})
}

func (t *terminal) sayPreview(p workdays.Preview) {
	t.say("放假 (off): %s", strings.Join(p.Off, " "))
	t.say("调休上班 (worked): %s", strings.Join(p.Work, " "))
	for _, line := range p.Left {
		t.say("没有采用 (not taken): %s", line)
	}
	for _, s := range p.Shifts {
		kept := ""
		if s.Stays {
			kept = " 不自动改 (stays)"
		}
		t.say("%s %s%s: %s → %s%s", s.What, s.Unit, s.Level, s.Was, s.Will, kept)
	}
	if len(p.Shifts) == 0 {
		t.say("没有时限会变动 (nothing moves)")
	}
}

// mostText bounds a text that a command takes from a file, in bytes.
const mostText = 64 << 10

// text reads a file, or standard input for "-".
func (t *terminal) text(name string) (string, error) { return t.textOf(name, mostText) }

func (t *terminal) textOf(name string, most int64) (string, error) {
	in := t.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("%s 太大,最多 %d 字节 (too large)", name, most)
	}
	return string(b), err
}
