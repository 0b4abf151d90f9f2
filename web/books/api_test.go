package books_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/books"
	"liandong/web/webtest"
)

// called are the calls over the stand; a reader may read nothing that is not accepted.
func called(t *testing.T) (*webtest.Stand, webtest.Room) {
	t.Helper()
	s, _ := stand(t)
	mayRead := func(_ context.Context, _ *store.Tx, a node.Actor, _ book.Entry) (bool, error) {
		return a.Seat == string(region.Coordinator), nil
	}
	var room *books.Room
	return s, webtest.Room{T: t, Now: s.Node.Now, Routes: func(site *web.Site) {
		made := books.Routes(site, s.Node, mayRead, toyNames, books.Outside{})
		if room == nil {
			room = made // one verification, whoever asks
		}
		room.API(api.New(site, "test"))
	}}
}

func TestHearsayByCalls(t *testing.T) {
	s, r := called(t)
	coordinator := webtest.At("coordinator", "fgw")
	said := func(text, day string) string {
		return fmt.Sprintf(`{"circle":"suitong","member":"500152","source":"letter","day":%q,"who":"潼发改函〔2022〕9号（演示数据）","text":%q,"about":"i-1"}`, day, text)
	}
	for _, seat := range []string{"auditor", "reporter", "reader"} {
		r.Call(webtest.At(seat, "fgw"), "POST", "/hearsay", said("已完成八成", "2022-05-12"), 403)
	}
	r.Call(webtest.At("administrator", "fgw"), "GET", "/hearsay", "", 403)
	r.Call(coordinator, "POST", "/hearsay", said(" ", "2022-05-12"), 422, `"field":"text"`)
	r.Call(coordinator, "POST", "/hearsay", said("已完成八成", "2022-05-12"), 200, `"book":"510900/suitong"`)
	at := size(t, s, "suitong") - 1
	r.Call(webtest.At("reader", "fgw"), "GET", "/hearsay", "", 200, "已完成八成", `"waits":true`, `"about":["i-1"]`)
	r.Call(coordinator, "POST", fmt.Sprintf("/hearsay/510900/suitong/%d/answer", at), `{"confirmed":true}`, 422) // it is not of this member
	r.Call(coordinator, "POST", "/hearsay/500152/suitong/3/answer", `{"confirmed":true}`, 404)
	r.Call(coordinator, "POST", "/hearsay/none/3/withdraw", `{"reason":"草稿"}`, 422, "node.book-unknown")
	r.Call(coordinator, "POST", fmt.Sprintf("/hearsay/suitong/%d/withdraw", at), `{"reason":"来函系草稿"}`, 200)
	r.Call(coordinator, "GET", "/hearsay", "", 200, `"withdrawn":true`, "来函系草稿")
}

func TestNotesByCalls(t *testing.T) {
	_, r := called(t)
	coordinator := webtest.At("coordinator", "fgw")
	r.Call(webtest.At("auditor", "fgw"), "POST", "/notes", `{"circle":"suitong","title":"协商"}`, 403)
	r.Call(webtest.At("reader", "fgw"), "GET", "/notes", "", 403)
	r.Call(coordinator, "POST", "/notes", `{"circle":"suitong","title":" "}`, 422, `"field":"title"`)
	r.Call(coordinator, "POST", "/notes", `{"circle":"none","title":"协商"}`, 422, "node.book-unknown")
	r.Call(coordinator, "POST", "/notes", `{"circle":"suitong","title":"商请协调断面数据","text":"请于周五前商定"}`, 200)
	r.Call(webtest.At("auditor", "fgw"), "GET", "/notes", "", 200, "商请协调断面数据", "请于周五前商定", `"state":"here"`)
}

// TestAProofByCallIsWhatAnyoneVerifies.
func TestAProofByCallIsWhatAnyoneVerifies(t *testing.T) {
	_, r := called(t)
	var e book.Evidence
	if err := json.Unmarshal([]byte(r.Call(webtest.At("coordinator", "fgw"), "GET", "/proofs/510900/suitong/3", "", 200)), &e); err != nil {
		t.Fatal(err)
	}
	if report, err := e.Verify(""); err != nil || report.Entry.Circle != "suitong" || e.Index != 3 {
		t.Errorf("%+v, %v", report, err)
	}
	r.Call(webtest.At("reader", "fgw"), "GET", "/proofs/510900/self/3", "", 404)
	r.Call(webtest.At("coordinator", "fgw"), "GET", "/proofs/510900/suitong/9999", "", 404)
	r.Call(webtest.At("coordinator", "fgw"), "GET", "/proofs/500152/self/3", "", 404)
}

// TestVerificationByCalls: it is begun, and asked for until it has ended.
func TestVerificationByCalls(t *testing.T) {
	_, r := called(t)
	auditor := webtest.At("auditor", "fgw")
	r.Call(webtest.At("reporter", "fgw"), "POST", "/books/verification", `{}`, 403)
	r.Call(auditor, "GET", "/books/verification", "", 200, `"running":false`, `"clean":false`)
	r.Call(auditor, "POST", "/books/verification", `{"view":true}`, 200)
	var v books.Verification
	for v.Ended == nil {
		v = books.Verification{}
		if err := json.Unmarshal([]byte(r.Call(auditor, "GET", "/books/verification", "", 200)), &v); err != nil {
			t.Fatal(err)
		}
	}
	if !v.Clean || v.Failed || len(v.Books) != 2 || !v.View {
		t.Errorf("%+v", v)
	}
}
