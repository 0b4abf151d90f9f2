package main

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/exchange"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/store"
)

// The marked text of the drill (演示数据): no other text of a node has these characters.
const (
	secretText = "甲龘靐卷宗QZXMARK88"
	secretFile = "附件里的龘靐齉QZXFILE99"
)

// marks are its bytes as they might lie somewhere: whole, a pair of the index of words, its small letters, the file's.
var marks = []string{secretText, "龘靐", "qzxmark88", "QZXMARK88", "QZXFILE99"}

// drilled is a node of the drill in its folder.
type drilled struct {
	*node.Folder
	desk *plan.Desk
}

func drills(t *testing.T, member, origin string) drilled {
	t.Helper()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), member)
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: member, Name: member, Origin: origin}}); err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(ctx, dir, modules(), node.FolderOptions{May: region.Permit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	d := drilled{f, plan.NewDesk(f.Node)}
	must(t, found(ctx, f.Node))
	d.say(t, region.Administrator, func(ctx context.Context, w *node.Writing) error {
		return region.OpenCircle(ctx, w, region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900"}})
	})
	must(t, d.desk.Reindex(ctx))
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d drilled) as(seat region.Seat) node.Request {
	return node.Request{Actor: node.Actor{Person: operatorPerson, Org: officeOrg, Seat: string(seat), Member: d.Member}}
}

func (d drilled) say(t *testing.T, seat region.Seat, act node.Act) {
	t.Helper()
	_, err := d.Write(context.Background(), d.as(seat), act)
	must(t, err)
}

func (d drilled) recognises(t *testing.T, other drilled) {
	t.Helper()
	keys, err := region.KeysOf(other.Origin, other.SigningKey())
	must(t, err)
	d.say(t, region.Administrator, func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Facts: region.RecognisedFacts{
				Member: other.Member, Origin: other.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request,
			}, Words: &region.RecognisedWords{Name: other.Member},
		})
		return err
	})
}

// follows takes what is new in the other's book of the circle.
func (d drilled) follows(t *testing.T, other drilled) {
	t.Helper()
	ctx := context.Background()
	f := &exchange.Follower{Node: d.Node, Log: slog.New(slog.DiscardHandler)}
	_, err := f.Once(ctx, "suitong", other.Member, exchange.Local{Node: other.Node, Book: other.BookName("suitong")})
	must(t, err)
	must(t, d.desk.CatchUpSearch(ctx))
}

// traces names the files of the folder, and the parts of a backup made now, that hold a mark.
func (d drilled) traces(t *testing.T) (where []string) {
	t.Helper()
	look := func(name string, b []byte) {
		for _, m := range marks {
			if bytes.Contains(b, []byte(m)) {
				where = append(where, name+" holds "+m)
			}
		}
	}
	must(t, filepath.WalkDir(d.Dir, func(at string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Type() != 0 {
			return err
		}
		b, err := os.ReadFile(at)
		look(at, b)
		return err
	}))
	out := filepath.Join(t.TempDir(), "backup.zip")
	_, err := d.Backup(context.Background(), out, node.BackupOptions{})
	must(t, err)
	z, err := zip.OpenReader(out)
	must(t, err)
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, err)
		look("backup/"+f.Name, b)
	}
	return where
}

// hits counts what the search finds.
func (d drilled) hits(t *testing.T) (n int) {
	t.Helper()
	p, err := d.desk.Search(context.Background(), plan.SearchQuery{Text: "龘靐", Viewer: plan.ViewerOf(d.as(region.Coordinator).Actor)})
	must(t, err)
	for _, g := range p.Groups {
		n += len(g.Hits)
	}
	return n
}

