package admin_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/admin"
	"liandong/web/webtest"
)

type desk struct {
	t *testing.T
	*webtest.Stand
	http http.Handler
}

// open gives a stand whose asker has the seat that a header names.
func open(t *testing.T) *desk {
	t.Helper()
	s := webtest.NewStand(t)
	admin.Routes(s.Site, s.Node, s.Accounts, admin.Neighbours{})
	plain := web.New(web.Options{Member: "遂宁市", Now: s.Node.Now, Identify: func(r *http.Request) (web.Identity, error) {
		seat := r.Header.Get("Test-Seat")
		return web.Identity{Actor: node.Actor{Person: seat, Org: "fgw", Seat: seat, Member: "510900"}}, nil
	}})
	admin.Routes(plain, s.Node, s.Accounts, admin.Neighbours{})
	return &desk{t, s, plain.Handler()}
}

func (d *desk) send(method, path, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Test-Seat", "administrator")
	w := httptest.NewRecorder()
	d.http.ServeHTTP(w, r)
	return w
}

func (d *desk) post(path string, pairs ...string) *httptest.ResponseRecorder {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return d.send("POST", path, "application/x-www-form-urlencoded", v.Encode())
}

// upload sends a file as a browser does.
func (d *desk) upload(content []byte) *httptest.ResponseRecorder {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "单位.csv")
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	form.Close()
	return d.send("POST", "/admin/directory", form.FormDataContentType(), b.String())
}

