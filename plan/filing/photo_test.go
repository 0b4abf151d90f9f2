package filing_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"liandong/region"
	"liandong/web/webtest"
)

// where stands in the photo for the place at which it was shot.
const where = "30.5N105.6E"

// photo is a JPEG of that size as a telephone writes it: lying on its side, with a note that it must be turned and one where it was shot.
func photo(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	// One tag, orientation 6: turn a quarter to the right (CIPA DC-008, 4.6.5.1).
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00" + where
	n := len(exif) + 2
	whole := append([]byte{0xff, 0xd8, 0xff, 0xe1, byte(n >> 8), byte(n)}, exif...)
	return base64.StdEncoding.EncodeToString(append(whole, b.Bytes()[2:]...))
}

// Photos go smaller, upright and without the place of the shot; who ticks "original" sends what he chose.
func TestPhotosAreReduced(t *testing.T) {
	f := newField(t)
	f.Go("/as/reporter/" + jtj)
	for _, c := range []struct {
		name     string
		original bool
		size     image.Point
	}{{"reduced", false, image.Pt(1000, 2000)}, {"original", true, image.Pt(2400, 1200)}} {
		f.Go(f.form)
		f.types("规划初稿完成。" + c.name)
		webtest.Eval[int](f.Page, `(async () => {
			const raw = Uint8Array.from(atob("`+photo(t, 2400, 1200)+`"), (c) => c.charCodeAt(0));
			const list = new DataTransfer(); list.items.add(new File([raw], "IMG_1.jpeg", {type: "image/jpeg"}));
			const field = document.querySelector("[data-shrink]"); field.files = list.files; field.dispatchEvent(new Event("change", {bubbles: true}));
			document.querySelectorAll("[name=keep]").forEach((k) => (k.checked = false)); return 0; })()`)
		if c.original {
			webtest.Eval[int](f.Page, `(document.querySelector("[data-original]").click(), 0)`)
		}
		f.Press(".report-form .button.primary")
		form, err := f.FilingForm(context.Background(), f.As(region.Reporter, jtj).Actor, f.item, "2022-06")
		if err != nil || form.Current == nil || len(form.Current.Words.Files) != 1 {
			t.Fatalf("%s: %+v, %v", c.name, form.Current, err)
		}
		if got := f.sizeOfPhoto(jtj, form.Current.Index); got != c.size {
			t.Errorf("%s: the photo measures %v, want %v", c.name, got, c.size)
		}
		_, file, err := f.OpenFile(context.Background(), f.As(region.Reporter, jtj).Actor, f.Node().BookName("self"), form.Current.Index, 0)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(file)
		if err != nil || bytes.Contains(raw, []byte(where)) != c.original {
			t.Errorf("%s: the place of the shot goes along: %v, want %v (%v)", c.name, !c.original, c.original, err)
		}
	}
}

// Where the browser lets no page be kept (plain http), the open page still holds what was pressed, and says that it must stay open.
func TestAFilingWaitsWithoutHTTPS(t *testing.T) {
	f := newFieldOf(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/worker.js" { // no browser registers it
				http.NotFound(w, r)
				return
			}
			h.ServeHTTP(w, r)
		})
	})
	f.Go("/as/reporter/" + jtj)
	f.Go(f.form)
	f.line.Cut()
	f.types("规划初稿完成。")
	f.press()
	f.bar("没有网络：1 条等候发送")
	if got := f.Text("[data-draft-note]"); !strings.Contains(got, "请不要关闭这一页") {
		t.Errorf("the form says %q", got)
	}
	f.back()
	f.Until("my day", `location.pathname === "/"`)
	f.filed(1)
}

// An answer that got lost on the way is asked for again: the report is filed once.
func TestALostAnswerFilesOnce(t *testing.T) {
	var lose atomic.Bool // as often as the browser asks again by itself
	lose.Store(true)
	f := newFieldOf(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || strings.Contains(r.URL.Path, "/draft") || !lose.Load() {
				h.ServeHTTP(w, r)
				return
			}
			h.ServeHTTP(discard{http.Header{}}, r)
			panic(http.ErrAbortHandler)
		})
	})
	f.Go("/as/reporter/" + jtj)
	f.Go(f.form)
	f.types("规划初稿完成。")
	f.press()
	f.bar("1 条等候发送")
	f.filed(1)
	lose.Store(false)
	webtest.Eval[int](f.Page, `(dispatchEvent(new Event("online")), 0)`)
	f.Until("my day", `location.pathname === "/"`)
	f.Until("nothing waits", quiet)
	f.filed(1)
}

// discard is an answer that nobody gets.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
