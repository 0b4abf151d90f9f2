package neighbours_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"liandong/exchange"
	"liandong/exchange/neighbours"
	"liandong/node"
	"liandong/web"
	"liandong/web/api"
)

// calling is the desk with its calls instead of its pages.
func calling(t *testing.T) *desk {
	t.Helper()
	d := open(t)
	site := web.New(web.Options{Now: d.Node.Now, Log: slog.New(slog.DiscardHandler), Identify: func(r *http.Request) (web.Identity, error) {
		seat := r.Header.Get("Test-Seat")
		return web.Identity{Actor: node.Actor{Person: seat, Org: "fgw", Seat: seat, Member: "510900"}}, nil
	}})
	neighbours.API(api.New(site, "test"), d.Node)
	d.http = site.Handler()
	return d
}

// call makes a call and reads its answer, or the code of the refusal.
func (d *desk) call(seat, method, path string, in, out any) (status int, code string) {
	d.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		d.t.Fatal(err)
	}
	r := httptest.NewRequest(method, "/api/v1/exchange/"+path, strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Test-Seat", seat)
	w := httptest.NewRecorder()
	d.http.ServeHTTP(w, r)
	var problem struct{ Code string }
	if w.Code >= 400 {
		out = &problem
	}
	if out != nil {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			d.t.Fatalf("%s: %v: %s", path, err, w.Body)
		}
	}
	return w.Code, problem.Code
}

func TestTheCalls(t *testing.T) {
	d, o := calling(t), tongnan(t)
	text := o.invites("https://tongnan.example")
	i, err := exchange.ReadInvitation(text)
	if err != nil {
		t.Fatal(err)
	}
	if status, code := d.call("administrator", "GET", "invitation", nil, nil); status != 422 || code != "neighbours.no-circle" {
		t.Errorf("without a circle: %d %s", status, code)
	}
	var p neighbours.Preview
	status, _ := d.call("administrator", "POST", "preview", neighbours.PreviewRequest{Invitation: text}, &p)
	if status != 200 || p.Fingerprint != i.Fingerprint() || !p.Changes || len(p.Steps) != 1 || !p.Steps[0].Opens {
		t.Errorf("preview: %d %+v", status, p)
	}
	said := neighbours.RecogniseRequest{Invitation: text, Fingerprint: i.Fingerprint(), How: "王科长"}
	for name, c := range map[string]struct {
		change func(r *neighbours.RecogniseRequest)
		code   string
	}{
		"another fingerprint": {func(r *neighbours.RecogniseRequest) { r.Fingerprint = "1" + r.Fingerprint[1:] + "0" }, "neighbours.fingerprint-other"},
		"no fingerprint":      {func(r *neighbours.RecogniseRequest) { r.Fingerprint = "" }, "neighbours.fingerprint-other"},
		"not said with whom":  {func(r *neighbours.RecogniseRequest) { r.How = " " }, "neighbours.how-missing"},
		"another circle":      {func(r *neighbours.RecogniseRequest) { r.Circles = []string{"chengyu"} }, "neighbours.other-circle"},
		"a slip":              {func(r *neighbours.RecogniseRequest) { r.Invitation = text[:100] }, "exchange.invitation.cut"},
	} {
		changed := said
		c.change(&changed)
		if status, code := d.call("administrator", "POST", "neighbours", changed, nil); status != 422 || code != c.code {
			t.Errorf("%s: %d %s, want %s", name, status, code, c.code)
		}
	}
	if status, _ := d.call("coordinator", "POST", "neighbours", said, nil); status != http.StatusForbidden {
		t.Errorf("a coordinator recognises: %d", status)
	}
	var w neighbours.Written
	if status, _ := d.call("administrator", "POST", "neighbours", said, &w); status != 200 || len(w.Entries) != 2 {
		t.Fatalf("recognise: %d %+v", status, w)
	}
	if status, code := d.call("administrator", "POST", "neighbours", said, nil); status != 422 || code != "neighbours.unchanged" {
		t.Errorf("again: %d %s", status, code)
	}
	var ours neighbours.Invited
	if status, _ := d.call("auditor", "GET", "invitation?circle=suitong", nil, &ours); status != 200 || ours.Invitation.Member != "510900" {
		t.Errorf("our invitation: %d %+v", status, ours)
	}
	of := "neighbours/suitong/500152/suspended"
	if status, _ := d.call("administrator", "POST", of, neighbours.SuspendRequest{Suspended: true, Reason: "演练"}, &w); status != 200 {
		t.Errorf("suspend: %d", status)
	}
	var l neighbours.Listing
	status, _ = d.call("auditor", "GET", "neighbours", nil, &l)
	if status != 200 || len(l.Circles) != 1 || !l.Circles[0].Members[0].Suspended || l.Circles[0].Members[0].Fingerprint != i.Fingerprint() {
		t.Errorf("listing: %d %+v", status, l)
	}
	if status, _ := d.call("coordinator", "POST", "circles/suitong/leave", neighbours.LeaveRequest{Reason: "协议到期"}, &w); status != 200 {
		t.Errorf("leave: %d", status)
	}
}

