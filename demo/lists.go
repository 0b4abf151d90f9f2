package demo

import (
	"embed"
	"fmt"
	"slices"
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
		if err := all[i].read(all[i].key); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// read takes the tasks from one of the text files.
func (l *list) read(name string) error {
	raw, err := lists.ReadFile("lists/" + name + ".txt")
	if err != nil {
		return err
	}
	if l.tasks, err = parseList(string(raw)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// eachField is how many tasks of each field of the joint list Tongnan's own list holds.
const eachField = 2

// tongnanLists: its side of the first tasks of each field of the joint list.
func tongnanLists() ([]list, error) {
	l := list{
		key: "suitong", title: "潼南区遂潼一体化发展2022年重点任务分工", number: "潼发改〔2022〕11号", issued: "2022-01-11",
		file: "1-潼南区遂潼一体化任务分工（演示数据）.xlsx",
	}
	if err := l.read("suitong"); err != nil {
		return nil, err
	}
	taken := map[string]int{}
	l.tasks = slices.DeleteFunc(l.tasks, func(t task) bool {
		taken[t.section]++
		return taken[t.section] > eachField
	})
	for i, t := range l.tasks {
		_, side, ok := strings.Cut(t.lead, "；潼南区：")
		if !ok {
			return nil, fmt.Errorf("suitong: %q has no side of Tongnan", t.title)
		}
		l.tasks[i].lead = side
	}
	return []list{l}, nil
}

// yibinLists: its own tasks for the economic circle.
func yibinLists() ([]list, error) {
	l := list{
		key: "chengyu", title: "宜宾市成渝地区双城经济圈建设2022年重点任务清单", number: "宜发改〔2022〕15号", issued: "2022-01-11",
		file: "1-宜宾市双城经济圈任务清单（演示数据）.xlsx",
	}
	err := l.read("yibin")
	return []list{l}, err
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
