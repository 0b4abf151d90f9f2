package demo

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed lists/*.txt
var lists embed.FS

// task is one row of a list as its text file gives it.
type task struct {
	section, title, target, lead, support, deadline string
}

// list is one of the three task lists.
type list struct {
	key, title, number, issued string // issued: civil date
	file                       string // of its workbook
	tasks                      []task
}

// readLists reads the three lists in the order in which they were issued.
func readLists() ([]list, error) {
	all := []list{
		{
			key: "chengyu", title: "遂宁市成渝地区双城经济圈建设2022年工作要点", number: "遂双城办〔2022〕1号", issued: "2022-01-07",
			file: "1-成渝地区双城经济圈工作要点（演示数据）.xlsx",
		},
		{
			key: "suitong", title: "遂潼川渝毗邻地区一体化发展先行区建设2022年工作计划", number: "遂潼一体办〔2022〕2号", issued: "2022-01-10",
			file: "2-遂潼一体化工作计划（演示数据）.xlsx",
		},
		{
			key: "chengduplain", title: "成都平原经济区一体化发展2022年遂宁市重点任务清单", number: "遂发改〔2022〕6号", issued: "2022-01-12",
			file: "3-成都平原经济区重点任务清单（演示数据）.xlsx",
		},
	}
	for i := range all {
		raw, err := lists.ReadFile("lists/" + all[i].key + ".txt")
		if err != nil {
			return nil, err
		}
		if all[i].tasks, err = parseList(string(raw)); err != nil {
			return nil, fmt.Errorf("%s: %w", all[i].key, err)
		}
	}
	return all, nil
}

func parseList(text string) ([]task, error) {
	var all []task
	var section string
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "== "); ok {
			section = name
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		c := cells(line)
		if len(c) != 5 {
			return nil, fmt.Errorf("line %d has %d cells instead of 5", n+1, len(c))
		}
		all = append(all, task{section: section, title: c[0], target: c[1], lead: c[2], support: c[3], deadline: c[4]})
	}
	return all, nil
}

// byTitle finds a task by the beginning of its title.
func (l list) byTitle(prefix string) (int, bool) {
	for i, t := range l.tasks {
		if strings.HasPrefix(t.title, prefix) {
			return i, true
		}
	}
	return 0, false
}
