package neighbours_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// hearsRoll has the neighbour roll its key, and its book received as far as the former one signed it.
func (d *desk) hearsRoll(o other) {
	d.t.Helper()
	former := book.VerifierKey(o.OriginOf("suitong"), o.SigningKey().Public())
	r, err := region.RollKey(context.Background(), o.Folder, administrator(o.Member), "例行更换")
	if err != nil {
		d.t.Fatal(err)
	}
	v, err := book.Verifier(former)
	if err != nil {
		d.t.Fatal(err)
	}
	var head []byte
	if err := o.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		head, err = node.RolledHead(context.Background(), tx, o.BookName("suitong"), book.KeyID(v))
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	if err := d.receives(o, r.Entries[0].Index+1, head, former); err != nil {
		d.t.Fatal(err)
	}
}

const rolledAt = "/neighbours/in/suitong/500152/rolled"

func TestARolledKeyIsRecognised(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites("https://tongnan.example"))
	d.expects(d.post(rolledAt), http.StatusUnprocessableEntity, "没有待认可的新密钥")
	d.hearsRoll(o)
	if !strings.Contains(d.get("/neighbours"), "待本方认可新密钥") || !strings.Contains(d.get("/neighbours/in/suitong/500152"), "它更换了密钥") {
		t.Error("the pages do not say that the key was rolled")
	}
	d.expects(d.post(rolledAt), http.StatusSeeOther)
	m := d.member("500152")
	keys, err := region.KeysOf(o.Origin, o.SigningKey())
	if err != nil || m.Rolled || m.Fingerprint != exchange.Fingerprint("500152", o.Origin, keys) || m.Address != "https://tongnan.example" {
		t.Errorf("%+v, %v", m, err)
	}
	if err := d.receives(o, -1, nil, ""); err != nil {
		t.Error(err)
	}
	d.hearsRoll(o) // and once more, with the former roll in the book
	d.expects(d.post(rolledAt), http.StatusSeeOther)
	if m := d.member("500152"); m.Rolled {
		t.Errorf("%+v", m)
	}
}

// losesKey opens the neighbour's folder again under a new key, after all its keys were lost.
func (o other) losesKey() other {
	o.t.Helper()
	if err := o.Close(); err != nil {
		o.t.Fatal(err)
	}
	keys, err := filepath.Glob(filepath.Join(o.Dir, "key*"))
	if err != nil || len(keys) == 0 {
		o.t.Fatal(keys, err)
	}
	for _, path := range keys {
		if err := os.Remove(path); err != nil {
			o.t.Fatal(err)
		}
	}
	modules := []node.Module{region.Module(), exchange.Module()}
	if err := node.ReplaceKey(context.Background(), o.Dir, "", modules, node.FolderOptions{May: region.Permit}); err != nil {
		o.t.Fatal(err)
	}
	f, err := node.OpenFolder(context.Background(), o.Dir, modules, node.FolderOptions{May: region.Permit})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { f.Close() })
	return other{f, o.t}
}

// TestALostKeyDoesNotComeBackByAnOldRoll: the key that a roll named was lost, and people recognised another one over the telephone. The roll
// stands in the book for good, also as the last entry that is here; it waits for nobody and brings the lost key back to nobody.
func TestALostKeyDoesNotComeBackByAnOldRoll(t *testing.T) {
	for name, recognised := range map[string]bool{"lost after it was recognised": true, "lost before": false} {
		t.Run(name, func(t *testing.T) {
			d, o := open(t), tongnan(t)
			d.recognises(o.invites("https://tongnan.example"))
			d.hearsRoll(o)
			if recognised {
				d.expects(d.post(rolledAt), http.StatusSeeOther)
				if err := d.receives(o, -1, nil, ""); err != nil {
					t.Fatal(err)
				}
			}
			again := o.losesKey()
			d.recognises(again.invites("https://tongnan.example"))
			want := d.member("500152").Fingerprint
			read := func() {
				t.Helper()
				if err := d.receives(again, -1, nil, ""); err != nil {
					t.Fatal(err)
				}
				if d.member("500152").Rolled || strings.Contains(d.get("/neighbours"), "待本方认可新密钥") {
					t.Error("the page asks to recognise the lost key")
				}
				d.expects(d.post(rolledAt), http.StatusUnprocessableEntity, "没有待认可的新密钥")
			}
			read()
			again.say(func(ctx context.Context, w *node.Writing) error {
				_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
					Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: suitong.Members}, Words: &region.CircleWords{Name: "遂潼"},
				})
				return err
			})
			read()
			if got := d.member("500152").Fingerprint; got != want {
				t.Errorf("known by %s, people compared %s", got, want)
			}
			d.hearsRoll(again) // a true one, under the key that was compared
			if d.expects(d.post(rolledAt), http.StatusSeeOther); d.member("500152").Fingerprint == want {
				t.Error("a roll under the key that was compared is not recognised")
			}
		})
	}
}

// TestARollDoesNotEndASuspension: who is suspended is resumed by people who say why, not by the way.
func TestARollDoesNotEndASuspension(t *testing.T) {
	d, o := open(t), tongnan(t)
	d.recognises(o.invites("https://tongnan.example"))
	d.hearsRoll(o)
	at := "/neighbours/in/suitong/500152"
	d.expects(d.post(at+"/suspend", "reason", "密钥可能泄露"), http.StatusSeeOther)
	if strings.Contains(d.get(at), rolledAt) {
		t.Error("the page offers to recognise the key of a suspended member")
	}
	d.expects(d.post(rolledAt), http.StatusUnprocessableEntity, "请先查明原因、恢复往来")
	if !d.member("500152").Suspended {
		t.Error("the suspension ended, though nobody said so")
	}
	d.expects(d.post(at+"/resume", "reason", "已查明，是例行更换"), http.StatusSeeOther)
	d.expects(d.post(rolledAt), http.StatusSeeOther)
	if m := d.member("500152"); m.Suspended || m.Rolled {
		t.Errorf("%+v", m)
	}
}
