package books_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/books"
)

// TestAMeetingIsProvedToWhoMayReadItOnly: the invitation and the minutes of a meeting inside, and of one with neighbours that stands in a book which all
// of the circle's members carry, open on their proof pages for who sees the meeting, and for nobody else of this member.
func TestAMeetingIsProvedToWhoMayReadItOnly(t *testing.T) {
	const roads, farms = "市交通运输局", "市农业农村局"
	ctx := context.Background()
	o, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(o, tongnan)
	site := web.New(web.Options{Member: "遂宁市", Now: o.Clock, Identify: func(r *http.Request) (web.Identity, error) {
		seat, unit, _ := strings.Cut(r.Header.Get("Test-Seat"), "@")
		return web.Identity{Actor: node.Actor{Person: "p-" + seat, Org: o.Units[unit], Seat: seat, Member: "510900"}}, nil
	}})
	books.Routes(site, o.Node(), o.MayRead, o.NamesIn, books.Outside{})
	h := site.Handler()
	for _, circle := range []string{"", plantest.Circle} {
		n := plan.NewGroup{Circle: circle, Orgs: []string{o.Units[roads]}, Words: plan.GroupWords{Name: "专班"}}
		if circle != "" {
			n.Members = []string{"500152"}
		}
		group, err := o.SetGroup(ctx, o.Coordinator(), "", n)
		if err != nil {
			t.Fatal(err)
		}
		const title, said = "闭门研究补偿方案", "补偿标准暂不对外"
		id, err := o.CallAtOnce(ctx, o.Coordinator(), plan.MeetingDraft{
			Group: group, Day: o.Today(), Clock: "00:30", Words: plan.MeetingWords{Title: title}, Points: []plan.DraftPoint{{Ground: plan.AgendaFree, Title: "补偿"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		d, err := o.MinutesDraft(ctx, id, plan.ViewerOf(o.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		d.Chair, d.Points[0].Text = "演示主任", said
		for i := range d.Present {
			d.Present[i].State = plan.WasPresent
		}
		if err := o.IssueMinutes(ctx, o.Coordinator(), id, d); err != nil {
			t.Fatal(err)
		}
		m, err := o.Meeting(ctx, id, plan.ViewerOf(o.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		_, book, _ := strings.Cut(m.Book, "/")
		for text, index := range map[string]int64{title: m.Index, said: m.Minutes.Index} {
			path := fmt.Sprintf("/proof/%s/%d", book, index)
			for who, may := range map[string]bool{
				"coordinator@市发展改革委": true, "auditor@市发展改革委": true, "leader@市发展改革委": true, "reporter@" + roads: true,
				"reporter@" + farms: false, "reviewer@" + roads: false, "reader@市发展改革委": false, "reader@" + roads: false,
			} {
				w, e := get(h, who, path), get(h, who, path+"/evidence.json")
				if (w.Code == 200) != may || strings.Contains(w.Body.String(), text) != may || !may && w.Code != 404 {
					t.Errorf("%s, circle %q, %s: %d, it says so: %v", path, circle, who, w.Code, strings.Contains(w.Body.String(), text))
				}
				if (e.Code == 200) != may || strings.Contains(e.Body.String(), text) != may {
					t.Errorf("%s, circle %q, %s: the evidence is answered with %d", path, circle, who, e.Code)
				}
			}
			if w := get(h, "administrator@市发展改革委", path); w.Code != 200 || strings.Contains(w.Body.String(), text) {
				t.Errorf("%s: the administrator reads that it stands, and nothing of it: %d", path, w.Code)
			}
		}
	}
	if region.May(region.Reader, region.MeetingRead) {
		t.Error("the test goes by readers reading no meetings")
	}
}
