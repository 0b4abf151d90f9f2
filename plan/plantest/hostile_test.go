package plantest_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

const rowsOfSuining = `序号,工作任务,牵头单位,配合单位,完成时限
1,扩容遂渝高速公路,市交通运输局,市发展改革委,6月底前
2,建设蔬菜生产基地,市农业农村局,,年底前
`

// suiningAtWork is an office with a list of the circle, one of its own and some reports.
func suiningAtWork(t *testing.T, s *store.Store) (o *plantest.Office, listing, item string) {
	o = plantest.New(t, s)
	o.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼重点任务"}, rowsOfSuining)
	o.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "本市要点"}, "序号,工作任务,牵头单位\n1,改造老旧小区,市经济和信息化局\n")
	listing, item = o.Row("扩容遂渝高速公路")
	o.Day("2022-01-20")
	o.FileAs("市交通运输局", item, "2022-01", judge.OnTime, "已完成可研批复")
	o.AcceptNow(item, "2022-01", false)
	return o, listing, item
}

// hostile writes a book of Tongnan that names our ids in every kind there is.
type hostile struct {
	entries [][]byte
	beside  []book.Beside
}

const atNoon = "2022-01-20T04:00:00.000Z"

func (h *hostile) say(kind, at, facts string, words []byte) {
	commitment := "null"
	var b book.Beside
	if words != nil {
		b.Words = book.Words{State: book.WordsHere, Salt: book.Salt{1}, Text: words}
		c := book.Commit(b.Words.Salt, words)
		commitment = `"` + base64.StdEncoding.EncodeToString(c[:]) + `"`
	}
	h.entries = append(h.entries, []byte(`{"v":1,"kind":"`+kind+`","member":"500152","circle":"suitong","org":"o-2","person":"p-coordinator","at":"`+
		at+`","subjects":["i-1","l-1"],"facts":`+facts+`,"causes":[],"words":`+commitment+`}`))
	h.beside = append(h.beside, b)
}

// sayings are facts of every kind of plans and of the directory, with our ids in them: what a forger begins with.
func sayings(listing, item string) [][2]string {
	var all []plan.LightFacts
	for _, s := range judge.WorkStates() {
		all = append(all, plan.LightFacts{State: s, Light: judge.DefaultLegend()[0].Light})
	}
	raw, _ := json.Marshal(all)
	lights, report := string(raw), `{"item":"`+item+`","period":"2022-01","claim":"done","doneOn":"2022-01-19","figures":[],"met":[],"parts":[],"composed":false}`
	return [][2]string{
		{"region.circle.opened/1", `{"circle":"suitong","members":["500152","510900"]}`},
		{"region.org.named/1", `{"org":"o-2","side":"510900","sort":0,"group":false,"closed":true}`},
		{"region.person.named/1", `{"person":"p-coordinator","left":true}`},
		{"region.seat.given/1", `{"person":"p-coordinator","org":"o-2","seat":"administrator"}`},
		{"region.seat.taken/1", `{"person":"p-coordinator","org":"o-1","seat":"coordinator"}`},
		{"plan.issued/1", `{"plan":"510900:suitong-2022","year":2022,"cycle":"month","rhythm":{"cutoffDay":1,"tenDayGrace":1,"openDays":1},"warnDays":0,"issued":""}`},
		{"plan.issued/1", `{"plan":"500152:suitong-2022","year":2022,"cycle":"month","rhythm":{"cutoffDay":25,"tenDayGrace":3,"openDays":10},"warnDays":0,"issued":"2022-01-01"}`},
		{"plan.item.opened/1", `{"item":"` + item + `","leads":["o-2","o-3"],"supports":["o-1"],"milestones":[{"id":"m1","day":"2022-01-02"}],"indicators":[{"id":"k1","unit":"亿元","base":"1","target":"2.5","direction":"up","mode":"period","decimals":1}]}`},
		{"plan.listed/1", `{"plan":"510900:suitong-2022","listing":"` + listing + `","order":1,"items":["` + item + `"],"deadline":{"Kind":"by","Date":"2022-01-01"}}`},
		{"plan.listed/1", `{"plan":"500152:suitong-2022","listing":"` + listing + `","order":1,"items":["` + item + `"],"deadline":{"Kind":"by","Date":"2022-01-01"}}`},
		{"plan.listed/1", `{"plan":"500152:suitong-2022","listing":"l-other","order":2,"items":["i-nowhere"],"deadline":{"Kind":"by","Date":"2022-01-01"}}`},
		{"plan.listing.pointed/1", `{"listing":"` + listing + `","items":["` + item + `"]}`},
		{"plan.verdict.given/1", `{"listing":"` + listing + `","state":"late"}`},
		{"plan.report.called/1", `{"plan":"510900:suitong-2022","day":"2022-01-25","listings":[]}`},
		{"plan.report.called/1", `{"plan":"500152:suitong-2022","day":"2022-01-25","listings":["` + listing + `"]}`},
		{"plan.report.filed/1", report},
		{"plan.part.filed/1", report},
		{"plan.report.returned/1", `{"item":"` + item + `","period":"2022-01"}`},
		{"plan.report.accepted/1", `{"report":` + report + `,"org":"o-2@510900","filed":"2022-01-19","confirmed":true}`},
		{"plan.legend.set/1", `{"plan":"510900:suitong-2022","lights":` + lights + `}`},
		{"plan.legend.set/1", `{"plan":"500152:suitong-2022","lights":` + lights + `}`},
		{"plan.legend.set/1", `{"plan":"","lights":` + lights + `}`},
		{"plan.bulletin.issued/2", `{"bulletin":"b-1","month":"2022-01","asOf":"2022-01-31","circle":"suitong","plans":[],"heads":[]}`},
		{"plan.bulletin.issued/1", `{"bulletin":"b-2","month":"2022-01","asOf":"2022-01-31","heads":[]}`},
		{"plan.report.uncalled/1", `{"plan":"500152:suitong-2022","day":"2022-01-25"}`},
		{"plan.asked/1", `{"listing":"` + listing + `","members":["510900"],"alone":true}`},
		{"plan.claimed/1", `{"item":"` + item + `"}`},
		{"plan.declined/1", `{"deadline":"2022-01-25"}`},
		{"plan.listing.dropped/1", `{"listing":"` + listing + `"}`},
	}
}

