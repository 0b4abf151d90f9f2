package judge

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	somePeriod = rapid.Custom(func(t *rapid.T) Period {
		return PeriodOf(rapid.SampledFrom(Cycles()).Draw(t, "cycle"), someDay.Draw(t, "day"))
	})
	// someDay is dense, so that facts meet on one day, over two year's ends.
	someDay = rapid.Custom(func(t *rapid.T) Date {
		return Date("2021-12-01").AddDays(rapid.IntRange(0, 430).Draw(t, "n"))
	})
	maybeDay = rapid.OneOf(rapid.Just(Date("")), someDay)
	someWork = rapid.Custom(drawWork)
)

func drawWork(t *rapid.T) Work {
	w := Work{
		Deadline:   Deadline{rapid.SampledFrom([]DeadlineKind{By, By, EveryMonth, Ongoing, Unclear}).Draw(t, "kind"), maybeDay.Draw(t, "deadline")},
		Started:    maybeDay.Draw(t, "started"),
		Claim:      Claim{rapid.SampledFrom([]WorkState{OnTime, AtRisk, Done, ""}).Draw(t, "claim"), maybeDay.Draw(t, "claimed")},
		Completion: Completion{maybeDay.Draw(t, "done"), maybeDay.Draw(t, "confirmed")},
		Overrule:   Overrule{rapid.SampledFrom(WorkStates()).Draw(t, "overrule"), maybeDay.Draw(t, "overruled"), "r"},
		Dropped:    maybeDay.Draw(t, "dropped"),
		WarnDays:   rapid.IntRange(-1, 40).Draw(t, "warn"),
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "milestones") {
		w.Milestones = append(w.Milestones, Milestone{fmt.Sprint("m", i), maybeDay.Draw(t, "due"), maybeDay.Draw(t, "made")})
	}
	return w
}

func someFiling(t *rapid.T) Filing {
	f := Filing{Opens: someDay.Draw(t, "opens")}
	f.Cutoff = f.Opens.AddDays(rapid.IntRange(0, 40).Draw(t, "open"))
	days := rapid.SliceOfN(someDay, 0, 5).Draw(t, "steps")
	slices.Sort(days)
	for _, day := range days {
		f.Steps = append(f.Steps, Step{rapid.SampledFrom([]FilingState{Filed, Returned, Accepted}).Draw(t, "what"), day})
	}
	return f
}

// An outlook covers all time, says on every day what the rule says of that day, and knows
// nothing that was written later.
func TestOutlookCoversAndForesees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, day := someWork.Draw(t, "work"), maybeDay.Draw(t, "as of")
		spans := Outlook(w)
		if !Covers(spans) {
			t.Fatalf("gap or overlap: %v", spans)
		}
		state, reason := w.on(day)
		if s := At(spans, day); s.State != state || s.Reason != reason {
			t.Fatalf("as of %q: span %v, rule %v %v", day, s, state, reason)
		}
		then := At(Outlook(w.Known(day)), day)
		if s := At(spans, day); s.State != then.State || s.Reason != then.Reason {
			t.Fatalf("as of %q: %v, but with what was known then %v", day, s, then)
		}
	})
}

// Work that is finished, dropped or overruled apart, no day makes a listing better by itself.
func TestTimeAloneNeverHelps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, day := someWork.Draw(t, "work"), someDay.Draw(t, "as of")
		spans := Outlook(w.Known(day))
		if now, next := At(spans, day), At(spans, day.AddDays(rapid.IntRange(1, 300).Draw(t, "days"))); next.State.rank() > now.State.rank() {
			t.Fatalf("%v became %v by waiting", now, next)
		}
	})
}

func TestKnownKeepsItsArgument(t *testing.T) {
	w := Work{Milestones: []Milestone{{"m", "2022-06-30", "2022-06-20"}}}
	if w.Known("2022-06-19").Milestones[0].Done != "" || w.Milestones[0].Done == "" {
		t.Error("facts after the as-of date are dropped from the copy only")
	}
}

func TestReportOutlookCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, day := someFiling(t), maybeDay.Draw(t, "as of")
		spans := ReportOutlook(f)
		if !Covers(spans) {
			t.Fatalf("gap or overlap: %v", spans)
		}
		state, reason := f.on(day)
		if s := At(spans, day); s.State != state || s.Reason != reason {
			t.Fatalf("as of %q: span %v, rule %v %v", day, s, state, reason)
		}
	})
}

// The merge neither depends on order nor on grouping, and states the worst of each day.
func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := Outlook(someWork.Draw(t, "a")), Outlook(someWork.Draw(t, "b")), Outlook(someWork.Draw(t, "c"))
		all, day := Merge(a, b, c), maybeDay.Draw(t, "as of")
		for law, same := range map[string][]WorkSpan{
			"associative": Merge(a, Merge(b, c)), "grouped": Merge(Merge(a, b), c),
			"commutative": Merge(c, a, b), "idempotent": Merge(all, all, a), "identity": Merge(all, nil),
		} {
			if !slices.Equal(all, same) {
				t.Fatalf("not %s: %v, %v", law, all, same)
			}
		}
		if !Covers(all) || !slices.Equal(Merge(a), a) {
			t.Fatalf("gap, overlap or change of one: %v", all)
		}
		states := []WorkState{At(a, day).State, At(b, day).State, At(c, day).State}
		worst := slices.MinFunc(states, func(x, y WorkState) int { return x.rank() - y.rank() })
		if got := At(all, day).State; got != worst {
			t.Fatalf("as of %q %v merged to %s", day, states, got)
		}
	})
}

