package twin

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPropose(t *testing.T) {
	for _, c := range []struct {
		remark, item, row string
		want              bool
	}{
		{"another name of the same road", "加快推进成南高速公路扩容工程", "实施G42成都至南充高速扩容（成南）", true},
		{"short form", "建设社会保障卡服务网点", "新增社保卡网点", true},
		{"full width and blanks", "建成５Ｇ基站 １２００ 个", "新建5G基站1200个", true},
		{"list number and unit at the end", "（三）推进毛家坝水库建设（责任单位：市水利局）", "加快毛家坝水库建设", true},
		{"another phase", "建设陆港物流园一期", "建设陆港物流园二期", false},
		{"another place", "建设船山区农产品加工园", "建设安居区农产品加工园", false},
		{"another segment of a road", "国道318线船山过境段路面改造", "国道318线安居至蓬溪段路面改造", false},
		{"a segment by its short form", "推进绵遂内铁路绵阳至遂宁段建设", "绵遂内铁路（绵遂段）建设", true},
		{"the first and the second", "实施城南第一污水处理厂扩能", "实施城南第二污水处理厂扩能", false},
		{"another name", "推进毛家坝水库建设", "推进石洞沟水库建设", false},
		{"another bridge with the same measures", "加固涪江大桥", "加固琼江大桥", false},
		{"another river", "建设涪江水质自动监测站", "建设琼江水质自动监测站", false},
		{"another road of the network", "国道318线大中修", "省道205线大中修", false},
		{"a road by its number in two notations", "国道318线大中修", "G318大中修工程", true},
		{"the same power in two units", "签约可中断负荷8万千瓦", "可中断负荷签约80兆瓦", true},
		{"another level of school", "新建小学5所", "新建高中5所", false},
		{"another animal", "稳定生猪产能", "稳定蔬菜产能", false},
		{"only office words in common", "持续深化体制机制改革", "持续深化作风建设", false},
		{"nothing at all", "", "", false},
	} {
		t.Run(c.remark, func(t *testing.T) {
			x := NewIndex([]Work{{ID: "item", Title: c.item}})
			if got := x.Propose(Work{Title: c.row}, Threshold); (len(got) > 0) != c.want {
				t.Errorf("%s / %s: %+v, all: %+v", c.item, c.row, got, x.Propose(Work{Title: c.row}, 0))
			}
		})
	}
}

func TestReason(t *testing.T) {
	x := NewIndex([]Work{{ID: "i", Title: "新建高标准农田15万亩", Leads: []string{"市农业农村局"}}})
	p := x.Propose(Work{Title: "建成高标准农田15万亩", Leads: []string{"市农业农村局"}}, Threshold)
	if len(p) != 1 {
		t.Fatal(p)
	}
	r := p[0].Reason
	if r.Code != "same-words" || r.Leads != 1 || !strings.Contains(r.Zh, "15万亩") || !strings.Contains(r.En, "lead unit") {
		t.Errorf("%+v", r)
	}
}

// TestReasonNames: a doubt says which things differ, in the words of the two works.
func TestReasonNames(t *testing.T) {
	for _, c := range []struct{ row, item, doubt, zh string }{
		{"琼江大桥一期建设", "琼江大桥二期", "other-phase", "同一桥：琼江大桥；都提到“大桥”“琼江”；序号不同：一期≠二期"},
		{"涪江大桥建设", "琼江大桥建设", "other-object", "不是同一桥：涪江大桥≠琼江大桥"},
		{"红江镇污水处理站", "文井镇污水处理站", "other-name", "名称不同：红江≠文井"},
		{"国道318线船山过境段改造", "国道318线安居至蓬溪段改造", "other-segment", "船山≠安居至蓬溪"},
		{"新建小学5所", "新建小学8所", "other-figure", "数量不同：5所≠8所"},
		{"省道205线射洪段灾毁恢复", "编制省道205线射洪段规划", "other-act", "所做的事不同"},
	} {
		ps := NewIndex([]Work{{ID: "i", Title: c.item}}).Propose(Work{Title: c.row}, 0)
		if len(ps) != 1 || !slices.Contains(ps[0].Reason.Doubts, c.doubt) || !strings.Contains(ps[0].Reason.Zh, c.zh) {
			t.Errorf("%s / %s: %+v", c.row, c.item, ps)
		}
	}
}