// TestACircleIsOpenedByCall, by who may, once, and only as what a circle can be.
func TestACircleIsOpenedByCall(t *testing.T) {
	d := calling(t)
	if status, code := d.call("reader", "POST", "circles", neighbours.OpenRequest{Circle: "fujiang"}, nil); status != 403 {
		t.Errorf("a reader opens a circle: %d %s", status, code)
	}
	for _, c := range []struct {
		asked neighbours.OpenRequest
		code  string
	}{
		{neighbours.OpenRequest{Circle: "Fu Jiang", Name: "涪江", Members: []string{"500152", "510900"}}, "admin.circle.id-form"},
		{neighbours.OpenRequest{Circle: "fujiang", Name: "涪江", Members: []string{"500152", "511500"}}, "admin.circle.members"},
		{neighbours.OpenRequest{Circle: "fujiang", Name: "涪江", Members: []string{"510900", "潼南"}}, "region.member-code"},
		{neighbours.OpenRequest{Circle: "fujiang", Name: "涪江", Members: []string{"510900", "510900"}}, "admin.circle.member-twice"},
		{neighbours.OpenRequest{Circle: "fujiang", Name: "涪江", Members: slices.Repeat([]string{"510900"}, 1001)}, "admin.circle.members-many"},
		{neighbours.OpenRequest{Circle: "fujiang", Name: "涪江\n联防", Members: []string{"500152", "510900"}}, "admin.circle.name-form"},
		{neighbours.OpenRequest{Circle: "fujiang", Name: strings.Repeat("涪江", 40), Members: []string{"500152", "510900"}}, "admin.circle.name-form"},
		{neighbours.OpenRequest{Circle: "fujiang", Name: "涪江联防", Members: []string{"500152", "510900"}}, ""},
		{neighbours.OpenRequest{Circle: "fujiang", Name: "涪江联防", Members: []string{"500152", "510900"}}, "admin.circle.stands"},
		{neighbours.OpenRequest{Circle: "chengduplain"}, ""}, // as the region knows it
	} {
		if _, code := d.call("administrator", "POST", "circles", c.asked, nil); code != c.code {
			t.Errorf("open %+v: %q, want %q", c.asked, code, c.code)
		}
	}
}

// TestAQuorumAndGoingOnByCall, by who may on the pages.
func TestAQuorumAndGoingOnByCall(t *testing.T) {
	d := calling(t)
	if _, code := d.call("administrator", "POST", "circles", neighbours.OpenRequest{Circle: "suitong"}, nil); code != "" {
		t.Fatal(code)
	}
	for _, c := range []struct {
		seat    string
		members int
		status  int
	}{{"reader", 1, 403}, {"administrator", -1, 422}, {"coordinator", 1, 200}} {
		if status, code := d.call(c.seat, "POST", "circles/suitong/quorum", neighbours.QuorumRequest{Members: c.members}, nil); status != c.status {
			t.Errorf("%+v: %d %s", c, status, code)
		}
	}
	for seat, want := range map[string]int{"coordinator": 403, "administrator": 200} {
		if status, code := d.call(seat, "POST", "neighbours/suitong/500152/go-on", nil, nil); status != want {
			t.Errorf("%s: %d %s", seat, status, code)
		}
	}
}
