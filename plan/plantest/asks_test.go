package plantest_test

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/store/storetest"
)

const namingRows = `序号,工作任务,牵头单位,配合单位,完成时限
1,建设远程会诊平台,宜宾市卫健委,市经济和信息化局,6月底前
2,整治琼江,市农业农村局,潼南区水利局,6月底前
3,共享气象资料,绵阳市气象局,,年底前
4,扩容遂渝高速公路,市交通运输局,,年底前
`

// TestAPrefixNamesANeighbour: a unit whose name begins with that of a neighbour is proposed as that one's, asked by --yes, and it
// is said who is asked and who is named but not asked, and why.
func TestAPrefixNamesANeighbour(t *testing.T) {
	ctx := context.Background()
	suining := plantest.New(t, storetest.OpenSQLite(t))
	tongnan, yibin := plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan), plantest.Of(t, storetest.OpenSQLite(t), plantest.Yibin)
	plantest.Meet(suining, tongnan, yibin)
	opt := plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}
	src := sheet.Source{Name: "清单.csv", Data: bytes.NewReader([]byte(namingRows)), Size: int64(len(namingRows))}
	p, err := suining.Preview(ctx, src, opt)
	if err != nil {
		t.Fatal(err)
	}
	want := plan.Asking{
		Asks: []plan.AskedMember{{Member: "511500", Name: "宜宾市", Rows: 1}},
		Unasked: []plan.UnaskedMember{
			{Member: "500152", Name: "潼南区", Why: plan.OnlySupports, Units: []string{"潼南区水利局"}, Rows: 1},
			{Member: "510700", Name: "绵阳市", Why: plan.Unrecognised, Units: []string{"绵阳市气象局"}, Rows: 1},
		},
	}
	if !reflect.DeepEqual(p.Asking, want) {
		t.Errorf("the preview says %+v", p.Asking)
	}
	said := map[string]bool{}
	for _, one := range p.List.Problems {
		if one.Code == sheet.UnitOfNeighbour {
			said[one.Cell] = true
		}
	}
	if !reflect.DeepEqual(said, map[string]bool{"C2": true, "D3": true, "C4": true}) {
		t.Errorf("units of neighbours were found at %v", said)
	}
	for _, u := range p.Unknown {
		if u.Of == "" || u.Of != u.Side {
			t.Errorf("%s becomes a unit of %s (%s)", u.Name, u.Side, u.Of)
		}
	}
	done, err := suining.Import(ctx, suining.Coordinator(), p, p.EveryProposal())
	if err != nil || done.Units != 3 || !reflect.DeepEqual(done.Asking, want) {
		t.Errorf("imported %+v, %v", done, err)
	}
	yibin.Hear(suining)
	if asked, err := yibin.AskedOfUs(ctx); err != nil || len(asked) != 1 || !asked[0].Alone {
		t.Errorf("the neighbour is asked %+v, %v", asked, err)
	}
	size := suining.Size(suining)
	if again := suining.Take(opt, namingRows); again.Wrote() || !reflect.DeepEqual(again.Asking, want) || suining.Size(suining) != size {
		t.Errorf("taken in again: %+v, %d entries more", again, suining.Size(suining)-size)
	}
	suining.Clean()
}

// TestAUnitThatStandsWithTheWrongMember: while the directory has a neighbour's unit as an own one nobody is asked, and it is said;
// once the own one is closed for one of the neighbour's, the same list asks.
func TestAUnitThatStandsWithTheWrongMember(t *testing.T) {
	ctx := context.Background()
	suining, yibin := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Yibin)
	plantest.Meet(suining, yibin)
	suining.AddUnits("宜宾市卫健委")
	opt := plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂宜任务"}
	rows := strings.Join(strings.SplitAfter(namingRows, "\n")[:2], "")
	done := suining.Take(opt, rows)
	if len(done.Asks) != 0 || len(done.Unasked) != 1 || done.Unasked[0].Why != plan.OursByName {
		t.Errorf("it is said %+v", done.Asking)
	}
	name := func(id, side string, closed bool) {
		suining.Write(func(ctx context.Context, w *node.Writing) error {
			_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
				Circle: node.Self, Subjects: []string{id},
				Facts: region.OrgFacts{Org: id, Side: side, Sort: 9, Closed: closed}, Words: &region.OrgWords{Name: "宜宾市卫健委"},
			})
			return err
		})
	}
	name("o-theirs", "511500", false)
	name(suining.Units["宜宾市卫健委"], "510900", true)
	if page, err := suining.List(ctx, plan.ListQuery{Plan: "suitong-2022"}); err != nil || len(page.Neighbours) != 1 {
		t.Errorf("the page offers to ask %v, %v", page.Neighbours, err)
	}
	if done := suining.Take(opt, rows); len(done.Asks) != 1 || len(done.Unasked) != 0 {
		t.Errorf("taken in again it asks %+v", done.Asking)
	}
	yibin.Hear(suining)
	if asked, err := yibin.AskedOfUs(ctx); err != nil || len(asked) != 1 {
		t.Errorf("the neighbour is asked %+v, %v", asked, err)
	}
	suining.Clean()
}