func TestProposeList(t *testing.T) {
	x := NewIndex([]Work{{ID: "i", Title: "推进毛家坝水库建设"}})
	rows := []Work{{Title: "加快毛家坝水库建设"}, {Title: "毛家坝库区移民安置和水库水源保护"}, {Title: "推进毛家坝水库建设"}}
	got := x.ProposeList(rows, Threshold)
	if len(got[0]) != 1 || len(got[1]) != 0 || len(got[2]) != 1 {
		t.Errorf("two rows that surely are it stay, the weak one goes: %+v", got)
	}
	weak := x.ProposeList(rows, 0.1)[1]
	if alone := x.Propose(rows[1], 0.1); len(weak) != 1 || len(alone) != 1 || weak[0].Score >= alone[0].Score ||
		!slices.Contains(weak[0].Reason.Doubts, "other-row") || slices.Contains(alone[0].Reason.Doubts, "other-row") {
		t.Errorf("the weak one is shown as such: %+v, alone %+v", weak, alone)
	}
}

// TestTwoWorksInOneRow: a row that holds two works has both for twins; a second item that shares
// no other words than the first is only shown.
func TestTwoWorksInOneRow(t *testing.T) {
	x := NewIndex([]Work{
		{ID: "plan", Title: "编制涪江湾园区国土空间规划", Leads: []string{"规划局"}},
		{ID: "halls", Title: "建设涪江湾园区标准化厂房一期", Leads: []string{"管委会"}},
		{ID: "water", Title: "建设涪江湾园区污水处理站", Leads: []string{"管委会"}},
	})
	row := Work{Title: "涪江湾园区规划建设", Measures: "国土空间规划获批，一期标准厂房完工", Leads: []string{"管委会", "规划局"}}
	var sure, weak []string
	for _, p := range x.Propose(row, 0.01) {
		if p.Score >= Threshold {
			sure = append(sure, p.Item)
		} else if slices.Contains(p.Reason.Doubts, "other-item") {
			weak = append(weak, p.Item)
		}
	}
	slices.Sort(sure)
	if !slices.Equal(sure, []string{"halls", "plan"}) || !slices.Equal(weak, []string{"water"}) {
		t.Errorf("sure %v, weak %v: %+v", sure, weak, x.Propose(row, 0.01))
	}
}

func TestDifferences(t *testing.T) {
	a := Work{Title: "建设 水库", Leads: []string{"b", "a"}, Deadline: "2022-06-30", Target: "开工"}
	b := Work{Title: "建设水库", Leads: []string{"a", "b"}, Deadline: "2022-12-31", Target: "开工", Sections: []string{"二"}}
	want := []Difference{{"deadline", "2022-06-30", "2022-12-31"}, {"section", "", "二"}}
	if d := cmp.Diff(want, Differences(a, b)); d != "" {
		t.Error(d)
	}
	if got := Differences(a, a); got != nil {
		t.Error(got)
	}
}

// TestLexicon: a word stands once, or its meaning would hang on the order of lines.
func TestLexicon(t *testing.T) {
	seen := map[string]int{}
	for n, line := range strings.Split(lexiconText, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		for _, w := range f[1:] {
			if at, ok := seen[w]; ok {
				t.Errorf("line %d: %s stands in line %d", n+1, w, at)
			}
			seen[w] = n + 1
		}
	}
}

// TestAFewCommonWordsAreNoTwin: a row that says little is not the work of every row that says it too.
func TestAFewCommonWordsAreNoTwin(t *testing.T) {
	items := append(readLabelled(t, "build.tsv").items, Work{
		ID: "platform", Title: "建设共同的物流信息平台", Target: "接入企业60户", Leads: []string{"市商务局"},
	})
	x := NewIndex(items)
	if got := x.Propose(Work{Title: "支持物流企业做大做强", Deadline: "持续推进"}, Threshold); len(got) > 0 {
		t.Errorf("proposed %s with %.2f: %s", got[0].Item, got[0].Score, got[0].Reason.Zh)
	}
	x = NewIndex(append(items, Work{ID: "meeting", Title: "召开联合领导小组会议", Target: "每季度一次", Leads: []string{"市发展改革委"}}))
	if got := x.Propose(Work{Title: "每季度召开毗邻区县联席会议", Target: "4次", Leads: []string{"市发展改革委"}}, Threshold); len(got) > 0 {
		t.Errorf("proposed %s with %.2f: %s", got[0].Item, got[0].Score, got[0].Reason.Zh)
	}
	if got := x.Propose(Work{Title: "建设共同的物流信息平台", Deadline: "持续推进"}, Threshold); len(got) == 0 || got[0].Item != "platform" {
		t.Errorf("the same title is not proposed: %+v", got)
	}
}
