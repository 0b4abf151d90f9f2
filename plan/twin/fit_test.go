package twin

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

var fit = flag.Bool("fit", false, "fit the weights of the judgement and write weights.go")

// pair is one row beside one item, labelled.
type pair struct {
	row  int
	f    [len(names)]float64
	twin bool
}

// pairsOf gives the pairs that the scorer meets: each row with its nearest candidates. Each comes
// twice, the second time as if kin.txt had none of its words, for it knows the words of these
// sets better than those of lists to come.
func pairsOf(l labelled, first int) (out []pair) {
	x := NewIndex(l.items)
	for i, row := range l.rows {
		e := prepare(row)
		x.known(&e)
		for n, c := range x.candidates(&e) {
			m := x.compare(&e, &x.items[c], 0)
			if is := slices.Contains(l.want[i], x.items[c].work.ID); is || n < 15 && m.shared > 0 {
				out = append(out, pair{first + i, m.features(), is})
				m.kinTitles, m.kinWhole, m.noTopic = 0, 0, true
				m.restTitles, m.restWhole, m.restApart = 0, 0, false
				out = append(out, pair{first + i, m.features(), is})
			}
		}
	}
	return out
}

// fitted finds the weights by Newton's method on the logistic loss; ridge keeps them small.
func fitted(pairs []pair) (w [len(names)]float64) {
	const ridge = 3
	const n = len(names)
	for range 12 {
		var grad [n]float64
		var hess [n][n]float64
		for i := range n {
			hess[i][i] = ridge
			if i == 0 {
				hess[i][i] = 1e-6
			}
			grad[i] = -hess[i][i] * w[i]
		}
		for _, p := range pairs {
			s := 0.0
			for i := range n {
				s += w[i] * p.f[i]
			}
			q := 1 / (1 + math.Exp(-s))
			off := yes(p.twin) - q
			for i := range n {
				grad[i] += off * p.f[i]
				for j := range n {
					hess[i][j] += q * (1 - q) * p.f[i] * p.f[j]
				}
			}
		}
		for i, d := range solved(hess, grad) {
			w[i] += d
		}
	}
	return w
}

// solved solves a·x = b by elimination; a is positive definite.
func solved(a [len(names)][len(names)]float64, b [len(names)]float64) (x [len(names)]float64) {
	const n = len(names)
	for i := range n {
		for k := i + 1; k < n; k++ {
			r := a[k][i] / a[i][i]
			for j := i; j < n; j++ {
				a[k][j] -= r * a[i][j]
			}
			b[k] -= r * b[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		x[i] = b[i]
		for j := i + 1; j < n; j++ {
			x[i] -= a[i][j] * x[j]
		}
		x[i] /= a[i][i]
	}
	return x
}

// fittedSets are the sets that weights.go is fitted on.
var fittedSets = []string{"build.tsv", "tune2.tsv", "last.tsv", "held.tsv", "fresh.tsv", "offices-a.tsv", "offices-b.tsv", "offices-c.tsv"}

// shown is the likelihood from which a pair is proposed; levels are told to choose it from.
const shown = 0.3

var levels = [...]float64{0.24, shown, 0.36}

// TestFit writes weights.go anew: go test ./plan/twin -run TestFit -fit -v
// It tells first what weights fitted on all other sets do on each one.
func TestFit(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	var of [][]pair
	for _, name := range fittedSets {
		of = append(of, pairsOf(readLabelled(t, name), 0))
	}
	for i, name := range fittedSets {
		leftOut(t, name, fitted(slices.Concat(slices.Delete(slices.Clone(of), i, i+1)...)))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "package twin\n\n// weights of the features, in the order of names: fitted on the sets of testdata that fit_test.go names,\n// by go test ./plan/twin -run TestFit -fit.\nvar weights = [len(names)]float64{\n")
	w := fitted(slices.Concat(of...))
	w[0] += math.Log(1/shown - 1) // so that Threshold is 0.5
	for i, w := range w {
		fmt.Fprintf(&b, "\t%.3f, // %s\n", w, names[i])
	}
	b.WriteString("}\n")
	if err := os.WriteFile("weights.go", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// leftOut tells what weights do on a set they were not fitted on.
func leftOut(t *testing.T, name string, w [len(names)]float64) {
	saved := weights
	defer func() { weights = saved }()
	l := readLabelled(t, name)
	for _, level := range levels {
		weights = w
		weights[0] += math.Log(1/level - 1)
		list, alone := measure(l, asList, func(string) {}), measure(l, rowByRow, func(string) {})
		t.Logf("%s left out, threshold %.2f: recall %.3f precision %.3f; row by row %.3f %.3f", name, level,
			list.recall(), list.precision(), alone.recall(), alone.precision())
	}
}

// TestCandidates: what is not among the candidates can not be found.
func TestCandidates(t *testing.T) {
	for _, name := range []string{"build.tsv", "tune2.tsv"} {
		l := readLabelled(t, name)
		x := NewIndex(l.items)
		missing, twins := 0, 0
		for i, row := range l.rows {
			e := prepare(row)
			x.known(&e)
			near := x.candidates(&e)
			for _, want := range l.want[i] {
				twins++
				if !slices.ContainsFunc(near, func(c int32) bool { return x.items[c].work.ID == want }) {
					missing++
					t.Logf("%s not among the candidates: %s", want, row.Title)
				}
			}
		}
		if missing*50 > twins {
			t.Errorf("%s: %d of %d twins are not among the candidates", name, missing, twins)
		}
	}
}
