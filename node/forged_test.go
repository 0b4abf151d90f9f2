package node_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store/storetest"
)

// onlyWhatSuiningSaid answers an entry only if suining said it: as plan's kinds do by cause.Member.
var onlyWhatSuiningSaid = &node.Kind[struct{}, addWords]{
	Name: "test.suining/1", Action: "count",
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ struct{}) error {
		cause, err := own.Cause(ctx, e, 0)
		if err == nil && (cause.Member != "510900" || cause.Member == e.Member) {
			err = refuse.New("test.not-suinings")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ struct{}) ([]string, error) {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return nil, err
		}
		var f addFacts
		if err := book.DecodeFacts(cause.Facts, &f); err != nil {
			return nil, err
		}
		return added.Apply(ctx, own, e, f)
	},
}

// TestACauseIsOfItsOwnBook: a member writes into its own book what it says another said; that entry is set aside, and answers nothing.
func TestACauseIsOfItsOwnBook(t *testing.T) {
	old := meeting.Kinds
	meeting.Kinds = append(append([]node.AnyKind{}, old...), onlyWhatSuiningSaid)
	defer func() { meeting.Kinds = old }()
	_, tongnan := twoParties(t, storetest.OpenSQLite(t))
	yibin := meets(t, storetest.OpenSQLite(t), "511500", "yibin.example")
	yibin.recognises(t, tongnan, 0)
	p := node.Page{Book: "500152/suitong", Key: tongnan.verifier()}
	tree := &book.Tree{}
	put := func(raw string) {
		p.Entries = append(p.Entries, []byte(raw))
		tree.Append(book.LeafHash([]byte(raw)))
	}
	put(`{"v":1,"kind":"count.added/1","member":"510900","circle":"suitong","org":"o-1","person":"p-1","at":"2026-01-02T00:00:00.000Z","subjects":[],"facts":{"to":"bridge","n":1000},"causes":[],"words":null}`)
	leaf := book.LeafHash(p.Entries[0])
	put(fmt.Sprintf(`{"v":1,"kind":"test.suining/1","member":"500152","circle":"suitong","org":"o-1","person":"p-1","at":"2026-01-02T00:00:00.000Z","subjects":[],"facts":{},"causes":[{"origin":"tongnan.example/suitong","index":0,"leaf":"%s"}],"words":null}`,
		base64.StdEncoding.EncodeToString(leaf[:])))
	p.Beside = make([]book.Beside, 2)
	var err error
	if p.Head, err = book.SignCheckpoint("tongnan.example/suitong", 2, tree.Root(), tongnan.key.Signer("tongnan.example/suitong")); err != nil {
		t.Fatal(err)
	}
	yibin.receive(t, p)
	yibin.say(t, add("suitong", "bridge", 1))
	if sum := total(t, yibin.Node, "bridge"); sum != 1 {
		t.Errorf("tongnan counted %d as said by suining, which said nothing", sum-1)
	}
}
