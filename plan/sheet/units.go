package sheet

import (
	"regexp"
	"slices"
	"strings"
)

// Directory is what the node knows of organisations: the names a list may use.
type Directory struct {
	Self   string // GB/T 2260 code of the member whose list it is
	Units  []Unit
	Groups []Group
	Sides  []Side
}

// Unit is one organisation. Name is the usual short one (市发展改革委).
type Unit struct {
	ID      string
	Name    string
	Aliases []string
	Member  string // GB/T 2260 code
}

// Group is a name that stands for several units: 各县（市、区）人民政府.
type Group struct {
	ID      string
	Name    string
	Aliases []string
	Units   []string // ids
	Member  string
}

// UnitMatch is what the directory says to a name. ID is set when it is known; Group when the name
// stands for several; Proposals are near names, best first.
type UnitMatch struct {
	Name      string     `json:"name"`
	Side      string     `json:"side,omitempty"` // under which side it was read
	ID        string     `json:"id,omitempty"`
	Group     []string   `json:"group,omitempty"`
	By        string     `json:"by,omitempty"` // name, form, group, remembered
	Proposals []Proposal `json:"proposals,omitempty"`
}

// Known says whether the name means an organisation or a group.
func (m UnitMatch) Known() bool { return m.ID != "" || len(m.Group) > 0 }

// Proposal is a near name. Score is between 0 and 1.
type Proposal struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Score float64 `json:"score"`
}

// UnitKey is the key of Resolved and of Shape.Units: the name, with its side before it where the
// cell named one.
func UnitKey(side, name string) string {
	if side == "" {
		return name
	}
	return side + "/" + name
}

// unitBook answers names from a directory.
type unitBook struct {
	dir    *Directory
	sides  *sideBook
	exact  map[string][]int // folded name to units
	form   map[string][]int // core form to units
	groups map[string]int
	forms  [][]unitForm // of each unit, for near names
	given  map[string]string
	byID   map[string]int
}

// unitForm is a name taken apart: level 市, core 发展改革, end 委.
type unitForm struct{ member, level, core, end string }

func newUnitBook(d *Directory, sides *sideBook, given map[string]string) *unitBook {
	b := &unitBook{dir: d, sides: sides, exact: map[string][]int{}, form: map[string][]int{}, groups: map[string]int{}, given: given, byID: map[string]int{}}
	for i, u := range d.Units {
		b.byID[u.ID] = i
		var forms []unitForm
		for _, n := range append([]string{u.Name}, u.Aliases...) {
			b.exact[plainName(n)] = addOnce(b.exact[plainName(n)], i)
			f := b.formOf(n)
			if f.member == "" {
				f.member = u.Member
			}
			forms = append(forms, f)
			b.form[f.key()] = addOnce(b.form[f.key()], i)
		}
		b.forms = append(b.forms, forms)
	}
	for i, g := range d.Groups {
		for _, n := range append([]string{g.Name}, g.Aliases...) {
			b.groups[groupName(n)] = i
		}
	}
	return b
}

func addOnce(to []int, i int) []int {
	if slices.Contains(to, i) {
		return to
	}
	return append(to, i)
}

// plainName drops what does not tell units apart: spaces, width, brackets with a person.
func plainName(s string) string {
	s = fold(s)
	if cut := brackets.ReplaceAllString(s, ""); cut != "" && !strings.HasPrefix(s, "各") {
		s = cut
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "党组"), "党委")
	return strings.ReplaceAll(s, "人民政府", "政府")
}

var groupDrop = strings.NewReplacer("人民政府", "", "政府", "", "(", "", ")", "", "、", "", "/", "", "管委会", "")

func groupName(s string) string { return groupDrop.Replace(fold(s)) }

// short forms of the fields of work, as offices write them, to one core. Longer first.
var cores = strings.NewReplacer(
	"发展和改革", "发展改革", "发改", "发展改革",
	"经济和信息化", "经信", "经济信息化", "经信", "经济信息", "经信",
	"教育和体育", "教体", "教育体育", "教体",
	"人力资源和社会保障", "人社", "人力资源社会保障", "人社", "人力社保", "人社",
	"住房和城乡建设", "住建", "住房城乡建设", "住建", "住房城建", "住建",
	"自然资源和规划", "自规", "自然资源规划", "自规", "规划和自然资源", "自规", "规划自然资源", "自规", "规自", "自规", "自然资源", "自规", "资规", "自规",
	"文化广电和旅游", "文旅", "文化广电旅游", "文旅", "文化和旅游", "文旅", "文化旅游", "文旅", "文广旅", "文旅", "文广新", "文旅", "文体旅游", "文旅",
	"卫生和健康", "卫健", "卫生健康", "卫健", "卫生计生", "卫健",
	"市场监督管理", "市监", "市场监管", "市监",
	"应急管理", "应急", "交通运输", "交通", "农业和农村", "农业农村",
	"医疗保障", "医保", "科学技术", "科技", "科学和技术", "科技", "城市管理", "城管", "综合行政执法", "城管",
	"国有资产监督管理", "国资", "国资监管", "国资", "政务服务管理", "政务服务", "政务服务和公共资源交易服务", "政务服务", "政务服务和公共资源交易", "政务服务", "政务和公共资源交易", "政务服务",
	"金融工作", "金融", "地方金融监督管理", "金融", "退役军人事务", "退役军人", "商务和经济", "商务",
	"经济合作和外事", "经济合作", "民族宗教事务", "民宗", "乡村振兴", "乡村振兴", "林业和草原", "林草", "机关事务管理", "机关事务",
	"经济技术开发", "经开", "高新技术产业开发", "高新", "高新技术产业", "高新", "高新技术开发", "高新",
	"人民政府", "政府",
)

