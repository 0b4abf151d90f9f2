// Package plantest is a test office: a node with people at work on plans, a clock that can be
// moved, and a generator of many lists, items and reports.
package plantest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Office is a node with people at work: the coordinator and a few departments.
type Office struct {
	*plan.Desk
	Units map[string]string // name of a unit -> its id
	Key   book.Key

	t    testing.TB
	open func()
	mu   sync.Mutex
	now  time.Time
}

// UnitNames are the units of an office's directory; the first is the coordinator's.
var UnitNames = []string{"市发展改革委", "市交通运输局", "市农业农村局", "市经济和信息化局", "市教育和体育局"}

// Start is where an office's clock stands first: 2022-01-10 09:00 in Beijing.
var Start = time.Date(2022, 1, 10, 1, 0, 0, 0, time.UTC)

// Suining and its neighbours. Their offices make up the same ids for different things.
var (
	Suining = node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}
	Tongnan = node.Identity{Member: "500152", Name: "潼南区", Origin: "tongnan.example"}
	Yibin   = node.Identity{Member: "511500", Name: "宜宾市", Origin: "yibin.example"}
)

// New opens an office of Suining (510900) on a store;
// modules of other rooms may be handed in.
func New(t testing.TB, s *store.Store, modules ...node.Module) *Office {
	t.Helper()
	return Of(t, s, Suining, modules...)
}

// Of is New of a member.
func Of(t testing.TB, s *store.Store, id node.Identity, modules ...node.Module) *Office {
	t.Helper()
	o := &Office{t: t, now: Start, Units: map[string]string{}}
	seed := rand.NewChaCha8([32]byte{1})
	key, err := book.GenerateKey(rand.NewChaCha8([32]byte([]byte(strings.Repeat(id.Member, 6)[:32]))))
	if err != nil {
		t.Fatal(err)
	}
	o.Key = key
	files := blobs(t)
	o.open = func() {
		n, err := node.Open(context.Background(), node.Config{
			Blobs:    files,
			Identity: id,
			Key:      key, Store: s, Modules: append([]node.Module{region.Module(), plan.Module()}, modules...),
			May: region.Permit, Clock: o.Clock, Rand: seed,
		})
		if err != nil {
			t.Fatal(err)
		}
		o.Desk = plan.NewDesk(n)
	}
	o.open()
	t.Cleanup(func() { o.Node().Close() })
	o.Write(func(ctx context.Context, w *node.Writing) error { return w.OpenBook(ctx, node.Self) })
	o.AddUnits(UnitNames...)
	o.Write(coordinating(o.Units[UnitNames[0]]))
	return o
}

// coordinating registers the coordinator, by whose seat a unit's reviewers reach all filings.
func coordinating(unit string) node.Act {
	return func(ctx context.Context, w *node.Writing) error {
		_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
			Circle: node.Self, Facts: region.PersonFacts{Person: "p-coordinator"}, Words: &region.PersonWords{Name: "演示协调员"},
		})
		if err != nil {
			return err
		}
		_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
			Circle: node.Self, Facts: region.SeatFacts{Person: "p-coordinator", Org: unit, Seat: region.Coordinator},
		})
		return err
	}
}

// Restart stops the office's node and starts it again on the same store.
func (o *Office) Restart() {
	o.t.Helper()
	o.Node().Close()
	o.open()
}

// Clock is the office's clock.
func (o *Office) Clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

// Day moves the clock to nine o'clock of a day in Beijing, a day at a time as a running node does.
func (o *Office) Day(day judge.Date) {
	o.t.Helper()
	to, err := time.ParseInLocation("2006-01-02", string(day), judge.Beijing)
	if err != nil {
		o.t.Fatal(err)
	}
	to = to.Add(9 * time.Hour)
	for o.Clock().Before(to) {
		o.mu.Lock()
		o.now = o.now.Add(min(24*time.Hour, to.Sub(o.now)))
		o.mu.Unlock()
		if err := o.Node().Awake(context.Background()); err != nil {
			o.t.Fatal(err)
		}
	}
}

