package board_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/filing"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
)

// TestANeighboursFile: it stands with the report that names it, as not here yet until it came, and is for who may read attachments.
func TestANeighboursFile(t *testing.T) {
	ctx := context.Background()
	o, tongnan, theirs := besideTongnan(t)
	lead := tongnan.As(region.Reporter, "市农业农村局")
	ref, err := tongnan.Attach(ctx, lead.Actor, "开业照片.txt", strings.NewReader("照片的内容"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	facts := plan.ReportFacts{Item: theirs, Period: "2022-06", Claim: judge.Done}
	if _, err := tongnan.File(ctx, lead, facts, plan.ReportWords{Progress: "交易中心已经开业，附照片。", Reason: "补照片", Files: []plan.FileRef{ref}}); err != nil {
		t.Fatal(err)
	}
	tongnan.AcceptNow(theirs, "2022-06", true)
	o.Hear(tongnan)

	get := func(seat region.Seat, path string) (int, string) {
		t.Helper()
		base := siteWith(t, o, seat, "市发展改革委", func(site *web.Site) { filing.Routes(site, o.Desk) })
		res, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	story := "/item/" + theirs
	if _, html := get(region.Coordinator, story); !strings.Contains(html, "开业照片.txt") || !strings.Contains(html, "附件尚未收到") || strings.Contains(html, `href="/file/`) {
		t.Errorf("before it came: %s", html)
	}
	f, err := tongnan.Node().Blobs.Open(ref.Blob)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := o.Node().Blobs.Take(ref.Blob, f, func() bool { return true }); err != nil {
		t.Fatal(err)
	}
	_, html := get(region.Coordinator, story)
	_, rest, found := strings.Cut(html, `href="/file/500152/suitong/`)
	if !found || strings.Contains(html, "附件尚未收到") {
		t.Fatalf("after it came: %s", html)
	}
	path, _, _ := strings.Cut(rest, `"`)
	path = "/file/500152/suitong/" + path
	if status, body := get(region.Coordinator, path); status != http.StatusOK || body != "照片的内容" {
		t.Errorf("%d %q", status, body)
	}
	if status, _ := get(region.Reader, path); status != http.StatusForbidden {
		t.Errorf("a reader gets it: %d", status)
	}
	if _, html := get(region.Reader, story); strings.Contains(html, `href="/file/`) {
		t.Error("a reader is shown a link that is not for him")
	}
}
