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
		for n, c := range x.candidates(e) {
			m := x.compare(&e, &x.items[c])
			if is := x.items[c].work.ID == l.want[i]; is || n < 15 && m.shared > 0 {
				out = append(out, pair{first + i, m.features(), is})
				m.kinTitles, m.kinWhole, m.noTopic = 0, 0, true
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
	for range 30 {
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

// TestFit writes weights.go anew: go test ./plan/twin -run TestFit -fit
func TestFit(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	build, tune, last := readLabelled(t, "build.tsv"), readLabelled(t, "tune2.tsv"), readLabelled(t, "last.tsv")
	pairs := slices.Concat(pairsOf(build, 0), pairsOf(tune, 0), pairsOf(last, 0))
	crossed(t, []labelled{build, tune, last})
	var b strings.Builder
	fmt.Fprintf(&b, "package twin\n\n// weights of the features, in the order of names: fitted on testdata/build.tsv,\n// tune2.tsv and last.tsv by go test ./plan/twin -run TestFit -fit.\nvar weights = [len(names)]float64{\n")
	w := fitted(pairs)
	w[0] += math.Log(1/shown - 1) // so that Threshold is 0.5
	for i, w := range w {
		fmt.Fprintf(&b, "\t%.3f, // %s\n", w, names[i])
	}
	b.WriteString("}\n")
	if err := os.WriteFile("weights.go", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// crossed tells what weights fitted on nine tenths of each set do on the other tenth.
func crossed(t *testing.T, sets []labelled) {
	saved := weights
	defer func() { weights = saved }()
	var all []pair
	first := make([]int, len(sets))
	n := 0
	for i, l := range sets {
		first[i] = n
		all = append(all, pairsOf(l, n)...)
		n += len(l.rows)
	}
	const folds = 10
	for s, l := range sets {
		var alone, listed [len(levels)]outcome
		for fold := range folds {
			var train []pair
			for _, p := range all {
				if p.row/3%folds != fold {
					train = append(train, p)
				}
			}
			weights = fitted(train)
			part := l
			part.want = append([]string(nil), l.want...)
			keep := func(ask func(*Index, []Work) [][]Proposal) func(*Index, []Work) [][]Proposal {
				return func(x *Index, rows []Work) [][]Proposal {
					out := ask(x, rows)
					for i := range out {
						if (first[s]+i)/3%folds != fold {
							out[i] = nil
							part.want[i] = ""
						}
					}
					return out
				}
			}
			for k, level := range levels {
				part.want = append([]string(nil), l.want...)
				alone[k] = alone[k].plus(measure(part, keep(func(x *Index, rows []Work) (out [][]Proposal) {
					for _, r := range rows {
						out = append(out, x.Propose(r, level))
					}
					return out
				}), func(string) {}))
				part.want = append([]string(nil), l.want...)
				listed[k] = listed[k].plus(measure(part, keep(func(x *Index, rows []Work) [][]Proposal { return x.ProposeList(rows, level) }), func(string) {}))
			}
		}
		for k, level := range levels {
			t.Logf("set %d unseen tenths, threshold %.2f: recall %.3f precision %.3f; as list recall %.3f precision %.3f", s, level,
				alone[k].recall(), alone[k].precision(), listed[k].recall(), listed[k].precision())
		}
	}
}

// shown is the likelihood from which a pair is proposed: of what crossed tells, where recall and
// precision of the rows of a list are both well over the goal.
const shown = 0.32

// levels are the thresholds told by crossed, to choose Threshold from.
var levels = [...]float64{0.25, 0.3, 0.35, 0.4, 0.48}

func (o outcome) plus(p outcome) outcome {
	return outcome{o.twins + p.twins, o.found + p.found, o.proposed + p.proposed, o.right + p.right}
}

// TestCandidates: what is not among the candidates can not be found.
func TestCandidates(t *testing.T) {
	for _, name := range []string{"build.tsv", "tune2.tsv"} {
		l := readLabelled(t, name)
		x := NewIndex(l.items)
		missing, twins := 0, 0
		for i, row := range l.rows {
			if l.want[i] == "" {
				continue
			}
			twins++
			found := false
			e := prepare(row)
			for _, c := range x.candidates(e) {
				found = found || x.items[c].work.ID == l.want[i]
			}
			if !found {
				missing++
				t.Logf("%s not among the candidates: %s", l.want[i], row.Title)
			}
		}
		if missing*50 > twins {
			t.Errorf("%s: %d of %d twins are not among the candidates", name, missing, twins)
		}
	}
}
