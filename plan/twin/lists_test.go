package twin

import (
	"os"
	"strings"
	"testing"
)

// readList reads a task list of the demonstration: title | target | lead | support | deadline.
func readList(t *testing.T, name string) (rows []Work) {
	t.Helper()
	b, err := os.ReadFile("../../demo/lists/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(line, "|")
		if strings.HasPrefix(line, "#") || len(f) != 5 {
			continue
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		w := Work{ID: name + " " + f[0], Title: f[0], Target: f[1]}
		for lead := range strings.SplitSeq(f[2], "；") {
			_, unit, named := strings.Cut(lead, "：")
			if !named {
				unit = lead
			}
			w.Leads = append(w.Leads, unit)
		}
		if f[3] != "" {
			w.Supports = strings.Split(f[3], "、")
		}
		rows = append(rows, w)
	}
	return rows
}

// TestListsOfOneYear: what stands in two lists of the demonstration is found, and little else.
func TestListsOfOneYear(t *testing.T) {
	const likely = 4 // proposals that one may argue about, of some 35
	other := 0
	for _, c := range []struct {
		items, rows string
		want        map[string]string // words of the row's title → words of the item's
	}{
		{"chengyu", "chengduplain", map[string]string{
			"遂渝高速": "遂渝高速", "千亿级锂电": "锂电产业集群", "磷酸铁锂": "磷酸铁锂", "总部基地": "总部基地", "遂甘": "遂甘", "科学仪器": "科研仪器",
			"成都学校结对": "学校结对", "石室中学": "石室中学", "直接结算": "直接结算", "一卡多用": "一卡通", "月度会商": "月度会商", "产学研": "产学研",
		}},
		{"chengyu", "suitong", map[string]string{
			"授信": "授信", "遂渝高速": "遂渝高速", "城际公交": "城际公交", "双江航电": "双江航电", "涪江右岸": "涪江右岸", "蔬菜生产带": "蔬菜生产带", "天府源": "天府源",
			"追溯互认": "追溯互认", "一卡通": "一卡通", "川渝通办": "川渝通办", "转移接续": "转移接续", "招聘会": "就业服务", "医保异地": "直接结算", "大气污染": "大气污染", "旅游线路": "旅游线路",
		}},
		{"chengduplain", "suitong", map[string]string{"遂渝高速": "遂渝高速", "一卡通": "一卡多用", "医保异地": "直接结算", "通借通还": "通借通还"}},
	} {
		x := NewIndex(readList(t, c.items))
		rows := readList(t, c.rows)
		for i, ps := range x.ProposeList(rows, Threshold) {
			for words, item := range c.want {
				if strings.Contains(rows[i].Title, words) && (len(ps) != 1 || !strings.Contains(ps[0].Item, item)) {
					t.Errorf("%s: %v, want the item with %s", rows[i].Title, ps, item)
				}
			}
			for _, p := range ps {
				if !wanted(c.want, rows[i].Title) {
					other++
					t.Logf("also %.2f %s → %s", p.Score, rows[i].ID, p.Item)
				}
			}
		}
	}
	if other > likely {
		t.Errorf("%d other proposals", other)
	}
}

func wanted(want map[string]string, title string) bool {
	for words := range want {
		if strings.Contains(title, words) {
			return true
		}
	}
	return false
}
