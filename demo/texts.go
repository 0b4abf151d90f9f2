package demo

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed texts.txt
var textsText string

// subject is one sort of work with what units say about it.
type subject struct {
	name                    string
	keywords                []string
	months                  [7][]string // 1 to 6
	problems, nexts, finals []string
}

func readSubjects() ([]subject, error) {
	var all []subject
	for n, line := range strings.Split(textsText, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		head, rest, ok := strings.Cut(line, "|")
		if !ok {
			return nil, fmt.Errorf("texts.txt, line %d: %q", n+1, line)
		}
		head, rest = strings.TrimSpace(head), strings.TrimSpace(rest)
		if name, ok := strings.CutPrefix(head, "== "); ok {
			all = append(all, subject{name: name, keywords: names(rest)})
			continue
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("texts.txt, line %d stands under no subject", n+1)
		}
		if err := all[len(all)-1].add(head, rest); err != nil {
			return nil, fmt.Errorf("texts.txt, line %d: %w", n+1, err)
		}
	}
	return all, nil
}

func (s *subject) add(head, text string) error {
	switch head {
	case "难":
		s.problems = append(s.problems, text)
	case "下":
		s.nexts = append(s.nexts, text)
	case "毕":
		s.finals = append(s.finals, text)
	case "1", "2", "3", "4", "5", "6":
		m := int(head[0] - '0')
		s.months[m] = append(s.months[m], text)
	default:
		return fmt.Errorf("unknown sort of line %q", head)
	}
	return nil
}

// subjectOf finds the sort of an item by its title.
func subjectOf(all []subject, title string) *subject {
	i := slices.IndexFunc(all, func(s subject) bool {
		return len(s.keywords) == 0 || slices.ContainsFunc(s.keywords, func(k string) bool { return strings.Contains(title, k) })
	})
	return &all[max(i, 0)]
}

// verbs open a title and are left out where it is the subject of a sentence.
var verbs = []string{
	"加快", "开展", "推进", "推动", "推行", "推广", "推出", "建立", "建设", "打造", "落实", "实施", "组织", "完善", "支持",
	"提升", "提高", "培育", "共建", "参加", "联合", "举办", "召开", "共享", "扩大", "发展", "深化", "办好", "开行", "开通", "融入", "畅通", "保障",
	"共用", "统一", "完成", "打通", "清理", "申报", "编制", "制定", "与宜宾联合打造", "成立",
}

// short is how a report names its item.
func short(title string) string {
	for _, v := range verbs {
		if rest, ok := strings.CutPrefix(title, v); ok && utf8.RuneCountInString(rest) >= 5 {
			title = rest
			break
		}
	}
	if before, _, ok := strings.Cut(title, "（"); ok && before != "" {
		title = before
	}
	if utf8.RuneCountInString(title) > 16 {
		title = "该项工作"
	}
	return title
}

// fill puts the item, its supporting unit and the month into a text.
func fill(text, item, support string, month int) string {
	next := "下月"
	if month > 0 {
		next = fmt.Sprintf("%d月", month+1)
	}
	return strings.NewReplacer("{事}", short(item), "{协}", support, "{月}", fmt.Sprintf("%d月", month), "{次}", next).Replace(text)
}