func (d *desk) orgs() (all []region.Org) {
	d.t.Helper()
	err := d.Node.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = region.Orgs(context.Background(), tx)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func (d *desk) named(name string) *region.Org {
	for _, o := range d.orgs() {
		if o.Name == name {
			return &o
		}
	}
	return nil
}

// seen is what the form of an organisation brings along.
func (d *desk) seen(id string) string {
	for _, o := range d.orgs() {
		if o.ID == id {
			return strconv.FormatInt(o.Seen, 10)
		}
	}
	return ""
}

func TestOrganisations(t *testing.T) {
	d := open(t)
	for _, c := range []struct {
		name   string
		pairs  []string
		status int
		says   string
	}{
		{"added", []string{"name", "市水利局", "aliases", "市水务局、市水利水务局", "side", "510900"}, 303, ""},
		{"without a name", []string{"side", "510900"}, 422, "请填写单位名称"},
		{"a code that is none", []string{"name", "区水利局", "side", "潼南"}, 422, "行政区划代码"},
		{"a name that is taken", []string{"name", "市水利局", "side", "510900"}, 422, "已是"},
		{"an alias of another", []string{"name", "市水投", "aliases", "市水务局", "side", "510900"}, 422, "已是"},
		{"the same name elsewhere", []string{"name", "市发展改革委", "side", "500152"}, 303, ""},
		{"an order that is none", []string{"name", "市林业局", "side", "510900", "sort", "first"}, 422, "整数"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := d.post("/admin/orgs", c.pairs...)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	water := d.named("市水利局")
	if water == nil || !slices.Equal(water.Aliases, []string{"市水务局", "市水利水务局"}) {
		t.Fatalf("%+v", water)
	}
	if w := d.post("/admin/orgs/"+water.ID, "name", "市水利发展局", "aliases", "市水利局", "side", "510900", "seen", d.seen(water.ID)); w.Code != 303 {
		t.Fatalf("rename: %d %s", w.Code, w.Body)
	}
	if o := d.named("市水利发展局"); o == nil || o.ID != water.ID {
		t.Errorf("renamed: %+v", o)
	}
	d.post("/admin/orgs/"+water.ID, "name", "市水利发展局", "side", "510900", "closed", "yes", "seen", d.seen(water.ID))
	old := d.post("/admin/orgs/"+water.ID, "name", "市水务局", "side", "510900", "seen", strconv.FormatInt(water.Seen, 10))
	if old.Code != 409 || !strings.Contains(old.Body.String(), "已由别人修改") || !strings.Contains(old.Body.String(), "现在叫“市水利发展局”") || !strings.Contains(old.Body.String(), `name="seen" value="`+d.seen(water.ID)+`"`) {
		t.Errorf("opened first and saved last: %d %s", old.Code, old.Body)
	}
	if o := d.named("市水利发展局"); o == nil || !o.Closed {
		t.Errorf("closed: %+v", o)
	}
	if w := d.post("/admin/orgs/o-nowhere", "name", "x", "side", "510900"); w.Code != 404 {
		t.Errorf("an unknown one: %d", w.Code)
	}
	d.post("/admin/orgs", "name", "市级有关部门", "side", "510900")
	group := d.named("市级有关部门")
	d.post("/admin/orgs/"+group.ID, "name", group.Name, "side", "510900", "group", "yes", "members", "fgw", "members", "jtj", "seen", d.seen(group.ID))
	if g := d.named("市级有关部门"); !g.Group || len(g.Members) != 2 {
		t.Errorf("group: %+v", g)
	}
}

func TestADirectoryIsTakenWholeOrNotAtAll(t *testing.T) {
	d := open(t)
	before := len(d.orgs())
	w := d.upload([]byte("名称,别名,成员代码\n市水利局,市水务局,510900\n,市林业局,\n区交通局,,潼南\n"))
	if w.Code != 422 || !strings.Contains(w.Body.String(), "第 3 行") || !strings.Contains(w.Body.String(), "第 4 行") {
		t.Errorf("all that is wrong is named at once: %d %s", w.Code, w.Body)
	}
	if len(d.orgs()) != before {
		t.Error("something was written")
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("名称,别名,成员代码\r\n市水利局,市水务局、市水利水务局,\r\n区交通局,,500152\r\n市发展改革委,市发改委,\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if w := d.upload(gb); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if o := d.named("市发展改革委"); o == nil || o.ID != "fgw" || !slices.Contains(o.Aliases, "市发改委") {
		t.Errorf("a known one gets the alias: %+v", o)
	}
	if len(d.orgs()) != before+2 || d.named("区交通局").Side != "500152" {
		t.Errorf("%d organisations: %+v", len(d.orgs()), d.orgs())
	}
	d.upload(gb)
	if len(d.orgs()) != before+2 {
		t.Error("taken twice")
	}
	d.post("/admin/orgs", "name", "绵阳市教育局", "side", "510900")
	was := d.named("绵阳市教育局")
	d.upload([]byte("绵阳市教育局,,510700\n市发展改革委,,510700\n"))
	if is := d.named("绵阳市教育局"); is == nil || is.ID != was.ID || is.Side != "510700" {
		t.Errorf("a neighbour's unit that stood with the wrong member is %+v", is)
	}
	if len(d.orgs()) != before+4 {
		t.Errorf("each member has a unit of a name that says no place: %+v", d.orgs())
	}
	for name, content := range map[string]string{"nothing": "", "heads only": "名称,别名\n", "no text": "\xff\xfe\x00\x01\x80"} {
		if w := d.upload([]byte(content)); w.Code != 422 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func FuzzReadUnits(f *testing.F) {
	for _, s := range []string{"名称,别名,成员代码\n市水利局,市水务局,510900\n", "\"a", "\xff\xfe", "a,b,c\n,,\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		units, err := admin.ReadUnits(content, "510900")
		if err == nil && len(units) == 0 {
			t.Error("neither units nor why not")
		}
	})
}

func TestCircles(t *testing.T) {
	d := open(t)
	for _, c := range []struct {
		name   string
		pairs  []string
		status int
	}{
		{"a known one", []string{"known", "suitong"}, 303},
		{"a known one again", []string{"known", "suitong"}, 422},
		{"another", []string{"id", "fujiang", "name", "涪江流域", "members", "510900 500152,510700"}, 303},
		{"the own book is none", []string{"id", "self", "name", "x", "members", "510900 500152"}, 422},
		{"a wrong id", []string{"id", "涪江", "name", "x", "members", "510900 500152"}, 422},
		{"without us", []string{"id", "chengde", "name", "x", "members", "510100 510600"}, 422},
		{"alone", []string{"id", "alone", "name", "x", "members", "510900"}, 422},
		{"without a name", []string{"id", "noname", "members", "510900 500152"}, 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			if w := d.post("/admin/circles", c.pairs...); w.Code != c.status {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	body := d.send("GET", "/admin/circles", "", "").Body.String()
	if !strings.Contains(body, "涪江流域") || !strings.Contains(body, "一体化发展先行区") || !strings.Contains(body, "潼南区（500152）") {
		t.Error("the circles are not listed with their members' names")
	}
}

func TestResumeAndClockAskForAReason(t *testing.T) {
	d := open(t)
	if w := d.post("/admin/node/clock"); w.Code != 422 {
		t.Errorf("without a reason: %d", w.Code)
	}
	if w := d.post("/admin/node/clock", "reason", "已核对"); w.Code != 303 {
		t.Errorf("a clock that nobody doubts: %d", w.Code)
	}
	if err := d.Node.OnlyRead(context.Background(), "从备份恢复"); err != nil {
		t.Fatal(err)
	}
	if w := d.post("/admin/orgs", "name", "市水利局", "side", "510900"); w.Code != 422 {
		t.Errorf("a node that only reads wrote: %d", w.Code)
	}
	if w := d.send("GET", "/admin/node", "", ""); !strings.Contains(w.Body.String(), "从备份恢复") {
		t.Error("the page does not say why it only reads")
	}
	if w := d.send("GET", "/admin/orgs", "", ""); !strings.Contains(w.Body.String(), "本节点现在只读") || !strings.Contains(w.Body.String(), "查看原因和恢复办法") {
		t.Error("another page does not say that it only reads, and where that ends")
	}
	if w := d.post("/admin/node/resume", "reason", "已与潼南核对账头"); w.Code != 422 || !strings.Contains(w.Body.String(), "请先核对，再勾选声明") {
		t.Errorf("without the statement: %d %s", w.Code, w.Body)
	}
	if w := d.post("/admin/node/resume", "unpublished", "yes"); w.Code != 422 || !strings.Contains(w.Body.String(), "请写明原因") {
		t.Errorf("without a reason: %d %s", w.Code, w.Body)
	}
	if w := d.post("/admin/node/resume", "reason", "已与潼南核对账头", "unpublished", "yes"); w.Code != 303 {
		t.Errorf("resume: %d %s", w.Code, w.Body)
	}
	if w := d.post("/admin/orgs", "name", "市水利局", "side", "510900"); w.Code != 303 {
		t.Errorf("after resuming: %d", w.Code)
	}
	if w := d.send("GET", "/admin/orgs", "", ""); strings.Contains(w.Body.String(), "本节点现在只读") {
		t.Error("after resuming the page says that it only reads")
	}
}

func TestNeighboursAreAskedBeforeResuming(t *testing.T) {
	s := webtest.NewStand(t)
	plain := web.New(web.Options{Member: "遂宁市", Now: s.Node.Now, Identify: func(r *http.Request) (web.Identity, error) {
		return web.Identity{Actor: node.Actor{Person: "a", Org: "fgw", Seat: "administrator", Member: "510900"}}, nil
	}})
	agree := false
	admin.Routes(plain, s.Node, s.Accounts, admin.Neighbours{
		Answers: func(context.Context, *store.Tx) (admin.Answers, error) {
			return admin.Answers{At: s.Node.Now(), Lines: []string{"suitong:潼南区 存有 12 条"}, Complete: agree}, nil
		},
		Resume: func(ctx context.Context, req node.Request, _ string) error {
			if !agree {
				return refuse.New("node.only-reading")
			}
			_, err := s.Node.Resume(ctx, req, "邻方均已答复")
			return err
		},
	})
	d := &desk{t, s, plain.Handler()}
	if err := d.Node.OnlyRead(context.Background(), "从备份恢复"); err != nil {
		t.Fatal(err)
	}
	page := d.send("GET", "/admin/node", "", "").Body.String()
	if !strings.Contains(page, "suitong:潼南区 存有 12 条") || !strings.Contains(page, "还不能只凭邻方的答复恢复写入") {
		t.Errorf("what neighbours said is not shown: %s", page)
	}
	if w := d.post("/admin/node/resume", "ask", "yes"); w.Code != 422 {
		t.Errorf("resumed while they disagree: %d", w.Code)
	}
	agree = true
	if w := d.post("/admin/node/resume", "ask", "yes"); w.Code != 303 {
		t.Errorf("not resumed: %d %s", w.Code, w.Body)
	}
	if page := d.send("GET", "/admin/node", "", "").Body.String(); strings.Contains(page, "从备份恢复") {
		t.Error("it still only reads")
	}
}

func TestOverviewNamesNobody(t *testing.T) {
	d := open(t)
	d.Account(t, "reporter")
	base := webtest.Serve(t, d.Site.Handler())
	r, err := http.PostForm(base+"/signin", url.Values{"login": {"reporter"}, "password": {webtest.Password}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	body := d.send("GET", "/admin/sessions", "", "").Body.String()
	main := body[strings.Index(body, "<main"):]
	if !strings.Contains(main, "默认席位") || strings.Contains(main, "演示reporter") || strings.Contains(main, "127.0.0.1") {
		t.Errorf("%s", main)
	}
}

func TestThePages(t *testing.T) {
	d := open(t)
	d.Account(t, "administrator")
	base := webtest.Serve(t, d.Site.Handler())
	b := webtest.Start(t)
	p := b.Open(t, base, webtest.Desk)
	p.SignIn("administrator", webtest.Password)
	for page, path := range map[string]string{
		"home": "/admin", "orgs": "/admin/orgs", "org": "/admin/orgs/fgw", "directory": "/admin/directory",
		"circles": "/admin/circles", "sessions": "/admin/sessions", "node": "/admin/node",
	} {
		p.Go(path)
		for name, look := range webtest.Looks {
			p.Look(look)
			p.Axe()
			p.FitsWidth()
			p.Shot("admin-" + page + "-" + name)
		}
	}
	p.Look(webtest.NoJS)
	p.Go("/admin/orgs")
	p.Press("#new form .button.primary")
	if got := p.Text(".errors"); !strings.Contains(got, "请填写单位名称") {
		t.Errorf("without a name the page says %q", got)
	}
}
