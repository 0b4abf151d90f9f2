package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"liandong/book"
	"liandong/node"
	"liandong/region"
)

// meet has the nodes of folders recognise each other in a circle, each at the address in the variable named after its
// folder: meet suitong a b
func meet(ts *testscript.TestScript, _ bool, args []string) {
	circle, dirs := args[0], args[1:]
	var members []string
	all := map[string]*node.Folder{}
	for _, dir := range dirs {
		f, err := node.OpenFolder(context.Background(), ts.MkAbs(dir), modules(), node.FolderOptions{May: region.Permit})
		ts.Check(err)
		defer f.Close()
		all[dir], members = f, append(members, f.Member)
	}
	for dir, f := range all {
		says(ts, f, func(ctx context.Context, w *node.Writing) error {
			if err := region.OpenCircle(ctx, w, region.Circle{ID: circle, Name: "演示圈", Members: members}); err != nil {
				return err
			}
			for other, o := range all {
				if other == dir {
					continue
				}
				keys, err := region.KeysOf(o.Origin, o.SigningKey())
				if err != nil {
					return err
				}
				address := ts.Getenv(other)
				if address != "" {
					address = "http://" + address
				}
				_, err = region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
					Circle: circle, Facts: region.RecognisedFacts{
						Member: o.Member, Origin: o.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request,
					}, Words: &region.RecognisedWords{Name: o.Name, Address: address},
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// talk says so many things of no consequence in a circle: talk a suitong 300
func talk(ts *testscript.TestScript, _ bool, args []string) {
	f, err := node.OpenFolder(context.Background(), ts.MkAbs(args[0]), modules(), node.FolderOptions{May: region.Permit})
	ts.Check(err)
	defer f.Close()
	says(ts, f, func(ctx context.Context, w *node.Writing) error {
		for range atoi(ts, args[2]) {
			_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: args[1], Facts: region.CircleFacts{Circle: args[1], Members: []string{"500152", "510900"}},
				Words: &region.CircleWords{Name: "演示圈"},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func says(ts *testscript.TestScript, f *node.Folder, act node.Act) {
	_, err := f.Write(context.Background(), node.Request{Actor: node.Actor{
		Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: f.Member,
	}}, act)
	ts.Check(err)
}

// forges writes evidence that the node of a folder signed two heads of one size: forges a suitong fork.json
func forges(ts *testscript.TestScript, _ bool, args []string) {
	s, err := node.ReadSettings(ts.MkAbs(args[0]))
	ts.Check(err)
	key, err := node.ReadKey(ts.MkAbs(args[0]))
	ts.Check(err)
	origin := s.Origin + "/" + args[1]
	var shown [2]book.Shown
	for i := range shown {
		tree := &book.Tree{}
		tree.Append(book.LeafHash([]byte{byte(i)}))
		shown[i].Checkpoint, err = book.SignCheckpoint(origin, 1, tree.Root(), key.Signer(origin))
		ts.Check(err)
	}
	f, err := book.FindFork(book.VerifierKey(origin, key.Public()), shown[0], shown[1])
	ts.Check(err)
	b, err := f.Bytes()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o600))
}

// accuses writes evidence by a stranger's key, which he says was the one before that of the node of a folder: accuses a suitong fork.json
func accuses(ts *testscript.TestScript, _ bool, args []string) {
	s, err := node.ReadSettings(ts.MkAbs(args[0]))
	ts.Check(err)
	key, err := node.ReadKey(ts.MkAbs(args[0]))
	ts.Check(err)
	stranger, err := book.GenerateKey(rand.Reader)
	ts.Check(err)
	origin := s.Origin + "/" + args[1]
	keys, err := region.KeysOf(s.Origin, key)
	ts.Check(err)
	facts, err := json.Marshal(keys)
	ts.Check(err)
	entry, err := book.Entry{V: 1, Kind: region.KeyRolled.Name, Member: s.Member, Circle: args[1], At: time.UnixMilli(0), Facts: facts}.Bytes()
	ts.Check(err)
	head := func(by book.Key, leaf []byte) []byte {
		tree := &book.Tree{}
		tree.Append(book.LeafHash(leaf))
		signed, err := book.SignCheckpoint(origin, 1, tree.Root(), by.Signer(origin))
		ts.Check(err)
		return signed
	}
	his, theirs := book.VerifierKey(origin, stranger.Public()), book.VerifierKey(origin, key.Public())
	tie, err := book.NewEvidence(entry, book.Words{}, 0, nil, head(stranger, entry), his, "")
	ts.Check(err)
	f, err := book.FindForkTied(his, theirs, []book.Evidence{tie}, region.RolledTo,
		book.Shown{Checkpoint: head(stranger, entry)}, book.Shown{Checkpoint: head(key, []byte("honest"))})
	ts.Check(err)
	b, err := f.Bytes()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o600))
}
