package twin

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// labelled is one half of the labelled set. The halves share no item. held.tsv was written
// before any number of the scorer was set, and which of its rows go wrong was never looked at;
// but the lexicon is of the same hand as both halves. Rows in build.tsv numbered b2.., b3.. and b4.. were
// first measured as written, with the numbers of the time (recall 0.68, 0.61, 0.73; precision 1.00,
// 0.93, 0.92), and tuned on only then: they show better what to expect of words that the lexicon has never seen.
type labelled struct {
	items []Work
	rows  []Work
	want  []string // item of the row, "" for none
	like  []string // item the row sounds like
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
		if strings.HasPrefix(line, "#") || len(f) != 5 {
			continue
		}
		w := Work{Title: f[2], Measures: f[3], Leads: strings.Split(f[4], "、")}
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
			l.want = append(l.want, f[1])
		} else {
			l.want = append(l.want, "")
		}
	}
	return l
}

// directory does what the directory of units does before rows come here.
var directory = strings.NewReplacer("市发改委", "市发展改革委", "市经信局", "市经济和信息化局", "市人社局", "市人力资源社会保障局",
	"市住建局", "市住房城乡建设局", "市交通局", "市交通运输局", "市文广旅局", "市文化广电旅游局", "市卫健委", "市卫生健康委", "市教体局", "市教育和体育局")

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
		hit := false
		if l.want[i] != "" {
			o.twins++
		}
		for _, p := range proposals[i] {
			o.proposed++
			if p.Item == l.want[i] {
				o.right++
				hit = true
				continue
			}
			tell(fmt.Sprintf("wrong %.2f %s → %s %s | %s", p.Score, row.Title, p.Item, title[p.Item], p.Reason.Zh))
		}
		if hit {
			o.found++
		} else if l.want[i] != "" {
			tell(fmt.Sprintf("missed %s %s ≠ %s", l.want[i], title[l.want[i]], row.Title))
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

// TestGoal: at least 90 of 100 twins are proposed, at most 10 of 100 proposals are wrong.
func TestGoal(t *testing.T) {
	for _, c := range []struct {
		remark, file string
		ask          func(*Index, []Work) [][]Proposal
	}{
		{"tuned on, each row alone", "build.tsv", rowByRow},
		{"tuned on, rows of one list", "build.tsv", asList},
		{"never tuned on, each row alone", "held.tsv", rowByRow},
		{"never tuned on, rows of one list", "held.tsv", asList},
	} {
		t.Run(c.remark, func(t *testing.T) {
			tell := func(string) {}
			if c.file == "build.tsv" { // what goes wrong in the other half stays unseen
				tell = func(s string) { t.Log(s) }
			}
			o := measure(readLabelled(t, c.file), c.ask, tell)
			t.Logf("recall %.3f (%d of %d), precision %.3f (%d of %d)", o.recall(), o.found, o.twins, o.precision(), o.right, o.proposed)
			if o.recall() < 0.9 || o.precision() < 0.9 {
				t.Errorf("under the goal of 0.9 and 0.9")
			}
		})
	}
}