// everything is what a forger may say beyond the sayings: each of their values replaced by absurd ones, words that are
// none or huge, and a time at the end of time.
func (h *hostile) everything(listing, item string) {
	base := sayings(strings.TrimSuffix(listing, "@510900"), strings.TrimSuffix(item, "@510900"))
	for _, s := range base {
		h.say(s[0], atNoon, s[1], []byte(`{"title":"遂潼重点任务","name":"市交通运输局","progress":"已完成可研批复"}`))
	}
	for _, words := range []string{`no JSON`, `{"title":5,"progress":[]}`, `{"title":"` + strings.Repeat("长", 300_000) + `"}`, `{"section":["\u0000"]}`} {
		for _, s := range base {
			h.say(s[0], atNoon, s[1], []byte(words))
		}
	}
	absurd := []string{
		`""`, `"x@510900"`, `"9999-12-31"`, `"0001-01-01"`, `"2022-02-30"`, `"` + strings.Repeat("九", 15_000) + `"`, `-1`, `9007199254740992`, `2200`, `true`, `[]`, `{}`,
		`["a","a"]`,
	}
	for _, s := range base {
		for _, place := range places(s[1]) {
			for _, a := range absurd {
				h.say(s[0], atNoon, s[1][:place[0]]+a+s[1][place[1]:], nil)
			}
		}
	}
	for _, s := range base { // each list with all it holds twice
		for _, place := range lists(s[1]) {
			inner := s[1][place[0]+1 : place[1]-1]
			h.say(s[0], atNoon, s[1][:place[1]-1]+","+inner+s[1][place[1]-1:], nil)
		}
	}
	for _, s := range base {
		h.say(s[0], "9999-12-31T23:59:59.999Z", s[1], nil)
	}
}

// lists are where lists that are not empty stand in a JSON text.
func lists(text string) (all [][2]int) {
	var opened []int
	for i, r := range text { // no text in the sayings has a bracket
		switch r {
		case '[':
			opened = append(opened, i)
		case ']':
			from := opened[len(opened)-1]
			opened = opened[:len(opened)-1]
			if i > from+1 {
				all = append(all, [2]int{from, i + 1})
			}
		}
	}
	return all
}

