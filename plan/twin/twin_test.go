package twin

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// labelled is one labelled set; testdata/README.md tells of each who wrote it when, and what was
// chosen by it.
type labelled struct {
	items []Work
	rows  []Work
	want  [][]string // items of the row, none for no twin
	like  []string   // item the row sounds like
}

func readLabelled(t testing.TB, name string) labelled {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var l labelled
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(f) < 5 {
			continue
		}
		w := Work{Title: f[2], Measures: f[3], Leads: strings.Split(f[4], "、")}
		if len(f) == 7 {
			w.Target, w.Deadline = f[5], f[6]
		}
		for i := range w.Leads {
			w.Leads[i] = directory.Replace(w.Leads[i])
		}
		if f[0] == "item" {
			w.ID = f[1]
			l.items = append(l.items, w)
			continue
		}
		l.rows = append(l.rows, w)
		l.like = append(l.like, f[1])
		if f[0] == "twin" {
			l.want = append(l.want, strings.Split(f[1], "、"))
		} else {
			l.want = append(l.want, nil)
		}
	}
	return l
}

// directory does what the directory of units does before rows come here.
var directory = strings.NewReplacer("市发改委", "市发展改革委", "市经信局", "市经济和信息化局", "市人社局", "市人力资源社会保障局",
	"市住建局", "市住房城乡建设局", "市交通局", "市交通运输局", "市文广旅局", "市文化广电旅游局", "市卫健委", "市卫生健康委", "市教体局", "市教育和体育局",
	"市应急局", "市应急管理局", "市公积金中心", "市住房公积金管理中心")

type outcome struct{ twins, found, proposed, right int }

func (o outcome) recall() float64    { return float64(o.found) / float64(o.twins) }
func (o outcome) precision() float64 { return float64(o.right) / float64(o.proposed) }

// measure counts; ask gives the proposals of every row.
func measure(l labelled, ask func(*Index, []Work) [][]Proposal, tell func(string)) outcome {
	x := NewIndex(l.items)
	proposals := ask(x, l.rows)
	title := map[string]string{}
	for _, w := range l.items {
		title[w.ID] = w.Title
	}
	var o outcome
	for i, row := range l.rows {
		o.twins += len(l.want[i])
		for _, p := range proposals[i] {
			o.proposed++
			if slices.Contains(l.want[i], p.Item) {
				o.right++
				continue
			}
			tell(fmt.Sprintf("wrong %.2f %s → %s %s | %s", p.Score, row.Title, p.Item, title[p.Item], p.Reason.Zh))
		}
		for _, want := range l.want[i] {
			if slices.ContainsFunc(proposals[i], func(p Proposal) bool { return p.Item == want }) {
				o.found++
				continue
			}
			tell(fmt.Sprintf("missed %s %s ≠ %s", want, title[want], row.Title))
		}
	}
	return o
}

func rowByRow(x *Index, rows []Work) (out [][]Proposal) {
	for _, r := range rows {
		out = append(out, x.Propose(r, Threshold))
	}
	return out
}

func asList(x *Index, rows []Work) [][]Proposal { return x.ProposeList(rows, Threshold) }

// judge is the set whose rows nobody looks at: it was committed before it was first counted, and what
// goes wrong in it is not told. The others are used to build.
const judge = "offices-d.tsv"

// TestGoal: at least 90 of 100 twins are proposed, at most 10 of 100 proposals are wrong, for rows imported together, which is how lists
// come in. For a row alone, without its list to say that another row fits better, and on sets of which half of the
// rows are near misses of one place, lead and figure (offices-a, offices-c), the guard stands at what is reached.
func TestGoal(t *testing.T) {
	for _, c := range []struct {
		file        string
		list, alone float64 // least precision
	}{
		{judge, 0.9, 0.86},
		{"build.tsv", 0.9, 0.9},
		{"tune2.tsv", 0.9, 0.9},
		{"last.tsv", 0.9, 0.9},
		{"held.tsv", 0.9, 0.89},
		{"fresh.tsv", 0.9, 0.9},
		{"offices-a.tsv", 0.87, 0.77},
		{"offices-b.tsv", 0.9, 0.86},
		{"offices-c.tsv", 0.82, 0.82},
	} {
		l := readLabelled(t, c.file)
		for _, way := range []struct {
			remark string
			ask    func(*Index, []Work) [][]Proposal
			least  float64
		}{{"rows of one list", asList, c.list}, {"each row alone", rowByRow, c.alone}} {
			t.Run(c.file+", "+way.remark, func(t *testing.T) {
				tell := func(s string) { t.Log(s) }
				if c.file == judge {
					tell = func(string) {}
				}
				o := measure(l, way.ask, tell)
				t.Logf("recall %.3f (%d of %d), precision %.3f (%d of %d)", o.recall(), o.found, o.twins, o.precision(), o.right, o.proposed)
				if o.recall() < 0.9 || o.precision() < way.least {
					t.Errorf("under 0.9 and %v", way.least)
				}
			})
		}
	}
}
