package demo

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/store"
)

var modules = []node.Module{region.Module(), plan.Module(), exchange.Module()}

func options(dir string) Options {
	founder := node.Actor{Person: "operator", Org: "o-office", Seat: string(region.Administrator), Member: Identity.Member}
	return Options{
		Dir: dir, Modules: modules, Founder: founder,
		Found: func(ctx context.Context, n *node.Node) error {
			_, err := n.Write(ctx, node.Request{Actor: founder}, func(ctx context.Context, w *node.Writing) error {
				return w.OpenBook(ctx, node.Self)
			})
			return err
		},
	}
}

// stand is an opened demonstration.
type stand struct {
	*node.Folder
	clock  *Clock
	desk   *plan.Desk
	beside []*node.Folder // the neighbours'
}

func open(t *testing.T, o Options) (s stand, made bool) {
	t.Helper()
	ctx := context.Background()
	began := time.Now()
	clock, made, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(ctx, o.Dir, o.Modules, node.FolderOptions{May: region.Permit, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	t.Logf("ready after %s", time.Since(began))
	if err := clock.CatchUp(ctx, f.Node); err != nil {
		t.Fatal(err)
	}
	s = stand{Folder: f, clock: clock, desk: plan.NewDesk(f.Node)}
	for _, n := range Nodes(o.Dir)[1:] {
		f, err := node.OpenFolder(ctx, n.Dir, o.Modules, node.FolderOptions{May: region.Permit, Clock: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		s.beside = append(s.beside, f)
	}
	return s, made
}

func (s stand) count(t *testing.T, query string) (n int) {
	t.Helper()
	ctx := context.Background()
	err := s.Store.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, query).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// books are the heads that `book list` prints, of all nodes.
func (s stand) books(t *testing.T) (all []node.BookVerified) {
	t.Helper()
	ctx := context.Background()
	for _, f := range append([]*node.Folder{s.Folder}, s.beside...) {
		err := f.Store.Read(ctx, func(tx *store.Tx) error {
			these, err := node.Books(ctx, tx)
			all = append(all, these...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func (s stand) close(t *testing.T) {
	t.Helper()
	for _, f := range append([]*node.Folder{s.Folder}, s.beside...) {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The demonstration is made twice at most: each time takes some seconds.
func TestDemonstration(t *testing.T) {
	o := options(filepath.Join(t.TempDir(), "demo"))
	s, made := open(t, o)
	if !made {
		t.Error("an empty folder was taken for a demonstration")
	}
	t.Run("lists", func(t *testing.T) { checkLists(t, s) })
	t.Run("leaders' words", func(t *testing.T) { checkWords(t, s) })
	t.Run("meetings", func(t *testing.T) { checkMeetings(t, s) })
	t.Run("signing and substitutes", func(t *testing.T) { checkSigning(t, s) })
	t.Run("reports", func(t *testing.T) { checkReports(t, s) })
	t.Run("figures", func(t *testing.T) { checkFigures(t, s) })
	t.Run("verify", func(t *testing.T) { checkClean(t, s) })
	t.Run("neighbours", func(t *testing.T) { checkNeighbours(t, s) })
	t.Run("files to try", func(t *testing.T) { tryFiles(t, s, o) })
	heads, now := s.books(t), s.clock.Now()
	s.close(t)

	again, made := open(t, o)
	if made {
		t.Error("the demonstration was made again although it stood")
	}
	if got := again.clock.Now(); got.Before(now) || got.Sub(now) > 10*time.Minute {
		t.Errorf("the clock went from %s to %s over a restart", now, got)
	}
	if c, err := ClockOf(o.Dir); err != nil || c == nil || again.clock.Now().Sub(c.Now()).Abs() > time.Second {
		t.Errorf("the clock for those who read beside it: %v, %v", c, err)
	}
	if got := again.books(t); !reflect.DeepEqual(got, heads) {
		t.Errorf("books changed over a restart:\n%v\n%v", heads, got)
	}
	t.Run("reached elsewhere", func(t *testing.T) { checkReached(t, again) })
	if _, _, err := Open(context.Background(), fresh(o)); !errors.As(err, new(*node.ErrServed)) {
		t.Errorf("--fresh while it is served: %v", err)
	}
	again.close(t)
	t.Run("after a long pause", func(t *testing.T) { pause(t, o) })

	anew, made := open(t, fresh(o))
	if !made {
		t.Error("--fresh did not make it anew")
	}
	if got := anew.books(t); !reflect.DeepEqual(got, heads) {
		t.Errorf("two fresh demonstrations differ:\n%v\n%v", heads, got)
	}
	if got := anew.clock.Now(); got.Sub(Start) > 10*time.Minute {
		t.Errorf("the clock of a fresh demonstration stands at %s", got)
	}
}

func fresh(o Options) Options {
	o.Fresh = true
	return o
}

// checkMeetings: a group meets with Tongnan; of the meeting that is minuted a decision became a row, and units confirmed; the next one is called and opens with
// what became of these, and a unit is still to answer.
func checkMeetings(t *testing.T, s stand) {
	ctx := context.Background()
	office := node.Actor{Person: "p-xietiao", Org: "o-office", Seat: string(region.Coordinator), Member: Identity.Member}
	all, err := s.desk.Meetings(ctx, plan.ViewerOf(office))
	if err != nil || len(all) != 2 || all[0].State != plan.MeetingIsCalled || all[1].State != plan.MeetingIsMinuted {
		t.Fatalf("%+v, %v", all, err)
	}
	next, err := s.desk.Meeting(ctx, all[0].ID, plan.ViewerOf(office))
	if err != nil || len(next.Before) != 3 || next.Before[1].Listing == "" || !next.Before[1].Open || next.Asked[0].Reply != "" || next.Asked[1].Reply != plan.MeetingComes || next.Agenda[0].Look == nil {
		t.Errorf("the next meeting opens with %+v, %v", next, err)
	}
	if a := all[1].Asked; a[0].Confirmed == "" || a[2].Confirmed != "" {
		t.Errorf("the minutes are confirmed by %+v", a)
	}
}

// checkWords: the leader finds what needs his word, and two words that are open, one of them answered by its lead; no neighbour has them.
func checkWords(t *testing.T, s stand) {
	ctx := context.Background()
	boss := node.Actor{Person: "p-lingdao", Org: "o-office", Seat: string(region.Leader), Member: Identity.Member}
	page, err := s.desk.Leader(ctx, boss)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Needs) == 0 || len(page.Words) != 2 || page.Course[len(page.Course)-1].Done == 0 {
		t.Errorf("the leader's screen: %d need a word, %d words, %+v", len(page.Needs), len(page.Words), page.Course)
	}
	for _, i := range page.Words {
		if !strings.Contains(i.Words.Text, "演示数据") || i.Source == plan.InstructionPaper && len(i.Words.Files) != 1 ||
			i.Source == plan.InstructionOwn && (i.Units[0].State != plan.InstructionIsAnswered || i.Words.Leader == "") {
			t.Errorf("a word is %+v", i)
		}
	}
	for _, beside := range s.beside {
		err := beside.Store.Read(ctx, func(tx *store.Tx) error {
			var n int
			err := tx.Row(ctx, `SELECT count(*) FROM plan_instruction`).Scan(&n)
			if n > 0 {
				t.Errorf("%s has %d words of a leader", beside.Name, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func checkLists(t *testing.T, s stand) {
	todo, err := s.desk.Todo(context.Background(), node.Actor{Person: "p-yuelan", Org: "o-office", Seat: string(region.Reader), Member: Identity.Member})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{"chengyu-2022": 70, "chengduplain-2022": 27, "suitong-2022": 30} {
		for _, l := range todo.Plans {
			if strings.HasSuffix(l.Plan, ":"+key) && l.Rows != want {
				t.Errorf("the first page says %d rows of %s, want %d", l.Rows, key, want)
			}
		}
		page, err := s.desk.List(context.Background(), plan.ListQuery{Plan: key})
		if err != nil {
			t.Fatal(err)
		}
		if page.States.Total() != want {
			t.Errorf("%s has %d rows, want %d", key, page.States.Total(), want)
		}
		if page.States[judge.Late] == 0 || page.States[judge.AtRisk] == 0 || page.States[judge.OnTime] == 0 || page.States[judge.Done] == 0 {
			t.Errorf("%s shows nothing of some state: %v", key, page.States)
		}
		if page.Report.Owed == 0 || page.Report.Accepted == 0 || page.Report.Missing == 0 {
			t.Errorf("%s: reporting %+v", key, page.Report)
		}
		for _, sec := range page.Sections {
			if sec.Name == "" || sec.N < 2 {
				t.Errorf("%s: %d rows under %q", key, sec.N, sec.Name)
			}
		}
	}
	items := s.count(t, `SELECT count(DISTINCT item) FROM plan_now`)
	shared := s.count(t, `SELECT count(*) FROM (SELECT item FROM plan_now GROUP BY item HAVING count(*) > 1) x`)
	if items >= 127 || shared != len(twins) {
		t.Errorf("%d items, %d of them in several lists, want %d", items, shared, len(twins))
	}
	if n := s.count(t, `SELECT count(*) FROM region_org WHERE sort >= 1000`); n != 0 {
		t.Errorf("%d units of the lists were not in the directory", n)
	}
}

func checkReports(t *testing.T, s stand) {
	for what, query := range map[string]string{
		"returned filings":          `SELECT count(*) FROM plan_returned`,
		"parts of supporting units": `SELECT count(*) FROM plan_part`,
		"verdicts":                  `SELECT count(*) FROM plan_verdict`,
		"filings after the cut-off": `SELECT count(*) FROM plan_filing WHERE on_time = 0`,
		"filings waiting now":       `SELECT count(*) FROM plan_filing WHERE state = 'filed'`,
		"filings sent back now":     `SELECT count(*) FROM plan_filing WHERE state = 'returned'`,
		"quarters composed":         `SELECT count(*) FROM plan_accepted WHERE period = '2022-Q1' AND book = '510900/self'`,
		"corrections":               `SELECT count(*) FROM (SELECT item FROM plan_accepted WHERE book = '510900/self' GROUP BY item, period HAVING count(*) > 1) x`,
		"figures":                   `SELECT count(*) FROM plan_figure`,
	} {
		n := s.count(t, query)
		t.Logf("%s: %d", what, n)
		if n == 0 {
			t.Errorf("no %s", what)
		}
	}
}

func checkClean(t *testing.T, s stand) {
	r, err := s.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Clean() {
		t.Errorf("verify --view: %+v", r.Faults)
	}
}

// checkNeighbours: each has its list, reports on it, and knows the others of its circles.
func checkNeighbours(t *testing.T, s stand) {
	ctx := context.Background()
	for i, want := range []struct {
		plan  string
		rows  int
		knows map[string]int // how many others, by circle
		// answers: how many sorts of answers it gave to what its neighbours' rows ask.
		answers int
	}{
		{"suitong-2022", 14, map[string]int{"suitong": 1, "chengyu": 2}, 3},
		{"chengyu-2022", 12, map[string]int{"chengyu": 2}, 0},
	} {
		f := s.beside[i]
		page, err := plan.NewDesk(f.Node).List(ctx, plan.ListQuery{Plan: want.plan})
		if err != nil {
			t.Fatal(err)
		}
		accepted := stand{Folder: f}.count(t, `SELECT count(*) FROM plan_accepted`)
		if page.States.Total() != want.rows || accepted < 3*want.rows {
			t.Errorf("%s: %d rows, %d accepted reports", f.Name, page.States.Total(), accepted)
		}
		err = f.Store.Read(ctx, func(tx *store.Tx) error {
			for c, n := range want.knows {
				if all, err := region.Neighbours(ctx, tx, f.Member, c); err != nil || len(all) != n {
					t.Errorf("%s knows %+v in %s, %v", f.Name, all, c, err)
				}
			}
			var strays int
			err := tx.Row(ctx, `SELECT count(*) FROM region_org WHERE sort >= 1000`).Scan(&strays)
			if strays > 0 {
				t.Errorf("%s: %d units of its list were not in its directory", f.Name, strays)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := (stand{Folder: f}).count(t, `SELECT count(DISTINCT answer || deadline) FROM plan_answer`); n != want.answers {
			t.Errorf("%s gave answers of %d sorts", f.Name, n)
		}
		if v, err := f.Verify(ctx, node.VerifyOptions{View: true}); err != nil || !v.Clean() {
			t.Errorf("%s: %+v, %v", f.Name, v.Faults, err)
		}
	}
}

// checkReached: where a run has other addresses, each node's books say so once.
func checkReached(t *testing.T, s stand) {
	ctx := context.Background()
	founder := node.Actor{Person: "operator", Org: "o-office", Seat: string(region.Administrator)}
	moved := map[string]string{"500152": "http://127.0.0.1:9001", "511500": "http://127.0.0.1:8082"} // the second is where it was
	for range 2 {
		if err := Reached(ctx, s.Node, founder, moved); err != nil {
			t.Fatal(err)
		}
	}
	err := s.Store.Read(ctx, func(tx *store.Tx) error {
		known, err := region.Neighbours(ctx, tx, Identity.Member, "chengyu")
		if len(known) != 2 || known[0].Address != moved["500152"] || known[1].Address != moved["511500"] {
			t.Errorf("known %+v", known)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := s.count(t, `SELECT count(*) FROM book_entry WHERE book = '510900/chengyu' AND CAST(entry AS TEXT) LIKE '%region.member.recognised%'`); n != 3 {
		t.Errorf("%d recognitions in the circle, want two and one said anew", n)
	}
}

// tryFiles previews what lies beside the node as a visitor would.
func tryFiles(t *testing.T, s stand, o Options) {
	for _, c := range []struct {
		match, plan                 string
		fresh, changed, gone, units int
	}{
		{"试一试-1*", "chengyu-2022", 1, 3, 1, 0}, // the revision of the list that stands
		{"试一试-2*", "gaige-2022", 7, 0, 0, 3},   // typed in haste: three tasks in a cell, three names nobody knows
		{"试一试-3*", "zhuanban-2022", 8, 0, 0, 0},
		{"1-*", "chengyu-2022", 0, 0, 0, 0}, // the very list that was taken in
		{"2-*", "suitong-2022", 0, 0, 0, 0},
		{"3-*", "chengduplain-2022", 0, 0, 0, 0},
	} {
		found, err := filepath.Glob(filepath.Join(o.Dir, listFolder, c.match))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", c.match, found, err)
		}
		content, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		src := sheet.Source{Name: filepath.Base(found[0]), Data: bytes.NewReader(content), Size: int64(len(content))}
		p, err := s.desk.Preview(context.Background(), src, plan.ImportOptions{Plan: c.plan, Year: 2022})
		if err != nil {
			t.Errorf("%s: %v", c.match, err)
			continue
		}
		n := map[plan.ChangeKind]int{}
		for _, one := range p.Changes {
			n[one.What]++
		}
		if n[plan.RowNew] != c.fresh || n[plan.RowChanged] != c.changed || n[plan.RowDropped] != c.gone || len(p.Unknown) != c.units {
			t.Errorf("%s: %v, new units %+v", c.match, n, p.Unknown)
		}
	}
}

// pause: a demonstration that stood still for months is written in again at once.
func pause(t *testing.T, o Options) {
	was, err := readState(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeState(o.Dir, was.Since.AddDate(0, -4, 0)); err != nil {
		t.Fatal(err)
	}
	s, _ := open(t, o)
	defer s.close(t)
	actor := node.Actor{Person: "p-guanli", Org: "o-office", Seat: string(region.Administrator), Member: Identity.Member}
	_, err = s.Write(context.Background(), node.Request{Actor: actor}, func(ctx context.Context, w *node.Writing) error {
		return person{id: "p-new", name: "新人（演示）"}.say(ctx, w)
	})
	if err != nil {
		t.Errorf("write after four months: %v", err)
	}
}

func TestFolderOfOthersIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	kept := filepath.Join(dir, "key")
	if err := os.WriteFile(kept, []byte("of another node"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(context.Background(), fresh(options(dir))); err == nil {
		t.Error("a folder that is no demonstration's was taken")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("a file of others is gone: %v", err)
	}
}

func TestTexts(t *testing.T) {
	subjects, err := readSubjects()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range subjects {
		for m := 1; m <= 6; m++ {
			if len(s.months[m]) < 2 {
				t.Errorf("%s, month %d: %d texts", s.name, m, len(s.months[m]))
			}
		}
		if len(s.problems) == 0 || len(s.nexts) == 0 || len(s.finals) == 0 {
			t.Errorf("%s lacks texts", s.name)
		}
	}
	all, err := readLists()
	if err != nil {
		t.Fatal(err)
	}
	for title := range plots {
		if !slices.ContainsFunc(all, func(l list) bool { _, ok := l.byTitle(title); return ok }) {
			t.Errorf("the plot of %q is of no list", title)
		}
	}
}

func TestSignInsCoverEverySeat(t *testing.T) {
	for _, m := range members {
		t.Run(m.Name, func(t *testing.T) { signInsCover(t, m.Member) })
	}
}

func signInsCover(t *testing.T, member string) {
	signIns, err := SignIns(member, "o-office")
	if err != nil {
		t.Fatal(err)
	}
	for _, seat := range region.Seats {
		if !slices.ContainsFunc(signIns, func(s SignIn) bool { return s.Seat == seat && s.Unit != "" }) {
			t.Errorf("nobody signs in as %s", seat)
		}
	}
	for _, s := range signIns {
		if !strings.Contains(s.Name, "演示") {
			t.Errorf("%s is not marked 演示", s.Name)
		}
	}
}
