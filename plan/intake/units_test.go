package intake_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/region"
	"liandong/store/storetest"
)

// slips names 市交通运输局 with another end and one unit that is not near any.
const slips = "序号,工作任务,牵头单位,配合单位,完成时限\n1,改造跨省客运站点,市交通委,市气象局,年底前\n"

func (b *browser) take(key, list string) (form url.Values, at string) {
	b.t.Helper()
	page, at, status := b.upload("/plan/import", "清单.csv", []byte(list), fields(key, ""))
	if status != http.StatusOK {
		b.t.Fatalf("%s: %d %s", key, status, text(page))
	}
	return titled(formOf(page)), at
}

func titled(form url.Values) url.Values {
	for k, v := range map[string]string{"do": "confirm", "title": "演示清单", "year": "2022", "cycle": "month", "cutoff": "25"} {
		form.Set(k, v)
	}
	return form
}

func names(t *testing.T, o *office) string {
	t.Helper()
	_, orgs, err := o.desk.ListChoices(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range orgs {
		all = append(all, one.Name)
	}
	return strings.Join(all, " ")
}

// TestNearUnitIsProposed: the page presets the near unit and marks it; confirmed as it stands no twin of
// it is made, and the next file of that layout does not ask again.
func TestNearUnitIsProposed(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	form, at := b.take("near", slips)
	if form.Get("unit:市交通委") == "new" || form.Get("unit:市气象局") != "new" {
		t.Fatalf("preset: %q and %q", form.Get("unit:市交通委"), form.Get("unit:市气象局"))
	}
	if page, _ := b.get(at); !strings.Contains(page, `class="tag">拟作`) {
		t.Error("the proposal is not marked")
	}
	if page, _, _ := b.post(at, form); !strings.Contains(page, "导入完成") {
		t.Fatal(text(page))
	}
	if all := names(t, o); strings.Contains(all, "市交通委") || strings.Count(all, "市气象局") != 1 {
		t.Errorf("the directory holds %s", all)
	}
	if n := count(t, o, `SELECT count(*) FROM plan_item_unit u JOIN region_org o ON o.org = u.org WHERE u.leads = 1 AND u.org = 'jtj'`); n == 0 {
		t.Error("the near unit does not lead")
	}
	again, at := b.take("again", strings.Replace(slips, "改造", "新建", 1))
	if again.Get("unit:市交通委") != form.Get("unit:市交通委") {
		t.Errorf("the next file: %q", again.Get("unit:市交通委"))
	}
	page, _ := b.get(at)
	if !strings.Contains(page, "以前认定过的单位名称（1）") || strings.Contains(page, "未识别的单位（") || strings.Contains(page, "unit:市气象局") {
		t.Errorf("what was decided or registered is asked again: %s", text(page))
	}
}

// TestNewUnitIsKept: who says that a name is a new unit, although one is near, is shown so when the page
// is read again, and his word holds for the next file.
func TestNewUnitIsKept(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	form, at := b.take("kept", slips)
	form.Set("unit:市交通委", "new")
	page, _, _ := b.post(at, form)
	if strings.Contains(page, "导入完成") {
		t.Fatal("what was not seen was imported")
	}
	if got := formOf(page).Get("unit:市交通委"); got != "new" || strings.Contains(page, `class="tag">拟作`) {
		t.Errorf("read again the page says %q", got)
	}
	form = titled(formOf(page))
	form.Set("do", "reread")
	page, _, _ = b.post(at, form)
	if got := formOf(page).Get("unit:市交通委"); got != "new" {
		t.Errorf("at the next reading the page says %q", got)
	}
	if page, _, _ = b.post(at, titled(formOf(page))); !strings.Contains(page, "导入完成") {
		t.Fatal(text(page))
	}
	if all := names(t, o); strings.Count(all, "市交通委") != 1 {
		t.Errorf("the directory holds %s", all)
	}
	again, at := b.take("next", strings.Replace(slips, "改造", "新建", 1))
	if page, _, _ = b.post(at, again); !strings.Contains(page, "导入完成") || strings.Count(names(t, o), "市交通委") != 1 {
		t.Errorf("the next file: %s", names(t, o))
	}
}

// TestProposalIsWhatWasSeen: a unit named while the page stood open does not take the place of the one
// that the page showed.
func TestProposalIsWhatWasSeen(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	form, at := b.take("seen", slips)
	o.name(t, "o-nearer", "市交通委员会")
	if page, _, _ := b.post(at, form); !strings.Contains(page, "导入完成") {
		t.Fatal(text(page))
	}
	if n := count(t, o, `SELECT count(*) FROM plan_item_unit WHERE org = 'o-nearer'`); n != 0 {
		t.Error("an unseen unit got the work")
	}
}

func (o *office) name(t *testing.T, id, name string) {
	t.Helper()
	admin := node.Request{Actor: node.Actor{Person: "p-admin", Org: "fgw", Seat: string(region.Administrator), Member: "510900"}}
	_, err := o.Node.Write(context.Background(), admin, func(ctx context.Context, w *node.Writing) error {
		_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
			Circle: node.Self, Subjects: []string{id}, Facts: region.OrgFacts{Org: id, Side: "510900", Sort: 9}, Words: &region.OrgWords{Name: name},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryProposalTakesNearUnits: `--yes` and the API take what is near, and make new what is not.
func TestEveryProposalTakesNearUnits(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	opt := plan.ImportOptions{Plan: "yes", Year: 2022, Title: "演示清单"}
	done, err := o.desk.ImportFile(context.Background(), o.coordinator(), "清单.csv", []byte(slips), opt)
	if err != nil || done.Units != 1 {
		t.Fatalf("%+v %v", done, err)
	}
	if all := names(t, o); strings.Contains(all, "市交通委") || !strings.Contains(all, "市气象局") {
		t.Errorf("the directory holds %s", all)
	}
	p, err := o.desk.PreviewFile(context.Background(), "清单.csv", []byte(slips), plan.ImportOptions{Plan: "yes"})
	if err != nil || p.Changes[0].What != plan.RowSame {
		t.Errorf("again: %+v %v", p.Changes, err)
	}
}

// theirs names a unit of 绵阳市 and one of 德阳市.
const theirs = "序号,工作任务,牵头单位,配合单位,完成时限\n1,建设远程会诊平台,绵阳市卫健委,德阳市卫健委,年底前\n"

// TestAUnitOfAnotherMemberIsProposed: the page presets a name that begins with another member's to a new unit of it; who says
// that it is an own one is heard, and the page says that nobody is asked and why.
func TestAUnitOfAnotherMemberIsProposed(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	b := o.as(t, "coordinator")
	page, at, status := b.upload("/plan/import", "清单.csv", []byte(theirs), fields("theirs", "suitong"))
	form := titled(formOf(page))
	if status != http.StatusOK || form.Get("unit:绵阳市卫健委") != "new@510700" || form.Get("unit:德阳市卫健委") != "new@510600" {
		t.Fatalf("%d: preset %q and %q", status, form.Get("unit:绵阳市卫健委"), form.Get("unit:德阳市卫健委"))
	}
	if !strings.Contains(page, "还没有认可绵阳市") || strings.Contains(text(page), "将请邻方认领") {
		t.Errorf("the page does not say whom nobody asks: %s", text(page))
	}
	form.Set("unit:德阳市卫健委", "new")
	form.Set("do", "reread")
	b.post(at, form)
	page, _ = b.get(at)
	if form = titled(formOf(page)); form.Get("unit:德阳市卫健委") != "new" || !strings.Contains(page, "new@510600") {
		t.Fatalf("read again it is %q", form.Get("unit:德阳市卫健委"))
	}
	if page, _, _ = b.post(at, form); !strings.Contains(page, "导入完成") || !strings.Contains(page, "还没有认可绵阳市") {
		t.Fatal(text(page))
	}
	_, orgs, err := o.desk.ListChoices(context.Background())
	sides := map[string]string{}
	for _, one := range orgs {
		sides[one.Name] = one.Side
	}
	if err != nil || sides["绵阳市卫健委"] != "510700" || sides["德阳市卫健委"] != "510900" {
		t.Errorf("the directory holds %v, %v", sides, err)
	}
}
