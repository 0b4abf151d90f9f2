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
)

// TestNotesAreSaidToTheCircleOrToSome: the coordinator writes, the auditor reads; one for a member that shows no key is
// not sent, and who may not read notes sees on the entry's page that it stands, not what it says.
func TestNotesAreSaidToTheCircleOrToSome(t *testing.T) {
	s, h := stand(t)
	key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte("tongnan."), 8)))
	if err != nil {
		t.Fatal(err)
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
	form := func(title string, to ...string) url.Values {
		return url.Values{"circle": {"suitong"}, "title": {title}, "text": {"请于周五前商定（演示数据）"}, "to": to}
	}
	for _, c := range []struct {
		name, seat string
		form       url.Values
		status     int
	}{
		{"the auditor only reads", "auditor@fgw", form("协商"), 403},
		{"no title", "coordinator@fgw", form(" "), 422},
		{"alone to a member without a key", "coordinator@fgw", form("协商", "500152"), 422},
		{"to all", "coordinator@fgw", form("商请协调断面数据"), 303},
		{"kept from all others", "coordinator@fgw", form("仅供本方留存", "510900"), 303},
	} {
		if w := post(h, c.seat, "/notes", c.form); w.Code != c.status {
			t.Errorf("%s: %d, want %d\n%s", c.name, w.Code, c.status, w.Body)
		}
	}
	page := get(h, "auditor@fgw", "/notes").Body.String()
	for _, text := range []string{"商请协调断面数据", "仅供本方留存", "请于周五前商定"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page of notes does not show %s", text)
		}
	}
	if w := get(h, "reporter@jtj", "/notes"); w.Code != 403 {
		t.Errorf("a reporter reads notes: %d", w.Code)
	}
	proof := fmt.Sprintf("/proof/suitong/%d", size(t, s, "suitong")-2)
	if b := get(h, "reader@fgw", proof).Body.String(); strings.Contains(b, "商定") || !strings.Contains(b, "函告") {
		t.Error("a reader sees what a note says, or not that it stands")
	}
	if b := get(h, "auditor@fgw", proof).Body.String(); !strings.Contains(b, "请于周五前商定") {
		t.Error("the auditor does not see what a note says")
	}
}
