package twin

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Index holds the items that rows are compared with.
type Index struct {
	items    []entry
	postings map[string][]int32 // term → items, rising
	grams    map[uint64]int32   // how many items have it
	topics   map[uint16]int32   // how many items speak of it
}

// entry is an item prepared for comparison.
type entry struct {
	work     Work
	terms    []term
	grams    []gram
	topics   []topic
	tokens   []token
	text     string // normal title, for abbreviations and parts of words
	said     string // all it says, in normal form
	mentions []mention
	done     act // what the title says is done
	objects  []object
	does     act               // what all of it says
	along    [][]string        // segments of a line that the title names
	phases   map[string]string // of the title
	stages   map[string]string // of target and measures
}

// NewIndex prepares items for comparison, on all processors, about 70 µs each.
func NewIndex(items []Work) *Index {
	x := &Index{postings: map[string][]int32{}, grams: map[uint64]int32{}, topics: map[uint16]int32{}}
	entries := make([]entry, len(items))
	spread(len(items), func(i int) { entries[i] = prepare(items[i]) })
	for _, e := range entries {
		x.add(e)
	}
	return x
}

// spread runs do for 0..n-1 on all processors, in no order, and waits.
func spread(n int, do func(int)) {
	const chunk = 64
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/chunk+1) {
		all.Go(func() {
			for start := int(next.Add(chunk)) - chunk; start < n; start = int(next.Add(chunk)) - chunk {
				for i := start; i < min(start+chunk, n); i++ {
					do(i)
				}
			}
		})
	}
	all.Wait()
}

// Add puts one more item into the index. The same id added twice stands twice.
func (x *Index) Add(w Work) { x.add(prepare(w)) }

func (x *Index) add(e entry) {
	n := int32(len(x.items))
	x.items = append(x.items, e)
	for _, g := range e.grams {
		x.grams[g.key]++
	}
	for _, t := range e.topics {
		x.topics[t.line]++
	}
	for _, t := range e.terms {
		if indexed(t.class) {
			x.postings[t.key] = append(x.postings[t.key], n)
		}
	}
}

func prepare(w Work) entry {
	said := textOf(w)
	ts, gs, tokens := terms(said)
	rest := said.target + "，" + said.measures
	ms := mentions(said.title, rest)
	return entry{
		work: w, terms: ts, grams: gs, mentions: ms, topics: topicsOf(ms), tokens: tokens, said: said.title + "，" + rest, text: said.title,
		objects: objectsIn(said.title, tokens), done: actsIn(said.title), does: actsIn(said.title) | actsIn(rest),
		along: stretches(said.title), phases: phases(said.title), stages: phases(rest),
	}
}

func indexed(c class) bool { return c >= classPlace || c == classRegion || c == classAction }

// weight is what a shared term tells: its class, less the more items have it. The count is
// taken as if there were at least smallest items, so that weights are steady in short lists.
func (x *Index) weight(t term) float64 {
	const smallest = 200
	n := float64(max(len(x.items), smallest)) + 1
	df := float64(len(x.postings[t.key]))
	rarity := math.Log(n/(df+0.5)) / math.Log(n/1.5)
	w := weightOf[t.class] * (0.35 + 0.65*min(rarity, 1))
	if t.class == classNumber {
		w *= telling(t.key)
	}
	return w
}

// effort bounds the work for one row: so many postings are read, rarest terms first, and so
// many candidates are scored with care.
const (
	effortPostings   = 4000
	effortCandidates = 15
)

// candidates are the items that share the most weight with the row, best first.
func (x *Index) candidates(e entry) []int32 {
	type ranked struct {
		list   []int32
		weight float64
	}
	var lists []ranked
	for _, t := range e.terms {
		if l := x.postings[t.key]; len(l) > 0 {
			lists = append(lists, ranked{l, x.weight(t) * t.place})
		}
	}
	slices.SortStableFunc(lists, func(a, b ranked) int { return cmp.Compare(len(a.list), len(b.list)) })
	s := x.sums()
	defer s.release()
	read := 0
	for _, l := range lists {
		if read += len(l.list); read > effortPostings && len(s.touched) > 0 {
			break
		}
		for _, i := range l.list {
			s.add(i, l.weight)
		}
	}
	return s.best()
}

// sums adds up weights of items; a slice as long as the items is kept and used again, for a map
// would take a third of the time of an import.
type sums struct {
	of      []float64
	touched []int32
}

var sumsKept sync.Pool

func (x *Index) sums() *sums {
	s, ok := sumsKept.Get().(*sums)
	if !ok || len(s.of) < len(x.items) {
		return &sums{of: make([]float64, len(x.items))}
	}
	return s
}

func (s *sums) add(item int32, w float64) {
	if s.of[item] == 0 {
		s.touched = append(s.touched, item)
	}
	s.of[item] += w
}

func (s *sums) release() {
	for _, i := range s.touched {
		s.of[i] = 0
	}
	s.touched = s.touched[:0]
	sumsKept.Put(s)
}

// best keeps the items with the largest sums; of equals the earlier ones.
func (s *sums) best() []int32 {
	type ranked struct {
		item int32
		sum  float64
	}
	order := func(a, b ranked) int { return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.item, b.item)) }
	top := make([]ranked, 0, effortCandidates+1)
	for _, i := range s.touched {
		r := ranked{i, s.of[i]}
		if len(top) == effortCandidates && order(top[len(top)-1], r) < 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, r, order)
		top = slices.Insert(top, at, r)
		top = top[:min(len(top), effortCandidates)]
	}
	out := make([]int32, len(top))
	for i, r := range top {
		out[i] = r.item
	}
	return out
}
