package sheet

import (
	"cmp"
	"regexp"
	"strings"
)

// short forms of the fields of work, as offices write them, to one core. Longer first.
var cores = strings.NewReplacer(
	"发展和改革", "发展改革", "发改", "发展改革",
	"经济和信息化", "经信", "经济信息化", "经信", "经济信息", "经信",
	"教育和体育", "教体", "教育体育", "教体",
	"人力资源和社会保障", "人社", "人力资源社会保障", "人社", "人力社保", "人社",
	"住房和城乡建设", "住建", "住房城乡建设", "住建", "住房城乡建", "住建", "住房城建", "住建",
	"自然资源和规划", "自规", "自然资源规划", "自规", "规划和自然资源", "自规", "规划自然资源", "自规", "规自", "自规", "自然资源", "自规", "资规", "自规",
	"文化和旅游发展", "文旅", "文化旅游发展", "文旅", "文化广播电视和旅游", "文旅", "文化广播电视旅游", "文旅", "文化广电和旅游", "文旅", "文化广电旅游", "文旅", "文化和旅游", "文旅", "文化旅游", "文旅", "文广旅", "文旅", "文广新", "文旅", "文体旅游", "文旅",
	"卫生和健康", "卫健", "卫生健康", "卫健", "卫生计生", "卫健",
	"市场监督管理", "市监", "市场监管", "市监",
	"应急管理", "应急", "交通运输", "交通", "农业和农村", "农业农村",
	"医疗保障", "医保", "科学技术", "科技", "科学和技术", "科技", "城市管理", "城管", "综合行政执法", "城管",
	"国有资产监督管理", "国资", "国资监管", "国资", "政务服务管理", "政务服务", "政务服务和公共资源交易服务", "政务服务", "政务服务和公共资源交易", "政务服务", "政务和公共资源交易", "政务服务",
	"金融工作", "金融", "地方金融监督管理", "金融", "地方金融监管", "金融", "退役军人事务", "退役军人", "商务和经济", "商务",
	"经济合作和外事", "经济合作", "民族宗教事务", "民宗", "乡村振兴", "乡村振兴", "林业和草原", "林草", "机关事务管理", "机关事务",
	"经济技术开发", "经开", "高新技术产业开发", "高新", "高新技术产业园", "高新", "高新技术产业", "高新", "高新技术开发", "高新",
	"人民政府", "政府",
)

var (
	unitTails = []string{"工作委员会", "管理委员会", "委员会", "管理局", "办公室", "办公厅", "管委会", "工作局", "委", "局", "办", "厅", "政府", "区"}
	levels    = regexp.MustCompile(`^(省|市|区|县|州)`)
	provinces = regexp.MustCompile(`^(四川省|重庆市|四川|重庆)`)
	joints    = strings.NewReplacer("和", "", "与", "", "、", "")
	// whole cores of one character, as 区教委 and 市农委 have them.
	shortCores = map[string]string{"教": "教育", "农": "农业农村"}
)

// unitForm is a name taken apart: level 市, core 发展改革, end 委; base is the core as it is written.
type unitForm struct{ member, level, core, end, base string }

func (f unitForm) key() string { return f.level + "|" + f.core + "|" + f.end }

// formOf takes a name apart: 遂宁市发展和改革委员会 is of 510900, level 市, core 发展改革, end 委.
func (b *unitBook) formOf(name string) unitForm {
	s := strings.ReplaceAll(plainName(name), "与", "和")
	s, _ = strings.CutPrefix(s, "国家税务总局")
	f, s := b.placed(s)
	if f.core != "" {
		return f
	}
	f.base, _ = cutTail(s)
	f.core, f.end = cutTail(cores.Replace(s))
	f.core = joints.Replace(f.core)
	f.core = cmp.Or(shortCores[f.core], f.core)
	return f
}

// placed cuts the place or the level off a name. A place alone is its government; a place that is no
// member but a part of one (船山区) tells its offices apart from those of the member.
func (b *unitBook) placed(s string) (f unitForm, rest string) {
	if cut := provinces.ReplaceAllString(s, ""); cut != s && length(cut) > 3 {
		if code, r := b.sides.before(cut); code != "" && r != "" {
			s = cut
		}
	}
	if code, ok := b.sides.code(s); ok {
		return unitForm{level: code, core: "政府"}, ""
	}
	if code, rest := b.sides.before(s); code != "" {
		place := []rune(s[:len(s)-len(rest)])
		level := string(place[len(place)-1])
		if !b.members[code] && level != "省" {
			return unitForm{level: string(place)}, rest
		}
		if f.level = level; level != "省" {
			f.member = code
		}
		return f, rest
	}
	if m := levels.FindString(s); m != "" && length(s) > 2 {
		return b.ofLevel(m, strings.TrimPrefix(s, m))
	}
	if code, rest := b.sides.shortBefore(s); b.members[code] && length(rest) >= 2 {
		return unitForm{member: code}, rest
	}
	return f, s
}

// ofLevel: 市政府 is the government of the list's own place.
func (b *unitBook) ofLevel(level, rest string) (unitForm, string) {
	own := b.sides.name(b.dir.Self)
	if rest == "政府" && strings.HasSuffix(own, level) {
		return unitForm{level: b.dir.Self, core: rest}, ""
	}
	return unitForm{level: level}, rest
}

// cutTail parts a name from its end. A zone (区) and the 管委会 that runs it are one.
func cutTail(s string) (core, end string) {
	for _, t := range unitTails {
		r, ok := strings.CutSuffix(s, t)
		if !ok || r == "" {
			continue
		}
		if zone, ok := strings.CutSuffix(r, "区"); ok && zone != "" && endOf(t) == "委" {
			return zone, "区"
		}
		return r, endOf(t)
	}
	return s, ""
}

// endOf brings 委员会, 委 and their kin together. 局 and 委 stay apart across places, so the end is
// not part of the key: 市经信局 and 区经信委 differ by level.
func endOf(tail string) string {
	switch {
	case strings.HasSuffix(tail, "委员会"), tail == "委", tail == "管委会":
		return "委"
	case strings.HasPrefix(tail, "办"):
		return "办"
	case strings.HasSuffix(tail, "局"):
		return "局"
	}
	return tail
}
