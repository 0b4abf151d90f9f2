package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"liandong/node"
	"liandong/web/assets"
)

// TestTheAddressAnswersWhileTheViewIsMadeAnew: pages, calls and probes say how far it is, nothing is taken in, and the same address is
// the service's afterwards.
func TestTheAddressAnswersWhileTheViewIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}); err != nil {
		t.Fatal(err)
	}
	w := &waiting{ctx: context.Background(), addr: "127.0.0.1:0", dir: dir, log: slog.New(slog.DiscardHandler)}
	w.step(0, 1_234_567)
	w.step(7000, 1_234_567)
	if w.failed != nil {
		t.Fatal(w.failed)
	}
	at := "http://" + w.public.Addr().String()
	for _, c := range []struct {
		method, path, says string
		status             int
	}{
		{"GET", "/", "已处理 7,000 条，共 1,234,567 条", 503},
		{"POST", "/item/i-1/report", "没有执行", 503},
		{"GET", "/api/v1/plans", `"code":"web.upgrading"`, 503},
		{"GET", "/readyz", "view: failed", 503},
		{"GET", "/healthz", "ok", 200},
		{"GET", assets.URL("app.css"), "", 200},
	} {
		status, body := ask(t, c.method, at+c.path)
		if status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d, want %d\n%s", c.method, c.path, status, c.status, body)
		}
	}
	public, err := w.listener()
	if err != nil {
		t.Fatal(err)
	}
	serving := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "the service") })}
	go serving.Serve(public)
	defer serving.Close()
	w.close()
	if _, body := ask(t, "GET", at+"/"); body != "the service" {
		t.Errorf("afterwards: %s", body)
	}
}

func ask(t *testing.T, method, address string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "zh")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
