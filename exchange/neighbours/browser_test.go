package neighbours_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web/webtest"
)

func TestThePages(t *testing.T) {
	d, o, yibin := open(t), tongnan(t), neighbour(t, "511500", "宜宾市", "yibin.example")
	three := suitong
	three.Members = []string{"500152", "510900", "511500"}
	mustSay(t, d.Node, func(ctx context.Context, w *node.Writing) error { return region.OpenCircle(ctx, w, three) })
	d.Account(t, "administrator")
	base := webtest.Serve(t, d.Site.Handler())
	b := webtest.Start(t)
	p := b.Open(t, base, webtest.Desk)
	p.SignIn("administrator", webtest.Password)
	looks := func(page, path string) {
		t.Helper()
		if path != "" {
			p.Go(path)
		}
		for name, look := range webtest.Looks {
			p.Look(look)
			p.Axe()
			p.FitsWidth()
			p.Shot("neighbours-" + page + "-" + name)
		}
	}
	looks("pending", "/neighbours")
	looks("invitation", "/neighbours/invitation?address=https://suining.example:8443")

	p.Look(webtest.NoJS)
	p.Go("/neighbours/join")
	p.Press("form.card .button.primary")
	if got := p.Text(".errors"); !strings.Contains(got, "没有找到邀请") {
		t.Errorf("without an invitation the page says %q", got)
	}
	p.Fill("invitation", o.invites("https://tongnan.example:8443"))
	p.Press("form.card .button.primary")
	if got := p.Text(".digits.large"); got != d.fingerprintOf(o) {
		t.Errorf("the fingerprint shown is %q", got)
	}
	p.Press("form.card .button.primary")
	if got := p.Text(".errors"); !strings.Contains(got, "请先用电话核对指纹") {
		t.Errorf("without comparing the page says %q", got)
	}
	p.Shot("neighbours-refused")
	p.Do(chromedp.Click(chromedp.CSS("#same")))
	p.Fill("how", "潼南区大数据局 王科长")
	p.Press("form.card .button.primary")
	if got := p.Text("h1"); got != "重庆市潼南区" {
		t.Errorf("after recognising the page is %q", got)
	}

	o.accepts(textOf(t, d.get("/neighbours/invitation?circle=suitong&address=https://suining.example")))
	if err := d.receives(o, -1, nil, ""); err != nil {
		t.Fatal(err)
	}
	d.recognises(yibin.invites(""))
	looks("one", "/neighbours/in/suitong/500152")
	err := d.Node.Store.Write(context.Background(), func(tx *store.Tx) error {
		return exchange.KeepEvidence(context.Background(), tx, "511500/suitong", book.Fork{Format: "liandong-fork/1"}, d.Node.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	d.sees(o)
	looks("list", "/neighbours")
	looks("forked", "/neighbours/in/suitong/511500")
	looks("leave", "/neighbours/circle/suitong/leave")
	d.expects(d.post("/neighbours/in/suitong/500152/suspend", "reason", "演练"), http.StatusSeeOther)
	looks("suspended", "/neighbours/in/suitong/500152")
	p.Go("/neighbours?lang=en")
	looks("english", "/neighbours")
}

func (d *desk) fingerprintOf(o other) string {
	d.t.Helper()
	keys, err := region.KeysOf(o.Origin, o.SigningKey())
	if err != nil {
		d.t.Fatal(err)
	}
	return exchange.Fingerprint(o.Member, o.Origin, keys)
}

// sees notes that a neighbour witnessed our head and was reached just now.
func (d *desk) sees(o other) {
	d.t.Helper()
	ctx, now := context.Background(), d.Node.Now().UnixMilli()
	err := d.Node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO exchange_cosigned (origin, witness, size, root, at, checkpoint, line) VALUES (?, ?, 2, ?, ?, ?, ?)`,
			d.Node.OriginOf("suitong"), node.WitnessName(o.Origin), []byte{1}, now, []byte{1}, []byte{1})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO exchange_follow (book, reached_at, grown_at, head_size, failed_at, tries, why, stopped)
			VALUES (?, ?, ?, 5, ?, 3, '邻方没有向本方开放这本账:请确认对方已认可本方的公钥 (the neighbour does not let us read: has it recognised us?)', 0)`, o.BookName("suitong"), now-3600000, now, now)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}
