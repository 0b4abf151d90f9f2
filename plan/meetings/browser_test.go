package meetings_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/web/webtest"
)

// TestPagesLookRight: the list, a group, a draft with its drawn agenda, a meeting that is called, its minutes' form and the minutes, in every look.
func TestPagesLookRight(t *testing.T) {
	ctx := context.Background()
	d := open(t)
	office := d.Coordinator()
	group, err := d.SetGroup(ctx, office, "", plan.NewGroup{Orgs: []string{d.Units[roads], d.Units[farms]}, Words: plan.GroupWords{Name: "遂渝交通工作专班", Duties: "统筹交通项目"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SetContacts(ctx, office, group, []plan.Contact{{Unit: roads, Name: "王演示", Phone: "13800001234"}}); err != nil {
		t.Fatal(err)
	}
	meet := func(title string) string {
		id, err := d.CallAtOnce(ctx, office, plan.MeetingDraft{
			Group: group, Day: d.Today(), Clock: "08:30", Words: plan.MeetingWords{Title: title, Place: "二会议室"},
			Points: []plan.DraftPoint{{Ground: plan.AgendaLate, Item: d.road, Title: "遂渝高速公路扩容"}, {Ground: plan.AgendaFree, Title: "下半年安排"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	done, held := meet("6月调度会"), meet("7月调度会")
	m, err := d.MinutesDraft(ctx, done, plan.ViewerOf(office.Actor))
	if err != nil {
		t.Fatal(err)
	}
	plantest.AllCame(&m)
	m.Chair = "演示副市长"
	m.Resolutions = []plan.DraftResolution{{Text: "7月底前完成征地", Org: d.Units[roads], Supports: []string{d.Units[farms]}, Due: "2022-07-31", Follow: plan.FollowNew}}
	if err := d.IssueMinutes(ctx, office, done, m); err != nil {
		t.Fatal(err)
	}
	draft, err := d.NewMeetingDraft(ctx, office.Actor, plan.MeetingDraft{Group: group})
	if err != nil {
		t.Fatal(err)
	}
	base, b := webtest.Serve(t, d.Site(office.Actor)), webtest.Start(t)
	for _, c := range []struct{ name, path, says string }{
		{"list", "/meetings", "7月调度会"},
		{"group", "/group/" + group, "13800001234"},
		{"group-new", "/meetings/groups/new", "召集单位"},
		{"draft", "/meetings/draft/" + draft + "?days=366", "上次议定，未办结"},
		{"held", "/meeting/" + held, "遂渝高速公路扩容"},
		{"write", "/meeting/" + held + "/minutes", "议定事项 1"},
		{"minutes", "/meeting/" + done, "纪要〔2022〕1号"},
	} {
		for name, look := range map[string]webtest.Look{"desk": webtest.Desk, "dark": webtest.Dark, "phone": webtest.Phone, "nojs": webtest.NoJS} {
			p := b.Open(t, base, look)
			p.Go(c.path)
			if got := p.Text("main"); !strings.Contains(got, c.says) {
				t.Fatalf("%s does not say %q: %.300s", c.path, c.says, got)
			}
			if name != "nojs" {
				p.Axe()
				p.FitsWidth()
			}
			p.Shot("meetings-" + c.name + "-" + name)
		}
	}
}
