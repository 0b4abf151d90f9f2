package exchange_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

var (
	simulations = flag.Int("simulations", 8, "seeded histories to run")
	simulation  = flag.Uint64("simulation", 0, "run this one seed only")
)

// TestSimulation runs seeded histories of two to five members in overlapping circles: what they say, restarts, pages
// that are delayed, doubled, cut off, changed on the way, old heads, clocks that differ by days. In the end the line is
// whole, and all who have the same books have the same tables, equal to a replay from nothing.
func TestSimulation(t *testing.T) {
	first, count := uint64(1), uint64(*simulations)
	if *simulation != 0 {
		first, count = *simulation, 1
	}
	if testing.Short() && *simulation == 0 {
		count = min(count, 3)
	}
	for seed := first; seed < first+count; seed++ {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			newWorld(t, seed).run()
		})
	}
}

// world is one history.
type world struct {
	*testing.T
	r       *rand.Rand
	members []*simulated
	circles map[string][]int // -> members
}

// simulated is a member whose node is closed and opened.
type simulated struct {
	*node.Folder
	world  *world
	dir    string
	ahead  time.Duration // of its clock
	now    time.Time
	random io.Reader
	said   []said
}

// said is an entry that others may answer.
type said struct {
	circle string
	at     node.Position
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{T: t, r: rand.New(rand.NewPCG(seed, 1)), circles: map[string][]int{}}
	codes := []string{"510900", "500152", "510100", "511500", "513300"}[:2+w.r.IntN(4)]
	for i, code := range codes {
		m := &simulated{
			world: w, dir: filepath.Join(t.TempDir(), code), ahead: time.Duration(w.r.IntN(7)-3) * 24 * time.Hour,
			now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC), random: seeded(fmt.Sprint(seed, code)),
		}
		id := node.Identity{Member: code, Name: code, Origin: "m" + code + ".example"}
		if err := node.InitFolder(m.dir, node.Settings{Identity: id}); err != nil {
			t.Fatal(err)
		}
		m.open()
		t.Cleanup(func() { m.Close() })
		w.members = append(w.members, m)
		w.circles["suitong"] = append(w.circles["suitong"], i)
		if i != 1 {
			w.circles["chengyu"] = append(w.circles["chengyu"], i)
		}
	}
	for circle, in := range w.circles {
		for _, i := range in {
			w.members[i].joins(circle, in)
		}
	}
	return w
}

// seeded is randomness that a seed repeats.
func seeded(seed string) io.Reader {
	h := sha256.Sum256([]byte(seed))
	return rand.NewChaCha8(h)
}

func (m *simulated) open() {
	f, err := node.OpenFolder(context.Background(), m.dir, []node.Module{region.Module(), exchange.Module(), tallying}, node.FolderOptions{
		May: func(node.Actor, string) bool { return true }, Clock: func() time.Time { return m.now.Add(m.ahead) }, Rand: m.random, Unsynced: true,
	})
	if err != nil {
		m.world.Fatal(err)
	}
	m.Folder = f
}

func (m *simulated) say(act node.Act) []node.Position {
	m.now = m.now.Add(time.Duration(m.world.r.IntN(5000)) * time.Millisecond)
	receipt, err := m.Write(context.Background(), node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Member: m.Member}}, act)
	if err != nil {
		m.world.Fatalf("%s: %v", m.Member, err)
	}
	return receipt.Entries
}