// places are where plain values stand in a JSON text.
func places(text string) (all [][2]int) {
	d := json.NewDecoder(strings.NewReader(text))
	var stack []json.Delim
	key := false
	for {
		from := int(d.InputOffset())
		t, err := d.Token()
		if err != nil {
			return all
		}
		to := int(d.InputOffset())
		if v, ok := t.(json.Delim); ok {
			if v == '{' || v == '[' {
				stack = append(stack, v)
			} else {
				stack = stack[:len(stack)-1]
			}
			key = len(stack) > 0 && stack[len(stack)-1] == '{'
			continue
		}
		if !key {
			for strings.ContainsRune(" ,:", rune(text[from])) {
				from++
			}
			all = append(all, [2]int{from, to})
		}
		if len(stack) > 0 && stack[len(stack)-1] == '{' {
			key = !key
		}
	}
}

// TestANeighbourCanHarmNothing: whatever a neighbour signs, our rows, figures and pages stay as they were, on every
// node what breaks a rule is set aside, and the view is what the books add up to.
func TestANeighbourCanHarmNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, listing, item := suiningAtWork(t, s)
		tongnan := plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
		plantest.Meet(suining, tongnan)
		stop, err := suining.FollowSearch(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		stop()
		before, rows := shown(t, suining, listing, item), ownRows(t, suining)
		var h hostile
		h.everything(listing, item)
		for from := 0; from < len(h.entries); from += 256 { // a head for each page: what comes later may still be forged
			page := tongnan.Forge(h.entries[:min(from+256, len(h.entries))], nil)
			page.From, page.Entries, page.Beside = int64(from), page.Entries[from:], h.beside[from:min(from+256, len(h.entries))]
			suining.Receive(page)
		}
		if err := suining.CatchUpSearch(context.Background()); err != nil {
			t.Error(err)
		}
		suining.Clean()
		same(t, "row", ownRows(t, suining), rows)
		same(t, "page", shown(t, suining, listing, item), before)
		pagesOfTheCircle(t, suining, listing, item)
		if got := verdicts(t, suining, 29); got != wantVerdicts {
			t.Errorf("set aside: %s, want %s", got, wantVerdicts)
		}
	})
}

// wantVerdicts are why sayings were set aside; the others speak of what the neighbour itself made up and stand.
const wantVerdicts = "1 region.only-self; 2 region.only-self; 3 region.only-self; 4 region.only-self; 5 plan.key-form; 8 plan.unknown; " +
	"10 plan.item-unknown; 13 plan.unknown; 15 plan.only-self; 16 plan.only-self; 17 plan.only-self; 19 plan.unknown; " +
	"21 plan.legend-form; 22 plan.only-self; 23 plan.only-self; 26 node.cause-missing; 27 node.cause-missing"