var (
	unitTails = []string{"工作委员会", "管理委员会", "委员会", "管理局", "办公室", "管委会", "工作局", "委", "局", "办", "厅", "政府", "区"}
	levels    = regexp.MustCompile(`^(省|市|区|县|州)`)
	provinces = regexp.MustCompile(`^(四川省|重庆市|四川|重庆)`)
)

// formOf takes a name apart: 遂宁市发展和改革委员会 is of 510900, level 市, core 发展改革, end 委.
func (b *unitBook) formOf(name string) unitForm {
	s := plainName(name)
	var f unitForm
	if rest := provinces.ReplaceAllString(s, ""); rest != s && length(rest) > 3 {
		if code, r := b.sides.before(rest); code != "" && r != "" {
			s = rest
		}
	}
	if code, rest := b.sides.before(s); code != "" {
		level := []rune(s[:len(s)-len(rest)])
		f.member, f.level, s = code, string(level[len(level)-1]), rest
	} else if m := levels.FindString(s); m != "" && length(s) > 2 {
		f.level, s = m, strings.TrimPrefix(s, m)
	}
	s = cores.Replace(s)
	for _, t := range unitTails {
		if r, ok := strings.CutSuffix(s, t); ok && r != "" {
			f.end, s = endOf(t), r
			break
		}
	}
	f.core = strings.NewReplacer("和", "", "与", "", "、", "").Replace(s)
	return f
}

// endOf brings 委员会, 委 and their kin together. 局 and 委 stay apart across places, so the end is
// not part of the key: 市经信局 and 区经信委 differ by level.
func endOf(tail string) string {
	switch {
	case strings.HasSuffix(tail, "委员会"), tail == "委", tail == "管委会":
		return "委"
	case tail == "办公室", tail == "办":
		return "办"
	case strings.HasSuffix(tail, "局"):
		return "局"
	}
	return tail
}

func (f unitForm) key() string { return f.level + "|" + f.core + "|" + f.end }

// match finds a name; side is the code the cell put before it, or "".
func (b *unitBook) match(side, name string) UnitMatch {
	m := UnitMatch{Name: name, Side: side}
	if id, ok := b.given[UnitKey(side, name)]; ok {
		m.ID, m.By = id, "remembered"
		if i := slices.IndexFunc(b.dir.Groups, func(g Group) bool { return g.ID == id }); i >= 0 {
			m.Group = b.dir.Groups[i].Units
		}
		return m
	}
	if i, ok := b.groups[groupName(name)]; ok {
		m.ID, m.Group, m.By = b.dir.Groups[i].ID, b.dir.Groups[i].Units, "group"
		return m
	}
	f := b.formOf(name)
	member := side
	if f.member != "" {
		member = f.member
	}
	if id := b.only(b.exact[plainName(name)], side); id != "" {
		m.ID, m.By = id, "name"
		return m
	}
	if id := b.only(b.form[f.key()], member); id != "" {
		m.ID, m.By = id, "form"
		return m
	}
	m.Proposals = b.near(f, member)
	return m
}

// only picks the one unit of the candidates; among several, that of the member, then of the list's own.
func (b *unitBook) only(found []int, member string) string {
	if member == "" && len(found) > 1 {
		member = b.dir.Self
	}
	id, n := "", 0
	for _, i := range found {
		if u := b.dir.Units[i]; member == "" || u.Member == member || u.Member == "" {
			id = u.ID
			n++
		}
	}
	if n != 1 {
		return ""
	}
	return id
}

const (
	nearEnough = 0.55 // below this a proposal helps nobody
	proposals  = 3
)

// near proposes units whose names look alike.
func (b *unitBook) near(f unitForm, member string) []Proposal {
	var out []Proposal
	for i, forms := range b.forms {
		u := b.dir.Units[i]
		best := 0.0
		for _, g := range forms {
			best = max(best, alike(f, g))
		}
		switch {
		case member != "" && u.Member != "" && u.Member != member:
			best -= 0.4
		case member == "" && b.dir.Self != "" && u.Member != b.dir.Self:
			best -= 0.15
		}
		if best >= nearEnough {
			out = append(out, Proposal{u.ID, u.Name, float64(int(best*100)) / 100})
		}
	}
	slices.SortStableFunc(out, func(a, c Proposal) int {
		switch {
		case a.Score > c.Score:
			return -1
		case a.Score < c.Score:
			return 1
		}
		return strings.Compare(a.ID, c.ID)
	})
	return out[:min(len(out), proposals)]
}

// alike compares two names: mostly their core, a little the level and the end.
func alike(f, g unitForm) float64 {
	core := max(0, max(similar(f.core, g.core), inside(f.core, g.core)))
	score := 0.8 * core
	switch {
	case f.level == g.level:
		score += 0.1
	case f.level == "" || g.level == "":
		score += 0.06
	default:
		score -= 0.2 // a city's office is not a district's
	}
	switch {
	case f.end == g.end:
		score += 0.1
	case f.end == "" || g.end == "":
		score += 0.05
	default:
		score += 0.03
	}
	return score
}

// inside: one core stands in the other, "发改" typed for more; short ones weigh less.
func inside(a, b string) float64 {
	short, long := []rune(a), []rune(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) < 2 || !strings.Contains(string(long), string(short)) {
		return 0
	}
	return 0.6 + 0.4*float64(len(short))/float64(len(long))
}

// similar is the share of characters that need no edit.
func similar(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	longest := max(len(x), len(y))
	if longest == 0 {
		return 0
	}
	return 1 - float64(edits(x, y))/float64(longest)
}

// edits is the Levenshtein distance.
func edits(a, b []rune) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		corner := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := corner
			if x != y {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, cost)
		}
	}
	return row[len(b)]
}
