package book

import (
	"bytes"
	"encoding/base64"
	"os"
	"strings"
	"testing"
	"time"
)

// docEntry is the worked example of docs/reference/entry.md.
func docEntry() (Entry, Salt, []byte) {
	salt := Salt(bytes.Repeat([]byte{0x2a}, 32))
	words := []byte(`{"progress":"演示数据:主体完工","problem":"","next":"附属工程"}`)
	c := Commit(salt, words)
	return Entry{
		V: 1, Kind: "plan.report.accepted/1", Member: "510900", Circle: "suitong", Org: "o-fgw", Person: "p-7f3k",
		At: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC), Subjects: []string{"i-21"},
		Facts: []byte(`{"period":"2022-06","percent":45,"figures":[{"indicator":"i-21.a","value":"12.50"}]}`),
		Causes: []Cause{{
			Origin: "tongnan.example/suitong", Index: 41,
			Leaf: LeafHash([]byte(`{"v":1,"kind":"demo.entry/1"}`)),
		}},
		Words: &c,
	}, salt, words
}

// TestDocument: the example of the document is right to the byte.
func TestDocument(t *testing.T) {
	raw, err := os.ReadFile("../docs/reference/entry.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	e, salt, words := docEntry()
	b, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var tree Tree
	tree.Append(LeafHash(b))
	key := testKey(t, 1)
	checkpoint, err := SignCheckpoint(testOrigin, 1, tree.Root(), key.Signer(testOrigin))
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{
		"entry":        string(b),
		"leaf hash":    LeafHash(b).String(),
		"words":        string(words),
		"salt":         base64.StdEncoding.EncodeToString(salt[:]),
		"commitment":   e.Words.String(),
		"checkpoint":   string(checkpoint),
		"verifier key": VerifierKey(testOrigin, key.Public()),
	} {
		if !strings.Contains(doc, "\n"+strings.TrimSuffix(want, "\n")+"\n") {
			t.Errorf("%s is not in the document:\n%s", what, want)
		}
	}
	for reason := range reasonText {
		if !strings.Contains(doc, "`"+string(reason)+"`") {
			t.Errorf("reason %s is not in the document", reason)
		}
	}
}
