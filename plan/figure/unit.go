package figure

import (
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// scales are the numerals that stand before a unit, longest first, with their power of ten.
var scales = []struct {
	word  string
	power int32
}{{"万亿", 12}, {"千亿", 11}, {"百亿", 10}, {"十亿", 9}, {"千万", 7}, {"百万", 6}, {"十万", 5}, {"亿", 8}, {"万", 4}, {"千", 3}, {"百", 2}}

// base is a unit without scale: what it measures, its one name and how many of the first unit
// of its kind it is. Only factors that are powers of ten stand here, so that every conversion
// is exact both ways; 公顷 and 亩 (1:15) are therefore of two kinds.
type base struct {
	kind, name string
	power      int32
}

var bases = readBases(`
money 元:0
land 亩:0
area 平方米=㎡=平米=m2=m²:0 公顷:4 平方公里=km²=km2:6
length 米:0 公里=千米=km:3
weight 吨=t:0 公斤=千克=kg:-3
volume 立方米=方=m³=m3:0
power 千瓦=kw:0 兆瓦=mw:3
energy 千瓦时=度=kwh=千瓦小时:0
percent %:0 百分点=个百分点:0 ‰:-1 千分点=个千分点:-1
people 人:0
visits 人次:0
density 微克/立方米=微克每立方米=μg/m³=µg/m³=μg/m3=微克/m³:0 毫克/立方米=毫克每立方米=mg/m³=mg/m3:3
`, "个 家 座 处 所 项 条 套 台 部 辆 头 只 株 羽 尾 户 户次 名 件 件次 次 场 场次 间 张 床 栋 幢 对 列 艘 艘次 架次 班次 标箱 份 册 支 期 批 宗 起 例 镇 村 站 单 门 盏 根 路 人天 学位 床位 小时 天 分钟 分 元/吨 元/人 吨标准煤 千伏安 千伏 字 篇 款 组 片 口 眼 道 孔 米/秒 端口 平方")

// readBases reads lines "kind name=alias…:power …" and a list of units that convert to nothing else.
func readBases(families, counters string) map[string]base {
	out := map[string]base{}
	for line := range strings.Lines(families) {
		f := strings.Fields(line)
		for i := 1; i < len(f); i++ {
			names, power, _ := strings.Cut(f[i], ":")
			d, _, _ := apd.NewFromString(power)
			p, _ := d.Int64()
			all := strings.Split(names, "=")
			for _, n := range all {
				out[n] = base{f[0], all[0], int32(p)}
			}
		}
	}
	for _, c := range strings.Fields(counters) {
		out[c] = base{c, c, 0}
	}
	return out
}

// unit is a scale and a base taken together.
type unit struct {
	name  string // one name: 万亩, 公里, %
	kind  string
	power int32 // of ten, to the first unit of the kind
}

// unitNamed knows a whole unit by any of its names; "万" alone counts things.
func unitNamed(s string) (unit, bool) {
	if s == "" {
		return unit{}, true
	}
	s = strings.ToLower(s)
	if b, ok := bases[s]; ok {
		return unit{b.name, b.kind, b.power}, true
	}
	for _, sc := range scales {
		rest, ok := strings.CutPrefix(s, sc.word)
		if !ok {
			continue
		}
		if rest == "" {
			return unit{sc.word, "", sc.power}, true
		}
		if b, ok := bases[rest]; ok && b.kind != "percent" {
			return unit{sc.word + b.name, b.kind, sc.power + b.power}, true
		}
	}
	return unit{}, false
}

// longestUnit is the length in runes of the longest unit with its scale.
const longestUnit = 10

// unitAt finds the longest unit at the start of r and how many runes it takes.
func unitAt(r []rune) (u unit, n int) {
	for n := min(len(r), longestUnit); n > 0; n-- {
		if u, ok := unitNamed(string(r[:n])); ok {
			return u, n
		}
	}
	return unit{}, 0
}

// scaled is the unit meant by a scale alone where the unit is set: 6.1亿 for a figure in 亿元 or in
// 万元 is 亿元. A unit that counts things, or none, leaves 亿 as it is.
func scaled(scale, own string) (string, bool) {
	u, ok := unitNamed(scale)
	set, known := unitNamed(strings.TrimSpace(fold(own)))
	if !ok || u.kind != "" || u.power == 0 || !known || set.kind == "" || set.kind == "percent" {
		return "", false
	}
	base := set.name
	for _, sc := range scales {
		if rest, ok := strings.CutPrefix(base, sc.word); ok && rest != "" {
			base = rest
			break
		}
	}
	whole, ok := unitNamed(scale + base)
	return whole.name, ok && whole.kind == set.kind
}

// UnitName gives the one name of a unit (千米 → 公里, 个百分点 → 百分点), false if it is not known.
func UnitName(s string) (string, bool) {
	u, ok := unitNamed(strings.TrimSpace(fold(s)))
	return u.name, ok
}

// Convert expresses a decimal of one unit in another of the same kind, exactly:
// Convert("3.5", "亿元", "万元") = "35000". Two equal units need not be known. What comes out is in
// its one form, as Canonical gives it.
func Convert(value, from, to string) (string, error) {
	d, ok := number(value)
	if !ok {
		return "", unclear(value)
	}
	if from == to {
		return text(d), nil
	}
	a, okA := unitNamed(from)
	b, okB := unitNamed(to)
	if !okA || !okB || a.kind != b.kind {
		return "", errorf("figure.units-differ", from+" → "+to, "单位无法换算：%s。请按指标的单位填报。", "These units do not convert: %s. Use the unit of the indicator.")
	}
	d.Exponent += a.power - b.power
	return text(d), nil
}