// At puts the clock to a moment, "2022-06-20 23:59:59" in Beijing.
func (o *Office) At(moment string) {
	o.t.Helper()
	to, err := time.ParseInLocation(time.DateTime, moment, judge.Beijing)
	if err != nil {
		o.t.Fatal(err)
	}
	o.mu.Lock()
	o.now = to
	o.mu.Unlock()
	if err := o.Node().Awake(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

// Write runs an act of the administrator, who may say what the directory needs.
func (o *Office) Write(act node.Act) {
	o.t.Helper()
	admin := node.Actor{Person: "p-admin", Org: "o-1", Seat: string(region.Administrator), Member: o.Node().Member}
	if _, err := o.Node().Write(context.Background(), node.Request{Actor: admin}, act); err != nil {
		o.t.Fatal(err)
	}
}

// AddUnits puts units into the directory, with ids o-1, o-2 … in their order.
func (o *Office) AddUnits(names ...string) {
	o.t.Helper()
	o.Write(func(ctx context.Context, w *node.Writing) error {
		for _, name := range names {
			id := fmt.Sprintf("o-%d", len(o.Units)+1)
			o.Units[name] = id
			_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
				Circle: node.Self, Subjects: []string{id},
				Facts: region.OrgFacts{Org: id, Side: o.Node().Member, Sort: len(o.Units)}, Words: &region.OrgWords{Name: name},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// As is a request of somebody with a seat for a unit.
func (o *Office) As(seat region.Seat, unit string) node.Request {
	return node.Request{Actor: node.Actor{Person: "p-" + string(seat), Org: o.Units[unit], Seat: string(seat), Member: o.Node().Member}}
}

// Coordinator is a request of the coordinator.
func (o *Office) Coordinator() node.Request { return o.As(region.Coordinator, UnitNames[0]) }

// Take imports a list from CSV text with every proposal.
func (o *Office) Take(opt plan.ImportOptions, text string) plan.Imported {
	o.t.Helper()
	ctx := context.Background()
	src := sheet.Source{Name: "清单.csv", Data: bytes.NewReader([]byte(text)), Size: int64(len(text))}
	p, err := o.Preview(ctx, src, opt)
	if err != nil {
		o.t.Fatal(err)
	}
	done, err := o.Import(ctx, o.Coordinator(), p, p.EveryProposal())
	if err != nil {
		o.t.Fatal(err)
	}
	return done
}

// Row finds a row of any list by words of its title: its listing and its (first) item.
func (o *Office) Row(title string) (listing, item string) {
	o.t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n.listing, n.item, e.words FROM plan_now n
			JOIN book_entry e ON e.book = n.book AND e.idx = n.idx ORDER BY n.plan, n.ord`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var raw []byte
			if err := rows.Scan(&listing, &item, &raw); err != nil {
				return err
			}
			if strings.Contains(string(raw), title) {
				return nil
			}
		}
		return io.EOF
	})
	if err != nil {
		o.t.Fatalf("row %s: %v", title, err)
	}
	return listing, item
}

// FileAs files a report of an item's lead unit.
func (o *Office) FileAs(unit, item string, p judge.Period, claim judge.WorkState, progress string) {
	o.t.Helper()
	f := plan.ReportFacts{Item: item, Period: p, Claim: claim}
	if claim == judge.Done {
		f.DoneOn = o.Today()
	}
	words := plan.ReportWords{Progress: progress}
	_, err := o.File(context.Background(), o.As(region.Reporter, unit), f, words)
	if refuse.Is(err, "plan.correction-reason") {
		words.Reason = "核对台账后更正"
		_, err = o.File(context.Background(), o.As(region.Reporter, unit), f, words)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// AcceptNow accepts the newest filing; a claim of done is confirmed if confirm.
func (o *Office) AcceptNow(item string, p judge.Period, confirm bool) {
	o.t.Helper()
	if _, err := o.Accept(context.Background(), o.Coordinator(), item, p, confirm); err != nil {
		o.t.Fatal(err)
	}
}

// Clean fails the test unless books and view verify.
func (o *Office) Clean() {
	o.t.Helper()
	r, err := o.Node().Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		o.t.Fatal(err)
	}
	if !r.Clean() {
		o.t.Errorf("verify --view: %+v", r.Faults)
	}
}

// blobs are attachments in a folder that goes with the test.
func blobs(t testing.TB) *node.Blobs {
	t.Helper()
	b, err := node.OpenBlobs(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return b
}
