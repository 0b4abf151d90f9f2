package neighbours_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liandong/exchange"
	"liandong/exchange/neighbours"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
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
	plain.Handle("GET /{$}", region.SelfAct, func(w http.ResponseWriter, r *http.Request) error {
		return web.Show(w, r, ui.Layout(ui.Page{Title: "我的工作台"}))
	})
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

func mustSay(t *testing.T, n *node.Node, act node.Act) {
	t.Helper()
	if _, err := n.Write(context.Background(), administrator(n.Member), act); err != nil {
		t.Fatal(err)
	}
}

func stranger(t *testing.T) other { return neighbour(t, "510900", "遂宁市", "suining.example") }
