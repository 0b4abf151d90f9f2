package books

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// verifying is the one verification under way, and what the last one found. It is this process's
// own: whoever wants it in writing runs `liandong book verify`.
type verifying struct {
	mu   sync.Mutex
	last outcome
}

// outcome is how far a verification is and what it found.
type outcome struct {
	Running      bool
	View         bool // the view is replayed, too
	Done, Of     int64
	Began, Ended time.Time // by the node's clock, as all times that people read
	Took         time.Duration
	Found        node.Verified
	Failed       bool // it could not run; the log says why
}

func (v *verifying) outcome() outcome {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.last
}

// Ever says whether there was a verification since the start.
func (o outcome) Ever() bool { return !o.Began.IsZero() }

// Percent is how far it is.
func (o outcome) Percent() int64 {
	if o.Of == 0 {
		return 0
	}
	return 100 * o.Done / o.Of
}

// begin starts a verification unless one runs.
func (v *verifying) begin(view bool, now func() time.Time, run func(o node.VerifyOptions) (node.Verified, error), failed func(error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last.Running {
		return
	}
	v.last = outcome{Running: true, View: view, Began: now()}
	began := time.Now()
	go func() {
		found, err := run(node.VerifyOptions{View: view, Progress: func(done, total int64) {
			v.mu.Lock()
			v.last.Done, v.last.Of = done, total
			v.mu.Unlock()
		}})
		v.mu.Lock()
		defer v.mu.Unlock()
		v.last.Running, v.last.Ended, v.last.Took, v.last.Found, v.last.Failed = false, now(), time.Since(began), found, err != nil
		if err != nil {
			failed(err)
		}
	}()
}

// postVerify 立即核验. POST /books/verify
func (p *pages) postVerify(w http.ResponseWriter, r *http.Request) error {
	p.verify(r.Context(), r.PostFormValue("view") != "")
	return web.Redirect(w, r, "/books/verify")
}

// verify begins a verification unless one runs.
func (p *pages) verify(ctx context.Context, view bool) {
	ctx = context.WithoutCancel(ctx) // it goes on when the reader leaves the page
	p.now.begin(view, p.node.Now, func(o node.VerifyOptions) (node.Verified, error) {
		return p.node.Verify(ctx, o)
	}, func(err error) { p.log.ErrorContext(ctx, "verify the books", "error", err) })
}

// verifyPage shows how far the verification is, and then what it found. GET /books/verify
func (p *pages) verifyPage(w http.ResponseWriter, r *http.Request) error {
	o := p.now.outcome()
	if o.Running {
		w.Header().Set("Refresh", "2")
	}
	var titles map[string]string
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		titles, err = p.bookTitles(r.Context(), tx, o.Found)
		return err
	})
	if err != nil {
		return err
	}
	return web.Show(w, r, verifyView(o, p.node.Member, titles))
}

// bookTitles say whose the books are that a verification names.
func (p *pages) bookTitles(ctx context.Context, tx *store.Tx, found node.Verified) (map[string]string, error) {
	circles, err := p.circleNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, b := range found.Books {
		titles[b.Book] = p.bookTitle(circles, b.Member, b.Circle)
	}
	for _, f := range found.Faults {
		if member, circle, ok := strings.Cut(f.Book, "/"); ok {
			titles[f.Book] = p.bookTitle(circles, member, circle)
		}
	}
	return titles, nil
}

// faultWord names the sort of a fault; one that this page does not know stands by its code.
func faultWord(ctx context.Context, code string) string {
	key := "books.fault." + code
	if !lang.Has(key) {
		return code
	}
	return web.T(ctx, key)
}

// faulty tells the home page of those who look after the books that the last verification found something.
func (p *pages) faulty(ctx context.Context) ([]ui.Standing, error) {
	o := p.now.outcome()
	if o.Running || o.Failed || !o.Ever() || o.Found.Clean() || !web.May(ctx, region.BookVerify) {
		return nil, nil
	}
	return []ui.Standing{{
		Tone: ui.Late, Title: web.T(ctx, "books.verify.home", "n", len(o.Found.Faults)), Text: web.T(ctx, "books.verify.todo"),
		More: ui.Link{Label: web.T(ctx, "books.verify.last"), Href: "/books/verify"},
	}}, nil
}

// verdict is what a verification found, in a chip.
func (o outcome) verdict(ctx context.Context) ui.Status {
	switch {
	case o.Running:
		return ui.Status{Tone: ui.Info, Word: web.T(ctx, "books.verify.running")}
	case o.Failed:
		return ui.Status{Tone: ui.Risk, Word: web.T(ctx, "books.verify.failed")}
	case o.Found.Clean():
		return ui.Status{Tone: ui.Good, Icon: "shield-check", Word: web.T(ctx, "books.verify.clean")}
	}
	return ui.Status{Tone: ui.Late, Word: web.T(ctx, "books.verify.broken", "n", len(o.Found.Faults))}
}
