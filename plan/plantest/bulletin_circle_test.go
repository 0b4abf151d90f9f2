package plantest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// ofADistrict gives an office's units the names of a district's, under the ids that its neighbour has for other units.
func ofADistrict(t *testing.T, o *plantest.Office) {
	t.Helper()
	o.Write(func(ctx context.Context, w *node.Writing) error {
		for i, name := range plantest.UnitNames {
			id, now := o.Units[name], "区"+strings.TrimPrefix(name, "市")
			o.Units[now] = id
			_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
				Circle: node.Self, Subjects: []string{id},
				Facts: region.OrgFacts{Org: id, Side: o.Node().Member, Sort: i + 1}, Words: &region.OrgWords{Name: now},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

const districtRows = `序号,工作任务,牵头单位,完成时限
1,建设智慧交通,区交通运输局,年底前
2,推行一卡通一码通,区发展改革委,5月底前
`

const cityRows = `序号,工作任务,牵头单位,完成时限
1,建设遂潼产业园,遂宁市：市经济和信息化局；潼南区：区经济和信息化局,6月底前
2,扩容遂渝高速公路,市交通运输局,年底前
3,编制园区总体规划,市自然资源和规划局,5月底前
4,统一信用信息标准,市发展改革委,年底前
`

// twoBulletins are two offices at the end of June, with reports of each accepted and heard by the other.
func twoBulletins(t *testing.T, s *store.Store) (suining, tongnan *plantest.Office) {
	t.Helper()
	suining, tongnan = plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	suining.AddUnits("市自然资源和规划局") // an id that Tongnan has no unit for
	ofADistrict(t, tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, cityRows)
	tongnan.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Circle: plantest.Circle, Title: "潼南任务"}, districtRows)
	tongnan.Hear(suining)
	park, _ := suining.Row("遂潼产业园")
	if _, err := tongnan.Claim(context.Background(), tongnan.Coordinator(), park, "", []string{tongnan.Units["区经济和信息化局"]}); err != nil {
		t.Fatal(err)
	}
	for _, o := range []*plantest.Office{suining, tongnan} {
		o.Day("2022-06-20")
	}
	say := func(o *plantest.Office, unit, title, text string) {
		_, item := o.Row(title)
		o.FileAs(unit, item, "2022-06", judge.OnTime, text)
		o.AcceptNow(item, "2022-06", false)
	}
	say(suining, "市自然资源和规划局", "编制园区总体规划", "规划完成公示")
	say(suining, "市发展改革委", "统一信用信息标准", "标准试行满一季度")
	say(suining, "市经济和信息化局", "遂潼产业园", "起步区开工")
	say(tongnan, "区交通运输局", "建设智慧交通", "设备到货")
	suining.Hear(tongnan)
	tongnan.Hear(suining)
	return suining, tongnan
}

// circleBulletin is a bulletin of the circle as it prints and as sheets, but for who issues it and until when its neighbours were heard.
func circleBulletin(t *testing.T, o *plantest.Office, month judge.Period, asOf judge.Date) string {
	t.Helper()
	p, err := o.Bulletin(context.Background(), plan.BulletinQuery{Month: month, Circle: plantest.Circle, AsOf: asOf, Office: "联合办公室"})
	if err != nil {
		t.Fatal(err)
	}
	p.Draft.In.Seen = ""
	text, bad := p.Draft.Text()
	if len(bad) > 0 {
		t.Error(bad)
	}
	d, _ := p.Draft.Document()
	return fmt.Sprintf("%s\n%+v\n%+v", text, d, p.Draft.Workbook())
}

// TestACirclesBulletinReadsTheSameOnEveryNode: word by word, before the cut-off and after it, though ids of units mean other units on the
// other node and the office knows more of its own than its neighbours do.
func TestACirclesBulletinReadsTheSameOnEveryNode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, tongnan := twoBulletins(t, s)
		for _, day := range []judge.Date{"2022-06-20", "2022-06-30"} {
			for _, o := range []*plantest.Office{suining, tongnan} {
				o.Day(day)
			}
			for _, month := range []judge.Period{"2022-06", "2022-H1"} {
				a, b := circleBulletin(t, suining, month, day), circleBulletin(t, tongnan, month, day)
				if a != b {
					t.Errorf("%s of %s: Suining reads\n%s\nand Tongnan\n%s", month, day, a, b)
				}
				for _, want := range []string{"（遂宁市自然资源和规划局）", "（遂宁市发展改革委）", "（潼南区交通运输局）", "潼南区发展改革委"} {
					if !strings.Contains(b, want) {
						t.Errorf("%s of %s does not name %s:\n%s", month, day, want, b)
					}
				}
				for _, wrong := range []string{"o-1", "o-6", "市市", "区区", "遂宁市区", "潼南区市"} {
					if strings.Contains(a, wrong) {
						t.Errorf("%s of %s says %q:\n%s", month, day, wrong, a)
					}
				}
			}
		}
	})
}

// TestWorkThatTwoDoInACirclesBulletin: it is one piece of work of each (docs/decisions/0009), which the text says; each is told as missing by its
// own unit, and what both say of it stands together.
func TestWorkThatTwoDoInACirclesBulletin(t *testing.T) {
	suining, tongnan := twoBulletins(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	read := func(day judge.Date) (plan.BulletinPage, string) {
		t.Helper()
		p, err := suining.Bulletin(ctx, plan.BulletinQuery{Month: "2022-06", Circle: plantest.Circle, AsOf: day})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := p.Draft.Text()
		return p, text
	}
	p, text := read("")
	if total := p.Draft.In.Total; total.Listings != 7 || total.Items != 7 || p.Draft.In.Joint != 1 {
		t.Errorf("%d rows, %d pieces of work, %d done together", total.Listings, total.Items, p.Draft.In.Joint)
	}
	if !strings.Contains(text, "各方共同承担的1条任务由各方分别报送，按各方各计一项") {
		t.Errorf("the text does not say what it counts:\n%s", text)
	}
	suining.Day("2022-06-27")
	tongnan.Day("2022-06-27")
	p, _ = read("")
	board, err := suining.Board(ctx, plan.BoardQuery{Circle: plantest.Circle, Period: "2022-06"})
	if total := p.Draft.In.Total; err != nil || board.Report.Owed != total.Due || board.Report.Accepted != total.FiledOnTime || board.Report.Missing != total.Missed {
		t.Errorf("the board has %+v, the bulletin %+v, %v", board.Report, total, err)
	}
	var units []string
	for _, m := range p.Draft.In.Missing {
		if m.Item == "建设遂潼产业园" {
			units = append(units, m.Unit)
		}
	}
	if fmt.Sprint(units) != "[潼南区经济和信息化局]" {
		t.Errorf("of the park %v did not report", units)
	}

	_, park := tongnan.Row("遂潼产业园")
	tongnan.FileAs("区经济和信息化局", park, "2022-06", judge.OnTime, "起步区开工。")
	tongnan.AcceptNow(park, "2022-06", false)
	suining.Hear(tongnan)
	if _, text = read(""); !strings.Contains(text, "建设遂潼产业园。起步区开工（遂宁市经济和信息化局、潼南区经济和信息化局）。") {
		t.Errorf("what both say is not told together:\n%s", text)
	}
}
