package plan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// saidHits are the leaders' words, slips and comments that a search finds, a line each; an empty group would be told, too.
func saidHits(t *testing.T, o *plantest.Office, text string, who node.Actor) string {
	t.Helper()
	p, err := o.Search(context.Background(), plan.SearchQuery{Text: text, Viewer: plan.ViewerOf(who)})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, g := range p.Groups {
		if g.Kind != "instruction" && g.Kind != "slip" && g.Kind != "comment" {
			continue
		}
		if len(g.Hits) == 0 || g.More {
			all = append(all, fmt.Sprintf("%s %d more %v", g.Kind, len(g.Hits), g.More))
		}
		for _, h := range g.Hits {
			line := string(h.Kind) + " " + h.Instruction + h.Slip + h.Consultation
			if h.Consultation != "" {
				line += fmt.Sprint(" ", h.Row)
			}
			line += " [" + h.Member + h.Unit + "] "
			for _, piece := range append(append(h.Title, plan.Piece{Text: " / "}), h.Snippet...) {
				line += piece.Text
			}
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

// eraseAll takes the words of these entries of the own book out, on request.
func eraseAll(t *testing.T, o *plantest.Office, indexes ...int64) {
	t.Helper()
	admin := node.Request{Actor: node.Actor{Person: "p-admin", Org: "o-1", Seat: string(region.Administrator), Member: o.Node().Member}}
	_, err := o.Node().Erase(context.Background(), admin, map[string]node.ErasedFacts{node.Self: {Indexes: indexes, Reason: node.EraseAsked}}, node.ErasedWords{Reference: "申请第 1 号"})
	if err != nil {
		t.Fatal(err)
	}
}

// saidOffice is an office in which a leader's word, a slip and a draft list were given to roads, the word and the draft to farms too, all with
// answers, and where each sort of text once more is said to schools.
type saidOffice struct {
	*plantest.Office
	word, slip, draft string
}

const saidRoads, saidFarms, saidSchools = "市交通运输局", "市农业农村局", "市教育和体育局"

func newSaidOffice(t *testing.T, s *store.Store) saidOffice {
	t.Helper()
	ctx := context.Background()
	o := saidOffice{Office: plantest.New(t, s)}
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-06-20")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	boss, roads, farms, schools := o.As(region.Leader, plantest.UnitNames[0]), o.As(region.Reporter, saidRoads), o.As(region.Reporter, saidFarms), o.As(region.Reporter, saidSchools)
	o.word, err = o.GiveInstruction(ctx, boss, plan.NewInstruction{
		Item: item, Orgs: []string{o.Units[saidRoads], o.Units[saidFarms]}, Due: "2022-06-27", Words: plan.InstructionWords{Text: "请抓紧解决祠堂迁建问题。", Leader: "演示市长"},
	})
	must(err)
	must(o.AnswerInstruction(ctx, roads, o.word, "祠堂已测绘，正与族老会商", nil))
	other, err := o.GiveInstruction(ctx, boss, plan.NewInstruction{
		Orgs: []string{o.Units[saidSchools]}, Due: "2022-06-27", Words: plan.InstructionWords{Text: "校园旁的祠堂请一并保护。", Leader: "演示市长"},
	})
	must(err)
	must(o.AnswerInstruction(ctx, schools, other, "已设保护标志", nil))
	o.slip, err = o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{
		Item: item, Org: o.Units[saidRoads], Ground: plan.SlipLate, Words: plan.SlipWords{Matter: "高速公路扩容滞后", Basis: "遂潼任务第1条", Demand: "说明涵洞渗水的处置", Signer: "陈岚（演示）"},
	})
	must(err)
	o.slip += "@510900"
	must(o.AnswerSlip(ctx, roads, plan.SlipID(o.slip), "涵洞渗水已注浆封堵", nil))
	must(o.ReturnSlip(ctx, o.Coordinator(), plan.SlipID(o.slip), "请补检测报告", 3))
	making, err := o.NewMaking(ctx, plan.Making{Title: "2023年重点任务", Year: 2023}, []plan.ListingWords{
		{Number: "1", Title: "建成扩容段", Lead: []string{saidRoads}}, {Number: "2", Title: "新建高标准农田", Lead: []string{saidFarms}},
	})
	must(err)
	o.draft, err = o.Consult(ctx, o.Coordinator(), making, plan.NewConsultation{Orgs: []string{o.Units[saidRoads], o.Units[saidFarms]}, Due: "2022-06-27"})
	must(err)
	o.draft += "@510900"
	must(o.Comment(ctx, roads, o.draft, map[int]string{1: "先说的作废：岩溶"}))
	must(o.Comment(ctx, roads, o.draft, map[int]string{0: "岩溶段较多，宜按季调度", 2: "与岩溶无关；岩溶段不占农田"}))
	must(o.Comment(ctx, farms, o.draft, map[int]string{2: "建议由县区承担"}))
	must(o.Reindex(ctx))
	return o
}

// TestWhatIsSaidInsideIsFoundByWhoMayReadIt: leaders' words, slips and comments are found with what was answered, by who may read them, and nobody
// else is told that there is any; what was said again, or erased, is found no more.
func TestWhatIsSaidInsideIsFoundByWhoMayReadIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newSaidOffice(t, s)
		main := plantest.UnitNames[0]
		word, slip := "instruction "+o.word+" ["+saidRoads+"、"+saidFarms+"] 演示市长：请抓紧解决祠堂迁建问题。 / ", "slip "+o.slip+" ["+saidRoads+"] 高速公路扩容滞后 / "
		note := "comment " + o.draft + " 0 [" + saidRoads + "] 2023年重点任务 / 岩溶段较多，宜按季调度\ncomment " + o.draft + " 2 [" + saidRoads + "] 2023年重点任务 · 2 新建高标准农田 / 与岩溶无关；岩溶段不占农田"
		who := map[string]node.Actor{
			"coordinator": o.Coordinator().Actor, "auditor": o.As(region.Auditor, main).Actor, "leader": o.As(region.Leader, main).Actor,
			"roads": o.As(region.Reporter, saidRoads).Actor, "farms": o.As(region.Reporter, saidFarms).Actor, "schools": o.As(region.Reporter, saidSchools).Actor,
			"reporter of the office": o.As(region.Reporter, main).Actor, "reviewer of the office": o.As(region.Reviewer, main).Actor,
			"reader of roads": o.As(region.Reader, saidRoads).Actor, "reviewer of roads": o.As(region.Reviewer, saidRoads).Actor, "administrator": o.As(region.Administrator, main).Actor,
		}
		check := func() {
			t.Helper()
			for _, c := range []struct{ remark, text, want, may string }{
				{"a leader's word", "祠堂迁建", word, "coordinator auditor leader roads farms"},
				{"an answer to it", "族老会商", word + "祠堂已测绘，正与族老会商", "coordinator auditor leader roads farms"},
				{"what a slip demands", "涵洞 处置", slip + "说明涵洞渗水的处置", "coordinator auditor leader roads"},
				{"an answer to it", "注浆封堵", slip + "涵洞渗水已注浆封堵", "coordinator auditor leader roads"},
				{"why it was returned", "补检测报告", slip + "请补检测报告", "coordinator auditor leader roads"},
				{"comments", "岩溶", note, "coordinator auditor roads"},
				{"comments that were replaced", "先说的作废", "", ""},
				{"another's comment", "县区承担", "comment " + o.draft + " 2 [" + saidFarms + "] 2023年重点任务 · 2 新建高标准农田 / 建议由县区承担", "coordinator auditor farms"},
				{"words of two rows", "按季调度 不占农田", "", ""},
			} {
				for name, actor := range who {
					want := ""
					if strings.Contains(" "+c.may+" ", " "+name+" ") {
						want = c.want
					}
					if got := saidHits(t, o.Office, c.text, actor); got != want {
						t.Errorf("%s, %s finds %q, want %q", c.remark, name, got, want)
					}
				}
			}
		}
		check()
		func() { // as where the words stand in so many texts that a unit's own are read
			was := plan.SetMostCommon(0)
			defer plan.SetMostCommon(was)
			check()
		}()
		if got := saidHits(t, o.Office, "祠堂", who["coordinator"]); strings.Count(got, "\n") != 1 || strings.Count(got, o.word) != 1 {
			t.Errorf("each word once: %q", got)
		}

		i, err := o.Instruction(context.Background(), o.word, plan.ViewerOf(who["leader"]))
		if err != nil {
			t.Fatal(err)
		}
		l, err := o.Slip(context.Background(), plan.SlipID(o.slip), plan.ViewerOf(who["leader"]))
		if err != nil {
			t.Fatal(err)
		}
		c, err := o.Consultation(context.Background(), o.draft, plan.ViewerOf(who["coordinator"]))
		if err != nil {
			t.Fatal(err)
		}
		eraseAll(t, o.Office, i.Index, l.Index, c.Whole[0].Index)
		for _, text := range []string{"祠堂迁建", "说明涵洞", "岩溶"} {
			if got := saidHits(t, o.Office, text, who["coordinator"]); got != "" {
				t.Errorf("%s was erased and is found: %q", text, got)
			}
		}
		if got := saidHits(t, o.Office, "族老会商", who["farms"]); !strings.Contains(got, o.word+" ["+saidRoads+"、"+saidFarms+"] 批〔2022〕1号 / ") {
			t.Errorf("an answer to what was erased: %q", got)
		}
		if got := saidHits(t, o.Office, "注浆封堵", who["roads"]); !strings.Contains(got, "〔2022〕1号 / ") {
			t.Errorf("an answer to a slip that was erased: %q", got)
		}
	})
}

