package sheet

import (
	"strconv"
	"strings"
	"testing"
)

// twoCities is a directory of the units of both sides by their usual short names, without aliases.
func twoCities() Directory {
	d := Directory{Self: "510900", Sides: []Side{{Code: "510900", Name: "遂宁市"}, {Code: "500152", Name: "潼南区"}}}
	for member, names := range map[string]string{
		"510900": `市政府办公室 市发展改革委 市经济和信息化局 市教育和体育局 市科技局 市公安局 市民政局 市司法局 市财政局 市人力资源社会保障局
			市自然资源和规划局 市生态环境局 市住房城乡建设局 市交通运输局 市水利局 市农业农村局 市商务局 市文化广电旅游局 市卫生健康委 市应急管理局
			市国资委 市市场监管局 市统计局 市医保局 市经济合作局 市政务服务局 市金融工作局 遂宁海关 市税务局 遂宁经开区 遂宁高新区 河东新区
			遂潼涪江创新产业园区管委会 船山区人民政府 安居区人民政府 蓬溪县人民政府 大英县人民政府 射洪市人民政府 遂宁市第一小学附属实验幼儿园`,
		"500152": `区政府办公室 区发展改革委 区经济信息委 区教委 区科技局 区财政局 区人力社保局 区规划自然资源局 区生态环境局 区住房城乡建委 区交通局
			区水利局 区农业农村委 区商务委 区文化旅游委 区卫生健康委 区医保局`,
	} {
		for i, n := range strings.Fields(names) {
			d.Units = append(d.Units, Unit{ID: member + "-" + strconv.Itoa(i), Name: n, Member: member})
		}
	}
	return d
}

func matching(given map[string]string) func(side, name string) (known, taken string, m UnitMatch) {
	d := twoCities()
	b, names := newUnitBook(&d, newSideBook(&d), given), map[string]string{}
	for _, u := range d.Units {
		names[u.ID] = u.Name
	}
	return func(side, name string) (known, taken string, m UnitMatch) {
		m = b.match(side, name)
		id, _ := m.Taken()
		return names[m.ID], names[id], m
	}
}

// The names one office has are known for it; nothing is asked.
func TestNamesOfOneOffice(t *testing.T) {
	match := matching(nil)
	for want, names := range map[string]string{
		"市发展改革委":        "市发改委 遂宁市发展和改革委员会 遂宁市发改委 市发展与改革委 四川省遂宁市发展和改革委员会",
		"市经济和信息化局":      "市经信局 遂宁市经济和信息化局",
		"市住房城乡建设局":      "市住建局 市住房和城乡建设局 市住房与城乡建设局",
		"市文化广电旅游局":      "市文广旅局 市文旅局 市文化广播电视和旅游局",
		"市卫生健康委":        "市卫健委 遂宁市卫生健康委员会",
		"市教育和体育局":       "市教体局",
		"市人力资源社会保障局":    "市人社局 市人力资源和社会保障局",
		"市自然资源和规划局":     "市自规局 市资规局",
		"市市场监管局":        "市市监局 遂宁市市场监督管理局",
		"市税务局":          "国家税务总局遂宁市税务局 遂宁市税务局",
		"市金融工作局":        "市金融局 市地方金融监督管理局",
		"市政府办公室":        "市政府办 市政府办公厅 遂宁市人民政府办公室",
		"遂宁经开区":         "经开区 遂宁经济技术开发区 遂宁经开区管委会",
		"遂宁高新区":         "高新区 遂宁高新技术产业园区 遂宁高新区管委会",
		"河东新区":          "河东新区管委会",
		"船山区人民政府":       "船山区 船山区政府",
		"蓬溪县人民政府":       "蓬溪县 蓬溪县政府 蓬溪",
		"射洪市人民政府":       "射洪市 射洪市政府",
		"区发展改革委":        "区发改委 潼南区发展改革委 重庆市潼南区发展和改革委员会",
		"区经济信息委":        "区经信委 潼南区经济和信息化委员会",
		"区住房城乡建委":       "区住建委",
		"区文化旅游委":        "区文旅委 潼南区文化和旅游发展委员会",
		"区规划自然资源局":      "区规自局 潼南区规划和自然资源局",
		"区人力社保局":        "区人社局 区人力资源和社会保障局",
		"区农业农村委":        "区农委",
		"遂潼涪江创新产业园区管委会": "遂潼涪江创新产业园区",
	} {
		for _, name := range strings.Fields(names) {
			if known, taken, m := match("", name); known != want {
				t.Errorf("%s is %q (taken for %q), want %s: %+v", name, known, taken, want, m.Proposals)
			}
		}
	}
}

