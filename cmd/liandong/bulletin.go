package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"liandong/demo"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// bulletinCommand writes the month's bulletin; issuing it is a person's act on the page.
type bulletinCommand struct {
	folderFlags
	jsonFlag
	Month  string `help:"月份;总结写 2022-H1 或 2022 (month; of a summary 2022-H1 or 2022)." required:"" placeholder:"2022-06"`
	Circle string `help:"某个圈的圈内通报 (the bulletin of a circle)." placeholder:"suitong"`
	AsOf   string `name:"as-of" help:"截至日期,默认为月末或今天 (as-of date)." placeholder:"2022-06-30"`
	Out    string `help:"写到的文件,.docx 或 .xlsx (file to write)." required:"" type:"path" placeholder:"FILE.docx"`
}

func (bulletinCommand) Help() string {
	return `已编辑的文字照用,数字按截至日期现算;文件标明为草稿。

例 (examples):
  liandong plan bulletin --dir /srv/liandong --month 2022-06 --out 通报.docx
  liandong plan bulletin --dir /srv/liandong --month 2022-06 --as-of 2022-06-20 --out 通报.xlsx
  liandong plan bulletin --dir /srv/liandong --month 2022-H1 --out 半年总结.docx`
}

// written is what the command did, for --json.
type written struct {
	File       string `json:"file"`
	Month      string `json:"month"`
	AsOf       string `json:"asOf"`
	Characters int    `json:"characters"`
	Quoted     int    `json:"quoted"` // reports in the text
}

func (c bulletinCommand) Run(t *terminal) error {
	f, err := c.readView(t)
	if err != nil {
		return err
	}
	defer f.Close()
	var office string
	err = f.Store.Read(t.ctx, func(tx *store.Tx) error {
		office, err = region.OfficialName(t.ctx, tx, f.Name, officeOrg)
		return err
	})
	if err != nil {
		return err
	}
	b, err := plan.NewDesk(f.Node).Bulletin(t.ctx, plan.BulletinQuery{
		Month: judge.Period(c.Month), Circle: c.Circle, AsOf: judge.Date(c.AsOf), Office: office,
	})
	if err != nil {
		return err
	}
	clock, err := demo.ClockOf(c.Dir)
	if err != nil {
		return err
	}
	made := clock != nil // 演示数据 stands on what comes out of a demonstration
	var content []byte
	switch kind := strings.ToLower(filepath.Ext(c.Out)); kind {
	case ".docx":
		content, err = b.Docx(true, made)
	case ".xlsx":
		content, err = b.Xlsx(true, made)
	default:
		return fmt.Errorf("--out 须以 .docx 或 .xlsx 结尾 (must end in .docx or .xlsx), 不是 %q", kind)
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, content, 0o644); err != nil {
		return fmt.Errorf("写文件 (write): %w", err)
	}
	done := written{File: c.Out, Month: c.Month, AsOf: string(b.AsOf), Characters: b.Draft.Count(), Quoted: len(b.Draft.In.Chosen)}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(done)
	}
	t.say("%s:%s,截至 %s,%d 字,引用 %d 条填报", c.Out, b.Draft.Title(), done.AsOf, done.Characters, done.Quoted)
	return nil
}
