package sheet

import "strings"

// Side is a member (成员) a list may name: code of GB/T 2260, full name, other names.
type Side struct {
	Code    string
	Name    string
	Aliases []string
}

// KnownSides are the places of RULES section 4 around 成渝: a list may name any of them before a
// colon. A directory's own sides come first.
const knownSides = `510000 四川省 500000 重庆市 510100 成都市 510300 自贡市 510400 攀枝花市 510500 泸州市 510600 德阳市 510700 绵阳市
510800 广元市 510900 遂宁市 511000 内江市 511100 乐山市 511300 南充市 511400 眉山市 511500 宜宾市 511600 广安市 511700 达州市
511800 雅安市 511900 巴中市 512000 资阳市 513200 阿坝州 513300 甘孜州 513400 凉山州
510903 船山区 510904 安居区 510921 蓬溪县 510923 大英县 510981 射洪市
500101 万州区 500102 涪陵区 500103 渝中区 500104 大渡口区 500105 江北区 500106 沙坪坝区 500107 九龙坡区 500108 南岸区 500109 北碚区
500110 綦江区 500111 大足区 500112 渝北区 500113 巴南区 500114 黔江区 500115 长寿区 500116 江津区 500117 合川区 500118 永川区
500119 南川区 500120 璧山区 500151 铜梁区 500152 潼南区 500153 荣昌区 500154 开州区 500155 梁平区 500156 武隆区
500229 城口县 500230 丰都县 500231 垫江县 500233 忠县 500235 云阳县 500236 奉节县 500237 巫山县 500238 巫溪县
500240 石柱县 500241 秀山县 500242 酉阳县 500243 彭水县`

// sideBook finds sides by name.
type sideBook struct {
	self  string
	byKey map[string]string // folded name to code
	full  []Side            // longest name first is not needed: names of places do not begin each other
}

func newSideBook(d *Directory) *sideBook {
	b := &sideBook{self: d.Self, byKey: map[string]string{}}
	for _, s := range d.Sides {
		b.add(s)
	}
	known := strings.Fields(knownSides)
	for i := 0; i+1 < len(known); i += 2 {
		b.add(Side{Code: known[i], Name: known[i+1]})
	}
	return b
}

func (b *sideBook) add(s Side) {
	b.full = append(b.full, s)
	for _, n := range append([]string{s.Name, shortPlace(s.Name), s.Name + "方", shortPlace(s.Name) + "方", s.Name + "人民政府", s.Name + "政府"}, s.Aliases...) {
		if k := fold(n); length(k) >= 2 {
			if _, taken := b.byKey[k]; !taken {
				b.byKey[k] = s.Code
			}
		}
	}
}

// shortPlace is 遂宁 for 遂宁市; names of two characters stay whole.
func shortPlace(name string) string {
	r := []rune(name)
	if len(r) > 2 && strings.ContainsRune("市区县州省", r[len(r)-1]) {
		return string(r[:len(r)-1])
	}
	return name
}

// code of the side a label names: "遂宁市", "潼南方", "我市". own is true for the list's own side.
func (b *sideBook) code(name string) (string, bool) {
	k := strings.TrimSuffix(fold(name), "侧")
	switch k {
	case "我市", "本市", "我区", "本区", "我县", "本县":
		if b.self != "" {
			return b.self, true
		}
	}
	c, ok := b.byKey[k]
	return c, ok
}

// before cuts a side's full name off the front: "潼南区责任单位" is 500152 and "责任单位".
func (b *sideBook) before(name string) (code, rest string) {
	for _, s := range b.full {
		if r, ok := strings.CutPrefix(name, s.Name); ok && r != "" {
			return s.Code, strings.TrimLeft(r, "方侧")
		}
	}
	return "", name
}

// shortBefore cuts a side's short name off the front: 遂宁经开区 is of 510900.
func (b *sideBook) shortBefore(name string) (code, rest string) {
	for _, s := range b.full {
		if short := shortPlace(s.Name); short != s.Name {
			if r, ok := strings.CutPrefix(name, short); ok {
				return s.Code, r
			}
		}
	}
	return "", name
}

// name of the side of a code; "" if it is not known.
func (b *sideBook) name(code string) string {
	for _, s := range b.full {
		if s.Code == code {
			return s.Name
		}
	}
	return ""
}
