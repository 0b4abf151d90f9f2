package neighbours_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"liandong/book"
	"liandong/exchange"
	"liandong/exchange/neighbours"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/webtest"
)

var suitong = region.Circle{ID: "suitong", Name: "遂潼一体化", Members: []string{"500152", "510900"}}

// desk is Suining's node with its pages; the asker's seat stands in a header.
type desk struct {
	t *testing.T
	*webtest.Stand
	http http.Handler
}

func open(t *testing.T) *desk {
	t.Helper()
	s := webtest.NewStand(t, exchange.Module())
	neighbours.Routes(s.Site, s.Node)
	plain := web.New(web.Options{Member: "遂宁市", Now: s.Node.Now, Log: slog.New(slog.DiscardHandler), Identify: func(r *http.Request) (web.Identity, error) {
		seat := r.Header.Get("Test-Seat")
		return web.Identity{Actor: node.Actor{Person: seat, Org: "fgw", Seat: seat, Member: "510900"}}, nil
	}})
	neighbours.Routes(plain, s.Node)
	return &desk{t, s, plain.Handler()}
}

func (d *desk) as(seat, method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Test-Seat", seat)
	w := httptest.NewRecorder()
	d.http.ServeHTTP(w, r)
	return w
}

func (d *desk) get(path string) string {
	d.t.Helper()
	w := d.as("administrator", "GET", path, nil)
	if w.Code != http.StatusOK {
		d.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func (d *desk) post(path string, pairs ...string) *httptest.ResponseRecorder {
	return d.as("administrator", "POST", path, form(pairs...))
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// expects wants a status and words in the answer.
func (d *desk) expects(w *httptest.ResponseRecorder, status int, words ...string) {
	d.t.Helper()
	if w.Code != status {
		d.t.Fatalf("%d, want %d: %s", w.Code, status, w.Body)
	}
	for _, one := range words {
		if !strings.Contains(w.Body.String(), one) {
			d.t.Errorf("%q is not said: %s", one, w.Body)
		}
	}
}

// other is a neighbour's node.
type other struct {
	*node.Folder
	t *testing.T
}

func neighbour(t *testing.T, member, name, origin string) other {
	t.Helper()
	dir := filepath.Join(t.TempDir(), member)
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: member, Name: name, Origin: origin}}); err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(context.Background(), dir, []node.Module{region.Module(), exchange.Module()}, node.FolderOptions{May: region.Permit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	o := other{f, t}
	o.say(func(ctx context.Context, w *node.Writing) error { return region.OpenCircle(ctx, w, suitong) })
	return o
}

func tongnan(t *testing.T) other {
	return neighbour(t, "500152", "重庆市潼南区", "tongnan.example")
}

func administrator(member string) node.Request {
	return node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: member}}
}

func (o other) say(act node.Act) {
	o.t.Helper()
	if _, err := o.Write(context.Background(), administrator(o.Member), act); err != nil {
		o.t.Fatal(err)
	}
}

func (o other) invites(address string, circles ...region.Circle) string {
	o.t.Helper()
	if len(circles) == 0 {
		circles = []region.Circle{suitong}
	}
	i, err := exchange.Invite(o.Node, circles, address)
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := i.Text(o.SigningKey())
	if err != nil {
		o.t.Fatal(err)
	}
	return text
}

// accepts lets the neighbour recognise by an invitation, as its own pages would.
func (o other) accepts(invitation string) {
	o.t.Helper()
	i, err := exchange.ReadInvitation(invitation)
	if err != nil {
		o.t.Fatal(err)
	}
	o.say(func(ctx context.Context, w *node.Writing) error {
		return neighbours.Recognise(ctx, w, neighbours.Joining{Invitation: i, How: "电话"})
	})
}

// recognises is the whole way of a person who has compared the fingerprint.
func (d *desk) recognises(invitation string) {
	d.t.Helper()
	d.expects(d.post("/neighbours/recognise", "invitation", invitation, "circle", "suitong", "same", "yes", "how", "王科长"), http.StatusSeeOther)
}

