package standin_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/people"
	"liandong/web/standin"
	"liandong/web/webtest"
)

// TestNamingAndEndingOnPages: a person names a colleague, a refused form keeps what was typed, an administrator sees and ends it, and nobody else.
func TestNamingAndEndingOnPages(t *testing.T) {
	stand := webtest.NewStand(t)
	r := webtest.Room{T: t, Now: stand.Node.Now, Routes: func(s *web.Site) {
		standin.Mount(s, stand.Node)
		people.Mount(s, stand.Node, stand.Accounts, func(context.Context, region.SeatAt) (int, error) { return 0, nil })
	}}
	as := func(person string) node.Actor {
		return node.Actor{Person: person, Org: "fgw", Seat: person, Member: "510900"}
	}
	mine, day := as("reporter"), region.Today(stand.Node.Now())
	r.Want("nobody yet", r.Ask(mine, "/me/substitutes", nil), 200, "没有安排代办", "演示reviewer", "市发展改革委 · 填报员")
	form := url.Values{"seat": {"reporter@fgw"}, "by": {"reviewer"}, "from": {day}, "until": {"2020-01-01"}}
	r.Want("a day that is over", r.Ask(mine, "/me/substitutes", form), 422, "结束日期已经过去", `value="2020-01-01"`)
	form.Set("until", day)
	form.Set("by", "")
	r.Want("nobody chosen", r.Ask(mine, "/me/substitutes", form), 422, "代办人不能是本人，也不能空着", `value="`+day+`"`)
	form.Set("by", "reviewer")
	r.Want("named", r.Ask(mine, "/me/substitutes", form), 303)
	r.Want("as it stands", r.Ask(mine, "/me/substitutes", nil), 200, "演示reviewer", "代办中", day)
	r.Want("the colleague's", r.Ask(as("reviewer"), "/me/substitutes", nil), 200, "我代谁办", "演示reporter", "右上角")
	page := r.Want("the register", r.Ask(as("administrator"), "/people", nil), 200, "AB岗代办（1）", "演示reviewer 代 演示reporter").Body.String()
	if !strings.Contains(page, `href="/people/reporter/substitutes"`) {
		t.Error("the register does not lead to it")
	}
	page = r.Want("the administrator's page", r.Ask(as("security"), "/people/reporter/substitutes", nil), 200, "演示reporter的AB岗代办").Body.String()
	_, id, _ := strings.Cut(page, "/people/reporter/substitutes/")
	id, _, _ = strings.Cut(id, "/end")
	for _, c := range []struct {
		who    string
		path   string
		post   bool
		status int
	}{
		{"reader", "/people/reporter/substitutes", false, 403},
		{"reporter", "/people/reviewer/substitutes", false, 403},
		{"auditor", "/people/reporter/substitutes", false, 403},
		{"security", "/people/nobody/substitutes", false, 404},
		{"reader", "/me/substitutes", true, 403},
		{"auditor", "/me/substitutes", true, 403},
		{"coordinator", "/people/reporter/substitutes", true, 403},
		{"coordinator", "/me/substitutes", true, 422}, // not his seat
		{"coordinator", "/me/substitutes/" + id + "/end", true, 422},
		{"reader", "/me/substitutes/" + id + "/end", true, 403},
		{"coordinator", "/people/reporter/substitutes/" + id + "/end", true, 403},
		{"reader", "/me/substitutes", false, 200},
	} {
		sent := form
		if !c.post {
			sent = nil
		}
		if w := r.Ask(as(c.who), c.path, sent); w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.who, c.path, w.Code, c.status)
		}
	}
	r.Want("ended", r.Ask(as("security"), "/people/reporter/substitutes/"+id+"/end", url.Values{}), 303)
	r.Want("over", r.Ask(mine, "/me/substitutes", nil), 200, "没有安排代办")
	form.Set("by", "coordinator")
	r.Want("for another", r.Ask(as("security"), "/people/reporter/substitutes", form), 303)
}
