package admin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/ui"
)

// Neighbours tells what neighbours know of this member's books while the node only reads. Nil: nobody is asked.
type Neighbours struct {
	// Answers are what they said last.
	Answers func(ctx context.Context, tx *store.Tx) (Answers, error)
	// Resume asks them now, and lets the node write if none knows more than stands here.
	Resume func(ctx context.Context, req node.Request, reason string) error
}

// Answers (答复) are what neighbours said of this member's books.
type Answers struct {
	At       time.Time // zero: nobody was asked yet
	Lines    []string  // for each book
	Complete bool      // every neighbour answered, and none knows more than stands here
}

type stateData struct {
	Now     time.Time
	Answers Answers
	Asks    bool   // neighbours can be asked
	Reading string // why the node only reads; empty: it writes
	Books   []node.BookVerified
	Reason  string
	Key     string
	Resume  bool // the seat may resume
	Errors  []ui.FieldError
}

// state shows the clock and whether the node writes. GET /admin/node
func (p *pages) state(w http.ResponseWriter, r *http.Request) error {
	return p.showState(w, r, http.StatusOK, "", nil)
}

func (p *pages) showState(w http.ResponseWriter, r *http.Request, status int, reason string, errs []ui.FieldError) error {
	d := stateData{Now: p.node.Now(), Reason: reason, Key: web.NewRequestKey(), Errors: errs, Resume: web.May(r.Context(), region.NodeResume)}
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if d.Reading, err = node.Reading(r.Context(), tx); err != nil {
			return err
		}
		if d.Asks = d.Reading != "" && p.neighbours.Resume != nil; d.Asks {
			if d.Answers, err = p.neighbours.Answers(r.Context(), tx); err != nil {
				return err
			}
		}
		d.Books, err = node.Books(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, stateView(d))
}

// confirmClock 时钟确认. POST /admin/node/clock
func (p *pages) confirmClock(w http.ResponseWriter, r *http.Request) error {
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	receipt, err := p.node.ConfirmClock(r.Context(), node.Request{
		ID: web.RequestKey(r), Print: []byte("clock\n" + reason), Actor: web.Actor(r),
	}, reason)
	said := "admin.clock.done"
	if err == nil && len(receipt.Entries) == 0 {
		said = "admin.clock.needless"
	}
	return p.answered(w, r, err, reason, said)
}

// resume 恢复写入, on the statement that nothing beyond the heads shown was published, or because every neighbour says so
// now; as the command asks for it. POST /admin/node/resume
func (p *pages) resume(w http.ResponseWriter, r *http.Request) error {
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	req := node.Request{ID: web.RequestKey(r), Print: []byte("resume\n" + reason), Actor: web.Actor(r)}
	err := p.resumes(r.Context(), req, reason, r.PostFormValue("unpublished") == "yes", r.PostFormValue("ask") == "yes")
	return p.answered(w, r, err, reason, "admin.resume.done")
}

func (p *pages) answered(w http.ResponseWriter, r *http.Request, err error, reason, said string) error {
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return p.showState(w, r, http.StatusUnprocessableEntity, reason, fields)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), said))
	return web.Redirect(w, r, "/admin/node")
}

// sessions shows how many devices and tokens there are, by seat and organisation: no names, no
// devices, no addresses. GET /admin/sessions
func (p *pages) sessions(w http.ResponseWriter, r *http.Request) error {
	all, err := p.accounts.Overview(r.Context())
	if err != nil {
		return err
	}
	orgs := map[string]string{}
	err = p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		orgs, err = region.OrgNames(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return web.Show(w, r, sessionsView(sessionsData{All: all, Orgs: orgs}))
}

type sessionsData struct {
	All  account.Overview
	Orgs map[string]string
}
