package books

import (
	"context"
	"net/http"
	"sync"
	"time"

	"liandong/node"
	"liandong/web"
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
	Began, Ended time.Time
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
func (v *verifying) begin(view bool, run func(o node.VerifyOptions) (node.Verified, error), failed func(error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last.Running {
		return
	}
	v.last = outcome{Running: true, View: view, Began: time.Now()}
	go func() {
		found, err := run(node.VerifyOptions{View: view, Progress: func(done, total int64) {
			v.mu.Lock()
			v.last.Done, v.last.Of = done, total
			v.mu.Unlock()
		}})
		v.mu.Lock()
		defer v.mu.Unlock()
		v.last.Running, v.last.Ended, v.last.Found, v.last.Failed = false, time.Now(), found, err != nil
		if err != nil {
			failed(err)
		}
	}()
}

// postVerify 立即核验. POST /books/verify
func (p *pages) postVerify(w http.ResponseWriter, r *http.Request) error {
	ctx := context.WithoutCancel(r.Context()) // it goes on when the reader leaves the page
	p.now.begin(r.PostFormValue("view") != "", func(o node.VerifyOptions) (node.Verified, error) {
		return p.node.Verify(ctx, o)
	}, func(err error) { p.log.ErrorContext(ctx, "verify the books", "error", err) })
	return web.Redirect(w, r, "/books/verify")
}

// verifyPage shows how far the verification is, and then what it found. GET /books/verify
func (p *pages) verifyPage(w http.ResponseWriter, r *http.Request) error {
	o := p.now.outcome()
	if o.Running {
		w.Header().Set("Refresh", "2")
	}
	return web.Show(w, r, verifyView(o))
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
