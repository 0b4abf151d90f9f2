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
	terms    numbers[string]
	postings [][]int32 // of each term: items, rising
	grams    numbers[uint64]
	topics   map[uint16]int32 // how many items speak of it
	logAll   float64          // logarithm of how many items there are, at least smallest
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
	x := &Index{terms: newNumbers[string](), grams: newNumbers[uint64](), topics: map[uint16]int32{}}
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
	for i := range e.grams {
		e.grams[i].id = x.grams.count(e.grams[i].key)
	}
	for _, t := range e.topics {
		x.topics[t.line]++
	}
	for i := range e.terms {
		t := &e.terms[i]
		if t.id = none; !indexed(t.class) {
			continue
		}
		if t.id = x.terms.count(t.key); int(t.id) == len(x.postings) {
			x.postings = append(x.postings, nil)
		}
		x.postings[t.id] = append(x.postings[t.id], n)
	}
	x.items = append(x.items, e)
	x.logAll = math.Log(float64(max(len(x.items), smallest)) + 1)
}

// known gives the terms and grams of a row the numbers that the index has for them.
func (x *Index) known(row *entry) {
	for i := range row.grams {
		row.grams[i].id = x.grams.of(row.grams[i].key)
	}
	for i := range row.terms {
		row.terms[i].id = x.terms.of(row.terms[i].key)
	}
}

// numbers gives keys numbers from 0 and counts the items that have them.
type numbers[K comparable] struct {
	ids   map[K]int32
	items []int32
}

// none is the number of what no item has.
const none = -1

func newNumbers[K comparable]() numbers[K] { return numbers[K]{ids: map[K]int32{}} }

func (n *numbers[K]) count(key K) int32 {
	id, ok := n.ids[key]
	if !ok {
		id = int32(len(n.items))
		n.ids[key], n.items = id, append(n.items, 0)
	}
	n.items[id]++
	return id
}

func (n *numbers[K]) of(key K) int32 {
	if id, ok := n.ids[key]; ok {
		return id
	}
	return none
}

func prepare(w Work) entry {
	said := textOf(w)
	ts, gs, tokens := terms(said)
	rest := said.target + "，" + said.measures
	ms, done := mentions(said.title, rest), actsIn(said.title)
	return entry{
		work: w, terms: ts, grams: gs, mentions: ms, topics: topicsOf(ms), tokens: tokens, said: said.title + "，" + rest, text: said.title,
		objects: objectsIn(said.title, tokens), done: done, does: done | actsIn(rest),
		along: stretches(said.title), phases: phases(said.title), stages: phases(rest),
	}
}

func indexed(c class) bool { return c >= classPlace || c == classRegion || c == classAction }

// weight is what a shared term tells: its class, less the more items have it.
func (x *Index) weight(t *term) float64 {
	have := 0
	if t.id != none {
		have = len(x.postings[t.id])
	}
	return weightOf[t.class] * (0.35 + 0.65*x.rarity(have)) * t.tells
}

// smallest is how many items there are at least taken to be, so that weights are steady in short lists.
const smallest = 200

// rarity is 1 for what at most one item has and falls with the logarithm of how many have it.
func (x *Index) rarity(have int) float64 {
	return min(1, (x.logAll-logHalf(have))/(x.logAll-logHalf(1)))
}

// logHalf is the logarithm of n and a half; small ones are kept, for an import asks ten million times.
func logHalf(n int) float64 {
	if n < len(logsKept) {
		return logsKept[n]
	}
	return math.Log(float64(n) + 0.5)
}

var logsKept = func() (logs [4096]float64) {
	for i := range logs {
		logs[i] = math.Log(float64(i) + 0.5)
	}
	return logs
}()

// effort bounds the work for one row: so many postings are read, rarest terms first, and so
// many candidates are scored with care.
const (
	effortPostings   = 4000
	effortCandidates = 15
)

// candidates are the items that share the most weight with the row, best first.
func (x *Index) candidates(e *entry) []int32 {
	type ranked struct {
		list   []int32
		weight float64
	}
	var lists []ranked
	for i := range e.terms {
		if t := &e.terms[i]; t.id != none {
			lists = append(lists, ranked{x.postings[t.id], x.weight(t) * t.place})
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
		if len(top) == effortCandidates && (r.sum < top[len(top)-1].sum || order(top[len(top)-1], r) < 0) {
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
