package twin

import (
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// invented makes n works of words, places, names and figures; the same n gives the same works.
func invented(n int, seed int64) []Work {
	r := rand.New(rand.NewSource(seed))
	pick := func(from ...string) string { return from[r.Intn(len(from))] }
	name := func() string {
		const chars = "青石白马龙泉金鸡新桥玉丰会仁永兴吉祥回龙文昌高坪仙桃太和明月双溪三合宝梵天保拦江河沙槐花象山卓筒井隆盛"
		c := []rune(chars)
		return string([]rune{c[r.Intn(len(c))], c[r.Intn(len(c))], c[r.Intn(len(c))]})
	}
	out := make([]Work, n)
	for i := range out {
		out[i] = Work{
			ID: fmt.Sprintf("i%d", i),
			Title: pick("加快推进", "实施", "建设", "深化", "完成") + pick("船山区", "安居区", "蓬溪县", "遂潼", "") + name() +
				pick("水库", "幼儿园", "高速公路", "现代农业园区", "污水处理厂", "养老服务中心", "医院", "大桥", "物流园", "小区改造") + pick("工程", "项目", "建设", "改造"),
			Measures: fmt.Sprintf("完成投资%d万元，新建%s%d处", r.Intn(90000), name(), r.Intn(50)),
			Leads:    []string{pick("市发展改革委", "市交通运输局", "市水利局", "市农业农村局", "市教育和体育局")},
		}
	}
	return out
}

// TestScale: a tenth of the goal's load, so that it stays quick on a shared machine.
func TestScale(t *testing.T) {
	items := invented(20_000, 1)
	rows := invented(2_000, 2)
	copy(rows, items[:100])
	for i := range rows {
		rows[i].ID = ""
	}
	start := time.Now()
	got := NewIndex(items).ProposeList(rows, Threshold)
	if d := time.Since(start); d > time.Minute { // under 2 s on two idle cores; a shared machine may be ten times slower
		t.Errorf("took %v", d)
	}
	for i := range 100 {
		if len(got[i]) == 0 || got[i][0].Score < wordForWord {
			t.Errorf("row %d is an item word for word and was not proposed: %v", i, got[i])
		}
	}
}

// BenchmarkImport: 10,000 rows against 100,000 items, the index built anew.
func BenchmarkImport(b *testing.B) {
	items, rows := invented(100_000, 1), invented(10_000, 2)
	for b.Loop() {
		NewIndex(items).ProposeList(rows, Threshold)
	}
}

// TestSameAnswer: the order in which items were added changes nothing but ties, and asking
// twice gives the same answer.
func TestSameAnswer(t *testing.T) {
	l := readLabelled(t, "build.tsv")
	x, y := NewIndex(l.items), NewIndex(nil)
	for i := len(l.items) - 1; i >= 0; i-- {
		y.Add(l.items[i])
	}
	for _, r := range l.rows {
		a, b, c := x.Propose(r, 0.3), x.Propose(r, 0.3), y.Propose(r, 0.3)
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(a, c) {
			t.Errorf("%s: %v, %v, %v", r.Title, a, b, c)
		}
	}
}

// TestAnyText: whatever stands in a cell, nothing breaks, scores stay in 0..1, and a text is
// never less like itself than like another.
func TestAnyText(t *testing.T) {
	words := rapid.SampledFrom([]string{"遂渝", "高速", "一期", "（二期）", "，", "4万亩", "１２０", "推进", "毛家坝", "%", " ", "\n", "�", "医院", "G93", "船山区"})
	rapid.Check(t, func(t *rapid.T) {
		title := func(name string) Work {
			s := ""
			for _, w := range rapid.SliceOfN(words, 0, 12).Draw(t, name) {
				s += w
			}
			return Work{ID: name, Title: s}
		}
		a, b := title("a"), title("b")
		x := NewIndex([]Work{a, b})
		for _, p := range x.Propose(Work{Title: a.Title}, 0) {
			if p.Score < 0 || p.Score > 1 {
				t.Fatalf("%q %v", a.Title, p)
			}
			if p.Item == "b" && len(x.Propose(Work{Title: a.Title}, p.Score)) == 0 {
				t.Fatalf("%q", a.Title)
			}
		}
	})
}

// FuzzPropose: any bytes in any field.
func FuzzPropose(f *testing.F) {
	b, err := os.ReadFile("testdata/build.tsv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b[:600]), "完成4万亩", "年底前")
	f.Add("G42（二期）\xff", "", "")
	x := NewIndex(invented(50, 3))
	f.Fuzz(func(t *testing.T, title, measures, target string) {
		for _, p := range x.Propose(Work{Title: title, Measures: measures, Target: target}, 0) {
			if !(p.Score >= 0 && p.Score <= 1) {
				t.Errorf("score %v", p.Score)
			}
		}
	})
}

// alikeRows are rows that other offices would write of the items: each shares most of its words
// with very many.
func alikeRows(items []Work) []Work {
	rows := make([]Work, len(items))
	for i, w := range items {
		rows[i] = Work{Title: strings.NewReplacer("加快推进", "推动", "实施", "", "建设", "新建").Replace(w.Title), Measures: items[(i*7+3)%len(items)].Measures, Leads: w.Leads}
	}
	return rows
}

// BenchmarkLike: 10,000 rows against 10,000 items that are like them, the index built anew. On a shared machine
// only the time of the processor tells anything.
func BenchmarkLike(b *testing.B) {
	items := invented(10_000, 1)
	rows := alikeRows(items)
	b.ReportAllocs()
	start := processorTime(b)
	for b.Loop() {
		NewIndex(items).ProposeList(rows, Threshold)
	}
	b.ReportMetric(float64((processorTime(b)-start).Milliseconds())/float64(b.N), "cpu-ms/op")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestShortWay: what compare leaves early would not have scored what is asked for.
func TestShortWay(t *testing.T) {
	left := 0
	for _, name := range []string{"tune2.tsv", "offices-a.tsv", "offices-b.tsv"} {
		l := readLabelled(t, name)
		x := NewIndex(l.items)
		for _, row := range l.rows {
			e := prepare(row)
			x.known(&e)
			for i := range x.items {
				whole, short := x.compare(&e, &x.items[i], 0), x.compare(&e, &x.items[i], Threshold)
				if whole.score >= Threshold && whole.score != short.score {
					t.Errorf("%s / %s: %v, %v when asked for %v", row.Title, x.items[i].work.Title, whole.score, short.score, Threshold)
				}
				if whole.score > 0 && short.score == 0 {
					left++
				}
			}
		}
	}
	if left == 0 {
		t.Error("nothing was left early")
	}
}
