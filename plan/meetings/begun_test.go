package meetings_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/region"
)

// TestAMeetingOfTheSameDay has not begun before its hour: units reply, minutes wait, and who leads a point's work and is not invited is named.
func TestAMeetingOfTheSameDay(t *testing.T) {
	d := open(t)
	ctx, who, road := context.Background(), d.Coordinator().Actor, d.As(region.Reporter, roads).Actor
	id, err := d.NewMeetingDraft(ctx, who, plan.MeetingDraft{Orgs: []string{d.Units[farms]}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.MeetingDraft(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	m.Day, m.Clock, m.Words.Title = d.Today(), "10:00", "碰头会"
	m.Points = []plan.DraftPoint{{Ground: plan.AgendaLate, Item: d.road, Title: "加快推进遂渝高速公路扩容工程建设"}}
	if err := d.SetMeetingDraft(ctx, m); err != nil {
		t.Fatal(err)
	}
	draft := "/meetings/draft/" + id
	page := d.Want("not invited", d.Ask(who, draft, nil), 200, "牵头单位没有受邀", "一并邀请")
	d.Want("a unit invites", d.Ask(road, draft+"/invite", url.Values{"version": {version(t, page)}, "invite": {d.Units[roads]}}), 403)
	d.Want("invited", d.Ask(who, draft+"/invite", url.Values{"version": {version(t, page)}, "invite": {d.Units[roads]}}), 303)
	if page := d.Want("all are", d.Ask(who, draft, nil), 200).Body.String(); strings.Contains(page, "牵头单位没有受邀") {
		t.Error("who is invited is named still")
	}
	at := d.Want("called at nine", d.Ask(who, draft+"/call", url.Values{}), 303).Header().Get("Location")
	d.Want("the unit replies", d.Ask(road, at, nil), 200, "报送回执")
	form := url.Values{"chair": {"演示副市长"}, "present-0": {"present"}, "present-1": {"present"}, "version": {"0"}, "do": {"issue"}}
	d.Want("before the hour", d.Ask(who, at+"/minutes", form), 422, "10:00才召开")
	d.Day(d.Today().AddDays(1))
	page = d.Want("who did not reply", d.Ask(who, at+"/minutes", nil), 200, "请选择")
	if strings.Contains(page.Body.String(), `value="present" selected`) {
		t.Error("who did not reply is taken to have been there")
	}
	d.Want("issued", d.Ask(who, at+"/minutes", form), 303)
}