// TestOnesOwnSlipsAreNotCrowdedOut: a unit finds its oldest slip, however many newer ones of others have the words, and is not told that there are more.
func TestOnesOwnSlipsAreNotCrowdedOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := newSaidOffice(t, s)
		for n := range 20 {
			_, err := o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{
				Org: o.Units[saidFarms], Ground: plan.SlipOther, Words: plan.SlipWords{Matter: fmt.Sprintf("第%d处涵洞渗水", n), Demand: "限期处置"},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := o.CatchUpSearch(ctx); err != nil {
			t.Fatal(err)
		}
		if got := saidHits(t, o.Office, "涵洞渗水", o.As(region.Reporter, saidRoads).Actor); !strings.HasPrefix(got, "slip "+o.slip) || strings.Contains(got, "\n") {
			t.Errorf("roads finds %q", got)
		}
		if got := saidHits(t, o.Office, "涵洞渗水", o.As(region.Reporter, saidSchools).Actor); got != "" {
			t.Errorf("schools finds %q", got)
		}
		if got := saidHits(t, o.Office, "涵洞渗水", o.As(region.Reporter, saidFarms).Actor); !strings.HasPrefix(got, "slip 8 more true") {
			t.Errorf("farms finds %q", got)
		}
	})
}

// TestWhatNeighboursSayIsFoundByTheCoordinator: requests between members and comments on each other's drafts are found on both sides by who may read
// them, however a neighbour's units are called; a leader's word is found in no other office.
func TestWhatNeighboursSayIsFoundByTheCoordinator(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: plantest.Circle, Title: "遂潼工作计划"}, suitongList)
	listing, _ := suining.Row("遂渝高速公路扩容")
	making, err := suining.NewMaking(ctx, plan.Making{Title: "遂潼任务（演示数据）", Year: 2022, Circle: plantest.Circle}, []plan.ListingWords{{Title: "整治琼江"}})
	if err != nil {
		t.Fatal(err)
	}
	draft, err := suining.Consult(ctx, suining.Coordinator(), making, plan.NewConsultation{Members: []string{"500152"}, Due: "2022-12-27"})
	if err != nil {
		t.Fatal(err)
	}
	slip, err := suining.IssueSlip(ctx, suining.Coordinator(), plan.NewSlip{
		Listing: listing, Member: "500152", Ground: plan.SlipLate, Words: plan.SlipWords{Matter: "扩容工程潼南段", Demand: "商请说明护坡进度"},
	})
	if err != nil {
		t.Fatal(err)
	}
	draft, slip = draft+"@510900", slip+"@510900"
	_, err = suining.GiveInstruction(ctx, suining.As(region.Leader, plantest.UnitNames[0]), plan.NewInstruction{
		Orgs: []string{suining.Units[saidRoads]}, Due: suining.Today(), Words: plan.InstructionWords{Text: "护坡要抓紧", Leader: "演示市长"},
	})
	if err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	if err := tongnan.AnswerSlip(ctx, tongnan.Coordinator(), plan.SlipID(slip), "护坡已完成六成", nil); err != nil {
		t.Fatal(err)
	}
	if err := tongnan.Comment(ctx, tongnan.Coordinator(), draft, map[int]string{1: "潼南段护坡请单列"}); err != nil {
		t.Fatal(err)
	}
	suining.Hear(tongnan)
	for _, o := range []*plantest.Office{suining, tongnan} {
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		got := saidHits(t, o, "护坡", o.Coordinator().Actor)
		for _, want := range []string{"slip " + slip, "[", "潼南区", "comment " + draft + " 1 ", "潼南段护坡请单列"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s finds %q, without %q", o.Node().Name, got, want)
			}
		}
		if found := strings.Contains(got, "instruction"); found != (o == suining) {
			t.Errorf("%s finds the leader's word: %v", o.Node().Name, found)
		}
		for _, seat := range []region.Seat{region.Reporter, region.Reviewer, region.Reader} {
			if got := saidHits(t, o, "护坡", o.As(seat, plantest.UnitNames[0]).Actor); got != "" {
				t.Errorf("%s, %s of the coordinator's unit finds %q", o.Node().Name, seat, got)
			}
		}
	}
}

// TestAHeirFindsTheSlipThatPassedToIt, with what the unit that ended had answered.
func TestAHeirFindsTheSlipThatPassedToIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := newSaidOffice(t, s)
		farms, schools := o.As(region.Reporter, saidFarms).Actor, o.As(region.Reporter, saidSchools).Actor
		if got := saidHits(t, o.Office, "注浆封堵", farms); got != "" {
			t.Errorf("before the reform: %q", got)
		}
		if _, err := o.MergeUnits(ctx, o.Coordinator(), plan.UnitMerging{From: []string{o.Units[saidRoads]}, Into: o.Units[saidFarms], Document: "机构改革方案（演示）"}); err != nil {
			t.Fatal(err)
		}
		if err := o.CatchUpSearch(ctx); err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]string{"注浆封堵": "涵洞渗水已注浆封堵", "涵洞 处置": "说明涵洞渗水的处置"} {
			if got := saidHits(t, o.Office, text, farms); got != "slip "+o.slip+" ["+saidFarms+"] 高速公路扩容滞后 / "+want {
				t.Errorf("the heir finds %q", got)
			}
			if got := saidHits(t, o.Office, text, schools); got != "" {
				t.Errorf("another unit finds %q", got)
			}
		}
	})
}