func (m *simulated) joins(circle string, in []int) {
	m.say(func(ctx context.Context, w *node.Writing) error {
		var codes []string
		for _, i := range in {
			codes = append(codes, m.world.members[i].Member)
		}
		if err := region.OpenCircle(ctx, w, region.Circle{ID: circle, Name: circle, Members: codes}); err != nil {
			return err
		}
		for _, i := range in {
			other := m.world.members[i]
			if other == m {
				continue
			}
			cosigner, err := other.Cosigner()
			if err != nil {
				return err
			}
			request, err := other.RequestKey()
			if err != nil {
				return err
			}
			_, err = region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
				Circle: circle, Words: &region.RecognisedWords{Name: other.Member},
				Facts: region.RecognisedFacts{
					Member: other.Member, Origin: other.Origin, Key: region.KeyText(other.PublicKey()),
					Witness: region.KeyText(cosigner.Public()), Request: region.PublicText(request),
				},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) run() {
	for range 60 + w.r.IntN(60) {
		m := w.members[w.r.IntN(len(w.members))]
		switch w.r.IntN(12) {
		case 0:
			m.Close()
			m.open()
		case 1:
			m.clean()
		case 2, 3, 4, 5:
			m.speaks()
		default:
			m.reads(true)
		}
	}
	for range 2 { // the line is whole; answers may name what came in the first round
		for _, m := range w.members {
			for m.reads(false) {
			}
		}
	}
	for _, m := range w.members {
		m.clean()
	}
	w.agree()
}

// speaks adds to a subject, or answers what was received, some times at once.
func (m *simulated) speaks() {
	r := m.world.r
	var circles []string
	for _, c := range []string{"chengyu", "suitong"} {
		if m.in(c) {
			circles = append(circles, c)
		}
	}
	circle := circles[r.IntN(len(circles))]
	for range 1 + r.IntN(200)*r.IntN(2) {
		at := m.say(func(ctx context.Context, w *node.Writing) error {
			if cause, ok := m.heard(circle); ok && r.IntN(3) == 0 {
				_, err := tallyAnswered.Say(ctx, w, node.Said[struct{}, tallyWords]{Circle: circle, Causes: []node.Position{cause}})
				return err
			}
			_, err := tallied.Say(ctx, w, node.Said[tallyFacts, tallyWords]{
				Circle: circle, Facts: tallyFacts{To: fmt.Sprint("s", r.IntN(7)), N: int64(r.IntN(100))},
				Words: &tallyWords{Why: strings.Repeat("因为", r.IntN(20))},
			})
			return err
		})
		m.said = append(m.said, said{circle, at[0]})
	}
}

func (m *simulated) in(circle string) bool {
	for _, i := range m.world.circles[circle] {
		if m.world.members[i] == m {
			return true
		}
	}
	return false
}

// heard is an entry of some other member that stands whole here.
func (m *simulated) heard(circle string) (node.Position, bool) {
	other := m.world.members[m.world.r.IntN(len(m.world.members))]
	if other == m || len(other.said) == 0 {
		return node.Position{}, false
	}
	s := other.said[m.world.r.IntN(len(other.said))]
	if s.circle != circle {
		return node.Position{}, false
	}
	err := m.Store.Read(context.Background(), func(tx *store.Tx) error {
		_, err := node.Evidence(context.Background(), tx, s.at.Book, s.at.Index, "")
		return err
	})
	return s.at, err == nil
}

// reads follows a random neighbour, over a line that may be bad; whether anything came.
func (m *simulated) reads(bad bool) (grew bool) {
	f := &exchange.Follower{Node: m.Node, Log: slog.New(slog.DiscardHandler)}
	for _, c := range []string{"chengyu", "suitong"} {
		if !m.in(c) {
			continue
		}
		for _, i := range m.world.circles[c] {
			other := m.world.members[i]
			if other == m || bad && m.world.r.IntN(2) == 0 {
				continue
			}
			var src exchange.Source = exchange.Local{Node: other.Node, Book: other.BookName(c)}
			if bad {
				src = &badLine{Source: src, r: rand.New(rand.NewPCG(m.world.r.Uint64(), 2))}
			}
			before := m.size(other.BookName(c))
			_, err := f.Once(context.Background(), c, other.Member, src)
			if err != nil && !bad {
				m.world.Fatalf("%s reads %s of %s: %v", m.Member, c, other.Member, err)
			}
			grew = grew || m.size(other.BookName(c)) > before
		}
	}
	return grew
}

func (m *simulated) size(name string) (size int64) {
	_ = m.Store.Read(context.Background(), func(tx *store.Tx) error {
		head, _, err := node.Head(context.Background(), tx, name)
		size = head.Size
		return err
	})
	return size
}

func (m *simulated) clean() {
	v, err := m.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		m.world.Fatal(err)
	}
	for _, f := range v.Faults {
		m.world.Errorf("%s: %s/%d [%s] %s", m.Member, f.Book, f.Index, f.Code, f.What)
	}
}

// badLine loses, cuts off and changes what passes.
type badLine struct {
	exchange.Source
	r *rand.Rand
}

var errLost = fmt.Errorf("lost on the way")

func (l *badLine) fate(b []byte) ([]byte, error) {
	switch n := l.r.IntN(14); {
	case n == 0:
		return nil, errLost
	case n == 1 && len(b) > 0:
		return b[:l.r.IntN(len(b))], nil
	case n == 2 && len(b) > 0:
		changed := append([]byte{}, b...)
		changed[l.r.IntN(len(b))] ^= 1 << l.r.IntN(8)
		return changed, nil
	}
	return b, nil
}

func (l *badLine) Checkpoint(ctx context.Context) ([]byte, error) {
	b, err := l.Source.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return l.fate(b)
}

func (l *badLine) Tile(ctx context.Context, level int, n int64, width int) ([]byte, error) {
	b, err := l.Source.Tile(ctx, level, n, width)
	if err != nil {
		return nil, err
	}
	return l.fate(b)
}

func (l *badLine) Entries(ctx context.Context, n int64, width int) ([][]byte, error) {
	all, err := l.Source.Entries(ctx, n, width)
	if err != nil {
		return nil, err
	}
	if at := l.r.IntN(len(all)); l.r.IntN(4) == 0 {
		all[at], err = l.fate(all[at])
	}
	return all, err
}

func (l *badLine) Beside(ctx context.Context, from int64, count int) ([]book.Beside, error) {
	all, err := l.Source.Beside(ctx, from, 1+l.r.IntN(count))
	if err != nil {
		return nil, err
	}
	if at := l.r.IntN(len(all)); l.r.IntN(8) == 0 && all[at].Words.State == book.WordsHere {
		all[at].Words.Text, err = l.fate(all[at].Words.Text)
	}
	return all, err
}

// agree: who has the same books has the same rows of them; who has all the same books has the same joint rows too.
func (w *world) agree() {
	for circle, in := range w.circles {
		first := w.members[in[0]]
		for _, i := range in[1:] {
			for _, j := range in {
				name := w.members[j].BookName(circle)
				if a, b := first.rows(name), w.members[i].rows(name); a != b {
					w.Errorf("%s: %s and %s have other rows of it: %s, %s", name, first.Member, w.members[i].Member, a, b)
				}
			}
		}
	}
	for i, a := range w.members {
		for j, b := range w.members[:i] {
			if i == 1 || j == 1 {
				continue // not in both circles
			}
			if x, y := a.digest("tally_total", nil), b.digest("tally_total", nil); x != y {
				w.Errorf("%s and %s have other totals: %s, %s", a.Member, b.Member, x, y)
			}
		}
	}
}

// rows is a digest of what the tables of the view hold of a book.
func (m *simulated) rows(name string) string {
	var all strings.Builder
	for _, mod := range m.Modules() {
		for _, table := range mod.RowTables() {
			fmt.Fprintf(&all, "%s=%s ", table, m.digest(table, func(r node.Row) bool { return r.Get("book") == name }))
		}
	}
	return all.String()
}

func (m *simulated) digest(table string, keep func(r node.Row) bool) string {
	var sum uint64
	n := 0
	err := m.Store.Read(context.Background(), func(tx *store.Tx) error {
		return node.EachRow(context.Background(), tx, table, func(r node.Row) error {
			if keep != nil && !keep(r) {
				return nil
			}
			h := sha256.New()
			for _, c := range r.Columns {
				fmt.Fprintf(h, "%s=%s\n", c, r.Get(c))
			}
			sum += binary.BigEndian.Uint64(h.Sum(nil))
			n++
			return nil
		})
	})
	if err != nil {
		m.world.Fatal(err)
	}
	return fmt.Sprintf("%d/%x", n, sum)
}

// tallying is a module as small as can be: entries add to subjects in their book, answers add what they answer, and the
// joint rows add the sums of all books.
type tallyFacts struct {
	To string `json:"to"`
	N  int64  `json:"n"`
}

type tallyWords struct {
	Why string `json:"why"`
}

func tallyUp(ctx context.Context, own *node.Own, f tallyFacts) ([]string, error) {
	_, err := own.Exec(ctx, `INSERT INTO tally_sum (book, id, n) VALUES (?, ?, ?)
		ON CONFLICT (id, book) DO UPDATE SET n = tally_sum.n + excluded.n`, f.To, f.N)
	return []string{f.To}, err
}

var tallied = &node.Kind[tallyFacts, tallyWords]{
	Name: "tally.added/1", Action: "tally",
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f tallyFacts) ([]string, error) {
		return tallyUp(ctx, own, f)
	},
}

var tallyAnswered = &node.Kind[struct{}, tallyWords]{
	Name: "tally.answered/1", Action: "tally",
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ struct{}) error {
		_, err := own.Cause(ctx, e, 0)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ struct{}) ([]string, error) {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return nil, err
		}
		f := tallyFacts{To: "answers", N: 1}
		if cause.Kind == tallied.Name {
			if err := book.DecodeFacts(cause.Facts, &f); err != nil {
				return nil, err
			}
		}
		return tallyUp(ctx, own, f)
	},
}

var tallying = node.Module{
	Name: "tally", Kinds: []node.AnyKind{tallied, tallyAnswered},
	Rows:  `CREATE TABLE tally_sum (book TEXT NOT NULL, id TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (id, book));`,
	Joint: `CREATE TABLE tally_total (id TEXT PRIMARY KEY, n BIGINT NOT NULL);`,
	Project: func(ctx context.Context, tx *store.Tx, keys []string) error {
		for _, k := range keys {
			_, err := tx.Exec(ctx, `INSERT INTO tally_total (id, n)
				SELECT id, CAST(SUM(n) AS BIGINT) FROM tally_sum WHERE id = ? GROUP BY id
				ON CONFLICT (id) DO UPDATE SET n = excluded.n`, k)
			if err != nil {
				return err
			}
		}
		return nil
	},
}
