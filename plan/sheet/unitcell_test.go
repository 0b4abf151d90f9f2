package sheet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestUnitCells(t *testing.T) {
	for _, c := range []struct {
		text   string
		column string // 牵头, 配合, 责任 (first is lead)
		want   string // lead | support | side:lead/support | flags
	}{
		{"市发改委", "责任", "市发改委"},
		{"（市级）市公安局、市司法局，（区级）区公安局", "责任", "市公安局 | 市司法局 区公安局"},
		{"市发改委、市经信局，市财政局", "责任", "市发改委 | 市经信局 市财政局"},
		{"市发改委、市经信局", "牵头", "市发改委 市经信局"},
		{"市发改委；市经信局;市财政局/市水利局", "配合", " | 市发改委 市经信局 市财政局 市水利局"},
		{"市发改委 市经信局", "牵头", "市发改委 市经信局"},
		{"市 发 改 委", "牵头", "市发改委"},
		{"市水\n利局", "牵头", "市水利局"},
		{"市发展改革委\n市交通运输局\n", "牵头", "市发展改革委 市交通运输局"},
		{"市　财　政　局、市　水　利　局", "牵头", "市财政局 市水利局"},
		{"牵头:市发改委;配合:市交通局、市财政局", "责任", "市发改委 | 市交通局 市财政局"},
		{"牵头单位：市发改委\n配合单位：市交通局、市财政局", "责任", "市发改委 | 市交通局 市财政局"},
		{"牵头单位：市发改委、市水利局；责任单位：市交通局", "责任", "市发改委 市水利局 | 市交通局"},
		{"责任单位：市发改委、市水利局", "责任", "市发改委 | 市水利局"},
		{"由市发改委牵头，市交通局、市财政局配合", "责任", "市发改委 | 市交通局 市财政局"},
		{"由市发改委牵头市交通局配合", "责任", "市发改委 | 市交通局"},
		{"市发改委牵头，市交通局、市财政局等部门配合", "责任", "市发改委 | 市交通局 市财政局"},
		{"市发改委牵头负责，市交通局参与", "责任", "市发改委 | 市交通局"},
		{"市发改委（牵头）、市交通局、市财政局", "责任", "市发改委 | 市交通局 市财政局"},
		{"市发改委、市交通局牵头，市财政局配合", "责任", "市发改委 市交通局 | 市财政局"},
		{"市发改委会同市交通局", "责任", "市发改委 | 市交通局"},
		{"市发改委、市交通局（配合）", "责任", "市发改委 | 市交通局"},
		{"遂宁市：市发展改革委；潼南区：区发展改革委", "责任", "市发展改革委 | 500152:区发展改革委"},
		{"遂宁市:市发展改革委、市交通运输局;潼南区:区发展改革委、区交通局", "责任", "市发展改革委 | 市交通运输局 | 500152:区发展改革委/区交通局"},
		{"遂宁市：牵头市发改委，配合市交通局；潼南区：牵头区发展改革委，配合区交通局", "责任", "市发改委 | 市交通局 | 500152:区发展改革委/区交通局"},
		{"遂宁市牵头单位：市发改委\n潼南区牵头单位：区交通局", "责任", "市发改委 | 500152:区交通局"},
		{"遂宁：市发改委 潼南：区交通局", "责任", "市发改委 | 500152:区交通局"},
		{"潼南区：区交通局", "牵头", " | 500152:区交通局"},
		{"各县（市、区）人民政府，市级有关部门", "配合", " | 各县（市、区）人民政府 市级有关部门"},
		{"市发改委、各县(市、区)", "责任", "市发改委 | 各县(市、区)"},
		{"市发改委、市经信局按职责分工负责", "责任", "市发改委 市经信局 | shared"},
		{"市发改委、市经信局等部门按职责分工负责", "责任", "市发改委 市经信局 | shared"},
		{"市级有关部门按照职责分工负责", "责任", "shared"},
		{"市发改委、市交通局等", "配合", " | 市发改委 市交通局"},
		{"市发改委等相关部门", "牵头", "市发改委"},
		{"市发改委等部门、各县（市、区）", "牵头", "市发改委 各县（市、区）"},
		{"1.市发改委；2.市交通局", "牵头", "市发改委 市交通局"},
		{"市发展和改革委员会", "牵头", "市发展和改革委员会"},
		{"市自然资源和规划局和市水利局", "配合", " | 市自然资源和规划局 市水利局"},
		{"市发改委 张三", "牵头", "市发改委 | people 张三"},
		{"市民政局；\n责任人：张三；联系电话：2221234", "责任", "市民政局 | people 张三 2221234"},
		{"市发改委（市以工代赈办、市能源局）、市水利局", "配合", " | 市发改委（市以工代赈办、市能源局） 市水利局"},
		{"/", "牵头", ""},
		{"—", "配合", ""},
		{"", "牵头", ""},
		{"市发改委：负责统筹；市交通局：负责建设", "牵头", "市发改委 市交通局"},
		{"遂潼涪江创新产业园区管委会", "牵头", "遂潼涪江创新产业园区管委会"},
		{"牵头单位:市经信局 配合单位:市财政局 市水利局", "责任", "市经信局 | 市财政局 市水利局"},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := describeUnits(readerFor(c.column).read(c.text)); strings.TrimSpace(got) != strings.TrimSpace(c.want) {
				t.Errorf("%s %q:\n got %s\nwant %s", c.column, c.text, got, c.want)
			}
		})
	}
}