// receives takes what stands in the neighbour's book up to a size under a key; the whole under the present key: -1, "".
func (d *desk) receives(o other, size int64, head []byte, key string) error {
	d.t.Helper()
	ctx := context.Background()
	p := node.Page{Book: o.BookName("suitong"), Head: head, Key: key}
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		now, checkpoint, err := node.Head(ctx, tx, p.Book)
		if err != nil {
			return err
		}
		if size < 0 {
			size, p.Head, p.Key = now.Size, checkpoint, now.Key
		}
		if p.Entries, err = node.Entries(ctx, tx, p.Book, 0, int(size)); err != nil {
			return err
		}
		p.Beside, err = node.Beside(ctx, tx, p.Book, 0, int(size))
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = d.Node.Receive(ctx, p)
	return err
}

func (d *desk) circle() neighbours.Circle {
	d.t.Helper()
	var all []neighbours.Circle
	err := d.Node.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = neighbours.Circles(context.Background(), tx, d.Node)
		return err
	})
	if err != nil || len(all) != 1 {
		d.t.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}

func (d *desk) member(code string) neighbours.Member {
	d.t.Helper()
	all := d.circle().Members
	at := slices.IndexFunc(all, func(m neighbours.Member) bool { return m.Member == code })
	if at < 0 {
		d.t.Fatalf("%s is not in %+v", code, all)
	}
	return all[at]
}

func (d *desk) size() (size int64) {
	_ = d.Node.Store.Read(context.Background(), func(tx *store.Tx) error {
		head, _, err := node.Head(context.Background(), tx, "510900/suitong")
		size = head.Size
		return err
	})
	return size
}

