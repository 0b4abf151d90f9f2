package plan_test

import (
	"bytes"
	"context"
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
	"liandong/store"
	"liandong/store/storetest"
)

// office is a node with people at work: the coordinator and a few departments.
type office struct {
	*plan.Desk
	t     *testing.T
	mu    sync.Mutex
	now   time.Time
	names map[string]string // unit name -> id
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

// day moves the clock to nine o'clock of a day in Beijing, a day at a time as a running node does.
func (o *office) day(d string) {
	o.t.Helper()
	to, err := time.ParseInLocation("2006-01-02", d, judge.Beijing)
	if err != nil {
		o.t.Fatal(err)
	}
	to = to.Add(9 * time.Hour)
	for o.clock().Before(to) {
		o.mu.Lock()
		o.now = o.now.Add(min(24*time.Hour, to.Sub(o.now)))
		o.mu.Unlock()
		if err := o.Node().Awake(context.Background()); err != nil {
			o.t.Fatal(err)
		}
	}
}

var units = []string{"市发展改革委", "市交通运输局", "市农业农村局", "市经济和信息化局", "市教育和体育局"}

func newOffice(t *testing.T, s *store.Store) *office {
	t.Helper()
	ctx := context.Background()
	o := &office{t: t, now: time.Date(2022, 1, 10, 1, 0, 0, 0, time.UTC), names: map[string]string{}}
	seed := rand.NewChaCha8([32]byte{1})
	key, err := book.GenerateKey(seed)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Open(ctx, node.Config{
		Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"},
		Key:      key, Store: s, Modules: []node.Module{region.Module(), plan.Module()},
		May: region.Permit, Clock: o.clock, Rand: seed,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	o.Desk = plan.NewDesk(n)
	admin := node.Actor{Person: "p-admin", Org: "o-1", Seat: "administrator", Member: "510900"}
	_, err = n.Write(ctx, node.Request{Actor: admin}, func(ctx context.Context, w *node.Writing) error {
		if err := w.OpenBook(ctx, node.Self); err != nil {
			return err
		}
		for i, name := range units {
			id := "o-" + string(rune('1'+i))
			o.names[name] = id
			_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
				Circle: node.Self, Subjects: []string{id},
				Facts: region.OrgFacts{Org: id, Side: "510900", Sort: i}, Words: &region.OrgWords{Name: name},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) as(seat region.Seat, unit string) node.Request {
	return node.Request{Actor: node.Actor{Person: "p-" + string(seat), Org: o.names[unit], Seat: string(seat), Member: "510900"}}
}

func (o *office) coordinator() node.Request { return o.as(region.Coordinator, "市发展改革委") }

func source(name, text string) sheet.Source {
	return sheet.Source{Name: name, Data: bytes.NewReader([]byte(text)), Size: int64(len(text))}
}

// take imports a list with every proposal.
func (o *office) take(opt plan.ImportOptions, text string) plan.Imported {
	o.t.Helper()
	ctx := context.Background()
	p, err := o.Preview(ctx, source("清单.csv", text), opt)
	if err != nil {
		o.t.Fatal(err)
	}
	done, err := o.Import(ctx, o.coordinator(), p, p.EveryProposal())
	if err != nil {
		o.t.Fatal(err)
	}
	return done
}

func (o *office) clean() {
	o.t.Helper()
	r, err := o.Node().Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		o.t.Fatal(err)
	}
	if !r.Clean() {
		o.t.Errorf("verify --view: %+v", r.Faults)
	}
}

const suitongList = `序号,工作任务,年度目标,牵头单位,配合单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,年底前完成路基工程80%,市交通运输局,市发展改革委,年底前
2,建设渝遂绵优质蔬菜生产带船山基地,建成核心基地2万亩,市农业农村局,市经济和信息化局,6月底前
3,推进遂潼涪江创新产业园区规划建设,完成总体规划编制,市发展改革委,市经济和信息化局、市交通运输局,三季度
`

const chengyuList = `序号,重点任务,责任单位,完成时限
1,实施遂渝高速公路扩容改造工程,市交通运输局,2022年9月
2,共建锂电产业集群,市经济和信息化局,持续推进
`

func TestOneReportCountsInEveryList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := newOffice(t, s)
		first := o.take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
		if first.New != 3 || first.Linked != 0 {
			t.Fatalf("first list: %+v", first)
		}
		second := o.take(plan.ImportOptions{Plan: "chengyu", Year: 2022, Circle: "chengyu", Title: "双城经济圈工作要点"}, chengyuList)
		if second.New != 2 || second.Linked != 1 {
			t.Fatalf("second list: %+v, want the motorway linked", second)
		}
		o.clean()

		again := o.take(plan.ImportOptions{Plan: "suitong", Year: 2022}, suitongList)
		if again.Same != 3 || again.New+again.Changed+again.Dropped != 0 {
			t.Errorf("the same file again: %+v", again)
		}
		revised := strings.Replace(suitongList, "6月底前", "9月底前", 1)
		revised = revised[:strings.Index(revised, "3,推进")]
		if r := o.take(plan.ImportOptions{Plan: "suitong", Year: 2022}, revised); r.Changed != 1 || r.Dropped != 1 || r.Same != 1 {
			t.Errorf("a revised file: %+v", r)
		}

		o.day("2022-01-20")
		item := o.itemOf("加快推进遂渝高速公路扩容工程建设")
		report := plan.ReportFacts{Item: item, Period: "2022-01", Claim: judge.OnTime}
		if _, err := o.File(ctx, o.as(region.Reporter, "市农业农村局"), report, plan.ReportWords{Progress: "不是本单位的事"}); err == nil {
			t.Error("a unit that does not lead filed")
		}
		if _, err := o.File(ctx, o.as(region.Reporter, "市交通运输局"), report, plan.ReportWords{Progress: "完成征地拆迁"}); err != nil {
			t.Fatal(err)
		}
		if err := o.Return(ctx, o.coordinator(), item, "2022-01", "请补充路基进度"); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Accept(ctx, o.coordinator(), item, "2022-01", false); err == nil {
			t.Error("a returned filing was accepted")
		}
		if _, err := o.File(ctx, o.as(region.Reporter, "市交通运输局"), report, plan.ReportWords{Progress: "完成征地拆迁，路基10%", Reason: "补充路基"}); err != nil {
			t.Fatal(err)
		}
		got, err := o.Accept(ctx, o.coordinator(), item, "2022-01", false)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Entries) != 3 {
			t.Errorf("accepted in %d books, want own, suitong and chengyu", len(got.Entries))
		}
		o.clean()
		if err := o.Node().Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		o.clean()
	})
}

func (o *office) itemOf(title string) (item string) {
	o.t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n.item, e.words FROM plan_now n JOIN book_entry e ON e.book = n.book AND e.idx = n.idx`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			var raw []byte
			if err := rows.Scan(&id, &raw); err != nil {
				return err
			}
			if strings.Contains(string(raw), title) {
				item = id
				return nil
			}
		}
		return io.EOF
	})
	if err != nil {
		o.t.Fatalf("item %s: %v", title, err)
	}
	return item
}