func readerFor(column string) *unitReader {
	sides := newSideBook(&suining)
	b := newUnitBook(&suining, sides, nil)
	u := &unitReader{sides: sides, known: b.knows, role: Lead}
	switch column {
	case "配合":
		u.role = Support
	case "责任":
		u.first = true
	}
	return u
}

func describeUnits(c unitCell) string {
	parts := []string{strings.Join(c.own.Lead, " ")}
	if len(c.own.Support) > 0 {
		parts = append(parts, strings.Join(c.own.Support, " "))
	}
	for _, s := range sortedKeys(c.sides) {
		text := s + ":" + strings.Join(c.sides[s].Lead, " ")
		if len(c.sides[s].Support) > 0 {
			text += "/" + strings.Join(c.sides[s].Support, " ")
		}
		parts = append(parts, text)
	}
	if c.shared {
		parts = append(parts, "shared")
	}
	if len(c.people) > 0 {
		parts = append(parts, "people "+strings.Join(c.people, " "))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" && len(parts) > 1 && c.shared }), " | ")
}

func FuzzUnitCell(f *testing.F) {
	for _, s := range []string{"市发改委、市经信局", "由A牵头B配合", "遂宁市:市发改委;潼南区:区交通局", "各县（市、区）", "(（牵头", "市发改委会同", "( （"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, column := range []string{"牵头", "配合", "责任"} {
			c := readerFor(column).read(s)
			for _, n := range append(slices.Clone(c.own.Lead), c.own.Support...) {
				if strings.TrimSpace(n) == "" {
					t.Errorf("%q gives an empty name", s)
				}
			}
		}
	})
}

func TestUnitNames(t *testing.T) {
	sides := newSideBook(&suining)
	b := newUnitBook(&suining, sides, map[string]string{"老交通": "s-jtj"})
	for _, c := range []struct{ side, name, want, remark string }{
		{"", "市发展改革委", "s-fgw name", ""},
		{"", "市发改委", "s-fgw name", "alias"},
		{"", "遂宁市发展和改革委员会", "s-fgw name", "full form"},
		{"", "市发展和改革委员会", "s-fgw form", "full form without the place"},
		{"", "遂宁市发改委", "s-fgw form", ""},
		{"", "遂宁市交通运输局", "s-jtj form", ""},
		{"", "市人社局", "s-rsj form", ""},
		{"", "市人力资源和社会保障局", "s-rsj form", ""},
		{"", "市住建局", "s-zjj form", ""},
		{"", "市住房和城乡建设局", "s-zjj form", ""},
		{"", "船山区", "s-csq name", ""},
		{"", "船山区政府", "s-csq name", ""},
		{"", "潼南区发展改革委", "t-fgw form", "the neighbour's full form"},
		{"", "重庆市潼南区发展和改革委员会", "t-fgw form", ""},
		{"500152", "区发展改革委", "t-fgw name", ""},
		{"500152", "区农业农村委员会", "t-nyw form", ""},
		{"", "各县（市、区）", "g-xq group", ""},
		{"", "各县(市、区)人民政府", "g-xq group", "half width"},
		{"", "老交通", "s-jtj remembered", ""},
		{"", "市发改局", "? 市发展改革委", "wrong end"},
		{"", "市交通委", "? 市交通运输局", ""},
		{"", "发改委", "? 市发展改革委", "no level"},
		{"", "市水务局", "? 市水利局", ""},
		{"", "市生态环保局", "? 市生态环境局", ""},
		{"", "市烟花爆竹专班", "?", "nothing near"},
	} {
		t.Run(c.name+" "+c.remark, func(t *testing.T) {
			m := b.match(c.side, c.name)
			got := fmt.Sprint(m.ID, " ", m.By)
			if !m.Known() {
				got = "?"
				if len(m.Proposals) > 0 {
					got += " " + m.Proposals[0].Name
				}
			}
			if got != c.want {
				t.Errorf("%q: %s, want %s (%+v)", c.name, got, c.want, m.Proposals)
			}
		})
	}
}