// Near names are taken for their unit until somebody says otherwise: another end, no level, a slip.
func TestNearNames(t *testing.T) {
	match := matching(nil)
	for _, c := range []struct{ side, name, want string }{
		{"", "市发改局", "市发展改革委"},
		{"", "发改委", "市发展改革委"},
		{"", "市卫健局", "市卫生健康委"},
		{"", "市经济和信息化委", "市经济和信息化局"},
		{"", "市司法", "市司法局"},
		{"", "市海关", "遂宁海关"},
		{"", "遂宁市河东新区", "河东新区"},
		{"", "市发展该革委", "市发展改革委"},
		{"", "市交通运愉局", "市交通运输局"},
		{"", "市生态环竟局", "市生态环境局"},
		{"", "市人力资源社会保漳局", "市人力资源社会保障局"},
		{"", "市自然资源和规化局", "市自然资源和规划局"},
		{"500152", "发改委", "区发展改革委"},
		{"500152", "区教育局", "区教委"},
		{"500152", "区商务局", "区商务委"},
		{"500152", "区生态环竟局", "区生态环境局"},
	} {
		if known, taken, m := match(c.side, c.name); known != "" || taken != c.want {
			t.Errorf("%s%s is %q, taken for %q, want %s: %+v", c.side, c.name, known, taken, c.want, m.Proposals)
		}
	}
}

// Other offices are never taken for one that shares half their name; at most they are proposed.
func TestOtherOffices(t *testing.T) {
	match := matching(nil)
	for _, name := range strings.Fields(`市体育局 市教育局 市体育中心 市水务局 市审计局 市金融监管局 市市场局 市科技馆 市科技城管委会 市医保中心 市公路局 市规划局 市林业局
		市邮政局 市环保局 市国安局 市财经局 市统筹局 市经济局 市经合局 市商务和经济合作局 市民宗局 市政协办公室 市委办公室 市人大办公室 市公安交警支队
		市农业局 市教委 市政府 遂宁市人民政府 船山区发展改革委 船山区水利局 省水利厅 重庆市发展改革委 潼南高新区 市交通运输局办
		遂宁市第二小学附属实验幼儿园 区商务局 射洪县水利局`) {
		if known, taken, m := match("", name); known != "" || taken != "" {
			t.Errorf("%s is %q, taken for %q: %+v", name, known, taken, m.Proposals)
		}
	}
	if known, taken, _ := match("", "区教委"); known != "区教委" || taken != "" {
		t.Errorf("区教委 is %q %q", known, taken)
	}
}

// What a person called a new unit stays one, however near another is, until a unit bears the very name.
func TestCalledNew(t *testing.T) {
	match := matching(map[string]string{"市发改局": AsNew, "市发改委": AsNew, "市水利局": AsNew})
	for _, name := range []string{"市发改局", "市发改委"} {
		if known, taken, m := match("", name); known != "" || taken != "" || len(m.Proposals) == 0 {
			t.Errorf("%s is %q, taken for %q", name, known, taken)
		}
	}
	if known, _, _ := match("", "市水利局"); known != "市水利局" {
		t.Errorf("the very name is %q", known)
	}
}

// TestNamesOfOtherMembers: a name that begins with that of another member is a unit of it, whatever the directory knows of
// it; what is a part of the own place, or what that is a part of, is not. A person may say otherwise.
func TestNamesOfOtherMembers(t *testing.T) {
	match := matching(map[string]string{"德阳市商务局": AsNew, "成都市商务局": "new@510100", "内江市商务局": "new@511000:内江市商务局机关"})
	for name, want := range map[string]string{
		"绵阳市卫健委": "510700", "潼南区气象局": "500152", "重庆市潼南区气象局": "500152", "国家税务总局绵阳市税务局": "510700",
		"船山区气象局": "", "四川省气象局": "", "市气象局": "", "遂宁市气象局": "", "气象局": "",
		"德阳市商务局": "", "成都市商务局": "510100", "内江市商务局": "511000",
	} {
		if _, taken, m := match("", name); m.Of != want || m.Known() || taken != "" {
			t.Errorf("%s is a new unit of %q (%+v), want %q", name, m.Of, m, want)
		}
	}
	if _, _, m := match("", "德阳市商务局"); m.Place != "510600" {
		t.Errorf("a person may not say 510600 again: %+v", m)
	}
	if _, _, m := match("500152", "绵阳市卫健委"); m.Of != "" {
		t.Errorf("the cell said whose it is: %+v", m)
	}
	d := twoCities()
	d.Sides = append(d.Sides, Side{Code: "510903", Name: "船山区"}) // recognised as a member of its own
	if got := NewNames(&d, nil).Place("船山区气象局"); got != "510903" {
		t.Errorf("of a part that is a member: %q", got)
	}
	for _, answer := range []NewUnit{{}, {Of: "510700"}, {As: "市经信局"}, {Of: "510700", As: "a:b"}} {
		if got, ok := OpensNew(answer.String()); !ok || got != answer {
			t.Errorf("%q reads as %+v, %v", answer, got, ok)
		}
	}
	if _, ok := OpensNew("newton"); ok {
		t.Error("an id reads as a new unit")
	}
}

// TestANameOfTwoMembers: it means the unit of that one with whose name it begins, else that of the list's own.
func TestANameOfTwoMembers(t *testing.T) {
	d := Directory{Self: "510900", Units: []Unit{
		{ID: "a", Name: "绵阳市教育局", Member: "510900"},
		{ID: "b", Name: "绵阳市教育局", Member: "510700"},
		{ID: "c", Name: "市商务局", Member: "510900"},
		{ID: "d", Name: "市商务局", Member: "510700"},
	}}
	names := NewNames(&d, nil)
	for name, want := range map[string]string{"绵阳市教育局": "510700", "市商务局": "510900", "市审计局": ""} {
		if got := names.Member(name); got != want {
			t.Errorf("%s is of %q, want %q", name, got, want)
		}
	}
}