// reports has a unit file the marked text with an attachment, and the coordinator accept it for the circle.
func (d drilled) reports(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	list := "序号,工作任务,牵头单位,完成时限\n1,推进涪江大桥建设,协调办公室,12月底前\n"
	src := sheet.Source{Name: "清单.csv", Data: strings.NewReader(list), Size: int64(len(list))}
	p, err := d.desk.Preview(ctx, src, plan.ImportOptions{Plan: "suitong", Year: d.Now().Year(), Circle: "suitong", Title: "工作计划"})
	must(t, err)
	_, err = d.desk.Import(ctx, d.as(region.Coordinator), p, p.EveryProposal())
	must(t, err)
	var item string
	must(t, d.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT item FROM plan_now`).Scan(&item)
	}))
	ref, err := d.desk.Attach(ctx, d.as(region.Reporter).Actor, "卷宗.txt", strings.NewReader(secretFile), 1<<20)
	must(t, err)
	period := judge.Period(d.Now().Format("2006-01"))
	_, err = d.desk.File(ctx, d.as(region.Reporter), plan.ReportFacts{Item: item, Period: period, Claim: judge.OnTime},
		plan.ReportWords{Progress: secretText, Files: []plan.FileRef{ref}})
	must(t, err)
	_, err = d.desk.Accept(ctx, d.as(region.Coordinator), item, period, false)
	must(t, err)
	_, err = d.desk.KeepTyping(ctx, d.as(region.Reporter).Actor, plan.TypingName(item, period), 0, "progress="+secretText)
	must(t, err)
	must(t, d.desk.CatchUpSearch(ctx))
}

// marked finds the entries that hold the marked text: the first, and what the page says are the same.
func (d drilled) marked(t *testing.T) map[string]node.ErasedFacts {
	t.Helper()
	ctx := context.Background()
	what := map[string]node.ErasedFacts{}
	must(t, d.Store.Read(ctx, func(tx *store.Tx) error {
		var first int64
		err := tx.Row(ctx, `SELECT min(idx) FROM book_entry WHERE book = ? AND instr(words, ?) > 0`, d.BookName("suitong"), []byte(secretText)).Scan(&first)
		if err != nil {
			return err
		}
		what["suitong"] = node.ErasedFacts{Indexes: []int64{first}, Reason: node.EraseAsked}
		same, err := d.SameWords(ctx, tx, d.BookName("suitong"), first)
		for _, p := range same {
			_, circle, _ := strings.Cut(p.Book, "/")
			f := what[circle]
			f.Indexes, f.Reason = append(f.Indexes, p.Index), node.EraseAsked
			what[circle] = f
		}
		return err
	}))
	return what
}

// TestErasureLeavesNoByte is the drill of docs/how-to/erase.md: a marked text is reported, read by a neighbour and
// erased; then every file of both nodes and new backups of them are searched for its bytes.
func TestErasureLeavesNoByte(t *testing.T) {
	ctx := context.Background()
	var said bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&said, nil)))
	suining, tongnan := drills(t, "510900", "suining.example"), drills(t, "500152", "tongnan.example")
	suining.recognises(t, tongnan)
	tongnan.recognises(t, suining)
	suining.reports(t)
	tongnan.follows(t, suining)
	for _, d := range []drilled{suining, tongnan} {
		if len(d.traces(t)) == 0 || d.hits(t) == 0 {
			t.Fatalf("%s holds nothing of the mark before it is erased: the drill proves nothing", d.Member)
		}
	}
	what := suining.marked(t)
	if len(what["suitong"].Indexes) != 1 || len(what["self"].Indexes) != 2 { // told once; filed and accepted inside
		t.Fatalf("to be erased: %+v", what)
	}
	_, err := suining.Erase(ctx, suining.as(region.Administrator), what, node.ErasedWords{Reference: "演示数据:申请第 7 号"})
	must(t, err)
	must(t, suining.FinishErasures(ctx))
	tongnan.follows(t, suining)
	must(t, tongnan.FinishErasures(ctx))
	suining.follows(t, tongnan)
	for _, d := range []drilled{suining, tongnan} {
		for _, w := range d.traces(t) {
			t.Errorf("after the erasure %s", w)
		}
		if n := d.hits(t); n != 0 {
			t.Errorf("%s finds it %d times", d.Member, n)
		}
		must(t, d.Rebuild(ctx, nil))
		r, err := d.Verify(ctx, node.VerifyOptions{View: true})
		must(t, err)
		for _, f := range r.Faults {
			t.Errorf("%s/%d [%s] %s", f.Book, f.Index, f.Code, f.What)
		}
	}
	for _, m := range marks {
		if strings.Contains(said.String(), m) {
			t.Errorf("the log holds %s", m)
		}
	}
	must(t, suining.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := node.Erasures(ctx, tx, suining.BookName("suitong"), what["suitong"].Indexes[0], 1)
		if err == nil && (len(all) != 1 || len(all[0].Confirmed) != 1 || all[0].Confirmed[0].Member != "500152") {
			t.Errorf("confirmed: %+v", all)
		}
		return err
	}))
}
