package intake_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liandong/store/storetest"
)

// spelled calls one unit, which the directory does not know, by its long and by its short name.
const spelled = "序号,工作任务,牵头单位,配合单位,完成时限\n1,共建锂电产业集群,市经信局,,年底前\n2,培育链主企业,市经济和信息化局,市商务局,年底前\n"

// TestOneUnitSpelledTwoWays: a unit of the first list opens once, with its other name beside it, unless
// somebody says that they are two.
func TestOneUnitSpelledTwoWays(t *testing.T) {
	for _, c := range []struct {
		remark, answer, units string
	}{
		{"as the page has it", "", "市经济和信息化局"},
		{"two, a person says", "new", "市经信局 市经济和信息化局"},
	} {
		o := newOffice(t, storetest.OpenSQLite(t))
		b := o.as(t, "coordinator")
		form, at := b.take("spelled", spelled)
		if c.answer != "" {
			form.Set("unit:市经信局", c.answer)
			page, _, _ := b.post(at, form) // shows what follows from the answer
			form = titled(formOf(page))
		} else if page, _ := b.get(at); !strings.Contains(page, "与“市经济和信息化局”是同一单位") {
			t.Errorf("%s: the page does not say that the names are one unit", c.remark)
		}
		if page, _, _ := b.post(at, form); !strings.Contains(page, "导入完成") {
			t.Fatalf("%s: %s %v", c.remark, text(page), form)
		}
		_, orgs, err := o.desk.ListChoices(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var of []string
		for _, one := range orgs {
			if strings.Contains(one.Name, "经") {
				of = append(of, one.Name)
				if c.answer == "" && strings.Join(one.Aliases, " ") != "市经信局" {
					t.Errorf("%s: aliases %q", c.remark, one.Aliases)
				}
			}
		}
		slices.Sort(of)
		if got := strings.Join(of, " "); got != c.units {
			t.Errorf("%s: units %q, want %q", c.remark, got, c.units)
		}
	}
}
