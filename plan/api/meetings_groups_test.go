package api_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
)

// groups are the calls on a working group.
func (d *desk) groups() []call {
	ctx, office := context.Background(), plantest.UnitNames[0]
	group, err := d.SetGroup(ctx, d.As(region.Coordinator, office), "", plan.NewGroup{Orgs: []string{d.Units[jtj]}, Words: plan.GroupWords{Name: "水利专班"}})
	if err != nil {
		d.t.Fatal(err)
	}
	at, farm := "/groups/"+group, d.Units["市农业农村局"]
	return []call{
		{"set-up-group", region.Coordinator, office, "POST", "/groups", `{"name":"农业专班","orgs":["` + farm + `"],"plans":["suitong"]}`, 200},
		{"set-up-group", region.Coordinator, office, "POST", "/groups", `{"name":"没有成员"}`, 422},
		{"set-up-group", region.Coordinator, office, "POST", "/groups", `{"name":"邻方","members":["500152"]}`, 422},
		{"change-group", region.Coordinator, office, "POST", at, `{"name":"水利专班","orgs":["` + d.Units[jtj] + `","` + farm + `"],"reason":"增补成员单位"}`, 200},
		{"change-group", region.Coordinator, office, "POST", "/groups/g-none", `{"name":"没有","orgs":["` + farm + `"],"reason":"x"}`, 404},
		{"set-contacts", region.Coordinator, office, "POST", at + "/contacts", `{"contacts":[{"unit":"市交通运输局","name":"演示联络员","phone":"13900000001"}]}`, 200},
		{"set-contacts", region.Coordinator, office, "POST", at + "/contacts", `{"contacts":[{"unit":"市交通运输局","name":""}]}`, 422},
		{"group", region.Reporter, jtj, "GET", at, "", 200},
		{"group", region.Reporter, "市教育和体育局", "GET", at, "", 404},
		{"dissolve-group", region.Coordinator, office, "POST", at + "/dissolve", `{"reason":"任务完成"}`, 200},
		{"dissolve-group", region.Coordinator, office, "POST", at + "/dissolve", `{"reason":"再次"}`, 404},
	}
}

// TestAGroupByCalls: what was sent is what stands, telephones are for those who work with them, and a change keeps the contacts.
func TestAGroupByCalls(t *testing.T) {
	d := open(t)
	office := plantest.UnitNames[0]
	for _, c := range d.groups()[:1] {
		w := d.ask(c.seat, c.unit, c.method, "/api/v1"+c.path, c.body)
		var out struct{ Group string }
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || !strings.HasPrefix(out.Group, "g-") {
			t.Fatalf("%s: %v", w.Body, err)
		}
		at := "/api/v1/groups/" + out.Group
		d.ask(region.Coordinator, office, "POST", at+"/contacts", `{"contacts":[{"unit":"市农业农村局","name":"演示联络员","phone":"13900000001"}]}`)
		d.ask(region.Coordinator, office, "POST", at, `{"name":"农业农村专班","orgs":["`+d.Units["市农业农村局"]+`"],"reason":"更名"}`)
		for seat, phone := range map[region.Seat]string{region.Coordinator: "13900000001", region.Auditor: "139****0001"} {
			var g plan.Group
			w := d.ask(seat, office, "GET", at, "")
			if err := json.Unmarshal(w.Body.Bytes(), &g); err != nil || g.Words.Name != "农业农村专班" || len(g.Contacts) != 1 || g.Contacts[0].Phone != phone || len(g.History) != 3 {
				t.Errorf("%s reads %s, %v", seat, w.Body, err)
			}
		}
	}
}
