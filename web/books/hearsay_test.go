package books_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// TestHearsayIsRecordedShownAndTakenBack: a coordinator records what Tongnan said by letter, everybody who reads plans sees it, who may
// not record is refused, and what is wrong is said at its field.
func TestHearsayIsRecordedShownAndTakenBack(t *testing.T) {
	s, h := stand(t)
	form := func(changed ...string) url.Values {
		f := url.Values{
			"circle": {"suitong"}, "member": {"500152"}, "source": {"letter"}, "day": {"2022-05-12"},
			"who": {"潼发改函〔2022〕9号（演示数据）"}, "text": {"潼南段征地已完成八成（演示数据）"}, "about": {"i-1"},
		}
		for i := 0; i < len(changed); i += 2 {
			f.Set(changed[i], changed[i+1])
		}
		return f
	}
	for _, c := range []struct {
		name, seat string
		form       url.Values
		status     int
		says       string
	}{
		{"the auditor only reads", "auditor@fgw", form(), 403, ""},
		{"a reporter only reads", "reporter@jtj", form(), 403, ""},
		{"nobody signed in", "", form(), 401, ""},
		{"no text", "coordinator@fgw", form("text", " "), 422, "没有写说了什么"},
		{"no source to check", "coordinator@fgw", form("who", ""), 422, "没有写出处"},
		{"a day to come", "coordinator@fgw", form("day", "2022-06-21"), 422, "2022-06-21"},
		{"its own word", "coordinator@fgw", form("member", "510900"), 422, "别的成员"},
		{"recorded", "coordinator@fgw", form(), 303, ""},
	} {
		w := post(h, c.seat, "/hearsay", c.form)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d, want %d\n%s", c.name, w.Code, c.status, w.Body)
		}
	}
	at := size(t, s, "suitong") - 1
	if b := get(h, "reader@fgw", "/hearsay").Body.String(); !strings.Contains(b, "潼南段征地已完成八成") || !strings.Contains(b, "待潼南区确认") ||
		!strings.Contains(b, "潼发改函〔2022〕9号") || !strings.Contains(b, "遂潼快捷通道") || strings.Contains(b, "记入账本</button>") {
		t.Errorf("what a reader sees:\n%s", b)
	}
	if w := get(h, "administrator@fgw", "/hearsay"); w.Code != 403 {
		t.Errorf("an administrator reads it: %d", w.Code)
	}
	answer := fmt.Sprintf("/hearsay/510900/suitong/%d/answer", at)
	if w := post(h, "coordinator@fgw", answer, url.Values{"confirmed": {"yes"}}); w.Code != 422 || !strings.Contains(w.Body.String(), "说的不是本方") {
		t.Errorf("who recorded it answers it: %d", w.Code)
	}
	withdraw, field := fmt.Sprintf("/hearsay/suitong/%d/withdraw", at), fmt.Sprintf("510900-suitong-%d-text", at)
	for _, c := range []struct {
		seat, reason string
		status       int
	}{{"auditor@fgw", "误记", 403}, {"coordinator@fgw", " ", 422}, {"coordinator@fgw", "误记", 303}} {
		if w := post(h, c.seat, withdraw, url.Values{field: {c.reason}}); w.Code != c.status {
			t.Errorf("withdrawn by %s for %q: %d, want %d", c.seat, c.reason, w.Code, c.status)
		}
	}
	if b := get(h, "reader@fgw", "/hearsay").Body.String(); !strings.Contains(b, "已撤回：误记") {
		t.Error("the page does not say that it was taken back")
	}
}

// TestHearsayOfOursIsAnswered: what a neighbour recorded of this member waits on its page, and is contradicted with its own account.
func TestHearsayOfOursIsAnswered(t *testing.T) {
	s, h := stand(t)
	key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte("tongnan."), 8)))
	if err != nil {
		t.Fatal(err)
	}
	theirs := neighbourBook(t, s, key, func(ctx context.Context, w *node.Writing) error {
		_, err := region.HearsaySaid.Say(ctx, w, node.Said[region.HearsayFacts, region.HearsayWords]{
			Circle: "suitong", Facts: region.HearsayFacts{Member: "510900", Source: region.ByTelephone, Day: "2022-05-12"},
			Words: &region.HearsayWords{Text: "遂宁段年底通车（演示数据）", Who: "市交通运输局值班室"},
		})
		return err
	})
	if b := get(h, "coordinator@fgw", "/hearsay").Body.String(); !strings.Contains(b, "遂宁段年底通车") || !strings.Contains(b, "不认可</button>") {
		t.Fatalf("it does not wait for an answer:\n%s", b)
	}
	action, field := fmt.Sprintf("/hearsay/500152/suitong/%d/answer", theirs), fmt.Sprintf("500152-suitong-%d-text", theirs)
	for _, c := range []struct {
		name, seat, confirmed, text string
		status                      int
	}{
		{"a reader answers", "reader@fgw", "no", "不是", 403},
		{"without an account", "coordinator@fgw", "no", "", 422},
		{"contradicted", "coordinator@fgw", "no", "明年六月通车", 303},
		{"a second answer", "coordinator@fgw", "yes", "", 422},
	} {
		w := post(h, c.seat, action, url.Values{"confirmed": {c.confirmed}, field: {c.text}})
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d\n%s", c.name, w.Code, c.status, w.Body)
		}
	}
	if b := get(h, "reader@fgw", "/hearsay").Body.String(); !strings.Contains(b, "遂宁市不认可") || !strings.Contains(b, "明年六月通车") {
		t.Errorf("the page does not say that it was contradicted:\n%s", b)
	}
}

// neighbourBook lets Tongnan say something in its book of the circle, which this member then has; it returns the index of that entry.
func neighbourBook(t *testing.T, s *webtest.Stand, key book.Key, act node.Act) int64 {
	t.Helper()
	ctx := context.Background()
	n, err := node.Open(ctx, node.Config{
		Identity: node.Identity{Member: "500152", Name: "潼南区", Origin: "tongnan.example"}, Key: key,
		Store: storetest.OpenSQLite(t), Modules: []node.Module{region.Module()}, May: region.Permit, Clock: s.Node.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	acts := []node.Act{func(ctx context.Context, w *node.Writing) error {
		return region.OpenCircle(ctx, w, region.KnownCircle("suitong"))
	}, act}
	for _, act := range acts {
		if _, err := n.Write(ctx, node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "coordinator", Member: "500152"}}, act); err != nil {
			t.Fatal(err)
		}
	}
	keys, err := region.KeysOf("tongnan.example", key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, region.Administrator, "fgw", func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Facts: region.RecognisedFacts{
				Member: "500152", Origin: "tongnan.example", Key: keys.Key, Witness: keys.Witness, Request: keys.Request,
			}, Words: &region.RecognisedWords{Name: "重庆市潼南区"},
		})
		return err
	})
	p := node.Page{Book: n.BookName("suitong")}
	var head node.BookVerified
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if head, p.Head, err = node.Head(ctx, tx, p.Book); err != nil {
			return err
		}
		p.Key = head.Key
		if p.Entries, err = node.Entries(ctx, tx, p.Book, 0, int(head.Size)); err != nil {
			return err
		}
		p.Beside, err = node.Beside(ctx, tx, p.Book, 0, int(head.Size))
		return err
	})
	if err == nil {
		_, err = s.Node.Receive(ctx, p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return head.Size - 1
}