func TestAnInvitationIsAccepted(t *testing.T) {
	d, o := open(t), tongnan(t)
	text := o.invites("https://tongnan.example:8443")
	i, err := exchange.ReadInvitation(text)
	if err != nil {
		t.Fatal(err)
	}
	d.expects(d.post("/neighbours/join", "invitation", "您好\n"+text), http.StatusOK,
		i.Fingerprint(), "重庆市潼南区", "建立本方在这个圈的账本", "https://tongnan.example:8443")
	if d.size() != 0 {
		t.Fatal("looking at an invitation wrote something")
	}
	said := []string{"invitation", text, "circle", "suitong", "same", "yes", "how", "潼南区大数据局 王科长", "request", "once"}
	for _, c := range []struct{ without, says string }{
		{"circle", "请至少选择一个圈"}, {"same", "请先用电话核对指纹"}, {"how", "请写明与谁核对"}, {"invitation", "没有找到邀请"},
	} {
		less := slices.Clone(said)
		at := slices.Index(less, c.without)
		d.expects(d.post("/neighbours/recognise", slices.Delete(less, at, at+2)...), http.StatusUnprocessableEntity, c.says)
	}
	if d.size() != 0 {
		t.Fatal("a refused form wrote something")
	}
	d.expects(d.post("/neighbours/recognise", said...), http.StatusSeeOther)
	size := d.size()
	d.expects(d.post("/neighbours/recognise", said...), http.StatusSeeOther) // the button was pressed twice
	if d.size() != size {
		t.Error("the second press wrote something")
	}
	d.expects(d.post("/neighbours/join", "invitation", text), http.StatusUnprocessableEntity, "已经按这份邀请认可过")
	m := d.member("500152")
	if !m.Recognised || m.Fingerprint != i.Fingerprint() || m.Name != "重庆市潼南区" || m.Since.IsZero() {
		t.Errorf("%+v", m)
	}
	body := d.get("/neighbours/in/suitong/500152")
	for _, words := range []string{i.Fingerprint(), "潼南区大数据局 王科长", "/proof/suitong/1", "还没有收到它的账本"} {
		if !strings.Contains(body, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
}

func TestACircleThatStandsIsJoined(t *testing.T) {
	d, o := open(t), neighbour(t, "511500", "宜宾市", "yibin.example")
	mustSay(t, d.Node, func(ctx context.Context, w *node.Writing) error { return region.OpenCircle(ctx, w, suitong) })
	text := o.invites("", region.Circle{ID: "suitong", Name: "另一个名称", Members: []string{"511500", "500152"}})
	d.expects(d.post("/neighbours/join", "invitation", text), http.StatusOK, "把宜宾市列入圈的成员", "遂潼一体化")
	d.recognises(text)
	c := d.circle()
	if c.Name != suitong.Name || len(c.Members) != 3 {
		t.Errorf("%+v", c)
	}
	if m := d.member("511500"); m.Address != "" || !m.Recognised {
		t.Errorf("%+v", m)
	}
	if m := d.member("500152"); m.Recognised {
		t.Errorf("%+v", m)
	}
	d.expects(d.as("administrator", "GET", "/neighbours", nil), http.StatusOK, "尚未认可", "只用文件往来")
}

func mustSay(t *testing.T, n *node.Node, act node.Act) {
	t.Helper()
	if _, err := n.Write(context.Background(), administrator(n.Member), act); err != nil {
		t.Fatal(err)
	}
}

func TestOurOwnInvitationIsRefused(t *testing.T) {
	d := open(t)
	mustSay(t, d.Node, func(ctx context.Context, w *node.Writing) error { return region.OpenCircle(ctx, w, suitong) })
	i, err := exchange.Invite(d.Node, []region.Circle{suitong}, "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := i.Text(d.Node.SigningKey())
	if err != nil {
		t.Fatal(err)
	}
	d.expects(d.post("/neighbours/join", "invitation", text), http.StatusUnprocessableEntity, "不能认可本方自己")
	o := neighbour(t, "500152", "重庆市潼南区", "suining.example")
	d.expects(d.post("/neighbours/join", "invitation", o.invites("")), http.StatusUnprocessableEntity, "已认可为成员 510900")
}

func TestALostKeyIsRecognisedAnew(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites(""))
	former := book.VerifierKey(o.OriginOf("suitong"), o.SigningKey().Public())
	if err := d.receives(o, -1, nil, ""); err != nil {
		t.Fatal(err)
	}
	again := neighbour(t, "500152", "重庆市潼南区", "tongnan.example") // with a key of its own
	text := again.invites("")
	d.expects(d.post("/neighbours/join", "invitation", text), http.StatusOK, "重庆市潼南区原来是另一把密钥", "改为认可新的密钥")
	d.recognises(text)
	if got, err := exchange.ReadInvitation(text); err != nil || d.member("500152").Fingerprint != got.Fingerprint() {
		t.Errorf("%+v, %v", d.member("500152"), err)
	}
	err := d.Node.Store.Read(context.Background(), func(tx *store.Tx) error {
		keys, err := exchange.Recognised(context.Background(), tx, "510900/suitong", "500152")
		if err == nil && (len(keys) != 2 || keys[0].Until != 0 || keys[1] != exchange.Key{Verifier: former, Until: 1}) {
			err = fmt.Errorf("keys: %+v", keys)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestARolledKeyIsRecognised(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites("https://tongnan.example"))
	former := o.SigningKey()
	r, err := region.RollKey(context.Background(), o.Folder, administrator("500152"), "例行更换")
	if err != nil {
		t.Fatal(err)
	}
	origin, size := o.OriginOf("suitong"), r.Entries[0].Index+1
	v, err := book.Verifier(book.VerifierKey(origin, former.Public()))
	if err != nil {
		t.Fatal(err)
	}
	var head []byte
	if err := o.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		head, err = node.RolledHead(context.Background(), tx, o.BookName("suitong"), book.KeyID(v))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.expects(d.post("/neighbours/in/suitong/500152/rolled"), http.StatusUnprocessableEntity, "没有待认可的新密钥")
	if err := d.receives(o, size, head, book.VerifierKey(origin, former.Public())); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(d.get("/neighbours"), "待本方认可新密钥") || !strings.Contains(d.get("/neighbours/in/suitong/500152"), "它更换了密钥") {
		t.Error("the pages do not say that the key was rolled")
	}
	d.expects(d.post("/neighbours/in/suitong/500152/rolled"), http.StatusSeeOther)
	m := d.member("500152")
	keys, err := region.KeysOf(o.Origin, o.SigningKey())
	if err != nil || m.Rolled || m.Fingerprint != exchange.Fingerprint("500152", o.Origin, keys) || m.Address != "https://tongnan.example" {
		t.Errorf("%+v, %v", m, err)
	}
	if err := d.receives(o, -1, nil, ""); err != nil {
		t.Error(err)
	}
}

func TestSuspendedAndResumed(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites(""))
	at := "/neighbours/in/suitong/500152"
	d.expects(d.post(at+"/suspend"), http.StatusUnprocessableEntity, "请写明原因")
	d.expects(d.post(at+"/suspend", "reason", "对方节点被入侵"), http.StatusSeeOther)
	if !d.member("500152").Suspended || !strings.Contains(d.get("/neighbours"), "已暂停往来") {
		t.Error("not suspended")
	}
	d.expects(d.post(at+"/suspend", "reason", "再来"), http.StatusUnprocessableEntity, "已是这样")
	d.expects(d.post(at+"/resume", "reason", "已重装"), http.StatusSeeOther)
	if d.member("500152").Suspended {
		t.Error("not resumed")
	}
	d.expects(d.post("/neighbours/in/suitong/511500/suspend", "reason", "x"), http.StatusNotFound)
	d.expects(d.as("administrator", "GET", "/neighbours/in/suitong/511500", nil), http.StatusNotFound)
	d.expects(d.as("administrator", "GET", "/neighbours/in/nowhere/500152", nil), http.StatusNotFound)
}

func TestLeftAndReturned(t *testing.T) {
	d, o := open(t), tongnan(t)
	text := o.invites("")
	d.recognises(text)
	at := "/neighbours/circle/suitong/leave"
	d.get(at)
	d.expects(d.post(at), http.StatusUnprocessableEntity, "请写明原因")
	d.expects(d.post(at, "reason", "协议到期"), http.StatusSeeOther)
	if !d.circle().Left || !strings.Contains(d.get("/neighbours"), "本方已退出这个圈") {
		t.Error("not left")
	}
	d.expects(d.post(at, "reason", "再退"), http.StatusUnprocessableEntity, "已经退出")
	d.expects(d.as("administrator", "GET", "/neighbours/circle/nowhere/leave", nil), http.StatusNotFound)
	if strings.Contains(d.get("/neighbours/invitation"), "liandong-invitation/1") {
		t.Error("who has left invites")
	}
	d.expects(d.post("/neighbours/join", "invitation", text), http.StatusOK, "本方重新加入这个圈")
	d.recognises(text)
	if d.circle().Left {
		t.Error("not returned")
	}
}

// TestTheMatrix: what the neighbour's own book says of us, and by which key.
func TestTheMatrix(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites(""))
	body := d.get("/neighbours/invitation?circle=suitong&address=https://suining.example")
	ours := textOf(t, body)
	o.accepts(ours)
	if err := d.receives(o, -1, nil, ""); err != nil {
		t.Fatal(err)
	}
	if m := d.member("500152"); m.Others["510900"] != neighbours.SeenYes || m.Size != 2 {
		t.Errorf("%+v", m)
	}
	o.accepts(stranger(t).invites("")) // somebody pretends to be us
	if err := d.receives(o, -1, nil, ""); err != nil {
		t.Fatal(err)
	}
	if m := d.member("500152"); m.Others["510900"] != neighbours.SeenElse {
		t.Errorf("%+v", m)
	}
	if !strings.Contains(d.get("/neighbours"), "另一把密钥") {
		t.Error("the page does not say so")
	}
}

func stranger(t *testing.T) other { return neighbour(t, "510900", "遂宁市", "suining.example") }

var written = regexp.MustCompile(`(?s)<pre class="invitation"[^>]*>(.*?)</pre>`)

func textOf(t *testing.T, body string) string {
	t.Helper()
	found := written.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no invitation: %s", body)
	}
	return found[1]
}

func TestOurInvitation(t *testing.T) {
	d := open(t)
	if !strings.Contains(d.get("/neighbours/invitation"), "还没有圈") || !strings.Contains(d.get("/neighbours"), "还没有圈") {
		t.Error("without a circle the pages do not say what to do")
	}
	mustSay(t, d.Node, func(ctx context.Context, w *node.Writing) error { return region.OpenCircle(ctx, w, suitong) })
	got, err := exchange.ReadInvitation(textOf(t, d.get("/neighbours/invitation?circle=suitong&address=https://suining.example")))
	if err != nil || got.Address != "https://suining.example" || got.Fingerprint() != d.member("510900").Fingerprint {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = exchange.ReadInvitation(textOf(t, d.get("/neighbours/invitation"))); err != nil || got.Address != "http://example.com" {
		t.Errorf("the address that the reader used is not proposed: %+v, %v", got, err)
	}
	if got, err = exchange.ReadInvitation(textOf(t, d.get("/neighbours/invitation?address="))); err != nil || got.Address != "" {
		t.Errorf("by file only: %+v, %v", got, err)
	}
	d.expects(d.as("administrator", "GET", "/neighbours/invitation?address=ftp://x", nil), http.StatusUnprocessableEntity, "不合格式")
	d.expects(d.as("administrator", "GET", "/neighbours/invitation?circle=nowhere", nil), http.StatusUnprocessableEntity)
	w := d.as("auditor", "GET", "/neighbours/invitation.txt?circle=suitong&address=", nil)
	if _, err := exchange.ReadInvitation(w.Body.String()); err != nil || !strings.Contains(w.Header().Get("Content-Disposition"), "invitation-510900.txt") {
		t.Errorf("%v %+v", err, w.Header())
	}
}

func TestTwoBooksAreAnAlarm(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites("https://tongnan.example"))
	err := d.Node.Store.Write(context.Background(), func(tx *store.Tx) error {
		return exchange.KeepEvidence(context.Background(), tx, "500152/suitong", book.Fork{Format: "liandong-fork/1"}, d.Node.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	body := d.get("/neighbours")
	at := regexp.MustCompile(`/neighbours/evidence/[0-9a-f]+`).FindString(body)
	if at == "" || !strings.Contains(body, "出示了两本不同的账") {
		t.Fatalf("no alarm: %s", body)
	}
	d.expects(d.as("auditor", "GET", at, nil), http.StatusOK, "liandong-fork/1")
	d.expects(d.as("auditor", "GET", "/neighbours/evidence/0000", nil), http.StatusNotFound)
	d.expects(d.post("/neighbours/in/suitong/500152/go-on"), http.StatusSeeOther)
	if body := d.get("/neighbours"); strings.Contains(body, "出示了两本不同的账") {
		t.Error("the alarm stays after it was cleared up")
	}
	d.expects(d.as("auditor", "GET", at, nil), http.StatusOK)
}

// TestWhoMay asks for every page and sends every form from every seat.
func TestWhoMay(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites(""))
	reads, recognises, opens := []string{"administrator", "coordinator", "auditor"}, []string{"administrator"}, []string{"administrator", "coordinator"}
	for _, c := range []struct {
		method, path string
		may          []string
	}{
		{"GET", "/neighbours", reads},
		{"GET", "/neighbours/invitation", reads},
		{"GET", "/neighbours/invitation.txt", reads},
		{"GET", "/neighbours/in/suitong/500152", reads},
		{"GET", "/neighbours/evidence/0000", reads},
		{"GET", "/neighbours/join", recognises},
		{"POST", "/neighbours/join", recognises},
		{"POST", "/neighbours/recognise", recognises},
		{"POST", "/neighbours/in/suitong/500152/suspend", recognises},
		{"POST", "/neighbours/in/suitong/500152/resume", recognises},
		{"POST", "/neighbours/in/suitong/500152/rolled", recognises},
		{"POST", "/neighbours/in/suitong/500152/go-on", recognises},
		{"GET", "/neighbours/circle/suitong/leave", opens},
		{"POST", "/neighbours/circle/suitong/leave", opens},
	} {
		for _, seat := range region.Seats {
			w := d.as(string(seat), c.method, c.path, nil)
			if may := slices.Contains(c.may, string(seat)); may == (w.Code == http.StatusForbidden) {
				t.Errorf("%s %s as %s: %d", c.method, c.path, seat, w.Code)
			}
		}
		if w := d.as("", c.method, c.path, nil); w.Code != http.StatusUnauthorized && w.Code != http.StatusSeeOther {
			t.Errorf("%s %s as nobody: %d", c.method, c.path, w.Code)
		}
	}
}
