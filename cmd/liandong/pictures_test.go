package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liandong/demo"
	"liandong/web/webtest"
)

// pictures are those of the documentation, of the demonstration as this version shows it.
var pictures = []struct{ name, login, path, says string }{
	{"board", "xietiao", "/plan", "遂宁市成渝地区双城经济圈建设2022年工作要点"},
	{"day", "tianbao", "/", "加快遂渝高速公路扩容工程建设"},
	{"review", "shenhe", "/review", "采用"},
	{"bulletin", "xietiao", "/bulletin/2022-05", "推进情况的通报"},
	{"calendar", "xietiao", "/plan/chengyu-2022/calendar", "工作日历"},
	{"glance", "lingdao", "/glance", "批示"},
}

// TestPicturesOfTheDocumentation opens what the pictures show, and with -update takes them anew. Every picture is one of these.
func TestPicturesOfTheDocumentation(t *testing.T) {
	const folder = "../../docs/images"
	c := startCrawl(t)
	base, browser := webtest.Serve(t, c.http), webtest.Start(t)
	names := []string{}
	for _, picture := range pictures {
		names = append(names, picture.name+".png")
		p := browser.Open(t, base, webtest.Look{Width: 1280, Height: 800})
		p.SignIn(picture.login, demo.Password)
		p.Go(picture.path)
		if told := p.Text("body"); !strings.Contains(told, picture.says) {
			t.Errorf("%s does not say %q: %s", picture.path, picture.says, told)
		}
		taken := p.Picture()
		file := filepath.Join(folder, picture.name+".png")
		if *update {
			if err := os.WriteFile(file, taken, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("take it by go test ./cmd/liandong -run Pictures -update: %v", err)
			continue
		}
		if got, err := png.DecodeConfig(bytes.NewReader(kept)); err != nil || got.Width != 1280 || got.Height != 800 {
			t.Errorf("%s is %d by %d: %v", file, got.Width, got.Height, err)
		}
	}
	there, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range there {
		if !slices.Contains(names, f.Name()) {
			t.Errorf("%s is a picture that no test takes", f.Name())
		}
	}
}