func TestSpliceKeepsThePast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := Outlook(someWork.Draw(t, "before")), Outlook(someWork.Draw(t, "later"))
		from, day := maybeDay.Draw(t, "from"), maybeDay.Draw(t, "as of")
		spans, want := Splice(a, from, b), At(a, day)
		if day >= from {
			want = At(b, day)
		}
		if got := At(spans, day); !Covers(spans) || got.State != want.State || got.Reason != want.Reason {
			t.Fatalf("as of %q, from %q: %v, want %v in %v", day, from, got, want, spans)
		}
	})
}

// Counting by deltas is counting the listings one by one, on every day.
func TestDeltasCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		works, day := rapid.SliceOfN(someWork, 0, 8).Draw(t, "works"), maybeDay.Draw(t, "as of")
		var outlooks [][]WorkSpan
		want := map[WorkState]int{}
		var parts [][]WorkDelta
		for _, w := range works {
			spans := Outlook(w)
			outlooks, parts = append(outlooks, spans), append(parts, Deltas(spans))
			want[At(spans, day).State]++
		}
		deltas := Deltas(outlooks...)
		if got := Counts(deltas, day); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("as of %q counted %v, want %v", day, got, want)
		}
		if sum := Sum(parts...); !slices.Equal(sum, deltas) || len(Sum(sum, Negate(deltas))) != 0 {
			t.Fatalf("the deltas of all are not the sum of the deltas of each: %v, %v", sum, deltas)
		}
		if slices.ContainsFunc(deltas, func(d WorkDelta) bool { return d.N == 0 }) {
			t.Fatalf("a delta of nothing: %v", deltas)
		}
	})
}

// The periods of a cycle tile time, and every name leads back to its period.
func TestPeriodsTileTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, day := somePeriod.Draw(t, "period"), someDay.Draw(t, "day")
		if back, err := ParsePeriod(string(p)); err != nil || back != p {
			t.Fatalf("%s: %v", p, err)
		}
		if p.Cycle() != AdHoc && (p.Next().Prev() != p || p.Next().First() != p.Last().AddDays(1)) {
			t.Fatalf("%s is followed by %s", p, p.Next())
		}
		if inside := PeriodOf(p.Cycle(), day) == p; inside != day.between(p.First(), p.Last()) {
			t.Fatalf("%s in %s..%s: %v", day, p.First(), p.Last(), inside)
		}
		r := Rhythm{rapid.IntRange(0, 31).Draw(t, "cutoff"), rapid.IntRange(0, 10).Draw(t, "grace"), rapid.IntRange(0, 366).Draw(t, "open")}
		if r.Check() != nil || r.Opens(p) > r.Cutoff(p) {
			t.Fatalf("%s opens %s after its cut-off %s", p, r.Opens(p), r.Cutoff(p))
		}
	})
}

func TestPartsMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, cycle := somePeriod.Draw(t, "period"), rapid.SampledFrom(Cycles()).Draw(t, "parts")
		parts := Parts(p, cycle)
		if len(parts) == 0 {
			return
		}
		if parts[0].First() != p.First() || parts[len(parts)-1].Last() != p.Last() {
			t.Fatalf("%s is not %v", p, parts)
		}
		for i, part := range parts {
			if part.Cycle() != cycle || !Within(part, p) || i > 0 && parts[i-1].Next() != part {
				t.Fatalf("%s is not %v", p, parts)
			}
		}
	})
}

// A percentage is exact to its decimal: half a tenth more or less at most, half goes up.
func TestPercentIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		due := rapid.IntRange(1, 1_000_000).Draw(t, "due")
		r := Rate{rapid.IntRange(0, due).Draw(t, "on time"), due}
		var whole, tenth int
		if _, err := fmt.Sscanf(r.Percent(), "%d.%d%%", &whole, &tenth); err != nil {
			t.Fatal(err)
		}
		if diff := 2 * (due*(whole*10+tenth) - r.OnTime*1000); diff > due || diff <= -due {
			t.Fatalf("%s is not %s", r, r.Percent())
		}
	})
}

func TestDaysAreCivil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "unix"), 0).In(Beijing)
		day, n := DateIn(moment, Beijing), rapid.IntRange(-4000, 4000).Draw(t, "days")
		if _, err := ParseDate(string(day)); err != nil {
			t.Fatal(err)
		}
		if day.AddDays(n) != DateIn(moment.AddDate(0, 0, n), Beijing) || (day.AddDays(n) > day) != (n > 0) {
			t.Fatalf("%s %+d days is %s", day, n, day.AddDays(n))
		}
	})
}

// No bytes from outside break the reader, and what it takes it gives back.
func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"2022-06-x1", "2022-06", "2022-Q2", "2022-H1", "2022", "2022-06-15", "2022-6", "９", "-001", "0000-H1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		p, err := ParsePeriod(id)
		if err != nil {
			if p != "" {
				t.Fatalf("refused %q, yet gave %q", id, p)
			}
			return
		}
		if string(p) != id || p.First() == "" || p.First() > p.Last() || PeriodOf(p.Cycle(), p.First()) != p || PeriodOf(p.Cycle(), p.Last()) != p {
			t.Fatalf("%q is %q, %s..%s", id, p, p.First(), p.Last())
		}
	})
}

func FuzzParseLegend(f *testing.F) {
	f.Add([]byte(`[{"state":"late","light":"red","label":"滞后"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if legend, err := ParseLegend(data); err == nil && len(legend) != len(WorkStates()) {
			t.Fatalf("took %d lamps", len(legend))
		}
	})
}
