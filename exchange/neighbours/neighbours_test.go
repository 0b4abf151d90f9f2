package neighbours_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/exchange"
	"liandong/exchange/neighbours"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

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
	if page := d.get("/neighbours"); !strings.Contains(page, "另一把密钥") || !strings.Contains(page, "密钥与本方认可的不同") {
		t.Error("the page does not say so")
	}
}

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
	for seat, opens := range map[string]bool{"coordinator": true, "administrator": true, "auditor": true, "reporter": false} {
		home := d.as(seat, "GET", "/", nil).Body.String()
		if !strings.Contains(home, "潼南区在“") || !strings.Contains(home, "不要只凭潼南区所报") {
			t.Errorf("the home page of the %s does not say so", seat)
		}
		if strings.Contains(home, `href="/neighbours/in/suitong/500152"`) != opens {
			t.Errorf("the home page of the %s leads to the evidence: %v", seat, !opens)
		}
	}
	d.expects(d.as("auditor", "GET", at, nil), http.StatusOK, "liandong-fork/1")
	d.expects(d.as("auditor", "GET", "/neighbours/evidence/0000", nil), http.StatusNotFound)
	d.expects(d.post("/neighbours/in/suitong/500152/go-on"), http.StatusSeeOther)
	if body := d.get("/neighbours"); strings.Contains(body, "出示了两本不同的账") {
		t.Error("the alarm stays after it was cleared up")
	}
	if strings.Contains(d.as("coordinator", "GET", "/", nil).Body.String(), "两本不同的账") {
		t.Error("the alarm stays on the home page after it was cleared up")
	}
	d.expects(d.as("auditor", "GET", at, nil), http.StatusOK)
}

// TestTheAlarmSaysWhatDiffers: evidence of two heads of one size names no entry, and none is made up.
func TestTheAlarmSaysWhatDiffers(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites("https://tongnan.example"))
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat("fork", 32)))
	if err != nil {
		t.Fatal(err)
	}
	side := func(size int64, root byte) book.ForkSide {
		signed, err := book.SignCheckpoint("tongnan.example/suitong", size, tlog.Hash{root}, key.Signer("tongnan.example/suitong"))
		if err != nil {
			t.Fatal(err)
		}
		return book.ForkSide{Checkpoint: string(signed), Inclusion: []tlog.Hash{}}
	}
	for _, c := range []struct {
		index int64
		one   book.ForkSide
		other book.ForkSide
		says  string
	}{
		{-1, side(30, 1), side(30, 2), "它签署了两个账头，都是 30 条，根散列却不同"},
		{7, side(30, 1), side(40, 2), "第 7 条（从 0 起）在两本账里不同"},
	} {
		err := d.Node.Store.Write(context.Background(), func(tx *store.Tx) error {
			fork := book.Fork{Format: "liandong-fork/1", Origin: "tongnan.example/suitong", Index: c.index, One: c.one, Other: c.other}
			return exchange.KeepEvidence(context.Background(), tx, "500152/suitong", fork, d.Node.Now())
		})
		if err != nil {
			t.Fatal(err)
		}
		if body := d.get("/neighbours"); !strings.Contains(body, c.says) || strings.Contains(body, "-1 条") {
			t.Errorf("the alarm lacks %s", c.says)
		}
	}
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
