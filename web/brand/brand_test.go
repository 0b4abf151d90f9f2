package brand_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/brand"
	"liandong/web/webtest"
)

const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="#1d4e89"/></svg>`

type desk struct {
	*plantest.Office
	webtest.Room
	admin node.Actor
}

func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) {
		brand.Routes(s, o.Node())
		brand.API(api.New(s, "test"), o.Node())
	}}, o.As(region.Administrator, plantest.UnitNames[0]).Actor}
}

// upload sends the form with a picture, as a browser does.
func (d desk) upload(path string, form url.Values, mark string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name := range form {
		if err := m.WriteField(name, form.Get(name)); err != nil {
			d.T.Fatal(err)
		}
	}
	f, err := m.CreateFormFile("mark", "mark.svg")
	if err == nil {
		_, err = f.Write([]byte(mark))
	}
	if err != nil {
		d.T.Fatal(err)
	}
	m.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return d.Send(d.admin, r)
}

func (d desk) call(who node.Actor, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return d.Send(who, r)
}

// seen is what the form brings along.
func (d desk) seen() string {
	d.T.Helper()
	m := regexp.MustCompile(`name="seen" value="(-?\d+)"`).FindStringSubmatch(d.Ask(d.admin, "/admin/site", nil).Body.String())
	if m == nil {
		d.T.Fatal("the form does not say what stood when it was opened")
	}
	return m[1]
}

var form = url.Values{
	"name": {"遂潼联动平台"}, "line": {"遂潼一体化工作协同"}, "office": {"市发展改革委区域合作科"}, "phone": {"0825-0000000"}, "hours": {"工作日 9:00—17:30"},
	"notice": {"本平台为非涉密平台"}, "footer": {"主办单位：遂宁市发展改革委（演示）"}, "filing": {"蜀ICP备00000000号-1"},
}

// TestThePagesSayWhatTheOfficeSays: previewed, then saved; then every page and every error has it, for whoever is not signed in too.
func TestThePagesSayWhatTheOfficeSays(t *testing.T) {
	d := open(t)
	d.Want("as the program has it", d.Ask(d.admin, "/admin/site", nil), 200, `title="">联动</span>`, "联动：各写各账")
	seen := d.Want("previewed", d.upload("/admin/site/preview", form, picture), 200, "还没有保存", `>遂潼联动平台</span>`, "data:image/svg+xml;base64,", "选好的标识图")
	if strings.Count(seen.Body.String(), `title="">联动</span>`) != 1 {
		t.Error("the page itself changed by a preview")
	}
	chosen := regexp.MustCompile(`name="chosen" value="([^"]+)"`).FindStringSubmatch(seen.Body.String())
	if chosen == nil {
		t.Fatal("the picture is not kept for saving")
	}
	with := url.Values{"chosen": {chosen[1]}, "seen": {d.seen()}}
	for k, v := range form {
		with[k] = v
	}
	d.Want("saved", d.Ask(d.admin, "/admin/site", with), 303)
	nobody := node.Actor{}
	page := d.Want("a page", d.Ask(nobody, "/help/keys", nil), 200, "遂潼联动平台", "市发展改革委区域合作科", "0825-0000000", "工作日 9:00—17:30", "主办单位：遂宁市发展改革委（演示）",
		`href="https://beian.miit.gov.cn/"`, "蜀ICP备00000000号-1").Body.String()
	d.Want("an error", d.Ask(nobody, "/nowhere", nil), 404, "市发展改革委区域合作科", "遂潼联动平台")
	at := regexp.MustCompile(`src="(/mark/\d+\.svg)"`).FindStringSubmatch(page)
	if at == nil {
		t.Fatal("the page has no mark")
	}
	mark := d.Want("the mark", d.Ask(nobody, at[1], nil), 200)
	h := mark.Header()
	if mark.Body.String() != picture || h.Get("Content-Type") != "image/svg+xml" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
		!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("served with %v", h)
	}
	d.Want("no other entry is served", d.Ask(nobody, "/mark/0.svg", nil), 404)
	d.Want("as another form", d.Ask(nobody, strings.Replace(at[1], ".svg", ".png", 1), nil), 404)

	with.Set("drop", "yes")
	with.Del("chosen")
	with.Set("seen", d.seen())
	d.Want("taken away", d.Ask(d.admin, "/admin/site", with), 303)
	d.Want("it is gone", d.Ask(nobody, at[1], nil), 404)
	if strings.Contains(d.Ask(nobody, "/help/keys", nil).Body.String(), "/mark/") {
		t.Error("pages still name it")
	}
	kindtest.Prove(t, d.Node())
}