func verdicts(t *testing.T, o *plantest.Office, before int) string {
	t.Helper()
	var all []string
	err := o.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT idx, reason FROM node_aside WHERE book = '500152/suitong' AND idx < ? ORDER BY idx`, before)
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (s string, err error) {
			var i int
			err = scan(&i, &s)
			return fmt.Sprintf("%d %s", i, s), err
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "; ")
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d of sort %s, want %d", len(got), what, len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("%s is\n%.600s\nwant\n%.600s", what, got[i], want[i])
		}
	}
}

// ownRows are the rows of this member's books, and the joint rows that name it.
func ownRows(t *testing.T, o *plantest.Office) (all []string) {
	t.Helper()
	ctx, member := context.Background(), o.Node().Member
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		for _, table := range o.Node().ViewTables() {
			err := node.EachRow(ctx, tx, table, func(r node.Row) error {
				var line strings.Builder
				line.WriteString(table)
				for _, c := range r.Columns {
					line.WriteString(" " + c + "=" + r.Get(c))
				}
				if text := line.String(); ofMember(text, member) {
					all = append(all, text)
				}
				return nil
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
	slices.Sort(all)
	return all
}

// ofMember: the row is of one of its books, or is a joint one of its ids. The sums of a circle count every member's.
func ofMember(row, member string) bool {
	if strings.Contains(row, " scope=circle:") {
		return false
	}
	return strings.Contains(row, " book="+member+"/") || strings.Contains(row, "@"+member) && !strings.Contains(row, " book=") ||
		strings.Contains(row, " scope=all:"+member) || strings.Contains(row, " scope=plan:"+member)
}

// shown are what people of the member see of their own work.
func shown(t *testing.T, o *plantest.Office, listing, item string) (all []string) {
	t.Helper()
	ctx := context.Background()
	show := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		all = append(all, fmt.Sprintf("%+v", v))
	}
	actor := o.Coordinator().Actor
	show(o.Board(ctx, plan.BoardQuery{}))
	show(o.Status(ctx, "", ""))
	show(o.List(ctx, plan.ListQuery{Plan: "suitong-2022"}))
	show(o.Items(ctx, plan.ItemsQuery{}))
	p, err := o.Item(ctx, item, "", plan.ViewerOf(actor))
	show(p, err)
	show(o.Story(ctx, item, "", plan.ViewerOf(actor)))
	show(o.Todo(ctx, actor))
	show(o.Todo(ctx, o.As(region.Reporter, "市交通运输局").Actor))
	show(o.Queue(ctx, actor, ""))
	show(o.Legend(ctx, ""))
	show(o.Legend(ctx, "suitong-2022"))
	twins, err := o.Twins(ctx, listing)
	show(twins, err)
	b, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-01"})
	show(b.Draft.In, err)
	show(o.Bulletins(ctx))
	err = o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		orgs, err := region.Orgs(ctx, tx)
		show(orgs, err)
		people, err := region.People(ctx, tx)
		show(people, err)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

// pagesOfTheCircle: what the neighbour wrote breaks no page that shows it.
func pagesOfTheCircle(t *testing.T, o *plantest.Office, listing, item string) {
	t.Helper()
	ctx := context.Background()
	v := plan.ViewerOf(o.Coordinator().Actor)
	theirs := strings.TrimSuffix(item, "@510900") + "@500152"
	for what, read := range map[string]func() error{
		"board":  func() error { _, err := o.Board(ctx, plan.BoardQuery{Circle: plantest.Circle}); return err },
		"items":  func() error { _, err := o.Items(ctx, plan.ItemsQuery{Circle: plantest.Circle}); return err },
		"list":   func() error { _, err := o.List(ctx, plan.ListQuery{Plan: "500152:suitong-2022"}); return err },
		"item":   func() error { _, err := o.Item(ctx, theirs, "", v); return err },
		"story":  func() error { _, err := o.Story(ctx, theirs, "", v); return err },
		"search": func() error { _, err := o.Search(ctx, plan.SearchQuery{Text: "遂潼", Viewer: v}); return err },
		"export": func() error { _, err := o.Export(ctx, "500152:suitong-2022", ""); return err },
	} {
		if err := read(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	row := strings.TrimSuffix(listing, "@510900") + "@500152"
	for what, err := range map[string]error{
		"verdict": o.GiveVerdict(ctx, o.Coordinator(), row, judge.Late, "x"),
		"link":    o.Link(ctx, o.Coordinator(), row, []string{item}, "x"),
		"link to": o.Link(ctx, o.Coordinator(), listing, []string{theirs}, "x"),
		"unlink":  o.Unlink(ctx, o.Coordinator(), row),
		"revise":  o.ReviseItem(ctx, o.Coordinator(), plan.ItemFacts{Item: theirs}, plan.ItemWords{Title: "x"}),
		"return":  o.Return(ctx, o.Coordinator(), theirs, "2022-01", "x"),
		"uncall":  o.Uncall(ctx, o.Coordinator(), "500152:suitong-2022", "2022-01-25", "x"),
		"legend":  o.SetLegend(ctx, o.Coordinator(), "500152:suitong-2022", judge.DefaultLegend()),
	} {
		if !refuse.Is(err, "plan.not-ours") {
			t.Errorf("%s of a neighbour's: %v", what, err)
		}
	}
	if _, err := o.Call(ctx, o.Coordinator(), plan.CallFacts{Plan: "500152:suitong-2022", Day: "2022-02-01"}, "x"); !refuse.Is(err, "plan.not-ours") {
		t.Errorf("call: %v", err)
	}
	f := plan.ReportFacts{Item: theirs, Period: "2022-01", Claim: judge.OnTime}
	if _, err := o.File(ctx, o.As(region.Reporter, "市交通运输局"), f, plan.ReportWords{Progress: "x"}); !refuse.Is(err, "plan.not-ours") {
		t.Errorf("file: %v", err)
	}
}
