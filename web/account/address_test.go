package account_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/netip"
	"testing"

	"liandong/web/account"
	"liandong/web/webtest"
)

func TestAddressOf(t *testing.T) {
	stand := webtest.NewStand(t)
	for _, c := range []struct {
		remark, remote, want string
		secure, served       bool // behind https; served by the node itself
		proxies, forwarded   []string
	}{
		{remark: "plain: the connection's", remote: "10.0.0.9:1234", want: "10.0.0.9"},
		{remark: "plain: the header is anybody's word", remote: "10.0.0.9:1234", forwarded: []string{"1.1.1.1"}, want: "10.0.0.9"},
		{remark: "behind a proxy that nobody named: not known", remote: "10.0.0.1:1", secure: true, forwarded: []string{"1.1.1.1"}},
		{remark: "https of the node itself: the connection's", remote: "10.0.0.9:1", secure: true, served: true, forwarded: []string{"1.1.1.1"}, want: "10.0.0.9"},
		{remark: "behind the named one: its word", remote: "10.0.0.1:1", secure: true, proxies: []string{"10.0.0.1/32"}, forwarded: []string{"1.1.1.1"}, want: "1.1.1.1"},
		{remark: "what the client wrote stands before it", remote: "10.0.0.1:1", secure: true, proxies: []string{"10.0.0.1/32"}, forwarded: []string{"6.6.6.6, 1.1.1.1"}, want: "1.1.1.1"},
		{remark: "two proxies and two headers", remote: "10.0.0.1:1", secure: true, proxies: []string{"10.0.0.0/24"}, forwarded: []string{"6.6.6.6", "1.1.1.1:80, 10.0.0.2"}, want: "1.1.1.1"},
		{remark: "not from the proxy", remote: "10.9.9.9:1", secure: true, proxies: []string{"10.0.0.0/24"}, forwarded: []string{"1.1.1.1"}, want: "10.9.9.9"},
		{remark: "unreadable: the last readable", remote: "10.0.0.1:1", secure: true, proxies: []string{"10.0.0.0/24"}, forwarded: []string{"1.1.1.1, unknown"}, want: "10.0.0.1"},
		{remark: "no header", remote: "[::1]:1", secure: true, proxies: []string{"::1/128"}, want: "::1"},
		{remark: "IPv4 in IPv6", remote: "[::ffff:10.0.0.1]:1", secure: true, proxies: []string{"10.0.0.1/32"}, forwarded: []string{"2001:db8::1"}, want: "2001:db8::1"},
	} {
		a, err := account.Open(context.Background(), stand.Node.Store, "510900", c.secure)
		if err != nil {
			t.Fatal(err)
		}
		var proxies []netip.Prefix
		for _, p := range c.proxies {
			proxies = append(proxies, netip.MustParsePrefix(p))
		}
		a.TrustProxies(proxies...)
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if c.served {
			r.TLS = &tls.ConnectionState{}
		}
		if got := account.AddressOf(a, r); got != c.want {
			t.Errorf("%s: %q, want %q", c.remark, got, c.want)
		}
	}
}

// TestOneGuesserDoesNotShutTheCityOut: where the address is not known, only the guessed login waits.
func TestOneGuesserDoesNotShutTheCityOut(t *testing.T) {
	a := webtest.NewStand(t).Accounts
	a.Cheap()
	ctx := context.Background()
	if err := a.Create(ctx, "reader", "reader", webtest.Password); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		_, _ = account.SignIn(a, ctx, "nobody", "wrong", "", "")
	}
	if _, err := account.SignIn(a, ctx, "reader", webtest.Password, "", ""); err != nil {
		t.Errorf("a colleague waits: %v", err)
	}
	if _, err := account.SignIn(a, ctx, "nobody", "wrong", "", ""); errors.Is(err, account.ErrWrong) {
		t.Error("the guessed login must wait")
	}
}
