package main

import (
	"fmt"
	"slices"
	"time"

	"liandong/region"
	"liandong/rules/civil"
	"liandong/store"
	"liandong/web/account"
)

type signInsCommand struct {
	folderFlags
	jsonFlag
	From  string `help:"起始日期 (first day)." placeholder:"2026-11-28"`
	Until string `help:"截止日期,含当日 (last day)." placeholder:"2026-11-30"`
}

func (signInsCommand) Help() string {
	return `先核对全部记录是否与写入时一致、与账本中的封存一致,再输出所选日期的记录,最早的在前。服务可以同时运行。
记录与写入时不同,退出码为 1。

例 (examples):
  liandong account sign-ins --dir /srv/liandong --from 2026-11-01
  liandong account sign-ins --dir /srv/liandong --json >sign-ins.json`
}

// signIn is a line as scripts read it.
type signIn struct {
	Number  int64           `json:"number"`
	At      time.Time       `json:"at"`
	Person  string          `json:"person"` // empty: no account
	Actor   string          `json:"actor"`  // who did it, where it was another
	Act     account.Act     `json:"act"`
	Way     string          `json:"way"`
	Outcome account.Outcome `json:"outcome"`
	Address string          `json:"address"`
	Device  string          `json:"device"`
}

func (c signInsCommand) Run(t *terminal) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	f, err := c.readView(t)
	if err != nil {
		return err
	}
	defer f.Close()
	var checked account.Checked
	lines, rows := []signIn{}, [][]any{{"编号", "时间", "人员", "操作人", "事项", "方式", "结果", "地址", "设备"}}
	err = f.Store.Read(t.ctx, func(tx *store.Tx) error {
		if checked, err = account.CheckRecords(t.ctx, tx, f.Member); err != nil {
			return err
		}
		all, err := account.Records(t.ctx, tx, q)
		for _, r := range slices.Backward(all) {
			lines = append(lines, signIn{r.Seq, r.At.UTC(), r.Person, r.Actor, r.Act, r.Way, r.Outcome, r.Address, r.Device})
			name, failed := region.PersonName(t.ctx, tx, r.Person)
			by, failedToo := region.PersonName(t.ctx, tx, r.Actor)
			if failed != nil || failedToo != nil {
				return fmt.Errorf("names: %w, %w", failed, failedToo)
			}
			rows = append(rows, []any{r.Seq, r.At.In(civil.Beijing).Format("2006-01-02 15:04:05"), name, by, r.Act, r.Way, r.Outcome, r.Address, r.Device})
		}
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		err = t.json(lines)
	} else {
		err = t.table(rows...)
	}
	if err == nil && checked.Broken > 0 {
		err = broken{fmt.Errorf("登录记录从第 %d 条起与写入时不同 (the record is not as it was written from this line on)", checked.Broken)}
	}
	return err
}

func (c signInsCommand) query() (q account.Query, err error) {
	for _, d := range []struct {
		text string
		plus int
		into *time.Time
	}{{c.From, 0, &q.From}, {c.Until, 1, &q.Until}} {
		if d.text == "" {
			continue
		}
		day, err := time.ParseInLocation("2006-01-02", d.text, civil.Beijing)
		if err != nil {
			return q, fmt.Errorf("日期 %q 应写成 2026-11-28 (a day is written like this)", d.text)
		}
		*d.into = day.AddDate(0, 0, d.plus)
	}
	return q, nil
}