// TestEverythingWrongIsNamedAtOnce and what was typed stands there again.
func TestEverythingWrongIsNamedAtOnce(t *testing.T) {
	d := open(t)
	bad := url.Values{"name": {strings.Repeat("长", 21)}, "phone": {"请打总机"}, "notice": {strings.Repeat("长", 1001)}}
	for _, path := range []string{"/admin/site", "/admin/site/preview"} {
		d.Want(path, d.upload(path, bad, `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), 422, "最多 20 字", "最多 1000 字", "电话里没有数字", "是哪个科室", "&lt;script&gt;", "请打总机")
	}
	d.Want("a large picture", d.upload("/admin/site", form, strings.Repeat("x", 3<<20)), 422, "不能超过 24 KB", "遂潼联动平台")
	d.Want("a spoilt picture that was chosen", d.Ask(d.admin, "/admin/site", url.Values{"chosen": {"!"}}), 422, "SVG 或 PNG")
	d.Want("a chosen picture is checked again", d.Ask(d.admin, "/admin/site", url.Values{"chosen": {base64.StdEncoding.EncodeToString([]byte("GIF89a"))}}), 422, "SVG 或 PNG")
	d.Want("nothing was saved", d.Ask(d.admin, "/admin/site", nil), 200, `title="">联动</span>`)
}

// TestNothingIsReplacedUnseen: opened first and saved last, it is shown what stands now, and may be saved once that was seen; a mark touches no text.
func TestNothingIsReplacedUnseen(t *testing.T) {
	d := open(t)
	first, second := url.Values{"name": {"平台甲"}, "seen": {d.seen()}}, url.Values{"name": {"平台乙"}, "filing": {"蜀ICP备00000000号-1"}, "seen": {d.seen()}}
	d.Want("a colleague", d.Ask(d.admin, "/admin/site", second), 303)
	d.Want("opened first, saved last", d.Ask(d.admin, "/admin/site", first), 409, "已由别人修改", "平台名称，现在是：平台乙", "备案号，现在是：蜀ICP备00000000号-1", `value="平台甲"`)
	d.Want("without", d.Ask(d.admin, "/admin/site", url.Values{"name": {"平台甲"}}), 409, "已由别人修改")
	first.Set("seen", d.seen())
	d.Want("seen, and saved again", d.Ask(d.admin, "/admin/site", first), 303)

	was := d.seen()
	in := `{"picture":"` + base64.StdEncoding.EncodeToString([]byte(picture)) + `"}`
	d.Want("a mark", d.call(d.admin, http.MethodPut, "/site/mark", in), 200, `"name":"平台甲"`)
	d.Want("what was seen before the mark", d.call(d.admin, http.MethodPut, "/site", `{"name":"平台丙","seen":`+was+`}`), 409, "region.site.newer")
	was = d.seen()
	d.Want("the mark away", d.call(d.admin, http.MethodDelete, "/site/mark", ""), 200, `"mark":""`, `"name":"平台甲"`)
	d.Want("what was seen before it went", d.call(d.admin, http.MethodPut, "/site", `{"name":"平台丙","seen":`+was+`}`), 409, "region.site.newer")
	d.Want("nothing seen", d.call(d.admin, http.MethodPut, "/site", `{"name":"平台丙"}`), 422, "seen")
	d.Want("seen", d.call(d.admin, http.MethodPut, "/site", `{"name":"平台丙","seen":`+d.seen()+`}`), 200, "平台丙")
}

// TestAMarkIsDrawnAlone: beside names that are given at the same time, none of which is undone by it.
func TestAMarkIsDrawnAlone(t *testing.T) {
	d := open(t)
	in := `{"picture":"` + base64.StdEncoding.EncodeToString([]byte(picture)) + `"}`
	for i := range 8 {
		want := fmt.Sprint("平台", i)
		before := d.seen()
		var both sync.WaitGroup
		both.Go(func() { d.call(d.admin, http.MethodPut, "/site/mark", in) })
		var named *httptest.ResponseRecorder
		both.Go(func() { named = d.call(d.admin, http.MethodPut, "/site", `{"name":"`+want+`","seen":`+before+`}`) })
		both.Wait()
		if got := d.call(d.admin, http.MethodGet, "/site", "").Body.String(); named.Code == 200 && !strings.Contains(got, want) {
			t.Fatalf("%s was undone: %s", want, got)
		}
	}
}

// TestWhatWasTypedIsGivenBack to somebody whose session ended.
func TestWhatWasTypedIsGivenBack(t *testing.T) {
	d := open(t)
	for _, path := range []string{"/admin/site", "/admin/site/preview"} {
		d.Want(path, d.Ask(node.Actor{}, path, form), 401, "主办单位：遂宁市发展改革委（演示）")
	}
}

// TestOnlyTheAdministratorSaysIt on pages and by calls; the calls refuse as the pages do.
func TestOnlyTheAdministratorSaysIt(t *testing.T) {
	d := open(t)
	for _, seat := range region.Seats {
		if seat == region.Administrator {
			continue
		}
		who := d.As(seat, plantest.UnitNames[0]).Actor
		d.Want(string(seat)+" looks", d.Ask(who, "/admin/site", nil), 403)
		d.Want(string(seat)+" previews", d.Ask(who, "/admin/site/preview", form), 403)
		d.Want(string(seat)+" saves", d.Ask(who, "/admin/site", form), 403)
		d.Want(string(seat)+" reads by a call", d.call(who, http.MethodGet, "/site", ""), 403)
		d.Want(string(seat)+" saves by a call", d.call(who, http.MethodPut, "/site", `{"name":"x","seen":-1}`), 403)
		d.Want(string(seat)+" takes the mark by a call", d.call(who, http.MethodDelete, "/site/mark", ""), 403)
		d.Want(string(seat)+" sets a mark by a call", d.call(who, http.MethodPut, "/site/mark", `{"picture":""}`), 403)
	}
	d.Want("nobody", d.Ask(node.Actor{}, "/admin/site", nil), 303)
	d.Want("set by a call", d.call(d.admin, http.MethodPut, "/site", `{"name":"遂潼联动平台","office":"区域合作科","seen":-1}`), 200, `"name":"遂潼联动平台"`)
	in := `{"picture":"` + base64.StdEncoding.EncodeToString([]byte(picture)) + `"}`
	d.Want("a mark by a call", d.call(d.admin, http.MethodPut, "/site/mark", in), 200, `"mark":"/mark/`, `"office":"区域合作科"`)
	d.Want("refused", d.call(d.admin, http.MethodPut, "/site", `{"phone":"12","seen":`+d.seen()+`}`), 422, "region.site.office")
	bad := base64.StdEncoding.EncodeToString([]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>`))
	d.Want("a mark that does something", d.call(d.admin, http.MethodPut, "/site/mark", `{"picture":"`+bad+`"}`), 422, "region.mark.part", "onload")
	d.Want("read", d.call(d.admin, http.MethodGet, "/site", ""), 200, `"name":"遂潼联动平台"`)
	d.Want("taken away", d.call(d.admin, http.MethodDelete, "/site/mark", ""), 200, `"mark":""`)
}
